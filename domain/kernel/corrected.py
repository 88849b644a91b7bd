"""Corrected events: what an event says after corrections, and which of its fields can be corrected.

An event's own date (its ``WHEN`` field) and the date of its envelope are one fact: who corrects the one
corrects the other, and the last correction of either holds for both.
"""

from __future__ import annotations

import datetime as dt
import typing
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from domain.kernel.correction_events import (
    EFFECTIVE,
    INHERITED,
    Change,
    EventWithdrawn,
    RecordCorrected,
    Wanted,
    present_field,
)
from domain.kernel.correction_refusals import (
    DATE_TOO_COARSE,
    FIELD_COMPUTED,
    FIELD_NOT_CORRECTABLE,
    NOTHING_CORRECTED,
    VALUE_NOT_FITTING,
)
from domain.kernel.events import Event, Recorded
from domain.kernel.field_words import words_of
from domain.kernel.when import as_date
from domain.values.calendar import EffectiveDate
from domain.values.refusal import Refusal


def corrected(recorded: Recorded[Any], changes: Iterable[Change]) -> Recorded[Any]:
    """The event as it stands after these changes; the same object if there are none.

    Raises msgspec.ValidationError for a value that the field cannot hold; refuses DATE_TOO_COARSE.
    """
    listed = list(changes)
    if not listed:
        return recorded
    kind = type(recorded.data)
    data: dict[str, Any] = plain(recorded.data)
    effective, dated, own = recorded.effective, recorded.dated, own_date(kind)
    for change in listed:
        if change.field == INHERITED:
            effective = msgspec.structs.replace(_date(change.after), basis=effective.basis)
        elif change.field == EFFECTIVE:
            effective = _date(change.after)
            dated = "told" if dated is not None and own is None else dated
            if own is not None:
                data[own] = plain(_held_as(kind, own, effective))
        else:
            _put(kind, data, change)
            if own is not None and change.field.partition(".")[0] == own:
                read = msgspec.convert(data, kind)
                dated_on = as_date(getattr(read, _attribute(kind, own))) or EffectiveDate.unknown()
                if None in (dated_on.earliest, dated_on.latest):
                    dated_on = dated_on.check()  # its bounds follow from it, as where it is first recorded
                effective = dated_on
    return msgspec.structs.replace(
        recorded, data=msgspec.convert(data, kind), effective=effective, dated=dated
    )


def as_corrected(recorded: Iterable[Recorded[Any]]) -> list[Recorded[Any]]:
    """The events of a stream as they stand after every correction among them; what was withdrawn is none."""
    listed = list(recorded)
    withdrawn = {e.data.target_event for e in listed if type(e.data) is EventWithdrawn}
    if withdrawn:
        listed = [e for e in listed if e.event_id not in withdrawn]
    standing = {e.data.target_event: e.data.standing for e in listed if type(e.data) is RecordCorrected}
    return [corrected(e, standing.get(e.event_id, ())) for e in listed] if standing else listed


def own_date(kind: type[Event]) -> str | None:
    """The field that says when such an event took effect, if it is a field of its own."""
    return kind.WHEN if isinstance(kind.WHEN, str) else None


def same_fact(kind: type[Event], field: str) -> set[str]:
    """The names under which what this field says is corrected: the two of its date are one."""
    own = own_date(kind)
    return {own, EFFECTIVE} if own is not None and field in (own, EFFECTIVE) else {field}


def standing_after(
    kind: type[Event], standing: Iterable[Change], changes: Sequence[Change]
) -> tuple[Change, ...]:
    """Every corrected field of an event as it stands after these changes too, in an order in which they can
    be made: what one of them replaces, parts of it included, is left out."""
    replaced = {name for change in changes for name in same_fact(kind, change.field)}

    def stays(field: str) -> bool:
        return not any(field == name or field.startswith(f"{name}.") for name in replaced)

    return (*(c for c in standing if stays(c.field)), *changes)


def _held_as(kind: type[Event], own: str, date: EffectiveDate) -> Any:
    """What the event's own field says when it took effect on this date; null where the field may be without,
    and cannot say it. Refuses DATE_TOO_COARSE."""
    arms = _arms(typing.get_type_hints(kind)[_attribute(kind, own)])
    if EffectiveDate in arms:
        return date
    if dt.datetime in arms and date.precision == "instant" and date.value is not None:
        return dt.datetime.fromisoformat(date.value)
    if dt.date in arms and date.value is not None and date.earliest == date.latest:
        return date.earliest
    if int in arms and date.fiscal_year is not None:
        return date.fiscal_year
    if type(None) in arms:
        return None
    needed, needed_en = next(words for arm, words in _NEEDED.items() if arm in arms)
    raise DATE_TOO_COARSE(
        value=date.label("ja"), value_en=date.label("en"), needed=needed, needed_en=needed_en
    )


_NEEDED = {dt.datetime: ("時刻", "hour"), dt.date: ("日", "day"), int: ("年度", "fiscal year")}
"""How precisely a field of a type says a date."""


def _attribute(kind: type[Event], field: str) -> str:
    names = zip(kind.__struct_encode_fields__, kind.__struct_fields__, strict=True)
    return next(attribute for wire, attribute in names if wire == field)


def plain(value: Any) -> Any:
    """A value as JSON has it, with the defaults that the log leaves out: what stands there is not unknown."""
    if isinstance(value, msgspec.Struct):
        names = zip(value.__struct_encode_fields__, value.__struct_fields__, strict=True)
        return {wire: plain(getattr(value, name)) for wire, name in names}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return msgspec.to_builtins(value)


def _put(event: type[Event], data: dict[str, Any], change: Change) -> None:
    top, *inner = present_field(event, change.field).split(".")
    after: Any = change.after
    if not inner and top in _dates(event) and isinstance(after, str):
        after = msgspec.to_builtins(_date(after))
    place: Any = data
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
    if wanted.field.split(".")[0] in kind.COMPUTED:
        raise _computed(kind, wanted.field).at(f"{pointer}/field")
    try:
        before = value_at(target, wanted.field)
    except (LookupError, ValueError, TypeError):
        raise _not_correctable(kind, wanted.field).at(f"{pointer}/field") from None
    try:
        change = _as_written(target, Change(wanted.field, before, wanted.after))
    except Refusal as refused:
        raise refused.at(f"{pointer}/after") from None
    except msgspec.ValidationError as wrong:
        raise VALUE_NOT_FITTING(field=wanted.field, why=str(wrong)[:120]).at(f"{pointer}/after") from None
    if change.before == change.after and type(change.before) is type(change.after):
        raise NOTHING_CORRECTED().at(f"{pointer}/after")
    return change


def _as_written(target: Recorded[Any], change: Change) -> Change:
    """A change with its new value written as the old one is: a day is a day, in whichever form it was given,
    unless it says more than that."""
    stands = corrected(target, [change])
    plainly = msgspec.structs.replace(change, after=value_at(stands, change.field))
    try:
        alike = _as_read(corrected(target, [plainly])) == _as_read(stands)
    except (Refusal, msgspec.ValidationError):
        return change
    return plainly if alike else change


def _as_read(recorded: Recorded[Any]) -> tuple[Any, ...]:
    """What an event says, its dates with their bounds: however they were written."""
    values = (getattr(recorded.data, name) for name in recorded.data.__struct_fields__)
    return recorded.effective, *(v.check() if isinstance(v, EffectiveDate) else v for v in values)


def _computed(kind: type[Event], field: str) -> Any:
    top = field.split(".")[0]
    words = words_of(top, kind) or (top, top)
    inputs = [words_of(name, kind) or (name, name) for name in kind.COMPUTED[top]]
    return FIELD_COMPUTED(
        field=words[0],
        field_en=words[1],
        inputs="、".join(ja for ja, _ in inputs),
        inputs_en=", ".join(en for _, en in inputs),
    )


def _not_correctable(kind: type[Event], field: str) -> Any:
    fixed = _identities(kind) | kind.COMPUTED.keys()
    known = [EFFECTIVE, *(n for n in kind.__struct_encode_fields__ if n not in fixed)]
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
