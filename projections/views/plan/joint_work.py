"""Joint work 協働の実績: each action's years, money, activities and improvements, and what the two sides
scored, kept as numbers for the metrics M3 and M9-M13 and M19. What is not recorded is null."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from domain.evaluation_sheet.events import (
    SelfEvaluationCorrected,
    SelfEvaluationSubmitted,
    SheetOpened,
    SheetPublished,
    SheetUnsealed,
)
from domain.kernel.events import Recorded
from domain.plan_action.aggregate import (
    ActionProposed,
    ActionRegistered,
    ActivityHeld,
    BudgetAllocated,
    CouncilInvolvementRecorded,
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
from domain.promotion_plan.events import MeasureStated, PlanDraftPrepared
from domain.values.calendar import EffectiveDate, fiscal_year_bounds
from projections.engine.counted_rows import note_read
from projections.engine.one_moment import once
from projections.engine.view import Key, Row, View, column, json_column, key, number

VIEW = View("joint_work", 3, ja="協働の実績", en="Joint work", source=__name__)

action = VIEW.table("joint_action", key("action_id"), column("measure_id"), json_column("doc"))
measure = VIEW.table("joint_measure", key("measure_id"), column("plan_id"))
drafted = VIEW.table("joint_plan_drafted", key("plan_id"))
"""Plans whose draft was prepared on this record, so that all their measures are known."""
sheet = VIEW.table(
    "joint_sheet",
    key("sheet_id"),
    number("fiscal_year", index=True, required=True),
    column("state"),
    json_column("doc"),
)

COUNTS = ("participants", "first_time", "returning", "unknown")


def _bounds(date: EffectiveDate) -> tuple[str | None, str | None]:
    checked = date.check()
    return (
        checked.earliest.isoformat() if checked.earliest else None,
        checked.latest.isoformat() if checked.latest else None,
    )


@measure.on(MeasureStated, keys=lambda e: [e.data.measure_id])
def _measure(row: Row | None, e: Recorded[MeasureStated], _: Key) -> Row:
    return {"plan_id": e.entity}


@drafted.on(PlanDraftPrepared)
def _drafted(row: Row | None, e: Recorded[PlanDraftPrepared], _: Key) -> Row:
    return row or {}


@action.on(ActionRegistered, ActionProposed)
def _began(row: Row | None, e: Recorded[ActionRegistered | ActionProposed], _: Key) -> Row:
    names = ("cycles", "implemented", "involved", "activities", "distributed")
    doc: dict[str, Any] = {name: [] for name in names}
    doc |= {"current": {}, "settled": {}, "improvements": {}, "answers": {}}
    return {"measure_id": e.data.measure_id, "doc": doc}


@action.on(CycleOpened)
def _cycle(row: Row | None, e: Recorded[CycleOpened], _: Key) -> Row | None:
    if row is not None:
        row["doc"]["cycles"] = sorted({*row["doc"]["cycles"], e.data.fiscal_year})
    return row


@action.on(
    ImplementationStarted, ImplementationCompleted, ActivityHeld, MaterialProduced, MaterialDistributed
)
def _implemented(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    """Something of the action was done: its first possible day; undated, the last of the year that it belongs
    to; null if nothing is recorded."""
    if row is not None:
        year = (
            e.data.fiscal_year
            if isinstance(e.data, ImplementationStarted | ImplementationCompleted)
            else None
        )
        by_then = fiscal_year_bounds(year)[1].isoformat() if year is not None else None
        row["doc"]["implemented"].append(_bounds(e.effective)[0] or by_then)
    return row


@action.on(BudgetAllocated)
def _budget(row: Row | None, e: Recorded[BudgetAllocated], _: Key) -> Row | None:
    """Current budget 予算現額: the sum of all lines of the year."""
    if row is not None:
        current, year = row["doc"]["current"], str(e.data.fiscal_year)
        current[year] = current.get(year, 0) + e.data.amount_yen
    return row


@action.on(SettlementRecorded)
def _settled(row: Row | None, e: Recorded[SettlementRecorded], _: Key) -> Row | None:
    """The last settlement counts: a final one replaces the provisional one."""
    if row is not None:
        row["doc"]["settled"][str(e.data.fiscal_year)] = {
            "spent": e.data.spent_yen,
            "carried_out": e.data.carried_out_yen,
        }
    return row


@action.on(CouncilInvolvementRecorded)
def _involved(row: Row | None, e: Recorded[CouncilInvolvementRecorded], _: Key) -> Row | None:
    if row is not None:
        row["doc"]["involved"].append(
            {
                "fiscal_year": e.data.fiscal_year,
                "phases": list(e.data.phases),
                "evidence": e.data.evidence_ref is not None,
                "collectively": e.certainty == "stated_collectively",
            }
        )
    return row


@action.on(ActivityHeld)
def _activity(row: Row | None, e: Recorded[ActivityHeld], _: Key) -> Row | None:
    if row is not None:
        counts = {name: getattr(e.data, name) for name in COUNTS}
        row["doc"]["activities"].append({"on": _bounds(e.effective), "kind": e.data.kind, **counts})
    return row


@action.on(MaterialDistributed)
def _distributed(row: Row | None, e: Recorded[MaterialDistributed], _: Key) -> Row | None:
    if row is not None:
        reached = {"audience": e.data.audience, "recipients": e.data.recipients}
        row["doc"]["distributed"].append({"on": _bounds(e.effective), **reached})
    return row


@action.on(ImprovementDecided)
def _improvement(row: Row | None, e: Recorded[ImprovementDecided], _: Key) -> Row | None:
    if row is not None:
        row["doc"]["improvements"][e.data.improvement_id] = e.data.applies_to_fiscal_year
    return row


@action.on(CyclePlanned)
def _answers(row: Row | None, e: Recorded[CyclePlanned], _: Key) -> Row | None:
    if row is not None:
        row["doc"]["answers"] |= {answer.improvement_id: answer.taken for answer in e.data.answers}
    return row


@action.on(ImprovementAnswered)
def _answered(row: Row | None, e: Recorded[ImprovementAnswered], _: Key) -> Row | None:
    if row is not None:
        row["doc"]["answers"][e.data.improvement_id] = e.data.taken
    return row


@sheet.on(SheetOpened)
def _opened(row: Row | None, e: Recorded[SheetOpened], _: Key) -> Row:
    return {"fiscal_year": e.data.fiscal_year, "state": "sealed", "doc": {"c": {}, "g": {}}}


@sheet.on(SelfEvaluationSubmitted, SelfEvaluationCorrected)
def _scored(
    row: Row | None, e: Recorded[SelfEvaluationSubmitted | SelfEvaluationCorrected], _: Key
) -> Row | None:
    if row is not None:
        row["doc"][e.data.side] = {
            score.item: score.score for score in e.data.scores if score.score is not None
        }
    return row


@sheet.on(SheetUnsealed, SheetPublished)
def _state(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    if row is not None:
        row["state"] = "unsealed" if isinstance(e.data, SheetUnsealed) else "published"
    return row


def rows_of(connection: sa.Connection, table: Any) -> list[dict[str, Any]]:
    """All rows of one of these tables, in key order. In a reading they are read once: nobody changes them."""
    note_read(table)
    chosen = sa.select(table.table).order_by(*table.table.primary_key.columns)
    return once(connection, table.name, lambda: [table.as_row(row) for row in connection.execute(chosen)])
