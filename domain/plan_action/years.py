"""The years of an action 事業: planned, carried out, evaluated, and paid for (domain.md 4.6).

What one year alone must keep to, its phases and its sums, is in plan_action_cycle.py.
"""

from __future__ import annotations

from typing import Protocol, cast

import msgspec

from domain.kernel.commands import command, refuses
from domain.kernel.record import KINDS
from domain.kernel.references import must_exist
from domain.kernel.refusals import ALREADY_EXISTS, REASON_REQUIRED, UNKNOWN_ID, WRONG_STATE
from domain.plan_action.events import (
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
from domain.plan_action.refusals import (
    ALREADY_SETTLED,
    BOOKS_OPEN,
    BUDGET_NEGATIVE,
    FY_OPEN,
    IMPROVEMENT_ANSWERED,
    IMPROVEMENT_NOT_LATER,
    IMPROVEMENT_UNANSWERED,
    INITIAL_BUDGET_EXISTS,
    NO_INITIAL_BUDGET,
    NOT_EVALUATED,
    OVER_BUDGET,
    PHASE_ORDER,
    SETTLED_APART,
    SHEET_NOT_READY,
    SHEET_OF_ANOTHER,
)
from domain.plan_action.state import ON_FOOT, PlanActionState
from domain.values.fields import Year
from domain.values.refusal import Refusal


class EvaluatesYears(Protocol):
    """What an action asks of an evaluation sheet. (A sheet is made for an action and knows it, not the other
    way round.)"""

    def require_ready(self, action_id: str, fiscal_year: int) -> None:
        """Refuse unless this sheet evaluates that year and has been brought to its improvement."""


class Years(PlanActionState):
    """The commands of a :class:`domain.plan_action.PlanAction` about one of its fiscal years."""

    # -- the yearly cycle

    @command("SEC", "IMP", records=CycleOpened, ja="年度を開始する", en="Open a year's cycle")
    @refuses(ALREADY_EXISTS, WRONG_STATE)
    def open_cycle(self, fiscal_year: Year) -> None:
        """Begin a fiscal year; improvements decided for it are put to its plan."""
        self._in_order(*ON_FOOT)
        if self._cycle(fiscal_year).phase != "unopened":
            raise ALREADY_EXISTS(id=f"{self.entity} FY{fiscal_year}").at("/fiscal_year")
        put = tuple(i.improvement_id for i in self._improvements_for(fiscal_year))
        self.record(CycleOpened(fiscal_year=fiscal_year, improvements=put))

    @command("SEC", "LDR", "IMP", event=CyclePlanned, ja="年度計画を立てる", en="Plan a year")
    @refuses(IMPROVEMENT_UNANSWERED, PHASE_ORDER)
    def plan_cycle(self, fact: CyclePlanned) -> None:
        """Say what the year is to bring, and answer every improvement decided for it."""
        self._phase(fact.fiscal_year, "opened")
        for n, answer in enumerate(fact.answers):
            if answer.improvement_id not in self.improvements:
                raise UNKNOWN_ID(kind="改善", kind_en="improvement", id=answer.improvement_id).at(
                    f"/answers/{n}/improvement_id"
                )
        answered = {a.improvement_id for a in fact.answers if a.taken or a.reason}
        for improvement in self._improvements_for(fact.fiscal_year):
            if improvement.improvement_id not in answered and not self.context.importing:
                raise IMPROVEMENT_UNANSWERED(improvement=improvement.improvement_id).at("/answers")
        self.record(fact)

    @command(
        "SEC", "LDR", "IMP", event=ImplementationStarted, ja="実施の開始を記録する", en="Start implementation"
    )
    @refuses(PHASE_ORDER, WRONG_STATE)
    def start_implementation(self, fact: ImplementationStarted) -> None:
        """Begin the year's work. It needs a plan."""
        self._in_order(*ON_FOOT)
        self._phase(fact.fiscal_year, "planned")
        self.record(fact)

    @command(
        "SEC",
        "LDR",
        "IMP",
        event=ImplementationCompleted,
        ja="実施の完了を記録する",
        en="Complete implementation",
    )
    @refuses(PHASE_ORDER)
    def complete_implementation(self, fact: ImplementationCompleted) -> None:
        """Finish the year's work."""
        self._phase(fact.fiscal_year, "implementing")
        self.record(fact)

    @command("SEC", "CHR", "IMP", event=CycleEvaluated, ja="年度の評価を記録する", en="Evaluate a year")
    @refuses(PHASE_ORDER, REASON_REQUIRED, SHEET_NOT_READY, SHEET_OF_ANOTHER)
    def evaluate_cycle(self, fact: CycleEvaluated) -> None:
        """Record that the year was evaluated: on which sheet, or why without one."""
        self._phase(fact.fiscal_year, "implemented")
        if fact.sheet_id is None:
            self._needs(fact.reason_without_sheet, "/reason_without_sheet")
        elif not self.context.importing:
            self._on_its_sheet(fact.sheet_id, fact.fiscal_year)
        self.record(fact)

    @command("SEC", "CHR", "IMP", event=ImprovementDecided, ja="改善を決める", en="Decide an improvement")
    @refuses(ALREADY_EXISTS, IMPROVEMENT_NOT_LATER, PHASE_ORDER)
    def decide_improvement(self, fact: ImprovementDecided) -> None:
        """Say what is to be done better, and in which later year."""
        if fact.applies_to_fiscal_year <= fact.fiscal_year:
            raise IMPROVEMENT_NOT_LATER(applies=fact.applies_to_fiscal_year, year=fact.fiscal_year).at(
                "/applies_to_fiscal_year"
            )
        self._phase(fact.fiscal_year, "evaluated", "closed")
        if fact.improvement_id in self.improvements:
            raise ALREADY_EXISTS(id=fact.improvement_id).at("/improvement_id")
        must_exist(self, fact.matter_id, "/matter_id")
        self.record(fact)

    @command("SEC", "LDR", "IMP", event=ImprovementAnswered, ja="改善に答える", en="Answer an improvement")
    @refuses(IMPROVEMENT_ANSWERED, IMPROVEMENT_NOT_LATER, REASON_REQUIRED)
    def answer_improvement(self, fact: ImprovementAnswered) -> None:
        """Say what became of an improvement that no plan has answered: it was decided when the plan of its
        year had been made. Not taken up: say why."""
        improvement = self.improvements.get(fact.improvement_id)
        if improvement is None:
            raise UNKNOWN_ID(kind="改善", kind_en="improvement", id=fact.improvement_id).at("/improvement_id")
        if fact.improvement_id in self.answered:
            raise IMPROVEMENT_ANSWERED(improvement=fact.improvement_id).at("/improvement_id")
        if fact.fiscal_year <= improvement.fiscal_year:
            raise IMPROVEMENT_NOT_LATER(applies=fact.fiscal_year, year=improvement.fiscal_year).at(
                "/fiscal_year"
            )
        if not fact.taken:
            self._needs(fact.reason, "/reason")
        must_exist(self, fact.document_id, "/document_id")
        self.record(fact)

    @command("SEC", "IMP", event=CycleClosed, ja="年度を終了する", en="Close a year's cycle")
    @refuses(NOT_EVALUATED, PHASE_ORDER)
    def close_cycle(self, fact: CycleClosed) -> None:
        """End the year's round: evaluated, and with an improvement or the reason why there is none."""
        cycle = self._cycle(fact.fiscal_year)
        if not self.context.importing:
            improved = cycle.improved or fact.no_improvement_reason
            if cycle.phase not in ("unopened", "closed") and not (cycle.phase == "evaluated" and improved):
                raise NOT_EVALUATED(year=fact.fiscal_year).at("/fiscal_year")
            cycle.only_in("evaluated")
        self.record(fact)

    # -- money

    @command("SEC", "IMP", event=BudgetAllocated, ja="予算を計上する", en="Allocate a budget")
    @refuses(BUDGET_NEGATIVE, INITIAL_BUDGET_EXISTS, OVER_BUDGET, SETTLED_APART, WRONG_STATE)
    def allocate_budget(self, fact: BudgetAllocated) -> None:
        """Record money for a year, as the source states it; a reduction is negative. A year may begin with a
        supplementary budget."""
        self._in_order(*ON_FOOT, "suspended")
        fact.check()
        cycle = self._cycle(fact.fiscal_year)
        cycle.check_budget(fact, importing=self.context.importing)
        if unusual := cycle.unusual(fact):
            self.warn(unusual)
        if not self.context.importing:
            fact = msgspec.structs.replace(
                fact, stated_amount=fact.money.stated_amount, stated_unit=fact.money.stated_unit
            )
        self.record(fact)
        excess = self._cycle(fact.fiscal_year).excess(fact.settled_yen or 0)
        if excess is not None:  # only a source states both together, and it may be wrong
            self.warn(excess.at("/settled_yen"))

    @command("SEC", "IMP", event=SettlementRecorded, ja="決算を記録する", en="Record a settlement")
    @refuses(ALREADY_SETTLED, BOOKS_OPEN, FY_OPEN, NO_INITIAL_BUDGET, OVER_BUDGET, WRONG_STATE)
    def settle(self, fact: SettlementRecorded) -> None:
        """Record what was spent and carried out, after the year; for good after its books are closed."""
        self._in_order(*ON_FOOT, "suspended", "ended")
        cycle = self._cycle(fact.fiscal_year)
        warnings: tuple[str, ...] = ()
        if not self.context.importing:
            cycle.check_settlement(fact, self._day())
        elif excess := cycle.excess(fact.spent_yen, fact.carried_out_yen):
            self.warn(excess.at("/spent_yen"))
            warnings = (excess.code,)
        self.record(msgspec.structs.replace(fact, warnings=warnings))

    def _on_its_sheet(self, sheet_id: str, year: int) -> None:
        """Refuse a sheet that is unknown, of another action or year, or not brought to its improvement."""
        try:
            sheet = cast(EvaluatesYears, self.look(KINDS["EvaluationSheet"], sheet_id))
            sheet.require_ready(self.entity, year)
        except Refusal as refused:
            raise refused.at("/sheet_id") from None

    def _improvements_for(self, year: int) -> list[ImprovementDecided]:
        return [i for i in self.improvements.values() if i.applies_to_fiscal_year == year]
