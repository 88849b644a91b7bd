"""Ways out of what used to be dead ends: one test for each (the walk over all of them is in
test_no_dead_ends.py; those of a meeting are in tests/domain/meeting)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from domain.council.aggregate import Council
from domain.evaluation_sheet.events import PriorTargetsMissed, SheetCancelled
from domain.kernel.record import KINDS
from domain.matter.events import MatterConcluded, PromisedStepTaken
from domain.plan_action.events import ImprovementAnswered, ImprovementDecided
from tests.support.given import TestRecord, then_recorded, then_refused
from tests.support.stories import assemblies, sheets
from tests.support.stories.assemblies import COUNCIL, FIRST, MATTER, MEETING, at, do_council, do_meeting
from tests.support.stories.matters import given_a_document
from tests.support.stories.sheets import ACTION, FY, SHEET, STEPS, given_a_sheet, given_an_action_under_way

REASON = "理由（架空）"
BEFORE = {"value": "2024-04-01", "precision": "day"}
EARLIER = {"value": "2024-03-20", "precision": "day"}


def thing(record: TestRecord, kind: str, stream: str) -> Any:
    return KINDS[kind].replay(None, record.application.events.get(originator_id=stream))  # type: ignore[arg-type]


# ----------------------------------------------------------------------------------------- matters


def given_a_proposal_of_the_secretariat(record: TestRecord) -> None:
    assemblies.given_a_council(record, 3)
    asked = {"title": "計画案", "question": "計画案のとおりでよいか。", "practice": "慣行"}
    record.do("SEC", "Matter", MATTER, "raise_matter", **asked)
    do_meeting(record, "SEC", "schedule", council_id=COUNCIL, kind="plenary", starts_at=at(14))
    item = {"item_id": "item-1", "order": 1, "title": "計画案", "type": "decision", "matter_id": MATTER}
    do_meeting(record, "SEC", "list_item", **item)
    do_meeting(record, "CHR", "open", at=at(14), presiding="seat-01", present=["seat-02", "seat-03"])


NO_OBJECTION = {"item_id": "item-1", "at": at(15), "method": "no_objection", "result": "adopted"}


def test_no_objection_to_the_secretariats_own_proposal_concludes_the_matter(record: TestRecord) -> None:
    """異議なし: the proposal is the option."""
    given_a_proposal_of_the_secretariat(record)
    said = {"conclusion": {"reason": "原案に異議がなかったため（架空）", "reason_short": "原案のとおり"}}
    _, concluded = do_meeting(record, "CHR", "take_resolution", **NO_OBJECTION, **said)
    then_recorded([concluded], MatterConcluded)
    assert (concluded.data.result, concluded.data.chosen_option) == ("adopted", None)
    assert concluded.data.reason_short == "原案のとおり"
    assert thing(record, "Matter", MATTER).is_adopted


def test_options_that_nobody_froze_are_not_resolved_on(record: TestRecord) -> None:
    """What came of it could never be concluded."""
    given_a_proposal_of_the_secretariat(record)
    record.do("MEM", "Matter", MATTER, "propose_option", option_id="a", label="案一")
    then_refused("OPTIONS_OPEN", record, "CHR", "Meeting", MEETING, "take_resolution", **NO_OBJECTION)
    record.do("SEC", "Matter", MATTER, "freeze_options")
    do_meeting(record, "CHR", "take_resolution", **NO_OBJECTION, options_version=1)


def test_a_matter_raised_by_mistake_is_withdrawn_and_says_so(record: TestRecord) -> None:
    asked = {"title": "誤り", "question": "（誤って登録）", "practice": "慣行"}
    record.do("SEC", "Matter", "matter-wrong", "raise_matter", **asked)
    (made,) = record.do("SEC", "Matter", "matter-wrong", "withdraw", reason="誤登録（架空）", by_mistake=True)
    assert made.data.by_mistake and thing(record, "Matter", "matter-wrong").state == "withdrawn"


def given_a_conclusion(record: TestRecord) -> None:
    given_a_proposal_of_the_secretariat(record)
    points = [{"point": "対象", "text": "全ての課（架空）"}]
    do_meeting(record, "CHR", "take_resolution", **NO_OBJECTION, resolution_id="r-1")
    said = {"meeting_id": MEETING, "resolution_ref": "r-1", "reason": REASON, "points": points}
    record.do("CHR", "Matter", MATTER, "conclude", **said)


def test_a_city_decision_names_its_steps_and_its_points(record: TestRecord) -> None:
    given_a_conclusion(record)
    record.do("SEC", "Party", "p-drafter", "register_person", name="架空 次郎")
    decision: dict[str, Any] = {
        "authority": "delegated_officer",
        "document_no": "市協第12号",
        "drafted_by": "p-drafter",
        "drafted_on": {"value": "2026-05-12", "precision": "day"},
        "consulted": [{"post": "財政課長（架空）", "outcome": "異存なし"}],
        "approved_by_post": "市民局長（架空）",
        "decided_on": {"value": "2026-05-20", "precision": "day"},
        "in_force_from": {"value": "2026-06-01", "precision": "day"},
        "points": [{"point": "対象", "text": "窓口のある課（架空）"}],
        "reason_short": "窓口から始めるため",
        "promised": [{"step_id": "step-1", "what": "要綱を定める", "by_whom": "市民協働推進課（架空）"}],
    }
    own = {"party": "p-drafter", **decision}
    then_refused("SELF_APPROVAL", record, "APR", "Matter", MATTER, "record_city_decision", **own)
    (made,) = record.do("APR", "Matter", MATTER, "record_city_decision", **decision)
    assert made.data.consulted[0].post == "財政課長（架空）" and made.data.points[0].point == "対象"
    assert list(thing(record, "Matter", MATTER).promised) == ["step-1"]


def test_a_promised_step_is_open_until_it_is_on_record_as_taken(record: TestRecord) -> None:
    given_a_conclusion(record)
    record.do("SEC", "Party", "org-city", "register_organisation", name_ja="架空市", category="municipality")
    record.do("SEC", "Matter", MATTER, "transmit", to="org-city", form="proposal")
    promised = [
        {
            "step_id": "step-1",
            "what": "要綱を定める",
            "by_when": {"value": "FY2026", "precision": "fiscal_year"},
        }
    ]
    answer = {"disposition": "accepted", "promised": promised}
    record.do("APR", "Matter", MATTER, "record_city_response", **answer)
    twice = ("ALREADY_EXISTS", record, "APR", "Matter", MATTER, "record_city_response")
    then_refused(*twice, **answer)
    taken = {"step_id": "step-1", "on": {"value": "2026-08-01", "precision": "day"}}
    then_recorded(record.do("SEC", "Matter", MATTER, "take_promised_step", **taken), PromisedStepTaken)
    assert not thing(record, "Matter", MATTER).promised
    then_refused("STEP_NOT_OPEN", record, "SEC", "Matter", MATTER, "take_promised_step", **taken)


def test_an_opinion_may_be_on_a_point(record: TestRecord) -> None:
    given_a_proposal_of_the_secretariat(record)
    said = {"opinion_id": "o-1", "channel": "oral", "stance": "for", "text": "賛成（架空）", "point": "対象"}
    (made,) = record.do("MEM", "Matter", MATTER, "record_opinion", **said)
    assert made.data.point == "対象"


# ------------------------------------------------------------------------------------------ sheets


def given_a_sheet_after_the_work(record: TestRecord) -> None:
    given_an_action_under_way(record.do, "implemented")
    given_a_sheet(record.do, "opened")


def test_a_sheet_opened_after_the_work_goes_on_without_prior_targets(record: TestRecord) -> None:
    given_a_sheet_after_the_work(record)
    ((role, command, targets),) = STEPS["targets_agreed"]
    then_refused("TARGETS_TOO_LATE", record, role, "EvaluationSheet", SHEET, command, **targets)
    made = record.do("SEC", "EvaluationSheet", SHEET, "do_without_targets", reason=REASON)
    then_recorded(made, PriorTargetsMissed)
    for step in list(STEPS)[2:]:
        for role, command, fields in STEPS[step]:
            record.do(role, "EvaluationSheet", SHEET, command, **fields)
    assert thing(record, "EvaluationSheet", "sheet-forum").state == "published"


def test_targets_are_not_done_without_while_they_can_be_agreed_on(record: TestRecord) -> None:
    given_an_action_under_way(record.do, "planned")
    given_a_sheet(record.do, "opened")
    then_refused(
        "TARGETS_POSSIBLE", record, "SEC", "EvaluationSheet", SHEET, "do_without_targets", reason=REASON
    )


def test_a_sheet_is_cancelled_under_its_seal_and_another_takes_its_place(record: TestRecord) -> None:
    given_an_action_under_way(record.do)
    given_a_sheet(record.do, "one side")
    again = sheets.opening(replaces=SHEET)
    new = ("EvaluationSheet", "sheet-second", "open")
    then_refused("SHEET_NOT_CANCELLED", record, "SEC", *new, **again)
    then_recorded(record.do("SEC", "EvaluationSheet", SHEET, "cancel", reason=REASON), SheetCancelled)
    then_refused("WRONG_STATE", record, "SEC", "EvaluationSheet", SHEET, "cancel", reason=REASON)
    cancelled = thing(record, "EvaluationSheet", SHEET)
    assert cancelled.sealed, "what a side wrote stays its own"
    assert cancelled.version_for(frozenset({"EV-G"})) < cancelled.version_for(frozenset({"EV-C"}))
    other_stage = sheets.opening(replaces=SHEET, stage="middle")
    then_refused("SHEET_NOT_CANCELLED", record, "SEC", *new, **other_stage)
    then_refused("SHEET_EXISTS", record, "SEC", *new, **sheets.opening())
    record.do("SEC", *new, **again)
    third = ("EvaluationSheet", "sheet-third", "open")
    then_refused("SHEET_EXISTS", record, "SEC", *third, **again)


# ------------------------------------------------------------------------------------ improvements


def given_a_year_evaluated_on_its_sheet(record: TestRecord) -> None:
    given_an_action_under_way(record.do)
    given_a_sheet(record.do, "improvement_agreed")
    for command in ("start_implementation", "complete_implementation"):
        record.do("SEC", "PlanAction", ACTION, command, fiscal_year=FY)
    record.do("SEC", "PlanAction", ACTION, "evaluate_cycle", fiscal_year=FY, sheet_id=SHEET)


LATE = {"improvement_id": "improvement-late", "text": "子ども連れに（架空）", "owner": "both"}
LATE_ONE: dict[str, Any] = LATE | {"applies_to_fiscal_year": FY + 1}
ANSWER: dict[str, Any] = {"improvement_id": "improvement-late", "fiscal_year": FY + 1, "taken": True}


def test_an_improvement_agreed_after_the_years_plan_is_answered(record: TestRecord) -> None:
    given_a_year_evaluated_on_its_sheet(record)
    record.do("SEC", "PlanAction", ACTION, "open_cycle", fiscal_year=FY + 1)
    answers = [{"improvement_id": "improvement-evening", "taken": True}]
    record.do("SEC", "PlanAction", ACTION, "plan_cycle", fiscal_year=FY + 1, answers=answers)
    made = record.do("SEC", "EvaluationSheet", SHEET, "agree_improvement", **LATE_ONE)
    then_recorded(made[1:], ImprovementDecided)
    answer = ("PlanAction", ACTION, "answer_improvement")
    declined = ANSWER | {"taken": False, "way": "budget_request", "fiscal_year": FY + 2}
    then_refused("REASON_REQUIRED", record, "SEC", *answer, **declined)
    same_year = ANSWER | {"way": "later_plan", "fiscal_year": FY}
    then_refused("IMPROVEMENT_NOT_LATER", record, "SEC", *answer, **same_year)
    unknown = ANSWER | {"way": "later_plan", "improvement_id": "improvement-x"}
    then_refused("UNKNOWN_ID", record, "SEC", *answer, **unknown)
    then_recorded(record.do("SEC", *answer, **ANSWER, way="change_in_year"), ImprovementAnswered)
    then_refused("IMPROVEMENT_ANSWERED", record, "SEC", *answer, **ANSWER, way="later_plan")


def test_an_improvement_may_be_decided_when_the_year_is_closed(record: TestRecord) -> None:
    given_a_year_evaluated_on_its_sheet(record)
    record.do("SEC", "PlanAction", ACTION, "close_cycle", fiscal_year=FY)
    made = record.do("SEC", "EvaluationSheet", SHEET, "agree_improvement", **LATE_ONE)
    then_recorded(made[1:], ImprovementDecided)
    assert made[1].actor.role == "system" and made[1].causation_id == made[0].event_id


# ------------------------------------------------------------------------------------------- money


def test_a_year_may_begin_with_a_supplementary_budget(record: TestRecord) -> None:
    given_an_action_under_way(record.do)
    money: dict[str, Any] = {"fiscal_year": FY, "kind": "supplementary", "amount_yen": 300_000}
    account = {"account": "一般会計", "kan": "総務費", "kou": "総務管理費", "moku": "企画費"}
    vote = {
        "bill": "議案第12号",
        "session": "令和8年3月定例会",
        "on": {"value": "2026-03-25", "precision": "day"},
    }
    more = {"line": account, "funded_by": "県補助金（架空）", "granted_by": vote}
    (made,) = record.do("SEC", "PlanAction", ACTION, "allocate_budget", **money, **more)
    assert record.warned == ["INITIAL_NOT_RECORDED"]
    assert (made.data.line.moku, made.data.granted_by.bill) == ("企画費", "議案第12号")
    assert thing(record, "PlanAction", ACTION).cycles[FY].current.yen == 300_000
    record.do("SEC", "PlanAction", ACTION, "allocate_budget", **money | {"amount_yen": 1})
    assert record.warned == ["INITIAL_NOT_RECORDED"]


# ------------------------------------------------------------------------------------------ council


def council(record: TestRecord) -> Council:
    return assemblies.council_of(record)


def test_rules_and_terms_already_in_force_when_the_record_begins_are_recorded(record: TestRecord) -> None:
    assemblies.given_a_council(record)
    rules = {"rules_version": 1, "effective_from": BEFORE, "quorum": {"basis": "more_than_half"}}
    adopt = ("RULES_RETROACTIVE", record, "SEC", "Council", COUNCIL, "adopt_rules")
    then_refused(*adopt, **rules)
    after = {"value": "2024-05-01", "precision": "day"}
    then_refused(*adopt, **rules, adopted_on=after)
    do_council(record, "adopt_rules", **rules, adopted_on=EARLIER)
    do_council(record, "open_term", term_no=1, from_date=BEFORE)
    record.do("SEC", "Party", "p-1", "register_person", name="架空 花子")
    seat = {"appointment_id": "seat-01", "party_id": "p-1", "category": "public_recruitment", "term_no": 1}
    do_council(record, "appoint", **seat, from_date=BEFORE)
    do_council(record, "elect_chair", appointment_id="seat-01", from_date=BEFORE)
    day = dt.date(2024, 6, 1)
    assert council(record).rules_on(day) is not None and list(council(record).serving_on(day)) == ["seat-01"]


def given_people(record: TestRecord, *names: str) -> None:
    for name in names:
        record.do("SEC", "Party", name, "register_person", name="架空 花子")


def seat_of(n: int, party: str, first: str, last: str | None = None, **more: Any) -> dict[str, Any]:
    until = {"to_date": {"value": last, "precision": "day"}} if last else {}
    begin = {"from_date": {"value": first, "precision": "day"}}
    who = {"appointment_id": f"seat-{n:02d}", "party_id": party, "category": "expert", "term_no": 1}
    return {**who, **begin, **until, **more}


def test_a_member_may_stay_until_the_successor_sits(record: TestRecord) -> None:
    assemblies.given_a_council(record)
    given_people(record, "p-1", "p-2")
    do_council(record, "open_term", term_no=1, from_date=FIRST)
    do_council(record, "define_composition", seat_categories=[{"category": "expert", "seats": 1}])
    office = {"by_office": "架空大学学長", "until_successor": True}
    do_council(record, "appoint", **seat_of(1, "p-1", "2026-04-01", "2028-03-31", **office))
    assert list(council(record).serving_on(dt.date(2028, 5, 1))) == ["seat-01"], "until the successor"
    second = seat_of(2, "p-2", "2028-06-01")
    appoint = (record, "SEC", "Council", COUNCIL, "appoint")
    then_refused("SEATS_FULL", *appoint, **second)
    then_refused("NOT_SERVING", *appoint, **second, succeeds="seat-09")
    do_council(record, "appoint", **second, succeeds="seat-01")
    assert list(council(record).serving_on(dt.date(2028, 5, 31))) == ["seat-01"]
    assert list(council(record).serving_on(dt.date(2028, 6, 1))) == ["seat-02"]


def test_a_seat_follows_recommendation_and_acceptance(record: TestRecord) -> None:
    assemblies.given_a_council(record)
    given_people(record, "p-1", "p-2")
    do_council(record, "open_term", term_no=1, from_date=FIRST)
    recommended = {"recommendation_id": "rec-1", "party_id": "p-1", "category": "expert"}
    do_council(record, "recommend", **recommended)
    again = (record, "SEC", "Council", COUNCIL)
    then_refused("ALREADY_EXISTS", *again, "recommend", **recommended)
    seat = seat_of(1, "p-1", "2026-04-01", recommendation_id="rec-1")
    then_refused("RECOMMENDATION_UNKNOWN", *again, "appoint", **seat)
    yes = {"recommendation_id": "rec-1", "accepted": True}
    do_council(record, "answer_recommendation", **yes)
    then_refused("ALREADY_EXISTS", *again, "answer_recommendation", **yes)
    nobodys = {"recommendation_id": "rec-9", "accepted": True}
    then_refused("RECOMMENDATION_UNKNOWN", *again, "answer_recommendation", **nobodys)
    anothers = seat_of(2, "p-2", "2026-04-01", recommendation_id="rec-1")
    then_refused("RECOMMENDATION_UNKNOWN", *again, "appoint", **anothers)
    do_council(record, "appoint", **seat)


# ------------------------------------------------------------------------------------------- people


def test_a_person_registered_with_a_misspelt_name_is_registered_anew_and_merged(record: TestRecord) -> None:
    """The id stays good where it stands; the vault keeps the right name alone."""
    record.do("SEC", "Party", "p-wrong", "register_person", name="架空 花了")
    record.do("SEC", "Party", "p-right", "register_person", name="架空 花子")
    record.do("SEC", "Party", "p-wrong", "merge", into="p-right")
    assert record.recorder.vault["p-right"] == {"name": "架空 花子"} and not record.recorder.vault["p-wrong"]


def test_what_shows_that_a_step_was_taken_is_on_record(record: TestRecord) -> None:
    given_a_conclusion(record)
    promised = [{"step_id": "step-1", "what": "要綱を定める"}]
    decision = {"authority": "mayor", "document_no": "市協第1号", "promised": promised}
    record.do("APR", "Matter", MATTER, "record_city_decision", **decision)
    taken = (record, "SEC", "Matter", MATTER, "take_promised_step")
    then_refused("UNKNOWN_ID", *taken, step_id="step-1", document_id="doc-none")
    given_a_document(record, "doc-rules")
    record.do("SEC", "Matter", MATTER, "take_promised_step", step_id="step-1", document_id="doc-rules")
