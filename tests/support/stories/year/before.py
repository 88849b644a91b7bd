"""What the year found: the city, its ordinance, its first plan, and a forum in its first year (FY2024)."""

from __future__ import annotations

from typing import Any

from domain.evaluation_sheet.template import CURRENT, TEMPLATES
from tests.support.stories.year.teller import Teller, day, written_down

FORUM, SHEET = "PlanAction action-forum", "EvaluationSheet sheet-forum-2024"
ORGANISATIONS = {
    "org-town": ("みなも町会連合会（架空）", "neighbourhood"),
    "org-children": ("みなも子ども会連絡会（架空）", "childcare"),
    "org-npo": ("まちの灯り（架空）", "npo"),
    "org-shops": ("みなも商店会（架空）", "company"),
}
NAMES = (
    *("一葉", "二葉", "三枝", "四郎", "五月", "六花", "七海", "八雲"),
    *("九重", "十和", "百合", "千歳", "万里", "零士", "初音", "睦月"),
)
"""The given names of the holders of seat 1 to seat 16. All of them are of the family 架空 (fictional)."""


@written_down("2024-04-01")
def city_and_ordinance(year: Teller) -> None:
    city = {"name_ja": "みなも市（架空）", "category": "municipality"}
    year.do("SEC", "Party org-city", "register_organisation", **city)
    for party, (name, category) in ORGANISATIONS.items():
        year.do("SEC", f"Party {party}", "register_organisation", name_ja=name, category=category)
    for party, name, post in (
        ("p-clerk", "架空 書記", "市民協働課主査"),
        ("p-head", "架空 課長", "市民協働課長"),
        ("p-dis", "架空 公開", "情報公開担当"),
        ("p-ev-c", "架空 団体側", None),
        ("p-ev-g", "架空 行政側", None),
    ):
        year.do("SEC", f"Party {party}", "register_person", name=name, post=post)
    law = "LegalInstrument law-minamo"
    enacted = {"title_ja": "みなも市市民協働条例（架空）", "number": "令和6年条例第3号"}
    year.do("SEC", law, "enact", **enacted, enacted=day("2024-03-22"), in_force_from=day("2024-04-01"))
    for article, heading, texts in (
        (16, "推進施策", ["市長は、推進計画を定め、施策を行う。"]),
        (17, "市民会議", ["市民と市は、市民会議を組織する。", "市民会議は、推進計画に関して協議する。"]),
    ):
        paragraphs = [{"paragraph": n, "text_ja": text} for n, text in enumerate(texts, 1)]
        year.do("SEC", law, "record_article", article=article, heading=heading, paragraphs=paragraphs)
    plan = "PromotionPlan plan-first"
    known = {"title_ja": "第1期みなも市協働推進計画（架空）", "approved_by": "市長"}
    period = {"period_from_fy": 2023, "period_to_fy": 2025, "published_on": day("2023-03-20")}
    year.do("IMP", plan, "register", when="2023-03-10", **known, **period, measures_total=2)
    for measure, text, item in (
        ("measure-meet", "市民と市が出会う場をつくる", 1),
        ("measure-start", "活動を始める人を支える", 2),
    ):
        year.do(
            "SEC", plan, "state_measure", when="2023-03-10", measure_id=measure, text_ja=text, art16_item=item
        )


@written_down("2024-05-10")
def the_forums_first_year(year: Teller) -> None:
    """FY2024: 500 thousand yen, targets agreed before, a forum of 62."""
    title = {"title_ja": "協働フォーラム（架空）", "measure_id": "measure-meet", "owner": "org-city"}
    year.do("SEC", FORUM, "register", when="2024-04-01", **title)
    year.do("SEC", FORUM, "open_cycle", fiscal_year=2024)
    thousand = {"kind": "initial", "amount_yen": 500_000, "stated_amount": 500, "stated_unit": "千円"}
    year.do("SEC", FORUM, "allocate_budget", fiscal_year=2024, **thousand, document_no="6み財第12号")
    newcomers = [{"name": "初めての参加者", "unit": "人", "target": "30"}]
    plan: dict[str, Any] = {"goals": ["初めての人に来てもらう"], "indicators": newcomers}
    year.do("SEC", FORUM, "plan_cycle", when="2024-05-08", fiscal_year=2024, **plan)
    sides = {"side_c": "p-ev-c", "side_g": "p-ev-g"}
    year.do("SEC", SHEET, "open", action_id="action-forum", fiscal_year=2024, stage="end", **sides)
    year.do("SEC", SHEET, "agree_targets", indicators=newcomers, beneficiary_target="参加者20人に聞く")


@written_down("2024-11-10")
def the_forums_first_evening(year: Teller) -> None:
    year.do("SEC", FORUM, "start_implementation", when="2024-06-03", fiscal_year=2024)
    forum = {"activity_id": "forum-2024", "kind": "forum", "held_on": day("2024-11-03")}
    counted = {"participants": 62, "first_time": 28, "returning": 30, "unknown": 4}
    year.do("SEC", FORUM, "record_activity", **forum, place="みなも市民プラザ", **counted)
    year.do("SEC", FORUM, "complete_implementation", when="2024-11-03", fiscal_year=2024)


def scores(**others: int) -> list[dict[str, Any]]:
    """3, as expected, for every item but those named; below 3 with a reason."""
    made = []
    for code in TEMPLATES[CURRENT].codes:
        score = others.get(code, 3)
        comment = {"comment": "連絡が前日になった日があった"} if score < 3 else {}
        made.append({"item": code, "score": score, **comment})
    return made
