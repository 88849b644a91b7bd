"""The log, with every view written in the append's own transaction, on SQLite and on PostgreSQL.

The library's native recorders are subclassed (engine.md, decisions 2 and 3): an event, its command key, the
names it claims, the personal data it entrusts and every view of it commit together or not at all. The
database itself refuses to change or delete what is in the log.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from eventsourcing.persistence import ApplicationRecorder, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresFactory
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteCursor, SQLiteFactory
from eventsourcing.utils import Environment

import domain.kinds  # noqa: F401  every event is declared
import projections.views  # noqa: F401  every view is declared
from domain.application import Application, Receipt, StoredReceipt
from domain.record import Recorded
from projections import group_register, matter_list, meeting_register
from projections.database import CursorRows, create_sql
from projections.standing import Feeding, feed_older
from projections.tables import DURABLE
from projections.view import METADATA, fold_events

LOG = "stored_events"

_REFUSAL = "the log is never changed: correct, supersede or redact by a new event"

SQLITE_GUARDS = [
    f"CREATE TRIGGER IF NOT EXISTS {LOG}_no_{act.lower()} BEFORE {act} ON {LOG} "
    f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    for act in ("UPDATE", "DELETE")
]
POSTGRES_GUARDS = [
    f"""CREATE OR REPLACE FUNCTION {LOG}_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$""",
    f"""CREATE OR REPLACE TRIGGER {LOG}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {LOG}
    FOR EACH STATEMENT EXECUTE FUNCTION {LOG}_refuse()""",
]

APPEND_LOCK = "SELECT pg_advisory_xact_lock(20060301)"
"""PostgreSQL: held by every append until its transaction ends, and by a rebuild while it swaps."""


class _WritesEverything:
    """What both recorders do after the events have got their positions."""

    postgres: bool
    feeding: Feeding

    def _write_along(self, cursor: Any, positions: Sequence[int], kwargs: dict[str, Any]) -> None:
        """Write keys, claims, vault and views on the transaction's cursor."""
        recorded: list[Recorded[Any]] = kwargs["recorded"]
        self.feeding.look(cursor)
        for event, position in zip(recorded, positions, strict=True):
            event.position = position
        mark = "%s" if self.postgres else "?"
        if kwargs["command_key"]:
            receipt = Receipt(
                kwargs["stream"],
                kwargs["stream_version"],
                positions[-1] if positions else 0,
                tuple(e.event_id for e in recorded),
            )
            cursor.execute(
                f"INSERT INTO command_key (key, fingerprint, receipt) VALUES ({mark},{mark},{mark})",
                (kwargs["command_key"], kwargs["fingerprint"], msgspec.json.encode(receipt).decode()),
            )
        for claim, stream in kwargs["claims"].items():
            cursor.execute(f"INSERT INTO claim (claim, stream) VALUES ({mark},{mark})", (claim, stream))
        for party_id, personal in kwargs["entrusted"].items():
            if not personal:  # erased: the row goes, the events and their ids stay
                cursor.execute(f"DELETE FROM vault WHERE party_id={mark}", (party_id,))
                continue
            cursor.execute(
                f"INSERT INTO vault (party_id, personal) VALUES ({mark},{mark}) "
                "ON CONFLICT (party_id) DO UPDATE SET personal=excluded.personal",
                (party_id, msgspec.json.encode(personal).decode()),
            )
        fold_events(self.feeding.current, recorded, CursorRows(cursor, self.postgres))
        feed_older(self.feeding.older, recorded, cursor, self.postgres)


class SQLiteRecorder(_WritesEverything, SQLiteApplicationRecorder):
    """The library's SQLite recorder; positions are an explicit key, so that no backup renumbers them."""

    postgres = False

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.feeding = Feeding()
        self.insert_events_statement = (
            f"INSERT INTO {LOG} (originator_id, originator_version, topic, state) VALUES (?,?,?,?)"
        )

    def construct_create_table_statements(self) -> list[str]:
        return [
            f"CREATE TABLE IF NOT EXISTS {LOG} (rowid INTEGER PRIMARY KEY AUTOINCREMENT, "
            "originator_id TEXT NOT NULL, originator_version INTEGER NOT NULL, topic TEXT NOT NULL, "
            "state BLOB NOT NULL, UNIQUE (originator_id, originator_version))",
            *SQLITE_GUARDS,
        ]

    def _insert_events(
        self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        positions = super()._insert_events(c, stored_events, **kwargs) or []
        self._write_along(c, positions, kwargs)
        return positions

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
        self.feeding = Feeding()
        self.sql_create_statements += [_sql(guard) for guard in POSTGRES_GUARDS]

    def _lock_table(self, curs: Any) -> None:
        """Let one append in at a time, so that positions are given in the order of the commits. An advisory
        lock serves as well as the library's table lock, and needs no right to change the table."""
        curs.execute(self.lock_table_statements[0], prepare=True)
        curs.execute(_sql(APPEND_LOCK), prepare=True)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        with self.datastore.get_connection() as conn, conn.transaction():
            with conn.pipeline() as pipeline, conn.cursor() as curs:
                self._insert_stored_events(curs, stored_events, **kwargs)
                pipeline.sync()
                positions = self._fetch_ids_after_insert_events(curs, stored_events, **kwargs) or []
            with conn.cursor(row_factory=_tuples) as curs:
                self._write_along(curs, positions, kwargs)
            return positions

    def find_command(self, key: str) -> StoredReceipt | None:
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=_tuples) as curs:
            curs.execute("SELECT fingerprint, receipt FROM command_key WHERE key=%s", (key,))
            return _stored_receipt(curs.fetchone())

    def find_claim(self, claim: str) -> str | None:
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=_tuples) as curs:
            curs.execute("SELECT stream FROM claim WHERE claim=%s", (claim,))
            row = curs.fetchone()
            return str(row[0]) if row else None


def _tuples(cursor: Any) -> Any:
    from psycopg.rows import tuple_row

    return tuple_row(cursor)


def _sql(text: str) -> Any:
    from psycopg.sql import SQL

    return SQL(text).format()


def _stored_receipt(row: Any) -> StoredReceipt | None:
    if row is None:
        return None
    return StoredReceipt(row[0], msgspec.json.decode(row[1], type=Receipt))


class KyodoSQLiteFactory(SQLiteFactory):
    application_recorder_class = SQLiteRecorder


class KyodoPostgresFactory(PostgresFactory):
    def application_recorder(self) -> ApplicationRecorder:
        """The log has one name on both databases (the library would name it after the application)."""
        return PostgresRecorder(self.datastore, events_table_name=LOG)


class Store:
    """One record in one database: the application that writes it and the engine that reads it.

    ``url``: ``sqlite:///path/to/file`` or ``postgresql://user:password@host:port/name``.
    """

    def __init__(self, url: str, **application: Any):
        self.url = sa.make_url(url)
        self.postgres = self.url.get_backend_name() == "postgresql"
        self._application_options = application
        self._application: Application | None = None
        self.engine = sa.create_engine(_reading_url(self.url), pool_pre_ping=self.postgres)

    @property
    def application(self) -> Application:
        """The application, made when first asked for: after a worker has been forked, not before."""
        if self._application is None:
            self._application = Application(self._factory(), **self._application_options)
            self._application.open_business = self._open_business
            self._application.groups_of = self._groups_of
        return self._application

    def _open_business(self, council: str) -> list[str]:
        with self.engine.connect() as connection:
            meetings = meeting_register.still_open(connection, council)
            return [*meetings, *matter_list.entrusted(connection, council)]

    def _groups_of(self, appointment: str) -> list[str]:
        with self.engine.connect() as connection:
            return group_register.groups_of(connection, appointment)

    def create(self) -> None:
        """Create every table that does not exist yet. One process does this; workers never do."""
        self.application.recorder.create_table()  # type: ignore[attr-defined]
        DURABLE.create_all(self.engine)
        with self.engine.begin() as connection:
            for table in METADATA.sorted_tables:
                if not sa.inspect(connection).has_table(table.name):
                    for statement in create_sql(table, self.postgres, table.name):
                        connection.exec_driver_sql(statement)

    def exists(self) -> bool:
        """Whether the record has been created here."""
        if not self.postgres and not _file_exists(self.url.database):
            return False
        inspector = sa.inspect(self.engine)
        return inspector.has_table(LOG) and inspector.has_table("setting")

    def head(self) -> int:
        """The position of the newest event; 0 if there is none."""
        return self.application.recorder.max_notification_id() or 0

    def connect(self) -> Any:
        """A driver connection of one's own, in autocommit, for long work beside the application."""
        if self.postgres:
            import psycopg

            return psycopg.connect(_plain(self.url), autocommit=True)
        connection = sqlite3.connect(str(self.url.database), isolation_level=None, timeout=60)
        connection.execute("PRAGMA journal_mode=WAL")
        return connection

    def lock_log(self, cursor: Any) -> None:
        """Hold back appends until the transaction ends. (On SQLite ``BEGIN IMMEDIATE`` has done so.)"""
        if self.postgres:
            cursor.execute(APPEND_LOCK)

    def close(self) -> None:
        self.engine.dispose()
        if self._application is not None:
            self._application.close()

    def _factory(self) -> Any:
        common = {"ORIGINATOR_ID_TYPE": "text", "CREATE_TABLE": "no"}
        if not self.postgres:
            return KyodoSQLiteFactory(
                Environment(
                    "kyodo",
                    {**common, "SQLITE_DBNAME": str(self.url.database), "SQLITE_LOCK_TIMEOUT": "30"},
                )
            )
        return KyodoPostgresFactory(
            Environment(
                "kyodo",
                {
                    **common,
                    "POSTGRES_DBNAME": self.url.database or "",
                    "POSTGRES_HOST": self.url.host or str(self.url.query.get("host", "")),
                    "POSTGRES_PORT": str(self.url.port or 5432),
                    "POSTGRES_USER": self.url.username or "",
                    "POSTGRES_PASSWORD": str(self.url.password or ""),
                    "POSTGRES_POOL_SIZE": "1",
                    "POSTGRES_MAX_OVERFLOW": "4",
                    "POSTGRES_LOCK_TIMEOUT": "30",
                    "POSTGRES_IDLE_IN_TRANSACTION_SESSION_TIMEOUT": "30",
                },
            )
        )


def _plain(url: sa.URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _reading_url(url: sa.URL) -> sa.URL:
    return url.set(drivername="postgresql+psycopg") if url.get_backend_name() == "postgresql" else url


def _file_exists(path: str | None) -> bool:
    import os

    return bool(path) and os.path.exists(str(path))
