"""Sums of money and phases of a year, for the list of actions and for each of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from api.http.language import tr
from api.pages.parts import marks
from api.words import wording
from projections.engine.event_json import Json

PHASES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "planning": (("CyclePlanned",), ()),
    "implementation": (
        ("ImplementationCompleted", "ActivityHeld", "MaterialProduced", "MaterialDistributed"),
        ("ImplementationStarted",),
    ),
    "evaluation": (("CycleEvaluated",), ()),
}
"""Which events show that a phase was gone through, and which that it was begun."""


def course_of(action: Json, year: int | None) -> list[Json]:
    """What is on record of an action in one fiscal year."""
    return [e for e in action["course"] if year is not None and year_of(e) == year]


def year_of(e: Json) -> int | None:
    """The fiscal year an entry belongs to: as it says, else the one its date lies in."""
    if e.get("fiscal_year") is not None:
        return int(e["fiscal_year"])
    effective = e["said"]["effective"]
    if effective["precision"] == "fiscal_year":
        return int(effective["value"][2:])
    day = effective["earliest"]
    exact = effective["precision"] in ("day", "instant", "month") and day is not None
    return int(day[:4]) - (int(day[5:7]) < 4) if exact else None


def phases(course: list[Json]) -> list[Json]:
    """企画立案・実施・評価, each with what is on record of it."""
    return [_phase(name, course, *events) for name, events in PHASES.items()]


def _phase(name: str, course: list[Json], done: tuple[str, ...], begun: tuple[str, ...]) -> Json:
    shown = [e for e in course if e["type"] in done]
    state = "done" if shown else "current" if any(e["type"] in begun for e in course) else "none"
    label, _ = wording.state("phase", state)
    if shown and all(_guessed(e) for e in shown):
        label = tr("推定", "inferred")
    return {"label": wording.value("phases", name), "state": state, "state_label": label}


def _guessed(e: Json) -> bool:
    envelope = e["said"]
    return bool(envelope["certainty"] == "inferred" or envelope["effective"]["basis"] == "inferred")


def sums(lines: list[Json]) -> Json:
    """Initial, current and spent money of some years of actions. A sum with an unknown part is unknown."""
    budget = [entry for line in lines for entry in line["lines"] if entry["kind"] != "spent"]
    initial = [entry for entry in budget if entry["kind"] == "initial"]
    spent = [line["spent_yen"] for line in lines]
    return {
        "initial": total(initial),
        "current": total(budget),
        "spent": marks.money(sum(spent)) if spent and None not in spent else None,
    }


def total(entries: Iterable[Json]) -> Json | None:
    """The sum of ledger entries, in 千円 too if every one of them is so stated; None of nothing."""
    listed: list[Any] = list(entries)
    if not listed:
        return None
    if any(entry["yen"] is None for entry in listed):
        return None  # one of the amounts is closed to the reader
    yen = sum(entry["yen"] for entry in listed)
    if all(entry["stated_unit"] == "千円" for entry in listed):
        return marks.money(yen, sum(entry["stated_amount"] for entry in listed), "千円")
    return marks.money(yen)
