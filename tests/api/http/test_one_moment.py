"""Every answer is of one position: what is appended while it is made is not in it, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from projections.engine.store import Store
from projections.registry import open_store
from tests.api.conftest import over, record_documents
from tests.support.statements import Statements, statements_seen

SAYS_WHO = {"Cookie": "nobody=1"}
"""Answers that are kept for everybody are not given to who sends a cookie: each is made anew."""
POSITION = "Kyodo-Position"


@pytest.fixture
def seen(any_record_url: str, one_app: Flask) -> Iterator[Statements]:
    with statements_seen() as statements:
        yield statements


@pytest.fixture
def app(seen: Statements, any_record_url: str, one_app: Flask) -> Iterator[Flask]:
    yield from over(one_app, any_record_url)


@pytest.fixture
def writer(any_record_url: str) -> Iterator[Store]:
    """Another process, as far as the record can tell."""
    store = open_store(any_record_url)
    record_documents(store, "first", "second")
    yield store
    store.close()


class Meanwhile:
    """Appends a document before every statement of an answer that follows the one that asks its position."""

    def __init__(self, seen: Statements, writer: Store):
        self.seen, self.writer, self.appended = seen, writer, 0
        self.failed: list[Exception] = []
        self._begun = self._busy = False

    def __call__(self, sql: str) -> None:
        if self._busy:
            return
        if not self._begun:
            self._begun = "AS position" in sql
            return
        self._busy = True
        try:
            record_documents(self.writer, f"meanwhile-{self.writer.head()}")
            self.appended += 1
        except Exception as failed:  # SQLite keeps what its trace raises to itself
            self.failed.append(failed)
        finally:
            self._busy = False

    def get(self, client: FlaskClient, address: str) -> TestResponse:
        self._begun = False
        self.seen.before = self
        try:
            return client.get(address, headers=SAYS_WHO)
        finally:
            self.seen.before = None


READ = (
    "/",
    "/home.json",
    "/sources",
    "/sources.json",
    "/timeline",
    "/timeline.csv",
    "/search?q=meanwhile",
    "/changes?from=2020-01-01",
    "/trails/doc-first",
    "/api/v1/events",
    "/api/v1/events?format=ndjson",
    "/api/v1/events?stream=document-doc-first",
    "/api/v1/sources",
    "/api/v1/sources?limit=2",
    "/api/v1/sources/doc-first",
    "/api/v1/timeline",
    "/api/v1/changes?from=2020-01-01",
    "/api/v1/questions/P1",
    "/api/v1/search?q=meanwhile",
    "/api/v1/things/doc-first/trail",
    "/api/v1/views",
)


def test_nothing_that_is_appended_meanwhile_is_in_an_answer(
    seen: Statements, writer: Store, app: Flask
) -> None:
    """At 68 positions one question was answered with 61 and with 62 events."""
    client, meanwhile, told = app.test_client(use_cookies=False), Meanwhile(seen, writer), 0
    for address in READ:
        before = client.get(address, headers=SAYS_WHO)
        head = writer.head()
        during = meanwhile.get(client, address)
        assert (during.status_code, during.get_data()) == (before.status_code, before.get_data()), address
        assert during.status_code == 200, address
        if "events" not in address:
            assert during.headers[POSITION] == str(head), address
        told += 1
    assert meanwhile.failed == []
    assert meanwhile.appended > 3 * told  # it had every chance


def test_the_next_answer_knows(writer: Store, app: Flask) -> None:
    client = app.test_client(use_cookies=False)
    first = client.get("/api/v1/sources", headers=SAYS_WHO)
    record_documents(writer, "third")
    after = client.get("/api/v1/sources", headers=SAYS_WHO)
    assert len(after.json["items"]) == len(first.json["items"]) + 1  # type: ignore[index]
    assert int(after.headers[POSITION]) == int(first.headers[POSITION]) + 1


def readings_held(app: Flask) -> int:
    held: int = app.extensions["kyodo-store"].get()._reading.pool.checkedout()
    return held


def test_no_reading_outlives_its_request(writer: Store, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = app.test_client(use_cookies=False)
    assert client.get("/sources").status_code == 200
    assert client.get("/sources.json?limit=x").status_code == 422
    assert client.get("/trails/nothing").status_code == 404
    assert client.get("/timeline.csv", buffered=False).status_code == 200  # nobody takes what it says
    monkeypatch.setattr("api.pages.record.sources._facts", lambda *_: 1 // 0)
    assert client.get("/sources", headers=SAYS_WHO).status_code == 500
    assert readings_held(app) == 0


class Aside:
    """A place where a request is put aside."""

    is_following = True

    def wait_for_events(self, seconds: float, position: int) -> bool:
        self.position = position
        return True


def test_no_reading_is_held_by_who_waits(writer: Store, app: Flask) -> None:
    aside, head = Aside(), writer.head()
    client = app.test_client(use_cookies=False)
    address = f"/api/v1/events?after={head}&wait=5"
    client.get(address, environ_overrides={"kyodo.place": aside})
    assert aside.position == head
    assert readings_held(app) == 0
    record_documents(writer, "awaited")
    answer = client.get(address, environ_overrides={"kyodo.place": aside})
    assert [event["subject"] for event in answer.json["items"]] == ["doc-awaited"]  # type: ignore[index]
    assert answer.headers[POSITION] == str(head + 1)
    assert readings_held(app) == 0


def test_many_threads_each_have_their_moment(writer: Store, app: Flask) -> None:
    """While somebody appends, every one of several threads is told as many things as its position says."""
    wrong: list[str] = []
    done = threading.Event()

    def read() -> None:
        client = app.test_client(use_cookies=False)
        while not done.is_set():
            answer = client.get("/api/v1/sources?limit=200", headers=SAYS_WHO)
            many, position = len(answer.json["items"]), int(answer.headers[POSITION])  # type: ignore[index]
            if many != position:
                wrong.append(f"{many} documents at position {position}")

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    record_documents(writer, *(f"more-{n}" for n in range(40)))
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert readings_held(app) == 0
