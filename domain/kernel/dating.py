"""The date of what is being recorded: by its own field, by what it names, or as whoever gives the command
says (domain/kernel/when.py); and whether it can be so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Protocol

import msgspec

from domain.kernel.commands import Context
from domain.kernel.events import EVENTS, EVIDENCE_KINDS, Event
from domain.kernel.field_words import words_of
from domain.kernel.when import (
    CLOCKS_DIFFER,
    FAR_AHEAD,
    IMPOSSIBLE_ORDER,
    NOT_HAPPENED,
    NOT_LIVE,
    NOT_YET,
    RECORDING,
    WHEN_NOT_TOLD,
    Dated,
    Inherited,
    as_date,
    by_recording,
)
from domain.values.calendar import EffectiveDate, day_in_japan, fiscal_year_bounds, fiscal_year_of
from domain.values.refusal import Refusal


class Dating(Protocol):
    """What is asked of an aggregate to date what it records, and of what it names."""

    first_of: dict[str, EffectiveDate]

    @property
    def context(self) -> Context: ...

    @property
    def entity(self) -> str: ...

    def named(self, entity: str) -> Dating | None: ...

    def happened(self, part: str | None) -> EffectiveDate | None: ...

    def is_going_on(self) -> bool: ...


TOLD_AT = "/record/effective"
_INHERITED: Dated = "inherited"


def date_of(
    aggregate: Dating, data: Event, now: dt.datetime, known: EffectiveDate | None = None
) -> tuple[EffectiveDate, Dated]:
    """When ``data``, which is recorded ``now``, happened, and how that is known (``known``: the aggregate
    knows it). Refuses a date that does not fit itself, NOT_LIVE, and what cannot be: NOT_YET,
    IMPOSSIBLE_ORDER."""
    date, dated = _found(aggregate, data, now) if known is None else (known.check(), _INHERITED)
    context = aggregate.context
    if not (context.importing or context.following):  # what follows of itself happens when its cause does
        _has_happened(context, data, date, day_in_japan(now))
        _comes_after(aggregate, data, date)
    if not context.following:
        _all_has_happened(context, data, date, now)
    return date, dated


def _found(aggregate: Dating, data: Event, now: dt.datetime) -> tuple[EffectiveDate, Dated]:
    context, when = aggregate.context, type(data).WHEN
    own = as_date(getattr(data, when)) if isinstance(when, str) else None
    if context.effective is not None and not (
        context.importing and own and _tells_nothing(context.effective)
    ):
        return _checked(context.effective), "inherited" if context.following else "told"
    if isinstance(when, str):
        if own is not None:
            return own.check(), "field"
        return (EffectiveDate.unknown() if data.AHEAD else by_recording(now)), "field"
    if when is RECORDING:
        return EffectiveDate.at(now), "recording"
    if context.live:
        if not aggregate.is_going_on():
            raise NOT_LIVE().at("/record/live")
        return EffectiveDate.at(now), "live"
    if isinstance(when, Inherited):
        inherited = _inherited(aggregate, when, data)
        if inherited is not None:
            return inherited, "inherited"
    if not context.importing:
        day = EffectiveDate.on(day_in_japan(now))
        context.warn_once(WHEN_NOT_TOLD(**_labels(day=day)).at(TOLD_AT))
    return by_recording(now), "not_told"


def _tells_nothing(date: EffectiveDate) -> bool:
    """Whether a date says that it is not known: what the event itself says is known, then."""
    return date.value is None and date.earliest is None and date.latest is None


def _inherited(aggregate: Dating, when: Inherited, data: Event) -> EffectiveDate | None:
    """The date of what ``data`` names; None if nothing is named, or no date of it is recorded."""
    named = aggregate.entity if when.field == "entity" else getattr(data, when.field)
    thing = None if named is None else aggregate if named == aggregate.entity else aggregate.named(named)
    date = thing.happened(getattr(data, when.part) if when.part else None) if thing is not None else None
    if date is None or date.precision == "unknown":
        return None
    date = date.check()  # a thing may keep its date as it was typed, without bounds
    return date if when.is_act else msgspec.structs.replace(date, basis="inferred")


def _has_happened(context: Context, data: Event, date: EffectiveDate, today: dt.date) -> None:
    if not data.AHEAD:
        if date.earliest is not None and date.earliest > today:
            raise NOT_YET(**_labels(day=date)).at(_pointer(context, data))
        return
    _, next_year_ends = fiscal_year_bounds(fiscal_year_of(today) + 2)
    if date.earliest is not None and date.earliest > next_year_ends:
        context.warn_once(FAR_AHEAD(**_labels(day=date)).at(_pointer(context, data)))


def _all_has_happened(context: Context, data: Event, date: EffectiveDate, now: dt.datetime) -> None:
    """Refuse what lies ahead of now though it says what was done: also what an import tells of, the other
    days of the event, and a moment of today."""
    if not data.AHEAD and _lies_ahead(date, now):
        raise NOT_HAPPENED(**_named(data.LABEL), **_labels(day=date)).at(_pointer(context, data))
    for path in data.DONE:
        for pointer, value in _values(data, path.split(".")):
            done = as_date(value)
            if done is not None and _lies_ahead(done.check(), now):
                label = words_of(path.rsplit(".", 1)[-1], type(data)) or data.LABEL
                raise NOT_HAPPENED(**_named(label), **_labels(day=done.check())).at(pointer)
    seen = context.evidence.on if context.evidence is not None else None
    if seen is not None and seen > day_in_japan(now):
        label = EVIDENCE_KINDS[context.evidence.kind] if context.evidence is not None else data.LABEL
        raise NOT_HAPPENED(**_named(label), **_labels(day=EffectiveDate.on(seen))).at("/record/evidence/on")


def _lies_ahead(date: EffectiveDate, now: dt.datetime) -> bool:
    """Whether all of a date is still to come."""
    if date.precision == "instant":
        return dt.datetime.fromisoformat(date.value or "") > now + CLOCKS_DIFFER
    return date.earliest is not None and date.earliest > day_in_japan(now)


def _values(part: Any, path: list[str], pointer: str = "") -> Iterator[tuple[str, Any]]:
    """What stands at a path of fields, in each item of a list."""
    if isinstance(part, tuple):
        for n, item in enumerate(part):
            yield from _values(item, path, f"{pointer}/{n}")
    elif part is not None and path:
        yield from _values(getattr(part, path[0]), path[1:], f"{pointer}/{path[0]}")
    elif part is not None:
        yield pointer, part


def _named(label: tuple[str, str]) -> dict[str, str]:
    return {"what": label[0], "what_en": label[1]}


def _comes_after(aggregate: Dating, data: Event, date: EffectiveDate) -> None:
    for followed in data.AFTER:
        name, _, which = followed.partition(".")
        first = aggregate.first_of.get(key_of(name, which, data))
        if first is not None and date.before(first):
            earlier = EVENTS[name]
            raise IMPOSSIBLE_ORDER(
                what=data.LABEL[0],
                what_en=data.LABEL[1],
                before=earlier.LABEL[0],
                before_en=earlier.LABEL[1],
                **_labels(day=date, before_day=first),
            ).at(_pointer(aggregate.context, data))


def key_of(name: str, which: str, data: Event) -> str:
    """Under which key an aggregate keeps when an event first happened: its name, and the part it was about
    (the value of the field ``which``), as far as that matters."""
    return f"{name} {getattr(data, which)}" if which else name


def _pointer(context: Context, data: Event) -> str:
    own = data.WHEN if isinstance(data.WHEN, str) and context.effective is None else None
    return f"/{own}" if own else TOLD_AT


def _labels(**days: EffectiveDate) -> dict[str, Any]:
    ja = {name: day.full_label("ja") for name, day in days.items()}
    return ja | {f"{name}_en": day.full_label("en") for name, day in days.items()}


def _checked(date: EffectiveDate) -> EffectiveDate:
    try:
        return date.check()
    except Refusal as refused:
        raise refused.at(TOLD_AT) from None
