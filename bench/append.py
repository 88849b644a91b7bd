"""Appending: the bare library's recorder, the same with every view, and the whole command path."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresFactory
from eventsourcing.sqlite import SQLiteFactory
from eventsourcing.utils import Environment

from bench.measuring import Column
from domain.application import PlainTranscoder, RecordMapper, Terms, command_named
from domain.record import Actor, Recorded
from projections.log import events_after
from projections.store import Store

Save = list[Recorded[Any]]


def saves_of(store: Store, most: int) -> list[Save]:
    """The events of a record, grouped as the commands that recorded them (by correlation)."""
    with store.engine.connect() as connection:
        events = events_after(connection, 0, limit=most)
    return [list(group) for _, group in itertools.groupby(events, key=lambda e: e.correlation_id)]


def columns(postgres: Any | None, saves: list[Save], most: int) -> list[Column]:
    """Columns over the same saves: each run appends the next ``most`` of them under fresh stream names."""
    mapper = RecordMapper(PlainTranscoder())
    folder = Path(tempfile.mkdtemp(prefix="kyodo-bench-"))

    def url(name: str) -> str:
        return postgres.fresh() if postgres else f"sqlite:///{folder / name}.db"

    bare, store = _bare_recorder(url("bare")), Store(url("views"))
    store.create()
    commands = Store(url("commands"))
    commands.create()
    runs = itertools.count()

    def renamed() -> Iterator[Save]:
        suffix = f"-r{next(runs)}"
        for save in saves[:most]:
            yield [_in_stream(e, e.stream + suffix) for e in save]

    def append_bare() -> int:
        done = 0
        for save in renamed():
            bare.insert_events([mapper.to_stored_event(e) for e in save])
            done += 1
        return done

    def append_views() -> int:
        done = 0
        for save in renamed():
            stored: list[StoredEvent] = [mapper.to_stored_event(e) for e in save]
            store.application.recorder.insert_events(
                stored,
                recorded=save,
                claims={},
                entrusted={},
                command_key=None,
                fingerprint="",
                stream=save[0].stream,
                stream_version=save[-1].version,
            )
            done += 1
        return done

    def give_commands() -> int:
        terms = Terms(Actor("SEC", "p-bench"), frozenset({"SEC"}))
        command = command_named("Party", "register_organisation")
        values = {"name_ja": "架空の団体", "category": "npo"}
        for n in range(most):
            commands.application.execute(command, f"org-{next(runs)}-{n}", dict(values), terms)
        return most

    return [
        Column("bare eventsourcing recorder", append_bare),
        Column("with every view in the transaction", append_views),
        Column("a whole command (check, decide, append, views)", give_commands),
    ]


def _in_stream(e: Recorded[Any], stream: str) -> Recorded[Any]:
    import msgspec

    return msgspec.structs.replace(e, stream=stream, position=0)


def _bare_recorder(url: str) -> Any:
    store = Store(url)
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
