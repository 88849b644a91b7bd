"""The words a person wrote in an event, found by the declared kinds of its fields: a new event type is
searched without anything being said about it here.

A field is prose if its kind is text (Word, Line, Text), in the event itself or in any struct or list inside
it. Identifiers, enumerated values and addresses on the web are not; nor is a short text that is a code
(``org-city``, ``grouped_opinions``) though its kind would allow words.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable, Iterator
from functools import cache
from typing import Annotated, Any, Union

import msgspec

from domain.kernel.events import Event, Recorded
from domain.values.fields import Secret, Text, TextRule
from projections.engine.event_json import TITLE_FIELDS

Found = Iterator[tuple[str, str]]
"""Where it stands (names and numbers with points between, as corrections name fields) and what it says."""
Reader = Callable[[Any, str], Found]

ENVELOPE = ("reason", "note", "document_no")
"""Words in the envelope: why, what the recorder noted, and the number of the document."""

_CODE = re.compile(r"[a-z0-9._:/#-]+|https?://\S+")
_TEXT_LIMIT = next(m.limit for m in typing.get_args(Text) if isinstance(m, TextRule))
_ABOUT_EVENTS = re.compile(r"target_\w+|fields?")
"""Fields that name an event or a field of one."""


def texts_of(e: Recorded[Any]) -> dict[str, str]:
    """Everything a person wrote in this event, by where it stands; the envelope's under ``envelope.``."""
    data: Event = e.data
    reader = _reader_of_struct(type(data))
    texts = dict(reader(data, "")) if reader is not None else {}
    for name in ENVELOPE:
        value = getattr(e, name)
        if value is not None and value not in texts.values():
            texts[f"envelope.{name}"] = value
    return texts


@cache
def prose_fields(kind: type[Event]) -> frozenset[str]:
    """The fields of an event type, by name, that are prose themselves."""
    hints = typing.get_type_hints(kind, include_extras=True)
    names = (f.name for f in msgspec.structs.fields(kind))
    return frozenset(n for n in names if any(_rule(arm) for arm in _arms(hints[n])))


@cache
def _reader_of_struct(kind: type[msgspec.Struct]) -> Reader | None:
    """Reads the prose of a struct of this kind; None if it cannot hold any."""
    hints = typing.get_type_hints(kind, include_extras=True)
    inner = [
        (f.name, reader)
        for f in msgspec.structs.fields(kind)
        if not _ABOUT_EVENTS.fullmatch(f.name) and (reader := _reader_of(hints[f.name], f.name)) is not None
    ]

    def read(value: Any, place: str) -> Found:
        for name, reader in inner:
            held = getattr(value, name)
            if held is not None:
                yield from reader(held, f"{place}{name}")

    return read if inner else None


def _reader_of(annotation: Any, name: str) -> Reader | None:
    """Reads the prose of a field of this kind; None if it cannot hold any."""
    readers = [r for arm in _arms(annotation) if (r := _reader_of_arm(arm, name)) is not None]
    if len(readers) < 2:
        return readers[0] if readers else None
    raise TypeError(f"{name}: two kinds of prose in one field")


def _reader_of_arm(arm: Any, name: str) -> Reader | None:
    rule = _rule(arm)
    if rule is not None:
        return _read_words if rule.limit == _TEXT_LIMIT or name in TITLE_FIELDS else _read_unless_code
    origin = typing.get_origin(arm)
    if origin in (tuple, list):
        return _each(_reader_of(typing.get_args(arm)[0], name), enumerate)
    if origin is dict:
        return _each(_reader_of(typing.get_args(arm)[1], name), lambda held: held.items())
    if isinstance(arm, type) and issubclass(arm, msgspec.Struct):
        read = _reader_of_struct(arm)
        return (lambda value, place: read(value, f"{place}.")) if read is not None else None
    return None


def _each(reader: Reader | None, items: Callable[[Any], Any]) -> Reader | None:
    if reader is None:
        return None
    return lambda value, place: (
        text for n, held in items(value) if held is not None for text in reader(held, f"{place}.{n}")
    )


def _read_words(value: str, place: str) -> Found:
    yield place, value


def _read_unless_code(value: str, place: str) -> Found:
    if not _CODE.fullmatch(value):
        yield place, value


def _rule(annotation: Any) -> TextRule | None:
    if typing.get_origin(annotation) is not Annotated:
        return None
    markers = typing.get_args(annotation)[1:]
    if any(isinstance(m, Secret) for m in markers):
        return None
    return next((m for m in markers if isinstance(m, TextRule)), None)


def _arms(annotation: Any) -> tuple[Any, ...]:
    if typing.get_origin(annotation) in (Union, types.UnionType):
        return typing.get_args(annotation)
    return (annotation,)
