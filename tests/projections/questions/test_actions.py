"""S13 and S15: the phases in which the council took part, and the money."""

from __future__ import annotations

from typing import Any

import pytest

from domain.values.refusal import Refusal
from projections.engine.store import Store
from tests.projections.questions.asking import put
from tests.support.given import give

FORUM, RULEBOOK = "action-citizens-forum", "action-rulebook"
NEW = "action-new"


def action(store: Store, command: str, **given: Any) -> None:
    give(store.application, "IMP", "PlanAction", NEW, command, importing=True, **given)


def amounts(year: dict[str, Any], *names: str) -> list[int | None]:
    return [year[name]["yen"] if year[name] else None for name in names]


def test_the_forums_budget_is_known_and_what_was_spent_is_not_zero(kanazawa: Store) -> None:
    told = put(kanazawa, "S15", action_id=FORUM)
    (year,) = told["answer"]["years"]
    assert year["label"] == {"ja": "平成19年度(2007年度)", "en": "FY2007"}
    assert (year["initial"]["yen"], year["initial"]["stated"]) == (200_000, "200千円")
    assert amounts(year, "current", "spent", "left", "unused") == [200_000, None, None, None]
    assert told["says"]["en"] == "“市民フォーラムの開催”, FY2007: current budget ¥200,000, spent unknown."
    assert "「市民フォーラムの開催」平成19年度(2007年度)の決算額（決算不明）" in [
        u["ja"] for u in told["unknown"]
    ]
    (event,) = told["events"]
    assert (event["type"], event["source"]["document_id"]) == ("BudgetAllocated", "doc-case-sheet")


def test_changes_settlement_and_what_is_left(store: Store) -> None:
    action(store, "register", title_ja="フォーラム（架空）")
    budget = {"fiscal_year": 2025, "stated_unit": "千円"}
    for kind, thousands in (("initial", 500), ("supplementary", -80), ("carry_in", 30)):
        money = {"kind": kind, "amount_yen": thousands * 1_000, "stated_amount": thousands}
        action(store, "allocate_budget", **budget, **money)
    action(store, "settle", fiscal_year=2025, spent_yen=400_000, provisional=True)
    action(store, "settle", fiscal_year=2025, spent_yen=410_500, carried_out_yen=20_000)
    (year,) = put(store, "S15", action_id=NEW, fiscal_year=2025)["answer"]["years"]
    assert amounts(year, "initial", "current", "spent", "carried_out", "left", "unused") == [
        500_000,
        450_000,
        410_500,
        20_000,
        39_500,
        19_500,
    ]
    assert year["provisional"] is False
    reduced, carried = year["changes"]
    assert (reduced["amount"]["label"], reduced["amount"]["thousand_label"]) == ("△¥80,000", "△80千円")
    assert (carried["kind"], carried["amount"]["yen"]) == ("carry_in", 30_000)
    assert year["spent"]["thousand_yen"] is None, "410,500 yen are no whole thousands"
    assert put(store, "S15", action_id=NEW, fiscal_year=2024)["answer"]["years"] == []


def test_the_council_is_stated_to_have_been_in_all_phases_but_no_record_shows_it(kanazawa: Store) -> None:
    told = put(kanazawa, "S13", action_id=RULEBOOK)
    (found,) = told["answer"]["actions"]
    (year,) = found["years"]
    assert year["fiscal_year"] == 2007
    assert [(p["phase"], p["standing"]) for p in year["phases"]] == [
        ("planning", "stated_collectively"),
        ("implementation", "stated_collectively"),
        ("evaluation", "stated_collectively"),
    ]
    assert year["phases"][0]["standing_label"]["en"] == "stated collectively, no record"
    assert year["phases"][1]["phase_on_record"] == ["MaterialProduced"]
    assert told["answer"]["phases_with_a_record"] == 0
    assert len(told["unknown"]) == 1
    whole = put(kanazawa, "S13")["answer"]
    assert whole["counts"] == {"evidence": 0, "stated": 0, "stated_collectively": 9, "not_recorded": 3}


def test_evidence_of_one_phase_of_one_year(store: Store) -> None:
    action(store, "register", title_ja="フォーラム（架空）")
    give(store.application, "SEC", "Document", "doc-photo", "register", kind="photograph", disclosure={})
    action(store, "open_cycle", fiscal_year=2025)
    action(store, "plan_cycle", fiscal_year=2025, goals=["200人（架空）"])
    shown = {"phases": ["planning"], "fiscal_year": 2025, "evidence_ref": "doc-photo"}
    action(store, "record_council_involvement", **shown)
    action(store, "record_council_involvement", phases=["evaluation"], fiscal_year=2025)
    (found,) = put(store, "S13", action_id=NEW, fiscal_year=2025)["answer"]["actions"]
    planning, implementation, evaluation = found["years"][0]["phases"]
    assert (planning["standing"], planning["evidence"]) == ("evidence", ["doc-photo"])
    assert planning["phase_on_record"] == ["CyclePlanned"]
    assert (implementation["standing"], evaluation["standing"]) == ("not_recorded", "stated")


def test_what_is_no_action_is_refused(store: Store) -> None:
    for code in ("S13", "S15"):
        with pytest.raises(Refusal) as refused:
            put(store, code, action_id="action-none")
        assert refused.value.code == "UNKNOWN_ID"
