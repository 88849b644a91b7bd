"""Every kind of aggregate and every policy there is, in the order in which they are listed to people.

Nothing is declared by being imported: :func:`load` makes known what stands here, with the events of each
aggregate's package. It is called once, where a process begins (projections/registry.py).
"""

from __future__ import annotations

from functools import cache

from domain.center_study.aggregate import CenterStudy
from domain.council.aggregate import Council
from domain.disclosure_request.aggregate import DisclosureRequest
from domain.document.aggregate import Document
from domain.evaluation_sheet.aggregate import EvaluationSheet
from domain.kernel import correction_events
from domain.kernel.events import declare_event, events_in
from domain.kernel.mapper import know_all_shapes
from domain.kernel.record import declare_kind
from domain.legal_instrument.aggregate import LegalInstrument
from domain.link.aggregate import Link
from domain.matter.aggregate import Matter
from domain.meeting.aggregate import Meeting
from domain.officer_network.aggregate import OfficerNetwork
from domain.party.aggregate import Party
from domain.plan_action.aggregate import PlanAction
from domain.policies import (
    conclude_the_matter,
    leave_the_groups,
    take_up_a_late_improvement,
    take_up_the_improvements,
)
from domain.promotion_plan.aggregate import PromotionPlan
from domain.public_comment import events as public_comment
from domain.recording.policy import POLICIES
from domain.reflection.aggregate import Reflection
from domain.role_grant.aggregate import RoleGrant
from domain.working_group.aggregate import WorkingGroup

AGGREGATES = (
    Matter,
    Council,
    Party,
    WorkingGroup,
    CenterStudy,
    DisclosureRequest,
    Document,
    PlanAction,
    EvaluationSheet,
    LegalInstrument,
    Link,
    Meeting,
    OfficerNetwork,
    PromotionPlan,
    Reflection,
    RoleGrant,
)
ALL_POLICIES = (
    conclude_the_matter,
    leave_the_groups,
    take_up_the_improvements,
    take_up_a_late_improvement,
)


@cache
def load() -> None:
    """Make every aggregate, event and policy known."""
    for shared in (correction_events, public_comment):
        for event in events_in(shared.__name__):
            declare_event(event)
    for kind in AGGREGATES:
        declare_kind(kind)
    POLICIES.update({policy.name: policy for policy in ALL_POLICIES})
    know_all_shapes()
