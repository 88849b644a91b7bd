"""Every account: who it is, what it may do, how it signs in, and the invitations that are still open."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from api.access.accounts import Account
from api.access.auth import accounts, sessions, tokens
from api.http.clock import today
from api.http.language import href, spoken, tr
from api.office.admin.permitted import administrators_only
from api.office.admin.roles import words_of
from api.office.desk.frame import Screen, office_page
from api.reads.reading import reading
from api.setup.store import record_settings
from domain.values.calendar import EffectiveDate
from projections.engine.event_json import Json
from projections.tables.durable import IDENTITY, PASSKEY, TOTP

TABS = (
    ("accounts", "/desk/admin", "アカウント", "Accounts"),
    ("sessions", "/desk/admin/sessions", "サインイン中", "Signed in"),
    ("sign-ins", "/desk/admin/sign-ins", "サインインの記録", "Sign-ins"),
    ("audit", "/desk/admin/audit", "アクセスの記録", "Access log"),
)


def tabs(here: str) -> list[Json]:
    """The screens of administering, for the top of each."""
    return [{"url": href(path), "label": tr(ja, en), "here": key == here} for key, path, ja, en in TABS]


def show() -> AnyResponse:
    everybody = accounts().all()
    with reading() as connection:
        ways = _ways(connection)
    seen = {opened.account_id: opened.seen_at for opened in reversed(sessions().all())}
    by_id = {account.account_id: account.login for account in everybody}
    return office_page(
        "office/admin/accounts.html",
        "admin",
        tabs=tabs("accounts"),
        accounts=[_line(account, ways.get(account.account_id, []), seen) for account in everybody],
        new_url=href("/desk/admin/new"),
        links=[
            {
                "name": by_id.get(link.account_id, ""),
                "url": href(f"/desk/admin/accounts/{link.account_id}"),
                "kind": tr("招待", "invitation")
                if link.is_invitation
                else tr("一度だけのリンク", "one-time link"),
                "ends": moment(link.expires_at),
            }
            for link in tokens().links()
        ],
        factor_needed=record_settings().sign_in.second_factor_of_staff,
    )


def _line(account: Account, ways: list[str], seen: dict[str, str]) -> Json:
    held = accounts().roles_today(account, today())
    limited = [role for role, of in held.items() if of is not None]
    return {
        "name": account.login,
        "url": href(f"/desk/admin/accounts/{account.account_id}"),
        "roles": words_of(list(held)) or tr("なし", "none"),
        "limited": tr("会議・グループを限る役割あり", "some for one body alone") if limited else None,
        "ways": tr("・", ", ").join(
            [*([tr("パスワード", "password")] if account.password_hash else []), *ways]
        )
        or tr("まだない", "none yet"),
        "seen": moment(seen.get(account.account_id)),
        "disabled": account.disabled,
    }


def _ways(connection: sa.Connection) -> dict[str, list[str]]:
    """By account, what it signs in with beside a password."""
    ways: dict[str, list[str]] = {}
    for table, label in (
        (PASSKEY, tr("パスキー", "passkey")),
        (TOTP, tr("確認コード", "code")),
        (IDENTITY, tr("認証基盤", "directory")),
    ):
        chosen = sa.select(table.c.account_id).distinct()
        if table is TOTP:
            chosen = chosen.where(TOTP.c.confirmed_at.is_not(None))
        for account_id in connection.scalars(chosen):
            ways.setdefault(account_id, []).append(label)
    return ways


def moment(text: str | None) -> str | None:
    """A moment of a row, in the language of the page."""
    return spoken(EffectiveDate.at(dt.datetime.fromisoformat(text)).label) if text else None


def register(blueprint: Blueprint) -> None:
    Screen("/admin", show, permit=administrators_only).register(blueprint)
