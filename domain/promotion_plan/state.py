"""What is known of a promotion plan 推進計画 after its events, and what its commands ask."""

from __future__ import annotations

import datetime as dt
from typing import Any

from domain.kernel.commands import on
from domain.kernel.correction import Correctable
from domain.kernel.events import Recorded
from domain.promotion_plan.events import (
    CommentDisposed,
    CommentReceived,
    CommentResultPublished,
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
    PublicCommentOpened,
)
from domain.values.calendar import EffectiveDate

IN_FORCE = ("in_force", "revised")


class PromotionPlanState(Correctable):
    """The state of a :class:`domain.promotion_plan.PromotionPlan`: the plan, and comments on its draft."""

    def begin(self) -> None:
        self.council_id: str | None = None
        self.measures: dict[str, MeasureStated] = {}
        self.drafts = 0
        self.drafters: set[str] = set()
        self.window: PublicCommentOpened | None = None
        self.comments: dict[str, CommentReceived] = {}
        self.disposed: dict[str, CommentDisposed] = {}
        self.result: CommentResultPublished | None = None
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

    @on(PublicCommentOpened)
    def _opened(self, e: PublicCommentOpened, _: Recorded[Any]) -> None:
        self.state, self.window = "public_comment", e

    @on(CommentReceived)
    def _received(self, e: CommentReceived, _: Recorded[Any]) -> None:
        self.comments[e.comment_id] = e

    @on(CommentDisposed)
    def _disposed(self, e: CommentDisposed, _: Recorded[Any]) -> None:
        self.disposed[e.comment_id] = e

    @on(CommentResultPublished)
    def _result_published(self, e: CommentResultPublished, _: Recorded[Any]) -> None:
        self.result = e

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

    def _day(self) -> dt.date:
        """The day on which this happens: as stated, or else today in Japan."""
        stated = self.context.effective.check().latest if self.context.effective is not None else None
        return stated or self.context.today()

    def _dated(self, stated: EffectiveDate | None) -> EffectiveDate | None:
        """The day as stated; else today, if whoever gives the command says that it happens now."""
        if stated is None and self.context.live and self.context.effective is None:
            return EffectiveDate.on(self.context.today())
        return stated

    def undisposed(self) -> list[str]:
        """The comments of which nobody has said what became of them, in the order they came in."""
        return [comment for comment in self.comments if comment not in self.disposed]
