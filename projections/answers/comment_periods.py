"""Comment periods 意見募集 that are open: on which plan or matter, until when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from domain.matter.aggregate import Matter
from projections.answers.labels import as_read
from projections.engine.event_json import Json, as_date
from projections.views.matter import matter_list
from projections.views.plan import plan_progress

OPENED, RESULT = "PublicCommentOpened", "CommentResultPublished"
_MATTERS = 500


@dataclass(frozen=True)
class Period:
    """What anybody may comment on, until the last day. ``kind``: of plan or matter, as commands name it."""

    about: str
    kind: str
    title: str | None
    last_day: dt.date


def open_period(connection: sa.Connection, about: str, day: dt.date) -> Period | None:
    """The comment period of a plan or a matter, if it is open on a day."""
    if about.startswith(Matter.PREFIX):
        return _of_matter(connection, about, day)
    table = plan_progress.plan
    chosen = sa.select(table.table).where(table.table.c.plan_id == about)
    row = connection.execute(chosen).one_or_none()
    if row is None or row.state != "public_comment":
        return None
    opened = as_read(table, tuple(row))["doc"]["public_comment"][-1]
    return _within(opened, day, about, "PromotionPlan", row.title)


def _of_matter(connection: sa.Connection, matter_id: str, day: dt.date) -> Period | None:
    table = matter_list.matter
    chosen = sa.select(table.table).where(table.table.c.matter_id == matter_id)
    row = connection.execute(chosen).one_or_none()
    if row is None or row.state not in Matter.COMMENTED_IN:
        return None
    doc = as_read(table, tuple(row))["doc"]
    if OPENED not in doc or RESULT in doc:
        return None
    return _within(doc[OPENED][-1], day, matter_id, "Matter", row.title)


def _within(opened: Json, day: dt.date, about: str, kind: str, title: str | None) -> Period | None:
    begin, end = as_date(opened["from_date"]), as_date(opened["to_date"])
    if begin.earliest is None or end.latest is None or not begin.earliest <= day <= end.latest:
        return None
    return Period(about, kind, title, end.latest)


def asked_about(connection: sa.Connection) -> list[tuple[str, str, str, Any]]:
    """Of what the public is asked, or was, and whose comments are still answered: its id, its kind, its title
    and what a view holds of it."""
    plans, matters = plan_progress.plan, matter_list.matter
    listed = []
    for row in connection.execute(plan_progress.plans(state="public_comment")):
        listed.append((row.plan_id, "PromotionPlan", row.title or "", as_read(plans, tuple(row))["doc"]))
    with_period = matters.table.c.doc.contains(f'"{OPENED}"', autoescape=True)
    for row in connection.execute(matter_list.matters().where(with_period).limit(_MATTERS)):
        doc = as_read(matters, tuple(row))["doc"]
        if OPENED in doc and RESULT not in doc and row.state in Matter.COMMENTED_IN:
            listed.append((row.matter_id, "Matter", row.title or "", doc))
    return listed
