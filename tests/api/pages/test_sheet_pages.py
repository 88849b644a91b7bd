"""The page of an evaluation sheet and the list of an action's sheets, for the staff and for the public."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient

from projections.engine.store import Store
from tests.api.conftest import Teller
from tests.api.site import get
from tests.support.given import give
from tests.support.stories.sheets import ACTION, FY, SHEET, given_a_sheet, given_an_action_under_way

Fill = Callable[[str], Any]


@pytest.fixture
def filled(store: Store) -> Fill:
    """Take a sheet of the application's record as far as a test needs it."""
    do = partial(give, store.application)
    given_an_action_under_way(do)
    return partial(given_a_sheet, do)


def test_both_sides_stand_next_to_each_other_in_words(client: FlaskClient, filled: Fill) -> None:
    filled("published")
    page = get(client, f"/sheets/{SHEET}")
    assert page.status == 200
    for words in (
        "市民側",
        "行政側",
        "対等",
        "行政側が2高い（大きな差）",
        "差を併記",
        "受け止めが違う",
        "合意: 4",
    ):
        assert words in page.text, words
    assert "p-ev" not in page.html and "p-sec" not in page.html
    english = get(client, f"/en/sheets/{SHEET}")
    assert "government higher by 2 (wide)" in english.text and "agreed: 4" in english.text
    assert list(english.unmarked_japanese()) == []


def test_the_action_shows_where_its_sides_differ(client: FlaskClient, filled: Fill) -> None:
    filled("published")
    page = get(client, f"/actions/{ACTION}")
    assert "対等（市民側2、行政側4）" in page.text
    assert f"http://site/sheets/{SHEET}" in page.links
    assert list(get(client, f"/en/actions/{ACTION}").unmarked_japanese()) == []


def test_what_is_not_published_is_a_stub_to_the_public(client: FlaskClient, filled: Fill) -> None:
    filled("improvement_agreed")
    page = get(client, f"/sheets/{SHEET}")
    assert page.status == 200 and "非公開（理由: 審議検討情報）" in page.text
    assert "対等" not in page.text and "双方による評価" not in get(client, f"/actions/{ACTION}").text
    for path in (
        "/api/v1/sheets",
        "/api/v1/sheets?state=improvement_agreed",
        f"/api/v1/actions/{ACTION}/sheets",
    ):
        assert client.get(path).get_json()["items"] == [], path


def test_the_staff_finds_sheets_by_action_year_and_state(
    client: FlaskClient, filled: Fill, secretary: Teller
) -> None:
    filled("unsealed")
    staff = {"Authorization": f"Bearer {secretary.token}"}

    def found(path: str) -> list[str]:
        answered = client.get(f"/api/v1/{path}", headers=staff)
        assert answered.status_code == 200
        return [sheet["sheet_id"] for sheet in answered.get_json()["items"]]

    for path in ("sheets", f"sheets?action_id={ACTION}", f"sheets?fiscal_year={FY}", "sheets?state=unsealed"):
        assert found(path) == [SHEET], path
    assert found(f"actions/{ACTION}/sheets") == found(f"actions/{ACTION}/sheets?fiscal_year={FY}") == [SHEET]
    for path in ("sheets?action_id=action-none", "sheets?fiscal_year=2020", "sheets?fiscal_year=２０２６",
                 "sheets?state=published", "actions/action-none/sheets"):  # fmt: skip
        assert found(path) == [], path


def test_a_sheet_nobody_opened_is_not_found(client: FlaskClient) -> None:
    for path in ("/sheets/sheet-none", "/sheets/sheet-none.json", "/api/v1/sheets/sheet-none"):
        assert client.get(path).status_code == 404
