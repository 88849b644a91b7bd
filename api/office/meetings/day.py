"""会議当日 /desk/meetings/…/day: the evening on one screen, while it goes on or after the fact.

One form holds the whole evening, and is its draft. A press records what it says up to an item, or all of it,
in one transaction; what is on record is shown and no longer asked.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect
from werkzeug.wrappers import Response

from api.access.auth import current_caller
from api.http.clock import today
from api.http.language import href, tr
from api.office.drafts import About
from api.office.frame import Screen, office_page
from api.office.meetings import day_shown, evening
from api.office.meetings.bodies import Body, Titles, body_on, meeting_of, registered
from api.office.meetings.composing import Composing
from api.office.meetings.evening import MOST_OTHERS
from api.office.meetings.recording import CLOSING, MOVING, OPENING, WHOLE, Composed, Recording
from api.office.meetings.refusals import NO_ITEM_TO_RECORD
from api.office.meetings.statements import Other, Person, Roster
from api.office.my.replies import replies_of
from api.pages.meeting.meeting_list import title_of
from api.pages.parts.names import Names
from api.pages.parts.serving import one
from api.reads.people import people_for_reader
from api.reads.reading import reading
from api.setup.store import record_store
from domain.matter.aggregate import Matter
from domain.meeting.aggregate import Meeting
from domain.values.calendar import JAPAN
from projections.engine.event_json import Json
from projections.views.matter.decision_trail import thing

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
MOST_PEOPLE = 300
RUNNING = ("scheduled", "notified", "open", "recess")


@dataclass
class Day:
    """The meeting of a request, with everybody who may be there."""

    connection: sa.Connection
    row: Json
    meeting: Meeting
    day: dt.date
    body: Body
    form: Composing
    documents: Titles

    @property
    def is_live(self) -> bool:
        return self.day == today() and self.meeting.state in RUNNING

    @cached_property
    def people(self) -> dict[str, dict[str, str]]:
        """Who is on record and no member, by name: their party and post."""
        table = thing.table
        chosen = (
            sa.select(table.c.id)
            .where(table.c.kind == "Party", table.c.id == table.c.entity)
            .order_by(table.c.position.desc())
        )
        parties = list(self.connection.scalars(chosen.limit(MOST_PEOPLE)))
        members = {member.party for member in self.body.members}
        known = people_for_reader(self.connection, [party for party in parties if party not in members])
        return {
            str(about["name"]): {"party": party, "post": str(about.get("post") or "")}
            for party, about in known.items()
            if about.get("name")
        }

    def roster(self, said: evening.Evening) -> Roster:
        """Who may speak: members, and those who are said to have been there."""
        by_party = {about["party"]: (name, about["post"]) for name, about in self.people.items()}
        others = []
        for other in said.others or ():
            name, post = by_party.get(other.get("party_id", ""), ("", ""))
            others.append(Other(ROLE_OF[other["capacity"]], name, other.get("post") or post))
        opened = self.meeting.opened
        chair = opened.presiding if opened is not None else said.presiding or self.body.chair
        return Roster(
            [Person(member.seat, member.name) for member in self.body.members],
            chair,
            self.body.deputy,
            others,
            {
                name.removeprefix("who."): text
                for name, text in self.form.form.fields.items()
                if name.startswith("who.")
            },
        )


ROLE_OF = {"adviser": "助言者", "staff": "事務局", "guest": "出席者"}


def show(entity: str) -> Response:
    with reading() as connection:
        at = _day_of(connection, entity)
        if at is None:
            return redirect(href(f"/desk/meetings/{entity}"), 303)
        said, roster, composed = _compose(at, WHOLE)
        at.form.form.faults.clear()  # nobody has pressed anything
        return _page(at, said, roster, composed)


def act(entity: str) -> Response:
    with reading() as connection:
        at = _day_of(connection, entity)
        if at is None:
            return redirect(href(f"/desk/meetings/{entity}"), 303)
        form = at.form
        if form.drafting.pressed():
            form.form.fields = form.drafting.fields
            said, roster, composed = _compose(at, WHOLE)
            form.form.faults.clear()
            return _page(at, said, roster, composed)
        upto = _upto(form.button)
        if upto is None:
            said, roster, composed = _compose(at, WHOLE)
            form.rehearse(composed.acts)
            return _page(at, said, roster, composed, status=200 if form.form.stands else 422)
        if form.is_done:
            return _on(entity, form, upto)
        _press_now(at, form.button)
        said, roster, composed = _compose(at, upto)
        if not composed.acts and form.form.stands:
            form.form.refuse(NO_ITEM_TO_RECORD(), upto)
        if form.form.stands and form.was_shown and form.record(composed.acts):
            _keep_the_rest(at, upto)
            return _on(entity, form, upto)
        if composed.acts and not form.form.faults:
            form.rehearse(composed.acts)
        return _page(at, said, roster, composed, status=200 if form.form.stands else 422)


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
        flash(
            tr(
                "会議を記録しました。会議録をつくれます。",
                "The meeting is on record. Its minutes can be made.",
            )
        )
    else:
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
    form = Composing(about, ALIAS, day_shown.label_of(meeting))
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
    said = evening.read(
        form,
        at.day,
        [member.seat for member in at.body.members],
        list(at.meeting.items),
        {name: about["party"] for name, about in at.people.items()},
        at.documents,
    )
    roster = at.roster(said)
    caller = current_caller()
    recording = Recording(
        form,
        said,
        at.meeting,
        at.body,
        roster,
        at.form.made,
        lambda ident: record_store().application.unit().find(Matter, ident),
        now=dt.datetime.now(JAPAN).replace(second=0, microsecond=0) if at.is_live else None,
        on_behalf=caller is not None and "SEC" in caller.roles,
    )
    return said, roster, recording.compose(upto)


def _page(at: Day, said: evening.Evening, roster: Roster, composed: Composed, status: int = 200) -> Response:
    return office_page(
        "office/meetings/day.html",
        "meetings",
        status=status,
        **at.form.shown(),
        **day_shown.shown(at, said, roster, composed),
    )


def register(blueprint: Any) -> None:
    Screen("/meetings/<entity>/day", show, act).register(blueprint)
