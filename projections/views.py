"""Every view, imported once: after ``import projections.views``, VIEWS is complete."""

from projections import closed_parts, decision_trail, public_timeline

__all__ = ["closed_parts", "decision_trail", "public_timeline"]
