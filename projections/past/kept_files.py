"""The files of the past, in a folder: found, checked, made, made anew, removed (projections/past/files.py).

A file belongs to what the log holds: its name tells the record, the position, and a digest of the event at
that position. After a backup was put back, what is not in the log any more is in no file either. A file that
is gone, half there, locked or unreadable is made anew; it can be removed at any time by anybody.

Who asks from outside has a little folded at once (``at_once`` events: a thousand take half a second of one
core, as long as the slowest pages). For more a wish is left in the folder, which one process at a time
carries out (projections/past_worker.py), and the caller is told to ask again. Files have ``most_bytes``
together: the least used make room.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
import structlog

from projections.engine.log import head, raw_at
from projections.engine.one_moment import one_moment
from projections.engine.store import Store
from projections.engine.view import VIEWS
from projections.past.files import (
    PAST,
    Moment,
    build,
    is_whole,
    judge_by_today,
    opened,
    position_on,
)
from projections.past.standing_dates import dates_corrected
from projections.past.wishes import Wish, Work, leave
from projections.tables.durable import RECORD

log = structlog.get_logger("kyodo")

MOST_BYTES = 1 << 30
"""Bytes of all files of the past: fourteen of a record of 100,000 events."""
PATIENCE = 5.0
"""Seconds for which a caller waits until somebody else has made the same file."""
DEAD_AFTER = 900.0
"""A draft that nobody has written to for so many seconds is nobody's."""


class NotMade(Exception):
    """A past is being made: ask again."""


class Unusable(Exception):
    """A file could not be read; it has been removed, and the next caller gets a new one."""


_FILE = "kyodo_past_file"


def forget(past: sa.Connection) -> None:
    """Remove the file behind a reading of the past: it cannot be read."""
    path: Path = past.info[_FILE]
    log.error("a file of the past is removed", file=path.name)
    path.unlink(missing_ok=True)


class Named(NamedTuple):
    """A past by what it depends on: the position, the event there, the day in force, record and code."""

    position: int
    mark: str
    kind: str

    @property
    def stem(self) -> str:
        return f"{self.position}-{self.mark}-{self.kind}"


class Pasts:
    """The pasts of a record, in a folder. ``at_once``: how many events are folded for a caller; None for any
    number (the command line, and the process that carries out wishes). ``before`` is called before something
    is folded or wished for, and may refuse it."""

    def __init__(
        self,
        store: Store,
        folder: Path,
        *,
        most_bytes: int = MOST_BYTES,
        at_once: int | None = None,
        before: Callable[[], None] = lambda: None,
    ):
        self.store, self.folder, self._before = store, folder, before
        self.most_bytes, self.at_once = most_bytes, at_once

    @contextmanager
    def reading(self, moment: Moment, living: sa.Connection | None = None) -> Iterator[sa.Connection]:
        """A connection to the record as it was at a moment. ``living`` is a reading of it as it is, one of
        its own by default: by that is judged what may be seen. Raises :class:`NotMade`,
        :class:`TooManyWishes`, :class:`Unusable`."""
        with self.store.reading() if living is None else nullcontext(living) as today:
            path, file = self._usable(today, moment)
        # What was checked is what is read, should the file make room for another meanwhile.
        engine = sa.create_engine("sqlite://", creator=lambda: file, poolclass=sa.pool.NullPool)
        sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
        try:
            with one_moment(engine) as connection:
                connection.info[_FILE] = path
                yield connection
        except (sa.exc.DatabaseError, sqlite3.DatabaseError) as error:
            if not isinstance(getattr(error, "orig", error), sqlite3.Error):
                raise
            log.error("a file of the past is removed", file=path.name, error=str(error))
            path.unlink(missing_ok=True)
            raise Unusable from error
        finally:
            engine.dispose()
            file.close()

    def make(self, position: int, moment: Moment) -> Path:
        """The file of a moment, made if need be, whatever it takes."""
        with self.store.engine.connect() as living:
            return self._made(living, self._named(living, position, moment), moment)

    def _usable(self, living: sa.Connection, moment: Moment) -> tuple[Path, sqlite3.Connection]:
        """A file that can be read, open, and brought up to date with what may be seen today."""
        known_on = moment.known_on
        position = head(living) if known_on is None else position_on(living, known_on)
        named = self._named(living, position, moment)
        for _attempt in range(2):
            path = self._made(living, named, moment)
            try:
                connection = opened(path)
                try:
                    marks = connection.execute(f"SELECT position, mark FROM {PAST}").fetchall()
                    if marks == [(named.position, named.mark)] and is_whole(path, connection):
                        judge_by_today(living, connection)
                        connection.execute("PRAGMA query_only=ON")
                        os.utime(path)
                        return path, connection
                except BaseException:
                    connection.close()
                    raise
                connection.close()
            except (sqlite3.Error, OSError) as error:
                log.warning("a file of the past is made anew", file=path.name, error=str(error))
            for gone in (path, path.with_name(f"{path.name}-journal")):
                gone.unlink(missing_ok=True)
        raise Unusable

    def _named(self, living: sa.Connection, position: int, moment: Moment) -> Named:
        code = hashlib.sha256("".join(view.fingerprint for view in VIEWS.values()).encode())
        code.update("".join(living.scalars(sa.select(RECORD.c.record_id))).encode())
        kind = f"{moment.in_force_on or 'today'}-{code.hexdigest()[:16]}"
        return Named(position, _mark(living, position), kind)

    # ---------------------------------------------------------------------------------- made, or wished for

    def _made(self, living: sa.Connection, named: Named, moment: Moment) -> Path:
        """The file of a moment, made if it is not there: by one process, while others wait for it."""
        path = self.folder / f"{named.stem}.sqlite"
        if path.exists():
            return path
        earlier = self._nearest(living, named)
        if earlier and moment.in_force_on and dates_corrected(living, earlier[0], named.position):
            earlier = None  # what it holds may have been in force on other days than was known then
        if self.at_once is not None and named.position - (earlier[0] if earlier else 0) > self.at_once:
            self._wish(named, moment)
            raise NotMade
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock_path = path.with_suffix(".lock")
        with open(lock_path, "w") as lock:
            self._take(lock)
            if not path.exists():
                self._before()
                self._make(living, named, moment, path, earlier)
                self._make_room(path)
        lock_path.unlink(missing_ok=True)
        return path

    def _take(self, lock: object) -> None:
        """Wait until nobody else makes the same; whoever asks from outside waits a while only."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if self.at_once is None else fcntl.LOCK_NB))  # type: ignore[arg-type]
                return
            except BlockingIOError:
                if time.monotonic() >= end:
                    raise NotMade from None
                time.sleep(0.05)

    def _make(
        self,
        living: sa.Connection,
        named: Named,
        moment: Moment,
        path: Path,
        earlier: tuple[int, Path] | None,
    ) -> None:
        """Build a draft, and give it its name once it is whole and on the disk."""
        handle, name = tempfile.mkstemp(prefix=f"{named.stem}.", suffix=".draft", dir=self.folder)
        os.close(handle)
        draft = Path(name)
        try:
            self._build(living, named, moment, draft, earlier)
            with open(draft, "rb") as written:
                os.fsync(written.fileno())
            draft.rename(path)
        finally:
            for gone in (draft, draft.with_name(f"{draft.name}-journal")):
                gone.unlink(missing_ok=True)

    def _build(
        self,
        living: sa.Connection,
        named: Named,
        moment: Moment,
        draft: Path,
        earlier: tuple[int, Path] | None,
    ) -> None:
        make = partial(
            build, living, named.position, moment, draft, mark=named.mark, most_bytes=self.most_bytes
        )
        if earlier is not None:
            try:
                return make(earlier=earlier)
            except sqlite3.Error as error:  # the earlier one cannot be used: begin at the beginning
                log.warning("a file of the past is left aside", file=earlier[1].name, error=str(error))
                earlier[1].unlink(missing_ok=True)
                if self.at_once is not None and named.position > self.at_once:
                    self._wish(named, moment)
                    raise NotMade from error
        return make()

    def _nearest(self, living: sa.Connection, named: Named) -> tuple[int, Path] | None:
        """The file of the same kind that needs the fewest events to become this past, and its position."""
        candidates = []
        for path in self.folder.glob(f"*-{named.kind}.sqlite"):
            position, _, rest = path.name.partition("-")
            if int(position) <= named.position:
                candidates.append((int(position), rest.partition("-")[0], path))
        for at, mark, path in sorted(candidates, reverse=True):
            if mark == _mark(living, at):
                return at, path
            path.unlink(missing_ok=True)  # of a log that is not this one any more
        return None

    def _make_room(self, newest: Path) -> None:
        """Remove the least used files, as many as there are too many bytes; and what nobody finished."""
        files = [(path, _stat(path)) for path in self.folder.glob("*.sqlite")]
        total = _stat(newest).st_size
        for path, stat in sorted(files, key=lambda one: one[1].st_mtime, reverse=True):
            if path != newest:
                total += stat.st_size
                if total > self.most_bytes:
                    path.unlink(missing_ok=True)
        sweep(self.folder)

    def _wish(self, named: Named, moment: Moment) -> None:
        """Leave word that somebody wants this past, and see to it that somebody is at work."""
        days = (day.isoformat() if day else None for day in (moment.known_on, moment.in_force_on))
        url = self.store.url.render_as_string(hide_password=False)
        work = Work(url, str(self.folder.absolute()), self.most_bytes)
        leave(named.stem, Wish(named.position, *days), work, self._before)


def _mark(living: sa.Connection, position: int) -> str:
    """A digest of the event at a position, short."""
    digest = hashlib.sha256()
    for raw in raw_at(living, [position]) if position else ():
        digest.update(f"{raw.stream} {raw.version} {raw.topic} ".encode() + bytes(raw.state))
    return digest.hexdigest()[:16]


def _stat(path: Path) -> os.stat_result:
    """What the system tells of a file; of one that is gone, that it is old and empty."""
    try:
        return path.stat()
    except FileNotFoundError:
        return os.stat_result((0,) * 10)


def sweep(folder: Path) -> None:
    """Remove drafts that nobody is at work on any more, and what was left of them."""
    for pattern in ("*.draft", "*.draft-journal", "*.lock", "*.sqlite-journal"):
        for path in folder.glob(pattern):
            if path.name != "work.lock" and time.time() - _stat(path).st_mtime > DEAD_AFTER:
                path.unlink(missing_ok=True)
