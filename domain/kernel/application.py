"""The one Application that records every aggregate: load, act, save.

One name, one log, one order (engine.md, decision 1). The infrastructure factory is handed in, so that this
file knows no database. A unit of work holds the aggregates and events of one command, or of a whole batch:
all of it is saved in one transaction, or none of it.

One story: how one command is carried out, from loading what it is about to the receipt.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from typing import Any, cast

import msgspec
from eventsourcing.application import Application as LibraryApplication
from eventsourcing.persistence import InfrastructureFactory, IntegrityError, Mapper, StoredEvent
from eventsourcing.utils import Environment

from domain.kernel.aggregate_cache import AggregateCache
from domain.kernel.commands import Command, Context, Reader, SoughtT, acting
from domain.kernel.committable import refuse_uncommittable
from domain.kernel.events import Actor, Recorded
from domain.kernel.mapper import PlainTranscoder, RecordMapper
from domain.kernel.permission import permit
from domain.kernel.policy import Order, policies_for
from domain.kernel.read_set import ReadSet
from domain.kernel.receipts import Alongside, CommandTerms, KyodoRecorder, Receipt, StoredReceipt
from domain.kernel.record import KINDS, AggregateT, Record
from domain.kernel.refusals import (
    ALREADY_EXISTS,
    ALREADY_TAKEN,
    BUSY,
    KEY_REUSED,
    UNKNOWN_ID,
    VERSION_CONFLICT,
)
from domain.values.refusal import Refusal

TAKEN: dict[str, Callable[..., Refusal]] = {}
"""What to refuse with when a claimed name is taken, by the claim's kind; ``ALREADY_TAKEN`` otherwise."""


class UnitOfWork(Reader):
    """The aggregates touched and the events recorded between two saves."""

    def __init__(self, application: Application):
        self._application = application
        self.aggregates: dict[str, Record] = {}
        self.recorded: list[Recorded[Any]] = []
        self.claims: dict[str, str] = {}
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
        return cast(SoughtT, aggregate) if aggregate.version else None

    def load(self, kind: type[AggregateT], stream: str) -> AggregateT:
        """The aggregate of this stream; a new one (version 0) if nothing is recorded of it."""
        if stream not in self.aggregates:
            unsaved = [r for r in self.recorded if r.stream == stream]
            if unsaved:
                stored = cast(Iterator[Recorded[Any]], self._application.events.get(originator_id=stream))
                found = kind.replay(None, chain(stored, unsaved))
            else:
                found = self._application.cache.checkout(kind, stream)
            self.aggregates[stream] = found if found is not None else kind(stream)
            self.read.saw(stream, self.aggregates[stream].version - len(unsaved))
        self._looked_at.add(stream)
        return cast(AggregateT, self.aggregates[stream])

    def event_at(self, stream: str, version: int) -> Recorded[Any] | None:
        pending = [r for r in self.recorded if r.stream == stream and r.version == version]
        if pending:
            return pending[0]
        events = self._application.events.get(originator_id=stream, gt=version - 1, lte=version)
        return cast("Recorded[Any] | None", next(iter(events), None))

    def answers_stand(self) -> bool:
        """Whether views answer to every question of a rule as they did when it was asked."""
        return all(
            sorted(getattr(self._application, question)(about)) == answer
            for (question, about), answer in self.read.answers.items()
        )

    def open_business(self, council: str) -> list[str]:
        return self.read.heard("open_business", council, self._application.open_business(council))

    def groups_of(self, appointment: str) -> list[str]:
        return self.read.heard("groups_of", appointment, self._application.groups_of(appointment))


def _become(changed: dict[str, Any], before: dict[str, Any]) -> None:
    """Undo what has happened to a dictionary that others hold too."""
    changed.clear()
    changed.update(before)


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def new_uuid() -> str:
    return str(uuid.uuid4())


class Application(LibraryApplication[str]):
    """Records commands on every aggregate of the record.

    ``factory`` decides where; ``clock`` and ``new_id`` are handed in so that a record can be made again
    to the same bytes.
    """

    name = "kyodo"
    ATTEMPTS = 5

    def __init__(
        self,
        factory: InfrastructureFactory[Any],
        clock: Callable[[], dt.datetime] = utc_now,
        new_id: Callable[[], str] = new_uuid,
    ):
        self._given_factory = factory
        self.clock = clock
        self.new_id = new_id
        self.open_business: Callable[[str], list[str]] = lambda council: []
        """What is open of a council; a store answers it from its views."""
        self.groups_of: Callable[[str], list[str]] = lambda appointment: []
        """The groups that have a member; a store answers it from its views."""
        super().__init__()
        self.cache = AggregateCache(self._stored_events, self._event)

    def _stored_events(self, stream: str, after: int, limit: int | None) -> Sequence[StoredEvent]:
        return self.recorder.select_events(stream, gt=after, limit=limit)

    def _event(self, stored: StoredEvent) -> Recorded[Any]:
        return cast("Recorded[Any]", self.mapper.to_domain_event(stored))

    def construct_env(self, name: str, env: Any = None) -> Environment:
        """Nothing is read from the process environment: the factory has been configured already."""
        return Environment(name, {})

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        return self._given_factory

    def construct_mapper(self) -> Mapper[str]:
        return RecordMapper(PlainTranscoder())

    @property
    def keys(self) -> KyodoRecorder:
        return cast(KyodoRecorder, self.recorder)

    # -- commands

    def execute(
        self, command: Command, entity: str | None, arguments: dict[str, Any], terms: CommandTerms
    ) -> Receipt:
        """Give one command. ``entity`` is the public id (None: a new one is made).

        Raises Refusal; then nothing has been recorded. A conflict with another writer is decided anew, which
        refuses VERSION_CONFLICT if the caller named the version it expects.
        """
        permit(command, terms)
        command.check(arguments)
        fingerprint = _fingerprint(command, entity, arguments, terms)
        entity = entity or self.new_entity(command.aggregate)
        for _ in range(self.ATTEMPTS):
            done = self._already_done(terms.key, fingerprint)
            if done is not None:
                return done
            unit = UnitOfWork(self)
            stream = self._act(unit, command, entity, arguments, terms)
            try:
                return self._save(unit, stream, terms.key, fingerprint)
            except IntegrityError:
                self.refuse_taken(unit.claims)
        raise BUSY(attempts=self.ATTEMPTS)

    @contextmanager
    def batch(self, key: str | None = None, fingerprint: str = "") -> Iterator[Batch]:
        """Many commands in one transaction: all are recorded when the block ends, or none is."""
        batch = Batch(self)
        yield batch
        self.save_batch(batch, key, fingerprint)

    def save_batch(self, batch: Batch, key: str | None = None, fingerprint: str = "") -> Receipt | None:
        """Record what a batch holds; None if that is nothing. IntegrityError: somebody was faster."""
        if batch.unit.recorded:
            batch.receipt = self._save(batch.unit, batch.unit.recorded[-1].stream, key, fingerprint)
        return batch.receipt

    def already_done(self, key: str) -> StoredReceipt | None:
        """The receipt stored under a command key, if any."""
        return self.keys.find_command(key)

    def new_entity(self, kind: type[Record]) -> str:
        """A fresh public id for an aggregate of this kind."""
        short = uuid.UUID(self.new_id()).hex[:12]
        return short if kind.BARE_ID else kind.PREFIX + short

    # -- steps

    def _act(
        self, unit: UnitOfWork, command: Command, entity: str, arguments: dict[str, Any], terms: CommandTerms
    ) -> str:
        stream: str = command.aggregate.stream_for(entity)
        aggregate = unit.load(command.aggregate, stream)
        _meets_expectation(aggregate, command, entity, terms)
        context = Context(
            actor=terms.actor,
            roles=terms.roles,
            clock=self.clock,
            new_id=self.new_id,
            reader=unit,
            importing=terms.importing,
            recorded=unit.recorded,
            claims=unit.claims,
            entrusted=unit.entrusted,
            warnings=unit.warnings,
            **terms.envelope,
        )
        if context.correlation_id is None:
            context = replace(context, correlation_id=self.new_id())
        before = len(unit.recorded)
        with acting(context):
            command.run(aggregate, arguments)
        if aggregate.outdated:
            del unit.aggregates[stream]
        if not terms.importing:
            self._follow(unit, before)
        return stream

    def _follow(self, unit: UnitOfWork, start: int) -> None:
        """Carry out what policies order on the events recorded since ``start``, and on what follows."""
        n = start
        while n < len(unit.recorded):
            cause = unit.recorded[n]
            for found in policies_for(cause):
                for order in found.orders(cause, unit):
                    self._carry_out(unit, order, cause)
            n += 1

    def _carry_out(self, unit: UnitOfWork, order: Order, cause: Recorded[Any]) -> None:
        aggregate = unit.find(order.kind, order.entity)
        if aggregate is None:
            return
        context = Context(
            actor=Actor("system"),
            clock=self.clock,
            new_id=self.new_id,
            reader=unit,
            effective=cause.effective,
            causation_id=cause.event_id,
            correlation_id=cause.correlation_id,
            recorded=unit.recorded,
            claims=unit.claims,
            entrusted=unit.entrusted,
        )
        before = len(unit.recorded)
        try:
            with acting(context):
                order.act(aggregate)
        except Refusal:
            if len(unit.recorded) != before:  # an act records either all of it or nothing
                raise

    def _save(self, unit: UnitOfWork, stream: str, key: str | None, fingerprint: str) -> Receipt:
        for aggregate in unit.aggregates.values():
            aggregate.collect_events()
        recorded = unit.recorded
        for event in recorded:
            refuse_uncommittable(event)
        version = max((r.version for r in recorded if r.stream == stream), default=0)
        recordings = self.save(
            *recorded,
            along=Alongside(
                recorded,
                unit.read,
                unit.answers_stand,
                unit.claims,
                unit.entrusted,
                command_key=key,
                fingerprint=fingerprint,
                stream=stream,
                stream_version=version,
            ),
        )
        self.cache.keep_snapshots(recorded, unit.aggregates)
        self.cache.checkin(unit.aggregates.values())
        return Receipt(
            stream,
            version,
            recordings[-1].notification.id,
            tuple(r.event_id for r in recorded),
            warnings=tuple(unit.warnings),
        )

    def _already_done(self, key: str | None, fingerprint: str) -> Receipt | None:
        stored = self.keys.find_command(key) if key else None
        if stored is None:
            return None
        if stored.fingerprint != fingerprint:
            raise KEY_REUSED()
        return replace(stored.receipt, replayed=True)

    def refuse_taken(self, claims: dict[str, str]) -> None:
        """Refuse if one of these names has been taken by what is on record."""
        for claim in claims:
            if self.keys.find_claim(claim) is not None:
                kind, _, value = claim.partition(":")
                raise TAKEN.get(kind, ALREADY_TAKEN)(value=value)


class Batch:
    """Commands given inside :meth:`Application.batch`."""

    def __init__(self, application: Application):
        self._application = application
        self.unit = UnitOfWork(application)
        self.receipt: Receipt | None = None

    def execute(
        self, command: Command, entity: str | None, arguments: dict[str, Any], terms: CommandTerms
    ) -> str:
        """Give one command; returns the stream. A Refusal takes back this command alone: the batch is as it
        was before, and may go on."""
        permit(command, terms)
        command.check(arguments)
        entity = entity or self._application.new_entity(command.aggregate)
        with self.unit.undone_if_refused():
            return self._application._act(self.unit, command, entity, arguments, terms)


def command_named(kind: str, name: str) -> Command:
    """A declared command, e.g. ``command_named("Matter", "conclude")``. KeyError if there is none."""
    return KINDS[kind].COMMANDS[name]


def _meets_expectation(aggregate: Record, command: Command, entity: str, terms: CommandTerms) -> None:
    actual = aggregate.version_for(terms.roles)
    if terms.expected_version is not None and actual != terms.expected_version:
        raise VERSION_CONFLICT(expected=terms.expected_version, actual=actual)
    if command.creates and aggregate.version and not terms.importing:
        raise ALREADY_EXISTS(id=entity)
    if not command.creates and not aggregate.version and not terms.importing:
        raise UNKNOWN_ID(kind=aggregate.LABEL[0], id=entity)


def _fingerprint(command: Command, entity: str | None, arguments: dict[str, Any], terms: CommandTerms) -> str:
    what = (command.aggregate.__name__, command.name, entity, arguments)
    content = (what, dict(terms.envelope), terms.actor.party, terms.expected_version)
    return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()
