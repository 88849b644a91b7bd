"""What a conclusion 結論 must hold before it is recorded: the rules of domain.md 4.3, one function each."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

from domain.matter_events import MatterConcluded
from domain.matter_refusals import (
    CHOICE_MISMATCH,
    DISSENT_UNASKED,
    EVIDENCE_OR_REASON_REQUIRED,
    OPTION_UNKNOWN,
    OPTIONS_NOT_FROZEN,
    RESOLUTION_UNFINISHED,
)
from domain.matter_state import ADOPTING, MatterState
from domain.resolution_methods import RESULTS, UNFINISHED, Result, check_result

if TYPE_CHECKING:
    from domain.meeting_events import ResolutionTaken

PICKS_AN_OPTION: frozenset[Result] = frozenset({"adopted", "adopted_with_conditions"})
VOTED = PICKS_AN_OPTION | {"rejected"}
"""Results of a vote, which is always on an option."""


def check_result_and_choice(concluded: MatterConcluded, options: Container[str] | None = None) -> None:
    """The method gives such a result (RESULT_NOT_ALLOWED), it concludes something (RESOLUTION_UNFINISHED),
    and option and conditions agree with it (OPTION_UNKNOWN, CHOICE_MISMATCH).

    Without ``options`` (an import, whose source may not tell them) only contradictions are refused.
    """
    result, chosen = concluded.result, concluded.chosen_option
    if result is None:
        return
    if concluded.method is not None:
        check_result(concluded.method, result)
    if result in UNFINISHED:
        raise RESOLUTION_UNFINISHED(result=RESULTS[result][0], result_en=RESULTS[result][1])
    if chosen is not None and options is not None and chosen not in options:
        raise OPTION_UNKNOWN(option=chosen).at("/chosen_option")
    contradicts = result not in ADOPTING and (chosen is not None or bool(concluded.conditions))
    if contradicts or (options is not None and _leaves_open(concluded)):
        raise CHOICE_MISMATCH(
            result=RESULTS[result][0],
            result_en=RESULTS[result][1],
            chosen=chosen or "—",
            conditions=len(concluded.conditions),
        ).at("/chosen_option")


def _leaves_open(concluded: MatterConcluded) -> bool:
    """Whether it does not say which option was adopted, or on which conditions."""
    if concluded.result == "adopted_with_conditions" and not concluded.conditions:
        return True
    return concluded.result in PICKS_AN_OPTION and concluded.chosen_option is None


def check_put_to_decision(concluded: MatterConcluded, matter: MatterState) -> None:
    """What was voted on, or agreed on among options, is what is frozen now (OPTIONS_NOT_FROZEN)."""
    resolved, frozen = concluded.options_version, matter.options_version
    among_options = concluded.result in VOTED or (concluded.result in ADOPTING and bool(matter.options))
    if resolved != frozen or (among_options and frozen is None):
        raise OPTIONS_NOT_FROZEN(resolved=resolved or "—", frozen=frozen or "—").at("/resolution_ref")


def check_accounted_for(concluded: MatterConcluded, matter: MatterState) -> None:
    """A decision on one option, or without evidence, says why (EVIDENCE_OR_REASON_REQUIRED)."""
    decides = concluded.result in VOTED | ADOPTING
    unfounded = not matter.evidence or len(matter.options) < 2
    if decides and unfounded and not concluded.reason:
        raise EVIDENCE_OR_REASON_REQUIRED(evidence=len(matter.evidence), options=len(matter.options)).at(
            "/reason"
        )


def check_dissent_asked(resolution: ResolutionTaken, matter: MatterState) -> None:
    """Where somebody objected or voted against, dissents were filed or asked for (DISSENT_UNASKED)."""
    objections = resolution.objections or 0
    against = resolution.tally.against if resolution.tally is not None else 0
    if (objections or against) and not (matter.dissents or matter.dissent_asked):
        raise DISSENT_UNASKED(objections=objections, against=against)
