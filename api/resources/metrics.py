"""Participation health over HTTP: ``/api/v1/metrics?council_id=…&fiscal_year=2026`` (or ``from``, ``to``).

Figures only: of a group of fewer than five people the public is told nothing but that.
"""

from __future__ import annotations

from flask import Blueprint, Response

from api.measured import FILTERS, period_of, today
from api.reading import answer, filters, reading, viewer
from projections.metrics import catalogue, described, measure, measure_all


def list_metrics() -> Response:
    """Every metric with its figure for a period, and what it tells."""
    asked = filters(*FILTERS)
    with reading() as connection:
        items = measure_all(
            connection,
            council_id=asked.get("council_id"),
            period=period_of(connection, asked),
            viewer=viewer(),
            today=today(),
        )
    shown = {"items": items, "catalogue": [described(metric) for metric in catalogue()], "next": None}
    return answer(shown, tagged=True)


def one_metric(code: str) -> Response:
    """One metric for a period."""
    asked = filters(*FILTERS)
    with reading() as connection:
        found = measure(
            connection,
            code,
            council_id=asked.get("council_id"),
            period=period_of(connection, asked),
            viewer=viewer(),
            today=today(),
        )
    return answer(found, tagged=True)


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/metrics", view_func=list_metrics)
    blueprint.add_url_rule("/metrics/<code>", view_func=one_metric)
