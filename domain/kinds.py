"""Every kind of aggregate, imported once: after ``import domain.kinds``, KINDS and EVENTS are complete."""

from domain import (
    center_study,
    council,
    document,
    legal_instrument,
    link,
    matter,
    meeting,
    officer_network,
    party,
    plan_action,
    promotion_plan,
    reflection,
    working_group,
)

__all__ = [
    "center_study",
    "council",
    "document",
    "legal_instrument",
    "link",
    "matter",
    "meeting",
    "officer_network",
    "party",
    "plan_action",
    "promotion_plan",
    "reflection",
    "working_group",
]
