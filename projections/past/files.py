"""The past: the record as it was known on a day, and as it was in force on a day (domain.md 3, two axes; S6).

``as_known_on`` leaves out what was recorded later; ``in_force_on`` what certainly took effect later (an event
without a date, or of a period that has begun, stays: its order is not known). From the events that are left
every view is folded anew into an SQLite file of its own, with their part of the log. Whatever that file is
asked is answered as it would have been then, by the same code: lists, questions, trails, pages.

What may be seen is judged by today: what is closed now is closed in every past (interfaces.md), so the closed
parts and the seals of the living record stand in the file and are brought up to date whenever it is opened.
A file is never wrong otherwise, since the log is never changed; so a later past is made from an earlier one
of the same kind by folding what came between. The least used are removed.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import itertools
import os
import sqlite3
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from domain.kernel.correction_events import (
    CorrectionDeclined,
    CorrectionProposed,
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
from projections.engine.one_moment import one_moment, reading_engine
from projections.engine.store import Store
from projections.engine.view import VIEWS, ViewTable
from projections.rebuild.bulk_rows import BulkRows
from projections.tables.log_table import LOG
from projections.views.matter.decision_trail import thing
from projections.views.plan.sealed import seal
from projections.views.record.closed_parts import closed_part

PAGE = 2_000
MILE = 256
LOOKS = 8
"""So many positions are looked at together when a day is searched for in the log."""
KEPT = 12
"""So many files of the past are kept."""
LEFT_OUT = "left_out"
"""The table that tells which events were left out, so that what fixes them later is left out too."""

_FIXES = CorrectionProposed | CorrectionDeclined | RecordCorrected | PartRedacted | RedactionLifted
_JUDGED_TODAY = (closed_part, seal)
"""Tables that say who may see what: of the living record in every past."""


@dataclass(frozen=True)
class Moment:
    """A moment on the two axes; None on an axis is today."""

    known_on: dt.date | None = None
    in_force_on: dt.date | None = None

    @property
    def is_past(self) -> bool:
        return self.known_on is not None or self.in_force_on is not None

    def holds(self, e: Recorded[Any]) -> bool:
        """Whether an event recorded in time belongs to what was, or may have been, in force."""
        return self.may_hold(e.effective)

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


class Pasts:
    """The pasts of a record, in a folder."""

    def __init__(self, store: Store, folder: Path):
        self.store, self.folder = store, folder

    @contextmanager
    def reading(self, moment: Moment, living: sa.Connection | None = None) -> Iterator[sa.Connection]:
        """A reading of the record as it was at a moment. ``living`` is a reading of it as it is, one of its
        own by default: by that is judged what may be seen."""
        with self.store.reading() if living is None else nullcontext(living) as today:
            position = head(today)
            if moment.known_on is not None:
                position = position_on(today, moment.known_on)
            path = self._made(today, position, moment)
            os.utime(path)
            _judge_by_today(today, path)
        engine = reading_engine(sa.make_url(f"sqlite:///{path}"), postgres=False)
        try:
            with one_moment(engine) as connection:
                yield connection
        finally:
            engine.dispose()

    def _made(self, living: sa.Connection, position: int, moment: Moment) -> Path:
        """The file of a moment, made if it is not there: by one process, while others wait for it."""
        path = self.folder / f"{self._name(position, moment)}.sqlite"
        if path.exists():
            return path
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / f"{path.stem}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not path.exists():
                made = path.with_suffix(f".{os.getpid()}")
                build(living, position, moment, made, self._nearest(position, moment))
                made.rename(path)
                self._forget_the_oldest()
        return path

    def _name(self, position: int, moment: Moment) -> str:
        """Of what the file depends on: the record, the position, the day in force, the code of the views."""
        code = hashlib.sha256("".join(view.fingerprint for view in VIEWS.values()).encode())
        code.update(self.store.url.render_as_string().encode())
        return f"{position}-{moment.in_force_on or 'today'}-{code.hexdigest()[:16]}"

    def _nearest(self, position: int, moment: Moment) -> Path | None:
        """The file of the same kind that needs the fewest events to become this past."""
        kind = self._name(position, moment).partition("-")[2]
        earlier = [path for path in self.folder.glob(f"*-{kind}.sqlite") if _position(path) <= position]
        return max(earlier, key=_position, default=None)

    def _forget_the_oldest(self) -> None:
        files = sorted(self.folder.glob("*.sqlite"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in files[KEPT:]:
            for gone in (path, path.with_suffix(".lock")):
                gone.unlink(missing_ok=True)


def _position(path: Path) -> int:
    return int(path.name.partition("-")[0])


def build(
    living: sa.Connection, position: int, moment: Moment, path: Path, earlier: Path | None = None
) -> None:
    """Fold the events of a moment, up to a position, into a new file; onwards from an ``earlier`` one."""
    path.unlink(missing_ok=True)
    if earlier is None:
        empty = Store(f"sqlite:///{path}")
        empty.create()
        empty.close()
    else:
        with closing(sqlite3.connect(earlier)) as source, closing(sqlite3.connect(path)) as copy:
            source.backup(copy)
    connection = sqlite3.connect(path, isolation_level=None)
    cursor = connection.cursor()
    # Nothing but this process knows the file: it is whole, or it is not there.
    cursor.execute("PRAGMA journal_mode=OFF")
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.execute("BEGIN")
    cursor.execute(f"CREATE TABLE IF NOT EXISTS {LEFT_OUT} (stream TEXT, version INTEGER)")
    left_out = set(cursor.execute(f"SELECT stream, version FROM {LEFT_OUT}").fetchall())
    known = len(left_out)
    rows = BulkRows(CursorRows(cursor, postgres=False), spilled=earlier is not None)
    after = _position(earlier) if earlier else 0
    while after < position:
        page = [row for row in raw_after(living, after, PAGE) if row.position <= position]
        if not page:
            break
        after = page[-1].position
        kept = kept_of(page, moment, left_out)
        cursor.executemany(
            f"INSERT INTO {LOG} (rowid, originator_id, originator_version, topic, state) VALUES (?,?,?,?,?)",
            [(row.position, row.stream, row.version, row.topic, row.state) for row, _ in kept],
        )
        fold_events(VIEWS.values(), [e for _, e in kept], rows)
    rows.flush()
    if len(left_out) > known:
        cursor.execute(f"DELETE FROM {LEFT_OUT}")
        cursor.executemany(f"INSERT INTO {LEFT_OUT} VALUES (?,?)", sorted(left_out))
    cursor.execute("COMMIT")
    connection.close()


def kept_of(
    page: Sequence[Any], moment: Moment, left_out: set[tuple[str, int]]
) -> list[tuple[Any, Recorded[Any]]]:
    """The events of a page that belong to the moment. What fixes an event goes where that event goes."""
    kept = []
    for row in page:
        e = decode(row.topic, bytes(row.state), row.position)
        fixes = getattr(e.data, "target_version", None) if isinstance(e.data, _FIXES) else None
        if moment.holds(e) and (e.stream, fixes) not in left_out:
            kept.append((row, e))
        else:
            left_out.add((e.stream, e.version))
    return kept


def _judge_by_today(living: sa.Connection, path: Path) -> None:
    """Put what is closed and sealed now in place of what was then."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
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
    cursor.execute("COMMIT")
    connection.close()


def _close_titles(living: sa.Connection, cursor: sqlite3.Cursor) -> None:
    """A title taken from what is closed now names nothing in the past; one that was opened since does."""
    table = thing.table
    closed = living.scalars(sa.select(table.c.id).where(table.c.closed_title.is_not(None)))
    cursor.executemany(
        "UPDATE trail_thing SET closed_title=title, title=NULL WHERE id=? AND title IS NOT NULL",
        [(i,) for i in closed],
    )
    opened = cursor.execute("SELECT id FROM trail_thing WHERE closed_title IS NOT NULL").fetchall()
    for (i,) in opened:
        if living.scalar(sa.select(table.c.title).where(table.c.id == i)) is not None:
            cursor.execute("UPDATE trail_thing SET title=closed_title, closed_title=NULL WHERE id=?", (i,))


def _rows(living: sa.Connection, table: ViewTable) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in living.execute(sa.select(table.table))]
