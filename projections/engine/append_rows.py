"""Rows of one append: read at most once, and written as what has changed.

An append touches a handful of rows in tables that have several indexes each, and what costs there is pages: a
row written whole writes all its index entries again. So a row that was read is updated in the columns that
differ, and not at all if none does. On PostgreSQL what the folds will ask for can be asked for beforehand
(:meth:`AppendRows.ask`), so that it travels together with the events.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from domain.kernel.events import Recorded
from projections.engine.database import CursorRows, statements
from projections.engine.fold_events import rows_read
from projections.engine.view import Key, Row, View, ViewTable

Stored = tuple[Any, ...]

ASKED_AHEAD = 20
"""Events of one append for which rows are asked for ahead: for many, a round trip more is nothing."""


class AppendRows(CursorRows):
    """Rows on the cursor of a transaction in which nobody else writes them: an append's."""

    def __init__(self, cursor: Any, postgres: bool):
        super().__init__(cursor, postgres)
        self._there: dict[str, dict[Key, Stored | None]] = defaultdict(dict)
        """What is in the database, as far as it has been read or written here; None: no such row."""
        self._asked: dict[str, tuple[list[Key], Any]] = {}

    def ask(
        self, views: Iterable[View], events: Sequence[Recorded[Any]], new_cursor: Callable[[], Any]
    ) -> None:
        """Send for the rows that folding ``events`` will read, each table's on a cursor of its own, and do
        not wait for them (projections/engine/append/pipeline.py)."""
        for table, keys in rows_read(views, events) if len(events) <= ASKED_AHEAD else ():
            cursor = new_cursor()
            cursor.execute(self.of(table).select_keys(len(keys)), [v for k in keys for v in k])
            self._asked[table.name] = keys, cursor

    def fetch(self, table: ViewTable, keys: Sequence[Key]) -> dict[Key, Row]:
        there = self._there[table.name]
        if table.name in self._asked:
            sql, cursor = self._asked.pop(table.name)
            there.update({k: there.get(k) for k in sql} | self.received(table, cursor))
        missing = [k for k in keys if k not in there]
        if missing:
            there.update(dict.fromkeys(missing) | self.stored(table, missing))
        return {k: table.as_row(stored) for k in keys if (stored := there[k]) is not None}

    def write(self, table: ViewTable, rows: dict[Key, Row | None]) -> None:
        sql, there = self.of(table), self._there[table.name]
        for k, row in rows.items():
            old = there.get(k)
            if row is None:
                self.cursor.execute(sql.delete, k)
                there[k] = None
                continue
            new = there[k] = table.as_stored(row)
            if old is None:
                self.cursor.execute(sql.insert if table.append_only else sql.upsert, new)
            elif old != new:
                changed = tuple([n for n, value in enumerate(new) if value != old[n]])
                self.cursor.execute(
                    _update(table.table, self.postgres, changed), (*[new[n] for n in changed], *k)
                )

    def rewrite(self, table: ViewTable, rows: dict[Key, Row | None]) -> None:
        super().rewrite(table, rows)
        for k in rows:
            self._there[table.name].pop(k, None)


@lru_cache(maxsize=2048)
def _update(table: sa.Table, postgres: bool, changed: tuple[int, ...]) -> str:
    names = [column.name for column in table.columns]
    return statements(table, postgres).update([names[n] for n in changed])
