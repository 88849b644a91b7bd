"""Corrected events: what an event says after corrections, and which of its fields can be corrected."""

from __future__ import annotations

import typing
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from domain.kernel.correction_events import EFFECTIVE, Change, Scalar, Wanted, present_field
from domain.kernel.correction_refusals import FIELD_NOT_CORRECTABLE, NOTHING_CORRECTED, VALUE_NOT_FITTING
from domain.kernel.events import Event, Recorded
from domain.values.calendar import EffectiveDate


def corrected(recorded: Recorded[Any], changes: Iterable[Change]) -> Recorded[Any]:
    """The event as it stands after these changes; the same object if there are none.

    Raises msgspec.ValidationError for a value that the field cannot hold.
    """
    listed = list(changes)
    if not listed:
        return recorded
    said: dict[str, Any] = plain(recorded.data)
    effective = recorded.effective
    for change in listed:
        if change.field == EFFECTIVE:
            effective = _date(change.after)
        else:
            _put(type(recorded.data), said, change)
    return msgspec.structs.replace(
        recorded, data=msgspec.convert(said, type(recorded.data)), effective=effective
    )


def plain(value: Any) -> Any:
    """A value as JSON has it, with the defaults that the log leaves out: what stands there is not unknown."""
    if isinstance(value, msgspec.Struct):
        names = zip(value.__struct_encode_fields__, value.__struct_fields__, strict=True)
        return {wire: plain(getattr(value, name)) for wire, name in names}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return msgspec.to_builtins(value)


def _put(event: type[Event], said: dict[str, Any], change: Change) -> None:
    top, *inner = present_field(event, change.field).split(".")
    after: Any = change.after
    if not inner and top in _dates(event) and isinstance(after, str):
        after = msgspec.to_builtins(_date(after))
    place: Any = said
    path: list[Any] = [top, *inner]
    for name in path[:-1]:
        place = place[int(name) if isinstance(place, list) else name]
    place[int(path[-1]) if isinstance(place, list) else path[-1]] = after


def value_at(recorded: Recorded[Any], field: str) -> Any:
    """What a field of an event says, dates as they are written. If there is no such field: LookupError,
    ValueError or TypeError."""
    if field == EFFECTIVE:
        return recorded.effective.value
    top, *inner = field.split(".")
    value: Any = plain(recorded.data)[top]
    if not inner and top in _dates(type(recorded.data)):
        return value["value"] if value is not None else None
    for name in inner:
        value = value[int(name) if isinstance(value, list) else name]
    return value


def change_of(target: Recorded[Any], wanted: Wanted, pointer: str) -> Change:
    """A wanted value with what stands there now. Refuses what cannot be corrected, or is the same."""
    kind = type(target.data)
    if wanted.field.split(".")[0] in _identities(kind):
        raise _not_correctable(kind, wanted.field).at(f"{pointer}/field")
    try:
        before = value_at(target, wanted.field)
    except (LookupError, ValueError, TypeError):
        raise _not_correctable(kind, wanted.field).at(f"{pointer}/field") from None
    if not isinstance(before, Scalar):
        raise _not_correctable(kind, wanted.field).at(f"{pointer}/field")
    if before == wanted.after and type(before) is type(wanted.after):
        raise NOTHING_CORRECTED().at(f"{pointer}/after")
    change = Change(wanted.field, before, wanted.after)
    try:
        corrected(target, [change])
    except (msgspec.ValidationError, TypeError) as wrong:
        raise VALUE_NOT_FITTING(field=wanted.field, why=str(wrong)[:120]).at(f"{pointer}/after") from None
    return change


def _not_correctable(kind: type[Event], field: str) -> Any:
    known = [EFFECTIVE, *(n for n in kind.__struct_encode_fields__ if n not in _identities(kind))]
    return FIELD_NOT_CORRECTABLE(field=field, known=", ".join(known))


def _identities(kind: type[Event]) -> frozenset[str]:
    """Fields that say what an event is about or leads to: its links, its subject, identifiers."""
    names = {n for n in kind.__struct_encode_fields__ if n == "id" or n.endswith("_id")}
    subject = kind.SUBJECT or ""
    return frozenset(
        names | set(kind.LINKS) | {n for n in kind.__struct_encode_fields__ if f"{{{n}}}" in subject}
    )


def _dates(kind: type[Event]) -> frozenset[str]:
    """Fields that hold an effective date."""
    hints = typing.get_type_hints(kind)
    return frozenset(
        f.encode_name for f in msgspec.structs.fields(kind) if EffectiveDate in _arms(hints[f.name])
    )


def _arms(hint: Any) -> Sequence[Any]:
    return typing.get_args(hint) or (hint,)


def _date(value: Any) -> EffectiveDate:
    if value is None:
        return EffectiveDate.unknown()
    return EffectiveDate.parse(str(value))
