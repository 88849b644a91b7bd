"""Appending: a raw insert of the same bytes, the bare library, the same with every view, a whole command.

Every column commits durably: SQLite in WAL mode with ``synchronous=FULL`` (its default, which the store
leaves alone), PostgreSQL with ``fsync`` and ``synchronous_commit`` on. The raw insert writes the same bytes
into a table like the log's, in one transaction on the driver, with nothing else.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import msgspec
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresFactory
from eventsourcing.sqlite import SQLiteFactory
from eventsourcing.utils import Environment

from bench.context import Context
from bench.latency import Act, Timed, timed_in_turn, timed_table
from bench.tables import Table
from domain.kernel.events import Actor, Recorded
from domain.kernel.mapper import PlainTranscoder, RecordMapper
from domain.recording.application import command_named
from domain.recording.receipts import Alongside, CommandTerms
from projections.engine.log import events_after
from projections.engine.store import Store
from projections.registry import open_store

TITLE = "Appending"
NOTE = "p50 of one durable commit; the raw insert is begin, insert and commit on the driver."

Save = list[Recorded[Any]]
Insert = Callable[[list[StoredEvent]], None]


def measure(context: Context) -> list[Table]:
    """Every column over the first commands of the record, under fresh names."""
    most = context.options.appends
    appended = columns(context, saves_of(context.store, 20 * most)[:most])
    timed_in_turn(appended, context.options.runs)
    return [timed_table(TITLE, "commands/s", appended, NOTE)]


def saves_of(store: Store, most: int) -> list[Save]:
    """The events of a record, grouped as the commands that recorded them (by correlation)."""
    with store.engine.connect() as connection:
        events = events_after(connection, 0, limit=most)
    return [list(group) for _, group in itertools.groupby(events, key=lambda e: e.correlation_id)]


def columns(context: Context, saves: list[Save]) -> list[Timed]:
    """Columns over the same saves, each time under fresh stream names."""
    raw, bare = _raw_insert(open_store(context.fresh_url())), _bare_recorder(open_store(context.fresh_url()))
    store, commands, runs = context.fresh(), context.fresh(), itertools.count()
    mapper = RecordMapper(PlainTranscoder())

    def renamed() -> Iterator[tuple[Save, list[StoredEvent]]]:
        suffix = f"-r{next(runs)}"
        for save in saves:
            events = [msgspec.structs.replace(e, stream=e.stream + suffix, position=0) for e in save]
            yield events, [mapper.to_stored_event(e) for e in events]

    def append_views(events: Save, stored: list[StoredEvent]) -> None:
        store.application.recorder.insert_events(
            stored,
            along=Alongside(events, stream=events[0].stream, stream_version=events[-1].version),
        )

    def whole_commands() -> Iterator[Act]:
        terms = CommandTerms(Actor("SEC", "p-bench"), frozenset({"SEC"}))
        command = command_named("Party", "register_organisation")
        values = {"name_ja": "架空の団体", "category": "npo"}
        run = next(runs)
        for n in range(len(saves)):
            yield partial(commands.application.execute, command, f"org-{run}-{n}", dict(values), terms)

    return [
        Timed("raw insert of the same bytes", lambda: (partial(raw, s) for _, s in renamed())),
        Timed("bare eventsourcing recorder", lambda: (partial(bare.insert_events, s) for _, s in renamed())),
        Timed("with every view", lambda: (partial(append_views, e, s) for e, s in renamed())),
        Timed("a whole command", whole_commands),
    ]


def _raw_insert(store: Store) -> Insert:
    """Insert rows into a table like the log's and commit: begin, insert, commit, with nothing else."""
    return _raw_postgres(store) if store.postgres else _raw_sqlite(store)


def _raw_sqlite(store: Store) -> Insert:
    connection = store.connect()
    connection.execute(
        "CREATE TABLE raw (rowid INTEGER PRIMARY KEY AUTOINCREMENT, originator_id TEXT NOT NULL, "
        "originator_version INTEGER NOT NULL, topic TEXT NOT NULL, state BLOB NOT NULL, "
        "UNIQUE (originator_id, originator_version))"
    )
    statement = "INSERT INTO raw (originator_id, originator_version, topic, state) VALUES (?,?,?,?)"

    def insert(stored: list[StoredEvent]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(statement, _rows(stored))
        connection.execute("COMMIT")

    return insert


def _raw_postgres(store: Store) -> Insert:
    connection = store.connect()
    connection.execute(
        "CREATE TABLE raw (originator_id text NOT NULL, originator_version bigint NOT NULL, topic text, "
        "state bytea, notification_id bigserial, PRIMARY KEY (originator_id, originator_version))"
    )
    connection.execute("CREATE UNIQUE INDEX raw_position ON raw (notification_id)")

    def insert(stored: list[StoredEvent]) -> None:
        marks = ",".join(["(%s,%s,%s,%s)"] * len(stored))
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO raw (originator_id, originator_version, topic, state) VALUES {marks}",
                [value for row in _rows(stored) for value in row],
                prepare=True,
            )

    return insert


def _rows(stored: list[StoredEvent]) -> list[tuple[str, int, str, bytes]]:
    return [(str(s.originator_id), s.originator_version, s.topic, s.state) for s in stored]


def _bare_recorder(store: Store) -> Any:
    common = {"ORIGINATOR_ID_TYPE": "text"}
    if not store.postgres:
        environment = Environment("bare", {**common, "SQLITE_DBNAME": str(store.url.database)})
        return SQLiteFactory(environment).application_recorder()
    host = store.url.host or str(store.url.query.get("host", ""))
    return PostgresFactory(
        Environment(
            "bare",
            {
                **common,
                "POSTGRES_DBNAME": store.url.database or "",
                "POSTGRES_HOST": host,
                "POSTGRES_USER": store.url.username or "",
                "POSTGRES_PASSWORD": str(store.url.password or ""),
            },
        )
    ).application_recorder()
