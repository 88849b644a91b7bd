"""``/readyz`` says whether the record can be written, whether there is room, what the last check found."""

from __future__ import annotations

import errno
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from structlog.testing import capture_logs

from api.access.accounts import Account, Accounts
from api.access.tokens import Tokens
from api.health import monitor, probes
from api.health.monitor import Monitor
from api.health.readiness import readiness
from api.setup.check_outcome import Outcome
from projections.engine.log_checks import Check
from projections.tables.durable import DURABLE
from projections.tables.log_table import LOG
from tests.api.conftest import Teller, organisation, over


@pytest.fixture
def any_app(
    one_app: Flask, any_record_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    """The application over a record on each database; what is kept beside it is the test's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(probes, "PROBE_EVERY", 0.0)
    yield from over(one_app, any_record_url)


def ready(app: Flask) -> tuple[int, dict[str, Any]]:
    answer = app.test_client().get("/readyz")
    return answer.status_code, answer.json or {}


def is_postgres(app: Flask) -> bool:
    return bool(app.extensions["kyodo-store"].get().postgres)


def test_it_is_written_without_a_row_and_there_is_room(any_app: Flask) -> None:
    def rows() -> dict[str, int]:
        with any_app.extensions["kyodo-store"].get().engine.connect() as connection:
            names = [*DURABLE.tables, LOG]
            return {n: connection.exec_driver_sql(f"SELECT count(*) FROM {n}").scalar_one() for n in names}

    before = rows()
    status, found = ready(any_app)
    assert (status, found["write"], found["check"]["state"]) == (200, {"state": "works"}, "never")
    places = {name: at["state"] for name, at in found["space"].items() if isinstance(at, dict)}
    assert places == dict.fromkeys(("record", "temporary", "attachments"), "enough")
    assert rows() == before


def test_a_disk_that_takes_nothing_more_is_not_ready(any_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    if is_postgres(any_app):
        pytest.skip("its disk is its own: it says so by an error")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(probes.os, "fsync", full)
        status, found = ready(any_app)
    assert (status, found["ready"], found["write"]) == (503, False, {"state": "fails", "why": "ENOSPC"})
    assert ready(any_app)[0] == 200


def test_a_server_whose_tables_cannot_grow_is_not_ready(any_app: Flask) -> None:
    """A limit on temporary files stands for a disk that is full: they lie where the tables lie."""
    if not is_postgres(any_app):
        pytest.skip("SQLite's own disk: see above")
    url = any_app.extensions["kyodo-store"].settings.database_url
    name = sa.make_url(url).database
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(f"ALTER DATABASE {name} SET temp_file_limit = '128kB'".encode())
        status, answer = ready(any_app)
        owner.execute(f"ALTER DATABASE {name} RESET temp_file_limit".encode())
    assert (status, answer["write"]) == (503, {"state": "fails", "why": "53400"})
    assert ready(any_app)[0] == 200


def test_a_server_that_takes_no_writes_is_not_ready_and_nothing_is_a_fault_of_ours(
    any_app: Flask,
) -> None:
    if not is_postgres(any_app):
        pytest.skip("SQLite's files are read-only with their disk: python -m tests.drills")
    url = any_app.extensions["kyodo-store"].settings.database_url
    name = sa.make_url(url).database
    secretary = Teller(any_app, *account_of(any_app))
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
        owner.execute(OTHERS_OUT)
    for _ in range(2):  # connections that were open are met first
        refused = secretary.post("parties/-/register-organisation", organisation(id="org-1"))
        assert (refused.status_code, refused.json["code"]) == (503, "DATABASE_UNAVAILABLE")
    status, found = ready(any_app)
    assert (status, found["write"]) == (503, {"state": "fails", "why": "ReadOnly"})
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(b"SET default_transaction_read_only = off")
        owner.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only".encode())
        owner.execute(OTHERS_OUT)
    told = [secretary.post("parties/-/register-organisation", organisation(id="org-1")) for _ in range(3)]
    assert told[-1].status_code in (201, 409)
    assert ready(any_app)[0] == 200


def account_of(app: Flask) -> tuple[Account, str]:
    engine = app.extensions["kyodo-store"].get().engine
    account = Accounts(engine).add("secretary", ["SEC"], "p-secretary")
    return account, Tokens(engine).make(account, "test")


OTHERS_OUT = (
    b"SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    b"WHERE pid <> pg_backend_pid() AND datname = current_database()"
)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Somebody else holds the lock on writing."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    yield
    connection.execute("ROLLBACK")
    connection.close()


def test_a_long_write_is_told_and_keeps_nobody_from_being_served(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probes, "PROBE_EVERY", 0.0)
    monkeypatch.setattr(probes, "LOCK_PATIENCE", 0)
    (record,) = tmp_path.glob("*.sqlite")
    with writing(record):
        assert (ready(app)[0], ready(app)[1]["write"]) == (200, {"state": "busy"})
    assert ready(app)[1]["write"] == {"state": "works"}


def test_little_room_is_told_and_a_change_is_a_line_in_the_log(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = readiness(app)
    ready(app)
    monkeypatch.setattr(watched, "process", replace(watched.process, free_bytes=1 << 62))
    with capture_logs() as lines:
        status, found = ready(app)
        ready(app)
    assert (status, found["space"]["record"]["state"]) == (200, "low")
    told = [(line["check"], line["was"], line["now"]) for line in lines if line["event"] == "health"]
    assert ("space record", "enough", "low") in told
    assert len(told) == 3  # each place once


def test_what_the_last_check_found_is_told_and_damage_of_the_database_is_not_served(app: Flask) -> None:
    file = app.extensions["kyodo-store"].settings.outcome_file

    def keep(name: str, verdict: Any, at: str = "2999-01-01T00:00:00+00:00") -> None:
        file.keep(Outcome(at=at, checks=(Check(name, ("架空", "fictional"), verdict).as_json(),)))

    for name, verdict, at, status, state in (
        ("pages", "holds", "2999-01-01T00:00:00+00:00", 200, "holds"),
        ("pages", "holds", "2026-01-01T00:00:00+00:00", 200, "old"),
        ("contents", "fails", "2999-01-01T00:00:00+00:00", 200, "fails"),
        ("pages", "fails", "2999-01-01T00:00:00+00:00", 503, "fails"),
    ):
        keep(name, verdict, at)
        answered, found = ready(app)
        assert (answered, found["check"]["state"], found["check"]["at"]) == (status, state, at)
        assert found["check"]["failed"] == ([name] if verdict == "fails" else [])


def test_health_waits_for_no_place_in_a_pool(app: Flask) -> None:
    """Every connection that the application may have is in use."""
    store = app.extensions["kyodo-store"].get()
    store.engine.dispose()
    store.engine = sa.create_engine(store.engine.url, pool_size=1, max_overflow=0, pool_timeout=30)
    with store.engine.connect():
        assert ready(app)[0] == 200


@pytest.mark.parametrize(
    "error",
    [
        sqlite3.OperationalError("unable to open database file"),
        psycopg.OperationalError("the connection is closed"),
        psycopg.errors.ReadOnlySqlTransaction("cannot execute INSERT in a read-only transaction"),
        sa.exc.TimeoutError("QueuePool limit reached"),
    ],
)
def test_whatever_goes_by_is_told_as_such_by_whichever_library(
    app: Flask, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def failing(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(app.extensions["kyodo-store"].get(), "reading", failing)
    answer = app.test_client().get("/api/v1/matters")
    assert (answer.status_code, answer.json["code"]) == (503, "DATABASE_UNAVAILABLE")


@pytest.mark.parametrize(("others_can", "replaced"), [(True, True), (False, False)])
def test_a_worker_that_alone_cannot_write_is_replaced(
    app: Flask, monkeypatch: pytest.MonkeyPatch, others_can: bool, replaced: bool
) -> None:
    """SQLite keeps for a process that the disk was read-only, when it no longer is."""

    def read_only(_: Path) -> None:
        error = sqlite3.OperationalError("attempt to write a readonly database")
        error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_READONLY, "SQLITE_READONLY"
        raise error

    def refused(*_: Any) -> int:
        raise OSError(errno.EROFS, "Read-only file system")

    ready(app)
    ended, looked = threading.Event(), threading.Event()
    monkeypatch.setattr(probes, "PROBE_EVERY", 0.0)
    monkeypatch.setattr(probes, "_write_in_sqlite", read_only)
    monkeypatch.setattr(monitor, "LOOK_EVERY", 0.01)
    monkeypatch.setattr(monitor, "LOOK_AGAIN", 0.01)
    monkeypatch.setattr(monitor, "end_in_order", ended.set)
    watched = readiness(app)
    if not others_can:
        asked = type(watched).is_of_the_past.fget
        monkeypatch.setattr(probes.os, "open", refused)
        found = property(lambda self: (asked(self), looked.set())[0])
        monkeypatch.setattr(type(watched), "is_of_the_past", found)
    watching = Monitor(watched, "serve")
    assert (ended if replaced else looked).wait(30)
    watching.stop()
    assert ended.is_set() is replaced


def test_it_is_looked_at_without_being_asked(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = threading.Event()
    begun: list[int] = []
    monkeypatch.setattr(monitor, "LOOK_EVERY", 0.01)
    monkeypatch.setattr(monitor, "NIGHT_EVERY", 0.0)
    monkeypatch.setattr(monitor, "start_if_due", lambda _, hour: begun.append(hour) or looked.set())
    watching = Monitor(readiness(app), "serve")
    assert looked.wait(20)
    watching.stop()
    assert begun[0] == 3
