"""What is known of a promotion plan 推進計画 after its events, and what its commands ask."""

from __future__ import annotations

from typing import Any

from domain.kernel.commands import on
from domain.kernel.events import Recorded
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
from domain.public_comment.state import Commented

IN_FORCE = ("in_force", "revised")


class PromotionPlanState(Commented):
    """The state of a :class:`domain.promotion_plan.PromotionPlan`: the plan, and comments on its draft."""

    def begin(self) -> None:
        super().begin()
        self.council_id: str | None = None
        self.measures: dict[str, MeasureStated] = {}
        self.drafts = 0
        self.drafters: set[str] = set()
        self.period: tuple[int | None, int | None] = (None, None)
        """First and last fiscal year; None where open or not recorded."""
        self.revisions = 0
        self.periods_moved = 0
        """How often a revision moved the last fiscal year."""
        self.superseded_by: str | None = None
        self.superseded_from: int | None = None

    # -- state

    @on(PlanFormulated)
    def _formulated(self, e: PlanFormulated, _: Recorded[Any]) -> None:
        self.state, self.period = "formulated", (e.period_from_fy, e.period_to_fy)

    @on(PlanFormulationStarted)
    def _started(self, e: PlanFormulationStarted, _: Recorded[Any]) -> None:
        self.state, self.council_id = "formulating", e.council_id

    @on(PlanDraftPrepared)
    def _drafted(self, e: PlanDraftPrepared, recorded: Recorded[PlanDraftPrepared]) -> None:
        # A draft changed by comments does not take the public back to before they were asked.
        if self.state != "public_comment":
            self.state = "draft"
        self.drafts = e.v
        if recorded.actor.party is not None:
            self.drafters.add(recorded.actor.party)

    @on(MeasureStated)
    def _measure(self, e: MeasureStated, _: Recorded[Any]) -> None:
        self.measures[e.measure_id] = e

    def _asked(self) -> None:
        self.state = "public_comment"

    @on(PlanAgreedByCouncil)
    def _agreed(self, e: PlanAgreedByCouncil, _: Recorded[Any]) -> None:
        self.state = "council_agreed"

    @on(PlanApprovedByCity)
    def _approved(self, e: PlanApprovedByCity, _: Recorded[Any]) -> None:
        self.state = "approved"

    @on(PlanPublished)
    def _published(self, e: PlanPublished, _: Recorded[Any]) -> None:
        self.state, self.period = "in_force", (e.period_from_fy, e.period_to_fy)

    @on(PlanRevised)
    def _revised(self, e: PlanRevised, _: Recorded[Any]) -> None:
        self.state, self.revisions = "revised", e.v
        if e.period_to_fy is not None and e.period_to_fy != self.period[1]:
            self.period = (self.period[0], e.period_to_fy)
            self.periods_moved += 1

    @on(PlanSuperseded)
    def _superseded(self, e: PlanSuperseded, _: Recorded[Any]) -> None:
        self.state, self.superseded_by, self.superseded_from = "superseded", e.superseded_by, e.from_fy

    @on(PlanExpired)
    def _expired(self, e: PlanExpired, _: Recorded[Any]) -> None:
        self.state = "expired"

    # -- what several commands ask

    def _in_order(self, *states: str) -> None:
        if not self.context.importing:
            self.only_in(*states)
