"""Files of the past that are gone, half there, locked, of another log or too many."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from projections.engine.log import head
from projections.engine.store import Store
from projections.past import kept_files, wishes
from projections.past.files import Moment, TooLarge, build
from projections.past.kept_files import DEAD_AFTER, NotMade, Pasts, Unusable
from projections.past.wishes import MOST_WISHES, TooManyWishes
from projections.past_worker import carry_out
from tests.support.given import give


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the files of the past are, apart from a record on SQLite."""
    made = tmp_path / "past"
    made.mkdir()
    return made


MOMENT = Moment(in_force_on=dt.date(2008, 1, 1))


def counted(pasts: Pasts, moment: Moment = MOMENT) -> int:
    """How many events that past has."""
    with pasts.reading(moment) as past:
        return int(past.scalar(sa.text("SELECT count(*) FROM stored_events")) or 0)


def the_file(folder: Path) -> Path:
    (path,) = folder.glob("*.sqlite")
    return path


def removed(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def cut_short(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2 // 4_096 * 4_096)


def overwritten(path: Path) -> None:
    path.write_bytes(b"this is no database" * 1_000)


def without_its_mark(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TABLE past")


@pytest.mark.parametrize("harm", [removed, emptied, cut_short, overwritten, without_its_mark])
def test_a_file_that_was_harmed_is_made_anew(kanazawa: Store, folder: Path, harm: Any) -> None:
    pasts = Pasts(kanazawa, folder)
    before = counted(pasts)
    harm(the_file(folder))
    assert counted(pasts) == before > 10
    assert counted(pasts) == before


def test_a_file_with_a_damaged_page_is_gone_when_it_is_asked_next(kanazawa: Store, folder: Path) -> None:
    pasts = Pasts(kanazawa, folder)
    before = counted(pasts)
    path = the_file(folder)
    with path.open("r+b") as file:  # every page but the first, which tells the schema
        file.seek(4_096)
        file.write(os.urandom(path.stat().st_size - 4_096))
    said = []
    for _ in range(3):
        try:
            said.append(counted(pasts))
        except Unusable:
            said.append(-1)
    assert said[-1] == before and said.count(-1) <= 1


def test_a_file_that_somebody_holds_locked_is_made_anew(kanazawa: Store, folder: Path) -> None:
    pasts = Pasts(kanazawa, folder)
    before = counted(pasts)
    give(kanazawa.application, "SEC", "Party", "p-later", "register_person", name="架空 後日")
    pasts_known = Moment(known_on=dt.date(2000, 1, 1))
    assert counted(pasts, pasts_known) == 0
    (path,) = (path for path in folder.glob("0-*.sqlite"))
    with closing(sqlite3.connect(path, isolation_level=None)) as held:
        held.execute("BEGIN EXCLUSIVE")
        started = time.monotonic()
        assert counted(pasts, pasts_known) == 0
        assert time.monotonic() - started < 20
        assert path.exists()
        held.execute("ROLLBACK")
    assert counted(pasts) == before


def test_everything_that_is_opened_is_closed(kanazawa: Store, folder: Path) -> None:
    pasts = Pasts(kanazawa, folder)
    counted(pasts)
    before = len(os.listdir("/proc/self/fd"))
    for n in range(6):
        if n % 2:
            cut_short(the_file(folder))
        counted(pasts)
        with pytest.raises(ZeroDivisionError), pasts.reading(MOMENT):
            raise ZeroDivisionError
    assert len(os.listdir("/proc/self/fd")) <= before + 1


def test_a_file_of_another_log_is_not_read(kanazawa: Store, folder: Path) -> None:
    """A backup was put back and something else recorded: at the same position there is another event."""
    pasts, in_force = Pasts(kanazawa, folder), Moment(in_force_on=dt.date(2100, 1, 1))
    give(kanazawa.application, "SEC", "Party", "org-then", "register_organisation", **ORGANISATION)
    with pasts.reading(in_force) as past:
        assert past.scalar(sa.text("SELECT count(*) FROM trail_thing WHERE id='org-then'")) == 1
    with kanazawa.engine.begin() as connection:
        unguarded(connection, postgres=kanazawa.postgres)
        position = "notification_id" if kanazawa.postgres else "rowid"
        first = sa.text(f"SELECT state FROM stored_events WHERE {position}=:at")
        state = bytes(connection.scalar(first, {"at": head(connection)}) or b"")
        other = sa.text(f"UPDATE stored_events SET state=:state WHERE {position}=:at")
        changed = state.replace("架空の団体".encode(), "別の団体".encode())
        assert changed != state
        connection.execute(other, {"state": changed, "at": head(connection)})
    stale = the_file(folder)
    with pasts.reading(in_force) as past:
        assert past.scalar(sa.text("SELECT title FROM trail_thing WHERE id='org-then'")) == "別の団体"
    assert not stale.exists()


def unguarded(connection: sa.Connection, *, postgres: bool) -> None:
    """Let the log be changed for once: it refuses that by triggers."""
    if postgres:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        return
    asked = "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='stored_events'"
    for (name,) in connection.exec_driver_sql(asked).fetchall():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


ORGANISATION = {"name_ja": "架空の団体", "category": "npo"}


def test_much_is_folded_by_a_process_of_its_own(kanazawa: Store, folder: Path) -> None:
    wishes._started.clear()
    pasts, whole = Pasts(kanazawa, folder / "a", at_once=10), Pasts(kanazawa, folder / "b")
    with pytest.raises(NotMade):
        counted(pasts)
    end = time.monotonic() + 150
    while True:
        try:
            assert counted(pasts) == counted(whole)
            break
        except NotMade:
            assert time.monotonic() < end
            time.sleep(0.2)
    with open(folder / "a" / "work.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the process has ended
    assert len(wishes._started) == 1
    assert list((folder / "a" / "wishes").iterdir()) == []
    # What came since is little, and is folded at once.
    give(kanazawa.application, "SEC", "Party", "org-since", "register_organisation", **ORGANISATION)
    assert counted(pasts) == counted(whole)


def test_wishes_are_few_and_are_carried_out_in_their_order(
    kanazawa: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = list[Any]()
    monkeypatch.setattr(wishes, "start", started.append)
    pasts = Pasts(kanazawa, folder, at_once=10)
    moments = [Moment(in_force_on=dt.date(2000 + n, 1, 1)) for n in range(MOST_WISHES)]
    for moment in moments * 2:
        with pytest.raises(NotMade):
            counted(pasts, moment)
    with pytest.raises(TooManyWishes):
        counted(pasts, Moment(in_force_on=dt.date(2020, 1, 1)))
    assert len(started) == 2 * MOST_WISHES  # somebody is always asked to be at work
    assert carry_out(Pasts(kanazawa, folder)) == MOST_WISHES
    for moment in moments:
        assert counted(pasts, moment) > 0


def test_a_wish_that_cannot_be_read_is_gone(kanazawa: Store, folder: Path) -> None:
    (folder / "wishes").mkdir()
    (folder / "wishes" / "1-x.json").write_text("no wish")
    assert carry_out(Pasts(kanazawa, folder)) == 0
    assert list((folder / "wishes").iterdir()) == []


def test_files_have_no_more_bytes_than_they_may(kanazawa: Store, folder: Path) -> None:
    counted(Pasts(kanazawa, folder))
    one = the_file(folder).stat().st_size
    pasts = Pasts(kanazawa, folder, most_bytes=3 * one)
    for n in range(8):
        counted(pasts, Moment(in_force_on=dt.date(2000 + n, 1, 1)))
        assert sum(path.stat().st_size for path in folder.glob("*.sqlite")) <= 3 * one
    assert any("2007" in path.name for path in folder.glob("*.sqlite"))


def test_a_past_that_is_too_large_leaves_nothing(kanazawa: Store, folder: Path) -> None:
    with pytest.raises(TooLarge):
        counted(Pasts(kanazawa, folder, most_bytes=10_000))
    assert [path for path in folder.iterdir() if path.suffix != ".lock"] == []


def test_drafts_that_nobody_finished_are_swept(kanazawa: Store, folder: Path) -> None:
    old, new = folder / "7-x.abc.draft", folder / "8-x.abc.draft"
    for path in (old, new):
        path.write_bytes(b"x" * 1_000)
    os.utime(old, (time.time() - DEAD_AFTER - 1,) * 2)
    counted(Pasts(kanazawa, folder))
    assert (old.exists(), new.exists()) == (False, True)


def test_what_a_failed_build_began_is_removed(
    kanazawa: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*given: Any, **more: Any) -> None:
        build(*given, **more)
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(kept_files, "build", fails)
    with pytest.raises(sqlite3.OperationalError):
        counted(Pasts(kanazawa, folder))
    assert [path for path in folder.iterdir() if path.suffix != ".lock"] == []
    monkeypatch.undo()
    assert counted(Pasts(kanazawa, folder), Moment(known_on=dt.date(2030, 1, 1))) > 0
