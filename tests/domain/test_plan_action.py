"""PlanAction: phases in their order, money that adds up, and unknown that stays unknown."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.links import links_of
from domain.plan_action.aggregate import (
    ActionAdopted,
    ActionEnded,
    ActionProposed,
    ActionRegistered,
    ActionResumed,
    ActionSuspended,
    ActivityHeld,
    BudgetAllocated,
    CouncilInvolvementRecorded,
    CycleClosed,
    CycleEvaluated,
    CycleOpened,
    CyclePlanned,
    ImplementationCompleted,
    ImplementationStarted,
    ImprovementDecided,
    MaterialDistributed,
    MaterialProduced,
    PlanAction,
    SettlementRecorded,
)
from domain.plan_action.cycle import Cycle
from domain.values.calendar import EffectiveDate
from domain.values.money import Money
from tests.support.given import TestRecord, then_recorded, then_refused, ticking_clock

A = "action-forum"
FY = 2026
REASON = "担い手が足りないため（架空）"


def action(record: TestRecord, name: str = A) -> PlanAction:
    """The action as it stands."""
    found = PlanAction.replay(None, record.application.events.get(originator_id=name))  # type: ignore[arg-type]
    assert found is not None
    return found


def cycle(record: TestRecord, year: int = FY) -> Cycle:
    return action(record).cycles[year]


def given_an_adopted_matter(record: TestRecord, result: str = "adopted") -> str:
    record.do("IMP", "Matter", "matter-1", "import_conclusion", importing=True, result=result)
    return "matter-1"


def given_a_proposed_action(record: TestRecord) -> str:
    record.do("MEM", "PlanAction", A, "propose", title="フォーラム（架空）", measure_id="measure-forum")
    return A


def given_an_adopted_action(record: TestRecord) -> str:
    given_a_proposed_action(record)
    matter = given_an_adopted_matter(record)
    record.do("SEC", "PlanAction", A, "adopt", matter_id=matter, fiscal_year=FY)
    return A


def given_a_year(record: TestRecord, until: str, year: int = FY) -> str:
    """The action's year, taken from phase to phase ``until`` it is in that one."""
    steps: dict[str, tuple[str, dict[str, Any]]] = {
        "opened": ("open_cycle", {}),
        "planned": ("plan_cycle", {"goals": ["200人が参加する（架空）"]}),
        "implementing": ("start_implementation", {}),
        "implemented": ("complete_implementation", {}),
        "evaluated": ("evaluate_cycle", {"reason_without_sheet": REASON}),
        "closed": ("close_cycle", {"no_improvement_reason": REASON}),
    }
    for phase, (command, fields) in steps.items():
        record.do("SEC", "PlanAction", A, command, fiscal_year=year, **fields)
        if phase == until:
            break
    return A


def budget(amount: int = 500, unit: str = "千円", **fields: Any) -> dict[str, Any]:
    yen = amount * 1_000 if unit == "千円" else amount
    given = {"fiscal_year": FY, "kind": "initial"} | fields
    return {"stated_amount": amount, "stated_unit": unit, "amount_yen": yen} | given


def given_a_budget(record: TestRecord, amount: int = 500, **fields: Any) -> None:
    record.do("SEC", "PlanAction", A, "allocate_budget", **budget(amount, **fields))


def on_the_day(record: TestRecord, day: str) -> None:
    """The clock stands at noon in Japan on this day."""
    noon = dt.datetime.fromisoformat(f"{day}T12:00:00+09:00")
    record.application.clock = ticking_clock(noon.astimezone(dt.UTC))


def links(event: Any) -> list[tuple[str, str, str]]:
    return [(link.from_id, link.relation, link.to_id) for link in links_of(event)]


# -- the action itself


def test_an_action_known_from_a_source_is_registered_with_what_it_tells(record: TestRecord) -> None:
    fields = {
        "title_ja": "市民フォーラムの開催",
        "owner": "council-x",
        "measure_id": None,
        "adopted_by": None,
    }
    made = record.do("IMP", "PlanAction", A, "register", importing=True, **fields)
    then_recorded(made, ActionRegistered)
    assert links(made[0]) == [(A, "owned_by", "council-x")]
    assert action(record).state == "registered"
    then_refused("ALREADY_EXISTS", record, "IMP", "PlanAction", A, "register", importing=True, **fields)


@pytest.mark.parametrize("field", ["owner", "measure_id", "adopted_by"])
def test_what_an_action_refers_to_is_on_record(record: TestRecord, field: str) -> None:
    fields = {"title_ja": "架空の事業", field: "council-none"}
    refused = then_refused("UNKNOWN_ID", record, "SEC", "PlanAction", A, "register", **fields)
    assert refused.pointer == f"/{field}"


def test_a_proposed_action_realises_a_measure_and_follows_a_matter(record: TestRecord) -> None:
    matter = given_an_adopted_matter(record)
    fields = {"title": "架空の事業", "measure_id": "measure-x", "matter_id": matter, "art16_item": 1}
    made = record.do("MEM", "PlanAction", A, "propose", **fields)
    then_recorded(made, ActionProposed)
    assert links(made[0]) == [(A, "realises", "measure-x"), (A, "derived_from", "matter-1")]
    unknown = {"title": "架空の事業", "matter_id": "matter-none"}
    then_refused("UNKNOWN_ID", record, "MEM", "PlanAction", "action-2", "propose", **unknown)


def test_an_action_is_adopted_on_the_strength_of_a_matter(record: TestRecord) -> None:
    given_a_proposed_action(record)
    then_refused("MATTER_NOT_ADOPTED", record, "SEC", "PlanAction", A, "adopt", fiscal_year=FY)
    matter = given_an_adopted_matter(record)
    made = record.do("SEC", "PlanAction", A, "adopt", matter_id=matter, fiscal_year=FY)
    then_recorded(made, ActionAdopted)
    assert links(made[0]) == [(A, "adopted_by", "matter-1")]
    assert (made[0].dated, made[0].effective.precision) == ("not_told", "unknown")
    assert action(record).state == "adopted"
    then_refused("WRONG_STATE", record, "SEC", "PlanAction", A, "adopt", matter_id=matter)


@pytest.mark.parametrize("result", ["rejected", "noted", "summarised"])
def test_an_action_is_not_adopted_on_a_matter_that_was_not(record: TestRecord, result: str) -> None:
    given_a_proposed_action(record)
    matter = given_an_adopted_matter(record, result)
    then_refused("MATTER_NOT_ADOPTED", record, "SEC", "PlanAction", A, "adopt", matter_id=matter)


def test_an_action_rests_and_ends_for_a_reason(record: TestRecord) -> None:
    given_an_adopted_action(record)
    then_refused("REASON_REQUIRED", record, "SEC", "PlanAction", A, "suspend")
    then_recorded(record.do("SEC", "PlanAction", A, "suspend", reason=REASON), ActionSuspended)
    then_refused("WRONG_STATE", record, "SEC", "PlanAction", A, "open_cycle", fiscal_year=FY)
    then_recorded(record.do("SEC", "PlanAction", A, "resume"), ActionResumed)
    assert action(record).state == "active"
    then_refused("WRONG_STATE", record, "SEC", "PlanAction", A, "resume")
    then_refused("REASON_REQUIRED", record, "SEC", "PlanAction", A, "end")
    then_recorded(record.do("SEC", "PlanAction", A, "end", reason=REASON), ActionEnded)
    assert action(record).state == "ended"


# -- the yearly cycle


def test_a_year_goes_from_planning_through_implementation_to_evaluation(record: TestRecord) -> None:
    given_an_adopted_action(record)
    before = len(record.events)
    given_a_year(record, until="closed")
    then_recorded(
        record.events[before:],
        CycleOpened,
        CyclePlanned,
        ImplementationStarted,
        ImplementationCompleted,
        CycleEvaluated,
        CycleClosed,
    )
    assert cycle(record).phase == "closed"
    assert action(record).state == "active"


@pytest.mark.parametrize(
    ("until", "command", "fields"),
    [
        (None, "plan_cycle", {}),
        ("opened", "start_implementation", {}),
        ("planned", "complete_implementation", {}),
        ("implementing", "evaluate_cycle", {"reason_without_sheet": REASON}),
        ("closed", "plan_cycle", {}),
        ("closed", "close_cycle", {"no_improvement_reason": REASON}),
        (None, "close_cycle", {"no_improvement_reason": REASON}),
        (
            "implemented",
            "decide_improvement",
            {"improvement_id": "i-1", "text": "架空", "applies_to_fiscal_year": 2027},
        ),
    ],
)
def test_no_phase_is_skipped_or_repeated(
    record: TestRecord, until: str | None, command: str, fields: dict[str, Any]
) -> None:
    given_an_adopted_action(record)
    if until is not None:
        given_a_year(record, until)
    then_refused("PHASE_ORDER", record, "SEC", "PlanAction", A, command, fiscal_year=FY, **fields)


def test_a_year_is_opened_once(record: TestRecord) -> None:
    given_an_adopted_action(record)
    given_a_year(record, until="opened")
    then_refused("ALREADY_EXISTS", record, "SEC", "PlanAction", A, "open_cycle", fiscal_year=FY)


def test_nothing_begins_on_an_action_that_was_not_adopted(record: TestRecord) -> None:
    given_a_proposed_action(record)
    then_refused("WRONG_STATE", record, "SEC", "PlanAction", A, "open_cycle", fiscal_year=FY)
    then_refused("WRONG_STATE", record, "SEC", "PlanAction", A, "allocate_budget", **budget())


def test_an_evaluation_without_a_sheet_says_why(record: TestRecord) -> None:
    given_an_adopted_action(record)
    given_a_year(record, until="implemented")
    refused = then_refused(
        "REASON_REQUIRED", record, "SEC", "PlanAction", A, "evaluate_cycle", fiscal_year=FY
    )
    assert refused.pointer == "/reason_without_sheet"
    on_a_sheet = {"fiscal_year": FY, "sheet_id": "sheet-1"}
    then_refused("UNKNOWN_ID", record, "SEC", "PlanAction", A, "evaluate_cycle", **on_a_sheet)
    made = record.do("IMP", "PlanAction", A, "evaluate_cycle", importing=True, **on_a_sheet)
    assert links(made[0]) == [(A, "based_on", "sheet-1")]


@pytest.mark.parametrize("until", ["opened", "planned", "implementing", "implemented"])
def test_a_year_is_not_closed_before_it_is_evaluated(record: TestRecord, until: str) -> None:
    given_an_adopted_action(record)
    given_a_year(record, until)
    closing = {"fiscal_year": FY, "no_improvement_reason": REASON}
    then_refused("NOT_EVALUATED", record, "SEC", "PlanAction", A, "close_cycle", **closing)


def improvement(**fields: Any) -> dict[str, Any]:
    given = {"fiscal_year": FY, "improvement_id": "i-1", "text": "休日に開く（架空）"}
    return given | {"applies_to_fiscal_year": FY + 1} | fields


def test_a_year_is_closed_with_an_improvement_or_with_the_reason_why_there_is_none(
    record: TestRecord,
) -> None:
    given_an_adopted_action(record)
    given_a_year(record, until="evaluated")
    then_refused("NOT_EVALUATED", record, "SEC", "PlanAction", A, "close_cycle", fiscal_year=FY)
    then_recorded(
        record.do("SEC", "PlanAction", A, "decide_improvement", **improvement()), ImprovementDecided
    )
    then_refused("ALREADY_EXISTS", record, "SEC", "PlanAction", A, "decide_improvement", **improvement())
    then_recorded(record.do("SEC", "PlanAction", A, "close_cycle", fiscal_year=FY), CycleClosed)


@pytest.mark.parametrize("year", [FY, FY - 1])
def test_an_improvement_is_for_a_later_year(record: TestRecord, year: int) -> None:
    given_an_adopted_action(record)
    given_a_year(record, until="evaluated")
    same = improvement(applies_to_fiscal_year=year)
    then_refused("IMPROVEMENT_NOT_LATER", record, "SEC", "PlanAction", A, "decide_improvement", **same)


def test_a_plan_answers_every_improvement_decided_for_its_year(record: TestRecord) -> None:
    given_an_adopted_action(record)
    given_a_year(record, until="evaluated")
    record.do("SEC", "PlanAction", A, "decide_improvement", **improvement())
    record.do("SEC", "PlanAction", A, "decide_improvement", **improvement(improvement_id="i-2"))
    opened = record.do("SEC", "PlanAction", A, "open_cycle", fiscal_year=FY + 1)
    assert opened[0].data.improvements == ("i-1", "i-2")
    taken = {"improvement_id": "i-1", "taken": True}
    silent = {"improvement_id": "i-2", "taken": False}

    def plan(*answers: dict[str, Any]) -> dict[str, Any]:
        return {"fiscal_year": FY + 1, "answers": list(answers)}

    for given_answers in (plan(), plan(taken), plan(taken, silent)):
        then_refused("IMPROVEMENT_UNANSWERED", record, "SEC", "PlanAction", A, "plan_cycle", **given_answers)
    unknown = plan({"improvement_id": "i-9", "taken": True})
    then_refused("UNKNOWN_ID", record, "SEC", "PlanAction", A, "plan_cycle", **unknown)
    made = record.do("SEC", "PlanAction", A, "plan_cycle", **plan(taken, silent | {"reason": REASON}))
    then_recorded(made, CyclePlanned)


# -- money


def test_a_budget_is_recorded_as_the_source_states_it(record: TestRecord) -> None:
    given_an_adopted_action(record)
    made = record.do("SEC", "PlanAction", A, "allocate_budget", **budget(500))
    then_recorded(made, BudgetAllocated)
    assert (made[0].effective.value, made[0].effective.precision) == ("FY2026", "fiscal_year")
    assert cycle(record).current == Money(500_000, 500, "千円")


def test_a_budget_without_a_stated_unit_is_stated_in_yen(record: TestRecord) -> None:
    given_an_adopted_action(record)
    made = record.do(
        "SEC", "PlanAction", A, "allocate_budget", fiscal_year=FY, kind="initial", amount_yen=123_456
    )
    assert (made[0].data.stated_amount, made[0].data.stated_unit) == (123_456, "円")


@pytest.mark.parametrize(
    "fields",
    [{"amount_yen": 500_001}, {"stated_unit": "円"}, {"stated_amount": None, "amount_yen": 500}],
)
def test_amounts_that_do_not_agree_are_refused_even_on_import(
    record: TestRecord, fields: dict[str, Any]
) -> None:
    given_an_adopted_action(record)
    wrong = budget(500) | fields
    for role, importing in (("SEC", False), ("IMP", True)):
        refused = then_refused(
            "MONEY_UNIT_MISMATCH",
            record,
            role,
            "PlanAction",
            A,
            "allocate_budget",
            importing=importing,
            **wrong,
        )
        assert refused.pointer == "/stated_amount"


def test_a_year_has_one_initial_budget_even_on_import(record: TestRecord) -> None:
    given_an_adopted_action(record)
    given_a_budget(record)
    again = budget(300)
    then_refused("INITIAL_BUDGET_EXISTS", record, "SEC", "PlanAction", A, "allocate_budget", **again)
    then_refused(
        "INITIAL_BUDGET_EXISTS", record, "IMP", "PlanAction", A, "allocate_budget", importing=True, **again
    )
    record.do("SEC", "PlanAction", A, "allocate_budget", **budget(300, fiscal_year=FY + 1))


def test_a_supplementary_budget_without_an_initial_one_is_unusual(record: TestRecord) -> None:
    given_an_adopted_action(record)
    more = budget(100, kind="supplementary")
    record.do("SEC", "PlanAction", A, "allocate_budget", **more)
    assert record.warned == ["INITIAL_NOT_RECORDED"]
    assert cycle(record).current == Money(100_000, 100, "千円")


def test_a_budget_is_never_below_zero(record: TestRecord) -> None:
    given_an_adopted_action(record)
    below = budget(-1)
    then_refused("BUDGET_NEGATIVE", record, "SEC", "PlanAction", A, "allocate_budget", **below)
    given_a_budget(record, 500)
    below = budget(-501, kind="supplementary")
    then_refused("BUDGET_NEGATIVE", record, "SEC", "PlanAction", A, "allocate_budget", **below)
    below = budget(-1, kind="carry_in")
    then_refused("BUDGET_NEGATIVE", record, "SEC", "PlanAction", A, "allocate_budget", **below)
    given_a_budget(record, -500, kind="transfer")
    assert cycle(record).current == Money(0, 0, "千円")


def test_what_was_spent_is_not_entered_with_the_budget(record: TestRecord) -> None:
    given_an_adopted_action(record)
    both = budget(500, settled_yen=400_000)
    then_refused("SETTLED_APART", record, "SEC", "PlanAction", A, "allocate_budget", **both)
    record.do("IMP", "PlanAction", A, "allocate_budget", importing=True, **both)
    assert cycle(record).spent_yen == 400_000


@given(
    initial=st.integers(0, 10**9),
    changes=st.lists(
        st.tuples(
            st.sampled_from(["supplementary", "transfer", "carry_in"]),
            st.integers(-(10**9), 10**9),
            st.sampled_from(["円", "千円"]),
        ),
        max_size=8,
    ),
)
def test_the_money_of_a_year_always_adds_up(initial: int, changes: list[tuple[str, int, str]]) -> None:
    """Current = initial + supplementary ± transfer + carry-in, of all lines that were not refused."""
    record, accepted = TestRecord(), initial
    given_an_adopted_action(record)
    given_a_budget(record, initial, unit="円")
    for kind, amount, unit in changes:
        line = budget(amount, unit, kind=kind)
        if accepted + line["amount_yen"] < 0 or (kind == "carry_in" and amount < 0):
            then_refused("BUDGET_NEGATIVE", record, "SEC", "PlanAction", A, "allocate_budget", **line)
        else:
            record.do("SEC", "PlanAction", A, "allocate_budget", **line)
            accepted += line["amount_yen"]
    current = cycle(record).current
    assert current is not None
    assert current.yen == accepted >= 0
    assert current == current.check()


def settlement(**fields: Any) -> dict[str, Any]:
    return {"fiscal_year": FY, "spent_yen": 450_000, "carried_out_yen": 30_000} | fields


def test_a_settlement_tells_what_was_not_used(record: TestRecord) -> None:
    given_an_adopted_action(record)
    given_a_budget(record)
    on_the_day(record, "2027-06-01")
    then_recorded(record.do("SEC", "PlanAction", A, "settle", **settlement()), SettlementRecorded)
    assert cycle(record).unused == Money.of_yen(20_000)


def test_what_is_not_recorded_is_unknown_and_not_zero(record: TestRecord) -> None:
    given_an_adopted_action(record)
    given_a_year(record, until="opened")
    assert (cycle(record).initial, cycle(record).current, cycle(record).unused) == (None, None, None)
    given_a_budget(record)
    assert cycle(record).unused is None
    on_the_day(record, "2027-06-01")
    record.do("SEC", "PlanAction", A, "settle", **settlement(carried_out_yen=None))
    assert cycle(record).unused is None


def test_a_year_is_not_settled_before_it_has_ended(record: TestRecord) -> None:
    given_an_adopted_action(record)
    given_a_budget(record)
    early = settlement(provisional=True)
    on_the_day(record, "2027-03-31")
    then_refused("FY_OPEN", record, "SEC", "PlanAction", A, "settle", **early)
    on_the_day(record, "2027-04-01")
    record.do("SEC", "PlanAction", A, "settle", **early)


def test_a_settlement_said_to_be_of_a_day_within_the_year_is_refused(record: TestRecord) -> None:
    given_an_adopted_action(record)
    given_a_budget(record)
    on_the_day(record, "2027-07-01")
    said = {"effective": EffectiveDate.parse("2027-03-30")}
    then_refused("FY_OPEN", record, "SEC", "PlanAction", A, "settle", **settlement(), envelope=said)


def test_a_settlement_is_provisional_while_the_books_are_open(record: TestRecord) -> None:
    given_an_adopted_action(record)
    given_a_budget(record)
    on_the_day(record, "2027-05-31")
    then_refused("BOOKS_OPEN", record, "SEC", "PlanAction", A, "settle", **settlement())
    record.do("SEC", "PlanAction", A, "settle", **settlement(provisional=True))
    on_the_day(record, "2027-06-01")
    record.do("SEC", "PlanAction", A, "settle", **settlement(spent_yen=460_000))
    assert cycle(record).spent_yen == 460_000
    then_refused("ALREADY_SETTLED", record, "SEC", "PlanAction", A, "settle", **settlement())


def test_no_more_is_spent_than_there_was(record: TestRecord) -> None:
    given_an_adopted_action(record)
    on_the_day(record, "2027-06-01")
    then_refused("NO_INITIAL_BUDGET", record, "SEC", "PlanAction", A, "settle", **settlement())
    given_a_budget(record)
    over = settlement(spent_yen=470_001)
    then_refused("OVER_BUDGET", record, "SEC", "PlanAction", A, "settle", **over)
    record.do("SEC", "PlanAction", A, "settle", **settlement(spent_yen=470_000))
    less = budget(-1, "円", kind="transfer")
    then_refused("OVER_BUDGET", record, "SEC", "PlanAction", A, "allocate_budget", **less)
    record.do("SEC", "PlanAction", A, "allocate_budget", **budget(1, "円", kind="transfer"))


def test_an_import_that_says_more_was_spent_is_marked(record: TestRecord) -> None:
    given_an_adopted_action(record)
    given_a_budget(record)
    over = settlement(spent_yen=600_000)
    made = record.do("IMP", "PlanAction", A, "settle", importing=True, **over)
    assert made[0].data.warnings == ("OVER_BUDGET",) and record.warned == ["OVER_BUDGET"]
    fine = settlement(fiscal_year=FY + 1, warnings=["OVER_BUDGET"])
    made = record.do("IMP", "PlanAction", A, "settle", importing=True, **fine)
    assert made[0].data.warnings == () and record.warned == []
    together = budget(100, "円", fiscal_year=FY + 2, settled_yen=101)
    record.do("IMP", "PlanAction", A, "allocate_budget", importing=True, **together)
    assert record.warned == ["OVER_BUDGET"]


# -- what was done


def activity(**fields: Any) -> dict[str, Any]:
    return {"activity_id": "forum-1", "kind": "forum", "participants": 120} | fields


@pytest.mark.parametrize(
    "parts",
    [
        {"first_time": 40, "returning": 70, "unknown": 9},
        {"first_time": 40, "returning": 70, "unknown": 11},
        {"first_time": 121},
    ],
)
def test_participants_add_up_even_on_import(record: TestRecord, parts: dict[str, int]) -> None:
    wrong = activity(**parts)
    then_refused("COUNT_MISMATCH", record, "IMP", "PlanAction", A, "record_activity", importing=True, **wrong)


@pytest.mark.parametrize(
    "parts",
    [
        {"first_time": 40, "returning": 70, "unknown": 10},
        {"first_time": 40, "returning": 70},
        {"first_time": 40, "participants": None},
        {},
    ],
)
def test_participants_may_be_counted_in_part(record: TestRecord, parts: dict[str, Any]) -> None:
    made = record.do("IMP", "PlanAction", A, "record_activity", importing=True, **activity(**parts))
    then_recorded(made, ActivityHeld)


def test_an_activity_is_recorded_once(record: TestRecord) -> None:
    record.do("IMP", "PlanAction", A, "record_activity", importing=True, **activity())
    then_refused(
        "ALREADY_EXISTS", record, "IMP", "PlanAction", A, "record_activity", importing=True, **activity()
    )


def test_nothing_is_done_in_a_year_that_is_not_under_way(record: TestRecord) -> None:
    given_an_adopted_action(record)
    then_refused("PHASE_ORDER", record, "SEC", "PlanAction", A, "record_activity", **activity())
    given_a_year(record, until="planned")
    then_refused("PHASE_ORDER", record, "SEC", "PlanAction", A, "record_activity", **activity())
    record.do("SEC", "PlanAction", A, "start_implementation", fiscal_year=FY)
    record.do("SEC", "PlanAction", A, "record_activity", **activity())
    elsewhen = activity(activity_id="forum-2", held_on={"value": "2027-04-01", "precision": "day"})
    refused = then_refused("PHASE_ORDER", record, "SEC", "PlanAction", A, "record_activity", **elsewhen)
    assert "2027" in refused.sentence("ja")


def test_people_and_copies_are_counted_apart(record: TestRecord) -> None:
    given_an_adopted_action(record)
    given_a_year(record, until="implementing")
    made = record.do("SEC", "PlanAction", A, "record_material", item_ja="ルールブック", edition="第2版")
    then_recorded(made, MaterialProduced)
    made = record.do(
        "SEC",
        "PlanAction",
        A,
        "record_distribution",
        item_ja="ルールブック",
        audience="staff",
        recipients=2000,
    )
    then_recorded(made, MaterialDistributed)
    assert (made[0].data.recipients, made[0].data.copies) == (2000, None)


def test_the_councils_part_names_its_phases(record: TestRecord) -> None:
    given_an_adopted_action(record)
    part: dict[str, Any] = {"phases": ["planning"], "fiscal_year": FY}
    made = record.do("SEC", "PlanAction", A, "record_council_involvement", **part)
    then_recorded(made, CouncilInvolvementRecorded)
    none: dict[str, Any] = {"phases": []}
    then_refused("PHASE_UNNAMED", record, "SEC", "PlanAction", A, "record_council_involvement", **none)
    shown = part | {"evidence_ref": "meeting-none"}
    then_refused("UNKNOWN_ID", record, "SEC", "PlanAction", A, "record_council_involvement", **shown)
