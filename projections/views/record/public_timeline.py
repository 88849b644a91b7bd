"""Public timeline 年表: what has happened, by fiscal year, as precisely as it was recorded (P1).

One row for each event that matters to a reader; it is put into words when it is read
(projections/answers/timeline.py). What has no date at all stands
in a group of its own; a calendar year is never turned into a fiscal year.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import sqlalchemy as sa

from domain.kernel.closing import part_of
from domain.kernel.events import Recorded
from domain.kernel.record import kind_of
from domain.values.money import Money
from projections.engine.event_json import date_fields, main_text, moved_json, written_json
from projections.engine.view import Key, Row, View, column, json_column, number_key

VIEW = View("public_timeline", 3, ja="年表", en="Public timeline", source=__name__)

entry = VIEW.table(
    "timeline_entry",
    number_key("position"),
    column("period"),
    column("sort", index=True, required=True),
    column("kind", index=True),
    column("entity", index=True),
    column("stream"),
    column("part"),
    json_column("doc"),
    append_only=True,
)
sa.Index("ix_timeline_entry_period_sort", entry.table.c.period, entry.table.c.sort)
"""Periods are counted, and put in the order of their first entries, from the index alone."""

UNKNOWN_PERIOD = "unknown"
_REGISTERS = {"Party", "Document", "Link", "RoleGrant"}
"""Kinds that are registers: what is entered there is not an event of the city's life."""


def _worth_reading(e: Recorded[Any]) -> Iterator[int]:
    open_to_all = getattr(getattr(e.data, "disclosure", None), "visibility", "public") == "public"
    if type(e.data).KEY_STEP and open_to_all and kind_of(e.stream).__name__ not in _REGISTERS:
        yield e.position


def period_of(e: Recorded[Any]) -> str:
    """``FY2008``, ``2005`` for a calendar year, or ``unknown``."""
    if e.effective.precision == "calendar_year":
        return str(e.effective.value)
    year = e.effective.fiscal_year if e.effective.value is not None else None
    return f"FY{year}" if year is not None else UNKNOWN_PERIOD


@entry.every(keys=_worth_reading)
def _entry(row: Row | None, e: Recorded[Any], _: Key) -> Row:
    earliest, latest, instant = e.effective.sort_key
    dated = e.effective.value is not None
    return {
        "period": period_of(e),
        "sort": f"{earliest}/{latest}/{instant}" if dated else "9999",
        "kind": kind_of(e.stream).__name__,
        "entity": e.entity,
        "stream": e.stream,
        "part": part_of(e),
        "doc": {
            "type": e.type,
            "event_id": e.event_id,
            "subject": e.subject,
            "text": main_text(e.data),
            "money": _money(e.data),
            "effective": date_fields(e.effective),
            "recorded_at": e.recorded_at,
            "certainty": e.certainty,
            "asserted_by": e.asserted_by,
            "role": e.actor.role,
            **written_json(e),
            **moved_json(e),
            "source": e.source,
            "note": e.note,
        },
    }


def _money(data: Any) -> dict[str, Any] | None:
    yen = getattr(data, "amount_yen", None)
    amount, unit = getattr(data, "stated_amount", None), getattr(data, "stated_unit", None)
    if yen is None:
        return None
    return msgspec.structs.asdict(
        Money(yen, amount, unit) if amount is not None and unit else Money.of_yen(yen)
    )


def entries(*, period: str | None = None, kind: str | None = None) -> sa.Select[Any]:
    """Timeline rows in order, of one period and kind if given; what has no date comes last."""
    table = entry.table
    chosen = sa.select(table).order_by(table.c.sort, table.c.position)
    if period is not None:
        chosen = chosen.where(table.c.period == period)
    if kind is not None:
        chosen = chosen.where(table.c.kind == kind)
    return chosen


def periods(connection: sa.Connection) -> list[tuple[str, int]]:
    """The periods there are, in order, with the number of entries in each."""
    table = entry.table
    first = sa.func.min(table.c.sort)
    chosen = sa.select(table.c.period, sa.func.count()).group_by(table.c.period).order_by(first)
    return [(period, count) for period, count in connection.execute(chosen)]
