"""M9-M13 and M19, from recorded events to the figure, with the arithmetic of each by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from domain.plan_action.events import Phase
from tests.support.measured import STAFF, Told, a_council, said
from tests.support.stories import sheets
from tests.support.stories.assemblies import COUNCIL

NOTHING = (None, None, None)
A_QUARTER = (dt.date(2026, 4, 1), dt.date(2026, 6, 30))
"""Days that are no whole fiscal year."""
REASON = "担い手が足りないため（架空）"


def an_action(told: Told, name: str, *years: int, until: str = "planned", **fields: Any) -> str:
    """An action whose years are taken from phase to phase ``until`` they are in that one."""
    told.do("SEC", "PlanAction", name, "register", title_ja="架空の事業", **fields)
    for year in years:
        a_year(told, name, year, until)
    return name


def a_year(told: Told, name: str, year: int, until: str, **answers: Any) -> None:
    steps: dict[str, tuple[str, dict[str, Any]]] = {
        "opened": ("open_cycle", {}),
        "planned": ("plan_cycle", answers),
        "implementing": ("start_implementation", {}),
        "implemented": ("complete_implementation", {}),
        "evaluated": ("evaluate_cycle", {"reason_without_sheet": REASON}),
    }
    for phase, (command, fields) in steps.items():
        told.do("SEC", "PlanAction", name, command, fiscal_year=year, **fields)
        if phase == until:
            break


# ------------------------------------------------------------------------------------------------- M9


def test_m9_what_both_sides_scored(told: Told) -> None:
    """Twelve items: |2 − 4| for P3, |4 − 3| for R1, 0 for ten others: 3/12 = 0.25; signed −2 + 1: −1/12. The
    public reads it when the sheet is published, the staff when it is unsealed, nobody before that."""
    a_council(told, 0)
    sheets.given_an_action_under_way(told.do)
    way = list(sheets.STEPS)
    for step in way:
        for role, command, fields in sheets.STEPS[step]:
            told.do(role, "EvaluationSheet", sheets.SHEET, command, **fields)
        unsealed, published = way.index(step) >= way.index("unsealed"), step == "published"
        assert told.said("M9", viewer=STAFF) == (("0.25", 3, 12) if unsealed else NOTHING), step
        assert told.said("M9") == (("0.25", 3, 12) if published else NOTHING), step
    assert said(told.part("M9", "signed")) == ("-0.08", -1, 12)
    assert told.coverage("M9") == (12, 12)


def test_m9_what_one_side_left_out_is_of_no_pair(told: Told) -> None:
    """R2 has no score of the citizens: 3 over 11 pairs of 12 items."""
    a_council(told, 0)
    sheets.given_an_action_under_way(told.do)
    sheets.given_a_sheet(told.do, "self_evaluating")
    given = sheets.submission("c")
    without = [
        s | ({"score": None, "na_reason": "なし"} if s["item"] == "R2" else {}) for s in given["scores"]
    ]
    told.do("EV-C", "EvaluationSheet", sheets.SHEET, "submit_self_evaluation", **given | {"scores": without})
    told.do("EV-G", "EvaluationSheet", sheets.SHEET, "submit_self_evaluation", **sheets.submission("g"))
    assert told.said("M9", viewer=STAFF) == ("0.27", 3, 11)
    assert told.coverage("M9", viewer=STAFF) == (11, 12)


@pytest.mark.parametrize("code", ["M9", "M10", "M13", "M19"])
def test_m9_m10_m13_m19_are_of_whole_years(told: Told, code: str) -> None:
    """An empty record says that nothing is known; some days of a year, that it is told by the year."""
    a_council(told, 0)
    assert told.said(code) == NOTHING
    part_of_a_year = told.measure(code, period=A_QUARTER)
    assert said(part_of_a_year) == NOTHING
    assert "年度" in part_of_a_year["reason_null"]["ja"]
    assert "年度" not in told.measure(code)["reason_null"]["ja"]


# ------------------------------------------------------------------------------------------------ M10


def involved(
    told: Told, name: str, *phases: Phase, shown: bool = True, envelope: Any = None, **year: int
) -> None:
    said_of = {"phases": list(phases), "evidence_ref": "doc-x" if shown else None, **year}
    told.do("SEC", "PlanAction", name, "record_council_involvement", envelope=envelope, **said_of)


def test_m10_phases_of_which_something_shows_the_council(told: Told) -> None:
    """Two actions in FY2026: of 3 · 2 phases, planning (told twice) and implementation of the first have
    evidence: 2/6 = 33.3 %. Without evidence, or of another year, nothing counts; what is stated of all
    together (F50) is counted apart: of FY2026 and of no year, but not of FY2027."""
    a_council(told, 0)
    for name in ("action-1", "action-2"):
        an_action(told, name, 2026)
    involved(told, "action-1", "planning", fiscal_year=2026)
    involved(told, "action-1", "planning", "implementation", fiscal_year=2026)
    involved(told, "action-2", "evaluation", fiscal_year=2026, shown=False)
    involved(told, "action-2", "evaluation", fiscal_year=2027)
    together = {"certainty": "stated_collectively"}
    involved(told, "action-2", "planning", fiscal_year=2026, envelope=together)
    involved(told, "action-2", "planning", "implementation", envelope=together)
    involved(told, "action-2", "planning", fiscal_year=2027, envelope=together)
    assert told.said("M10") == ("33.3", 2, 6)
    note = told.measure("M10")["note"]
    assert "2件" in note["ja"] and "2 involvements stated collectively" in note["en"]


def test_m10_of_no_cycle_is_unknown(told: Told) -> None:
    a_council(told, 0)
    an_action(told, "action-1", 2027)
    involved(told, "action-1", "planning", fiscal_year=2026)
    assert told.said("M10") == NOTHING


# ------------------------------------------------------------------------------------------ M11 and M12


def given_a_plan(told: Told, measures: int) -> None:
    told.do("SEC", "PromotionPlan", "plan-x", "start_formulation", title_ja="架空計画", council_id=COUNCIL)
    for n in range(1, measures + 1):
        told.do("SEC", "PromotionPlan", "plan-x", "state_measure", measure_id=f"measure-{n}", text_ja="架空")
    told.do("SEC", "PromotionPlan", "plan-x", "prepare_draft", document_id="doc-x")


def test_m11_measures_that_were_begun(told: Told) -> None:
    """Of four measures, the first has two actions carried out and counts once, the second one that is only
    planned: 1/4. In FY2027 the third is begun: 2/4."""
    a_council(told, 0)
    given_a_plan(told, 4)
    for name, measure, until in (
        ("action-1", "measure-1", "implementing"),
        ("action-2", "measure-1", "implemented"),
        ("action-3", "measure-2", "planned"),
    ):
        an_action(told, name, 2026, until=until, measure_id=measure)
    told.on_the_day("2027-05-01")
    an_action(told, "action-4", 2027, until="implementing", measure_id="measure-3")
    assert told.said("M11") == ("25.0", 1, 4)
    assert told.said("M11", period=2027) == ("50.0", 2, 4)
    assert told.coverage("M11") == (4, 4)


def test_m11_without_a_plan_has_no_denominator(told: Told) -> None:
    """As the case sheet: so many actions, of unknown measures."""
    a_council(told, 0)
    assert told.said("M11") == NOTHING
    an_action(told, "action-1", 2026, until="implementing")
    assert told.said("M11") == (None, 1, None)
    given_a_plan(told, 2)
    assert told.said("M11") == ("0.0", 0, 2)  # the action is of none of its measures


def handed_out(told: Told, **counts: int) -> None:
    given = {"item_ja": "ルールブック（架空）", "audience": "citizen", **counts}
    told.imported("PlanAction", "action-1", "record_distribution", "2026-11-03", **given)


def test_m12_how_many_were_reached_of_nobody_knows_how_many(told: Told) -> None:
    """2,000 and 150 people, and a pile of 300 copies that tells nothing of people: 2,150 of unknown."""
    a_council(told, 0)
    an_action(told, "action-1")
    assert told.said("M12") == NOTHING
    handed_out(told, copies=300)
    assert told.said("M12") == NOTHING
    handed_out(told, recipients=2_000)
    handed_out(told, recipients=150)
    assert told.said("M12") == (None, 2_150, None)
    assert told.said("M12", period=2025) == NOTHING
    assert "対象者数" in told.measure("M12")["reason_null"]["ja"]


def test_m12_of_three_recipients_is_not_public(told: Told) -> None:
    a_council(told, 0)
    an_action(told, "action-1")
    handed_out(told, recipients=3)
    assert told.measure("M12")["suppressed"] is True and told.said("M12") == NOTHING
    assert told.said("M12", viewer=STAFF) == (None, 3, None)


# ------------------------------------------------------------------------------------------------ M13


def a_budget(told: Told, name: str, **lines: int) -> None:
    for kind, yen in lines.items():
        line = {"fiscal_year": 2026, "kind": kind, "amount_yen": yen}
        told.do("SEC", "PlanAction", name, "allocate_budget", **line)


def a_settlement(told: Told, name: str, spent: int, **more: Any) -> None:
    told.on_the_day("2027-06-02")
    told.do("SEC", "PlanAction", name, "settle", fiscal_year=2026, spent_yen=spent, **more)


def test_m13_what_was_spent_of_the_current_budget(told: Told) -> None:
    """1,000,000 + 200,000 − 100,000 + 50,000 = 1,150,000 yen; 920,000 spent = 80 %; with 30,000 carried out,
    1,150,000 − 920,000 − 30,000 = 200,000 were not used (O30). A second action is not settled."""
    a_council(told, 0)
    an_action(told, "action-1", 2026)
    a_budget(told, "action-1", initial=1_000_000, supplementary=200_000, transfer=-100_000, carry_in=50_000)
    an_action(told, "action-2", 2026)
    a_budget(told, "action-2", initial=500_000)
    assert (told.said("M13"), told.coverage("M13")) == (NOTHING, (0, 2))
    a_settlement(told, "action-1", 920_000, carried_out_yen=30_000)
    assert told.said("M13") == ("80.0", 920_000, 1_150_000)
    assert told.part("M13", "unused")["value"] == "200000"
    assert told.coverage("M13") == (1, 2)


def test_m13_the_last_settlement_counts(told: Told) -> None:
    """Provisional 300,000, in the end 450,000 of 500,000: 90 %. Nothing says what was carried out, so that
    what was not used is unknown."""
    a_council(told, 0)
    an_action(told, "action-1", 2026)
    a_budget(told, "action-1", initial=500_000)
    a_settlement(told, "action-1", 300_000, provisional=True)
    a_settlement(told, "action-1", 450_000)
    assert told.said("M13") == ("90.0", 450_000, 500_000)
    assert told.part("M13", "unused")["value"] is None


def test_m13_spending_without_a_budget_on_record_is_not_known_of(told: Told) -> None:
    a_council(told, 0)
    an_action(told, "action-1", 2026)
    spent = {"fiscal_year": 2026, "spent_yen": 10_000}
    told.do("IMP", "PlanAction", "action-1", "settle", importing=True, **spent)
    assert (told.said("M13"), told.coverage("M13")) == (NOTHING, (0, 1))


# ------------------------------------------------------------------------------------------------ M19


def test_m19_improvements_that_the_next_plan_took_up(told: Told) -> None:
    """For FY2027 four were decided: two taken, one not, one not yet answered: 2/4 = 50 %, and 1 apart."""
    a_council(told, 0)
    for name, improvements in (("action-1", 3), ("action-2", 1)):
        an_action(told, name, 2026, until="evaluated")
        for n in range(1, improvements + 1):
            change = {"improvement_id": f"{name}-{n}", "text": "夜に開く（架空）"}
            years = {"fiscal_year": 2026, "applies_to_fiscal_year": 2027}
            told.do("SEC", "PlanAction", name, "decide_improvement", **change, **years)
    taken = [{"improvement_id": f"action-1-{n}", "taken": True} for n in (1, 2)]
    declined = {"improvement_id": "action-1-3", "taken": False, "reason": REASON}
    assert told.said("M19", period=2027) == (None, None, 4)  # not 0 of 4: nobody has answered yet
    assert told.part("M19", "unanswered", period=2027)["value"] == "4"
    a_year(told, "action-1", 2027, "planned", answers=[*taken, declined])
    assert told.said("M19", period=2027) == ("50.0", 2, 4)
    assert told.part("M19", "unanswered", period=2027)["value"] == "1"
    assert told.coverage("M19", period=2027) == (3, 4)
    assert told.said("M19") == NOTHING  # nothing was decided for FY2026
