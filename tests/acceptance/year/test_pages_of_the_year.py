"""A decision's page and home on one real year: what story.md says, in its order, with its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from tests.api.site import Page, get
from tests.support.served import served
from tests.support.stories.year.record import Year

ORDER = ("options", "voices", "dissent", "who", "answer", "after", "unknown", "trail", "take")
"""The sections of a decision's page, in the order in which they stand."""


@pytest.fixture(scope="module")
def reader(year: Year) -> Iterator[FlaskClient]:
    with served(str(year.store.engine.url.render_as_string(hide_password=False))) as app:
        yield app.test_client()


def tells(page: Page) -> list[str]:
    """The sentences at the head of a page, without their evidence."""
    shown = re.findall(r'<p class="tell [^"]*">(.*?)</p>', page.html, re.DOTALL)
    plain = [re.sub(r'<a class="(?:ev|fix)".*?</a>', "", text) for text in shown]
    return [re.sub(r"<[^>]*>", "", text).strip() for text in plain]


def test_a_declined_proposal_and_the_decision_that_differs(reader: FlaskClient) -> None:
    page = get(reader, "/matters/matter-desk")
    assert tells(page) == [
        "市民会議は6対3（棄権1）で、条件を付けて「公民館を巡回する」を選びました。",
        "市は、提言を受け入れず、場所は「公民館4館」でなく「市役所1階」と決めました。",
        "費用の記録はありません。0円という意味ではありません。",
    ]
    places = [page.html.index(f'id="{anchor}"') for anchor in ORDER]
    assert places == sorted(places)
    assert "<mark>公民館4館</mark>" in page.html and "<del>公民館4館" in page.html
    assert "市役所に置けば職員にすぐ聞ける。" in page.text and "費用を見てから決めたい。" in page.text
    assert "市が約束した「利用状況を市民会議に報告する」を行ったか" in page.text
    description = re.search(r'<meta name="description"\s+content="([^"]*)"', page.html)
    assert description is not None and description[1] == "".join(tells(page))


def test_every_number_under_a_sentence_leads_to_its_event(reader: FlaskClient) -> None:
    for path in ("desk", "fund", "centre", "plan", "twice"):
        page = get(reader, f"/matters/matter-{path}")
        leads = re.findall(r'<a class="(?:ev|fix)" href="#([^"]*)"', page.html)
        assert set(leads) <= page.ids and (leads or path == "twice"), path


def test_too_few_members_are_said_in_the_first_sentence(reader: FlaskClient) -> None:
    council, city, _ = tells(get(reader, "/matters/matter-fund"))
    assert "ただし、出席した7人は、必要な8人に足りていません。" in council
    assert city.endswith("市の決定は記録されていません。")


def test_a_meeting_that_only_lists_the_matter_is_shown(reader: FlaskClient) -> None:
    page = get(reader, "/matters/matter-centre")
    assert {f"http://site/meetings/meeting-{n}" for n in (3, 6, 7)} <= page.links
    council, *_ = tells(page)
    assert council.startswith("市民会議は、話し合いを続けることにしました。結論は、まだ記録されていません。")


def test_what_was_corrected_stands_beside_what_stands(reader: FlaskClient) -> None:
    page = get(reader, "/matters/matter-plan")
    assert "<del>令和8年(2026年)2月2日</del>" in page.html and "令和8年2月9日" in page.text
    assert any(anchor.startswith("fix-") for anchor in page.ids)
    assert "決裁文書の日付を読み違えたため" in page.text


def test_a_withdrawn_matter_says_that_it_was_a_mistake(reader: FlaskClient) -> None:
    assert tells(get(reader, "/matters/matter-twice"))[0] == "誤って登録されたため、取り下げられました。"


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_home_answers_in_its_order(reader: FlaskClient, prefix: str) -> None:
    page = get(reader, f"{prefix}/")
    order = ("decided", "answers", "next", "join", "money", "talking", "trust")
    places = [page.html.index(f'id="{anchor}"') for anchor in order]
    assert places == sorted(places)
    assert list(page.unmarked_japanese()) == []
    if not prefix:
        assert "市民 14人 が話し合い" in page.text and "実際に決めるのは市です。" in page.text
        assert "3件 のうち、市は 2件 を、全部または一部受け入れました。" in page.text
        assert "市は、提言を受け入れず、場所は「公民館4館」でなく「市役所1階」と決めました。" in page.text
