"""Rows of view tables read and written with SQLAlchemy Core, as an application without a driver's bulk writes
would: for the batched rebuild that a rebuild is compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from domain.kernel.events import Recorded
from domain.kernel.mapper import decode
from projections.engine.database import FETCH_AT_ONCE
from projections.engine.view import Key, Row, ViewTable
from projections.tables.log_table import log_table


class CoreRows:
    """Rows on a connection, in tables that are called ``names``."""

    def __init__(self, connection: sa.Connection, names: Mapping[str, str]):
        self.connection = connection
        self.names = names
        self.insert: Any = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        self.tables: dict[str, sa.Table] = {}

    def of(self, table: ViewTable) -> sa.Table:
        """The table under its other name."""
        if table.name not in self.tables:
            self.tables[table.name] = table.table.to_metadata(sa.MetaData(), name=self.names[table.name])
        return self.tables[table.name]

    def fetch(self, table: ViewTable, keys: Sequence[Key]) -> dict[Key, Row]:
        core, rows = self.of(table), {}
        where = [table.columns.index(k) for k in table.key_columns]
        for start in range(0, len(keys), FETCH_AT_ONCE):
            chosen = sa.select(core).where(_keyed(core, keys[start : start + FETCH_AT_ONCE]))
            for row in self.connection.execute(chosen):
                rows[tuple(row[i] for i in where)] = table.as_row(row)
        return rows

    def write(self, table: ViewTable, rows: dict[Key, Row | None]) -> None:
        core = self.of(table)
        stored = _stored(table, rows)
        if stored and table.append_only:
            self.connection.execute(sa.insert(core), stored)
        elif stored:
            self._replace(core, stored)
        if gone := [k for k, row in rows.items() if row is None]:
            self.connection.execute(sa.delete(core).where(_keyed(core, gone)))

    def rewrite(self, table: ViewTable, rows: dict[Key, Row | None]) -> None:
        core = self.of(table)
        self.connection.execute(sa.delete(core).where(_keyed(core, list(rows))))
        if stored := _stored(table, rows):
            self.connection.execute(sa.insert(core), stored)

    def events(self, stream: str, until: int) -> list[Recorded[Any]]:
        log, position = log_table(self.connection.dialect.name == "postgresql")
        of_stream = sa.and_(log.c.originator_id == stream, position <= until)
        return self._decoded(of_stream, log.c.originator_version)

    def events_at(self, positions: Sequence[int]) -> list[Recorded[Any]]:
        _, position = log_table(self.connection.dialect.name == "postgresql")
        return self._decoded(position.in_(list(positions)), position)

    def _decoded(self, where: sa.ColumnElement[bool], order: sa.ColumnElement[Any]) -> list[Recorded[Any]]:
        log, position = log_table(self.connection.dialect.name == "postgresql")
        chosen = sa.select(position, log.c.topic, log.c.state).where(where).order_by(order)
        return [decode(topic, bytes(state), at) for at, topic, state in self.connection.execute(chosen)]

    def _replace(self, core: sa.Table, stored: list[dict[str, Any]]) -> None:
        into = self.insert(core)
        keys = [c.name for c in core.primary_key.columns]
        others = {c.name: into.excluded[c.name] for c in core.columns if c.name not in keys}
        if others:
            self.connection.execute(into.on_conflict_do_update(index_elements=keys, set_=others), stored)
        else:
            self.connection.execute(into.on_conflict_do_nothing(index_elements=keys), stored)


def _stored(table: ViewTable, rows: dict[Key, Row | None]) -> list[dict[str, Any]]:
    stored = (table.as_stored(row) for row in rows.values() if row is not None)
    return [dict(zip(table.columns, values, strict=True)) for values in stored]


def _keyed(core: sa.Table, keys: Sequence[Key]) -> sa.ColumnElement[bool]:
    columns = list(core.primary_key.columns)
    if len(columns) == 1:
        return columns[0].in_([k[0] for k in keys])
    return sa.tuple_(*columns).in_(keys)
