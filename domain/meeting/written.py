"""A written procedure 書面協議: replies come one by one, and are counted after the deadline (see
domain/meeting/aggregate.py and domain.md 4.3, O20)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from domain.council.aggregate import Council, ProcedureRulesAdopted
from domain.council.refusals import NOT_SERVING
from domain.kernel.commands import command, on, refuses
from domain.kernel.events import Recorded
from domain.kernel.new_ids import made_id
from domain.kernel.record import KINDS
from domain.kernel.references import must_exist
from domain.kernel.refusals import WRONG_STATE
from domain.meeting.events import MeetingFoundInquorate, ResolutionTaken, WrittenReply
from domain.meeting.refusals import (
    DEADLINE_NOT_LATER,
    DEADLINE_NOT_OVER,
    ITEM_RESOLVED,
    ITEM_UNKNOWN,
    ITEMS_OPEN,
    QUORUM_REACHED,
    QUORUM_UNRULED,
    REPLIES_REQUIRED,
    REPLIES_TOO_FEW,
    WRITTEN_NOT_ALLOWED,
)
from domain.meeting.state import BEFORE_OPENING, must_be_too_few
from domain.meeting.take_resolution import Resolving
from domain.meeting.written_events import (
    WrittenDeadlineMoved,
    WrittenProcedureEnded,
    WrittenProcedureStarted,
    WrittenReplyReceived,
)
from domain.values.calendar import day_in_japan
from domain.values.fields import Id
from domain.values.quorum import QuorumCheck, Tally, check_quorum
from domain.values.resolution_methods import RESULT_NOT_ALLOWED, Result, check_result

IN_WRITING = "in_writing"


class Written(Resolving):
    """The commands of a written procedure: a meeting in which nobody comes together."""

    @command(
        "SEC",
        "CHR",
        "IMP",
        event=WrittenProcedureStarted,
        ja="書面協議を始める",
        en="Start a written procedure",
    )
    @refuses(DEADLINE_NOT_LATER, WRITTEN_NOT_ALLOWED, WRONG_STATE)
    def start_written(self, fact: WrittenProcedureStarted) -> None:
        """Send the items to the members, who reply in writing; only where the rules of that day allow it."""
        self.only_in(*BEFORE_OPENING)
        if fact.deadline < fact.sent_on:
            raise DEADLINE_NOT_LATER(day=fact.sent_on.isoformat()).at("/deadline")
        if not self.context.importing:
            rules = self.look(Council, self.council_id).rules_on(fact.sent_on)
            if rules is None or not rules.written:
                raise WRITTEN_NOT_ALLOWED()
        self.record(fact)

    @command(
        "SEC", "IMP", event=WrittenReplyReceived, ja="書面の回答を受け取る", en="Receive a written reply"
    )
    @refuses(ITEM_RESOLVED, ITEM_UNKNOWN, NOT_SERVING, WRONG_STATE)
    def receive_reply(self, fact: WrittenReplyReceived) -> None:
        """Record one member's reply on one item, when it comes. The last reply of a member counts."""
        self.only_in(IN_WRITING)
        self._open_item(fact.item_id)
        if not self.context.importing:
            self._must_serve(fact.appointment_id, "/appointment_id")
        must_exist(self, fact.document_id, "/document_id")
        self.record(fact)

    @command(
        "SEC", "CHR", event=WrittenDeadlineMoved, ja="回答期限を延ばす", en="Move the deadline for replies"
    )
    @refuses(DEADLINE_NOT_LATER, WRONG_STATE)
    def move_deadline(self, fact: WrittenDeadlineMoved) -> None:
        """Give the members longer, and say why: replies may still be too few."""
        self.only_in(IN_WRITING)
        if self.asked is not None and fact.deadline <= self.asked.deadline:
            raise DEADLINE_NOT_LATER(day=self.asked.deadline.isoformat()).at("/deadline")
        self.record(fact)

    @command(
        "CHR", records=ResolutionTaken, ja="書面の回答により議決する", en="Resolve an item by the replies"
    )
    @refuses(
        DEADLINE_NOT_OVER,
        ITEM_RESOLVED,
        ITEM_UNKNOWN,
        REPLIES_REQUIRED,
        REPLIES_TOO_FEW,
        RESULT_NOT_ALLOWED,
        WRONG_STATE,
    )
    def resolve_by_replies(
        self, item_id: Id, at: dt.datetime, result: Result, resolution_id: Id | None = None
    ) -> None:
        """Say what the replies on an item come to, after the deadline or when everybody has replied. The
        numbers are those of the replies on record."""
        self._may_count(at)
        item, replies = self._open_item(item_id), self.replies.get(item_id, {})
        if not replies:
            raise REPLIES_REQUIRED()
        rules = self._rules()
        quorum = self._written_quorum(rules)
        if quorum.result == "not_met":
            raise REPLIES_TOO_FEW(replied=quorum.present, required=quorum.required)
        answers = list(replies.values())
        tally = Tally(answers.count("for"), answers.count("against"), answers.count("abstain"))
        check_result("written", result)
        matter = self.context.reader.find(KINDS["Matter"], item.matter_id) if item.matter_id else None
        taken = ResolutionTaken(
            resolution_id=resolution_id or made_id("res-", day_in_japan(at), self.context.new_id()),
            item_id=item_id,
            matter_id=item.matter_id,
            at=at,
            method="written",
            result=result,
            quorum=quorum,
            eligible=tally.total,
            present=len(self.repliers),
            options_version=getattr(matter, "options_version", None),
            rules_version=rules.rules_version if rules else None,
            majority=rules.majority if rules else None,
            tally=tally,
            deadline=self.asked.deadline if self.asked is not None else None,
            replies=tuple(WrittenReply(who, reply) for who, reply in sorted(replies.items())),
        )
        if result != "summarised":
            self._as_counted(taken, self._decided(tally, tally.total, rules))
        self.record(taken)

    @command("CHR", "SEC", records=WrittenProcedureEnded, ja="書面協議を終える", en="End a written procedure")
    @refuses(DEADLINE_NOT_OVER, ITEMS_OPEN, WRONG_STATE)
    def end_written(self, at: dt.datetime) -> None:
        """End the procedure, once every item has been dealt with."""
        self._may_count(at)
        still_open = [item for item in self.items if item not in self.settled]
        if still_open:
            raise ITEMS_OPEN(items="、".join(still_open[:5]))
        self.record(WrittenProcedureEnded(at=at, replied=len(self.repliers)))

    @command(
        "CHR",
        "SEC",
        records=MeetingFoundInquorate,
        ja="書面協議を不成立とする",
        en="Find a written procedure inquorate",
    )
    @refuses(DEADLINE_NOT_OVER, QUORUM_REACHED, QUORUM_UNRULED, WRONG_STATE)
    def find_too_few_replies(self, at: dt.datetime) -> None:
        """Record that too few had replied when the time was over. Items may go to another meeting."""
        self._may_count(at)
        quorum = self._written_quorum(self._rules())
        must_be_too_few(quorum)
        self.record(MeetingFoundInquorate(at=at, present=tuple(sorted(self.repliers)), quorum=quorum))

    # -- state changes

    @on(WrittenProcedureStarted)
    def _started(self, e: WrittenProcedureStarted, _: Recorded[Any]) -> None:
        self.state, self.asked = IN_WRITING, e

    @on(WrittenDeadlineMoved)
    def _moved(self, e: WrittenDeadlineMoved, _: Recorded[Any]) -> None:
        if self.asked is not None:
            self.asked = WrittenProcedureStarted(sent_on=self.asked.sent_on, deadline=e.deadline)

    @on(WrittenReplyReceived)
    def _replied(self, e: WrittenReplyReceived, _: Recorded[Any]) -> None:
        self.replies.setdefault(e.item_id, {})[e.appointment_id] = e.reply
        self.opinions[e.item_id] = self.opinions.get(e.item_id, 0) + 1

    @on(WrittenProcedureEnded)
    def _ended(self, e: WrittenProcedureEnded, _: Recorded[Any]) -> None:
        self.state, self.last_at = "closed", e.at
        self.attended |= self.repliers

    # -- its own questions

    @property
    def repliers(self) -> set[str]:
        """The members of whom a reply on any item has come in."""
        return {who for replies in self.replies.values() for who in replies}

    def _may_count(self, at: dt.datetime) -> None:
        """Refuse to count before the deadline is over, unless everybody has replied."""
        self.only_in(IN_WRITING)
        day = day_in_japan(at)
        serving = self.look(Council, self.council_id).serving_on(day)
        if self.asked is not None and day <= self.asked.deadline and not set(serving) <= self.repliers:
            raise DEADLINE_NOT_OVER(deadline=self.asked.deadline.isoformat()).at("/at")

    def _written_quorum(self, rules: ProcedureRulesAdopted | None) -> QuorumCheck:
        """Those who replied count as present where the rules say so; where they do not, no rule tells how
        many replies are needed."""
        council = self.look(Council, self.council_id)
        counts = rules is not None and rules.written_counts_present
        return check_quorum(
            rules.quorum if rules is not None and counts else None,
            len(council.serving_on(self.day or self.context.today())),
            len(self.repliers),
            council.seats_total(),
        )
