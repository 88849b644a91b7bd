"""会議当日 /desk/meetings/…/day: the evening on one screen, while it goes on or after the fact.

One form holds the whole evening, and is its draft. A press records what it says up to an item, or all of it,
in one transaction; what is on record is shown and no longer asked.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect
from werkzeug.wrappers import Response

from api.access.auth import current_caller
from api.http.language import href, tr
from api.office.desk.drafts import About
from api.office.desk.frame import Screen, office_page
from api.office.desk.replies import replies_of
from api.office.meetings import day_shown, evening
from api.office.meetings.bodies import body_on, meeting_of, registered
from api.office.meetings.composing import Composing
from api.office.meetings.day_work import Day
from api.office.meetings.evening import MOST_OTHERS
from api.office.meetings.recording import CLOSING, MOVING, OPENING, WHOLE, Composed, Recording
from api.office.meetings.refusals import NO_ITEM_TO_RECORD
from api.office.meetings.statements import Roster
from api.pages.meeting.meeting_list import title_of
from api.pages.parts.names import Names
from api.pages.parts.serving import one
from api.reads.reading import reading
from api.setup.store import record_store
from domain.matter.aggregate import Matter
from domain.values.calendar import JAPAN

ALIAS = {
    "evidence": "evidence",
    "record.source": "evidence",
    "record.evidence": "evidence",
    "open.at": "open.at",
    "tally": "for",
    "result": "method",
    "options_version": "option",
    "chosen_option": "option",
    "limits": "outcome",
    "outcome_text": "outcome",
}
OF_CODE = {"DISSENT_UNASKED": "no_dissent", "EVIDENCE_OR_REASON_REQUIRED": "reason"}


def show(entity: str) -> Response:
    with reading() as connection:
        at = _day_of(connection, entity)
        if at is None:
            return redirect(href(f"/desk/meetings/{entity}"), 303)
        course, roster, composed = _compose(at, WHOLE)
        at.form.form.faults.clear()  # nobody has pressed anything
        return _page(at, course, roster, composed)


def act(entity: str) -> Response:
    with reading() as connection:
        at = _day_of(connection, entity)
        if at is None:
            return redirect(href(f"/desk/meetings/{entity}"), 303)
        form = at.form
        if form.drafting.pressed():
            form.form.fields = form.drafting.fields
            course, roster, composed = _compose(at, WHOLE)
            form.form.faults.clear()
            return _page(at, course, roster, composed)
        upto = _upto(form.button)
        if upto is None:
            course, roster, composed = _compose(at, WHOLE)
            form.rehearse(composed.acts)
            return _page(at, course, roster, composed, status=200 if form.form.stands else 422)
        if form.is_done:
            return _on(entity, form, upto)
        _press_now(at, form.button)
        course, roster, composed = _compose(at, upto)
        if not composed.acts and form.form.stands:
            form.form.refuse(NO_ITEM_TO_RECORD(), upto)
        if form.form.stands and form.was_shown and form.record(composed.acts):
            _keep_the_rest(at, upto)
            return _on(entity, form, upto)
        if composed.acts and not form.form.faults:
            form.rehearse(composed.acts)
        return _page(at, course, roster, composed, status=200 if form.form.stands else 422)


def _upto(button: str) -> str | None:
    """Up to where a button records; None if it only looks."""
    if button.startswith(("item:", "said:")) or button in (OPENING, CLOSING, WHOLE):
        return button
    return MOVING if button in ("recess", "resume", MOVING) else None


def _press_now(at: Day, button: str) -> None:
    """A recess begins and ends at the minute of the press, where nobody says otherwise."""
    if button not in ("recess", "resume") or not at.is_live:
        return
    for n in range(evening.MOST_RECESSES):
        name = f"recess.{n}.{button}"
        if not at.form.form.text(name):
            at.form.form.fields[name] = f"{dt.datetime.now(JAPAN):%H:%M}"
            return


def _keep_the_rest(at: Day, upto: str) -> None:
    """What is on record leaves the draft; the rest of the evening stays in it."""
    form, gone = at.form.form, upto.partition(":")[2]
    if upto in (WHOLE, CLOSING):
        at.form.drafting.done()
        return
    for name in [name for name in form.fields if gone and name.startswith(f"{gone}.")]:
        if upto.startswith("item:") or name == f"{gone}.talk":
            del form.fields[name]
    at.form.drafting.save_on()


def _on(entity: str, form: Composing, upto: str) -> Response:
    if upto in (WHOLE, CLOSING):
        over = meeting_of(entity)
        if over is not None and over.closed is not None:
            done = tr(
                "会議を記録しました。つぎは会議録です。", "The meeting is on record. Next come its minutes."
            )
            flash(done)
            return redirect(href(f"/desk/meetings/{entity}/minutes"), 303)
    flash(tr("記録しました。", "It is on record."))
    return redirect(href(f"/desk/meetings/{entity}/day"), 303)


def _day_of(connection: sa.Connection, entity: str) -> Day | None:
    """Everything that a request needs; None for a meeting without a day, or that is not held in a room."""
    row = one(connection, "meetings", entity)
    meeting = meeting_of(entity)
    if meeting is None or row.get("kind") == "written":
        return None
    if meeting.day is None:
        return None
    body = body_on(connection, meeting.council_id, meeting.day)
    if body is None:
        return None
    title = str(title_of(row, Names(connection, [row])))
    about = About(
        "meeting-day",
        tr(f"{title}の当日", f"The day of {title}"),
        f"/desk/meetings/{entity}/day",
        entity,
        (meeting.council_id,),
    )
    form = Composing(about, ALIAS, day_shown.label_of(meeting), OF_CODE)
    at = Day(connection, row, meeting, meeting.day, body, form, registered(connection, "Document"))
    _begin(at)
    return at


def _begin(at: Day) -> None:
    """What is known before anybody types: who presides, the hour, who sent word of being absent."""
    form, body, scheduled = at.form.form, at.body, at.meeting.scheduled
    if scheduled is not None and scheduled.starts_at is not None:
        form.begins("open.at", f"{scheduled.starts_at.astimezone(JAPAN):%H:%M}")
    absent, replies = at.meeting.absences, replies_of(at.connection, at.meeting.entity)
    chair = body.chair if body.chair not in absent else body.deputy
    form.begins("open.presiding", chair or "")
    for member in body.members:
        answered = replies.get(member.seat, "present")
        form.begins(f"att.{member.seat}", "absent" if member.seat in absent else answered)
    form.begins("evidence", "minute_taker")
    for n, (party, name) in enumerate(body.advisers.items()):
        if n < MOST_OTHERS and name:
            form.begins(f"others.{n}.name", name)
            form.begins(f"others.{n}.capacity", "adviser")
            del party
    for item in at.meeting.items.values():
        form.begins(f"{item.item_id}.method", "no_objection")


def _compose(at: Day, upto: str) -> tuple[evening.Evening, Roster, Composed]:
    form = at.form.form
    course = evening.read(
        form,
        at.day,
        [member.seat for member in at.body.members],
        list(at.meeting.items),
        {name: about["party"] for name, about in at.people.items()},
        at.documents,
    )
    roster = at.roster(course)
    caller = current_caller()
    recording = Recording(
        form,
        course,
        at.meeting,
        at.body,
        roster,
        at.form.made,
        lambda ident: record_store().application.unit().find(Matter, ident),
        now=dt.datetime.now(JAPAN).replace(second=0, microsecond=0) if at.is_live else None,
        on_behalf=caller is not None and "SEC" in caller.roles,
    )
    return course, roster, recording.compose(upto)


def _page(
    at: Day, course: evening.Evening, roster: Roster, composed: Composed, status: int = 200
) -> Response:
    return office_page(
        "office/meetings/day.html",
        "meetings",
        status=status,
        **at.form.shown(apart="kiroku"),
        **day_shown.shown(at, course, roster, composed),
    )


def register(blueprint: Any) -> None:
    Screen("/meetings/<entity>/day", show, act).register(blueprint)
