"""Every kind of aggregate and every policy, imported once: after ``import domain.kinds``, KINDS, EVENTS and
POLICIES are complete."""

from domain import (
    center_study,
    council,
    document,
    evaluation_sheet,
    legal_instrument,
    link,
    matter,
    meeting,
    officer_network,
    party,
    plan_action,
    policies,
    promotion_plan,
    reflection,
    working_group,
)

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
