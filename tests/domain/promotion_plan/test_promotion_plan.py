"""PromotionPlan: agreed by the council, approved by somebody else, and one in force at a time."""

from __future__ import annotations

from typing import Any

import pytest

from domain.kernel.events import Actor
from domain.kernel.links import links_of
from domain.promotion_plan.aggregate import (
    MeasureStated,
    PlanAgreedByCouncil,
    PlanApprovedByCity,
    PlanDraftPrepared,
    PlanFormulated,
    PlanFormulationStarted,
    PlanPublished,
    PlanSuperseded,
    PromotionPlan,
)
from domain.recording.application import command_named
from domain.recording.receipts import CommandTerms
from domain.values.refusal import Refusal
from tests.support.given import TestRecord, then_recorded, then_refused

OLD, NEW, NEXT = "plan-2006", "plan-2016", "plan-2021"
REASON = "新しい計画を策定したため（架空）"


def plan(record: TestRecord, name: str = NEW) -> PromotionPlan:
    """The plan as it stands."""
    found = PromotionPlan.replay(None, record.application.events.get(originator_id=name))  # type: ignore[arg-type]
    assert found is not None
    return found


def given_a_council(record: TestRecord) -> str:
    fields = {"name_ja": "架空の会議", "legal_basis": {"instrument_id": "law-x", "article": 17}}
    if not any(e.stream == "council-x" for e in record.events):
        record.do("IMP", "Council", "council-x", "establish", importing=True, **fields)
    return "council-x"


def given_a_document(record: TestRecord, name: str) -> str:
    record.do("SEC", "Document", name, "register", kind="draft", disclosure={"visibility": "public"})
    return name


def given_a_plan_begun(record: TestRecord, name: str = NEW) -> str:
    council = given_a_council(record)
    title = "推進計画（架空）"
    record.do("SEC", "PromotionPlan", name, "start_formulation", title_ja=title, council_id=council)
    return name


def given_a_draft(record: TestRecord, name: str = NEW) -> str:
    given_a_plan_begun(record, name)
    document = given_a_document(record, f"doc-draft-{name}")
    record.do("SEC", "PromotionPlan", name, "prepare_draft", document_id=document)
    return name


def given_an_agreed_matter(record: TestRecord, result: str = "agreed") -> str:
    record.do("IMP", "Matter", "matter-plan", "import_conclusion", importing=True, result=result)
    return "matter-plan"


def given_an_approved_plan(record: TestRecord, name: str = NEW) -> str:
    given_a_draft(record, name)
    record.do("APR", "PromotionPlan", name, "approve", authority="mayor", reason=REASON)
    return name


def period(first: int, last: int | None = None, **fields: Any) -> dict[str, Any]:
    return {"title_ja": "推進計画（架空）", "period_from_fy": first, "period_to_fy": last} | fields


def given_a_plan_in_force(record: TestRecord, name: str, first: int, last: int | None = None) -> str:
    given_an_approved_plan(record, name)
    record.do("SEC", "PromotionPlan", name, "publish", **period(first, last))
    return name


def links(event: Any) -> list[tuple[str, str, str]]:
    return [(link.from_id, link.relation, link.to_id) for link in links_of(event)]


# -- a plan known from a source, and its measures


def test_a_plan_known_from_a_source_is_not_said_to_be_in_force(record: TestRecord) -> None:
    fields = {
        "title_ja": "協働推進計画",
        "formulated_with": ["council-x"],
        "published_on": None,
        "period_from_fy": None,
        "period_to_fy": None,
        "approved_by": None,
        "document_no": None,
        "measures_total": None,
    }
    made = record.do("IMP", "PromotionPlan", OLD, "register", importing=True, **fields)
    then_recorded(made, PlanFormulated)
    assert links(made[0]) == [(OLD, "formulated_with", "council-x")]
    assert plan(record, OLD).state == "formulated"
    then_refused("ALREADY_EXISTS", record, "IMP", "PromotionPlan", OLD, "register", importing=True, **fields)


def measure(**fields: Any) -> dict[str, Any]:
    return {"measure_id": "measure-centre", "text_ja": "センターの設置を目指す（架空）"} | fields


def test_a_measure_is_part_of_its_plan(record: TestRecord) -> None:
    given_a_plan_begun(record)
    made = record.do("SEC", "PromotionPlan", NEW, "state_measure", **measure(art16_item=4))
    then_recorded(made, MeasureStated)
    assert made[0].subject == "measure-centre"
    assert links(made[0]) == [("measure-centre", "part_of", NEW)]
    assert plan(record).measures.keys() == {"measure-centre"}


def test_a_measure_has_one_name_in_the_whole_record(record: TestRecord) -> None:
    given_a_plan_begun(record, OLD)
    record.do("SEC", "PromotionPlan", OLD, "state_measure", **measure())
    then_refused("ALREADY_EXISTS", record, "SEC", "PromotionPlan", OLD, "state_measure", **measure())
    given_a_plan_begun(record, NEW)
    then_refused("ALREADY_TAKEN", record, "SEC", "PromotionPlan", NEW, "state_measure", **measure())
    wrong = measure(measure_id="centre")
    then_refused("MEASURE_NAME_WRONG", record, "SEC", "PromotionPlan", NEW, "state_measure", **wrong)


def test_a_measure_has_one_name_within_a_batch(record: TestRecord) -> None:
    given_a_plan_begun(record, OLD)
    given_a_plan_begun(record, NEW)
    terms = CommandTerms(Actor("SEC", "p-sec"), frozenset({"SEC"}))
    stating = command_named("PromotionPlan", "state_measure")
    with record.application.batch() as batch:
        batch.execute(stating, OLD, measure(), terms)
        with pytest.raises(Refusal, match="ALREADY_TAKEN"):
            batch.execute(stating, NEW, measure(), terms)


def test_measures_are_stated_before_the_plan_is_agreed_on(record: TestRecord) -> None:
    given_an_approved_plan(record)
    then_refused("WRONG_STATE", record, "SEC", "PromotionPlan", NEW, "state_measure", **measure())


# -- from the first draft to approval


def test_a_plan_is_formulated_with_a_council(record: TestRecord) -> None:
    title = {"title_ja": "推進計画（架空）"}
    unknown = title | {"council_id": "council-none"}
    then_refused("UNKNOWN_ID", record, "SEC", "PromotionPlan", NEW, "start_formulation", **unknown)
    given_a_plan_begun(record)
    then_recorded(record.events[-1:], PlanFormulationStarted)
    assert links(record.events[-1]) == [(NEW, "formulated_with", "council-x")]


def test_drafts_are_numbered_documents(record: TestRecord) -> None:
    given_a_draft(record)
    then_refused("UNKNOWN_ID", record, "SEC", "PromotionPlan", NEW, "prepare_draft", document_id="doc-none")
    document = given_a_document(record, "doc-2")
    made = record.do("SEC", "PromotionPlan", NEW, "prepare_draft", document_id=document)
    then_recorded(made, PlanDraftPrepared)
    assert made[0].data.v == 2
    assert links(made[0]) == [(NEW, "used", "doc-2")]


def test_the_council_agrees_in_a_matter_that_was_adopted(record: TestRecord) -> None:
    given_a_draft(record)
    matter = given_an_agreed_matter(record)
    made = record.do("CHR", "PromotionPlan", NEW, "record_agreement", matter_id=matter)
    then_recorded(made, PlanAgreedByCouncil)
    assert links(made[0]) == [(NEW, "adopted_by", "matter-plan")]
    then_recorded(record.do("APR", "PromotionPlan", NEW, "approve", authority="mayor"), PlanApprovedByCity)
    assert plan(record).state == "approved"


def test_an_agreement_needs_a_draft_and_an_adopted_matter(record: TestRecord) -> None:
    given_a_plan_begun(record)
    matter = given_an_agreed_matter(record, "rejected")
    then_refused("WRONG_STATE", record, "CHR", "PromotionPlan", NEW, "record_agreement", matter_id=matter)
    document = given_a_document(record, "doc-1")
    record.do("SEC", "PromotionPlan", NEW, "prepare_draft", document_id=document)
    then_refused(
        "MATTER_NOT_ADOPTED", record, "CHR", "PromotionPlan", NEW, "record_agreement", matter_id=matter
    )


def test_a_plan_the_council_has_not_agreed_on_is_approved_for_a_reason_only(record: TestRecord) -> None:
    given_a_draft(record)
    approval: dict[str, Any] = {"authority": "mayor", "on": {"value": "2016-03-20", "precision": "day"}}
    then_refused("COUNCIL_NOT_CONSULTED", record, "APR", "PromotionPlan", NEW, "approve", **approval)
    made = record.do("APR", "PromotionPlan", NEW, "approve", **approval, reason=REASON)
    assert made[0].effective.value == "2016-03-20"


def test_the_approver_is_not_the_drafter(record: TestRecord) -> None:
    given_a_draft(record)
    approval = {"authority": "mayor", "reason": REASON}
    then_refused("SELF_APPROVAL", record, "APR", "PromotionPlan", NEW, "approve", party="p-sec", **approval)


# -- in force, one at a time


def test_a_plan_is_published_after_its_approval(record: TestRecord) -> None:
    given_a_draft(record)
    then_refused("WRONG_STATE", record, "SEC", "PromotionPlan", NEW, "publish", **period(2016, 2020))
    record.do("APR", "PromotionPlan", NEW, "approve", authority="mayor", reason=REASON)
    made = record.do("SEC", "PromotionPlan", NEW, "publish", **period(2016, 2020))
    then_recorded(made, PlanPublished)
    assert (plan(record).state, plan(record).period) == ("in_force", (2016, 2020))


def test_a_period_runs_forward_even_on_import(record: TestRecord) -> None:
    backward = period(2016, 2015)
    then_refused(
        "PERIOD_REVERSED", record, "IMP", "PromotionPlan", OLD, "register", importing=True, **backward
    )
    then_refused(
        "PERIOD_REVERSED", record, "IMP", "PromotionPlan", OLD, "publish", importing=True, **backward
    )


def test_a_second_plan_names_the_one_before_it(record: TestRecord) -> None:
    given_a_plan_in_force(record, OLD, 2006, 2015)
    given_an_approved_plan(record, NEW)
    then_refused("PLAN_OVERLAP", record, "SEC", "PromotionPlan", NEW, "publish", **period(2016, 2020))
    record.do("SEC", "PromotionPlan", NEW, "publish", **period(2016, 2020, replaces=OLD))
    given_an_approved_plan(record, NEXT)
    again = period(2016, 2020, replaces=OLD)
    then_refused("PLAN_OVERLAP", record, "SEC", "PromotionPlan", NEXT, "publish", **again)


def test_there_is_one_first_plan_within_a_batch(record: TestRecord) -> None:
    given_an_approved_plan(record, OLD)
    given_an_approved_plan(record, NEW)
    terms = CommandTerms(Actor("SEC", "p-sec"), frozenset({"SEC"}))
    publishing = command_named("PromotionPlan", "publish")
    with record.application.batch() as batch:
        batch.execute(publishing, OLD, period(2006, 2015), terms)
        with pytest.raises(Refusal, match="PLAN_OVERLAP"):
            batch.execute(publishing, NEW, period(2016), terms)


@pytest.mark.parametrize("last", [2016, None])
def test_a_plan_whose_years_are_not_over_is_superseded_first(record: TestRecord, last: int | None) -> None:
    given_a_plan_in_force(record, OLD, 2007, last)
    given_an_approved_plan(record, NEW)
    later = period(2016, 2020, replaces=OLD)
    then_refused("PLAN_OVERLAP", record, "SEC", "PromotionPlan", NEW, "publish", **later)
    replaced = {"superseded_by": NEW, "from_fy": 2016, "reason": REASON}
    made = record.do("SEC", "PromotionPlan", OLD, "supersede", **replaced)
    then_recorded(made, PlanSuperseded)
    assert made[0].data.before_expiry is (None if last is None else True)
    assert links(made[0]) == [(NEW, "supersedes", OLD)]
    too_early = period(2015, 2020, replaces=OLD)
    then_refused("PLAN_OVERLAP", record, "SEC", "PromotionPlan", NEW, "publish", **too_early)
    record.do("SEC", "PromotionPlan", NEW, "publish", **later)
    assert (plan(record, OLD).state, plan(record, NEW).state) == ("superseded", "in_force")


def test_a_plan_is_superseded_once_by_another_approved_one_for_a_reason(record: TestRecord) -> None:
    given_a_plan_in_force(record, OLD, 2006, 2015)
    given_a_draft(record, NEW)
    by_new = {"superseded_by": NEW, "from_fy": 2016}
    itself = {"superseded_by": OLD, "from_fy": 2016}
    then_refused("SUPERSEDE_CYCLE", record, "SEC", "PromotionPlan", OLD, "supersede", **itself)
    then_refused("WRONG_STATE", record, "SEC", "PromotionPlan", OLD, "supersede", **by_new, reason=REASON)
    record.do("APR", "PromotionPlan", NEW, "approve", authority="mayor", reason=REASON)
    then_refused("REASON_REQUIRED", record, "SEC", "PromotionPlan", OLD, "supersede", **by_new)
    made = record.do("SEC", "PromotionPlan", OLD, "supersede", **by_new, reason=REASON)
    assert made[0].data.before_expiry is False
    then_refused(
        "ALREADY_SUPERSEDED", record, "SEC", "PromotionPlan", OLD, "supersede", **by_new, reason=REASON
    )
