"""Of which code the live tables are, and what that means for readers and for appends.

The tables of a view are of the code that built them (``view_build``). When newer code is deployed, readers
are served from the older tables until a rebuild has swapped in the new ones; appends go on writing them with
the new folds, each view under a savepoint of its own, so that no append ever fails for it. Columns that the
older tables lack are added, empty. Where that cannot work (another key, a column that may not be null, a
fold that cannot read an older row) the view is *held*: its tables stay as they are, and the rebuild folds
everything since. When a rebuild by newer code has swapped tables in, a process of older code must not write
them any more: it refuses, until it has been restarted. It does so too when newer code has changed the durable
tables, or has recorded an event in a shape that it does not know (projections/engine/event_format.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import sqlalchemy as sa

from domain.kernel.events import Recorded
from domain.values.refusal import refusal
from projections.engine import rules
from projections.engine.database import CursorRows, columns_of
from projections.engine.event_format import EventFormats
from projections.engine.fold_events import fold_events
from projections.engine.view import VIEWS, View, ViewTable
from projections.migrations.revisions import refuse_newer_than
from projections.tables.columns import ColumnDifference, column_differences
from projections.tables.durable import VIEW_HELD, built

Standing = Literal["current", "other_code", "older", "newer", "never_built"]
"""Of the running code; of other code with the same version; of an older or a newer version of the view."""

VIEWS_NEWER = refusal(
    "VIEWS_NEWER",
    ja="ビュー「{view}」は、この処理より新しい版（{version}）に入れ替わっています。この処理からは記録できません。",
    en="The view “{view}” has a newer version ({version}) than this process, which cannot record any more.",
    rule=rules.NEWER_WINS,
    next_ja="サービスを新しい版で起動し直してください。",
    next_en="Restart the service with the newer version.",
    kind="unavailable",
)


def standing_of(view: View, last_build: tuple[int, str] | None) -> Standing:
    """Where a view stands whose live tables were built by the code of this version and fingerprint."""
    if last_build is None:
        return "never_built"
    return _age(view, last_build[0]) or ("current" if last_build[1] == view.fingerprint else "other_code")


def _age(view: View, version: int) -> Literal["older", "newer"] | None:
    """Whether tables of this version are of an earlier or a later one than the running code."""
    if version == view.version:
        return None
    return "older" if version < view.version else "newer"


def must_equal(view: View, last_build: tuple[int, str] | None) -> bool:
    """Whether a rebuild must come out as the live tables stand: unless the version says that the rows are
    others now, or older occurrences of the view's events are read otherwise (upcasters)."""
    if last_build is None:
        return False
    version, fingerprint = last_build
    return version == view.version and fingerprint.partition(".")[2] == view.fingerprint.partition(".")[2]


def standings(connection: sa.Connection) -> dict[str, Standing]:
    """Where every view stands."""
    builds = built(connection)
    return {name: standing_of(view, builds.get(name)) for name, view in VIEWS.items()}


def held(connection: sa.Connection) -> dict[str, int]:
    """The views whose tables are not written any more, with the position up to which they were."""
    return {row.view: row.since for row in connection.execute(sa.select(VIEW_HELD))}


def view_differences(connection: sa.Connection) -> list[ColumnDifference]:
    """Where the tables of views are not as this code reads and writes them. Those of other code need not be
    the same in everything, and those of newer code are not looked at."""
    states = standings(connection)
    ours = _tables_of(name for name, state in states.items() if state in ("current", "never_built"))
    others = _tables_of(name for name, state in states.items() if state in ("other_code", "older"))
    return [
        *column_differences(connection, ours),
        *column_differences(connection, others, exactly=False),
    ]


def _tables_of(views: Iterable[str]) -> list[sa.Table]:
    return [table.table for view in views for table in VIEWS[view].tables]


class ViewFeed:
    """Which views an append writes, looked up again whenever a rebuild has swapped tables in."""

    # Every swap certifies. (Generations were once times in nanoseconds: those did not grow by one.) Every
    # shape of an event that is new to the record raises the position since which the newest is held.
    MARKER = (
        "SELECT (SELECT max(id) FROM view_certificate), (SELECT max(generation) FROM view_build), "
        "(SELECT max(since) FROM event_format), (SELECT max(edition) FROM rules_edition), "
        "(SELECT version_num FROM alembic_version)"
    )

    def __init__(self) -> None:
        self._marker: Any = None
        self.formats = EventFormats()
        self.current: Sequence[View] = tuple(VIEWS.values())
        self.older: Sequence[View] = ()

    @property
    def is_known(self) -> bool:
        """Whether it has been looked up before: then the views are probably still the same."""
        return self._marker is not None

    def refresh(self, cursor: Any, marker: Any = None) -> None:
        """Bring ``current`` and ``older`` up to date. ``marker``: another cursor on which ``MARKER`` has been
        executed already. Refuses ``VIEWS_NEWER``, ``RECORD_NEWER``, ``FORMAT_NEWER`` and
        ``RULES_NEWER``."""
        if marker is None:
            cursor.execute(self.MARKER)
        newest = tuple((marker or cursor).fetchone())
        if newest == self._marker:
            return
        cursor.execute("SELECT software FROM record")
        refuse_newer_than(newest[-1], cursor.fetchone()[0])
        self.formats.look(cursor)
        cursor.execute("SELECT view, version FROM view_build")
        versions = dict(cursor.fetchall())
        ages = {name: _age(view, versions.get(name, view.version)) for name, view in VIEWS.items()}
        for name, age in ages.items():
            if age == "newer":
                raise VIEWS_NEWER(view=name, version=versions[name])
        self.current = tuple(view for name, view in VIEWS.items() if ages[name] is None)
        self.older = tuple(view for name, view in VIEWS.items() if ages[name] == "older")
        self._marker = newest


def feed_older(views: Sequence[View], events: Sequence[Recorded[Any]], cursor: Any, postgres: bool) -> None:
    """Fold events into older tables, as well as that goes: what fails is undone, and the view is held."""
    if not views:
        return
    mark = "%s" if postgres else "?"
    cursor.execute("SELECT view FROM view_held")
    not_written = {row[0] for row in cursor.fetchall()}
    for view in views:
        if view.name in not_written:
            continue
        cursor.execute("SAVEPOINT older_view")
        try:
            fold_events([view], events, CursorRows(cursor, postgres))
        except Exception:  # whatever a new fold makes of an old row
            cursor.execute("ROLLBACK TO SAVEPOINT older_view")
            values = (view.name, events[0].position - 1)
            cursor.execute(f"INSERT INTO view_held (view, since) VALUES ({mark},{mark})", values)
        cursor.execute("RELEASE SAVEPOINT older_view")


def make_readable(cursor: Any, postgres: bool) -> None:
    """Let new code read and write older tables: add the columns they lack, all of them nullable."""
    cursor.execute("SELECT view, version FROM view_build")
    versions = dict(cursor.fetchall())
    for view in VIEWS.values():
        if _age(view, versions.get(view.name, view.version)) == "older":
            for table in view.tables:
                _add_columns(cursor, postgres, table)


def _add_columns(cursor: Any, postgres: bool, table: ViewTable) -> None:
    there = columns_of(cursor, postgres, table.name)
    for column in table.table.columns if there else ():
        if column.name not in there:
            kind = "BIGINT" if isinstance(column.type, sa.BigInteger) else "TEXT"
            collation = ' COLLATE "C"' if postgres and kind == "TEXT" else ""
            cursor.execute(f"ALTER TABLE {table.name} ADD COLUMN {column.name} {kind}{collation}")
    for name in sorted(there - frozenset(table.columns)) if postgres else ():
        cursor.execute(f"ALTER TABLE {table.name} ALTER COLUMN {name} DROP NOT NULL")
