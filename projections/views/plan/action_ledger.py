"""Action ledger 事業と予算: what is done to realise the plan, and its money by fiscal year (S12-S15, P7, P8).

Current budget 予算現額 = initial + supplementary ± transfer + carry-in; unused 不用額 = current − spent −
carried out (O30). What is not recorded is null, never 0.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from domain.kernel.events import Recorded
from domain.plan_action.aggregate import (
    ActionAdopted,
    ActionEnded,
    ActionProposed,
    ActionRegistered,
    ActionResumed,
    ActionSuspended,
    ActivityHeld,
    BudgetAllocated,
    CouncilInvolvementRecorded,
    CycleClosed,
    CycleEvaluated,
    CycleOpened,
    CyclePlanned,
    ImplementationCompleted,
    ImplementationStarted,
    ImprovementAnswered,
    ImprovementDecided,
    MaterialDistributed,
    MaterialProduced,
    SettlementRecorded,
)
from projections.engine.event_json import event_json, time_key
from projections.engine.view import Key, Row, View, column, json_column, key, number, number_key

VIEW = View("action_ledger", 4, ja="事業と予算", en="Actions and budgets", source=__name__)

action = VIEW.table(
    "action",
    key("action_id"),
    column("state", index=True),
    column("title"),
    column("owner", index=True),
    column("measure_id", index=True),
    column("time", index=True, required=True),
    number("position", required=True),
    json_column("doc"),
)
line = VIEW.table(
    "budget_line",
    key("action_id"),
    number_key("position"),
    number("fiscal_year", index=True, required=True),
    column("kind"),
    number("yen"),
    number("stated_amount"),
    column("stated_unit"),
    json_column("said"),
    append_only=True,
)

_STATE: dict[type, str] = {
    ActionAdopted: "adopted",
    ActionSuspended: "suspended",
    ActionResumed: "active",
    ActionEnded: "ended",
    ImplementationStarted: "active",
}
_COURSE = (
    ActionAdopted,
    ActionSuspended,
    ActionResumed,
    ActionEnded,
    CycleOpened,
    CyclePlanned,
    ImplementationStarted,
    ImplementationCompleted,
    CycleEvaluated,
    ImprovementDecided,
    ImprovementAnswered,
    CycleClosed,
    ActivityHeld,
    MaterialProduced,
    MaterialDistributed,
    CouncilInvolvementRecorded,
)


@action.on(ActionRegistered)
def _registered(row: Row | None, e: Recorded[ActionRegistered], _: Key) -> Row:
    return {
        "state": "registered",
        "title": e.data.title_ja,
        "owner": e.data.owner,
        "measure_id": e.data.measure_id,
        "time": time_key(e.effective),
        "position": e.position,
        "doc": {"origin": {"type": e.type, **event_json(e)}, "course": []},
    }


@action.on(ActionProposed)
def _proposed(row: Row | None, e: Recorded[ActionProposed], _: Key) -> Row:
    return {
        "state": "proposed",
        "title": e.data.title,
        "owner": None,
        "measure_id": e.data.measure_id,
        "time": time_key(e.effective),
        "position": e.position,
        "doc": {"origin": {"type": e.type, **event_json(e)}, "course": []},
    }


@action.on(*_COURSE)
def _course(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    if row is not None:
        row["state"] = _STATE.get(type(e.data), row["state"])
        row["doc"]["course"].append({"type": e.type, **event_json(e)})
    return row


@line.on(BudgetAllocated, keys=lambda e: [(e.entity, e.position)])
def _budget(row: Row | None, e: Recorded[BudgetAllocated], _: Key) -> Row:
    return {
        "fiscal_year": e.data.fiscal_year,
        "kind": e.data.kind,
        "yen": e.data.amount_yen,
        "stated_amount": e.data.stated_amount,
        "stated_unit": e.data.stated_unit,
        "said": event_json(e),
    }


@line.on(SettlementRecorded, keys=lambda e: [(e.entity, e.position)])
def _settlement(row: Row | None, e: Recorded[SettlementRecorded], _: Key) -> Row:
    return {
        "fiscal_year": e.data.fiscal_year,
        "kind": "spent",
        "yen": e.data.spent_yen,
        "stated_amount": None,
        "stated_unit": None,
        "said": event_json(e),
    }


def actions() -> sa.Select[Any]:
    """The actions on record, oldest first."""
    return sa.select(action.table).order_by(action.table.c.time, action.table.c.position)


def lines(*, action_id: str | None = None, fiscal_year: int | None = None) -> sa.Select[Any]:
    """Budget and settlement lines, by fiscal year and position."""
    table = line.table
    chosen = sa.select(table).order_by(table.c.fiscal_year, table.c.position, table.c.action_id)
    if action_id is not None:
        chosen = chosen.where(table.c.action_id == action_id)
    return chosen.where(table.c.fiscal_year == fiscal_year) if fiscal_year is not None else chosen
