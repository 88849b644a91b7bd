"""What a past meeting becomes: the acts by which it is recorded, each with the paragraph, or the row, that it
rests on, and dated by the day of the meeting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.office.desk.acts import Act, new_id
from api.office.desk.documents import document_acts
from api.office.meetings.moments import at, read_time
from api.office.tables.minutes.attendance_sheet import of_rows
from api.office.tables.minutes.composed import AS_ROLE, Composed, filled_in, read
from api.office.tables.minutes.parsing import Minutes, Statement
from api.office.tables.reading.sheet import Cell, Workbook
from api.office.tables.reading.values import read_whole, read_year
from api.office.tables.reading.vocabulary import AND, ATTENDANCE_TITLE, MINUTES_TITLE
from api.office.tables.rows.values_for_commands import without_nothing
from domain.values.calendar import fiscal_year_of

File = tuple[bytes, str]
"""A content, and its media type."""
CLOSED = {"visibility": "closed", "ground": "personal"}
INTERNAL = {"visibility": "internal", "ground": "operations"}


class PastMeeting:
    """One meeting that is taken in. ``files``: its minutes, and its attendance sheet if there is one, which
    ``sheet`` has read."""

    def __init__(
        self,
        outcome: Composed,
        minutes: Minutes,
        values: Mapping[str, str],
        choices: Mapping[str, str],
        files: tuple[File, File | None],
        sheet: Workbook | None,
    ):
        assert outcome.day is not None, "nothing is composed of a meeting whose day is not known"
        self.outcome, self.minutes, self.values, self.choices = outcome, minutes, values, choices
        self.files, self.sheet, self.day = files, sheet, outcome.day
        self.meeting, self.document = new_id("Meeting"), new_id("Document")
        self.attendance = new_id("Document") if sheet is not None and files[1] is not None else None
        outcome.meeting_id = self.meeting

    def acts(self) -> list[Act]:
        """All of it, in the order in which it is recorded."""
        return [
            *self._papers(),
            self._scheduled(),
            *self._items(),
            self._held(),
            *self._absences(),
            *self._statements(),
            *self._votes(),
        ]

    # -- what everything rests on

    @property
    def _on_the_day(self) -> dict[str, str]:
        return {"value": self.day.isoformat(), "precision": "day"}

    def _stands(self, place: str | None = None, of: str | None = None) -> dict[str, Any]:
        """That it stands at this place of the minutes, or of the attendance sheet."""
        source = {"document_id": of or self.document} | ({"locator": place} if place else {})
        return {"source": source, "effective": self._on_the_day}

    def _of_head(self, *names: str) -> str | None:
        """The paragraphs in which these things stand at the head of the minutes; not of what somebody
        changed."""
        as_read = filled_in(self.minutes, {})
        unchanged = [name for name in names if self.values[name] == as_read[name]]
        places = [self.minutes.places.get(name, "") for name in unchanged]
        return AND.join(dict.fromkeys(place for place in places if place)) or None

    def _papers(self) -> Iterator[Act]:
        title = self.values["title"].strip()
        disclosure = {"visibility": "public"} if self.values["open"] == "public" else INTERNAL
        yield from _paper(
            self.document, "minutes", MINUTES_TITLE.format(title=title), disclosure, self.files[0]
        )
        if self.attendance is not None and self.files[1] is not None:
            sheet_title = ATTENDANCE_TITLE.format(title=title)
            yield from _paper(self.attendance, "other", sheet_title, CLOSED, self.files[1])

    # -- the meeting

    def _scheduled(self) -> Act:
        number, begins = self._whole("no"), read(self.outcome, "begins", self.values["begins"], read_time)
        fact = without_nothing(
            council_id=self.values["council"],
            kind="plenary",
            no=number,
            title=self.values["title"].strip() or None,
            starts_at=at(self.day, begins).isoformat() if begins else None,
            place=self.values["venue"].strip() or None,
            **(self._by_year() if number else {}),
            record=self._stands(self._of_head("title", "day", "venue")),
        )
        return self._act("schedule", fact, "/meeting")

    def _by_year(self) -> dict[str, Any]:
        """Where the minutes number their meetings by the fiscal year."""
        text = self.minutes.fiscal_year
        year = read_year(Cell(text, text)) if text else None
        return {"no_year": year or fiscal_year_of(self.day), "numbered_by": "fiscal_year"} if year else {}

    def _items(self) -> Iterator[Act]:
        for n, item in enumerate(self.minutes.items):
            fact = without_nothing(
                item_id=_item(n),
                order=n + 1,
                title=item.title,
                printed_no=item.no or None,
                record=self._stands(item.place),
            )
            yield self._act("list_item", fact, f"/items/{n}")

    def _held(self) -> Act:
        outcome = self.outcome
        there = [one.seat for one in outcome.attendees if one.status in ("present", "online")]
        counted = self._whole("present")
        present = counted if counted is not None else len(there) if outcome.attendees else None
        serving = len(outcome.body.members) if outcome.body is not None else 0
        ends = read(outcome, "ends", self.values["ends"], read_time)
        fact = without_nothing(
            held_on=self._on_the_day,
            known_attendees=[{"appointment_id": seat} for seat in there] or None,
            members_present=present,
            members_serving=serving or None,
            observers=self._whole("observers"),
            ended_at=at(self.day, ends).isoformat() if ends else None,
            record=self._attendance_stands(),
        )
        return self._act("record_held", fact, "/held")

    def _attendance_stands(self) -> dict[str, Any]:
        if self.attendance is None:
            return self._stands(self._of_head("day", "observers"))
        cells = [one.cell for one in self.outcome.attendees]
        return self._stands(of_rows(self.sheet, cells), self.attendance)

    def _absences(self) -> Iterator[Act]:
        for attendee in self.outcome.attendees:
            if attendee.status == "notified":
                stands = self._stands(of_rows(self.sheet, [attendee.cell]), self.attendance)
                fact = {"appointment_id": attendee.seat, "record": stands}
                yield self._act("record_absence", fact, "/held")

    # -- what was said, and decided

    def _statements(self) -> Iterator[Act]:
        for n, statement in enumerate(self.minutes.statements):
            if self.choices.get(f"skip-{n}") != "on":
                yield self._act("record_statement", self._statement(n, statement), f"/statements/{n}")

    def _statement(self, n: int, statement: Statement) -> dict[str, Any]:
        seat = self.choices.get(f"said-{n}", "") or self.outcome.speakers.get(statement.who)
        return without_nothing(
            statement_id=f"s-{n + 1}",
            text=statement.text,
            item_id=_item(statement.item),
            speaker=seat if seat not in (None, AS_ROLE) else None,
            speaker_role=statement.who[:80],
            record=self._stands(statement.place),
        )

    def _votes(self) -> Iterator[Act]:
        for n, vote in enumerate(self.minutes.votes):
            if self.choices.get(f"vote-{n}", "on") == "on":
                pro, contra, abstain = vote.numbers
                fact = without_nothing(
                    resolution_id=f"res-{n + 1}",
                    result_text=vote.text,
                    item_id=_item(vote.item),
                    numbers=without_nothing(**{"for": pro, "against": contra, "abstain": abstain}) or None,
                    record=self._stands(vote.place),
                )
                yield self._act("report_resolution", fact, f"/votes/{n}")

    def _act(self, command: str, fact: Mapping[str, Any], place: str) -> Act:
        return Act("Meeting", command, self.meeting, fact, place)

    def _whole(self, name: str) -> int | None:
        number: int | None = read(
            self.outcome, name, self.values[name], lambda text: read_whole(Cell(text, text))
        )
        return number


def _item(n: int | None) -> str | None:
    return None if n is None else f"item-{n + 1}"


def _paper(document: str, kind: str, title: str, disclosure: Mapping[str, str], file: File) -> list[Act]:
    content, media_type = file
    about = {
        "kind": kind,
        "title": title.strip()[:300],
        "disclosure": dict(disclosure),
        "record": {"effective": {"precision": "unknown"}},
    }
    return document_acts(document, about, content, media_type)
