"""A number of any length, read from an address or a query: an answer or a problem document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from flask import Flask

from api.http.query import SHAPES, query_of
from tests.api.conftest import application, created

NUMBERS = ("9223372036854775808", "-99999999999999999999999", "9" * 3_000)


@pytest.fixture(scope="module")
def app(module_database_url: str) -> Iterator[Flask]:
    created(module_database_url)
    yield from application(module_database_url, public_url="https://kyodo.example.jp")


def _filled(rule: str, number: str) -> str:
    return re.sub(r"<[^>]*>", quote(number), rule)


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number[:24])
def test_no_number_is_a_fault_of_the_service(app: Flask, number: str) -> None:
    """Every address that is read, with the number in its path, and as each of its parameters."""
    client, wrong, asked = app.test_client(), [], 0
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.rule.startswith(("/static", "/en/", "/api/docs")):
            continue
        path, query = _filled(rule.rule, number), query_of(app.view_functions[rule.endpoint])
        names = {"cursor", "limit", "year", "wait", "page", "as_known_on", "in_force_on"}
        names |= (
            set(query.names) | set(query.schema().fields if query and query.schema else ())
            if query
            else set()
        )
        addresses = [path] if "<" in rule.rule else []
        addresses += [f"{path}?{name}={quote(number)}" for name in sorted(names)]
        for address in addresses:
            answer = client.get(address)
            answer.close()
            asked += 1
            if answer.status_code >= 500:
                wrong.append(address[:120])
            elif answer.status_code >= 400 and rule.rule.startswith("/api/"):
                assert answer.mimetype == "application/problem+json", address[:120]
    assert wrong == []
    assert asked > 300


def test_what_is_declared_as_a_whole_number_refuses_what_is_none(app: Flask) -> None:
    client = app.test_client()
    for name in (name for name, shape in SHAPES.items() if shape["type"] == "integer"):
        answer = client.get(f"/api/v1/events?{name}=00099")
        assert answer.status_code in (200, 400, 422), name
    assert client.get("/api/v1/events?wait=00099").json["code"] == "WAIT_WRONG"
    assert client.get("/api/v1/events/99999999999999999999999").json["code"] == "NOT_FOUND"
