"""Participation health over HTTP: ``/api/v1/metrics?council_id=…&fiscal_year=2026`` (or ``from``, ``to``).

Figures only: of a group of fewer than five people the public is told nothing but that.
"""

from __future__ import annotations

from flask import Blueprint, Response

from api.http.clock import today
from api.http.query import asks
from api.reads.metric_period import FILTERS, period_of
from api.reads.reading import answer, reading, viewer
from projections.metrics.ask import catalogue, described, measure, measure_all


@asks(*FILTERS)
def list_metrics(query_args: dict[str, str]) -> Response:
    """Every metric with its figure for a period, and what it tells."""
    with reading() as connection:
        items = measure_all(
            connection,
            council_id=query_args.get("council_id"),
            period=period_of(connection, query_args),
            viewer=viewer(),
            today=today(),
        )
    shown = {"items": items, "catalogue": [described(metric) for metric in catalogue()], "next": None}
    return answer(shown, tagged=True)


@asks(*FILTERS)
def one_metric(query_args: dict[str, str], code: str) -> Response:
    """One metric for a period."""
    with reading() as connection:
        measured = measure(
            connection,
            code,
            council_id=query_args.get("council_id"),
            period=period_of(connection, query_args),
            viewer=viewer(),
            today=today(),
        )
    return answer(measured, tagged=True)


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/metrics", view_func=list_metrics)
    blueprint.add_url_rule("/metrics/<code>", view_func=one_metric)
