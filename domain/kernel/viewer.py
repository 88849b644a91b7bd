"""Who looks: what a reader may see depends on it, in every view, question, page and listing alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Side = Literal["c", "g"]
"""A side of an evaluation sheet: citizens, government."""

OFFICE: frozenset[str] = frozenset({"SEC", "APR", "DIS", "EV-G", "IMP"})
"""The roles of the city's office. Members of a council, its chair among them, advisers, leaders of groups
and citizens who evaluate are no staff: they see the public cut, whatever else they may do (truth.md 5)."""


@dataclass(frozen=True)
class Viewer:
    """``staff``: holds a role of the office, so that closed parts and ids of members are shown. ``sides``:
    the sides of sealed evaluation sheets that are the reader's own (domain.md 4.7); nobody has both."""

    staff: bool = False
    sides: frozenset[Side] = frozenset()

    @classmethod
    def of_roles(cls, roles: frozenset[str]) -> Viewer:
        """What somebody with these roles may see. Whoever holds both evaluator roles sees neither side."""
        held: dict[str, Side] = {"EV-C": "c", "EV-G": "g"}
        sides = frozenset(side for role, side in held.items() if role in roles)
        return cls(bool(roles & OFFICE), sides if len(sides) == 1 else frozenset())


PUBLIC = Viewer()
"""Anybody: sees public projections only."""
