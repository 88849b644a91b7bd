"""S1 to S5, S7 to S9 and S11: one decision, held against what happened by hand (tests/support/decided.py)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from domain.kernel.viewer import Viewer
from domain.values.calendar import EffectiveDate
from domain.values.refusal import Refusal
from projections.engine.store import Store
from projections.questions.decisions.matter_story import days_between
from projections.questions.decisions.onward import differences
from projections.questions.question import QUESTIONS, Ask
from tests.projections.questions.asking import put
from tests.support.decided import COUNCIL, DESK, MIDDLE, NEW, OLD, WORDS

KANAZAWA = "council-shimin-kaigi"


def put_on(store: Store, day: dt.date, code: str, **arguments: Any) -> Any:
    with store.engine.connect() as connection:
        return QUESTIONS[code].put(Ask(connection, Viewer(staff=True), day), arguments)


def the_matter(store: Store, code: str, matter: str) -> Any:
    (found,) = put(store, code, id=matter)["answer"]["matters"]
    return found


def unknown(told: Any) -> list[str]:
    return [gap["en"] for gap in told["unknown"]]


# ------------------------------------------------------------------------------------------ Kanazawa


@pytest.mark.parametrize("code", ["S3", "S4", "S5", "S7", "S8", "S9", "S11"])
def test_of_kanazawa_no_matter_is_on_record_and_the_answer_says_so(decided: Store, code: str) -> None:
    told = put(decided, code, id=KANAZAWA)
    assert (told["answer"]["matters"], told["events"]) == ([], [])
    assert unknown(told) == ["any matter of this council"]


@pytest.mark.parametrize("code", ["S1", "S2", "S3", "S4", "S5", "S7", "S8", "S9", "S11"])
def test_what_is_not_on_record_is_refused(decided: Store, code: str) -> None:
    with pytest.raises(Refusal, match="UNKNOWN_ID"):
        put(decided, code, id="matter-nobody-raised")


def test_how_kanazawa_set_up_its_council(decided: Store) -> None:
    told = put(decided, "S1", id=KANAZAWA)
    assert "headings" not in told["answer"], "only a matter has them"
    assert told["answer"]["trail"]["subject"]["id"] == KANAZAWA
    assert told["events"][0]["type"] == "CouncilEstablished"
    assert told["events"][0]["effective"]["value"] == "2006-03-01"
    assert [e["recorded_at"] for e in told["events"]] == sorted(e["recorded_at"] for e in told["events"])


# ------------------------------------------------------------------------------------------------ S1


def test_a_decision_is_told_heading_by_heading(decided: Store) -> None:
    told = put(decided, "S1", id=DESK)
    headings = told["answer"]["headings"]
    assert headings["raised"]["question"] == "相談窓口をどうするか。"
    assert [c["text"] for c in headings["criteria"]] == ["初めての人に届くこと"]
    assert [(o["option_id"], o["status"]) for o in headings["options"]] == [
        ("a", "chosen"),
        ("b", "rejected"),
        ("c", "withdrawn"),
    ]
    assert [e["evidence_id"] for e in headings["evidence"]["before_them"]] == ["e-1"]
    assert {o["stance"]: [x["text"] for x in o["opinions"]] for o in headings["opinions"]} == {
        "for": ["近い"],
        "against": ["遠い"],
        "conditional": [],
        "question": ["費用は"],
        "neutral": [],
    }
    assert [m["meeting_id"] for m in headings["meetings"]] == ["meeting-desk"]
    assert headings["carried_over"] == []
    (resolution,) = headings["resolutions"]
    assert resolution["tally"] == {"for": 2, "against": 2, "abstain": 0, "not_voting": 0}
    assert (resolution["method"], resolution["casting_vote"]) == ("majority_show", "for")
    assert (resolution["quorum"]["required"], resolution["quorum"]["present"]) == (3, 5)
    assert headings["conclusion"]["conditions"] == ["一年後に見直す"]
    assert [d["dissent_id"] for d in headings["dissent"]["dissents"]] == ["d-1"]
    assert headings["transmitted"][0]["form"] == "proposal"
    assert headings["city_responses"][0]["disposition"] == "partly"
    assert headings["city_decision"]["document_no"] == "架協第1号"
    assert headings["later_changes"]["standing"] == "in_force"
    assert "ResolutionTaken" in {e["type"] for e in told["events"]}


# ------------------------------------------------------------------------------------------------ S3


def test_options_with_who_withdrew_them_and_why(decided: Store) -> None:
    a, b, c = the_matter(decided, "S3", DESK)["options"]
    assert (a["status"], a["why"], b["status"], b["why"]) == ("chosen", None, "rejected", "近いため")
    assert (c["status"], c["withdrawn_by"], c["why"]) == ("withdrawn", "y-2", "費用が高い")
    assert b["assessments"] == [
        {"criterion_id": "k-1", "criterion": "初めての人に届くこと", "text": "届かない", "by": "y-3"}
    ]
    assert put(decided, "S3", id=DESK)["answer"]["counts"] == {
        "chosen": 1,
        "rejected": 1,
        "withdrawn": 1,
        "not_put": 0,
        "open": 0,
    }


# ------------------------------------------------------------------------------------------------ S4


def test_a_dissent_and_that_its_minutes_are_not_public(decided: Store) -> None:
    found = the_matter(decided, "S4", DESK)
    (dissent,) = found["dissents"]
    assert (dissent["kind"], dissent["holder"], dissent["text"]) == ("minority", "y-4", "遠い人には届かない")
    assert dissent["effective"]["value"] == "2026-05-10"
    assert dissent["published"] is False
    assert (found["against"], found["none_on_being_asked"]) == (2, [])


def test_that_nobody_was_asked_is_unknown_and_not_none(decided: Store) -> None:
    assert "nobody is on record as having been asked" in unknown(put(decided, "S4", id=WORDS))[0]


# ------------------------------------------------------------------------------------------------ S5


def test_evidence_is_split_on_both_axes(decided: Store) -> None:
    found = the_matter(decided, "S5", DESK)
    groups = ("before_them", "recorded_later", "attached_later", "order_unknown")
    assert {name: [e["evidence_id"] for e in found[name]] for name in groups} == {
        "before_them": ["e-1"],
        "recorded_later": ["e-3"],
        "attached_later": ["e-2"],
        "order_unknown": ["e-4"],
    }
    (late,) = found["recorded_later"]
    assert (late["attached"]["order"], late["recorded"]["order"]) == ("before", "after")
    assert found["by"] == "resolution"


def test_without_a_resolution_the_conclusion_is_the_moment(decided: Store) -> None:
    told = put(decided, "S5", id=OLD)
    assert told["answer"]["matters"][0]["by"] == "conclusion"
    assert unknown(told) == ["any evidence of “旧手引き（架空）”"]


# ------------------------------------------------------------------------------------------------ S7


def test_the_chain_of_supersession_with_its_scopes(decided: Store) -> None:
    for matter, standing in ((OLD, "in_part"), (MIDDLE, "superseded"), (NEW, "in_force")):
        found = the_matter(decided, "S7", matter)
        assert found["standing"] == standing
        assert found["in_force_from"]["value"] == "2026-04-10"
        assert [(s["matter_id"], s["superseded_by"], s["scope"], s["clauses"]) for s in found["chain"]] == [
            (OLD, MIDDLE, "clauses", ["第2項"]),
            (MIDDLE, NEW, "whole", []),
        ]
    assert the_matter(decided, "S7", NEW)["ended"] == []


def test_what_depends_on_a_decision(decided: Store) -> None:
    found = the_matter(decided, "S7", DESK)
    assert [(d["id"], d["kind"]) for d in found["dependants"]] == [("action-desk", "PlanAction")]
    assert found["in_force_from"]["value"] == "2026-06"


def test_whether_an_entrusted_matter_is_in_force_is_not_recorded(decided: Store) -> None:
    told = put(decided, "S7", id=WORDS)
    assert told["answer"]["matters"][0]["standing"] == "not_known"
    assert unknown(told) == ["whether “呼びかけ文（架空）” is in force"]


# ------------------------------------------------------------------------------------------------ S8


def test_two_rows_two_authors_and_the_days_between_them(decided: Store) -> None:
    found = the_matter(decided, "S8", DESK)
    assert found["council"]["author"]["role"] == "CHR"
    assert (found["city"]["author"]["role"], found["city"]["authority"]) == ("IMP", "mayor")
    assert found["gap_in_days"] == {"at_least": 22, "at_most": 51}, "10 May to 1 or 30 June"
    assert (found["council"]["text"], found["city"]["text"]) == ("市役所に置く", "市役所の中に置く")
    assert found["differences"] == [{"council": "", "city": "の中"}]


def test_without_a_decision_of_the_city_there_is_no_gap(decided: Store) -> None:
    told = put(decided, "S8", id=WORDS)
    (found,) = told["answer"]["matters"]
    assert (found["city"], found["gap_in_days"], found["differences"]) == (None, None, None)
    assert unknown(told) == ["a decision of the city on “呼びかけ文（架空）”"]


def test_days_between_imprecise_dates_are_an_interval() -> None:
    may, day = EffectiveDate.parse("2026-05"), EffectiveDate.parse("2026-05-10")
    assert days_between(day, day) == {"at_least": 0, "at_most": 0}
    assert days_between(may, day) == {"at_least": -21, "at_most": 9}
    assert days_between(EffectiveDate.unknown(), day) == {"at_least": None, "at_most": None}


def test_two_texts_that_have_nothing_in_common_are_one_difference() -> None:
    assert differences("休日に開く", "予算の範囲で行う") == [
        {"council": "休日に開く", "city": "予算の範囲で行う"}
    ]
    assert differences("同じ", "同じ") == []
    assert differences(None, "同じ") is None


# ------------------------------------------------------------------------------------------------ S9


def test_what_the_city_did_with_the_proposal(decided: Store) -> None:
    found = the_matter(decided, "S9", DESK)
    assert [(s["to"], s["form"], s["effective"]["value"]) for s in found["transmitted"]] == [
        ("org-y", "proposal", "2026-05-20")
    ]
    (response,) = found["responses"]
    assert (response["disposition"], response["reason"]) == ("partly", "予算の範囲で行う")
    assert response["after_days"] == {"at_least": 12, "at_most": 41}, "20 May to 1 or 30 June"
    assert [a["id"] for a in found["actions"]] == ["action-desk"]


def test_each_matter_of_a_council_is_answered(decided: Store) -> None:
    told = put(decided, "S9", id=COUNCIL)
    assert [m["matter_id"] for m in told["answer"]["matters"]] == [NEW, MIDDLE, OLD, WORDS, DESK]
    assert told["says"]["en"] == "1 sent to the city, 1 answered, 1 actions came of them."


# ----------------------------------------------------------------------------------------------- S11


def test_what_is_left_to_the_chair_is_overdue_until_it_is_reported(decided: Store) -> None:
    (found,) = put_on(decided, dt.date(2026, 7, 1), "S11", id=COUNCIL)["answer"]["matters"]
    assert (found["matter_id"], found["state"], found["limits"]) == (WORDS, "open", "字句の整理に限る")
    assert found["put_to_the_decision"] == {"option_id": "a", "label": "短くする", "text": "三行にする"}
    assert (found["overdue"], found["waiting_days"]) == (True, {"at_least": 52, "at_most": 52})
    (same_day,) = put_on(decided, dt.date(2026, 5, 10), "S11", id=WORDS)["answer"]["matters"]
    assert same_day["overdue"] is False
    assert put(decided, "S11", id=DESK)["answer"]["matters"] == []
