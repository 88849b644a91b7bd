"""The past of one thing, without folding the whole log: its row, its account, its trail.

What an answer about one thing needs is known beforehand: the row its own events make, the links around it,
what its neighbours are called and which events they had. So the events of the thing alone are folded, by the
same folds, and of its neighbours those rows are taken over that were the same then; the others are folded
too. All of it goes into a database in memory, from which the code that answers today answers then. What may
be seen is today's, as in every past (projections/past/files.py).

Made for an item of a collection with what is not recorded of it (``account_of``), and with ``around`` for its
trail, its links and its PROV-JSON. The row of an item needs no other events: its table is keyed by its
aggregate and folded from that aggregate's stream only. Lists, counts, questions, figures and search need rows
of things that nobody named; they are answered from the full past.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
import sqlalchemy as sa

from projections.engine.compiled_select import Prepared, among
from projections.engine.fold_events import DictRows, fold_events
from projections.engine.log import raw_at
from projections.engine.view import View
from projections.past.excerpt import UNTIL, Excerpt, Stored, envelope
from projections.past.files import Moment
from projections.views.matter import decision_trail
from projections.views.matter.decision_trail import (
    AT_ONCE,
    MOST_LINKS,
    NOBODY,
    FoundLink,
    Side,
    follow,
    link,
    step,
    thing,
)
from projections.views.record.corrections import fix

LINKS_AT_ONCE = MOST_LINKS
"""So many links are judged together."""


@contextmanager
def reading_one(
    living: sa.Connection,
    moment: Moment,
    subject: str,
    view: View | None = None,
    *,
    around: bool = False,
) -> Iterator[sa.Connection]:
    """A connection to what the record was at a moment, as far as it is about ``subject`` (a public id).
    ``living`` is a reading of the record as it is.

    ``view`` holds its row; ``around`` adds its neighbours' key steps, for its trail. A thing that was not
    known then is not there.
    """
    with _ENGINE.connect() as connection:
        _take(living, connection, moment, subject, view, around)
        yield connection


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


class _Placed(msgspec.Struct):
    position: int


_placed = msgspec.json.Decoder(_Placed)


class _OneThing(Excerpt):
    """What of the record is about one thing."""

    # -- the thing itself

    def take_own(self, view: View | None) -> None:
        """Its events, and the rows that they alone make."""
        about = self.then(_STEPS_OF_ONE, entity=self.entity or "", subject=self.subject)
        steps = {row.position: tuple(row) for row in about}
        events = self.kept(raw_at(self.living, sorted(steps)))
        self.put_log([raw for raw, _ in events])
        self.put(step, (steps[raw.position] for raw, _ in events))
        rows = DictRows(e for _, e in events)
        fold_events([decision_trail.VIEW], [e for _, e in events], rows)
        if view is not None:
            fold_events([view], [e for _, e in events if e.entity == self.entity], rows)
            for own in view.tables:
                self.put(own, rows.rows(own.name))
        things = rows.rows(thing.name)
        others = {raw.stream for raw, e in events if e.entity != self.entity}
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
        for start in range(0, len(ids), AT_ONCE):
            rows = self._first_links(side, ids[start : start + AT_ONCE])
            self.put(link, rows)
            for row in rows:
                yield FoundLink(
                    row.link_id, row.from_id, row.to_id, row.relation, row.position, "{}", row.withdrawn
                )

    def _first_links(self, side: Side, ids: Sequence[str]) -> list[Any]:
        """As many as are looked at today (decision_trail.links_at), of those that stood then."""
        links = list[Any]()
        after: dict[str, Any] = {"position": 0, "link_id": ""}
        while len(links) < MOST_LINKS:
            living = self.then(_LINKS[side], ids=ids, most=LINKS_AT_ONCE, **after)
            links += self._links_as_they_were(living)
            if len(living) < LINKS_AT_ONCE:
                break
            after = {"position": living[-1].position, "link_id": living[-1].link_id}
        return links[:MOST_LINKS]

    def _links_as_they_were(self, rows: Sequence[Any]) -> Iterator[Any]:
        """Without what was not in force, and not withdrawn before that was. (Nothing else about a link ever
        changes: no correction can touch it.)"""
        withdrawn = {
            row.link_id: _placed.decode(row.withdrawn).position for row in rows if row.withdrawn != NOBODY
        }
        held = self.held([*(row.position for row in rows), *withdrawn.values()])
        for row in rows:
            if row.position in held:
                is_withdrawn = withdrawn.get(row.link_id) in held
                yield row if is_withdrawn or row.withdrawn == NOBODY else row._replace(withdrawn=NOBODY)

    # -- its neighbours

    def take_neighbours(self) -> None:
        """What its neighbours are called, and which types of event they had."""
        ids = {i for levels in self.neighbours for i in levels}
        entities = {stored[2] for stored in self.take_things(ids)} - {self.entity}
        self.put(step, self._types(entities))

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
            original = envelope.decode(raw.state)
            titled_first = row["titled_by"] in (None, original.event_id) and raw.stream not in corrected
            if titled_first and self.moment.may_hold(
                original.effective
            ):  # nothing of its stream is corrected
                same.append(thing.as_stored(row))
            else:
                other += self._named_then(row["id"])
        self.put(thing, same)
        self.put_things_again(other)
        return same + other

    def _named_then(self, subject: str) -> Iterator[Stored]:
        """What a thing was called, folded from all events of those who said something about it."""
        about = self.then(_ENTITIES_ABOUT, subject=subject)
        held = self.folded({row.entity for row in about}).tables[thing.name].get((subject,))
        if held is not None:
            yield held

    def _types(self, entities: Iterable[str]) -> Iterator[Stored]:
        """A step for each type of event that there was of any of these aggregates."""
        listed = sorted(entities)
        first = self.then(_FIRST_OF_EACH_TYPE, entities=listed)
        held = self.held(row.position for row in first)
        late = {row.type for row in first if row.position not in held}
        if late:  # the first was not in force yet; another may have been
            more = self.then(_STEPS_OF_TYPES, entities=listed, types=sorted(late))
            held |= self.held(row.position for row in more)
            first += more
        types = {row.type: row for row in reversed(first) if row.position in held}
        for row in types.values():
            if row.position not in self.log:
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
        for row in _STEPS_AT.rows(self.connection, positions=self.log):
            named |= {row.subject, row.entity}
        for raw in self.log.values():
            named.update(envelope.decode(raw.state).names)
        self.take_things(named)

    def _key_steps(self, ids: Sequence[str]) -> Iterator[Stored]:
        steps = self.then(_KEY_STEPS, subjects=ids)
        held = self.held(row.position for row in steps)
        return (tuple(row) for row in steps if row.position in held)

    def _take_corrections(self) -> None:
        """The corrections that stood then, of the events that are here."""
        corrections = self.then(_FIXES, streams={raw.stream for raw in self.log.values()})
        here = {(raw.stream, raw.version) for raw in self.log.values()}
        corrections = [row for row in corrections if (row.stream, row.target_version) in here]
        self.put(fix, map(tuple, corrections))
        self.put_log(raw_at(self.living, sorted(row.position for row in corrections)))


# ----------------------------------------------------- what it asks the living record, as far as it was then


def _steps(*columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    return sa.select(*(columns or (step.table,))).where(step.table.c.position <= UNTIL)


def _links(side: Side) -> Prepared:
    table, c = link.table, link.table.c
    last: Any = sa.bindparam("position", type_=sa.BigInteger)
    last_id: Any = sa.bindparam("link_id")
    following = sa.or_(c.position > last, sa.and_(c.position == last, c.link_id > last_id))
    return Prepared(
        lambda postgres: (
            sa.select(table)
            .where(among(table.c[side], "ids", postgres), c.position <= UNTIL, following)
            .order_by(table.c.position, table.c.link_id)
            .limit(sa.bindparam("most", type_=sa.Integer))
        )
    )


def _first_of_each_type(postgres: bool) -> sa.Select[Any]:
    c = step.table.c
    ours = among(c.entity, "entities", postgres)
    first = _steps(sa.func.min(c.position)).where(ours).group_by(c.type)
    return sa.select(c.position, c.entity, c.type).where(c.position.in_(first.scalar_subquery()))


_STEP = step.table.c
_STEPS_OF_ONE = Prepared(
    lambda _: _steps().where(
        sa.or_(_STEP.entity == sa.bindparam("entity"), _STEP.subject == sa.bindparam("subject"))
    )
)
_ENTITIES_ABOUT = Prepared(lambda _: _steps(_STEP.entity).where(_STEP.subject == sa.bindparam("subject")))
_FIRST_OF_EACH_TYPE = Prepared(_first_of_each_type)
_STEPS_OF_TYPES = Prepared(
    lambda postgres: (
        _steps(_STEP.position, _STEP.entity, _STEP.type)
        .where(among(_STEP.entity, "entities", postgres), among(_STEP.type, "types", postgres))
        .order_by(_STEP.position)
    )
)
_KEY_STEPS = Prepared(
    lambda postgres: _steps().where(among(_STEP.subject, "subjects", postgres), _STEP.key_step == 1)
)
_STEPS_AT = Prepared(
    lambda postgres: sa.select(_STEP.subject, _STEP.entity).where(
        among(_STEP.position, "positions", postgres)
    )
)
_LINKS: dict[Side, Prepared] = {"from_id": _links("from_id"), "to_id": _links("to_id")}
_FIXES = Prepared(
    lambda postgres: sa.select(fix.table).where(
        among(fix.table.c.stream, "streams", postgres),
        fix.table.c.state == "approved",
        fix.table.c.position <= UNTIL,
    )
)
