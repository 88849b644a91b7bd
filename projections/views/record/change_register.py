"""Change register 記録の変更: what was changed in the record or about it, and what was recorded late (S20).

One row for each event that corrects, redacts, replaces or revises something, and for each that took effect
long before it was recorded: in the order, and by the day, of recording.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Literal

import sqlalchemy as sa

from domain.document.aggregate import DisclosureChanged, DocumentRevised
from domain.kernel.correction_events import (
    CorrectionDeclined,
    CorrectionProposed,
    PartRedacted,
    RecordCorrected,
    RedactionLifted,
)
from domain.kernel.events import Recorded
from domain.link.aggregate import LinkWithdrawn
from domain.matter.events import MatterRescinded, MatterSuperseded
from domain.meeting.events import MinutesCorrected
from domain.party.aggregate import PersonDetailsChanged, PersonErased
from domain.promotion_plan.events import PlanRevised, PlanSuperseded
from domain.public_comment.events import CommenterErased
from domain.values.calendar import JAPAN, day_in_japan
from projections.engine.event_json import event_json
from projections.engine.view import Key, Row, View, column, json_column, number, number_key

VIEW = View("change_register", 3, ja="記録の変更", en="Changes in the record", source=__name__)

change = VIEW.table(
    "record_change",
    number_key("position"),
    column("act", required=True),
    column("type", required=True),
    column("entity", required=True),
    column("subject", required=True),
    column("recorded_at", index=True, required=True),
    number("days_behind"),
    json_column("doc"),
    append_only=True,
)

Act = Literal["correction", "correction_proposed", "redaction", "supersession", "revision", "late"]

ACTS: dict[type, Act] = {
    RecordCorrected: "correction",
    MinutesCorrected: "correction",
    CorrectionProposed: "correction_proposed",
    CorrectionDeclined: "correction_proposed",
    PartRedacted: "redaction",
    RedactionLifted: "redaction",
    DisclosureChanged: "redaction",
    PersonErased: "redaction",
    PersonDetailsChanged: "revision",
    CommenterErased: "redaction",
    MatterSuperseded: "supersession",
    MatterRescinded: "supersession",
    PlanSuperseded: "supersession",
    PlanRevised: "revision",
    DocumentRevised: "revision",
    LinkWithdrawn: "revision",
}
"""Which event changes what: the three acts of domain.md 3, and what is new in plans, documents and links."""

LATE_AFTER_DAYS = 90
"""An event recorded more than so many days after the last day on which it may have taken effect is late."""


def days_behind(e: Recorded[Any]) -> int | None:
    """Days from the last day on which it may have taken effect to its recording; None if that is unknown."""
    latest = e.effective.latest
    return None if latest is None else (day_in_japan(e.recorded_at) - latest).days


def _changes(e: Recorded[Any]) -> Iterator[int]:
    if type(e.data) in ACTS or (days_behind(e) or 0) > LATE_AFTER_DAYS:
        yield e.position


@change.every(keys=_changes)
def _fold(row: Row | None, e: Recorded[Any], _: Key) -> Row:
    act = ACTS.get(type(e.data), "late")
    return {
        "act": act,
        "type": e.type,
        "entity": e.entity,
        "subject": e.subject,
        "recorded_at": e.recorded_at.astimezone(dt.UTC).isoformat(),
        "days_behind": days_behind(e),
        # Of what is only late the log itself is the account; of a change, before and after are told here.
        "doc": None if act == "late" else event_json(e),
    }


def recorded_between(since: dt.date, until: dt.date) -> sa.ColumnElement[bool]:
    """Recorded on these days, both included, by the calendar of Japan."""
    table = change.table
    return sa.and_(table.c.recorded_at >= _midnight(since), table.c.recorded_at < _midnight(until, 1))


def _midnight(day: dt.date, after: int = 0) -> str:
    midnight = dt.datetime.combine(day, dt.time(), JAPAN) + dt.timedelta(days=after)
    return midnight.astimezone(dt.UTC).isoformat()
