"""A record of a landed version, upgraded: everybody and everything that was there goes on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from api.access.accounts import Accounts
from api.setup import record_setup
from projections.engine.view_versions import standings
from projections.rebuild.replay import verify
from projections.registry import open_store
from projections.tables.durable import VIEW_CERTIFICATE
from tests.api.signing_in import sign_in
from tests.support import landed
from tests.support.copies import copied
from tests.support.served import served

KEY = "landed-1"
"""The idempotency key of the command in ``known.json``."""


def upgraded(commit: str, url: str) -> None:
    """Put the record of a commit into an empty database, and upgrade it as ``kyodo init`` does."""
    landed.put(commit, url)
    store = open_store(url)
    record_setup.create(store)
    record_setup.bring_up_to_date(store)
    store.close()


@pytest.fixture(params=landed.LANDED)
def commit(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, commit: str, tmp_path: Path) -> Iterator[str]:
    """The record of the commit, upgraded once on each database, and copied for each test."""
    yield from copied(request, f"{commit}-upgraded", partial(upgraded, commit), tmp_path)


@pytest.fixture
def client(database_url: str) -> Iterator[FlaskClient]:
    with served(database_url) as app, app.test_client() as made:
        yield made


def test_who_had_an_account_signs_in(client: FlaskClient) -> None:
    assert sign_in(client, "staff", landed.PASSWORDS["staff"]).status_code == 303
    assert "staff" in client.get("/account").get_data(as_text=True)


def test_whose_account_was_disabled_does_not(client: FlaskClient) -> None:
    assert sign_in(client, "former", landed.PASSWORDS["former"]).status_code == 401


def test_a_token_still_stands_for_its_account(client: FlaskClient, commit: str) -> None:
    bearer = {"Authorization": f"Bearer {landed.known(commit)['token']}"}
    body = {"title": "更新後の資料", "kind": "other", "disclosure": {"visibility": "public"}}
    assert client.post("/api/v1/documents", json=body).status_code == 401
    answer = client.post("/api/v1/documents", json=body, headers=bearer)
    assert (answer.status_code, answer.json["position"]) == (201, 134)


def test_a_command_that_was_done_gets_its_first_answer(client: FlaskClient, commit: str) -> None:
    known = landed.known(commit)
    headers = {"Authorization": f"Bearer {known['token']}", "Idempotency-Key": KEY}
    answer = client.post("/api/v1/documents", json=known["body"], headers=headers)
    assert answer.status_code == 201
    assert answer.json == known["receipt"] | {"replayed": True}
    other = client.post("/api/v1/documents", json=known["body"] | {"title": "別"}, headers=headers)
    assert other.json["code"] == "KEY_REUSED"


def test_every_view_is_proved_and_every_certificate_kept(commit: str, database_url: str) -> None:
    store = open_store(database_url)
    with store.engine.connect() as connection:
        assert {*standings(connection).values()} == {"current"}
        there = {row.id: dict(row._mapping) for row in connection.execute(sa.select(VIEW_CERTIFICATE))}
    for row in landed.rows_of(commit, "view_certificate"):
        assert there[row["id"]] == row
    assert [proof.view for proof in verify(store) if not proof.equal] == []
    accounts = {account.login: account.disabled for account in Accounts(store.engine).all()}
    assert accounts == {"staff": False, "mina": False, "former": True}
    store.close()
