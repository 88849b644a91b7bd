"""A past meeting as it would be recorded: what the form says, what was read, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from api.office.desk.acts import Act, Rehearsal
from api.office.meetings.bodies import Body
from api.office.tables.minutes.parsing import Minutes
from domain.values.refusal import Refusal

AS_ROLE = "role"
"""The choice of a speaker who is recorded by the role that is written, and not as anybody."""


@dataclass
class Attendee:
    seat: str
    status: str
    cell: str


@dataclass
class Composed:
    """A past meeting, as it would be recorded."""

    body: Body | None = None
    day: dt.date | None = None
    faults: dict[str, Refusal] = field(default_factory=dict)
    """By field of the form."""
    refused: list[Refusal] = field(default_factory=list)
    """What commands refuse, at their place."""
    speakers: dict[str, str | None] = field(default_factory=dict)
    """Of each label: the seat, ``role``, or None where it is to be asked."""
    attendees: list[Attendee] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    rehearsal: Rehearsal = field(default_factory=Rehearsal)
    meeting_id: str = ""

    @property
    def stands(self) -> bool:
        return bool(self.acts) and not self.faults and not self.refused


FIELDS = ("council", "day", "begins", "ends", "no", "title", "venue", "present", "observers", "open")


def filled_in(minutes: Minutes, typed: Mapping[str, str]) -> dict[str, str]:
    """The fields of the form: as they were typed, or else as the minutes say."""
    usual = {
        "day": minutes.day,
        "begins": minutes.begins,
        "ends": minutes.ends,
        "no": str(minutes.number or ""),
        "title": minutes.title[:200],
        "venue": minutes.venue[:200],
        "observers": "" if minutes.observers is None else str(minutes.observers),
        "open": "internal",
    }
    return {name: typed[name] if name in typed else usual.get(name, "") for name in FIELDS}


def read(outcome: Composed, name: str, text: str, reader: Any) -> Any:
    """What stands in a field; None if nothing does, or if it cannot be read, which is noted."""
    if not text.strip():
        return None
    try:
        return reader(text)
    except Refusal as refused:
        outcome.faults[name] = refused
        return None
