"""Sessions are rows of the record: what has ended is dead everywhere, and one sees where one is signed in."""

from __future__ import annotations

import datetime as dt
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import Cookie, CookieJar
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from api.access import access_log
from api.access.accounts import Account, Accounts
from api.access.delays import DEVICE_COOKIE
from api.access.sessions import USE_NOTED_EVERY, Sessions, browser_label
from api.access.tokens import USUAL_LIFE, Tokens
from api.serve.app import create_app
from api.setup import record_setup
from api.setup.config import RecordSettings
from projections.registry import open_store
from projections.tables.durable import SESSION, TOKEN
from tests.api.conftest import PASSWORD, Run, over, told
from tests.api.signing_in import csrf_of, sign_in, with_token
from tests.support.server import running_server

DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)


@pytest.fixture
def app(one_app: Flask, any_record_url: str) -> Iterator[Flask]:
    yield from over(one_app, any_record_url)


def cookie_of(client: FlaskClient) -> str:
    found = client.get_cookie("session")
    assert found is not None
    return found.value


def with_cookie(app: Flask, value: str) -> FlaskClient:
    """A browser that holds this session's cookie."""
    other = app.test_client()
    other.set_cookie("session", value)
    return other


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def post(client: FlaskClient, path: str, **form: str) -> Any:
    return client.post(path, data={"csrf_token": csrf_of(client.get("/account")), **form})


def codes(engine: sa.Engine) -> list[tuple[str, str | None]]:
    """What the access log says, oldest first: codes, and whose they are."""
    with engine.connect() as connection:
        return [(line.code, line.account_id) for line in connection.execute(access_log.lines())][::-1]


# ------------------------------------------------------------------------------------------------- ending


def test_after_signing_out_no_copy_of_the_cookie_works(
    app: Flask, client: FlaskClient, staff: Account
) -> None:
    sign_in(client)
    copy = cookie_of(client)
    assert is_signed_in(with_cookie(app, copy))
    assert post(client, "/signout").status_code == 303
    assert not is_signed_in(client)
    assert not is_signed_in(with_cookie(app, copy))


def test_a_session_that_ended_gives_no_command(app: Flask, client: FlaskClient, staff: Account) -> None:
    sign_in(client)
    headers = {"X-CSRFToken": csrf_of(client.get("/account"))}
    body = {"title": "a", "kind": "other", "disclosure": {"visibility": "public"}}
    copy = with_cookie(app, cookie_of(client))
    assert copy.post("/api/v1/documents", json=body, headers=headers).status_code == 201
    post(client, "/signout")
    refused = copy.post("/api/v1/documents", json=body, headers=headers)
    assert (refused.status_code, refused.json["code"]) == (401, "SESSION_ENDED")


def test_signing_in_makes_another_cookie_than_the_one_that_was_there(
    app: Flask, client: FlaskClient, staff: Account
) -> None:
    csrf_of(client.get("/signin"))
    before = cookie_of(client)
    sign_in(client)
    assert not is_signed_in(with_cookie(app, before))


def test_a_new_password_ends_sessions_and_tokens_however_long_they_were_made_for(
    app: Flask, client: FlaskClient, engine: sa.Engine, staff: Account
) -> None:
    tokens = Tokens(engine)
    usual, machine = tokens.make(staff, "a"), tokens.make(staff, "b", USUAL_LIFE + DAY)
    link = tokens.make_link(staff)
    other = Accounts(engine).add("other", ["SEC"], password=PASSWORD)
    theirs, their_browser = tokens.make(other, "c"), app.test_client()
    sign_in(client)
    sign_in(their_browser, "other")
    Accounts(engine).set_password(staff, "another long password")
    assert not is_signed_in(client)
    assert [with_token(client, token).status_code for token in (usual, machine, theirs)] == [401, 401, 201]
    assert tokens.account_of_link(link) is None
    assert is_signed_in(their_browser)


@pytest.mark.parametrize(
    ("made", "then", "goes_on"),
    [
        # idle: half an hour after it was last used
        (0 * MINUTE, 29 * MINUTE, True),
        (0 * MINUTE, 30 * MINUTE, False),
    ],
)
def test_a_session_that_is_not_used_ends(
    engine: sa.Engine, staff: Account, made: dt.timedelta, then: dt.timedelta, goes_on: bool
) -> None:
    now = dt.datetime(2026, 5, 20, 0, 0, tzinfo=dt.UTC)
    secret = Sessions(engine, lambda: now + made).open(staff, "")
    assert (Sessions(engine, lambda: now + then).account_of(secret) is not None) == goes_on


def test_a_session_in_use_ends_after_a_days_work(engine: sa.Engine, staff: Account) -> None:
    now = dt.datetime(2026, 5, 20, 0, 0, tzinfo=dt.UTC)
    secret = Sessions(engine, lambda: now).open(staff, "")
    alive = []
    for quarters in range(1, 41):
        moment = now + quarters * 15 * MINUTE
        alive.append(Sessions(engine, lambda at=moment: at).account_of(secret) is not None)
    assert alive == [True] * 39 + [False]


def test_limits_are_those_of_the_record(record_url: str, engine: sa.Engine, staff: Account) -> None:
    now = dt.datetime(2026, 5, 20, 0, 0, tzinfo=dt.UTC)
    short = {"idle": 10 * MINUTE, "life": HOUR}
    secret = Sessions(engine, lambda: now, **short).open(staff, "")
    assert Sessions(engine, lambda: now + 10 * MINUTE, **short).account_of(secret) is None
    assert Sessions(engine, lambda: now + 9 * MINUTE, **short).account_of(secret) == staff


def test_that_a_session_is_used_is_noted_every_few_minutes(engine: sa.Engine, staff: Account) -> None:
    now = dt.datetime(2026, 5, 20, 0, 0, tzinfo=dt.UTC)
    secret = Sessions(engine, lambda: now).open(staff, "")
    seen = []
    for passed in (MINUTE, USE_NOTED_EVERY + MINUTE):
        at = Sessions(engine, lambda later=passed: now + later)
        at.account_of(secret)
        seen.append(at.of(staff)[0].seen_at)
    assert seen == ["2026-05-20T00:00:00+00:00", "2026-05-20T00:06:00+00:00"]


def test_rows_of_sessions_that_ended_by_themselves_go(engine: sa.Engine, staff: Account) -> None:
    now = dt.datetime(2026, 5, 20, 0, 0, tzinfo=dt.UTC)
    for passed in (0 * HOUR, 3 * HOUR):
        Sessions(engine, lambda later=passed: now + later).open(staff, "")
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(SESSION)) == 1


def test_only_a_digest_is_kept_and_no_address(client: FlaskClient, engine: sa.Engine, staff: Account) -> None:
    secret = Sessions(engine).open(staff, "Mozilla/5.0 (X11; Linux) Firefox/140.0")
    sign_in(client)
    with engine.connect() as connection:
        rows = str(list(connection.execute(sa.select(SESSION))))
        log = str(list(connection.execute(access_log.lines())))
    assert secret not in rows
    assert "127.0.0.1" not in rows + log


# ---------------------------------------------------------------------------------- listed and ended


def test_one_sees_one_s_sessions_and_ends_them(app: Flask, client: FlaskClient, staff: Account) -> None:
    phone = app.test_client()
    phone.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPhone) Version/18.0 Safari/604.1"
    for browser in (client, phone):
        sign_in(browser)
    page = client.get("/account").get_data(as_text=True)
    assert "Safari, iPhone" in page and page.count("（このブラウザー）") == 1
    assert post(client, "/account/sessions/end-others").status_code == 303
    assert is_signed_in(client) and not is_signed_in(phone)
    sign_in(phone)
    page = phone.get("/account").get_data(as_text=True)
    ends = re.findall(r'action="(/account/sessions/[0-9a-f]{64}/end)"', page)
    assert len(ends) == 2
    for path in ends:
        if is_signed_in(phone):
            post(phone, path)
    assert not is_signed_in(phone)
    sign_in(phone)
    for path in ends:
        post(phone, path)
    post(phone, "/signout")
    assert not is_signed_in(client) and not is_signed_in(phone)


def test_nobody_ends_another_s_session(
    app: Flask, client: FlaskClient, engine: sa.Engine, staff: Account
) -> None:
    Accounts(engine).add("other", ["SEC"], password=PASSWORD)
    theirs = app.test_client()
    sign_in(theirs, "other")
    sign_in(client)
    digest = Sessions(engine).of(Accounts(engine).named("other"))[0].digest
    post(client, f"/account/sessions/{digest}/end")
    assert is_signed_in(theirs)


def test_an_administrator_lists_and_ends_them(run: Run, record_url: str) -> None:
    store = open_store(record_url)
    account = Accounts(store.engine).add("staff", ["SEC"], password=PASSWORD)
    Sessions(store.engine).open(account, "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
    token = Tokens(store.engine).make(account, "test")
    assert "Firefox, Windows" in run("user", "sessions", "staff").output
    assert len(told(run("user", "sessions", "staff", "--json"))) == 1
    assert told(run("user", "sign-out", "staff", "--yes", "--json")) == {"sessions": 1, "tokens": 0}
    assert told(run("user", "sessions", "staff", "--json")) == []
    assert Tokens(store.engine).account_of(token) is not None
    assert told(run("user", "sign-out", "staff", "--tokens", "--yes", "--json")) == {
        "sessions": 0,
        "tokens": 1,
    }
    assert Tokens(store.engine).account_of(token) is None
    store.close()


def test_a_token_says_how_long_it_lives_and_what_it_is_good_for(run: Run, record_url: str) -> None:
    store = open_store(record_url)
    Accounts(store.engine).add("staff", ["SEC"])
    usual = told(run("user", "token", "staff", "--json"))
    assert usual["scope"] is None and usual["token"].startswith("kyodo_")
    ends = dt.datetime.fromisoformat(usual["expires_at"]) - dt.datetime.now(dt.UTC)
    assert 89 * DAY < ends <= 90 * DAY
    less = told(
        run(
            "user", "token", "staff", "--days", "7", "--scope", "read", "--scope", "write:documents", "--json"
        )
    )
    assert less["scope"] == ["read", "write:documents"]
    assert run("user", "token", "staff", "--scope", "everything").exit_code != 0
    store.close()


def test_a_token_without_an_end_has_ended(engine: sa.Engine, staff: Account, client: FlaskClient) -> None:
    token = Tokens(engine).make(staff, "test")
    with engine.begin() as connection:
        connection.execute(sa.update(TOKEN).values(expires_at=None))
    assert with_token(client, token).status_code == 401


# ------------------------------------------------------------------------------------- in the access log


def test_who_signs_in_and_out_and_makes_tokens_stands_in_the_log(
    client: FlaskClient, engine: sa.Engine, staff: Account
) -> None:
    for wrong in range(12):
        sign_in(client, password=f"wrong {wrong}")
    client.set_cookie(DEVICE_COOKIE, "nonsense")
    path = f"/sign-in/link/{Tokens(engine).make_link(staff)}"
    form = {"csrf_token": csrf_of(client.get(path)), "password": "a new long password"}
    client.post(path, data=form)
    post(client, "/account", label="report")
    post(client, f"/account/tokens/{Tokens(engine).of(staff)[0].digest}/revoke")
    post(client, "/signout")
    own = staff.account_id
    assert codes(engine) == [
        ("SIGN_IN_FAILED", None),
        ("LINK_USED", own),
        ("PASSWORD_SET", own),
        ("SIGNED_IN", own),
        ("TOKEN_MADE", own),
        ("TOKEN_REVOKED", own),
        ("SIGNED_OUT", own),
    ]


def test_what_an_administrator_does_to_accounts_stands_in_the_log(run: Run, record_url: str) -> None:
    run("user", "add", "staff", "--role", "SEC", "--role", "DIS")
    for act in (
        ("token", "staff"),
        ("link", "staff"),
        ("sign-out", "staff", "--yes"),
        ("disable", "staff", "--yes"),
    ):
        assert run("user", *act).exit_code == 0
    lines = told(run("access-log", "--json"))[::-1]
    assert [line["code"] for line in lines] == [
        "ACCOUNT_ADDED",
        "TOKEN_MADE",
        "LINK_MADE",
        "SESSIONS_ENDED",
        "ACCOUNT_DISABLED",
    ]
    store = open_store(record_url)
    account = Accounts(store.engine).named("staff")
    store.close()
    assert {line["entity"] for line in lines} == {account.account_id}
    assert {tuple(line["roles"]) for line in lines} == {("SEC", "DIS")}
    assert "staff" not in json.dumps([{**line, "command": ""} for line in lines])


# --------------------------------------------------------------------------- settings of the record


def test_key_and_cookie_are_asked_of_the_record_and_not_fixed_with_the_application(
    one_app: Flask, record_url: str
) -> None:
    from api.setup.store import StoreHolder

    answers = []
    for key, secure in (("one", False), ("two", True)):
        settings = RecordSettings(database_url=record_url, secret_key=key, session_cookie_secure=secure)
        one_app.extensions["kyodo-store"] = StoreHolder(settings)
        answers.append(one_app.test_client().get("/signin").headers["Set-Cookie"])
        one_app.extensions["kyodo-store"].close()
    assert ["Secure" in answer for answer in answers] == [False, True]
    assert create_app(RecordSettings(secret_key="three")).secret_key == "three"
    one_app.extensions["kyodo-store"] = StoreHolder(RecordSettings(secret_key="four"))
    assert one_app.secret_key == "four"


@pytest.mark.parametrize(
    ("browser", "label"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15) Version/18 Safari/605", "Safari, macOS"),
        ("curl/8.5", "curl/8.5"),
        ("", ""),
    ],
)
def test_a_browser_is_known_by_its_name_and_system(browser: str, label: str) -> None:
    assert browser_label(browser) == label


# ------------------------------------------------------------------------- over workers and restarts


class Browser:
    """A browser over real HTTP, with a jar of cookies that can be copied."""

    def __init__(self, base: str, cookies: list[Cookie] | None = None):
        self.base = base
        self.jar = CookieJar()
        for cookie in cookies or ():
            self.jar.set_cookie(cookie)
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.jar), urllib.request.ProxyHandler({})
        )

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, address in the end, text."""
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        try:
            with self._opener.open(f"{self.base}{path}", data, timeout=20) as answer:
                return answer.status, answer.url, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, str(refused.url), refused.read().decode()

    def csrf(self, path: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.ask(path)[2])
        assert found
        return found[1]

    def is_signed_in(self) -> bool:
        return not urllib.parse.urlsplit(self.ask("/account")[1]).path.endswith("/signin")


def test_a_session_that_ended_is_dead_in_every_worker_and_after_a_restart(database_url: str) -> None:
    store = open_store(database_url)
    record_setup.create(store)
    Accounts(store.engine).add("staff", ["SEC"], password=PASSWORD)
    store.close()
    with running_server(database_url, workers=3) as base:
        browser = Browser(base)
        form = {"username": "staff", "password": PASSWORD, "csrf_token": browser.csrf("/signin")}
        assert browser.ask("/signin", form)[0] == 200
        copied = list(browser.jar)
        assert all(Browser(base, copied).is_signed_in() for _ in range(9))
        other = Browser(base)
        other.ask("/signin", form | {"csrf_token": other.csrf("/signin")})
        lasting = list(other.jar)
        browser.ask("/signout", {"csrf_token": browser.csrf("/account")})
        assert not any(Browser(base, copied).is_signed_in() for _ in range(9))
    with running_server(database_url, workers=2, create=False) as base:
        assert not any(Browser(base, copied).is_signed_in() for _ in range(6))
        assert all(Browser(base, lasting).is_signed_in() for _ in range(6))
