"""Can the record be written just now, and is there room on the disk? Asked without leaving a row.

On SQLite the probe takes the lock on writing for a moment and lets it go, and writes and syncs a file without
a name beside the record, as large as a large append. On PostgreSQL it commits a message of a few bytes to the
server's own log of writes, which is synced as every append is; it takes no lock of ours. Each is bounded in
time. What an error means is told by the database's own name for it.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from projections.tables.database_errors import short

PROBE_EVERY = 2.0
"""Seconds for which one probe stands: who asks for ``/readyz`` all the time syncs no disk each time."""
PATIENCE = 2
"""Seconds that a probe waits for the database."""
LOCK_PATIENCE = 0.4
"""Seconds that it waits for the lock on writing: who holds it longer is told, and health is told at once."""
AS_AN_APPEND = 256 << 10
"""Bytes: an append with all its views writes less."""
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

_SPEAKS = f"-c statement_timeout={PATIENCE * 1000} -c lock_timeout={PATIENCE * 1000}"


def health_engine(url: str) -> sa.Engine:
    """An engine that keeps no connection and waits for none: who asks about health is answered when every
    pool is exhausted."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return sa.create_engine(parsed, poolclass=sa.NullPool, connect_args={"timeout": LOCK_PATIENCE})
    options: dict[str, Any] = {"connect_timeout": PATIENCE, "options": _SPEAKS}
    return sa.create_engine(
        parsed.set(drivername="postgresql+psycopg"), poolclass=sa.NullPool, connect_args=options
    )


class WriteProbe:
    """Whether the record can be written; asked at most every few seconds."""

    def __init__(self, engine: sa.Engine):
        self._engine = engine
        self._lock = threading.Lock()
        self._at = 0.0
        self._found: dict[str, Any] = {}

    def look(self) -> dict[str, Any]:
        """``state``: works, busy (somebody else is writing for long), or fails, and then ``why``."""
        with self._lock:
            if not self._found or time.monotonic() - self._at >= PROBE_EVERY:
                self._found = self._probe()
                self._at = time.monotonic()
            return dict(self._found)

    def _probe(self) -> dict[str, Any]:
        try:
            if self._engine.dialect.name == "postgresql":
                _write_in_postgres(self._engine)
            else:
                _write_in_sqlite(Path(str(self._engine.url.database)))
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in _BUSY:
                return {"state": "busy"}
            return {"state": "fails", "why": short(error)}
        except OSError as error:
            return {
                "state": "fails",
                "why": errno.errorcode.get(error.errno or 0, type(error).__name__),
            }
        except (sqlite3.Error, sa.exc.SQLAlchemyError, ReadOnly) as error:
            return {"state": "fails", "why": short(error)}
        return {"state": "works"}


def holds_what_was(engine: sa.Engine, identity: Mapping[str, Any]) -> bool:
    """Whether it is this process that cannot write, and no other. SQLite keeps for a whole process that a
    file was opened on a disk that took no writes, as long as one connection to it is open."""
    if engine.dialect.name == "postgresql" or not str(identity.get("why", "")).startswith("SQLITE_READONLY"):
        return False
    path = Path(str(engine.url.database))
    try:
        for file in (path, path.with_name(f"{path.name}-shm")):
            if file.exists():
                os.close(os.open(file, os.O_RDWR))
    except OSError:
        return False
    return True


class ReadOnly(Exception):
    """The server takes no writes: it is a standby, or was told so."""


def _write_in_sqlite(path: Path) -> None:
    address = f"{path.absolute().as_uri()}?mode=rw"  # never make a record where there is none
    connection = sqlite3.connect(address, uri=True, timeout=LOCK_PATIENCE, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    finally:
        connection.close()
    with tempfile.TemporaryFile(dir=path.absolute().parent) as file:
        file.write(bytes(AS_AN_APPEND))
        file.flush()
        os.fsync(file.fileno())


def _write_in_postgres(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        read_only = connection.exec_driver_sql(
            "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'"
        )
        if read_only.scalar():
            raise ReadOnly
        # Where its tables lie: the log has segments in reserve, and goes on when no table can grow. What does
        # not fit into the memory of a query is written beside the tables, and gone when it ends.
        connection.exec_driver_sql("SET LOCAL temp_tablespaces = ''")
        connection.exec_driver_sql("SET LOCAL work_mem = '64kB'")
        connection.exec_driver_sql(f"SELECT count(*) FROM generate_series(1, {AS_AN_APPEND // 8})")
        connection.exec_driver_sql("SELECT pg_logical_emit_message(true, 'kyodo.probe', '')")


def free_space(places: Mapping[str, Path], least: int) -> dict[str, dict[str, Any]]:
    """How many bytes are free where each of these lies: enough, or less than ``least``."""
    volumes: dict[str, dict[str, Any]] = {}
    for name, place in places.items():
        try:
            free = shutil.disk_usage(_there(place)).free
        except OSError as error:
            volumes[name] = {"state": "unknown", "why": type(error).__name__}
        else:
            volumes[name] = {"state": "enough" if free >= least else "low", "free_bytes": free}
    return volumes


def _there(place: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    place = place.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    return place
