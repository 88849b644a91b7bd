"""Every kind of aggregate and every policy, imported once: after ``import domain.registry``, KINDS, EVENTS
and POLICIES are complete."""

from domain import policies
from domain.center_study import aggregate as center_study
from domain.council import aggregate as council
from domain.document import aggregate as document
from domain.evaluation_sheet import aggregate as evaluation_sheet
from domain.legal_instrument import aggregate as legal_instrument
from domain.link import aggregate as link
from domain.matter import aggregate as matter
from domain.meeting import aggregate as meeting
from domain.officer_network import aggregate as officer_network
from domain.party import aggregate as party
from domain.plan_action import aggregate as plan_action
from domain.promotion_plan import aggregate as promotion_plan
from domain.reflection import aggregate as reflection
from domain.working_group import aggregate as working_group

__all__ = [
    "center_study",
    "council",
    "document",
    "evaluation_sheet",
    "legal_instrument",
    "link",
    "matter",
    "meeting",
    "officer_network",
    "party",
    "plan_action",
    "policies",
    "promotion_plan",
    "reflection",
    "working_group",
]
