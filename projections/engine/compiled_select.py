"""SELECTs that are asked again and again: defined with Core, compiled once for each database.

To build, key and expand a Core statement takes longer than the database takes to look a few keys up. A list
of values is one parameter here, so that the text of the statement is always the same: the driver, and on
PostgreSQL the server, know it already. The driver is asked directly, for a few rows by their keys come
sooner than a result of Core is set up.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable
from contextlib import closing
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY


class _Compiled(NamedTuple):
    """What is sent to one kind of database, and how its rows are read."""

    sql: str
    constants: dict[str, Any]
    """Values that the statement has of itself."""
    order: list[str] | None
    """In which order its values are sent; None: by their names."""
    named: Callable[[Iterable[Any]], Any]


class Prepared:
    """A statement by ``select(postgres)``, over columns of text and whole numbers only."""

    def __init__(self, select: Callable[[bool], sa.Select[Any] | sa.CompoundSelect[Any]]):
        self._select = select
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, connection: sa.Connection, **arguments: Any) -> list[Any]:
        """The rows that it finds, as named tuples, given its parameters; a list for :func:`among` may be of
        any length. Errors are the driver's own."""
        dialect = connection.dialect
        postgres = dialect.name == "postgresql"
        sql, constants, order, named = self._compiled.get(dialect.name) or self._compile(dialect, postgres)
        for name, value in arguments.items():
            if not isinstance(value, str | int):
                arguments[name] = list(value) if postgres else orjson.dumps(list(value)).decode()
        values = {**constants, **arguments}
        parameters = values if order is None else tuple([values[name] for name in order])
        with closing(connection.connection.cursor()) as cursor:
            cursor.execute(sql, parameters)
            return [*map(named, cursor.fetchall())]

    def _compile(self, dialect: sa.Dialect, postgres: bool) -> _Compiled:
        select = self._select(postgres)
        names = [column.name for column in select.selected_columns]
        row: Any = namedtuple("Row", names)  # type: ignore[misc]
        compiled: Any = select.compile(dialect=dialect)
        made = _Compiled(compiled.string, compiled.params, compiled.positiontup, row._make)
        self._compiled[dialect.name] = made
        return made


def among(column: sa.ColumnElement[Any], name: str, postgres: bool) -> sa.ColumnElement[bool]:
    """Whether a column's value is in the list that is given as the parameter ``name``."""
    if postgres:
        return column == sa.any_(sa.bindparam(name, type_=ARRAY(column.type)))
    return column.in_(sa.select(sa.func.json_each(sa.bindparam(name)).table_valued("value").c.value))


def by_no_index(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """A column as no index has it, to be ordered by or compared with where few rows are wanted by something
    else. SQLite would go through all there are in the order of this column (sqlite.org/optoverview.html)."""
    return sa.func.coalesce(column, sa.null())
