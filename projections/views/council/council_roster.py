"""Council roster 市民会議と委員: the council's foundation, rules, composition, and who serves (P3).

People appear by party id only; names are looked up in the vault when a page is shown, and only of those
who consented.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from domain.council.aggregate import (
    ActingChairDesignated,
    AdviserInvited,
    AdviserReleased,
    AppointmentEnded,
    ChairElected,
    ChairVacated,
    CompositionDefined,
    CouncilDissolved,
    CouncilEstablished,
    CouncilResumed,
    CouncilSuspended,
    GroupingAdopted,
    MemberAppointed,
    OperatingMethodAdopted,
    ProcedureRulesAdopted,
    RemitStated,
    TermOpened,
)
from domain.kernel.events import Recorded
from projections.engine.event_json import event_json
from projections.engine.view import Key, Row, View, column, json_column, key, number

VIEW = View("council_roster", 3, ja="市民会議と委員", en="Council and members", source=__name__)

council = VIEW.table(
    "council",
    key("council_id"),
    column("state"),
    column("name"),
    number("position", required=True),
    json_column("doc"),
)
seat_holder = VIEW.table(
    "seat_holder",
    key("appointment_id"),
    column("council_id", index=True),
    column("party_id", index=True),
    column("category"),
    column("state"),
    number("position", required=True),
    json_column("doc"),
)

_PARTS: dict[type, str] = {
    RemitStated: "remits",
    CompositionDefined: "compositions",
    OperatingMethodAdopted: "operating_methods",
    GroupingAdopted: "groupings",
    ProcedureRulesAdopted: "rules",
    TermOpened: "terms",
    ChairElected: "chairs",
    ChairVacated: "chairs",
    ActingChairDesignated: "chairs",
    AdviserInvited: "advisers",
    AdviserReleased: "advisers",
}
_STATE: dict[type, str] = {
    CouncilSuspended: "suspended",
    CouncilResumed: "established",
    CouncilDissolved: "dissolved",
}


@council.on(CouncilEstablished)
def _established(row: Row | None, e: Recorded[CouncilEstablished], _: Key) -> Row:
    parts: dict[str, list[Any]] = {part: [] for part in _PARTS.values()}
    return {
        "state": "established",
        "name": e.data.name_ja,
        "position": e.position,
        "doc": {"established": event_json(e), "course": [], **parts},
    }


@council.on(*_PARTS)
def _part(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    if row is not None:
        row["doc"][_PARTS[type(e.data)]].append({"type": e.type, **event_json(e)})
    return row


@council.on(*_STATE)
def _state(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    if row is not None:
        row["state"] = _STATE[type(e.data)]
        row["doc"]["course"].append({"type": e.type, **event_json(e)})
    return row


def _appointment(e: Recorded[Any]) -> Iterator[str]:
    yield f"{e.entity}/{e.data.appointment_id}"


@seat_holder.on(MemberAppointed, keys=_appointment)
def _appointed(row: Row | None, e: Recorded[MemberAppointed], _: Key) -> Row:
    return {
        "council_id": e.entity,
        "party_id": e.data.party_id,
        "category": e.data.category,
        "state": "serving",
        "position": e.position,
        "doc": {"appointed": event_json(e), "ended": None},
    }


@seat_holder.on(AppointmentEnded, keys=_appointment)
def _ended(row: Row | None, e: Recorded[AppointmentEnded], _: Key) -> Row | None:
    if row is not None:
        row["state"] = "ended"
        row["doc"]["ended"] = event_json(e)
    return row


def councils() -> sa.Select[Any]:
    """The councils on record, oldest first."""
    return sa.select(council.table).order_by(council.table.c.position, council.table.c.council_id)


def roster(council_id: str) -> sa.Select[Any]:
    """Everybody who holds or held a seat, in the order of appointment."""
    table = seat_holder.table
    return (
        sa.select(table)
        .where(table.c.council_id == council_id)
        .order_by(table.c.position, table.c.appointment_id)
    )
