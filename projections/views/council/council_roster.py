"""Council roster 市民会議と委員: the council's foundation, rules, composition, and who serves (P3).

People appear by party id only; names are looked up in the vault when a page is shown, and only of those
who consented.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import msgspec
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
    SessionHeld,
    TermOpened,
)
from domain.council.seats import day_before, first_day, last_day, last_day_held
from domain.kernel.events import Recorded
from domain.values.calendar import EffectiveDate
from projections.engine.event_json import event_json, time_key
from projections.engine.view import Key, Row, View, column, json_column, key, number

VIEW = View("council_roster", 5, ja="市民会議と委員", en="Council and members", source=__name__)

council = VIEW.table(
    "council",
    key("council_id"),
    column("state"),
    column("name"),
    column("time", index=True, required=True),
    number("position", required=True),
    json_column("doc"),
)
seat_holder = VIEW.table(
    "seat_holder",
    key("appointment_id"),
    column("council_id", index=True),
    column("party_id", index=True),
    column("category"),
    column("time", index=True, required=True),
    column("first_day", required=True),
    column("last_day", required=True),
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
    SessionHeld: "sessions",
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
        "time": time_key(e.effective),
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
        "time": time_key(e.effective),
        "first_day": first_day(e.data.from_date).isoformat(),
        "last_day": last_day_held(e.data).isoformat(),
        "position": e.position,
        "doc": {"appointed": event_json(e), "ended": None},
    }


@seat_holder.on(AppointmentEnded, keys=_appointment)
def _ended(row: Row | None, e: Recorded[AppointmentEnded], _: Key) -> Row | None:
    if row is not None:
        row["last_day"] = min(row["last_day"], day_before(e.data.on).isoformat())
        row["doc"]["ended"] = event_json(e)
    return row


def _before(e: Recorded[MemberAppointed]) -> Iterator[str]:
    if e.data.succeeds is not None:
        yield f"{e.entity}/{e.data.succeeds}"


@seat_holder.on(MemberAppointed, keys=_before)
def _succeeded(row: Row | None, e: Recorded[MemberAppointed], _: Key) -> Row | None:
    """Who stayed until the successor stayed until the day before that begins."""
    if row is None or not row["doc"]["appointed"]["until_successor"] or row["doc"]["ended"] is not None:
        return row
    stated = row["doc"]["appointed"]["to_date"]
    to_date = msgspec.convert(stated, EffectiveDate) if stated is not None else None
    begins = day_before(e.data.from_date)
    row["last_day"] = (begins if to_date is None else max(last_day(to_date), begins)).isoformat()
    return row


def councils() -> sa.Select[Any]:
    """The councils on record, oldest first."""
    return sa.select(council.table).order_by(council.table.c.time, council.table.c.position)


def roster(council_id: str, on: dt.date | None = None) -> sa.Select[Any]:
    """Everybody who holds or held a seat, in the order of their terms; with ``on``: who holds one then."""
    table = seat_holder.table
    chosen = sa.select(table).where(table.c.council_id == council_id)
    if on is not None:
        day = on.isoformat()
        chosen = chosen.where(table.c.first_day <= day, table.c.last_day >= day)
    return chosen.order_by(table.c.time, table.c.position)


def standing_of(row: Any, on: dt.date) -> str:
    """Whether a seat is held on a day: ``serving``, ``ended``, or ``not_yet``."""
    day = on.isoformat()
    return "not_yet" if row.first_day > day else "ended" if row.last_day < day else "serving"
