"""What lines of the access log say, in words: of which kind, what was done, and what came of it."""

from __future__ import annotations

from api.http.language import spoken, tr
from api.http.problems import PROBLEMS
from domain.kernel.record import KINDS
from domain.values.refusal import REFUSALS

DONE: dict[str, tuple[str, str, str]] = {
    "SIGNED_IN": ("sign-in", "サインインした", "signed in"),
    "SIGNED_OUT": ("sign-in", "サインアウトした", "signed out"),
    "SIGN_IN_FAILED": ("sign-in", "サインインに失敗した", "failed to sign in"),
    "SECOND_FACTOR_FAILED": ("sign-in", "確認コードが違った", "a code was wrong"),
    "RECOVERY_CODE_USED": ("sign-in", "回復コードを使った", "used a recovery code"),
    "LINK_USED": ("sign-in", "一度だけのリンクを使った", "used a one-time link"),
    "SESSION_ENDED": ("sign-in", "サインインを終わらせた", "ended a session"),
    "SESSIONS_ENDED": ("sign-in", "サインインをすべて終わらせた", "ended all sessions"),
    "ACCESS_ENDED": ("sign-in", "サインインとトークンを終わらせた", "ended sessions and tokens"),
    "ACCOUNT_ADDED": ("account", "アカウントを加えた", "added an account"),
    "ACCOUNT_DISABLED": ("account", "利用を止めた", "disabled an account"),
    "ACCOUNT_ENABLED": ("account", "利用を再開した", "enabled an account"),
    "INVITED": ("account", "招待した", "invited"),
    "LINK_MADE": ("account", "一度だけのリンクを作った", "made a one-time link"),
    "LINKS_ENDED": ("account", "リンクを終わらせた", "ended links"),
    "PASSWORD_SET": ("account", "パスワードを設定した", "set a password"),
    "PASSKEY_ADDED": ("account", "パスキーを登録した", "added a passkey"),
    "PASSKEY_REMOVED": ("account", "パスキーを外した", "removed a passkey"),
    "APP_ADDED": ("account", "確認コードのアプリを設定した", "set up an app"),
    "APP_REMOVED": ("account", "アプリを外した", "removed an app"),
    "RECOVERY_CODES_MADE": ("account", "回復コードを作り直した", "made recovery codes"),
    "FACTORS_REMOVED": ("account", "確認手段を外した", "removed passkeys and codes"),
    "DIRECTORY_UNTIED": ("account", "認証基盤との結び付きを解いた", "untied from the directory"),
    "TOKEN_MADE": ("account", "トークンを作った", "made a token"),
    "TOKEN_REVOKED": ("account", "トークンを取り消した", "revoked a token"),
    "TOKENS_REVOKED": ("account", "トークンをすべて取り消した", "revoked all tokens"),
    "SHEET_LINK_MADE": (
        "account",
        "評価シートの市民側のリンクを作った",
        "made a link to an evaluation sheet",
    ),
    "SHEET_LINK_USED": (
        "account",
        "評価シートの市民側のリンクを開いた",
        "opened a link to an evaluation sheet",
    ),
    "SHEET_LINKS_ENDED": (
        "account",
        "評価シートの市民側のリンクを終わらせた",
        "ended the links to an evaluation sheet",
    ),
    "ROLE_GRANTED": ("role", "役割を付与した", "granted a role"),
    "ROLE_REVOKED": ("role", "役割を取り消した", "revoked a role"),
    "PERSONAL_DATA_READ": ("read", "名前・連絡先を見た", "read a name or contact"),
    "CLOSED_CONTENT_READ": ("read", "非公開の文書を開いた", "opened a document that is not public"),
    "CLOSED_PART_READ": ("read", "非公開の部分を見た", "read a part that is not public"),
    "EXPORTED": ("export", "一覧を書き出した", "took a list away as a file"),
}
"""By code: its kind, and what was done."""
AT_SIGN_IN = (
    "SECOND_FACTOR_MISSING",
    "OIDC_REFUSED",
    "OIDC_UNAVAILABLE",
    "OIDC_NO_ACCOUNT",
    "OIDC_OTHER_PERSON",
)
"""Refusals that somebody met on the way in."""
KINDS_OF_LINES: dict[str, tuple[str, str]] = {
    "sign-in": ("サインイン", "signing in"),
    "account": ("アカウント", "accounts"),
    "role": ("役割", "roles"),
    "read": ("名前・非公開の閲覧", "reads of names and closed parts"),
    "export": ("書き出し", "exports"),
    "refused": ("拒否された操作", "refused commands"),
}


def codes_of(kind: str) -> tuple[list[str], bool] | None:
    """The codes of a kind of lines, and whether they are those left out; None if there is no such kind."""
    if kind not in KINDS_OF_LINES:
        return None
    known = [*DONE, *AT_SIGN_IN]
    if kind == "refused":
        return known, True
    own = [code for code, (of, _, _) in DONE.items() if of == kind]
    return own + (list(AT_SIGN_IN) if kind == "sign-in" else []), False


def outcome(code: str) -> str:
    """What came of it: what was done, or why not."""
    if code in DONE:
        return tr(*DONE[code][1:])
    declared = PROBLEMS.get(code) or REFUSALS.get(code)
    if declared is None:
        return tr("拒否", "refused")
    return tr("拒否: ", "refused: ") + spoken(lambda lang: declared.sentence(lang, {}))


def act(command: str) -> str:
    """What was given or asked: a command by its name, anything else by none."""
    kind, _, name = command.partition(".")
    known = KINDS[kind].COMMANDS.get(name) if kind in KINDS else None
    if known is not None:
        return f"{tr(*KINDS[kind].LABEL)}: {tr(*known.about)}"
    if command.startswith("kyodo "):
        return tr(f"サーバーでの操作（{command}）", f"on the server ({command})")
    return tr(*_OWN.get(command, ("", "")))


_OWN: dict[str, tuple[str, str]] = {
    "Account.sign_in": ("パスワード", "by password"),
    "Account.sign_in_second": ("パスワードと確認コード", "by password and code"),
    "Account.sign_in_by_passkey": ("パスキー", "by passkey"),
    "Account.sign_in_by_directory": ("認証基盤", "by the directory"),
    "Account.sign_in_by_header": ("代理サーバー", "by the proxy"),
    "Account.sign_in_by_link": ("一度だけのリンク", "by a one-time link"),
    "EvaluationSheet.link": ("評価シートの市民側のリンク", "link for the citizens' side of a sheet"),
    "Party.details": ("人の名前・所属・連絡先", "name, post and contact of a person"),
    "Document.content": ("文書の内容", "content of a document"),
    "Record.table": ("表（CSV）", "a table (CSV)"),
    "Record.events": ("出来事の一覧", "events"),
    "Record.closed": ("閉じた部分のある記録", "what is closed in part"),
}
