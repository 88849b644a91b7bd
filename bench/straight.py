"""A straight-line program that fills every view from the log: what a rebuild is measured against.

It does what whoever writes such a program by hand would do: one SELECT over the log on the driver, each event
decoded into its type, the folds called in one loop, rows held in dictionaries until the end and written in
bulk (COPY, or executemany in key order) into fresh tables of the same schema, their indexes made last. All in
one transaction, with all the memory that takes. It knows no pages, no budget, no progress, no catching up, no
proof and no swap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.measuring import Column, Done, stopwatch
from domain.kernel.correction_events import EventWithdrawn, RecordCorrected
from domain.kernel.events import Recorded
from domain.kernel.mapper import decode
from projections.engine.correcting import correct_rows
from projections.engine.database import CursorRows, create_sql, drop_sql, index_sql, transaction
from projections.engine.store import Store
from projections.engine.view import Handler, Key, Row, ViewTable
from projections.registry import ALL_VIEWS
from projections.tables.log_table import LOG

AT_ONCE = 5_000
"""Rows of append-only tables written together, and rows of the log that PostgreSQL sends together."""
TABLES = [table for view in ALL_VIEWS for table in view.tables]
NAMES = {table.name: f"{table.name}__straight" for table in TABLES}
"""What the tables are called that it fills."""


def column(store: Store) -> Column:
    """The program as a column; the tables it has made are dropped outside the time."""

    def timed() -> Done:
        with stopwatch() as seconds:
            events = run(store)
        drop(store)
        return Done(events, seconds())

    return Column("a straight-line program", timed)


def run(store: Store) -> int:
    """Make the tables, fill and index them; how many events were read."""
    drop(store)
    connection = store.connect()
    with transaction(connection, store.postgres) as cursor:
        for table in TABLES:
            for statement in create_sql(table.table, store.postgres, NAMES[table.name], indexes=False):
                cursor.execute(statement)
        events = _Program(cursor, store.postgres).fill(_log(connection, store.postgres))
        for table in TABLES:
            for statement in index_sql(table.table, store.postgres, NAMES[table.name]):
                cursor.execute(statement)
    connection.close()
    return events


def drop(store: Store) -> None:
    """Drop the tables, if they are there."""
    connection = store.connect()
    with transaction(connection, store.postgres) as cursor:
        for table in TABLES:
            for statement in drop_sql(table.table, store.postgres, NAMES[table.name]):
                cursor.execute(statement)
    connection.close()


def _log(connection: Any, postgres: bool) -> Iterator[tuple[int, str, bytes]]:
    """Position, topic and state of every event, in order."""
    if not postgres:
        yield from connection.execute(f"SELECT rowid, topic, state FROM {LOG} ORDER BY rowid")
        return
    with connection.cursor(name="the_log") as cursor:
        cursor.itersize = AT_ONCE
        cursor.execute(f"SELECT notification_id, topic, state FROM {LOG} ORDER BY 1", binary=True)
        yield from cursor


@dataclass
class _Filling:
    """One table: its rows by key, or for an append-only one those that are not written yet."""

    table: ViewTable
    rows: dict[Key, Row] = field(default_factory=dict)
    appended: list[tuple[Any, ...]] = field(default_factory=list)


class _Program(CursorRows):
    """The loop. It is also what a correction asks for single rows (projections/engine/correcting.py)."""

    def __init__(self, cursor: Any, postgres: bool):
        super().__init__(cursor, postgres, NAMES)
        self.filling = {table.name: _Filling(table) for table in TABLES}
        self.work: dict[type, list[tuple[_Filling, list[Handler]]]] = {}
        """What each type of event does."""

    def fill(self, log: Iterator[tuple[int, str, bytes]]) -> int:
        """Fold the whole log and write every row."""
        events = 0
        for position, topic, state in log:
            e = decode(topic, state, position)
            kind = type(e.data)
            if kind not in self.work:
                self.work[kind] = [(f, h) for f in self.filling.values() if (h := f.table.handlers_of(e))]
            for filling, handlers in self.work[kind]:
                (_append if filling.table.append_only else _fold)(filling, handlers, e)
                if len(filling.appended) >= AT_ONCE:
                    self._write(filling)
            if issubclass(kind, RecordCorrected | EventWithdrawn):
                correct_rows(ALL_VIEWS, e, self)
            events += 1
        for filling in self.filling.values():
            self._write(filling)
        return events

    def fetch(self, table: ViewTable, keys: Sequence[Key]) -> dict[Key, Row]:
        filling = self.filling[table.name]
        if table.append_only:
            self._write(filling)
            return super().fetch(table, keys)
        return {k: filling.rows[k] for k in keys if k in filling.rows}

    def rewrite(self, table: ViewTable, rows: dict[Key, Row | None]) -> None:
        filling = self.filling[table.name]
        if table.append_only:
            self._write(filling)
            super().rewrite(table, rows)
        else:
            remaining = {k: row for k, row in filling.rows.items() if k not in rows}
            filling.rows = remaining | {k: row for k, row in rows.items() if row is not None}

    def _write(self, filling: _Filling) -> None:
        table, sql = filling.table, self.of(filling.table)
        rows = filling.appended or [table.as_stored(row) for _, row in sorted(filling.rows.items())]
        filling.appended, filling.rows = [], {}
        if not self.postgres:
            self.cursor.executemany(sql.insert, rows)
        elif rows:
            with self.cursor.copy(sql.copy) as copy:
                for row in rows:
                    copy.write_row(row)


def _fold(filling: _Filling, handlers: list[Handler], e: Recorded[Any]) -> None:
    rows, names = filling.rows, filling.table.key_columns
    for handler in handlers:
        for row_key in handler.keys(e):
            key = row_key if isinstance(row_key, tuple) else (row_key,)
            row = handler.fold(rows.get(key), e, row_key)
            if row is None:
                rows.pop(key, None)
            else:
                row.update(zip(names, key, strict=True))
                rows[key] = row


def _append(filling: _Filling, handlers: list[Handler], e: Recorded[Any]) -> None:
    made: dict[Key, Row] = {}
    names, table = filling.table.key_columns, filling.table
    for handler in handlers:
        for row_key in handler.keys(e):
            key = row_key if isinstance(row_key, tuple) else (row_key,)
            row = handler.fold(made.get(key), e, row_key)
            if row is not None:
                row.update(zip(names, key, strict=True))
                made[key] = row
    filling.appended += [table.as_stored(row) for row in made.values()]
