"""An excerpt of the record's past: rows of a moment in a database in memory
(projections/past/single_thing.py)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from functools import lru_cache
from typing import Any

import msgspec
import sqlalchemy as sa

from domain.kernel.correction_events import CORRECTING
from domain.kernel.events import Actor, Recorded, Source
from domain.values.calendar import EffectiveDate
from domain.values.law import Citation
from projections.engine.compiled_select import Prepared, among
from projections.engine.database import create_sql, statements
from projections.engine.fold_events import DictRows, fold_events
from projections.engine.log import RawEvent, event_of, head, raw_at, states_at
from projections.engine.view import ViewTable
from projections.past.files import Moment, kept_of, position_on
from projections.past.standing_dates import Dates, standing_dates
from projections.tables.log_table import LOG
from projections.views.matter import decision_trail
from projections.views.matter.decision_trail import link, step, thing
from projections.views.plan.sealed import is_sheet, seal
from projections.views.record.closed_parts import closed_part
from projections.views.record.corrections import fix

_FIXING = frozenset(event.__name__ for event in CORRECTING)

Stored = tuple[Any, ...]
UNTIL = sa.bindparam("until", type_=sa.BigInteger)
"""The last position that there was then: a parameter of what :meth:`Excerpt.then` asks."""


class _Target(msgspec.Struct):
    target_version: int | None = None


class _Dated(msgspec.Struct):
    """When an event took effect, and what it fixes, read without the rest."""

    event_id: str
    stream: str
    type: str
    effective: EffectiveDate
    data: _Target


class Envelope(_Dated):
    """What of an event's envelope is needed of a neighbour's event, read without the rest."""

    actor: Actor
    recorded_by: Actor | None = None
    asserted_by: str | None = None
    source: Source | None = None
    legal_basis: Citation | None = None

    @property
    def names(self) -> Iterator[str]:
        """Whom and what it names."""
        recorder = self.recorded_by.party if self.recorded_by is not None else None
        for named in (self.asserted_by, self.actor.party, recorder):
            if named is not None:
                yield named
        if self.source is not None:
            yield self.source.document_id
        if self.legal_basis is not None:
            yield self.legal_basis.instrument_id


_dated = msgspec.json.Decoder(_Dated)
envelope = msgspec.json.Decoder(Envelope)


class Excerpt:
    """The rows of one thing's past, gathered from the living record into another database."""

    def __init__(
        self,
        living: sa.Connection,
        connection: sa.Connection,
        moment: Moment,
        subject: str,
        tables: Iterable[ViewTable] = (),
    ):
        """``connection`` leads to an empty database in memory, which gets ``tables`` too."""
        self.living, self.moment, self.subject = living, moment, subject
        self.connection, self.cursor = connection, connection.connection.cursor()
        database: Any = connection.connection.driver_connection
        database.deserialize(_empty(*(table.table for table in tables)))
        known_on = moment.known_on
        self.until = head(living) if known_on is None else position_on(living, known_on)
        self.today = decision_trail.things(living, [subject])
        """Things that were looked up, as they are today."""
        self.entity: str | None = self.today[subject]["entity"] if self.today else None
        self.neighbours: list[dict[str, int]] = []
        """What it came from, and what came of it, by level."""
        self.log: dict[int, RawEvent] = {}
        self._dates: Dates = {}
        self._dated: set[str] = set()
        """Streams of which corrected dates have been looked up."""
        self.named = {subject}
        """Things that have been looked up."""

    # -- where it goes

    def put(self, table: ViewTable, rows: Iterable[Stored]) -> None:
        if held := list(rows):
            self.cursor.executemany(statements(table.table, False).upsert, held)

    def put_log(self, rows: Sequence[RawEvent]) -> None:
        new = [raw for raw in rows if raw.position not in self.log]
        self.log.update((raw.position, raw) for raw in new)
        self.cursor.executemany(f"INSERT INTO {LOG} VALUES (?,?,?,?,?)", new)

    def then(self, chosen: Prepared, **parameters: Any) -> list[Any]:
        """The living rows that were there by then (:data:`UNTIL`)."""
        return chosen.rows(self.living, until=self.until, **parameters)

    def held(self, positions: Iterable[int]) -> set[int]:
        """Which of these events had been recorded by then, and may have been in force."""
        in_time = [position for position in positions if position <= self.until]
        if self.moment.in_force_on is None:
            return set(in_time)
        states = {position: _dated.decode(state) for position, state in states_at(self.living, in_time)}
        dates = self.dates({e.stream for e in states.values()})

        def holds(e: _Dated) -> bool:
            fixed = e.data.target_version if e.type in _FIXING else None
            target = event_of(self.living, e.stream, fixed) if fixed is not None else None
            if target is not None:  # what fixes an event goes where that goes
                return self.moment.may_hold(dates.get(target.event_id, target.effective))
            return self.moment.may_hold(dates.get(e.event_id, e.effective))

        return {position for position, e in states.items() if holds(e)}

    def dates(self, streams: Iterable[str]) -> Dates:
        """The dates of events of these streams that had been corrected by then, as they stood."""
        if self.moment.in_force_on is None:
            return {}
        if new := set(streams) - self._dated:
            self._dated |= new
            self._dates |= standing_dates(self.living, self.until, new)
        return self._dates

    def kept(self, rows: Sequence[RawEvent]) -> list[tuple[RawEvent, Recorded[Any]]]:
        """Those of these events that belong to the moment."""
        return kept_of(rows, self.moment, set(), self.dates({raw.stream for raw in rows}))

    def corrected(self, streams: Iterable[str]) -> set[str]:
        """Which of these streams were ever corrected: their events may have said something else then."""
        return {row.stream for row in _CORRECTED.rows(self.living, streams=streams)}

    def folded(self, entities: Iterable[str]) -> DictRows:
        """The rows of the trail that the events of these aggregates made by then."""
        positions = sorted(row.position for row in self.then(_POSITIONS_OF, entities=entities))
        events = [e for _, e in self.kept(raw_at(self.living, positions))]
        rows = DictRows(events)
        fold_events([decision_trail.VIEW], events, rows)
        return rows

    def put_things_again(self, rows: Iterable[Stored]) -> None:
        """Things folded anew, their titles closed or open as they are today."""
        made = [thing.as_row(stored) for stored in rows]
        unknown = [row["id"] for row in made if row["id"] not in self.today]
        self.today |= decision_trail.things(self.living, unknown)
        for row in made:
            title = row["closed_title"] if row["title"] is None else row["title"]
            is_closed = self.today[row["id"]]["closed_title"] is not None
            row["title"], row["closed_title"] = (None, title) if is_closed else (title, None)
            row["closers"] = self.today[row["id"]]["closers"]
        self.put(thing, map(thing.as_stored, made))

    # -- who may see it

    def judge_by_today(self) -> None:
        """What is closed and sealed now of all that is here."""
        streams = {raw.stream for raw in self.log.values()}
        for table, wanted in ((closed_part, streams), (seal, {s for s in streams if is_sheet(s)})):
            if wanted:
                self.put(table, map(tuple, _JUDGING[table.name].rows(self.living, streams=wanted)))


_CORRECTED = Prepared(
    lambda postgres: sa.select(fix.table.c.stream).where(
        among(fix.table.c.stream, "streams", postgres),
        sa.or_(fix.table.c.state == "approved", fix.table.c.state == "withdrawn"),
    )
)
_POSITIONS_OF = Prepared(
    lambda postgres: sa.select(step.table.c.position).where(
        among(step.table.c.entity, "entities", postgres), step.table.c.position <= UNTIL
    )
)


def _of_streams(table: sa.Table) -> Prepared:
    return Prepared(lambda postgres: sa.select(table).where(among(table.c.stream, "streams", postgres)))


_JUDGING = {table.name: _of_streams(table.table) for table in (closed_part, seal)}


@lru_cache
def _empty(*tables: sa.Table) -> bytes:
    """A database with what every excerpt has (its part of the log, the tables of the trail, and who may see
    what) and these tables, nothing in it. Copied, it is there ten times as fast as created."""
    every = [table.table for table in (step, link, thing, fix, closed_part, seal)]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(
            f"CREATE TABLE {LOG} (rowid INTEGER PRIMARY KEY, originator_id TEXT, originator_version INTEGER, "
            "topic TEXT, state BLOB)"
        )
        for table in dict.fromkeys((*every, *tables)):
            (sql,) = create_sql(table, False, table.name, indexes=False)
            connection.execute(sql)
        return connection.serialize()
