"""A council's own papers 会議の資料: what a member may read besides what everybody may (truth.md 5).

A paper of a council is a document that was before one of its meetings, or of a group of it (listed with the
meeting or with an item, or the draft of its minutes), or before one of its matters as evidence. What is
internal of these its members may see, while they serve; what is closed they may not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple

import sqlalchemy as sa

from projections.answers.labels import document
from projections.engine.event_json import Json
from projections.views.council import council_roster
from projections.views.matter import matter_list
from projections.views.matter.decision_trail import link, thing
from projections.views.meeting import meeting_register


class Seat(NamedTuple):
    """A seat that somebody holds or held, with the first and the last day (ISO) that they hold it."""

    appointment_id: str
    council_id: str
    first_day: str
    last_day: str


def seats_of(connection: sa.Connection, party_id: str | None, on: dt.date | None = None) -> list[Seat]:
    """The seats that somebody holds on a day, or ever held."""
    seat = council_roster.seat_holder.table.c
    chosen = sa.select(seat.appointment_id, seat.council_id, seat.first_day, seat.last_day)
    chosen = chosen.where(seat.party_id == party_id)
    if on is not None:
        chosen = chosen.where(seat.first_day <= on.isoformat(), seat.last_day >= on.isoformat())
    rows = connection.execute(chosen.order_by(seat.first_day, seat.position))
    return [Seat(row.appointment_id.rpartition("/")[2], *row[1:]) for row in rows]


def papers_of(connection: sa.Connection, councils: Collection[str], among: Collection[str]) -> set[str]:
    """Which of the documents ``among`` are papers of these councils."""
    if not councils or not among:
        return set()
    meeting, matter = meeting_register.meeting.table, matter_list.matter.table
    linked = (
        sa.select(link.table.c.to_id)
        .select_from(
            link.table.join(thing.table, thing.table.c.id == link.table.c.from_id)
            .outerjoin(meeting, meeting.c.meeting_id == thing.table.c.entity)
            .outerjoin(matter, matter.c.matter_id == thing.table.c.entity)
        )
        .where(
            link.table.c.to_id.in_(sorted(among)),
            link.table.c.withdrawn.is_(None),
            sa.func.coalesce(meeting.c.council_id, matter.c.council_id).in_(sorted(councils)),
        )
    )
    papers = set(connection.scalars(linked))
    return papers | (set(among) & _drafts(connection, councils) if len(papers) < len(set(among)) else set())


def _drafts(connection: sa.Connection, councils: Collection[str]) -> set[str]:
    """The drafts of minutes of these councils, to which no link leads."""
    meeting = meeting_register.meeting
    stated = ("minutes_drafted", "circulated", "confirmed", "published")
    chosen = sa.select(meeting.table.c.doc).where(
        meeting.table.c.council_id.in_(sorted(councils)), meeting.table.c.state.in_(stated)
    )
    docs: list[Json] = [document(text) for text in connection.scalars(chosen)]
    return {draft["document_id"] for doc in docs for draft in doc.get("MinutesDrafted", ())}
