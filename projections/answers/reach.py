"""What a thing came from and what came of it, both ways, and the events on the way: each in one statement.

The rule of how links are followed, level by level and how far, is ``follow`` of the view
(projections/views/matter/decision_trail.py). Here all links that it may ask for are taken from the database
at once, by a recursive statement; where more than ``AT_MOST`` things are around, the links are asked for
level by level, as ``follow`` needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from domain.kernel.events import Recorded
from domain.kernel.mapper import decode
from domain.kernel.record import KINDS
from projections.engine.compiled_select import Prepared, among, by_no_index
from projections.engine.one_moment import each_once, remember
from projections.engine.view import Row
from projections.tables.log_table import log_table
from projections.views.matter.decision_trail import (
    MOST_LINKS,
    MOST_STEPS,
    NOBODY,
    FoundLink,
    Reach,
    Side,
    follow,
    link,
    links_at,
    step,
    things,
)
from projections.views.record.closed_parts import expect_closed
from projections.views.record.corrections import fix, in_force

AT_MOST = 1_000
"""So many things are reached by one statement, each way."""


@dataclass(frozen=True)
class Around:
    """What a thing came from (``backward``), and what came of it (``forward``); and of all these and of the
    thing itself what they are, as far as they are on record (``things``)."""

    subject: str
    backward: Reach
    forward: Reach
    things: dict[str, Row]

    @property
    def links(self) -> list[FoundLink]:
        """The links that begin or end at the thing itself, withdrawn ones included."""
        begin = [made for made in self.backward.links.values() if made.from_id == self.subject]
        return begin + [made for made in self.forward.links.values() if made.to_id == self.subject]


def around(connection: sa.Connection, subject: str) -> Around:
    """Everything that links lead to from ``subject`` and back; withdrawn links are listed, not followed."""
    return arounds(connection, [subject])[subject]


def arounds(connection: sa.Connection, subjects: Iterable[str]) -> dict[str, Around]:
    """:func:`around` of several things, looked for together; in a reading once."""

    def look(wanted: list[str]) -> dict[str, Around]:
        links = _links_around(connection, wanted)
        ways = [(i, follow(links, i, "backward"), follow(links, i, "forward")) for i in wanted]
        known = things(connection, [j for i, back, on in ways for j in (i, *back.levels, *on.levels)])
        expect_closed(connection, _streams(known.values()))
        return {
            i: Around(i, back, on, {j: known[j] for j in (i, *back.levels, *on.levels) if j in known})
            for i, back, on in ways
        }

    return each_once(connection, "around", subjects, look)


def _streams(rows: Iterable[Row]) -> set[str]:
    return {KINDS[row["kind"]].stream_for(row["entity"]) for row in rows}


# ---------------------------------------------------------------------------------------------- the events


@dataclass
class EventsAround:
    """The events of a thing, the key steps of what led to it and of what came of it, oldest first; and which
    types of event there are of what is around it."""

    own: list[Recorded[Any]] = field(default_factory=list)
    before: list[Recorded[Any]] = field(default_factory=list)
    after: list[Recorded[Any]] = field(default_factory=list)
    types: set[str] = field(default_factory=set)


def events_around(
    connection: sa.Connection,
    reached: Around,
    before: Iterable[str] = (),
    after: Iterable[str] = (),
) -> EventsAround:
    """All events of an aggregate, its parts included, or the events about a part; the key steps about what
    was ``before`` and ``after``; at most 600 of each. The corrections of all these are found with them."""
    subject, around = reached.subject, EventsAround()
    entity = reached.things[subject]["entity"]
    others = {row["entity"] for row in reached.things.values()} - {entity}
    statement = _PART if entity != subject else _WHOLE
    arguments = {"own": [subject], "before": before, "after": after, "entities": others}
    corrections: dict[str, list[Any]] = {stream: [] for stream in _streams(reached.things.values())}
    for which, stream, position, topic, state in statement.rows(
        connection, **arguments, fixed={entity, *others}, most=MOST_STEPS
    ):
        if which == "types":
            around.types.add(topic)
        elif which == "fixed":
            corrections.setdefault(stream, []).append(decode(topic, bytes(state), position))
        else:
            getattr(around, which).append(decode(topic, bytes(state), position))
    for events in (around.own, around.before, around.after):
        events.sort(key=lambda e: e.position)
    remember(connection, fix.name, corrections)
    return around


def _events(is_part: bool, postgres: bool) -> Any:
    log, position = log_table(postgres)
    c = step.table.c
    selected = {
        "own": among(c.subject if is_part else c.entity, "own", postgres),
        "before": among(c.subject, "before", postgres) & (c.key_step == 1),
        "after": among(c.subject, "after", postgres) & (c.key_step == 1),
    }
    parts: list[Any] = []
    for which, narrowed in selected.items():
        most = sa.bindparam("most", type_=sa.Integer)
        ordered = sa.select(c.position).where(narrowed).order_by(by_no_index(c.position))
        chosen = ordered.limit(most).scalar_subquery()
        label = sa.literal(which, sa.Text).label("which")
        columns = (log.c.originator_id, position, log.c.topic, log.c.state)
        parts.append(sa.select(label, *columns).where(position.in_(chosen)))
    types = sa.select(
        sa.literal("types", sa.Text),
        sa.literal("", sa.Text),
        sa.literal(0, sa.BigInteger),
        c.type,
        sa.cast(sa.null(), sa.LargeBinary),
    )
    fixed = in_force(among(fix.table.c.entity, "fixed", postgres), postgres)
    fixed = fixed.with_only_columns(sa.literal("fixed", sa.Text), *fixed.selected_columns)
    return sa.union_all(*parts, types.where(among(c.entity, "entities", postgres)).distinct(), fixed)


_PART, _WHOLE = Prepared(lambda pg: _events(True, pg)), Prepared(lambda pg: _events(False, pg))


# ----------------------------------------------------------------------------------------------- the links


def _links_around(
    connection: sa.Connection, subjects: list[str]
) -> Callable[[Side, Sequence[str]], Iterator[FoundLink]]:
    """The links of any side of whatever is reached from these things."""
    sides: dict[str, list[FoundLink]] = {"from_id": [], "to_id": []}
    for side, *row in _AROUND.rows(connection, starts=subjects, things=AT_MOST, links=MOST_LINKS):
        sides[side].append(FoundLink(*row))
    counted = {side: side_links.pop(0).position for side, side_links in sides.items()}
    by_side: dict[str, dict[str, list[FoundLink]]] = {}
    for side, side_links in sides.items():
        if counted[side] < AT_MOST and len(side_links) < MOST_LINKS:
            by_side[side] = {}
            for made in side_links:
                by_side[side].setdefault(getattr(made, side), []).append(made)

    def links(side: Side, ids: Sequence[str]) -> Iterator[FoundLink]:
        if side not in by_side:
            yield from links_at(connection, side, ids)
            return
        links = [made for i in ids for made in by_side[side].get(i, ())]
        yield from sorted(links, key=lambda made: (made.position, made.link_id))

    return links


def _whole(part: sa.ColumnElement[str], postgres: bool) -> sa.ColumnElement[str]:
    """What a part (``a#b``) is a part of; anything else is itself. An article whose text nobody recorded is
    still a part of its ordinance."""
    if postgres:
        return sa.func.split_part(part, "#", 1)
    mark = sa.func.instr(part, "#")
    return sa.case((mark > 0, sa.func.substr(part, 1, mark - 1)), else_=part)


def _starts(postgres: bool) -> sa.Select[Any]:
    if postgres:  # compared as the ids in the tables are
        starts: Any = sa.bindparam("starts", type_=sa.ARRAY(sa.Text))
        return sa.select(sa.collate(sa.func.unnest(starts), "C").label("id"))
    listed = sa.func.json_each(sa.bindparam("starts")).table_valued("value")
    return sa.select(sa.cast(listed.c.value, sa.Text).label("id"))


def _reached(side: Side, postgres: bool) -> sa.CTE:
    """The ids to which links lead from where we start, and those; at most so many things."""
    made, there = link.table.alias(), "to_id" if side == "from_id" else "from_id"
    ids = _starts(postgres).cte(f"along_{side}", recursive=True)
    columns = (ids.c.id, _whole(ids.c.id, postgres)) if side == "from_id" else (ids.c.id,)
    onward = (
        sa.select(made.c[there])
        .select_from(ids.join(made, made.c[side].in_(columns)))
        .where(by_no_index(made.c.withdrawn) == NOBODY)
    )
    all_ids = ids.union(onward)
    return sa.select(all_ids.c.id).limit(sa.bindparam("things", type_=sa.Integer)).cte(f"around_{side}")


def _select(side: Side, postgres: bool) -> list[sa.Select[Any]]:
    """First how many things there are, then their links, in the order in which they were made."""
    reached, c = _reached(side, postgres), link.table.c
    count = sa.select(sa.func.count()).select_from(reached).scalar_subquery()
    nothing: Any = sa.literal("", sa.Text)
    reached_ids = sa.select(
        sa.literal(side, sa.Text).label("side"),
        nothing.label("link_id"),
        nothing.label("from_id"),
        nothing.label("to_id"),
        nothing.label("relation"),
        count.label("position"),
        nothing.label("made"),
        nothing.label("withdrawn"),
    )
    ids: Any = sa.select(reached.c.id)
    if side == "from_id":
        ids = ids.union(sa.select(_whole(reached.c.id, postgres)))
    columns = (c.link_id, c.from_id, c.to_id, c.relation, c.position, c.made, c.withdrawn)
    chosen = (
        sa.select(sa.literal(side, sa.Text).label("side"), *columns)
        .where(c[side].in_(ids))
        .order_by(c.position, c.link_id)
        .limit(sa.bindparam("links", type_=sa.Integer))
        .subquery()
    )
    return [reached_ids, sa.select(chosen)]


_AROUND = Prepared(lambda pg: sa.union_all(*_select("from_id", pg), *_select("to_id", pg)))
