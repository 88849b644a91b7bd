"""The metrics of the work, computed by hand from rows as the views keep them."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from projections import metrics_people, metrics_work
from projections.measuring import Figure
from projections.metric_formulas import shown


def scope(**rows: Any) -> Any:
    """A scope of FY2026 that holds these rows."""
    counted = {
        "actions": [],
        "groups": [],
        "within": lambda first, last: True,
        "party_of": lambda group, appointment: appointment,
        "last_day": dt.date(2027, 3, 31),
        **rows,
    }
    first, last = dt.date(2026, 4, 1), dt.date(2027, 3, 31)
    return SimpleNamespace(
        counted=SimpleNamespace(**counted),
        years=[2026],
        first=first,
        last=last,
        viewer=SimpleNamespace(staff=False),
    )


def action(**doc: Any) -> dict[str, Any]:
    return {"action_id": "a", "measure_id": "m-1", "doc": doc}


def said(figure: Figure) -> tuple[Any, Any, Any]:
    return shown(figure.value), figure.numerator, figure.denominator


def test_sealed_scores_are_counted_for_nobody() -> None:
    scores = {"c": {"i1": 4, "i2": 2, "i3": 3}, "g": {"i1": 3, "i2": 5}}
    sheet = {"fiscal_year": 2026, "state": "published", "doc": scores}
    figure = metrics_work.side_gap(scope(sheets=[sheet]))
    assert said(figure) == ("2.0", 4, 2)
    assert said(figure.parts[0][2]) == ("-1.0", -2, 2)
    assert (figure.known, figure.of) == (2, 3)
    for state in ("sealed", "unsealed"):
        hidden = metrics_work.side_gap(scope(sheets=[{**sheet, "state": state}]))
        assert said(hidden) == (None, None, None)


def test_involvement_needs_evidence() -> None:
    shown_by = {"fiscal_year": 2026, "phases": ["planning"], "evidence": True, "collectively": False}
    involved = [shown_by, {**shown_by, "evidence": False, "phases": ["evaluation"]}]
    figure = metrics_work.involvement(scope(actions=[action(cycles=[2026], involved=involved)]))
    assert said(figure) == ("33.3", 1, 3)


def test_budget_and_what_was_not_used() -> None:
    settled = {"2026": {"spent": 700, "carried_out": 100}}
    figure = metrics_work.execution(scope(actions=[action(current={"2026": 1_000}, settled=settled)]))
    assert said(figure) == ("70.0", 700, 1_000)
    assert figure.parts[0][2].value == 200
    assert said(metrics_work.execution(scope())) == (None, None, None)


def test_an_unanswered_improvement_is_not_taken() -> None:
    doc = {"improvements": {"i": 2026, "j": 2026, "k": 2026}, "answers": {"i": True, "j": False}}
    figure = metrics_work.uptake(scope(actions=[action(**doc)]))
    assert said(figure) == ("33.3", 1, 3)
    assert figure.parts[0][2].value == 1


def test_work_and_the_hours_of_one_member() -> None:
    work = [{"by": f"p{n}", "tenths": n * 10, "earliest": "", "latest": ""} for n in range(1, 6)]
    group = {"doc": {"members": [], "duties": {}, "work": work}}
    figure = metrics_people.workload(scope(groups=[group]))
    assert said(figure) == ("3.0", 15, 5)
    longest, top = figure.parts[0][2], figure.parts[1][2]
    assert (longest.value, longest.people) == (5, 1)
    assert said(top) == ("33.3", 5, 15)


def test_who_holds_a_duty() -> None:
    held = [{"by": "p1", "from": "2026-05-01", "to": None}]
    group = {"doc": {"duties": {"r": {"held": held}}}}
    members = frozenset({"p1", "p2", "p3", "p4", "p5", "p6"})
    serving = scope(groups=[group], serving=lambda day: members)
    assert said(metrics_people.duty_coverage(serving)) == ("16.7", 1, 6)
