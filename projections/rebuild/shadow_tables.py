"""Shadow tables of some views, filled from the log."""

from __future__ import annotations

import gc
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from projections.engine.database import CursorRows, create_sql, drop_sql, index_sql, transaction
from projections.engine.fold_events import fold_events
from projections.engine.pair_index import index_of
from projections.engine.store import Store
from projections.engine.view import Key, View, ViewTable
from projections.rebuild.bulk_rows import BulkRows
from projections.rebuild.proving import read_log

PAGE = 500
"""Events read, decoded and folded at once."""
FILLED_AT_ONCE = 2_000
"""Rows given to a pair index in one transaction."""

Phase = Literal["fold", "index", "prove", "swap"]


@dataclass(frozen=True)
class Progress:
    """How far a replay has come: positions, and events a second so far."""

    phase: Phase
    position: int
    head: int
    events: int
    seconds: float

    @property
    def rate(self) -> float:
        return self.events / self.seconds if self.seconds else 0.0

    @property
    def remaining(self) -> float | None:
        """Seconds until the head is reached at this rate; None if nothing has been folded yet."""
        return (self.head - self.position) / self.rate if self.rate else None


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Rows and events hold no cycles, and there are very many of them: looking for cycles in them all, as
    often as usual, took an eighth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


Report = Callable[[Progress], None]


def silent(_: Progress) -> None:
    """Tell nobody."""


class Build:
    """Tables for ``views`` under other names. ``generation`` names them in the database for all; without one
    they are temporary: only this connection sees them, and they are gone with it."""

    def __init__(
        self, store: Store, views: Sequence[View], report: Report = silent, generation: int | None = None
    ):
        self.store, self.views, self.report, self.generation = store, list(views), report, generation
        self.postgres = store.postgres
        self.connection = store.connect()
        self.names = {t.name: f"{t.name}__{generation or 'replayed'}" for t in self.tables()}
        self.cursor = self.connection.cursor()
        self.rows = BulkRows(CursorRows(self.cursor, self.postgres, self.names), self.writing)
        self.position = self.events = self.tail = 0
        self.folding: dict[str, float] = defaultdict(float)
        """Seconds that the folds of each view have taken."""
        self.started = time.monotonic()
        self._tune()

    def tables(self) -> Iterator[ViewTable]:
        for view in self.views:
            yield from view.tables

    def writing(self) -> AbstractContextManager[Any]:
        """A write transaction; for temporary tables one that does not keep other writers waiting."""
        return transaction(self.connection, self.postgres, immediate=self.generation is not None)

    def create(self) -> None:
        """Create the tables, without the indexes that only readers need."""
        for table in self.tables():
            create = create_sql(
                table.table,
                self.postgres,
                self.names[table.name],
                indexes=False,
                temporary=self.generation is None,
            )
            with self.writing() as cursor:
                for statement in create:
                    cursor.execute(statement)

    def drop(self) -> None:
        """Drop the tables, each in a transaction of its own: one may be large."""
        for table in self.tables():
            with self.writing() as cursor:
                for statement in drop_sql(table.table, self.postgres, self.names[table.name]):
                    cursor.execute(statement)

    def close(self) -> None:
        self.connection.close()

    def fold_to(self, position: int, head: int | None = None) -> None:
        """Fold the log up to a position, and write what is held. ``head``: where the work ends, to tell."""
        with _seldom_collected():
            self._fold_pages(position, head or position)
        self.rows.flush()
        self.position = max(self.position, position)

    def _fold_pages(self, position: int, head: int) -> None:
        while self.position < position:
            page = read_log(self.cursor, self.postgres, self.position, min(PAGE, position - self.position))
            page = [e for e in page if e.position <= position]
            if not page:
                break
            for view in self.views:
                started, written = time.perf_counter(), sum(self.rows.seconds.values())
                fold_events([view], page, self.rows)
                written = sum(self.rows.seconds.values()) - written
                self.folding[view.name] += time.perf_counter() - started - written
            self.position = page[-1].position
            self.events += len(page)
            self.tell("fold", head)

    def fold_tail(self, cursor: Any) -> dict[str, set[Key]]:
        """Fold whatever is left of the log in the transaction of ``cursor``, and nothing is remembered here:
        it may be rolled back. Where it ended is ``tail``; returns the keys touched since ``rows.touched``."""
        rows = BulkRows(CursorRows(cursor, self.postgres, self.names), spilled=True)
        rows.touched = {name: set(keys) for name, keys in (self.rows.touched or {}).items()}
        self.tail = self.position
        while page := read_log(cursor, self.postgres, self.tail, PAGE):
            fold_events(self.views, page, rows)
            self.tail = page[-1].position
        rows.flush()
        return rows.touched

    def seconds(self, view: View) -> float:
        """What folding and writing a view has taken."""
        return self.folding[view.name] + sum(self.rows.seconds[table.name] for table in view.tables)

    def tell(self, phase: Phase, head: int) -> None:
        self.report(Progress(phase, self.position, head, self.events, time.monotonic() - self.started))

    def index(self) -> None:
        """Make the indexes of the tables as they stand; from now on the database keeps them."""
        for table in self.tables():
            name, pairs = self.names[table.name], index_of(table.table)
            for statement in index_sql(table.table, self.postgres, name, filled=False):
                with self.writing() as cursor:
                    cursor.execute(statement)
            if pairs is not None and not self.postgres:
                self._fill(name, pairs.fill_sql(name))
                with self.writing() as cursor:
                    for statement in pairs.follow_sql(name):
                        cursor.execute(statement)

    def _fill(self, name: str, statement: str) -> None:
        last = self.cursor.execute(f"SELECT coalesce(max(rowid), 0) FROM {name}").fetchone()[0]
        for after in range(0, last, FILLED_AT_ONCE):
            with self.writing() as cursor:
                cursor.execute(statement, (after, after + FILLED_AT_ONCE))

    def _tune(self) -> None:
        """What a crash may lose of a build is made anew by the next one: nobody waits for the disk."""
        if self.postgres:
            self.connection.execute("SET synchronous_commit = off")
            return
        self.connection.execute("PRAGMA synchronous=NORMAL")
        self.connection.execute("PRAGMA cache_size=-8192")
