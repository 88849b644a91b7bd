"""What is in force on a day, as views keep it: not what was recorded last (domain/values/in_force.py).

Whoever tells of "now" asks here, with the day: pages, resources, questions and what is due.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

from domain.values import in_force as values
from domain.values.calendar import EffectiveDate, fiscal_year_bounds
from projections.engine.event_json import Json


def in_force(entries: Iterable[Json | None], day: dt.date) -> Json | None:
    """Of entries of one kind (event_json), of which each takes the place of those before it, the one that is
    in force on a day: what begins later is not yet, and what has no date came before all that has one."""
    return values.in_force((entry for entry in entries if entry is not None), day, _since)


def chair_on(chairs: Sequence[Json | None], day: dt.date) -> str | None:
    """The appointment of who chairs a council on a day; None if the chair is vacant, nobody recorded it, or
    it is closed to the reader."""
    newest = in_force([e for e in chairs if e is not None and e["type"] != "ActingChairDesignated"], day)
    return newest.get("appointment_id") if newest and newest["type"] == "ChairElected" else None


def begins_later(entry: Json, day: dt.date) -> bool:
    """Whether an entry is on record, and its time is still to come."""
    return values.begins(_since(entry)) > day


def is_ahead(effective: Json | None, day: dt.date) -> bool:
    """Whether a date, as views keep it, certainly lies after a day: it is planned, or settled, and has not
    happened."""
    return effective is not None and values.begins(_date(effective)) > day


def plan_state_on(
    state: str, period: tuple[int | None, int | None], replaced_from: int | None, day: dt.date
) -> str:
    """The state of a plan on a day. Recorded last is that it was published, or that another replaces it; it
    is in force in its fiscal years, and until those from which another takes its place."""
    first, last = period
    if state == "superseded" and replaced_from is not None and day < fiscal_year_bounds(replaced_from)[0]:
        state = "in_force"
    if state in ("in_force", "revised"):
        if first is not None and day < fiscal_year_bounds(first)[0]:
            return "to_begin"
        if last is not None and day > fiscal_year_bounds(last)[1]:
            return "over"
    return state


def date_of(entry: Json) -> EffectiveDate:
    """When an entry took effect."""
    return _date(entry["said"]["effective"])


def _since(entry: Json) -> EffectiveDate | None:
    return date_of(entry) if entry.get("said") else None


def _date(stated: Json) -> EffectiveDate:
    known = {name: stated.get(name) for name in ("value", "precision", "basis", "earliest", "latest")}
    return msgspec.convert({**known, "basis": known["basis"] or "none"}, EffectiveDate)
