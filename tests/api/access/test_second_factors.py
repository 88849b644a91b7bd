"""More than a password: an app's codes, codes on paper, a directory's proxy; each good for what it is."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.access import access_log
from api.access.accounts import Account, Accounts
from api.access.recovery_codes import HOW_MANY, RecoveryCodes
from api.access.tokens import Tokens
from api.access.totp import STEP, Totps
from api.setup.config import RecordSettings
from api.setup.sign_in_settings import SignInSettings, TrustedHeader
from api.setup.store import StoreHolder
from projections.tables.durable import RECOVERY_CODE, TOTP
from tests.api.conftest import PASSWORD
from tests.api.signing_in import csrf_of, sign_in

KEY = "only for tests"
PROXY, OTHER = "10.0.0.5", "10.0.0.6"


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def settings(app: Flask, **sign_in: Any) -> None:
    """The record is served with these settings of signing in from now on."""
    holder: StoreHolder = app.extensions["kyodo-store"]
    url = holder.settings.database_url
    holder.settings = RecordSettings(database_url=url, secret_key=KEY, sign_in=SignInSettings(**sign_in))


def codes_in(log: sa.Engine) -> list[str]:
    with log.connect() as connection:
        return [line.code for line in connection.execute(access_log.lines())][::-1]


class App:
    """Somebody's authenticator app, by the secret on the page. It shows the code of now, then the next one,
    as a phone does whose clock is a little ahead: no test waits for half a minute."""

    def __init__(self, secret: str):
        self.secret = secret
        self._now = dt.datetime.now(dt.UTC)
        self._shown = 0

    def code(self) -> str:
        self._shown += 1
        assert self._shown <= 2, "a third code would be of a time that is too far ahead"
        return pyotp.TOTP(self.secret).at(self._now + (self._shown - 1) * dt.timedelta(seconds=STEP))


def secret_on(page: TestResponse) -> str:
    found = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page.get_data(as_text=True))
    assert found
    return found[1].replace(" ", "")


def paper_on(page: TestResponse) -> list[str]:
    return re.findall(r"<li><code>([a-z0-9-]+)</code></li>", page.get_data(as_text=True))


def set_up(client: FlaskClient) -> tuple[App, list[str]]:
    """Set up an app on the page of one's account: the app, and the codes on paper."""
    page = client.get("/account/second-factor")
    app = App(secret_on(page))
    form = {"csrf_token": csrf_of(page)}
    wrong = client.post("/account/second-factor/app", data={**form, "code": "000 000"})
    assert wrong.status_code == 422 and secret_on(wrong) == secret_on(page)
    done = client.post("/account/second-factor/app", data={**form, "code": app.code()})
    assert done.status_code == 200
    return app, paper_on(done)


def second(client: FlaskClient, code: str) -> TestResponse:
    page = client.get("/signin/second")
    return client.post("/signin/second", data={"csrf_token": csrf_of(page), "code": code})


# --------------------------------------------------------------------------------------------- the app


def test_with_an_app_the_password_alone_opens_nothing_and_each_code_is_good_once(
    app: Flask, client: FlaskClient, staff: Account, engine: sa.Engine
) -> None:
    sign_in(client)
    phone, _ = set_up(client)
    other = app.test_client()
    answer = sign_in(other, next="/matters")
    assert answer.headers["Location"] == "/signin/second" and not is_signed_in(other)
    code = phone.code()
    full_width = " ".join(chr(ord(digit) + 0xFEE0) for digit in code)
    answer = second(other, full_width)
    assert answer.headers["Location"] == "/matters" and is_signed_in(other)
    assert "パスワードと確認コード" in other.get("/account").get_data(as_text=True)
    third = app.test_client()
    sign_in(third)
    assert second(third, code).status_code == 401 and not is_signed_in(third)
    with engine.connect() as connection:
        kept = str(list(connection.execute(sa.select(TOTP))))
    assert phone.secret not in kept
    assert [line for line in codes_in(engine) if line != "SIGNED_IN"] == ["APP_ADDED", "SECOND_FACTOR_FAILED"]


def test_a_step_is_good_once_and_ends_with_the_password(
    app: Flask, client: FlaskClient, staff: Account, engine: sa.Engine
) -> None:
    sign_in(client)
    phone, _ = set_up(client)
    other = app.test_client()
    sign_in(other)
    cookie = other.get_cookie("session")
    assert cookie is not None
    assert second(other, phone.code()).status_code == 303
    copy = app.test_client()
    copy.set_cookie("session", cookie.value)
    with engine.begin() as connection:
        connection.execute(sa.update(TOTP).values(last_step=0))  # as if the phone showed a newer code
    fresh = pyotp.TOTP(phone.secret).now()
    assert second(copy, fresh).status_code == 400 and not is_signed_in(copy)
    third = app.test_client()
    sign_in(third)
    Accounts(engine).set_password(staff, "another long password")
    assert third.get("/signin/second").status_code == 400


def test_codes_of_an_app_are_of_one_account_and_one_key(engine: sa.Engine, staff: Account) -> None:
    now = dt.datetime(2026, 5, 20, tzinfo=dt.UTC)
    totps = Totps(engine, KEY, lambda: now)
    secret = totps.prepare(staff)
    assert secret and totps.prepare(staff) == secret
    code = pyotp.TOTP(secret).at(now)
    assert not totps.check(staff, code)  # not in use before a code was shown
    assert totps.confirm(staff, code) and totps.prepare(staff) is None
    other = Accounts(engine).add("other", ["SEC"])
    with engine.begin() as connection:
        row = connection.execute(sa.select(TOTP)).one()._asdict() | {"account_id": other.account_id}
        connection.execute(sa.insert(TOTP).values(row | {"last_step": 0}))
    assert not totps.check(other, code)
    step = dt.timedelta(seconds=STEP)
    for clock, shown, good in (
        (10, 8, False),  # a step too late
        (10, 12, False),  # a phone that is too far ahead
        (10, 11, True),
        (10, 11, False),  # it was used
        (10, 10, False),  # an earlier one than the last
        (11, 12, True),
    ):
        at = Totps(engine, KEY, lambda steps=clock: now + steps * step)
        assert at.check(staff, pyotp.TOTP(secret).at(now + shown * step)) is good, (clock, shown)
    other_key = Totps(engine, "another key", lambda: now + 20 * step)
    assert not other_key.check(staff, pyotp.TOTP(secret).at(now + 20 * step))


def test_guessing_codes_is_waited_for_wherever_it_comes_from(
    app: Flask, client: FlaskClient, staff: Account
) -> None:
    sign_in(client)
    set_up(client)
    statuses = []
    for n in range(7):
        other = app.test_client()
        other.environ_base["REMOTE_ADDR"] = f"198.51.{n}.1"
        sign_in(other)
        statuses.append(second(other, "123456").status_code)
    assert statuses == [401] * 5 + [429] * 2


# -------------------------------------------------------------------------------------- codes on paper


def test_codes_on_paper_are_shown_once_and_each_is_good_once(
    app: Flask, client: FlaskClient, staff: Account, engine: sa.Engine
) -> None:
    sign_in(client)
    _, paper = set_up(client)
    assert len(paper) == HOW_MANY
    again = client.get("/account/second-factor").get_data(as_text=True)
    assert paper[0] not in again and "残り10個" in again
    with engine.connect() as connection:
        assert paper[0] not in str(list(connection.execute(sa.select(RECOVERY_CODE))))
    other, third = app.test_client(), app.test_client()
    for browser in (other, third):
        sign_in(browser)
    assert second(other, paper[0].upper().replace("-", " ")).status_code == 303
    assert second(third, paper[0]).status_code == 401
    assert second(third, "").status_code == 401
    assert "残り9個" in client.get("/account/second-factor").get_data(as_text=True)
    token = csrf_of(client.get("/account/second-factor"))
    anew = paper_on(client.post("/account/second-factor/codes", data={"csrf_token": token}))
    assert len(anew) == HOW_MANY and not RecoveryCodes(engine).use(staff, paper[1])
    assert "RECOVERY_CODE_USED" in codes_in(engine) and "RECOVERY_CODES_MADE" in codes_in(engine)


# ------------------------------------------------------------------- who needs more than a password


def test_where_staff_need_a_second_factor_a_password_alone_gets_nothing(
    app: Flask, client: FlaskClient, staff: Account, engine: sa.Engine
) -> None:
    settings(app, second_factor_of_staff=True)
    refused = sign_in(client)
    assert refused.status_code == 403 and not is_signed_in(client)
    assert "一度だけのリンク" in refused.get_data(as_text=True)
    Accounts(engine).add("member", ["MEM"], password=PASSWORD)
    member = app.test_client()
    assert sign_in(member, "member").status_code == 303 and is_signed_in(member)
    path = f"/sign-in/link/{Tokens(engine).make_link(staff)}"
    arrived = client.post(path, data={"csrf_token": csrf_of(client.get(path))})
    assert arrived.headers["Location"] == "/account/second-factor"
    page = client.get("/account/second-factor")
    assert "どちらかの設定が要ります" in page.get_data(as_text=True)
    for closed in ("/desk", "/api/v1/access-log"):
        assert client.get(closed).status_code == 403
    headers = {"X-CSRFToken": csrf_of(page)}
    body = {"title": "a", "kind": "other", "disclosure": {"visibility": "public"}}
    told = client.post("/api/v1/documents", json=body, headers=headers).get_json()
    assert told["code"] == "SECOND_FACTOR_REQUIRED"
    phone, _ = set_up(client)
    assert client.get("/desk").status_code == 200
    token = csrf_of(client.get("/account/second-factor"))
    kept = client.post("/account/second-factor/app/remove", data={"csrf_token": token})
    assert kept.status_code == 409  # the last one stays
    other = app.test_client()
    sign_in(other)
    assert second(other, phone.code()).status_code == 303 and other.get("/desk").status_code == 200


def test_what_opens_an_account_is_changed_by_who_signed_in_a_moment_ago(
    client: FlaskClient, staff: Account, engine: sa.Engine
) -> None:
    sign_in(client)
    token = csrf_of(client.get("/account/second-factor"))
    hour = (dt.datetime.now(dt.UTC) - dt.timedelta(minutes=31)).isoformat(timespec="seconds")
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE session SET opened_at = '{hour}'")
    page = client.get("/account/second-factor").get_data(as_text=True)
    assert 'class="secret"' not in page and "もう一度サインイン" in page
    for path in ("app", "codes", "passkeys", "app/remove", "passkeys/x/remove"):
        answer = client.post(f"/account/second-factor/{path}", data={"csrf_token": token, "code": "1"})
        assert answer.status_code == 403, path


# --------------------------------------------------------------------------------- behind a proxy


@pytest.fixture
def behind(app: Flask) -> FlaskClient:
    """A browser behind the proxy that the settings name, which says that it is staff's."""
    settings(app, header=TrustedHeader("X-Remote-User", (PROXY,)))
    client = app.test_client()
    client.environ_base |= {"REMOTE_ADDR": PROXY, "HTTP_X_REMOTE_USER": "Staff"}
    return client


def by_header(client: FlaskClient) -> TestResponse:
    return client.post("/signin/header", data={"csrf_token": csrf_of(client.get("/signin"))})


def test_whom_the_proxy_names_signs_in_with_a_click(
    behind: FlaskClient, staff: Account, engine: sa.Engine
) -> None:
    assert "staffとしてサインイン" in behind.get("/signin").get_data(as_text=True)
    assert not is_signed_in(behind)
    assert by_header(behind).status_code == 303 and is_signed_in(behind)
    assert "代理サーバー" in behind.get("/account").get_data(as_text=True)
    behind.environ_base["HTTP_X_REMOTE_USER"] = "somebody-else"
    assert not is_signed_in(behind)  # another person sits there now
    assert codes_in(engine) == ["SIGNED_IN"]


@pytest.mark.parametrize(
    "how", ["another address", "forwarded", "no such account", "disabled", "two at once"]
)
def test_from_anybody_else_the_header_gets_nothing(
    app: Flask, behind: FlaskClient, staff: Account, engine: sa.Engine, how: str
) -> None:
    if how == "another address":
        behind.environ_base["REMOTE_ADDR"] = OTHER
    elif how == "forwarded":
        behind.environ_base |= {"REMOTE_ADDR": OTHER, "HTTP_X_FORWARDED_FOR": PROXY}
    elif how == "no such account":
        behind.environ_base["HTTP_X_REMOTE_USER"] = "nobody"
    elif how == "two at once":
        behind.environ_base["HTTP_X_REMOTE_USER"] = "staff,admin"
    else:
        Accounts(engine).set_disabled(staff, True)
    by_header(behind)
    assert not is_signed_in(behind)


def test_a_forwarded_address_is_the_browser_s_and_not_the_proxy_s(app: Flask, staff: Account) -> None:
    """With TRUSTED_PROXIES the address of the request is the browser's: what counts is who has connected."""
    from werkzeug.middleware.proxy_fix import ProxyFix

    settings(app, header=TrustedHeader("X-Remote-User", (PROXY,)))
    inner = app.wsgi_app
    app.wsgi_app = ProxyFix(inner, x_for=1)  # type: ignore[method-assign]
    try:
        for peer, browser, let_in in ((PROXY, "192.0.2.9", True), (OTHER, PROXY, False)):
            client = app.test_client()
            client.environ_base |= {
                "REMOTE_ADDR": peer,
                "HTTP_X_FORWARDED_FOR": browser,
                "HTTP_X_REMOTE_USER": "staff",
            }
            by_header(client)
            assert is_signed_in(client) is let_in
    finally:
        app.wsgi_app = inner  # type: ignore[method-assign]


def test_without_local_accounts_there_is_no_password(app: Flask, client: FlaskClient, staff: Account) -> None:
    token = csrf_of(client.get("/signin"))
    settings(app, local=False)
    assert 'type="password"' not in client.get("/signin").get_data(as_text=True)
    form = {"csrf_token": token, "username": "staff", "password": PASSWORD, "credential": "{}"}
    for path in ("/signin", "/signin/passkey"):
        answer = client.post(path, data=form)
        assert answer.status_code == 403 and "使っていません" in html.unescape(answer.get_data(as_text=True))
    assert not is_signed_in(client)
