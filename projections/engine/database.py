"""One database, SQLite or PostgreSQL: statements for the tables, compiled once, and rows moved in bulk.

View tables are defined with SQLAlchemy Core and written with the driver (engine.md: COPY is 5.1 times
executemany, and executemany 2.2 times Core). A *cursor* here is the driver's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from domain.kernel.events import Recorded
from domain.kernel.mapper import decode
from projections.engine.pair_index import index_of
from projections.engine.view import Key, Row, ViewTable
from projections.tables.log_table import LOG

FETCH_AT_ONCE = 500
"""Keys asked for in one SELECT."""


class Statements:
    """SQL for one table, in the driver's placeholder style. Parameters are tuples in column order."""

    def __init__(self, table: sa.Table, postgres: bool, name: str | None = None):
        self.name = name or table.name
        self.postgres = postgres
        mark = "%s" if postgres else "?"
        columns = [c.name for c in table.columns]
        keys = [c.name for c in table.primary_key.columns]
        marks = ",".join([mark] * len(columns))
        self.select = f"SELECT {','.join(columns)} FROM {self.name}"
        self.by_key = " AND ".join(f"{k}={mark}" for k in keys)
        self.order = ",".join(keys)
        self.mark = mark
        self.keys = keys
        self.key_places = [columns.index(k) for k in keys]
        self.key_marks = [f"%s::{_array_type(table.c[k])[:-2]}" if postgres else mark for k in keys]
        self.insert = f"INSERT INTO {self.name} ({','.join(columns)}) VALUES ({marks})"
        others = [c for c in columns if c not in keys]
        change = "UPDATE SET " + ",".join(f"{c}=excluded.{c}" for c in others) if others else "NOTHING"
        self.upsert = f"{self.insert} ON CONFLICT ({','.join(keys)}) DO {change}"
        self.delete = f"DELETE FROM {self.name} WHERE {self.by_key}"
        self.copy = f"COPY {self.name} ({','.join(columns)}) FROM STDIN"
        lists = ",".join(f"%s::{_array_type(table.c[k])}" for k in keys)
        self.delete_all = f"DELETE FROM {self.name} WHERE ({self.order}) IN (SELECT * FROM unnest({lists}))"
        """PostgreSQL: deletes rows by key, with one list of values for each key column."""

    def update(self, columns: Sequence[str]) -> str:
        """UPDATE of these columns of one row; its key follows their values."""
        return f"UPDATE {self.name} SET {','.join(f'{c}={self.mark}' for c in columns)} WHERE {self.by_key}"

    def select_keys(self, count: int) -> str:
        """SELECT of ``count`` rows by key."""
        if len(self.keys) == 1:
            return f"{self.select} WHERE {self.keys[0]} IN ({','.join([self.mark] * count)})"
        one = f"({','.join(self.key_marks)})"
        return f"{self.select} WHERE ({self.order}) IN (VALUES {','.join([one] * count)})"


def _array_type(column: sa.Column[Any]) -> str:
    return "bigint[]" if isinstance(column.type, sa.BigInteger) else "text[]"


@lru_cache(maxsize=1024)
def statements(table: sa.Table, postgres: bool, name: str | None = None) -> Statements:
    return Statements(table, postgres, name)


def create_sql(
    table: sa.Table,
    postgres: bool,
    name: str,
    *,
    indexes: bool = True,
    temporary: bool = False,
) -> list[str]:
    """The statements that create ``table`` under another name; index names follow the name. ``temporary``:
    seen by this connection only, and gone with it."""
    dialect = postgresql.dialect() if postgres else sqlite.dialect()  # type: ignore[no-untyped-call]
    copy = table.to_metadata(sa.MetaData(), name=name)
    for index in copy.indexes:
        index.name = sa.quoted_name(f"ix_{name}_" + "_".join(c.name for c in index.columns), quote=None)
    create = str(sa.schema.CreateTable(copy).compile(dialect=dialect))
    made = [create.replace("CREATE TABLE", "CREATE TEMPORARY TABLE", 1) if temporary else create]
    if indexes:
        made += index_sql(table, postgres, name)
    return made


def index_sql(table: sa.Table, postgres: bool, name: str, *, filled: bool = True) -> list[str]:
    """The statements that create the indexes of ``table`` under another name. ``filled=False``: on SQLite the
    index over pairs of characters is left empty (projections/engine/pair_index.py)."""
    dialect = postgresql.dialect() if postgres else sqlite.dialect()  # type: ignore[no-untyped-call]
    copy = table.to_metadata(sa.MetaData(), name=name)
    made = []
    for index in sorted(copy.indexes, key=lambda i: [c.name for c in i.columns]):
        index.name = sa.quoted_name(f"ix_{name}_" + "_".join(c.name for c in index.columns), quote=None)
        made.append(str(sa.schema.CreateIndex(index).compile(dialect=dialect)))
    pairs = index_of(table)
    return made if pairs is None else made + pairs.create_sql(name, postgres, filled=filled)


def columns_of(cursor: Any, postgres: bool, name: str) -> frozenset[str]:
    """The columns that a table has in the database; none if it is not there."""
    if postgres:
        cursor.execute(
            "SELECT attname FROM pg_attribute "
            "WHERE attrelid=to_regclass(%s) AND attnum>0 AND NOT attisdropped",
            (name,),
        )
    else:
        cursor.execute("SELECT name FROM pragma_table_info(?)", (name,))
    return frozenset(row[0] for row in cursor.fetchall())


def drop_sql(table: sa.Table, postgres: bool, name: str) -> list[str]:
    """The statements that drop ``table`` under another name, if it is there, with its indexes."""
    pairs = index_of(table)
    return [f"DROP TABLE IF EXISTS {name}", *(pairs.drop_sql(name, postgres) if pairs else ())]


def rename_sql(table: sa.Table, postgres: bool, old: str, new: str) -> list[str]:
    """The statements that give ``table``, made under the name ``old``, another one; its indexes follow."""
    pairs = index_of(table)
    renamed = f"ALTER TABLE {old} RENAME TO {new}"
    return [renamed, *(pairs.rename_sql(old, new, postgres) if pairs else ())]


class CursorRows:
    """Rows read and written on a driver cursor: the append's own transaction, or a shadow table's.

    ``names`` gives a table another name (its shadow).
    """

    def __init__(self, cursor: Any, postgres: bool, names: dict[str, str] | None = None):
        self.cursor = cursor
        self.postgres = postgres
        self.names = names or {}

    def of(self, table: ViewTable) -> Statements:
        return statements(table.table, self.postgres, self.names.get(table.name))

    def fetch(self, table: ViewTable, keys: Sequence[Key]) -> dict[Key, Row]:
        return {k: table.as_row(stored) for k, stored in self.stored(table, keys).items()}

    def stored(self, table: ViewTable, keys: Sequence[Key]) -> dict[Key, tuple[Any, ...]]:
        """The rows there are for these keys, as they are stored."""
        sql, rows = self.of(table), {}
        for start in range(0, len(keys), FETCH_AT_ONCE):
            part = keys[start : start + FETCH_AT_ONCE]
            self.cursor.execute(sql.select_keys(len(part)), [v for k in part for v in k])
            rows.update(self.received(table, self.cursor))
        return rows

    def received(self, table: ViewTable, cursor: Any) -> dict[Key, tuple[Any, ...]]:
        """The stored rows that ``cursor`` has selected, by key."""
        where = self.of(table).key_places
        rows = [tuple(row) for row in cursor.fetchall()]
        return {tuple([row[i] for i in where]): row for row in rows}

    def events(self, stream: str, until: int) -> list[Recorded[Any]]:
        where = f"originator_id={self._mark} AND {self._position}<={self._mark} ORDER BY originator_version"
        return self._decoded(where, (stream, until))

    def events_at(self, positions: Sequence[int]) -> list[Recorded[Any]]:
        return [e for at in positions for e in self._decoded(f"{self._position}={self._mark}", (at,))]

    def _decoded(self, where: str, values: tuple[Any, ...]) -> list[Recorded[Any]]:
        self.cursor.execute(f"SELECT {self._position}, topic, state FROM {LOG} WHERE {where}", values)
        return [decode(topic, bytes(state), position) for position, topic, state in self.cursor.fetchall()]

    @property
    def _position(self) -> str:
        return "notification_id" if self.postgres else "rowid"

    @property
    def _mark(self) -> str:
        return "%s" if self.postgres else "?"

    def rewrite(self, table: ViewTable, rows: dict[Key, Row | None]) -> None:
        sql = self.of(table)
        self.cursor.executemany(sql.delete, list(rows))
        stored = [table.as_stored(row) for row in rows.values() if row is not None]
        if stored:
            self.cursor.executemany(sql.insert, stored)

    def write(self, table: ViewTable, rows: dict[Key, Row | None]) -> None:
        sql = self.of(table)
        stored = [table.as_stored(row) for row in rows.values() if row is not None]
        gone = [k for k, row in rows.items() if row is None]
        if stored:
            self.cursor.executemany(sql.insert if table.append_only else sql.upsert, stored)
        if gone:
            self.cursor.executemany(sql.delete, gone)


@contextmanager
def transaction(connection: Any, postgres: bool, *, immediate: bool = True) -> Iterator[Any]:
    """A write transaction on a driver connection; yields its cursor. ``immediate``: on SQLite it takes the
    write lock of the record at once; temporary tables need none."""
    if postgres:
        with connection.transaction(), connection.cursor() as cursor:
            yield cursor
        return
    cursor = connection.cursor()
    cursor.execute("BEGIN IMMEDIATE" if immediate else "BEGIN")
    try:
        yield cursor
    except BaseException:
        connection.rollback()
        raise
    else:
        connection.commit()
    finally:
        cursor.close()
