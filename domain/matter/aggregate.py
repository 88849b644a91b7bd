"""Matters 案件: what is asked of the council, what it concludes and why, and what the city makes of it.

A matter outlives meetings: the Meeting proves who decided and how, the Matter holds what and why (domain.md
4.3). Its conclusion 結論 is the council's, consulting under Art.17(2) of the ordinance; the city's decision
市の決定 is a second fact by another author, and neither is ever shown as the other (domain.md 1, trap 1).

Events are in matter_events.py, state in matter_state.py; the commands follow a matter's life: deliberation,
conclusion, and here what goes to the city and comes back.
"""

from __future__ import annotations

from typing import ClassVar

from domain.kernel.commands import command, refuses
from domain.kernel.references import must_exist
from domain.kernel.refusals import ALREADY_EXISTS, REASON_REQUIRED, SELF_APPROVAL, WRONG_STATE
from domain.matter.conclusion import Conclusion
from domain.matter.deliberation import Deliberation
from domain.matter.events import (
    CityDecisionRecorded,
    CityResponseRecorded,
    ConclusionTransmitted,
    MatterRescinded,
    MatterSuperseded,
    PromisedStep,
    PromisedStepTaken,
)
from domain.matter.refusals import (
    ADVISORY_RESULT_AS_DECISION,
    ALREADY_SUPERSEDED,
    ENTRUSTMENT_NOT_SETTLED,
    MATTER_NOT_ADOPTED,
    NO_INQUIRY,
    NOT_TRANSMITTED,
    STEP_NOT_OPEN,
    SUPERSEDE_CYCLE,
)
from domain.matter.state import DECIDED, UNDECIDED
from domain.public_comment.comments import PublicComments
from domain.public_comment.refusals import COMMENTS_ASKED, COMMENTS_NOT_ASKED, COMMENTS_OPEN, WINDOW_OPEN
from domain.public_comment.state import Commented


class Matter(Conclusion, PublicComments, Deliberation):
    """One question: raised → deliberating ⇄ carried_over → concluded | withdrawn; concluded → in_force →
    superseded | rescinded. Anybody may be asked for comments 意見募集 on the way, before the city decides.

    Deliberating begins with the first option, criterion, evidence or opinion. A conclusion is in force from
    the city's decision, unless the city declined it, or at once if the council says from when.
    """

    PREFIX = "matter-"
    ID_FIELDS = ("matter_id",)
    COLLECTION = "matters"
    LABEL = ("案件", "matter")
    OPENS_IN = (*UNDECIDED, "concluded")
    COMMENTED_IN = CONCLUDES_IN = (*UNDECIDED, *DECIDED)
    ALSO_REFUSES: ClassVar = {
        **Commented.ALSO_REFUSES,
        "open_public_comment": (COMMENTS_ASKED,),
        "receive_comment": (COMMENTS_NOT_ASKED,),
        "dispose_comment": (COMMENTS_NOT_ASKED,),
        "publish_comment_result": (COMMENTS_NOT_ASKED,),
    }

    def _not_asked_yet(self) -> None:
        if self.window is not None:
            raise COMMENTS_ASKED()

    def _is_asked(self) -> None:
        if self.window is None and not self.context.importing:
            self.only_in(*self.OPENS_IN)  # else it is too late to ask
            raise COMMENTS_NOT_ASKED()

    # -- commands: to the city and back

    @command(
        "SEC",
        "CHR",
        "IMP",
        event=ConclusionTransmitted,
        ja="結論を市に送付する",
        en="Transmit the conclusion",
    )
    @refuses(ENTRUSTMENT_NOT_SETTLED, NO_INQUIRY, WRONG_STATE)
    def transmit(self, fact: ConclusionTransmitted) -> None:
        """Send the conclusion to the city. 答申 is for a statutory advisory body that was asked."""
        self._in_order(*DECIDED)
        self._is_settled()
        if fact.form == "formal_reply" and not self._may_reply_formally():
            raise NO_INQUIRY().at("/form")
        must_exist(self, fact.to, "/to")
        self.record(fact)

    @command(
        "APR", "IMP", event=CityResponseRecorded, ja="市の回答を記録する", en="Record the city's response"
    )
    @refuses(ALREADY_EXISTS, NOT_TRANSMITTED, REASON_REQUIRED, SELF_APPROVAL, WRONG_STATE)
    def record_city_response(self, fact: CityResponseRecorded) -> None:
        """Answer for the city; anything but acceptance needs a reason."""
        self._in_order(*DECIDED)
        if not self.transmitted and not self.context.importing:
            raise NOT_TRANSMITTED()
        self._decided_by_another()
        if fact.disposition != "accepted":
            self._needs(fact.reason)
        self._promises(fact.promised)
        self.record(fact)

    @command(
        "APR",
        "SEC",
        "IMP",
        event=CityDecisionRecorded,
        ja="市の決定を記録する",
        en="Record the city's decision",
    )
    @refuses(
        ADVISORY_RESULT_AS_DECISION, ALREADY_EXISTS, COMMENTS_OPEN, SELF_APPROVAL, WINDOW_OPEN, WRONG_STATE
    )
    def record_city_decision(self, fact: CityDecisionRecorded) -> None:
        """Record the city's own decision; the secretariat only with its document number or an article. Who
        drafted it 起案 does not approve it. Where the public was asked, every comment has been answered."""
        self._in_order(*DECIDED)
        self.comments_answered()
        self._decided_by_another(fact.drafted_by)
        context = self.context
        shown = (fact.document_no, context.document_no, fact.citation, context.legal_basis)
        if context.actor.role == "SEC" and not any(shown):
            raise ADVISORY_RESULT_AS_DECISION().at("/document_no")
        self._cites(fact.citation, "/citation")
        must_exist(self, fact.drafted_by, "/drafted_by")
        self._promises(fact.promised)
        self.record(fact)

    @command(
        "SEC",
        "APR",
        "IMP",
        event=PromisedStepTaken,
        ja="約束した手順の実施を記録する",
        en="Record that a promised step was taken",
    )
    @refuses(STEP_NOT_OPEN)
    def take_promised_step(self, fact: PromisedStepTaken) -> None:
        """Say that what the city promised has been done, and what shows it."""
        if fact.step_id not in self.promised and not self.context.importing:
            raise STEP_NOT_OPEN(step=fact.step_id).at("/step_id")
        must_exist(self, fact.document_id, "/document_id")
        self.record(fact)

    @command(
        "CHR", "SEC", "IMP", event=MatterSuperseded, ja="新しい案件で置き換える", en="Supersede the matter"
    )
    @refuses(ALREADY_SUPERSEDED, MATTER_NOT_ADOPTED, REASON_REQUIRED, SUPERSEDE_CYCLE, WRONG_STATE)
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

    @command("CHR", "SEC", "IMP", event=MatterRescinded, ja="結論を廃止する", en="Rescind the conclusion")
    @refuses(REASON_REQUIRED, WRONG_STATE)
    def rescind(self, fact: MatterRescinded) -> None:
        """Say that the conclusion no longer holds, and why."""
        self._in_order(*DECIDED)
        self._needs(fact.reason)
        self._known_meeting(fact.meeting_id, "/meeting_id")
        self.record(fact)

    # -- questions

    def require_adopted(self) -> None:
        """Refuse MATTER_NOT_ADOPTED unless it is concluded, with something adopted or agreed on."""
        if not self.is_adopted:
            raise MATTER_NOT_ADOPTED(matter=self.entity, state=self.state)

    def _decided_by_another(self, drafted_by: str | None = None) -> None:
        """Who raised the matter, drafted its transmission or the decision does not answer it for the city."""
        actor = self.context.actor
        if actor.role == "APR" and actor.party is not None and actor.party in {*self.drafters, drafted_by}:
            raise SELF_APPROVAL(party=actor.party)

    def _promises(self, promised: tuple[PromisedStep, ...]) -> None:
        ids = [step.step_id for step in promised]
        for n, step in enumerate(ids):
            if step in self.steps or step in ids[:n]:
                raise ALREADY_EXISTS(id=step).at(f"/promised/{n}/step_id")

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
                matter = self.context.reader.find(Matter, current)
                todo += matter.superseded_by if matter is not None else []
        return False
