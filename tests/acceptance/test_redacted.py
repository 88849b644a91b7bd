"""What is closed stays closed: every field of every event type redacted, every route asked.

Two records that differ in nothing but what is redacted are made (redacted.py, beside). No answer fails, in
none stands a word that is closed, and the public is told the same of both: no sum, count, order or day tells
what is closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask

from api.access.accounts import Accounts
from api.access.tokens import Tokens
from api.serve.app import create_app
from api.setup.config import RecordSettings
from projections.registry import open_store
from tests.acceptance import redacted
from tests.acceptance.redacted import MARK, Marked

READERS = {"staff": ["SEC"], "citizens": ["EV-C"]}
DIGESTS = re.compile(r"/(en/)?(api/v1/views|views)(/|\.|$|\?)")
"""Certificates of rebuilds tell digests of whole tables, and so two records apart, but no value of either."""


MOST_TYPES = 175
"""Types of event that can be redacted; a link, and what puts the record right, cannot."""


@dataclass
class Closed:
    """One of the two records, with its application."""

    app: Flask
    marked: Marked
    addresses: list[str]
    tokens: dict[str, str]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('told') / 'record.sqlite'}"
    store = open_store(url)
    redacted.tell(store)
    store.close()
    return url


def closed(told: str, url: str, variant: str) -> Closed:
    source, target = open_store(told), open_store(url)
    marked = redacted.mark(source, target, variant)
    accounts, tokens = Accounts(target.engine), Tokens(target.engine)
    made = {
        name: tokens.make(accounts.add(name, roles, f"p-{name}"), "test") for name, roles in READERS.items()
    }
    app = create_app(
        RecordSettings(database_url=url, secret_key="only for tests", public_url="https://record.example")
    )
    found = Closed(app, marked, redacted.addresses(app, target, marked), made)
    source.close()
    target.close()
    return found


@pytest.fixture(scope="module")
def one(told: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Closed]:
    made = closed(told, f"sqlite:///{tmp_path_factory.mktemp('a') / 'record.sqlite'}", "A")
    yield made
    made.app.extensions["kyodo-store"].close()


@pytest.fixture(scope="module")
def other(told: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Closed]:
    made = closed(told, f"sqlite:///{tmp_path_factory.mktemp('b') / 'record.sqlite'}", "B")
    yield made
    made.app.extensions["kyodo-store"].close()


def sample(addresses: list[str], each: int) -> list[str]:
    """Some addresses of every route."""
    many: dict[str, int] = {}
    chosen = []
    for address in addresses:
        route = re.sub(r"(?<=/)[a-z0-9%#-]*\d[a-z0-9%#-]*|=.*", "", address)
        many[route] = many.get(route, 0) + 1
        if many[route] <= each:
            chosen.append(address)
    return chosen


def test_every_field_of_every_type_is_redacted(one: Closed) -> None:
    assert one.marked.refused == {}
    assert len(one.marked.fields) >= MOST_TYPES
    assert one.marked.markers > 250


def test_nobody_is_told_what_is_closed_and_nothing_can_be_inferred(one: Closed, other: Closed) -> None:
    first, second = (which.app.test_client(use_cookies=False) for which in (one, other))
    failed, leaked, inferred = [], [], []
    for address in sample(one.addresses, 2):
        here, there = first.get(address), second.get(address)
        text = here.get_data(as_text=True)
        failed += [f"{here.status_code} {address}"] if here.status_code >= 500 else []
        leaked += [f"{address}: {found}" for found in MARK.findall(text)] if "q=" not in address else []
        if not DIGESTS.match(address) and same(text) != same(there.get_data(as_text=True)):
            inferred.append(address)
    assert (failed, leaked, inferred) == ([], [], [])


def same(text: str) -> str:
    """An answer without what differs between two answers of one record."""
    return re.sub(r'urn:uuid:[0-9a-f-]+|name="csrf_token" value="[^"]*"', "", text)


@pytest.mark.parametrize("reader", READERS)
def test_no_answer_fails_whoever_asks(one: Closed, reader: str) -> None:
    client = one.app.test_client(use_cookies=False)
    headers = {"Authorization": f"Bearer {one.tokens[reader]}"}
    # (The contents of documents are not kept beside a record that is only told.)
    asked = [a for a in sample(one.addresses, 1) if not a.startswith("/en") and ".json" not in a]
    asked = [a for a in asked if not a.endswith("/content")]
    statuses = {address: client.get(address, headers=headers).status_code for address in asked}
    assert {a: s for a, s in statuses.items() if s >= 500} == {}
    assert len(asked) > 100
