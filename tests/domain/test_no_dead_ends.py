"""No dead ends: from everything that a thing can become, an end can be reached by commands that people have.

Each walk gives every command of a thing, in every role but the importer's, in every situation it comes to
(tests/support/stories/walks.py). What has come about and waits for an answer (a resolution for its
conclusion, an improvement for a plan) must be able to get one.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from domain.kernel.record import KINDS
from domain.matter.state import UNDECIDED
from domain.meeting.ten_items import missing_items
from tests.domain.test_state_machines import COURSES
from tests.support.given import TestRecord
from tests.support.stories.groups import COUNCIL, given_a_council
from tests.support.stories.sheets import given_a_sheet, given_an_action_under_way, scores
from tests.support.stories.walks import NOTHING, Act, Move, Seen, Situation, Walk, dead_ends, without_a_way

SINCE = {"value": "2025-04-01", "precision": "day"}
REASON = "理由（架空）"
PUBLIC = {"visibility": "public"}


def given_a_council_at_work(record: TestRecord) -> None:
    """Three members, a chair, rules with a quorum; documents and a matter that was adopted."""
    given_a_council(record)
    rules = {"quorum": {"basis": "more_than_half"}, "written": True}
    majority = {"base": "present", "threshold": "more_than_half"}
    rules |= {"rules_version": 1, "effective_from": SINCE, "majority": majority}
    record.do("IMP", "Council", COUNCIL, "adopt_rules", importing=True, **rules)
    for document in ("doc-1", "doc-2"):
        record.do("SEC", "Document", document, "register", kind="draft", disclosure=PUBLIC)
    record.do("SEC", "Party", "org-city", "register_organisation", name_ja="架空市", category="municipality")
    record.do("IMP", "Matter", "matter-1", "import_conclusion", importing=True, result="adopted")


# ------------------------------------------------------------------------------------------ matters


def given_a_question(record: TestRecord) -> None:
    given_a_council_at_work(record)
    asked = {"title": "フォーラム", "question": "これでよいか。", "practice": "慣行", "council_id": COUNCIL}
    record.do("SEC", "Matter", "matter-x", "raise_matter", **asked)


MATTER = "matter-x"


def an_evening(method: str, result: str, **more: Any) -> Any:
    """The one meeting at which the matter is resolved."""

    def held(situation: Situation) -> Move | None:
        matter = situation.find("Matter", MATTER)
        if matter.state not in UNDECIDED or "meeting-1" in situation.streams:
            return None

        def act(role: str, command: str, **fields: Any) -> Act:
            return Act(role, "Meeting", "meeting-1", command, fields)

        item = {"item_id": "item-1", "order": 1, "title": "議題", "type": "decision", "matter_id": MATTER}
        taken = {"item_id": "item-1", "at": "2026-05-10T15:00:00+09:00", "resolution_id": "r-1"}
        if matter.options_version is not None:
            taken["options_version"] = matter.options_version
        start = "2026-05-10T14:00:00+09:00"
        return (
            act("SEC", "schedule", council_id=COUNCIL, kind="plenary", starts_at=start),
            act("SEC", "list_item", **item),
            act("CHR", "open", at=start, presiding="a-1", present=["a-2", "a-3"]),
            act("CHR", "take_resolution", **taken, method=method, result=result, **more),
        )

    return held


def stands_resolved(matter: Any, situation: Situation) -> bool:
    """The meeting resolved on the matter, which reads as it did then."""
    taken = situation.find("Meeting", "meeting-1").resolutions.get("r-1")
    if taken is None or matter.state == "withdrawn":
        return False
    return taken.options_version == matter.options_version and (
        matter.options_version is not None or not matter.options
    )


def is_concluded(matter: Any, situation: Situation) -> bool:
    return matter.conclusion is not None and matter.conclusion.resolution_ref == "r-1"


def concluded(situation: Situation) -> Move:
    options = list(situation.find("Matter", MATTER).options)
    said = {"meeting_id": "meeting-1", "resolution_ref": "r-1", "reason": REASON}
    chosen = {"chosen_option": options[0]} if options else {}
    return (Act("SEC", "Matter", MATTER, "conclude", said | chosen),)


TALLY = {"for": 3, "against": 0, "abstain": 0}
A_MATTER = Walk(
    "Matter",
    MATTER,
    frozenset({"withdrawn", "in_force", "superseded", "rescinded"}),
    given_a_question,
    like=lambda m, s: (
        *(bool(m.options), m.options_version is None, m.entrustment, m.transmitted, m.response),
        *(m.window is None, m.result is None),
    ),
    owed={"a resolution is not concluded": (stands_resolved, is_concluded)},
    values={
        "document_id": ["doc-1"],
        "to": ["org-city"],
        "option_id": ["a"],
        "superseded_by": ["matter-1"],
        "reason": [REASON],
        "document_no": ["架空市協第2号"],
        "from_date": [{"value": "2026-02-06", "precision": "day"}],
        "to_date": [{"value": "2026-02-26", "precision": "day"}],
    },
    moves=(
        an_evening("no_objection", "adopted"),
        an_evening("majority_show", "adopted", tally=TALLY),
        an_evening("majority_show", "rejected", tally={"for": 0, "against": 3, "abstain": 0}),
        an_evening("consensus_workshop", "agreed", outcome_text="合意（架空）"),
        an_evening("chair_entrusted", "entrusted", limits="文言（架空）"),
        concluded,
    ),
    without=frozenset(
        {
            *("conclude", "attach_evidence", "record_opinion", "adopt_criterion", "assess_option"),
            *("receive_comment", "dispose_comment", "erase_commenter"),
        }
    ),
)

# ----------------------------------------------------------------------------------------- meetings

MEETING = "meeting-x"
START, LATER = "2026-05-10T14:00:00+09:00", "2026-05-10T16:00:00+09:00"


def given_a_meeting_to_come(record: TestRecord) -> None:
    given_a_council_at_work(record)
    given_a_place_and_topics(record)


def given_a_place_and_topics(record: TestRecord) -> None:
    where = {"council_id": COUNCIL, "kind": "plenary", "starts_at": START, "place": "架空会館"}
    record.do("SEC", "Meeting", MEETING, "schedule", **where)
    item = {"item_id": "item-1", "order": 1, "title": "議題", "type": "decision", "matter_id": "matter-1"}
    record.do("SEC", "Meeting", MEETING, "list_item", **item)


def given_a_day_without_a_roster(record: TestRecord) -> None:
    """The council was there; who sat on it nobody recorded."""
    record.do("IMP", "Council", COUNCIL, "establish", importing=True, name_ja="架空の会議")
    record.do("IMP", "Matter", "matter-1", "import_conclusion", importing=True, result="adopted")
    record.do("SEC", "Document", "doc-1", "register", kind="draft", disclosure=PUBLIC)
    given_a_place_and_topics(record)


MEETING_ENDS = frozenset({"published", "cancelled", "inquorate"})
A_MEETING = Walk(
    "Meeting",
    MEETING,
    MEETING_ENDS,
    given_a_meeting_to_come,
    like=lambda m, s: (
        bool(set(m.items) - m.settled),
        len(m.in_the_room) > 1,
        bool(m.requests),
        len(missing_items(m)) if m.minutes_state == "confirmed" else m.publicity is None,
        len(m.replies.get("item-1", {})),
    ),
    owed={
        "a meeting was opened, or held, and its minutes cannot be published": (
            lambda m, s: m.state not in ("scheduled", "notified"),
            lambda m, s: m.state in ("published", "cancelled", "inquorate"),
        )
    },
    values={
        "item_id": ["item-1"],
        "at": [LATER],
        "open.at": [START],
        "find_inquorate.at": [START],
        "resolve_by_replies.at": ["2026-06-20T09:00:00+09:00"],
        "end_written.at": ["2026-06-20T09:00:00+09:00"],
        "find_too_few_replies.at": ["2026-06-20T09:00:00+09:00"],
        "sent_on": ["2026-05-10"],
        "deadline": ["2026-06-10"],
        "starts_at": ["2026-05-12T14:00:00+09:00"],
        "presiding": ["a-1"],
        "present": [["a-2", "a-3"]],
        "find_inquorate.present": [["a-1"]],
        "appointment_id": ["a-2"],
        "receive_reply.appointment_id": ["a-1", "a-2"],
        "reply": ["for"],
        "publicity": ["open"],
        "observers": [0],
        "staff": [1, NOTHING],
        "document_id": ["doc-1"],
        "document_ids": [["doc-1"]],
        "v": [1, 2],
        "style": ["summary"],
        "naming": ["role"],
        "other": ["なし", NOTHING],
        "request_id": ["r-1"],
        "capacity": ["staff"],
        "signatories": [["a-1"]],
        "sign_minutes.appointment_id": ["a-1"],
        "held_on": [{"value": "2026-05-10", "precision": "day"}],
        "members_present": [2],
        "method": ["opinion_summary"],
        "result": ["summarised", "adopted"],
        "mode": ["in_person"],
        "reason": [REASON],
    },
    without=frozenset(
        [
            "schedule",
            "list_item",
            "add_item",
            "close_item",
            "declare_recusal",
            "receive_written",
            "record_statement",
            "record_workshop",
            "record_absence",
            "correct_minutes",
            "import_counts",
            "take_resolution",
            "arrive",
        ]
    ),
)

# ------------------------------------------------------------------------------------------ sheets


def given_a_year_done(record: TestRecord) -> None:
    given_an_action_under_way(record.do, "implemented")


A_SHEET = Walk(
    "EvaluationSheet",
    "sheet-x",
    frozenset({"published", "cancelled"}),
    given_a_year_done,
    like=lambda sheet, s: (len(sheet.evaluations), bool(sheet.improvements)),
    owed={
        "a sheet that cannot be brought to its end": (
            lambda sheet, s: sheet.state not in ("new", "cancelled"),
            lambda sheet, s: sheet.state == "published",
        )
    },
    values={
        "action_id": ["action-forum"],
        "fiscal_year": [2026],
        "side_c": ["org-npo"],
        "side_g": ["org-city"],
        "scores": [scores()],
        "attended": [["org-npo", "org-city"]],
        "item": ["P3"],
        "by": ["org-college"],
        "indicators": [[{"name": "参加者"}]],
        "reason_none": [REASON],
        "applies_to_fiscal_year": [2027],
        "template_version": [1],
    },
)

# ----------------------------------------------------------------------------------------- actions


def given_an_improvement_after_the_plan(record: TestRecord) -> None:
    """The next year's plan was made before the sheet of this one came to its improvement."""
    given_an_action_under_way(record.do)
    given_a_sheet(record.do, "mutual_differs")
    for command in ("start_implementation", "complete_implementation"):
        record.do("SEC", "PlanAction", "action-forum", command, fiscal_year=2026)
    for command in ("open_cycle", "plan_cycle"):
        record.do("SEC", "PlanAction", "action-forum", command, fiscal_year=2027)


def an_improvement(situation: Situation) -> Move:
    said = {"improvement_id": "i-1", "text": "夜に開く（架空）", "owner": "g", "applies_to_fiscal_year": 2027}
    return (Act("SEC", "EvaluationSheet", "sheet-forum", "agree_improvement", said),)


def an_evaluation(situation: Situation) -> Move:
    said = {"fiscal_year": 2026, "sheet_id": "sheet-forum"}
    return (Act("SEC", "PlanAction", "action-forum", "evaluate_cycle", said),)


YEARS = (2026, 2027)
AN_ACTION = Walk(
    "PlanAction",
    "action-forum",
    frozenset({"ended"}),
    given_an_improvement_after_the_plan,
    like=lambda action, s: (
        tuple(action.cycles[year].phase for year in YEARS if year in action.cycles),
        len(s.find("EvaluationSheet", "sheet-forum").improvements),
        action.cycles[2026].current is None,
    ),
    owed={
        "an improvement is not answered": (
            lambda action, s: bool(action.improvements),
            lambda action, s: bool(action.improvements) and action.answered >= action.improvements.keys(),
        ),
        "a year is not closed": (
            lambda action, s: action.cycles[2026].phase not in ("unopened", "closed"),
            lambda action, s: action.cycles[2026].phase == "closed",
        ),
        "a year has no money": (
            lambda action, s: action.state != "ended" and action.cycles[2026].current is None,
            lambda action, s: action.cycles[2026].current is not None,
        ),
    },
    values={
        "fiscal_year": YEARS,
        "improvement_id": ["i-1"],
        "kind": ["supplementary"],
        "way": ["change_in_year"],
        "taken": [True],
        "reason": [REASON],
        "amount_yen": [100],
        "reason_without_sheet": [REASON],
        "no_improvement_reason": [REASON],
    },
    moves=(an_improvement, an_evaluation),
    without=frozenset(
        [
            "register",
            "propose",
            "adopt",
            "decide_improvement",
            "record_activity",
            "record_material",
            "record_distribution",
            "record_council_involvement",
        ]
    ),
)

# ------------------------------------------------------------------------------------ other things


def given_parties_and_papers(record: TestRecord) -> None:
    given_a_council_at_work(record)
    record.do("SEC", "Party", "p-other", "register_person", name="架空 花子")
    record.do("SEC", "LegalInstrument", "law-x", "enact", title_ja="架空条例")


def given_a_group_to_form(record: TestRecord) -> None:
    given_parties_and_papers(record)


A_COUNCIL = Walk(
    "Council",
    "council-x",
    frozenset({"dissolved"}),
    given_parties_and_papers,
    like=lambda council, s: (
        bool(council.appointments),
        council.chair_on(dt.date.max),
        bool(council.recommended),
        bool(council.terms),
        bool(council.advisers),
    ),
    values={
        "party_id": ["p-other"],
        "invite_adviser.party_id": ["p-1"],
        "release_adviser.party_id": ["p-1"],
        "category": ["expert"],
        "term_no": [1],
        "legal_basis": [{"instrument_id": "law-x", "article": 17}],
        "reason": [REASON],
        "why": ["resigned"],
        "method": ["elected"],
        "power": ["consult"],
        "rules_version": [1],
        "effective_from": [{"value": "2026-07-01", "precision": "day"}],
    },
)
A_GROUP = Walk(
    "WorkingGroup",
    "group-x",
    frozenset({"dissolved"}),
    given_a_group_to_form,
    like=lambda group, s: (bool(group.members), bool(group.open_duties), bool(group.support)),
    values={
        "council_id": [COUNCIL],
        "appointment_id": ["a-1"],
        "to_id": ["a-1"],
        "responsibility_id": ["duty-1"],
        "party_id": ["p-other"],
        "reason": [REASON],
        "tenths": [5],
        "kind": ["project_group", "study_team", "drafting"],
        "report.kind": ["final"],
    },
    without=frozenset({"log_work"}),
)
A_PLAN = Walk(
    "PromotionPlan",
    "plan-x",
    frozenset({"superseded", "expired"}),
    given_parties_and_papers,
    like=lambda plan, s: (plan.drafts > 0, len(plan.undisposed()), bool(plan.measures), plan.superseded_by),
    values={
        "council_id": [COUNCIL],
        "document_id": ["doc-1"],
        "measure_id": ["measure-x"],
        "comment_id": ["comment-1"],
        "from_date": [{"value": "2026-02-06", "precision": "day"}],
        "to_date": [{"value": "2026-02-26", "precision": "day"}],
        "received_on": [{"value": "2026-02-10", "precision": "day"}],
        "text_ref": ["doc-2"],
        "disposition": ["for_reference"],
        "matter_id": ["matter-1"],
        "authority": ["mayor"],
        "reason": [REASON],
        "period_from_fy": [2016],
        "period_to_fy": [2020],
        "publish.period_to_fy": [2020],
        "on": [NOTHING],
    },
    without=frozenset({"supersede", "erase_commenter", "state_measure"}),
)
A_STUDY = Walk(
    "CenterStudy",
    "study-x",
    frozenset({"closed"}),
    given_parties_and_papers,
    like=lambda study, s: tuple(sorted(study.questions.items())),
    values={
        "council_id": [COUNCIL],
        "question": ["necessity"],
        "needed": [True, False],
        "matter_id": ["matter-1"],
        "to": ["org-city"],
        "reason": [REASON],
        "v": [1, 2],
        "stance": ["neutral"],
    },
)
A_CLAIM = Walk(
    "Reflection",
    "problem-x",
    frozenset({"closed", "done", "dropped"}),
    given_parties_and_papers,
    values={"reason": [REASON], "adopted_by": ["matter-1"], "action_ids": [["matter-1"]], "value": ["5"]},
    without=frozenset({"link_countermeasure"}),
)


def an_erasure(situation: Situation) -> Move:
    """By another than whoever recorded the request."""
    return (Act("DIS", "Party", "p-x", "erase", {"reason": REASON}, party="p-second"),)


A_PARTY = Walk(
    "Party",
    "p-x",
    frozenset({"merged", "erased", "organisation"}),
    given_parties_and_papers,
    like=lambda party, s: party.to_erase is not None,
    values={"into": ["p-other"], "what": ["post"], "affiliate": [{"name_ja": "架空の会社"}]},
    moves=(an_erasure,),
)
A_ROLE = Walk(
    "RoleGrant",
    "grant-x",
    frozenset({"revoked"}),
    given_parties_and_papers,
    values={
        "party_id": ["p-other"],
        "role": ["MEM"],
        "body": [COUNCIL],
        "from_date": ["2026-04-01"],
        "to_date": [NOTHING],
        "last_day": ["2026-05-01"],
        "reason": [REASON],
    },
)
A_REQUEST = Walk(
    "DisclosureRequest",
    "request-x",
    frozenset({"closed", "withdrawn"}),
    given_parties_and_papers,
    like=lambda request, s: (
        len(request.decisions),
        tuple(sorted(d.decision for d in request.decisions.values())),
        len(request.reviews),
    ),
    owed={
        "a request without its decision": (
            lambda request, s: request.state == "received",
            lambda request, s: request.state == "closed",
        ),
        "a review without an outcome": (
            lambda request, s: bool(request.reviews),
            lambda request, s: request.state == "closed" and not request.reviews,
        ),
    },
    values={
        "requested": [[{"item_id": "item-1", "document_id": "doc-1"}, {"item_id": "item-2", "what": "覚書"}]],
        "item_id": ["item-1", "item-2"],
        "received_on": ["2026-05-01"],
        "due_on": ["2026-06-15", "2026-07-30"],
        "citation": [{"instrument_id": "law-x", "article": 6}],
        "decision": ["disclosed", "not_disclosed", "not_held"],
        "reason": [REASON],
        "means": ["copy"],
        "kind": ["information"],
    },
)
A_LINK = Walk(
    "Link",
    "link-x",
    frozenset({"withdrawn"}),
    given_parties_and_papers,
    values={"from_id": ["matter-1"], "to_id": ["doc-1"], "relation": ["used"]},
)

WALKS = {
    "a matter": A_MATTER,
    "a meeting": A_MEETING,
    "a meeting of a day without a roster": replace(A_MEETING, given=given_a_day_without_a_roster),
    "a sheet opened after the work": A_SHEET,
    "a sheet opened before it": replace(A_SHEET, given=lambda r: given_an_action_under_way(r.do)),
    "an improvement after the plan": AN_ACTION,
    "a council": A_COUNCIL,
    "a group": A_GROUP,
    "a plan": A_PLAN,
    "a study": A_STUDY,
    "a claim": A_CLAIM,
    "a party": A_PARTY,
    "a role": A_ROLE,
    "a disclosure request": A_REQUEST,
    "a link": A_LINK,
}


REGISTERS = {"Document", "LegalInstrument", "OfficerNetwork"}
"""Things that go on as long as there is a record: nothing in them waits for an end."""
OUT_OF_REACH = {
    "PromotionPlan": {"formulated", "superseded"},  # a source tells of it; another plan takes its place
    "Matter": {"superseded"},
    "PlanAction": {"registered", "proposed", "adopted"},
    "Reflection": {"linked", "reassessed"},  # by another claim; they are left as “recorded” is
}
"""States that a walk begins after, or that need another thing of the same kind."""


@cache
def walked(name: str) -> dict[Any, Seen]:
    return WALKS[name]()


def test_every_kind_of_thing_is_walked_through_all_its_states() -> None:
    assert {walk.kind for walk in WALKS.values()} == KINDS.keys() - REGISTERS
    states = {course.kind: set(course.states) - OUT_OF_REACH.get(course.kind, set()) for course in COURSES}
    for name, walk in WALKS.items():
        if walk.kind in states:
            states[walk.kind] -= {key[0] for key in walked(name)}
    assert {kind: left for kind, left in states.items() if left and kind not in REGISTERS} == {}


def test_a_dead_end_is_found() -> None:
    """Without the ways out there are the ends that people met."""
    without = replace(A_SHEET, without=frozenset({"do_without_targets", "cancel"}))
    found = dead_ends(without, without())
    assert "EvaluationSheet: no end from “opened”, after SEC EvaluationSheet.open" in found


@pytest.mark.parametrize("name", WALKS)
def test_an_end_can_be_reached_from_everywhere(name: str) -> None:
    walk, seen = WALKS[name], walked(name)
    assert walk.ends & {key[0] for key in seen}, "the walk comes to no end at all"
    for owed in walk.owed:
        assert any(owed in key[2] for key in seen), f"the walk never comes to “{owed}”"
    assert dead_ends(walk, seen) == []


PAST = {"ALREADY_EXISTS", "WRONG_STATE", "ITEM_RESOLVED", "MEETING_NOT_OPEN", "ALREADY_PRESENT", "NO_CONSENT"}
PAST |= {"NOT_ENTRUSTED", "RESPONSIBILITY_CLOSED", "COMMENTS_ASKED"}
"""It is too late for it, or there is nothing of the kind: one goes on, and the end can be reached."""
WAYS = {
    "OPTIONS_OPEN": "freeze_options",
    "OPTION_UNKNOWN": "propose_option",
    **dict.fromkeys(("QUORUM_REACHED", "QUORUM_UNRULED"), "resolve_by_replies note_item end_written"),
    "NOT_OPENED": "open record_held draft_minutes confirm_minutes publish_minutes",
    "ALREADY_SERVING": "end_appointment",
    "NOT_SERVING": "record_held appoint invite_adviser",
    "WRITTEN_NOT_ALLOWED": "open record_held",
    "NOT_SUBMITTED": "submit_self_evaluation",
    "NO_DIFFERENCE": "conclude_mutual",
    "ONE_SIDE_MISSING": "submit_self_evaluation cancel",
    "TARGETS_TOO_LATE": "do_without_targets cancel",
    "TARGETS_POSSIBLE": "agree_targets",
    "PHASE_ORDER": "start_implementation complete_implementation close_cycle end",
    "CHAIR_MUST_SERVE": "appoint",
    "TERM_UNKNOWN": "open_term",
    "NOT_MEMBER": "assign_member",
    "NO_FINDING": "record_finding",
    "COMMENTS_NOT_ASKED": "open_public_comment",
    "QUESTION_SETTLED": "reopen_question",
    "ALREADY_COMMITTED": "start_follow_up",
    "ERASURE_NOT_REQUESTED": "request_erasure",
    "AFFILIATION_UNKNOWN": "record_affiliation",
}
"""What the sentences of these refusals tell people to do, as commands."""
WAITS = {"FY_OPEN"}
"""Only time helps, and the sentence says which day."""


@pytest.mark.parametrize("name", WALKS)
def test_whatever_is_refused_has_a_way_out_that_people_have(name: str) -> None:
    found = without_a_way(WALKS[name], walked(name), WAYS)
    left = [said for said in found if said.split(":")[0] not in PAST | WAITS]
    assert left == []


def test_a_refusal_without_a_way_out_is_found() -> None:
    found = without_a_way(A_SHEET, walked("a sheet opened after the work"), {})
    assert "TARGETS_TOO_LATE: SEC EvaluationSheet.agree_targets in “opened”" in found
