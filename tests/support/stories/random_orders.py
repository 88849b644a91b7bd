"""Commands in any order: whatever is tried, and whoever tries it, the record holds what domain.md lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from domain.kernel.record import KINDS, Record
from domain.recording.unit_of_work import UnitOfWork
from domain.values.refusal import Refusal
from tests.support.given import TestRecord, give


@dataclass(frozen=True)
class Move:
    """One command that may be tried. ``imported``: tried as an import, if importers may give it."""

    role: str
    command: str
    fields: dict[str, Any] = field(default_factory=dict)
    kind: str | None = None
    entity: str | None = None
    party: str | None = None


def move(role: str, command: str, /, *, party: str | None = None, **fields: Any) -> Move:
    return Move(role, command, fields, party=party)


def elsewhere(role: str, kind: str, entity: str, command: str, /, **fields: Any) -> Move:
    """A command on another aggregate, that this one looks at."""
    return Move(role, command, fields, kind, entity)


Check = Callable[[Any, TestRecord], None]


@dataclass(frozen=True)
class Course:
    """An aggregate kind with everything that may be tried on one of it, and what always holds of it."""

    kind: str
    entity: str
    states: frozenset[str]
    moves: tuple[Move, ...]
    given: Callable[[TestRecord], None] = lambda record: None
    holds: Check = lambda aggregate, record: None

    def run(self, tried: list[tuple[Move, bool]]) -> set[str]:
        """Try these moves in their order; returns the states it was in."""
        record, seen, allowed = TestRecord(), set[str](), self.states
        self.given(record)
        for step, imported in tried:
            kind, entity = step.kind or self.kind, step.entity or self.entity
            declared = KINDS[kind].COMMANDS[step.command]
            importing = imported and "IMP" in declared.roles
            role = "IMP" if importing else step.role
            try:
                how = {"importing": importing, "party": step.party}
                give(record.application, role, kind, entity, step.command, **how, **step.fields)
            except Refusal:
                continue
            if importing:  # a source may tell what happened to a thing, and nothing of its beginning
                allowed = self.states | {"new"}
            aggregate = self.of(record)
            if aggregate is not None:
                assert aggregate.state in allowed, f"{aggregate.state} after {step.command}"
                self.holds(aggregate, record)
                seen.add(aggregate.state)
        return seen

    def of(self, record: TestRecord) -> Record | None:
        """The aggregate as a replay of its stream has it."""
        return UnitOfWork(record.application).find(KINDS[self.kind], self.entity)


def states(listed: str) -> frozenset[str]:
    """States as domain.md lists them."""
    return frozenset(listed.split())
