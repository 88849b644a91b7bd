"""The policies of domain.md 4.12 that act. Those that only list what is due are read from the views."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from domain.council.events import AppointmentEnded
from domain.evaluation_sheet.aggregate import EvaluationSheet
from domain.evaluation_sheet.events import ImprovementAgreed
from domain.kernel.commands import Reader
from domain.kernel.events import Recorded
from domain.matter.aggregate import Matter
from domain.meeting.events import ResolutionTaken
from domain.plan_action.aggregate import PlanAction
from domain.plan_action.events import CycleEvaluated, ImprovementDecided
from domain.recording.policy import Order, policy
from domain.working_group.aggregate import WorkingGroup


@policy(
    ResolutionTaken,
    ja="議決の際に読み上げた結論を、案件の結論とする",
    en="The conclusion read out with a resolution becomes the matter's",
)
def conclude_the_matter(e: Recorded[ResolutionTaken], reader: Reader) -> Iterator[Order]:
    """Only if the chair read out a conclusion; otherwise the matter waits for one, and shows as due."""
    taken, conclusion = e.data, e.data.conclusion
    if conclusion is None:
        return
    for matter_id in taken.matters:
        yield Order(
            Matter,
            matter_id,
            lambda matter: matter.conclude(
                meeting_id=e.entity,
                resolution_ref=taken.resolution_id,
                reason=conclusion.reason,
                chosen_option=conclusion.chosen_option,
                conditions=conclusion.conditions,
                effective_from=conclusion.effective_from,
                reason_short=conclusion.reason_short,
            ),
        )


@policy(
    AppointmentEnded,
    ja="委嘱が終わった委員をグループから外し、残した責任を担い手なしとする",
    en="A member whose appointment ended leaves the groups; what they had taken on is without a holder",
)
def leave_the_groups(e: Recorded[AppointmentEnded], reader: Reader) -> Iterator[Order]:
    """The chair's seat is vacated by the council itself."""
    gone = e.data.appointment_id
    for group in reader.groups_of(gone):
        yield Order(WorkingGroup, group, lambda group: group.let_go(gone))


@policy(
    CycleEvaluated,
    ja="評価シートで合意した改善を、事業の改善として次の年度へ送る",
    en="What both sides of the sheet agreed to improve goes to the action's next year",
)
def take_up_the_improvements(e: Recorded[CycleEvaluated], reader: Reader) -> Iterator[Order]:
    """The plan of the year they apply to has to answer each (IMPROVEMENT_UNANSWERED)."""
    sheet = reader.find(EvaluationSheet, e.data.sheet_id) if e.data.sheet_id else None
    for agreed in sheet.improvements.values() if sheet is not None else ():
        yield Order(PlanAction, e.entity, partial(_decide, e.data.fiscal_year, agreed))


@policy(
    ImprovementAgreed,
    ja="年度の評価の後に評価シートで合意した改善も、事業の改善とする",
    en="What is agreed on in a sheet after the year was evaluated goes to the action too",
)
def take_up_a_late_improvement(e: Recorded[ImprovementAgreed], reader: Reader) -> Iterator[Order]:
    """Where the year was evaluated on that sheet already. Its own year's plan may have been made: then the
    action says what becomes of it (answer_improvement)."""
    sheet = reader.find(EvaluationSheet, e.entity)
    action = reader.find(PlanAction, sheet.action_id) if sheet is not None else None
    if sheet is None or action is None or action.evaluated_on.get(sheet.fiscal_year) != e.entity:
        return
    yield Order(PlanAction, action.entity, partial(_decide, sheet.fiscal_year, e.data))


def _decide(fiscal_year: int, agreed: ImprovementAgreed, action: PlanAction) -> None:
    action.decide_improvement(
        ImprovementDecided(
            fiscal_year=fiscal_year,
            improvement_id=agreed.improvement_id,
            text=agreed.text,
            applies_to_fiscal_year=agreed.applies_to_fiscal_year,
        )
    )
