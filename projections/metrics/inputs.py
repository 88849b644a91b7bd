"""Counting: the rows of the participation views of one period, as sets of people and meetings.

People are counted by party, so that somebody appointed again is the same person. What is named nowhere is
unknown: a meeting of which only a count is on record has ``present`` None.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from projections.engine.counted_rows import rows_of
from projections.engine.event_json import Json
from projections.views.council import council_work, participation
from projections.views.plan import joint_work


@dataclass(frozen=True)
class Sitting:
    """A meeting of the council that was held: who served on its day, who was there. None: not recorded."""

    meeting_id: str
    day: dt.date | None
    doc: Json
    serving: frozenset[str]
    present: frozenset[str] | None
    written: frozenset[str]
    spoke: frozenset[str]
    at_resolutions: tuple[tuple[frozenset[str], frozenset[str]], ...]
    """For each resolution, who was in the room and who was entitled, both without those recused."""

    @property
    def counts(self) -> tuple[int, int] | None:
        """How many were present and how many served: by name, else as a source counts them (M1)."""
        if self.present is not None:
            return len(self.present), len(self.serving)
        counted = self.doc["counted"] or {}
        present, serving = counted.get("present"), counted.get("serving")
        return None if present is None or serving is None else (present, serving)


@dataclass(frozen=True)
class Counted:
    """What is on record of a council (or all) in the days from ``first`` to ``last``."""

    connection: sa.Connection
    council_id: str | None
    first: dt.date
    last: dt.date
    today: dt.date

    def within(self, earliest: str | None, latest: str | None) -> bool:
        """Whether something surely happened in the period: its whole interval lies in it."""
        if earliest is None or latest is None:
            return False
        return self.first.isoformat() <= earliest and latest <= self.last.isoformat()

    @cached_property
    def seats(self) -> list[Json]:
        return rows_of(self.connection, participation.seat, self.council_id)

    @cached_property
    def _party(self) -> dict[tuple[str, str], str]:
        return {(s["council_id"], s["appointment_id"]): s["party_id"] for s in self.seats}

    def serving(self, day: dt.date, council_id: str | None = None) -> frozenset[str]:
        """Who is in office on a day."""
        on = day.isoformat()
        return frozenset(
            s["party_id"]
            for s in self.seats
            if s["first"] <= on <= s["last"] and council_id in (None, s["council_id"])
        )

    @cached_property
    def last_day(self) -> dt.date | None:
        """The last day of the period that is not in the future; None if all of it is."""
        last = min(self.last, self.today)
        return last if last >= self.first else None

    @cached_property
    def meetings(self) -> list[Json]:
        """Every meeting on record, whenever it was."""
        return rows_of(self.connection, participation.meeting, self.council_id)

    @cached_property
    def _council_of(self) -> dict[str, str]:
        return {m["meeting_id"]: m["council_id"] for m in self.meetings}

    @cached_property
    def held(self) -> list[Json]:
        """Meetings of any kind that were held in the period."""
        return [m for m in self.meetings if was_held(m["doc"]) and self.within(m["earliest"], m["latest"])]

    @cached_property
    def sittings(self) -> list[Sitting]:
        """Meetings of the whole council in the period: no group's, no written procedure."""
        return [self._sitting(m) for m in self.held if m["doc"]["kind"] in ("plenary", "workshop")]

    @cached_property
    def named(self) -> list[Sitting]:
        """Those of which it is recorded who was there."""
        return [s for s in self.sittings if s.present is not None]

    @cached_property
    def seen_before(self) -> frozenset[str]:
        """Everybody who is on record as present at a meeting before the period."""
        earlier = [m for m in self.meetings if (m["latest"] or "9999") < self.first.isoformat()]
        return frozenset().union(*(self._sitting(m).present or () for m in earlier if was_held(m["doc"])))

    def _sitting(self, m: Json) -> Sitting:
        doc, council = m["doc"], m["council_id"]
        day = dt.date.fromisoformat(m["earliest"]) if m["earliest"] == m["latest"] and m["earliest"] else None
        serving = self.serving(day, council) if day else frozenset()

        def people(appointments: Any) -> frozenset[str]:
            """Advisers and staff hold no seat, and so are not among them."""
            party_ids = {self._party.get((council, appointment)) for appointment in appointments}
            return frozenset(p for p in party_ids if p is not None) & serving

        return Sitting(
            m["meeting_id"],
            day,
            doc,
            serving,
            people(doc["present"]) if doc["named"] and serving else None,
            people(doc["written"]),
            people(doc["spoke"]),
            tuple(
                (people(r["inside"]), serving - people(r["recused"]))
                for r in doc["resolutions"]
                if doc["named"] and serving
            ),
        )

    @cached_property
    def throughout(self) -> frozenset[str]:
        """N of domain.md 6: who was in office on every day of the period, as far as it has come. A person may
        have held one seat after another."""
        if self.last_day is None:
            return frozenset()
        terms: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for seat in self.seats:
            terms[seat["party_id"]].append((seat["first"], seat["last"]))
        return frozenset(p for p, held in terms.items() if _without_gap(held, self.first, self.last_day))

    @cached_property
    def invited(self) -> dict[str, int]:
        """To how many meetings whose attendance is known by name each of :attr:`throughout` was invited."""
        return {p: sum(p in s.serving for s in self.named) for p in sorted(self.throughout)}

    @cached_property
    def attended(self) -> dict[str, int]:
        """a_i: how often each of :attr:`throughout` was there. Empty if no attendance is known by name."""
        if not self.named:
            return {}
        return {p: sum(p in (s.present or ()) for s in self.named) for p in sorted(self.throughout)}

    @cached_property
    def took_part(self) -> frozenset[str]:
        """P(T): everybody who was present at a meeting of the period."""
        return frozenset().union(*(s.present or () for s in self.named))

    @cached_property
    def groups(self) -> list[Json]:
        return rows_of(self.connection, council_work.group, self.council_id)

    def party_of(self, group: Json, appointment: str) -> str:
        """The person of an appointment; the appointment itself if no seat of that name is on record."""
        return self._party.get((group["council_id"], appointment), appointment)

    @cached_property
    def matters(self) -> list[Json]:
        """Matters concluded in the period. One of which no council is stated is of the council whose meeting
        concluded it."""
        rows = rows_of(self.connection, council_work.matter, None)
        return [
            m
            for m in rows
            if m["doc"]["concluded"]
            and self.within(*m["doc"]["concluded"])
            and self.council_id in (None, m["council_id"] or self._council_of.get(m["doc"]["meeting_id"]))
        ]

    @cached_property
    def devices(self) -> list[Json]:
        return rows_of(self.connection, participation.device, self.council_id)

    @cached_property
    def actions(self) -> list[Json]:
        return joint_work.rows_of(self.connection, joint_work.action)

    @cached_property
    def measures(self) -> list[Json]:
        """Measures of the plans of which every measure is on record."""
        plans = {row["plan_id"] for row in joint_work.rows_of(self.connection, joint_work.drafted)}
        rows = joint_work.rows_of(self.connection, joint_work.measure)
        return [row for row in rows if row["plan_id"] in plans]

    @cached_property
    def sheets(self) -> list[Json]:
        return joint_work.rows_of(self.connection, joint_work.sheet)


def _without_gap(held: list[tuple[str, str]], first: dt.date, last: dt.date) -> bool:
    """Whether terms (first and last day, ISO) cover every day of a period."""
    open_from = first
    for start, end in sorted(held):
        if start > open_from.isoformat():
            return False
        if end >= last.isoformat():
            return True
        open_from = max(open_from, dt.date.fromisoformat(end) + dt.timedelta(days=1))
    return False


def was_held(doc: Json) -> bool:
    """Opened, closed, or counted by a source; and neither cancelled nor 流会."""
    return not doc["cancelled"] and bool(doc["opened"] or doc["closed_on"] or doc["counted"])
