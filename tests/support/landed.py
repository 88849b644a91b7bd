"""Records that landed versions left (tests/fixtures/landed): put into an empty database, as they were."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from projections.tables.log_table import LOG

FOLDER = Path(__file__).parents[1] / "fixtures" / "landed"
LANDED = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
"""The commits of which there is a record."""
PASSWORDS = {"staff": "long enough to keep", "former": "another long password"}
"""What the people who had accounts signed in with."""

_SEQUENCES = {LOG: "notification_id", "access_log": "id", "view_certificate": "id"}


def rows(commit: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row of the record, with the name of its table."""
    for line in (FOLDER / commit / "rows.ndjson").read_text(encoding="utf-8").splitlines():
        table, row = json.loads(line)
        yield table, row


def rows_of(commit: str, table: str) -> list[dict[str, Any]]:
    return [row for name, row in rows(commit) if name == table]


def known(commit: str) -> dict[str, Any]:
    """What is known of the record beside it: ``token``, ``body`` and ``receipt`` of a command."""
    found: dict[str, Any] = json.loads((FOLDER / commit / "known.json").read_text(encoding="utf-8"))
    return found


def put(commit: str, url: str) -> None:
    """Make an empty database that record."""
    if url.startswith("sqlite"):
        _put_sqlite(commit, str(sa.make_url(url).database))
    else:
        _put_postgres(commit, url)


def _put_sqlite(commit: str, path: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.executescript((FOLDER / commit / "sqlite.sql").read_text(encoding="utf-8"))
    for table, row in rows(commit):
        values = _stored(table, row, "rowid")
        marks = ",".join("?" * len(values))
        connection.execute(f"INSERT INTO {table} ({_names(values)}) VALUES ({marks})", [*values.values()])
    connection.commit()
    connection.close()


def _put_postgres(commit: str, url: str) -> None:
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute((FOLDER / commit / "postgresql.sql").read_bytes())
        for table, row in rows(commit):
            values = _stored(table, row, "notification_id")
            marks = ",".join(["%s"] * len(values))
            statement = f"INSERT INTO {table} ({_names(values)}) VALUES ({marks})"
            cursor.execute(statement.encode(), [*values.values()])
        for table, column in _SEQUENCES.items():
            newest = f"(SELECT max({column}) FROM {table})"
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), {newest})".encode())


def _stored(table: str, row: dict[str, Any], position: str) -> dict[str, Any]:
    if table != LOG:
        return row
    rest = {name: value for name, value in row.items() if name not in ("position", "state")}
    return {position: row["position"], **rest, "state": row["state"].encode()}


def _names(values: dict[str, Any]) -> str:
    return ",".join(f'"{name}"' for name in values)
