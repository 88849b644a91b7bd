"""How a matter 案件 is deliberated: the question, its options and criteria, evidence and opinions."""

from __future__ import annotations

import msgspec

from domain.kernel.commands import command, refuses
from domain.kernel.oneself import PERSONS, must_be_oneself
from domain.kernel.references import must_exist
from domain.kernel.refusals import (
    ALREADY_EXISTS,
    ALREADY_TAKEN,
    NOT_YOURSELF,
    REASON_REQUIRED,
    UNKNOWN_ID,
    WRONG_STATE,
)
from domain.matter.events import (
    CriterionAdopted,
    EvidenceAttached,
    MatterCarriedOver,
    MatterRaised,
    MatterWithdrawn,
    OpinionRecorded,
    OptionAmended,
    OptionAssessed,
    OptionProposed,
    OptionsFrozen,
    OptionWithdrawn,
)
from domain.matter.refusals import BEYOND_REMIT, NO_OPTION, OPTION_UNKNOWN, SECRETARIAT_HAS_NO_STANCE
from domain.matter.state import DECIDED, UNDECIDED, MatterState


class Deliberation(MatterState):
    """The commands of a :class:`domain.matter.Matter` from its question up to its conclusion."""

    # -- the question and its options

    @command(
        "MEM",
        "LDR",
        "CHR",
        "SEC",
        "IMP",
        event=MatterRaised,
        ja="案件を提起する",
        en="Raise a matter",
        creates=True,
    )
    @refuses(ALREADY_TAKEN, BEYOND_REMIT, UNKNOWN_ID)
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
        must_be_oneself(self, fact.raised_by, "/raised_by", council_id=fact.council_id)
        if fact.matter_no is not None:
            number = " ".join(str(part) for part in (fact.matter_year, fact.matter_no) if part is not None)
            self._claim_number(number, fact.council_id)
        self.record(fact)

    @command(
        "MEM", "LDR", "CHR", "SEC", "IMP", event=OptionProposed, ja="案を提案する", en="Propose an option"
    )
    @refuses(ALREADY_EXISTS, WRONG_STATE)
    def propose_option(self, fact: OptionProposed) -> None:
        """Propose an answer. One the secretariat makes itself is marked 事務局案."""
        self._in_order(*UNDECIDED)
        if fact.option_id in self.options or fact.option_id in self.withdrawn_options:
            raise ALREADY_EXISTS(id=fact.option_id).at("/option_id")
        self._own(fact.proposer, "/proposer")
        if not self.context.importing:
            own = self.context.actor.role == "SEC" and fact.proposer is None
            fact = msgspec.structs.replace(fact, secretariat_draft=own)
        self.record(fact)

    @command("MEM", "LDR", "CHR", "SEC", "IMP", event=OptionAmended, ja="案を修正する", en="Amend an option")
    @refuses(OPTION_UNKNOWN, WRONG_STATE)
    def amend_option(self, fact: OptionAmended) -> None:
        """Change how an option reads. Frozen options must be frozen again."""
        self._in_order(*UNDECIDED)
        self._known_option(fact.option_id, "/option_id")
        self._own(fact.proposer, "/proposer")
        self.record(fact)

    @command(
        "MEM", "LDR", "CHR", "SEC", "IMP", event=OptionWithdrawn, ja="案を取り下げる", en="Withdraw an option"
    )
    @refuses(OPTION_UNKNOWN, REASON_REQUIRED, WRONG_STATE)
    def withdraw_option(self, fact: OptionWithdrawn) -> None:
        """Take an option back, and say why: whoever proposed it, or the secretariat for them."""
        self._in_order(*UNDECIDED)
        self._known_option(fact.option_id, "/option_id")
        self._own(fact.proposer, "/proposer")
        self._own_option(fact.option_id)
        self._needs(fact.reason)
        self.record(fact)

    @command("CHR", "SEC", "IMP", records=OptionsFrozen, ja="案を確定する", en="Freeze the options")
    @refuses(NO_OPTION, WRONG_STATE)
    def freeze_options(self) -> None:
        """Settle which options, in which words, are put to the decision."""
        self._in_order(*UNDECIDED)
        if not self.options:
            raise NO_OPTION()
        self.record(OptionsFrozen(options_version=self.frozen_versions + 1, option_ids=tuple(self.options)))

    @command(
        "MEM",
        "LDR",
        "CHR",
        "SEC",
        "IMP",
        event=CriterionAdopted,
        ja="判断基準を決める",
        en="Adopt a criterion",
    )
    @refuses(ALREADY_EXISTS, WRONG_STATE)
    def adopt_criterion(self, fact: CriterionAdopted) -> None:
        """Say by what the options are to be judged."""
        self._in_order(*UNDECIDED)
        if fact.criterion_id in self.criteria:
            raise ALREADY_EXISTS(id=fact.criterion_id).at("/criterion_id")
        self._cites(fact.citation, "/citation")
        self.record(fact)

    @command(
        "MEM",
        "LDR",
        "CHR",
        "ADV",
        "SEC",
        "IMP",
        event=OptionAssessed,
        ja="案を評価する",
        en="Assess an option",
    )
    @refuses(OPTION_UNKNOWN, WRONG_STATE)
    def assess_option(self, fact: OptionAssessed) -> None:
        """Judge an option by a criterion."""
        self._in_order(*UNDECIDED)
        self._known_option(fact.option_id, "/option_id")
        if fact.criterion_id not in self.criteria:
            raise UNKNOWN_ID(kind="判断基準", kind_en="criterion", id=fact.criterion_id).at("/criterion_id")
        self._own(fact.by, "/by")
        self.record(fact)

    # -- evidence and opinions

    @command(
        "MEM",
        "LDR",
        "CHR",
        "ADV",
        "SEC",
        "IMP",
        event=EvidenceAttached,
        ja="資料を添付する",
        en="Attach evidence",
    )
    @refuses(ALREADY_EXISTS, OPTION_UNKNOWN, WRONG_STATE)
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

    @command(
        "MEM", "ADV", "CHR", "SEC", "IMP", event=OpinionRecorded, ja="意見を記録する", en="Record an opinion"
    )
    @refuses(ALREADY_EXISTS, OPTION_UNKNOWN, SECRETARIAT_HAS_NO_STANCE, WRONG_STATE)
    def record_opinion(self, fact: OpinionRecorded) -> None:
        """Record what somebody thinks. The secretariat's own words are an explanation."""
        self._in_order(*UNDECIDED)
        if fact.opinion_id in self.opinions:
            raise ALREADY_EXISTS(id=fact.opinion_id).at("/opinion_id")
        if fact.option_id is not None:
            self._known_option(fact.option_id, "/option_id")
        self._own(fact.holder, "/holder")
        actor = self.context.actor
        own = actor.role == "SEC" and fact.holder is not None and fact.holder == actor.party
        if own and fact.stance != "neutral":
            raise SECRETARIAT_HAS_NO_STANCE().at("/stance")
        self.record(fact)

    @command("CHR", "SEC", "IMP", event=MatterCarriedOver, ja="継続審議とする", en="Carry the matter over")
    @refuses(REASON_REQUIRED, WRONG_STATE)
    def carry_over(self, fact: MatterCarriedOver) -> None:
        """Go on another time, and say why."""
        self._in_order(*UNDECIDED)
        self._needs(fact.reason)
        self._known_meeting(fact.meeting_id, "/meeting_id")
        self._known_meeting(fact.to_meeting, "/to_meeting")
        self.record(fact)

    @command("CHR", "SEC", "IMP", event=MatterWithdrawn, ja="案件を取り下げる", en="Withdraw the matter")
    @refuses(REASON_REQUIRED, WRONG_STATE)
    def withdraw(self, fact: MatterWithdrawn) -> None:
        """Stop asking, and say why."""
        self._in_order(*UNDECIDED)
        self._needs(fact.reason)
        self.record(fact)

    def _own_option(self, option_id: str) -> None:
        """Refuse ``NOT_YOURSELF`` to whoever did not propose the option."""
        actor, proposer = self.context.actor, self.options[option_id].proposer
        if proposer is not None:
            self._own(proposer, "/option_id")
            return
        own = actor.party is not None and actor.party == self.option_by.get(option_id)
        if actor.role in PERSONS and not own and not self.context.importing:
            raise NOT_YOURSELF().at("/option_id")

    def _own(self, named: str | None, pointer: str) -> None:
        must_be_oneself(self, named, pointer, council_id=self.council_id)

    def _claim_number(self, matter_no: str, council_id: str | None) -> None:
        value = f"{council_id or ''} {matter_no}".strip()
        # The store refuses what other transactions took; within one batch nobody else would see it.
        if self.context.claims.get(f"matter_no:{value}", self.id) != self.id:
            raise ALREADY_TAKEN(value=value).at("/matter_no")
        self.claim("matter_no", value)
