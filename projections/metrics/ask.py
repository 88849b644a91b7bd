"""The metrics of participation health (domain.md 6), and how one is measured.

The figures are declared in the other files of this folder, by topic.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa

from domain.kernel.refusals import UNKNOWN_ID
from domain.kernel.viewer import Viewer
from domain.values.calendar import fiscal_year_bounds, fiscal_year_of
from domain.values.refusal import refusal
from projections.engine import rules
from projections.engine.counted_rows import rows_of
from projections.engine.event_json import Json
from projections.metrics.closed_inputs import has_a_closed_term
from projections.metrics.metric import METRICS, Metric, Scope, measured
from projections.views.council import council_roster, participation

__all__ = ["METRICS", "PERIOD_WRONG", "catalogue", "described", "measure", "measure_all", "recorded_years"]

Period = int | tuple[dt.date, dt.date]
"""A fiscal year, or the first and last day."""

PERIOD_WRONG = refusal(
    "PERIOD_WRONG",
    ja="期間（{first}〜{last}）が正しくありません。",
    en="There is no such period ({first} to {last}).",
    rule=rules.FIGURE_PERIOD,
    next_ja="年度（1900〜2200）か、開始日とそれ以後の終了日を指定してください。",
    next_en="Give a fiscal year (1900 to 2200), or a first day and a last day that is not before it.",
    kind="invalid",
)
FIRST_YEAR, LAST_YEAR = 1900, 2200


def _days(period: Period) -> tuple[dt.date, dt.date]:
    if isinstance(period, int):
        if not FIRST_YEAR <= period <= LAST_YEAR:
            raise PERIOD_WRONG(first=period, last=period)
        return fiscal_year_bounds(period)
    first, last = period
    if last < first or first.year < FIRST_YEAR or last.year > LAST_YEAR:
        raise PERIOD_WRONG(first=first, last=last)
    return first, last


def measure(
    connection: sa.Connection,
    code: str,
    *,
    council_id: str | None = None,
    period: Period,
    viewer: Viewer,
    today: dt.date,
) -> Json:
    """One metric. Refuses ``UNKNOWN_ID`` (no such metric or council) and ``PERIOD_WRONG``."""
    if code not in METRICS:
        raise UNKNOWN_ID(kind="指標", kind_en="metric", id=code[:40])
    return measured(METRICS[code], _scope(connection, council_id, period, viewer, today), has_a_closed_term)


def measure_all(
    connection: sa.Connection,
    *,
    council_id: str | None = None,
    period: Period,
    viewer: Viewer,
    today: dt.date,
    only: Collection[str] | None = None,
) -> list[Json]:
    """Every metric of one period, or those with the codes ``only``; the rows are read once."""
    scope = _scope(connection, council_id, period, viewer, today)
    return [
        measured(declared, scope, has_a_closed_term)
        for declared in catalogue()
        if only is None or declared.code in only
    ]


def catalogue() -> list[Metric]:
    """Every metric, in the order of domain.md 6."""
    return sorted(METRICS.values(), key=lambda m: (int("".join(filter(str.isdigit, m.code))), m.code))


def described(declared: Metric) -> Json:
    """A metric as a reader of the catalogue sees it."""
    return {
        "code": declared.code,
        "title": {"ja": declared.ja, "en": declared.en},
        "says": {"ja": declared.says[0], "en": declared.says[1]},
    }


def _scope(
    connection: sa.Connection, council_id: str | None, period: Period, viewer: Viewer, today: dt.date
) -> Scope:
    if council_id is not None and council_id not in councils(connection):
        raise UNKNOWN_ID(kind="市民会議", kind_en="council", id=council_id[:40])
    first, last = _days(period)
    return Scope(connection, council_id, first, last, viewer, today)


def councils(connection: sa.Connection) -> list[str]:
    """The ids of the councils on record."""
    return [row.council_id for row in connection.execute(council_roster.councils())]


def recorded_years(connection: sa.Connection, council_id: str | None = None) -> list[int]:
    """The fiscal years in which a meeting is on record, newest first."""
    rows = rows_of(connection, participation.meeting, council_id)
    days = [dt.date.fromisoformat(row["latest"]) for row in rows if row["earliest"] and row["latest"]]
    return sorted({fiscal_year_of(day) for day in days}, reverse=True)
