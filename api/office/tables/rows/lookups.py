"""What is on record already, by the words in which a sheet names it."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from api.office.tables.reading.values import name_key, plain
from api.reads.people import read_in_the_vault
from domain.values.calendar import JAPAN
from projections.answers.labels import as_read
from projections.engine.event_json import Json
from projections.views.council import council_roster, party_register
from projections.views.matter import matter_list
from projections.views.meeting import meeting_register
from projections.views.plan import action_ledger


@dataclass(frozen=True)
class Member:
    """A seat and who holds or held it."""

    appointment_id: str
    party_id: str
    name: str
    category: str
    first_day: str
    last_day: str


@dataclass(frozen=True)
class Council:
    council_id: str
    name: str
    doc: Json

    @property
    def categories(self) -> dict[str, str]:
        """The categories of seats, by their words."""
        compositions = self.doc.get("compositions") or ()
        newest = compositions[-1] if compositions else {}
        return {
            seat["category"]: seat.get("label_ja") or seat["category"]
            for seat in newest.get("seat_categories") or ()
        }

    @property
    def terms(self) -> dict[int, Json]:
        return {int(term["term_no"]): term for term in self.doc.get("terms") or () if term.get("term_no")}


def councils(connection: sa.Connection) -> list[Council]:
    table = council_roster.council
    rows = connection.execute(council_roster.councils()).all()
    read = [as_read(table, tuple(row)) for row in rows]
    return [Council(row["council_id"], row["name"] or "", row["doc"]) for row in read]


def council_of(connection: sa.Connection, council_id: str | None) -> Council | None:
    return next((council for council in councils(connection) if council.council_id == council_id), None)


def members(connection: sa.Connection, council_id: str, on: dt.date | None = None) -> list[Member]:
    """Who holds, or ever held, a seat, by name: a reading of names, which is noted."""
    rows = connection.execute(council_roster.roster(council_id, on)).all()
    known = read_in_the_vault({row.party_id for row in rows if row.party_id})
    return [
        Member(
            row.appointment_id.rpartition("/")[2],
            row.party_id,
            known.get(row.party_id, {}).get("name", ""),
            row.category or "",
            row.first_day,
            row.last_day,
        )
        for row in rows
        if row.party_id
    ]


def organisations(connection: sa.Connection) -> dict[str, tuple[str, str]]:
    """Bodies on record, by the plain form of their names: identifier and name."""
    table = party_register.party.table.c
    chosen = sa.select(table.party_id, table.name).where(
        table.state == "organisation", table.name.is_not(None)
    )
    return {name_key(row.name): (row.party_id, row.name) for row in connection.execute(chosen)}


def closest(text: str, known: Mapping[str, Any]) -> str | None:
    """The key among ``known`` that is most like a text, if one is like it."""
    alike = difflib.get_close_matches(name_key(text), list(known), n=1, cutoff=0.6)
    return alike[0] if alike else None


@dataclass(frozen=True)
class Meeting:
    meeting_id: str
    council_id: str
    state: str
    title: str
    day: dt.date | None
    items: tuple[Json, ...]


def meetings(connection: sa.Connection, states: frozenset[str] | None = None) -> list[Meeting]:
    """Meetings, the newest first, by what they are called."""
    table = meeting_register.meeting
    chosen = sa.select(table.table).order_by(table.table.c.moment.desc(), table.table.c.position.desc())
    listed = []
    for row in connection.execute(chosen.limit(300)):
        read = as_read(table, tuple(row))
        if states is None or read["state"] in states:
            listed.append(_meeting(read))
    return listed


def meeting_of(connection: sa.Connection, meeting_id: str | None) -> Meeting | None:
    table = meeting_register.meeting
    chosen = sa.select(table.table).where(table.table.c.meeting_id == (meeting_id or ""))
    row = connection.execute(chosen).first()
    return None if row is None else _meeting(as_read(table, tuple(row)))


def _meeting(row: Json) -> Meeting:
    doc = row["doc"]
    scheduled = (doc.get("MeetingScheduled") or [{}])[-1]
    starts = row["starts_at"]
    day = dt.datetime.fromisoformat(starts).astimezone(JAPAN).date() if starts else None
    no = scheduled.get("no")
    title = scheduled.get("title") or (f"No. {no}" if no else row["meeting_id"])
    items = tuple(doc.get("AgendaItemListed") or ())
    return Meeting(row["meeting_id"], row["council_id"] or "", row["state"] or "", title, day, items)


@dataclass(frozen=True)
class Action:
    action_id: str
    title: str
    state: str


def actions(connection: sa.Connection) -> dict[str, Action]:
    """Actions on record, by the plain form of their titles."""
    rows = connection.execute(action_ledger.actions()).all()
    read = [as_read(action_ledger.action, tuple(row)) for row in rows]
    return {
        plain(row["title"]): Action(row["action_id"], row["title"], row["state"] or "")
        for row in read
        if row["title"]
    }


def matters(connection: sa.Connection) -> dict[str, tuple[str, str]]:
    """Matters on record, by the plain form of their titles and of their numbers: identifier and title."""
    table = matter_list.matter.table
    known: dict[str, tuple[str, str]] = {}
    for row in connection.execute(sa.select(table).order_by(table.c.position)):
        read = as_read(matter_list.matter, tuple(row))
        title = str(read.get("title") or "")
        raised = ((read["doc"] or {}).get("MatterRaised") or [{}])[0]
        for name in (title, raised.get("matter_no")):
            if name:
                known[plain(str(name))] = (read["matter_id"], title)
    return known
