"""Promotion plans 協働推進計画: what the city means to do for participation, made with the council.

The council consults on the plan (ordinance, Art.17(2)); the city approves it; the mayor's measures under it
come from Art.16 (domain.md 4.5). Agreement and approval are two facts by two authors, and the approver is
not the drafter. Only one plan is in force at a time, so each plan says which one it replaces.

Events are in events.py, state in state.py; public comment on the draft is that of domain/public_comment.
"""

from __future__ import annotations

import msgspec

from domain.kernel.commands import command, refuses
from domain.kernel.references import NAMED_PARTS, must_exist
from domain.kernel.refusals import (
    ALREADY_EXISTS,
    ALREADY_TAKEN,
    REASON_REQUIRED,
    SELF_APPROVAL,
    UNKNOWN_ID,
    WRONG_STATE,
)
from domain.matter.aggregate import Matter
from domain.matter.refusals import ALREADY_SUPERSEDED, MATTER_NOT_ADOPTED, SUPERSEDE_CYCLE
from domain.promotion_plan.events import (
    MeasureStated,
    PlanAgreedByCouncil,
    PlanApprovedByCity,
    PlanDraftPrepared,
    PlanExpired,
    PlanFormulated,
    PlanFormulationStarted,
    PlanPublished,
    PlanRevised,
    PlanSuperseded,
)
from domain.promotion_plan.refusals import (
    COUNCIL_NOT_CONSULTED,
    MEASURE_NAME_WRONG,
    PERIOD_REVERSED,
    PLAN_NOT_OVER,
    PLAN_OVERLAP,
)
from domain.promotion_plan.state import IN_FORCE, PromotionPlanState
from domain.public_comment.comments import PublicComments
from domain.public_comment.events import (
    CommentDisposed,
    CommenterErased,
    CommentReceived,
    CommentResultPublished,
    PublicCommentOpened,
)
from domain.public_comment.refusals import COMMENTS_OPEN, WINDOW_OPEN
from domain.values.calendar import fiscal_year_bounds
from domain.values.fields import Id, Year

__all__ = [
    "CommentDisposed",
    "CommentReceived",
    "CommentResultPublished",
    "CommenterErased",
    "MeasureStated",
    "PlanAgreedByCouncil",
    "PlanApprovedByCity",
    "PlanDraftPrepared",
    "PlanExpired",
    "PlanFormulated",
    "PlanFormulationStarted",
    "PlanPublished",
    "PlanRevised",
    "PlanSuperseded",
    "PromotionPlan",
    "PublicCommentOpened",
]

_DRAFTED = ("draft", "public_comment")


class PromotionPlan(PublicComments, PromotionPlanState):
    """One plan: formulating → draft → public_comment → council_agreed → approved → in_force → revised* →
    superseded | expired; or formulated, where a source tells only that it exists, and not who approved it
    for which years. The public need not be asked, and the city may do without the council's agreement if it
    says why."""

    PREFIX = "plan-"
    ID_FIELDS = ("plan_id",)
    COLLECTION = "plans"
    LABEL = ("推進計画", "promotion plan")
    OPENS_IN = ("draft",)
    COMMENTED_IN = ("public_comment",)
    CONCLUDES_IN = ("public_comment", "council_agreed", "approved", "in_force", "revised")

    # -- commands: making it

    @command(
        "SEC",
        "IMP",
        event=PlanFormulated,
        ja="策定済みの計画を記録する",
        en="Record a plan made earlier",
        creates=True,
    )
    @refuses(PERIOD_REVERSED)
    def register(self, fact: PlanFormulated) -> None:
        """Enter a plan that was there before the record, or that a source tells of, with whatever is known of
        it."""
        self._only_new()
        _forward(fact.period_from_fy, fact.period_to_fy)
        self.record(fact)

    @command(
        "SEC",
        "IMP",
        event=PlanFormulationStarted,
        ja="計画の策定を始める",
        en="Start formulating a plan",
        creates=True,
    )
    @refuses(UNKNOWN_ID)
    def start_formulation(self, fact: PlanFormulationStarted) -> None:
        """Begin work on a plan with the council."""
        self._only_new()
        must_exist(self, fact.council_id, "/council_id")
        must_exist(self, fact.matter_id, "/matter_id")
        self.record(fact)

    @command("SEC", "IMP", records=PlanDraftPrepared, ja="計画案を作成する", en="Prepare a draft")
    @refuses(WRONG_STATE)
    def prepare_draft(self, document_id: Id) -> None:
        """Register the next draft; the drafts are numbered. Comments may lead to another one."""
        self._in_order("formulating", *_DRAFTED)
        must_exist(self, document_id, "/document_id")
        self.record(PlanDraftPrepared(v=self.drafts + 1, document_id=document_id))

    @command("SEC", "IMP", event=MeasureStated, ja="施策を記録する", en="State a measure")
    @refuses(ALREADY_EXISTS, ALREADY_TAKEN, MEASURE_NAME_WRONG, WRONG_STATE)
    def state_measure(self, fact: MeasureStated) -> None:
        """Say what the plan means to do, and under which item of Art.16."""
        self._in_order("formulating", *_DRAFTED, "formulated", "revised")
        if not fact.measure_id.startswith(NAMED_PARTS):
            raise MEASURE_NAME_WRONG(measure=fact.measure_id).at("/measure_id")
        if fact.measure_id in self.measures:
            raise ALREADY_EXISTS(id=fact.measure_id).at("/measure_id")
        # Its id stands in addresses by itself, so no other plan may use it, not even in the same batch.
        if self.context.claims.get(f"measure:{fact.measure_id}", self.id) != self.id:
            raise ALREADY_TAKEN(value=fact.measure_id).at("/measure_id")
        self.claim("measure", fact.measure_id)
        self.record(fact)

    @command(
        "SEC",
        "CHR",
        "IMP",
        event=PlanAgreedByCouncil,
        ja="市民会議の合意を記録する",
        en="Record the council's agreement",
    )
    @refuses(COMMENTS_OPEN, MATTER_NOT_ADOPTED, WINDOW_OPEN, WRONG_STATE)
    def record_agreement(self, fact: PlanAgreedByCouncil) -> None:
        """Record that the council agreed on the draft, in a matter that was adopted or agreed on; where the
        public was asked, after every comment has been answered."""
        self._in_order(*_DRAFTED)
        self.comments_answered()
        if not self.context.importing:
            self.look(Matter, fact.matter_id).require_adopted()
        self.record(fact)

    @command("APR", "IMP", event=PlanApprovedByCity, ja="計画を承認する", en="Approve a plan")
    @refuses(COMMENTS_OPEN, COUNCIL_NOT_CONSULTED, SELF_APPROVAL, WINDOW_OPEN, WRONG_STATE)
    def approve(self, fact: PlanApprovedByCity) -> None:
        """Approve the plan for the city; without the council's agreement, say why."""
        self._in_order(*_DRAFTED, "council_agreed")
        self.comments_answered()
        if self.state in _DRAFTED and not (fact.reason or self.context.reason or self.context.importing):
            raise COUNCIL_NOT_CONSULTED().at("/reason")
        if self.context.actor.party in self.drafters:
            raise SELF_APPROVAL(party=self.context.actor.party)
        self.record(fact)

    # -- commands: in force

    @command("SEC", "APR", "IMP", event=PlanPublished, ja="計画を公表する", en="Publish a plan")
    @refuses(PERIOD_REVERSED, PLAN_OVERLAP, WRONG_STATE)
    def publish(self, fact: PlanPublished) -> None:
        """Put an approved plan into force for its years, in place of the plan before it."""
        self._in_order("approved")
        _forward(fact.period_from_fy, fact.period_to_fy)
        if not self.context.importing:
            self._takes_its_place(fact.replaces, fact.period_from_fy)
        self.record(fact)

    @command("SEC", "APR", "IMP", records=PlanRevised, ja="計画を改定する", en="Revise a plan")
    @refuses(MATTER_NOT_ADOPTED, PERIOD_REVERSED, PLAN_OVERLAP, WRONG_STATE)
    def revise(
        self, matter_id: Id | None = None, document_id: Id | None = None, period_to_fy: Year | None = None
    ) -> None:
        """Change a plan in force, as a matter has it that was adopted or agreed on; the revisions are
        numbered. Its last fiscal year is moved only where no other plan has taken its place."""
        self._in_order(*IN_FORCE)
        if not self.context.importing:
            if matter_id is None:
                raise MATTER_NOT_ADOPTED().at("/matter_id")
            self.look(Matter, matter_id).require_adopted()
        must_exist(self, document_id, "/document_id")
        _forward(self.period[0], period_to_fy)
        if period_to_fy not in (None, self.period[1]) and not self.context.importing:
            self._claim_place("plan_after", self.place)
        self.record(
            PlanRevised(
                v=self.revisions + 1,
                matter_id=matter_id,
                document_id=document_id,
                period_to_fy=period_to_fy,
            )
        )

    @command("SEC", "APR", "IMP", event=PlanSuperseded, ja="計画の交代を記録する", en="Supersede a plan")
    @refuses(ALREADY_SUPERSEDED, REASON_REQUIRED, SUPERSEDE_CYCLE, WRONG_STATE)
    def supersede(self, fact: PlanSuperseded) -> None:
        """Let a later, approved plan take its place, and say why. Whether its own years are over is worked
        out from them."""
        if self.superseded_by is not None:
            raise ALREADY_SUPERSEDED(by=self.superseded_by)
        self._in_order(*IN_FORCE, "formulated")
        if fact.superseded_by == self.entity:
            raise SUPERSEDE_CYCLE(by=fact.superseded_by).at("/superseded_by")
        if not self.context.importing:
            self.look(PromotionPlan, fact.superseded_by).only_in("approved", *IN_FORCE)
            if not (fact.reason or self.context.reason):
                raise REASON_REQUIRED().at("/reason")
            fact = msgspec.structs.replace(fact, before_expiry=self._cut_short(fact.from_fy))
        self.record(fact)

    @command(
        "SEC", "APR", "IMP", event=PlanExpired, ja="計画期間の満了を記録する", en="Record that a plan expired"
    )
    @refuses(PLAN_NOT_OVER, WRONG_STATE)
    def expire(self, fact: PlanExpired) -> None:
        """Record that its years are over. A plan without an end does not expire: another replaces it."""
        self._in_order(*IN_FORCE, "formulated")
        last = self.period[1]
        if last is None and not self.context.importing:
            raise PLAN_NOT_OVER()
        day = fact.on.check().latest if fact.on is not None else self._day()
        if last is not None and day is not None and day <= fiscal_year_bounds(last)[1]:
            raise PLAN_NOT_OVER(ends=fiscal_year_bounds(last)[1].isoformat()).at("/on")
        self.record(msgspec.structs.replace(fact, on=self._dated(fact.on)))

    # -- questions

    @property
    def place(self) -> str:
        """The name of the place after it, which one plan may take. Moving its last year takes that place
        too, and leaves another: what moves and what follows cannot both have counted on the same years."""
        return self.entity if not self.periods_moved else f"{self.entity} ({self.periods_moved})"

    def gives_way_to(self, later: str, from_fy: int) -> bool:
        """Whether it is no longer in force when ``later`` begins: its years are over, or it was superseded
        by that plan from then on at the latest."""
        last = self.period[1]
        if last is not None and last < from_fy:
            return True
        return self.superseded_by == later and (self.superseded_from or from_fy) <= from_fy

    def _takes_its_place(self, replaces: str | None, from_fy: int) -> None:
        """The plans of a council form one line: a first one, and after each plan at most one other. As each
        gives way to the next, no two of them are in force on one day."""
        if replaces is None:
            self._claim_place("plan_first", self.council_id or self.entity)
            return
        before = self.look(PromotionPlan, replaces)
        if not before.gives_way_to(self.entity, from_fy):
            raise PLAN_OVERLAP(value=replaces).at("/replaces")
        self._claim_place("plan_after", before.place)

    def _claim_place(self, what: str, value: str) -> None:
        if self.context.claims.get(f"{what}:{value}", self.id) != self.id:
            raise PLAN_OVERLAP(value=value).at("/replaces")
        self.claim(what, value)

    def _cut_short(self, from_fy: int | None) -> bool | None:
        """Whether its own years were not over by ``from_fy``; None if that is not known."""
        last = self.period[1]
        return None if last is None or from_fy is None else from_fy <= last

    def _only_new(self) -> None:
        if self.state != "new":
            raise ALREADY_EXISTS(id=self.entity)


def _forward(first: int | None, last: int | None) -> None:
    if first is not None and last is not None and last < first:
        raise PERIOD_REVERSED(begin=first, to=last).at("/period_to_fy")
