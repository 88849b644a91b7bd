"""Resolving an item 議決: what the room shows, for each method of domain.md 4.3 (see
domain/meeting/aggregate.py)."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from domain.council.aggregate import Council, ProcedureRulesAdopted
from domain.kernel.commands import command, refuses
from domain.kernel.new_ids import made_id
from domain.kernel.record import KINDS
from domain.meeting.events import AgendaItemListed, Conclusion, MemberVote, ResolutionTaken, WrittenReply
from domain.meeting.refusals import (
    ALREADY_RESOLVED,
    CASTING_VOTE_UNDUE,
    ITEM_UNKNOWN,
    LIMITS_REQUIRED,
    MEETING_NOT_OPEN,
    NOT_A_REPORT,
    NOT_ELIGIBLE,
    OBJECTION_RAISED,
    OPINION_REQUIRED,
    OPTIONS_CHANGED,
    OPTIONS_OPEN,
    OUTCOME_NOT_READ,
    QUORUM_LOST,
    REPLIES_REQUIRED,
    TALLY_MISMATCH,
    TALLY_REQUIRED,
    TIME_BACKWARDS,
    WRITTEN_NOT_ALLOWED,
)
from domain.meeting.state import MeetingState
from domain.values.calendar import day_in_japan
from domain.values.fields import Count, Id, Text
from domain.values.quorum import QuorumCheck, Tally, check_quorum
from domain.values.resolution_methods import (
    METHODS,
    RESULT_NOT_ALLOWED,
    RESULTS,
    MethodName,
    Result,
    check_result,
)

_RESULT_OF_VOTE: dict[str, tuple[Result, ...]] = {
    "adopted": (
        "adopted",
        "adopted_with_conditions",
        "partly",
        "amended",
        "adopted_in_purpose",
        "elected",
        "referred",
    ),
    "rejected": ("rejected",),
    "tied": ("tied",),
}


class Resolving(MeetingState):
    """The command that takes a resolution, and what it checks."""

    @command("CHR", records=ResolutionTaken, ja="議決する", en="Take a resolution")
    @refuses(
        ALREADY_RESOLVED,
        CASTING_VOTE_UNDUE,
        ITEM_UNKNOWN,
        LIMITS_REQUIRED,
        MEETING_NOT_OPEN,
        NOT_A_REPORT,
        NOT_ELIGIBLE,
        OBJECTION_RAISED,
        OPINION_REQUIRED,
        OPTIONS_CHANGED,
        OPTIONS_OPEN,
        OUTCOME_NOT_READ,
        QUORUM_LOST,
        REPLIES_REQUIRED,
        RESULT_NOT_ALLOWED,
        TALLY_MISMATCH,
        TALLY_REQUIRED,
        TIME_BACKWARDS,
        WRITTEN_NOT_ALLOWED,
    )
    def take_resolution(
        self,
        item_id: Id,
        at: dt.datetime,
        method: MethodName,
        result: Result,
        resolution_id: Id | None = None,
        options_version: Count | None = None,
        tally: Tally | None = None,
        votes: tuple[MemberVote, ...] = (),
        casting_vote: Literal["for", "against"] | None = None,
        objections: Count = 0,
        outcome_text: Text | None = None,
        limits: Text | None = None,
        deadline: dt.date | None = None,
        replies: tuple[WrittenReply, ...] = (),
        conclusion: Conclusion | None = None,
        matter_id: Id | None = None,
    ) -> None:
        """Resolve an item: check the method, the quorum at that minute, who may vote, and the sums. With a
        ``conclusion`` read out, the matter is concluded by it, unless a dissent is still to be asked for. Of
        an item with several matters all that are open are resolved at once, or the one that is named."""
        item = self._item_to_resolve(item_id, at)
        check_result(method, result)
        rules = self._rules()
        matters = self._matters_to_resolve(item, matter_id)
        eligible = self._eligible(item_id, rules)
        quorum = self._quorum_now(item_id, rules)
        if METHODS[method].quorum and quorum.result == "not_met" and method != "written":
            raise QUORUM_LOST(present=quorum.present, required=quorum.required)
        self._options_are_those_frozen(item, matters, options_version)
        taken = ResolutionTaken(
            resolution_id=resolution_id or made_id("res-", day_in_japan(at), self.context.new_id()),
            item_id=item_id,
            matter_id=matters[0] if matters else None,
            matter_ids=matters[1:],
            at=at,
            method=method,
            result=result,
            quorum=quorum,
            eligible=len(eligible),
            present=len(self.in_the_room),
            recused=len(self.recusals.get(item_id, set()) & self.in_the_room),
            options_version=options_version,
            rules_version=rules.rules_version if rules else None,
            majority=rules.majority if rules else None,
            tally=tally,
            votes=votes,
            casting_vote=casting_vote,
            objections=objections,
            outcome_text=outcome_text,
            limits=limits,
            deadline=deadline,
            replies=replies,
            conclusion=conclusion,
        )
        self._fits_method(taken, item, rules)
        if METHODS[method].counts_votes or tally is not None:
            self._adds_up(taken, eligible, rules)
        self.record(taken)

    def _item_to_resolve(self, item_id: str, at: dt.datetime) -> AgendaItemListed:
        self._must_be_open()
        item = self.items.get(item_id)
        if item is None:
            raise ITEM_UNKNOWN(item=item_id).at("/item_id")
        if item_id in self.settled:
            raise ALREADY_RESOLVED(item=item_id).at("/item_id")
        if self.last_at is not None and at < self.last_at:
            raise TIME_BACKWARDS(at=at.isoformat(), last=self.last_at.isoformat()).at("/at")
        return item

    def _matters_to_resolve(self, item: AgendaItemListed, matter_id: str | None) -> tuple[str, ...]:
        waiting = tuple(matter for matter in item.matters if matter not in self.resolved_matters)
        if matter_id is not None and matter_id not in waiting:
            raise ALREADY_RESOLVED(item=item.item_id).at("/matter_id")
        return waiting if matter_id is None else (matter_id,)

    def _eligible(self, item_id: str, rules: ProcedureRulesAdopted | None) -> set[str]:
        """Who may vote on an item now: present, not recused; the chair only if the rules say so."""
        eligible = self.in_the_room - self.recusals.get(item_id, set())
        if rules is not None and rules.chair_votes != "always" and self.opened is not None:
            eligible = eligible - {self.opened.presiding}
        return eligible

    def _quorum_now(self, item_id: str, rules: ProcedureRulesAdopted | None) -> QuorumCheck:
        """The quorum at this minute. Recused members count neither as serving nor as present."""
        council = self.look(Council, self.council_id)
        recused = self.recusals.get(item_id, set()) & self.in_the_room
        day = self.day or self.context.today()
        return check_quorum(
            rules.quorum if rules else None,
            len(council.serving_on(day)) - len(recused),
            len(self.in_the_room) - len(recused),
            council.seats_total(),
        )

    def _options_are_those_frozen(
        self, item: AgendaItemListed, matters: tuple[str, ...], count: int | None
    ) -> None:
        for matter_id in matters:
            self._options_of(matter_id, item, count)

    def _options_of(self, matter_id: str, item: AgendaItemListed, count: int | None) -> None:
        matter = self.context.reader.find(KINDS["Matter"], matter_id)
        frozen = getattr(matter, "options_version", None)
        has_options = bool(getattr(matter, "options", None))
        if (count is not None or (has_options and item.type == "decision")) and frozen != count:
            raise OPTIONS_CHANGED(frozen=frozen, given=count).at("/options_version")
        if has_options and item.type == "decision" and frozen is None:
            raise OPTIONS_OPEN().at("/options_version")

    def _fits_method(
        self, taken: ResolutionTaken, item: AgendaItemListed, rules: ProcedureRulesAdopted | None
    ) -> None:
        method = taken.method
        if method == "no_objection" and taken.objections:
            raise OBJECTION_RAISED(objections=taken.objections).at("/objections")
        if method == "consensus_workshop" and taken.result == "agreed" and not taken.outcome_text:
            raise OUTCOME_NOT_READ().at("/outcome_text")
        if method == "opinion_summary" and not self.opinions.get(taken.item_id):
            raise OPINION_REQUIRED()
        if method == "chair_entrusted" and not taken.limits:
            raise LIMITS_REQUIRED().at("/limits")
        if method == "report_noted" and item.type != "report":
            raise NOT_A_REPORT().at("/item_id")
        if method == "written":
            if rules is None or not rules.written:
                raise WRITTEN_NOT_ALLOWED()
            if taken.deadline is None or not taken.replies:
                raise REPLIES_REQUIRED()

    def _adds_up(
        self, taken: ResolutionTaken, eligible: set[str], rules: ProcedureRulesAdopted | None
    ) -> None:
        tally = taken.tally
        if tally is None:
            raise TALLY_REQUIRED().at("/tally")
        if tally.total != len(eligible):
            raise TALLY_MISMATCH(total=tally.total, eligible=len(eligible)).at("/tally")
        self._votes_fit(taken, eligible, tally)
        if taken.method == "unanimous" and tally.against + tally.abstain + tally.not_voting:
            raise TALLY_MISMATCH(total=tally.for_, eligible=len(eligible)).at("/tally")
        decided = self._decided(tally, len(eligible), rules)
        if taken.casting_vote is not None and (
            decided != "tied" or rules is None or rules.chair_votes == "never"
        ):
            raise CASTING_VOTE_UNDUE().at("/casting_vote")
        if decided == "tied" and taken.casting_vote is not None:
            decided = "adopted" if taken.casting_vote == "for" else "rejected"
        self._as_counted(taken, decided)

    def _as_counted(self, taken: ResolutionTaken, decided: str | None) -> None:
        """The result stated is the one that the votes give by the rule (RESULT_NOT_ALLOWED)."""
        if decided is not None and taken.result not in _RESULT_OF_VOTE[decided]:
            raise _not_as_counted(taken, decided)

    def _decided(self, tally: Tally, eligible: int, rules: ProcedureRulesAdopted | None) -> str | None:
        """What the rule makes of the tally; None where no majority rule is known."""
        return rules.majority.decide(tally, eligible) if rules and rules.majority else None

    def _votes_fit(self, taken: ResolutionTaken, eligible: set[str], tally: Tally) -> None:
        """Open votes are those of eligible members and agree with the tally; a ballot has none."""
        counted = {"for": 0, "against": 0, "abstain": 0}
        seen: set[str] = set()
        for n, vote in enumerate(taken.votes):
            if (
                vote.appointment_id not in eligible
                or vote.appointment_id in seen
                or taken.method == "majority_ballot"
            ):
                raise NOT_ELIGIBLE(appointment=vote.appointment_id).at(f"/votes/{n}/appointment_id")
            seen.add(vote.appointment_id)
            counted[vote.vote] += 1
        shown = (tally.for_, tally.against, tally.abstain)
        if taken.votes and tuple(counted.values()) != shown:
            raise TALLY_MISMATCH(total=len(taken.votes), eligible=len(eligible)).at("/votes")


def _not_as_counted(taken: ResolutionTaken, decided: str) -> Exception:
    """RESULT_NOT_ALLOWED: the votes, by the rule, give another result than the one stated."""
    allowed = _RESULT_OF_VOTE[decided]
    method = METHODS[taken.method]
    return RESULT_NOT_ALLOWED(
        method=method.ja,
        method_en=method.en,
        result=RESULTS[taken.result][0],
        result_en=RESULTS[taken.result][1],
        allowed="、".join(RESULTS[r][0] for r in allowed),
        allowed_en=", ".join(RESULTS[r][1] for r in allowed),
    ).at("/result")
