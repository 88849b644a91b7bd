"""Rows on their way into tables that nobody else writes: held in memory while they change, written in bulk.

A rebuild touches most rows many times, and most of those soon after each other. So rows are held in two
generations: what is touched is in the young one; when that has grown to its budget, the old one is written
and the young one becomes the old. Memory stays bounded whatever the log's length, and a row is written about
once for each time that it is in use. Rows of append-only tables are written as they come, some thousand at
once.

Every write is a short transaction of its own, so that on SQLite other writers get their turn.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from domain.kernel.events import Recorded
from projections.engine.database import CursorRows
from projections.engine.view import Key, Row, ViewTable

BUDGET = 1 << 20
"""Bytes of stored rows in a generation; a row in use takes about six times as much memory as a stored one."""
CHUNK = 1_000
"""Rows written in one transaction."""
GUESS = 1_000
"""Bytes of a row of which none has been written yet."""


@dataclass
class _Held:
    """What is held of one table."""

    table: ViewTable
    young: dict[Key, Row | None] = field(default_factory=dict)
    old: dict[Key, Row | None] = field(default_factory=dict)
    stored: set[Key] = field(default_factory=set)
    """Keys held here of which a row is in the database."""
    appended: list[tuple[Any, ...]] = field(default_factory=list)
    spilled: bool = False
    """Whether the database holds rows of the table."""
    size: float = GUESS
    """Bytes of a stored row, on average."""


class BulkRows:
    """Rows of some tables. ``under`` reads and writes single rows; ``transaction`` opens a write transaction
    and gives its cursor (by default: whatever transaction ``under`` is in). ``spilled``: the tables hold rows
    already. Ends with :meth:`flush`."""

    def __init__(
        self,
        under: CursorRows,
        transaction: Callable[[], AbstractContextManager[Any]] | None = None,
        *,
        spilled: bool = False,
    ):
        self.under = under
        self.transaction = transaction or (lambda: nullcontext(under.cursor))
        self.spilled = spilled
        self.held: dict[str, _Held] = {}
        self.seconds: dict[str, float] = defaultdict(float)
        """What writing each table has taken."""
        self.touched: dict[str, set[Key]] | None = None
        """The keys written to each table since this was set to an empty dictionary."""

    # -- what a fold asks

    def fetch(self, table: ViewTable, keys: Sequence[Key]) -> dict[Key, Row]:
        held = self._of(table)
        if table.append_only:
            self._write_appended(held)
            return self.under.fetch(table, keys)
        rows_by_key: dict[Key, Row] = {}
        missing: list[Key] = []
        for k in keys:
            if k not in held.young and k in held.old:
                held.young[k] = held.old.pop(k)
            if k in held.young:
                row = held.young[k]
                if row is not None:
                    rows_by_key[k] = row
            else:
                missing.append(k)
        if missing and held.spilled:
            fetched = self.under.fetch(table, missing)
            held.stored.update(fetched)
            held.young.update(fetched)
            rows_by_key.update(fetched)
        return rows_by_key

    def write(self, table: ViewTable, rows: dict[Key, Row | None]) -> None:
        held = self._of(table)
        if self.touched is not None:
            self.touched.setdefault(table.name, set()).update(rows)
        if table.append_only:
            held.appended += [table.as_stored(row) for row in rows.values() if row is not None]
            if len(held.appended) >= CHUNK:
                self._write_appended(held)
            return
        held.young.update(rows)
        for k in held.old.keys() & rows.keys():
            del held.old[k]
        if sum(len(h.young) * h.size for h in self.held.values()) > BUDGET:
            self._age()

    def rewrite(self, table: ViewTable, rows: dict[Key, Row | None]) -> None:
        if not table.append_only:
            self.write(table, rows)
            return
        if self.touched is not None:
            self.touched.setdefault(table.name, set()).update(rows)
        self._write_appended(self._of(table))
        with self.transaction():
            self.under.rewrite(table, rows)

    def events(self, stream: str, until: int) -> Sequence[Recorded[Any]]:
        return self.under.events(stream, until)

    def events_at(self, positions: Sequence[int]) -> Sequence[Recorded[Any]]:
        return self.under.events_at(positions)

    # -- what goes to the database

    def flush(self) -> None:
        """Write everything that is held; nothing is, afterwards."""
        self._age()
        self._age()
        for held in self.held.values():
            self._write_appended(held)

    def _of(self, table: ViewTable) -> _Held:
        held = self.held.get(table.name)
        if held is None:
            held = self.held[table.name] = _Held(table, spilled=self.spilled)
        return held

    def _age(self) -> None:
        for held in self.held.values():
            self._write_old(held)
            held.old, held.young = held.young, {}

    def _write_appended(self, held: _Held) -> None:
        if held.appended:
            self._insert(held.table, held.appended)
            held.appended = []
            held.spilled = True

    def _write_old(self, held: _Held) -> None:
        table, stored = held.table, held.stored
        fresh = [table.as_stored(row) for k, row in held.old.items() if row is not None and k not in stored]
        again = {k: table.as_stored(row) for k, row in held.old.items() if row is not None and k in stored}
        gone = [k for k, row in held.old.items() if row is None and k in stored]
        stored.difference_update(held.old)
        held.old = {}
        written = fresh + list(again.values())
        if written:
            held.size = sum(len(v) for row in written for v in row if isinstance(v, str)) / len(written)
        if gone:
            self._delete(table, gone)
        if again:
            self._replace(table, again)
        if fresh:
            # In key order: neighbours in the index are written together.
            where = [table.columns.index(name) for name in table.key_columns]
            self._insert(table, sorted(fresh, key=lambda row: [row[i] for i in where]))
            held.spilled = True

    def _insert(self, table: ViewTable, rows: Sequence[tuple[Any, ...]]) -> None:
        sql = self.under.of(table)

        def insert(cursor: Any, part: Sequence[tuple[Any, ...]]) -> None:
            if not self.under.postgres:
                cursor.executemany(sql.insert, part)
                return
            with cursor.copy(sql.copy) as copy:
                for row in part:
                    copy.write_row(row)

        self._in_parts(table, rows, insert)

    def _replace(self, table: ViewTable, rows: dict[Key, tuple[Any, ...]]) -> None:
        if self.under.postgres:  # COPY cannot replace; a delete by keys and a COPY are two statements
            self._delete(table, list(rows))
            self._insert(table, list(rows.values()))
            return
        sql = self.under.of(table)
        self._in_parts(table, list(rows.values()), lambda cursor, part: cursor.executemany(sql.upsert, part))

    def _delete(self, table: ViewTable, keys: Sequence[Key]) -> None:
        sql = self.under.of(table)

        def delete(cursor: Any, part: Sequence[Key]) -> None:
            if not self.under.postgres:
                cursor.executemany(sql.delete, part)
                return
            cursor.execute(sql.delete_all, [list(column) for column in zip(*part, strict=True)])

        self._in_parts(table, keys, delete)

    def _in_parts(
        self, table: ViewTable, rows: Sequence[Any], write: Callable[[Any, Sequence[Any]], None]
    ) -> None:
        started = time.perf_counter()
        for start in range(0, len(rows), CHUNK):
            with self.transaction() as cursor:
                write(cursor, rows[start : start + CHUNK])
        self.seconds[table.name] += time.perf_counter() - started
