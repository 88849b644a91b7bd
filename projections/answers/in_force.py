"""What is in force on a day: not what was recorded last (truth at the edge, of which day)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

from domain.values.calendar import EffectiveDate
from projections.engine.event_json import Json


def in_force(entries: Iterable[Json | None], day: dt.date) -> Json | None:
    """Of entries of one kind (event_json), of which each takes the place of those before it, the one that is
    in force on a day: what begins later is not yet, and what has no date came before all that has one."""
    begun = [entry for entry in entries if entry is not None and _begins(entry) <= day.isoformat()]
    return max(begun, key=_order, default=None)


def chair_on(chairs: Sequence[Json | None], day: dt.date) -> str | None:
    """The appointment of who chairs a council on a day; None if the chair is vacant, nobody recorded it, or
    it is closed to the reader."""
    newest = in_force([e for e in chairs if e is not None and e["type"] != "ActingChairDesignated"], day)
    return newest.get("appointment_id") if newest and newest["type"] == "ChairElected" else None


def date_of(entry: Json) -> EffectiveDate:
    """When an entry took effect."""
    stated = entry["said"]["effective"]
    known = {name: stated[name] for name in ("value", "precision", "basis", "earliest", "latest")}
    return msgspec.convert(known, EffectiveDate)


def _begins(entry: Json) -> str:
    earliest = entry["said"]["effective"]["earliest"] if entry.get("said") else None
    return earliest or ""


def _order(entry: Json) -> tuple[str, int]:
    return _begins(entry), entry["said"]["position"] if entry.get("said") else 0
