"""``kyodo user``: who may sign in, and their tokens and links."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from api.access import access_log
from api.access.accounts import ROLES, Account, Accounts, fit_password, own_party
from api.access.grants import checked_roles, grant_roles, revoke_roles, shown_roles
from api.access.scopes import known_scope
from api.access.sessions import Sessions, browser_label, digest_of
from api.access.tokens import LONGEST_LIFE, USUAL_LIFE, Tokens
from api.cli.serve import sign_in_link
from api.cli.shell import Shell, json_option, pass_shell
from api.http.clock import today
from domain.kernel.roles import ROLE_NAMES
from projections.engine.store import Store

body_option = click.option(
    "--body", metavar="ID", help="この会議・グループだけ。 For this council or group alone."
)
from_option = click.option(
    "--from",
    "since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="この日から（既定は今日）。 From this day (today by default).",
)
until_option = click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="この日まで。 Until this day.",
)
deputy_option = click.option("--deputy", is_flag=True, help="代理として。 As a deputy.")
number_option = click.option("--document-no", metavar="NO", help="文書番号。 The document that granted it.")


@click.group()
def user() -> None:
    """利用者。 Who may sign in."""


@user.command()
@click.argument("login")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    metavar="ROLE",
    help=f"役割（複数可）: {', '.join(ROLES)}.",
)
@click.option("--party", metavar="ID", help="この人が誰か（識別子）。 The party the account acts for.")
@body_option
@from_option
@until_option
@deputy_option
@number_option
@click.option(
    "--password", is_flag=True, help="パスワードを尋ねる。 Ask for a password; otherwise send a link."
)
@json_option
@pass_shell
def add(
    shell: Shell, /, login: str, roles: tuple[str, ...], party: str | None, password: bool, **limits: Any
) -> None:
    """利用者を加える。 Add an account. Its roles stand in the record: without --body, for all."""
    with shell.store() as store:
        accounts = Accounts(store.engine)
        accounts.refuse_login(login)
        chosen = checked_roles(roles)
        secret = (
            click.prompt(shell.tr("パスワード", "Password"), hide_input=True, err=True) if password else None
        )
        if secret is not None:
            fit_password(secret)
        party = party or own_party()
        grant_roles(store, party, chosen, **limits)
        made = accounts.add(login, (), party, secret)
        access_log.done_on_server(store.engine, "ACCOUNT_ADDED", made, "kyodo user add")
        shell.result(_shown(store, made))
    ja, en = zip(*(ROLE_NAMES[role] for role in chosen), strict=True)
    shell.say(
        f"{login} を加えました（{'・'.join(ja)}）。kyodo user link {login} でリンクを渡せます。",
        f"Added {login} ({', '.join(en)}). kyodo user link {login} makes a sign-in link.",
    )


@user.command("list")
@json_option
@pass_shell
def list_users(shell: Shell) -> None:
    """利用者の一覧。 Every account."""
    with shell.store() as store:
        accounts = Accounts(store.engine).all()
        roles = {account.login: " ".join(shown_roles(store, account)) for account in accounts}
        shell.result([_shown(store, account) for account in accounts])
    headings = (
        shell.tr("利用者", "user"),
        shell.tr("役割", "roles"),
        shell.tr("識別子", "party"),
        shell.tr("状態", "state"),
    )
    active = shell.tr("有効", "active"), shell.tr("停止", "disabled")
    shell.table(headings, [(a.login, roles[a.login], a.party_id, active[a.disabled]) for a in accounts])


@user.command()
@click.argument("login")
@click.option("--label", default="kyodo user token", show_default=True, help="何に使うか。 What it is for.")
@click.option(
    "--days",
    type=click.IntRange(1, LONGEST_LIFE.days),
    default=USUAL_LIFE.days,
    show_default=True,
    metavar="N",
    help="N日で切れる。新しいパスワードでも終わる。 Expires after N days; a new password ends it too.",
)
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="SCOPE",
    help="使える範囲（複数可、既定はすべて）: read, write, write:documents, write:documents/revise. "
    "What it is good for; everything unless said.",
)
@json_option
@pass_shell
def token(shell: Shell, login: str, label: str, days: int, scopes: tuple[str, ...]) -> None:
    """API のトークンを作る。 Make a bearer token; it is shown once."""
    scope = known_scope(scopes)
    with shell.store() as store:
        account = Accounts(store.engine).named(login)
        tokens = Tokens(store.engine)
        secret = tokens.make(account, label, dt.timedelta(days=days), scope)
        made = next(one for one in tokens.of(account) if one.digest == digest_of(secret))
        access_log.done_on_server(store.engine, "TOKEN_MADE", account, "kyodo user token")
    shell.result(
        {
            "token": secret,
            "scope": sorted(scope) if scope is not None else None,
            "expires_at": made.expires_at,
        }
    )
    shell.say(secret, secret)


@user.command()
@click.argument("login")
@json_option
@pass_shell
def link(shell: Shell, login: str) -> None:
    """一度だけ使えるサインイン用リンクを作る。 Make a sign-in link, good once and for a day."""
    with shell.store() as store:
        account = Accounts(store.engine).named(login)
        address = sign_in_link(shell, store, account)
        access_log.done_on_server(store.engine, "LINK_MADE", account, "kyodo user link")
    shell.result({"sign_in_link": address})
    shell.say(address, address)


@user.command()
@click.argument("login")
@click.option("--undo", is_flag=True, help="再び有効にする。 Enable it again.")
@click.option("--yes", is_flag=True, help="確認しない。 Do not ask.")
@json_option
@pass_shell
def disable(shell: Shell, login: str, undo: bool, yes: bool) -> None:
    """利用を止める。 Disable an account; its sessions, tokens and links end for good."""
    with shell.store() as store:
        accounts = Accounts(store.engine)
        account = accounts.named(login)
        if not undo:
            shell.confirm(f"{login} の利用を止めますか。", f"Disable {login}?", yes)
            Tokens(store.engine).revoke_all(account)
        changed = accounts.set_disabled(account, not undo)
        code = "ACCOUNT_DISABLED" if changed.disabled else "ACCOUNT_ENABLED"
        access_log.done_on_server(store.engine, code, changed, "kyodo user disable")
        shell.result(_shown(store, changed))
    state = (("有効にしました", "is enabled"), ("停止しました", "is disabled"))[changed.disabled]
    shell.say(f"{login} を{state[0]}。", f"{login} {state[1]}.")


@user.command()
@click.argument("login")
@click.option("--role", "roles", multiple=True, required=True, metavar="ROLE", help=", ".join(ROLES))
@body_option
@from_option
@until_option
@deputy_option
@number_option
@json_option
@pass_shell
def grant(shell: Shell, /, login: str, roles: tuple[str, ...], **limits: Any) -> None:
    """役割を付与する。 Grant roles, for a body and a period; it stands in the record."""
    with shell.store() as store:
        account = Accounts(store.engine).named(login)
        grant_roles(store, account.party_id or "", checked_roles(roles), **limits)
        access_log.done_on_server(store.engine, "ROLE_GRANTED", account, "kyodo user grant")
        held = list(shown_roles(store, account))
    _tell_roles(shell, login, held)


@user.command()
@click.argument("login")
@click.option("--role", "roles", multiple=True, required=True, metavar="ROLE", help=", ".join(ROLES))
@click.option("--reason", required=True, help="理由。 Why.")
@click.option(
    "--last-day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="最後の日（既定は昨日、すなわち今すぐ）。 The last day (yesterday by default: at once).",
)
@body_option
@json_option
@pass_shell
def revoke(
    shell: Shell,
    /,
    login: str,
    roles: tuple[str, ...],
    reason: str,
    last_day: dt.datetime | None,
    body: str | None,
) -> None:
    """役割を取り消す。 Revoke roles: every grant of them, or those for a body."""
    last = last_day.date() if last_day else today() - dt.timedelta(days=1)
    with shell.store() as store:
        account = Accounts(store.engine).named(login)
        account = revoke_roles(store, account, checked_roles(roles), last, reason, body)
        access_log.done_on_server(store.engine, "ROLE_REVOKED", account, "kyodo user revoke")
        left = list(shown_roles(store, account))
    _tell_roles(shell, login, left)


def _tell_roles(shell: Shell, login: str, held: list[str]) -> None:
    shell.result({"login": login, "roles": held})
    nothing = ("なし", "none")
    ja, en = "、".join(held) or nothing[0], ", ".join(held) or nothing[1]
    shell.say(f"{login} の役割: {ja}", f"Roles of {login}: {en}")


@user.command("sessions")
@click.argument("login")
@json_option
@pass_shell
def list_sessions(shell: Shell, login: str) -> None:
    """サインイン中の一覧。 The sessions of an account that go on."""
    with shell.store() as store:
        idle = dt.timedelta(minutes=shell.record.session_idle_minutes)
        sessions = Sessions(store.engine, idle=idle).of(Accounts(store.engine).named(login))
    shell.result([vars(session) for session in sessions])
    headings = (
        shell.tr("ブラウザー", "browser"),
        shell.tr("開始", "since"),
        shell.tr("最後の利用", "last used"),
        shell.tr("期限", "ends by"),
    )
    shell.table(
        headings, [(browser_label(s.browser), s.opened_at, s.seen_at, s.expires_at) for s in sessions]
    )


@user.command("sign-out")
@click.argument("login")
@click.option("--tokens", is_flag=True, help="トークンとリンクも。 Tokens and links too.")
@click.option("--yes", is_flag=True, help="確認しない。 Do not ask.")
@json_option
@pass_shell
def sign_out(shell: Shell, login: str, tokens: bool, yes: bool) -> None:
    """サインインをすべて終わらせる。 End every session of an account."""
    with shell.store() as store:
        account = Accounts(store.engine).named(login)
        shell.confirm(f"{login} のサインインをすべて終わらせますか。", f"End every session of {login}?", yes)
        ended = Sessions(store.engine).end_all(account)
        revoked = Tokens(store.engine).revoke_all(account) if tokens else 0
        code = "ACCESS_ENDED" if tokens else "SESSIONS_ENDED"
        access_log.done_on_server(store.engine, code, account, "kyodo user sign-out")
    shell.result({"sessions": ended, "tokens": revoked})
    shell.say(
        f"サインイン{ended}件、トークンとリンク{revoked}件を終わらせました。",
        f"Ended {ended} sessions, {revoked} tokens and links.",
    )


def _shown(store: Store, account: Account) -> dict[str, Any]:
    return {
        "login": account.login,
        "roles": list(shown_roles(store, account)),
        "party_id": account.party_id,
        "created_at": account.created_at,
        "disabled": account.disabled,
    }
