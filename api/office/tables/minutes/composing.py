"""What a past meeting becomes: its document, the meeting with its items, who was there, what was said and how
it was decided; every fact with the paragraph it stands in, dated by the day of the meeting.

One story: from minutes that have been read to the acts that are recorded.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from api.http.problems import declare
from api.office.desk.acts import Act, Rehearsal, new_id, rehearse
from api.office.meetings.bodies import Body, Member, body_on
from api.office.meetings.moments import at, read_day, read_time
from api.office.tables.kinds.attendance import COLUMNS
from api.office.tables.minutes.parsing import Minutes, Statement, narrow
from api.office.tables.reading.headings import find_headings, match_columns
from api.office.tables.reading.sheet import Cell, Sheet, Workbook, address
from api.office.tables.reading.values import name_key, plain, read_choice, read_whole, read_year
from api.office.tables.reading.vocabulary import (
    AND,
    ATTENDANCE_TITLE,
    CHAIR,
    DEPUTY,
    HEADINGS,
    MINUTES_TITLE,
    NO_NAME,
    ROW_OF,
    STATUSES,
    UP_TO,
    listed,
)
from api.office.tables.rows.declared import ONCE_NEEDED
from api.office.tables.rows.values_for_commands import without_nothing
from api.setup import rules_of_service
from domain.values.calendar import fiscal_year_of
from domain.values.refusal import Refusal

SPEAKER_UNKNOWN = declare(
    422,
    "SPEAKER_UNKNOWN",
    ja="「{text}」がだれか、その日の委員の中から決められません。",
    en="Who “{text}” is cannot be told from the members of that day.",
    rule=rules_of_service.SHEETS,
    next_ja="「発言した人」で選んでください。だれか分からなければ、書いてあるとおりの立場として記録できます。",
    next_en="Choose under “Who spoke”. If nobody knows, record it by the role that is written there.",
)
NOBODY_SERVED = declare(
    422,
    "NOBODY_SERVED",
    ja="その日に委員だった人の記録がありません。",
    en="Nobody is on record as a member on that day.",
    rule=rules_of_service.SHEETS,
    next_ja="先に委員の名簿を入れるか、日付を確かめてください。名簿がなくても、人数だけで記録できます。",
    next_en="Take in the roster first, or check the day. It can be recorded by numbers alone too.",
)
ATTENDEE_UNKNOWN = declare(
    422,
    "ATTENDEE_UNKNOWN",
    ja="出欠表の「{text}」（{cell}）が、その日の委員の中にいません。",
    en="“{text}” ({cell}) of the attendance sheet was no member on that day.",
    rule=rules_of_service.SHEETS,
    next_ja="出欠表の氏名を直して送り直すか、先に委嘱を記録してください。",
    next_en="Mend the name in the sheet and send it again, or record the appointment first.",
)
AS_ROLE = "role"
"""The choice of a speaker who is recorded by the role that is written, and not as anybody."""


@dataclass
class Attendee:
    seat: str
    status: str
    cell: str


@dataclass
class Composed:
    """A past meeting, as it would be recorded."""

    body: Body | None = None
    day: dt.date | None = None
    faults: dict[str, Refusal] = field(default_factory=dict)
    """By field of the form."""
    refused: list[Refusal] = field(default_factory=list)
    """What commands refuse, at their place."""
    speakers: dict[str, str | None] = field(default_factory=dict)
    """Of each label: the seat, ``role``, or None where it is to be asked."""
    attendees: list[Attendee] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    rehearsal: Rehearsal = field(default_factory=Rehearsal)
    meeting_id: str = ""

    @property
    def stands(self) -> bool:
        return bool(self.acts) and not self.faults and not self.refused


FIELDS = ("council", "day", "begins", "ends", "no", "title", "venue", "present", "observers", "open")


def filled_in(minutes: Minutes, typed: Mapping[str, str]) -> dict[str, str]:
    """The fields of the form: as they were typed, or else as the minutes say."""
    usual = {
        "day": minutes.day,
        "begins": minutes.begins,
        "ends": minutes.ends,
        "no": str(minutes.number or ""),
        "title": minutes.title[:200],
        "venue": minutes.venue[:200],
        "observers": "" if minutes.observers is None else str(minutes.observers),
        "open": "internal",
    }
    return {name: typed[name] if name in typed else usual.get(name, "") for name in FIELDS}


def compose(
    connection: sa.Connection,
    minutes: Minutes,
    values: Mapping[str, str],
    choices: Mapping[str, str],
    files: tuple[tuple[bytes, str], tuple[bytes, str] | None],
    sheet: Workbook | None,
) -> Composed:
    """``values``: the fields of the form; ``choices``: who the speakers are (``who-…``), and what is left
    out; ``files``: the minutes and the attendance sheet, each with its media type."""
    outcome = Composed()
    council, outcome.day = values["council"], _read(outcome, "day", values["day"], read_day)
    for name, words in (("council", ("会議体", "Council")), ("day", ("開催日", "Day"))):
        if not values[name].strip():
            outcome.faults[name] = ONCE_NEEDED(column=words[0], column_en=words[1])
    if outcome.day is None or not council:
        return outcome
    outcome.body = body_on(connection, council, outcome.day)
    if outcome.body is None:
        outcome.faults["council"] = ONCE_NEEDED(column="会議体", column_en="Council")
        return outcome
    _who_spoke(outcome, minutes, choices)
    if sheet is not None:
        outcome.attendees = _attendees(outcome, sheet, values)
    outcome.acts = _acts(outcome, minutes, values, choices, files, sheet)
    outcome.rehearsal = rehearse(outcome.acts)
    outcome.refused = outcome.rehearsal.faults
    return outcome


def _read(outcome: Composed, name: str, text: str, reader: Any) -> Any:
    if not text.strip():
        return None
    try:
        return reader(text)
    except Refusal as refused:
        outcome.faults[name] = refused
        return None


# -- who spoke


def _who_spoke(outcome: Composed, minutes: Minutes, choices: Mapping[str, str]) -> None:
    for n, label in enumerate(minutes.speakers):
        chosen = choices.get(f"who-{n}", "")
        known = chosen or seat_of(label, outcome.body)
        outcome.speakers[label] = known
        if known is None:
            outcome.faults[f"who-{n}"] = SPEAKER_UNKNOWN(text=label)


def seat_of(label: str, body: Body | None) -> str | None:
    """Whose label it is: a seat of the day, ``role`` for one that names no member, None where it may be one
    of several, or nobody."""
    if body is None:
        return AS_ROLE
    word = plain(narrow(label)).partition("(")[0]
    if word in CHAIR:
        return body.chair or AS_ROLE
    if word in DEPUTY:
        return body.deputy or AS_ROLE
    ending = next((end for end in sorted(NO_NAME, key=len, reverse=True) if word.endswith(end)), "")
    name = word.removesuffix(ending)
    if not name:
        return AS_ROLE  # 委員: one of them, and nobody knows which
    fits = [m.seat for m in body.members if name in _names_of(m)]
    if len(fits) == 1:
        return fits[0]
    return None if fits or ending else AS_ROLE


def _names_of(member: Member) -> set[str]:
    """What minutes may call a member: the whole name, the family name, or the given name."""
    family = name_key(member.family)
    return {name_key(member.name), family, name_key(member.name).removeprefix(family)} - {""}


# -- who was there


def _attendees(outcome: Composed, book: Workbook, values: Mapping[str, str]) -> list[Attendee]:
    """Those whom the sheet lists: a list of members, or a grid of meetings and members."""
    sheet = book.sheet(None)
    body, listed_there = outcome.body, []
    assert body is not None
    seats = {name_key(member.name): member.seat for member in body.members}
    for name, status, cell in _marks(sheet, seats, outcome.day, values.get("no", "")):
        seat = seats.get(name_key(name))
        try:
            chosen = read_choice(Cell(status, status), STATUSES, listed(STATUSES))
        except Refusal as refused:
            outcome.faults.setdefault("sheet", refused)
            continue
        if chosen is None:
            continue
        if seat is None:
            outcome.faults.setdefault("sheet", ATTENDEE_UNKNOWN(text=name[:40], cell=cell))
            continue
        listed_there.append(Attendee(seat, chosen[0], cell))
    return listed_there


def _marks(
    sheet: Sheet, seats: Mapping[str, str], day: dt.date | None, no: str
) -> list[tuple[str, str, str]]:
    """Name, mark and cell of each member in the sheet."""
    names = {column.key: HEADINGS["attendance"][column.key] for column in COLUMNS}
    headings = find_headings(sheet, names)
    columns = {key: column for column, key in match_columns(headings.texts, names).items()}
    if {"member", "status"} <= columns.keys():
        rows = range(headings.last + 1, sheet.rows + 1)
        places = [((row, columns["member"]), (row, columns["status"])) for row in rows]
        return [
            (sheet.at(who).text, sheet.at(mark).text, address(mark))
            for who, mark in places
            if sheet.at(who).text and sheet.at(mark).text
        ]
    return _of_a_grid(sheet, seats, day, no)


def _of_a_grid(
    sheet: Sheet, seats: Mapping[str, str], day: dt.date | None, no: str
) -> list[tuple[str, str, str]]:
    """Meetings down, members across: the row of this meeting under the row that names the most members."""

    def named(row: int) -> dict[int, str]:
        texts = {
            column: sheet.at((row, column)).text.split("\n")[0] for column in range(1, sheet.columns + 1)
        }
        return {column: text for column, text in texts.items() if name_key(text) in seats}

    top = max(range(1, min(sheet.rows, 20) + 1), key=lambda row: len(named(row)), default=1)
    members = named(top)
    wanted = {f"第{no}回", no, day.isoformat() if day else ""} - {""}
    for row in range(top + 1, sheet.rows + 1):
        first = {plain(sheet.at((row, column)).text) for column in (1, 2)}
        if first & wanted and members:
            return [(name, sheet.at((row, c)).text, address((row, c))) for c, name in members.items()]
    return []


# -- what it becomes


def _acts(
    outcome: Composed,
    minutes: Minutes,
    values: Mapping[str, str],
    choices: Mapping[str, str],
    files: tuple[tuple[bytes, str], tuple[bytes, str] | None],
    sheet: Workbook | None,
) -> list[Act]:
    day = outcome.day
    assert day is not None
    on_the_day = {"value": day.isoformat(), "precision": "day"}
    title = values["title"].strip()
    document, meeting = new_id("Document"), new_id("Meeting")
    outcome.meeting_id = meeting

    def stands(place: str | None = None, of: str = document) -> dict[str, Any]:
        source = {"document_id": of} | ({"locator": place} if place else {})
        return {"source": source, "effective": on_the_day}

    as_read = filled_in(minutes, {})
    public = values["open"] == "public"
    disclosure = {"visibility": "public"} if public else {"visibility": "internal", "ground": "operations"}
    acts = _document(document, "minutes", MINUTES_TITLE.format(title=title), disclosure, files[0])
    attendance = None
    if sheet is not None and files[1] is not None:
        attendance = new_id("Document")
        closed = {"visibility": "closed", "ground": "personal"}
        acts += _document(attendance, "other", ATTENDANCE_TITLE.format(title=title), closed, files[1])
    number = _read(outcome, "no", values["no"], lambda text: read_whole(Cell(text, text)))
    begins = _read(outcome, "begins", values["begins"], read_time)
    ends = _read(outcome, "ends", values["ends"], read_time)
    year = read_year(Cell(minutes.fiscal_year, minutes.fiscal_year)) if minutes.fiscal_year else None
    by_year = (
        {"no_year": year or fiscal_year_of(day), "numbered_by": "fiscal_year"} if year and number else {}
    )
    scheduled = without_nothing(
        council_id=values["council"],
        kind="plenary",
        no=number,
        title=title or None,
        starts_at=at(day, begins).isoformat() if begins else None,
        place=values["venue"].strip() or None,
        **by_year,
        record=stands(_of_head(minutes, values, as_read, "title", "day", "venue")),
    )
    acts.append(Act("Meeting", "schedule", meeting, scheduled, "/meeting"))
    for n, item in enumerate(minutes.items):
        fact = without_nothing(
            item_id=f"item-{n + 1}",
            order=n + 1,
            title=item.title,
            printed_no=item.no or None,
            record=stands(item.place),
        )
        acts.append(Act("Meeting", "list_item", meeting, fact, f"/items/{n}"))
    if attendance is not None:
        rests_on = stands(_of_rows(sheet, [one.cell for one in outcome.attendees]), attendance)
    else:
        rests_on = stands(_of_head(minutes, values, as_read, "day", "observers"))
    held = _held(outcome, values, rests_on, ends, on_the_day)
    acts.append(Act("Meeting", "record_held", meeting, held, "/held"))
    for attendee in outcome.attendees:
        if attendee.status == "notified":
            record = stands(_of_rows(sheet, [attendee.cell]), attendance or document)
            fact = {"appointment_id": attendee.seat, "record": record}
            acts.append(Act("Meeting", "record_absence", meeting, fact, "/held"))
    for n, statement in enumerate(minutes.statements):
        if choices.get(f"skip-{n}") != "on":
            fact = _statement(outcome, n, statement, choices) | {"record": stands(statement.place)}
            acts.append(Act("Meeting", "record_statement", meeting, fact, f"/statements/{n}"))
    for n, vote in enumerate(minutes.votes):
        if choices.get(f"vote-{n}", "on") == "on":
            pro, contra, abstain = vote.numbers
            numbers = without_nothing(**{"for": pro, "against": contra, "abstain": abstain})
            fact = without_nothing(
                resolution_id=f"res-{n + 1}",
                result_text=vote.text,
                item_id=f"item-{vote.item + 1}" if vote.item is not None else None,
                numbers=numbers or None,
                record=stands(vote.place),
            )
            acts.append(Act("Meeting", "report_resolution", meeting, fact, f"/votes/{n}"))
    return acts


def _document(
    document: str, kind: str, title: str, disclosure: Mapping[str, str], file: tuple[bytes, str]
) -> list[Act]:
    content, media_type = file
    about = {
        "kind": kind,
        "title": title.strip()[:300],
        "disclosure": dict(disclosure),
        "record": {"effective": {"precision": "unknown"}},
    }
    held = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "size_bytes": len(content),
        "media_type": media_type,
    }
    return [
        Act("Document", "register", document, about, "/document"),
        Act("Document", "attach_content", document, held, "/document"),
    ]


def _held(
    outcome: Composed,
    values: Mapping[str, str],
    rests_on: Mapping[str, Any],
    ends: dt.time | None,
    on_the_day: Mapping[str, str],
) -> dict[str, Any]:
    there = [one.seat for one in outcome.attendees if one.status in ("present", "online")]
    counted = _read(outcome, "present", values["present"], lambda text: read_whole(Cell(text, text)))
    present = counted if counted is not None else len(there) if outcome.attendees else None
    serving = len(outcome.body.members) if outcome.body is not None else 0
    return without_nothing(
        held_on=dict(on_the_day),
        known_attendees=[{"appointment_id": seat} for seat in there] or None,
        members_present=present,
        members_serving=serving or None,
        observers=_read(outcome, "observers", values["observers"], lambda text: read_whole(Cell(text, text))),
        ended_at=at(outcome.day, ends).isoformat() if ends and outcome.day else None,
        record=dict(rests_on),
    )


def _of_head(
    minutes: Minutes, values: Mapping[str, str], as_read: Mapping[str, str], *names: str
) -> str | None:
    """The paragraphs in which these things stand at the head of the minutes; not of what somebody changed."""
    places = [minutes.places.get(name, "") for name in names if values[name] == as_read[name]]
    return AND.join(dict.fromkeys(place for place in places if place)) or None


def _of_rows(sheet: Workbook | None, cells: Sequence[str]) -> str | None:
    """The rows of the attendance sheet in which these cells are."""
    if sheet is None or not cells:
        return None
    rows = sorted({int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for cell in cells})
    row = UP_TO.format(first=rows[0], last=rows[-1]) if len(rows) > 1 else f"{rows[0]}"
    return ROW_OF.format(sheet=sheet.sheet(None).name, row=row)


def _statement(outcome: Composed, n: int, statement: Statement, choices: Mapping[str, str]) -> dict[str, Any]:
    seat = choices.get(f"said-{n}", "") or outcome.speakers.get(statement.who)
    return without_nothing(
        statement_id=f"s-{n + 1}",
        text=statement.text,
        item_id=f"item-{statement.item + 1}" if statement.item is not None else None,
        speaker=seat if seat not in (None, AS_ROLE) else None,
        speaker_role=statement.who[:80],
    )


def seats(body: Body | None) -> Sequence[tuple[str, str]]:
    """The members of the day, to choose from."""
    return [] if body is None else [(member.seat, member.name) for member in body.members]
