"""One record in one database, SQLite or PostgreSQL: the application that writes it, the engine that reads it.

How the log is written, with every view in the append's own transaction, is in
projections/engine/recorders.py.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from types import MappingProxyType
from typing import Any

import psycopg
import sqlalchemy as sa
from eventsourcing.utils import Environment

from domain.kernel.events import Recorded
from domain.recording.application import Application
from projections.engine.database import create_sql
from projections.engine.event_format import editions_in_force
from projections.engine.log import WHOLE, events_after, streams_naming
from projections.engine.one_moment import one_moment, reading_engine
from projections.engine.recorders import APPEND_LOCK, KyodoPostgresFactory, KyodoSQLiteFactory
from projections.engine.rule_questions import RuleQuestion
from projections.engine.snapshots import SnapshotTable
from projections.engine.view import METADATA
from projections.migrations.revisions import refuse_outdated
from projections.migrations.upgrading import upgrade
from projections.tables.columns import table_names
from projections.tables.log_table import LOG

__all__ = ["APPEND_LOCK", "LOG", "Store"]


NOBODY_ASKS: Mapping[str, RuleQuestion] = MappingProxyType({})
"""For a store on which no command is given."""


class Store:
    """One record in one database: the application that writes it and the engine that reads it.

    ``url``: ``sqlite:///path/to/file`` or ``postgresql://user:password@host:port/name``.
    """

    def __init__(
        self, url: str, *, rule_questions: Mapping[str, RuleQuestion] = NOBODY_ASKS, **application: Any
    ):
        self.url = sa.make_url(url)
        self.postgres = self.url.get_backend_name() == "postgresql"
        self._rule_questions = rule_questions
        self._application_options = application
        self._application: Application | None = None
        self.engine = sa.create_engine(_reading_url(self.url), pool_pre_ping=self.postgres, max_overflow=-1)
        self._reading = reading_engine(self.engine.url, postgres=self.postgres)

    @property
    def application(self) -> Application:
        """The application, made when first asked for: after a worker has been forked, not before. Refuses
        ``RECORD_OUTDATED``."""
        if self._application is None:
            self.refuse_outdated()
            self._application = Application(self._factory(), **self._application_options)
            self._application.open_business = self._answer("open_business")
            self._application.groups_of = self._answer("groups_of")
            self._application.meetings_at = self._answer("meetings_at")
            self._application.naming = self._naming
            self._application.placed = self._placed
            self._application.editions = self._edition
            self._application.cache.snapshots = SnapshotTable(self.engine)
        return self._application

    def _answer(self, name: str) -> Callable[[str], list[str]]:
        def ask(entity: str) -> list[str]:
            question = self.rule_question(name)
            with self.engine.connect() as connection:
                return question.answer(connection, entity)

        return ask

    def _naming(self, about: str) -> list[str]:
        after, _, entity = about.partition("/")
        with self.engine.connect() as connection:
            return streams_naming(connection, entity, int(after))

    def _placed(self, stream: str) -> list[Recorded[Any]]:
        with self.engine.connect() as connection:
            return events_after(connection, stream=stream, limit=WHOLE)

    def _edition(self, position: int) -> int:
        with self.engine.connect() as connection:
            return editions_in_force(connection)(position)

    def rule_question(self, name: str) -> RuleQuestion:
        """What rules ask of views under this name. LookupError: the store was opened without it."""
        question = self._rule_questions.get(name)
        if question is None:
            raise LookupError(f"this store was opened without the rule-question {name}: see registry.py")
        return question

    def create(self, until: str | None = None) -> list[str]:
        """Bring the durable tables to the newest revision (or to ``until``, and no further), and create the
        view tables that do not exist yet. Workers never do this. Returns the revisions applied; refuses
        ``RECORD_NEWER``, ``RECORD_FOREIGN``."""
        engine = self._exclusive_engine()
        alone = APPEND_LOCK if self.postgres else None
        applied = upgrade(engine, alone, until)
        if until is not None:
            engine.dispose()
            return applied
        with engine.begin() as connection:
            if alone is not None:
                connection.exec_driver_sql(alone)
            there = table_names(connection)
            for table in [t for t in METADATA.sorted_tables if t.name not in there]:
                for statement in create_sql(table, self.postgres, table.name):
                    connection.exec_driver_sql(statement)
        engine.dispose()
        return applied

    def _exclusive_engine(self) -> sa.Engine:
        """An engine whose transactions begin at once, also before a CREATE, and on SQLite with the lock on
        writing: Python's driver would begin one with the first INSERT (bugs.python.org/issue10740)."""
        if self.postgres:
            return sa.create_engine(self.engine.url, poolclass=sa.NullPool)
        engine = sa.create_engine("sqlite://", creator=self.connect, poolclass=sa.NullPool)
        sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        return engine

    def reading(self) -> AbstractContextManager[sa.Connection]:
        """A connection on which everything is read of one position (projections/engine/one_moment.py). What
        was appended since it began is not seen: nobody waits while holding one."""
        return one_moment(self._reading)

    def exists(self) -> bool:
        """Whether the record has been created here."""
        if not self.postgres and not _file_exists(self.url.database):
            return False
        inspector = sa.inspect(self.engine)
        return inspector.has_table(LOG) and inspector.has_table("setting")

    def refuse_outdated(self) -> None:
        """Refuse ``RECORD_OUTDATED`` while the durable tables are older than this code."""
        with self.engine.connect() as connection:
            refuse_outdated(connection)

    def head(self) -> int:
        """The position of the newest event; 0 if there is none."""
        return self.application.recorder.max_notification_id() or 0

    def connect(self) -> Any:
        """A driver connection of one's own, in autocommit, for long work beside the application."""
        if self.postgres:
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
        self._reading.dispose()
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
    return bool(path) and os.path.exists(str(path))
