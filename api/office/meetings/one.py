"""One meeting /desk/meetings/…: how it stands, its notice, 日程変更, 中止, and the replies."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect
from werkzeug.wrappers import Response

from api.http.clock import today
from api.http.language import href, tr
from api.office.desk.acts import Act
from api.office.desk.coming import AHEAD, coming_meetings, show_coming
from api.office.desk.drafts import About
from api.office.desk.frame import Screen, office_page, typed
from api.office.desk.replies import REPLIES, replies_of
from api.office.meetings import planned
from api.office.meetings.bodies import Body, body_on
from api.office.meetings.composing import Composing
from api.office.meetings.moments import at
from api.office.meetings.notice_texts import going_out
from api.office.meetings.planned import OPENNESS
from api.office.meetings.refusals import DAY_MISSING, TIME_MISSING
from api.pages.meeting.meeting_list import state_of, title_of, when
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.pages.parts.sentences import plain
from api.pages.parts.serving import one
from api.reads.reading import reading
from api.words import wording
from api.words.days import office_day
from domain.values.calendar import JAPAN
from projections.engine.event_json import Json
from projections.views.meeting import meeting_register

ACTS = ("notify", "reschedule", "cancel", "absences")
ALIAS = {"starts_at": "day", "record.effective": "when", "absent.received_on": "received_on"}


def show(entity: str) -> Response:
    with reading() as connection:
        meeting = one(connection, "meetings", entity)
        form = _compose(connection, meeting)
        return _page(connection, form, meeting)


def act(entity: str) -> Response:
    with reading() as connection:
        meeting = one(connection, "meetings", entity)
        form = _compose(connection, meeting)
        if form.drafting.pressed():
            return _page(connection, form, meeting)
        acts = _acts(form, entity)
        if acts and form.button == "record" and form.was_shown and form.form.stands:
            if form.is_done or form.record(acts):
                form.drafting.done()
                flash(tr("記録しました。", "It is on record."))
                return redirect(href(f"/desk/meetings/{entity}"), 303)
        elif acts:
            form.rehearse(acts)
        return _page(connection, form, meeting, status=200 if form.form.stands else 422)


def _compose(connection: sa.Connection, meeting: Json) -> Composing:
    entity, which = meeting["meeting_id"], typed().get("which", "")
    title = str(title_of(meeting, Names(connection, [meeting])))
    about = About(f"meeting-{which or 'notify'}", title, f"/desk/meetings/{entity}")
    form = Composing(about, ALIAS)
    filled = form.form
    filled.begins("which", which if which in ACTS else "")
    filled.begins("when", "today")
    filled.begins("publicity", "open")
    filled.begins("place", meeting_register.place_of(meeting))
    filled.begins("received_on", office_day(today()))
    starts = _starts(meeting)
    if starts is not None:
        filled.begins("time", f"{starts:%H:%M}")
    return form


def _starts(meeting: Json) -> dt.datetime | None:
    text = meeting.get("starts_at")
    return dt.datetime.fromisoformat(text).astimezone(JAPAN) if text else None


# -- the acts


def _acts(form: Composing, entity: str) -> list[Act]:
    filled, which = form.form, form.form.text("which")
    if which == "notify":
        return planned.notice(filled, entity)
    if which == "reschedule":
        return _reschedule(form, entity)
    if which == "cancel":
        when = planned.effective(filled, None)
        body = {"reason": filled.text("reason"), "record": {"effective": when}}
        return [Act("Meeting", "cancel", entity, body)] if when is not None else []
    if which == "absences":
        received = filled.day("received_on")
        return [
            Act("Meeting", "record_absence", entity, _absence(form, seat, received), "/absent")
            for seat in filled.all("absent")
        ]
    return []


def _absence(form: Composing, seat: str, received: dt.date | None) -> dict[str, Any]:
    body: dict[str, Any] = {"appointment_id": seat}
    if received is not None:
        body["received_on"] = received.isoformat()
    return body


def _reschedule(form: Composing, entity: str) -> list[Act]:
    filled = form.form
    day, time = filled.day("day"), filled.time("time")
    if day is None and not filled.text("day"):
        filled.refuse(DAY_MISSING(), "day")
    if time is None and not filled.text("time"):
        filled.refuse(TIME_MISSING(what="開会", what_en="the opening"), "time")
    when = planned.effective(filled, None)
    if day is None or time is None or when is None:
        return []
    body: dict[str, Any] = {
        "starts_at": at(day, time).isoformat(),
        "reason": filled.text("reason"),
        "record": {"effective": when},
    }
    if filled.text("place"):
        body["place"] = filled.text("place")
    return [Act("Meeting", "reschedule", entity, body), *planned.notice(filled, entity)]


# -- shown


def _page(connection: sa.Connection, form: Composing, meeting: Json, status: int = 200) -> Response:
    entity = meeting["meeting_id"]
    starts = _starts(meeting)
    day = starts.date() if starts is not None else today()
    body = body_on(connection, meeting["council_id"], day) if meeting.get("council_id") else None
    replies = replies_of(connection, entity)
    coming = next((c for c in coming_meetings(connection, today()) if c["meeting_id"] == entity), None)
    names = Names(connection, [meeting, coming])
    base = f"/desk/meetings/{entity}"
    typed_day = form.form.day("day") if form.form.text("day") else None
    return office_page(
        "office/meetings/one.html",
        "meetings",
        status=status,
        **form.shown(apart="draft"),
        title=str(title_of(meeting, names)),
        url=href(base),
        day_url=href(f"{base}/day") if meeting.get("kind") != "written" else None,
        minutes_url=href(f"{base}/minutes"),
        public_url=names.url(entity),
        other_url=href(f"{base}/-"),
        when=when(meeting),
        place=meeting_register.place_of(meeting),
        state=wording.state("Meeting", state_of(meeting))[0],
        before=meeting["state"] in AHEAD[:2],
        notified=meeting["state"] != "scheduled",
        checks=show_coming(coming, names, today())["checks"] if coming else [],
        agenda=[_item(item, names) for item in meeting.get("AgendaItemListed") or ()],
        members=_members(body, meeting, replies) if body is not None else [],
        openness=[{"value": code, "label": wording.value("publicity", code)} for code in OPENNESS],
        day_read=office_day(typed_day) if typed_day else "",
        which=form.form.text("which"),
        out=going_out(meeting, str(title_of(meeting, names)), _council(meeting, names)),
    )


def _council(meeting: Json, names: Names) -> str:
    return (
        plain(names.label(meeting["council_id"])) if meeting.get("council_id") else tr("会議", "the meeting")
    )


def _item(item: Json, names: Names) -> Json:
    return {
        "title": item.get("title"),
        "type": wording.value("type", item["type"]) if item.get("type") else None,
        "matter": names.link(item.get("matter_id")),
    }


def _members(body: Body, meeting: Json, replies: dict[str, str]) -> list[Json]:
    """The reply list: what each answered, who sent word of being absent, and when."""
    words = {str(code): both for code, both in REPLIES.items()}
    absent = {notice["appointment_id"]: notice for notice in meeting.get("AbsenceNotified") or ()}
    return [
        {
            "seat": member.seat,
            "name": member.name,
            "belongs": member.belongs,
            "absent": member.seat in absent,
            "reply": tr(*words[replies[member.seat]]) if replies.get(member.seat) in words else None,
            "says_absent": replies.get(member.seat) == "absent",
            "received": (marks.day(absent[member.seat].get("received_on")) or {}).get("label")
            if member.seat in absent
            else None,
        }
        for member in body.members
    ]


def register(blueprint: Any) -> None:
    Screen("/meetings/<entity>", show, act).register(blueprint)
