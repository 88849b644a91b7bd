"""The sample's commands, and the same logical changes as a plain application would make them: rows changed.

A plain CRUD application has a table for each kind of thing and one for each kind of thing in it (a matter's
options, a meeting's items), a row for each, and a column for each field. A command inserts a row or changes
fields of one, sometimes of several. Which changes those are is told by the events that the command records:
nothing is added that the domain does not know, and no row is looked at that the application need not change.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import msgspec

from bench.prepared import SEED
from domain.kernel.commands import Command
from domain.kernel.events import Recorded
from domain.kernel.record import kind_of
from domain.matter.aggregate import Matter
from domain.recording.application import Application
from domain.recording.receipts import CommandTerms
from domain.recording.unit_of_work import UnitOfWork
from domain.sample.record import make_sample
from projections.engine.store import Store

ELSEWHERE = {"party_id", "document_id", "council_id", "matter_id", "meeting_id", "superseded_by"}
"""Ids of things of another kind: an event that begins with one is about the whole of its own thing."""


class Change(msgspec.Struct):
    """One row inserted (``new``) or some of its fields changed; ``key`` is its primary key."""

    table: str
    key: str
    new: bool
    values: dict[str, str | int]


class Changes(msgspec.Struct):
    """What a peer is given: columns of each table ("text" or "whole"), and the changes of each command.
    Those of ``before`` are made first and not timed."""

    tables: dict[str, dict[str, str]]
    before: list[list[Change]]
    timed: list[list[Change]]


class Given(msgspec.Struct):
    """One command of the sample, when it was given, and the rows that it changes."""

    command: Command
    entity: str
    arguments: dict[str, Any]
    terms: CommandTerms
    at: dt.datetime
    changes: list[Change]


class Workload(msgspec.Struct):
    """Commands in order: those of the foundation, and those that are timed."""

    before: list[Given]
    timed: list[Given]

    def changes(self) -> Changes:
        """The same for a peer."""
        tables: dict[str, dict[str, str]] = {}
        for planned in [*self.before, *self.timed]:
            for change in planned.changes:
                columns = tables.setdefault(change.table, {})
                for name, value in change.values.items():
                    columns.setdefault(name, "whole" if isinstance(value, int) else "text")
        return Changes(tables, [g.changes for g in self.before], [g.changes for g in self.timed])

    def replay(self, store: Store) -> Iterator[Given]:
        """Give the first commands to a new record, and hand out the others, each at its time."""
        moment = Moment()
        store.application.clock = moment
        with store.application.batch() as batch:
            for change in self.before:
                moment.now = change.at
                batch.execute(change.command, change.entity, dict(change.arguments), change.terms)
        for change in self.timed:
            moment.now = change.at
            yield change


class Moment:
    """A clock that stands where it was set; a second passes at every look."""

    def __init__(self) -> None:
        self.now = dt.datetime.now(dt.UTC)

    def __call__(self) -> dt.datetime:
        self.now += dt.timedelta(seconds=1)
        return self.now


def workload(store: Store, most: int) -> Workload:
    """The sample's foundation, up to its first matter, and its next ``most`` commands; ``store`` is a new
    record, to be filled."""
    listening = _Listening(store.application)
    make_sample(listening, seed=SEED, events=most + 200)
    change = listening.given
    start = next(n for n, one in enumerate(change) if one.command.aggregate is Matter)
    return Workload(change[:start], change[start : start + most])


class _Listening(Application):
    """The application of a record, which keeps every command that it carries out."""

    def __init__(self, application: Application):
        super().__init__(application.factory)
        self.open_business, self.groups_of = application.open_business, application.groups_of
        self.given: list[Given] = []
        self.known: set[str] = set()
        """Keys of the rows that have been inserted."""

    def unit(self) -> UnitOfWork:
        return _ListeningUnit(self)


class _ListeningUnit(UnitOfWork):
    """Tells the application what it carries out."""

    def __init__(self, application: _Listening):
        super().__init__(application)
        self._told = application

    def act(self, command: Command, entity: str, arguments: dict[str, Any], terms: CommandTerms) -> str:
        at, before, sent_arguments = self._told.clock(), len(self.recorded), dict(arguments)
        stream = super().act(command, entity, arguments, terms)
        changes = [_change(e, self._told.known) for e in self.recorded[before:]]
        self._told.given.append(Given(command, entity, sent_arguments, terms, at, changes))
        return stream


def _change(e: Recorded[Any], known: set[str]) -> Change:
    """The row that an event inserts or changes: of its thing, or of something in it that has an id."""
    values = {name: _plain(value) for name, value in msgspec.to_builtins(e.data).items() if value is not None}
    table, key, first = kind_of(e.stream).__name__.lower(), e.entity, next(iter(values), "")
    if first.endswith("_id") and first not in ELSEWHERE:
        inner = values.pop(first)
        values["belongs_to"] = key
        table, key = f"{table}_{first.removesuffix('_id')}", f"{key}/{inner}"
    values |= {"state": e.type, "changed_by": e.actor.role}
    change = Change(table, key, key not in known, values)
    known.add(key)
    return change


def _plain(value: Any) -> str | int:
    """A field as a column holds it: text, a whole number, or JSON as text."""
    if isinstance(value, str | int):
        return int(value) if isinstance(value, bool) else value
    return msgspec.json.encode(value).decode()
