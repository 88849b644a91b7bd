"""What is known of an evaluation sheet 評価シート after its events, what its commands ask, and its seal.

While both sides write, the sheet is sealed: nothing but their submissions can be recorded on it, and what
one side has submitted counts for nobody else, not even in the sheet's version (domain.md 4.7).
"""

from __future__ import annotations

from typing import Any, ClassVar

from domain.evaluation_sheet.events import (
    BLIND,
    DialogueHeld,
    GapDiscussed,
    ImprovementAgreed,
    ItemScore,
    MutualDifferenceKept,
    MutualEvaluationConcluded,
    MutualScoreAgreed,
    PriorTargetsMissed,
    SelfEvaluationCorrected,
    SelfEvaluationStarted,
    SelfEvaluationSubmitted,
    SheetCancelled,
    SheetOpened,
    SheetPublished,
    SheetUnsealed,
    Side,
    Stage,
    TargetsAgreed,
    ThirdPartyOpinionAdded,
)
from domain.evaluation_sheet.refusals import (
    ITEM_NOT_IN_TEMPLATE,
    SEALED,
    SUBMISSION_STANDS,
)
from domain.evaluation_sheet.template import TEMPLATES, WIDE_GAP, Template
from domain.kernel.commands import on
from domain.kernel.correction import Correctable
from domain.kernel.events import Event, Recorded
from domain.plan_action.refusals import SHEET_NOT_READY, SHEET_OF_ANOTHER

OWN_SIDE: dict[str, Side] = {"EV-C": "c", "EV-G": "g"}
"""The side for which each evaluator role submits."""
BEFORE_UNSEALING = ("opened", "targets_agreed", "without_targets", "self_evaluating")
READY = ("improvement_agreed", "published")
"""When a sheet says enough for its action's year to count as evaluated."""


def own_side(roles: frozenset[str]) -> Side | None:
    """The side that somebody with these roles evaluates for; None for nobody's, or both."""
    sides = {OWN_SIDE[role] for role in roles & OWN_SIDE.keys()}
    return sides.pop() if len(sides) == 1 else None


class SheetState(Correctable):
    """The state of a :class:`domain.evaluation_sheet.EvaluationSheet`."""

    ALSO_REFUSES: ClassVar = {
        "propose_correction": (SEALED, SUBMISSION_STANDS),
        "approve_correction": (SEALED,),
        "decline_correction": (SEALED,),
        "withdraw_event": (SEALED,),
        "redact": (SEALED,),
        "close_at_once": (SEALED,),
        "confirm_closing": (SEALED,),
        "lift_redaction": (SEALED,),
    }

    def begin(self) -> None:
        self.action_id = ""
        self.fiscal_year = 0
        self.stage: Stage | None = None
        self.cancelled_sealed = False
        """Whether it was cancelled before both sides could read each other: then they never do."""
        self.parties: dict[Side, str] = {}
        """Who evaluates for each side, as the sheet was opened."""
        self.template: Template = TEMPLATES[1]
        self.evaluations: dict[Side, dict[str, ItemScore]] = {}
        """What each side has submitted, by item."""
        self.submitters: dict[Side, set[str]] = {"c": set(), "g": set()}
        self.blind: dict[Side, int] = {"c": 0, "g": 0}
        """How many events of each side only that side may know of before the unsealing."""
        self.discussed: set[str] = set()
        self.settled: set[str] = set()
        self.differences: set[str] = set()
        self.improvements: dict[str, ImprovementAgreed] = {}

    # -- the seal

    @property
    def sealed(self) -> bool:
        return self.state == "self_evaluating" or self.cancelled_sealed

    def version_for(self, roles: frozenset[str]) -> int:
        """The version without what the other side has submitted under the seal."""
        if not self.sealed:
            return self.version
        own = own_side(roles)
        return self.version - sum(count for side, count in self.blind.items() if side != own)

    def record(self, data: Event, **envelope: Any) -> None:
        """Record a fact; under the seal nothing but what belongs there (refuses ``SEALED``)."""
        allowed = (*BLIND, SheetUnsealed, SheetCancelled)
        if self.sealed and not isinstance(data, allowed) and not self.context.importing:
            raise SEALED()
        super().record(data, **envelope)

    def _target(self, version: int) -> Recorded[Any]:
        """As in every record that can be fixed, but a sealed one does not even tell which events it has."""
        if self.sealed:
            raise SEALED().at("/target_version")
        return super()._target(version)

    def correctable(self, target: Recorded[Any]) -> None:
        """Refuse ``SUBMISSION_STANDS``: nobody corrects what a side wrote, for the other has read it."""
        if isinstance(target.data, BLIND):
            raise SUBMISSION_STANDS().at("/target_version")

    # -- what others ask

    def require_ready(self, action_id: str, fiscal_year: int) -> None:
        """Refuse ``SHEET_OF_ANOTHER`` and ``SHEET_NOT_READY`` unless this sheet evaluates that year."""
        if (self.action_id, self.fiscal_year) != (action_id, fiscal_year):
            raise SHEET_OF_ANOTHER(sheet=self.entity, year=fiscal_year)
        if self.state not in READY:
            raise SHEET_NOT_READY(sheet=self.entity)

    # -- what its own commands ask

    def score(self, side: Side, item: str) -> int | None:
        """What a side gave an item; None if it did not apply, or is not known."""
        rating = self.evaluations.get(side, {}).get(item)
        return rating.score if rating is not None else None

    def differ(self, item: str) -> bool:
        return self.score("c", item) != self.score("g", item)

    def far_apart(self, item: str) -> bool:
        c, g = self.score("c", item), self.score("g", item)
        return c is not None and g is not None and abs(c - g) >= WIDE_GAP

    def _in_order(self, *states: str) -> None:
        if not self.context.importing:
            self.only_in(*states)

    def _known(self, item: str, pointer: str = "/item") -> None:
        if item not in self.template.codes:
            raise ITEM_NOT_IN_TEMPLATE(item=item, known=", ".join(self.template.codes)).at(pointer)

    # -- state

    @on(SheetOpened)
    def _opened(self, e: SheetOpened, _: Recorded[Any]) -> None:
        self.state = "opened"
        self.action_id, self.fiscal_year, self.stage = e.action_id, e.fiscal_year, e.stage
        self.parties = {"c": e.side_c, "g": e.side_g}
        self.template = TEMPLATES[e.template_version]

    @on(TargetsAgreed)
    def _targets(self, e: TargetsAgreed, _: Recorded[Any]) -> None:
        self.state = "targets_agreed"

    @on(PriorTargetsMissed)
    def _without_targets(self, e: PriorTargetsMissed, _: Recorded[Any]) -> None:
        self.state = "without_targets"

    @on(SelfEvaluationStarted)
    def _started(self, e: SelfEvaluationStarted, _: Recorded[Any]) -> None:
        self.state = "self_evaluating"

    @on(SelfEvaluationSubmitted, SelfEvaluationCorrected)
    def _submitted(
        self, e: SelfEvaluationSubmitted | SelfEvaluationCorrected, recorded: Recorded[Event]
    ) -> None:
        self.evaluations[e.side] = {score.item: score for score in e.scores}
        self.blind[e.side] += 1
        if recorded.actor.party is not None:
            self.submitters[e.side].add(recorded.actor.party)

    @on(SheetUnsealed)
    def _unsealed(self, e: SheetUnsealed, _: Recorded[Any]) -> None:
        self.state = "unsealed"

    @on(DialogueHeld)
    def _dialogue(self, e: DialogueHeld, _: Recorded[Any]) -> None:
        self.state = "dialogue_held"

    @on(GapDiscussed)
    def _discussed(self, e: GapDiscussed, _: Recorded[Any]) -> None:
        self.discussed.add(e.item)

    @on(MutualScoreAgreed)
    def _agreed(self, e: MutualScoreAgreed, _: Recorded[Any]) -> None:
        self.settled.add(e.item)

    @on(MutualDifferenceKept)
    def _kept(self, e: MutualDifferenceKept, _: Recorded[Any]) -> None:
        self.settled.add(e.item)
        self.differences.add(e.item)

    @on(MutualEvaluationConcluded)
    def _concluded(self, e: MutualEvaluationConcluded, _: Recorded[Any]) -> None:
        self.state = e.result

    @on(ThirdPartyOpinionAdded)
    def _third_party(self, e: ThirdPartyOpinionAdded, _: Recorded[Any]) -> None:
        self.state = "third_party"

    @on(ImprovementAgreed)
    def _improvement(self, e: ImprovementAgreed, _: Recorded[Any]) -> None:
        self.state = "improvement_agreed"
        self.improvements[e.improvement_id] = e

    @on(SheetCancelled)
    def _cancelled(self, e: SheetCancelled, _: Recorded[Any]) -> None:
        self.cancelled_sealed = self.sealed
        self.state = "cancelled"

    @on(SheetPublished)
    def _published(self, e: SheetPublished, _: Recorded[Any]) -> None:
        self.state = "published"
