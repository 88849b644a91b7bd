"""``kyodo user grant`` and ``revoke``: roles for a body and a period, as events of the record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

import click

from api.access import access_log
from api.access.accounts import ROLE_UNKNOWN, ROLES, Account, Accounts
from api.cli.shell import Shell, json_option, pass_shell
from api.http.clock import today
from domain.kernel.events import Actor
from domain.recording.application import command_named
from domain.recording.receipts import CommandTerms
from projections.engine.store import Store
from projections.views.record.role_register import roles_held

BY_ADMINISTRATOR = CommandTerms(Actor("system"), frozenset({"SEC"}))
"""Whoever administers the service on its server: no party of the record."""

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


def checked_roles(roles: Iterable[str]) -> list[str]:
    """Roles as they are ordered; refuses ``ROLE_UNKNOWN``."""
    chosen = list(roles)
    for role in chosen:
        if role not in ROLES:
            raise ROLE_UNKNOWN(role=role[:20], known=", ".join(ROLES))
    return [role for role in ROLES if role in chosen]


def grant_roles(store: Store, party: str, roles: Iterable[str], **limits: Any) -> None:
    """Record that a party holds these roles: all of them or, refused, none."""
    since, until = limits.pop("since", None), limits.pop("until", None)
    granted = {
        "party_id": party,
        "from_date": since.date() if since else today(),
        "to_date": until.date() if until else None,
        **limits,
    }
    with store.application.batch() as batch:
        for role in roles:
            batch.execute(
                command_named("RoleGrant", "grant_role"), None, {**granted, "role": role}, BY_ADMINISTRATOR
            )


def shown_roles(store: Store, account: Account, day: dt.date | None = None) -> Iterator[str]:
    """The roles that an account acts in today: ``SEC``, ``MEM(council-a)``."""
    held = Accounts(store.engine).roles_today(account, day or today())
    for role in ROLES:
        if role in held:
            bodies = held[role]
            yield role if bodies is None else f"{role}({' '.join(sorted(bodies))})"


@click.command()
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
    shell.result({"login": login, "roles": held})
    shell.say(
        f"{login} の役割: {'、'.join(held) or 'なし'}", f"Roles of {login}: {', '.join(held) or 'none'}"
    )


@click.command()
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
    end = command_named("RoleGrant", "revoke_role")
    with shell.store() as store:
        accounts = Accounts(store.engine)
        account, chosen = accounts.named(login), checked_roles(roles)
        with store.engine.connect() as connection:
            held = connection.execute(roles_held(party_id=account.party_id, body=body)).all()
        with store.application.batch() as batch:
            for row in held:
                if row.role in chosen and (row.to_date is None or row.to_date > last.isoformat()):
                    before = dt.date.fromisoformat(row.from_date) - _DAY
                    ended = {"last_day": max(last, before), "reason": reason}
                    batch.execute(end, row.grant_id, ended, BY_ADMINISTRATOR)
        if body is None:
            account = accounts.without_roles(account, chosen)
        access_log.done_on_server(store.engine, "ROLE_REVOKED", account, "kyodo user revoke")
        left = list(shown_roles(store, account))
    shell.result({"login": login, "roles": left})
    shell.say(
        f"{login} の役割: {'、'.join(left) or 'なし'}", f"Roles of {login}: {', '.join(left) or 'none'}"
    )


_DAY = dt.timedelta(days=1)
