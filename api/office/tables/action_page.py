"""事業 /desk/actions/{id}: its years, each with its money and how far it came from planning to what was made
better; what is missing, and the one act that is next."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from werkzeug.wrappers import Response

from api.access.auth import required_caller
from api.http.language import href, tr
from api.office.desk.frame import Screen, office_page, typed
from api.office.forms import offered
from api.office.forms.pages import form_path
from api.office.sheets.listing import sheets_by_year
from api.office.tables.budget_page import COLUMNS, WORDS, cells_of
from api.pages.parts.names import Names
from api.pages.plan import action as action_page
from api.reads.reading import reading
from api.words import wording
from domain.values.calendar import fiscal_year_label
from projections.engine.event_json import Json

STEPS: tuple[tuple[str, tuple[str, str], tuple[str, ...], str], ...] = (
    ("plan", ("企画", "Plan"), ("CyclePlanned",), "plan-cycle"),
    ("do", ("実施", "Do"), ("ImplementationCompleted",), "complete-implementation"),
    ("evaluate", ("評価", "Evaluate"), ("CycleEvaluated",), "evaluate-cycle"),
    ("improve", ("改善", "Improve"), ("ImprovementDecided", "ImprovementAnswered"), "decide-improvement"),
)
"""The steps of a year: what each is called, which events show that it was gone through, its command."""
BEGUN = "ImplementationStarted"


def show(id: str) -> Response:
    caller, in_yen = required_caller(), typed().get("unit") == "yen"
    with reading() as connection:
        data = action_page.read_action(connection, id)
        names = Names(connection, data)
        shown = action_page.show_action(data, names)
        offers = offered.shown("PlanAction", id, caller, lambda command: form_path(command, id))
        years = _years(connection, id, data["action"], offers, in_yen=in_yen)
    place = href(f"/desk/actions/{quote(id)}")
    return office_page(
        "office/tables/action.html",
        "budgets",
        title=shown["title"],
        state_label=shown["state_label"],
        public_url=names.url(id),
        paste=href("/desk/tables/budgets"),
        years=years,
        columns=[tr(*WORDS[name]) for name in COLUMNS],
        unit=tr("円", "yen") if in_yen else tr("千円", "thousand yen"),
        other={
            "label": tr("千円で見る", "In thousands of yen") if in_yen else tr("円で見る", "In yen"),
            "url": place if in_yen else f"{place}?unit=yen",
        },
        not_recorded=shown["not_recorded"],
        **offers,
    )


def _years(connection: sa.Connection, entity: str, action: Json, offers: Json, *, in_yen: bool) -> list[Json]:
    """Every year of which something is on record: its cycle, its money, a sheet; the newest first."""
    cells = cells_of(connection, entity, in_yen=in_yen)
    sheets = sheets_by_year(connection, entity)
    course: dict[int, dict[str, Json]] = {}
    for e in action["course"]:
        if e.get("fiscal_year") is not None:
            course.setdefault(int(e["fiscal_year"]), {})[e["type"]] = e
    years = sorted({*cells, *sheets, *course}, reverse=True)
    return [
        {
            "year": tr(fiscal_year_label(year, "ja"), fiscal_year_label(year, "en")),
            "cells": cells.get(year),
            "sheets": sheets.get(year, []),
            "steps": _steps(entity, year, course.get(year, {}), sheets.get(year, []), offers),
        }
        for year in years
    ]


def _steps(entity: str, year: int, course: dict[str, Json], sheets: list[Json], offers: Json) -> list[Json]:
    """The four steps of a year; the first that is not done is next, with what is missing."""
    steps: list[Json] = []
    over, has_next = "CycleClosed" in course, False
    for key, words, events, command in STEPS:
        done = any(event in course for event in events)
        is_next = not done and not over and not has_next and bool(course)
        has_next = has_next or is_next
        place = href(f"/desk/actions/{quote(entity)}/{command}")
        possible = is_next and any(one["url"] == place for one in offers["now"])
        begun: dict[str, Any] = {"/fiscal_year": year}
        state = "todo"
        if done:
            state = "ok"
        elif is_next:
            state = "part" if key == "do" and BEGUN in course else "need"
        steps.append(
            {
                "label": tr(*words),
                "state": state,
                "say": _done(key, course, events) if done else _missing(key, course, sheets),
                "url": href(f"/desk/actions/{quote(entity)}/{command}", **begun) if possible else None,
                "act_label": tr("記録する", "Record"),
            }
        )
    return steps


def _done(key: str, course: dict[str, Json], events: tuple[str, ...]) -> str:
    e = next(course[event] for event in events if event in course)
    if key == "evaluate":
        return e.get("reason_without_sheet") or tr("評価シートによる。", "On an evaluation sheet.")
    if key == "improve" and isinstance(e.get("text"), str):
        return str(e["text"])
    return wording.state("phase", "done")[0]


def _missing(key: str, course: dict[str, Json], sheets: list[Json]) -> str:
    """What of a step is not on record."""
    if not course:
        return tr("この年度は開かれていません。", "This year was not opened.")
    if key == "plan":
        return tr("企画立案の記録がありません。", "No plan of the year is on record.")
    if key == "do":
        begun = BEGUN in course
        return (
            tr("始まっていますが、終わった記録がありません。", "Begun; not on record as completed.")
            if begun
            else tr("実施の記録がありません。", "Not on record as carried out.")
        )
    if key == "evaluate":
        waits = next((sheet["missing"] for sheet in sheets if sheet["missing"]), None)
        return waits or tr("評価の記録がありません。", "No evaluation is on record.")
    return tr("改善の記録がありません。", "No improvement is on record.")


SCREENS = (Screen("/actions/<id>", show),)
