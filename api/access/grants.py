"""Roles granted and revoked on the server, as events of the record, and what an account then acts in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from api.access.accounts import ROLE_UNKNOWN, ROLES, Account, Accounts
from api.http.clock import today
from domain.kernel.events import Actor
from domain.recording.application import command_named
from domain.recording.receipts import CommandTerms
from projections.engine.store import Store
from projections.views.record.role_register import roles_held

BY_ADMINISTRATOR = CommandTerms(Actor("system"), frozenset({"SEC"}))
"""Whoever administers the service on its server: no party of the record."""
_DAY = dt.timedelta(days=1)


def checked_roles(roles: Iterable[str]) -> list[str]:
    """Roles in their order; refuses ``ROLE_UNKNOWN``."""
    chosen = list(roles)
    for role in chosen:
        if role not in ROLES:
            raise ROLE_UNKNOWN(role=role[:20], known=", ".join(ROLES))
    return [role for role in ROLES if role in chosen]


def grant_roles(store: Store, party: str, roles: Iterable[str], **limits: Any) -> None:
    """Record that a party holds these roles: all of them or, refused, none. ``limits``: ``since``, ``until``,
    ``body``, ``deputy``, ``document_no``."""
    since, until = limits.pop("since", None), limits.pop("until", None)
    granted = {
        "party_id": party,
        "from_date": since.date() if since else today(),
        "to_date": until.date() if until else None,
        **limits,
    }
    give = command_named("RoleGrant", "grant_role")
    with store.application.batch() as batch:
        for role in roles:
            batch.execute(give, None, {**granted, "role": role}, BY_ADMINISTRATOR)


def revoke_roles(
    store: Store, account: Account, roles: Collection[str], last: dt.date, reason: str, body: str | None
) -> Account:
    """End every grant of these roles, or those for a body; and what the account had before grants were on
    record."""
    end = command_named("RoleGrant", "revoke_role")
    with store.engine.connect() as connection:
        held = connection.execute(roles_held(party_id=account.party_id, body=body)).all()
    with store.application.batch() as batch:
        for row in held:
            if row.role in roles and (row.to_date is None or row.to_date > last.isoformat()):
                before = dt.date.fromisoformat(row.from_date) - _DAY
                ended = {"last_day": max(last, before), "reason": reason}
                batch.execute(end, row.grant_id, ended, BY_ADMINISTRATOR)
    return account if body is not None else Accounts(store.engine).without_roles(account, roles)


def shown_roles(store: Store, account: Account) -> Iterator[str]:
    """The roles that an account acts in today: ``SEC``, ``MEM(council-a)``."""
    held = Accounts(store.engine).roles_today(account, today())
    for role in ROLES:
        if role in held:
            bodies = held[role]
            yield role if bodies is None else f"{role}({' '.join(sorted(bodies))})"
