"""Every statement that reaches a database, seen at the driver: of SQLite (its own trace) and of PostgreSQL.

``BEGIN``, ``COMMIT`` and ``ROLLBACK`` are told apart: they ask nothing. An empty statement, by which
SQLAlchemy asks whether a pooled connection is alive, is none.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

_FRAMES = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "LOCK TABLE")
_COUNTERS = "counter"
"""Rates are counted in a file or table of their own, beside the answer."""

Seen = Callable[[str], None]


class Statements:
    """What was sent since :meth:`clear`; ``before`` is called with each statement before it is done."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.frames: list[str] = []
        self.before: Seen | None = None

    def clear(self) -> None:
        self.sent, self.frames = [], []

    def see(self, sql: str) -> None:
        text = " ".join(sql.split())
        if text.upper().startswith(_FRAMES):
            self.frames.append(text)
            return
        if text in ("", ";") or text.startswith("PRAGMA") or _COUNTERS in text.split("WHERE")[0][:60].lower():
            return
        self.sent.append(text)
        if self.before is not None:
            self.before(text)


@contextmanager
def statements_seen() -> Iterator[Statements]:
    """All statements of connections that are opened from now on, in this process, on either database."""
    seen = Statements()
    connect, execute = sqlite3.connect, psycopg.Cursor.execute
    dbapi_connect = sqlite3.dbapi2.connect

    def traced(*arguments: Any, **options: Any) -> sqlite3.Connection:
        made: sqlite3.Connection = connect(*arguments, **options)
        made.set_trace_callback(seen.see)
        return made

    def executed(cursor: Any, query: Any, *arguments: Any, **options: Any) -> Any:
        seen.see(query if isinstance(query, str) else str(query))
        return execute(cursor, query, *arguments, **options)

    sqlite3.connect = sqlite3.dbapi2.connect = traced  # type: ignore[assignment,misc]
    psycopg.Cursor.execute = executed  # type: ignore[assignment,method-assign]
    try:
        yield seen
    finally:
        sqlite3.connect, sqlite3.dbapi2.connect = connect, dbapi_connect  # type: ignore[misc]
        psycopg.Cursor.execute = execute  # type: ignore[method-assign]
