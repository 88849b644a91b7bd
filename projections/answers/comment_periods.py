"""Comment periods パブリックコメント that are open: of which plan, until when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from projections.answers.labels import as_read
from projections.engine.event_json import as_date
from projections.views.plan import plan_progress


@dataclass(frozen=True)
class Period:
    """A plan of which anybody may comment on the draft, until the last day."""

    plan_id: str
    title: str | None
    last_day: dt.date


def open_period(connection: sa.Connection, plan_id: str, day: dt.date) -> Period | None:
    """The comment period of a plan, if it is open on a day."""
    table = plan_progress.plan
    chosen = sa.select(table.table).where(table.table.c.plan_id == plan_id)
    row = connection.execute(chosen).one_or_none()
    if row is None or row.state != "public_comment":
        return None
    opened = as_read(table, tuple(row))["doc"]["public_comment"][-1]
    begin, end = as_date(opened["from_date"]), as_date(opened["to_date"])
    if begin.earliest is None or end.latest is None or not begin.earliest <= day <= end.latest:
        return None
    return Period(plan_id, row.title, end.latest)
