"""Actions 事業: what is done to realise the promotion plan, year by year.

An action rests on a measure, an item of Art.16 of the ordinance and a concluded matter. Each fiscal year it
goes through planning 企画立案, implementation 実施 and evaluation 評価, the three phases of which Art.5(2)
requires an account; what was learnt must be answered by a later year's plan. Its money adds up (domain.md
4.6). What no source tells (copies, participants, money spent) stays unknown.
"""

from __future__ import annotations

import datetime as dt

import msgspec

from domain.calendar import JAPAN, EffectiveDate, fiscal_year_of
from domain.fields import Year
from domain.matter import Matter
from domain.matter_refusals import MATTER_NOT_ADOPTED
from domain.plan_action_cycle import Cycle, money_of
from domain.plan_action_events import (
    ActionAdopted,
    ActionEnded,
    ActionProposed,
    ActionRegistered,
    ActionResumed,
    ActionSuspended,
    ActivityHeld,
    Answer,
    BudgetAllocated,
    CouncilInvolvementRecorded,
    CycleClosed,
    CycleEvaluated,
    CycleOpened,
    CyclePlanned,
    Duty,
    ImplementationCompleted,
    ImplementationStarted,
    ImprovementDecided,
    Indicator,
    MaterialDistributed,
    MaterialProduced,
    SettlementRecorded,
)
from domain.plan_action_refusals import (
    COUNT_MISMATCH,
    IMPROVEMENT_NOT_LATER,
    IMPROVEMENT_UNANSWERED,
    NOT_EVALUATED,
    OVER_BUDGET,
    PHASE_UNNAMED,
)
from domain.record import ALREADY_EXISTS, REASON_REQUIRED, UNKNOWN_ID, Record, command, on
from domain.references import must_exist
from domain.refusal import Refusal

__all__ = [
    "ActionAdopted",
    "ActionEnded",
    "ActionProposed",
    "ActionRegistered",
    "ActionResumed",
    "ActionSuspended",
    "ActivityHeld",
    "Answer",
    "BudgetAllocated",
    "CouncilInvolvementRecorded",
    "CycleClosed",
    "CycleEvaluated",
    "CycleOpened",
    "CyclePlanned",
    "Duty",
    "ImplementationCompleted",
    "ImplementationStarted",
    "ImprovementDecided",
    "Indicator",
    "MaterialDistributed",
    "MaterialProduced",
    "PlanAction",
    "SettlementRecorded",
]

ON_FOOT = ("registered", "adopted", "active")
UNDER_WAY = ("implementing", "implemented")


class PlanAction(Record):
    """One action: registered | proposed → adopted → active ⇄ suspended → ended; and for each fiscal year a
    cycle: opened → planned → implementing → implemented → evaluated → closed."""

    PREFIX = "action-"
    ID_FIELDS = ("action_id",)
    COLLECTION = "actions"
    LABEL = ("事業", "action")

    def begin(self) -> None:
        self.cycles: dict[int, Cycle] = {}
        self.improvements: dict[str, ImprovementDecided] = {}
        self.activities: set[str] = set()

    # -- commands: the action itself

    @command("SEC", "IMP", ja="事業を登録する", en="Register an action", creates=True)
    def register(self, fact: ActionRegistered) -> None:
        """Enter an action that a source tells of, however it came about."""
        self._only_new()
        must_exist(self, fact.owner, "/owner")
        must_exist(self, fact.measure_id, "/measure_id")
        must_exist(self, fact.adopted_by, "/adopted_by")
        self.record(fact)

    @command("MEM", "LDR", "CHR", "SEC", "IMP", ja="事業を提案する", en="Propose an action", creates=True)
    def propose(self, fact: ActionProposed) -> None:
        """Propose an action: which measure it realises, which matter it follows."""
        self._only_new()
        must_exist(self, fact.measure_id, "/measure_id")
        must_exist(self, fact.matter_id, "/matter_id")
        self.record(fact)

    @command("SEC", "APR", "IMP", ja="事業を採択する", en="Adopt an action")
    def adopt(self, fact: ActionAdopted) -> None:
        """Take the action up, on the strength of a matter that was adopted or agreed on."""
        self._in_order("registered", "proposed")
        if not self.context.importing:
            if fact.matter_id is None:
                raise MATTER_NOT_ADOPTED().at("/matter_id")
            self.look(Matter, fact.matter_id).require_adopted()
        self.record(fact)

    @command("SEC", "CHR", "IMP", ja="事業を休止する", en="Suspend an action")
    def suspend(self, fact: ActionSuspended) -> None:
        """Let the action rest, and say why."""
        self._in_order(*ON_FOOT)
        self._needs(fact.reason, "/reason")
        self.record(fact)

    @command("SEC", "CHR", "IMP", ja="事業を再開する", en="Resume an action")
    def resume(self, fact: ActionResumed) -> None:
        """Go on with an action that rested."""
        self._in_order("suspended")
        self.record(fact)

    @command("SEC", "CHR", "IMP", ja="事業を終了する", en="End an action")
    def end(self, fact: ActionEnded) -> None:
        """End the action, and say why."""
        self._in_order(*ON_FOOT, "suspended")
        self._needs(fact.reason, "/reason")
        self.record(fact)

    # -- commands: the yearly cycle

    @command("SEC", "IMP", ja="年度を開始する", en="Open a year's cycle")
    def open_cycle(self, fiscal_year: Year) -> None:
        """Begin a fiscal year; improvements decided for it are put to its plan."""
        self._in_order(*ON_FOOT)
        if self._cycle(fiscal_year).phase != "unopened":
            raise ALREADY_EXISTS(id=f"{self.entity} FY{fiscal_year}").at("/fiscal_year")
        put = tuple(i.improvement_id for i in self._improvements_for(fiscal_year))
        self.record(CycleOpened(fiscal_year=fiscal_year, improvements=put))

    @command("SEC", "LDR", "IMP", ja="年度計画を立てる", en="Plan a year")
    def plan_cycle(self, fact: CyclePlanned) -> None:
        """Say what the year is to bring, and answer every improvement decided for it."""
        self._phase(fact.fiscal_year, "opened")
        for n, answer in enumerate(fact.answers):
            if answer.improvement_id not in self.improvements:
                raise UNKNOWN_ID(kind="改善", id=answer.improvement_id).at(f"/answers/{n}/improvement_id")
        answered = {a.improvement_id for a in fact.answers if a.taken or a.reason}
        for improvement in self._improvements_for(fact.fiscal_year):
            if improvement.improvement_id not in answered and not self.context.importing:
                raise IMPROVEMENT_UNANSWERED(improvement=improvement.improvement_id).at("/answers")
        self.record(fact)

    @command("SEC", "LDR", "IMP", ja="実施の開始を記録する", en="Start implementation")
    def start_implementation(self, fact: ImplementationStarted) -> None:
        """Begin the year's work. It needs a plan."""
        self._in_order(*ON_FOOT)
        self._phase(fact.fiscal_year, "planned")
        self.record(fact)

    @command("SEC", "LDR", "IMP", ja="実施の完了を記録する", en="Complete implementation")
    def complete_implementation(self, fact: ImplementationCompleted) -> None:
        """Finish the year's work."""
        self._phase(fact.fiscal_year, "implementing")
        self.record(fact)

    @command("SEC", "CHR", "IMP", ja="年度の評価を記録する", en="Evaluate a year")
    def evaluate_cycle(self, fact: CycleEvaluated) -> None:
        """Record that the year was evaluated: on which sheet, or why without one."""
        self._phase(fact.fiscal_year, "implemented")
        if fact.sheet_id is None:
            self._needs(fact.reason_without_sheet, "/reason_without_sheet")
        self.record(fact)

    @command("SEC", "CHR", "IMP", ja="改善を決める", en="Decide an improvement")
    def decide_improvement(self, fact: ImprovementDecided) -> None:
        """Say what is to be done better, and in which later year."""
        if fact.applies_to_fiscal_year <= fact.fiscal_year:
            raise IMPROVEMENT_NOT_LATER(applies=fact.applies_to_fiscal_year, year=fact.fiscal_year).at(
                "/applies_to_fiscal_year"
            )
        self._phase(fact.fiscal_year, "evaluated")
        if fact.improvement_id in self.improvements:
            raise ALREADY_EXISTS(id=fact.improvement_id).at("/improvement_id")
        must_exist(self, fact.matter_id, "/matter_id")
        self.record(fact)

    @command("SEC", "IMP", ja="年度を終了する", en="Close a year's cycle")
    def close_cycle(self, fact: CycleClosed) -> None:
        """End the year's round: evaluated, and with an improvement or the reason why there is none."""
        cycle = self._cycle(fact.fiscal_year)
        if not self.context.importing:
            improved = cycle.improved or fact.no_improvement_reason
            if cycle.phase not in ("unopened", "closed") and not (cycle.phase == "evaluated" and improved):
                raise NOT_EVALUATED(year=fact.fiscal_year).at("/fiscal_year")
            cycle.only_in("evaluated")
        self.record(fact)

    # -- commands: money

    @command("SEC", "IMP", ja="予算を計上する", en="Allocate a budget")
    def allocate_budget(self, fact: BudgetAllocated) -> None:
        """Record money for a year, as the source states it; a reduction is negative."""
        self._in_order(*ON_FOOT, "suspended")
        try:
            money = money_of(fact).check()
        except Refusal as refused:
            raise refused.at("/stated_amount") from None
        self._cycle(fact.fiscal_year).check_budget(fact, importing=self.context.importing)
        if not self.context.importing:
            fact = msgspec.structs.replace(
                fact, stated_amount=money.stated_amount, stated_unit=money.stated_unit
            )
        self.record(fact)

    @command("SEC", "IMP", ja="決算を記録する", en="Record a settlement")
    def settle(self, fact: SettlementRecorded) -> None:
        """Record what was spent and carried out, after the year; for good after its books are closed."""
        self._in_order(*ON_FOOT, "suspended", "ended")
        cycle = self._cycle(fact.fiscal_year)
        warnings: tuple[str, ...] = ()
        if not self.context.importing:
            cycle.check_settlement(fact, self._day())
        elif cycle.is_exceeded_by(fact):
            warnings = (OVER_BUDGET.code,)
        self.record(msgspec.structs.replace(fact, warnings=warnings))

    # -- commands: what was done

    @command("SEC", "LDR", "IMP", ja="催しを記録する", en="Record an activity")
    def record_activity(self, fact: ActivityHeld) -> None:
        """Record a forum, a seminar or a meeting, with the participants as far as they were counted."""
        if fact.activity_id in self.activities:
            raise ALREADY_EXISTS(id=fact.activity_id).at("/activity_id")
        parts = [n for n in (fact.first_time, fact.returning, fact.unknown) if n is not None]
        total = fact.participants
        if total is not None and (sum(parts) > total or (len(parts) == 3 and sum(parts) != total)):
            raise COUNT_MISMATCH(parts=sum(parts), participants=total).at("/participants")
        self._being_done(fact.held_on)
        self.record(fact)

    @command("SEC", "LDR", "IMP", ja="資料の作成を記録する", en="Record material produced")
    def record_material(self, fact: MaterialProduced) -> None:
        """Record that something was made to be handed out."""
        self._being_done(fact.produced_on)
        self.record(fact)

    @command("SEC", "LDR", "IMP", ja="資料の配布を記録する", en="Record material distributed")
    def record_distribution(self, fact: MaterialDistributed) -> None:
        """Record to whom it was handed out: people and copies are counted apart."""
        self._being_done(fact.distributed_on)
        self.record(fact)

    @command("SEC", "CHR", "IMP", ja="市民会議の関わりを記録する", en="Record the council's involvement")
    def record_council_involvement(self, fact: CouncilInvolvementRecorded) -> None:
        """Record in which phases the council took part, and what shows it."""
        if not fact.phases:
            raise PHASE_UNNAMED().at("/phases")
        must_exist(self, fact.evidence_ref, "/evidence_ref")
        self.record(fact)

    # -- state

    @on(ActionRegistered)
    def _registered(self, e: ActionRegistered) -> None:
        self.state = "registered"

    @on(ActionProposed)
    def _proposed(self, e: ActionProposed) -> None:
        self.state = "proposed"

    @on(ActionAdopted)
    def _adopted(self, e: ActionAdopted) -> None:
        self.state = "adopted"

    @on(ActionSuspended)
    def _suspended(self, e: ActionSuspended) -> None:
        self.state = "suspended"

    @on(ActionResumed)
    def _resumed(self, e: ActionResumed) -> None:
        self.state = "active"

    @on(ActionEnded)
    def _ended(self, e: ActionEnded) -> None:
        self.state = "ended"

    @on(CycleOpened)
    def _opened(self, e: CycleOpened) -> None:
        self._enter(e.fiscal_year, "opened")

    @on(CyclePlanned)
    def _planned(self, e: CyclePlanned) -> None:
        self._enter(e.fiscal_year, "planned")

    @on(ImplementationStarted)
    def _started(self, e: ImplementationStarted) -> None:
        self.state = "active"
        self._enter(e.fiscal_year, "implementing")

    @on(ImplementationCompleted)
    def _completed(self, e: ImplementationCompleted) -> None:
        self._enter(e.fiscal_year, "implemented")

    @on(CycleEvaluated)
    def _evaluated(self, e: CycleEvaluated) -> None:
        self._enter(e.fiscal_year, "evaluated")

    @on(ImprovementDecided)
    def _improved(self, e: ImprovementDecided) -> None:
        self.improvements[e.improvement_id] = e
        self.cycles.setdefault(e.fiscal_year, Cycle(e.fiscal_year)).improved = True

    @on(CycleClosed)
    def _closed(self, e: CycleClosed) -> None:
        self._enter(e.fiscal_year, "closed")

    @on(BudgetAllocated)
    def _allocated(self, e: BudgetAllocated) -> None:
        self.cycles.setdefault(e.fiscal_year, Cycle(e.fiscal_year)).allocate(e)

    @on(SettlementRecorded)
    def _settled(self, e: SettlementRecorded) -> None:
        self.cycles.setdefault(e.fiscal_year, Cycle(e.fiscal_year)).settle(e)

    @on(ActivityHeld)
    def _held(self, e: ActivityHeld) -> None:
        self.activities.add(e.activity_id)

    def _enter(self, year: int, phase: str) -> None:
        self.cycles.setdefault(year, Cycle(year)).phase = phase

    # -- what several commands ask

    def _only_new(self) -> None:
        if self.state != "new":
            raise ALREADY_EXISTS(id=self.entity)

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

    def _being_done(self, when: EffectiveDate | None) -> None:
        """Refuse PHASE_ORDER unless the year of ``when`` (undated: any year) is, or was, under way."""
        if self.context.importing:
            return
        said = when or self.context.effective
        year = said.check().fiscal_year if said is not None else None
        cycles = list(self.cycles.values()) if year is None else [self._cycle(year)]
        if not any(cycle.phase in UNDER_WAY for cycle in cycles):
            latest = cycles[-1] if cycles else Cycle(fiscal_year_of(self._day()))
            latest.only_in(*UNDER_WAY)

    def _improvements_for(self, year: int) -> list[ImprovementDecided]:
        return [i for i in self.improvements.values() if i.applies_to_fiscal_year == year]

    def _day(self) -> dt.date:
        """The last day on which this can have happened: today in Japan, or earlier if so stated."""
        today = self.context.clock().astimezone(JAPAN).date()
        stated = self.context.effective.check().latest if self.context.effective is not None else None
        return min(today, stated or today)
