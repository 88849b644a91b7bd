"""A meeting in Chromium: by keyboard alone, and with a network that is lost while it goes on."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from domain.values.calendar import JAPAN
from tests.api.conftest import PASSWORD
from tests.api.office.meetings.conftest import Desk, make_the_council
from tests.api.office.meetings.test_making import NEW, NEXT
from tests.support.browsing.browser import WCAG_22_AA, axe_violations
from tests.support.copies import Copies
from tests.support.served import served

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Office(NamedTuple):
    url: str
    desk: Desk


@pytest.fixture(scope="module")
def office(copies: Copies, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    record = copies.sqlite("council", make_the_council, tmp_path_factory.mktemp("office"))
    with served(record) as app:
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Office(f"http://127.0.0.1:{server.server_port}", Desk(app))
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def at_the_desk(browser: Browser, office: Office) -> Iterator[Page]:
    """A window of the secretariat, on a tablet."""
    context = browser.new_context(locale="ja-JP", viewport={"width": 820, "height": 1180})
    try:
        page = context.new_page()
        page.goto(f"{office.url}/signin?next=/desk/meetings")
        page.fill("input[name=username]", "tamura")
        page.fill("input[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{office.url}/desk/meetings")
        yield page
    finally:
        context.close()


def tab_to(page: Page, name: str, most: int = 400) -> None:
    """Go on by the Tab key to a control of this name."""
    at = "document.activeElement.name || document.activeElement.getAttribute('href')"
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(at) == name:
            return
    raise AssertionError(f"the Tab key does not reach {name}")


def test_a_whole_meeting_by_keyboard_alone(browser: Browser, office: Office) -> None:
    with at_the_desk(browser, office) as page:
        tab_to(page, NEW)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{office.url}{NEW}")
        tab_to(page, "day")
        page.keyboard.type("R8.9.16")
        tab_to(page, "item.0.title")
        page.keyboard.type("広報のしかた")
        tab_to(page, "item.0.type")
        page.keyboard.type("議論")
        expect(page.locator(".kiroku")).to_contain_text("広報のしかた")  # shown while one types
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**/desk/meetings/meeting-*/day")  # that day is over, and comes next
        meeting = page.url.removesuffix("/day")
        tab_to(page, "item-1.talk")
        page.keyboard.type("○座長　議事1です。")
        tab_to(page, "item-1.method")
        page.keyboard.press("i")
        expect(page.locator("#told-item-1")).to_contain_text("異議なし")
        tab_to(page, "close.at")
        page.keyboard.type("20:15")
        expect(page.locator("#told-room")).to_contain_text("20:15")
        tab_to(page, "do")  # a button of the panel that records all of it
        page.keyboard.press("Control+Enter")
        page.wait_for_url(f"{meeting}/minutes")
        expect(page.get_by_text("会議を記録しました").first).to_be_visible()
        assert office.desk.newest(4) == [
            "MeetingOpened",
            "StatementRecorded",
            "ResolutionTaken",
            "MeetingClosed",
        ]
        assert axe_violations(page, [*WCAG_22_AA, "best-practice"]) == []
        tab_to(page, "reply_by")
        page.keyboard.press("Control+Enter")
        expect(page.locator("main .note.bad, main .note.good, main .kiroku").first).to_be_visible()


def test_what_is_entered_while_the_network_is_away_is_recorded_once_and_in_order(
    browser: Browser, office: Office
) -> None:
    today = dt.datetime.now(JAPAN).date().isoformat()
    going_on = NEXT | {"day": today, "time": "00:00", "title": "今日の会議", "notice_on": "", "when": "today"}
    where = office.desk.records(NEW, **going_on).removesuffix("/day")
    with at_the_desk(browser, office) as page:
        page.goto(f"{office.url}{where}/day")
        expect(page.locator("#told-room")).to_contain_text("開会")
        page.get_by_role("button", name="開会を記録する").click()
        expect(page.get_by_role("button", name="休憩する")).to_be_visible()
        before = len(office.desk.log())

        page.context.set_offline(True)
        page.fill("[name='item-1.talk']", "○座長　議事1です。")
        page.get_by_role("button", name="発言だけ記録する").first.click()
        expect(page.locator("#queue")).to_contain_text("入力した1件は、この端末に残っています")
        page.fill("[name='item-1.talk']", "○三枝委員　賛成です。")
        page.select_option("[name='item-1.option']", "option-2")
        page.fill("[name='item-1.reason']", "地区に合うため")
        page.locator("[name='item-1.end'][value=resolve]").check(force=True)
        page.get_by_role("button", name="議事1を記録する").click()
        page.locator("[name='item-2.end'][value=note]").check(force=True)
        page.get_by_role("button", name="議事2を記録する").click()
        expect(page.locator("#queue li")).to_have_count(3)
        expect(page.locator("#queue")).to_contain_text("通信が切れています")
        assert axe_violations(page, WCAG_22_AA) == []
        assert len(office.desk.log()) == before

        page.context.set_offline(False)
        expect(page.locator("#queue .note.good")).to_contain_text("3件を送りました")
        page.reload()
        expect(page.locator("#queue")).to_be_hidden()
    added = office.desk.log()[before:]
    assert [e.type for e in added] == [
        "StatementRecorded",
        "StatementRecorded",
        "OptionsFrozen",
        "ResolutionTaken",
        "MatterConcluded",
        "ItemNoted",
    ]
    assert [e.data.text for e in added[:2]] == ["議事1です。", "賛成です。"]
