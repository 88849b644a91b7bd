"""Acting as oneself 本人: whoever is no staff acts for their own seat alone (truth.md 3).

An act names who did it by a seat (an appointment) or by a person's id. Either must be that of the actor.
What somebody else did is recorded on their behalf, by the secretariat, on evidence.
"""

from __future__ import annotations

from typing import Any

from domain.kernel.record import KINDS, Record
from domain.kernel.refusals import NOT_YOURSELF

PERSONS = frozenset({"MEM", "LDR", "ADV", "CHR"})
"""Roles of people who speak for themselves."""


def must_be_oneself(
    record: Record,
    named: str | None,
    pointer: str,
    *,
    council_id: str | None,
    roles: frozenset[str] = PERSONS,
) -> None:
    """Refuse ``NOT_YOURSELF`` where somebody in one of ``roles`` names a seat of this council, or a person,
    that is not theirs. An import says what its source says."""
    context = record.context
    if named is None or context.importing or context.actor.role not in roles:
        return
    if not is_held_by(record, named, council_id, context.actor.party):
        raise NOT_YOURSELF().at(pointer)


def is_held_by(record: Record, named: str, council_id: str | None, party: str | None) -> bool:
    """Whether ``named`` is this person, or a seat of this council that they hold or held."""
    if party is None or named == party:
        return party is not None
    council: Any = record.context.reader.find(KINDS["Council"], council_id) if council_id else None
    seat = council.appointments.get(named) if council is not None else None
    return seat is not None and seat.party_id == party
