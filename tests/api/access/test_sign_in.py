"""Signing in on pages: by name and password, by a one-time link; one's own account."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from api.access.accounts import Account, Accounts
from api.access.tokens import PREFIX, Tokens
from api.signing_in.page import local_path
from tests.api.conftest import PASSWORD, TellerOf, application, over
from tests.api.signing_in import HOUR, ago, csrf_of, sign_in, with_token


@pytest.fixture
def app(one_app: Flask, any_record_url: str) -> Iterator[Flask]:
    yield from over(one_app, any_record_url)


# ------------------------------------------------------------------------------------- name and password


def test_signing_in_opens_a_session(client: FlaskClient, staff: Account) -> None:
    answer = sign_in(client)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk")
    page = client.get("/account").get_data(as_text=True)
    assert "staff" in page
    assert "事務局" in page


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(client: FlaskClient, staff: Account) -> None:
    cookie = sign_in(client).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_over_https_the_cookie_goes_over_https_only(record_url: str) -> None:
    for secure in application(record_url, public_url="https://kyodo.example.jp", session_cookie_secure=True):
        answer = secure.test_client().get("/signin", base_url="https://kyodo.example.jp")
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
    assert answer.headers["Location"] == "/en/desk"


def test_a_disabled_account_cannot_sign_in_and_its_session_ends(
    client: FlaskClient, engine: sa.Engine, staff: Account
) -> None:
    sign_in(client)
    Accounts(engine).set_disabled(staff, True)
    assert client.get("/account").status_code == 303
    assert sign_in(client).status_code == 401


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
    page = client.post("/account", data=form | {"label": "報告の集計", "scope": "all"}).get_data(as_text=True)
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
