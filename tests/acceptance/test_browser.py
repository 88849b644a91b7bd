"""Every page in a real Chromium: no accessibility violation, nothing wider than a phone, both languages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from domain.history import KANAZAWA
from domain.history.importing import import_history, read_history
from domain.sample.record import make_sample
from projections.registry import open_store
from projections.tables.durable import SETTING
from tests.support.browser import axe_violations
from tests.support.server import running_server

HISTORY_PAGES = (
    "/",
    "/timeline",
    "/council",
    "/meetings",
    "/matters",
    "/actions",
    "/actions/action-rulebook",
    "/study",
    "/studies/study-centre/trail",
    "/issues",
    "/ordinance",
    "/sources",
    "/plans/plan-kyodo-suishin",
    "/groups/group-centre-study-team",
    "/trails/measure-centre",
    "/no-such-page",
    "/signin",
    "/api/docs",
)


@pytest.fixture(scope="module")
def history_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    url = f"sqlite:///{tmp_path_factory.mktemp('history')}/record.db"
    store = open_store(url)
    store.create()
    import_history(store.application, read_history(KANAZAWA))
    store.close()
    with running_server(url, create=False) as base:
        yield base


@pytest.fixture(scope="module")
def sample_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str]]]:
    url = f"sqlite:///{tmp_path_factory.mktemp('sample')}/record.db"
    store = open_store(url)
    store.create()
    made = make_sample(store.application, meetings=6, seed=5)
    with store.engine.begin() as connection:
        connection.execute(SETTING.insert().values(name="fictional", value="yes"))
    store.close()
    pages = ["/", "/council", "/meetings", "/matters", "/timeline", "/actions", "/sources"]
    pages += [f"/matters/{made.matters[0]}", f"/meetings/{made.meetings[0]}", f"/actions/{made.actions[0]}"]
    with running_server(url, create=False) as base:
        yield base, pages


def look(browser: Browser, url: str) -> list[str]:
    """What is wrong with a page at the width of a phone and of a desk."""
    wrong = []
    for width in (390, 1280):
        page = browser.new_page(viewport={"width": width, "height": 900})
        said: list[str] = []
        page.on(
            "console",
            lambda message, said=said: said.append(message.text) if message.type == "error" else None,
        )
        page.goto(url)
        wrong += [f"{url} at {width}: {found}" for found in axe_violations(page)]
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        if wide:
            wrong.append(f"{url} at {width}: wider than the window")
        wrong += [f"{url}: {text}" for text in said if "404" not in text]
        page.close()
    return wrong


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_pages_of_the_history_have_no_violation(browser: Browser, history_site: str, prefix: str) -> None:
    wrong = [w for page in HISTORY_PAGES for w in look(browser, _address(history_site, prefix, page))]
    assert wrong == []


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_pages_of_a_sample_have_no_violation_and_say_it_is_fictional(
    browser: Browser, sample_site: tuple[str, list[str]], prefix: str
) -> None:
    base, pages = sample_site
    assert [
        w for path in pages[:: 3 if prefix else 1] for w in look(browser, _address(base, prefix, path))
    ] == []
    page = browser.new_page()
    for path in pages[::5]:  # every page says it in the same frame
        page.goto(_address(base, prefix, path))
        assert ("fictional" if prefix else "架空") in page.inner_text("body").lower()
    page.close()


def _address(base: str, prefix: str, path: str) -> str:
    return base + path if path.startswith("/api") else base + prefix + path
