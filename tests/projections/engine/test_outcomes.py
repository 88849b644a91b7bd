"""What came of a commit is told truly, whatever breaks while it is made, and nothing after it can undo it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from eventsourcing.persistence import OperationalError

from domain.recording.receipts import OutcomeUnknown
from projections.engine import recorders
from projections.engine.append import sqlite
from projections.engine.append.pipeline import Pipeline
from projections.engine.log import events_after
from projections.engine.store import Store
from projections.rebuild.replay import verify
from projections.registry import open_store
from tests.projections.engine.test_event_format import register


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    made = open_store(database_url)
    made.create()
    register(made, "org-first")
    yield made
    made.close()


def recorded(store: Store) -> int:
    with store.engine.connect() as connection:
        return len(events_after(connection))


def breaking_at_commit(store: Store, patch: pytest.MonkeyPatch, *, done: bool) -> None:
    """The next commit breaks: after the database has done it, or before."""
    if store.postgres:
        execute = Pipeline.execute

        def executing(self: Pipeline, sql: str, *values: Any) -> Any:
            if sql != "COMMIT":
                return execute(self, sql, *values)
            if done:
                execute(self, sql)
                self._catch_up()
            self._pg.finish()
            raise psycopg.OperationalError("server closed the connection unexpectedly")

        patch.setattr(Pipeline, "execute", executing)
        return

    def commit(self: Any) -> None:
        if done:
            self._sqlite_conn.commit()
        else:
            self._sqlite_conn.rollback()
        raise sqlite3.OperationalError("disk I/O error")

    patch.setattr(sqlite.WritingConnection, "commit", commit)


def test_what_was_committed_is_acknowledged_though_the_database_could_not_say_so(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        breaking_at_commit(store, patch, done=True)
        register(store, "org-second")
    assert recorded(store) == 2
    register(store, "org-third")
    assert recorded(store) == 3
    assert all(proof.equal for proof in verify(store))


def test_of_what_was_not_seen_to_be_committed_nobody_says_that_nothing_happened(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        breaking_at_commit(store, patch, done=False)
        with pytest.raises(OutcomeUnknown):
            register(store, "org-second")
    assert recorded(store) == 1
    register(store, "org-second")
    assert recorded(store) == 2


def test_a_commit_that_the_disk_refuses_leaves_no_transaction_open(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    if store.postgres:
        pytest.skip("a server ends its own transactions")
    with monkeypatch.context() as patch:

        def refused(self: Any) -> None:
            raise sqlite3.OperationalError("disk I/O error")

        patch.setattr(sqlite.SQLiteConnection, "commit", refused)
        with pytest.raises(OutcomeUnknown):
            register(store, "org-second")
    register(store, "org-second")
    assert recorded(store) == 2


@pytest.mark.parametrize("code", ["SQLITE_FULL", "SQLITE_READONLY", "SQLITE_BUSY"])
def test_a_commit_for_which_there_was_no_room_has_recorded_nothing_and_says_so(
    store: Store, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    if store.postgres:
        pytest.skip("a server says what came of it")
    with monkeypatch.context() as patch:

        def refused(self: Any) -> None:
            error = sqlite3.OperationalError("no room")
            error.sqlite_errorcode = getattr(sqlite3, code)
            raise error

        patch.setattr(sqlite.SQLiteConnection, "commit", refused)
        with pytest.raises(OperationalError, match="no room"):
            register(store, "org-second")
    assert recorded(store) == 1
    register(store, "org-second")
    assert recorded(store) == 2


def test_what_fails_before_the_commit_has_recorded_nothing_and_says_what_it_is(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(recorders, "fold_events", lambda *_: {}["a fault of a fold"])
        with pytest.raises(KeyError, match="a fault of a fold"):
            register(store, "org-second")
    assert recorded(store) == 1


def test_what_cannot_be_kept_for_the_next_command_makes_no_failure_of_what_is_recorded(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cache = store.application.cache

    def failing(*_: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(cache, "keep_snapshots", failing)
    register(store, "org-second")
    assert recorded(store) == 2
    assert "not kept for the next command" in caplog.text
