"""Names of people, from the vault: to whom they are shown, and that they were (truth.md 4).

The secretariat, and whoever prepares minutes, sees names, posts and contacts, and each reading is noted in
the access log. The public sees the name of somebody who consented, and of a member whose council's rules
publish its roster.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from api.access.access_log import personal_data_read
from api.access.auth import current_caller
from api.reads.as_of import day_shown
from api.setup.one_moment import living
from domain.recording.application import command_named
from domain.recording.permission import forbidden
from projections.answers.finding.searching import Search, people
from projections.answers.in_force import in_force
from projections.engine.event_json import Json
from projections.tables.durable import VAULT
from projections.views.council import council_roster
from projections.views.matter import decision_trail

_CONSENT = {
    "NamePublicationConsentGiven": True,
    "NamePublicationConsentWithdrawn": False,
    "PersonErased": False,
}


def sees_names() -> bool:
    """Whether the caller is the secretariat, or prepares minutes."""
    caller = current_caller()
    return caller is not None and not caller.roles.isdisjoint(who_sees_names())


def who_sees_names() -> tuple[str, ...]:
    """The roles whose work it is."""
    return command_named("Meeting", "draft_minutes").roles


def only_who_sees_names() -> None:
    """Refuses ``FORBIDDEN`` to anybody else."""
    if not sees_names():
        caller = current_caller()
        raise forbidden(who_sees_names(), caller.roles if caller else ())


def people_for_reader(
    connection: sa.Connection, parties: Iterable[str], *, by_rule: Iterable[str] = ()
) -> dict[str, Json]:
    """What this reader may know of these people: ``name``, and for those whose work it is ``post`` and
    ``contact`` too. ``by_rule``: those of them whose name the rules of their council publish."""
    wanted = sorted(set(parties))
    if sees_names():
        return read_in_the_vault(wanted)
    held = _held(connection, by_rule)
    named = {party: data["name"] for party, data in held.items() if "name" in data}
    return {party: {"name": name} for party, name in (public_names(connection, wanted) | named).items()}


def is_open_seat(seen: Json) -> bool:
    """Whether a seat, as this reader sees it, is not closed, nor who holds it."""
    appointed = seen.get("appointed") or {}
    closed = "party_id" in (appointed.get("closed_fields") or {})
    return not (closed or seen.get("closed") or appointed.get("closed"))


def read_in_the_vault(parties: Collection[str]) -> dict[str, Json]:
    """Everything that the vault holds about these people, for the caller, which is noted."""
    with living() as connection:
        held = _held(connection, parties)
    personal_data_read(sorted(held))
    return held


def found_people(connection: sa.Connection, wanted: Search) -> list[Json]:
    """People who have that name, for those whose work it is, which is noted."""
    matches = people(connection, wanted)
    personal_data_read([one["party_id"] for one in matches])
    return matches


def public_names(connection: sa.Connection, parties: Iterable[str]) -> dict[str, str]:
    """The names of those of these people who consented to being named."""
    wanted = sorted(set(parties))
    if not wanted:
        return {}
    table = decision_trail.step.table
    joined = table.outerjoin(VAULT, VAULT.c.party_id == table.c.entity)
    chosen = sa.select(table.c.entity, table.c.type, VAULT.c.personal).select_from(joined)
    chosen = chosen.where(table.c.entity.in_(wanted), table.c.type.in_(_CONSENT)).order_by(table.c.position)
    personal = {
        party: consented if _CONSENT[type_] else None
        for party, type_, consented in connection.execute(chosen)
    }
    known = {
        party: msgspec.json.decode(consented)
        for party, consented in personal.items()
        if consented is not None
    }
    return {party: data["name"] for party, data in known.items() if "name" in data}


def publishing_rules(rules: Sequence[Any] | None, day: dt.date | None = None) -> Json | None:
    """Of the rules of a council, as its row has them, those in force on a day (today), if they publish the
    roster."""
    on = day or day_shown()
    known = [r for r in rules or () if isinstance(r, dict) and isinstance(r.get("effective_from"), dict)]
    held = in_force(known, on)
    if held is None or (held["effective_from"].get("latest") or "9999") > on.isoformat():
        return None  # whether they have begun cannot be told: nobody is named
    return held if held.get("roster_naming") == "named" else None


def publishes_roster(connection: sa.Connection, council_id: str, day: dt.date | None = None) -> bool:
    """Whether the rules that are in force publish the roster of this council."""
    table = council_roster.council
    row = connection.execute(
        sa.select(table.table).where(table.table.c.council_id == council_id)
    ).one_or_none()
    return row is not None and publishing_rules(msgspec.json.decode(row.doc)["rules"], day) is not None


def _held(connection: sa.Connection, parties: Iterable[str]) -> dict[str, Json]:
    wanted = sorted(set(parties))
    if not wanted:
        return {}
    chosen = sa.select(VAULT.c.party_id, VAULT.c.personal).where(VAULT.c.party_id.in_(wanted))
    return {party: msgspec.json.decode(personal) for party, personal in connection.execute(chosen)}
