"""A service of older software on a record of newer software: it answers, and says why it does not record."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from domain.party.aggregate import PersonRegistered
from tests.api.conftest import Teller, TellerOf, organisation, over
from tests.api.signing_in import sign_in
from tests.projections.engine.test_event_format import NEWER, newer_software


@pytest.fixture
def app(one_app: Flask, any_record_url: str) -> Iterator[Flask]:
    yield from over(one_app, any_record_url)


@pytest.fixture
def newer(app: Flask, secretary: Teller) -> Teller:
    """An organisation on record, and after it a person in a shape that only newer software knows."""
    assert secretary.post("parties/-/register-organisation", organisation()).status_code == 201
    with newer_software(PersonRegistered):
        assert secretary.post("parties", {"name": "架空 太郎"}).status_code == 201
    return secretary


def test_a_command_is_refused_with_the_version_that_is_needed(newer: Teller) -> None:
    answer = newer.post("parties/-/register-organisation", organisation())
    assert (answer.status_code, answer.json["code"]) == (503, "FORMAT_NEWER")
    assert NEWER in answer.json["detail"]


def test_pages_and_lists_are_served(newer: Teller, client: FlaskClient) -> None:
    for address in ("/", "/council", "/api/v1/parties", "/api/v1/events/1", "/sources"):
        assert client.get(address).status_code == 200, address


def test_an_event_that_cannot_be_read_is_a_problem_and_no_fault(newer: Teller, client: FlaskClient) -> None:
    for address in ("/api/v1/events/2", "/api/v1/events"):
        answer = client.get(address)
        assert (answer.status_code, answer.json["code"]) == (503, "EVENT_NEWER")
        assert answer.content_type == "application/problem+json"
        assert "人の登録" in answer.json["detail"]


def test_it_is_not_ready_and_says_so(newer: Teller, client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["schema"]) == (503, "FORMAT_NEWER")


def test_nothing_is_written_into_tables_of_newer_software(
    app: Flask, client: FlaskClient, teller: TellerOf, engine: sa.Engine
) -> None:
    secretary = teller("SEC")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num='9999'")
        connection.exec_driver_sql(f"UPDATE record SET software='{NEWER}'")
    answer = secretary.post("parties/-/register-organisation", organisation())
    assert (answer.status_code, answer.json["code"]) == (503, "RECORD_NEWER")
    assert NEWER in answer.json["detail"]
    assert sign_in(client).status_code == 503
    assert client.get("/council").status_code == 200
    assert client.get("/readyz").json["schema"] == "RECORD_NEWER"


def test_an_append_finds_by_itself_that_the_tables_are_newer(app: Flask, secretary: Teller) -> None:
    """Somebody may have upgraded between the question and the append."""
    store = app.extensions["kyodo-store"].get()
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num='9999'")
    app.before_request_funcs[None], kept = [], app.before_request_funcs[None]
    try:
        answer = secretary.post("parties/-/register-organisation", organisation())
    finally:
        app.before_request_funcs[None] = kept
    assert (answer.status_code, answer.json["code"]) == (503, "RECORD_NEWER")
    assert store.head() == 0
