"""会議の出欠: a list of members with how each was there becomes what is known of who attended a meeting that
is over; those who sent word of being absent are recorded as such."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from api.http.clock import today
from api.http.language import tr
from api.http.problems import declare
from api.office.tables.reading.sheet import Place, address
from api.office.tables.reading.values import name_key, read_choice, read_line, read_whole
from api.office.tables.reading.vocabulary import REASONS, STATUSES, TITLES, listed
from api.office.tables.rows.declared import Choices, Column, Once, Plan, Planned, Reading, Row, Table
from api.office.tables.rows.lookups import Meeting, closest, meeting_of, meetings, members
from api.office.tables.rows.values_for_commands import without_nothing
from api.setup import rules_of_service
from api.words.days import office_day

MEMBER_UNKNOWN = declare(
    422,
    "MEMBER_UNKNOWN",
    ja="「{text}」という氏名の委員は、その日の委員の中にいません。",
    en="Nobody called “{text}” was a member on that day.",
    rule=rules_of_service.SHEETS,
    next_ja="氏名を直すか、委員でない人の行は取り込まないでください。委嘱の記録がなければ、先に名簿を入れてください。",
    next_en="Mend the name, or leave out whoever is no member; if an appointment is missing, record it.",
)
MEMBER_TWICE = declare(
    422,
    "MEMBER_TWICE",
    ja="同じ委員が{first}にもいます。",
    en="The same member stands in {first}.",
    rule=rules_of_service.SHEETS,
    next_ja="どちらかの行を取り込まないでください。",
    next_en="Leave one of the two rows out.",
)
BEFORE = frozenset({"scheduled", "notified"})
OVER = frozenset({"closed", "minutes_drafted", "circulated", "confirmed", "published", "open", "recess"})

COLUMNS = (
    Column(
        "member",
        ("委員", "Member"),
        needed=True,
        secret=True,
        hint=("その日の委員と照らし合わせます", "matched with the roster of that day"),
    ),
    Column(
        "status",
        ("出欠", "Attendance"),
        needed=True,
        hint=("○・×・欠席届・オンライン・遅・早・書面", "present, absent, notified, online, …"),
    ),
    Column(
        "reason",
        ("欠席の理由", "Why absent"),
        hint=("仕事・体調・家庭・その他", "work, health, family, other"),
    ),
)


def _meetings(connection: sa.Connection, _: Mapping[str, str]) -> Choices:
    return [
        (one.meeting_id, f"{one.title} {office_day(one.day)}")
        for one in meetings(connection, BEFORE | OVER)
        if one.day is not None and one.day <= today()
    ]


ONCE = (
    Once("meeting", ("会議", "Meeting"), "choice", needed=True, choices=_meetings),
    Once("observers", ("傍聴者の数", "Observers"), "number", hint=("分かるときだけ", "only if it is known")),
    Once("staff", ("事務局の数", "Staff"), "number", hint=("分かるときだけ", "only if it is known")),
)


def plan(reading: Reading) -> Plan:
    made = Plan(settled=reading.settled)
    meeting = meeting_of(reading.connection, reading.once.get("meeting"))
    if meeting is None or meeting.day is None:
        return made
    _Grid(reading, made, meeting, meeting.day).take_all()
    return made


class _Grid:
    def __init__(self, reading: Reading, made: Plan, meeting: Meeting, day: dt.date):
        self._reading, self._plan, self._meeting, self._day = reading, made, meeting, day
        self._roster = {
            name_key(one.name): one for one in members(reading.connection, meeting.council_id, day)
        }
        self._names = {key: one.name for key, one in self._roster.items()}

    def take_all(self) -> None:
        by_status: dict[str, list[tuple[Row, str]]] = {}
        seen: dict[str, Place] = {}
        reasons: dict[int, str] = {}
        for row in self._reading.rows:
            seat = self._seat(row)
            chosen = row.read("status", lambda cell: read_choice(cell, STATUSES, listed(STATUSES)))
            reason = row.read("reason", lambda cell: read_choice(cell, REASONS, listed(REASONS)))
            place = row.place("member")
            if seat is not None and seat in seen:
                row.refuse(MEMBER_TWICE(first=address(seen[seat])), "member")
            if row.faults or seat is None or chosen is None or place is None:
                continue
            seen[seat] = place
            by_status.setdefault(chosen[0], []).append((row, seat))
            if reason:
                reasons[row.number] = reason[0]
        there = [*by_status.get("present", []), *by_status.get("online", [])]
        if self._meeting.state in BEFORE:
            self._held(there)
        else:
            self._known_later(there, {seat for _, seat in by_status.get("online", [])})
        for row, seat in by_status.get("notified", []):
            record = self._reading.envelope(row.number)
            fact = without_nothing(appointment_id=seat, reason_class=reasons.get(row.number), record=record)
            fact["record"]["effective"] = {"precision": "unknown"}
            self._add(row, "record_absence", fact, {"appointment_id": "member", "reason_class": "reason"})
        self._plan.counts = [
            (tr("出席", "present"), len(there)),
            (tr("欠席の届", "absent with notice"), len(by_status.get("notified", []))),
            (tr("欠席", "absent"), len(by_status.get("absent", []))),
            (tr("書面", "in writing"), len(by_status.get("written", []))),
        ]
        for status in ("absent", "written"):
            for row, _ in by_status.get(status, []):
                self._plan.rows.setdefault(row.number, [])

    def _seat(self, row: Row) -> str | None:
        text = row.read("member", read_line)
        if text is None:
            return None
        key = name_key(text)
        if key in self._roster:
            return self._roster[key].appointment_id
        alike = closest(text, self._names)
        row.refuse(MEMBER_UNKNOWN(text=text[:40], alike=self._names[alike] if alike else ""), "member")
        return None

    def _held(self, there: list[tuple[Row, str]]) -> None:
        """That the meeting was held, with those who were there: one fact of all rows."""
        number = self._reading.rows[0].number
        fact = without_nothing(
            held_on={"value": self._day.isoformat(), "precision": "day"},
            known_attendees=[{"appointment_id": seat} for _, seat in there],
            members_present=len(there),
            members_serving=len(self._roster),
            observers=self._reading.once_read("observers", read_whole),
            staff=self._reading.once_read("staff", read_whole),
            record=self._reading.envelope(None),
        )
        comes_from = {"observers": "observers", "staff": "staff", "held_on": "meeting", "": "meeting"}
        self._plan.lead.append(Planned("Meeting", "record_held", self._meeting.meeting_id, fact, comes_from))
        self._plan.rows.setdefault(number, [])
        for row, _ in there:
            self._plan.rows.setdefault(row.number, [])

    def _known_later(self, there: list[tuple[Row, str]], online: set[str]) -> None:
        """Of a meeting whose attendance is on record: those who were there and were forgotten."""
        for row, seat in there:
            fact: dict[str, Any] = {"appointment_id": seat, "record": self._reading.envelope(row.number)}
            if seat in online:
                fact["mode"] = "online"
            self._add(row, "add_attendee", fact, {"appointment_id": "member", "mode": "status"})

    def _add(self, row: Row, command: str, fact: dict[str, Any], comes_from: Mapping[str, str]) -> None:
        planned = Planned("Meeting", command, self._meeting.meeting_id, fact, comes_from)
        self._plan.rows.setdefault(row.number, []).append(planned)


TABLE = Table(
    key="attendance",
    words=("会議の出欠", "Attendance of a meeting"),
    unit=("人", "members"),
    columns=COLUMNS,
    once=ONCE,
    plan=plan,
    main="member",
    event="MeetingHeld",
    title=TITLES["attendance"],
    disclosure={"visibility": "closed", "ground": "personal"},
    leads_to="/desk/meetings",
    notes=(
        (
            "○ は出席、× は欠席、「欠席届」は届のあった欠席。遅刻・早退は出席に数えます。",
            "A circle is present, a cross absent, a notice absent with notice; late and early are present.",
        ),
    ),
)
