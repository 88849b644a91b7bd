"""Every kind of aggregate, imported once: after ``import domain.kinds``, KINDS and EVENTS are complete."""

from domain import link

__all__ = ["link"]
