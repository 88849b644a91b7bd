"""A backup is made: everything of one position, while others read and record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from projections.backup.format import LOG_FILE, Part, ViewDigest, write_lines
from projections.engine.log import head, raw_after
from projections.engine.view import VIEWS
from projections.rebuild.proving import digest_of
from projections.tables.durable import DURABLE, SNAPSHOT, VIEW_BUILD, VIEW_HELD, VIEW_RUN

DERIVED = (SNAPSHOT.name, VIEW_BUILD.name, VIEW_HELD.name, VIEW_RUN.name)
"""Durable tables that are made anew: they tell of views and aggregates as they are here."""
PAGE = 1_000


def kept_tables() -> list[sa.Table]:
    """The tables that a backup holds beside the log."""
    return [table for table in DURABLE.sorted_tables if table.name not in DERIVED]


def write_rows(connection: sa.Connection, folder: Path) -> tuple[int, Part, dict[str, Part]]:
    """Write the log and the tables as ``connection`` sees them: it reads at one moment."""
    (folder / "tables").mkdir()
    position = head(connection)
    log = write_lines(folder / LOG_FILE, _log(connection))
    tables = {
        table.name: write_lines(folder / "tables" / f"{table.name}.ndjson", _rows(connection, table))
        for table in kept_tables()
    }
    return position, log, tables


def digests(connection: sa.Connection, postgres: bool) -> dict[str, ViewDigest]:
    """What each view shows to ``connection``."""
    driver = connection.connection.driver_connection
    return {
        view.name: ViewDigest(
            view.version,
            view.fingerprint,
            digest_of(view, driver, postgres, {table.name: table.name for table in view.tables}),
        )
        for view in VIEWS.values()
    }


def _log(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    position = 0
    while page := raw_after(connection, position, PAGE):
        for raw in page:
            yield {
                "position": raw.position,
                "stream": raw.stream,
                "version": raw.version,
                "topic": raw.topic,
                "state": bytes(raw.state).decode(),
            }
        position = page[-1].position


def _rows(connection: sa.Connection, table: sa.Table) -> Iterator[dict[str, Any]]:
    keys = list(table.primary_key.columns)
    for row in connection.execute(sa.select(table).order_by(*keys)).yield_per(PAGE):
        yield dict(row._mapping)
