"""The account of a decision 決定の経緯: what it says, to whom, as of when, and how long it is."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from api.pages.parts.names import Names
from api.papers import decision, html, pdf
from api.papers.frame import frame_of
from api.papers.structure import Facts, Paper, Table, pages_of
from api.reads.reading import reading
from domain.sample.record import make_sample
from projections.registry import open_store
from projections.tables.durable import ACCESS_LOG
from tests.api.papers.conftest import Asked, said
from tests.api.site import get
from tests.support.copies import Copies
from tests.support.served import served

MATTERS = ("desk", "twice", "centre", "fund", "plan")


def course(paper: Paper) -> list[tuple[str, ...]]:
    (table,) = paper.sections[1].blocks
    assert isinstance(table, Table)
    return list(table.rows)


def account(asked: Asked, matter: str, query: str = "", **headers: Any) -> Paper:
    return asked.paper(f"/matters/matter-{matter}/account{query}", headers or None)


def test_it_has_eight_parts_and_says_who_asked_what_and_why(asked: Asked) -> None:
    paper = account(asked, "desk")
    headings = [
        "案件と提起",
        "経過",
        "検討した案と理由",
        "賛否と少数意見",
        "市の決定",
        "その後",
        "記録にない事項",
        "訂正",
    ]
    assert [s.heading for s in paper.sections] == [f"{n}　{h}" for n, h in enumerate(headings, 1)]
    assert paper.title == "相談窓口の設け方の決定に至る経緯"
    assert said(paper, 1) == (
        "市民活動の相談窓口をどう設けるか。\n"
        "提起した者は委員、提起の日は令和7年5月2日（金）。理由は「始め方が分からないという声が多いため」。"
        "役割の根拠は条例第17条第2項。求めるものは決定。もとになったものは「活動を始める人を支える」。"
    )


def test_its_course_is_in_the_order_of_days_and_what_has_none_comes_last(asked: Asked) -> None:
    rows = course(account(asked, "desk"))
    assert [(row[0], row[1]) for row in rows] == [
        ("令和7年5月2日（金）", "案件の提起"),
        ("令和7年5月20日（火）", "案の提案"),
        ("令和7年5月30日（金）", "案の取下げ"),
        ("令和7年6月1日（日）", "資料の添付"),
        ("令和7年6月2日（月）", "案の確定"),
        ("令和7年6月10日（火）", "資料の添付"),
        ("令和7年6月12日（木）", "第2回全体会"),
        ("令和7年6月20日（金）", "市への送付"),
        ("令和7年7月4日（金）", "資料の添付"),
        ("令和7年7月15日（火）", "会議録の公表"),
        ("令和7年8月5日（火）", "市の回答"),
        ("令和7年8月7日（木）", "市長の決定"),
        ("日付の記録なし", "資料の添付"),
    ]
    voted = rows[6]
    assert voted[2] == (
        "挙手・起立により条件付き可決（公民館を巡回する）。賛成6人、反対3人、棄権1人。"
        "出席10人、在任13人、成立（必要7人）。"
    )
    assert voted[3] == "市民活動団体アンケート（回答48団体）、近隣3市の相談窓口の例"
    assert rows[7][4] == "7み協発第9号"


def test_it_says_what_the_city_decided_otherwise_and_what_it_promised(asked: Asked) -> None:
    paper = account(asked, "desk")
    (facts,) = paper.sections[4].blocks
    assert isinstance(facts, Facts)
    pairs = dict(pair for row in facts.rows for pair in row)
    assert pairs == {
        "決定": "市役所1階に月2回の窓口を置く。",
        "結論との違い": "場所：結論「公民館4館」、決定「市役所1階」",
        "決裁者": "市長",
        "決裁日": "令和7年8月7日（木）　結論の56日後",
        "文書番号": "7み協第14号",
        "施行日": "記録なし",
        "市の回答": "受け入れない。理由は「公民館には相談に応じる職員を置けないため」。",
    }
    assert said(paper, 6) == "市の約束：利用状況を市民会議に報告する（令和8年2月28日・実施の記録なし）"
    assert "少数意見：委員「市役所に置けば職員にすぐ聞ける」（少数意見の用紙 1枚目）" in said(paper, 4)


def test_what_was_corrected_is_marked_and_told_at_the_end(asked: Asked) -> None:
    paper = account(asked, "plan")
    assert ("令和8年2月9日（月）※", "市長の決定") in [row[:2] for row in course(paper)]
    assert "決裁日\n令和8年2月9日（月）※" in said(paper, 5)
    assert said(paper, 8) == (
        "市の決定：決定日を「令和8年2月2日」から「令和8年2月9日」に改めた。"
        "理由は「決裁文書の日付を読み違えたため」。令和8年2月25日（水）に訂正（承認：座長）。"
    )
    assert paper.intro[0].endswith("※は訂正があるもの（8を参照）。")
    assert "※" not in "".join(account(asked, "desk").texts)


def test_what_nobody_recorded_is_said_and_never_made_up(asked: Asked) -> None:
    paper = account(asked, "centre")
    assert paper.title == "協働センターのあり方の検討の経緯"
    assert "提起の日は記録なし" in said(paper, 1)
    assert [(row[0], row[1]) for row in course(paper)] == [
        ("令和7年8月1日（金）", "案の提案"),
        ("令和7年8月4日（月）", "第3回（書面協議）"),
        ("令和8年3月13日（金）", "第6回全体会"),
        ("令和8年4月16日（木）", "第7回全体会"),
        ("日付の記録なし", "案件の提起"),
    ]
    assert said(paper, 5) == "市の決定の記録なし。\n市の回答\n記録なし"
    assert "「案件の提起」の日付" in said(paper, 7)


def test_a_meeting_that_was_not_entitled_to_decide_is_said_to_be(asked: Asked) -> None:
    assert any("出席7人、在任14人、不成立（必要8人）" in row[2] for row in course(account(asked, "fund")))


def test_as_known_earlier_it_says_what_was_known_and_of_which_day(asked: Asked) -> None:
    before = account(asked, "plan", "?as_known_on=2026-02-20")
    assert before.intro[0] == "令和8年2月20日（金）までに記録されたことによる。"
    assert ("令和8年2月2日（月）", "市長の決定") in [row[:2] for row in course(before)]
    assert "※" not in "".join(before.texts)
    assert before.foot[0] == "この書類は、記録の240件目までから作成した。"
    assert "as_known_on=2026-02-20" in before.foot[1]


def test_it_tells_position_and_address_and_is_the_same_for_everybody(asked: Asked) -> None:
    assert account(asked, "desk").foot == (
        "この書類は、記録の265件目までから作成した。",
        "同じ内容は、/matters/matter-desk で確かめられる。",
    )


def test_the_office_gets_names_which_is_noted_and_the_public_copy_on_asking(
    asked: Asked, year: Flask, office: dict[str, str]
) -> None:
    named = account(asked, "desk", **office)
    assert "提起した者は架空" in said(named, 1)
    assert "少数意見：架空" in said(named, 4)
    assert named.foot[2].startswith("事務局用の写し")
    with year.extensions["kyodo-store"].get().engine.connect() as connection:
        noted = ACCESS_LOG.c.code == "PERSONAL_DATA_READ"
        read = connection.scalars(sa.select(ACCESS_LOG.c.entity).where(noted))
        assert {"p-04", "p-07", "p-09", "p-10"} <= set(read)
    assert account(asked, "desk", "?for=public", **office) == account(asked, "desk")


def test_the_page_of_the_matter_leads_to_it_and_it_back(anybody: FlaskClient) -> None:
    for prefix, label in (("", "決定の経緯（1枚）"), ("/en", "how it was decided, on one page")):
        page = get(anybody, f"{prefix}/matters/matter-desk")
        assert label in page.text
        paper = get(anybody, f"{prefix}/matters/matter-desk/account")
        assert paper.status == 200 and f"http://site{paper.path}" in page.links
        ends = ("", "/account.pdf", "/account.docx")
        links = {f"http://site{prefix}/matters/matter-desk{end}" for end in ends}
        assert links <= paper.links
        assert list(paper.unmarked_japanese()) == []


# ------------------------------------------------------------------------------------------------- length


def _layout(paper: Paper) -> int:
    """How many pages it is set on."""
    made = pdf.library().HTML(string=html.html_of(paper), base_url="paper:", url_fetcher=pdf._fetcher())
    style = pdf._style(pdf._STYLE.read_text("utf-8"))
    return len(made.render(stylesheets=[style], font_config=pdf._fonts()).pages)


@pytest.mark.parametrize("matter", MATTERS)
def test_every_account_of_the_year_is_one_page(asked: Asked, matter: str) -> None:
    with asked.request(f"/matters/matter-{matter}/account") as (kind, ids):
        paper = kind.paper(**ids)
        assert _layout(paper) == 1 and pages_of(paper) <= 1


@pytest.mark.slow
def test_every_account_of_the_sample_fits_and_is_as_long_as_is_reckoned(
    copies: Copies, tmp_path_factory: pytest.TempPathFactory
) -> None:
    url = copies.sqlite("sample", _sample, tmp_path_factory.mktemp("sample"))
    with served(url) as app:
        matters = [m["matter_id"] for m in app.test_client().get("/api/v1/matters?limit=200").json["items"]]
        assert len(matters) > 8
        papers = [Asked(app).paper(f"/matters/{matter}/account") for matter in matters]
        assert all(pages_of(paper) <= decision.MOST_PAGES for paper in papers)
        longest = sorted(papers, key=pages_of)[-4:]  # tests/papers_opened.py sets every one
        with app.test_request_context("/"):
            assert [_layout(paper) <= -(-pages_of(paper) // 1) for paper in longest] == [True] * 4


def _sample(url: str) -> None:
    store = open_store(url)
    store.create()
    make_sample(store.application, 5)
    store.close()


def test_a_matter_with_more_of_everything_than_fits_is_cut_and_says_so(asked: Asked, year: Flask) -> None:
    with asked.request("/matters/matter-desk/account"), reading() as connection:
        data = decision.read(connection, "matter-desk")
        matter = data["matter"]
        for name in ("OptionProposed", "DissentFiled", "EvidenceAttached", "OptionWithdrawn"):
            matter[name] = [_longer(e, n) for e in matter[name] for n in range(30)]
        matter["MatterRaised"][0]["question"] = "とても長い問い。" * 400
        paper = decision.make(data, Names(connection, data), frame_of(connection, "/", public=True))
        assert _layout(paper) <= decision.MOST_PAGES
        texts = "".join(paper.texts)
        assert "…（略）" in texts and "ほか" in texts and "この間の" in texts


def _longer(e: dict[str, Any], n: int) -> dict[str, Any]:
    longer = deepcopy(e)
    for name in ("text", "label", "reason"):
        if longer.get(name):
            longer[name] = f"{n}。" + longer[name] * 60
    day = f"2025-05-{1 + n % 28:02d}"
    effective = {"value": day, "precision": "day", "basis": "stated", "earliest": day, "latest": day}
    longer["said"]["effective"] = {**longer["said"]["effective"], **effective}
    return longer
