"""Searching: our query beside ``LIKE '%…%'``, for words that stand in few of many documents."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from bench.context import Context
from bench.measuring import Column, interleaved, rates_table
from bench.tables import Table
from domain.document.aggregate import DocumentRegistered
from domain.kernel.events import Actor, Recorded
from domain.kernel.viewer import PUBLIC
from domain.values.calendar import EffectiveDate
from domain.values.disclosure import Disclosure
from projections.answers.finding.searching import hits, search_for
from projections.engine.database import CursorRows, transaction
from projections.engine.fold_events import fold_events
from projections.engine.store import Store
from projections.rebuild.bulk_rows import BulkRows
from projections.views.record.search_index import VIEW, document

TITLE = "Searching"
RARE = ("鯨波", "海獺", "鸚鵡貝", "翡翠輝石", "Ｗｈａｌｅ調査", "鰐淵の水族館")
"""Words that no made-up text holds by chance."""
IN_HOW_MANY = 10
"""Documents in which each of them stands."""
SHOWN = 20
LETTERS = "".join(map(chr, range(0x3041, 0x3094))) * 4 + "".join(map(chr, range(0x4E00, 0x51E8)))
"""Hiragana as often as they are in Japanese, roughly, and a thousand kanji."""


def columns(store: Store, documents: int) -> list[Column]:
    """Two columns over an empty record that gets so many documents of about 200 characters."""
    _fill(store, documents)
    connection = store.engine.connect()
    table = document.table
    words = itertools.cycle(RARE)

    def ask(chosen: sa.Select[Any]) -> int:
        hits = connection.execute(chosen.limit(SHOWN)).all()
        assert len(hits) == IN_HOW_MANY
        return 1

    def like() -> int:
        (word,) = search_for(next(words), {}).words
        newest = table.c.sort.desc(), table.c.position.desc()
        return ask(sa.select(table).where(table.c.folded.like(f"%{word.typed}%")).order_by(*newest))

    def ours() -> int:
        return ask(hits(search_for(next(words), {}), PUBLIC, postgres=store.postgres))

    def often(once: Any, times: int) -> Any:
        return lambda: sum(once() for _ in range(times))

    return [Column("LIKE '%…%'", often(like, len(RARE))), Column("by pairs", often(ours, 20 * len(RARE)))]


def measure(context: Context) -> list[Table]:
    """Both columns over documents of their own."""
    documents = context.options.documents
    measured = columns(context.fresh(), documents)
    interleaved(measured, context.options.runs)
    return [rates_table(f"{TITLE} {documents:,} documents", "searches/s", measured)]


def _fill(store: Store, documents: int) -> None:
    connection = store.connect()
    with transaction(connection, store.postgres) as cursor:
        rows = BulkRows(CursorRows(cursor, store.postgres))
        made = _documents(documents)
        while page := list(itertools.islice(made, 2_000)):
            fold_events([VIEW], page, rows)
        rows.flush()
    connection.execute("ANALYZE")
    connection.close()


def _documents(count: int) -> Iterator[Recorded[Any]]:
    chance = random.Random(1)
    holders = dict(zip(chance.sample(range(count), len(RARE) * IN_HOW_MANY), itertools.cycle(RARE)))
    for n in range(count):
        text = "".join(chance.choices(LETTERS, k=200))
        yield Recorded(
            event_id=f"e-{n}",
            stream=f"document-{n}",
            version=1,
            type="DocumentRegistered",
            recorded_at=dt.datetime(2026, 4, 1, tzinfo=dt.UTC),
            effective=EffectiveDate.on(dt.date(2000, 1, 1) + dt.timedelta(days=n % 9_000)),
            actor=Actor("SEC"),
            correlation_id="k-1",
            data=DocumentRegistered(
                kind="report", disclosure=Disclosure(), title=text[:100] + holders.get(n, "") + text[100:]
            ),
            position=n + 1,
        )
