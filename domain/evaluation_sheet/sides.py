"""What each side of an evaluation sheet does for itself, without seeing the other (domain.md 4.7, 4.13).

No refusal here depends on what the other side has done, except towards whoever did it: nobody may evaluate
for both.
"""

from __future__ import annotations

from collections import Counter

from domain.evaluation_sheet.events import (
    SIDES,
    ItemScore,
    SelfEvaluationCorrected,
    SelfEvaluationSubmitted,
    SheetUnsealed,
    Side,
)
from domain.evaluation_sheet.refusals import (
    ALREADY_SUBMITTED,
    EVALUATOR_UNKNOWN,
    ITEM_NOT_IN_TEMPLATE,
    NOT_SUBMITTED,
    SAME_EVALUATOR,
    SCORE_AND_NA,
    SCORES_INCOMPLETE,
    SEALED_ENVELOPE,
)
from domain.evaluation_sheet.state import OWN_SIDE, SheetState
from domain.evaluation_sheet.template import REASON_BELOW
from domain.kernel.commands import command, refuses
from domain.kernel.refusals import FORBIDDEN, REASON_REQUIRED, WRONG_STATE
from domain.kernel.roles import ROLE_NAMES
from domain.values.refusal import Refusal

BLIND_COMMANDS = frozenset({"submit_self_evaluation", "correct_self_evaluation"})
"""Commands of which nobody but the side that gives them may learn anything before the unsealing."""


class OwnEvaluations(SheetState):
    """The commands of a :class:`domain.evaluation_sheet.EvaluationSheet` that one side gives alone."""

    @command(
        "EV-C",
        "EV-G",
        "IMP",
        event=SelfEvaluationSubmitted,
        ja="自己評価を提出する",
        en="Submit a self-evaluation",
    )
    @refuses(
        ALREADY_SUBMITTED,
        EVALUATOR_UNKNOWN,
        ITEM_NOT_IN_TEMPLATE,
        REASON_REQUIRED,
        SAME_EVALUATOR,
        SCORES_INCOMPLETE,
        SCORE_AND_NA,
        SEALED_ENVELOPE,
        WRONG_STATE,
    )
    def submit_self_evaluation(self, fact: SelfEvaluationSubmitted) -> None:
        """Submit the evaluation of one's own side, once. When both sides have, the sheet unseals itself."""
        self._own_side(fact.side)
        if fact.side in self.evaluations:
            ja, en = SIDES[fact.side]
            raise ALREADY_SUBMITTED(side=ja, side_en=en).at("/side")
        self._in_order("self_evaluating")
        self._check_scores(fact.scores)
        self.record(fact)
        if len(self.evaluations) == len(SIDES):
            self.record(SheetUnsealed())

    @command(
        "EV-C",
        "EV-G",
        event=SelfEvaluationCorrected,
        ja="自己評価を差し替える",
        en="Correct a self-evaluation",
    )
    @refuses(
        EVALUATOR_UNKNOWN,
        ITEM_NOT_IN_TEMPLATE,
        NOT_SUBMITTED,
        REASON_REQUIRED,
        SAME_EVALUATOR,
        SCORES_INCOMPLETE,
        SCORE_AND_NA,
        SEALED_ENVELOPE,
        WRONG_STATE,
    )
    def correct_self_evaluation(self, fact: SelfEvaluationCorrected) -> None:
        """Replace what one's own side submitted, as long as the sheet is sealed, and say why. Once the other
        side's scores can be read, one's own are changed by agreement only (``agree_score``)."""
        self._own_side(fact.side)
        self._in_order("self_evaluating")
        if fact.side not in self.evaluations:
            ja, en = SIDES[fact.side]
            raise NOT_SUBMITTED(side=ja, side_en=en).at("/side")
        self._check_scores(fact.scores)
        self.record(fact)

    # -- what they ask

    def _own_side(self, side: Side) -> None:
        """Refuse whoever is not, or not only, an evaluator of ``side``; and, for a sealed evaluation, an
        envelope that others would read. None of it depends on what the other side has done."""
        if self.context.importing:
            return
        party, roles = self.context.actor.party, self.context.roles | {self.context.actor.role}
        if OWN_SIDE.keys() <= roles:
            raise SAME_EVALUATOR().at("/side")
        if all(OWN_SIDE.get(role) != side for role in roles):
            raise _only_for(side, roles).at("/side")
        if party is None:
            raise EVALUATOR_UNKNOWN()
        other: Side = "g" if side == "c" else "c"
        if party == self.parties.get(other) or party in self.submitters[other]:
            raise SAME_EVALUATOR().at("/side")
        if self.context.source or self.context.legal_basis or self.context.document_no:
            raise SEALED_ENVELOPE().at("/record")

    def _check_scores(self, scores: tuple[ItemScore, ...]) -> None:
        for n, score in enumerate(scores):
            self._known(score.item, f"/scores/{n}/item")
            if score.score is not None and score.na_reason is not None:
                raise SCORE_AND_NA(item=score.item).at(f"/scores/{n}/na_reason")
            if not self.context.importing:
                _check_reasons(score, f"/scores/{n}")
        score_counts = Counter(score.item for score in scores)
        missing = [] if self.context.importing else [i for i in self.template.codes if i not in score_counts]
        twice = [item for item, count in score_counts.items() if count > 1]
        if missing or twice:
            raise SCORES_INCOMPLETE(missing=", ".join(missing) or "—", twice=", ".join(twice) or "—").at(
                "/scores"
            )


def _check_reasons(score: ItemScore, pointer: str) -> None:
    """Refuse ``REASON_REQUIRED``: what does not apply says why not, and a low score says why (O26)."""
    if score.score is None:
        if score.na_reason is None:
            raise REASON_REQUIRED().at(f"{pointer}/na_reason")
    elif score.score < REASON_BELOW and score.comment is None:
        raise REASON_REQUIRED().at(f"{pointer}/comment")


def _only_for(side: Side, have: frozenset[str]) -> Refusal:
    role = next(role for role, own in OWN_SIDE.items() if own == side)
    ja, en = ROLE_NAMES[role]
    return FORBIDDEN(
        roles=ja,
        roles_en=en,
        have="・".join(ROLE_NAMES[r][0] for r in sorted(have)),
        have_en=", ".join(ROLE_NAMES[r][1] for r in sorted(have)),
    )
