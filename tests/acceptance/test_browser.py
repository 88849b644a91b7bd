"""Every page in a real Chromium: no accessibility violation, nothing wider than a phone, both languages."""

from collections.abc import Iterable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from domain.history import KANAZAWA
from domain.history.importing import import_history, read_history
from domain.sample.record import make_sample
from projections.registry import open_store
from projections.tables.durable import SETTING
from tests.support.browsing.browser import COLOURS, WCAG_22_AA, axe_violations, leave_two_of_each
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
    "/sources/doc-photo-council",
    "/rules",
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
    with running_server(url, workers=1, create=False) as base:
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
    pages = ["/", "/council", "/meetings", "/matters", "/timeline", "/actions", "/sources", "/study"]
    pages += [f"/matters/{made.matters[0]}", f"/meetings/{made.meetings[0]}", f"/actions/{made.actions[0]}"]
    with running_server(url, workers=1, create=False) as base:
        yield base, pages


PHONE, DESK = 390, 1280


@pytest.fixture(scope="module")
def window(browser: Browser) -> Page:
    """One window for all pages: each is loaded once, and looked at in the widths of a phone and of a desk."""
    return browser.new_page(viewport={"width": PHONE, "height": 900})


def look(window: Page, url: str, looked_through: dict[int, bool]) -> list[str]:
    """What is wrong with a page: violations in the widths ``looked_through``, with those of its colours where
    that is true; whether it is wider than the window in both; what the console complains about."""
    wrong, said = [], list[str]()

    def told(message: ConsoleMessage) -> None:
        if message.type == "error":
            said.append(message.text)

    window.on("console", told)
    window.goto(url)
    tags = WCAG_22_AA if "/api/" in url else [*WCAG_22_AA, "best-practice"]
    for width in (PHONE, DESK):
        window.set_viewport_size({"width": width, "height": 900})
        wide = window.evaluate("document.documentElement.scrollWidth - innerWidth")
        wrong += [f"{url} at {width}: {wide} pixels wider than the window"] if wide > 0 else []
    leave_two_of_each(window)
    for width, colours in looked_through.items():
        window.set_viewport_size({"width": width, "height": 900})
        found = axe_violations(window, tags, None if colours else COLOURS)
        wrong += [f"{url} at {width}: {violation}" for violation in found]
    window.remove_listener("console", told)
    return wrong + [f"{url}: {text}" for text in said if "404" not in text]


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_pages_of_the_history_have_no_violation(window: Page, history_site: str, prefix: str) -> None:
    assert look_at_each(window, history_site, prefix, HISTORY_PAGES) == []


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_pages_of_a_sample_have_no_violation_and_say_it_is_fictional(
    window: Page, sample_site: tuple[str, list[str]], prefix: str
) -> None:
    base, pages = sample_site
    assert look_at_each(window, base, prefix, pages) == []
    for path in pages[::5]:  # every page says it in the same frame
        window.goto(_address(base, prefix, path))
        assert ("fictional" if prefix else "架空") in window.inner_text("body").lower()


def look_at_each(window: Page, base: str, prefix: str, pages: Iterable[str]) -> list[str]:
    """What is wrong with each page. Colours, which are most of the work, are looked at as a phone shows them,
    and of every third page as a desk does: with the width only the frame's menu and tables change theirs. In
    English they are the same elements with other words: half of the pages are looked through as a phone shows
    them, the other half as a desk does, and no colours again."""
    wrong = []
    for n, path in enumerate(pages):
        in_english = {PHONE if n % 2 == 0 else DESK: False}
        looked_through = in_english if prefix else {PHONE: True, DESK: n % 3 == 0}
        wrong += look(window, _address(base, prefix, path), looked_through)
    return wrong


def _address(base: str, prefix: str, path: str) -> str:
    return base + path if path.startswith("/api") else base + prefix + path
