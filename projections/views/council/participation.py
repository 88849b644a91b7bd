"""Participation 参加の状況: who served and who took part, meeting by meeting.

The rows hold ids of members, for counting; nobody is shown them (projections/metrics/ask.py gives figures
only). Who serves on a day follows from this view's own seats, when it is asked. Version 1 also told what
:mod:`projections.views.council.council_work` tells.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from domain.council.events import (
    AppointmentEnded,
    GroupingAdopted,
    MemberAppointed,
    OperatingMethodAdopted,
    ProcedureRulesAdopted,
)
from domain.council.seats import first_day, last_day
from domain.kernel.events import Recorded
from domain.meeting.attendance_events import AttendanceKnownLater, MeetingHeld, OpennessRecorded
from domain.meeting.events import (
    AttendanceCountRecorded,
    AttendeeArrived,
    AttendeeLeft,
    ItemClosedToPublic,
    MeetingCancelled,
    MeetingClosed,
    MeetingFoundInquorate,
    MeetingNotified,
    MeetingOpened,
    MeetingRescheduled,
    MeetingScheduled,
    MinutesConfirmed,
    MinutesPublished,
    RecusalDeclared,
    ResolutionTaken,
    StatementRecorded,
    WrittenOpinionReceived,
)
from domain.meeting.written_events import WrittenReplyReceived
from domain.values.calendar import day_in_japan
from projections.engine.counted_rows import interval, with_these
from projections.engine.view import Key, Row, View, column, json_column, key, number_key

VIEW = View(
    "participation",
    4,
    ja="参加の状況",
    en="Participation",
    source=__name__,
    former_tables=("participation_group", "participation_matter"),
)

seat = VIEW.table(
    "participation_seat",
    key("council_id"),
    key("appointment_id"),
    column("party_id"),
    column("category"),
    column("first"),
    column("last"),
)
meeting = VIEW.table(
    "participation_meeting",
    key("meeting_id"),
    column("council_id", index=True),
    column("earliest", index=True),
    column("latest"),
    json_column("doc"),
)
device = VIEW.table(
    "participation_device",
    key("council_id"),
    number_key("position"),
    column("kind"),
    column("earliest"),
    column("latest"),
    json_column("doc"),
    append_only=True,
)
"""What changed how the council works (a method, a grouping), and its rules with their days."""


def _day(at: dt.datetime) -> str:
    return day_in_japan(at).isoformat()


# -------------------------------------------------------------------------------------------- seats


def _seat(e: Recorded[Any]) -> Iterator[tuple[str, str]]:
    yield e.entity, e.data.appointment_id


@seat.on(MemberAppointed, keys=_seat)
def _appointed(row: Row | None, e: Recorded[MemberAppointed], _: Key) -> Row:
    return {
        "party_id": e.data.party_id,
        "category": e.data.category,
        "first": first_day(e.data.from_date).isoformat(),
        "last": (dt.date.max if e.data.until_successor else last_day(e.data.to_date)).isoformat(),
    }


def _predecessor(e: Recorded[MemberAppointed]) -> Iterator[tuple[str, str]]:
    if e.data.succeeds is not None:
        yield e.entity, e.data.succeeds


@seat.on(MemberAppointed, keys=_predecessor)
def _succeeded(row: Row | None, e: Recorded[MemberAppointed], _: Key) -> Row | None:
    """Who stays until the successor sits, stays until the day before."""
    if row is not None:
        first = first_day(e.data.from_date)
        before = first - dt.timedelta(days=1) if first > dt.date.min else first
        row["last"] = min(row["last"], before.isoformat())
    return row


@seat.on(AppointmentEnded, keys=_seat)
def _ended(row: Row | None, e: Recorded[AppointmentEnded], _: Key) -> Row | None:
    """The seat is held to the day before it was ended (domain/council/seats.py, ``service``)."""
    if row is not None:
        on = first_day(e.data.on)
        before = on - dt.timedelta(days=1) if on > dt.date.min else on
        row["last"] = min(row["last"], before.isoformat())
    return row


@device.on(OperatingMethodAdopted, GroupingAdopted, keys=lambda e: [(e.entity, e.position)])
def _device(row: Row | None, e: Recorded[OperatingMethodAdopted | GroupingAdopted], _: Key) -> Row:
    earliest, latest = interval(e.effective)
    name = e.data.label_ja if isinstance(e.data, OperatingMethodAdopted) else e.data.basis_label_ja
    return {"kind": e.type, "earliest": earliest, "latest": latest, "doc": {"name": name}}


@device.on(ProcedureRulesAdopted, keys=lambda e: [(e.entity, e.position)])
def _rules(row: Row | None, e: Recorded[ProcedureRulesAdopted], _: Key) -> Row:
    earliest, latest = interval(e.data.effective_from)
    due = {"minutes_due_days": e.data.minutes_due_days}
    return {"kind": e.type, "earliest": earliest, "latest": latest, "doc": due}


# ----------------------------------------------------------------------------------------- meetings


@meeting.on(MeetingScheduled)
def _scheduled(row: Row | None, e: Recorded[MeetingScheduled], _: Key) -> Row:
    earliest, latest = interval(e.effective)
    return {
        "council_id": e.data.council_id,
        "earliest": earliest,
        "latest": latest,
        "doc": {
            "kind": e.data.kind,
            "group_id": e.data.group_id,
            "opened": False,
            "closed_on": None,
            "cancelled": False,
            "named": False,
            "present": [],
            "inside": [],
            "written": [],
            "spoke": {},
            "recused": {},
            "resolutions": [],
            "counted": None,
            "observers": None,
            "publicity": None,
            "closed_items": {},
            "confirmed": False,
            "published_on": None,
        },
    }


@meeting.on(MeetingOpened, MeetingFoundInquorate)
def _opened(row: Row | None, e: Recorded[MeetingOpened | MeetingFoundInquorate], _: Key) -> Row | None:
    if row is not None:
        row["earliest"] = row["latest"] = _day(e.data.at)
        there = list(e.data.present)
        if isinstance(e.data, MeetingOpened):
            there.append(e.data.presiding)
        row["doc"].update(
            opened=isinstance(e.data, MeetingOpened),
            named=True,
            present=with_these([], *there),
            inside=with_these([], *there),
        )
    return row


@meeting.on(MeetingRescheduled)
def _rescheduled(row: Row | None, e: Recorded[MeetingRescheduled], _: Key) -> Row | None:
    if row is not None:
        row["earliest"] = row["latest"] = _day(e.data.starts_at)
    return row


@meeting.on(MeetingHeld)
def _held(row: Row | None, e: Recorded[MeetingHeld], _: Key) -> Row | None:
    """Who was there is known by appointment, or as a count; a day only if it is one."""
    if row is None:
        return None
    row["earliest"], row["latest"] = interval(e.data.held_on)
    doc, known = row["doc"], [who.appointment_id for who in e.data.known_attendees if who.appointment_id]
    whole = len(known) == len(e.data.known_attendees) == e.data.members_present
    doc["opened"] = True
    doc["closed_on"] = row["earliest"] if row["earliest"] == row["latest"] else None
    doc["present"] = with_these([], *known)
    doc["named"] = whole
    if e.data.members_present is not None:
        doc["counted"] = {"serving": e.data.members_serving, "present": e.data.members_present}
    if e.data.observers is not None:
        doc["observers"] = e.data.observers
    return row


@meeting.on(AttendanceKnownLater)
def _known_later(row: Row | None, e: Recorded[AttendanceKnownLater], _: Key) -> Row | None:
    """There since the minute that is said; at the resolutions that were counted anew too."""
    if row is not None:
        doc, anew = (
            row["doc"],
            {resolution.resolution_id: resolution.quorum.result for resolution in e.data.resolutions},
        )
        doc["present"] = with_these(doc["present"], e.data.appointment_id)
        if doc["closed_on"] is None and e.data.until is None:
            doc["inside"] = with_these(doc["inside"], e.data.appointment_id)
        for taken in doc["resolutions"]:
            if taken["resolution_id"] in anew:
                taken["inside"] = with_these(taken["inside"], e.data.appointment_id)
                taken["quorum"] = anew[taken["resolution_id"]]
    return row


@meeting.on(AttendeeArrived)
def _arrived(row: Row | None, e: Recorded[AttendeeArrived], _: Key) -> Row | None:
    if row is not None:
        doc = row["doc"]
        doc["named"] = True
        doc["present"] = with_these(doc["present"], e.data.appointment_id)
        doc["inside"] = with_these(doc["inside"], e.data.appointment_id)
    return row


@meeting.on(AttendeeLeft)
def _left(row: Row | None, e: Recorded[AttendeeLeft], _: Key) -> Row | None:
    if row is not None:
        row["doc"]["inside"] = [who for who in row["doc"]["inside"] if who != e.data.appointment_id]
    return row


@meeting.on(WrittenOpinionReceived, WrittenReplyReceived)
def _wrote(row: Row | None, e: Recorded[WrittenOpinionReceived | WrittenReplyReceived], _: Key) -> Row | None:
    if row is not None:
        row["doc"]["written"] = with_these(row["doc"]["written"], e.data.appointment_id)
    return row


@meeting.on(StatementRecorded)
def _spoke(row: Row | None, e: Recorded[StatementRecorded], _: Key) -> Row | None:
    if row is not None and e.data.speaker is not None:
        spoke = row["doc"]["spoke"]
        spoke[e.data.speaker] = spoke.get(e.data.speaker, 0) + 1
    return row


@meeting.on(RecusalDeclared)
def _recused(row: Row | None, e: Recorded[RecusalDeclared], _: Key) -> Row | None:
    if row is not None:
        recused = row["doc"]["recused"]
        recused[e.data.item_id] = with_these(recused.get(e.data.item_id, []), e.data.appointment_id)
    return row


@meeting.on(ResolutionTaken)
def _resolved(row: Row | None, e: Recorded[ResolutionTaken], _: Key) -> Row | None:
    """Who is in the room at that minute, those recused from the item left out."""
    if row is not None:
        recused = row["doc"]["recused"].get(e.data.item_id, [])
        row["doc"]["resolutions"].append(
            {
                "resolution_id": e.data.resolution_id,
                "matter_id": e.data.matter_id,
                "inside": [who for who in row["doc"]["inside"] if who not in recused],
                "recused": recused,
                "quorum": e.data.quorum.result,
            }
        )
    return row


@meeting.on(AttendanceCountRecorded)
def _counted(row: Row | None, e: Recorded[AttendanceCountRecorded], _: Key) -> Row | None:
    if row is not None:
        row["doc"]["counted"] = {"serving": e.data.members_serving, "present": e.data.members_present}
        if e.data.observers is not None:
            row["doc"]["observers"] = e.data.observers
    return row


@meeting.on(
    MeetingNotified,
    OpennessRecorded,
    MeetingCancelled,
    MeetingClosed,
    MinutesConfirmed,
    MinutesPublished,
)
def _course(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    if row is not None:
        doc = row["doc"]
        match e.data:
            case MeetingNotified(publicity=publicity) | OpennessRecorded(publicity=publicity):
                doc["publicity"] = publicity
            case MeetingCancelled():
                doc["cancelled"] = True
            case MeetingClosed(at=at, observers=observers):
                doc["closed_on"] = _day(at)
                doc["observers"] = doc["observers"] if observers is None else observers
            case MinutesConfirmed():
                doc["confirmed"] = True
            case MinutesPublished(on=on):
                doc["published_on"] = on.isoformat()
    return row


@meeting.on(ItemClosedToPublic)
def _closed_item(row: Row | None, e: Recorded[ItemClosedToPublic], _: Key) -> Row | None:
    if row is not None:
        row["doc"]["closed_items"][e.data.item_id] = e.data.disclosure.ground
    return row
