"""What a request about the day of a meeting works with: the meeting, its body, the form, the people."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa

from api.http.clock import today
from api.office.meetings import evening
from api.office.meetings.bodies import Body, Titles
from api.office.meetings.composing import Composing
from api.office.meetings.statements import Other, Person, Roster
from api.reads.people import people_for_reader
from domain.meeting.aggregate import Meeting
from projections.engine.event_json import Json
from projections.views.matter.decision_trail import thing

MOST_PEOPLE = 300
RUNNING = ("scheduled", "notified", "open", "recess")
ROLE_OF = {"adviser": "助言者", "staff": "事務局", "guest": "出席者"}


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

    def roster(self, course: evening.Evening) -> Roster:
        """Who may speak: members, and those who are said to have been there."""
        by_party = {about["party"]: (name, about["post"]) for name, about in self.people.items()}
        others = []
        for other in course.others or ():
            name, post = by_party.get(other.get("party_id", ""), ("", ""))
            others.append(Other(ROLE_OF[other["capacity"]], name, other.get("post") or post))
        opened = self.meeting.opened
        chair = opened.presiding if opened is not None else course.presiding or self.body.chair
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
