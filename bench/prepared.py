"""Records of so many events, made once and kept (``--record DIR``): a million take a quarter of an hour.

A record is made on SQLite by the domain's own commands (domain/sample/record.py). Its copy on PostgreSQL gets
the same rows of the log by COPY, with what else cannot be made again, and its views by a rebuild. If the code
of the views has changed since a record was made, its views are rebuilt.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from domain.sample.record import make_sample
from projections.engine.database import transaction
from projections.engine.store import LOG, Store
from projections.rebuild.replay import rebuild
from projections.registry import ALL_VIEWS, open_store
from projections.tables.durable import ACCOUNT, CLAIM, COMMAND_KEY, FICTIONAL, SETTING, TOKEN, VAULT

SEED = 1
KEPT = (COMMAND_KEY, CLAIM, VAULT, ACCOUNT, TOKEN, SETTING)
"""What belongs to a record beside its log, and is no view."""
PAGE = 5_000


def on_sqlite(folder: Path, events: int) -> str:
    """The address of a record of at least so many events, made in ``folder`` unless it is there already."""
    path = folder / f"record-{events}.db"
    url = f"sqlite:///{path}"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(f"unfinished-{events}.db*"):
            left.unlink()
        unfinished = folder / f"unfinished-{events}.db"
        _make(open_store(f"sqlite:///{unfinished}"), events)
        path.with_suffix(".code").write_text(_code())
        unfinished.rename(path)
    _bring_up_to_date(path, url)
    return url


def on_postgres(url: str, source: str) -> str:
    """Fill the empty database at ``url`` with the record at ``source``; returns ``url``."""
    sqlite, postgres = open_store(source), open_store(url)
    postgres.create()
    reading, writing = sqlite.connect(), postgres.connect()
    columns = ("originator_id", "originator_version", "topic", "state")
    with transaction(writing, True) as cursor:
        _copy(reading, cursor, LOG, ("rowid", *columns), ("notification_id", *columns), order="rowid")
        sequence = f"pg_get_serial_sequence('{LOG}', 'notification_id')"
        cursor.execute(f"SELECT setval({sequence}, max(notification_id)) FROM {LOG}")
        for table in KEPT:
            names = tuple(c.name for c in table.columns)
            _copy(reading, cursor, table.name, names, names)
    reading.close()
    writing.close()
    sqlite.close()
    rebuild(postgres, repair=True, who="bench")
    _analyse(postgres)
    postgres.close()
    return url


def matter_of(store: Store) -> str:
    """The id of the matter with the most events: one whose whole story is told."""
    log = sa.table(LOG, sa.column("originator_id"))
    stream = log.c.originator_id
    of_matters = sa.select(stream).where(stream.like("matter-%")).group_by(stream)
    with store.engine.connect() as connection:
        return str(connection.scalar(of_matters.order_by(sa.func.count().desc(), stream).limit(1)))


def _make(store: Store, events: int) -> None:
    store.create()
    reported = 0

    def progress(done: int, of: int) -> None:
        nonlocal reported
        if of >= 50_000 and done - reported >= of // 20:
            reported = done
            print(f"making a record of {of:,} events: {done:,}", file=sys.stderr)

    make_sample(store.application, seed=SEED, events=events, progress=progress)
    with store.engine.begin() as connection:
        connection.execute(SETTING.insert().values(name=FICTIONAL, value="yes"))
    _analyse(store)
    store.close()
    checkpoint(store)


def checkpoint(store: Store) -> None:
    """Put everything into the one file of a database on SQLite that nobody has open."""
    connection = store.connect()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _bring_up_to_date(path: Path, url: str) -> None:
    """Rebuild the views if other code has made them."""
    made_by, code = path.with_suffix(".code"), _code()
    if made_by.exists() and made_by.read_text() == code:
        return
    store = open_store(url)
    store.create()
    rebuild(store, repair=True, who="bench")
    _analyse(store)
    store.close()
    made_by.write_text(code)


def _code() -> str:
    """What the code of all views comes to."""
    views = sorted(ALL_VIEWS, key=lambda view: view.name)
    fingerprints = "".join(f"{view.name} {view.fingerprint}" for view in views)
    return hashlib.sha256(fingerprints.encode()).hexdigest()


def _analyse(store: Store) -> None:
    """Let the database count its rows, as it does by itself in time."""
    connection = store.connect()
    connection.execute("ANALYZE")
    connection.close()


def _copy(
    reading: Any, cursor: Any, table: str, columns: tuple[str, ...], into: tuple[str, ...], order: str = "1"
) -> None:
    """Copy a table from SQLite to PostgreSQL; ``into``: what its columns are called there."""
    copied = reading.execute(f"SELECT {','.join(columns)} FROM {table} ORDER BY {order}")
    with cursor.copy(f"COPY {table} ({','.join(into)}) FROM STDIN") as copy:
        while rows := copied.fetchmany(PAGE):
            for row in rows:
                copy.write_row(row)
