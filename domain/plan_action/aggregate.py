"""Actions 事業: what is done to realise the promotion plan, year by year.

An action rests on a measure, an item of Art.16 of the ordinance and a concluded matter. Each fiscal year it
goes through planning 企画立案, implementation 実施 and evaluation 評価, the three phases of which Art.5(2)
requires an account; what was learnt must be answered by a later year's plan. Its money adds up (domain.md
4.6). What no source tells (copies, participants, money spent) stays unknown.

Events are in plan_action_events.py, state in plan_action_state.py, the years in plan_action_years.py.
"""

from __future__ import annotations

from domain.kernel.commands import command, refuses
from domain.kernel.references import must_exist
from domain.kernel.refusals import ALREADY_EXISTS, REASON_REQUIRED, UNKNOWN_ID, WRONG_STATE
from domain.matter.aggregate import Matter
from domain.matter.refusals import MATTER_NOT_ADOPTED
from domain.plan_action.cycle import Cycle
from domain.plan_action.events import (
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
    ImprovementAnswered,
    ImprovementDecided,
    Indicator,
    MaterialDistributed,
    MaterialProduced,
    SettlementRecorded,
)
from domain.plan_action.refusals import PHASE_ORDER, PHASE_UNNAMED
from domain.plan_action.state import ON_FOOT
from domain.plan_action.years import Years
from domain.values.calendar import EffectiveDate, fiscal_year_of

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
    "ImprovementAnswered",
    "ImprovementDecided",
    "Indicator",
    "MaterialDistributed",
    "MaterialProduced",
    "PlanAction",
    "SettlementRecorded",
]

UNDER_WAY = ("implementing", "implemented")


class PlanAction(Years):
    """One action: registered | proposed → adopted → active ⇄ suspended → ended; and for each fiscal year a
    cycle: opened → planned → implementing → implemented → evaluated → closed."""

    PREFIX = "action-"
    ID_FIELDS = ("action_id",)
    COLLECTION = "actions"
    LABEL = ("事業", "action")

    # -- commands: the action itself

    @command("SEC", "IMP", event=ActionRegistered, ja="事業を登録する", en="Register an action", creates=True)
    @refuses(UNKNOWN_ID)
    def register(self, fact: ActionRegistered) -> None:
        """Enter an action that a source tells of, however it came about."""
        self._only_new()
        must_exist(self, fact.owner, "/owner")
        must_exist(self, fact.measure_id, "/measure_id")
        must_exist(self, fact.adopted_by, "/adopted_by")
        self.record(fact)

    @command(
        "MEM",
        "LDR",
        "CHR",
        "SEC",
        "IMP",
        event=ActionProposed,
        ja="事業を提案する",
        en="Propose an action",
        creates=True,
    )
    @refuses(UNKNOWN_ID)
    def propose(self, fact: ActionProposed) -> None:
        """Propose an action: which measure it realises, which matter it follows."""
        self._only_new()
        must_exist(self, fact.measure_id, "/measure_id")
        must_exist(self, fact.matter_id, "/matter_id")
        self.record(fact)

    @command("SEC", "APR", "IMP", event=ActionAdopted, ja="事業を採択する", en="Adopt an action")
    @refuses(MATTER_NOT_ADOPTED, WRONG_STATE)
    def adopt(self, fact: ActionAdopted) -> None:
        """Take the action up, on the strength of a matter that was adopted or agreed on."""
        self._in_order("registered", "proposed")
        if not self.context.importing:
            if fact.matter_id is None:
                raise MATTER_NOT_ADOPTED().at("/matter_id")
            self.look(Matter, fact.matter_id).require_adopted()
        self.record(fact)

    @command("SEC", "CHR", "IMP", event=ActionSuspended, ja="事業を休止する", en="Suspend an action")
    @refuses(REASON_REQUIRED, WRONG_STATE)
    def suspend(self, fact: ActionSuspended) -> None:
        """Let the action rest, and say why."""
        self._in_order(*ON_FOOT)
        self._needs(fact.reason, "/reason")
        self.record(fact)

    @command("SEC", "CHR", "IMP", event=ActionResumed, ja="事業を再開する", en="Resume an action")
    @refuses(WRONG_STATE)
    def resume(self, fact: ActionResumed) -> None:
        """Go on with an action that rested."""
        self._in_order("suspended")
        self.record(fact)

    @command("SEC", "CHR", "IMP", event=ActionEnded, ja="事業を終了する", en="End an action")
    @refuses(REASON_REQUIRED, WRONG_STATE)
    def end(self, fact: ActionEnded) -> None:
        """End the action, and say why."""
        self._in_order(*ON_FOOT, "suspended")
        self._needs(fact.reason, "/reason")
        self.record(fact)

    # -- commands: what was done

    @command("SEC", "LDR", "IMP", event=ActivityHeld, ja="催しを記録する", en="Record an activity")
    @refuses(ALREADY_EXISTS, PHASE_ORDER)
    def record_activity(self, fact: ActivityHeld) -> None:
        """Record a forum, a seminar or a meeting, with the participants as far as they were counted."""
        if fact.activity_id in self.activities:
            raise ALREADY_EXISTS(id=fact.activity_id).at("/activity_id")
        self._being_done(fact.held_on)
        self.record(fact)

    @command(
        "SEC", "LDR", "IMP", event=MaterialProduced, ja="資料の作成を記録する", en="Record material produced"
    )
    @refuses(PHASE_ORDER)
    def record_material(self, fact: MaterialProduced) -> None:
        """Record that something was made to be handed out."""
        self._being_done(fact.produced_on)
        self.record(fact)

    @command(
        "SEC",
        "LDR",
        "IMP",
        event=MaterialDistributed,
        ja="資料の配布を記録する",
        en="Record material distributed",
    )
    @refuses(PHASE_ORDER)
    def record_distribution(self, fact: MaterialDistributed) -> None:
        """Record to whom it was handed out: people and copies are counted apart."""
        self._being_done(fact.distributed_on)
        self.record(fact)

    @command(
        "SEC",
        "CHR",
        "IMP",
        event=CouncilInvolvementRecorded,
        ja="市民会議の関わりを記録する",
        en="Record the council's involvement",
    )
    @refuses(PHASE_UNNAMED)
    def record_council_involvement(self, fact: CouncilInvolvementRecorded) -> None:
        """Record in which phases the council took part, and what shows it."""
        if not fact.phases:
            raise PHASE_UNNAMED().at("/phases")
        must_exist(self, fact.evidence_ref, "/evidence_ref")
        self.record(fact)

    # -- what several commands ask

    def _only_new(self) -> None:
        if self.state != "new":
            raise ALREADY_EXISTS(id=self.entity)

    def _being_done(self, when: EffectiveDate | None) -> None:
        """Refuse PHASE_ORDER unless the year of ``when`` (undated: any year) is, or was, under way."""
        if self.context.importing:
            return
        moment = when or self.context.effective
        year = moment.check().fiscal_year if moment is not None else None
        cycles = list(self.cycles.values()) if year is None else [self._cycle(year)]
        if not any(cycle.phase in UNDER_WAY for cycle in cycles):
            latest = cycles[-1] if cycles else Cycle(fiscal_year_of(self._day()))
            latest.only_in(*UNDER_WAY)
