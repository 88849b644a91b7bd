"""Who built what: the certificates of the views, the run that is under way, and the lock that lets in one.

``view_build`` tells of which code the live tables of each view are, ``view_certificate`` keeps what every
rebuild has proved, ``view_run`` tells how far the present one is.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa

from domain.values.refusal import refusal
from projections.engine import rules
from projections.engine.view import VIEWS
from projections.rebuild.proving import Proof
from projections.tables.durable import VIEW_BUILD, VIEW_CERTIFICATE, VIEW_HELD, VIEW_RUN

if TYPE_CHECKING:
    from projections.engine.store import Store

REBUILD_RUNNING = refusal(
    "REBUILD_RUNNING",
    ja="再構築がすでに動いています（{run}）。同じビューを二つの処理が作り直すことはできません。",
    en="A rebuild is running already ({run}). Two cannot make the same views.",
    rule=rules.ONE_REBUILD,
    next_ja="終わるまで待つか（kyodo views で進み具合が見えます）、そちらを止めてください。",
    next_en="Wait until it has ended (kyodo views shows how far it is), or stop it.",
    kind="conflict",
)

_ADVISORY = 20060302
"""The advisory lock on PostgreSQL that the one rebuild of a database holds while it lives."""


def now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _insert(cursor: Any, postgres: bool, table: sa.Table, values: dict[str, Any]) -> None:
    marks = ",".join(["%s" if postgres else "?"] * len(values))
    cursor.execute(f"INSERT INTO {table.name} ({','.join(values)}) VALUES ({marks})", tuple(values.values()))


def as_dict(row: sa.Row[Any]) -> dict[str, Any]:
    """A row of these tables by plain column names."""
    return {str(name): value for name, value in row._mapping.items()}


def seconds_of_last(connection: sa.Connection) -> dict[str, float]:
    """What each view took when it was last built, in seconds."""
    return {
        row.view: row.seconds
        for row in connection.execute(sa.select(VIEW_BUILD.c.view, VIEW_BUILD.c.seconds))
    }


def last_certificates(connection: sa.Connection) -> dict[tuple[str, int, str], Any]:
    """The newest certificate of each view, by its name, its version and the fingerprint of its code."""
    t = VIEW_CERTIFICATE
    chosen = sa.select(t).order_by(t.c.id)
    return {(row.view, row.version, row.fingerprint): row for row in connection.execute(chosen)}


def certify(
    cursor: Any,
    postgres: bool,
    proofs: Sequence[Proof],
    generation: int,
    swapped_at: int,
    lock_ms: float,
    who: str,
) -> None:
    """Keep what a rebuild has proved, in the transaction that swaps its tables in."""
    at, mark = now(), "%s" if postgres else "?"
    for p in proofs:
        common = {
            "view": p.view,
            "version": p.version,
            "fingerprint": p.fingerprint,
            "generation": generation,
            "position": p.position,
            "digest": p.replayed_digest,
            "seconds": round(p.seconds, 3),
            "built_at": at,
            "built_by": who,
        }
        for table in (VIEW_BUILD, VIEW_HELD):
            cursor.execute(f"DELETE FROM {table.name} WHERE view={mark}", (p.view,))
        _insert(cursor, postgres, VIEW_BUILD, common)
        more = {
            "events": p.events,
            "rate": round(p.rate, 1),
            "swapped_at": swapped_at,
            "lock_ms": round(lock_ms, 1),
            "tables": " ".join(table.name for table in VIEWS[p.view].tables),
        }
        _insert(cursor, postgres, VIEW_CERTIFICATE, common | more)


def begin(cursor: Any, postgres: bool, views: Sequence[str], who: str) -> int:
    """Register a run; its generation, greater than any before it that was counted."""
    cursor.execute(
        "SELECT coalesce(max(generation), 0) FROM "
        "(SELECT generation FROM view_build UNION ALL SELECT generation FROM view_certificate"
        # Before there were certificates a generation was a time in nanoseconds: those are not continued.
        " UNION ALL SELECT generation FROM view_run) AS known WHERE generation < 1000000000"
    )
    generation = int(cursor.fetchone()[0]) + 1
    cursor.execute("DELETE FROM view_run")
    values = {"generation": generation, "views": orjson.dumps(list(views)).decode(), "phase": "fold"}
    values |= {"position": 0, "head": 0, "started_at": now(), "updated_at": now(), "built_by": who}
    _insert(cursor, postgres, VIEW_RUN, values)
    return generation


def advance(cursor: Any, postgres: bool, generation: int, phase: str, position: int, head: int) -> None:
    """Tell how far a run is."""
    mark = "%s" if postgres else "?"
    cursor.execute(
        f"UPDATE view_run SET phase={mark}, position={mark}, head={mark}, updated_at={mark} "
        f"WHERE generation={mark}",
        (phase, position, head, now(), generation),
    )


def end(cursor: Any, postgres: bool, generation: int) -> None:
    mark = "%s" if postgres else "?"
    cursor.execute(f"DELETE FROM view_run WHERE generation={mark}", (generation,))


def run_under_way(connection: sa.Connection) -> dict[str, Any] | None:
    """The rebuild that is running, or that died: its views, phase, position, head, start and last sign."""
    row = connection.execute(sa.select(VIEW_RUN)).first()
    return None if row is None else {**as_dict(row), "views": orjson.loads(row.views)}


@contextmanager
def only_rebuild(store: Store) -> Iterator[None]:
    """Be the one rebuild of this record, until the block or the process ends. Refuses ``REBUILD_RUNNING``."""
    with _advisory_lock(store) if store.postgres else _file_lock(store):
        yield


@contextmanager
def _advisory_lock(store: Store) -> Iterator[None]:
    connection = store.connect()
    try:
        if not connection.execute("SELECT pg_try_advisory_lock(%s)", (_ADVISORY,)).fetchone()[0]:
            raise _running(store)
        try:
            yield
        finally:  # the server notices a closed connection a moment later, and somebody may come at once
            connection.execute("SELECT pg_advisory_unlock(%s)", (_ADVISORY,))
    finally:
        connection.close()


@contextmanager
def _file_lock(store: Store) -> Iterator[None]:
    """A lock on a file beside the record: the system lets go of it when the process dies."""
    path = f"{store.url.database}-rebuild"
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever held it before may have removed the file that we have just locked.
            if os.path.exists(path) and os.path.samestat(os.fstat(file), os.stat(path)):
                break
        except BlockingIOError:
            os.close(file)
            raise _running(store) from None
        os.close(file)
    try:
        yield
    finally:
        os.unlink(path)
        os.close(file)


def _running(store: Store) -> Exception:
    with store.engine.connect() as connection:
        run = run_under_way(connection)
    holder = "" if run is None else f"{run['built_by']}, {run['started_at']}, {run['position']}/{run['head']}"
    return REBUILD_RUNNING(run=holder)
