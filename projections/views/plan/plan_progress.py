"""Plan progress 計画の進み具合: each plan, its measures, what is done to realise them, and what the public
said (S10, P6, P7).

A comment's author is in no view: neither the reference into the vault nor anything that lies there. People
are counted as the published result counts them; comments are counted here, by what became of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import sqlalchemy as sa

from domain.kernel.events import Recorded
from domain.plan_action.aggregate import (
    ActionAdopted,
    ActionEnded,
    ActionProposed,
    ActionRegistered,
    ActionResumed,
    ActionSuspended,
    ImplementationStarted,
)
from domain.promotion_plan.aggregate import (
    MeasureStated,
    PlanAgreedByCouncil,
    PlanApprovedByCity,
    PlanDraftPrepared,
    PlanExpired,
    PlanFormulated,
    PlanFormulationStarted,
    PlanPublished,
    PlanRevised,
    PlanSuperseded,
)
from domain.public_comment.events import (
    CommentDisposed,
    CommentReceived,
    CommentResultPublished,
    PublicCommentOpened,
)
from projections.engine.event_json import Json, event_json, time_key
from projections.engine.view import Key, Row, View, column, json_column, key, number

VIEW = View("plan_progress", 4, ja="計画の進み具合", en="Progress of the plan", source=__name__)

plan = VIEW.table(
    "plan",
    key("plan_id"),
    column("state", index=True, required=True),
    column("title"),
    number("period_from_fy"),
    number("period_to_fy"),
    column("time", index=True, required=True),
    number("position", required=True),
    json_column("doc"),
)
measure = VIEW.table(
    "measure",
    key("measure_id"),
    column("plan_id", index=True, required=True),
    column("text"),
    number("art16_item"),
    number("position", required=True),
    json_column("doc"),
)
realising = VIEW.table(
    "realising_action",
    key("action_id"),
    column("measure_id", index=True),
    column("state", required=True),
    column("title"),
    column("time", index=True, required=True),
    number("position", required=True),
)
# What the public said of a plan, or of a matter, which then stands in the place of the plan.
comment = VIEW.table(
    "plan_comment",
    key("plan_id"),
    key("comment_id"),
    column("disposition", index=True),
    column("reply"),
    column("draft_change"),
    column("time", index=True, required=True),
    number("position", required=True),
    json_column("doc"),
)

DISPOSITIONS = ("reflected", "already_included", "for_reference", "not_adopted")
"""In the order of O6: 反映・盛り込み済み・参考・対応できない."""

_STATE: dict[type, str] = {
    PlanFormulated: "formulated",
    PlanFormulationStarted: "formulating",
    PlanDraftPrepared: "draft",
    PublicCommentOpened: "public_comment",
    PlanAgreedByCouncil: "council_agreed",
    PlanApprovedByCity: "approved",
    PlanPublished: "in_force",
    PlanRevised: "revised",
    PlanSuperseded: "superseded",
    PlanExpired: "expired",
}
_LISTS: dict[type, str] = {
    PlanDraftPrepared: "drafts",
    PublicCommentOpened: "public_comment",
    CommentResultPublished: "comment_results",
    PlanAgreedByCouncil: "agreements",
    PlanApprovedByCity: "approvals",
    PlanPublished: "publications",
    PlanRevised: "revisions",
    PlanSuperseded: "ends",
    PlanExpired: "ends",
}
_ACTION_STATE: dict[type, str] = {
    ActionAdopted: "adopted",
    ActionSuspended: "suspended",
    ActionResumed: "active",
    ActionEnded: "ended",
    ImplementationStarted: "active",
}


# -- folds


@plan.on(PlanFormulated, PlanFormulationStarted)
def _begun(row: Row | None, e: Recorded[Any], _: Key) -> Row:
    return {
        "state": _STATE[type(e.data)],
        "title": e.data.title_ja,
        "period_from_fy": getattr(e.data, "period_from_fy", None),
        "period_to_fy": getattr(e.data, "period_to_fy", None),
        "time": time_key(e.effective),
        "position": e.position,
        "doc": {"origin": {"type": e.type, **event_json(e)}, **{name: [] for name in _LISTS.values()}},
    }


@plan.on(*_LISTS)
def _goes_on(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    if row is None:
        return None
    # A draft changed by comments does not take the plan back to before the public was asked.
    if not (isinstance(e.data, PlanDraftPrepared) and row["state"] == "public_comment"):
        row["state"] = _STATE.get(type(e.data), row["state"])
    if isinstance(e.data, PlanPublished):
        row["title"], row["period_from_fy"] = e.data.title_ja, e.data.period_from_fy
        row["period_to_fy"] = e.data.period_to_fy
    if isinstance(e.data, PlanRevised) and e.data.period_to_fy is not None:
        row["period_to_fy"] = e.data.period_to_fy
    row["doc"][_LISTS[type(e.data)]].append({"type": e.type, **event_json(e)})
    return row


@measure.on(MeasureStated, keys=lambda e: [e.data.measure_id])
def _stated(row: Row | None, e: Recorded[MeasureStated], _: Key) -> Row:
    return {
        "plan_id": e.entity,
        "text": e.data.text_ja,
        "art16_item": e.data.art16_item,
        "position": e.position,
        "doc": {"stated": event_json(e)},
    }


@realising.on(ActionRegistered, ActionProposed)
def _action(row: Row | None, e: Recorded[Any], _: Key) -> Row:
    proposed = isinstance(e.data, ActionProposed)
    return {
        "measure_id": e.data.measure_id,
        "state": "proposed" if proposed else "registered",
        "title": e.data.title if proposed else e.data.title_ja,
        "time": time_key(e.effective),
        "position": e.position,
    }


@realising.on(*_ACTION_STATE)
def _action_goes_on(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    return row and {**row, "state": _ACTION_STATE[type(e.data)]}


@comment.on(CommentReceived, keys=lambda e: [(e.entity, e.data.comment_id)])
def _received(row: Row | None, e: Recorded[CommentReceived], _: Key) -> Row:
    return {
        "disposition": None,
        "reply": None,
        "draft_change": None,
        "time": time_key(e.effective),
        "position": e.position,
        "doc": {"received": event_json(e, leave_out=("vault_ref",)), "disposed": []},
    }


@comment.on(CommentDisposed, keys=lambda e: [(e.entity, e.data.comment_id)])
def _disposed(row: Row | None, e: Recorded[CommentDisposed], _: Key) -> Row | None:
    if row is not None:
        row["disposition"], row["reply"] = e.data.disposition, e.data.reply
        row["draft_change"] = e.data.draft_change
        row["doc"]["disposed"].append(event_json(e))
    return row


# -- queries


def plans(*, state: str | None = None) -> sa.Select[Any]:
    """The plans on record, oldest first."""
    table = plan.table
    chosen = sa.select(table).order_by(table.c.time, table.c.position)
    return chosen.where(table.c.state == state) if state is not None else chosen


def measures(plan_id: str) -> sa.Select[Any]:
    """The measures of a plan, in the order they were stated."""
    table = measure.table
    return sa.select(table).where(table.c.plan_id == plan_id).order_by(table.c.position, table.c.measure_id)


def actions_for(*targets: str) -> sa.Select[Any]:
    """The actions that say of themselves that they realise one of these measures or plans, oldest first."""
    table = realising.table
    return sa.select(table).where(table.c.measure_id.in_(targets)).order_by(table.c.time, table.c.position)


def actions_named(ids: Iterable[str], measures: Iterable[str] = ()) -> sa.Select[Any]:
    """These actions, oldest first, whatever they say they realise; and those that realise these measures."""
    table = realising.table
    chosen = sa.select(table).where(table.c.action_id.in_(list(ids)) | table.c.measure_id.in_(list(measures)))
    return chosen.order_by(table.c.time, table.c.position)


def comments(plan_id: str, *, disposition: str | None = None) -> sa.Select[Any]:
    """The comments on a plan's draft, or on a matter, in the order they came in."""
    table = comment.table
    chosen = sa.select(table).where(table.c.plan_id == plan_id).order_by(table.c.time, table.c.position)
    return chosen.where(table.c.disposition == disposition) if disposition is not None else chosen


def comment_counts(connection: sa.Connection, plan_id: str) -> Json:
    """How many comments came in, and how many of them met with which disposition; ``open`` with none yet."""
    table = comment.table
    counted = sa.select(table.c.disposition, sa.func.count()).where(table.c.plan_id == plan_id)
    rows = connection.execute(counted.group_by(table.c.disposition))
    counts = {row[0]: row[1] for row in rows}
    return {
        "received": sum(counts.values()),
        **{name: counts.get(name, 0) for name in DISPOSITIONS},
        "open": counts.get(None, 0),
    }


def with_actions(
    connection: sa.Connection, stated: Iterable[Any], known: Iterable[Any] | None = None
) -> list[Json]:
    """Rows of measures, each with the actions that say of themselves that they realise it; those may be
    ``known`` already, among others."""
    rows = list(stated)
    realised: dict[str, list[Json]] = {row.measure_id: [] for row in rows}
    actions: Iterable[Any] = known or ()
    if known is None:
        actions = connection.execute(actions_for(*realised))
    for row in actions:
        if row.measure_id not in realised:
            continue
        realised[row.measure_id].append({"action_id": row.action_id, "title": row.title, "state": row.state})
    return [
        {
            "measure_id": row.measure_id,
            "plan_id": row.plan_id,
            "text": row.text,
            "art16_item": row.art16_item,
            "actions": realised[row.measure_id],
            **msgspec.json.decode(row.doc),
        }
        for row in rows
    ]
