"""Who may add to the record: bearer tokens, protection against forged requests, security headers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from api.access.accounts import Account, Accounts
from api.access.tokens import PREFIX, Tokens
from projections.tables.durable import ACCOUNT, TOKEN
from tests.api.conftest import PASSWORD, document, over
from tests.api.signing_in import HOUR, Log, ago, csrf_of, sign_in, with_token


@pytest.fixture
def app(one_app: Flask, any_record_url: str) -> Iterator[Flask]:
    yield from over(one_app, any_record_url)


# ---------------------------------------------------------------------------------------- bearer tokens


def test_an_anonymous_caller_is_asked_to_sign_in(client: FlaskClient) -> None:
    answer = client.post("/api/v1/documents", json=document())
    assert (answer.status_code, answer.json["code"]) == (401, "SIGN_IN_REQUIRED")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_stands_for_its_account(
    client: FlaskClient, engine: sa.Engine, staff: Account, log: Log
) -> None:
    token = Tokens(engine).make(staff, "test")
    assert token.startswith(PREFIX)
    assert with_token(client, token).status_code == 201
    assert log()[0].actor.party == "p-staff"


@pytest.mark.parametrize(
    "given", ["Bearer kyodo_wrong", "Bearer ", "Basic c3RhZmY6eA==", "nonsense", "Bearer 鍵"]
)
def test_a_token_that_is_none_is_refused_even_for_reading(
    client: FlaskClient, staff: Account, given: str
) -> None:
    headers = {"Authorization": given.encode().decode("latin-1")}
    answer = client.post("/api/v1/documents", json=document(), headers=headers)
    assert (answer.status_code, answer.json["code"]) == (401, "TOKEN_INVALID")


def test_only_the_hash_of_a_secret_is_kept(engine: sa.Engine, staff: Account) -> None:
    secrets = [Tokens(engine).make(staff, "test"), Tokens(engine).make_link(staff), PASSWORD]
    with engine.connect() as connection:
        kept = str([*connection.execute(sa.select(TOKEN)), *connection.execute(sa.select(ACCOUNT))])
    assert "$argon2id$" in kept
    assert not any(secret in kept for secret in secrets)


def test_a_token_ends_when_it_is_revoked_or_expires_or_its_account_is_disabled(
    client: FlaskClient, engine: sa.Engine, staff: Account
) -> None:
    tokens, day = Tokens(engine), 24 * HOUR
    revoked, disabled = tokens.make(staff, "a"), tokens.make(staff, "b", 9 * day)
    valid, expired = (ago(engine, passed).make(staff, "c", 9 * day) for passed in (8 * day, 10 * day))
    assert all(with_token(client, token).status_code == 201 for token in (revoked, disabled, valid))
    assert with_token(client, expired).status_code == 401
    tokens.revoke(staff, next(t.digest for t in tokens.of(staff) if t.label == "a"))
    assert with_token(client, revoked).status_code == 401
    Accounts(engine).set_disabled(staff, True)
    assert with_token(client, disabled).status_code == 401


def test_the_last_use_of_a_token_is_noted_once_an_hour(engine: sa.Engine, staff: Account) -> None:
    token, used = Tokens(engine).make(staff, "test"), []
    for passed in (4 * HOUR, 3.5 * HOUR, 2 * HOUR):
        assert ago(engine, passed).account_of(token) == staff
        used.append(Tokens(engine).of(staff)[0].used_at)
    assert used[0] == used[1] != used[2]


def test_an_account_s_token_does_not_open_its_page(
    client: FlaskClient, engine: sa.Engine, staff: Account
) -> None:
    headers = {"Authorization": f"Bearer {Tokens(engine).make(staff, 'test')}"}
    assert client.get("/account", headers=headers).status_code == 303


# ---------------------------------------------------------------------------------------- forged requests


def test_a_form_without_its_csrf_token_is_refused(client: FlaskClient, staff: Account) -> None:
    answer = client.post("/signin", data={"username": "staff", "password": PASSWORD})
    assert answer.status_code == 400
    assert "CSRF_MISSING" in answer.get_data(as_text=True)


def test_a_session_gives_commands_only_with_its_csrf_token(
    client: FlaskClient, staff: Account, log: Log
) -> None:
    sign_in(client)
    answer = client.post("/api/v1/documents", json=document())
    assert (answer.status_code, answer.json["code"]) == (400, "CSRF_MISSING")
    headers = {"X-CSRFToken": csrf_of(client.get("/account"))}
    assert client.post("/api/v1/documents", json=document(), headers=headers).status_code == 201
    assert len(log()) == 1


# ---------------------------------------------------------------------------------------------- headers


@pytest.mark.parametrize("path", ["/signin", "/api/v1/nothing", "/livez", "/static/kyodo.css"])
def test_every_answer_carries_the_security_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"


def test_a_public_page_sets_no_cookie(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get("/nothing").headers
