"""事業と予算 /desk/budgets: actions by year, what was granted, spent and left, in thousands or in yen."""

from __future__ import annotations

import sqlalchemy as sa
from werkzeug.wrappers import Response

from api.http.language import href, tr
from api.office.desk.frame import Screen, office_page, typed
from api.reads.reading import reading
from domain.values.calendar import fiscal_year_label
from projections.answers.labels import document
from projections.answers.ledger import ledger_of, lines_of
from projections.engine.event_json import Json
from projections.views.plan import action_ledger

COLUMNS = ("initial", "supplementary", "transfer", "carry_in", "current", "spent", "carried_out", "unused")
NEWEST = 3
"""Fiscal years that are shown at once."""
WORDS = {
    "initial": ("当初", "Initial"),
    "supplementary": ("補正", "Suppl."),
    "transfer": ("流用", "Transfer"),
    "carry_in": ("前年度繰越", "Carried in"),
    "current": ("現額", "Current"),
    "spent": ("決算", "Settled"),
    "carried_out": ("翌年度繰越", "Carried out"),
    "unused": ("不用額", "Unused"),
}


def show() -> Response:
    in_yen, every = typed().get("unit") == "yen", bool(typed().get("all"))
    with reading() as connection:
        years, earlier = _years(connection, in_yen, every=every)
    return office_page(
        "office/tables/budgets.html",
        "budgets",
        title=tr("事業と予算", "Actions and budgets"),
        years=years,
        columns=[tr(*WORDS[name]) for name in COLUMNS],
        unit=tr("円", "yen") if in_yen else tr("千円", "thousand yen"),
        other={
            "label": tr("千円で見る", "In thousands of yen") if in_yen else tr("円で見る", "In yen"),
            "url": href("/desk/budgets") + ("" if in_yen else "?unit=yen"),
        },
        earlier=href("/desk/budgets", all="1", **({"unit": "yen"} if in_yen else {})) if earlier else None,
        paste=href("/desk/tables/budgets"),
        sheets_url=href("/desk/sheets"),
    )


def _years(connection: sa.Connection, in_yen: bool, *, every: bool) -> tuple[list[Json], bool]:
    """The newest fiscal years, or every one, with their actions; and whether there are earlier ones. What is
    not recorded stays empty."""
    actions = action_ledger.action.table.c
    titled = connection.execute(sa.select(actions.action_id, actions.title))
    titles = {row.action_id: row.title or "" for row in titled}
    by_year: dict[int, list[Json]] = {}
    year_of_line = action_ledger.line.table.c.fiscal_year
    known = sorted(connection.scalars(sa.select(year_of_line).distinct()), reverse=True)
    shown = known if every else known[:NEWEST]
    whole = {place: cells for year in shown for place, cells in _cells(connection, in_yen, year=year).items()}
    for (year, action), cells in whole.items():
        title = titles.get(action, tr("（題名の記録なし）", "(no title recorded)"))
        url = href(f"/desk/actions/{action}")
        by_year.setdefault(year, []).append({"title": title, "url": url, "cells": cells})
    return [
        {"year": tr(fiscal_year_label(year, "ja"), fiscal_year_label(year, "en")), "actions": by_year[year]}
        for year in sorted(by_year, reverse=True)
    ], len(shown) < len(known)


def cells_of(connection: sa.Connection, action_id: str, *, in_yen: bool) -> dict[int, list[str]]:
    """The amounts of one action by year, in the order of the columns."""
    every = _cells(connection, in_yen, action_id=action_id)
    return {year: cells for (year, _), cells in every.items()}


def _cells(
    connection: sa.Connection, in_yen: bool, *, action_id: str | None = None, year: int | None = None
) -> dict[tuple[int, str], list[str]]:
    """The amounts of an action, or of a year, by year and action."""
    sums: dict[tuple[int, str], dict[str, int]] = {}
    for row in lines_of(connection, action_id, year):
        amounts = sums.setdefault((row.fiscal_year, row.action_id), {})
        if row.kind == "spent":
            amounts["spent"] = row.yen
            carried_out = document(row.said).get("carried_out_yen")
            if carried_out is not None:
                amounts["carried_out"] = carried_out
        else:
            amounts[row.kind] = amounts.get(row.kind, 0) + row.yen
    ledger = ledger_of(connection, action_id=action_id, fiscal_year=year, staff=True)
    reckoned = {(one["fiscal_year"], one["action_id"]): one for one in ledger}
    cells: dict[tuple[int, str], list[str]] = {}
    for place, amounts in sums.items():
        current = reckoned.get(place, {}).get("current_yen")
        whole = amounts | ({} if current is None else {"current": current})
        if {"current", "spent", "carried_out"} <= whole.keys():
            whole["unused"] = whole["current"] - whole["spent"] - whole["carried_out"]
        cells[place] = [_amount(whole.get(name), in_yen) for name in COLUMNS]
    return cells


def _amount(yen: int | None, in_yen: bool) -> str:
    """An amount with △ for less; in thousands only where nothing is lost by it."""
    if yen is None:
        return ""
    thousands, rest = divmod(abs(yen), 1_000)
    text = (
        f"{abs(yen):,}"
        if in_yen
        else f"{thousands:,}"
        if not rest
        else f"{thousands:,}.{rest:03}".rstrip("0")
    )
    return f"△{text}" if yen < 0 else text


SCREENS = (Screen("/budgets", show),)
