"""The recorders of the log: events, and what must be written with them, in one transaction.

The library's native recorders are subclassed (engine.md, decisions 2 and 3): an event, its command key, the
names it claims, the personal data it entrusts and every view of it commit together or not at all. The
tables are made by migrations (projections/migrations), with guards: the database itself refuses to change or
delete what is in the log.

SQLite: WAL mode, and ``synchronous`` stays FULL, so that what has been committed is on the disk. PostgreSQL:
as durable as the server is told to be; one append at a time, in two round trips. The events travel with the
questions for the rows that their views read, and what is written travels with the commit.

One story: what is read from the log, and from what stands beside it, on both databases.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NoReturn

import msgspec
from eventsourcing.persistence import ApplicationRecorder, IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresFactory
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteCursor,
    SQLiteFactory,
)
from eventsourcing.utils import Environment, EnvType
from psycopg import Error as PostgresError
from psycopg import IntegrityError as PostgresIntegrityError
from psycopg import ProgrammingError
from psycopg.rows import tuple_row

from domain.kernel.commands import Amended
from domain.kernel.mapper import decode
from domain.recording.receipts import Alongside, OutcomeUnknown, Receipt, StoredReceipt
from projections.engine.append.conflicts import ViewUnwritable, is_conflict
from projections.engine.append.pipeline import Pipeline
from projections.engine.append.read_check import ask_versions, refuse_changed
from projections.engine.append.record_clock import (
    INSERT,
    NEWEST,
    asking,
    moment_in,
    parts,
    put_in_order,
    refuse_unusable,
)
from projections.engine.append.sqlite import Pool, undid
from projections.engine.append_rows import AppendRows
from projections.engine.fold_events import fold_events
from projections.engine.view_versions import ViewFeed, feed_older
from projections.tables.log_table import LOG

_LOCK = "pg_advisory_xact_lock(20060301)"
APPEND_LOCK = f"SELECT {_LOCK}"
"""PostgreSQL: held by every append until its transaction ends, and by a rebuild while it swaps."""


class _WritesEverything:
    """What both recorders write after the events have got their positions."""

    postgres: bool
    feed: ViewFeed

    def _write_along(self, rows: AppendRows, positions: Sequence[int], along: Alongside) -> None:
        """Write keys, claims, vault and views on the transaction's cursor."""
        recorded = along.recorded
        for event, position in zip(recorded, positions, strict=True):
            event.position = position
        if along.command_key:
            self._keep_receipt(rows.cursor, positions, along)
        self._release(rows.cursor, along.released)
        self._keep_names(rows.cursor, along.claims, along.entrusted)
        self.feed.formats.state(rows.cursor, self.postgres, recorded)
        fold_events(self.feed.current, recorded, rows)

    def _keep_receipt(self, cursor: Any, positions: Sequence[int], along: Alongside) -> None:
        receipt = Receipt(
            along.stream,
            along.stream_version,
            positions[-1] if positions else 0,
            tuple(e.event_id for e in along.recorded),
        )
        mark = "%s" if self.postgres else "?"
        cursor.execute(
            f"INSERT INTO command_key (key, fingerprint, receipt) VALUES ({mark},{mark},{mark})",
            (along.command_key, along.fingerprint, msgspec.json.encode(receipt).decode()),
        )

    def _release(self, cursor: Any, released: Iterable[str]) -> None:
        mark = "%s" if self.postgres else "?"
        for claim in released:
            cursor.execute(f"DELETE FROM claim WHERE claim={mark}", (claim,))

    def _keep_names(
        self, cursor: Any, claims: Mapping[str, str], entrusted: Mapping[str, Mapping[str, str]]
    ) -> None:
        mark = "%s" if self.postgres else "?"
        for claim, stream in claims.items():
            cursor.execute(f"INSERT INTO claim (claim, stream) VALUES ({mark},{mark})", (claim, stream))
        for party_id, personal in entrusted.items():
            if not personal:  # erased: the row goes, the events and their ids stay
                cursor.execute(f"DELETE FROM vault WHERE party_id={mark}", (party_id,))
                continue
            if isinstance(personal, Amended):
                cursor.execute(f"SELECT personal FROM vault WHERE party_id={mark}", (party_id,))
                held = cursor.fetchone()
                before = msgspec.json.decode(tuple(held)[0]) if held else {}  # noqa: RUF015
                personal = {**before, **personal}
            cursor.execute(
                f"INSERT INTO vault (party_id, personal) VALUES ({mark},{mark}) "
                "ON CONFLICT (party_id) DO UPDATE SET personal=excluded.personal",
                (party_id, msgspec.json.encode(personal).decode()),
            )


class SQLiteRecorder(_WritesEverything, SQLiteApplicationRecorder):
    """The library's SQLite recorder."""

    postgres = False

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.feed = ViewFeed()
        self.insert_events_statement = (
            f"INSERT INTO {LOG} (originator_id, originator_version, topic, state) VALUES (?,?,?,?)"
        )

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        committing: list[bool] = []
        try:
            return super().insert_events(stored_events, committing=committing, **kwargs)
        except IntegrityError as error:
            _raise_unless_conflict(error.__cause__, error)
        except Exception as error:
            if committing and not undid(error):
                raise OutcomeUnknown(str(error)) from error
            raise

    def _insert_events(
        self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        along: Alongside = kwargs["along"]
        # The transaction has begun with the lock on writing: nobody else records until it ends.
        streams = _read_beside(stored_events, along)
        refuse_changed(ask_versions(lambda: c.sqlite_cursor, False, streams), streams, along.answers_stand)
        positions = super()._insert_events(c, self._in_order(c, stored_events, along), **kwargs) or []
        self.feed.refresh(c)
        self._write_along(AppendRows(c.sqlite_cursor, postgres=False), positions, along)
        feed_older(self.feed.older, along.recorded, c.sqlite_cursor, postgres=False)
        kwargs["committing"].append(True)
        return positions

    def _in_order(
        self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], along: Alongside
    ) -> Sequence[StoredEvent]:
        """The events as recorded at the present time, or at that of the newest event where that is later."""

        def first_row(statement: str) -> Any:
            c.execute(statement)
            return c.fetchone()

        row = first_row(NEWEST[False])
        newest = moment_in(row[0]) if row is not None else None
        refuse_unusable(newest, along.now(), asking(first_row))
        if not put_in_order(along.recorded, newest):
            return stored_events
        return [
            replace(stored, state=msgspec.json.encode(event))
            for stored, event in zip(stored_events, along.recorded, strict=True)
        ]

    def find_event(self, stream: str, version: int, event_id: str) -> int | None:
        with self.datastore.transaction(commit=False) as c:
            c.execute(
                f"SELECT rowid, topic, state FROM {LOG} WHERE originator_id=? AND originator_version=?",
                (stream, version),
            )
            return _if_it_is(c.fetchone(), event_id)

    def find_command(self, key: str) -> StoredReceipt | None:
        with self.datastore.transaction(commit=False) as c:
            c.execute("SELECT fingerprint, receipt FROM command_key WHERE key=?", (key,))
            return _stored_receipt(c.fetchone())

    def find_claim(self, claim: str) -> str | None:
        with self.datastore.transaction(commit=False) as c:
            c.execute("SELECT stream FROM claim WHERE claim=?", (claim,))
            row = c.fetchone()
            return str(row[0]) if row else None


class PostgresRecorder(_WritesEverything, PostgresApplicationRecorder):
    """The library's PostgreSQL recorder. Its own ``insert_events`` swallows an error raised after the
    insert until the transaction has ended; here an error anywhere rolls everything back."""

    postgres = True

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.feed = ViewFeed()
        # One append at a time, so that positions are given in the order of the commits. An advisory lock
        # serves as well as the library's table lock, and needs no right to change the table.
        self._let_in = (
            f"SELECT set_config('lock_timeout', '{self.datastore.lock_timeout}s', true), "
            f"pg_notify('{self.channel_name}', ''), {_LOCK}"
        )

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        along: Alongside = kwargs["along"]
        committing: list[bool] = []
        try:
            with self.datastore.get_connection() as conn:
                try:
                    return self._append(conn, stored_events, along, committing, ahead=self.feed.is_known)
                except ProgrammingError:  # tables or statements are others since: look at them first
                    return self._append(conn, stored_events, along, committing, ahead=False)
        except IntegrityError as error:
            _raise_unless_conflict(error.__cause__, error)
        except Exception as error:
            if committing and _has_not_answered(error):
                raise OutcomeUnknown(str(error)) from error
            raise

    def find_event(self, stream: str, version: int, event_id: str) -> int | None:
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row) as curs:
            # The commit may still be under way: who appends holds the lock until it is over.
            curs.execute("BEGIN")
            curs.execute(f"SET LOCAL lock_timeout = '{self.datastore.lock_timeout}s'")
            curs.execute(APPEND_LOCK)
            curs.execute(
                f"SELECT notification_id, topic, state FROM {LOG} "
                "WHERE originator_id=%s AND originator_version=%s",
                (stream, version),
            )
            event = _if_it_is(curs.fetchone(), event_id)
            curs.execute("ROLLBACK")
            return event

    def _append(
        self,
        conn: Any,
        stored_events: Sequence[StoredEvent],
        along: Alongside,
        committing: list[bool],
        *,
        ahead: bool,
    ) -> Sequence[int]:
        """Append in one transaction. ``committing`` is added to when all but the commit is done. ``ahead``:
        ask for rows before it is known that the views are still those that they were."""
        with Pipeline(conn) as pipeline:
            pipeline.execute(self._let_in)
            insert_answers = [pipeline.execute(INSERT, _values(event)) for event in stored_events]
            streams = _read_beside(stored_events, along)
            version_cursors = [*ask_versions(pipeline.cursor, True, streams)]
            marker, rows = pipeline.cursor(), AppendRows(pipeline.cursor(), postgres=True)
            marker.execute(ViewFeed.MARKER)
            if ahead:
                rows.ask(self.feed.current, along.recorded, pipeline.cursor)
            placed_rows = [pipeline.rows(answer)[0] for answer in insert_answers]
            positions, before = [row[0] for row in placed_rows], placed_rows[0][1]
            newest = dt.datetime.fromisoformat(before) if before is not None else None
            put_in_order(along.recorded, newest)
            refuse_unusable(newest, along.now(), asking(_first_row_of(pipeline)))
            refuse_changed(iter(version_cursors), streams, along.answers_stand)
            self.feed.refresh(pipeline.cursor(), marker)
            self._write_along(rows, positions, along)
            if self.feed.older:
                pipeline.settle()
                feed_older(self.feed.older, along.recorded, pipeline.cursor(waits=True), postgres=True)
            committing.append(True)
        return positions

    def find_command(self, key: str) -> StoredReceipt | None:
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row) as curs:
            curs.execute("SELECT fingerprint, receipt FROM command_key WHERE key=%s", (key,))
            return _stored_receipt(curs.fetchone())

    def find_claim(self, claim: str) -> str | None:
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row) as curs:
            curs.execute("SELECT stream FROM claim WHERE claim=%s", (claim,))
            row = curs.fetchone()
            return str(row[0]) if row else None


def _if_it_is(row: Any, event_id: str) -> int | None:
    """The position in a row of the log, if it holds the event with this id."""
    if row is None or decode(row[1], bytes(row[2])).event_id != event_id:
        return None
    return int(row[0])


def _has_not_answered(error: BaseException | None) -> bool:
    """Whether the server left it open what came of the transaction: it has not spoken, or was torn away. (An
    error with any other state is its word that everything was rolled back.)"""
    while error is not None:
        if isinstance(error, PostgresError):
            state = error.sqlstate
            return state is None or state.startswith(("08", "57P")) or state == "40003"
        error = error.__cause__
    return False


def _raise_unless_conflict(cause: BaseException | None, error: IntegrityError) -> NoReturn:
    """Raise the error again, or, where no other writer made it, that a view cannot be written."""
    if isinstance(cause, sqlite3.IntegrityError | PostgresIntegrityError) and not is_conflict(cause):
        raise ViewUnwritable(str(cause)) from cause
    raise error


def _read_beside(stored_events: Sequence[StoredEvent], along: Alongside) -> Mapping[str, int]:
    return along.read.beside({str(event.originator_id) for event in stored_events})


def _values(event: StoredEvent) -> tuple[Any, ...]:
    return event.originator_id, event.originator_version, event.topic, *parts(event.state)


def _first_row_of(pipeline: Pipeline) -> Callable[[str], Any]:
    def first_row(statement: str) -> Any:
        cursor = pipeline.cursor(waits=True)
        cursor.execute(statement)
        return cursor.fetchone()

    return first_row


_receipt = msgspec.json.Decoder(Receipt)


def _stored_receipt(row: Any) -> StoredReceipt | None:
    if row is None:
        return None
    return StoredReceipt(row[0], _receipt.decode(row[1]))


class KyodoSQLiteFactory(SQLiteFactory):
    application_recorder_class = SQLiteRecorder

    def __init__(self, env: Environment | EnvType | None):
        super().__init__(env)
        pool = self.datastore.pool
        self.datastore.pool = Pool(db_name=pool.db_name, lock_timeout=pool.lock_timeout)
        pool.close()


class KyodoPostgresFactory(PostgresFactory):
    def application_recorder(self) -> ApplicationRecorder:
        """The log has one name on both databases (the library would name it after the application)."""
        return PostgresRecorder(self.datastore, events_table_name=LOG)
