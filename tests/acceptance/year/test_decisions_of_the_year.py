"""S1 to S11 on one real year, each answer worked out by hand from tests/support/stories/year/story.md."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.support.stories.year.record import Year

COUNCIL, DESK, PLAN, FUND = "council-minamo", "matter-desk", "matter-plan", "matter-fund"


def of(answer: Any, matter: str) -> Any:
    """What an answer about a council says of one matter."""
    (found,) = (m for m in answer["answer"]["matters"] if m["matter_id"] == matter)
    return found


def ja(told: list[Any]) -> list[str]:
    return [one["ja"] for one in told]


def day(effective: Any) -> str:
    return str(effective["label"]["ja"])


def test_s1_how_the_desk_was_decided(year: Year) -> None:
    answer = year.asked("S1", id=DESK)
    told = answer["answer"]["headings"]
    raised = told["raised"]
    assert (raised["raised_by"], raised["raised_from"]) == ("p-09", ["measure-start"])
    assert raised["why"] == "始め方が分からないという声が多いため"
    assert day(raised["effective"]) == "令和7年(2025年)5月2日"
    assert [c["text"] for c in told["criteria"]] == ["初めての人が行きやすいこと"]
    assert [(o["label"], o["status"]) for o in told["options"]] == [
        ("市役所に置く", "rejected"),
        ("公民館を巡回する", "chosen"),
        ("団体に委託する", "withdrawn"),
    ]
    stances = {o["stance"]: [said["text"] for said in o["opinions"]] for o in told["opinions"] if o["count"]}
    assert stances == {"for": ["近くなら通える。"], "against": ["隣の3丁目の家で困っている人がいる。"]}
    (resolved,) = told["resolutions"]
    assert resolved["tally"] == {"for": 6, "against": 3, "abstain": 1, "not_voting": 0}
    assert (resolved["method"], resolved["result"]) == ("majority_show", "adopted_with_conditions")
    assert (resolved["eligible"], resolved["recused"], resolved["quorum"]["result"]) == (10, 1, "met")
    assert told["conclusion"]["conditions"] == ["1年後に利用者数を確かめること。"]
    assert [d["holder"] for d in told["dissent"]["dissents"]] == ["seat-04", "seat-07"]
    assert [t["document_no"] for t in told["transmitted"]] == ["7み協発第9号"]
    assert [r["disposition"] for r in told["city_responses"]] == ["declined"]
    assert told["city_decision"]["text"] == "市役所1階に月2回の窓口を置く。"
    assert told["city_decision"]["document_no"] == "7み協第14号"
    assert told["later_changes"]["standing"] == "decided_otherwise"
    assert answer["says"]["ja"].startswith("「相談窓口の設け方」について20件の出来事が記録されています。")
    assert ja(answer["unknown"]) == ["「資料の添付」の日付"]  # the cases elsewhere
    assert [s["title"] for s in answer["sources"]] == ["少数意見の用紙"]


def test_s2_which_meetings_were_entitled_to_decide(year: Year) -> None:
    """Meeting 4 was counted by version 1; version 2, recorded later, was in force and asks for eight of
    fourteen. With seat 15 twelve were there in January."""
    answer = year.asked("S2", id=COUNCIL, fiscal_year=2025)
    checks = {
        m["meeting_id"]: (
            m["entitled"],
            m["rules"]["rules_version"],
            [(c["serving"], c["present"], c["required"]) for c in m["checks"]],
        )
        for m in answer["answer"]["meetings"]
    }
    assert checks == {
        "meeting-1": ("yes", 1, [(14, 12, 7)]),
        "meeting-2": ("yes", 1, [(14, 11, 7), (13, 10, 7)]),
        "meeting-3": ("no", 1, [(14, 4, 7)]),
        "meeting-4": ("no", 2, [(14, 7, 8), (14, 7, 8)]),
        "meeting-5": ("yes", 2, [(14, 12, 8), (14, 12, 8)]),
        "meeting-6": ("yes", 2, [(14, 11, 8)]),
    }
    says = answer["says"]
    assert says["ja"] == (
        "会議6回のうち、成立要件を満たすもの4回、満たさないもの2回、未確認0回、開会の記録なし0回。"
    )
    assert says["en"].startswith("Of 6 meetings, 4 were entitled, 2 were not")
    by_id = {m["meeting_id"]: m for m in answer["answer"]["meetings"]}
    (resolved,) = (c for c in by_id["meeting-4"]["checks"] if c["of"] == "resolution")
    assert resolved["counted_before"]["required"] == 7
    assert ja(resolved["counted_anew"]) == ["その日に有効で、後から記録された会議規則による"]
    (resolved,) = (c for c in by_id["meeting-5"]["checks"] if c["of"] == "resolution")
    assert (resolved["eligible"], resolved["counted_before"]["present"]) == (12, 11)
    room = [(minute["at"][11:16], minute["present"]) for minute in by_id["meeting-2"]["present_by_minute"]]
    assert room == [("18:30", 11), ("18:50", 12), ("19:40", 11)]
    assert [minute["present"] for minute in by_id["meeting-5"]["present_by_minute"]] == [12]
    assert [r["appointment_id"] for r in by_id["meeting-2"]["recusals"]] == ["seat-06"]
    assert answer["unknown"] == []


def test_s2_a_meeting_to_come_is_none_whose_opening_nobody_recorded(year: Year) -> None:
    answer = year.asked("S2", id="meeting-7")
    assert [m["entitled"] for m in answer["answer"]["meetings"]] == ["to_come"]
    assert answer["unknown"] == []


def test_s3_options_that_were_not_taken(year: Year) -> None:
    answer = year.asked("S3", id=COUNCIL)
    why = {o["label"]: (o["status"], o["why"], o["withdrawn_by"]) for o in of(answer, DESK)["options"]}
    assert why["市役所に置く"] == ("rejected", "歩いて行ける人が最も多いため。", None)
    assert why["団体に委託する"] == ("withdrawn", "委託先の見込みが立たないため", "p-10")
    assert of(answer, PLAN)["options"] == []
    assert of(answer, PLAN)["as_proposed"] == {"ja": "原案のとおり", "en": "as proposed"}
    assert answer["answer"]["counts"] == {
        "chosen": 2,
        "rejected": 1,
        "withdrawn": 1,
        "not_put": 0,
        "open": 1,
    }
    assert answer["says"]["ja"] == (
        "案5件のうち、採用2、不採用1、取下げ1。案を並べず原案のとおり採択した案件1件。"
    )
    assert answer["unknown"] == []


def test_s4_who_disagreed(year: Year) -> None:
    answer = year.asked("S4", id=COUNCIL)
    filed = of(answer, DESK)["dissents"]
    assert [(d["holder"], d["kind"], d["published"]) for d in filed] == [
        ("seat-04", "minority", True),
        ("seat-07", "reservation", True),
    ]
    assert [(d["author"]["role"], d["recorded_by"]) for d in filed] == [("MEM", "SEC"), ("MEM", None)]
    asked = of(answer, PLAN)["none_on_being_asked"]
    assert [(day(a["asked_at"]), a["meeting_id"]) for a in asked] == [("令和8年(2026年)1月15日", "meeting-5")]
    # Of what was left to the chair nobody is on record as asked; of what was not concluded nobody could be.
    assert ja(answer["unknown"]) == ["「活動助成の要項」に少数意見があるか（尋ねた記録がない）"]


def test_s5_what_was_before_them_that_evening(year: Year) -> None:
    """What was on record on 2 June was there on 12 June, though nobody knows since when."""
    answer = year.asked("S5", id=DESK)
    groups = {
        name: [e["document_id"] for e in of(answer, DESK)[name]]
        for name in ("before_them", "recorded_later", "attached_later", "order_unknown")
    }
    assert groups == {
        "before_them": ["doc-survey", "doc-case"],
        "recorded_later": ["doc-visit"],
        "attached_later": ["doc-cost"],
        "order_unknown": [],
    }
    assert answer["says"]["ja"] == "議決の前にあった資料2件、後のもの2件、前後不明0件。"
    assert answer["unknown"] == []
    of_council = year.asked("S5", id=COUNCIL)
    assert ja(of_council["unknown"]) == [
        "「活動助成の要項」の資料",
        "「協働センターのあり方」の資料",
        "「協働センターのあり方」の議決",
    ]


def test_s6_what_was_known_in_february_of_the_fifth(year: Year) -> None:
    """On 20 February the city was said to have decided on the 2nd; now it is known to be the 9th."""
    on, about = dt.date(2026, 2, 20), dt.date(2026, 2, 5)
    answer = year.asked("S6", id=PLAN, known_on=on, effective_on=about)
    told = answer["answer"]
    then = [fact["type"] for fact in told["then"]["facts"]]
    today = [fact["type"] for fact in told["today"]["facts"]]
    assert then == [*today, "CityDecisionRecorded"]
    assert [day(fact["effective"]) for fact in told["difference"]["no_longer"]] == ["令和8年(2026年)2月2日"]
    assert (told["difference"]["added"], told["difference"]["changed"]) == ([], [])
    assert answer["says"]["ja"] == (
        "「第2期協働推進計画の案」の令和8年(2026年)2月5日について、令和8年(2026年)2月20日には6件、"
        "今日は5件が記録されています。前後不明0件。"
    )
    later = year.asked("S6", id=PLAN, known_on=on, effective_on=dt.date(2026, 2, 15))
    (changed,) = later["answer"]["difference"]["changed"]
    fields = {f["field"]: (f["then"], f["today"]) for f in changed["fields"]}
    assert [day(date) for date in fields["effective"]] == ["令和8年(2026年)2月2日", "令和8年(2026年)2月9日"]


def test_s6_what_has_no_date_had_happened_when_it_was_written_down(year: Year) -> None:
    on = dt.date(2025, 6, 5)
    told = year.asked("S6", id=DESK, known_on=on, effective_on=on)["answer"]
    assert "doc-case" in [fact["said"].get("document_id") for fact in told["today"]["facts"]]
    earlier = year.asked("S6", id=DESK, known_on=on, effective_on=dt.date(2025, 6, 1))["answer"]
    assert [f["said"]["document_id"] for f in earlier["today"]["order_unknown"]] == ["doc-case"]


def test_s7_what_is_in_force(year: Year) -> None:
    answer = year.asked("S7", id=COUNCIL)
    standing = {m["matter_id"]: m["standing"] for m in answer["answer"]["matters"]}
    assert standing == {
        PLAN: "in_force",
        FUND: "not_known",
        "matter-centre": "undecided",
        DESK: "decided_otherwise",
        "matter-twice": "withdrawn",
    }
    assert day(of(answer, PLAN)["in_force_from"]) == "令和8年(2026年)2月9日"
    assert of(answer, DESK)["in_force_from"] is None
    assert [d["id"] for d in of(answer, PLAN)["dependants"]] == ["plan-second"]
    assert [e["reason"] for e in of(answer, "matter-twice")["ended"]] == ["同じ案件を二度登録したため"]
    assert "市は結論と異なる決定をした1件" in answer["says"]["ja"]
    assert "the city decided otherwise: 1" in answer["says"]["en"]
    assert ja(answer["unknown"]) == ["「活動助成の要項」が効力をもつか"]


def test_s8_two_authors(year: Year) -> None:
    answer = year.asked("S8", id=COUNCIL)
    plan, desk = of(answer, PLAN), of(answer, DESK)
    assert plan["council"]["as_proposed"]["ja"] == "原案のとおり"
    assert plan["gap_in_days"] == {"at_least": 25, "at_most": 25}  # 15 January to 9 February
    (correction,) = plan["city"]["corrections"]
    assert correction["changes"] == [{"field": "decided_on", "before": "2026-02-02", "after": "2026-02-09"}]
    assert desk["gap_in_days"] == {"at_least": 56, "at_most": 56}  # 12 June to 7 August
    assert [(p["point"], p["council"], p["city"], p["same"]) for p in desk["point_by_point"]] == [
        ("場所", "公民館4館", "市役所1階", False),
        ("回数", "月2回", "月2回", True),
    ]
    assert (desk["council"]["author"]["role"], desk["city"]["author"]["role"]) == ("CHR", "APR")
    assert answer["says"]["ja"] == "市民会議の結論3件、市の決定2件、両方の記録があるもの2件。"
    assert ja(answer["unknown"]) == [
        "「活動助成の要項」の市の決定",
        "「協働センターのあり方」の市民会議の結論",
        "「協働センターのあり方」の市の決定",
    ]


def test_s9_what_the_city_made_of_it(year: Year) -> None:
    answer = year.asked("S9", id=COUNCIL)
    found = {
        m["matter_id"]: [(r["disposition"], r["after_days"]["at_most"]) for r in m["responses"]]
        for m in answer["answer"]["matters"]
    }
    assert found == {
        PLAN: [("accepted", 20)],
        FUND: [("partly", 21)],
        DESK: [("declined", 46)],
        "matter-centre": [],
        "matter-twice": [],
    }
    assert [a["id"] for a in of(answer, FUND)["actions"]] == ["action-grant"]
    assert [p["id"] for p in of(answer, PLAN)["plans"]] == ["plan-second"]
    promised = [
        (s["what"], s["late"], s["taken"]) for m in answer["answer"]["matters"] for s in m["promised"]
    ]
    assert promised == [
        ("残る3団体分を令和8年度予算で検討する", False, None),
        ("利用状況を市民会議に報告する", True, None),
    ]
    assert answer["says"]["ja"] == (
        "市へ送ったもの3件、市の回答があるもの3件、そこから生まれた事業1件。"
        "約束した手順のうち期限を過ぎたもの1件。"
    )
    assert ja(answer["unknown"]) == ["「協働センターのあり方」の市への送付"]


def test_s10_what_became_of_each_comment(year: Year) -> None:
    first = year.asked("S10", plan_id="plan-second", comment_id="c-1")
    assert first["says"] == {"ja": "1番目の意見への対応: 反映。", "en": "Comment no. 1: reflected."}
    assert first["answer"]["draft_change"] == "施策に「若い人が加わる場」を加えた"
    assert day(first["answer"]["received"]) == "令和7年(2025年)12月1日"
    third = year.asked("S10", plan_id="plan-second", comment_id="c-3")
    assert third["says"]["ja"] == "3番目の意見への対応: 対応できない。"
    assert third["answer"]["reply"] == "市の権限ではないため対応できません。"
    assert "意見者" not in repr(first) + repr(third)
    assert first["unknown"] == third["unknown"] == []


def test_s11_what_was_left_to_the_chair(year: Year) -> None:
    answer = year.asked("S11", id=COUNCIL)
    left = of(answer, FUND)
    assert (left["state"], left["limits"], left["overdue"]) == (
        "reported",
        "金額と団体数は変えないこと。",
        False,
    )
    assert (left["settled"]["document"], left["settled"]["within_limits"]) == (
        "活動助成要項（確定）",
        True,
    )
    assert day(left["settled"]["effective"]) == "令和7年(2025年)11月20日"
    assert left["reported"]["meeting_id"] == "meeting-5"
    assert answer["says"]["ja"] == "座長に一任された案件1件、うち未報告0件、期限超過0件。"
    in_december = year.asked("S11", today=dt.date(2025, 12, 1), id=COUNCIL)
    assert in_december["says"]["ja"] == answer["says"]["ja"]  # a question knows all that is on record
