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
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from projections import decision_trail
from projections.corrections import fix
from projections.decision_trail import AT_ONCE, MOST_LINKS, FoundLink, Side, follow, link, step, thing
from projections.log import raw_at
from projections.past import Moment, Pasts, kept_of
from projections.past_excerpt import Excerpt, Stored, envelope
from projections.view import DictRows, View, fold_events


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
    tables = view.tables if view is not None else []
    excerpt = _OneThing(living, connection, moment, subject, tables)
    excerpt.take_own(view)
    excerpt.take_links()
    excerpt.take_neighbours()
    if around:
        excerpt.take_trail()
    excerpt.judge_by_today()


_ENGINE = sa.create_engine("sqlite://", poolclass=sa.NullPool)
"""Each connection is a database of its own, in memory."""


class _LinkRow(NamedTuple):
    """A row of ``trail_link``, as it is stored."""

    link_id: str
    from_id: str
    to_id: str
    relation: str
    position: int
    made: str
    withdrawn: str


NONE = "null"


class _Placed(msgspec.Struct):
    position: int


_placed = msgspec.json.Decoder(_Placed)


class _OneThing(Excerpt):
    """What of the record is about one thing."""

    # -- the thing itself

    def take_own(self, view: View | None) -> None:
        """Its events, and the rows that they alone make."""
        table = step.table
        about = sa.or_(table.c.entity == self.entity, table.c.subject == self.subject)
        steps = {row.position: tuple(row) for row in self.then(sa.select(table).where(about), table)}
        kept = kept_of(raw_at(self.living, sorted(steps)), self.moment, set())
        self.put_log([raw for raw, _ in kept])
        self.put(step, (steps[raw.position] for raw, _ in kept))
        rows = DictRows(e for _, e in kept)
        fold_events([decision_trail.VIEW], [e for _, e in kept], rows)
        if view is not None:
            fold_events([view], [e for _, e in kept if e.entity == self.entity], rows)
            for own in view.tables:
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
            rows = list(self._links_as_they_were([_LinkRow._make(row) for row in living]))
            self.put(link, rows)
            for row in rows:
                yield FoundLink(*row[:5], "{}", row.withdrawn)

    def _links_as_they_were(self, rows: Sequence[_LinkRow]) -> Iterator[_LinkRow]:
        """Without what was not in force, and not withdrawn before that was. (Nothing else about a link ever
        changes: no correction can touch it.)"""
        withdrawn = {
            row.link_id: _placed.decode(row.withdrawn).position for row in rows if row.withdrawn != NONE
        }
        held = self.held([*(row.position for row in rows), *withdrawn.values()])
        for row in rows:
            if row.position in held:
                is_withdrawn = withdrawn.get(row.link_id) in held
                yield row if is_withdrawn or row.withdrawn == NONE else row._replace(withdrawn=NONE)

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
            said = envelope.decode(raw.state)
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
            named.update(envelope.decode(raw.state).names)
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
