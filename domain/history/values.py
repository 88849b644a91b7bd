"""From a file's plain values to the domain's types; whatever does not fit is a problem of one field."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterable
from typing import Annotated, Any, Literal, Union

import msgspec

from domain.history.file import escaped
from domain.history.problems import (
    HISTORY_MISSING_FIELD,
    HISTORY_NOT_ONE_OF,
    HISTORY_UNKNOWN_FIELD,
    HISTORY_WRONG_TYPE,
    HISTORY_WRONG_VALUE,
    Problems,
)
from domain.values.calendar import DATE_IMPOSSIBLE, EffectiveDate
from domain.values.fields import checker_for
from domain.values.refusal import Refusal

_KINDS = {
    "str": ("文字列", "text"),
    "int": ("整数", "whole number"),
    "float": ("小数", "decimal number"),
    "bool": ("true か false", "true or false"),
    "array": ("並び", "list"),
    "object": ("項目の組", "fields"),
    "null": ("null", "null"),
    "date": ("日付", "date"),
    "datetime": ("日時", "instant"),
}
_TYPE = re.compile(r"Expected `(?P<expected>[^`]+)`, got `(?P<got>[^`]+)`")
_FIELD = re.compile(r"Object (?P<what>missing required|contains unknown) field `(?P<field>[^`]*)`")
_PATH = re.compile(r" - at `\$(?P<path>[^`]*)`$")


def fields_in(
    raw: Any, required: Iterable[str], optional: Iterable[str], pointer: str, problems: Problems
) -> dict[str, Any]:
    """``raw`` as fields by name; an unknown or missing one is a problem. {} if it has no fields at all."""
    if not isinstance(raw, dict):
        problems.add(pointer, _wrong_type("object", _kind_of(raw)))
        return {}
    required, known = tuple(required), (*required, *optional)
    for name in raw:
        if name not in known:
            unknown = HISTORY_UNKNOWN_FIELD(field=name[:60], known=", ".join(known))
            problems.add(f"{pointer}/{escaped(name)}", unknown)
    for name in required:
        if name not in raw:
            problems.add(f"{pointer}/{name}", HISTORY_MISSING_FIELD(field=name))
    return {name: value for name, value in raw.items() if name in known}


def typed(value: Any, kind: Any, pointer: str, problems: Problems) -> Any:
    """``value`` as a ``kind`` of the domain, its markers checked and the bounds of a date filled in; None,
    and a problem, if it does not fit."""
    try:
        converted = msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        where, refused = _explained(str(error), value, kind)
        problems.add(pointer + where, refused)
        return None
    checker = checker_for(kind)
    try:
        if checker is not None and converted is not None:
            checker(converted, pointer)
    except Refusal as refused:
        problems.add(refused.pointer or pointer, refused)
        return None
    return converted.check() if isinstance(converted, EffectiveDate) else converted


def _explained(message: str, value: Any, kind: Any) -> tuple[str, Refusal]:
    """What msgspec says of a value that does not fit: where in it, and why."""
    at = _PATH.search(message)
    tokens = re.findall(r"\.([^.\[]+)|\[(\d+)\]", at["path"]) if at else []
    for name, index in tokens:
        value = value[name] if name else value[int(index)]
        kind = _part(kind, name)
    path = "".join(f"/{escaped(name or index)}" for name, index in tokens)
    if match := _TYPE.search(message):
        return path, _wrong_type(match["expected"], match["got"])
    if match := _FIELD.search(message):
        name, known = match["field"], ", ".join(_names(kind))
        if "missing" in match["what"]:
            return f"{path}/{escaped(name)}", HISTORY_MISSING_FIELD(field=name)
        return f"{path}/{escaped(name)}", HISTORY_UNKNOWN_FIELD(field=name[:60], known=known)
    if message.startswith("Invalid enum value"):
        known = ", ".join(str(value) for arm in _arms(kind) for value in _choices(arm))
        return path, HISTORY_NOT_ONE_OF(value=repr(value)[:60], known=known)
    if "RFC3339" in message:
        return path, DATE_IMPOSSIBLE(text=str(value)[:60])
    return path, HISTORY_WRONG_VALUE(detail=message[:200])


def _arms(kind: Any) -> list[Any]:
    """The alternatives of a type, without markers."""
    while typing.get_origin(kind) is Annotated:
        kind = kind.__origin__
    if typing.get_origin(kind) in (Union, types.UnionType):
        return [arm for part in typing.get_args(kind) for arm in _arms(part)]
    return [kind]


def _choices(arm: Any) -> tuple[Any, ...]:
    """The values a type lists."""
    return typing.get_args(arm) if typing.get_origin(arm) is Literal else ()


def _names(kind: Any) -> list[str]:
    """The fields of a struct, as they are called in files."""
    structs = [arm for arm in _arms(kind) if isinstance(arm, type) and issubclass(arm, msgspec.Struct)]
    return [name for struct in structs for name in struct.__struct_encode_fields__]


def _part(kind: Any, name: str) -> Any:
    """The type of a struct's field, or without a name of a list's items."""
    for arm in _arms(kind):
        if not name and typing.get_origin(arm) in (tuple, list):
            return typing.get_args(arm)[0]
        if name and name in _names(arm):
            names = dict(zip(arm.__struct_encode_fields__, arm.__struct_fields__, strict=True))
            return typing.get_type_hints(arm, include_extras=True)[names[name]]
    return Any


def _wrong_type(expected: str, got: str) -> Refusal:
    expected_ja, expected_en = _named(expected)
    got_ja, got_en = _named(got)
    return HISTORY_WRONG_TYPE(expected=expected_en, expected_ja=expected_ja, got=got_en, got_ja=got_ja)


def _named(kinds: str) -> tuple[str, str]:
    """What msgspec calls ``int | null``, in Japanese and English."""
    names = [_KINDS.get(kind, (kind, kind)) for kind in kinds.split(" | ")]
    return "か".join(ja for ja, _ in names), " or ".join(en for _, en in names)


def _kind_of(value: Any) -> str:
    kinds = {dict: "object", list: "array", type(None): "null"}
    return kinds.get(type(value), type(value).__name__)
