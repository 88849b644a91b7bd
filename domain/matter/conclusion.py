"""How a matter 案件 is concluded: the council's conclusion, dissent, and what is left to the chair.

The rules a conclusion must keep (domain.md 4.3) are functions below the class, one each.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import msgspec

from domain.kernel.commands import command, refuses
from domain.kernel.oneself import must_be_oneself
from domain.kernel.references import must_exist
from domain.kernel.refusals import ALREADY_EXISTS, REASON_REQUIRED, UNKNOWN_ID, WRONG_STATE
from domain.matter.events import (
    DissentFiled,
    DissentNoneConfirmed,
    EntrustmentReported,
    EntrustmentSettled,
    MatterConcluded,
    Point,
)
from domain.matter.refusals import (
    CHOICE_MISMATCH,
    DISSENT_ON_RECORD,
    DISSENT_PERIOD_OVER,
    DISSENT_UNASKED,
    ENTRUSTMENT_NOT_SETTLED,
    EVIDENCE_OR_REASON_REQUIRED,
    NO_PART_IN_DECISION,
    NOT_ENTRUSTED,
    OPTION_UNKNOWN,
    OPTIONS_NOT_FROZEN,
    RESOLUTION_UNFINISHED,
    RESOLUTION_UNKNOWN,
)
from domain.matter.state import ADOPTING, DECIDED, UNDECIDED, MatterState
from domain.meeting.reported_events import ResolutionReported
from domain.values.calendar import EffectiveDate
from domain.values.fields import Id, Line, Text
from domain.values.resolution_methods import RESULT_NOT_ALLOWED, RESULTS, UNFINISHED, Result, check_result

if TYPE_CHECKING:
    from domain.meeting.aggregate import Meeting
    from domain.meeting.events import ResolutionTaken

CONFIRMED_MINUTES = ("confirmed", "published")


class Conclusion(MatterState):
    """The commands of a :class:`domain.matter.Matter` by which the council concludes it."""

    @command("CHR", "SEC", records=MatterConcluded, ja="結論を記録する", en="Conclude the matter")
    @refuses(
        CHOICE_MISMATCH,
        DISSENT_UNASKED,
        EVIDENCE_OR_REASON_REQUIRED,
        OPTIONS_NOT_FROZEN,
        OPTION_UNKNOWN,
        RESOLUTION_UNFINISHED,
        RESOLUTION_UNKNOWN,
        RESULT_NOT_ALLOWED,
        WRONG_STATE,
    )
    def conclude(
        self,
        meeting_id: Id,
        resolution_ref: Id,
        reason: Text | None = None,
        chosen_option: Id | None = None,
        conditions: tuple[Text, ...] = (),
        effective_from: EffectiveDate | None = None,
        points: tuple[Point, ...] = (),
        reason_short: Line | None = None,
    ) -> None:
        """Record the council's conclusion. Method and result are those of the meeting's resolution. Where
        nothing but the proposal itself was put (異議なし on the secretariat's own), it names no option."""
        self._in_order(*UNDECIDED)
        resolution = self._resolution(meeting_id, resolution_ref)
        concluded = MatterConcluded(
            meeting_id=meeting_id,
            resolution_ref=resolution_ref,
            method=resolution.method,
            result=resolution.result,
            options_version=getattr(resolution, "options_version", None),
            chosen_option=chosen_option,
            reason=reason or self.context.reason,
            conditions=conditions,
            effective_from=effective_from,
            points=points,
            reason_short=reason_short,
        )
        if isinstance(resolution, ResolutionReported):
            # Nobody recorded what was put, nor who asked for dissents: the source tells what came of it.
            check_result_and_choice(concluded)
            self.record(msgspec.structs.replace(concluded, result_text=resolution.result_text))
            return
        check_put_to_decision(concluded, self)
        check_result_and_choice(concluded, self.options)
        check_accounted_for(concluded, self)
        check_dissent_asked(resolution, self)
        self.record(concluded)

    @command("IMP", event=MatterConcluded, ja="過去の結論を取り込む", en="Import a past conclusion")
    @refuses(CHOICE_MISMATCH, RESOLUTION_UNFINISHED, RESULT_NOT_ALLOWED, WRONG_STATE)
    def import_conclusion(self, fact: MatterConcluded) -> None:
        """Record a conclusion as a source states it, with or without the resolution behind it."""
        self._in_order(*UNDECIDED)
        check_result_and_choice(fact)
        self.record(fact)

    @command("MEM", "CHR", "IMP", event=DissentFiled, ja="少数意見を記録する", en="File a dissent")
    @refuses(ALREADY_EXISTS, DISSENT_PERIOD_OVER, NO_PART_IN_DECISION, WRONG_STATE)
    def file_dissent(self, fact: DissentFiled) -> None:
        """Put a minority opinion, a reservation or a rider on record, until the minutes are confirmed."""
        self._in_order(*UNDECIDED, *DECIDED)
        if fact.dissent_id in self.dissents:
            raise ALREADY_EXISTS(id=fact.dissent_id).at("/dissent_id")
        if not self.context.importing:
            self._may_dissent(fact)
        self.record(fact)

    @command(
        "CHR",
        "SEC",
        "IMP",
        event=DissentNoneConfirmed,
        ja="少数意見がないことを確認する",
        en="Confirm that there is no dissent",
    )
    @refuses(DISSENT_ON_RECORD, WRONG_STATE)
    def confirm_no_dissent(self, fact: DissentNoneConfirmed) -> None:
        """Record that the members were asked for dissents, and had none."""
        self._in_order(*UNDECIDED, *DECIDED)
        if self.dissents:
            raise DISSENT_ON_RECORD(count=len(self.dissents))
        self._known_meeting(fact.meeting_id, "/meeting_id")
        self.record(fact)

    @command(
        "CHR",
        "IMP",
        event=EntrustmentSettled,
        ja="一任された文案を確定する",
        en="Settle the entrusted wording",
    )
    @refuses(NOT_ENTRUSTED, REASON_REQUIRED)
    def settle_entrustment(self, fact: EntrustmentSettled) -> None:
        """Settle the wording left to the chair; outside the limits, say why."""
        if self.entrustment != "open":
            raise NOT_ENTRUSTED()
        if not fact.within_limits:
            self._needs(fact.reason)
        must_exist(self, fact.document_id, "/document_id")
        self.record(fact)

    @command(
        "CHR",
        "SEC",
        "IMP",
        event=EntrustmentReported,
        ja="一任された結果を報告する",
        en="Report the entrusted wording",
    )
    @refuses(ENTRUSTMENT_NOT_SETTLED, NOT_ENTRUSTED)
    def report_entrustment(self, fact: EntrustmentReported) -> None:
        """Report the settled wording to a meeting."""
        if self.entrustment in (None, "reported"):
            raise NOT_ENTRUSTED()
        self._is_settled()
        self._known_meeting(fact.meeting_id, "/meeting_id")
        self.record(fact)

    # -- what the meeting shows

    def _resolution(self, meeting_id: str, resolution_ref: str) -> ResolutionTaken | ResolutionReported:
        meeting = self._meeting(meeting_id)
        taken: ResolutionTaken | ResolutionReported | None = meeting.resolutions.get(resolution_ref)
        resolution = taken or meeting.reported.get(resolution_ref)
        if resolution is None or self.entity not in resolution.matters or resolution.result is None:
            raise RESOLUTION_UNKNOWN(meeting=meeting_id, resolution=resolution_ref).at("/resolution_ref")
        return resolution

    def _may_dissent(self, fact: DissentFiled) -> None:
        """A member who took part in the decision, until its minutes are confirmed (domain.md 4.13)."""
        council = self._council(self.council_id)
        if council is not None and fact.holder is not None and council.appointment(fact.holder) is None:
            raise UNKNOWN_ID(kind="委嘱", kind_en="appointment", id=fact.holder).at("/holder")
        meeting_id = fact.meeting_id or (self.conclusion.meeting_id if self.conclusion else None)
        if meeting_id is None:
            must_be_oneself(self, fact.holder, "/holder", council_id=self.council_id)
            return
        meeting = self._meeting(meeting_id)
        if meeting.minutes_state in CONFIRMED_MINUTES:
            raise DISSENT_PERIOD_OVER()
        if fact.holder is not None and not self._took_part(fact.holder, meeting):
            raise NO_PART_IN_DECISION(holder=fact.holder).at("/holder")
        of = self.council_id or meeting.council_id
        must_be_oneself(self, fact.holder, "/holder", council_id=of)

    def _took_part(self, appointment_id: str, meeting: Meeting) -> bool:
        """Whether a member was in the room, and not recused when this matter was resolved."""
        items = [taken.item_id for taken in meeting.resolutions.values() if self.entity in taken.matters]
        recused = any(meeting.is_recused(appointment_id, item) for item in items)
        return meeting.was_present(appointment_id) and not recused


PICKS_AN_OPTION: frozenset[Result] = frozenset({"adopted", "adopted_with_conditions"})
VOTED = PICKS_AN_OPTION | {"rejected"}
"""Results of a vote, on an option or on the proposal itself."""


def check_result_and_choice(concluded: MatterConcluded, options: Collection[str] | None = None) -> None:
    """The method gives such a result (RESULT_NOT_ALLOWED), it concludes something (RESOLUTION_UNFINISHED),
    and option and conditions agree with it (OPTION_UNKNOWN, CHOICE_MISMATCH).

    Without ``options`` (an import, whose source may not tell them) only contradictions are refused.
    """
    result, chosen = concluded.result, concluded.chosen_option
    if result is None:
        return
    if concluded.method is not None:
        check_result(concluded.method, result)
    if result in UNFINISHED:
        raise RESOLUTION_UNFINISHED(result=RESULTS[result][0], result_en=RESULTS[result][1])
    if chosen is not None and options is not None and chosen not in options:
        raise OPTION_UNKNOWN(option=chosen).at("/chosen_option")
    contradicts = result not in ADOPTING and (chosen is not None or bool(concluded.conditions))
    if contradicts or (options is not None and _leaves_open(concluded, options)):
        raise CHOICE_MISMATCH(
            result=RESULTS[result][0],
            result_en=RESULTS[result][1],
            chosen=chosen or "—",
            conditions=len(concluded.conditions),
        ).at("/chosen_option")


def _leaves_open(concluded: MatterConcluded, options: Collection[str]) -> bool:
    """Whether it does not say which option was adopted, or on which conditions. Without options the proposal
    itself was put: there is nothing to name."""
    if concluded.result == "adopted_with_conditions" and not concluded.conditions:
        return True
    return concluded.result in PICKS_AN_OPTION and bool(options) and concluded.chosen_option is None


def check_put_to_decision(concluded: MatterConcluded, matter: MatterState) -> None:
    """What was voted on, or agreed on among options, is what is frozen now (OPTIONS_NOT_FROZEN). Without
    options the proposal is the option 原案: it reads as the matter was raised."""
    resolved, frozen = concluded.options_version, matter.options_version
    among_options = concluded.result in VOTED | ADOPTING and bool(matter.options)
    if resolved != frozen or (among_options and frozen is None):
        raise OPTIONS_NOT_FROZEN(resolved=resolved or "—", frozen=frozen or "—").at("/resolution_ref")


def check_accounted_for(concluded: MatterConcluded, matter: MatterState) -> None:
    """A decision on one option, or without evidence, says why (EVIDENCE_OR_REASON_REQUIRED)."""
    decides = concluded.result in VOTED | ADOPTING
    unfounded = not matter.evidence or len(matter.options) < 2
    if decides and unfounded and not concluded.reason:
        raise EVIDENCE_OR_REASON_REQUIRED(evidence=len(matter.evidence), options=len(matter.options)).at(
            "/reason"
        )


def check_dissent_asked(resolution: ResolutionTaken, matter: MatterState) -> None:
    """Where somebody objected or voted against, dissents were filed or asked for (DISSENT_UNASKED)."""
    objections = resolution.objections or 0
    against = resolution.tally.against if resolution.tally is not None else 0
    if (objections or against) and not (matter.dissents or matter.dissent_asked):
        raise DISSENT_UNASKED(objections=objections, against=against)
