"""Signing in by an OpenID provider, tried against a real one: who is believed, and who is not."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey
from werkzeug.test import TestResponse

from api.access import access_log
from api.access.accounts import Accounts
from api.access.identities import Identities
from api.access.tokens import Tokens
from api.setup.sign_in_settings import OidcProvider, SignInSettings
from api.signing_in import oidc_client
from domain.values.refusal import Refusal
from tests.api.conftest import over
from tests.support.signing_in.openid_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    Claims,
    OpenIdProvider,
    running_provider,
)


@pytest.fixture(scope="module")
def directory() -> Iterator[OpenIdProvider]:
    with running_provider() as running:
        yield running


@pytest.fixture(autouse=True)
def as_it_was(directory: OpenIdProvider) -> None:
    directory.algorithm, directory.bend, directory.signs_with = "RS256", dict, None
    directory.person = {"sub": "s-1", "preferred_username": "yamada"}


def provider_of(directory: OpenIdProvider, **more: Any) -> OidcProvider:
    return OidcProvider("city", "市の認証基盤", directory.issuer, CLIENT_ID, CLIENT_SECRET, **more)


def settings_of(directory: OpenIdProvider, **more: Any) -> dict[str, Any]:
    providers = (provider_of(directory, **more),)
    return {"public_url": "http://localhost", "sign_in": SignInSettings(providers=providers)}


@pytest.fixture
def app(one_app: Flask, record_url: str, directory: OpenIdProvider) -> Iterator[Flask]:
    yield from over(one_app, record_url, **settings_of(directory))


@pytest.fixture
def accounts(engine: sa.Engine) -> Accounts:
    return Accounts(engine)


def go(client: FlaskClient, next: str | None = None, prefix: str = "") -> str:
    """Go to the provider; where it sends the browser back to."""
    answer = client.get(f"{prefix}/signin/oidc/city", query_string={"next": next} if next else None)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    back = httpx.get(answer.headers["Location"]).headers["Location"]
    assert back.startswith("http://localhost/signin/oidc/city/callback?")
    return back.removeprefix("http://localhost")


def come_back(client: FlaskClient, back: str) -> TestResponse:
    return client.get(back)


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def said(client: FlaskClient, answer: TestResponse) -> str:
    """What the sign-in page says, to which a refused browser is sent."""
    assert answer.status_code == 303 and not is_signed_in(client)
    assert urlsplit(answer.headers["Location"]).path.endswith("/signin")
    return client.get(answer.headers["Location"]).get_data(as_text=True)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_whom_the_directory_knows_signs_in(
    client: FlaskClient, accounts: Accounts, directory: OpenIdProvider, engine: sa.Engine, algorithm: str
) -> None:
    account = accounts.add("yamada", ["SEC"])
    directory.algorithm = algorithm
    assert "市の認証基盤でサインイン" in client.get("/signin").get_data(as_text=True)
    answer = come_back(client, go(client, next="/matters?q=a"))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/matters?q=a")
    assert "認証基盤" in client.get("/account").get_data(as_text=True)
    with engine.connect() as connection:
        (line,) = connection.execute(access_log.lines())
    signed_in = (line.code, line.account_id, line.command)
    assert signed_in == ("SIGNED_IN", account.account_id, "Account.sign_in_by_directory")


def test_nobody_is_sent_elsewhere_and_the_language_is_kept(client: FlaskClient, accounts: Accounts) -> None:
    accounts.add("yamada", [])
    answer = come_back(client, go(client, next="https://evil.example/", prefix="/en"))
    assert answer.headers["Location"] == "/en/account"


BENT: dict[str, Callable[[Claims], Claims]] = {
    "another nonce": lambda true: {**true, "nonce": "another"},
    "no nonce": lambda true: {name: value for name, value in true.items() if name != "nonce"},
    "another audience": lambda true: {**true, "aud": "another service"},
    "several audiences, nobody named": lambda true: {**true, "aud": [CLIENT_ID, "another service"]},
    "another issuer": lambda true: {**true, "iss": "https://another.example"},
    "expired": lambda true: {**true, "exp": int(time.time()) - 120},
    "not yet": lambda true: {**true, "nbf": int(time.time()) + 600},
    "no subject": lambda true: {name: value for name, value in true.items() if name != "sub"},
}


@pytest.mark.parametrize("why", BENT)
def test_an_id_token_that_does_not_hold_gets_nothing(
    client: FlaskClient, accounts: Accounts, directory: OpenIdProvider, why: str
) -> None:
    accounts.add("yamada", ["SEC"])
    directory.bend = BENT[why]
    assert "返事を受け入れられませんでした" in said(client, come_back(client, go(client)))


def test_nor_does_one_that_another_key_signed(
    client: FlaskClient, accounts: Accounts, directory: OpenIdProvider
) -> None:
    accounts.add("yamada", ["SEC"])
    directory.signs_with = RSAKey.generate_key(2048, {"kid": "rsa-1"})
    assert "was not accepted" in said(client, come_back(client, go(client, prefix="/en")))


def test_nor_an_answer_that_was_bent_on_its_way(client: FlaskClient, accounts: Accounts) -> None:
    accounts.add("yamada", ["SEC"])
    for bent in (
        lambda back: back.replace("state=", "state=x"),
        lambda back: back.replace("code=", "code=x"),
        lambda back: back.replace("iss=", "iss=https%3A%2F%2Fanother.example&was="),
        lambda back: back.replace("iss=", "was="),
        lambda back: f"/signin/oidc/city/callback?error=access_denied&{back.partition('?')[2]}",
    ):
        assert "返事を受け入れられませんでした" in said(client, come_back(client, bent(go(client))))


def test_an_answer_is_good_once_and_in_the_browser_that_asked(
    app: Flask, client: FlaskClient, accounts: Accounts, directory: OpenIdProvider
) -> None:
    accounts.add("yamada", ["SEC"])
    back = go(client)
    cookie = client.get_cookie("session")
    assert cookie is not None
    stranger, copy = app.test_client(), app.test_client()
    assert "もう一度始めてください" in said(stranger, come_back(stranger, back))
    come_back(client, back)
    assert is_signed_in(client)
    copy.set_cookie("session", cookie.value)  # all that the browser had when it came back
    assert "もう一度始めてください" in said(copy, come_back(copy, back))


def test_the_provider_gives_nothing_for_a_code_that_was_used(directory: OpenIdProvider) -> None:
    """A code that is replayed within another sign-in is refused where it came from."""
    oidc_client.forget()
    provider, redirect_uri = provider_of(directory), "http://localhost/signin/oidc/city/callback"
    address, step = oidc_client.begin(provider, redirect_uri)
    answer = dict(httpx.URL(httpx.get(address).headers["Location"]).params)
    assert oidc_client.finish(provider, step, answer, redirect_uri)["sub"] == "s-1"
    with pytest.raises(Refusal, match="OIDC_REFUSED"):
        oidc_client.finish(provider, step, answer, redirect_uri)
    assert directory.refused[-1] == "invalid_grant"


def test_who_has_no_account_or_a_disabled_one_gets_nothing(client: FlaskClient, accounts: Accounts) -> None:
    assert "使えるアカウントがありません" in said(client, come_back(client, go(client)))
    accounts.set_disabled(accounts.add("yamada", ["SEC"]), True)
    assert "使えるアカウントがありません" in said(client, come_back(client, go(client)))


def test_a_user_name_that_somebody_else_is_given_opens_nothing(
    app: Flask, client: FlaskClient, accounts: Accounts, engine: sa.Engine, directory: OpenIdProvider
) -> None:
    """The subject decides: it goes on when its name changes, and another one of the same name is refused."""
    account = accounts.add("yamada", ["SEC"])
    come_back(client, go(client))
    directory.person = {"sub": "s-1", "preferred_username": "yamada-married"}
    renamed = app.test_client()
    come_back(renamed, go(renamed))
    assert is_signed_in(renamed)
    directory.person = {"sub": "s-2", "preferred_username": "yamada"}
    another = app.test_client()
    assert "別の人に結び付いています" in said(another, come_back(another, go(another)))
    assert [identity.subject for identity in Identities(engine).of(account)] == ["s-1"]
    Identities(engine).untie(account)
    come_back(another, go(another))
    assert is_signed_in(another)


def test_which_claim_names_the_account_and_whether_one_is_made_the_settings_say(
    one_app: Flask, record_url: str, directory: OpenIdProvider
) -> None:
    more = {"claim": "email", "domain": "city.example.jp", "create_accounts": True}
    person = {"sub": "s-9", "email": "Suzuki@city.example.jp", "email_verified": True}
    for app in over(one_app, record_url, **settings_of(directory, **more)):
        engine = app.extensions["kyodo-store"].get().engine
        for bad in (
            {"email_verified": False},
            {"email": "suzuki@elsewhere.example"},
            {"email": "not a name@city.example.jp"},
        ):
            directory.person, client = person | bad, app.test_client()
            assert "使えるアカウントがありません" in said(client, come_back(client, go(client)))
        directory.person, client = person, app.test_client()
        come_back(client, go(client))
        account = Accounts(engine).named("suzuki")
        assert is_signed_in(client) and account.roles == () and account.password_hash is None
        token = Tokens(engine).make(account, "test")
        headers = {"Authorization": f"Bearer {token}"}
        assert client.get("/api/v1/access-log", headers=headers).status_code == 403
        with engine.connect() as connection:
            codes = [line.code for line in connection.execute(access_log.lines())][::-1]
        assert codes[-2:] == ["ACCOUNT_ADDED", "SIGNED_IN"]


def test_a_directory_that_is_down_is_told(one_app: Flask, record_url: str) -> None:
    provider = OidcProvider("city", "市", "http://127.0.0.1:9", CLIENT_ID)
    settings = {"public_url": "http://localhost", "sign_in": SignInSettings(providers=(provider,))}
    for app in over(one_app, record_url, **settings):
        client = app.test_client()
        answer = client.get("/signin/oidc/city")
        assert "いまはつながりません" in said(client, answer)
        assert client.get("/signin/oidc/another").status_code == 404
