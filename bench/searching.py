"""Searching: our query beside ``LIKE '%…%'``, for words that stand in few of many documents; and what
citizens type, how much of it finds what it means, and how long that takes."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import statistics
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask import Flask

from api.setup.config import RecordSettings
from bench.context import Context
from bench.measuring import Column, interleaved, rates_table
from bench.tables import Figure, Figures, Table
from domain.document.aggregate import DocumentRegistered
from domain.history import KANAZAWA
from domain.history.importing import import_history, read_history
from domain.kernel.events import Actor, Recorded
from domain.kernel.viewer import PUBLIC
from domain.recording.application import Application
from domain.sample.record import make_sample
from domain.values.calendar import EffectiveDate
from domain.values.disclosure import Disclosure
from projections.answers.finding.searching import hits, search_for
from projections.engine.database import CursorRows, transaction
from projections.engine.fold_events import fold_events
from projections.engine.store import Store
from projections.rebuild.bulk_rows import BulkRows
from projections.views.record.search_index import VIEW, document
from tests.api.search_table import outcomes

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
    return [
        rates_table(f"{TITLE} {documents:,} documents", "searches/s", measured),
        as_citizens_do(context),
    ]


AS_CITIZENS = (
    Figure("queries", "queries", ",.0f", lasting=True),
    Figure("found", "found", ",.0f", lasting=True),
    Figure("first", "first thing right", ",.0f", lasting=True),
    Figure("median_ms", "median, ms", ",.0f"),
    Figure("slowest_ms", "slowest, ms", ",.0f"),
)


def as_citizens_do(context: Context) -> Table:
    """The table of queries (tests/api/search_table.py) on both records: whole answers, as the page asks for
    them."""
    rows: dict[str, Figures] = {}
    for name, prepare in (("K", _history), ("F", _fiction)):
        store = context.fresh()
        prepare(store.application)
        settings = RecordSettings(database_url="sqlite://", secret_key="only for measuring")
        with (
            Flask(__name__).test_request_context("/search"),
            store.engine.connect() as connection,
        ):
            list(outcomes(name, connection, settings))  # statements are compiled, lists are read
            came = list(outcomes(name, connection, settings))
        times = [outcome.seconds * 1_000 for outcome in came]
        rows[RECORDS[name]] = {
            "queries": len(came),
            "found": sum(outcome.is_found for outcome in came),
            "first": sum(outcome.is_first for outcome in came),
            "median_ms": statistics.median(times),
            "slowest_ms": max(times),
        }
    return Table(f"{TITLE} as citizens do", AS_CITIZENS, rows)


RECORDS = {"K": "the real history", "F": "the fictional record"}


def _history(application: Application) -> None:
    import_history(application, read_history(KANAZAWA))


def _fiction(application: Application) -> None:
    make_sample(application, events=700)


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
