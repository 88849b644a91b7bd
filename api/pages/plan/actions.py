"""Actions 事業 and their money, by fiscal year, as a page and as a table (domain.md P7, P8, S15).

An amount that nobody recorded is said to be unknown; it is never 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, request

from api.http.language import href, tr
from api.pages.parts import marks
from api.pages.parts.ledger import course_of, phases, sums
from api.pages.parts.names import Names
from api.pages.parts.serving import Page, rows, whole_table
from api.pages.plan.action import read_action, show_action
from api.reads.reading import is_staff
from api.words import wording
from projections.answers.labels import document
from projections.answers.ledger import ledger_of, lines_of, open_lines
from projections.engine.event_json import Json, public_author
from projections.views.matter import decision_trail
from projections.views.plan import action_ledger

MOST_ROWS = 200


def read(connection: sa.Connection) -> Json:
    ledger = sorted(ledger_of(connection, staff=is_staff()), key=lambda line: line["fiscal_year"])
    years = _shown_years(Counter(line["fiscal_year"] for line in ledger))
    wanted = {line["action_id"] for line in ledger if line["fiscal_year"] in years}
    actions, unfunded = _actions_and_unfunded(connection, sorted(wanted))
    return {
        "ledger": ledger,
        "years": years,
        "unfunded": unfunded,
        "actions": actions,
        "said": _said(connection, years),
    }


def _shown_years(rows: Counter[int]) -> list[int]:
    """The year asked for, else the latest years that together make a page, at least one."""
    year_text = request.args.get("year", "")
    if year_text.isascii() and year_text.isdecimal() and int(year_text[:4]) in rows:
        return [int(year_text[:4])]
    chosen: list[int] = []
    for year in sorted(rows, reverse=True):
        if chosen and sum(rows[y] for y in [*chosen, year]) > MOST_ROWS:
            break
        chosen.append(year)
    return sorted(chosen)


def _actions_and_unfunded(connection: sa.Connection, wanted: list[str]) -> tuple[dict[str, Json], list[str]]:
    """These actions, and those without a budget or settlement on record; and the ids of the latter."""
    table, lines = action_ledger.action.table, action_ledger.line.table
    funded = table.c.action_id.in_(sa.select(lines.c.action_id))
    chosen = action_ledger.actions().add_columns(funded.label("funded"))
    without = (
        sa.select(table.c.action_id).where(~funded).order_by(table.c.time, table.c.position).limit(MOST_ROWS)
    )
    chosen = chosen.where(table.c.action_id.in_(wanted) | table.c.action_id.in_(without.subquery().select()))
    listed = connection.execute(chosen).all()
    actions = {row["action_id"]: row for row in rows(connection, "actions", listed)}
    return actions, [row.action_id for row in listed if not row.funded]


def _said(connection: sa.Connection, years: list[int]) -> Json:
    """The budget lines of these years with who says so, by position."""
    budget_lines = (row for row in lines_of(connection) if row.fiscal_year in years)
    return {str(row.position): document(row.said)["said"] for row in budget_lines}


def show(data: Json, names: Names) -> Json:
    every = dict.fromkeys(line["fiscal_year"] for line in data["ledger"])
    return {
        "years": [_year(year, data, names) for year in data["years"]],
        "other_years": [
            {"label": marks.fiscal_year(year), "url": href("/actions", year=year)}
            for year in every
            if year not in data["years"]
        ],
        "undated": [_row(action, None, data, names) for action in data["unfunded"]],
        "total": sums(data["ledger"]) if data["ledger"] else None,
        "note": tr(
            "予算現額と合計は、記録にある金額から計算したものです。出典には書かれていません。",
            "Current budgets and totals are computed from the recorded amounts. No source states them.",
        ),
        "formats": {"csv": href("/actions.csv")},
    }


def _year(year: int, data: Json, names: Names) -> Json:
    lines = [line for line in data["ledger"] if line["fiscal_year"] == year]
    note = tr("合計は計算値", "computed") if len(lines) > 1 else None
    return {
        "anchor": f"fy{year}",
        "label": marks.fiscal_year(year),
        "rows": [_row(line["action_id"], line, data, names) for line in lines],
        "total": {**sums(lines), "note": note},
    }


def _row(action_id: str, line: Json | None, data: Json, names: Names) -> Json:
    action = data["actions"].get(action_id)  # None: money is on record of what was not in force then
    year = line["fiscal_year"] if line else None
    envelope = data["said"][str(line["lines"][0]["position"])] if line else (action or {})["origin"]["said"]
    money = sums([line]) if line else {"initial": None, "current": None, "spent": None}
    state = action["state"] if action else "registered"
    return {
        "title": names.label(action_id),
        "url": names.url(action_id),
        **money,
        "phase_label": _phase(action, year) if action else None,
        "state_label": None if state == "registered" else wording.state("PlanAction", state)[0],
        **marks.fact(envelope, names),
    }


def _phase(action: Json, year: int | None) -> str | None:
    """The furthest phase on record of that year: 実施（推定）."""
    reached = [p for p in phases(course_of(action, year)) if p["state"] != "none"]
    if not reached:
        return None
    phase, state = reached[-1]["label"], reached[-1]["state_label"]
    return tr(f"{phase}（{state}）", f"{phase} ({state})")


def as_csv() -> Response:
    header = [
        tr("事業の識別子", "action id"),
        tr("事業", "action"),
        tr("年度", "fiscal year"),
        tr("種類", "kind"),
        tr("金額（円）", "amount in yen"),
        tr("出典の金額", "amount as stated"),
        tr("出典の単位", "unit as stated"),
        tr("確かさ", "certainty"),
        tr("述べた者", "asserted by"),
        tr("出典", "source"),
        tr("箇所", "locator"),
        tr("文書番号", "document no."),
        tr("記録番号", "position"),
    ]
    return whole_table("actions", header, _lines)


def _lines(connection: sa.Connection) -> Iterator[list[Any]]:
    ids = connection.scalars(sa.select(action_ledger.action.table.c.action_id)).all()
    titles = {i: known["title"] for i, known in decision_trail.things(connection, ids).items()}
    for row, why in open_lines(connection, staff=is_staff()):
        envelope = document(row.said)["said"]
        source = envelope["source"] or {}
        yield [
            row.action_id,
            titles.get(row.action_id),
            row.fiscal_year,
            wording.value("kind", row.kind),
            None if why else row.yen,
            None if why else row.stated_amount,
            row.stated_unit,
            envelope["certainty"],
            envelope["asserted_by"] if is_staff() else public_author(envelope["asserted_by"]),
            source.get("document_id"),
            source.get("locator"),
            None if why else envelope["document_no"],
            row.position,
        ]


def register(blueprint: Blueprint) -> None:
    Page("/actions", "plan/actions.html", "actions", read, show).register(blueprint)
    Page("/actions/<entity>", "plan/action.html", "actions", read_action, show_action, whole=False).register(
        blueprint
    )
    blueprint.add_url_rule("/actions.csv", "actions_csv", as_csv)
