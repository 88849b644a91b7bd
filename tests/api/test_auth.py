"""Who may add to the record: tokens, sessions, one-time links, and what protects them."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.accounts import Account, Accounts
from api.signin import PER_LOGIN, local_path
from api.tokens import PREFIX, Tokens
from domain.record import Recorded
from projections.tables import ACCOUNT, TOKEN
from tests.api.conftest import TellerOf, application, document, over

PASSWORD = "long enough to keep"

HOUR = dt.timedelta(hours=1)
Log = Callable[[], list[Recorded[Any]]]


@pytest.fixture
def app(one_app: Flask, any_record_url: str) -> Iterator[Flask]:
    yield from over(one_app, any_record_url)


@pytest.fixture
def engine(app: Flask) -> sa.Engine:
    engine: sa.Engine = app.extensions["kyodo-store"].get().engine
    return engine


@pytest.fixture
def staff(engine: sa.Engine) -> Account:
    """An account with a password."""
    return Accounts(engine).add("staff", ["SEC", "CHR"], "p-staff", PASSWORD)


def ago(engine: sa.Engine, passed: dt.timedelta) -> Tokens:
    """The record's tokens, as they were handled that long ago."""
    return Tokens(engine, lambda: dt.datetime.now(dt.UTC) - passed)


def csrf_of(page: TestResponse) -> str:
    """The CSRF token in a page's form, or in its list of commands."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.get_data(as_text=True))
    assert found, "the page has no CSRF token"
    return found[1]


def sign_in(client: FlaskClient, login: str = "staff", password: str = PASSWORD, **form: str) -> TestResponse:
    token = csrf_of(client.get("/signin"))
    return client.post("/signin", data={"username": login, "password": password, "csrf_token": token} | form)


def with_token(client: FlaskClient, token: str) -> TestResponse:
    headers = {"Authorization": f"Bearer {token}"}
    return client.post("/api/v1/documents", json=document(), headers=headers)


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


# ------------------------------------------------------------------------------------- name and password


def test_signing_in_opens_a_session(client: FlaskClient, staff: Account) -> None:
    answer = sign_in(client)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    page = client.get("/account").get_data(as_text=True)
    assert "staff" in page
    assert "事務局" in page


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(client: FlaskClient, staff: Account) -> None:
    cookie = sign_in(client).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_over_https_the_cookie_goes_over_https_only(record_url: str) -> None:
    for app in application(record_url, public_url="https://kyodo.example.jp", session_cookie_secure=True):
        answer = app.test_client().get("/signin", base_url="https://kyodo.example.jp")
        assert "Secure" in answer.headers["Set-Cookie"]
        assert answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    ("login", "password"), [("staff", "wrong"), ("nobody", PASSWORD), ("", ""), ("a\x00b", "x")]
)
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(
    client: FlaskClient, staff: Account, login: str, password: str
) -> None:
    answer = sign_in(client, login, password)
    assert answer.status_code == 401
    assert "利用者名かパスワードが違います。" in answer.get_data(as_text=True)


def test_the_form_is_also_there_in_english(client: FlaskClient, staff: Account) -> None:
    token = csrf_of(client.get("/en/signin"))
    form = {"username": "staff", "password": "wrong", "csrf_token": token}
    assert "The user name or the password is wrong." in client.post("/en/signin", data=form).get_data(
        as_text=True
    )
    answer = client.post("/en/signin", data=form | {"password": PASSWORD})
    assert answer.headers["Location"] == "/en/account"


def test_after_some_failures_even_the_right_password_has_to_wait(
    client: FlaskClient, staff: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(PER_LOGIN):
        assert sign_in(client, password="wrong").status_code == 401
    assert sign_in(client).status_code == 429
    later = time.monotonic() + 20 * 60
    monkeypatch.setattr("api.attempts.time.monotonic", lambda: later)
    assert sign_in(client).status_code == 303


def test_a_disabled_account_cannot_sign_in_and_its_session_ends(
    client: FlaskClient, engine: sa.Engine, staff: Account
) -> None:
    sign_in(client)
    Accounts(engine).set_disabled(staff, True)
    assert client.get("/account").status_code == 303
    assert sign_in(client).status_code == 401


def test_a_new_password_ends_the_sessions_opened_with_the_old_one(
    client: FlaskClient, engine: sa.Engine, staff: Account
) -> None:
    sign_in(client)
    Accounts(engine).set_password(staff, "another long password")
    assert client.get("/account").status_code == 303


def test_signing_out_closes_the_session(client: FlaskClient, staff: Account) -> None:
    sign_in(client)
    client.post("/signout", data={"csrf_token": csrf_of(client.get("/account"))})
    assert client.get("/account").status_code == 303


@pytest.mark.parametrize(
    ("wanted", "followed"),
    [
        ("/matters", "/matters"),
        ("//evil.example", None),
        ("/\\evil.example", None),
        ("https://evil.example", None),
        ("/a\r\nSet-Cookie: x", None),
        ("", None),
        (None, None),
    ],
)
def test_after_sign_in_one_stays_on_this_site(wanted: str | None, followed: str | None) -> None:
    assert local_path(wanted) == followed


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


# -------------------------------------------------------------------------------------- one-time links


def test_a_link_signs_in_once_and_looking_does_not_use_it_up(
    app: Flask, engine: sa.Engine, staff: Account
) -> None:
    path = f"/sign-in/link/{Tokens(engine).make_link(staff)}"
    first, second = app.test_client(), app.test_client()
    tokens = [csrf_of(client.get(path)) for client in (first, second, first)]
    assert first.post(path, data={"csrf_token": tokens[2]}).status_code == 303
    assert first.get("/account").status_code == 200
    assert second.post(path, data={"csrf_token": tokens[1]}).status_code == 404
    assert second.get(path).status_code == 404


def test_a_link_lasts_for_a_day(client: FlaskClient, engine: sa.Engine, staff: Account) -> None:
    for hours, status in ((23, 200), (25, 404)):
        secret = ago(engine, hours * HOUR).make_link(staff)
        assert client.get(f"/sign-in/link/{secret}").status_code == status


def test_a_new_link_ends_the_one_before(client: FlaskClient, engine: sa.Engine, staff: Account) -> None:
    first, second = (Tokens(engine).make_link(staff) for _ in range(2))
    assert client.get(f"/sign-in/link/{first}").status_code == 404
    assert client.get(f"/sign-in/link/{second}").status_code == 200


def test_with_a_link_one_may_set_a_password(client: FlaskClient, engine: sa.Engine, staff: Account) -> None:
    path = f"/sign-in/link/{Tokens(engine).make_link(staff)}"
    form = {"csrf_token": csrf_of(client.get(path))}
    short = client.post(path, data=form | {"password": "short"})
    assert short.status_code == 422
    assert "12" in short.get_data(as_text=True)
    assert client.post(path, data=form | {"password": "a new long password"}).status_code == 303
    assert client.get("/account").status_code == 200
    assert Accounts(engine).with_password("staff", "a new long password") is not None


def test_a_link_is_no_bearer_token_and_a_bearer_token_no_link(
    client: FlaskClient, engine: sa.Engine, staff: Account
) -> None:
    assert with_token(client, Tokens(engine).make_link(staff)).status_code == 401
    assert client.get(f"/sign-in/link/{Tokens(engine).make(staff, 'test')}").status_code == 404


# ----------------------------------------------------------------------------------------- account page


def test_one_makes_and_revokes_one_s_own_tokens(
    client: FlaskClient, engine: sa.Engine, staff: Account
) -> None:
    sign_in(client)
    form = {"csrf_token": csrf_of(client.get("/account"))}
    page = client.post("/account", data=form | {"label": "報告の集計"}).get_data(as_text=True)
    secret = re.search(rf"{PREFIX}[\w-]+", page)
    assert secret is not None
    assert "報告の集計" in page
    assert secret[0] not in client.get("/account").get_data(as_text=True)
    assert with_token(client, secret[0]).status_code == 201
    digest = Tokens(engine).of(staff)[0].digest
    client.post(f"/account/tokens/{digest}/revoke", data=form)
    assert with_token(client, secret[0]).status_code == 401


def test_nobody_revokes_another_s_token(client: FlaskClient, engine: sa.Engine, staff: Account) -> None:
    other = Accounts(engine).add("other", ["SEC"])
    Tokens(engine).make(other, "theirs")
    sign_in(client)
    form = {"csrf_token": csrf_of(client.get("/account"))}
    client.post(f"/account/tokens/{Tokens(engine).of(other)[0].digest}/revoke", data=form)
    assert len(Tokens(engine).of(other)) == 1


def test_an_account_acts_for_a_party_of_its_own_unless_told(teller: TellerOf) -> None:
    one, two = teller("SEC").account, teller("APR").account
    assert one.party_id != two.party_id
    assert one.party_id == f"p-account-{one.account_id}"


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
