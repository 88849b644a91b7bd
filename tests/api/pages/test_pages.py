"""The public site over Kanazawa's own history and over a fictional record: true, whole, in two languages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.setup.record_settings import FICTIONAL, keep_setting
from domain.sample.record import make_sample
from domain.values.calendar import JAPAN
from projections.engine.store import Store
from tests.api.site import MENU, Page, get, kanazawas_history, site, targets, walk

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
A_DAY = re.compile(rf"\d+月\d+日|\d{{1,2}} (?:{MONTHS}) \d{{4}}")
A_KEY = re.compile(r"(?<![\w/.#-])[a-z]+(?:_[a-z0-9]+)+(?![\w/])")


@pytest.fixture(scope="module")
def kanazawa_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The site over Kanazawa's own history."""
    yield from site(tmp_path_factory.mktemp("kanazawa"), kanazawas_history)


@pytest.fixture(scope="module")
def fictional_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The site over a fictional record with meetings, matters and money."""

    def fill(store: Store) -> None:
        make_sample(store.application, 6)
        keep_setting(store.engine, FICTIONAL, "yes")

    yield from site(tmp_path_factory.mktemp("fictional"), fill)


@pytest.fixture(scope="module")
def kanazawa(kanazawa_site: Flask) -> FlaskClient:
    return kanazawa_site.test_client()


@pytest.fixture(scope="module")
def fictional(fictional_site: Flask) -> FlaskClient:
    return fictional_site.test_client()


@pytest.fixture(scope="module")
def pages(kanazawa: FlaskClient) -> dict[str, Page]:
    """Every page of Kanazawa's history that can be reached from the two home pages."""
    return walk(kanazawa, ["/", "/en/"])


@pytest.fixture(scope="module")
def fictional_pages(fictional: FlaskClient) -> dict[str, Page]:
    return walk(fictional, ["/", "/en/"])


# ------------------------------------------------------------------------------- every page there is


def test_every_page_that_is_linked_to_answers(
    pages: dict[str, Page], fictional_pages: dict[str, Page]
) -> None:
    assert {*MENU, *(f"/en{path}" for path in MENU[1:]), "/en/"} <= pages.keys()
    assert [path for path, page in pages.items() if page.status != 200] == []
    assert [path for path, page in fictional_pages.items() if page.status != 200] == []
    assert len(pages) > 100


def test_every_link_to_a_part_of_a_page_finds_it(pages: dict[str, Page]) -> None:
    missing = [
        f"{path} → {other}#{anchor}"
        for path, page in pages.items()
        for other, anchor in targets(page)
        if anchor and anchor not in pages[other].ids
    ]
    assert missing == []


def test_the_only_day_on_the_whole_site_is_the_day_of_the_founding(pages: dict[str, Page]) -> None:
    """Besides today's, where a figure or an answer says on which day it was computed."""
    now = dt.datetime.now(JAPAN).date()
    today = {f"{now.month}月{now.day}日", f"{now.day} {now:%B} {now.year}"}
    printed = {day for page in pages.values() for day in A_DAY.findall(page.html)}
    assert printed - today == {"3月1日", "1 March 2006"}
    machine = {day for page in pages.values() for day in re.findall(r'datetime="([^"T]+)"', page.html)}
    assert machine - {now.isoformat()} == {"2006-03-01"}


def test_the_moment_of_recording_is_never_shown_as_a_date(pages: dict[str, Page]) -> None:
    shown = [
        text
        for page in pages.values()
        for text in re.findall(r"(?:記録|Recorded): <time[^>]*>([^<]+)<", page.html)
    ]
    assert shown
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\dZ", text) for text in shown)


def test_no_key_of_the_record_is_shown_to_a_reader(
    pages: dict[str, Page], fictional_pages: dict[str, Page]
) -> None:
    shown = {key for page in [*pages.values(), *fictional_pages.values()] for key in A_KEY.findall(page.text)}
    assert shown == set()
    assert not [path for path, page in pages.items() if re.search(r"\bNone\b|\bundefined\b", page.text)]


def test_what_is_japanese_is_marked_so_on_english_pages(
    pages: dict[str, Page], fictional_pages: dict[str, Page]
) -> None:
    for path, page in [*pages.items(), *fictional_pages.items()]:
        if path.startswith("/en/"):
            assert 'html lang="en"' in page.html
            assert list(page.unmarked_japanese()) == [], path
        else:
            assert 'html lang="ja"' in page.html, path


def test_every_page_names_its_counterpart_in_the_other_language(kanazawa: FlaskClient) -> None:
    page = kanazawa.get("/actions?year=2007").get_data(as_text=True)
    assert '<link rel="alternate" hreflang="en" href="/en/actions?year=2007">' in page
    page = kanazawa.get("/en/actions").get_data(as_text=True)
    assert '<link rel="alternate" hreflang="ja" href="/actions">' in page


def test_nothing_is_scripted_or_styled_inline(pages: dict[str, Page]) -> None:
    inline = r'<script(?! src="/static/)|<style|\sstyle=|\son\w+='
    assert not [path for path, page in pages.items() if re.search(inline, page.html)]


# ------------------------------------------------------------------------------- what the pages say


def test_the_home_page_shows_the_founding_in_the_words_of_the_source(kanazawa: FlaskClient) -> None:
    page = get(kanazawa, "/")
    assert "平成18年3月1日" in page.text
    assert "条例第17条第1項" in page.text and "金沢市による記述" in page.text.replace(" ", "")
    assert "会議で決めた案件の記録は、まだありません" in page.text
    assert "4つの事業" in page.text and "4つの問い、答えの記録なし" in page.text


def test_money_is_shown_in_yen_and_in_the_unit_of_the_source(kanazawa: FlaskClient) -> None:
    for path in ("/actions", "/en/actions"):
        page = kanazawa.get(path).get_data(as_text=True)
        for thousand, yen in (
            (3400, 3_400_000),
            (200, 200_000),
            (80, 80_000),
            (500, 500_000),
            (780, 780_000),
        ):
            assert f"{thousand:,}千円" in page and f"¥{yen:,}" in page
        assert "4,180千円" in page
    assert "決算不明" in get(kanazawa, "/actions").text
    assert "¥0" not in get(kanazawa, "/actions").text


def test_what_is_inferred_says_so(kanazawa: FlaskClient) -> None:
    for path in ("/timeline", "/actions", "/issues", "/plans/plan-kyodo-suishin", "/study"):
        assert "推定" in get(kanazawa, path).text, path
        assert "inferred" in get(kanazawa, f"/en{path}").text, path


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/council", "委員の氏名・人数・任期"),
        ("/council", "会議の記録なし"),
        ("/study", "検討の結果は記録されていません"),
        ("/actions/action-rulebook", "作成部数"),
        ("/matters", "案件の記録はありません"),
        ("/meetings", "いまある出典には書かれていません"),
        ("/ordinance", "条例番号"),
        ("/plans/plan-kyodo-suishin", "計画期間"),
        ("/groups/group-centre-study-team", "構成員と代表"),
    ],
)
def test_what_is_not_recorded_is_said(kanazawa: FlaskClient, path: str, said: str) -> None:
    assert said in get(kanazawa, path).text


def test_a_claim_names_its_author_and_keeps_its_hedge(kanazawa: FlaskClient) -> None:
    page = get(kanazawa, "/en/issues").text
    assert "as stated by the prefecture ( 石川県 )" in page
    assert "深まったようであり" in page
    assert "as stated by the city ( 金沢市 )" in page


def test_the_trail_of_the_study_leads_from_article_17_to_four_questions(kanazawa: FlaskClient) -> None:
    page = get(kanazawa, "/study")
    for said in ("条例第17条（協働をすすめる市民会議）", "市民会議の設置", "検討チーム"):
        assert said in page.text
    for question in ("necessity", "functions", "location", "operation"):
        assert question in page.ids
    assert 'href="/api/v1/things/study-centre/trail.prov.json"' in page.html


def test_the_photograph_is_a_stub(kanazawa: FlaskClient) -> None:
    page = get(kanazawa, "/sources/doc-photo-council").text
    assert "写真（非公開）" in page and "個人情報" in page
    assert not [
        p for p in ("/sources", "/trails/doc-photo-council") if "市民会議の様子" in get(kanazawa, p).text
    ]


def test_the_councils_conclusion_and_the_citys_decision_are_two_facts(fictional: FlaskClient) -> None:
    matters = fictional.get("/matters.json").get_json()["matters"]
    decided = next(m["matter_id"] for m in matters if m.get("CityDecisionRecorded"))
    page = get(fictional, f"/matters/{decided}").text
    assert "市民会議の結論" in page and "市の決定" in page
    assert re.search(r"市民会議は.*を選びました。", page) and re.search(r"市は、.*と決めました。", page)


def test_members_are_not_named_by_their_ids(fictional_pages: dict[str, Page]) -> None:
    assert not [
        path for path, page in fictional_pages.items() if re.search(r"\bp-\w+-\d+|\bap?-\d{2,}", page.text)
    ]
    assert "（氏名は公開していません）" in fictional_pages["/council"].text


def test_a_fictional_record_says_so_on_every_page(
    fictional_pages: dict[str, Page], pages: dict[str, Page]
) -> None:
    assert all("架空の記録です" in p.text or "Fictional record" in p.text for p in fictional_pages.values())
    assert not any("架空の記録です" in p.text or "Fictional record" in p.text for p in pages.values())
    assert "金沢" not in fictional_pages["/"].text


# ------------------------------------------------------------------------------- filters and languages


def test_a_year_of_the_timeline_is_the_fiscal_year_unless_it_is_a_calendar_year(
    kanazawa: FlaskClient,
) -> None:
    assert "検討チーム" in get(kanazawa, "/timeline?year=2008").text
    ordinance = get(kanazawa, "/timeline?year=2005").text
    assert "参加及び協働の推進に関する条例" in ordinance and "どの年度かは分かりません" in ordinance
    assert "協働をすすめる市民会議" in get(kanazawa, "/timeline?year=FY2005&kind=Council").text
    assert "この条件に合う出来事の記録はありません" in get(kanazawa, "/timeline?year=1999").text


def test_without_a_slash_the_english_home_page_is_still_english(kanazawa: FlaskClient) -> None:
    answer = kanazawa.get("/en")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/en/")


def test_a_trail_asked_for_below_a_page_is_found(kanazawa: FlaskClient) -> None:
    assert kanazawa.get("/en/studies/study-centre/trail").headers["Location"] == "/en/trails/study-centre"


def test_an_issue_is_found_on_the_page_of_issues(kanazawa: FlaskClient) -> None:
    assert kanazawa.get("/issues/device-grouping").headers["Location"] == "/issues#device-grouping"
    assert kanazawa.get("/issues/nothing").status_code == 404
