"""What is dear has a rate that holds over workers; what is refused leaves nothing that grows."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from api.access import rates
from api.access.access_log import REFUSALS
from api.health.pruning import prune_keys
from api.setup.store import StoreHolder
from projections.tables.durable import ACCESS_LOG, COMMAND_KEY
from tests.api.conftest import application


@pytest.fixture
def app(any_record_url: str) -> Iterator[Flask]:
    yield from application(any_record_url)


@pytest.mark.parametrize("address", ["/api/v1/search?q=架空", "/search?q=架空", "/en/search?q=架空"])
def test_who_searches_too_often_waits(app: Flask, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    from api.pages.record import search as page
    from api.resources import search as data

    rare = replace(rates.SEARCHES, times=3, seconds=3_600)
    monkeypatch.setattr(page, "SEARCHES", rare)
    monkeypatch.setattr(data, "SEARCHES", rare)
    client = app.test_client()
    # Each word anew: what is answered from memory is not counted.
    said = [client.get(f"{address}{n}") for n in range(5)]
    assert [answer.status_code for answer in said] == [200, 200, 200, 429, 429]
    assert 0 < int(said[-1].headers["Retry-After"]) <= 3_600
    if address.startswith("/api"):
        assert said[-1].mimetype == "application/problem+json"
        assert said[-1].json["code"] == "TOO_MANY_REQUESTS"
    else:
        assert "TOO_MANY_REQUESTS" in said[-1].text and "kyodo.css" in said[-1].text
    other = client.get(f"{address}9", environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    assert other.status_code == 200


def test_at_least_sixty_searches_a_minute_are_answered() -> None:
    assert rates.SEARCHES.times / rates.SEARCHES.seconds >= 1


def test_counts_hold_over_processes(app: Flask, any_record_url: str) -> None:
    said = []
    for _ in range(2):
        command = [sys.executable, "-c", COUNTING, any_record_url, "3"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        said += [int(word) > 0 for word in done.stdout.split()]
    assert said == [False, False, False, False, True, True]


COUNTING = """
import sys
from flask import Flask
from api.access import rates
from api.setup.config import RecordSettings
from api.setup.store import StoreHolder

url, times = sys.argv[1], int(sys.argv[2])
app = Flask("counting")
app.extensions["kyodo-store"] = StoreHolder(RecordSettings(database_url=url, secret_key="only for tests"))
with app.app_context():
    print(*(rates.seconds_to_wait(rates.Rate("test", 4, 36_000), "somebody") for _ in range(times)))
"""
"""Counts so often, with four in ten hours allowed, and prints how long each has to wait. Of the application
it has what counting needs: the record."""


def rows_of(app: Flask, table: sa.Table) -> int:
    holder: StoreHolder = app.extensions["kyodo-store"]
    with holder.get().engine.connect() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


def test_who_does_not_say_who_they_are_leaves_no_row(app: Flask) -> None:
    client = app.test_client()
    for _ in range(20):
        assert client.post("/api/v1/matters/-/raise", json={}).status_code in (401, 404)
        assert client.post("/api/v1/parties/-/register-organisation", json={}).status_code == 401
    assert rows_of(app, ACCESS_LOG) == 0


def test_an_account_leaves_so_many_rows_an_hour(
    app: Flask, teller: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from api.access import access_log

    monkeypatch.setattr(access_log, "REFUSALS", replace(REFUSALS, times=5, seconds=36_000))
    secretary = teller("SEC")
    for _ in range(9):
        answer = secretary.client.post(
            "/api/v1/parties/-/register-organisation",
            json={},
            headers={"Authorization": f"Bearer {secretary.token}"},
        )
        assert answer.status_code == 422
    assert rows_of(app, ACCESS_LOG) == 5


def test_old_keys_go_and_newer_ones_stay(app: Flask) -> None:
    store = app.extensions["kyodo-store"].get()
    from tests.support.given import give

    store.application.clock = lambda: dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
    give(store.application, "SEC", "Party", "org-a", "register_organisation", name_ja="架空", category="npo")
    receipt = {"stream": "party-org-a", "version": 1, "event_ids": []}
    with store.engine.begin() as connection:
        for n in range(1_200):
            old = {**receipt, "position": store.head() if n % 2 else store.head() + 1}
            row = {"key": f"k{n:05}", "fingerprint": "x", "receipt": json.dumps(old)}
            connection.execute(sa.insert(COMMAND_KEY).values(row))
    assert prune_keys(store.engine, dt.date(2026, 1, 4)) == 0
    assert prune_keys(store.engine, dt.date(2026, 1, 6)) == 600
    assert rows_of(app, COMMAND_KEY) == 600
