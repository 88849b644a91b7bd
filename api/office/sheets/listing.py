"""評価シートの一覧 /desk/sheets: year by year the actions under way, their sheets, and what is missing."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from flask import Blueprint
from werkzeug.wrappers import Response

from api.http.language import href, tr
from api.office.desk.frame import Screen, office_page, typed
from api.office.sheets.steps import missing
from api.pages.parts.names import Names
from api.pages.parts.serving import rows
from api.reads.reading import reading
from api.words import wording
from domain.values.calendar import fiscal_year_label
from projections.answers.labels import document
from projections.engine.event_json import Json
from projections.views.plan import action_ledger, evaluation_board

MOST, ON_THE_DESK = 500, 8
NEWEST = 3
"""Fiscal years that are shown at once."""
OVER = ("published", "cancelled")
DONE = ("ImplementationCompleted", "CycleEvaluated", "CycleClosed")
WITHOUT_SHEET = "CycleEvaluated"


def show() -> Response:
    every = bool(typed().get("all"))
    with reading() as connection:
        years, earlier = _years(connection, every=every)
    return office_page(
        "office/sheets/list.html",
        "sheets",
        title=tr("評価シート", "Evaluation sheets"),
        years=years,
        earlier=href("/desk/sheets", all="1") if earlier else None,
        new_url=href("/desk/sheets/-/open"),
        budgets_url=href("/desk/budgets"),
    )


def waiting(connection: sa.Connection) -> list[Json]:
    """The sheets that are not over, each with what it waits for; the newest year first."""
    board = evaluation_board.sheet.table.c
    chosen = evaluation_board.sheets().where(board.state.not_in(OVER)).limit(ON_THE_DESK)
    known = [evaluation_board.compared(s) for s in rows(connection, "sheets", connection.execute(chosen))]
    names = Names(connection, known)
    return [
        {
            "title": names.label(sheet["action_id"]),
            "year": tr(
                fiscal_year_label(sheet["fiscal_year"], "ja"), fiscal_year_label(sheet["fiscal_year"], "en")
            ),
            **_sheet(sheet),
        }
        for sheet in known
    ]


def sheets_by_year(connection: sa.Connection, action_id: str) -> dict[int, list[Json]]:
    """The sheets of an action by fiscal year, each with how far it is."""
    chosen = connection.execute(evaluation_board.sheets(action_id=action_id).limit(MOST))
    listed: dict[int, list[Json]] = {}
    for sheet in map(evaluation_board.compared, rows(connection, "sheets", chosen)):
        listed.setdefault(sheet["fiscal_year"], []).append(_sheet(sheet))
    return listed


def _years(connection: sa.Connection, *, every: bool) -> tuple[list[Json], bool]:
    """The newest fiscal years, or every one, of which an action is on record as begun or a sheet as opened;
    and whether there are earlier ones."""
    board = evaluation_board.sheet.table.c.fiscal_year
    under_way = _under_way(connection)
    of_sheets = connection.scalars(sa.select(board).distinct())
    on_record = sorted({*of_sheets, *(year for year, _ in under_way)}, reverse=True)
    first = min(on_record if every else on_record[:NEWEST], default=0)
    under_way = {place: types for place, types in under_way.items() if place[0] >= first}
    chosen = connection.execute(evaluation_board.sheets().where(board >= first).limit(MOST))
    known = [evaluation_board.compared(sheet) for sheet in rows(connection, "sheets", chosen)]
    by_year: dict[tuple[int, str], list[Json]] = {place: [] for place in under_way}
    for sheet in known:
        by_year.setdefault((sheet["fiscal_year"], sheet["action_id"]), []).append(sheet)
    names = Names(connection, [[action for _, action in by_year], known])
    years: dict[int, list[Json]] = {}
    for (year, action), listed in sorted(
        by_year.items(), key=lambda one: (-one[0][0], names.label(one[0][1]))
    ):
        phases = under_way.get((year, action), frozenset())
        years.setdefault(year, []).append(_line(year, action, listed, phases, names))
    return [
        {"year": tr(fiscal_year_label(year, "ja"), fiscal_year_label(year, "en")), "actions": lines}
        for year, lines in years.items()
    ], any(year < first for year in on_record)


def _under_way(connection: sa.Connection) -> dict[tuple[int, str], frozenset[str]]:
    """Of each year of an action the events of its cycle that are on record."""
    seen: dict[tuple[int, str], set[str]] = {}
    for row in connection.execute(action_ledger.actions()):
        for e in document(row.doc)["course"]:
            year = e.get("fiscal_year")
            if year is not None and e["type"].startswith(("Cycle", "Implementation")):
                seen.setdefault((int(year), row.action_id), set()).add(e["type"])
    return {place: frozenset(types) for place, types in seen.items()}


def _line(year: int, action: str, listed: list[Json], phases: frozenset[str], names: Names) -> Json:
    standing = [sheet for sheet in listed if sheet["state"] != "cancelled"]
    return {
        "title": names.label(action),
        "url": href(f"/desk/actions/{quote(action)}"),
        "sheets": [_sheet(sheet) for sheet in listed],
        "none": None if standing else _none(phases),
        "open_url": None if standing or WITHOUT_SHEET in phases else _opening(year, action),
    }


def _none(phases: frozenset[str]) -> str:
    if WITHOUT_SHEET in phases:
        return tr("シートによらずに評価しました。", "Evaluated without a sheet.")
    if not phases.isdisjoint(DONE):
        return tr("実施は終わっていますが、シートがありません。", "The work is done, and there is no sheet.")
    return tr("シートはまだありません。", "No sheet yet.")


def _opening(year: int, action: str) -> str:
    begun: dict[str, Any] = {"/action_id": action, "/fiscal_year": year}
    return href("/desk/sheets/-/open", **begun)


def _sheet(sheet: Json) -> Json:
    label, _ = wording.state("EvaluationSheet", sheet["state"])
    return {
        "stage": wording.value("stage", sheet["stage"]),
        "url": href(f"/desk/sheets/{quote(sheet['sheet_id'])}"),
        "state_label": label,
        "state": {"published": "ok", "cancelled": "todo"}.get(sheet["state"], "now"),
        "missing": missing(sheet),
    }


def register(blueprint: Blueprint) -> None:
    Screen("/sheets", show).register(blueprint)
