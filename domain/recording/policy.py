"""Policies: what follows of itself when something has happened (domain.md 4.12); they stand in policies.py.

A policy looks at one recorded event and orders acts on other aggregates. They are carried out in the same
unit of work, so once for each event and never by a replay; their events name the event as their cause and
the system as their actor. An act that the other aggregate refuses is left undone: it then shows among what
is due, and a person decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from domain.kernel.commands import Reader
from domain.kernel.events import Event, Recorded
from domain.kernel.record import Record


@dataclass(frozen=True)
class Order:
    """One act on one aggregate that a policy asks for."""

    kind: type[Record]
    entity: str
    act: Callable[[Any], None]


Orders = Callable[[Recorded[Any], Reader], Iterable[Order]]


@dataclass(frozen=True)
class Policy:
    """What follows from an event. ``about`` says it in both languages."""

    name: str
    event: type[Event]
    about: tuple[str, str]
    orders: Orders


POLICIES: dict[str, Policy] = {}
"""Every policy by name (filled by domain/registry.py)."""


def policy(event: type[Event], *, ja: str, en: str) -> Callable[[Orders], Policy]:
    """Make a function of a recorded event and a reader, which yields orders, a policy."""
    return lambda orders: Policy(orders.__name__, event, (ja, en), orders)


def policies_for(recorded: Recorded[Any]) -> list[Policy]:
    """The policies that look at this event."""
    return [policy for policy in POLICIES.values() if policy.event is type(recorded.data)]
