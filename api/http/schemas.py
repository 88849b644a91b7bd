"""From a command's declaration to the schema of its request, and from a request to the command's arguments.

Nothing here knows any command: the parameters' types, with their markers from :mod:`domain.values.fields`,
say it all. A body holds the command's own parameters, and beside them two reserved names: ``record``, what
the envelope of the events will say (:class:`Words`), and, where something is created, ``id``, its public id.
"""

from __future__ import annotations

import datetime as dt
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, Union

import msgspec
from marshmallow import Schema, ValidationError, fields

from api.http.json_fields import (
    Anything,
    Body,
    Choice,
    Day,
    Either,
    Instant,
    Part,
    Series,
    Table,
    Text,
    Truth,
    When,
    Whole,
    faults_of,
)
from api.http.problems import InvalidInput
from domain.kernel.commands import Command, Parameter
from domain.kernel.events import Actor, Certainty, Evidence, Source
from domain.kernel.roles import Role
from domain.recording.application import command_named
from domain.values.calendar import EffectiveDate
from domain.values.fields import (
    ID_MALFORMED,
    Id,
    IdRule,
    Line,
    RangeRule,
    Secret,
    TextRule,
    Word,
    checker_for,
    rules_of,
)
from domain.values.fields import Text as LongText
from domain.values.law import Citation
from domain.values.plain_text import pattern_of

PUBLIC_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
"""The public id of an aggregate: an identifier, but not that of a part of something."""


class ActedInput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who did it, where that is not who gives the command: in which role, and the person or body if known."""

    role: Role
    party: Id | None = None


class EnvelopeInput(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the caller adds to the envelope of the events; all of it optional."""

    actor: ActedInput | None = None
    evidence: Evidence | None = None
    effective: EffectiveDate | None = None
    live: bool | None = None
    asserted_by: Word | None = None
    certainty: Certainty | None = None
    source: Source | None = None
    reason: LongText | None = None
    legal_basis: Citation | None = None
    document_no: Line | None = None
    note: LongText | None = None
    causation_id: Word | None = None
    correlation_id: Word | None = None


@dataclass(frozen=True)
class CommandInput:
    """What a request asks for, in the domain's types: a wanted id, the arguments, the envelope's words."""

    entity: str | None
    arguments: dict[str, Any]
    envelope: dict[str, Any]


def body_of(command: Command) -> type[Schema]:
    """The schema of the body of a command. TypeError: a parameter has a reserved name or a foreign type."""
    made: dict[str, Any] = {}
    for name, parameter in wire_names(command).items():
        if name in ("record", "id"):
            raise TypeError(f"{_name(command)}: the parameter name “{name}” is reserved")
        made[name] = field_for(parameter.kind, required=parameter.required)
    if command.creates:
        made["id"] = Text(_check_public_id, metadata=_ID_DESCRIBED)
    made["record"] = field_for(EnvelopeInput | None)
    return Body.from_dict(made, name=_name(command))


_ID_DESCRIBED = {
    "pattern": f"^{PUBLIC_ID.pattern}$",
    "description": "公開の識別子。省略すれば自動で付く / the public id; made up if left out",
}


def _check_public_id(value: str, pointer: str) -> None:
    if not PUBLIC_ID.fullmatch(value):
        raise ID_MALFORMED(value=value[:80]).at(pointer)


@cache
def _schema_of(kind: str, name: str) -> Schema:
    """The schema of a declared command, made once: a table of three hundred rows is a thousand commands."""
    return body_of(command_named(kind, name))()


def accept(command: Command, raw: Any) -> dict[str, Any]:
    """A body in the form :func:`body_of` describes. Raises InvalidInput with everything that is wrong."""
    try:
        return dict(_schema_of(command.aggregate.__name__, command.name).load(raw))
    except ValidationError as wrong:
        raise InvalidInput(list(faults_of(wrong.messages))) from None


def command_input(command: Command, body: Mapping[str, Any]) -> CommandInput:
    """What a body asks for, once it has been accepted."""
    arguments = {
        parameter.name: msgspec.convert(body[name], parameter.kind)
        for name, parameter in wire_names(command).items()
        if name in body
    }
    words = msgspec.convert(body.get("record"), EnvelopeInput | None) or EnvelopeInput()
    envelope = {
        n: getattr(words, n) for n in EnvelopeInput.__struct_fields__ if getattr(words, n) is not None
    }
    if words.actor is not None:
        envelope["actor"] = Actor(words.actor.role, words.actor.party)
    return CommandInput(body.get("id"), arguments, envelope)


def _name(command: Command) -> str:
    return f"{command.aggregate.__name__}.{command.name}"


def wire_names(command: Command) -> dict[str, Parameter]:
    """The parameters of a command by their names in JSON."""
    return _wire_names(command.aggregate.__name__, command.name)


@cache
def _wire_names(kind: str, name: str) -> dict[str, Parameter]:
    """The names of the event's fields, or the method's own without the underscore that keeps a name apart
    from a Python keyword. Kept, because type hints are slow to read."""
    command = command_named(kind, name)
    parameters = command.parameters()
    if command.event is not None:
        return dict(zip(command.event.__struct_encode_fields__, parameters, strict=True))
    return {p.name.rstrip("_"): p for p in parameters}


# --------------------------------------------------------------------------------------- types to fields


def field_for(annotation: Any, **options: Any) -> fields.Field[Any]:
    """The field for a type with markers. ``options`` go to the field. TypeError: no field is known for it."""
    arms, optional = _arms(annotation)
    if optional:
        options["allow_none"] = True
    if len(arms) > 1:
        return Either([field_for(arm) for arm in arms], **options)
    return _single(arms[0], options)


def _arms(annotation: Any) -> tuple[list[Any], bool]:
    """The alternatives of a type, and whether null is one."""
    if typing.get_origin(annotation) in (Union, types.UnionType):
        arms = typing.get_args(annotation)
        return [a for a in arms if a is not type(None)], type(None) in arms
    return [annotation], False


def _single(annotation: Any, options: dict[str, Any]) -> fields.Field[Any]:
    markers = list(rules_of(annotation))
    plain = annotation.__origin__ if markers else annotation
    leaf = _LEAVES.get(plain)
    if leaf is None:
        return _compound(plain, options)
    metadata = _described(markers) | options.pop("metadata", {})
    made: fields.Field[Any] = leaf(checker_for(annotation), metadata=metadata, **options)
    return made


_LEAVES: dict[Any, Any] = {str: Text, int: Whole, bool: Truth, dt.date: Day, dt.datetime: Instant}


def _compound(annotation: Any, options: dict[str, Any]) -> fields.Field[Any]:
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Literal:
        return Choice(parts, **options)
    if origin in (tuple, list):
        return Series(field_for(parts[0]), **options)
    if origin is dict:
        return Table(field_for(parts[0]), field_for(parts[1]), **options)
    if annotation is EffectiveDate:
        return When(EffectiveDate, None, schema_of(EffectiveDate), **options)
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return Part(annotation, checker_for(annotation), lambda: schema_of(annotation)(), **options)
    if annotation is Any:
        return Anything(allow_none=True, **options)
    raise TypeError(f"no JSON field is known for {annotation!r}")


_NAMED: dict[str, type[msgspec.Struct]] = {}


@cache
def schema_of(struct: type[msgspec.Struct]) -> type[Schema]:
    """The schema of a struct of the domain; of two with one name, the later one's is qualified."""
    hints = typing.get_type_hints(struct, include_extras=True)
    made = {
        f.encode_name: field_for(hints[f.name], required=f.required) for f in msgspec.structs.fields(struct)
    }
    name = struct.__name__
    if _NAMED.setdefault(name, struct) is not struct:
        name = f"{struct.__module__.rpartition('.')[2]}.{name}"
    return Body.from_dict(made, name=name)


def _described(markers: list[Any]) -> dict[str, Any]:
    """What the markers say, in the words of JSON Schema."""
    schema: dict[str, Any] = {}
    for marker in markers:
        if isinstance(marker, TextRule):
            schema |= {"minLength": 1, "maxLength": marker.limit}
            schema |= {"pattern": pattern_of(lines=marker.lines)} if type(marker) is TextRule else {}
        elif isinstance(marker, IdRule):
            schema |= {"pattern": "^[a-z0-9][a-z0-9-]{0,79}(#[a-z0-9-]{1,40})?$"}
        elif isinstance(marker, RangeRule):
            schema |= {"minimum": marker.least, "maximum": marker.most}
            if marker.unit:
                schema |= {"description": marker.unit}
        elif isinstance(marker, Secret):
            schema |= {"writeOnly": True}
    return schema
