"""What the service writes to people: plain text, short, one act to a mail. Both languages stand together
here; who is written to gets the one they chose, or both where nobody has been asked yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

NAME = ("協働の記録", "Kyodo Record")

Words = tuple[str, str]
"""A sentence in Japanese and in English; an address is a text that is the same in both."""


@dataclass(frozen=True)
class Letter:
    """Subject and text of a mail."""

    subject: str
    text: str


def letter(language: str | None, subject: Words, lines: Sequence[Words | str], why: Words) -> Letter:
    """A letter in a language, or in both where None is known. ``why``: why somebody gets it."""
    if language is None:
        ja, en = letter("ja", subject, lines, why), letter("en", subject, lines, why)
        return Letter(f"{ja.subject} / {en.subject}", f"{ja.text}\n----\n\n{en.text}")
    chosen = 0 if language == "ja" else 1
    body = [line if isinstance(line, str) else line[chosen] for line in lines]
    before = ("【{}】", "[{}] ")[chosen].format(NAME[chosen])
    return Letter(before + subject[chosen], "\n".join([*body, "", "-- ", NAME[chosen], why[chosen], ""]))


def address_to_confirm(link: str, hours: int, language: str) -> Letter:
    """Somebody entered this address for the notices of an account."""
    return letter(
        language,
        ("お知らせの送り先の確認", "Confirm where notices go"),
        [
            (
                "協働の記録のアカウントで、お知らせの送り先にこのアドレスが入力されました。",
                "This address was entered at Kyodo Record as the one for an account's notices.",
            ),
            (
                f"よければ、{hours}時間以内に次のアドレスを開いて確かめてください。それまでは何も送りません。",
                f"If that is right, open this link within {hours} hours. Nothing is sent before.",
            ),
            "",
            link,
        ],
        why=(
            "入力した覚えがなければ、何もしないでください。このあとは届きません。",
            "If you know nothing of this, do nothing: no further mail will come.",
        ),
    )


def invitation(link: str, hours: int, language: str | None = None) -> Letter:
    """An account was made for somebody: by this link they sign in for the first time. It names nobody.
    Without ``language`` it is said in both."""
    return letter(
        language,
        ("アカウントへの招待", "Invitation to an account"),
        [
            ("あなたのアカウントが作られました。", "An account has been made for you."),
            (
                f"次のアドレスを{hours}時間以内に開いて、サインインのしかたを決めてください。一度だけ使えます。",
                f"Open this address within {hours} hours and choose how you sign in. It works once.",
            ),
            "",
            link,
            "",
            (
                "心当たりがなければ、何もしないでください。期限が過ぎれば使えなくなります。",
                "If you know nothing of this, do nothing: the address stops working by itself.",
            ),
        ],
        why=(
            "アカウントを作った事務局の操作により、このアドレスに一度だけお送りしています。",
            "Sent once to this address, because the office made the account.",
        ),
    )
