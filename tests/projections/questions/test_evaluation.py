"""Questions about evaluation: promises and what became of them, differences, and both sides' judgement."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pytest

from domain.kernel.viewer import PUBLIC, Viewer
from domain.values.refusal import Refusal
from projections.engine.store import Store
from projections.questions.question import QUESTIONS, Ask
from tests.support.given import give
from tests.support.stories.sheets import (
    ACTION,
    FY,
    SHEET,
    given_a_sheet,
    given_an_action_under_way,
    submission,
)

STAFF = Viewer(staff=True)
CITIZEN = Viewer(True, frozenset("c"))


def put(store: Store, code: str, viewer: Viewer = STAFF, **arguments: Any) -> Any:
    with store.engine.connect() as connection:
        return QUESTIONS[code].put(Ask(connection, viewer, dt.date(2027, 7, 1)), arguments)


def given_sheet(store: Store, until: str) -> Any:
    do = partial(give, store.application)
    given_an_action_under_way(do)
    given_a_sheet(do, until)
    return do


def between(year: int) -> dict[str, int]:
    """What was learnt in a year is for the next."""
    return {"fiscal_year": year, "applies_to_fiscal_year": year + 1}


def given_an_evaluated_year(store: Store) -> Any:
    """The sheet taken to its improvement, the action's year evaluated on it, which takes that improvement up;
    and another improvement decided without a sheet."""
    do = given_sheet(store, "improvement_agreed")
    for command in ("start_implementation", "complete_implementation"):
        do("SEC", "PlanAction", ACTION, command, fiscal_year=FY)
    do("SEC", "PlanAction", ACTION, "evaluate_cycle", fiscal_year=FY, sheet_id=SHEET)
    better = {"improvement_id": "improvement-web", "text": "配信する（架空）"}
    do("SEC", "PlanAction", ACTION, "decide_improvement", **better, **between(FY))
    return do


# -- on Kanazawa's own history, which has no sheet


@pytest.mark.parametrize(
    ("code", "lacking"),
    [
        ("S14", {"no evaluation sheet is on record", "no improvement has been decided"}),
        ("S16", {"no evaluation sheet is on record"}),
        ("P9", {"how both sides judge it: no sheet is published"}),
    ],
)
def test_kanazawas_record_says_that_it_does_not_know(kanazawa: Store, code: str, lacking: set[str]) -> None:
    told = put(kanazawa, code)
    assert {gap["en"] for gap in told["unknown"]} == lacking
    assert not any(told["answer"][name] for name in ("promised", "sheets") if name in told["answer"])
    assert told["says"]["ja"] and told["says"]["en"] and told["events"] == []


def test_what_is_asked_about_must_be_on_record(kanazawa: Store) -> None:
    for code, about in (
        ("S14", {"action_id": "action-none"}),
        ("S16", {"sheet_id": "sheet-none"}),
        ("P9", {"action_id": "council-shimin-kaigi"}),
    ):
        with pytest.raises(Refusal) as caught:
            put(kanazawa, code, **about)
        assert caught.value.code == "UNKNOWN_ID"


# -- S14


def test_a_promise_without_an_answer_is_undone(store: Store) -> None:
    given_an_evaluated_year(store)
    told = put(store, "S14", fiscal_year=FY)
    promised = {p["improvement_id"]: p for p in told["answer"]["promised"]}
    assert promised.keys() == {"improvement-evening", "improvement-web"}
    assert (
        promised["improvement-evening"]["sheet_id"] == SHEET
        and promised["improvement-web"]["sheet_id"] is None
    )
    assert {p["outcome"] for p in promised.values()} == {"unanswered"} and len(told["answer"]["undone"]) == 2
    assert {gap["en"] for gap in told["unknown"]} == {
        f"an answer to the improvement “{p['text']}” in the plan of FY{FY + 1}" for p in promised.values()
    }
    assert {e["type"] for e in told["events"]} == {"ImprovementAgreed", "ImprovementDecided"}


def test_the_next_plan_says_what_became_of_each_promise(store: Store) -> None:
    do = given_an_evaluated_year(store)
    do("SEC", "PlanAction", ACTION, "open_cycle", fiscal_year=FY + 1)
    answers = [
        {"improvement_id": "improvement-evening", "taken": True},
        {"improvement_id": "improvement-web", "taken": False, "reason": "費用が足りない（架空）"},
    ]
    do("SEC", "PlanAction", ACTION, "plan_cycle", fiscal_year=FY + 1, answers=answers)
    told = put(store, "S14", action_id=ACTION)
    assert [(p["outcome"], p["answered_in_fiscal_year"]) for p in told["answer"]["promised"]] == [
        ("taken", FY + 1),
        ("not_taken", FY + 1),
    ]
    (undone,) = told["answer"]["undone"]
    assert undone["why_not"] == "費用が足りない（架空）" and told["unknown"] == []
    assert "CyclePlanned" in {e["type"] for e in told["events"]}
    assert put(store, "S14", fiscal_year=FY - 1)["answer"]["promised"] == []


def test_a_promise_on_a_sheet_counts_before_it_is_decided(store: Store) -> None:
    given_sheet(store, "improvement_agreed")
    (promise,) = put(store, "S14")["answer"]["promised"]
    assert (promise["decided"], promise["sheet_id"], promise["outcome"]) == (False, SHEET, "unanswered")


# -- S16


def test_where_they_differ_and_why(store: Store) -> None:
    given_sheet(store, "published")
    told = put(store, "S16", sheet_id=SHEET)
    (sheet,) = told["answer"]["sheets"]
    wide, narrow = sheet["differences"]
    assert (wide["item"], wide["c"]["score"], wide["g"]["score"], wide["gap"], wide["wide"]) == (
        "P3", 2, 4, -2, True,
    )  # fmt: skip
    assert wide["discussed"][0]["cause"].startswith("会議の時間") and wide["kept"] == "受け止めが違う（架空）"
    assert (narrow["item"], narrow["agreed_score"], narrow["kept"]) == ("R1", 4, None)
    assert told["unknown"] == [] and len(told["events"]) == 14
    assert put(store, "S16", fiscal_year=FY - 1)["answer"]["sheets"] == []


def test_what_has_not_been_talked_about_is_named(store: Store) -> None:
    given_sheet(store, "dialogue_held")
    said = {gap["en"] for gap in put(store, "S16", action_id=ACTION)["unknown"]}
    assert said == {
        "the sheet of FY2026 (at the end): what the gap in “equality” is put down to",
        "the sheet of FY2026 (at the end): an agreement, or a kept difference, on “equality”",
        "the sheet of FY2026 (at the end): an agreement, or a kept difference, on “goal reached”",
    }


@pytest.mark.parametrize("viewer", [STAFF, CITIZEN])
def test_a_sealed_sheet_tells_nothing(store: Store, viewer: Viewer) -> None:
    do = given_sheet(store, "self_evaluating")
    before = put(store, "S16", viewer) | {"position": None}
    do("EV-G", "EvaluationSheet", SHEET, "submit_self_evaluation", **submission("g", "ひみつ（架空）"))
    after = put(store, "S16", viewer) | {"position": None}
    assert after == before and "ひみつ" not in str(after)
    (sheet,) = after["answer"]["sheets"]
    assert (sheet["unsealed"], sheet["differences"]) == (False, [])
    assert [gap["en"] for gap in after["unknown"]] == [
        "the sheet of FY2026 (at the end): sealed until both sides' self-evaluations are in"
    ]


# -- P9


def test_the_public_reads_both_judgements_of_published_sheets_and_no_names(store: Store) -> None:
    do = given_sheet(store, "improvement_agreed")
    for viewer in (PUBLIC, STAFF):
        assert put(store, "P9", viewer)["answer"]["sheets"] == []
    do("SEC", "EvaluationSheet", SHEET, "publish")
    told = put(store, "P9", PUBLIC, action_id=ACTION, fiscal_year=FY)
    (sheet,) = told["answer"]["sheets"]
    assert len(sheet["items"]) == 12 and sheet["scale"]["3"]["en"] == "as expected beforehand"
    p3 = next(i for i in sheet["items"] if i["item"] == "P3")
    assert (p3["c"]["score"], p3["g"]["score"], p3["kept"]) == (2, 4, "受け止めが違う（架空）")
    assert sheet["third_party"] == [{"grade": "B", "text": "妥当（架空）"}]
    assert sheet["improvements"] == [
        {"text": "会議を夜に開く（架空）", "owner": "g", "applies_to_fiscal_year": FY + 1}
    ]
    assert "p-ev" not in str(told) and "p-sec" not in str(told)
