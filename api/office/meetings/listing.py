"""会議 /desk/meetings: those that lie ahead with what they lack, and those that were, with what is left."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from werkzeug.wrappers import Response

from api.http.clock import today
from api.http.language import href, tr
from api.office.desk.coming import coming_meetings, show_coming
from api.office.desk.frame import Screen, office_page
from api.pages.meeting.meeting_list import minutes_label, state_of, title_of, when
from api.pages.parts.names import Names
from api.pages.parts.serving import rows
from api.reads.reading import reading
from api.words import wording
from projections.engine.event_json import Json
from projections.views.meeting import meeting_register

SHOWN = 40
WITHOUT_MINUTES = ("closed", "minutes_drafted", "circulated", "confirmed")


def show() -> Response:
    day = today()
    table = meeting_register.meeting.table
    with reading() as connection:
        coming = coming_meetings(connection, day)
        ahead = [meeting["meeting_id"] for meeting in coming]
        chosen = sa.select(table).where(table.c.meeting_id.not_in(ahead))
        newest = chosen.order_by(table.c.moment.desc(), table.c.position.desc()).limit(SHOWN)
        past = rows(connection, "meetings", connection.execute(newest))
        names = Names(connection, [coming, past])
        return office_page(
            "office/meetings/list.html",
            "meetings",
            ahead=[show_coming(meeting, names, day) | {"act": _next(meeting)} for meeting in coming],
            past=[_line(meeting, names) for meeting in past],
        )


def _line(meeting: Json, names: Names) -> Json:
    label, _ = wording.state("Meeting", state_of(meeting))
    return {
        "title": title_of(meeting, names),
        "url": href(f"/desk/meetings/{meeting['meeting_id']}"),
        "date": when(meeting),
        "state": label,
        "minutes": minutes_label(meeting),
        "act": _next(meeting),
    }


def _next(meeting: Json) -> Json | None:
    """The one thing that comes next."""
    base = f"/desk/meetings/{meeting['meeting_id']}"
    state = meeting["state"]
    if meeting.get("kind") == "written":
        return None
    if state in ("scheduled", "notified", "open", "recess"):
        return {"url": href(f"{base}/day"), "label": tr("会議当日", "The day")}
    if state in WITHOUT_MINUTES:
        return {"url": href(f"{base}/minutes"), "label": tr("会議録", "Minutes")}
    return None


def register(blueprint: Any) -> None:
    Screen("/meetings", show).register(blueprint)
