"""意見募集 on the page of a matter: until when anybody may comment, and what the city makes of it."""

from __future__ import annotations

from urllib.parse import quote

import sqlalchemy as sa

from api.http.clock import today
from api.http.language import href
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.reads.as_of import moment
from api.words import wording
from projections.answers.comment_periods import OPENED, RESULT, open_period
from projections.engine.event_json import Json
from projections.views.plan import plan_progress


def read(connection: sa.Connection, entity: str) -> Json:
    """Until when comments are asked for, and how many have met with what; not of a moment in the past, for
    which nobody can comment any more."""
    period = None if moment().is_past else open_period(connection, entity, today())
    return {
        "comment_until": period.last_day.isoformat() if period is not None else None,
        "comments": plan_progress.comment_counts(connection, entity),
    }


def show(m: Json, data: Json, names: Names) -> Json:
    """``commenting``: the form, while the period is open; ``comments``: the period and what came of it."""
    until, opened = data["comment_until"], marks.last(m.get(OPENED))
    form = {"url": href(f"/matters/{quote(m['matter_id'])}/comment"), "until": marks.day(until)}
    return {
        "commenting": form if until is not None else None,
        "comments": _course(m, opened, data["comments"], names) if opened is not None else None,
    }


def _course(m: Json, opened: Json, counts: Json, names: Names) -> Json:
    result = marks.last(m.get(RESULT))
    return {
        "begins": marks.date(opened.get("from_date")),
        "ends": marks.date(opened.get("to_date")),
        "received": counts["received"],
        "dispositions": [
            {"label": wording.value("disposition", name), "count": counts[name]}
            for name in plan_progress.DISPOSITIONS
            if counts[name]
        ],
        "published": marks.date(result["said"]["effective"]) if result is not None else None,
        "document": names.link(result.get("document_id")) if result is not None else None,
        "replies": [_reply(reply) for reply in _newest(m)] if result is not None else [],
    }


def _newest(m: Json) -> list[Json]:
    """What the city makes of each comment, as it stands: a later answer takes the place of an earlier one."""
    answers = {e["comment_id"]: e for e in m.get("CommentDisposed") or () if e.get("comment_id")}
    return list(answers.values())


def _reply(reply: Json) -> Json:
    return {
        "disposition": wording.value("disposition", reply.get("disposition")),
        "reply": reply.get("reply"),
        "change": reply.get("draft_change"),
    }
