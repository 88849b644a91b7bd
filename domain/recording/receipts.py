"""What is asked for with a command, beside its arguments, and what is told when it has been recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from domain.kernel.events import Actor, Recorded
from domain.recording.read_set import ReadSet
from domain.values.refusal import Refusal


@dataclass(frozen=True)
class Receipt:
    """What a command did: the stream and its new version, the last position, the new events' ids."""

    stream: str
    version: int
    position: int
    event_ids: tuple[str, ...]
    replayed: bool = False
    """True when an earlier command with the same key did it."""
    warnings: tuple[Refusal, ...] = ()
    """What is unusual but was not refused. It is said once: a replayed receipt has none."""


class OutcomeUnknown(Exception):
    """The database did not say what came of a commit: the events may be on record, or not. Nobody may say
    that the record is unchanged. What failed is the cause."""


@dataclass(frozen=True)
class StoredReceipt:
    """What was stored under a command key: the fingerprint of its content, and its receipt."""

    fingerprint: str
    receipt: Receipt


class KyodoRecorder(Protocol):
    """What the application asks of its recorder beyond the library's interface."""

    def find_command(self, key: str) -> StoredReceipt | None: ...

    def find_claim(self, claim: str) -> str | None: ...

    def find_event(self, stream: str, version: int, event_id: str) -> int | None:
        """The position of the event of this stream and version, if it is the one with this id."""


@dataclass(frozen=True)
class CommandTerms:
    """What the caller adds to a command: who, the envelope's words, and the conditions for accepting it."""

    actor: Actor
    """Who gives the command."""
    roles: frozenset[str]
    envelope: Mapping[str, Any] = field(default_factory=dict)
    """Any of actor (who did it, if somebody else), evidence, effective, live, asserted_by, certainty, source,
    reason, legal_basis, document_no, note, causation_id, correlation_id (typed values)."""
    expected_version: int | None = None
    key: str | None = None
    """Idempotency key: the same key with the same content does nothing twice."""
    importing: bool = False
    bodies: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Of the roles that are held for some councils or groups alone: for which."""

    @property
    def on_behalf_of(self) -> Actor | None:
        """Whoever did it, where that is not who gives the command (in whichever of their roles)."""
        named: Actor | None = self.envelope.get("actor")
        return None if named is None or self._is_caller(named) else named

    @property
    def acted(self) -> Actor:
        """Who did it."""
        named: Actor | None = self.envelope.get("actor")
        if named is None:
            return self.actor
        return Actor(named.role, self.actor.party) if self._is_caller(named) else named

    @property
    def said(self) -> dict[str, Any]:
        """What the envelope of the events says in the caller's words."""
        return {name: value for name, value in self.envelope.items() if name != "actor"}

    def _is_caller(self, named: Actor) -> bool:
        return named.role in self.roles and named.party in (None, self.actor.party)


@dataclass(frozen=True)
class Alongside:
    """What an append checks and writes in its one transaction, beside the events' bytes."""

    recorded: Sequence[Recorded[Any]]
    read: ReadSet = field(default_factory=ReadSet)
    """What was read beside what is written. It is checked under the append's lock."""
    answers_stand: Callable[[], bool] = lambda: True
    """Whether views still answer to rules as they did; asked under the append's lock."""
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)
    """The clock, against which the newest event is held."""
    claims: Mapping[str, str] = field(default_factory=dict)
    released: Collection[str] = ()
    """Names that were taken by what is withdrawn: anybody may take them."""
    entrusted: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    command_key: str | None = None
    fingerprint: str = ""
    stream: str = ""
    """The stream the receipt is about, and its version after the append."""
    stream_version: int = 0
