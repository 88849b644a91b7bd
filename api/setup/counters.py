"""Counters that hold over the workers of a service and may be lost: how often something happened lately.

On SQLite they lie in a file of their own beside the record, on PostgreSQL in an unlogged table: counting
never waits for an append, nor an append for counting. A key is kept as a keyed digest, so that no address can
be read from it, and no longer than the window in which it counts.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as insert_in_postgres
from sqlalchemy.dialects.sqlite import insert as insert_in_sqlite

_COUNTER = sa.Table(
    "counter",
    sa.MetaData(),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("times", sa.BigInteger, nullable=False),
    sa.Column("last", sa.Float, nullable=False),
    sa.Column("until", sa.Float, nullable=False),
)
_MAKE = (
    "CREATE {kind} TABLE IF NOT EXISTS counter (key TEXT PRIMARY KEY, times BIGINT NOT NULL, "
    "last DOUBLE PRECISION NOT NULL, until DOUBLE PRECISION NOT NULL)"
)
_PATIENCE = 2.0
"""Seconds that counting waits for another's counting."""


@dataclass(frozen=True)
class Count:
    """How often something happened within its window, and when last (seconds of the epoch)."""

    times: int = 0
    last: float = 0.0


Judge = Callable[[Mapping[str, Count], float], float]
"""Of what was counted and the time now: for how many more seconds it may not happen again; 0 if it may."""


class Counters:
    """The counters of one record. ``secret`` keys their digests; ``clock`` tells seconds of the epoch."""

    def __init__(self, engine: sa.Engine, secret: str, clock: Callable[[], float] = time.time):
        self.engine = engine
        self.clock = clock
        self._secret = secret.encode()
        self._insert: Any = insert_in_postgres if engine.dialect.name == "postgresql" else insert_in_sqlite

    def take(self, keys: Iterable[str], window: float, judge: Judge) -> float:
        """Count one more of each key, at once and for all workers, if ``judge`` says 0; else count nothing.
        Returns what it says. What was counted last longer ago than ``window`` seconds is forgotten."""
        named = {self._digest(key): key for key in keys}
        now = self.clock()
        with self.engine.begin() as connection:
            connection.execute(sa.delete(_COUNTER).where(_COUNTER.c.until <= now))
            balances = {named[digest]: self._lock(connection, digest, now) for digest in sorted(named)}
            wait = judge(balances, now)
            taken = sa.update(_COUNTER).where(_COUNTER.c.key.in_(named))
            if wait <= 0:
                more = {"times": _COUNTER.c.times + 1, "last": now, "until": now + window}
                connection.execute(taken.values(more))
            return max(wait, 0.0)

    def give_back(self, keys: Iterable[str]) -> None:
        """Count one less of each key: what was taken turned out to be none of what is counted."""
        less = sa.case((_COUNTER.c.times > 0, _COUNTER.c.times - 1), else_=0)
        with self.engine.begin() as connection:
            connection.execute(
                sa.update(_COUNTER).where(_COUNTER.c.key.in_(map(self._digest, keys))).values(times=less)
            )

    def forget(self, keys: Iterable[str]) -> None:
        with self.engine.begin() as connection:
            connection.execute(sa.delete(_COUNTER).where(_COUNTER.c.key.in_(map(self._digest, keys))))

    def _lock(self, connection: sa.Connection, digest: str, now: float) -> Count:
        """The count of a key, which nobody else changes until the transaction ends."""
        fresh = self._insert(_COUNTER).values(key=digest, times=0, last=0.0, until=now)
        upsert = fresh.on_conflict_do_update(index_elements=["key"], set_={"key": digest})
        row = connection.execute(upsert.returning(_COUNTER.c.times, _COUNTER.c.last)).one()
        return Count(row.times, row.last)

    def _digest(self, key: str) -> str:
        return hmac.new(self._secret, key.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def make_table(engine: sa.Engine) -> None:
    """Make the table of counters where there is none yet. On PostgreSQL its owner does this (kyodo init)."""
    kind = "UNLOGGED" if engine.dialect.name == "postgresql" else ""
    with engine.begin() as connection:
        connection.exec_driver_sql(_MAKE.format(kind=kind))


def file_engine(path: Path) -> sa.Engine:
    """The counters in a file of their own, made where there is none. Nothing of it has to survive."""
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool, connect_args={"timeout": _PATIENCE})

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=OFF")

    make_table(engine)
    return engine
