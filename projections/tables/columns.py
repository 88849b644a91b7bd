"""Which columns the tables of a record have, compared with those that the code expects.

Name, class of the type and whether a value may be missing: enough to tell that a table is another one than
the code was written for. A key is never missing, whatever the database says of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

_CLASSES: tuple[tuple[type[Any], str], ...] = (
    (sa.Integer, "whole number"),
    (sa.Float, "number"),
    (sa.Numeric, "number"),
    (sa.LargeBinary, "bytes"),
    (sa.String, "text"),
)


class ColumnDifference(NamedTuple):
    """A column, or a whole table (``column`` None), that is not as expected. None: there is none such."""

    table: str
    column: str | None
    expected: str | None
    actual: str | None

    def __str__(self) -> str:
        what = self.table if self.column is None else f"{self.table}.{self.column}"
        return f"{what}: {self.actual or 'missing'} ({self.expected or 'unknown'})"


def column_differences(
    connection: sa.Connection, tables: Iterable[sa.FromClause], *, exactly: bool = True
) -> list[ColumnDifference]:
    """Where the tables of the database are not as ``tables`` say, in their order. ``exactly=False``: they may
    have more columns, and other ones may be empty, as tables of older code that are still written may."""
    wanted: list[Any] = list(tables)
    names = [table.name for table in wanted]
    there = sa.inspect(connection).get_multi_columns(filter_names=names) if names else {}
    actual = {name: {c["name"]: c for c in columns} for (_, name), columns in there.items()}
    return [
        difference for table in wanted for difference in _of_table(table, actual.get(table.name), exactly)
    ]


def table_names(connection: sa.Connection) -> set[str]:
    """The tables that there are."""
    return set(sa.inspect(connection).get_table_names())


def _of_table(table: Any, there: dict[str, Any] | None, exactly: bool) -> list[ColumnDifference]:
    if there is None:
        return [ColumnDifference(table.name, None, "table", None)]
    expected = {c.name: _told(c.type, c.nullable, c.primary_key, exactly) for c in table.columns}
    keys = {c.name for c in table.columns if c.primary_key}
    columns = {n: _told(c["type"], c["nullable"], n in keys, exactly) for n, c in there.items()}
    names: Sequence[str] = [*expected, *(sorted(columns.keys() - expected.keys()) if exactly else ())]
    return [
        ColumnDifference(table.name, name, expected.get(name), columns.get(name))
        for name in names
        if expected.get(name) != columns.get(name)
    ]


def _told(kind: Any, nullable: bool | None, key: bool, exactly: bool) -> str:
    named = next((name for known, name in _CLASSES if isinstance(kind, known)), str(kind))
    return named if key or nullable or not exactly else f"{named}, required"
