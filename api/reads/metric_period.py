"""The period a metric is asked for, as text from a query string or a command line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa

from api.http.clock import today
from domain.values.calendar import fiscal_year_of, parse_fiscal_year
from domain.values.refusal import Refusal
from projections.metrics.ask import PERIOD_WRONG, Period, recorded_years

FILTERS = ("council_id", "fiscal_year", "from", "to")


def period_of(connection: sa.Connection, raw: Mapping[str, str]) -> Period:
    """``fiscal_year``, or ``from`` and ``to``; without any, the last fiscal year with a meeting that is not
    in the future, else the current one. Refuses ``PERIOD_WRONG`` at the parameter."""
    year, first, last = (raw.get(name) for name in FILTERS[1:])
    if year is not None and (first or last):
        raise PERIOD_WRONG(first=first, last=last).at("/fiscal_year")
    if year is not None:
        try:
            return parse_fiscal_year(year)
        except Refusal:
            raise PERIOD_WRONG(first=year[:20], last=year[:20]).at("/fiscal_year") from None
    if first is None and last is None:
        now = fiscal_year_of(today())
        return next((y for y in recorded_years(connection, raw.get("council_id")) if y <= now), now)
    try:
        return dt.date.fromisoformat(first or ""), dt.date.fromisoformat(last or "")
    except ValueError:
        wrong = {"first": (first or "")[:20], "last": (last or "")[:20]}
        raise PERIOD_WRONG(**wrong).at("/from" if not first else "/to") from None
