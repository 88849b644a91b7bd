"""Evaluation sheets 評価シート: how both sides judge a year of working together (domain.md 4.7, O25-O28).

One sheet for each action, fiscal year and stage. Targets are agreed beforehand; then each side writes its own
evaluation without seeing the other's. When both are in, the sheet unseals itself; the two sides talk, agree
on a score for every item or keep their difference with the reason, hear a third party if they wish, and
agree on what is to be done better. Only then is the sheet published. Scores judge the work, never members.

Events are in evaluation_sheet_events.py, the seal and the state in evaluation_sheet_state.py, what each side
does for itself in evaluation_sheet_sides.py, the items in evaluation_template.py.
"""

from __future__ import annotations

import datetime as dt

from domain.evaluation_sheet.events import (
    STAGES,
    DialogueHeld,
    GapDiscussed,
    ImprovementAgreed,
    MutualDifferenceKept,
    MutualEvaluationConcluded,
    MutualScoreAgreed,
    PriorTargetsMissed,
    SelfEvaluationStarted,
    SheetCancelled,
    SheetOpened,
    SheetPublished,
    Stage,
    TargetsAgreed,
    ThirdPartyOpinionAdded,
)
from domain.evaluation_sheet.refusals import (
    GAP_UNDISCUSSED,
    IMPROVEMENT_MISSING,
    ITEM_NOT_IN_TEMPLATE,
    ITEMS_UNSETTLED,
    NO_DIFFERENCE,
    ONE_SIDE_MISSING,
    SAME_EVALUATOR,
    SHEET_EXISTS,
    SHEET_NOT_CANCELLED,
    TARGETS_MISSING,
    TARGETS_POSSIBLE,
    TARGETS_TOO_LATE,
)
from domain.evaluation_sheet.sides import OwnEvaluations
from domain.evaluation_sheet.state import BEFORE_UNSEALING
from domain.evaluation_sheet.template import CURRENT, REASON_BELOW, TEMPLATES
from domain.kernel.commands import command, refuses
from domain.kernel.references import must_exist
from domain.kernel.refusals import ALREADY_EXISTS, REASON_REQUIRED, UNKNOWN_ID, WRONG_STATE
from domain.plan_action.aggregate import PlanAction
from domain.plan_action.cycle import PHASES
from domain.plan_action.refusals import IMPROVEMENT_NOT_LATER
from domain.values.calendar import fiscal_year_bounds
from domain.values.disclosure import Disclosure
from domain.values.fields import Id, Line, Ordinal, Text, Word, Year

CARRIED_OUT = ("implemented", "evaluated", "closed")
"""Phases of a year after its work was done: too late to agree on targets."""
AFTER_MUTUAL = ("mutual_agreed", "mutual_differs", "third_party")


class EvaluationSheet(OwnEvaluations):
    """One sheet: opened → targets_agreed | without_targets → self_evaluating → unsealed → dialogue_held →
    mutual_agreed | mutual_differs → (third_party) → improvement_agreed → published; until then it may be
    cancelled."""

    PREFIX = "sheet-"
    ID_FIELDS = ("sheet_id",)
    COLLECTION = "sheets"
    LABEL = ("評価シート", "evaluation sheet")

    # -- commands: before the work is done

    @command(
        "SEC", "IMP", records=SheetOpened, ja="評価シートを作る", en="Open an evaluation sheet", creates=True
    )
    @refuses(SAME_EVALUATOR, SHEET_EXISTS, SHEET_NOT_CANCELLED, UNKNOWN_ID)
    def open(
        self,
        action_id: Id,
        fiscal_year: Year,
        stage: Stage,
        side_c: Id,
        side_g: Id,
        template_version: Ordinal = CURRENT,
        title: Line | None = None,
        replaces: Id | None = None,
    ) -> None:
        """Open the one sheet of an action's year at a stage of it. ``side_c`` and ``side_g``: the parties
        that evaluate for the citizens and for the government; ``replaces``: the sheet of the same that was
        cancelled."""
        if template_version not in TEMPLATES:
            raise UNKNOWN_ID(kind="評価項目の版", kind_en="version of the criteria", id=template_version).at(
                "/template_version"
            )
        must_exist(self, action_id, "/action_id")
        must_exist(self, side_c, "/side_c")
        must_exist(self, side_g, "/side_g")
        if side_c == side_g:
            raise SAME_EVALUATOR().at("/side_g")
        place = f"{action_id}/{fiscal_year}/{stage}"
        if replaces is not None:
            self._in_place_of(replaces, (action_id, fiscal_year, stage))
            place = f"{place} ({replaces})"
        self.claim("sheet", place)
        self.record(
            SheetOpened(
                action_id=action_id,
                fiscal_year=fiscal_year,
                stage=stage,
                template_version=template_version,
                side_c=side_c,
                side_g=side_g,
                title=title or f"{fiscal_year}年度の評価シート（{STAGES[stage][0]}）",
                disclosure=Disclosure("internal", "deliberation", review_on=_review_on(fiscal_year)),
                replaces=replaces,
            )
        )

    @command("SEC", "IMP", event=TargetsAgreed, ja="目標の合意を記録する", en="Agree on targets")
    @refuses(TARGETS_MISSING, TARGETS_TOO_LATE, WRONG_STATE)
    def agree_targets(self, fact: TargetsAgreed) -> None:
        """Record by what both sides will tell success; not after the work of the year is done."""
        self._in_order("opened")
        if not self.context.importing:
            if not fact.indicators or not (fact.beneficiary_target or fact.reason_none):
                raise TARGETS_MISSING()
            self._not_too_late()
        self.record(fact)

    @command(
        "SEC",
        "IMP",
        event=PriorTargetsMissed,
        ja="事前の目標なしで評価する",
        en="Evaluate without prior targets",
    )
    @refuses(TARGETS_POSSIBLE, WRONG_STATE)
    def do_without_targets(self, fact: PriorTargetsMissed) -> None:
        """Go on with a sheet that was opened after the work was done. It is marked as one without targets
        agreed on beforehand."""
        self._in_order("opened")
        if not self.context.importing and not self._carried_out():
            raise TARGETS_POSSIBLE(year=self.fiscal_year)
        self.record(fact)

    @command("SEC", "IMP", event=SelfEvaluationStarted, ja="自己評価を始める", en="Start the self-evaluation")
    @refuses(WRONG_STATE)
    def start_self_evaluation(self, fact: SelfEvaluationStarted) -> None:
        """Seal the sheet and ask both sides for their own evaluation."""
        self._in_order("targets_agreed", "without_targets")
        self.record(fact)

    @command("SEC", "IMP", event=SheetCancelled, ja="評価シートを中止する", en="Cancel the sheet")
    @refuses(WRONG_STATE)
    def cancel(self, fact: SheetCancelled) -> None:
        """Say that the sheet is not brought to its end, and why. Another may be opened in its place. It may
        be done under the seal: that a side has not answered is no longer anybody's secret then, and what the
        other wrote stays one."""
        if not self.context.importing and self.state in ("published", "cancelled"):
            self.only_in(*BEFORE_UNSEALING, "unsealed", "dialogue_held", *AFTER_MUTUAL, "improvement_agreed")
        self.record(fact)

    # -- commands: both together

    @command("SEC", "IMP", event=DialogueHeld, ja="対話を記録する", en="Record the dialogue")
    @refuses(ONE_SIDE_MISSING, WRONG_STATE)
    def hold_dialogue(self, fact: DialogueHeld) -> None:
        """Record that the two sides met over what they had written."""
        self._together("unsealed", "dialogue_held")
        must_exist(self, fact.attended, "/attended")
        must_exist(self, fact.coordinator, "/coordinator")
        self.record(fact)

    @command(
        "SEC",
        "IMP",
        event=GapDiscussed,
        ja="評価差の話し合いを記録する",
        en="Record what a gap was put down to",
    )
    @refuses(ITEM_NOT_IN_TEMPLATE, ONE_SIDE_MISSING, WRONG_STATE)
    def discuss_gap(self, fact: GapDiscussed) -> None:
        """Record why the two sides judge an item differently."""
        self._together("dialogue_held")
        self._known(fact.item)
        self.record(fact)

    @command(
        "SEC", "IMP", event=MutualScoreAgreed, ja="相互評価の点数の合意を記録する", en="Record a mutual score"
    )
    @refuses(
        ALREADY_EXISTS, GAP_UNDISCUSSED, ITEM_NOT_IN_TEMPLATE, ONE_SIDE_MISSING, REASON_REQUIRED, WRONG_STATE
    )
    def agree_score(self, fact: MutualScoreAgreed) -> None:
        """Record the score that both sides agree on for an item; a low one, or none, with the reason."""
        self._settle(fact.item)
        low = fact.score is None or fact.score < REASON_BELOW
        if low and fact.comment is None and not self.context.importing:
            raise REASON_REQUIRED().at("/comment")
        self.record(fact)

    @command("SEC", "IMP", records=MutualDifferenceKept, ja="評価差の併記を記録する", en="Keep a difference")
    @refuses(
        ALREADY_EXISTS, GAP_UNDISCUSSED, ITEM_NOT_IN_TEMPLATE, NO_DIFFERENCE, ONE_SIDE_MISSING, WRONG_STATE
    )
    def keep_difference(self, item: Word, why: Text) -> None:
        """Record that both sides keep their own score for an item, and why."""
        self._settle(item)
        if not self.differ(item):
            raise NO_DIFFERENCE(item=item).at("/item")
        self.record(
            MutualDifferenceKept(item=item, c=self.score("c", item), g=self.score("g", item), why=why)
        )

    @command(
        "SEC",
        "IMP",
        records=MutualEvaluationConcluded,
        ja="相互評価を終える",
        en="Conclude the mutual evaluation",
    )
    @refuses(GAP_UNDISCUSSED, ITEMS_UNSETTLED, ONE_SIDE_MISSING, WRONG_STATE)
    def conclude_mutual(self) -> None:
        """End the mutual evaluation when every item is settled. Where both gave the same, they agree."""
        self._together("dialogue_held")
        if not self.context.importing:
            for item in self.template.codes:
                self._discussed_if_far_apart(item)
            unsettled = [i for i in self.template.codes if self.differ(i) and i not in self.settled]
            if unsettled:
                raise ITEMS_UNSETTLED(items=", ".join(unsettled))
        self.record(
            MutualEvaluationConcluded(result="mutual_differs" if self.differences else "mutual_agreed")
        )

    # -- commands: what follows from it

    @command(
        "SEC",
        "IMP",
        event=ThirdPartyOpinionAdded,
        ja="第三者評価を記録する",
        en="Add a third party's opinion",
    )
    @refuses(ONE_SIDE_MISSING, SAME_EVALUATOR, WRONG_STATE)
    def add_third_party_opinion(self, fact: ThirdPartyOpinionAdded) -> None:
        """Record what somebody of neither side thinks."""
        self._together(*AFTER_MUTUAL)
        must_exist(self, fact.by, "/by")
        if fact.by in {*self.parties.values(), *self.submitters["c"], *self.submitters["g"]}:
            raise SAME_EVALUATOR().at("/by")
        self.record(fact)

    @command("SEC", "IMP", event=ImprovementAgreed, ja="改善の合意を記録する", en="Agree on an improvement")
    @refuses(ALREADY_EXISTS, IMPROVEMENT_NOT_LATER, ONE_SIDE_MISSING, WRONG_STATE)
    def agree_improvement(self, fact: ImprovementAgreed) -> None:
        """Record what is to be done better, by whom, in which later year."""
        self._together(*AFTER_MUTUAL, "improvement_agreed")
        if fact.applies_to_fiscal_year <= self.fiscal_year:
            raise IMPROVEMENT_NOT_LATER(applies=fact.applies_to_fiscal_year, year=self.fiscal_year).at(
                "/applies_to_fiscal_year"
            )
        if fact.improvement_id in self.improvements:
            raise ALREADY_EXISTS(id=fact.improvement_id).at("/improvement_id")
        self.record(fact)

    @command("SEC", "IMP", records=SheetPublished, ja="評価シートを公表する", en="Publish the sheet")
    @refuses(IMPROVEMENT_MISSING, ONE_SIDE_MISSING, WRONG_STATE)
    def publish(self) -> None:
        """Let everybody read the sheet, both sides next to each other."""
        self._together(*AFTER_MUTUAL, "improvement_agreed")
        if not self.improvements and not self.context.importing:
            raise IMPROVEMENT_MISSING()
        self.record(SheetPublished())

    # -- what several commands ask

    def _together(self, *states: str) -> None:
        """Refuse ``ONE_SIDE_MISSING`` before the unsealing, ``WRONG_STATE`` out of order after it."""
        if self.state in BEFORE_UNSEALING and not self.context.importing:
            raise ONE_SIDE_MISSING()
        self._in_order(*states)

    def _settle(self, item: str) -> None:
        """Refuse an item that cannot be settled now: unknown, settled before, or not talked about."""
        self._together("dialogue_held")
        self._known(item)
        if item in self.settled:
            raise ALREADY_EXISTS(id=f"{self.entity} {item}").at("/item")
        if not self.context.importing:
            self._discussed_if_far_apart(item)

    def _discussed_if_far_apart(self, item: str) -> None:
        if self.far_apart(item) and item not in self.discussed:
            raise GAP_UNDISCUSSED(item=item, c=self.score("c", item), g=self.score("g", item))

    def _not_too_late(self) -> None:
        if phase := self._carried_out():
            ja, en = PHASES[phase]
            raise TARGETS_TOO_LATE(year=self.fiscal_year, phase=ja, phase_en=en)

    def _carried_out(self) -> str | None:
        """The phase of the year, if its work has been done."""
        cycle = self.look(PlanAction, self.action_id).cycles.get(self.fiscal_year)
        return cycle.phase if cycle is not None and cycle.phase in CARRIED_OUT else None

    def _in_place_of(self, cancelled: str, about: tuple[str, int, Stage]) -> None:
        """Refuse a sheet in place of one that was not cancelled, or is of another action, year or stage."""
        before = self.look(EvaluationSheet, cancelled)
        if before.state != "cancelled" or (before.action_id, before.fiscal_year, before.stage) != about:
            raise SHEET_NOT_CANCELLED(sheet=cancelled).at("/replaces")


def _review_on(fiscal_year: int) -> dt.date:
    """When an unpublished sheet is looked at again: at the end of the year after the one it evaluates, in
    which its third party reports (O25). The ground "deliberation" needs such a day (O14)."""
    return fiscal_year_bounds(fiscal_year + 1)[1]
