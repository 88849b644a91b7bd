"""What a thing came from and what came of it, both ways, found in one statement.

The rule of how links are followed, level by level and how far, is ``follow`` of the view
(projections/views/matter/decision_trail.py). Here all links that it may ask for are taken from the database
at once, by a recursive statement each way; of what has more around it than ``AT_MOST`` things the links are
asked for level by level, as ``follow`` needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa

from projections.engine.compiled_select import Prepared
from projections.engine.one_moment import once
from projections.views.matter.decision_trail import (
    MOST_LINKS,
    NOBODY,
    FoundLink,
    Reach,
    Side,
    follow,
    link,
    links_at,
)

AT_MOST = 1_000
"""So many things are reached by one statement, each way."""


@dataclass(frozen=True)
class Around:
    """What a thing came from (``backward``), and what came of it (``forward``)."""

    backward: Reach
    forward: Reach


def around(connection: sa.Connection, subject: str) -> Around:
    """Everything that links lead to from ``subject`` and back; withdrawn links are listed, not followed."""
    return once(connection, ("around", subject), partial(_around, connection, subject))


def _around(connection: sa.Connection, subject: str) -> Around:
    links = _links_around(connection, subject)
    return Around(follow(links, subject, "backward"), follow(links, subject, "forward"))


def _links_around(
    connection: sa.Connection, subject: str
) -> Callable[[Side, Sequence[str]], Iterator[FoundLink]]:
    """The links of any side of whatever is reached from ``subject``."""
    sides: dict[str, list[FoundLink]] = {"from_id": [], "to_id": []}
    for side, *row in _AROUND.rows(connection, start=subject, things=AT_MOST, links=MOST_LINKS):
        sides[side].append(FoundLink(*row))
    counted = {"from_id": sides["from_id"].pop(0).position, "to_id": sides["to_id"].pop(0).position}
    by_side: dict[str, dict[str, list[FoundLink]]] = {}
    for side, found in sides.items():
        if counted[side] < AT_MOST and len(found) < MOST_LINKS:
            by_side[side] = {}
            for made in found:
                by_side[side].setdefault(getattr(made, side), []).append(made)

    def links(side: Side, ids: Sequence[str]) -> Iterator[FoundLink]:
        if side not in by_side:
            yield from links_at(connection, side, ids)
            return
        found = [made for i in ids for made in by_side[side].get(i, ())]
        yield from sorted(found, key=lambda made: (made.position, made.link_id))

    return links


def _whole(part: sa.ColumnElement[str], postgres: bool) -> sa.ColumnElement[str]:
    """What a part (``a#b``) is a part of; anything else is itself. An article whose text nobody recorded is
    still a part of its ordinance."""
    if postgres:
        return sa.func.split_part(part, "#", 1)
    mark = sa.func.instr(part, "#")
    return sa.case((mark > 0, sa.func.substr(part, 1, mark - 1)), else_=part)


def _reached(side: Side, postgres: bool) -> sa.CTE:
    """The ids to which links lead from ``start``, and ``start``; at most so many things."""
    made, there = link.table.alias(), "to_id" if side == "from_id" else "from_id"
    start: Any = sa.bindparam("start", type_=sa.Text)
    start = sa.collate(start, "C") if postgres else start  # as the ids in the tables are compared
    ids = sa.select(start.label("id")).cte(f"along_{side}", recursive=True)
    asked = (ids.c.id, _whole(ids.c.id, postgres)) if side == "from_id" else (ids.c.id,)
    step = (
        sa.select(made.c[there])
        .select_from(ids.join(made, made.c[side].in_(asked)))
        .where(made.c.withdrawn == NOBODY)
    )
    found = ids.union(step)
    return sa.select(found.c.id).limit(sa.bindparam("things", type_=sa.Integer)).cte(f"around_{side}")


def _select(side: Side, postgres: bool) -> list[sa.Select[Any]]:
    """First how many things there are, then their links, in the order in which they were made."""
    reached, c = _reached(side, postgres), link.table.c
    count = sa.select(sa.func.count()).select_from(reached).scalar_subquery()
    nothing: Any = sa.literal("", sa.Text)
    told = sa.select(
        sa.literal(side, sa.Text).label("side"),
        nothing.label("link_id"),
        nothing.label("from_id"),
        nothing.label("to_id"),
        nothing.label("relation"),
        count.label("position"),
        nothing.label("made"),
        nothing.label("withdrawn"),
    )
    asked = sa.select(reached.c.id)
    if side == "from_id":
        asked = asked.union(sa.select(_whole(reached.c.id, postgres)))  # type: ignore[assignment]
    columns = (c.link_id, c.from_id, c.to_id, c.relation, c.position, c.made, c.withdrawn)
    chosen = (
        sa.select(sa.literal(side, sa.Text).label("side"), *columns)
        .where(c[side].in_(asked))
        .order_by(c.position, c.link_id)
        .limit(sa.bindparam("links", type_=sa.Integer))
        .subquery()
    )
    return [told, sa.select(chosen)]


def _both(postgres: bool) -> Any:
    return sa.union_all(*_select("from_id", postgres), *_select("to_id", postgres))


_AROUND = Prepared(_both)
