"""Which things a search finds: every word stands somewhere in what is recorded of them, the best first.

A word counts by the best place in which it stands (matching.py): what a thing is called before what was
concluded before what somebody said. Things of one weight come newest first. How many there are of each kind
and in each fiscal year is counted before either is chosen, over all of them, up to what is counted at all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from domain.kernel.viewer import Viewer
from projections.answers.finding.attached import Attached
from projections.answers.finding.matching import Seen
from projections.answers.finding.searching import Search, filters_of, shown
from projections.answers.finding.words import Word
from projections.engine.event_json import Json
from projections.views.record.search_index import document

COUNTED = 10_000
"""Things are told apart and counted up to here."""
SHOWN = 20
"""Things on one page."""
PASSAGES = 3
"""Passages shown of one thing."""


@dataclass(frozen=True)
class Thing:
    """A thing that was found: how much, and when it was last said."""

    entity: str
    kind: str
    score: int
    newest: str
    position: int


@dataclass(frozen=True)
class Things:
    """What a search finds, in order; and how many by kind and by fiscal year, whichever of them is chosen."""

    listed: tuple[Thing, ...] = ()
    exact: bool = True
    kinds: Mapping[str, int] = field(default_factory=dict)
    years: Mapping[int, int] = field(default_factory=dict)


def things(connection: sa.Connection, search: Search, viewer: Viewer) -> Things:
    """Everything that a search finds and that this reader may see."""
    rows = connection.execute(_groups(search, viewer, postgres=_is_postgres(connection))).all()
    by_entity: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows[:COUNTED]:
        by_entity[row.entity, row.kind].append(row)
    kinds: Counter[str] = Counter()
    years: Counter[int] = Counter()
    in_order = []
    for (entity, kind), groups in by_entity.items():
        said_in = [row.fiscal_year for row in groups if row.fiscal_year and _weight([row], search.words)]
        if _weight(groups, search.words) and search.kind in (None, kind):
            years.update(said_in)
        chosen = [row for row in groups if search.fiscal_year in (None, row.fiscal_year)]
        weight = _weight(chosen, search.words)
        if not weight:
            continue
        kinds[kind] += 1
        if search.kind in (None, kind):
            newest, last = max(row.newest for row in chosen), max(row.position for row in chosen)
            in_order.append(Thing(entity, kind, weight, newest, last))
    in_order.sort(key=lambda thing: (thing.score, thing.newest, thing.position), reverse=True)
    return Things(
        tuple(in_order), len(rows) <= COUNTED, dict(kinds.most_common()), dict(sorted(years.items()))
    )


def _weight(rows: Iterable[Any], words: tuple[Word, ...]) -> int:
    """How much a thing is what was looked for; 0 if a word is missing."""
    listed = list(rows)
    best = [max((row[n] for row in listed), default=0) for n in range(len(words))]
    return sum(best) if all(best) else 0


def _groups(search: Search, viewer: Viewer, *, postgres: bool) -> sa.Select[Any]:
    """For each thing and fiscal year, how much each word counts in what is recorded of it then."""
    scored = _scored(search, viewer, postgres=postgres).subquery()
    weights = [sa.func.max(scored.c[f"w{n}"]) for n in range(len(search.words))]
    total = sum(weights[1:], start=weights[0])
    newest, last = sa.func.max(scored.c.sort), sa.func.max(scored.c.position)
    return (
        sa.select(
            *(weight.label(f"w{n}") for n, weight in enumerate(weights)),
            scored.c.entity,
            scored.c.kind,
            scored.c.fiscal_year,
            newest.label("newest"),
            last.label("position"),
        )
        .where(sa.or_(*(scored.c[f"w{n}"] > 0 for n in range(len(search.words)))))
        .group_by(scored.c.entity, scored.c.kind, scored.c.fiscal_year)
        .order_by(total.desc(), newest.desc(), last.desc())
        .limit(COUNTED + 1)
    )


def _scored(
    search: Search, viewer: Viewer, *conditions: sa.ColumnElement[bool], postgres: bool
) -> sa.Select[Any]:
    """Rows that say any of the words, with how much each of them counts."""
    whole = Seen(viewer, postgres=postgres)
    filters = filters_of(Search(search.words, body=search.body, role=search.role, state=search.state))
    seen = whole.among(whole.candidates(search.words, every=False), *filters, *conditions)
    shown_columns = (seen.row[name] for name in _ROW)
    weights = (seen.score(word).label(f"w{n}") for n, word in enumerate(search.words))
    columns: list[Any] = [*weights, *shown_columns]
    return sa.select(*columns)


_ROW = ("entity", "subject", "kind", "fiscal_year", "sort", "position")


def passages(
    connection: sa.Connection,
    search: Search,
    viewer: Viewer,
    chosen: Iterable[Thing],
    texts: Attached | None = None,
) -> dict[str, list[Json]]:
    """The best passages of these things, by thing: of one event each, as :func:`searching.shown`."""
    entities = [thing.entity for thing in chosen]
    if not entities:
        return {}
    postgres = _is_postgres(connection)
    d = document.table
    of_year = [d.c.fiscal_year == search.fiscal_year] if search.fiscal_year else []
    inner = _scored(search, viewer, d.c.entity.in_(entities), *of_year, postgres=postgres).subquery()
    weights = [inner.c[f"w{n}"] for n in range(len(search.words))]
    total = sum(weights[1:], start=weights[0])
    order = sa.func.row_number().over(
        partition_by=inner.c.entity,
        order_by=(total.desc(), (inner.c.subject == inner.c.entity).desc(), inner.c.sort.desc(),
                  inner.c.position.desc()),
    )  # fmt: skip
    ranked = sa.select(inner.c.position, order.label("place")).where(total > 0).subquery()
    best = sa.select(ranked.c.position, ranked.c.place).where(ranked.c.place <= PASSAGES).subquery()
    cut = sa.case((Seen(viewer, postgres=postgres).cut, 1), else_=0).label("cut")
    rows = connection.execute(
        sa.select(d, best.c.place, cut).join(best, best.c.position == d.c.position).order_by(best.c.place)
    ).all()
    by_thing: dict[str, list[Json]] = defaultdict(list)
    for item in shown(connection, rows, search.words, texts):
        by_thing[item["entity"]].append(item)
    return by_thing


def _is_postgres(connection: sa.Connection) -> bool:
    return connection.dialect.name == "postgresql"
