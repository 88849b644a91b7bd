"""As of which day: pages and data about "now" tell what is in force today, not what was recorded last."""

from __future__ import annotations

import datetime as dt
import re
import sys
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.access.accounts import Accounts
from api.access.tokens import Tokens
from api.http import clock
from api.reads import as_of
from api.serve.app import create_app
from api.setup.config import RecordSettings
from tests.support.stories.year.record import Year

MARCH, APRIL = "2026-03-20", "2026-04-01"


class Office:
    """The service over the year, as the secretariat reads it on a day."""

    def __init__(self, client: FlaskClient, token: str, monkeypatch: pytest.MonkeyPatch):
        self.client, self.monkeypatch = client, monkeypatch
        self.headers = {"Authorization": f"Bearer {token}"}

    def on(self, day: str) -> None:
        """It is this day wherever somebody asks which day it is."""
        asks = [m for m in list(sys.modules.values()) if getattr(m, "today", None) is self.real]
        for module in asks:
            self.monkeypatch.setattr(module, "today", lambda: dt.date.fromisoformat(day))

    real: Any = staticmethod(clock.today)

    def page(self, path: str, day: str) -> str:
        """The words of a page on a day, in one line."""
        self.monkeypatch.undo()
        self.on(day)
        answer = self.client.get(path, headers=self.headers)
        assert answer.status_code == 200, path
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


@pytest.fixture(scope="package")
def served(year: Year) -> tuple[FlaskClient, str]:
    token = Tokens(year.store.engine).make(
        Accounts(year.store.engine).add("clerk", ["SEC"], "p-clerk"), "test"
    )
    url = year.store.url.render_as_string(hide_password=False)
    return create_app(RecordSettings(database_url=url, secret_key="only for tests")).test_client(), token


@pytest.fixture
def office(served: tuple[FlaskClient, str], monkeypatch: pytest.MonkeyPatch) -> Office:
    return Office(*served, monkeypatch)


def row_of(page: str, name: str) -> str:
    """What stands on the roster behind a name, up to the next one."""
    _, _, rest = page.partition(name)
    return rest.partition("架空 ")[0]


def test_a_chair_elected_from_next_month_is_next_months_chair(office: Office) -> None:
    march, april = (office.page("/council", day) for day in (MARCH, APRIL))
    assert "座長" in row_of(march, "架空 一葉") and "座長" not in row_of(march, "架空 二葉")
    assert "座長" in row_of(april, "架空 二葉") and "座長" not in row_of(april, "架空 一葉")
    assert "令和8年(2026年)4月1日から新しい座長" in march and "から新しい座長" not in april


def test_who_has_a_seat_from_april_does_not_sit_in_march(office: Office) -> None:
    march, april = (office.page("/council", day) for day in (MARCH, APRIL))
    assert "架空 九重" in march and "架空 睦月" not in march
    assert "架空 九重" not in april and "架空 睦月" in april
    assert "架空 初音" in march  # seat 15, since September


def test_the_rules_are_those_of_the_day(office: Office) -> None:
    """Of three versions the last to be recorded begins in April, and the second was recorded late."""
    october, march, april = (
        office.page("/council", day).partition("議事の規則")[2] for day in ("2025-09-30", MARCH, APRIL)
    )
    assert "在任委員の半数以上" in october and "閉会から45日以内" in october
    assert "在任委員の過半数" in march and "閉会から30日以内" in march
    assert "在任委員の半数以上" in april and "閉会から20日以内" in april
    assert "令和8年(2026年)4月1日から会議規則（第3版）" in office.page("/council", MARCH)


def test_a_meeting_is_counted_by_the_rules_of_its_day(office: Office) -> None:
    """Seven were there; by the rules that were recorded only later eight were needed."""
    meeting = office.page("/meetings/meeting-4", MARCH)
    assert "8" in meeting and "不成立" in meeting
    assert "不成立（必要8人）" in office.page("/meetings", MARCH)
    assert "必要な 8人 に足りませんでした" in office.page("/matters/matter-fund", MARCH)


@pytest.mark.parametrize(
    ("plan", "day", "label"),
    [
        ("plan-first", MARCH, "計画期間中"),
        ("plan-second", MARCH, "公表済み（計画期間はこれから）"),
        ("plan-first", APRIL, "次の計画に交代"),
        ("plan-second", APRIL, "計画期間中"),
        ("plan-second", "2031-04-01", "計画期間は終了"),
    ],
)
def test_a_plan_holds_in_its_years(office: Office, plan: str, day: str, label: str) -> None:
    assert label in office.page(f"/plans/{plan}", day)


def test_what_is_settled_has_not_happened(office: Office) -> None:
    march, april = (office.page("/timeline?year=2026", day) for day in (MARCH, APRIL))
    assert "座長の選出（これから）" in march and "座長の選出（これから）" not in april
    assert "会議の予定（これから）" in april  # 16 April


def test_the_next_meeting_is_the_next_from_today_on(office: Office) -> None:
    coming = "次の会議: 第7回全体会"
    assert coming in office.page("/meetings", MARCH) and "第7回全体会" in office.page("/", MARCH)
    assert coming not in office.page("/meetings", "2026-04-17")
    assert "第7回全体会" not in office.page("/", "2026-04-17")


@pytest.mark.parametrize(
    ("query", "day"),
    [
        ("", MARCH),
        ("?in_force_on=2026-04-01", APRIL),
        ("?as_known_on=2025-09-30", "2025-09-30"),
        ("?as_known_on=2026-03-20&in_force_on=2026-04-01", APRIL),
    ],
)
def test_in_a_page_of_the_past_now_is_then(office: Office, query: str, day: str) -> None:
    office.on(MARCH)
    with office.client.application.test_request_context(f"/council{query}"):
        assert as_of.day_shown() == dt.date.fromisoformat(day)
