"""The past: the record as it was known on a day, and as it was in force on a day (domain.md 3, two axes; S6).

``as_known_on`` leaves out what was recorded later; ``in_force_on`` what certainly took effect later (an event
without a date, or of a period that has begun, stays: its order is not known). From the events that are left
every view is folded anew into an SQLite file of its own, with their part of the log. Whatever that file is
asked is answered as it would have been then, by the same code: lists, questions, trails, pages.

What may be seen is judged by today: what is closed now is closed in every past (interfaces.md), so the closed
parts and the seals of the living record stand in the file and are brought up to date whenever it is opened.
A file is never wrong otherwise, since the log is never changed; so a later past is made from an earlier one
of the same kind by folding what came between. Where files are kept and when they are made: kept_files.py.
"""

from __future__ import annotations

import datetime as dt
import itertools
import sqlite3
from bisect import bisect_left
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from domain.kernel.correction_events import (
    ClosedAtOnce,
    ClosingConfirmed,
    CorrectionDeclined,
    CorrectionProposed,
    EventWithdrawn,
    PartRedacted,
    RecordCorrected,
    RedactionLifted,
)
from domain.kernel.events import Recorded
from domain.kernel.mapper import decode
from domain.values.calendar import JAPAN, EffectiveDate
from projections.engine.database import CursorRows
from projections.engine.fold_events import fold_events
from projections.engine.log import head, raw_after, recorded_at
from projections.engine.store import Store
from projections.engine.view import VIEWS, ViewTable
from projections.past.standing_dates import Dates, standing_dates
from projections.rebuild.bulk_rows import BulkRows
from projections.tables.log_table import LOG
from projections.views.matter.decision_trail import thing
from projections.views.plan.sealed import seal
from projections.views.record.closed_parts import closed_part

PAGE = 2_000
MILE = 256
LOOKS = 8
"""So many positions are looked at together when a day is searched for in the log."""
PAST = "past"
"""The table that tells of which event a file is the past, and up to where of the record it was judged."""
LEFT_OUT = "left_out"
"""The table that tells which events were left out, so that what fixes them later is left out too."""

_FIXES = (
    CorrectionProposed
    | CorrectionDeclined
    | RecordCorrected
    | EventWithdrawn
    | PartRedacted
    | RedactionLifted
    | ClosedAtOnce
    | ClosingConfirmed
)
_JUDGED_TODAY = (closed_part, seal)
"""Tables that say who may see what: of the living record in every past."""


@dataclass(frozen=True)
class Moment:
    """A moment on the two axes; None on an axis is today."""

    known_on: dt.date | None = None
    in_force_on: dt.date | None = None

    @classmethod
    def of(cls, known_on: str | None, in_force_on: str | None) -> Moment:
        """The moment of two days in ISO form."""
        days = (dt.date.fromisoformat(day) if day else None for day in (known_on, in_force_on))
        return cls(*days)

    @property
    def is_past(self) -> bool:
        return self.known_on is not None or self.in_force_on is not None

    def may_hold(self, effective: EffectiveDate) -> bool:
        """Whether what took effect then was, or may have been, in force."""
        if self.in_force_on is None:
            return True
        earliest = _earliest(effective)
        return earliest is None or earliest <= self.in_force_on


@lru_cache(maxsize=8_192)
def _earliest(effective: EffectiveDate) -> dt.date | None:
    return effective.check().earliest


def position_on(connection: sa.Connection, day: dt.date) -> int:
    """The position of the last event recorded by the end of a day in Japan; 0 if there is none.

    Looked for among many positions at a time, after a look at the milestones, which are kept: an event's time
    never changes."""
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), JAPAN).astimezone(dt.UTC)
    low, high = _milestones(connection, head(connection)).around(end)
    times: dict[int, dt.datetime] = {}
    while True:
        in_time = [position for position, at in times.items() if at < end]
        late = [position for position, at in times.items() if at >= end]
        low, high = max([low, *in_time]), min([*late, high + 1]) - 1
        if low >= high:
            return low
        stride = max(1, (high - low) // LOOKS)
        times = recorded_at(connection, [*range(low + stride, high, stride), high])
        if not times:  # positions may have holes
            (following,) = raw_after(connection, low, 1)
            if following.position > high:
                return low
            times = recorded_at(connection, [following.position])


class _Milestones(NamedTuple):
    """When every so many events were recorded, or the newest of those before: it never goes back."""

    head: int = 0
    positions: tuple[int, ...] = ()
    times: tuple[dt.datetime, ...] = ()

    def around(self, end: dt.datetime) -> tuple[int, int]:
        """Positions between which the last event before ``end`` is, or at the first of which it is."""
        n = bisect_left(self.times, end)
        low = self.positions[n - 1] if n else 0
        return low, self.positions[n] - 1 if n < len(self.positions) else self.head


def _milestones(connection: sa.Connection, newest: int) -> _Milestones:
    known = _known_milestones.get(connection.engine, _Milestones())
    first = (known.head // MILE + 1) * MILE
    passed = sorted(recorded_at(connection, range(first, newest + 1, MILE)).items())
    known = known._replace(head=newest)
    if passed:
        times = itertools.accumulate([*known.times, *(at for _, at in passed)], max)
        known = _Milestones(newest, (*known.positions, *(p for p, _ in passed)), tuple(times))
    _known_milestones[connection.engine] = known
    return known


_known_milestones: WeakKeyDictionary[sa.Engine, _Milestones] = WeakKeyDictionary()


class TooLarge(Exception):
    """A file of the past would have more bytes than all of them may have."""


def build(
    living: sa.Connection,
    position: int,
    moment: Moment,
    path: Path,
    *,
    mark: str,
    earlier: tuple[int, Path] | None = None,
    most_bytes: int | None = None,
) -> None:
    """Fold the events of a moment, up to a position, into a new file; onwards from an ``earlier`` one, of its
    position. ``mark`` tells the event at the position. Raises :class:`TooLarge`."""
    path.unlink(missing_ok=True)
    after = 0
    if earlier is None:
        empty = Store(f"sqlite:///{path}")
        empty.create()
        empty.close()
    else:
        after, source_path = earlier
        with closing(opened(source_path)) as source, closing(sqlite3.connect(path)) as copy:
            source.backup(copy)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        cursor = connection.cursor()
        # Nothing but this process knows the file: it is whole, or it is not there.
        cursor.execute("PRAGMA journal_mode=OFF")
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.execute("BEGIN")
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {LEFT_OUT} (stream TEXT, version INTEGER)")
        left_out = set(cursor.execute(f"SELECT stream, version FROM {LEFT_OUT}").fetchall())
        known = len(left_out)
        rows = BulkRows(CursorRows(cursor, postgres=False), spilled=earlier is not None)
        dates = standing_dates(living, position) if moment.in_force_on is not None else {}
        while after < position:
            page = [row for row in raw_after(living, after, PAGE) if row.position <= position]
            if not page:
                break
            after = page[-1].position
            past_rows = kept_of(page, moment, left_out, dates)
            cursor.executemany(
                f"INSERT INTO {LOG} (rowid, originator_id, originator_version, topic, state) "
                "VALUES (?,?,?,?,?)",
                [(row.position, row.stream, row.version, row.topic, row.state) for row, _ in past_rows],
            )
            fold_events(VIEWS.values(), [e for _, e in past_rows], rows)
            if most_bytes is not None and path.stat().st_size > most_bytes:
                raise TooLarge
        rows.flush()
        if len(left_out) > known:
            cursor.execute(f"DELETE FROM {LEFT_OUT}")
            cursor.executemany(f"INSERT INTO {LEFT_OUT} VALUES (?,?)", sorted(left_out))
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {PAST} (position INTEGER, mark TEXT, judged INTEGER)")
        cursor.execute(f"DELETE FROM {PAST}")
        cursor.execute(f"INSERT INTO {PAST} VALUES (?,?,NULL)", (position, mark))
        cursor.execute("COMMIT")


def opened(path: Path, *, patience: float = 5.0) -> sqlite3.Connection:
    """A connection to a file that is there: it is never made by being opened. Waits so many seconds for
    whoever writes to it. Raises sqlite3.OperationalError if it is not there."""
    address = f"{path.absolute().as_uri()}?mode=rw"
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=patience, check_same_thread=False)


def is_whole(path: Path, connection: sqlite3.Connection) -> bool:
    """Whether a file has as many bytes as it says of itself: a copy or a disk may have ended too early."""
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    return bool(pages * connection.execute("PRAGMA page_size").fetchone()[0] == path.stat().st_size)


def kept_of(
    page: Sequence[Any], moment: Moment, left_out: set[tuple[str, int]], dates: Dates
) -> list[tuple[Any, Recorded[Any]]]:
    """The events of a page that belong to the moment, by their dates as they stand (``dates``: those that
    were corrected). What fixes an event goes where that event goes, whenever it was fixed."""
    past_rows = []
    for row in page:
        e = decode(row.topic, bytes(row.state), row.position)
        fixed = getattr(e.data, "target_version", None) if isinstance(e.data, _FIXES) else None
        if fixed is not None:
            held = (e.stream, fixed) not in left_out
        else:
            held = moment.may_hold(dates.get(e.event_id, e.effective))
        if held:
            past_rows.append((row, e))
        else:
            left_out.add((e.stream, e.version))
    return past_rows


def judge_by_today(living: sa.Connection, connection: sqlite3.Connection) -> None:
    """Put what is closed and sealed now in place of what was then, unless that has been done at this position
    of the record. Raises sqlite3.Error if the file cannot be used."""
    newest = head(living)
    if connection.execute(f"SELECT judged FROM {PAST}").fetchone() == (newest,):
        return
    cursor = connection.cursor()
    cursor.execute("BEGIN IMMEDIATE")
    for table in _JUDGED_TODAY:
        now = _rows(living, table)
        cursor.execute(f"SELECT {','.join(table.columns)} FROM {table.name}")
        if set(cursor.fetchall()) != set(now):
            cursor.execute(f"DELETE FROM {table.name}")
            marks = ",".join("?" * len(table.columns))
            cursor.executemany(f"INSERT INTO {table.name} ({','.join(table.columns)}) VALUES ({marks})", now)
    _close_titles(living, cursor)
    cursor.execute(f"UPDATE {PAST} SET judged=?", (newest,))
    cursor.execute("COMMIT")


def _close_titles(living: sa.Connection, cursor: sqlite3.Cursor) -> None:
    """A title taken from what is closed now names nothing in the past; one that was opened since does."""
    table = thing.table
    closed = living.execute(sa.select(table.c.closers, table.c.id).where(table.c.closed_title.is_not(None)))
    cursor.executemany(
        "UPDATE trail_thing SET closed_title=coalesce(title, closed_title), title=NULL, closers=? WHERE id=?",
        list(map(tuple, closed)),
    )
    opened = cursor.execute("SELECT id FROM trail_thing WHERE closed_title IS NOT NULL").fetchall()
    for (i,) in opened:
        if living.scalar(sa.select(table.c.title).where(table.c.id == i)) is not None:
            cursor.execute(
                "UPDATE trail_thing SET title=closed_title, closed_title=NULL, closers=NULL WHERE id=?",
                (i,),
            )


def _rows(living: sa.Connection, table: ViewTable) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in living.execute(sa.select(table.table))]
