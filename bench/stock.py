"""The library's own ways to fill views, as columns beside a rebuild: the same views, by the same folds.

- The stock runner: the library's ``ProjectionRunner`` gives one event after the other to a projection, which
  folds it and records how far it is in one transaction of its own. On SQLite the library has no subscription
  (``subscribe()`` is not implemented), so a loop over the same recorder, mapper and transaction stands in.
  What an event takes does not depend on how many there are: only the first ``MOST`` events are read.
- A batched rebuild: the library's recorder and mapper read the log in batches, each of which is folded and
  written with SQLAlchemy Core in one transaction.

Both decode with our mapper, which is several times faster than the library's default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from eventsourcing.application import Application as LibraryApplication
from eventsourcing.persistence import ApplicationRecorder, Mapper, StoredEvent, Tracking
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from eventsourcing.sqlite import SQLiteFactory, SQLiteTrackingRecorder
from eventsourcing.utils import Environment
from psycopg.rows import tuple_row

from bench.core_rows import CoreRows
from bench.measuring import Column, Done, stopwatch
from domain.kernel.mapper import PlainTranscoder, RecordMapper
from projections.engine.database import CursorRows, create_sql, drop_sql, transaction
from projections.engine.fold_events import fold_events
from projections.engine.store import Store
from projections.registry import ALL_VIEWS
from projections.tables.log_table import LOG

MOST = 2_000
"""Events that the stock runner is given: it takes a transaction for each."""
BATCH = 2_000
TABLES = [table for view in ALL_VIEWS for table in view.tables]
NAMES = {table.name: f"{table.name}__stock" for table in TABLES}
"""What the tables are called that they fill."""


def columns(store: Store) -> list[Column]:
    """The stock runner, and a batched rebuild. Their tables are made and dropped outside the time."""
    return [
        Column("the library's runner, a transaction for each event", lambda: _timed(store, one_by_one)),
        Column("batches through the library's mapper and SQLAlchemy Core", lambda: _timed(store, batches)),
    ]


def _timed(store: Store, fill: Callable[[Store], int]) -> Done:
    with tables(store), stopwatch() as seconds:
        events = fill(store)
    return Done(events, seconds())


@contextmanager
def tables(store: Store) -> Iterator[None]:
    """Empty tables with their indexes, while the block runs."""
    connection = store.connect()
    dropped = [s for t in TABLES for s in drop_sql(t.table, store.postgres, NAMES[t.name])]
    dropped += [f"DROP TABLE IF EXISTS {name}" for name in ("tracking", "stock_tracking")]
    made = [s for t in TABLES for s in create_sql(t.table, store.postgres, NAMES[t.name])]
    for statements in (dropped, made):
        with transaction(connection, store.postgres) as cursor:
            for statement in statements:
                cursor.execute(statement)
    yield
    with transaction(connection, store.postgres) as cursor:
        for statement in dropped:
            cursor.execute(statement)
    connection.close()


def one_by_one(store: Store) -> int:
    """Fill the tables with a transaction for each of the first ``MOST`` events; how many were read."""
    return _by_runner(store) if store.postgres else _by_loop(store)


def batches(store: Store) -> int:
    """Fill the tables in batches; how many events were read."""
    recorder, mapper = _recorder(store), _mapper()
    done = position = 0
    while notifications := recorder.select_notifications(position + 1, BATCH):
        with store.engine.begin() as connection:
            page = [_decoded(mapper, one, one.id) for one in notifications]
            fold_events(ALL_VIEWS, page, CoreRows(connection, NAMES))
        position, done = notifications[-1].id, done + len(page)
    return done


# -- on PostgreSQL, by the library's runner


class _Enough(Exception):
    """The runner has been given as many events as are to be measured."""


class _Log(LibraryApplication[str]):
    """The log, as the library reads it."""

    name = "kyodo"

    def construct_mapper(self) -> Mapper[str]:
        return _mapper()

    def construct_recorder(self) -> ApplicationRecorder:
        factory: Any = self.factory
        return PostgresApplicationRecorder(factory.datastore, events_table_name=LOG)


class _PostgresViews(PostgresTrackingRecorder):
    """All views, written together with how far they are."""

    def keep(self, event: Any, tracking: Tracking) -> None:
        with self.datastore.get_connection() as connection, connection.transaction():
            with connection.cursor() as cursor:
                self._insert_tracking(cursor, tracking)
            with connection.cursor(row_factory=tuple_row) as rows:
                fold_events(ALL_VIEWS, [event], CursorRows(rows, True, NAMES))


class _Stock(Projection[_PostgresViews]):
    """Folds what it is given, up to so many events."""

    name = "stock"
    last = 0

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        domain_event.position = tracking.notification_id
        self.view.keep(domain_event, tracking)
        self.last -= 1
        if not self.last:
            raise _Enough


def _by_runner(store: Store) -> int:
    events = min(MOST, store.head())
    _Stock.last = events
    with ProjectionRunner(
        application_class=_Log,
        projection_class=_Stock,
        view_class=_PostgresViews,
        env={"PERSISTENCE_MODULE": "eventsourcing.postgres", **_environment(store)},
    ) as runner:
        try:
            runner.run_forever()
        except _Enough:
            return events
    raise RuntimeError("the runner ended before its time")


# -- on SQLite, by a loop over what the library has


class _SQLiteViews(SQLiteTrackingRecorder):
    """All views, written together with how far they are."""

    def keep(self, event: Any, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            fold_events(ALL_VIEWS, [event], CursorRows(cursor, False, NAMES))


def _by_loop(store: Store) -> int:
    recorder, mapper = _recorder(store), _mapper()
    factory = SQLiteFactory(Environment("stock", _environment(store)))
    views = cast(_SQLiteViews, factory.tracking_recorder(_SQLiteViews))
    done = position = 0
    while done < MOST and (
        notifications := recorder.select_notifications(position + 1, min(BATCH, MOST - done))
    ):
        for one in notifications:
            views.keep(_decoded(mapper, one, one.id), Tracking("kyodo", one.id))
        position, done = notifications[-1].id, done + len(notifications)
    factory.close()
    return done


# -- the library on a record


def _mapper() -> Mapper[str]:
    return RecordMapper(PlainTranscoder())


def _decoded(mapper: Mapper[str], stored: StoredEvent, position: int) -> Any:
    event: Any = mapper.to_domain_event(stored)
    event.position = position
    return event


def _recorder(store: Store) -> ApplicationRecorder:
    """What reads the log: the library's own recorder, which ours adds writing to."""
    return store.application.recorder


def _environment(store: Store) -> dict[str, str]:
    url = store.url
    if not store.postgres:
        return {"ORIGINATOR_ID_TYPE": "text", "SQLITE_DBNAME": str(url.database)}
    return {
        "ORIGINATOR_ID_TYPE": "text",
        "POSTGRES_DBNAME": url.database or "",
        "POSTGRES_HOST": url.host or str(url.query.get("host", "")),
        "POSTGRES_PORT": str(url.port or 5432),
        "POSTGRES_USER": url.username or "",
        "POSTGRES_PASSWORD": str(url.password or ""),
    }
