"""The record's store, one for each worker process.

The application is made before gunicorn forks. Were its database opened then, the workers would share its
sockets: so the store is made when a process first asks for it, and closed when the process ends.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa
from flask import Flask, current_app, request

from api.setup import rules_of_service
from api.setup.config import RecordSettings
from api.setup.counters import Counters, file_engine
from domain.values.refusal import Refusal, refusal
from projections.engine.store import Store
from projections.migrations.revisions import refuse_newer
from projections.registry import open_store

RECORD_MISSING = refusal(
    "RECORD_MISSING",
    ja="記録がまだ作られていません。",
    en="The record has not been created yet.",
    rule=rules_of_service.CREATED_ONCE,
    next_ja="サーバーで kyodo init を実行してください。",
    next_en="Run kyodo init on the server.",
    kind="unavailable",
)


def refuse_unusable(store: Store) -> None:
    """Refuse ``RECORD_MISSING`` for a record that was not created, ``RECORD_OUTDATED`` for one whose tables
    are older than this code: a worker does not migrate, and does not read what it was not written for."""
    if not store.exists():
        raise RECORD_MISSING()
    store.refuse_outdated()


class StoreHolder:
    """A record as a process knows it: its settings, and its store, made once per process."""

    def __init__(self, settings: RecordSettings):
        self.settings = settings
        self._lock = threading.Lock()
        self._store: Store | None = None
        self._counters: Counters | None = None
        self._process = 0

    def get(self) -> Store:
        """The store of this process. Refuses ``RECORD_MISSING`` until the record has been created, and
        ``RECORD_OUTDATED`` until its tables are those that this code reads."""
        with self._lock:
            if self._store is None or self._process != os.getpid():
                store = open_store(self.settings.database_url)
                try:
                    refuse_unusable(store)
                except BaseException:
                    store.close()
                    raise
                self._store, self._counters, self._process = store, None, os.getpid()
                atexit.register(self.close)
            return self._store

    def counters(self) -> Counters:
        """The record's counters, which all its workers share."""
        store = self.get()
        with self._lock:
            if self._counters is None:
                engine = store.engine if store.postgres else file_engine(self.settings.counters_file)
                self._counters = Counters(engine, self.settings.signing_key())
            return self._counters

    def close(self) -> None:
        """Close what this process opened; a forked child leaves its parent's sockets alone."""
        atexit.unregister(self.close)
        if self._store is not None and self._process == os.getpid():
            self._store.close()
            self._store = None


def init_app(app: Flask, settings: RecordSettings) -> None:
    app.extensions["kyodo-store"] = StoreHolder(settings)
    app.before_request(_refuse_writing)


def _refuse_writing() -> None:
    """Whatever a request would write, of the log or of accounts: not into tables of newer software."""
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        with record_store().engine.connect() as connection:
            refuse_newer(connection)


def _holder() -> StoreHolder:
    holder: StoreHolder = current_app.extensions["kyodo-store"]
    return holder


def record_store() -> Store:
    """The store of the current application in this process."""
    return _holder().get()


def record_settings() -> RecordSettings:
    """The settings of the record that the current application serves."""
    return _holder().settings


def record_counters() -> Counters:
    """The counters of the record that the current application serves."""
    return _holder().counters()


T = TypeVar("T")


def if_readable(read: Callable[[], T], otherwise: T) -> T:
    """What ``read`` gives, or ``otherwise`` while there is no record to read: the page that says so has a
    frame too."""
    try:
        return read()
    except (Refusal, sa.exc.SQLAlchemyError):
        return otherwise
