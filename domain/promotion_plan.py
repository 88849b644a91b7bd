"""Promotion plans 協働推進計画: what the city means to do for participation, made with the council.

The council consults on the plan (ordinance, Art.17(2)); the city approves it; the mayor's measures under it
come from Art.16 (domain.md 4.5). Agreement and approval are two facts by two authors, and the approver is
not the drafter. Only one plan is in force at a time, so each plan says which one it replaces.
"""

from __future__ import annotations

import msgspec

from domain.application import ALREADY_TAKEN, TAKEN
from domain.fields import Id
from domain.matter import Matter
from domain.matter_refusals import ALREADY_SUPERSEDED, SELF_APPROVAL, SUPERSEDE_CYCLE
from domain.promotion_plan_events import (
    MeasureStated,
    PlanAgreedByCouncil,
    PlanApprovedByCity,
    PlanDraftPrepared,
    PlanFormulated,
    PlanFormulationStarted,
    PlanPublished,
    PlanSuperseded,
)
from domain.record import ALREADY_EXISTS, REASON_REQUIRED, Record, Recorded, command, on
from domain.references import NAMED_PARTS, must_exist
from domain.refusal import refusal

__all__ = [
    "MeasureStated",
    "PlanAgreedByCouncil",
    "PlanApprovedByCity",
    "PlanDraftPrepared",
    "PlanFormulated",
    "PlanFormulationStarted",
    "PlanPublished",
    "PlanSuperseded",
    "PromotionPlan",
]

COUNCIL_NOT_CONSULTED = refusal(
    "COUNCIL_NOT_CONSULTED",
    ja="市民会議の合意が記録されていない計画を承認するには、その理由が必要です。",
    en="To approve a plan the council has not agreed on, a reason is needed.",
    rule="domain.md 4.5; ordinance, Art.17(2): the council consults on the plan",
    next_ja="先に市民会議の合意を記録するか、reason に理由を記入してください。",
    next_en="Record the council's agreement first, or give the reason in “reason”.",
)
PLAN_OVERLAP = refusal(
    "PLAN_OVERLAP",
    ja="同じ期間に別の推進計画があります（{value}）。",
    en="Another promotion plan covers the same years ({value}).",
    rule="domain.md 4.5; O5: one plan in force on a day, a later one replaces it",
    next_ja="前の計画を replaces に示し、期間が重なる場合は先に計画の交代を記録してください。",
    next_en="Name the plan before it in “replaces”; if their years overlap, supersede it first.",
)
PERIOD_REVERSED = refusal(
    "PERIOD_REVERSED",
    ja="計画期間の終わり（{to}年度）が始まり（{begin}年度）より前です。",
    en="The plan's period ends (FY{to}) before it begins (FY{begin}).",
    rule="domain.md 4.5: from_fy to to_fy",
    next_ja="計画期間を確かめてください。",
    next_en="Check the period of the plan.",
    kind="invalid",
)
MEASURE_NAME_WRONG = refusal(
    "MEASURE_NAME_WRONG",
    ja="施策の識別子「{measure}」は measure- で始めてください。",
    en="The identifier of a measure begins with “measure-” (“{measure}” does not).",
    rule="domain/references.py: parts with a name of their own are told by how it begins",
    next_ja="例: measure-centre",
    next_en="For example: measure-centre",
    kind="invalid",
)
TAKEN["plan_first"] = TAKEN["plan_after"] = PLAN_OVERLAP


class PromotionPlan(Record):
    """One plan: formulating → draft → council_agreed → approved → in_force → superseded; or formulated, where
    a source tells only that it exists, and not who approved it for which years."""

    PREFIX = "plan-"
    ID_FIELDS = ("plan_id",)
    COLLECTION = "plans"
    LABEL = ("推進計画", "promotion plan")

    def begin(self) -> None:
        self.council_id: str | None = None
        self.measures: dict[str, MeasureStated] = {}
        self.drafts = 0
        self.drafters: set[str] = set()
        self.period: tuple[int | None, int | None] = (None, None)
        """First and last fiscal year; None where open or not recorded."""
        self.superseded_by: str | None = None
        self.superseded_from: int | None = None

    # -- commands

    @command("IMP", ja="策定済みの計画を取り込む", en="Import a plan", creates=True)
    def register(self, fact: PlanFormulated) -> None:
        """Enter a plan that a source tells of, with whatever is known of it."""
        self._only_new()
        _forward(fact.period_from_fy, fact.period_to_fy)
        self.record(fact)

    @command("SEC", "IMP", ja="計画の策定を始める", en="Start formulating a plan", creates=True)
    def start_formulation(self, fact: PlanFormulationStarted) -> None:
        """Begin work on a plan with the council."""
        self._only_new()
        must_exist(self, fact.council_id, "/council_id")
        must_exist(self, fact.matter_id, "/matter_id")
        self.record(fact)

    @command("SEC", ja="計画案を作成する", en="Prepare a draft")
    def prepare_draft(self, document_id: Id) -> None:
        """Register the next draft; the drafts are numbered."""
        self.only_in("formulating", "draft")
        must_exist(self, document_id, "/document_id")
        self.record(PlanDraftPrepared(v=self.drafts + 1, document_id=document_id))

    @command("SEC", "IMP", ja="施策を記録する", en="State a measure")
    def state_measure(self, fact: MeasureStated) -> None:
        """Say what the plan means to do, and under which item of Art.16."""
        self._in_order("formulating", "draft", "formulated")
        if not fact.measure_id.startswith(NAMED_PARTS):
            raise MEASURE_NAME_WRONG(measure=fact.measure_id).at("/measure_id")
        if fact.measure_id in self.measures:
            raise ALREADY_EXISTS(id=fact.measure_id).at("/measure_id")
        # Its id stands in addresses by itself, so no other plan may use it, not even in the same batch.
        if self.context.claims.get(f"measure:{fact.measure_id}", self.id) != self.id:
            raise ALREADY_TAKEN(value=fact.measure_id).at("/measure_id")
        self.claim("measure", fact.measure_id)
        self.record(fact)

    @command("SEC", "CHR", "IMP", ja="市民会議の合意を記録する", en="Record the council's agreement")
    def record_agreement(self, fact: PlanAgreedByCouncil) -> None:
        """Record that the council agreed on the draft, in a matter that was adopted or agreed on."""
        self._in_order("draft")
        if not self.context.importing:
            self.look(Matter, fact.matter_id).require_adopted()
        self.record(fact)

    @command("APR", "IMP", ja="計画を承認する", en="Approve a plan")
    def approve(self, fact: PlanApprovedByCity) -> None:
        """Approve the plan for the city; without the council's agreement, say why."""
        self._in_order("draft", "council_agreed")
        if self.state == "draft" and not (fact.reason or self.context.reason or self.context.importing):
            raise COUNCIL_NOT_CONSULTED().at("/reason")
        if self.context.actor.party in self.drafters:
            raise SELF_APPROVAL(party=self.context.actor.party)
        self.record(fact)

    @command("SEC", "APR", "IMP", ja="計画を公表する", en="Publish a plan")
    def publish(self, fact: PlanPublished) -> None:
        """Put an approved plan into force for its years, in place of the plan before it."""
        self._in_order("approved")
        _forward(fact.period_from_fy, fact.period_to_fy)
        if not self.context.importing:
            self._takes_its_place(fact.replaces, fact.period_from_fy)
        self.record(fact)

    @command("SEC", "APR", "IMP", ja="計画の交代を記録する", en="Supersede a plan")
    def supersede(self, fact: PlanSuperseded) -> None:
        """Let a later, approved plan take its place, and say why. Whether its own years are over is worked
        out from them."""
        if self.superseded_by is not None:
            raise ALREADY_SUPERSEDED(by=self.superseded_by)
        self._in_order("in_force", "formulated")
        if fact.superseded_by == self.entity:
            raise SUPERSEDE_CYCLE(by=fact.superseded_by).at("/superseded_by")
        if not self.context.importing:
            self.look(PromotionPlan, fact.superseded_by).only_in("approved", "in_force")
            if not (fact.reason or self.context.reason):
                raise REASON_REQUIRED().at("/reason")
            fact = msgspec.structs.replace(fact, before_expiry=self._cut_short(fact.from_fy))
        self.record(fact)

    # -- state

    @on(PlanFormulated)
    def _formulated(self, e: PlanFormulated) -> None:
        self.state, self.period = "formulated", (e.period_from_fy, e.period_to_fy)

    @on(PlanFormulationStarted)
    def _started(self, e: PlanFormulationStarted) -> None:
        self.state, self.council_id = "formulating", e.council_id

    @on(PlanDraftPrepared)
    def _drafted(self, e: PlanDraftPrepared, recorded: Recorded[PlanDraftPrepared]) -> None:
        self.state, self.drafts = "draft", e.v
        if recorded.actor.party is not None:
            self.drafters.add(recorded.actor.party)

    @on(MeasureStated)
    def _measure(self, e: MeasureStated) -> None:
        self.measures[e.measure_id] = e

    @on(PlanAgreedByCouncil)
    def _agreed(self, e: PlanAgreedByCouncil) -> None:
        self.state = "council_agreed"

    @on(PlanApprovedByCity)
    def _approved(self, e: PlanApprovedByCity) -> None:
        self.state = "approved"

    @on(PlanPublished)
    def _published(self, e: PlanPublished) -> None:
        self.state, self.period = "in_force", (e.period_from_fy, e.period_to_fy)

    @on(PlanSuperseded)
    def _superseded(self, e: PlanSuperseded) -> None:
        self.state, self.superseded_by, self.superseded_from = "superseded", e.superseded_by, e.from_fy

    # -- questions

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
        if not self.look(PromotionPlan, replaces).gives_way_to(self.entity, from_fy):
            raise PLAN_OVERLAP(value=replaces).at("/replaces")
        self._claim_place("plan_after", replaces)

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

    def _in_order(self, *states: str) -> None:
        if not self.context.importing:
            self.only_in(*states)


def _forward(first: int | None, last: int | None) -> None:
    if first is not None and last is not None and last < first:
        raise PERIOD_REVERSED(begin=first, to=last).at("/period_to_fy")
