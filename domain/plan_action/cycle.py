"""One fiscal year of an action 事業: which phase it is in, and its money (domain.md 4.6, O29, O30)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from domain.plan_action.events import BudgetAllocated, SettlementRecorded
from domain.plan_action.refusals import (
    ALREADY_SETTLED,
    BOOKS_OPEN,
    BUDGET_NEGATIVE,
    FY_OPEN,
    INITIAL_BUDGET_EXISTS,
    INITIAL_NOT_RECORDED,
    NO_INITIAL_BUDGET,
    OVER_BUDGET,
    PHASE_ORDER,
    SETTLED_APART,
)
from domain.values.calendar import fiscal_year_bounds
from domain.values.money import Money
from domain.values.refusal import Refusal

PHASES: dict[str, tuple[str, str]] = {
    "unopened": ("未開始", "not opened"),
    "opened": ("開始", "opened"),
    "planned": ("企画立案済", "planned"),
    "implementing": ("実施中", "implementing"),
    "implemented": ("実施済", "implemented"),
    "evaluated": ("評価済", "evaluated"),
    "closed": ("終了", "closed"),
}
"""The phases of a year in their order, in Japanese and English."""


@dataclass
class Cycle:
    """A year's phase and money. What is not recorded is None, never 0."""

    year: int
    phase: str = "unopened"
    allocated: list[BudgetAllocated] = field(default_factory=list)
    spent_yen: int | None = None
    carried_out_yen: int | None = None
    settled_for_good: bool = False
    improved: bool = False
    """Whether an improvement was decided after its evaluation."""

    # -- money

    @property
    def initial(self) -> BudgetAllocated | None:
        return next((line for line in self.allocated if line.kind == "initial"), None)

    @property
    def current(self) -> Money | None:
        """予算現額: initial + supplementary ± transfer + carried in."""
        return Money.total(line.money for line in self.allocated) if self.allocated else None

    @property
    def unused(self) -> Money | None:
        """不用額: current − (spent + carried out); None while one of them is not recorded."""
        if self.current is None or self.spent_yen is None or self.carried_out_yen is None:
            return None
        return Money.of_yen(self.current.yen - self.spent_yen - self.carried_out_yen)

    # -- rules

    def unusual(self, line: BudgetAllocated) -> Refusal | None:
        """INITIAL_NOT_RECORDED, for a supplementary budget where no initial one is on record: a year may
        begin without money 当初予算なし, or its initial budget may have been forgotten."""
        if line.kind == "supplementary" and self.initial is None:
            return INITIAL_NOT_RECORDED(year=self.year).at("/kind")
        return None

    def only_in(self, *phases: str) -> None:
        """Refuse PHASE_ORDER unless the year is in one of ``phases``."""
        if self.phase not in phases:
            raise PHASE_ORDER(
                year=self.year,
                phase=PHASES[self.phase][0],
                phase_en=PHASES[self.phase][1],
                allowed="、".join(PHASES[p][0] for p in phases),
                allowed_en=", ".join(PHASES[p][1] for p in phases),
            ).at("/fiscal_year")

    def check_budget(self, line: BudgetAllocated, *, importing: bool) -> None:
        """Refuse a second initial budget and a budget below zero; unless a source has it so, also a budget
        that no longer covers what was spent, and a settlement beside it."""
        initial, now = self.initial, self.current.yen if self.current is not None else 0
        if line.kind == "initial" and initial is not None:
            raise INITIAL_BUDGET_EXISTS(year=self.year, amount=initial.money.label()).at("/kind")
        lowest = line.amount_yen if line.kind in ("initial", "carry_in") else now + line.amount_yen
        if lowest < 0:
            raise BUDGET_NEGATIVE(year=self.year, amount=Money.of_yen(lowest).label()).at("/amount_yen")
        if importing:
            return
        if line.settled_yen is not None:
            raise SETTLED_APART().at("/settled_yen")
        if self.spent_yen is not None:
            used = _used(self.spent_yen, self.carried_out_yen)
            self._covers(now + line.amount_yen, used, "/amount_yen")

    def check_settlement(self, settled: SettlementRecorded, on: dt.date) -> None:
        """Refuse a settlement before the year, or for good before its books, is closed; a second one for
        good; and one of more money than there was."""
        ends = fiscal_year_bounds(self.year)[1]
        closes = dt.date(ends.year, 5, 31)
        if on <= ends:
            raise FY_OPEN(year=self.year, ends=ends.isoformat()).at("/fiscal_year")
        if on <= closes and not settled.provisional:
            raise BOOKS_OPEN(year=self.year, closes=closes.isoformat()).at("/provisional")
        if self.settled_for_good:
            raise ALREADY_SETTLED(year=self.year, spent=Money.of_yen(self.spent_yen or 0).label())
        if self.current is None:
            raise NO_INITIAL_BUDGET(year=self.year).at("/fiscal_year")
        self._covers(self.current.yen, _used(settled.spent_yen, settled.carried_out_yen), "/spent_yen")

    def excess(self, spent_yen: int, carried_out_yen: int | None = None) -> Refusal | None:
        """OVER_BUDGET, if this is more than there is known to have been: an import is only warned of it."""
        if self.current is None:
            return None
        return self._over(self.current.yen, _used(spent_yen, carried_out_yen))

    def _covers(self, budget: int, used: int, pointer: str) -> None:
        if over := self._over(budget, used):
            raise over.at(pointer)

    def _over(self, budget: int, used: int) -> Refusal | None:
        if used <= budget:
            return None
        return OVER_BUDGET(
            year=self.year, spent=Money.of_yen(used).label(), current=Money.of_yen(budget).label()
        )

    # -- state

    def allocate(self, line: BudgetAllocated) -> None:
        self.allocated.append(line)
        if line.settled_yen is not None:
            self.spent_yen = line.settled_yen

    def settle(self, settled: SettlementRecorded) -> None:
        self.spent_yen, self.carried_out_yen = settled.spent_yen, settled.carried_out_yen
        self.settled_for_good = not settled.provisional


def _used(spent: int, carried_out: int | None) -> int:
    """At least so much is gone: what is not known to have been carried out does not count."""
    return spent + (carried_out or 0)
