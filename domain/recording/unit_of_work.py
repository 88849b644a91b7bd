"""The unit of work: what one command, or a batch of them, looks at and records between two saves.

A command is carried out on aggregates as they stand, and policies follow in the same unit. Nothing is saved
here: whoever made the unit saves what it recorded, or compares it with what is on record already
(:mod:`domain.recording.deciding_anew`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any, Protocol, cast

from domain.kernel.commands import Command, Context, Reader, SoughtT, acting
from domain.kernel.events import Actor, Recorded
from domain.kernel.record import AggregateT, Record, kind_of
from domain.kernel.refusals import ALREADY_EXISTS, UNKNOWN_ID, VERSION_CONFLICT
from domain.recording.asserting import WRITES_DOWN, evidence_must_exist
from domain.recording.permission import within_body
from domain.recording.policy import Order, policies_for
from domain.recording.read_set import ReadSet
from domain.recording.receipts import CommandTerms
from domain.values.refusal import Refusal


class Stand(Protocol):
    """The record as a unit of work finds it: aggregates and events as they stand, what views answer to rules,
    the time, and new identifiers."""

    clock: Callable[[], dt.datetime]
    new_id: Callable[[], str]

    def aggregate(self, kind: type[AggregateT], stream: str) -> AggregateT | None:
        """The aggregate as it stands, for the caller alone; None if nothing is recorded of it."""

    def events_of(self, stream: str, after: int = 0, until: int | None = None) -> Iterable[Recorded[Any]]:
        """The events of a stream after a version, up to and with another."""

    @property
    def open_business(self) -> Callable[[str], list[str]]:
        """What is open of a council."""

    @property
    def groups_of(self) -> Callable[[str], list[str]]:
        """The groups that have a member."""

    @property
    def meetings_at(self) -> Callable[[str], list[str]]:
        """The meetings of a body that begin at a moment."""


class UnitOfWork(Reader):
    """The aggregates touched and the events recorded between two saves."""

    def __init__(self, stand: Stand):
        self._stand = stand
        self.aggregates: dict[str, Record] = {}
        self.recorded: list[Recorded[Any]] = []
        self.claims: dict[str, str] = {}
        self.released: set[str] = set()
        """Names that were taken by what is withdrawn."""
        self.entrusted: dict[str, dict[str, str]] = {}
        self.warnings: list[Refusal] = []
        self.read = ReadSet()
        self._looked_at: set[str] = set()

    @contextmanager
    def undone_if_refused(self) -> Iterator[None]:
        """A command in this block is done whole, or leaves nothing: what it recorded, claimed and entrusted
        is taken back, and every aggregate it looked at is made anew when somebody asks for it again."""
        self._looked_at.clear()
        recorded, warnings = len(self.recorded), len(self.warnings)
        claims, entrusted = dict(self.claims), dict(self.entrusted)
        try:
            yield
        except BaseException:
            del self.recorded[recorded:], self.warnings[warnings:]
            _become(self.claims, claims)
            _become(self.entrusted, entrusted)
            for stream in self._looked_at & self.aggregates.keys():
                del self.aggregates[stream]
            raise

    def find(self, kind: type[SoughtT], entity: str) -> SoughtT | None:
        sought = cast("type[Record]", kind)
        aggregate = self.load(sought, sought.stream_for(entity))
        return cast(SoughtT, aggregate) if aggregate.is_on_record else None

    def load(self, kind: type[AggregateT], stream: str) -> AggregateT:
        """The aggregate of this stream; a new one (version 0) if nothing is recorded of it."""
        if stream not in self.aggregates:
            unsaved = [r for r in self.recorded if r.stream == stream]
            if unsaved:
                aggregate = kind.replay(None, chain(self._stand.events_of(stream), unsaved))
            else:
                aggregate = self._stand.aggregate(kind, stream)
            self.aggregates[stream] = aggregate if aggregate is not None else kind(stream)
            self.read.saw(stream, self.aggregates[stream].version - len(unsaved))
        self._looked_at.add(stream)
        return cast(AggregateT, self.aggregates[stream])

    def event_at(self, stream: str, version: int) -> Recorded[Any] | None:
        pending = [r for r in self.recorded if r.stream == stream and r.version == version]
        if pending:
            return pending[0]
        return next(iter(self._stand.events_of(stream, version - 1, version)), None)

    @property
    def clock(self) -> Callable[[], dt.datetime]:
        return self._stand.clock

    @property
    def new_id(self) -> Callable[[], str]:
        return self._stand.new_id

    def answers_stand(self) -> bool:
        """Whether views answer to every question of a rule as they did when it was asked."""
        return all(
            sorted(getattr(self._stand, question)(about)) == answer
            for (question, about), answer in self.read.answers.items()
        )

    def open_business(self, council: str) -> list[str]:
        return self.read.heard("open_business", council, self._stand.open_business(council))

    def groups_of(self, appointment: str) -> list[str]:
        return self.read.heard("groups_of", appointment, self._stand.groups_of(appointment))

    def meetings_at(self, body_and_hour: str) -> list[str]:
        return self.read.heard("meetings_at", body_and_hour, self._stand.meetings_at(body_and_hour))

    # -- acting

    def act(self, command: Command, entity: str, arguments: dict[str, Any], terms: CommandTerms) -> str:
        """Carry a command out, and what policies order then; returns the stream. Raises Refusal."""
        stream: str = command.aggregate.stream_for(entity)
        aggregate = self.load(command.aggregate, stream)
        _meets_expectation(aggregate, command, entity, terms)
        terms = within_body(command, aggregate, arguments, terms)
        named, envelope = terms.on_behalf_of, terms.said
        if envelope.get("correlation_id") is None:
            envelope["correlation_id"] = self._stand.new_id()
        context = Context(
            actor=terms.acted,
            roles=terms.roles if named is None else frozenset({named.role}),
            recorded_by=None if named is None else Actor(WRITES_DOWN, terms.actor.party),
            clock=self._stand.clock,
            new_id=self._stand.new_id,
            reader=self,
            importing=terms.importing,
            recorded=self.recorded,
            claims=self.claims,
            entrusted=self.entrusted,
            warnings=self.warnings,
            **envelope,
        )
        before = len(self.recorded)
        evidence_must_exist(self, terms)
        with acting(context):
            command.run(aggregate, arguments)
        for other in {e.stream for e in self.recorded[before:]} - {stream}:
            within_body(command, self.load(kind_of(other), other), {}, terms)
        for outdated in [name for name, each in self.aggregates.items() if each.outdated]:
            del self.aggregates[outdated]
        if not terms.importing:
            self.follow(before)
        return stream

    def follow(self, start: int) -> None:
        """Carry out what policies order on the events recorded since ``start``, and on what follows."""
        n = start
        while n < len(self.recorded):
            cause = self.recorded[n]
            for policy in policies_for(cause):
                for order in policy.orders(cause, self):
                    self._carry_out(order, cause)
            n += 1

    def _carry_out(self, order: Order, cause: Recorded[Any]) -> None:
        aggregate = self.find(order.kind, order.entity)
        if aggregate is None:
            return
        context = Context(
            actor=Actor("system"),
            clock=self._stand.clock,
            new_id=self._stand.new_id,
            reader=self,
            effective=cause.effective,
            following=True,
            causation_id=cause.event_id,
            correlation_id=cause.correlation_id,
            recorded=self.recorded,
            claims=self.claims,
            entrusted=self.entrusted,
        )
        before = len(self.recorded)
        try:
            with acting(context):
                order.act(aggregate)
        except Refusal:
            if len(self.recorded) != before:  # an act records either all of it or nothing
                raise


def _meets_expectation(aggregate: Record, command: Command, entity: str, terms: CommandTerms) -> None:
    actual = aggregate.version_for(terms.roles)
    if terms.expected_version is not None and actual != terms.expected_version:
        raise VERSION_CONFLICT(expected=terms.expected_version, actual=actual)
    if command.creates and aggregate.is_on_record and not terms.importing:
        raise ALREADY_EXISTS(id=entity)
    if not command.creates and not aggregate.is_on_record and not terms.importing:
        raise UNKNOWN_ID(kind=aggregate.LABEL[0], kind_en=aggregate.LABEL[1], id=entity)


def _become(changed: dict[str, Any], before: dict[str, Any]) -> None:
    """Undo what has happened to a dictionary that others hold too."""
    changed.clear()
    changed.update(before)
