"""The questions of domain.md 5, one file for each family; importing this package declares them all."""

from projections.questions import decisions

__all__ = ["decisions"]
