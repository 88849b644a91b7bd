"""A number of any length, read from an address or a query: an answer or a problem document."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.routing import Rule

from api.http.query import SHAPES, query_of
from tests.api.conftest import application, created

NUMBERS = ("9223372036854775808", "-99999999999999999999999", "9" * 3_000)


@pytest.fixture(scope="module")
def app(module_database_url: str) -> Iterator[Flask]:
    created(module_database_url)
    yield from application(module_database_url, public_url="https://kyodo.example.jp")


@pytest.fixture(scope="module")
def numbers(app: Flask) -> tuple[str, ...]:
    """All of them on SQLite, whose driver takes none: so it is seen that none comes as far as a database. On
    PostgreSQL the smallest."""
    return NUMBERS[:1] if app.extensions["kyodo-store"].get().postgres else NUMBERS


def test_no_number_is_a_fault_of_the_service(app: Flask, numbers: tuple[str, ...]) -> None:
    """Every address that is read, with the number in its path, and as each of its parameters: those of what
    is served in the same way at several addresses (the trail of every kind of thing) at one of them."""
    client, wrong, asked, views = app.test_client(), [], 0, dict[Any, Rule]()
    for rule, number in itertools.product(app.url_map.iter_rules(), numbers):
        if "GET" not in (rule.methods or ()) or rule.rule.startswith(("/static", "/en/", "/api/docs")):
            continue
        first = views.setdefault(app.view_functions[rule.endpoint], rule)
        for address in addresses(app, rule, quote(number), parameters=first is rule):
            answer = client.get(address)
            answer.close()
            asked += 1
            if answer.status_code >= 500:
                wrong.append(address[:120])
            elif answer.status_code >= 400 and rule.rule.startswith("/api/"):
                assert answer.mimetype == "application/problem+json", address[:120]
    assert wrong == []
    assert asked > 300 * len(numbers)


def addresses(app: Flask, rule: Rule, number: str, *, parameters: bool) -> Iterator[str]:
    """The addresses of a route that the number can stand in. Where a route says what it takes, one name
    stands for all that it does not: they are refused before anybody looks at the number."""
    path, query = re.sub(r"<[^>]*>", number, rule.rule), query_of(app.view_functions[rule.endpoint])
    names = {"cursor", "limit", "year", "wait", "page", "as_known_on", "in_force_on"}
    if query:
        names = {"year", *query.known, *(query.schema().fields if query.schema else ())}
    yield from [path] if "<" in rule.rule else []
    yield from (f"{path}?{name}={number}" for name in sorted(names) if parameters)


def test_what_is_declared_as_a_whole_number_refuses_what_is_none(app: Flask) -> None:
    client = app.test_client()
    for name in (name for name, shape in SHAPES.items() if shape["type"] == "integer"):
        answer = client.get(f"/api/v1/events?{name}=00099")
        assert answer.status_code in (200, 400, 422), name
    assert client.get("/api/v1/events?wait=00099").json["code"] == "WAIT_WRONG"
    assert client.get("/api/v1/events/99999999999999999999999").json["code"] == "NOT_FOUND"
