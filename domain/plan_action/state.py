"""What is known of an action 事業 after its events, and what its commands ask."""

from __future__ import annotations

import datetime as dt
from typing import Any

from domain.kernel.commands import on
from domain.kernel.correction import Correctable
from domain.kernel.events import Recorded
from domain.kernel.refusals import REASON_REQUIRED
from domain.plan_action.cycle import Cycle
from domain.plan_action.events import (
    ActionAdopted,
    ActionEnded,
    ActionProposed,
    ActionRegistered,
    ActionResumed,
    ActionSuspended,
    ActivityHeld,
    BudgetAllocated,
    CycleClosed,
    CycleEvaluated,
    CycleOpened,
    CyclePlanned,
    ImplementationCompleted,
    ImplementationStarted,
    ImprovementAnswered,
    ImprovementDecided,
    SettlementRecorded,
)

ON_FOOT = ("registered", "adopted", "active")


class PlanActionState(Correctable):
    """The state of a :class:`domain.plan_action.PlanAction`: the action, and each of its years."""

    def begin(self) -> None:
        self.cycles: dict[int, Cycle] = {}
        self.improvements: dict[str, ImprovementDecided] = {}
        self.answered: set[str] = set()
        """Improvements that a plan, or somebody after it, has answered."""
        self.evaluated_on: dict[int, str] = {}
        """The sheet on which a year was evaluated."""
        self.activities: set[str] = set()

    # -- state

    @on(ActionRegistered)
    def _registered(self, e: ActionRegistered, _: Recorded[Any]) -> None:
        self.state = "registered"

    @on(ActionProposed)
    def _proposed(self, e: ActionProposed, _: Recorded[Any]) -> None:
        self.state = "proposed"

    @on(ActionAdopted)
    def _adopted(self, e: ActionAdopted, _: Recorded[Any]) -> None:
        self.state = "adopted"

    @on(ActionSuspended)
    def _suspended(self, e: ActionSuspended, _: Recorded[Any]) -> None:
        self.state = "suspended"

    @on(ActionResumed)
    def _resumed(self, e: ActionResumed, _: Recorded[Any]) -> None:
        self.state = "active"

    @on(ActionEnded)
    def _ended(self, e: ActionEnded, _: Recorded[Any]) -> None:
        self.state = "ended"

    @on(CycleOpened)
    def _opened(self, e: CycleOpened, _: Recorded[Any]) -> None:
        self._enter(e.fiscal_year, "opened")

    @on(CyclePlanned)
    def _planned(self, e: CyclePlanned, _: Recorded[Any]) -> None:
        self._enter(e.fiscal_year, "planned")
        self.answered |= {answer.improvement_id for answer in e.answers}

    @on(ImplementationStarted)
    def _started(self, e: ImplementationStarted, _: Recorded[Any]) -> None:
        self.state = "active"
        self._enter(e.fiscal_year, "implementing")

    @on(ImplementationCompleted)
    def _completed(self, e: ImplementationCompleted, _: Recorded[Any]) -> None:
        self._enter(e.fiscal_year, "implemented")

    @on(CycleEvaluated)
    def _evaluated(self, e: CycleEvaluated, _: Recorded[Any]) -> None:
        self._enter(e.fiscal_year, "evaluated")
        if e.sheet_id is not None:
            self.evaluated_on[e.fiscal_year] = e.sheet_id

    @on(ImprovementDecided)
    def _improved(self, e: ImprovementDecided, _: Recorded[Any]) -> None:
        self.improvements[e.improvement_id] = e
        self.cycles.setdefault(e.fiscal_year, Cycle(e.fiscal_year)).improved = True

    @on(ImprovementAnswered)
    def _answered(self, e: ImprovementAnswered, _: Recorded[Any]) -> None:
        self.answered.add(e.improvement_id)

    @on(CycleClosed)
    def _closed(self, e: CycleClosed, _: Recorded[Any]) -> None:
        self._enter(e.fiscal_year, "closed")

    @on(BudgetAllocated)
    def _allocated(self, e: BudgetAllocated, _: Recorded[Any]) -> None:
        self.cycles.setdefault(e.fiscal_year, Cycle(e.fiscal_year)).allocate(e)

    @on(SettlementRecorded)
    def _settled(self, e: SettlementRecorded, _: Recorded[Any]) -> None:
        self.cycles.setdefault(e.fiscal_year, Cycle(e.fiscal_year)).settle(e)

    @on(ActivityHeld)
    def _held(self, e: ActivityHeld, _: Recorded[Any]) -> None:
        self.activities.add(e.activity_id)

    def _enter(self, year: int, phase: str) -> None:
        self.cycles.setdefault(year, Cycle(year)).phase = phase

    # -- what several commands ask

    def _in_order(self, *states: str) -> None:
        if not self.context.importing:
            self.only_in(*states)

    def _needs(self, reason: str | None, pointer: str) -> None:
        if not (reason or self.context.reason or self.context.importing):
            raise REASON_REQUIRED().at(pointer)

    def _cycle(self, year: int) -> Cycle:
        """The year as it stands; nothing is recorded of a new one."""
        return self.cycles.get(year, Cycle(year))

    def _phase(self, year: int, *phases: str) -> None:
        if not self.context.importing:
            self._cycle(year).only_in(*phases)

    def _day(self) -> dt.date:
        """The last day on which this can have happened: today in Japan, or earlier if so stated."""
        today = self.context.today()
        stated = self.context.effective.check().latest if self.context.effective is not None else None
        return min(today, stated or today)
