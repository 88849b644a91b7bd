"""What of an event is closed to a reader: one function, and every answer is cut by it.

It says which parts of an event, by JSON Pointer, a reader is not shown, and why: what is sealed, what has a
disclosure of its own, what was redacted since, and which person did it. Whoever shows an event, or anything
that was made of one, asks here (see domain/kernel/closed_values.py for what stands in its place).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from domain.kernel.closed_values import (
    Pointer,
    Pointers,
    Tree,
    is_date,
    pointer,
    steps_of,
    tree_of,
    unnamed,
    value_at,
)
from domain.kernel.corrected import plain
from domain.kernel.correction_events import PartRedacted, RedactionLifted
from domain.kernel.events import Recorded
from domain.kernel.viewer import Viewer
from domain.values.disclosure import Disclosure

WHOLE: Pointer = ""
SPEAKER_FIELDS = (
    "speaker",
    "holder",
    "appointment_id",
    "votes",
    "proposer",
    "raised_by",
    "by",
    "vault_ref",
    "text_ref",
    "attended",
    "coordinator",
    "side_c",
    "side_g",
    "affiliate",
)
"""Fields that say which member did something. The public sees the role only (domain.md 4.11)."""
PART_FIELDS = ("item_id", "evidence_id")
"""Fields that name a part of an aggregate which can be closed to the public by itself."""
TWICE = ("reason", "document_no")
"""What an event may say in its data and in its envelope: closed in the one, it is closed in the other."""
EFFECTIVE_POINTER = "/effective"
"""When an event took effect: the same fact as the event's own date, and closed with it."""
ENVELOPE = ("reason", "note", "document_no", "external_id", "source_url", "note_en")
"""What of the envelope can be redacted by itself."""


def part_of(e: Recorded[Any]) -> str:
    """The part an event is about: ``stream`` or ``stream/part``."""
    for name in PART_FIELDS:
        value = getattr(e.data, name, None)
        if value is not None:
            return f"{e.stream}/{value}"
    return e.stream


def event_part(stream: str | None, event_id: str | None) -> str:
    """The part that a redacted event is."""
    return f"{stream or ''}/event/{event_id or ''}"


def pointer_of(name: str) -> Pointer:
    """The pointer of what a redaction names: a field by its name, anything else by its pointer."""
    return name if name.startswith("/") else pointer(("data", name))


def widened(name: str, corrected_field: str) -> str:
    """What a redaction names, once a field was corrected: if what it closes lies in what was corrected, all
    of that is closed. What stood at its place may stand elsewhere."""
    top, *inner = corrected_field.split(".")
    whole = pointer(("data", top, *inner))
    lies_in = name.startswith(f"{whole}/")
    return (top if not inner else whole) if lies_in else name


def part_named(e: Recorded[Any], name: str) -> str:
    """What a redaction names of an event, in one way: a field by its name, anything else by its pointer.
    LookupError or ValueError: the event has no such part, or it is none that can be closed by itself."""
    steps = steps_of(pointer_of(name))
    if steps[0] == "data" and len(steps) > 1:
        data = plain(e.data)
        steps = _to_whole_date(data, steps)
        value_at(data, steps[1:])
        if len(steps) == 2:
            return steps[1]
    elif steps[0] not in ENVELOPE or value_at({steps[0]: getattr(e, steps[0])}, steps) is None:
        raise LookupError(name)
    return pointer(steps)


def closed_twice(at: Pointer) -> tuple[Pointer, ...]:
    """The places at which is said what is closed at one of them."""
    path = at.removeprefix("/data")
    if steps_of(path)[0] not in TWICE:
        return (at,)
    return path, f"/data{path}"


def _to_whole_date(data: Any, steps: list[str]) -> list[str]:
    """A date is one fact: who names its year or its precision names it."""
    with suppress(LookupError):
        for n in range(1, len(steps)):
            value = value_at(data, steps[1 : n + 1])
            if is_date(value):
                return steps[: n + 1]
    return steps


@dataclass(frozen=True)
class ClosedParts:
    """The closed parts of some streams, ready to be asked about single events."""

    parts: Mapping[str, Disclosure]
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For redacted events of which only something is closed: names of fields, and pointers, by part."""
    originals: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    """What the redacted events say, as recorded and as corrected, by part: rows may repeat it."""

    def inside(self, streams: Container[str]) -> ClosedParts:
        """What is closed to somebody who works on these things: what is internal is open to them, what is
        closed is not."""

        def is_open(part: str, why: Disclosure) -> bool:
            return why.visibility == "internal" and part.partition("/")[0] in streams

        parts = {part: why for part, why in self.parts.items() if not is_open(part, why)}
        fields = {part: names for part, names in self.fields.items() if part in parts}
        return ClosedParts(
            parts, fields, {part: originals for part, originals in self.originals.items() if part in parts}
        )

    def has(self, stream: str | None) -> bool:
        """Whether anything of this stream is closed."""
        return stream in self._streams

    @cached_property
    def _streams(self) -> frozenset[str]:
        return frozenset(part.partition("/")[0] for part in self.parts)

    def of(self, e: Recorded[Any]) -> Disclosure | None:
        """Why this event is closed to the public; None if it is open. What is said of a redacted event when
        it is corrected is as closed as the event."""
        if not self.has(e.stream):  # most have nothing closed
            return None
        about = getattr(e.data, "target_event", None)
        told_of = self.parts.get(event_part(e.stream, about)) if about else None
        is_act = isinstance(e.data, PartRedacted | RedactionLifted)
        return (
            self.parts.get(e.stream)
            or self.parts.get(part_of(e))
            or (None if is_act else told_of)
            or self.of_event(e.stream, e.event_id)
        )

    def of_event(self, stream: str | None, event_id: str | None) -> Disclosure | None:
        """Why the whole of an event is redacted; None if it is not."""
        part = event_part(stream, event_id)
        return None if self.fields.get(part) else self.parts.get(part)

    def fields_of(self, stream: str | None, event_id: str | None) -> dict[str, Disclosure]:
        """The fields of an event that is open otherwise of which something is redacted."""
        pointers = self.pointers_of(stream, event_id)
        return {steps[1]: why for at, why in pointers.items() if (steps := steps_of(at))[0] == "data"}

    def pointers_of(self, stream: str | None, event_id: str | None) -> Pointers:
        """What is redacted of an event that is open otherwise."""
        if not self.has(stream):
            return {}
        part = event_part(stream, event_id)
        names = self.fields.get(part, ())
        pointers = dict.fromkeys(map(pointer_of, names), self.parts[part]) if names else {}
        return {at: why for named, why in pointers.items() for at in closed_twice(named)}

    def tree(self, stream: str | None, event_id: str | None) -> Tree:
        """:meth:`pointers_of`, by their steps."""
        key = event_part(stream, event_id)
        if key not in self.fields:
            return {}
        if key not in self._trees:
            self._trees[key] = tree_of(self.pointers_of(stream, event_id))
        return self._trees[key]

    @cached_property
    def _trees(self) -> dict[str, Tree]:
        return {}


def closed_pointers(
    e: Recorded[Any],
    viewer: Viewer,
    closed: ClosedParts,
    *,
    sealed: bool = False,
    today: dt.date | None = None,
) -> Pointers:
    """What of this event, as it stands, this reader is not shown, each part with why.

    ``closed``: what is closed in its stream, as it is on record. ``sealed``: it lies under a seal that is not
    the reader's. ``today``: what is closed until a day is open from it on; nothing is closed in that way
    yet, so that the day changes nothing.
    """
    if sealed:
        return {WHOLE: unnamed()}
    if viewer.staff:
        return {}
    whole = closed.of(e)
    if whole is not None:
        return {WHOLE: whole}
    return {**dict.fromkeys(_persons(e), unnamed()), **closed.pointers_of(e.stream, e.event_id)}


def _persons(e: Recorded[Any]) -> Iterable[Pointer]:
    """Where an event says which person did it, and where it says that nobody is named."""
    if e.actor.party is not None and not e.actor.party.startswith("org-"):
        yield "/actor/party"
    if e.recorded_by is not None:
        yield "/recorded_by/party"
    if e.evidence is not None:
        yield "/evidence/reference"
    for name, at in _speakers(type(e.data)):  # type: ignore[arg-type]
        if not str(getattr(e.data, name)).startswith("org-"):
            yield at


@cache
def _speakers(kind: Any) -> tuple[tuple[str, Pointer], ...]:
    names = zip(kind.__struct_fields__, kind.__struct_encode_fields__, strict=True)
    return tuple((name, pointer(("data", wire))) for name, wire in names if wire in SPEAKER_FIELDS)
