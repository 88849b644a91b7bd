"""Matters 案件: what is asked of the council, what it concludes and why, and what the city makes of it.

A matter outlives meetings: the Meeting proves who decided and how, the Matter holds what and why (domain.md
4.3). Its conclusion 結論 is the council's, consulting under Art.17(2) of the ordinance; the city's decision
市の決定 is a second fact by another author, and neither is ever shown as the other (domain.md 1, trap 1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import msgspec

from domain.application import ALREADY_TAKEN
from domain.calendar import EffectiveDate
from domain.fields import Id, Text
from domain.law import Citation
from domain.matter_conclusion import (
    check_accounted_for,
    check_dissent_asked,
    check_put_to_decision,
    check_result_and_choice,
)
from domain.matter_events import (
    CityDecisionRecorded,
    CityResponseRecorded,
    ConclusionTransmitted,
    CriterionAdopted,
    DissentFiled,
    DissentNoneConfirmed,
    EntrustmentReported,
    EntrustmentSettled,
    EvidenceAttached,
    MatterCarriedOver,
    MatterConcluded,
    MatterRaised,
    MatterRescinded,
    MatterSuperseded,
    MatterWithdrawn,
    OpinionRecorded,
    OptionAmended,
    OptionAssessed,
    OptionProposed,
    OptionsFrozen,
    OptionWithdrawn,
)
from domain.matter_refusals import (
    ADVISORY_RESULT_AS_DECISION,
    ALREADY_SUPERSEDED,
    BEYOND_REMIT,
    DISSENT_ON_RECORD,
    DISSENT_PERIOD_OVER,
    ENTRUSTMENT_NOT_SETTLED,
    MATTER_NOT_ADOPTED,
    NO_INQUIRY,
    NO_OPTION,
    NO_PART_IN_DECISION,
    NOT_ENTRUSTED,
    NOT_TRANSMITTED,
    OPTION_UNKNOWN,
    RESOLUTION_UNKNOWN,
    SECRETARIAT_HAS_NO_STANCE,
    SELF_APPROVAL,
    SUPERSEDE_CYCLE,
)
from domain.matter_state import DECIDED, UNDECIDED, MatterState
from domain.record import ALREADY_EXISTS, KINDS, REASON_REQUIRED, UNKNOWN_ID, Record, command
from domain.references import must_exist

if TYPE_CHECKING:
    from domain.council import Council
    from domain.meeting import Meeting
    from domain.meeting_events import ResolutionTaken

CONFIRMED_MINUTES = ("confirmed", "published")


class Matter(MatterState, Record):
    """One question: raised → deliberating ⇄ carried_over → concluded | withdrawn; concluded → in_force →
    superseded | rescinded.

    Deliberating begins with the first option, criterion, evidence or opinion. A conclusion is in force from
    the city's decision, unless the city declined it, or at once if the council says from when.
    """

    PREFIX = "matter-"
    ID_FIELDS = ("matter_id",)
    COLLECTION = "matters"
    LABEL = ("案件", "matter")

    # -- commands: the question and its options

    @command("MEM", "LDR", "CHR", "SEC", "IMP", ja="案件を提起する", en="Raise a matter", creates=True)
    def raise_matter(self, fact: MatterRaised) -> None:
        """Put a question to the council, and say why it is for the council to deal with."""
        if self.state != "new":
            raise ALREADY_EXISTS(id=self.entity)
        if fact.remit is None and fact.practice is None and not self.context.importing:
            raise BEYOND_REMIT().at("/remit")
        must_exist(self, fact.council_id, "/council_id")
        self._cites(fact.remit, "/remit")
        must_exist(self, fact.inquiry_id, "/inquiry_id")
        must_exist(self, fact.raised_from, "/raised_from")
        if fact.matter_no is not None:
            self._claim_number(fact.matter_no, fact.council_id)
        self.record(fact)

    @command("MEM", "LDR", "CHR", "SEC", "IMP", ja="案を提案する", en="Propose an option")
    def propose_option(self, fact: OptionProposed) -> None:
        """Propose an answer. One the secretariat makes itself is marked 事務局案."""
        self._in_order(*UNDECIDED)
        if fact.option_id in self.options or fact.option_id in self.withdrawn_options:
            raise ALREADY_EXISTS(id=fact.option_id).at("/option_id")
        if not self.context.importing:
            own = self.context.actor.role == "SEC" and fact.proposer is None
            fact = msgspec.structs.replace(fact, secretariat_draft=own)
        self.record(fact)

    @command("MEM", "LDR", "CHR", "SEC", "IMP", ja="案を修正する", en="Amend an option")
    def amend_option(self, fact: OptionAmended) -> None:
        """Change how an option reads. Frozen options must be frozen again."""
        self._in_order(*UNDECIDED)
        self._known_option(fact.option_id, "/option_id")
        self.record(fact)

    @command("MEM", "LDR", "CHR", "SEC", "IMP", ja="案を取り下げる", en="Withdraw an option")
    def withdraw_option(self, fact: OptionWithdrawn) -> None:
        """Take an option back, and say why."""
        self._in_order(*UNDECIDED)
        self._known_option(fact.option_id, "/option_id")
        self._needs(fact.reason)
        self.record(fact)

    @command("CHR", "SEC", "IMP", ja="案を確定する", en="Freeze the options")
    def freeze_options(self) -> None:
        """Settle which options, in which words, are put to the decision."""
        self._in_order(*UNDECIDED)
        if not self.options:
            raise NO_OPTION()
        self.record(OptionsFrozen(options_version=self.frozen_versions + 1, option_ids=tuple(self.options)))

    @command("MEM", "LDR", "CHR", "SEC", "IMP", ja="判断基準を決める", en="Adopt a criterion")
    def adopt_criterion(self, fact: CriterionAdopted) -> None:
        """Say by what the options are to be judged."""
        self._in_order(*UNDECIDED)
        if fact.criterion_id in self.criteria:
            raise ALREADY_EXISTS(id=fact.criterion_id).at("/criterion_id")
        self._cites(fact.citation, "/citation")
        self.record(fact)

    @command("MEM", "LDR", "CHR", "ADV", "SEC", "IMP", ja="案を評価する", en="Assess an option")
    def assess_option(self, fact: OptionAssessed) -> None:
        """Judge an option by a criterion."""
        self._in_order(*UNDECIDED)
        self._known_option(fact.option_id, "/option_id")
        if fact.criterion_id not in self.criteria:
            raise UNKNOWN_ID(kind="判断基準", id=fact.criterion_id).at("/criterion_id")
        self.record(fact)

    # -- commands: evidence and opinions

    @command("MEM", "LDR", "CHR", "ADV", "SEC", "IMP", ja="資料を添付する", en="Attach evidence")
    def attach_evidence(self, fact: EvidenceAttached) -> None:
        """Attach a registered document. After the conclusion too: the trail shows that it came later."""
        self._in_order(*UNDECIDED, *DECIDED)
        if fact.evidence_id in self.evidence:
            raise ALREADY_EXISTS(id=fact.evidence_id).at("/evidence_id")
        for n, part in enumerate(fact.bears_on):
            if part not in self.criteria:
                self._known_option(part, f"/bears_on/{n}")
        must_exist(self, fact.document_id, "/document_id")
        self.record(fact)

    @command("MEM", "ADV", "CHR", "SEC", "IMP", ja="意見を記録する", en="Record an opinion")
    def record_opinion(self, fact: OpinionRecorded) -> None:
        """Record what somebody thinks. The secretariat's own words are an explanation (domain.md 4.13)."""
        self._in_order(*UNDECIDED)
        if fact.opinion_id in self.opinions:
            raise ALREADY_EXISTS(id=fact.opinion_id).at("/opinion_id")
        if fact.option_id is not None:
            self._known_option(fact.option_id, "/option_id")
        actor = self.context.actor
        own = actor.role == "SEC" and fact.holder is not None and fact.holder == actor.party
        if own and fact.stance != "neutral":
            raise SECRETARIAT_HAS_NO_STANCE().at("/stance")
        self.record(fact)

    @command("CHR", "SEC", "IMP", ja="継続審議とする", en="Carry the matter over")
    def carry_over(self, fact: MatterCarriedOver) -> None:
        """Go on another time, and say why."""
        self._in_order("raised", "deliberating")
        self._needs(fact.reason)
        self._known_meeting(fact.meeting_id, "/meeting_id")
        self._known_meeting(fact.to_meeting, "/to_meeting")
        self.record(fact)

    @command("CHR", "SEC", "IMP", ja="案件を取り下げる", en="Withdraw the matter")
    def withdraw(self, fact: MatterWithdrawn) -> None:
        """Stop asking, and say why."""
        self._in_order(*UNDECIDED)
        self._needs(fact.reason)
        self.record(fact)

    # -- commands: conclusion and dissent

    @command("CHR", "SEC", ja="結論を記録する", en="Conclude the matter")
    def conclude(
        self,
        meeting_id: Id,
        resolution_ref: Id,
        reason: Text | None = None,
        chosen_option: Id | None = None,
        conditions: tuple[Text, ...] = (),
        effective_from: EffectiveDate | None = None,
    ) -> None:
        """Record the council's conclusion. Method and result are those of the meeting's resolution."""
        self._in_order(*UNDECIDED)
        resolution = self._resolution(meeting_id, resolution_ref)
        concluded = MatterConcluded(
            meeting_id=meeting_id,
            resolution_ref=resolution_ref,
            method=resolution.method,
            result=resolution.result,
            options_version=resolution.options_version,
            chosen_option=chosen_option,
            reason=reason or self.context.reason,
            conditions=conditions,
            effective_from=effective_from,
        )
        check_put_to_decision(concluded, self)
        check_result_and_choice(concluded, self.options)
        check_accounted_for(concluded, self)
        check_dissent_asked(resolution, self)
        self.record(concluded)

    @command("IMP", ja="過去の結論を取り込む", en="Import a past conclusion")
    def import_conclusion(self, fact: MatterConcluded) -> None:
        """Record a conclusion as a source states it, with or without the resolution behind it."""
        self._in_order(*UNDECIDED)
        check_result_and_choice(fact)
        self.record(fact)

    @command("MEM", "CHR", "IMP", ja="少数意見を記録する", en="File a dissent")
    def file_dissent(self, fact: DissentFiled) -> None:
        """Put a minority opinion, a reservation or a rider on record, until the minutes are confirmed."""
        self._in_order(*UNDECIDED, *DECIDED)
        if fact.dissent_id in self.dissents:
            raise ALREADY_EXISTS(id=fact.dissent_id).at("/dissent_id")
        if not self.context.importing:
            self._may_dissent(fact)
        self.record(fact)

    @command("CHR", "SEC", "IMP", ja="少数意見がないことを確認する", en="Confirm that there is no dissent")
    def confirm_no_dissent(self, fact: DissentNoneConfirmed) -> None:
        """Record that the members were asked for dissents, and had none."""
        self._in_order(*UNDECIDED, *DECIDED)
        if self.dissents:
            raise DISSENT_ON_RECORD(count=len(self.dissents))
        self._known_meeting(fact.meeting_id, "/meeting_id")
        self.record(fact)

    @command("CHR", "IMP", ja="一任された文案を確定する", en="Settle the entrusted wording")
    def settle_entrustment(self, fact: EntrustmentSettled) -> None:
        """Settle the wording left to the chair; outside the limits, say why."""
        if self.entrustment != "open":
            raise NOT_ENTRUSTED()
        if not fact.within_limits:
            self._needs(fact.reason)
        must_exist(self, fact.document_id, "/document_id")
        self.record(fact)

    @command("CHR", "SEC", "IMP", ja="一任された結果を報告する", en="Report the entrusted wording")
    def report_entrustment(self, fact: EntrustmentReported) -> None:
        """Report the settled wording to a meeting."""
        if self.entrustment in (None, "reported"):
            raise NOT_ENTRUSTED()
        self._is_settled()
        self._known_meeting(fact.meeting_id, "/meeting_id")
        self.record(fact)

    # -- commands: onward

    @command("SEC", "CHR", "IMP", ja="結論を市に送付する", en="Transmit the conclusion")
    def transmit(self, fact: ConclusionTransmitted) -> None:
        """Send the conclusion to the city. 答申 is for a statutory advisory body that was asked."""
        self._in_order(*DECIDED)
        self._is_settled()
        if fact.form == "formal_reply" and not self._may_reply_formally():
            raise NO_INQUIRY().at("/form")
        must_exist(self, fact.to, "/to")
        self.record(fact)

    @command("APR", "IMP", ja="市の回答を記録する", en="Record the city's response")
    def record_city_response(self, fact: CityResponseRecorded) -> None:
        """Answer for the city; anything but acceptance needs a reason."""
        self._in_order(*DECIDED)
        if not self.transmitted and not self.context.importing:
            raise NOT_TRANSMITTED()
        self._decided_by_another()
        if fact.disposition != "accepted":
            self._needs(fact.reason)
        self.record(fact)

    @command("APR", "SEC", "IMP", ja="市の決定を記録する", en="Record the city's decision")
    def record_city_decision(self, fact: CityDecisionRecorded) -> None:
        """Record the city's own decision; the secretariat only with its document number or an article."""
        self._in_order(*DECIDED)
        self._decided_by_another()
        context = self.context
        shown = (fact.document_no, context.document_no, fact.citation, context.legal_basis)
        if context.actor.role == "SEC" and not any(shown):
            raise ADVISORY_RESULT_AS_DECISION().at("/document_no")
        self._cites(fact.citation, "/citation")
        self.record(fact)

    @command("CHR", "SEC", "IMP", ja="新しい案件で置き換える", en="Supersede the matter")
    def supersede(self, fact: MatterSuperseded) -> None:
        """Say that a later, adopted matter replaces this one, or some clauses of it, and why."""
        if self.state == "superseded":
            raise ALREADY_SUPERSEDED(by=self.superseded_by[-1])
        self._in_order(*DECIDED)
        if self._leads_back(fact.superseded_by):
            raise SUPERSEDE_CYCLE(by=fact.superseded_by).at("/superseded_by")
        if not self.context.importing:
            self.look(Matter, fact.superseded_by).require_adopted()
        self._needs(fact.reason)
        self.record(fact)

    @command("CHR", "SEC", "IMP", ja="結論を廃止する", en="Rescind the conclusion")
    def rescind(self, fact: MatterRescinded) -> None:
        """Say that the conclusion no longer holds, and why."""
        self._in_order(*DECIDED)
        self._needs(fact.reason)
        self._known_meeting(fact.meeting_id, "/meeting_id")
        self.record(fact)

    # -- what other aggregates and several commands ask

    def require_adopted(self) -> None:
        """Refuse MATTER_NOT_ADOPTED unless it is concluded, with something adopted or agreed on."""
        if not self.is_adopted:
            raise MATTER_NOT_ADOPTED(matter=self.entity, state=self.state)

    def _in_order(self, *states: str) -> None:
        if not self.context.importing:
            self.only_in(*states)

    def _needs(self, reason: str | None) -> None:
        if not (reason or self.context.reason or self.context.importing):
            raise REASON_REQUIRED().at("/reason")

    def _claim_number(self, matter_no: str, council_id: str | None) -> None:
        value = f"{council_id or ''} {matter_no}".strip()
        # The store refuses what other transactions took; within one batch nobody else would see it.
        if self.context.claims.get(f"matter_no:{value}", self.id) != self.id:
            raise ALREADY_TAKEN(value=value).at("/matter_no")
        self.claim("matter_no", value)

    def _cites(self, citation: Citation | None, pointer: str) -> None:
        if citation is not None:
            must_exist(self, citation.instrument_id, f"{pointer}/instrument_id")

    def _known_option(self, option_id: str, pointer: str) -> None:
        if option_id not in self.options:
            raise OPTION_UNKNOWN(option=option_id).at(pointer)

    def _is_settled(self) -> None:
        if self.entrustment == "open":
            raise ENTRUSTMENT_NOT_SETTLED()

    def _decided_by_another(self) -> None:
        """Who raised the matter or drafted its transmission does not answer it for the city."""
        actor = self.context.actor
        if actor.role == "APR" and actor.party in self.drafters:
            raise SELF_APPROVAL(party=actor.party)

    # -- what the meeting and the council know

    def _meeting(self, meeting_id: str, pointer: str = "/meeting_id") -> Meeting:
        kind = KINDS["Meeting"]
        found = self.context.reader.find(kind, meeting_id)
        if found is None:
            raise UNKNOWN_ID(kind=kind.LABEL[0], id=meeting_id).at(pointer)
        return cast("Meeting", found)

    def _known_meeting(self, meeting_id: str | None, pointer: str) -> None:
        if meeting_id is not None and not self.context.importing:
            self._meeting(meeting_id, pointer)

    def _resolution(self, meeting_id: str, resolution_ref: str) -> ResolutionTaken:
        found = self._meeting(meeting_id).resolutions.get(resolution_ref)
        if found is None or found.matter_id != self.entity:
            raise RESOLUTION_UNKNOWN(meeting=meeting_id, resolution=resolution_ref).at("/resolution_ref")
        return found

    def _may_dissent(self, fact: DissentFiled) -> None:
        """A member who took part in the decision, until its minutes are confirmed (domain.md 4.13)."""
        council = self._council(self.council_id)
        if council is not None and fact.holder is not None and council.appointment(fact.holder) is None:
            raise UNKNOWN_ID(kind="委嘱", id=fact.holder).at("/holder")
        meeting_id = fact.meeting_id or (self.conclusion.meeting_id if self.conclusion else None)
        if meeting_id is None:
            return
        meeting = self._meeting(meeting_id)
        if meeting.minutes_state in CONFIRMED_MINUTES:
            raise DISSENT_PERIOD_OVER()
        if fact.holder is not None and not self._took_part(fact.holder, meeting):
            raise NO_PART_IN_DECISION(holder=fact.holder).at("/holder")

    def _took_part(self, appointment_id: str, meeting: Meeting) -> bool:
        """Whether a member was in the room, and not recused when this matter was resolved."""
        items = [taken.item_id for taken in meeting.resolutions.values() if taken.matter_id == self.entity]
        recused = any(meeting.is_recused(appointment_id, item) for item in items)
        return meeting.was_present(appointment_id) and not recused

    def _council(self, council_id: str | None) -> Council | None:
        found = self.context.reader.find(KINDS["Council"], council_id) if council_id else None
        return cast("Council | None", found)

    def _may_reply_formally(self) -> bool:
        """Whether it answers an inquiry to a statutory advisory body. A source may not tell of either."""
        importing, decided_in = self.context.importing, self.conclusion and self.conclusion.meeting_id
        council_id = self.council_id
        if council_id is None and decided_in and not importing:
            council_id = self._meeting(decided_in).council_id
        council = self._council(council_id)
        if council is None:
            return importing
        advisory = council.body_type == "statutory_advisory"
        return advisory and (importing or self.inquiry_id is not None)

    def _leads_back(self, entity: str) -> bool:
        """Whether ``entity``, or what replaced it, comes back to this matter."""
        todo, seen = [entity], set[str]()
        while todo:
            current = todo.pop()
            if current == self.entity:
                return True
            if current not in seen:
                seen.add(current)
                found = self.context.reader.find(Matter, current)
                todo += found.superseded_by if found is not None else []
        return False
