"""The body of a meeting as its screens know it: who serves on a day, who presides, by which rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from api.pages.parts.names import Names
from api.reads.people import people_for_reader
from api.setup.store import record_store
from api.words import wording
from domain.council.aggregate import Council
from domain.council.events import ProcedureRulesAdopted
from domain.meeting.aggregate import Meeting
from projections.engine.event_json import Json
from projections.views.council import council_roster
from projections.views.matter import matter_list
from projections.views.matter.decision_trail import thing

MOST_CHOICES = 300


@dataclass(frozen=True)
class Member:
    """Who holds a seat: by the appointment."""

    seat: str
    party: str
    name: str
    belongs: str
    """From where they come: the body that nominated them, or their category."""

    @property
    def family(self) -> str:
        """The family name, where the name has a space after it."""
        return self.name.replace("　", " ").split(" ")[0]


@dataclass(frozen=True)
class Body:
    """A council on a day."""

    council_id: str
    day: dt.date
    members: tuple[Member, ...]
    chair: str | None
    deputy: str | None
    rules: ProcedureRulesAdopted | None
    seats: int | None
    advisers: Mapping[str, str] = field(default_factory=dict)

    def member(self, seat: str | None) -> Member | None:
        return next((member for member in self.members if member.seat == seat), None)

    def name(self, seat: str | None) -> str:
        member = self.member(seat)
        return member.name if member is not None else ""


def council_of(council_id: str) -> Council | None:
    return record_store().application.unit().find(Council, council_id)


def meeting_of(meeting_id: str) -> Meeting | None:
    return record_store().application.unit().find(Meeting, meeting_id)


def body_on(connection: sa.Connection, council_id: str, day: dt.date) -> Body | None:
    """The council on a day; None if there is none of that name."""
    council = council_of(council_id)
    if council is None:
        return None
    serving = council.serving_on(day)
    parties = {seat: appointed.party_id for seat, appointed in serving.items()}
    advisers = [party for party in council.advisers if council.is_adviser(party, day)]
    known = people_for_reader(connection, [*parties.values(), *advisers], by_rule=parties.values())
    nominated = [appointed.nominated_by for appointed in serving.values() if appointed.nominated_by]
    names = Names(connection, nominated)
    members = [
        Member(
            seat,
            parties[seat],
            known.get(parties[seat], {}).get("name") or str(names.label(parties[seat])),
            _belongs(appointed, names),
        )
        for seat, appointed in serving.items()
    ]
    return Body(
        council_id,
        day,
        tuple(members),
        council.chair_on(day),
        council.acting_chair_on(day),
        council.rules_on(day),
        council.seats_total(),
        {party: known.get(party, {}).get("name") or "" for party in advisers},
    )


def _belongs(appointed: Any, names: Names) -> str:
    if appointed.nominated_by and names.title(appointed.nominated_by):
        return str(names.title(appointed.nominated_by))
    return wording.value("category", appointed.category) if appointed.category else ""


def councils(connection: sa.Connection) -> list[tuple[str, str]]:
    """Every council that meets: id and name."""
    table = council_roster.council.table
    chosen = sa.select(table.c.council_id, table.c.name, table.c.state).order_by(table.c.position)
    return [(row.council_id, row.name) for row in connection.execute(chosen) if row.state == "established"]


# -- what is chosen by its title


class Titles:
    """Things by what they are called; those of one name are told apart by a number."""

    def __init__(self, titled: Sequence[tuple[str, str]]):
        self.by_title: dict[str, str] = {}
        for ident, title in titled:
            label, n = title, 1
            while label in self.by_title:
                n += 1
                label = f"{title}（{n}）"
            self.by_title[label] = ident

    def id(self, title: str) -> str | None:
        return self.by_title.get(title.strip())

    def title(self, ident: str | None) -> str:
        return next((title for title, known in self.by_title.items() if known == ident), "")

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_title)


def matters_to_deal_with(connection: sa.Connection, council_id: str | None) -> Titles:
    """The matters that a meeting may deal with, what is open before what is concluded."""
    table = matter_list.matter.table
    chosen = sa.select(table.c.matter_id, table.c.title, table.c.state, table.c.position)
    if council_id is not None:
        chosen = chosen.where(sa.or_(table.c.council_id == council_id, table.c.council_id.is_(None)))
    rows = connection.execute(chosen.order_by(table.c.position.desc()).limit(MOST_CHOICES)).all()
    still = ("raised", "deliberating", "carried_over")
    ordered = sorted(rows, key=lambda row: row.state not in still)
    withdrawn = [row for row in ordered if row.state != "withdrawn" and row.title]
    return Titles([(row.matter_id, row.title) for row in withdrawn])


def registered(connection: sa.Connection, kind: str) -> Titles:
    """Things of a kind by their titles, the newest first."""
    table = thing.table
    chosen = (
        sa.select(table.c.id, table.c.title)
        .where(table.c.kind == kind, table.c.id == table.c.entity, table.c.title.is_not(None))
        .order_by(table.c.position.desc())
        .limit(MOST_CHOICES)
    )
    return Titles([(row.id, row.title) for row in connection.execute(chosen)])


def articles(connection: sa.Connection) -> Titles:
    """Articles of laws on record: ``みなも市市民協働条例 第17条``."""
    table = thing.table
    chosen = (
        sa.select(table.c.id, table.c.entity, table.c.title)
        .where(table.c.kind == "LegalInstrument")
        .order_by(table.c.entity, table.c.id)
        .limit(MOST_CHOICES)
    )
    rows = [(row.id, row.entity) for row in connection.execute(chosen) if "#" in row.id]
    names = Names(connection, [ident for ident, _ in rows] + [entity for _, entity in rows])
    return Titles([(ident, f"{names.label(entity)}　{names.label(ident)}") for ident, entity in rows])


def citation_of(ident: str) -> Json:
    """The citation of an article by its identifier (``law-minamo#17``)."""
    instrument, _, article = ident.partition("#")
    return {"instrument_id": instrument, "article": int(article) if article.isdecimal() else article}
