"""S18 and S19: where the centre study stands, and which problems nobody answered or measured."""

from __future__ import annotations

from typing import Any

from projections.engine.store import Store
from tests.projections.questions.asking import put
from tests.support.given import give

STUDY, PROBLEM = "study-centre", "problem-fixed-participants"


def study(store: Store, command: str, **given: Any) -> None:
    give(store.application, "IMP", "CenterStudy", STUDY, command, importing=True, **given)


def blockers(question: dict[str, Any]) -> list[str]:
    return [b["blocker"] for b in question["blockers"]]


def test_the_centre_study_has_four_open_questions_and_no_finding(kanazawa: Store) -> None:
    told = put(kanazawa, "S18", study_id=STUDY)
    (found,) = told["answer"]["studies"]
    assert found["state"] == "studying"
    assert [(q["question"], q["state"]) for q in found["questions"]] == [
        ("necessity", "open"),
        ("functions", "open"),
        ("location", "open"),
        ("operation", "open"),
    ]
    necessity, functions, location, operation = found["questions"]
    assert blockers(necessity) == ["no_finding"]
    assert blockers(functions) == blockers(operation) == ["necessity_first", "no_finding"]
    assert blockers(location) == ["necessity_first", "functions_first", "no_finding"]
    assert found["blocks_the_report"] == ["functions", "location", "necessity", "operation"]
    assert "検討の報告書" in [u["ja"] for u in told["unknown"]]
    assert {e["type"] for e in told["events"]} == {"StudyCommissioned", "StudyQuestionOpened", "StudyStarted"}
    assert put(kanazawa, "S18")["answer"] == told["answer"]


def test_findings_options_and_an_answer(kanazawa: Store) -> None:
    study(kanazawa, "record_finding", finding_id="f-1", question="necessity", text="相談が増えた（架空）")
    place = {"option_id": "o-1", "question": "location", "label": "駅前（架空）"}
    study(kanazawa, "add_option", **place, attrs=[{"name": "面積", "value": "120㎡"}])
    study(kanazawa, "assess_option", option_id="o-1", criterion="便利さ", text="近い（架空）")
    answer = {"question": "necessity", "answer": "必要（架空）", "needed": True, "reason": "相談件数"}
    study(kanazawa, "answer_question", **answer)
    necessity, functions, location, _ = put(kanazawa, "S18")["answer"]["studies"][0]["questions"]
    assert (necessity["state"], blockers(necessity)) == ("answered", [])
    assert necessity["answers"][0]["reason"] == "相談件数"
    assert blockers(functions) == ["no_finding"]
    (option,) = location["options"]
    assert (option["label"], option["assessments"][0]["criterion"]) == ("駅前（架空）", "便利さ")
    assert put(kanazawa, "S18")["says"]["en"] == "Of 4 questions, 1 are settled and 3 are not."


def test_both_problems_have_a_countermeasure_and_neither_was_measured_since(kanazawa: Store) -> None:
    told = put(kanazawa, "S19")
    problems = told["answer"]["problems"]
    assert [p["issue_id"] for p in problems] == [PROBLEM, "problem-engagement-gap"]
    for problem in problems:
        assert [c["device_id"] for c in problem["countermeasures"]] == ["device-grouping"]
        assert problem["countermeasures"][0]["certainty"] == "inferred"
        assert [g["gap"] for g in problem["gaps"]] == ["not_reassessed"]
    assert told["answer"]["lacking"]["no_countermeasure"] == []
    assert told["says"]["ja"] == "課題2件のうち、対応の記録がないもの0件、その後の測定がないもの2件。"
    claims = {c["issue_id"]: c["gaps"][0]["gap"] for c in told["answer"]["claims"]}
    assert claims["effect-three-projects"] == "measured_unknown"
    assert claims["reaction-staff"] == claims["reaction-citizens"]
    assert len(told["unknown"]) == 2 + len(claims)


def test_a_measured_problem_and_a_new_one(kanazawa: Store) -> None:
    measured: dict[str, Any] = {"metric": "M2", "verdict": "unchanged", "value": "0.31"}
    measured["period"] = {"value": "FY2009", "precision": "fiscal_year"}
    give(kanazawa.application, "SEC", "Reflection", PROBLEM, "reassess", **measured)
    new = {"category": "problem", "text_ja": "若い世代が少ない（架空）", "subjects": ["council-shimin-kaigi"]}
    give(kanazawa.application, "SEC", "Reflection", "problem-new", "state_claim", **new)
    lacking = put(kanazawa, "S19")["answer"]["lacking"]
    assert lacking["not_reassessed"] == ["problem-engagement-gap", "problem-new"]
    assert lacking["no_countermeasure"] == ["problem-new"]
