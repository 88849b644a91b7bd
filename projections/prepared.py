"""SELECTs that are asked again and again: defined with Core, compiled once for each database.

To build, key and expand a Core statement takes longer than the database takes to look a few keys up. A list
of values is one parameter here, so that the text of the statement is always the same: the driver, and on
PostgreSQL the server, know it already.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY


class Prepared:
    """A statement by ``select(postgres)``, over columns of text and whole numbers only."""

    def __init__(self, select: Callable[[bool], sa.Select[Any]]):
        self._select = select
        self._compiled: dict[str, sa.Compiled] = {}

    def rows(self, connection: sa.Connection, **given: Any) -> Sequence[Any]:
        """The rows that it finds, given its parameters; a list for :func:`among` may be of any length."""
        dialect = connection.dialect
        compiled: Any = self._compiled.get(dialect.name)
        postgres = dialect.name == "postgresql"
        if compiled is None:
            compiled = self._compiled[dialect.name] = self._select(postgres).compile(dialect=dialect)
        for name, value in given.items():
            if not isinstance(value, str | int):
                given[name] = list(value) if postgres else orjson.dumps(list(value)).decode()
        values = {**compiled.params, **given}
        order = compiled.positiontup
        parameters = values if order is None else tuple(values[name] for name in order)
        found: Sequence[Any] = connection.exec_driver_sql(compiled.string, parameters).all()
        return found


def among(column: sa.ColumnElement[Any], name: str, postgres: bool) -> sa.ColumnElement[bool]:
    """Whether a column's value is in the list that is given as the parameter ``name``."""
    if postgres:
        return column == sa.any_(sa.bindparam(name, type_=ARRAY(column.type)))
    return column.in_(sa.select(sa.func.json_each(sa.bindparam(name)).table_valued("value").c.value))
