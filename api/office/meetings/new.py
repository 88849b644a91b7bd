"""会議をつくる /desk/meetings/new: from the last one of the body, with agenda and notice, in one act."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect
from werkzeug.wrappers import Response

from api.http.clock import today
from api.http.language import href, tr
from api.office.desk.drafts import About
from api.office.desk.frame import Screen, office_page, typed
from api.office.meetings import planned
from api.office.meetings.bodies import (
    articles,
    council_of,
    councils,
    matters_to_deal_with,
    registered,
)
from api.office.meetings.composing import Composing
from api.office.meetings.filled import Filled
from api.office.meetings.planned import KINDS, OPENNESS, TYPES, Offered, number_of_lines, title_after
from api.pages.meeting.meeting_list import title_of
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.pages.parts.serving import rows
from api.reads.reading import reading
from api.words import wording
from api.words.days import office_day
from domain.values.calendar import JAPAN
from projections.engine.event_json import Json
from projections.views.meeting import meeting_register

KIND = "meeting-new"
ALIAS = {
    "starts_at": "day",
    "notice": "notice_on",
    "papers": "paper",
    "council_id": "council",
    "record.effective": "when",
    "remit": "article",
    "matter_id": "matter",
}
CARRIED_OVER = "ItemCarriedOver"


def show() -> Response:
    return _page(_compose())


def act() -> Response:
    form = _compose()
    if form.drafting.pressed():
        return _page(form)
    if form.button == "add-line":
        form.form.fields["lines"] = str(number_of_lines(form.form) + 2)
        return _page(form)
    if form.button == "record" and form.is_done:
        return redirect(_leads_to(form), 303)
    with reading() as connection:
        offered = _offered(connection, _council(connection, form.form))
        read = planned.read(form.form, form.form.text("council"), offered, form.made)
    if form.form.stands and form.button == "record" and form.was_shown:
        if form.record(read.acts):
            form.drafting.done()
            flash(tr("会議を記録しました。", "The meeting is on record."))
            return redirect(_leads_to(form), 303)
    elif read.acts:
        form.rehearse(read.acts)
    return _page(form, status=200 if form.form.stands else 422)


def _leads_to(form: Composing) -> str:
    """Where the meeting goes on: on its day and after it, with the day itself, unless it is in writing."""
    where = href(f"/desk/meetings/{form.made.id('meeting-', 'meeting')}")
    day = form.form.day("day")
    has_come = day is not None and day <= today() and form.form.text("kind") != "written"
    return f"{where}/day" if has_come else where


def _compose() -> Composing:
    about = About(KIND, tr("新しい会議", "New meeting"), "/desk/meetings/new")
    form = Composing(about, ALIAS, _label)
    if form.drafting.draft is None and "day" not in form.form.fields:
        with reading() as connection:
            _begin(connection, form.form)
    if form.form.text("title"):
        form.drafting.about = About(KIND, form.form.text("title"), "/desk/meetings/new")
    return form


def _label(name: str) -> str:
    """What a field is called where two texts of it are shown."""
    words = {
        "day": tr("会議の日", "Day"),
        "time": tr("開会の時刻", "Time"),
        "place": tr("場所", "Place"),
        "title": tr("会議の名前", "Title"),
        "notice_on": tr("通知日", "Day of the notice"),
    }
    first, _, rest = name.partition(".")
    if first == "item":
        n, _, which = rest.partition(".")
        if not n.isdecimal():
            return name
        number = int(n) + 1
        return tr(f"議題{number}（{which}）", f"Item {number} ({which})")
    return words.get(name, name)


def _council(connection: sa.Connection, form: Filled) -> str | None:
    """The body that is chosen; the first one otherwise."""
    known = [council for council, _ in councils(connection)]
    chosen = form.text("council")
    return chosen if chosen in known else (known[0] if known else None)


def _offered(connection: sa.Connection, council_id: str | None) -> Offered:
    return Offered(
        matters_to_deal_with(connection, council_id),
        articles(connection),
        registered(connection, "Document"),
    )


# -- from the last one


def _begin(connection: sa.Connection, form: Filled) -> None:
    """What is known of the next meeting: as the last one was, with what was carried over."""
    council_id = _council(connection, form)
    form.begins("council", council_id)
    form.begins("when", "today")
    form.begins("publicity", _openness(council_id))
    last = last_meeting(connection, council_id, typed().get("from"))
    if last is None:
        form.begins("kind", "plenary")
        return
    scheduled: Json = marks.first(last.get("MeetingScheduled")) or {}
    form.begins("from", last["meeting_id"])
    form.begins("kind", last.get("kind") if last.get("kind") in KINDS else "plenary")
    form.begins("place", meeting_register.place_of(last))
    if last.get("starts_at"):
        form.begins("time", f"{dt.datetime.fromisoformat(last['starts_at']).astimezone(JAPAN):%H:%M}")
    number = scheduled.get("no")
    if number is not None:
        form.begins("no", str(number + 1))
        form.begins("numbered_by", scheduled.get("numbered_by") or "")
        form.begins("title", title_after(scheduled.get("title") or "", number + 1))
    _carry_over(connection, form, last)


def _openness(council_id: str | None) -> str:
    council = council_of(council_id) if council_id is not None else None
    rules = council.rules_on(dt.datetime.now(JAPAN).date()) if council is not None else None
    return (rules.publicity_default if rules is not None else None) or "open"


def last_meeting(connection: sa.Connection, council_id: str | None, wanted: str | None) -> Json | None:
    """The meeting from which the next is made: the one that is named, or the newest of the body."""
    table = meeting_register.meeting.table
    chosen = sa.select(table).where(table.c.council_id == council_id, table.c.state != "cancelled")
    if wanted:
        chosen = chosen.where(table.c.meeting_id == wanted)
    else:
        chosen = chosen.where(sa.or_(table.c.kind.is_(None), table.c.kind != "written"))
    newest = chosen.order_by(table.c.moment.desc(), table.c.position.desc()).limit(1)
    meetings = rows(connection, "meetings", connection.execute(newest))
    return meetings[0] if meetings else None


def _carry_over(connection: sa.Connection, form: Filled, last: Json) -> None:
    """Items that go on, and the minutes of the last meeting, are lines of the agenda."""
    on = {item["item_id"] for item in last.get(CARRIED_OVER) or ()}
    offered = matters_to_deal_with(connection, last.get("council_id"))
    lines = [
        (item["title"], item.get("type") or "", offered.title(item.get("matter_id")))
        for item in last.get("AgendaItemListed") or ()
        if item["item_id"] in on
    ]
    for n, (title, kind, matter) in enumerate(lines):
        form.begins(f"item.{n}.title", title)
        form.begins(f"item.{n}.type", kind)
        form.begins(f"item.{n}.matter", matter)
    form.begins("lines", str(max(4, len(lines) + 2)))


# -- shown


def _page(form: Composing, status: int = 200) -> Response:
    filled = form.form
    with reading() as connection:
        council_id = _council(connection, filled)
        offered = _offered(connection, council_id)
        last = last_meeting(connection, council_id, filled.text("from") or None)
        names = Names(connection, [last])
        known = councils(connection)
    day = filled.day("day") if filled.text("day") else None
    notice = filled.day("notice_on") if filled.text("notice_on") else None
    return office_page(
        "office/meetings/new.html",
        "meetings",
        status=status,
        **form.shown(),
        councils=[{"id": ident, "name": name} for ident, name in known],
        last={"id": last["meeting_id"], "title": title_of(last, names)} if last else None,
        lines=list(range(number_of_lines(filled))),
        types=_choices("type", TYPES),
        kinds=_choices("kind", KINDS),
        openness=_choices("publicity", OPENNESS),
        matters=list(offered.matters),
        articles=list(offered.articles),
        documents=list(offered.documents),
        day_read=office_day(day) if day else "",
        notice_read=_notice_read(notice, day),
    )


def _notice_read(notice: dt.date | None, day: dt.date | None) -> str:
    if notice is None:
        return ""
    if day is None or day < notice:
        return office_day(notice)
    days = (day - notice).days
    return tr(
        f"{office_day(notice)}。会議の{days}日前", f"{office_day(notice)}, {days} days before the meeting"
    )


def _choices(field: str, codes: Any) -> list[Json]:
    return [{"value": code, "label": wording.value(field, code)} for code in codes]


def register(blueprint: Any) -> None:
    Screen("/meetings/new", show, act).register(blueprint)
