"""Role register 役割簿: who holds which role, for which body, from when until when. It is asked for each
caller who says who they are."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from domain.kernel.events import Recorded
from domain.role_grant.aggregate import RoleGranted, RoleRevoked
from projections.engine.event_json import event_json
from projections.engine.view import Key, Row, View, column, json_column, key, number

VIEW = View("role_register", 1, ja="役割簿", en="Roles held", source=__name__)

role_held = VIEW.table(
    "role_held",
    key("grant_id"),
    column("party_id", index=True, required=True),
    column("role", required=True),
    column("body", index=True),
    column("from_date", required=True),
    column("to_date"),
    number("deputy", required=True),
    number("position", required=True),
    json_column("doc"),
)


@role_held.on(RoleGranted)
def _granted(row: Row | None, e: Recorded[RoleGranted], _: Key) -> Row:
    data = e.data
    return {
        "party_id": data.party_id,
        "role": data.role,
        "body": data.body,
        "from_date": data.from_date.isoformat(),
        "to_date": data.to_date.isoformat() if data.to_date else None,
        "deputy": int(data.deputy),
        "position": e.position,
        "doc": {"granted": event_json(e), "revoked": None},
    }


@role_held.on(RoleRevoked)
def _revoked(row: Row | None, e: Recorded[RoleRevoked], _: Key) -> Row | None:
    if row is not None:
        last = e.data.last_day.isoformat()
        row["to_date"] = min(last, row["to_date"] or last)
        row["doc"]["revoked"] = event_json(e)
    return row


def roles_of(party_id: str, day: dt.date) -> sa.Select[Any]:
    """The roles that somebody holds on a day, each with its body (null: every body)."""
    table = role_held.table
    return sa.select(table.c.grant_id, table.c.role, table.c.body).where(
        table.c.party_id == party_id,
        table.c.from_date <= day.isoformat(),
        sa.or_(table.c.to_date.is_(None), table.c.to_date >= day.isoformat()),
    )


def roles_held(
    *, party_id: str | None = None, role: str | None = None, body: str | None = None
) -> sa.Select[Any]:
    """Every role that is or was held, in the order of the days from which it holds."""
    table = role_held.table
    chosen = sa.select(table).order_by(table.c.from_date, table.c.position)
    for name, wanted in (("party_id", party_id), ("role", role), ("body", body)):
        if wanted is not None:
            chosen = chosen.where(table.c[name] == wanted)
    return chosen
