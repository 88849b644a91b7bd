"""S12 to S22 on one real year, each answer worked out by hand from tests/support/stories/year/story.md."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.support.stories.year.record import TODAY, Year


def ja(told: list[Any]) -> list[str]:
    return [one["ja"] for one in told]


def yen(amount: Any) -> int | None:
    return None if amount is None else int(amount["yen"])


def test_s12_why_the_grant_exists(year: Year) -> None:
    answer = year.asked("S12", action_id="action-grant")
    told = answer["answer"]
    assert [m["text"] for m in told["measures"]] == ["活動を始める人を支える"]
    assert told["art16_items"] == [2]
    assert [(b["id"], b["relation"]) for b in told["rests_on"]] == [
        ("measure-start", "realises"),
        ("matter-fund", "derived_from"),
        ("matter-fund", "adopted_by"),
    ]
    first = told["first_budget"]
    assert (first["fiscal_year"], yen(first["amount"])) == (2025, 80_000)
    assert answer["says"]["ja"] == (
        "「活動助成の試行（架空）」は「活動を始める人を支える」、「活動助成の要項」に基づきます。"
        "最初の予算は令和7年度(2025年度)。"
    )
    assert [e["type"] for e in answer["events"]] == ["ActionProposed", "ActionAdopted", "BudgetAllocated"]


def test_s13_in_which_phases_the_council_took_part(year: Year) -> None:
    answer = year.asked("S13", fiscal_year=2025)
    found = {
        action["action_id"]: [
            (p["phase"], p["standing"], p["evidence"]) for p in action["years"][0]["phases"]
        ]
        for action in answer["answer"]["actions"]
    }
    nothing = [(phase, "not_recorded", []) for phase in ("planning", "implementation", "evaluation")]
    assert found == {
        "action-forum": [("planning", "evidence", ["meeting-2"]), *nothing[1:]],
        "action-grant": nothing,
    }
    assert answer["answer"]["counts"]["evidence"] == 1
    assert answer["answer"]["phases"] == 6
    assert "令和7年度(2025年度)の実施・評価への関わり" in answer["unknown"][0]["ja"]


def test_s14_what_was_promised_after_the_first_year(year: Year) -> None:
    answer = year.asked("S14", fiscal_year=2024)
    (promised,) = answer["answer"]["promised"]
    assert (promised["text"], promised["outcome"]) == ("準備中は週に一度連絡する", "taken")
    assert (promised["answered_in_fiscal_year"], promised["how"]) == (2025, "毎週月曜に連絡する")
    assert promised["why_not"] is None
    assert answer["answer"]["undone"] == []
    assert answer["says"]["ja"].startswith("約束された改善1件のうち、取り入れたもの1件")
    assert answer["unknown"] == []


def test_s15_two_fiscal_years_of_money(year: Year) -> None:
    answer = year.asked("S15", action_id="action-forum")
    names = ("initial", "current", "spent", "carried_out", "left", "unused")
    told = {y["fiscal_year"]: {name: yen(y[name]) for name in names} for y in answer["answer"]["years"]}
    nothing_yet = dict.fromkeys(("spent", "carried_out", "left", "unused"))
    assert told == {
        2024: {
            "initial": 500_000,
            "current": 500_000,
            "spent": 463_200,
            "carried_out": 0,
            "left": 36_800,
            "unused": 36_800,
        },
        2025: {"initial": 400_000, "current": 520_000, **nothing_yet},
    }
    changes = [(c["kind"], c["amount"]["stated"]) for c in answer["answer"]["years"][1]["changes"]]
    assert changes == [("supplementary", "150千円"), ("transfer", "△30千円")]
    assert answer["says"]["ja"] == (
        "「協働フォーラム（架空）」の令和6年度(2024年度)は予算現額¥500,000・決算¥463,200、"
        "令和7年度(2025年度)は予算現額¥520,000・決算不明。"
    )
    assert ja(answer["unknown"]) == [
        "「協働フォーラム（架空）」令和7年度(2025年度)の決算額（決算不明）",
        "「協働フォーラム（架空）」令和7年度(2025年度)の翌年度への繰越額",
    ]


def test_s15_a_supplementary_budget_without_an_initial_one(year: Year) -> None:
    answer = year.asked("S15", action_id="action-grant")
    (of_2025,) = answer["answer"]["years"]
    assert (of_2025["initial"], yen(of_2025["current"]), of_2025["spent"]) == (None, 80_000, None)
    assert "「活動助成の試行（架空）」令和7年度(2025年度)の当初予算" in ja(answer["unknown"])


def test_s16_where_the_two_sides_differ(year: Year) -> None:
    answer = year.asked("S16")
    sealed, open_ = answer["answer"]["sheets"]
    assert (sealed["fiscal_year"], sealed["unsealed"], sealed["differences"]) == (2025, False, [])
    found = {
        d["item"]: (d["c"]["score"], d["g"]["score"], d["gap"], d["agreed_score"], d["kept"])
        for d in open_["differences"]
    }
    assert found == {
        "P6": (2, 4, -2, None, "双方の実感を残すため"),
        "R1": (3, 4, -1, 3, None),
    }
    assert [d["cause"] for d in open_["differences"][0]["discussed"]] == ["連絡の回数の受け止めが違った"]
    assert answer["says"]["ja"] == (
        "評価シート2件のうち、双方の評価が異なる項目は2（うち大きな差1）、差を併記したものは1です。"
    )
    assert ja(answer["unknown"]) == [
        "令和7年度(2025年度)の評価シート（終了時）: 双方の自己評価がそろうまで封印されている"
    ]
    assert "若い人が来てくれた" not in repr(answer)


def test_s17_before_and_after_the_grouping_of_2025(year: Year) -> None:
    """Attendance: 12, 12, 7, 12, 11 of 14 each. In office throughout: 13. By name, at four of five meetings:
    seats 2, 3, 4, 8, 10 came four times, 1, 6, 7, 12 three times, 9, 13, 14 twice, 11 once: 39, the three
    most 12. Engagement is the mean of attendance and, of those there on 12 June, whether they spoke: seat 4
    has 1, the next three 1/2; the last four have 1/8, 1/4, 3/8 and 3/8. Three have a duty."""
    answer = year.asked("S17", fiscal_year=2025)
    found = {
        m["metric"]: (
            m["before"]["value"],
            m["after"]["value"],
            m["after"]["numerator"],
            m["after"]["denominator"],
        )
        for m in answer["answer"]["metrics"]
    }
    assert found == {
        "M1": (None, "77.1", 54, 70),
        "M2": (None, "30.8", 12, 39),
        "M3": (None, "100.0", 15, 15),
        "M4": (None, "34.4", None, None),
        "M5": (None, "0.0", 0, 13),
        "M6": (None, "23.1", 3, 13),
    }
    by_name = answer["answer"]["metrics"][1]["after"]["coverage"]
    assert (by_name["known"], by_name["of"]) == (4, 5)
    assert answer["answer"]["not_causal"]["ja"] == "因果を示すものではない"
    assert answer["says"]["ja"].endswith("因果を示すものではない。")
    assert len(answer["unknown"]) == 6  # nothing of the year before there was a council


def test_s18_where_the_study_stands(year: Year) -> None:
    answer = year.asked("S18")
    (study,) = answer["answer"]["studies"]
    states = [(q["label"], q["state"], [b["blocker"] for b in q["blockers"]]) for q in study["questions"]]
    assert states == [
        ("必要性", "answered", []),
        ("機能", "provisional", ["no_finding"]),
        ("立地", "open", ["functions_first", "no_finding"]),
        ("管理運営", "open", ["no_finding"]),
    ]
    assert [f["text"] for f in study["questions"][0]["findings"]] == ["相談の場を求める団体が7割ある。"]
    assert answer["says"]["ja"] == "検討項目4のうち、決着1、未決着3。"
    assert "検討の報告書" in ja(answer["unknown"])


def test_s19_what_nobody_answered_or_measured(year: Year) -> None:
    answer = year.asked("S19")
    lacking = answer["answer"]["lacking"]
    assert lacking["no_countermeasure"] == lacking["not_reassessed"] == ["reflection-young"]
    assert lacking["not_measured"] == ["reflection-effect"]
    few = next(p for p in answer["answer"]["problems"] if p["issue_id"] == "reflection-few")
    assert [(m["metric"], m["value"], m["verdict"]) for m in few["reassessments"]] == [
        ("M1", "73.8%", "unchanged")
    ]
    assert answer["says"]["ja"] == "課題2件のうち、対応の記録がないもの1件、その後の測定がないもの1件。"


def test_s20_what_changed_and_who_corrected_what(year: Year) -> None:
    """What was proposed and approved is a correction: nothing is left that was not made. Late were: the
    plan begun in June, the memo of July, a study begun in September with its four questions."""
    answer = year.asked("S20", since=dt.date(2025, 11, 1))
    told = answer["answer"]
    assert told["counts"] == {
        "correction": 1,
        "correction_proposed": 0,
        "redaction": 2,
        "supersession": 1,
        "revision": 0,
        "late": 7,
    }
    (correction,) = told["corrections"]
    assert correction["changes"] == [{"field": "decided_on", "before": "2026-02-02", "after": "2026-02-09"}]
    assert correction["reason"] == "決裁文書の日付を読み違えたため"
    assert (correction["proposed_by"], correction["approved_by"]) == ("p-clerk", "p-01")
    assert [(r["type"], r["reason"]) for r in told["redactions"]] == [
        ("PartRedacted", "近隣の人が分かる発言のため"),
        ("PersonErased", "本人の求めによる"),
    ]
    assert told["corrections_not_made"] == []
    assert answer["says"]["ja"] == (
        "令和7年(2025年)11月1日から令和8年(2026年)3月20日までに記録された変更は、訂正1件、"
        "承認されていない訂正の提案0件、非公開・公開範囲の変更2件、変更・廃止1件、"
        "改訂・つながりの取消し0件、後からの記録7件。"
    )


def test_s21_what_is_overdue(year: Year) -> None:
    """By the rules of its own day each: 45 days in April, 30 from October on, whatever begins in April."""
    answer = year.asked("S21")
    late = {
        (item["kind"], item["thing"]): (item["due"]["value"], item["days_late"])
        for item in answer["answer"]["items"]
        if (item["days_late"] or 0) > 0
    }
    assert late == {
        ("minutes", "meeting-1"): ("2025-05-25", 299),
        ("minutes", "meeting-4"): ("2025-11-29", 111),
        ("minutes", "meeting-5"): ("2026-02-14", 34),
        ("promise", "matter-desk"): ("2026-02-28", 20),
        ("review", "doc-memo"): ("2026-03-01", 19),
    }
    ahead = {i["thing"]: i["due"]["value"] for i in answer["answer"]["items"] if i["kind"] == "minutes"}
    assert ahead["meeting-6"] == "2026-04-12"
    assert answer["says"]["ja"].startswith("期限を過ぎたもの5件")
    assert "令和8年(2026年)3月20日現在" in answer["says"]["ja"]


def test_s22_whether_anything_was_altered_cannot_be_told(year: Year) -> None:
    answer = year.asked("S22")
    assert answer["answer"]["verdict"] == "cannot_tell"
    assert answer["answer"]["first_bad_position"] is None
    assert answer["answer"]["unmatched"] == []
    verdicts = {c["check"]: c["verdict"] for c in answer["answer"]["checks"]}
    assert verdicts.pop("views") in ("cannot_tell", "holds")
    assert set(verdicts.values()) == {"holds"}
    assert "言い切れません" in answer["says"]["ja"]
    assert "cannot be told" in answer["says"]["en"]
    assert answer["computed_on"] == TODAY.isoformat()
