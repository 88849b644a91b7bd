"""Issue board 課題と対応: problems, devices, effects, reactions, advice, follow-ups: claims with an author.

A claim is not a fact because it was recorded (domain.md 4.9). A countermeasure is somebody's link between a
problem and a device; whether it helped is only known if it was measured.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from domain.kernel.events import Recorded
from domain.reflection.aggregate import (
    ActionsIdentified,
    CountermeasureLinked,
    FollowUpAdopted,
    FollowUpCompleted,
    FollowUpDropped,
    FollowUpPlanned,
    FollowUpStarted,
    ProblemReassessed,
    ReflectionClosed,
    ReflectionRecorded,
)
from projections.engine.event_json import event_json, time_key
from projections.engine.view import Key, Row, View, column, json_column, key, number

VIEW = View("issue_board", 4, ja="課題と対応", en="Issues and responses", source=__name__)

issue = VIEW.table(
    "issue",
    key("issue_id"),
    column("category", index=True),
    column("state"),
    column("time", index=True, required=True),
    number("position", required=True),
    json_column("doc"),
)

FOLLOW_UP = "follow_up"


@issue.on(ReflectionRecorded)
def _recorded(row: Row | None, e: Recorded[ReflectionRecorded], _: Key) -> Row:
    return {
        "category": e.data.category,
        "state": "recorded",
        "time": time_key(e.effective),
        "position": e.position,
        "doc": {**event_json(e), "countermeasures": [], "actions": [], "reassessments": []},
    }


@issue.on(FollowUpPlanned)
def _planned(row: Row | None, e: Recorded[FollowUpPlanned], _: Key) -> Row:
    return {
        "category": FOLLOW_UP,
        "state": "planned",
        "time": time_key(e.effective),
        "position": e.position,
        "doc": {**event_json(e), "history": []},
    }


@issue.on(CountermeasureLinked)
def _countermeasure(row: Row | None, e: Recorded[CountermeasureLinked], _: Key) -> Row | None:
    if row is not None:
        row["state"] = "linked"
        row["doc"]["countermeasures"].append(event_json(e))
    return row


@issue.on(ActionsIdentified)
def _actions(row: Row | None, e: Recorded[ActionsIdentified], _: Key) -> Row | None:
    if row is not None:
        row["doc"]["actions"].append(event_json(e))
    return row


@issue.on(ProblemReassessed)
def _reassessed(row: Row | None, e: Recorded[ProblemReassessed], _: Key) -> Row | None:
    if row is not None:
        row["state"] = "reassessed"
        row["doc"]["reassessments"].append(event_json(e))
    return row


@issue.on(ReflectionClosed)
def _closed(row: Row | None, e: Recorded[ReflectionClosed], _: Key) -> Row | None:
    if row is not None:
        row["state"] = "closed"
    return row


_AFTER: dict[type, str] = {FollowUpStarted: "started", FollowUpCompleted: "done", FollowUpDropped: "dropped"}


@issue.on(FollowUpAdopted)
def _taken_up(row: Row | None, e: Recorded[FollowUpAdopted], _: Key) -> Row | None:
    if row is not None:
        row["doc"]["commitment"] = "will_do"
        row["doc"]["history"].append({"type": e.type, **event_json(e)})
    return row


@issue.on(FollowUpStarted, FollowUpCompleted, FollowUpDropped)
def _follow_up(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    if row is not None:
        row["state"] = _AFTER[type(e.data)]
        row["doc"]["history"].append({"type": e.type, **event_json(e)})
    return row


def issues(*, category: str | None = None) -> sa.Select[Any]:
    """Issues in the order of time, those without a date as they were recorded; of one category if given
    (``follow_up`` for follow-ups)."""
    table = issue.table
    chosen = sa.select(table).order_by(table.c.time, table.c.position)
    return chosen.where(table.c.category == category) if category is not None else chosen
