"""Quorum checks by the rules in force that day, also where those were recorded after the meeting.

A check is recorded with the rules then on record. Rules adopted earlier and recorded later rule from their
day: so the same numbers are counted again by them, and what was recorded stays beside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import msgspec
import sqlalchemy as sa

from domain.values.quorum import QuorumRule, check_quorum
from projections.answers.in_force import in_force
from projections.answers.labels import as_read
from projections.engine.event_json import Json, as_date
from projections.views.council import council_roster


def by_the_rules(quorum: Json, rules: Json | None, seats: int | None = None) -> Json | None:
    """A check counted again by these rules; None where they are those it was counted by, or too little is
    known to count."""
    rule = (rules or {}).get("quorum")
    if rule is None or quorum.get("present") is None or quorum.get("serving") is None:
        return None
    declared = msgspec.convert(rule, QuorumRule)
    before = quorum.get("rule")
    if before is not None and msgspec.convert(before, QuorumRule) == declared:
        return None
    check = check_quorum(declared, quorum["serving"], quorum["present"], seats)
    return None if check.result == "rule_unknown" else dict(msgspec.to_builtins(check))


def seats_on(council: Json, on: dt.date) -> int | None:
    """How many seats a council has by the composition in force on a day; None if a number is not known."""
    stated = (council.get("established") or {}).get("seats_total")
    composition = in_force(council.get("compositions") or (), on) or {}
    seats = [c.get("seats") for c in composition.get("seat_categories") or ()]
    if stated is not None:
        return int(stated)
    return None if not seats or None in seats else sum(seats)


def with_checks_anew(connection: sa.Connection, meetings: Iterable[Json]) -> list[Json]:
    """Meetings as rows of the register; beside each check that the rules of its day, or attendance known
    later, make another one stands that one, as ``quorum_anew``."""
    listed = list(meetings)
    councils = _councils(connection, {m.get("council_id") for m in listed})
    for m in listed:
        council = councils.get(m.get("council_id")) or {}
        later = [known for known in m.get("AttendanceKnownLater") or () if "closed" not in known]
        attended = {r["resolution_id"]: r["quorum"] for known in later for r in known["resolutions"] or ()}
        for type_ in ("MeetingOpened", "MeetingHeld", "AttendanceKnownLater", "ResolutionTaken"):
            for entry in m.get(type_) or ():
                _count_anew(entry, attended.get(entry.get("resolution_id")), council)
    return listed


def _count_anew(entry: Json, attended: Json | None, council: Json) -> None:
    quorum, effective = attended or entry.get("quorum"), (entry.get("said") or {}).get("effective")
    day = as_date(effective).earliest if effective else None
    if quorum is None or day is None:
        return
    rules = [r for r in council.get("rules") or () if "closed" not in r]
    anew = by_the_rules(quorum, in_force(rules, day), seats_on(council, day)) or attended
    if anew is not None:
        entry["quorum_anew"] = anew


def _councils(connection: sa.Connection, ids: Iterable[str | None]) -> dict[str | None, Json]:
    table = council_roster.council
    chosen = sa.select(table.table).where(table.table.c.council_id.in_(sorted(i for i in ids if i)))
    councils = (as_read(table, tuple(row)) for row in connection.execute(chosen))
    return {row["council_id"]: row["doc"] for row in councils}
