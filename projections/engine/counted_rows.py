"""Rows that are counted for the figures of participation: what their views write and read in the same way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import sqlalchemy as sa

from domain.values.calendar import EffectiveDate
from projections.engine.one_moment import once
from projections.engine.view import ViewTable


def interval(date: EffectiveDate | None) -> tuple[str | None, str | None]:
    """First and last day a date may mean, as ISO text; None where unbounded."""
    if date is None:
        return None, None
    checked = date.check()
    return (
        checked.earliest.isoformat() if checked.earliest else None,
        checked.latest.isoformat() if checked.latest else None,
    )


def with_these(those: list[str], *more: str) -> list[str]:
    """A set of ids as a row keeps it, with some more."""
    return sorted({*those, *more})


_READ: ContextVar[set[str] | None] = ContextVar("counted_from", default=None)


@contextmanager
def tables_noted() -> Iterator[set[str]]:
    """The tables from which is counted meanwhile, by name."""
    read: set[str] = set()
    token = _READ.set(read)
    try:
        yield read
    finally:
        _READ.reset(token)


def note_read(table: ViewTable) -> None:
    """Say that a figure is counted from this table."""
    read = _READ.get()
    if read is not None:
        read.add(table.name)


def rows_of(connection: sa.Connection, table: ViewTable, council_id: str | None) -> list[dict[str, Any]]:
    """All rows of a table that tells the council of each, of one council if given, in key order. In a
    reading they are read once: nobody changes them."""
    note_read(table)
    chosen = sa.select(table.table).order_by(*table.table.primary_key.columns)
    if council_id is not None:
        chosen = chosen.where(table.table.c.council_id == council_id)
    return once(
        connection,
        (table.name, council_id),
        lambda: [table.as_row(row) for row in connection.execute(chosen)],
    )
