"""What is asked for with a command, beside its arguments, and what is told when it has been recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from domain.kernel.events import Actor
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


@dataclass(frozen=True)
class StoredReceipt:
    """What was stored under a command key: the fingerprint of its content, and its receipt."""

    fingerprint: str
    receipt: Receipt


class KyodoRecorder(Protocol):
    """What the application asks of its recorder beyond the library's interface."""

    def find_command(self, key: str) -> StoredReceipt | None: ...

    def find_claim(self, claim: str) -> str | None: ...


@dataclass(frozen=True)
class CommandTerms:
    """What the caller adds to a command: who, the envelope's words, and the conditions for accepting it."""

    actor: Actor
    roles: frozenset[str]
    envelope: Mapping[str, Any] = field(default_factory=dict)
    """Any of effective, asserted_by, certainty, source, reason, legal_basis, document_no, note,
    causation_id, correlation_id (typed values)."""
    expected_version: int | None = None
    key: str | None = None
    """Idempotency key: the same key with the same content does nothing twice."""
    importing: bool = False
