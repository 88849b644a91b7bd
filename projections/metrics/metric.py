"""Measuring: the metrics of domain.md 6, each declared once with its words and its figure.

A metric is a function of what may be counted (:class:`Scope`) that gives a :class:`Figure`::

    @metric("M1", ja="出席率", en="Attendance", says=("…", "…"))
    def attendance(scope: Scope) -> Figure:
        ...

Its endpoint, its line in ``kyodo metrics`` and its place on the page derive from that. A figure never names
anybody, and one about fewer than five people is not shown to the public at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import ModuleType
from typing import Any, Literal

import sqlalchemy as sa

from domain.kernel.viewer import Viewer
from domain.values.calendar import fiscal_year_bounds, fiscal_year_label
from projections.engine.counted_rows import tables_noted
from projections.engine.event_json import Json, bilingual
from projections.engine.log import head
from projections.metrics.formulas import SMALLEST_GROUP, Known, percent, shown
from projections.metrics.inputs import Counted

Unit = Literal["percent", "points", "index", "people", "hours", "days", "score", "yen", "count", "times"]
UNITS: dict[Unit, tuple[str, str, int]] = {
    "percent": ("％", "%", 1),
    "points": ("ポイント", "points", 1),
    "index": ("（0〜1）", "(0 to 1)", 3),
    "people": ("人", "people", 1),
    "hours": ("時間", "hours", 1),
    "days": ("日", "days", 1),
    "score": ("点", "points of 5", 2),
    "yen": ("円", "yen", 0),
    "count": ("件", "", 0),
    "times": ("回", "times", 1),
}
"""How a unit is written, and with how many decimals."""

Words = tuple[str, str]
NOTHING: Words = (
    "分母が0か、記録がないため、計算していません。",
    "Not computed: the denominator is 0, or nothing is on record.",
)
NOT_WHOLE_YEARS: Words = (
    "年度単位の記録のため、年度を指定したときに計算します。",
    "It is recorded by fiscal year: ask for whole fiscal years.",
)
SUPPRESSED: Words = (
    f"対象が{SMALLEST_GROUP}人未満のため、表示していません。",
    f"Not shown: it is about fewer than {SMALLEST_GROUP} people.",
)


@dataclass(frozen=True)
class Figure:
    """A value with what it was computed from. ``known`` of ``of`` things had the data (coverage); ``people``
    is the size of the group it is about, None if it is not about people. ``parts`` are further figures."""

    value: Known
    unit: Unit
    numerator: Known = None
    denominator: Known = None
    known: int = 0
    of: int = 0
    people: int | None = None
    note: Words | None = None
    why_null: Words | None = None
    parts: tuple[tuple[str, Words, Figure], ...] = ()

    @classmethod
    def share(cls, numerator: Known, denominator: Known, **more: Any) -> Figure:
        """A percentage."""
        return cls(percent(numerator, denominator), "percent", numerator, denominator, **more)


@dataclass(frozen=True)
class Scope:
    """What is counted: one council or all, the days of the period, and the day it is computed on."""

    connection: sa.Connection
    council_id: str | None
    first: dt.date
    last: dt.date
    viewer: Viewer
    today: dt.date

    @cached_property
    def counted(self) -> Counted:
        return Counted(self.connection, self.council_id, self.first, self.last, self.today)

    @cached_property
    def before(self) -> Scope:
        """The period before this one: the fiscal years before, or as many days."""
        if self.years:
            first = fiscal_year_bounds(self.years[0] - len(self.years))[0]
        else:
            first = self.first - (self.last - self.first) - dt.timedelta(days=1)
        last = self.first - dt.timedelta(days=1)
        return Scope(self.connection, self.council_id, first, last, self.viewer, self.today)

    @cached_property
    def years(self) -> list[int]:
        """The fiscal years that the period is made up of; none if it is not made up of whole ones."""
        years = range(self.first.year, self.last.year + 1)
        inside = [
            y
            for y in years
            if self.first <= fiscal_year_bounds(y)[0] <= fiscal_year_bounds(y)[1] <= self.last
        ]
        whole = inside and (self.first, self.last) == (
            fiscal_year_bounds(inside[0])[0],
            fiscal_year_bounds(inside[-1])[1],
        )
        return inside if whole else []


def whole_years_needed(scope: Scope) -> Words | None:
    """Why a figure that is recorded by fiscal year is null: the period is not made up of whole ones."""
    return None if scope.years else NOT_WHOLE_YEARS


@dataclass(frozen=True)
class Metric:
    """A declared metric. ``says`` is what it tells, in a sentence."""

    code: str
    ja: str
    en: str
    says: Words
    function: Callable[[Scope], Figure] = field(repr=False)


METRICS: dict[str, Metric] = {}
"""Every metric by its code (filled by projections/registry.py)."""

Measure = Callable[[Scope], Figure]
Withheld = Callable[[Scope, set[str]], bool]
"""Whether what is counted from these tables in a scope has a term that is closed to its reader."""
CLOSED_TERM: Words = (
    "非公開の記録が含まれるため示しません。",
    "Not told: it would give away what is closed.",
)


def metric(code: str, *, ja: str, en: str, says: Words) -> Callable[[Measure], Measure]:
    """Declare a function as a metric; it stays a function that others may call."""

    def declare(function: Measure) -> Measure:
        function.__metric__ = Metric(code, ja, en, says, function)  # type: ignore[attr-defined]
        return function

    return declare


def metrics_in(module: ModuleType) -> Iterator[Metric]:
    """The metrics that a module declares, in their order."""
    for member in vars(module).values():
        metric = getattr(member, "__metric__", None)
        if metric is not None and member.__module__ == module.__name__:
            yield metric


def _counted_alone(declared: Metric, scope: Scope) -> tuple[Figure, set[str]]:
    """A figure, and the tables from which it alone is counted: so nothing of another one is taken over."""
    with tables_noted() as read:
        return declared.function(replace(scope)), read


def measured(declared: Metric, scope: Scope, withheld: Withheld) -> Json:
    """A metric of a period, as JSON: exact decimals as text, null where it cannot be computed, and where what
    is counted is closed to the reader (``withheld``)."""
    figure, read = _counted_alone(declared, scope)
    if withheld(scope, read):
        figure = Figure(None, figure.unit, why_null=CLOSED_TERM)
    return {
        "code": declared.code,
        "title": bilingual(declared.ja, declared.en),
        "says": bilingual(*declared.says),
        **_figure(figure, scope.viewer),
        "as_of": {"on": scope.today.isoformat(), "position": head(scope.connection)},
        "period": _period(scope),
        "council_id": scope.council_id,
        "parts": [
            {"name": name, "title": bilingual(*words), **_figure(part, scope.viewer)}
            for name, words, part in figure.parts
        ],
    }


def _figure(figure: Figure, viewer: Viewer) -> Json:
    ja, en, places = UNITS[figure.unit]
    small = figure.people is not None and 0 < figure.people < SMALLEST_GROUP and not viewer.staff
    value = None if small else shown(figure.value, places)
    why = SUPPRESSED if small else (figure.why_null or NOTHING) if value is None else None
    return {
        "value": value,
        "unit": figure.unit,
        "unit_label": bilingual(ja, en),
        "numerator": None if small else _number(figure.numerator),
        "denominator": None if small else _number(figure.denominator),
        "coverage": _coverage(0, 0) if small else _coverage(figure.known, figure.of),
        "suppressed": small,
        "reason_null": bilingual(*why) if why else None,
        "note": bilingual(*figure.note) if figure.note else None,
    }


def _coverage(known: int, of: int) -> Json:
    """Of how many things the data was known. A suppressed figure tells nothing of its group's size."""
    return {"known": known, "of": of, "percent": shown(percent(known, of))}


def _number(value: Known) -> int | str | None:
    """A whole number as it is; another as text with so many decimals that nobody computes with it again."""
    if value is None or isinstance(value, int):
        return value
    return value.numerator if value.denominator == 1 else shown(value, 3)


def _period(scope: Scope) -> Json:
    year = scope.years[0] if len(scope.years) == 1 else None
    days = f"{scope.first} – {scope.last}"
    label = (
        bilingual(fiscal_year_label(year, "ja"), fiscal_year_label(year, "en"))
        if year
        else bilingual(days, days)
    )
    return {
        "from": scope.first.isoformat(),
        "to": scope.last.isoformat(),
        "fiscal_year": year,
        "label": label,
    }
