"""Given commands, when a command, then events or a refusal: the shape of every domain test.

The record is kept in memory, with a clock that tells one fixed minute after another and ids that count up,
so that a test says what it means and nothing else::

    def test_a_tie_is_not_adopted(record):
        matter = given_a_frozen_matter(record)
        then_refused("RESULT_NOT_ALLOWED", record, MEM, "Matter", matter, "conclude", ...)
"""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from eventsourcing.persistence import IntegrityError
from eventsourcing.popo import POPOApplicationRecorder, POPOFactory
from eventsourcing.utils import Environment

from domain.kernel.commands import Amended, Command
from domain.kernel.events import Actor, Event, Recorded
from domain.kernel.when import as_date
from domain.recording.application import Application, command_named
from domain.recording.deciding_anew import decide_anew
from domain.recording.judging import judge
from domain.recording.receipts import Alongside, CommandTerms, Receipt, StoredReceipt
from domain.values.calendar import JAPAN
from domain.values.refusal import Refusal

START = dt.datetime(2026, 4, 1, 0, 0, tzinfo=dt.UTC)


class MemoryRecorder(POPOApplicationRecorder):
    """The library's in-memory recorder, with command keys, claims and a vault."""

    def __init__(self) -> None:
        super().__init__()
        self.commands: dict[str, StoredReceipt] = {}
        self.claims: dict[str, str] = {}
        self.vault: dict[str, dict[str, str]] = {}

    def _insert_events(self, stored_events: Any, **kwargs: Any) -> Any:
        along: Alongside = kwargs["along"]
        with self._database_lock:
            if along.command_key in self.commands or self.claims.keys() & along.claims.keys():
                raise IntegrityError("taken")
            ids = super()._insert_events(stored_events, **kwargs)
            self.claims = {c: s for c, s in self.claims.items() if c not in along.released} | along.claims
            for who, personal in along.entrusted.items():
                held = self.vault.get(who, {}) if isinstance(personal, Amended) else {}
                self.vault[who] = {**held, **personal}
            if along.command_key:
                done = Receipt(
                    along.stream,
                    along.stream_version,
                    ids[-1] if ids else 0,
                    tuple(r.event_id for r in along.recorded),
                )
                self.commands[along.command_key] = StoredReceipt(along.fingerprint, done)
            return ids

    def find_command(self, key: str) -> StoredReceipt | None:
        return self.commands.get(key)

    def find_claim(self, claim: str) -> str | None:
        return self.claims.get(claim)

    def find_event(self, stream: str, version: int, event_id: str) -> int | None:
        raise LookupError("a list in memory always says what came of it")


class MemoryFactory(POPOFactory):
    def application_recorder(self) -> MemoryRecorder:
        return MemoryRecorder()


def counted_ids(seed: int = 0) -> Any:
    """Ids that count up: the same history gets the same ids."""
    counter = itertools.count(1)
    return lambda: str(uuid.UUID(int=(seed << 64) + next(counter), version=4))


class TickingClock:
    """A clock that goes on by ``step`` at every look."""

    def __init__(self, start: dt.datetime, step: dt.timedelta):
        self.next, self.step = start, step

    def __call__(self) -> dt.datetime:
        now, self.next = self.next, self.next + self.step
        return now

    def not_before(self, day: dt.date) -> None:
        """Go on to this day in Japan, unless it has come."""
        self.next = max(self.next, dt.datetime.combine(day, dt.time(23), JAPAN).astimezone(dt.UTC))


def ticking_clock(start: dt.datetime = START, step: dt.timedelta = dt.timedelta(minutes=1)) -> TickingClock:
    return TickingClock(start, step)


def wait_for(clock: object, command: Command, plain: dict[str, Any], envelope: dict[str, Any]) -> None:
    """Let the day of an act come: nobody records as done what has not been."""
    if not isinstance(clock, TickingClock):
        return
    event, said = command.records, [envelope.get("effective")]
    if not event.AHEAD and isinstance(event.WHEN, str) and plain.get(event.WHEN) is not None:
        with suppress(msgspec.ValidationError):
            said += typed(command.aggregate.__name__, command.name, {event.WHEN: plain[event.WHEN]}).values()
    for date in map(as_date, said):
        with suppress(Refusal):
            if date is not None and (day := date.check().earliest):
                clock.not_before(day)


def give(
    application: Application,
    role: str,
    kind: str,
    entity: str | None,
    command: str,
    /,
    *,
    party: str | None = None,
    importing: bool = False,
    expected_version: int | None = None,
    key: str | None = None,
    envelope: dict[str, Any] | None = None,
    waits: bool = True,
    **arguments: Any,
) -> Receipt:
    """Give a command in a role. Plain values become typed ones. What the secretariat does with a council has
    a document number, unless the test gives an envelope of its own."""
    if envelope is None and (role, kind) == ("SEC", "Council"):
        envelope = {"document_no": "架空市協第1号"}
    if waits:
        wait_for(application.clock, command_named(kind, command), arguments, envelope or {})
    terms = CommandTerms(
        Actor(role, party or f"p-{role.lower()}"),
        frozenset({role}),
        envelope or {},
        expected_version,
        key,
        importing,
    )
    return application.execute(command_named(kind, command), entity, typed(kind, command, arguments), terms)


def typed(kind: str, command: str, plain: dict[str, Any]) -> dict[str, Any]:
    """Arguments of a command, made of plain values."""
    parameters = {p.name: p.kind for p in command_named(kind, command).parameters()}
    assert plain.keys() <= parameters.keys(), f"unknown: {plain.keys() - parameters.keys()}"
    return {name: msgspec.convert(value, parameters[name]) for name, value in plain.items()}


class TestRecord:
    """A record in memory, and sentences to give commands to it."""

    __test__ = False

    waits = True
    """Whether an act is typed when its day has come. A test of acts that are typed ahead says no."""

    def __init__(self) -> None:
        factory = MemoryFactory(Environment("kyodo", {}))
        self.application = Application(factory, clock=ticking_clock(), new_id=counted_ids())
        self.receipt: Receipt | None = None

    @property
    def warned(self) -> list[str]:
        """The codes of what the last command was warned of."""
        return [unusual.code for unusual in self.receipt.warnings] if self.receipt is not None else []

    @property
    def recorder(self) -> MemoryRecorder:
        return self.application.recorder  # type: ignore[return-value]

    def do(
        self,
        role: str,
        kind: str,
        entity: str | None,
        command: str,
        /,
        *,
        party: str | None = None,
        importing: bool = False,
        expected_version: int | None = None,
        key: str | None = None,
        envelope: dict[str, Any] | None = None,
        **arguments: Any,
    ) -> list[Recorded[Any]]:
        """Give a command in a role; returns the events it recorded. Plain values become typed ones."""
        before = len(self.events)
        self.receipt = give(
            self.application,
            role,
            kind,
            entity,
            command,
            party=party,
            importing=importing,
            expected_version=expected_version,
            key=key,
            envelope=envelope,
            waits=self.waits,
            **arguments,
        )
        return self.events[before:]

    @property
    def events(self) -> list[Recorded[Any]]:
        """Every event so far, in order."""
        stored = self.recorder.select_notifications(None, 1_000_000)
        return [self.application.mapper.to_domain_event(s) for s in stored]  # type: ignore[misc]


class MemoryLog:
    """A record in memory as the past of what is decided anew; views answer what its application answers."""

    def __init__(self, record: TestRecord):
        self.open_business = record.application.open_business
        self.groups_of = record.application.groups_of
        self.meetings_at = record.application.meetings_at
        self._streams: dict[str, list[Recorded[Any]]] = {}

    def events_of(self, stream: str, after: int, until: int) -> list[Recorded[Any]]:
        return [e for e in self._streams.get(stream, []) if after < e.version <= until]

    def naming(self, about: str) -> list[str]:
        after, _, entity = about.partition("/")
        return [
            stream
            for stream, events in self._streams.items()
            if any(e.position > int(after) and entity in repr(e) for e in events)
        ]

    def placed(self, stream: str) -> list[Recorded[Any]]:
        return self._streams.get(stream, [])

    def advance(self, events: Sequence[Recorded[Any]]) -> None:
        for e in events:
            self._streams.setdefault(e.stream, []).append(e)


def broken_laws(record: TestRecord, log: Sequence[Recorded[Any]] | None = None) -> list[str]:
    """What does not stand when a record, or a log that is made out to be its, is decided anew."""
    events = record.events if log is None else log
    placed = [msgspec.structs.replace(e, position=n) for n, e in enumerate(events, 1)]
    verdicts = decide_anew(placed, MemoryLog(record), judge=judge)
    return [f"{v.event.type}: {v.outcome} {v.refusal or v.anew}" for v in verdicts if v.broken]


def given_somebody_is_always_faster(record: TestRecord, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """No append succeeds; each adds one to the list that is returned."""
    attempts: list[int] = []

    def conflict(*_: Any, **__: Any) -> Any:
        attempts.append(1)
        raise IntegrityError("somebody was faster")

    monkeypatch.setattr(record.recorder, "insert_events", conflict)
    return attempts


def then_refused(code: str, record: TestRecord, *call: Any, **arguments: Any) -> Refusal:
    """The command is refused with ``code``, in both languages, and nothing is recorded."""
    before = len(record.events)
    with pytest.raises(Refusal) as caught:
        record.do(*call, **arguments)
    refused = caught.value
    assert refused.code == code, f"refused with {refused.code}, not {code}: {refused}"
    assert refused.sentence("ja") and refused.sentence("en")
    assert refused.declared.rule and refused.what_next("ja") and refused.what_next("en")
    assert len(record.events) == before
    return refused


def then_recorded(events: list[Recorded[Any]], *expected: type[Event] | str) -> None:
    """Exactly these events, in this order."""
    names = [e if isinstance(e, str) else e.__name__ for e in expected]
    assert [e.type for e in events] == names
