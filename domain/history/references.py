"""What the events of a history file refer to must be in the file or on record."""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import msgspec

from domain.history.entries import Entry
from domain.history.problems import HISTORY_DANGLING, Problems
from domain.kernel.events import Event
from domain.kernel.record import KINDS
from domain.kernel.references import NAMED_PARTS, is_on_record
from domain.kernel.roles import ROLE_NAMES
from domain.recording.application import Application
from domain.recording.unit_of_work import UnitOfWork
from domain.values.law import Citation

_NAMED_OTHERWISE = {"groups", "next_meeting", "nominated_by", "subjects", "to_meeting"}
"""Fields that hold ids of aggregates, although they make no link and are not called after what they name."""


def refuse_dangling(
    application: Application,
    unit: UnitOfWork,
    source_document: str,
    entries: Sequence[Entry],
    problems: Problems,
) -> None:
    """Note every reference of the file that points to nothing as a problem."""
    begun = {entry.stream for entry in entries if entry.command.creates}
    named = {
        entity for entry in entries if entry.stream in begun for entity in (entry.entity, _subject(entry))
    }
    wanted = [
        (pointer, entity) for pointer, entity in _references(source_document, entries) if entity not in named
    ]
    missing = {
        entity
        for _, entity in wanted
        if not is_on_record(unit, entity) and not _is_named_part(application, entity)
    }
    for pointer, entity in wanted:
        if entity in missing:
            problems.add(pointer, HISTORY_DANGLING(id=entity))


def _is_named_part(application: Application, entity: str) -> bool:
    """Whether this is a part on record that has a name of its own: its name is claimed, as ``measure:…``."""
    return any(
        entity.startswith(prefix)
        and application.keys.find_claim(f"{prefix.removesuffix('-')}:{entity}") is not None
        for prefix in NAMED_PARTS
    )


def _references(source_document: str, entries: Sequence[Entry]) -> Iterator[tuple[str, str]]:
    """Where in the file what is referred to."""
    yield "/source_document", source_document
    for entry in entries:
        yield f"{entry.pointer}/stream", entry.entity
        if entry.envelope["asserted_by"] not in ROLE_NAMES:
            yield f"{entry.pointer}/asserted_by", entry.envelope["asserted_by"]
        if entry.actor.party is not None:
            yield f"{entry.pointer}/actor/party", entry.actor.party
        below = f"{entry.pointer}/payload"
        for name in reference_fields(entry.event):
            yield from _ids(entry.payload.get(name), f"{below}/{name}")
        for name, value in entry.payload.items():
            yield from _citations(value, f"{below}/{name}")


@cache
def reference_fields(event: type[Event]) -> tuple[str, ...]:
    """The fields of an event that hold ids of other things: those it makes links from, and those called like
    the id of another kind of aggregate. A field that says what the event is about names a new part."""
    elsewhere = {name for kind in KINDS.values() for name in kind.ID_FIELDS}
    about = {name for _, name, _, _ in string.Formatter().parse(event.SUBJECT or "")}
    wanted = (event.LINKS.keys() | elsewhere | _NAMED_OTHERWISE) - about
    return tuple(name for name in event.__struct_fields__ if name in wanted)


def _subject(entry: Entry) -> str:
    """What the event is about: the aggregate, or a part of it."""
    template = entry.event.SUBJECT
    return template.format(entity=entry.entity, **entry.payload) if template else entry.entity


def _ids(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield pointer, value.split("#")[0]
    elif isinstance(value, tuple):
        for n, part in enumerate(value):
            yield from _ids(part, f"{pointer}/{n}")


def _citations(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    """The instruments cited in a value. Articles that no source quotes may be cited."""
    if isinstance(value, Citation):
        yield f"{pointer}/instrument_id", value.instrument_id
    elif isinstance(value, tuple):
        for n, part in enumerate(value):
            yield from _citations(part, f"{pointer}/{n}")
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _citations(getattr(value, name), f"{pointer}/{name}")
