"""Meetings as anybody may see them, with what they are called, in a language and outside of any request."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from api.reads.collections import row_json
from api.words.values import VALUES
from domain.kernel.record import KINDS
from domain.kernel.viewer import PUBLIC
from domain.values.calendar import JAPAN
from projections.answers.public_cut import rows_as_seen
from projections.engine.event_json import Json
from projections.views.meeting import meeting_register


def meetings_where(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> list[Json]:
    """Rows of the register, cut as for the public. Each has its ``meeting_id`` and, closed or not, when it is
    and its ``course``: at which positions it was moved, called off and announced, and when the last of it was
    recorded."""
    table = meeting_register.meeting
    chosen = sa.select(table.table).where(*conditions).order_by(table.table.c.position)
    rows = list(connection.execute(chosen))
    stream = KINDS["Meeting"].stream_for
    known = [row_json(table, row) for row in rows]
    seen = rows_as_seen(
        connection,
        [(meeting, stream(row.meeting_id)) for meeting, row in zip(known, rows, strict=True)],
        PUBLIC,
    )
    return [
        shown
        | {"meeting_id": row.meeting_id, "course": _course(meeting)}
        | ({"starts_at": row.starts_at} if "closed" in shown else {})
        for shown, meeting, row in zip(seen, known, rows, strict=True)
    ]


TOLD = ("MeetingScheduled", "MeetingRescheduled", "MeetingNotified", "MeetingCancelled", "AgendaItemListed")


def _course(meeting: Json) -> Json:
    """Positions and times alone: nothing that anybody said."""
    entries = {type_: [entry["said"] for entry in meeting.get(type_) or ()] for type_ in TOLD}
    course: Json = {type_: [entry["position"] for entry in of] for type_, of in entries.items()}
    times = [entry["recorded_at"] for of in entries.values() for entry in of]
    return course | {"changed_at": max(times, default=None)}


def meeting_called(meeting: Json, language: str) -> str:
    """第12回 全体会: as it is named, else by its number or its day; 会議 where its kind is closed."""
    scheduled: Json = next(iter(meeting.get("MeetingScheduled") or ()), {})
    if isinstance(title := scheduled.get("title"), str):
        return title
    code = str(meeting.get("kind"))
    ja, en = VALUES.get(f"kind.{code}") or VALUES.get(code) or ("会議", "meeting")
    number, year = scheduled.get("no"), scheduled.get("no_year")
    if number is not None and year is None:
        return f"第{number}回 {ja}" if language == "ja" else f"{en} no. {number}"
    if number is not None:
        of = "年度" if scheduled.get("numbered_by") == "fiscal_year" else "年"
        return f"{year}{of}第{number}回 {ja}" if language == "ja" else f"{en} no. {number} of {year}"
    if not meeting.get("starts_at"):
        return ja if language == "ja" else en
    day = dt.datetime.fromisoformat(meeting["starts_at"]).astimezone(JAPAN).date()
    return f"{day.month}月{day.day}日の{ja}" if language == "ja" else f"{en} of {day.day} {day:%B}"
