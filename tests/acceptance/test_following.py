"""Following the record from outside, over HTTP: nothing is skipped, and what was not stored comes again."""

from __future__ import annotations

import http.client
import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from eventsourcing.persistence import IntegrityError

from domain.kernel.events import Actor
from domain.recording.application import command_named
from domain.recording.receipts import Alongside, CommandTerms
from domain.sample.record import make_sample
from projections.engine.store import Store
from projections.follow import Event, FilePositions, Follower, Refused, SQLitePositions
from projections.registry import open_store
from tests.support.server import ROOT, running_server

SECRETARIAT = CommandTerms(Actor("SEC", "p-test"), frozenset({"SEC"}))


def register(store: Store, party: str) -> None:
    command = command_named("Party", "register_organisation")
    store.application.execute(command, party, {"name_ja": "架空の団体", "category": "npo"}, SECRETARIAT)


def refuse_one(store: Store) -> None:
    """An append that fails burns a position on PostgreSQL."""
    recorder: Any = store.application.recorder
    first = recorder.select_notifications(1, 1)[0]
    with pytest.raises(IntegrityError):
        recorder.insert_events([first], along=Alongside([]))


def created(url: str) -> Iterator[Store]:
    """A record of five events."""
    store = open_store(url)
    store.create()
    for n in range(5):
        register(store, f"org-{n}")
    yield store
    store.close()


@pytest.fixture
def followed(database_url: str) -> Iterator[Store]:
    """A record of the test's own, to add to."""
    yield from created(database_url)


@pytest.fixture(scope="module")
def served(module_database_url: str) -> Iterator[tuple[str, Store]]:
    """The service over a record that nothing is added to, with a place for one who waits, and the record."""
    for store in created(module_database_url):
        with running_server(module_database_url, workers=1, env={"FOLLOWERS": "1"}) as base:
            yield base, store


def subjects(events: list[Event]) -> list[str]:
    return [event["subject"] for event in events]


def test_what_was_handled_and_not_stored_comes_again(served: tuple[str, Store], tmp_path: Path) -> None:
    seen: list[str] = []
    base, _ = served
    positions = FilePositions(tmp_path / "position")
    follower = Follower(base, positions, limit=2)

    def dies(events: list[Event]) -> None:
        seen.extend(subjects(events))
        if len(seen) == 4:
            raise RuntimeError("killed between handling and storing")

    with pytest.raises(RuntimeError, match="killed"):
        follower.run(dies, until_caught_up=True)
    assert positions.load() == 2
    Follower(base, positions).run(lambda events: seen.extend(subjects(events)), until_caught_up=True)
    assert seen == ["org-0", "org-1", "org-2", "org-3", "org-2", "org-3", "org-4"]


def test_with_its_position_in_one_transaction_nothing_is_done_twice(
    served: tuple[str, Store], tmp_path: Path
) -> None:
    connection = sqlite3.connect(tmp_path / "own.db")
    connection.execute("CREATE TABLE seen (subject TEXT)")
    fail = iter([False, True, False])

    def handle(events: list[Event]) -> None:
        connection.executemany("INSERT INTO seen VALUES (?)", [(subject,) for subject in subjects(events)])
        if next(fail, False):
            raise RuntimeError("killed")

    base, _ = served
    positions = SQLitePositions(connection, "test")
    with pytest.raises(RuntimeError):
        Follower(base, positions, limit=2).run(handle, until_caught_up=True)
    Follower(base, positions, limit=2).run(handle, until_caught_up=True)
    found = [row[0] for row in connection.execute("SELECT subject FROM seen ORDER BY rowid")]
    assert found == [f"org-{n}" for n in range(5)]


def test_it_waits_for_what_comes_and_survives_a_restart(followed: Store, tmp_path: Path) -> None:
    """New events arrive while it waits; the service goes away and comes back; holes in the positions (a
    refused append on PostgreSQL) stop nothing."""
    url = str(followed.url.render_as_string(hide_password=False))
    seen: list[str] = []
    with running_server(url, workers=1) as base:
        port = urlsplit(base).port
        follower = Follower(base, FilePositions(tmp_path / "position"), wait=5, patience=0.3)
        thread = threading.Thread(
            target=follower.run, args=(lambda events: seen.extend(subjects(events)),), daemon=True
        )
        thread.start()
        _until(lambda: len(seen) == 5)
        started = time.monotonic()
        register(followed, "org-new")
        _until(lambda: len(seen) == 6)
        assert time.monotonic() - started < 4  # answered when it came, not when the time was over
    refuse_one(followed)
    register(followed, "org-while-away")
    with running_server(url, workers=1, port=port, create=False):
        _until(lambda: len(seen) == 7)
        follower.stop()
        thread.join(20)
    assert not thread.is_alive()
    assert seen == [*(f"org-{n}" for n in range(5)), "org-new", "org-while-away"]


def _until(true: Any, patience: float = 20) -> None:
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def test_who_finds_no_place_is_answered_at_once(served: tuple[str, Store]) -> None:
    base, _ = served
    waiting = threading.Thread(target=_get, args=(base, "/api/v1/events?after=5&wait=4"))
    waiting.start()
    time.sleep(1)
    started = time.monotonic()
    status, headers, body = _get(base, "/api/v1/events?after=5&wait=4")
    assert time.monotonic() - started < 2
    assert (status, body["items"], headers["Retry-After"]) == (200, [], "5")
    assert headers["Cache-Control"] == "no-store"
    assert _get(base, "/livez")[0] == 200  # readers are served meanwhile
    waiting.join()
    status, headers, body = _get(base, "/api/v1/events?after=4&wait=4")
    assert (status, subjects(body["items"]), headers.get("Retry-After")) == (200, ["org-4"], None)


def test_a_follower_of_one_type_passes_over_the_others_once(
    served: tuple[str, Store], tmp_path: Path
) -> None:
    """It keeps how far the log was looked through, not where it last found something."""
    seen: list[str] = []
    positions = FilePositions(tmp_path / "position")
    base, store = served
    follower = Follower(base, positions, type="PersonRegistered")
    follower.run(lambda events: seen.extend(subjects(events)), until_caught_up=True)
    assert (seen, positions.load()) == ([], store.head())
    address = f"/api/v1/events?type=OrganisationRegistered&after={store.head()}"
    body = _get(base, address)[2]
    assert (body["items"], body["position"], body["next"]) == ([], store.head(), None)
    body = _get(base, "/api/v1/events?type=OrganisationRegistered&limit=2")[2]
    assert (subjects(body["items"]), body["position"]) == (["org-0", "org-1"], 2)


def test_a_wrong_question_is_not_asked_again(served: tuple[str, Store], tmp_path: Path) -> None:
    follower = Follower(served[0], FilePositions(tmp_path / "position"), token="no such token")
    with pytest.raises(Refused) as refused:
        follower.run(lambda events: None, until_caught_up=True)
    assert refused.value.status == 401


def _get(base: str, path: str) -> tuple[int, dict[str, str], Any]:
    address = urlsplit(base)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, dict(response.headers), json.loads(body)


def test_the_example_keeps_a_view_of_its_own(database_url: str, tmp_path: Path) -> None:
    store = open_store(database_url)
    store.create()
    make_sample(store.application, 4)
    with running_server(database_url, workers=1) as base:
        printed = [_example(base, tmp_path) for _ in range(2)]
    store.close()
    assert printed[0] == printed[1]  # nothing is counted twice
    lines = [line.split("\t") for line in printed[0].splitlines()]
    assert sum(int(conclusions) for _, conclusions, _ in lines) > 0
    assert sum(int(decisions) for _, _, decisions in lines) > 0


def _example(base: str, folder: Path) -> str:
    command = [sys.executable, "examples/decisions_per_year.py", base, str(folder / "decisions.db"), "--once"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
