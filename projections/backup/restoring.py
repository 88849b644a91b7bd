"""A backup is put back, with proof: the log and the tables are those of the backup, and so is every view.

What came after the version that made the backup is done again: the tables are made at its revision, filled,
and brought up to date by the revisions since.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from domain.rules import recording
from domain.values.refusal import refusal
from projections.backup.format import BACKUP_UNUSABLE, LOG_FILE, Manifest, read_lines
from projections.backup.making import digests, write_rows
from projections.engine.store import Store
from projections.migrations.revisions import revisions
from projections.rebuild.replay import rebuild
from projections.rebuild.shadow_tables import Report, silent
from projections.tables.log_table import LOG

AT_ONCE = 500

RECORD_IS_THERE = refusal(
    "RECORD_IS_THERE",
    ja="{record} には既に記録があります。控えを戻すのは、何もない所だけです。",
    en="There is a record at {record} already: a backup is put back only where nothing is.",
    rule=recording.VERSIONS,
    next_ja="DATABASE_URL に新しい場所を指定して、もう一度実行してください。確かめた後で入れ替えます。",
    next_en="Name a new place in DATABASE_URL and run it again; exchange the two when you have looked at it.",
)


@dataclass(frozen=True)
class Restored:
    """What putting back has shown. ``other_views``: views that come out otherwise although their code is the
    same; ``other_tables``: files of the backup that the record, read again, does not give."""

    events: int
    position: int
    other_views: list[str]
    other_tables: list[str]
    views: int

    @property
    def equal(self) -> bool:
        return not self.other_views and not self.other_tables


def put_back(
    store: Store, folder: Path, manifest: Manifest, scratch: Path, report: Report = silent
) -> Restored:
    """Fill an empty database from a backup that has been looked at, make every view, and prove both.

    ``scratch``: an empty folder, into which the record is read again. Refuses ``RECORD_IS_THERE`` and
    ``BACKUP_UNUSABLE`` (made by newer software).
    """
    if store.exists():
        raise RECORD_IS_THERE(record=store.url.render_as_string(hide_password=True))
    if manifest.revision not in [revision.number for revision in revisions()]:
        raise BACKUP_UNUSABLE(
            why=f"より新しい版（{manifest.software}）が作ったものです",
            why_en=f"newer software ({manifest.software}) has made it",
        )
    store.create(until=manifest.revision)
    with store.engine.begin() as connection:
        _fill(connection, folder, manifest)
    same_revision = not store.create()
    rebuild(store, report=report, who="kyodo restore")
    with store.reading() as connection:
        position, log, tables = write_rows(connection, scratch)
        views = digests(connection, store.postgres)
    other = [] if log == manifest.log else [LOG_FILE]
    if same_revision:  # revisions since may have changed the tables, but never the log
        other += [
            name for name, part in manifest.tables.items() if tables.get(name) != part and name not in CHANGED
        ]
    wrong = [
        name
        for name, view_state in manifest.views.items()
        if name in views and views[name].fingerprint == view_state.fingerprint and views[name] != view_state
    ]
    return Restored(log.lines, position, wrong, other, len(views))


CHANGED = ("view_certificate",)
"""Tables that a restore adds to: making the views is certified."""


def _fill(connection: sa.Connection, folder: Path, manifest: Manifest) -> None:
    postgres = connection.dialect.name == "postgresql"
    tables = sa.MetaData()
    tables.reflect(connection)
    for name in manifest.tables:
        table = tables.tables[name]
        connection.execute(sa.delete(table))  # what the revisions have put there
        _insert(connection, table, read_lines(folder / "tables" / f"{name}.ndjson"))
    place = "notification_id" if postgres else "rowid"
    _insert(connection, tables.tables[LOG], (_stored(row, place) for row in read_lines(folder / LOG_FILE)))
    if postgres:
        _go_on_counting(connection, tables)


def _stored(row: dict[str, Any], place: str) -> dict[str, Any]:
    return {
        place: row["position"],
        "originator_id": row["stream"],
        "originator_version": row["version"],
        "topic": row["topic"],
        "state": row["state"].encode(),
    }


def _insert(connection: sa.Connection, table: sa.Table, rows: Iterator[dict[str, Any]]) -> None:
    while page := list(islice(rows, AT_ONCE)):
        connection.execute(sa.insert(table), page)


def _go_on_counting(connection: sa.Connection, tables: sa.MetaData) -> None:
    """Let every number that the database gives go on after the newest that is there."""
    for table in tables.tables.values():
        for column in table.columns:
            counter = connection.scalar(
                sa.text("SELECT pg_get_serial_sequence(:table, :column)"),
                {"table": table.name, "column": column.name},
            )
            newest = connection.scalar(sa.select(sa.func.max(column))) if counter else None
            if newest:
                connection.execute(
                    sa.text("SELECT setval(:counter, :newest)"), {"counter": counter, "newest": newest}
                )
