"""Budgets and settlements as a reader may see them: an amount that is closed says why, and is in no sum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from domain.plan_action.aggregate import PlanAction
from domain.values.disclosure import Disclosure
from projections.engine.event_json import bilingual
from projections.engine.one_moment import once
from projections.views.plan import action_ledger
from projections.views.record.closed_parts import closed_in

MONEY_FIELDS = frozenset({"amount_yen", "stated_amount", "spent_yen", "carried_out_yen", "settled_yen"})


def lines_of(
    connection: sa.Connection, action_id: str | None = None, fiscal_year: int | None = None
) -> Sequence[Any]:
    """Budget and settlement lines, of an action or a year if given; in a reading they are read once."""
    chosen = action_ledger.lines(action_id=action_id, fiscal_year=fiscal_year)
    key = (action_ledger.line.name, action_id, fiscal_year)
    return once(connection, key, lambda: connection.execute(chosen).all())


def open_lines(
    connection: sa.Connection,
    *,
    action_id: str | None = None,
    fiscal_year: int | None = None,
    staff: bool,
) -> Iterator[tuple[Any, Disclosure | None]]:
    """Budget and settlement lines, each with why its amount is closed to this reader; None if it is open."""
    lines = lines_of(connection, action_id, fiscal_year)
    streams = [] if staff else {PlanAction.stream_for(row.action_id) for row in lines}
    closed = closed_in(connection, streams)
    for row in lines:
        stream = PlanAction.stream_for(row.action_id)
        event = msgspec.json.decode(row.said)["said"]["event_id"]
        fields = closed.fields_of(stream, event)
        why = closed.parts.get(stream) or closed.of_event(stream, event)
        yield row, why or next((fields[name] for name in fields if name in MONEY_FIELDS), None)


def ledger_of(
    connection: sa.Connection,
    *,
    action_id: str | None = None,
    fiscal_year: int | None = None,
    staff: bool = False,
) -> list[dict[str, Any]]:
    """For each action and fiscal year, or those given: initial, current, spent and unused yen; null where not
    recorded, or where an amount that belongs to it is closed to the reader.

    The last settlement counts (a final one replaces the provisional one).
    """
    years: dict[tuple[str, int], dict[str, Any]] = {}
    for row, why in open_lines(connection, action_id=action_id, fiscal_year=fiscal_year, staff=staff):
        year = years.setdefault(
            (row.action_id, row.fiscal_year),
            {
                "action_id": row.action_id,
                "fiscal_year": row.fiscal_year,
                "initial_yen": None,
                "current_yen": None,
                "spent_yen": None,
                "lines": [],
            },
        )
        if row.kind == "spent":
            year["spent_yen"] = None if why else row.yen
        else:
            year["current_yen"] = (year["current_yen"] or 0) + row.yen
            if row.kind == "initial":
                year["initial_yen"] = None if why else row.yen
        year["lines"].append(
            {
                "kind": row.kind,
                "yen": None if why else row.yen,
                "stated_amount": None if why else row.stated_amount,
                "stated_unit": row.stated_unit,
                "position": row.position,
                "closed": bilingual(why.stub("ja"), why.stub("en")) if why else None,
            }
        )
    for year in years.values():
        if any(line["closed"] and line["kind"] != "spent" for line in year["lines"]):
            year["current_yen"] = None
    return list(years.values())
