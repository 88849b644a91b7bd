"""Who is, and was, in a group: for its page and as data; names as the roster of its council has them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from api.reads.as_of import day_shown
from api.reads.collections import cut_all, row_json
from api.reads.people import is_open_seat, people_for_reader, publishes_roster
from domain.council.aggregate import Council
from domain.working_group.aggregate import WorkingGroup
from projections.engine.event_json import Json
from projections.views.council import group_register
from projections.views.council.council_roster import seat_holder


def as_seen(connection: sa.Connection, group_id: str, rows: list[sa.Row[Any]]) -> list[Json]:
    """Rows of members as this reader may see them: the role of each, from when on, who left; the kind of
    seat; and the name, where the rules of the council publish the roster, the person consents, or it is the
    reader's work, which is noted."""
    council_id = connection.scalar(
        sa.select(group_register.group.table.c.council_id).where(
            group_register.group.table.c.group_id == group_id
        )
    )
    seats = _seats(connection, council_id, [row.appointment_id for row in rows])
    stream = WorkingGroup.stream_for(group_id)
    seen = cut_all(connection, ((row_json(group_register.member, row), stream) for row in rows))
    open_seats = {
        row.appointment_id: seats[row.appointment_id]
        for row, shown in zip(rows, seen, strict=True)
        if row.appointment_id in seats and "closed" not in shown
    }
    held = {appointment: seat["party_id"] for appointment, seat in open_seats.items() if seat["party_id"]}
    by_rule = council_id is not None and publishes_roster(connection, council_id, day_shown())
    people = people_for_reader(connection, held.values(), by_rule=held.values() if by_rule else ())
    return [
        {
            **shown,
            "category": seats.get(row.appointment_id, {}).get("category"),
            "name": None,
            **people.get(held.get(row.appointment_id, ""), {}),
        }
        for row, shown in zip(rows, seen, strict=True)
    ]


def _seats(connection: sa.Connection, council_id: str | None, appointments: list[str]) -> dict[str, Json]:
    """The kind of each of these seats, and who holds it, where the reader may know."""
    table = seat_holder.table
    keys = [f"{council_id}/{appointment}" for appointment in appointments]
    rows = connection.execute(sa.select(table).where(table.c.appointment_id.in_(keys))).all()
    stream = Council.stream_for(council_id or "")
    seen = cut_all(connection, ((row_json(seat_holder, row), stream) for row in rows))
    return {
        row.appointment_id.rpartition("/")[2]: {
            "category": shown.get("category"),
            "party_id": row.party_id if is_open_seat(shown) else None,
        }
        for row, shown in zip(rows, seen, strict=True)
    }
