"""Meeting register 会議録: when, who was there, the agenda, what was resolved and how, the minutes.

What was said stands in a table of its own, one row for each statement, so that a long meeting does not make
every further entry slower.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from domain.kernel.correction_events import CORRECTING
from domain.kernel.events import Recorded
from domain.meeting.aggregate import Meeting
from domain.meeting.events import MeetingRescheduled
from domain.values.calendar import EffectiveDate
from projections.engine.event_json import UNDATED_FIRST, Json, event_json, time_key
from projections.engine.view import Key, Row, View, column, json_column, key, number, number_key

VIEW = View(
    "meeting_register",
    6,
    ja="会議録",
    en="Meeting register",
    source=__name__,
    read_by_rules=True,
)

meeting = VIEW.table(
    "meeting",
    key("meeting_id"),
    column("state", index=True),
    column("council_id", index=True),
    column("kind"),
    column("group_id"),
    column("starts_at", index=True),
    column("moment", index=True),
    column("time", index=True, required=True),
    number("position", required=True),
    number("statements", required=True),
    json_column("doc"),
)
statement = VIEW.table(
    "meeting_statement",
    key("meeting_id"),
    number_key("position"),
    column("item_id"),
    column("type"),
    json_column("doc"),
    append_only=True,
)

STATES = {
    "MeetingScheduled": "scheduled",
    "MeetingRescheduled": "scheduled",
    "MeetingNotified": "notified",
    "MeetingOpened": "open",
    "MeetingRecessed": "recess",
    "MeetingResumed": "open",
    "WrittenProcedureStarted": "in_writing",
    "WrittenProcedureEnded": "closed",
    "MeetingHeld": "closed",
    "MeetingClosed": "closed",
    "MeetingCancelled": "cancelled",
    "MeetingFoundInquorate": "inquorate",
    "MinutesDrafted": "minutes_drafted",
    "MinutesCirculated": "circulated",
    "MinutesConfirmed": "confirmed",
    "MinutesPublished": "published",
}
"""The state a meeting is in after an event; other events leave it as it is."""

_DATING = {
    "MeetingScheduled",
    "MeetingRescheduled",
    "MeetingOpened",
    "MeetingFoundInquorate",
    "WrittenProcedureStarted",
    "MeetingHeld",
}
"""Events that tell when a meeting is, each more than those before it."""

SPOKEN = {
    "StatementRecorded",
    "WrittenOpinionReceived",
    "WrittenReplyReceived",
    "AttendeeArrived",
    "AttendeeLeft",
}
"""Events of which a meeting may have hundreds."""


def _of_meetings(e: Recorded[Any]) -> Iterator[str]:
    if e.stream.startswith(Meeting.PREFIX):
        yield e.entity


def _spoken(e: Recorded[Any]) -> Iterator[tuple[str, int]]:
    if e.stream.startswith(Meeting.PREFIX) and e.type in SPOKEN:
        yield e.entity, e.position


@meeting.every(keys=_of_meetings)
def _fold(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    if row is None and isinstance(e.data, CORRECTING):
        return None  # what is said of the record begins nothing
    if row is None:
        starts_at = getattr(e.data, "starts_at", None)
        row = {
            "state": "scheduled",
            "council_id": getattr(e.data, "council_id", None),
            "kind": getattr(e.data, "kind", None),
            "group_id": getattr(e.data, "group_id", None),
            "starts_at": starts_at.isoformat() if starts_at else None,
            "moment": starts_at.astimezone(dt.UTC).isoformat() if starts_at else None,
            "time": UNDATED_FIRST,
            "position": e.position,
            "statements": 0,
            "doc": {},
        }
    row["state"] = STATES.get(e.type, row["state"])
    if e.type in _DATING:
        moved = isinstance(e.data, MeetingRescheduled)
        date = EffectiveDate.at(e.data.starts_at) if moved else e.effective
        row["time"] = time_key(date, row["time"])
    if isinstance(e.data, MeetingRescheduled):
        row["starts_at"] = e.data.starts_at.isoformat()
        row["moment"] = e.data.starts_at.astimezone(dt.UTC).isoformat()
    if e.type in SPOKEN:
        row["statements"] += e.type == "StatementRecorded"
    else:
        row["doc"].setdefault(e.type, []).append(event_json(e))
    return row


@statement.every(keys=_spoken)
def _statement(row: Row | None, e: Recorded[Any], _: Key) -> Row:
    return {"item_id": getattr(e.data, "item_id", None), "type": e.type, "doc": event_json(e)}


def meetings(*, council_id: str | None = None, state: str | None = None) -> sa.Select[Any]:
    """The meetings on record, by the time when they were or will be held, newest first."""
    table = meeting.table
    chosen = sa.select(table).order_by(table.c.time.desc(), table.c.position.desc())
    if council_id is not None:
        chosen = chosen.where(table.c.council_id == council_id)
    return chosen.where(table.c.state == state) if state is not None else chosen


def place_of(doc: Json) -> str | None:
    """Where a meeting is held: as it was scheduled, or moved to since."""
    schedules = [*doc.get("MeetingScheduled", ()), *doc.get("MeetingRescheduled", ())]
    return next((schedule["place"] for schedule in reversed(schedules) if schedule.get("place")), None)


def statements(meeting_id: str) -> sa.Select[Any]:
    """What was said, who came and went, in order."""
    table = statement.table
    return sa.select(table).where(table.c.meeting_id == meeting_id).order_by(table.c.position)


def still_open(connection: sa.Connection, council_id: str) -> list[str]:
    """Meetings of a council that have neither been held to their end nor called off."""
    table = meeting.table
    unfinished = ("scheduled", "notified", "open", "recess", "in_writing")
    chosen = sa.select(table.c.meeting_id).where(
        table.c.council_id == council_id, table.c.state.in_(unfinished)
    )
    return list(connection.scalars(chosen.order_by(table.c.meeting_id)))


def meetings_at(connection: sa.Connection, body_and_hour: str) -> list[str]:
    """Meetings of a body that begin at a moment and were not called off (``council/group/moment``)."""
    council_id, group_id, moment = body_and_hour.split("/")
    table = meeting.table
    chosen = sa.select(table.c.meeting_id).where(
        table.c.moment == moment,
        table.c.council_id == council_id,
        sa.func.coalesce(table.c.group_id, "") == group_id,
        table.c.state != "cancelled",
    )
    return list(connection.scalars(chosen.order_by(table.c.meeting_id)))
