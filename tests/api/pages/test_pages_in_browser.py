"""The public site in a browser: no accessibility violation, nothing wider than a phone, no error."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route

from domain.sample.record import make_sample
from tests.api.site import MENU, kanazawas_history, site
from tests.support.browser import WCAG_22_AA, axe_violations

pytestmark = pytest.mark.browser

HOST = "http://localhost:9"
KANAZAWA = [
    *MENU,
    "/actions/action-rulebook",
    "/plans/plan-kyodo-suishin",
    "/groups/group-centre-study-team",
    "/trails/measure-centre",
    "/sources/doc-photo-council",
    "/rules",
    "/nothing",
]
FICTIONAL = [
    "/",
    "/council",
    "/meetings",
    "/meetings/meeting-s00001",
    "/matters",
    "/matters/matter-s00001",
    "/actions",
    "/study",
]


@pytest.fixture(scope="module")
def kanazawa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    yield from site(tmp_path_factory.mktemp("kanazawa"), kanazawas_history)


@pytest.fixture(scope="module")
def fictional(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    yield from site(tmp_path_factory.mktemp("fictional"), lambda store: make_sample(store.application, 3))


def visitor(browser: Browser, app: Flask, width: int) -> tuple[Page, list[str]]:
    """A browser window on the application, and what its console complains about."""
    client, complaints = app.test_client(), list[str]()

    def answer(route: Route) -> None:
        found = client.get(route.request.url.removeprefix(HOST))
        route.fulfill(status=found.status_code, body=found.data, headers=dict(found.headers))

    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    page.route(f"{HOST}/**", answer)
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    return page, complaints


def look_at(browser: Browser, app: Flask, paths: list[str], width: int) -> None:
    page, complaints = visitor(browser, app, width)
    for path in [*paths, *(f"/en{path}" for path in paths)]:
        page.goto(f"{HOST}{path}")
        assert axe_violations(page, [*WCAG_22_AA, "best-practice"]) == [], path
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, f"{path} is {wider} pixels wider than the window"
    assert [said for said in complaints if "404" not in said] == []


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_of_kanazawas_history(browser: Browser, kanazawa: Flask, width: int) -> None:
    look_at(browser, kanazawa, KANAZAWA, width)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_of_a_fictional_record(browser: Browser, fictional: Flask, width: int) -> None:
    look_at(browser, fictional, FICTIONAL, width)
