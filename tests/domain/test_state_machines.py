"""No order of commands leads anywhere that domain.md does not list; sums, seats and duties always hold.

For each kind of aggregate a random sequence of its commands is tried, some of them as an import, most of them
refused. After every one that is not, the state is one of those written down here by hand from domain.md 4,
and what the aggregate promises holds, worked out from the log and not from its own state. Of what a source
tells without a beginning an import leaves the state ``new``: nothing is known of it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.center_study.aggregate import CenterStudy
from domain.council.aggregate import Council
from domain.meeting.aggregate import Meeting
from domain.plan_action.aggregate import PlanAction
from domain.promotion_plan.aggregate import PromotionPlan
from domain.working_group.aggregate import WorkingGroup
from tests.support.given import TestRecord
from tests.support.stories.groups import COUNCIL, GROUP, given_a_council, given_a_group
from tests.support.stories.random_orders import Course, Move, elsewhere, move, states

REASON = "理由（架空）"


def day(value: str) -> dict[str, str]:
    return {"value": value, "precision": "day"}


def all_given(record: TestRecord, *givens: Callable[[TestRecord], object]) -> None:
    for given_it in givens:
        given_it(record)


def given_documents(record: TestRecord) -> None:
    public = {"visibility": "public"}
    record.do("SEC", "Document", "doc-1", "register", kind="draft", disclosure=public)
    closed = {"visibility": "closed", "ground": "personal"}
    record.do("SEC", "Document", "doc-letter", "register", kind="public_comment", disclosure=closed)


def given_a_matter(record: TestRecord) -> None:
    """One that the council adopted."""
    record.do("IMP", "Matter", "matter-1", "import_conclusion", importing=True, result="adopted")


# --------------------------------------------------------------------------------------- 4.1 council

_SINCE = {"value": "2025-04-01", "precision": "day"}
_LAW = {"instrument_id": "law-x", "article": 17}
PERIODS = [
    ("2026-04-01", "2028-03-31"),
    ("2027-04-01", "2029-03-31"),
    ("2028-04-01", None),
    ("2026-10-01", "2026-12-31"),
    ("2015-04-01", "2026-03-31"),
]


def given_parties(record: TestRecord) -> None:
    record.do("SEC", "LegalInstrument", "law-x", "enact", title_ja="架空条例")
    for n in (1, 2, 3):
        record.do("SEC", "Party", f"p-{n}", "register_person", name="架空 花子")


def _appointments() -> list[Move]:
    found = []
    for n, (first, last) in enumerate(PERIODS):
        for party in (1, 2, 3):
            seat = {
                "appointment_id": f"a-{party}-{n}",
                "party_id": f"p-{party}",
                "category": "public_recruitment",
                "term_no": 1,
                "from_date": day(first),
                "to_date": day(last) if last else None,
            }
            found.append(move("SEC", "appoint", **seat))
            ended = {"appointment_id": f"a-{party}-{n}", "on": day("2027-10-01"), "why": "resigned"}
            found.append(move("SEC", "end_appointment", **ended))
    return found


def _span(appointed: Any, ended: dict[str, Any]) -> tuple[dt.date, dt.date]:
    last = (appointed.to_date.check().latest if appointed.to_date else None) or dt.date.max
    end = ended.get(appointed.appointment_id)
    if end is not None:
        last = min(last, end.on.check().earliest - dt.timedelta(days=1))
    return appointed.from_date.check().earliest, last


def seats_hold(council: Council, record: TestRecord) -> None:
    """At most two seats are filled on any day, nobody holds two, and the chair holds one."""
    told = [e.data for e in record.events if e.stream == "council-x"]
    ended = {e.appointment_id: e for e in told if type(e).__name__ == "AppointmentEnded"}
    given_seats = [e for e in told if type(e).__name__ == "MemberAppointed"]
    spans = [(e.party_id, *_span(e, ended)) for e in given_seats]
    for edge in {first for _, first, last in spans if first <= last}:
        serving = Counter(party for party, first, last in spans if first <= edge <= last)
        assert max(serving.values()) == 1, "one party, two seats"
        assert sum(serving.values()) <= 2, "more members than seats"


COUNCIL_COURSE = Course(
    "Council",
    "council-x",
    states("planned established suspended dissolved"),
    (
        move("SEC", "establish", name_ja="架空の会議", legal_basis=_LAW),
        move("SEC", "open_term", term_no=1, from_date=_SINCE),
        *_appointments(),
        move("SEC", "elect_chair", appointment_id="a-1-0", from_date=day("2026-04-01")),
        move("SEC", "vacate_chair", appointment_id="a-1-0", on=day("2026-06-01")),
        move("SEC", "invite_adviser", party_id="p-3", from_date=day("2026-04-01")),
        move("SEC", "release_adviser", party_id="p-3", on=day("2026-05-01")),
        move("SEC", "suspend", reason=REASON),
        move("SEC", "resume"),
        move("SEC", "dissolve", on=day("2026-06-01"), reason=REASON),
    ),
    given=lambda record: _given_two_seats(record),
    holds=seats_hold,
)


def _given_two_seats(record: TestRecord) -> None:
    given_parties(record)
    record.do("SEC", "Council", "council-x", "establish", name_ja="架空の会議", legal_basis=_LAW)
    two = [{"category": "public_recruitment", "seats": 2}]
    record.do("SEC", "Council", "council-x", "define_composition", seat_categories=two)


# --------------------------------------------------------------------------------------- 4.2 meeting

MEETING_COURSE = Course(
    "Meeting",
    "meeting-x",
    states(
        "scheduled notified open recess in_writing closed minutes_drafted circulated confirmed published "
        "cancelled inquorate"
    ),
    (
        move("SEC", "schedule", council_id=COUNCIL, kind="plenary", starts_at="2026-05-10T14:00:00+09:00"),
        move("SEC", "list_item", item_id="item-1", order=1, title="報告（架空）", type="report"),
        move("SEC", "list_item", item_id="item-2", order=2, title="協議（架空）", type="discussion"),
        move("SEC", "notify", notice_on="2026-05-01", publicity="open"),
        move("SEC", "cancel", reason=REASON),
        move("CHR", "open", at="2026-05-10T14:00:00+09:00", presiding="a-1", present=["a-2"]),
        move("CHR", "find_inquorate", at="2026-05-10T14:00:00+09:00", present=["a-1"]),
        move("CHR", "recess", at="2026-05-10T14:30:00+09:00"),
        move("CHR", "resume", at="2026-05-10T14:40:00+09:00"),
        move("SEC", "arrive", appointment_id="a-3", at="2026-05-10T14:20:00+09:00"),
        move("SEC", "leave", appointment_id="a-3", at="2026-05-10T14:50:00+09:00"),
        move("SEC", "leave", appointment_id="a-2", at="2026-05-10T14:45:00+09:00"),
        move("SEC", "note_item", item_id="item-1"),
        move("SEC", "drop_item", item_id="item-2", reason=REASON),
        move("CHR", "carry_over", item_id="item-2", reason=REASON),
        move("CHR", "close", at="2026-05-10T16:00:00+09:00", observers=0, staff=1),
        move("SEC", "draft_minutes", v=1, style="summary", naming="role", document_id="doc-1"),
        move("SEC", "circulate_minutes", v=1, reply_by="2026-05-24"),
        move("MEM", "request_amendment", party="p-2", request_id="r-1", appointment_id="a-2", text="訂正"),
        move("SEC", "answer_amendment", request_id="r-1", accepted=True),
        move("CHR", "confirm_minutes", by="chair", v=1),
        move("SEC", "publish_minutes", on="2026-06-01"),
    ),
    given=lambda record: _given_a_quorum(record),
    holds=lambda meeting, record: room_holds(meeting, record),
)


def _given_a_quorum(record: TestRecord) -> None:
    given_a_council(record)
    given_documents(record)
    rules = {"rules_version": 1, "effective_from": _SINCE, "quorum": {"basis": "more_than_half"}}
    record.do("IMP", "Council", COUNCIL, "adopt_rules", importing=True, **rules)


def room_holds(meeting: Meeting, record: TestRecord) -> None:
    """Whoever is in the room came in, and sits on the council; what was on the agenda has been dealt with."""
    assert meeting.in_the_room <= meeting.attended <= {"a-1", "a-2", "a-3"}
    imported = any(e.actor.role == "IMP" for e in record.events if e.stream == "meeting-x")
    if meeting.state == "closed" and not imported:
        assert set(meeting.items) == meeting.settled


# ---------------------------------------------------------------------------------------- 4.3 matter

MATTER_COURSE = Course(
    "Matter",
    "matter-x",
    states("raised deliberating carried_over concluded withdrawn in_force superseded rescinded"),
    (
        move("MEM", "raise_matter", title="架空", question="どうするか。", practice="慣行"),
        move("MEM", "propose_option", option_id="a", label="案一"),
        move("MEM", "propose_option", option_id="b", label="案二"),
        move("MEM", "withdraw_option", option_id="b", reason=REASON),
        move("CHR", "freeze_options"),
        move("MEM", "record_opinion", opinion_id="o-1", channel="oral", stance="for", text="賛成（架空）"),
        move("CHR", "carry_over", reason=REASON),
        move("CHR", "withdraw", reason=REASON),
        move("IMP", "import_conclusion", result="adopted"),
        move("IMP", "import_conclusion", result="rejected"),
        move("CHR", "confirm_no_dissent", asked_at=day("2026-05-10")),
        move("SEC", "transmit", to="org-city", form="proposal"),
        move("APR", "record_city_response", disposition="accepted"),
        move("APR", "record_city_response", disposition="declined", reason=REASON),
        move("APR", "record_city_decision", authority="mayor", document_no="市協第1号"),
        move("CHR", "supersede", superseded_by="matter-1", reason=REASON),
        move("CHR", "rescind", reason=REASON),
    ),
    given=given_a_matter,
)

# ----------------------------------------------------------------------------------------- 4.4 group


def _duties() -> list[Move]:
    found = []
    for n in (1, 2, 3):
        duty = {"responsibility_id": f"r-{n}", "appointment_id": f"a-{n}", "duty": "会場（架空）"}
        found += [
            move("LDR", "take_responsibility", **duty),
            move("LDR", "discharge", responsibility_id=f"r-{n}"),
            move("LDR", "hand_over", responsibility_id=f"r-{n}", to_id=f"a-{n % 3 + 1}", reason=REASON),
            move("LDR", "log_work", appointment_id=f"a-{n}", tenths=5, activity="準備（架空）"),
            move("SEC", "assign_member", appointment_id=f"a-{n}"),
            move("SEC", "release_member", appointment_id=f"a-{n}"),
        ]
    return found


def duties_hold(group: WorkingGroup, record: TestRecord) -> None:
    """Members serve; duties are held by members; nobody sets to work without one."""
    held: dict[str, str] = {}
    members: set[str] = set()
    for e in (e.data for e in record.events if e.stream == GROUP):
        name = type(e).__name__
        if name == "GroupMemberAssigned":
            members.add(e.appointment_id)
        elif name == "GroupMemberReleased":
            members.discard(e.appointment_id)
        elif name == "ResponsibilityTaken":
            held[e.responsibility_id] = e.appointment_id
        elif name == "ResponsibilityHandedOver":
            held[e.responsibility_id] = e.to_id
        elif name == "ResponsibilityDischarged":
            del held[e.responsibility_id]
        elif name == "GroupActivated":
            assert members and members <= set(held.values()), "somebody set to work without a responsibility"
        elif name == "GroupDissolved":
            assert not held, "a duty outlives its group"
        assert set(held.values()) <= members, "a duty without a member"
    assert group.members.keys() == members and group.open_duties == held


GROUP_COURSE = Course(
    "WorkingGroup",
    GROUP,
    states("formed active reported dissolved"),
    (
        *_duties(),
        move("LDR", "activate"),
        move("LDR", "activate"),
        move("LDR", "report", kind="interim"),
        move("LDR", "report", kind="final"),
        move("SEC", "dissolve", reason=REASON),
    ),
    given=lambda record: all_given(record, lambda it: given_a_group(it, 2)),
    holds=duties_hold,
)

# ------------------------------------------------------------------------------------------ 4.5 plan

_WINDOW = {"from_date": day("2026-02-06"), "to_date": day("2026-02-26")}
_COMMENT = {
    "text_ref": "doc-letter",
    "name": "架空 花子",
    "address": "架空市",
    "received_on": day("2026-02-10"),
}


def comments_hold(plan: PromotionPlan, record: TestRecord) -> None:
    """Only what came in is disposed of; unless a source has it so, the council agrees when all of it is."""
    received, disposed = set(), set()
    for e in (e for e in record.events if e.stream == "plan-x"):
        name = e.type
        if name == "CommentReceived":
            received.add(e.data.comment_id)
        elif name == "CommentDisposed":
            disposed.add(e.data.comment_id)
        elif name in ("PlanAgreedByCouncil", "CommentResultPublished") and e.actor.role != "IMP":
            assert received <= disposed
    assert disposed <= received and set(plan.undisposed()) == received - disposed
    first, last = plan.period
    assert first is None or last is None or first <= last


PLAN_COURSE = Course(
    "PromotionPlan",
    "plan-x",
    states(
        "formulated formulating draft public_comment council_agreed approved in_force revised "
        "superseded expired"
    ),
    (
        move("SEC", "start_formulation", title_ja="計画（架空）", council_id=COUNCIL),
        move("IMP", "register", title_ja="計画（架空）"),
        move("SEC", "prepare_draft", document_id="doc-1"),
        move("SEC", "state_measure", measure_id="measure-x", text_ja="施策（架空）"),
        move("SEC", "open_public_comment", **_WINDOW),
        move("SEC", "receive_comment", comment_id="c-1", **_COMMENT),
        move("SEC", "receive_comment", comment_id="c-2", **_COMMENT),
        move("SEC", "dispose_comment", comment_id="c-1", disposition="for_reference"),
        move("SEC", "dispose_comment", comment_id="c-2", disposition="not_adopted", reply="回答（架空）"),
        move("SEC", "publish_comment_result"),
        move("DIS", "erase_commenter", comment_id="c-1", reason=REASON),
        move("CHR", "record_agreement", matter_id="matter-1"),
        move("APR", "approve", authority="mayor"),
        move("APR", "approve", authority="mayor", reason=REASON),
        move("SEC", "publish", title_ja="計画（架空）", period_from_fy=2016, period_to_fy=2020),
        move("SEC", "revise", matter_id="matter-1"),
        move("SEC", "revise", matter_id="matter-1", period_to_fy=2022),
        move("SEC", "supersede", superseded_by="plan-next", from_fy=2021, reason=REASON),
        move("SEC", "expire"),
    ),
    given=lambda record: _given_a_next_plan(record),
    holds=comments_hold,
)


def _given_a_next_plan(record: TestRecord) -> None:
    given_a_council(record)
    given_documents(record)
    given_a_matter(record)
    begun = {"title_ja": "次の計画（架空）", "council_id": COUNCIL}
    record.do("SEC", "PromotionPlan", "plan-next", "start_formulation", **begun)
    record.do("SEC", "PromotionPlan", "plan-next", "prepare_draft", document_id="doc-1")
    record.do("APR", "PromotionPlan", "plan-next", "approve", authority="mayor", reason=REASON)


# ---------------------------------------------------------------------------------------- 4.6 action

FY = 2024
PHASES = states("unopened opened planned implementing implemented evaluated closed")


def _years() -> list[Move]:
    found = []
    for year in (FY, FY + 1):
        found += [
            move("SEC", "open_cycle", fiscal_year=year),
            move("SEC", "plan_cycle", fiscal_year=year),
            move("SEC", "start_implementation", fiscal_year=year),
            move("SEC", "complete_implementation", fiscal_year=year),
            move("SEC", "evaluate_cycle", fiscal_year=year, reason_without_sheet=REASON),
            move("SEC", "close_cycle", fiscal_year=year, no_improvement_reason=REASON),
            move("SEC", "allocate_budget", fiscal_year=year, kind="initial", amount_yen=100),
            move("SEC", "allocate_budget", fiscal_year=year, kind="supplementary", amount_yen=-60),
            move("SEC", "allocate_budget", fiscal_year=year, kind="transfer", amount_yen=30),
            move("SEC", "allocate_budget", fiscal_year=year, kind="carry_in", amount_yen=20),
            move("SEC", "settle", fiscal_year=year, spent_yen=40, provisional=True),
            move("SEC", "settle", fiscal_year=year, spent_yen=90, carried_out_yen=10),
        ]
    return found


def money_holds(action: PlanAction, record: TestRecord) -> None:
    """The current budget of a year is the sum of what was allocated, never below zero; unless a source has
    it so, no more is spent."""
    allocated: Counter[int] = Counter()
    known: set[int] = set()
    imported = False
    for e in (e for e in record.events if e.stream == "action-x"):
        imported |= e.actor.role == "IMP"
        if e.type == "BudgetAllocated":
            allocated[e.data.fiscal_year] += e.data.amount_yen
            known.add(e.data.fiscal_year)
    for year, cycle in action.cycles.items():
        assert cycle.phase in PHASES
        assert (cycle.current is None) == (year not in known)
        if cycle.current is not None:
            assert cycle.current.yen == allocated[year] >= 0
            used = (cycle.spent_yen or 0) + (cycle.carried_out_yen or 0)
            assert imported or used <= cycle.current.yen
        assert sum(line.kind == "initial" for line in cycle.allocated) <= 1


ACTION_COURSE = Course(
    "PlanAction",
    "action-x",
    states("registered proposed adopted active suspended ended"),
    (
        move("SEC", "register", title_ja="事業（架空）"),
        move("MEM", "propose", title="事業（架空）"),
        move("SEC", "adopt", matter_id="matter-1"),
        move("SEC", "suspend", reason=REASON),
        move("SEC", "resume"),
        move("SEC", "end", reason=REASON),
        *_years(),
    ),
    given=given_a_matter,
    holds=money_holds,
)

# ----------------------------------------------------------------------------------------- 4.8 study

QUESTIONS = ("necessity", "functions", "location")


def _questions() -> list[Move]:
    found = []
    for name in QUESTIONS:
        needed = {"needed": True} if name == "necessity" else {}
        found += [
            move("LDR", "open_question", question=name),
            move("LDR", "record_finding", finding_id=f"f-{name}", question=name, text="知見（架空）"),
            move("LDR", "answer_provisionally", question=name, answer="暫定（架空）"),
            move("LDR", "answer_question", question=name, answer="回答（架空）", **needed),
            move("LDR", "leave_question_open", question=name, reason=REASON),
            move("LDR", "make_question_moot", question=name, reason=REASON),
            move("LDR", "reopen_question", question=name, reason=REASON),
        ]
    unneeded = {"question": "necessity", "answer": "不要（架空）", "needed": False, "reason": REASON}
    return [*found, move("LDR", "answer_question", **unneeded)]


def questions_hold(study: CenterStudy, record: TestRecord) -> None:
    """Every question is in a state there is, and what depends on the need of a centre waits for it."""
    assert set(study.questions.values()) <= states("open provisional answered left_open moot")
    imported = any(e.actor.role == "IMP" for e in record.events if e.stream == "study-x")
    answers = [e.data for e in record.events if e.stream == "study-x" and e.type == "QuestionAnswered"]
    if not imported and any(a.question in ("functions", "location") for a in answers):
        assert any(a.question == "necessity" and a.needed for a in answers)
    if study.state in ("reported", "adopted_by_council", "transmitted") and not imported:
        assert not {"open", "provisional"} & set(study.questions.values())


STUDY_COURSE = Course(
    "CenterStudy",
    "study-x",
    states("commissioned studying reported returned adopted_by_council transmitted closed"),
    (
        move("SEC", "commission", council_id=COUNCIL, aim_ja="設置（架空）"),
        move("LDR", "start"),
        *_questions(),
        move("LDR", "submit_report", v=1),
        move("LDR", "submit_report", v=2),
        move("CHR", "return_report", reason=REASON),
        move("CHR", "adopt_report", matter_id="matter-1"),
        move("SEC", "transmit_report", to="p-1"),
        move("CHR", "close"),
        move("CHR", "close", reason=REASON),
    ),
    given=lambda record: all_given(record, given_a_council, given_a_matter),
    holds=questions_hold,
)

# ------------------------------------------------------------------- 4.9, 4.10, 4.11: the other kinds

CLAIM_COURSE = Course(
    "Reflection",
    "problem-x",
    states("recorded linked reassessed closed planned started done dropped"),
    (
        move("SEC", "state_claim", category="problem", text_ja="課題（架空）"),
        move("SEC", "link_countermeasure", device_id="device-x"),
        move("SEC", "reassess", metric="M1", period=day("2026-03-31"), verdict="improved", value="55.6"),
        move("SEC", "identify_actions", action_ids=["matter-1"]),
        move("SEC", "close", reason=REASON),
        move("SEC", "plan_follow_up", text_ja="研修（架空）", commitment="considering"),
        move("SEC", "plan_follow_up", text_ja="研修（架空）", commitment="will_do"),
        move("SEC", "adopt_follow_up", adopted_by="matter-1"),
        move("SEC", "start_follow_up"),
        move("SEC", "complete_follow_up"),
        move("SEC", "drop_follow_up", reason=REASON),
    ),
    given=lambda record: all_given(record, given_a_matter, _given_a_device),
)


def _given_a_device(record: TestRecord) -> None:
    record.do("SEC", "Reflection", "device-x", "state_claim", category="device", text_ja="工夫（架空）")


OFFICERS_COURSE = Course(
    "OfficerNetwork",
    "officers-x",
    states("created"),
    (
        move("SEC", "create_posts", title_ja="担当者（架空）", scope="every_section"),
        move("SEC", "register_section", section_id="s-1", name="公園課（架空）"),
        move("SEC", "rename_section", section_id="s-1", name="緑地課（架空）"),
        move("SEC", "abolish_section", section_id="s-1"),
        move("SEC", "designate_officer", section_id="s-1", party_id="p-1"),
        move("SEC", "designate_officer", section_id="s-1", party_id="p-2"),
        move("SEC", "relieve_officer", section_id="s-1"),
        move("SEC", "plan_training", training_id="t-1", kind="step_up"),
        move("SEC", "hold_training", training_id="t-1", kind="step_up", attended=["p-1"]),
    ),
    given=given_parties,
    holds=lambda network, record: posts_hold(network, record),
)


def posts_hold(network: Any, record: TestRecord) -> None:
    """A post exists in a section that exists, and one person at a time holds it."""
    assert network.officers.keys() <= network.sections.keys()
    assert not network.sections.keys() & network.abolished.keys()


PARTY_COURSE = Course(
    "Party",
    "p-x",
    states("person organisation merged erased"),
    (
        move("SEC", "register_person", name="架空 花子"),
        move("SEC", "register_organisation", name_ja="縁側（架空）", category="npo"),
        move("SEC", "give_name_consent"),
        move("SEC", "withdraw_name_consent"),
        move("SEC", "merge", into="p-1"),
        move("SEC", "change_details", what="name", value="架空 改姓"),
        move("SEC", "request_erasure", request_no="1号", reason=REASON),
        move("DIS", "decline_erasure", reason=REASON),
        move("DIS", "erase", reason=REASON),
        elsewhere("SEC", "Party", "p-1", "request_erasure", request_no="2号", reason=REASON),
        elsewhere("DIS", "Party", "p-1", "erase", reason=REASON),
    ),
    given=given_parties,
    holds=lambda party, record: consent_holds(party, record),
)


def consent_holds(party: Any, record: TestRecord) -> None:
    """Nobody is named who is not a person on record, and the vault holds nothing of anybody else."""
    assert not party.may_be_named or party.state == "person"
    assert bool(record.recorder.vault.get("p-x")) == (party.state == "person")


COURSES = (
    COUNCIL_COURSE,
    MEETING_COURSE,
    MATTER_COURSE,
    GROUP_COURSE,
    PLAN_COURSE,
    ACTION_COURSE,
    STUDY_COURSE,
    CLAIM_COURSE,
    OFFICERS_COURSE,
    PARTY_COURSE,
)


@pytest.mark.slow
@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.kind)
@settings(max_examples=60)
@given(data=st.data())
def test_no_order_of_commands_leads_off_the_map(course: Course, data: st.DataObject) -> None:
    steps = st.tuples(st.sampled_from(course.moves), st.integers(0, 9).map(lambda n: n == 0))
    course.run(data.draw(st.lists(steps, min_size=30, max_size=60)))


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.kind)
def test_the_moves_lead_to_the_states_there_are(course: Course) -> None:
    """So that the test above tries something: again and again in the order written, they get about."""
    seen = course.run([(step, imported) for imported in (False, True) for step in course.moves * 3])
    assert len(seen) >= min(len(course.states) // 2, 4), seen
