"""The one Application that records every aggregate: load, act, save.

One name, one log, one order (engine.md, decision 1). The infrastructure factory is handed in, so that this
file knows no database. A unit of work holds the aggregates and events of one command, or of a whole batch:
all of it is saved in one transaction, or none of it.

One story: how one command is carried out, from loading what it is about to the receipt.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, cast

import msgspec
from eventsourcing.application import Application as LibraryApplication
from eventsourcing.persistence import InfrastructureFactory, IntegrityError, Mapper, StoredEvent
from eventsourcing.utils import Environment

from domain.kernel.commands import Command
from domain.kernel.events import Recorded
from domain.kernel.mapper import PlainTranscoder, RecordMapper, decode
from domain.kernel.new_ids import made_id
from domain.kernel.record import KINDS, AggregateT, Record
from domain.kernel.refusals import (
    ALREADY_TAKEN,
    BUSY,
    KEY_REUSED,
    TAKEN,
)
from domain.recording.aggregate_cache import AggregateCache
from domain.recording.committable import refuse_uncommittable
from domain.recording.judging import MOST_JUDGED, judge
from domain.recording.permission import permit
from domain.recording.receipts import (
    Alongside,
    CommandTerms,
    KyodoRecorder,
    OutcomeUnknown,
    Receipt,
    StoredReceipt,
)
from domain.recording.unit_of_work import UnitOfWork
from domain.values.calendar import day_in_japan

_log = logging.getLogger("kyodo.recording")
ALL = 1_000_000_000


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
        self.meetings_at: Callable[[str], list[str]] = lambda body_and_hour: []
        """The meetings of a body that begin at a moment; a store answers it from its views."""
        self.naming: Callable[[str], list[str]] = self._naming
        """In which streams a thing is named after a position; a store asks its database."""
        self.placed: Callable[[str], Iterable[Recorded[Any]]] = self._placed
        """The events of a stream with their positions; a store asks its database."""
        self.editions: Callable[[int], int] | None = None
        """Which edition of the rules was in force at a position; a store knows."""
        self.most_judged: int | None = MOST_JUDGED
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
        fingerprint = _fingerprint(command, entity, arguments, terms) if terms.key else ""
        entity = entity or self.new_entity(command.aggregate, command.name)
        for _ in range(self.ATTEMPTS):
            done = self._already_done(terms.key, fingerprint)
            if done is not None:
                return done
            unit = self.unit()
            stream = unit.act(command, entity, arguments, terms)
            judge(unit, self)
            try:
                return self._save(unit, stream, terms.key, fingerprint)
            except IntegrityError:
                self.refuse_taken(unit.claims)
        raise BUSY(attempts=self.ATTEMPTS)

    def rehearse(
        self, command: Command, entity: str | None, arguments: dict[str, Any], terms: CommandTerms
    ) -> UnitOfWork:
        """What :meth:`execute` would record now, and nothing is. Refuses what it would refuse."""
        batch = Batch(self)
        batch.execute(command, entity, arguments, terms)
        judge(batch.unit, self)
        for event in batch.unit.recorded:
            refuse_uncommittable(event)
        self.refuse_taken(batch.unit.claims)
        return batch.unit

    @contextmanager
    def batch(self, key: str | None = None, fingerprint: str = "") -> Iterator[Batch]:
        """Many commands in one transaction: all are recorded when the block ends, or none is."""
        batch = Batch(self)
        yield batch
        self.save_batch(batch, key, fingerprint)

    def save_batch(self, batch: Batch, key: str | None = None, fingerprint: str = "") -> Receipt | None:
        """Record what a batch holds; None if that is nothing. IntegrityError: somebody was faster."""
        if batch.unit.recorded:
            judge(batch.unit, self)
            batch.receipt = self._save(batch.unit, batch.unit.recorded[-1].stream, key, fingerprint)
        return batch.receipt

    def judge_batch(self, batch: Batch) -> None:
        """Refuse what :meth:`save_batch` would refuse of what a batch corrects, and record nothing."""
        judge(batch.unit, self)

    def already_done(self, key: str) -> StoredReceipt | None:
        """The receipt stored under a command key, if any."""
        return self.keys.find_command(key)

    def new_entity(self, kind: type[Record], command: str = "") -> str:
        """A fresh public id for an aggregate of this kind (``command``: that begins it), which nothing on
        record has."""
        day = day_in_japan(self.clock())
        while True:
            entity = made_id(kind.id_prefix(command), day, self.new_id())
            if not self._stored_events(kind.stream_for(entity), 0, 1):
                return entity

    # -- the record as a unit of work finds it

    def unit(self) -> UnitOfWork:
        """A unit of work on the record as it stands."""
        return UnitOfWork(self)

    def aggregate(self, kind: type[AggregateT], stream: str) -> AggregateT | None:
        return self.cache.checkout(kind, stream)

    def events_of(self, stream: str, after: int = 0, until: int | None = None) -> Iterator[Recorded[Any]]:
        events = self.events.get(originator_id=stream, gt=after, lte=until)
        return cast("Iterator[Recorded[Any]]", events)

    def newest(self) -> int:
        return self.recorder.max_notification_id() or 0

    def holder_of(self, claim: str) -> str | None:
        return self.keys.find_claim(claim)

    def _naming(self, about: str) -> list[str]:
        after, _, entity = about.partition("/")
        notifications = self.recorder.select_notifications(int(after) + 1, ALL)
        return sorted({str(n.originator_id) for n in notifications if entity.encode() in n.state})

    def _placed(self, stream: str) -> list[Recorded[Any]]:
        notifications = self.recorder.select_notifications(None, ALL)
        return [decode(n.topic, n.state, n.id) for n in notifications if n.originator_id == stream]

    # -- steps

    def _save(self, unit: UnitOfWork, stream: str, key: str | None, fingerprint: str) -> Receipt:
        for aggregate in unit.aggregates.values():
            aggregate.collect_events()
        recorded = unit.recorded
        for event in recorded:
            refuse_uncommittable(event)
        version = max(r.version for r in recorded if r.stream == stream)
        along = Alongside(
            recorded,
            unit.read,
            unit.answers_stand,
            self.clock,
            unit.claims,
            unit.released,
            unit.entrusted,
            command_key=key,
            fingerprint=fingerprint,
            stream=stream,
            stream_version=version,
        )
        position = self._saved(along)
        self._keep(unit)
        return Receipt(
            stream, version, position, tuple(r.event_id for r in recorded), warnings=tuple(unit.warnings)
        )

    def _saved(self, along: Alongside) -> int:
        """Save; the position of the last event. Where the database has not said what came of it (a connection
        may break between its work and its word), it is looked up. OutcomeUnknown: that cannot be told."""
        try:
            return self.events.put(along.recorded, along=along)[-1].notification.id
        except OutcomeUnknown:
            position = self._position_of(along.recorded[-1])
            if position is None:
                raise
            return position

    def _position_of(self, event: Recorded[Any]) -> int | None:
        """Where this very event stands in the log; None if it does not, or if that cannot be looked up."""
        try:
            return self.keys.find_event(event.stream, event.version, event.event_id)
        except Exception:
            _log.exception("what came of a commit cannot be looked up")
            return None

    def _keep(self, unit: UnitOfWork) -> None:
        """Keep what makes the next command quicker. It is on record already: whatever fails here is noted,
        and told to nobody."""
        try:
            self.cache.keep_snapshots(unit.recorded, unit.aggregates)
            self.cache.checkin(unit.aggregates.values())
        except Exception:
            _log.exception("recorded, but not kept for the next command")

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
        self.unit = application.unit()
        self.receipt: Receipt | None = None

    def execute(
        self, command: Command, entity: str | None, arguments: dict[str, Any], terms: CommandTerms
    ) -> str:
        """Give one command; returns the stream. A Refusal takes back this command alone: the batch is as it
        was before, and may go on."""
        permit(command, terms)
        command.check(arguments)
        entity = entity or self._application.new_entity(command.aggregate, command.name)
        with self.unit.undone_if_refused():
            return self.unit.act(command, entity, arguments, terms)


def command_named(kind: str, name: str) -> Command:
    """A declared command, e.g. ``command_named("Matter", "conclude")``. KeyError if there is none."""
    return KINDS[kind].COMMANDS[name]


def _fingerprint(command: Command, entity: str | None, arguments: dict[str, Any], terms: CommandTerms) -> str:
    what = (command.aggregate.__name__, command.name, entity, arguments)
    content = (what, dict(terms.envelope), terms.actor.party, terms.expected_version)
    return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()
