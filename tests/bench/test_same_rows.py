"""Whatever is measured beside a rebuild does the same work: it makes the same rows."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa

from bench import stock, straight
from bench.context import Context
from bench.prepared import on_postgres, on_sqlite
from domain.kernel.events import Actor
from domain.recording.application import command_named
from domain.recording.receipts import CommandTerms
from domain.sample.record import make_sample
from projections.engine.log import events_after, raw_after
from projections.engine.store import Store
from projections.engine.view import VIEWS
from projections.rebuild.proving import compare
from projections.registry import open_store
from tests.support.digests import digest_view
from tests.support.postgres import Postgres

EVENTS = 1_000
"""Enough for the sample to correct an entry."""


@pytest.fixture(scope="module")
def store(module_database_url: str) -> Iterator[Store]:
    made = open_store(module_database_url)
    made.create()
    make_sample(made.application, events=EVENTS)
    with made.engine.connect() as connection:
        assert events_after(connection, types=["RecordCorrected"])
    yield made
    made.close()


def differing(store: Store, names: Mapping[str, str]) -> list[str]:
    """The views whose rows are not those of the live ones."""
    live, other = store.connect(), store.connect()
    found = []
    for view in VIEWS.values():
        ours, theirs, _ = compare(view, live, other, store.postgres, names)
        if ours != theirs:
            found.append(view.name)
    live.close()
    other.close()
    return found


def test_the_straight_line_program_makes_the_same_rows_and_leaves_nothing(store: Store) -> None:
    assert straight.run(store) == store.head()
    assert differing(store, straight.NAMES) == []
    straight.drop(store)
    assert not [name for name in sa.inspect(store.engine).get_table_names() if "__straight" in name]


@pytest.mark.slow
@pytest.mark.parametrize("fill", [stock.batches, stock.one_by_one])
def test_the_ways_of_the_library_make_the_same_rows(
    store: Store, fill: Callable[[Store], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stock, "MOST", 10 * EVENTS)
    with stock.tables(store):
        assert fill(store) == store.head()
        assert differing(store, stock.NAMES) == []


@pytest.mark.postgres
def test_a_record_copied_to_postgresql_is_the_same_record(tmp_path: Path, postgres: Postgres) -> None:
    source = open_store(on_sqlite(tmp_path, 200))
    copied = open_store(on_postgres(postgres.fresh(), str(source.url)))
    with source.engine.connect() as a, copied.engine.connect() as b:
        assert raw_after(a, 0, 1_000) == raw_after(b, 0, 1_000)
    ours, theirs = source.connect(), copied.connect()
    for view in VIEWS.values():
        assert digest_view(ours.cursor(), False, view) == digest_view(theirs.cursor(), True, view)
    ours.close()
    theirs.close()
    head = source.head()
    assert record_something(copied) == head + 1
    source.close()
    copied.close()


def test_a_copy_of_a_record_may_be_changed(tmp_path: Path) -> None:
    a_copy_is_apart(on_sqlite(tmp_path, 200), None, tmp_path)


@pytest.mark.postgres
def test_a_copy_of_a_record_on_postgresql_may_be_changed(tmp_path: Path, postgres: Postgres) -> None:
    a_copy_is_apart(on_postgres(postgres.fresh(), on_sqlite(tmp_path, 200)), postgres, tmp_path)


def a_copy_is_apart(url: str, postgres: Postgres | None, folder: Path) -> None:
    """A copy of the record at ``url`` can be written, and the record has nothing of it."""
    with ExitStack() as stack:
        context = Context(url, 200, postgres, argparse.Namespace(), folder, stack)
        head = context.store.head()
        changed = open_store(context.copy())
        assert record_something(changed) == head + 1
        changed.close()
        assert context.store.head() == head


def record_something(store: Store) -> int:
    """Give a command; the position of what it recorded."""
    command = command_named("Party", "register_organisation")
    terms = CommandTerms(Actor("SEC"), frozenset({"SEC"}))
    values = {"name_ja": "写しの会", "category": "npo"}
    return store.application.execute(command, "org-copied", values, terms).position
