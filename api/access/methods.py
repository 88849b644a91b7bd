"""How somebody signed in: by what, and whether that was more than a password.

A method is one word, or two with + between them: what came first, and the second factor.
"""

from __future__ import annotations

from typing import Literal

from api.http.language import tr

Method = Literal[
    "password",
    "password+totp",
    "password+recovery",
    "passkey",
    "oidc",
    "header",
    "link",
    "invitation",
]
_WORDS: dict[str, tuple[str, str]] = {
    "password": ("パスワード", "password"),
    "totp": ("確認コード", "code of an app"),
    "recovery": ("回復コード", "recovery code"),
    "passkey": ("パスキー", "passkey"),
    "oidc": ("認証基盤", "directory"),
    "header": ("代理サーバー", "proxy"),
    "link": ("一度だけのリンク", "one-time link"),
    "invitation": ("招待", "invitation"),
}
_ENOUGH = frozenset({"totp", "recovery", "passkey", "oidc", "header"})
"""What a password, or a link on paper, is not: something somebody has, or that a directory answers for."""


def is_enough(method: str) -> bool:
    """Whether who signed in so needs no second factor any more."""
    return not _ENOUGH.isdisjoint(method.split("+"))


def with_factor(method: str, factor: Literal["totp", "passkey"]) -> str:
    """What a session is once its owner has set up a second factor in it, and shown that it works."""
    return method if is_enough(method) else f"{method}+{factor}"


def method_label(method: str) -> str:
    """A method in the language of the page."""
    words = [tr(*_WORDS[part]) for part in method.split("+") if part in _WORDS]
    return tr("と", " and ").join(words)
