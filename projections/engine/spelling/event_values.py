"""The values of an event as tokens, by where they stand: what it says in no words of its own.

An enumerated value is ``v:rejected`` and ``v:result.rejected``, a date, an amount and the number of an
article are as in a text (written_values.py), a field that says something is ``f:amount_yen``. Tokens are of
the field's declared kind, so that a new event type is searched without a line here; what any of them is
called is the catalogue of words' business, when somebody asks.
"""

from __future__ import annotations

import datetime as dt
import re
import types
import typing
from collections.abc import Callable, Iterator
from functools import cache
from typing import Annotated, Any, Literal, Union

import msgspec

from domain.kernel.closing import SPEAKER_FIELDS
from domain.kernel.events import Event, Recorded
from domain.kernel.record import kind_of
from domain.kernel.roles import ROLE_NAMES
from domain.values.calendar import EffectiveDate, day_in_japan
from domain.values.disclosure import Disclosure
from projections.engine.spelling.written_values import number, own, tokens_of_date, tokens_of_day

Values = Iterator[tuple[str, str]]
"""Where it stands, as texts do (prose.py), and a token."""
Reader = Callable[[Any, str], Values]

EFFECTIVE = "envelope.effective"
_NUMBERED = {
    "article": "article",
    "paragraph": "paragraph",
    "item": "no",
    "n": "no",
    "no": "time",
    "term": "term",
    "art16_item": "no",
}
"""Fields whose number is printed with what it counts: 第17条."""
_RECORDERS = frozenset(("SEC", "IMP", "system", "import"))
"""Roles of those who write down what others did: they stand in almost every event."""
_OWN = frozenset(("article", "no"))
"""Fields of an event that number what it is about, where they stand in the event itself."""
_YEN = re.compile(r"(.*_)?yen")
_FISCAL = re.compile(r"fy|(.*_)?(fy|fiscal_year)")
_NAMES = re.compile(r"(.*_)?ids?|.*_ref|target_\w+|fields?|v|version|\w+_version|order|document_no|lang\w*")
"""Fields that name something else, or count for themselves."""
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def values_of(e: Recorded[Any]) -> dict[str, list[str]]:
    """The tokens of an event by where they stand; ``""`` for what it is itself, which nothing closes but
    with the event."""
    values: dict[str, list[str]] = {"": [f"t:{e.type}", f"k:{kind_of(e.stream).__name__}"]}
    if e.actor.role in ROLE_NAMES and e.actor.role not in _RECORDERS:
        values[""].append(f"r:{e.actor.role}")
    for place, token in _reader_of_struct(_type_of(e.data))(e.data, ""):
        values.setdefault(place, []).append(token)
    dated = tokens_of_date(e.effective)
    if dated:
        values[EFFECTIVE] = list(dated)
    return values


def _type_of(data: Event) -> type[msgspec.Struct]:
    return type(data)


@cache
def _reader_of_struct(kind: type[msgspec.Struct]) -> Reader:
    hints = typing.get_type_hints(kind, include_extras=True)
    inner = [
        (f.name, reader)
        for f in msgspec.structs.fields(kind)
        if not (_NAMES.fullmatch(f.name) or f.name in SPEAKER_FIELDS)
        and (reader := _reader_of(hints[f.name], f.name)) is not None
    ]
    is_event = issubclass(kind, Event)

    def read(value: Any, place: str) -> Values:
        for name, reader in inner:
            held = getattr(value, name)
            if held is None or held is False or held == ():
                continue
            if is_event:
                yield name, f"f:{name}"
            yield from reader(held, f"{place}{name}")

    return read


def _reader_of(annotation: Any, name: str) -> Reader | None:
    if typing.get_origin(annotation) is Annotated:
        return _reader_of(typing.get_args(annotation)[0], name)
    origin = typing.get_origin(annotation)
    if origin in (Union, types.UnionType):
        readers = [r for arm in typing.get_args(annotation) if (r := _reader_of(arm, name)) is not None]
        return _first(readers) if len(readers) > 1 else next(iter(readers), None)
    if origin is Literal:
        return lambda value, place: _code(value, place, name)
    if origin in (tuple, list):
        item = _reader_of(typing.get_args(annotation)[0], name)
        return None if item is None else _each(item)
    if not isinstance(annotation, type):
        return None
    return _reader_of_type(annotation, name)


def _reader_of_type(kind: type, name: str) -> Reader | None:
    if kind is EffectiveDate:
        return lambda value, place: ((place, token) for token in tokens_of_date(value))
    if kind is dt.datetime:
        return lambda value, place: ((place, token) for token in tokens_of_day(day_in_japan(value)))
    if kind is dt.date:
        return lambda value, place: ((place, token) for token in tokens_of_day(value))
    if kind is Disclosure:
        return None
    if issubclass(kind, msgspec.Struct):
        read = _reader_of_struct(kind)
        return lambda value, place: read(value, f"{place}.")
    if kind is bool:
        return _nothing
    if kind is int:
        return _whole_number(name)
    return (lambda value, place: _code(value, place, name)) if kind is str else None


def _whole_number(name: str) -> Reader:
    unit = _NUMBERED.get(name)

    def read(value: Any, place: str) -> Values:
        if not isinstance(value, int):
            return
        if _YEN.fullmatch(name):
            yield place, f"m:{abs(value)}"
        elif _FISCAL.fullmatch(name):
            yield place, f"y:{value}"
        elif unit is not None:
            yield place, number(unit, value)
            if place == name and name in _OWN:
                yield place, own(number(unit, value))

    return read


def _nothing(_: Any, __: str) -> Values:
    """What is said by the field alone."""
    return iter(())


def _code(value: Any, place: str, name: str) -> Values:
    if isinstance(value, str) and _CODE.fullmatch(value):
        yield place, f"v:{value}"
        yield place, f"v:{name}.{value}"


def _first(readers: list[Reader]) -> Reader:
    """Of a field of two kinds, a number or a word: each reads what is its own."""
    return lambda value, place: (token for reader in readers for token in reader(value, place))


def _each(reader: Reader) -> Reader:
    return lambda value, place: (
        token for n, held in enumerate(value) if held is not None for token in reader(held, f"{place}.{n}")
    )
