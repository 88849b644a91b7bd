"""Every kind of aggregate, imported once: after ``import domain.kinds``, KINDS and EVENTS are complete."""

from domain import (
    document,
    legal_instrument,
    link,
    officer_network,
    party,
    reflection,
)

__all__ = [
    "document",
    "legal_instrument",
    "link",
    "officer_network",
    "party",
    "reflection",
]
