"""What is known of a meeting from a source alone: what came of its items, and what was said (see
domain/meeting/aggregate.py). Nothing is checked against who was in the room, for nobody recorded it."""

from __future__ import annotations

from typing import Any

from domain.council.refusals import NOT_SERVING
from domain.kernel.commands import command, on, refuses
from domain.kernel.events import Recorded
from domain.kernel.references import must_exist
from domain.kernel.refusals import ALREADY_EXISTS, WRONG_STATE
from domain.meeting.events import StatementRecorded
from domain.meeting.refusals import (
    ITEM_RESOLVED,
    ITEM_UNKNOWN,
    MEETING_NOT_OPEN,
    NOT_PRESENT,
    REPORT_UNPROVED,
    STATEMENT_UNKNOWN,
)
from domain.meeting.reported_events import ResolutionReported
from domain.meeting.state import BEFORE_OPENING, MeetingState
from domain.values.resolution_methods import RESULT_NOT_ALLOWED, check_result


class Reported(MeetingState):
    """The commands by which a source is the witness."""

    @command(
        "SEC", "IMP", event=ResolutionReported, ja="議決の報告を記録する", en="Record a reported resolution"
    )
    @refuses(ALREADY_EXISTS, ITEM_UNKNOWN, REPORT_UNPROVED, RESULT_NOT_ALLOWED, WRONG_STATE)
    def report_resolution(self, fact: ResolutionReported) -> None:
        """Record what a source says came of an item, of a meeting that is over."""
        if not self.context.importing:
            if self.state in ("cancelled", *BEFORE_OPENING):
                self.only_in("closed", "minutes_drafted", "circulated", "confirmed", "published")
            if self.context.source is None:
                raise REPORT_UNPROVED().at("/record/source")
        if fact.item_id is not None and fact.item_id not in self.items:
            raise ITEM_UNKNOWN(item=fact.item_id).at("/item_id")
        if fact.resolution_id in self.resolutions or fact.resolution_id in self.reported:
            raise ALREADY_EXISTS(id=fact.resolution_id).at("/resolution_id")
        for n, matter in enumerate(fact.matters):
            must_exist(self, matter, "/matter_id" if n == 0 and fact.matter_id else "/matter_ids")
        if fact.method is not None and fact.result is not None:
            check_result(fact.method, fact.result)
        self.record(fact)

    @command("SEC", "CHR", "IMP", event=StatementRecorded, ja="発言を記録する", en="Record a statement")
    @refuses(ITEM_RESOLVED, ITEM_UNKNOWN, MEETING_NOT_OPEN, NOT_PRESENT, NOT_SERVING, STATEMENT_UNKNOWN)
    def record_statement(self, fact: StatementRecorded) -> None:
        """Record what somebody said on an item: while the meeting is open, or afterwards from a source."""
        if fact.answers_to is not None and fact.answers_to not in self.statements:
            raise STATEMENT_UNKNOWN(statement=fact.answers_to).at("/answers_to")
        if self._from_a_source():
            if fact.item_id is not None and fact.item_id not in self.items:
                raise ITEM_UNKNOWN(item=fact.item_id).at("/item_id")
            if fact.speaker is not None and not self.context.importing:
                self._has_a_seat(fact.speaker, "/speaker")
        else:
            self._must_be_open()
            self._open_item(fact.item_id or "")
            if fact.speaker is not None and fact.speaker not in self.in_the_room:
                raise NOT_PRESENT(appointment=fact.speaker).at("/speaker")
        self.record(fact)

    def _from_a_source(self) -> bool:
        """Whether what is recorded is known from a source, of a meeting that is over."""
        over = self.state not in ("open", "recess", "cancelled", *BEFORE_OPENING)
        return self.context.importing or (over and self.context.source is not None)

    # -- state changes

    @on(ResolutionReported)
    def _reported(self, e: ResolutionReported, _: Recorded[Any]) -> None:
        self.reported[e.resolution_id] = e
        if e.item_id is not None:
            self.settled.add(e.item_id)
