"""Decision trail 経緯: what is on record about a thing, and how things lead to one another.

Three tables and no recursion in SQL: which events are about which thing, which thing came from which, and
what each thing is called. The trail of a thing follows the links level by level, backward (why does this
exist?) and forward (what came of it?). See domain.md S1 and ambition.md, the key finding.

One story: the three tables, their folds, and every way in which they are asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

import msgspec
import sqlalchemy as sa

from domain.document.aggregate import DisclosureChanged
from domain.kernel.closed_values import steps_of
from domain.kernel.closing import part_of, pointer_of
from domain.kernel.correction_events import PartRedacted, RedactionLifted
from domain.kernel.events import Recorded
from domain.kernel.links import LinkBetween, links_of
from domain.kernel.mapper import decode
from domain.kernel.record import kind_of
from domain.link.aggregate import LinkMade, LinkWithdrawn
from projections.engine.compiled_select import Prepared, among, by_no_index
from projections.engine.event_json import TITLE_FIELDS, title_field
from projections.engine.one_moment import each_once
from projections.engine.view import Key, Row, View, column, json_column, key, number, number_key
from projections.tables.log_table import log_table

VIEW = View("decision_trail", 4, ja="経緯とつながり", en="Trails and links", source=__name__)

step = VIEW.table(
    "trail_step",
    number_key("position"),
    column("subject", index=True),
    column("entity", index=True),
    column("type"),
    column("correlation_id", index=True),
    number("key_step"),
    append_only=True,
)
link = VIEW.table(
    "trail_link",
    key("link_id"),
    column("from_id", index=True),
    column("to_id", index=True),
    column("relation"),
    number("position"),
    json_column("made"),
    json_column("withdrawn"),
)
thing = VIEW.table(
    "trail_thing",
    key("id"),
    column("kind"),
    column("entity", index=True),
    column("title"),
    column("titled_by"),
    column("titled_in"),
    number("titled_position"),
    column("closed_title"),
    column("closers"),
    number("position"),
)
sa.Index("ix_trail_thing_kind_position", thing.table.c.kind, thing.table.c.position)


@step.every(keys=lambda e: (e.position,))
def _step(row: Row | None, e: Recorded[Any], _: Key) -> Row:
    return {
        "subject": e.subject,
        "entity": e.entity,
        "type": e.type,
        "correlation_id": e.correlation_id,
        "key_step": int(type(e.data).KEY_STEP),
    }


def _links(e: Recorded[Any]) -> Iterator[LinkBetween]:
    if isinstance(e.data, LinkMade):
        yield LinkBetween(e.stream, e.data.from_id, e.data.to_id, e.data.relation)
    yield from links_of(e)


def _link_ids(e: Recorded[Any]) -> Iterator[str]:
    if isinstance(e.data, LinkWithdrawn):
        yield e.data.link_id
    else:
        yield from (made.link_id for made in _links(e))


@link.every(keys=_link_ids)
def _link(row: Row | None, e: Recorded[Any], link_id: str) -> Row | None:
    envelope = {
        "position": e.position,
        "by": e.asserted_by,
        "role": e.actor.role,
        "certainty": e.certainty,
        "reason": getattr(e.data, "reason", None) or e.reason,
    }
    if isinstance(e.data, LinkWithdrawn):
        if row is not None:
            row["withdrawn"] = envelope
        return row
    made = next(candidate for candidate in _links(e) if candidate.link_id == link_id)
    return {
        "from_id": made.from_id,
        "to_id": made.to_id,
        "relation": made.relation,
        "position": e.position,
        "made": envelope,
        "withdrawn": None,
    }


def _naming(e: Recorded[Any]) -> Iterator[str]:
    """The subject, if this event may be the first about it or may say what it is called."""
    data = type(e.data)
    if e.version == 1 or data.SUBJECT or any(name in data.__struct_fields__ for name in TITLE_FIELDS):
        yield e.subject


@thing.every(keys=_naming)
def _thing(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    if isinstance(e.data, LinkMade | LinkWithdrawn):
        return row
    if row is None:
        kind = kind_of(e.stream).__name__
        row = {
            "kind": kind,
            "entity": e.entity,
            "title": None,
            "titled_by": None,
            "titled_in": None,
            "titled_position": None,
            "closed_title": None,
            "closers": None,
            "position": e.position,
        }
    # An agenda item names no meeting: closed to the public, it would still be told by the meeting's name.
    if row["titled_by"] is None and part_of(e) == e.stream and (name := title_field(e.data)) is not None:
        row["title"], row["titled_in"] = getattr(e.data, name), name
        row["titled_by"], row["titled_position"] = e.event_id, e.position
        row = row if _is_open(e) else _closed(row, {DISCLOSURE}, frozenset())
    return row


DISCLOSURE = "disclosure"
"""What closes a title beside redactions, which have ids."""


@thing.on(DisclosureChanged)
def _disclosed(row: Row | None, e: Recorded[DisclosureChanged], _: Key) -> Row | None:
    """What is closed gives its title to nobody; what is opened gives it back, unless something
    else closes it."""
    if row is None:
        return None
    closing = frozenset[str]() if e.data.to.is_public else {DISCLOSURE}
    return _closed(row, closing, {DISCLOSURE})


@thing.on(PartRedacted, keys=lambda e: [e.data.target_subject])
def _redacted(row: Row | None, e: Recorded[PartRedacted], _: Key) -> Row | None:
    """A title taken from a redacted event, or from a text of which a part is closed, is no longer used to
    name the thing, by anybody. What else of the event is closed leaves it."""
    if row is None or row["titled_by"] != e.data.target_event:
        return row
    tops = {name for at in e.data.fields for name in steps_of(pointer_of(at))[1:2]}
    if tops and row["titled_in"] not in tops:
        return row
    return _closed(row, {e.data.redaction_id}, frozenset())


@thing.on(RedactionLifted, keys=lambda e: [e.data.target_subject])
def _lifted(row: Row | None, e: Recorded[RedactionLifted], _: Key) -> Row | None:
    return row if row is None else _closed(row, frozenset(), {e.data.redaction_id})


def _closed(row: Row, by: Set[str], no_longer_by: Set[str]) -> Row:
    """The title is closed as long as anything closes it."""
    closers = sorted({*(row["closers"] or "").split()} - no_longer_by | by)
    title = row["closed_title"] if row["title"] is None else row["title"]
    shown = (None, title) if closers else (title, None)
    return {**row, "title": shown[0], "closed_title": shown[1], "closers": " ".join(closers) or None}


def _is_open(e: Recorded[Any]) -> bool:
    return getattr(getattr(e.data, "disclosure", None), "visibility", "public") == "public"


# -------------------------------------------------------------------------------------------- queries

Direction = Literal["backward", "forward"]
DEPTH = 12
MOST_THINGS = 300
MOST_STEPS = 600
MOST_LINKS = 5_000
"""So many links of :data:`AT_ONCE` things are looked at."""
AT_ONCE = 400


@dataclass(frozen=True)
class FoundLink:
    """A link as it stands: who made it, and who withdrew it, if anybody. Of thousands that are followed few
    are shown: who did what is read from its JSON when somebody asks."""

    link_id: str
    from_id: str
    to_id: str
    relation: str
    position: int
    made_json: str
    withdrawn_json: str

    @property
    def made(self) -> dict[str, Any]:
        link: dict[str, Any] = msgspec.json.decode(self.made_json)
        return link

    @property
    def withdrawn(self) -> dict[str, Any] | None:
        return None if self.withdrawn_json == NOBODY else msgspec.json.decode(self.withdrawn_json)


NOBODY = "null"
"""A JSON column in which nothing stands."""


@dataclass
class Reach:
    """What a thing came from, or what came of it: ids by level, the links between them."""

    levels: dict[str, int] = field(default_factory=dict)
    links: dict[str, FoundLink] = field(default_factory=dict)
    truncated: bool = False


Side = Literal["from_id", "to_id"]
LinksAt = Callable[[Side, Sequence[str]], Iterable["FoundLink"]]
"""The links that begin (or end) at these things."""


def follow(links: LinksAt, start: str, direction: Direction) -> Reach:
    """Follow the links from ``start`` level by level; withdrawn links are listed but not followed."""
    reach = Reach({start: 0})
    sides: tuple[Side, Side] = ("from_id", "to_id")
    here, there = sides if direction == "backward" else (sides[1], sides[0])
    front = [start]
    for level in range(1, DEPTH + 1):
        ahead: dict[str, None] = {}
        for made in links(here, front):
            reach.links[made.link_id] = made
            target = getattr(made, there)
            if made.withdrawn is None and target not in reach.levels:
                ahead[target] = None
        if direction == "backward":
            # An article that nobody recorded the text of is still a part of its ordinance.
            wholes = (i.partition("#")[0] for i in front if "#" in i)
            ahead.update((i, None) for i in wholes if i not in reach.levels)
        front = list(ahead)[: MOST_THINGS - len(reach.levels)]
        reach.truncated |= len(front) < len(ahead)
        for target in front:
            reach.levels[target] = level
        if not front:
            break
    del reach.levels[start]
    return reach


def links_of_thing(connection: sa.Connection, entity: str) -> list[FoundLink]:
    """Every link that begins or ends at this thing, withdrawn ones included."""
    return links_of_things(connection, [entity])[entity]


def links_of_things(connection: sa.Connection, ids: Iterable[str]) -> dict[str, list[FoundLink]]:
    """:func:`links_of_thing` for many, by id. In a reading each is looked up once."""

    def look(wanted: list[str]) -> dict[str, list[FoundLink]]:
        links: dict[str, list[FoundLink]] = {i: [] for i in wanted}
        count: dict[str, int] = dict.fromkeys(_LINKS, 0)
        for side, *row in _BOTH_SIDES.rows(connection, ids=wanted):
            made = FoundLink(*row)
            count[side] += 1
            links[getattr(made, side)].append(made)
        if len(wanted) > 1 and max(count.values()) == MOST_LINKS:  # more than are looked at together
            return {i: look([i])[i] for i in wanted}
        return links

    return each_once(connection, link.name, ids, look)


def links_at(connection: sa.Connection, side: Side, ids: Sequence[str]) -> Iterator[FoundLink]:
    """The links that begin (or end) at these things, withdrawn ones included; the first 5,000 of 400."""
    for start in range(0, len(ids), AT_ONCE):
        for _, *row in _LINKS[side].rows(connection, ids=ids[start : start + AT_ONCE]):
            yield FoundLink(*row)


def _side(side: Side, postgres: bool) -> sa.Select[Any]:
    c = link.table.c
    columns = (c.link_id, c.from_id, c.to_id, c.relation, c.position, c.made, c.withdrawn)
    chosen = sa.select(sa.literal(side, sa.Text).label("side"), *columns)
    return chosen.where(among(c[side], "ids", postgres)).order_by(c.position, c.link_id).limit(MOST_LINKS)


def _both_sides(postgres: bool) -> Any:
    """What begins at these things, then what ends there."""
    return sa.union_all(
        sa.select(_side("from_id", postgres).subquery()), sa.select(_side("to_id", postgres).subquery())
    )


_LINKS: dict[Side, Prepared] = {
    "from_id": Prepared(partial(_side, "from_id")),
    "to_id": Prepared(partial(_side, "to_id")),
}
_BOTH_SIDES = Prepared(_both_sides)
_THINGS = Prepared(lambda postgres: sa.select(thing.table).where(among(thing.table.c.id, "ids", postgres)))


def things(connection: sa.Connection, ids: Iterable[str]) -> dict[str, Row]:
    """Kind, entity and title of these ids, for those on record. In a reading each is looked up once."""

    def look(wanted: list[str]) -> dict[str, Any]:
        return {row.id: row for row in _THINGS.rows(connection, ids=wanted)}

    return {i: row._asdict() for i, row in each_once(connection, thing.name, ids, look).items()}


_Narrowed = Callable[[sa.FromClause, bool], sa.ColumnElement[bool]]


def _about(table: sa.FromClause, postgres: bool) -> sa.ColumnElement[bool]:
    return among(table.c.subject, "subjects", postgres) & (table.c.key_step >= sa.bindparam("least"))


def _of(table: sa.FromClause, postgres: bool) -> sa.ColumnElement[bool]:
    column: sa.ColumnElement[bool] = table.c.entity == sa.bindparam("entity")
    return column


def _positions(narrowed: _Narrowed, postgres: bool) -> sa.Select[Any]:
    """The first ``most`` positions, oldest first."""
    table = step.table
    chosen = sa.select(table.c.position).where(narrowed(table, postgres))
    order = by_no_index(table.c.position) if narrowed is _about else table.c.position
    return chosen.order_by(order).limit(sa.bindparam("most", type_=sa.Integer))


def _events(narrowed: _Narrowed, postgres: bool) -> sa.Select[Any]:
    """The events at these positions: found and read in one statement."""
    log, position = log_table(postgres)
    positions = _positions(narrowed, postgres).scalar_subquery()
    chosen = sa.select(position, log.c.topic, log.c.state).where(position.in_(positions))
    return chosen.order_by(position)


_POSITIONS_ABOUT = Prepared(partial(_positions, _about))
_POSITIONS_OF = Prepared(partial(_positions, _of))
_EVENTS_ABOUT = Prepared(partial(_events, _about))


def positions_about(
    connection: sa.Connection, subjects: Iterable[str], *, key_steps_only: bool, most: int = MOST_STEPS
) -> list[int]:
    """Positions of the events about these subjects, oldest first."""
    least = int(key_steps_only)
    rows = _POSITIONS_ABOUT.rows(connection, subjects=subjects, least=least, most=most)
    return [row[0] for row in rows]


def positions_of_entity(connection: sa.Connection, entity: str, most: int = MOST_STEPS) -> list[int]:
    """Positions of all events of an aggregate, its parts included, oldest first."""
    return [row[0] for row in _POSITIONS_OF.rows(connection, entity=entity, most=most)]


def events_about(
    connection: sa.Connection, subjects: Iterable[str], *, key_steps_only: bool, most: int = MOST_STEPS
) -> list[Recorded[Any]]:
    """The events about these subjects, oldest first."""
    least = int(key_steps_only)
    return _decoded(_EVENTS_ABOUT.rows(connection, subjects=subjects, least=least, most=most))


def _decoded(rows: Iterable[Any]) -> list[Recorded[Any]]:
    return [decode(topic, bytes(state), position) for position, topic, state in rows]
