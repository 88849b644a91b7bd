"""The page of participation health: figures of the fiscal years, each with what it was computed from."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, request

from api.http.clock import today
from api.http.language import href, in_words, lang, plain_path, tr
from api.pages.parts.names import Names
from api.pages.parts.serving import Page
from api.reads.metric_period import period_of
from api.reads.reading import viewer
from domain.values.calendar import fiscal_year_label, fiscal_year_of
from projections.engine.event_json import Json
from projections.metrics.ask import measure_all, recorded_years

MOST_YEARS = 5
"""So many fiscal years stand beside each other in the table."""
PARAMETERS = ("council_id", "fiscal_year")


def read(connection: sa.Connection) -> Json:
    query_args = {name: request.args[name] for name in PARAMETERS if request.args.get(name)}
    council, on = query_args.get("council_id"), today()
    chosen = _year(connection, query_args)
    recorded = [year for year in recorded_years(connection, council) if year <= chosen]
    years = [chosen, *(year for year in recorded if year != chosen)][:MOST_YEARS]
    measured = {
        str(year): measure_all(connection, council_id=council, period=year, viewer=viewer(), today=on)
        for year in years
    }
    return {
        "council_id": council,
        "fiscal_year": chosen,
        "years": years,
        "recorded_years": recorded_years(connection, council),
        "metrics": measured,
    }


def _year(connection: sa.Connection, query_args: dict[str, str]) -> int:
    """The fiscal year asked for (the page knows no other period)."""
    period = period_of(connection, query_args)
    return period if isinstance(period, int) else fiscal_year_of(period[1])


def show(data: Json, names: Names) -> Json:
    tables = [data["metrics"][str(year)] for year in data["years"]]
    return {
        "year": fiscal_year_label(data["fiscal_year"], lang()),
        "council": names.link(data["council_id"]) if data["council_id"] else None,
        "years": [fiscal_year_label(year, lang()) for year in data["years"]],
        "metrics": [_metric(list(columns)) for columns in zip(*tables, strict=True)],
        "other_years": [
            {"label": fiscal_year_label(year, lang()), "url": href(plain_path(), fiscal_year=year)}
            for year in data["recorded_years"]
        ],
    }


def _metric(columns: list[Json]) -> Json:
    """One metric: the figure of the chosen year in words, and its value in each year."""
    now = columns[0]
    return {
        "code": now["code"],
        "title": in_words(now["title"]),
        "says": in_words(now["says"]),
        "figure": figure_of(now),
        "parts": [{"title": in_words(part["title"]), "figure": figure_of(part)} for part in now["parts"]],
        "values": [figure_of(column) for column in columns],
    }


def figure_of(figure: Json) -> Json:
    unit = in_words(figure["unit_label"])
    spaced = "" if lang() == "ja" or unit == "%" else " "
    covered = figure["coverage"]
    return {
        "value": None if figure["value"] is None else f"{figure['value']}{spaced}{unit}".strip(),
        "suppressed": figure["suppressed"],
        "why": in_words(figure["reason_null"]) if figure["reason_null"] else None,
        "note": in_words(figure["note"]) if figure["note"] else None,
        "fraction": _fraction(figure["numerator"], figure["denominator"]),
        "coverage": tr(
            f"{covered['of']}件中{covered['known']}件を把握",
            f"known for {covered['known']} of {covered['of']}",
        )
        if covered["of"]
        else None,
    }


def _fraction(numerator: int | str | None, denominator: int | str | None) -> str | None:
    if numerator is None and denominator is None:
        return None
    unknown = tr("不明", "unknown")
    figures = [f"{n:,}" if isinstance(n, int) else n or unknown for n in (numerator, denominator)]
    return " / ".join(figures)


def register(blueprint: Blueprint) -> None:
    Page("/participation", "council/participation.html", "participation", read, show).register(blueprint)
