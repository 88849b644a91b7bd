"""Where snapshots of aggregates are kept (domain/recording/snapshots.py): a table beside the log that may be
emptied at any time. It is no view, and no rebuild, export, verification or answer reads it."""

from __future__ import annotations

import contextlib
import sqlite3

import psycopg
import sqlalchemy as sa

from domain.recording.snapshots import Snapshot
from projections.engine.compiled_select import Prepared
from projections.tables.durable import SNAPSHOT

_OF_STREAM = Prepared(lambda _: sa.select(SNAPSHOT).where(SNAPSHOT.c.stream == sa.bindparam("stream")))


class SnapshotTable:
    """Snapshots in the record's database. What the database refuses (it is locked, or older and has no such
    table) is passed over: then a stream is read from its beginning."""

    def __init__(self, engine: sa.Engine):
        self._engine = engine

    def find(self, stream: str) -> Snapshot | None:
        # Errors here are the driver's own; both drivers call their base class Error.
        unreadable = contextlib.suppress(sa.exc.DBAPIError, sqlite3.Error, psycopg.Error)
        with unreadable, self._engine.connect() as connection:
            for row in _OF_STREAM.rows(connection, stream=stream):
                return Snapshot(row.stream, row.version, row.fingerprint, row.state.encode())
        return None

    def keep(self, snapshot: Snapshot) -> None:
        values = (snapshot.stream, snapshot.version, snapshot.fingerprint, snapshot.state.decode())
        with contextlib.suppress(sa.exc.DBAPIError), self._engine.begin() as connection:
            connection.execute(sa.delete(SNAPSHOT).where(SNAPSHOT.c.stream == snapshot.stream))
            connection.execute(
                sa.insert(SNAPSHOT).values(dict(zip(SNAPSHOT.columns.keys(), values, strict=True)))
            )
