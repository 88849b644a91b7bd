"""``kyodo check``, the work of a night, and what is said when a page of the database is damaged."""

from __future__ import annotations

import datetime as dt
import fcntl
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from structlog.testing import capture_logs

from api.contents.attachments import Attachments
from api.health import nightly, running
from api.health.integrity import check_record
from api.health.nightly import carry_out, is_due, start_if_due
from api.setup.check_outcome import Outcome
from api.setup.config import RecordSettings
from api.setup.sign_in_settings import SignInSettings
from projections.engine.page_checks import page_check
from projections.engine.store import Store
from projections.registry import open_store
from projections.tables.database_errors import is_damage
from tests.api.conftest import Run, record_documents, told
from tests.support.postgres import Postgres

ROOM = 4096


def damage(path: Path, table: str) -> None:
    """Overwrite the first page of a table, as a disk does that has lost a sector."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    connection.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xde\xad" * (size // 2))


@pytest.fixture
def record(record_url: str) -> Path:
    """The file of a record with some events."""
    store = open_store(record_url)
    record_documents(store, *(str(n) for n in range(5)))
    store.close()
    return Path(record_url.removeprefix("sqlite:///"))


def test_a_sound_record_holds_and_the_outcome_is_kept(run: Run, record: Path) -> None:
    assert told(run("check", "--last", "--json"))["standing"] == "never"
    found = told(run("check", "--json"))
    verdicts = {check["check"]: check["verdict"] for check in found["checks"]}
    assert set(verdicts) == {"pages", "positions", "versions", "decoding", "guards", "contents"}
    assert set(verdicts.values()) == {"holds"}
    assert (found["standing"], found["position"], found["by"]) == ("holds", 5, "kyodo check")
    assert told(run("check", "--last", "--json")) == found
    assert "異常はありません" in run("check").output


@pytest.mark.parametrize(
    ("table", "commands"),
    [
        ("stored_events", (["verify"], ["verify", "--rules"], ["rebuild"], ["due"])),
        ("source_document", (["verify"], ["rebuild"])),
    ],
)
def test_a_damaged_page_is_found_and_every_command_ends_with_a_sentence(
    run: Run, record: Path, table: str, commands: tuple[list[str], ...]
) -> None:
    damage(record, table)
    checked = run("check")
    assert checked.exit_code == 3
    assert "pages" in checked.output
    for command in commands:
        result = run(*command)
        assert result.exit_code == 3, result.output
        assert isinstance(result.exception, SystemExit)
        assert "DATABASE_DAMAGED" in result.stderr
        assert "kyodo check" in result.stderr
    assert run("check", "--last").exit_code == 3
    if table != "stored_events":
        assert "pages" in run("due").output


def test_an_event_that_no_longer_reads_is_told_in_a_sentence(run: Run, record: Path) -> None:
    """The page is whole, what stands in it is not: somebody has written to the file."""
    connection = sqlite3.connect(record)
    connection.execute("DROP TRIGGER stored_events_no_update")
    connection.execute("UPDATE stored_events SET state = X'7B00' WHERE rowid = 3")
    connection.commit()
    connection.close()
    result = run("verify")
    assert (result.exit_code, "DATABASE_DAMAGED" in result.stderr) == (3, True), result.output
    found = run("check", "--json")
    assert found.exit_code == 3
    assert '"decoding"' in found.stdout


def test_who_meets_damage_is_told_so_and_every_worker_knows(app: Flask, record: Path) -> None:
    copy = record.with_suffix(".copy")
    client = app.test_client()
    assert client.get("/api/v1/sources").status_code == 200
    app.extensions["kyodo-store"].close()
    sqlite3.connect(record).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(record, copy)
    damage(record, "source_document")
    answer = client.get("/api/v1/sources")
    assert (answer.status_code, answer.json["code"]) == (503, "DATABASE_DAMAGED")
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json["check"]["failed"]) == (503, ["met"])
    app.extensions["kyodo-store"].close()
    shutil.copy(copy, record)
    settings: RecordSettings = app.extensions["kyodo-store"].settings
    store = app.extensions["kyodo-store"].get()
    settings.outcome_file.keep(check_record(store, Attachments(settings.attachments), "test"))
    assert client.get("/readyz").status_code == 200
    assert client.get("/api/v1/sources").status_code == 200


@pytest.mark.parametrize("state", ["missing", "corrupt"])
def test_a_damaged_content_is_told_and_the_rest_goes_on(
    run: Run, app: Flask, record: Path, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    sha256 = "ab" * 32
    monkeypatch.setattr("api.health.integrity.recorded_contents", lambda _: {sha256: ["doc-1"]})
    if state == "corrupt":
        place = Path(Attachments(str(record.parent / "attachments")).path(sha256))
        place.parent.mkdir(parents=True)
        place.write_bytes(b"something else")
    result = run("check", "--json")
    assert result.exit_code == 3
    ready = app.test_client().get("/readyz")
    assert (ready.status_code, ready.json["check"]["failed"]) == (200, ["contents"])


def test_pages_are_looked_through_on_each_database(database_url: str) -> None:
    store = open_store(database_url)
    store.create()
    record_documents(store, "1")
    by = {page_check(store.engine).details["by"]}
    if store.postgres:
        with store.engine.begin() as connection:
            connection.exec_driver_sql("CREATE EXTENSION amcheck")
        by.add(page_check(store.engine).details["by"])
    assert page_check(store.engine).verdict == "holds"
    assert by == ({"every row read", "amcheck"} if store.postgres else {"integrity_check"})
    store.close()


@pytest.mark.postgres
@pytest.mark.parametrize("by_amcheck", [False, True])
def test_a_damaged_page_is_found_on_a_server(postgres: Postgres, by_amcheck: bool) -> None:
    """A copy of the files, of which the server has read nothing yet, and a sector that was lost."""
    sound = postgres.fresh()
    store = open_store(sound)
    store.create()
    record_documents(store, "1")
    store.close()
    name = f"damaged_{by_amcheck}".lower()
    template = sa.make_url(sound).database
    postgres.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    store = open_store(postgres.url_of(name))
    with store.engine.begin() as connection:
        if by_amcheck:
            connection.exec_driver_sql("CREATE EXTENSION amcheck")
        where = "SELECT current_setting('data_directory') || '/' || pg_relation_filepath('source_document')"
        file = Path(connection.exec_driver_sql(where).scalar_one())
    with file.open("r+b") as opened:
        opened.write(b"\xde\xad" * 4096)
    found = page_check(store.engine)
    assert (found.verdict, found.details["by"]) == ("fails", "amcheck" if by_amcheck else "every row read")
    assert "source_document" in found.details["damage"][0]
    store.close()
    postgres.drop(postgres.url_of(name))
    postgres.drop(sound)


def test_damage_is_known_by_the_databases_own_names() -> None:
    said = psycopg.errors.DataCorrupted("invalid page in block 3 of relation")
    assert is_damage(sa.exc.DatabaseError("SELECT", {}, said))
    assert is_damage(psycopg.errors.IndexCorrupted("index is damaged"))
    assert is_damage(sqlite3.OperationalError("Could not decode to UTF-8 column 'title'"))
    assert not is_damage(psycopg.errors.UndefinedTable("no such table"))
    assert not is_damage(sqlite3.OperationalError("database is locked"))


JST = dt.timezone(dt.timedelta(hours=9))


@pytest.mark.parametrize(
    ("last", "now", "hour", "due"),
    [
        (None, "2026-11-30T10:00", 3, True),
        (None, "2026-11-30T10:00", -1, False),
        ("2026-11-30T03:05", "2026-11-30T10:00", 3, False),
        ("2026-11-29T03:05", "2026-11-30T02:59", 3, False),
        ("2026-11-29T03:05", "2026-11-30T03:00", 3, True),
        ("2026-11-30T02:59", "2026-11-30T03:00", 3, True),
        ("2026-11-25T03:05", "2026-11-30T02:00", 3, True),  # nights that were missed are made up for
    ],
)
def test_the_work_of_a_night_is_due_once_a_night(last: str | None, now: str, hour: int, due: bool) -> None:
    def there(text: str) -> dt.datetime:
        return dt.datetime.fromisoformat(text).replace(tzinfo=JST)

    outcome = Outcome(at=there(last).astimezone(dt.UTC).isoformat() if last else None)
    assert is_due(outcome, there(now), hour) is due


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was started in place of the process of a night."""
    commands: list[Any] = []

    class Process:
        def __init__(self, command: list[str], **_: Any) -> None:
            commands.append(command)

        def poll(self) -> None:
            return None

    monkeypatch.setattr(nightly.subprocess, "Popen", Process)
    return commands


def test_one_process_does_it_whoever_else_wants_to(record_url: str, started: list[Any]) -> None:
    settings = RecordSettings(database_url=record_url)
    path = settings.outcome_file.path.with_suffix(".lock")
    with path.open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert start_if_due(settings, 3) is False
    assert start_if_due(settings, 3) is True
    assert [command[-1] for command in started] == ["api.health.nightly"]
    settings.outcome_file.keep(Outcome(at=dt.datetime.now(dt.UTC).isoformat()))
    assert start_if_due(settings, 3) is False


def test_a_night_prunes_and_checks_and_what_cannot_be_pruned_is_checked_all_the_same(
    store: Store, record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in = SignInSettings(access_log_days=45)
    settings = RecordSettings(database_url=f"sqlite:///{record}", sign_in=sign_in)
    pruned: list[tuple[dt.date, int]] = []
    monkeypatch.setattr(nightly, "prune_old", lambda _, today, days: pruned.append((today, days)) or (0, 0))
    carry_out(store, settings)
    assert [days for _, days in pruned] == [45]
    assert (settings.outcome_file.read().by, settings.outcome_file.read().failed) == ("nightly", [])

    def failing(*_: Any) -> None:
        raise sa.exc.OperationalError("DELETE", {}, sqlite3.OperationalError("database is locked"))

    monkeypatch.setattr(nightly, "prune_old", failing)
    settings.outcome_file.path.unlink()
    carry_out(store, settings)
    assert settings.outcome_file.read().position == 5


def test_a_service_that_was_killed_is_told_of_by_the_next_start(record_url: str) -> None:
    settings = RecordSettings(database_url=record_url)
    with capture_logs() as lines:
        running.begins(settings, 8000)
        running.begins(settings, 8001)
        running.ends(settings, 8001)
        running.begins(settings, 8001)
    assert lines == []
    with capture_logs() as lines:
        running.begins(settings, 8000, first=False)
        running.begins(settings, 8000)
    assert [(line["event"], line["port"]) for line in lines] == [
        ("the service had ended without a word", 8000)
    ]
