"""P1 to P13 on one real year, each answer worked out by hand from tests/support/stories/year/story.md."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.support.stories.year.before import NAMES
from tests.support.stories.year.record import Year

COUNCIL = "council-minamo"


def ja(told: list[Any]) -> list[str]:
    return [one["ja"] for one in told]


def test_p1_what_has_happened(year: Year) -> None:
    answer = year.asked("P1")
    periods = {p["period"]: p["entries"] for p in answer["answer"]["periods"]}
    assert list(periods) == ["FY2022", "FY2023", "FY2024", "FY2025", "FY2026", "unknown"]
    assert [e["text"] for e in periods["FY2023"]] == ["みなも市市民協働条例（架空）"]
    undated = [(e["what"]["ja"], e["thing"]) for e in periods["unknown"]]
    assert ("案件の提起", "matter-centre") in undated
    settled = next(e for e in periods["FY2025"] if e["what"]["ja"] == "一任事項の確定")
    assert settled["when"]["ja"] == "令和7年(2025年)11月20日・推定"  # the date of its document
    decided = [e for e in periods["FY2025"] if e["what"]["ja"] == "市の決定" and e["thing"] == "matter-plan"]
    assert [e["when"]["ja"] for e in decided] == ["令和8年(2026年)2月9日"]
    (evening,) = (
        e for e in periods["FY2025"] if e["what"]["ja"] == "会議の予定" and e["thing"] == "meeting-2"
    )
    assert evening["when"]["en"] == "12 June 2025 18:30"
    # The next chair, the next rules and the next meeting have not happened yet.
    ahead = sorted(
        e["what"]["en"] for e in periods["FY2026"] if e["mark"] == {"ja": "これから", "en": "still to come"}
    )
    assert ahead == ["Chair elected", "Meeting scheduled", "Rules of procedure adopted"]
    assert "うちこれからのもの3件。" in answer["says"]["ja"]
    assert answer["says"]["en"].endswith("What has no date stands together at the end.")
    assert ja(answer["unknown"]) == [f"{len(undated)}件の出来事の日付"]


def test_p2_what_was_decided_and_why(year: Year) -> None:
    answer = year.asked("P2")
    told = {d["matter_id"]: d for d in answer["answer"]["decisions"]}
    desk, plan = told["matter-desk"], told["matter-plan"]
    assert desk["council"]["reason"] == "歩いて行ける人が最も多いため。"
    assert desk["dissent"] == {
        "count": 2,
        "texts": ["市役所に置けば職員にすぐ聞ける。", "費用を見てから決めたい。"],
    }
    assert desk["city_response"]["reason"] == "公民館には相談に応じる職員を置けないため。"
    assert desk["city_decision"]["text"] == "市役所1階に月2回の窓口を置く。"
    assert (plan["council"]["as_proposed"]["ja"], plan["dissent"]["count"]) == ("原案のとおり", 0)
    assert plan["city_decision"]["when"]["ja"] == "令和8年(2026年)2月9日"
    assert told["matter-fund"]["dissent"]["count"] is None  # nobody is on record as asked
    assert told["matter-fund"]["city_decision"] is None
    assert (told["matter-twice"]["state"], told["matter-centre"]["state"]) == ("withdrawn", "carried_over")
    assert answer["says"]["ja"] == "5件の案件のうち、市民会議の結論が記録されているものは3件です。"


@pytest.mark.parametrize(
    ("on", "serving", "public", "ends"),
    [
        ("2025-04-10", 14, 6, ["令和7年(2025年)8月31日", "令和8年(2026年)3月31日", "令和9年(2027年)3月31日"]),
        ("2025-09-10", 13, 6, ["令和8年(2026年)3月31日", "令和9年(2027年)3月31日"]),
        ("2026-03-20", 14, 6, ["令和8年(2026年)3月31日", "令和9年(2027年)3月31日"]),
        ("2026-04-01", 14, 6, ["令和9年(2027年)3月31日"]),
        ("2025-03-31", 0, 0, []),
    ],
)
def test_p3_who_sits_on_the_day(year: Year, on: str, serving: int, public: int, ends: list[str]) -> None:
    """Whose end is on record and still to come sits; whose seat begins next month does not."""
    answer = year.asked("P3", today=dt.date.fromisoformat(on))
    (council,) = answer["answer"]["councils"]
    held = {seat["category"]: (seat["seats"], seat["held"], seat["vacant"]) for seat in council["seats"]}
    assert council["serving"] == serving
    if council["seats"]:
        organisations = serving - public
        assert held["organisation"] == (8, organisations, 8 - organisations)
        assert held["public_recruitment"] == (6, public, 0)
    assert ja(council["terms_end"]) == ends
    assert not any(name in repr(answer) for name in NAMES)


def test_p4_the_next_meeting(year: Year) -> None:
    answer = year.asked("P4")
    (coming,) = answer["answer"]["meetings"]
    assert (coming["title"], coming["place"]) == ("第7回全体会", "みなも市民プラザ")
    assert coming["starts_at"] == "2026-04-16T19:00:00+09:00"
    assert (coming["publicity"], coming["observer_capacity"]) == ("open", 12)
    assert [t["title"] for t in coming["topics"]] == ["協働センターのあり方（継続）"]
    assert year.asked("P4", today=dt.date(2026, 4, 17))["answer"]["meetings"] == []


def test_p5_which_minutes_can_be_read(year: Year) -> None:
    answer = year.asked("P5")
    found = {
        m["meeting_id"]: (m["state"], m["published_on"], (m["expected_by"] or {}).get("ja"))
        for m in answer["answer"]["meetings"]
    }
    assert found == {
        "meeting-1": ("closed", None, "令和7年(2025年)5月25日"),
        "meeting-2": ("published", "2025-07-15", None),
        "meeting-4": ("minutes_drafted", None, "令和7年(2025年)11月29日"),
        "meeting-5": ("closed", None, "令和8年(2026年)2月14日"),
        "meeting-6": ("closed", None, "令和8年(2026年)4月12日"),
    }
    assert answer["says"]["ja"] == ("開かれたと記録されている会議5件のうち、会議録を公表したものは1件です。")


def test_p6_what_became_of_our_opinions(year: Year) -> None:
    answer = year.asked("P6")
    (plan,) = answer["answer"]["plans"]
    assert (plan["people"], plan["counts"]["received"], plan["counts"]["open"]) == (2, 3, 0)
    replies = [(r["disposition_label"]["ja"], r["reply"]) for r in plan["replies"]]
    assert replies == [
        ("反映", "若い人の場を加えます。"),
        ("参考", "今後の参考とします。"),
        ("対応できない", "市の権限ではないため対応できません。"),
    ]
    assert answer["says"]["ja"] == "意見募集1回、意見3件のうち3件に対応の記録があります。"


@pytest.mark.parametrize(
    ("on", "first", "second", "now"),
    [
        ("2026-03-20", "in_force", "to_begin", "第1期"),
        ("2026-03-31", "in_force", "to_begin", "第1期"),
        ("2026-04-01", "superseded", "in_force", "第2期"),
        ("2031-04-01", "superseded", "over", None),
    ],
)
def test_p7_which_plan_holds_on_the_day(
    year: Year, on: str, first: str, second: str, now: str | None
) -> None:
    answer = year.asked("P7", today=dt.date.fromisoformat(on))
    states = {plan["plan_id"]: plan["state"] for plan in answer["answer"]["plans"]}
    assert states == {"plan-first": first, "plan-second": second}
    assert ("現在の計画は" in answer["says"]["ja"]) == (now is not None)
    if now:
        assert f"現在の計画は「{now}みなも市協働推進計画（架空）」です。" in answer["says"]["ja"]
        assert "In force now: " in answer["says"]["en"]


def test_p7_what_has_been_done(year: Year) -> None:
    plans = {p["plan_id"]: p for p in year.asked("P7")["answer"]["plans"]}
    done = {m["text"]: [a["title"] for a in m["actions"]] for p in plans.values() for m in p["measures"]}
    assert done == {
        "市民と市が出会う場をつくる": ["協働フォーラム（架空）"],
        "活動を始める人を支える": ["活動助成の試行（架空）"],
        "若い人が加わる場をつくる": [],
    }


def test_p8_what_it_cost(year: Year) -> None:
    answer = year.asked("P8")
    told = {
        (action["action_id"], y["fiscal_year"]): (y["current"]["yen"], (y["spent"] or {}).get("yen"))
        for action in answer["answer"]["actions"]
        for y in action["years"]
    }
    assert told == {
        ("action-forum", 2024): (500_000, 463_200),
        ("action-forum", 2025): (520_000, None),
        ("action-grant", 2025): (80_000, None),
    }
    assert answer["says"]["ja"] == ("予算の記録がある事業は2件、のべ3年度分。決算が分かるものは1件です。")
    assert all("決算不明" in gap for gap in ja(answer["unknown"]))


def test_p9_how_both_sides_judge_it(year: Year) -> None:
    answer = year.asked("P9")
    (sheet,) = answer["answer"]["sheets"]
    scores = {i["item"]: (i["c"]["score"], i["g"]["score"]) for i in sheet["items"]}
    assert (scores.pop("P6"), scores.pop("R1")) == ((2, 4), (3, 4))
    assert set(scores.values()) == {(3, 3)} and len(scores) == 10
    assert sheet["overall"] == {"c": "続けてほしい", "g": "来場が目標に近い"}
    assert [t["grade"] for t in sheet["third_party"]] == ["B"]
    assert [i["text"] for i in sheet["improvements"]] == ["準備中は週に一度連絡する"]


def test_p10_whether_there_will_be_a_centre(year: Year) -> None:
    answer = year.asked("P10")
    (study,) = answer["answer"]["studies"]
    told = {q["label"]: (q["state"], q["answer"]) for q in study["questions"]}
    assert told == {
        "必要性": ("answered", "必要である。"),
        "機能": ("provisional", "相談と交流"),
        "立地": ("open", None),
        "管理運営": ("open", None),
    }
    assert study["next"]["ja"] == "未回答の問いの検討"
    assert "まだ答えの出ていない問いは3です" in answer["says"]["ja"]


def test_p11_what_worries_the_council(year: Year) -> None:
    answer = year.asked("P11")
    told = {p["text"]: (p["author"]["ja"], len(p["responses"])) for p in answer["answer"]["problems"]}
    assert told == {
        "出席する委員がいつも同じである。": ("委員", 1),
        "若い世代の参加が少ない。": ("委員", 0),
    }
    assert {f["value"] for f in answer["answer"]["figures"]} == {None}  # there was no council in FY2024
    assert ja(answer["unknown"])[0] == "出席率（令和6年度(2024年度)）"
    next_year = year.asked("P11", today=dt.date(2026, 4, 2))["answer"]["figures"]
    assert next_year[0]["value"] == "77.1"


def test_p12_what_was_hidden_or_changed(year: Year) -> None:
    """Closed: three comments, a statement, whoever asked for the memo (personal);
    the memo, and the sheet that is not public yet (deliberation)."""
    answer = year.asked("P12")
    told = answer["answer"]
    assert {g["ground"]: g["parts"] for g in told["closed_by_ground"]} == {"personal": 5, "deliberation": 2}
    assert [(c["act"]["en"], c["thing"]) for c in told["changes"]] == [
        ("supersession", "plan-first"),
        ("redaction or change of disclosure", "meeting-2"),
        ("correction", "matter-plan"),
    ]
    assert "3丁目" not in repr(answer)
    assert "五月" not in repr(answer)
    assert "言い切れません" in answer["says"]["ja"]


def test_p13_the_data_may_be_used(year: Year) -> None:
    answer = year.asked("P13")
    assert answer["says"]["ja"] == (
        "公共データ利用規約（PDL1.0）により、出典を示せば自由に使えます（令和8年(2026年)3月20日現在）。"
    )
    addresses = {export["address"]: export["form"] for export in answer["answer"]["exports"]}
    assert (addresses["/events-list.csv"], addresses["/api/v1/events"]) == ("CSV", "JSON")
