"""The past of one thing, without folding the whole log: its row, its account, its trail.

What an answer about one thing needs is known beforehand: the row its own events make, the links around it,
what its neighbours are called and which events they had. So the events of the thing alone are folded, by the
same folds, and of its neighbours those rows are taken over that were the same then; the others are folded
too. All of it goes into a database in memory, from which the code that answers today answers then. What may
be seen is today's, as in every past (projections/past.py).

Made for an item of a collection with what is not recorded of it (``account_of``), and with ``around`` for its
trail, its links and its PROV-JSON. The row of an item needs no other events: its table is keyed by its
aggregate and folded from that aggregate's stream only. Lists, counts, questions, figures and search need rows
of things that nobody named; they are answered from the full past. So is a thing with more links than can be
judged one by one (:class:`TooMuch`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import msgspec
import sqlalchemy as sa

from domain.calendar import EffectiveDate
from domain.law import Citation
from domain.link import Link
from domain.record import Actor, Source
from projections import decision_trail
from projections.closed_parts import closed_part
from projections.corrections import fix
from projections.database import create_sql, statements
from projections.decision_trail import AT_ONCE, MOST_LINKS, FoundLink, Side, follow, link, step, thing
from projections.log import LOG, RawEvent, head, raw_at
from projections.past import Moment, Pasts, kept_of, position_on
from projections.sealed import is_sheet, seal
from projections.view import DictRows, Row, View, ViewTable, fold_events

Stored = tuple[Any, ...]


class TooMuch(Exception):
    """So much leads to the thing, or from it, that the full past has to be asked."""


@contextmanager
def reading_one(
    pasts: Pasts, moment: Moment, subject: str, view: View | None = None, *, around: bool = False
) -> Iterator[sa.Connection]:
    """A connection to what the record was at a moment, as far as it is about ``subject`` (a public id).

    ``view`` holds its row; ``around`` adds its neighbours' key steps, for its trail. A thing that was not
    known then is not there.
    """
    with _ENGINE.connect() as connection:
        try:
            with pasts.store.engine.connect() as living:
                _take(living, connection, moment, subject, view, around)
            one = True
        except TooMuch:
            one = False
        if one:
            yield connection
            return
    with pasts.reading(moment) as whole:
        yield whole


def _take(
    living: sa.Connection,
    connection: sa.Connection,
    moment: Moment,
    subject: str,
    view: View | None,
    around: bool,
) -> None:
    excerpt = _Excerpt(living, connection, moment, subject)
    excerpt.take_own(view)
    excerpt.take_links()
    excerpt.take_neighbours()
    if around:
        excerpt.take_trail()
    excerpt.judge_by_today()


_ENGINE = sa.create_engine("sqlite://", poolclass=sa.NullPool)
"""Each connection is a database of its own, in memory."""


class _Envelope(msgspec.Struct):
    """What of an event's envelope is needed of a neighbour's event, read without the rest."""

    event_id: str
    effective: EffectiveDate
    actor: Actor
    asserted_by: str | None = None
    source: Source | None = None
    legal_basis: Citation | None = None

    @property
    def names(self) -> Iterator[str]:
        """Whom and what it names."""
        for named in (self.asserted_by, self.actor.party):
            if named is not None:
                yield named
        if self.source is not None:
            yield self.source.document_id
        if self.legal_basis is not None:
            yield self.legal_basis.instrument_id


_envelope = msgspec.json.Decoder(_Envelope)


class _Excerpt:
    """The rows of one thing's past, gathered from the living record into another database."""

    def __init__(self, living: sa.Connection, connection: sa.Connection, moment: Moment, subject: str):
        self.living, self.moment, self.subject = living, moment, subject
        self.connection, self.cursor = connection, connection.connection.cursor()
        for sql in _created():
            self.cursor.execute(sql)
        known_on = moment.known_on
        self.until = head(living) if known_on is None else position_on(living, known_on)
        found = decision_trail.things(living, [subject]).get(subject)
        self.entity: str | None = found["entity"] if found else None
        self.neighbours: list[dict[str, int]] = []
        """What it came from, and what came of it, by level."""
        self.log: dict[int, RawEvent] = {}
        self.named = {subject}
        """Things that have been looked up."""

    # -- where it goes

    def put(self, table: ViewTable, rows: Iterable[Stored]) -> None:
        self.cursor.executemany(statements(table.table, False).upsert, list(rows))

    def put_log(self, rows: Sequence[RawEvent]) -> None:
        new = [raw for raw in rows if raw.position not in self.log]
        self.log.update((raw.position, raw) for raw in new)
        self.cursor.executemany(f"INSERT INTO {LOG} VALUES (?,?,?,?,?)", new)

    def then(self, chosen: sa.Select[Any], table: sa.Table) -> Sequence[sa.Row[Any]]:
        """The living rows that were there by then, if their position is that of their first event."""
        return self.living.execute(chosen.where(table.c.position <= self.until)).all()

    # -- the thing itself

    def take_own(self, view: View | None) -> None:
        """Its events, and the rows that they alone make."""
        table = step.table
        about = sa.or_(table.c.entity == self.entity, table.c.subject == self.subject)
        steps = {row.position: tuple(row) for row in self.then(sa.select(table).where(about), table)}
        kept = kept_of(raw_at(self.living, sorted(steps)), self.moment, set())
        rows = DictRows(e for _, e in kept)
        views = [decision_trail.VIEW] if view is None else [decision_trail.VIEW, view]
        fold_events(views, [e for _, e in kept], rows)
        self.put_log([raw for raw, _ in kept])
        self.put(step, (steps[raw.position] for raw, _ in kept))
        for own in view.tables if view is not None else ():
            self.cursor.execute(_create(own.table))
            self.put(own, rows.rows(own.name))
        things = rows.rows(thing.name)
        others = {raw.stream for raw, e in kept if e.entity != self.entity}
        if others and self.corrected(others):  # what another thing's events said of it
            things = [row for row in things if row[0] != self.subject] + list(self._named_then(self.subject))
        self.put_things_again(things)

    # -- what it came from, and what came of it

    def take_links(self) -> None:
        """The links around it as they stood then, and so who its neighbours were."""
        self.neighbours = [
            follow(self._links_then, self.subject, "backward").levels,
            follow(self._links_then, self.subject, "forward").levels,
        ]

    def _links_then(self, side: Side, ids: Sequence[str]) -> Iterator[FoundLink]:
        table = link.table
        for start in range(0, len(ids), AT_ONCE):
            chosen = sa.select(table).where(table.c[side].in_(ids[start : start + AT_ONCE]))
            living = self.then(chosen.order_by(table.c.position, table.c.link_id).limit(MOST_LINKS), table)
            if len(living) == MOST_LINKS and self.moment.in_force_on is not None:
                raise TooMuch(self.subject)
            found = [{**row._mapping, "withdrawn": msgspec.json.decode(row.withdrawn)} for row in living]
            held = list(self._links_as_they_were(found))
            self.put(
                link, (link.as_stored(row | {"made": msgspec.Raw(row["made"].encode())}) for row in held)
            )
            yield from (FoundLink(**{**row, "made": {}}) for row in held)

    def _links_as_they_were(self, rows: list[Row]) -> Iterator[Row]:
        """Without what was not in force, not withdrawn before that was in force, corrected as they were."""
        withdrawn = [row["withdrawn"]["position"] for row in rows if row["withdrawn"]]
        held = self.held([*(row["position"] for row in rows), *withdrawn])
        corrected = self.corrected(row["link_id"] for row in rows if row["link_id"].startswith(Link.PREFIX))
        for row in rows:
            if row["position"] not in held:
                continue
            if row["withdrawn"] and row["withdrawn"]["position"] not in held:
                row["withdrawn"] = None
            if row["link_id"] in corrected:
                entity = row["link_id"].removeprefix(Link.PREFIX)
                row["relation"] = self.folded({entity}).tables[link.name][(row["link_id"],)][3]
            yield row

    def held(self, positions: Iterable[int]) -> set[int]:
        """Which of these events had been recorded by then, and may have been in force."""
        in_time = [position for position in positions if position <= self.until]
        if self.moment.in_force_on is None:
            return set(in_time)
        return {
            raw.position
            for raw in raw_at(self.living, in_time)
            if self.moment.may_hold(_envelope.decode(raw.state).effective)
        }

    def corrected(self, streams: Iterable[str]) -> set[str]:
        """Which of these streams were ever corrected: their events may have said something else then."""
        table, wanted = fix.table, list(streams)
        found: set[str] = set()
        for start in range(0, len(wanted), AT_ONCE):
            chosen = sa.select(table.c.stream).where(table.c.stream.in_(wanted[start : start + AT_ONCE]))
            found.update(self.living.scalars(chosen.where(table.c.state == "approved")))
        return found

    def folded(self, entities: Iterable[str]) -> DictRows:
        """The rows of the trail that the events of these aggregates made by then."""
        table = step.table
        chosen = sa.select(table.c.position).where(table.c.entity.in_(list(entities)))
        positions = sorted(row.position for row in self.then(chosen, table))
        kept = [e for _, e in kept_of(raw_at(self.living, positions), self.moment, set())]
        rows = DictRows(kept)
        fold_events([decision_trail.VIEW], kept, rows)
        return rows

    # -- its neighbours

    def take_neighbours(self) -> None:
        """What its neighbours are called, and which types of event they had."""
        ids = {i for levels in self.neighbours for i in levels}
        entities = {stored[2] for stored in self.take_things(ids)} - {self.entity}
        self.put(step, self._types(sorted(entities)))

    def take_things(self, ids: Iterable[str]) -> list[Stored]:
        """The names of these things as they were then."""
        new = set(ids) - self.named
        self.named |= new
        things = decision_trail.things(self.living, new).values()
        living = [row for row in things if row["position"] <= self.until]
        first = {raw.position: raw for raw in raw_at(self.living, sorted({r["position"] for r in living}))}
        corrected = self.corrected({raw.stream for raw in first.values()})
        same, other = list[Stored](), list[Stored]()
        for row in living:
            raw = first[row["position"]]
            said = _envelope.decode(raw.state)
            titled_first = row["titled_by"] in (None, said.event_id) and raw.stream not in corrected
            if titled_first and self.moment.may_hold(said.effective):
                same.append(thing.as_stored(row))
            else:
                other += self._named_then(row["id"])
        self.put(thing, same)
        self.put_things_again(other)
        return same + other

    def _named_then(self, subject: str) -> Iterator[Stored]:
        """What a thing was called, folded from all events of those who said something about it."""
        table = step.table
        about = self.then(
            sa.select(table.c.entity, table.c.position).where(table.c.subject == subject), table
        )
        held = self.folded({row.entity for row in about}).tables[thing.name].get((subject,))
        if held is not None:
            yield held

    def put_things_again(self, rows: Iterable[Stored]) -> None:
        """Things folded anew, their titles closed or open as they are today."""
        made = [thing.as_row(stored) for stored in rows]
        today = decision_trail.things(self.living, [row["id"] for row in made])
        for row in made:
            title = row["closed_title"] if row["title"] is None else row["title"]
            is_closed = today[row["id"]]["closed_title"] is not None
            row["title"], row["closed_title"] = (None, title) if is_closed else (title, None)
        self.put(thing, map(thing.as_stored, made))

    def _types(self, entities: Sequence[str]) -> Iterator[Stored]:
        """A step for each type of event of each of these aggregates."""
        table = step.table
        first = sa.func.min(table.c.position).label("position")
        for start in range(0, len(entities), AT_ONCE):
            ours = table.c.entity.in_(entities[start : start + AT_ONCE])
            chosen = sa.select(table.c.entity, table.c.type, first).where(ours)
            found = self.then(chosen.group_by(table.c.entity, table.c.type), table)
            held = self.held(row.position for row in found)
            late = {(row.entity, row.type) for row in found if row.position not in held}
            if late:
                rest = self.then(sa.select(table).where(ours, table.c.type.in_({t for _, t in late})), table)
                asked = [row for row in rest if (row.entity, row.type) in late]
                held |= self.held(row.position for row in asked)
                found = [*found, *asked]
            for row in found:
                if row.position in held and row.position not in self.log:
                    yield (row.position, None, row.entity, row.type, None, None)

    # -- its trail

    def take_trail(self) -> None:
        """The key steps of its neighbours, and the names of all that its trail names."""
        before, after = self.neighbours
        self.put(step, self._key_steps([*before, *after]))
        for levels in (before, {i: None for i in after if i not in before}):
            positions = decision_trail.positions_about(self.connection, levels, key_steps_only=True)
            self.put_log(raw_at(self.living, positions))
        self._take_corrections()
        named = set[str]()
        for made in decision_trail.links_of_thing(self.connection, self.subject):
            named |= {made.from_id, made.to_id}
        table = step.table
        for row in self.connection.execute(sa.select(table).where(table.c.position.in_(self.log))):
            named |= {row.subject, row.entity}
        for raw in self.log.values():
            named.update(_envelope.decode(raw.state).names)
        self.take_things(named)

    def _key_steps(self, ids: Sequence[str]) -> Iterator[Stored]:
        table = step.table
        for start in range(0, len(ids), AT_ONCE):
            about = table.c.subject.in_(ids[start : start + AT_ONCE])
            found = self.then(sa.select(table).where(about, table.c.key_step == 1), table)
            held = self.held(row.position for row in found)
            yield from (tuple(row) for row in found if row.position in held)

    def _take_corrections(self) -> None:
        """The corrections that stood then, of the events that are here."""
        table, streams = fix.table, sorted({raw.stream for raw in self.log.values()})
        for start in range(0, len(streams), AT_ONCE):
            chosen = sa.select(table).where(table.c.stream.in_(streams[start : start + AT_ONCE]))
            found = self.then(chosen.where(table.c.state == "approved"), table)
            held = self.held(row.position for row in found)
            self.put(fix, (tuple(row) for row in found if row.position in held))
            self.put_log(raw_at(self.living, sorted(held)))

    # -- who may see it

    def judge_by_today(self) -> None:
        """What is closed and sealed now of all that is here."""
        streams = sorted({raw.stream for raw in self.log.values()})
        for table, wanted in ((closed_part, streams), (seal, [s for s in streams if is_sheet(s)])):
            for start in range(0, len(wanted), AT_ONCE):
                ours = table.table.c.stream.in_(wanted[start : start + AT_ONCE])
                self.put(table, map(tuple, self.living.execute(sa.select(table.table).where(ours))))


@lru_cache
def _create(table: sa.Table) -> str:
    (sql,) = create_sql(table, False, table.name, indexes=False)
    return sql


@lru_cache
def _created() -> tuple[str, ...]:
    """What every excerpt has: its part of the log, the tables of the trail, and who may see what."""
    log = (
        f"CREATE TABLE {LOG} (rowid INTEGER PRIMARY KEY, originator_id TEXT, originator_version INTEGER, "
        "topic TEXT, state BLOB)"
    )
    return log, *(_create(table.table) for table in (step, link, thing, fix, closed_part, seal))
