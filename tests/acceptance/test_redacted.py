"""What is closed stays closed: every field of every event type redacted, every route asked.

Two records that differ in nothing but what is redacted are made (redacted.py, beside). No answer fails, in
none stands a word that is closed, and the public is told the same of both: no sum, count, order or day tells
what is closed. On SQLite every field is closed by its name; on PostgreSQL events are closed as a whole, and
parts of them by their pointers. One redaction at a time: ``python -m tests.redaction_sweep``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from api.access.accounts import Accounts
from api.access.tokens import Tokens
from projections.registry import open_store
from tests.acceptance import redacted
from tests.acceptance.redacted import MARK, MOMENTS, Marked
from tests.support.answer_text import text_of
from tests.support.postgres import Postgres
from tests.support.served import served

READERS = {"office": ["SEC"], "city": ["EV-G"], "member": ["MEM"], "citizens": ["EV-C"]}
TOLD_ALL = ("office", "city")
"""Readers of the office, who are told what is closed."""
DIGESTS = re.compile(r"/(en/)?(api/v1/views|views)(/|\.|$|\?)")
"""Certificates of rebuilds tell digests of whole tables, and so two records apart, but no value of either."""
PAST = (
    "/",
    "/timeline",
    "/meetings",
    "/council",
    "/actions",
    "/matters",
    "/sources",
    "/ordinance",
    "/timeline.csv",
)

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


@contextmanager
def closed(told: str, url: str, variant: str) -> Iterator[Closed]:
    source, target = open_store(told), open_store(url)
    how = redacted.whole_or_parts if target.postgres else redacted.every_field
    marked = redacted.mark(source, target, variant, how)
    accounts, tokens = Accounts(target.engine), Tokens(target.engine)
    made = {
        name: tokens.make(accounts.add(name, roles, f"p-{name}"), "test") for name, roles in READERS.items()
    }
    source.close()
    with served(url, public_url="https://record.example") as app:
        yield Closed(app, marked, redacted.addresses(app, target, marked), made)
    target.close()


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def both(
    request: pytest.FixtureRequest, told: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Closed, Closed]]:
    server: Postgres | None = request.getfixturevalue("postgres") if request.param == "postgres" else None
    folder = tmp_path_factory.mktemp("closed")
    urls = [server.fresh() if server else f"sqlite:///{folder / variant}.sqlite" for variant in "AB"]
    with redacted.unlimited(), closed(told, urls[0], "A") as first, closed(told, urls[1], "B") as second:
        yield first, second
    if server:
        for url in urls:
            server.drop(url)


@pytest.fixture
def one(both: tuple[Closed, Closed]) -> Closed:
    return both[0]


def sample(which: Closed) -> list[str]:
    """One address of all that is answered in the same way: every route (of those that share a view, one),
    every question and every figure, the trails of several kinds of things; and a few in English, which tells
    the same in other words. (A paper as PDF is its page, set: the page and the document are asked.)"""
    routes = which.app.url_map.bind("localhost")
    chosen: dict[tuple[Any, ...], str] = {}
    for address in which.addresses:
        path, _, query = address.partition("?")
        if path.endswith(".pdf"):
            continue
        try:
            rule, named = routes.match(path, return_rule=True)
        except (HTTPException, RequestRedirect):
            continue
        apart = named.get("code") if "problems" not in path else None
        if path.startswith("/trails/"):
            apart = str(named["entity"]).partition("-")[0]
        view = which.app.view_functions[rule.endpoint]
        chosen.setdefault((path.startswith("/en/"), view, apart, re.sub(r"=[^&]*", "", query)), address)
    english = [address for address in chosen.values() if address.startswith("/en/")]
    return [address for address in chosen.values() if address not in english] + english[::20]


def test_every_event_that_can_be_closed_is_closed(one: Closed) -> None:
    assert one.marked.refused == {}
    assert len(one.marked.fields) >= MOST_TYPES
    assert one.marked.markers > 250


def test_nobody_is_told_what_is_closed_and_nothing_can_be_inferred(both: tuple[Closed, Closed]) -> None:
    first, second = (which.app.test_client(use_cookies=False) for which in both)
    failed, leaked, inferred = [], [], []
    asked = sample(both[0])
    asked += [f"{path}?{moment}" for path in PAST for moment in MOMENTS]
    for address in asked:
        here, there = first.get(address), second.get(address)
        text = text_of(here.get_data())
        lies_apart = "CONTENT_MISSING" in text  # files of documents lie beside a record, and were not copied
        failed += [f"{here.status_code} {address}"] if here.status_code >= 500 and not lies_apart else []
        leaked += [f"{address}: {found}" for found in MARK.findall(text)] if "q=" not in address else []
        if not DIGESTS.match(address) and same(text) != same(text_of(there.get_data())):
            inferred.append(address)
    assert (failed, leaked, inferred) == ([], [], [])
    assert len(asked) > 150


def same(text: str) -> str:
    """An answer without what differs between two answers of one record, and without the record's own id."""
    return re.sub(r"urn:uuid:[0-9a-f-]+|(?<=@)[0-9a-f]{8}-[0-9a-f-]{27}", "", text)


@pytest.mark.parametrize("reader", READERS)
def test_no_answer_fails_and_only_the_office_is_told_whoever_asks(one: Closed, reader: str) -> None:
    client = one.app.test_client(use_cookies=False)
    headers = {"Authorization": f"Bearer {one.tokens[reader]}"}
    # (The contents of documents are not kept beside a record that is only told.)
    asked = [a for a in sample(one) if not a.startswith("/en") and ".json" not in a]
    asked = [a for a in asked if not a.endswith("/content") and "q=" not in a]
    asked = asked[list(READERS).index(reader) % 2 :: 2]  # the two of the office, and the two others, ask all
    answers = {address: client.get(address, headers=headers) for address in asked}
    assert {a: r.status_code for a, r in answers.items() if r.status_code >= 500} == {}
    telling = [a for a, r in answers.items() if MARK.search(text_of(r.get_data()))]
    assert (len(telling) > 15) if reader in TOLD_ALL else (telling == [])
    assert len(asked) > 50
