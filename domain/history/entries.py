"""One entry of a history file, read into the command that will record it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from domain.history.file import HistoryFile
from domain.history.problems import (
    HISTORY_DUPLICATE_SEQ,
    HISTORY_NOT_IMPORTABLE,
    HISTORY_STREAM_MISMATCH,
    HISTORY_UNKNOWN_EVENT,
    HISTORY_UNKNOWN_ROLE,
    HISTORY_WRONG_AGGREGATE,
)
from domain.history.values import fields_in, typed
from domain.kernel.commands import Command, Parameter
from domain.kernel.events import EVENTS, Actor, Certainty, Event
from domain.kernel.record import KINDS, Record
from domain.kernel.roles import ROLE_NAMES
from domain.kernel.streams import entity_of
from domain.party.aggregate import PersonRegistered
from domain.values.calendar import EffectiveDate
from domain.values.fields import Id, Line, Ordinal, Text, Url

_OF_THE_SOURCE: dict[str, Any] = {
    "locator": Line | None,
    "source_recorded_at": EffectiveDate | None,
    "external_id": Line | None,
    "source_url": Url | None,
}
"""What an entry may say of where it comes from: the place in the source, when it was recorded there, its id
and its address there."""
_FIELDS: dict[str, Any] = {
    "seq": Ordinal,
    "event": str,
    "aggregate": str,
    "stream": Id,
    "effective": EffectiveDate,
    "actor": Actor,
    "asserted_by": Id,
    "certainty": Certainty,
    "facts": tuple[Line, ...],
}


_OF_THE_ENVELOPE = (
    "effective",
    "asserted_by",
    "certainty",
    "note",
    "note_en",
    "source_recorded_at",
    "external_id",
    "source_url",
)


_NOTES: dict[str, Any] = {"note_ja": Text | None, "note_en": Text | None}
"""A note for readers, in both languages. What the importer notes for himself (``note``) stays in the file."""


@dataclass(frozen=True)
class Importing:
    """A command that an import may give: the event it records, and its parameters by their names in files."""

    command: Command
    event: type[Event]
    parameters: dict[str, Parameter]

    @property
    def kind(self) -> type[Record]:
        return self.command.aggregate


@dataclass(frozen=True)
class Entry:
    """One event of a history file, with the command that records it."""

    seq: int
    line: int
    pointer: str
    """Where it stands in the file, e.g. ``/events/3``."""
    command: Command
    event: type[Event]
    stream: str
    actor: Actor
    envelope: dict[str, Any]
    """What the envelope will say: effective, asserted_by, certainty, note (typed values)."""
    facts: tuple[str, ...]
    payload: dict[str, Any]
    """The event's fields by name, in the domain's types."""
    locator: str | None = None
    """The place in the source."""

    @property
    def kind(self) -> type[Record]:
        return self.command.aggregate

    @property
    def entity(self) -> str:
        return entity_of(self.stream)


class EntryReader:
    """Reads the entries of one file; what is wrong with them goes to the file's problems."""

    def __init__(self, file: HistoryFile):
        self._file = file
        self._problems = file.problems
        self._lines: dict[int, int] = {}
        """Where each seq was first used."""

    def read(self, raw: Any, pointer: str) -> Entry | None:
        """One entry, or None if anything is wrong with it."""
        before = self._problems.count
        optional = ("note", *_NOTES, *_OF_THE_SOURCE)
        parts = fields_in(raw, (*_FIELDS, "payload"), optional, pointer, self._problems)
        envelope = {
            name: typed(parts[name], kind, f"{pointer}/{name}", self._problems)
            for name, kind in _FIELDS.items()
            if name in parts
        }
        for name, kind in {**_NOTES, **_OF_THE_SOURCE}.items():
            envelope[name] = typed(parts.get(name), kind, f"{pointer}/{name}", self._problems)
        typed(parts.get("note"), Text | None, f"{pointer}/note", self._problems)
        envelope["note"] = envelope.pop("note_ja")
        self._check_seq(envelope.get("seq"), pointer)
        self._check_roles(envelope.get("actor"), pointer)
        importing = self._importing(envelope.get("event"), envelope.get("aggregate"), pointer)
        if importing is None or "payload" not in parts:
            return None
        payload = self._payload(importing, parts["payload"], envelope.get("stream"), pointer)
        if self._problems.count > before:
            return None
        return Entry(
            seq=envelope["seq"],
            line=self._file.line_of(pointer),
            pointer=pointer,
            command=importing.command,
            event=importing.event,
            stream=envelope["stream"],
            actor=envelope["actor"],
            envelope={name: envelope[name] for name in _OF_THE_ENVELOPE},
            facts=envelope["facts"],
            locator=envelope["locator"],
            payload=payload,
        )

    def _check_seq(self, seq: int | None, pointer: str) -> None:
        if seq is None:
            return
        line = self._file.line_of(f"{pointer}/seq")
        first = self._lines.setdefault(seq, line)
        if first != line:
            self._problems.add(f"{pointer}/seq", HISTORY_DUPLICATE_SEQ(seq=seq, line=first))

    def _check_roles(self, actor: Actor | None, pointer: str) -> None:
        for name in ("role", "presumed"):
            role = getattr(actor, name, None)
            if role is not None and role not in ROLE_NAMES:
                refused = HISTORY_UNKNOWN_ROLE(role=role[:60], known=", ".join(ROLE_NAMES))
                self._problems.add(f"{pointer}/actor/{name}", refused)

    def _importing(self, event: str | None, aggregate: str | None, pointer: str) -> Importing | None:
        """The command by which an event of this name is imported."""
        if event is None or aggregate is None:
            return None
        if event not in EVENTS:
            self._problems.add(f"{pointer}/event", HISTORY_UNKNOWN_EVENT(event=event[:60]))
            return None
        importing = _importing_commands().get(EVENTS[event])
        if importing is None:
            self._problems.add(f"{pointer}/event", HISTORY_NOT_IMPORTABLE(event=event))
        elif importing.kind.__name__ != aggregate:
            right = importing.kind.__name__
            refused = HISTORY_WRONG_AGGREGATE(event=event, aggregate=aggregate[:60], right=right)
            self._problems.add(f"{pointer}/aggregate", refused)
        return importing

    def _payload(self, importing: Importing, raw: Any, stream: str | None, pointer: str) -> dict[str, Any]:
        """The event's fields. The aggregate's own id, repeated among them, must agree with the stream."""
        kind, parameters = importing.kind, importing.parameters
        own = [name for name in kind.ID_FIELDS if name not in parameters]
        required = [name for name, parameter in parameters.items() if parameter.required]
        optional = [*(name for name in parameters if name not in required), *own]
        below = f"{pointer}/payload"
        parts = fields_in(raw, required, optional, below, self._problems)
        entities = [
            typed(parts.pop(name), Id, f"{below}/{name}", self._problems) for name in own if name in parts
        ]
        self._check_stream(kind, stream, entities, pointer)
        return {
            parameters[name].name: typed(value, parameters[name].kind, f"{below}/{name}", self._problems)
            for name, value in parts.items()
        }

    def _check_stream(
        self, kind: type[Record], stream: str | None, entities: list[str | None], pointer: str
    ) -> None:
        if stream is None:
            return
        expected = [kind.stream_for(entity) for entity in entities if entity]
        fits = stream.startswith(kind.PREFIX) and stream != kind.PREFIX
        if not fits or any(stream != other for other in expected):
            refused = HISTORY_STREAM_MISMATCH(
                stream=stream, expected=", ".join(expected) or f"{kind.PREFIX}…"
            )
            self._problems.add(f"{pointer}/stream", refused)


@cache
def _importing_commands() -> dict[type[Event], Importing]:
    """The commands an import may give, by the event they record. A person is registered without a word in the
    event: the name comes from a file of its own (domain/history/names.py)."""
    person = KINDS["Party"].COMMANDS["import_person"]
    registered = {PersonRegistered: Importing(person, PersonRegistered, {})}
    return registered | {
        command.event: Importing(
            command,
            command.event,
            dict(zip(command.event.__struct_encode_fields__, command.parameters(), strict=True)),
        )
        for kind in KINDS.values()
        for command in kind.COMMANDS.values()
        if command.event is not None and "IMP" in command.roles
    }
