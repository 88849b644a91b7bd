"""What several questions do with a view's rows: read their documents, and find the events they rest on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import msgspec
import sqlalchemy as sa

from domain.kernel.events import Recorded
from domain.values.calendar import EffectiveDate, fiscal_year_label
from projections.answers.labels import as_read
from projections.engine.event_json import Json, bilingual
from projections.engine.log import events_at
from projections.engine.view import ViewTable
from projections.questions.question import Ask

AS_PROPOSED = ("原案のとおり", "as proposed")
"""What was chosen where the proposal itself was the only option."""


def rows(ask: Ask, table: ViewTable, chosen: sa.Select[Any]) -> list[Json]:
    """Rows of a view with their documents read."""
    return [as_read(table, tuple(row)) for row in ask.connection.execute(chosen)]


def cited(ask: Ask, entries: Iterable[Json]) -> list[Recorded[Any]]:
    """The events that made these entries (projections/engine/event_json.py), in the order of the log."""
    return events_at(ask.connection, sorted({entry["said"]["position"] for entry in entries}))


def year_of(entry: Json) -> int | None:
    """The fiscal year an entry belongs to: the one it names, else the one its whole date lies in."""
    if entry.get("fiscal_year") is not None:
        return int(entry["fiscal_year"])
    effective = entry["said"]["effective"]
    bounds = {name: effective[name] for name in ("value", "precision", "basis", "earliest", "latest")}
    return msgspec.convert(bounds, EffectiveDate).fiscal_year


def year_json(year: int) -> Json:
    """A fiscal year in words: 平成20年度(2008年度) / FY2008."""
    return bilingual(fiscal_year_label(year, "ja"), fiscal_year_label(year, "en"))


def day_json(day: dt.date) -> Json:
    """A day in words: 令和8年(2026年)3月20日 / 20 March 2026."""
    date = EffectiveDate.on(day)
    return bilingual(date.label("ja"), date.label("en"))
