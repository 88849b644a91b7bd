"""What rebuilds leave in the database: the tables that were swapped out, and those of a rebuild that died."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from projections.engine.database import drop_sql, transaction
from projections.engine.store import Store
from projections.engine.view import METADATA, VIEWS

_REMAINS = re.compile(r"(?P<table>\w+?)__(?P<was>was_)?\d+")


class Remains(NamedTuple):
    """A table that no reader needs: its name, and of which table it is a shadow or an older state. ``gone``:
    it belonged to a view that the code does not have any more, or to an earlier version of one."""

    name: str
    table: str
    gone: bool = False


def old_name(table: str, generation: int) -> str:
    """What a live table is called when the rebuild of this generation has taken its place."""
    return f"{table}__was_{generation}"


def remains(cursor: Any, postgres: bool) -> list[Remains]:
    """Every such table in the database."""
    gone = {*_of_gone_views(cursor), *(name for view in VIEWS.values() for name in view.former_tables)}
    tables = []
    for name in _tables(cursor, postgres):
        matched = _REMAINS.fullmatch(name)
        table = matched["table"] if matched else name
        if table in gone or (matched and table in METADATA.tables):
            tables.append(Remains(name, table, gone=table in gone))
    return tables


def drop_remains(store: Store, connection: Any, *, gone_views: bool = False) -> list[str]:
    """Drop what rebuilds have left, each table in a transaction of its own; the names. ``gone_views``: also
    the tables of views, and of versions of views, that the code does not have any more."""
    dropped = []
    for name, table, gone in remains(connection.cursor(), store.postgres):
        if gone and not gone_views:
            continue
        with transaction(connection, store.postgres) as cursor:
            if gone:
                cursor.execute(f"DROP TABLE IF EXISTS {name}")
            else:
                for statement in drop_sql(METADATA.tables[table], store.postgres, name):
                    cursor.execute(statement)
        dropped.append(name)
    if gone_views:
        with transaction(connection, store.postgres) as cursor:
            for view in _gone_views(cursor):
                cursor.execute(
                    f"DELETE FROM view_build WHERE view={'%s' if store.postgres else '?'}", (view,)
                )
    return dropped


def _tables(cursor: Any, postgres: bool) -> list[str]:
    cursor.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname=current_schema()"
        if postgres
        else "SELECT name FROM sqlite_master WHERE type='table'"
    )
    return sorted(row[0] for row in cursor.fetchall())


def _gone_views(cursor: Any) -> list[str]:
    cursor.execute("SELECT view FROM view_build")
    return [row[0] for row in cursor.fetchall() if row[0] not in VIEWS]


def _of_gone_views(cursor: Any) -> Iterator[str]:
    """The tables that a view had when it was last built, and that no view has now."""
    gone = set(_gone_views(cursor))
    cursor.execute("SELECT view, tables FROM view_certificate ORDER BY id")
    last = {view: tables.split() for view, tables in cursor.fetchall() if view in gone}
    for tables in last.values():
        yield from (name for name in tables if name not in METADATA.tables)
