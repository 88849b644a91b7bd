"""What an error of the database means, however many libraries have wrapped it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import psycopg
import sqlalchemy as sa
from eventsourcing.persistence import InterfaceError, OperationalError

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
"""SQLite's primary codes of a file that is not what it wrote."""
_NO_TEXT = "Could not decode to UTF-8"
_DAMAGED_STATES = ("XX001", "XX002")
"""PostgreSQL's states data_corrupted and index_corrupted."""
_GOES_BY = (
    OperationalError,
    InterfaceError,
    sa.exc.OperationalError,
    sa.exc.TimeoutError,
    sqlite3.OperationalError,
    psycopg.OperationalError,
    psycopg.errors.ReadOnlySqlTransaction,
)
"""What may go by without anybody changing the service: the server or the disk is away, full, locked or
read-only; no connection is free."""


def is_damage(error: BaseException) -> bool:
    """Whether the database says that what it holds is damaged."""
    return any(_says_damage(one) for one in _causes(error))


def goes_by(error: BaseException) -> bool:
    """Whether the database cannot be used just now, through no fault of what was asked."""
    return any(isinstance(one, _GOES_BY) for one in _causes(error))


def short(error: BaseException) -> str:
    """The database's own name for an error, e.g. ``SQLITE_FULL`` or ``53100``; else that of its class."""
    for one in _causes(error):
        name = getattr(one, "sqlite_errorname", None) or getattr(one, "sqlstate", None)
        if name:
            return str(name)
    return type(error).__name__


def _says_damage(error: BaseException) -> bool:
    if isinstance(error, sqlite3.Error):
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
            return True
        return str(error).startswith(_NO_TEXT)  # the module's own error: without a code
    return isinstance(error, psycopg.Error) and error.sqlstate in _DAMAGED_STATES


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it was raised from, the outermost first."""
    while error is not None:
        yield error
        error = getattr(error, "orig", None) or error.__cause__
