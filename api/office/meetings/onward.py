"""What follows the minutes of a meeting: its conclusions that have not gone to the city yet."""

from __future__ import annotations

from urllib.parse import quote

import sqlalchemy as sa

from api.http.language import href
from api.pages.parts.names import Names
from api.setup.store import record_store
from domain.matter.aggregate import Matter
from domain.matter.state import DECIDED
from domain.meeting.aggregate import Meeting
from projections.engine.event_json import Json


def unsent(meeting: Meeting) -> list[str]:
    """The matters that the meeting concluded and that have not been sent, in the order of its agenda."""
    unit = record_store().application.unit()
    listed = sorted(meeting.items.values(), key=lambda item: item.order)
    dealt_with = dict.fromkeys(ident for item in listed for ident in item.matters)
    return [ident for ident in dealt_with if _waits(unit.find(Matter, ident), meeting.entity)]


def _waits(matter: Matter | None, meeting_id: str) -> bool:
    return (
        matter is not None
        and matter.state in DECIDED
        and not matter.transmitted
        and matter.conclusion is not None
        and matter.conclusion.meeting_id == meeting_id
    )


def sending(matter_id: str) -> str:
    """Where it is recorded that a conclusion was sent."""
    return href(f"/desk/matters/{quote(matter_id)}/city")


def shown(connection: sa.Connection, meeting: Meeting) -> list[Json]:
    """Each of them as a line that leads to where it is sent."""
    waiting = unsent(meeting)
    names = Names(connection, waiting)
    return [{"title": names.label(ident), "url": sending(ident)} for ident in waiting]
