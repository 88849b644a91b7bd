"""Connections to SQLite as an append needs them: the lock on writing first, statements kept compiled."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from eventsourcing.persistence import InterfaceError
from eventsourcing.sqlite import (
    SQLITE3_DEFAULT_LOCK_TIMEOUT,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteTransaction,
)

STATEMENTS_KEPT = 1_000
"""Statements that a connection keeps compiled: those of all tables, with some variants of each."""


_NOTHING_WRITTEN = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def undid(error: BaseException | None) -> bool:
    """Whether a commit failed before its last page was written: there was no room, or no leave to write. Then
    nothing is recorded. (Of a disk that fails while it syncs, nobody can say that.)"""
    while error is not None:
        if isinstance(error, sqlite3.Error):
            return getattr(error, "sqlite_errorcode", 0) & 0xFF in _NOTHING_WRITTEN
        error = error.__cause__
    return False


class WritingConnection(SQLiteConnection):
    """A connection on which what is to be committed begins with the lock on writing, so that nothing is read
    that another may still change; and which is not given back in the middle of a transaction: where a commit
    fails (the disk is full), the library would leave it open."""

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        with (_Writing if commit else _Reading)(self, commit=commit) as cursor, cursor:
            yield cursor

    def commit(self) -> None:
        try:
            super().commit()
        except sqlite3.Error:
            self.rollback()
            raise


class _Writing(SQLiteTransaction):
    """The library's transaction, begun with the lock on writing."""

    def __enter__(self) -> SQLiteCursor:
        cursor = self.connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        return cursor


class _Reading(SQLiteTransaction):
    """The library's transaction, begun with nothing: whoever reads here asks one question, and the answer to
    one is of one moment."""

    def __enter__(self) -> SQLiteCursor:
        return self.connection.cursor()


class Pool(SQLiteConnectionPool):
    """Connections that keep their statements compiled: the library's keep one, and compile every other each
    time that it is executed."""

    def _create_connection(self) -> SQLiteConnection:
        try:
            connection = sqlite3.connect(
                self.db_name,
                uri=True,
                check_same_thread=False,
                isolation_level=None,
                cached_statements=STATEMENTS_KEPT,
                timeout=self.lock_timeout or SQLITE3_DEFAULT_LOCK_TIMEOUT,
            )
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.Error as e:
            raise InterfaceError(e) from e
        connection.row_factory = sqlite3.Row
        return WritingConnection(connection, self.max_age)
