"""Every way in, end to end over a running service: a directory, a passkey, an app, a proxy; what ends them,
and that the access log tells of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pyotp
import pytest
from playwright.sync_api import Browser, Page

from api.access.accounts import Accounts
from api.access.tokens import Tokens
from projections.registry import open_store
from tests.support.browsing.browser import WCAG_22_AA, axe_violations
from tests.support.server import created, free_port, running_server
from tests.support.signing_in.openid_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    OpenIdProvider,
    running_provider,
)

PASSWORD = "a long enough password"
PROXY = "127.0.0.2"
"""Where the trusted proxy connects from; whoever else connects comes from 127.0.0.1."""


class Service(NamedTuple):
    url: str
    database: str
    directory: OpenIdProvider


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    database = f"sqlite:///{tmp_path_factory.mktemp('signing-in')}/record.db"
    created(database)
    store = open_store(database)
    for login, password in (
        ("yamada", None),
        ("sato", PASSWORD),
        ("suzuki", PASSWORD),
        ("kato", None),
        ("kanri", None),
    ):
        Accounts(store.engine).add(login, ["SEC"], password=password)
    store.close()
    port = free_port()
    with running_provider() as directory:
        settings = {
            "PUBLIC_URL": f"http://localhost:{port}",
            "OIDC_ISSUER": directory.issuer,
            "OIDC_CLIENT_ID": CLIENT_ID,
            "OIDC_CLIENT_SECRET": CLIENT_SECRET,
            "OIDC_LABEL": "架空市の認証基盤",
            "TRUSTED_HEADER": "X-Remote-User",
            "TRUSTED_HEADER_PROXY": PROXY,
            "SECOND_FACTOR_OF_STAFF": "yes",
        }
        with running_server(database, workers=1, env=settings, create=False, port=port, patience=120):
            yield Service(f"http://localhost:{port}", database, directory)


@contextmanager
def window(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="ja-JP", viewport={"width": 390, "height": 900})
    try:
        yield context.new_page()
    finally:
        context.close()


def authenticator(page: Page) -> None:
    """A device with passkeys, opened by a finger that is always there (Chromium's own, over CDP)."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def link_for(service: Service, login: str) -> str:
    store = open_store(service.database)
    secret = Tokens(store.engine).make_link(Accounts(store.engine).named(login))
    store.close()
    return f"{service.url}/sign-in/link/{secret}"


def behind_the_proxy(service: Service, login: str, address: str = PROXY) -> httpx.Client:
    """Who connects from this address, with the header that names a user."""
    base = service.url.replace("localhost", "127.0.0.1")
    transport = httpx.HTTPTransport(local_address=address)
    return httpx.Client(base_url=base, headers={"X-Remote-User": login}, transport=transport)


def sign_in_by_header(client: httpx.Client) -> bool:
    """Press the button that the sign-in page has for whom the proxy names; whether that signed in."""
    page = client.get("/signin").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    client.post("/signin/header", data={"csrf_token": token[1]})
    return client.get("/account").status_code == 200


def audit_of(service: Service, login: str) -> list[str]:
    """What the page of the access log shows of an account to an administrator, oldest first."""
    with behind_the_proxy(service, "kanri") as administrator:
        assert sign_in_by_header(administrator)
        assert "このブラウザー" in administrator.get("/desk/admin/sessions").text
        page = administrator.get("/desk/admin/audit", params={"who": login}).text
    lines = re.findall(r'<td><b>(.*?)</b>(?:<span class="d">(.*?)</span>)?', page)
    return [" ".join(filter(None, line)) for line in lines][::-1]


def fit(page: Page) -> list[Any]:
    """What axe finds, and whether the page is wider than a phone."""
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return axe_violations(page, [*WCAG_22_AA, "best-practice"]) + ([f"{wide} too wide"] if wide > 0 else [])


def sign_out(page: Page) -> None:
    page.get_by_text("メニュー", exact=True).first.click()
    page.get_by_role("button", name="サインアウト").first.click()


def copied(page: Page, service: Service) -> httpx.Client:
    """Somebody who has a copy of all cookies of a browser."""
    client = httpx.Client(base_url=service.url)
    for cookie in page.context.cookies():
        client.cookies.set(cookie["name"], cookie["value"], domain="localhost.local")
    headers = {"Cookie": "; ".join(f"{c['name']}={c['value']}" for c in page.context.cookies())}
    client.cookies.clear()
    client.headers.update(headers)
    return client


@pytest.mark.browser
@pytest.mark.slow
def test_the_directory_the_desk_and_a_cookie_that_is_dead_after_signing_out(
    service: Service, browser: Browser
) -> None:
    with window(browser) as page:
        page.goto(f"{service.url}/desk")  # asks to sign in, and comes back
        assert fit(page) == []
        page.get_by_role("link", name="架空市の認証基盤でサインイン").click()
        page.wait_for_url(f"{service.url}/desk")
        page.goto(f"{service.url}/account")
        assert fit(page) == []
        assert page.get_by_text("このブラウザー").count() == 1
        thief = copied(page, service)
        assert thief.get("/account").status_code == 200
        sign_out(page)
        assert thief.get("/account").status_code == 303
        page.goto(f"{service.url}/account")
        assert "/signin" in page.url
    assert audit_of(service, "yamada")[:2] == ["サインインした 認証基盤", "サインアウトした"]


@pytest.mark.browser
@pytest.mark.slow
def test_a_passkey_made_by_a_link_signs_in_without_name_or_password(
    service: Service, browser: Browser
) -> None:
    with window(browser) as page:
        authenticator(page)
        link = link_for(service, "kato")
        page.goto(link)
        assert fit(page) == []
        page.get_by_role("button", name="パスキーを作って入る").click()
        page.wait_for_url(f"{service.url}/desk")
        page.goto(f"{service.url}/account/second-factor")
        assert "最初のパスキー" in page.inner_text("main") and fit(page) == []
        sign_out(page)
        page.goto(f"{service.url}/signin?next=/account")
        page.get_by_role("button", name="パスキーでサインイン").click()
        page.wait_for_url(f"{service.url}/account")
        assert "パスキー" in page.inner_text("#sessions + table")
        page.goto(link)
        assert "使えません" in page.inner_text("main")
    with window(browser) as stranger:
        authenticator(stranger)  # another device, which holds no passkey of ours
        stranger.goto(f"{service.url}/signin")
        stranger.get_by_role("button", name="パスキーでサインイン").click()
        stranger.get_by_text("パスキーを使えませんでした").wait_for()
    assert audit_of(service, "kato") == [
        "一度だけのリンクを使った 一度だけのリンク",
        "パスキーを登録した 一度だけのリンク",
        "サインインした 一度だけのリンク",
        "サインアウトした",
        "サインインした パスキー",
    ]


@pytest.mark.browser
@pytest.mark.slow
def test_an_app_set_up_by_its_picture_is_the_second_step(service: Service, browser: Browser) -> None:
    with window(browser) as page:
        page.goto(link_for(service, "sato"))
        page.get_by_role("button", name="サインイン", exact=True).click()
        page.wait_for_url("**/account/second-factor")
        assert page.locator("svg.qr path").count() == 1 and fit(page) == []
        secret = page.inner_text("code.secret").replace(" ", "")
        page.get_by_label("アプリに出た6桁の数字").fill(pyotp.TOTP(secret).now())
        page.get_by_role("button", name="アプリを使い始める").click()
        assert page.locator(".secret-list code").count() == 10 and fit(page) == []
        paper = page.locator(".secret-list code").first.inner_text()
        sign_out(page)
        page.goto(f"{service.url}/signin")
        page.fill("#f-username", "sato")
        page.fill("#f-password", PASSWORD)
        page.get_by_role("button", name="サインイン", exact=True).click()
        page.wait_for_url("**/signin/second")
        assert fit(page) == []
        page.get_by_label("確認コード").fill(paper)
        page.get_by_role("button", name="サインイン", exact=True).click()
        page.wait_for_url(f"{service.url}/desk")
    assert audit_of(service, "sato") == [
        "一度だけのリンクを使った 一度だけのリンク",
        "サインインした 一度だけのリンク",
        "確認コードのアプリを設定した",
        "サインアウトした",
        "回復コードを使った パスワードと確認コード",
        "サインインした パスワードと確認コード",
    ]


@pytest.mark.slow
def test_the_header_of_the_proxy_and_of_nobody_else(service: Service) -> None:
    for address, let_in in (("127.0.0.1", False), (PROXY, True)):
        with behind_the_proxy(service, "suzuki", address) as client:
            assert ("suzukiとしてサインイン" in client.get("/signin").text) is let_in
            assert sign_in_by_header(client) is let_in
    assert audit_of(service, "suzuki") == ["サインインした 代理サーバー"]


@pytest.mark.slow
def test_forged_and_stolen_things_get_nothing(service: Service, tmp_path: Path) -> None:
    """A form of another site; an address of another site to go on to; a link that was used."""
    with httpx.Client(base_url=service.url) as client:
        form = {"username": "suzuki", "password": PASSWORD}
        assert client.post("/signin", data=form).status_code == 400
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/signin").text)
        assert token is not None
        for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example", "/\tevil.example"):
            answer = client.get("/signin", params={"next": elsewhere})
            assert "evil.example" not in answer.text.replace("%2F", "/").partition('rel="alternate"')[0]
            assert 'name="next"' not in answer.text
        refused = client.post("/signin", data={**form, "csrf_token": token[1]})
        assert refused.status_code == 403  # a password alone is not enough here
    with httpx.Client(base_url=service.url) as owner, httpx.Client(base_url=service.url) as thief:
        path = link_for(service, "suzuki").removeprefix(service.url)
        tokens = []
        for who in (owner, thief):
            page = who.get(path)
            found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
            assert page.status_code == 200 and found is not None
            tokens.append(found[1])
        answers = [
            who.post(path, data={"csrf_token": t}).status_code
            for who, t in zip((owner, thief), tokens, strict=True)
        ]
        assert answers == [303, 404]
        assert thief.get("/account").status_code == 303
        # in by a link, and without the second factor that the settings ask for, nothing of the office is open
        assert owner.get("/desk").status_code == 403
        assert json.loads(owner.get("/api/v1/access-log").text)["code"] == "SECOND_FACTOR_REQUIRED"


@pytest.mark.browser
@pytest.mark.slow
def test_the_screens_of_accounts_fit_a_phone_and_have_no_violation(
    service: Service, browser: Browser
) -> None:
    with window(browser) as page:
        page.goto(f"{service.url}/signin")
        page.get_by_role("link", name="架空市の認証基盤でサインイン").click()
        page.wait_for_url(f"{service.url}/desk")
        for prefix in ("", "/en"):
            for path in ("", "/new", "/sessions", "/audit", "/sign-ins"):
                page.goto(f"{service.url}{prefix}/desk/admin{path}")
                assert fit(page) == [], (prefix, path)
        page.goto(f"{service.url}/desk/admin/new")
        page.get_by_label("利用者名").fill("Bad Name")
        page.get_by_role("button", name="作って招待する").click()
        assert "使えません" in page.inner_text("main") and fit(page) == []
        page.get_by_label("利用者名").fill("new-clerk")
        page.get_by_label("決裁権者").check()
        page.get_by_role("button", name="作って招待する").click()
        assert "/sign-in/link/" in page.inner_text("code.secret") and fit(page) == []
        page.get_by_role("link", name="アカウントへ").click()
        assert "決裁権者" in page.inner_text("main") and fit(page) == []
