"""What is due: by rules the record has, on both databases; and each rule by itself, without any."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from domain.kernel.viewer import PUBLIC
from domain.values.calendar import EffectiveDate
from projections.answers.due import Due, Known, due_of
from projections.answers.due_list import as_json, what_is_due, without_a_day
from projections.engine.store import Store
from projections.questions.public_record import hidden_or_changed
from projections.questions.question import Ask
from projections.rebuild.replay import verify
from projections.views.council.participation import seat
from projections.views.meeting.meeting_register import meetings as meetings_on_record
from projections.views.meeting.meeting_register import place_of
from tests.support.given import give
from tests.support.stories import assemblies
from tests.support.stories.assemblies import COUNCIL, MATTER, MEETING, at

ACTION = "action-forum"


class Told:
    """A store, told commands as a TestRecord is."""

    def __init__(self, store: Store):
        self.store = store

    def do(self, role: str, kind: str, entity: str, command: str, /, **arguments: Any) -> None:
        give(self.store.application, role, kind, entity, command, **arguments)

    def due(self, on: str, *kinds: Any) -> list[tuple[str, str | None, str | None, int | None]]:
        """Each thing due: kind, thing, the date as it is written, days late."""
        day = dt.date.fromisoformat(on)
        with self.store.engine.connect() as connection:
            found = what_is_due(connection, day, kinds or None)
        return [(d.kind, d.thing, d.due.value if d.due else None, d.days_late(day)) for d in found]


@pytest.fixture
def told(store: Store) -> Told:
    return Told(store)


def meeting(told: Told, command: str, role: str = "SEC", **given: Any) -> None:
    told.do(role, "Meeting", MEETING, command, **given)


def given_a_council(told: Any, **rules: Any) -> None:
    given = {"quorum": {"basis": "none"}, **assemblies.OF_PRESENT, **rules}
    assemblies.given_a_council(told, 3, **given)


def then_a_replay_agrees(told: Any) -> None:
    assert [p.view for p in verify(told.store, ["due_register"]) if not p.equal] == []


def test_a_meeting_is_due_its_notice_then_its_minutes(told: Any) -> None:
    given_a_council(told, notice_days=7, minutes_due_days=45)
    assemblies.given_a_meeting(told, "report")
    assert told.due("2026-05-01") == [("notice", MEETING, "2026-05-03", -2)]
    assert told.due("2026-05-05") == [("notice", MEETING, "2026-05-03", 2)]
    meeting(told, "notify", notice_on="2026-05-01", publicity="open")
    assert told.due("2026-05-05") == []
    assemblies.given_it_is_open(told, 2)
    meeting(told, "note_item", item_id="item-1")
    meeting(told, "close", "CHR", at=at(16))
    # The council has no rule for an outline: it is listed without a date. 45 days after 10 May is 24 June.
    waiting = [("minutes", MEETING, "2026-06-24", 7), ("outline", MEETING, None, None)]
    assert told.due("2026-07-01") == waiting
    later = {"value": "2026-06-01", "precision": "day"}
    rules = {"rules_version": 2, "effective_from": later, "minutes_due_days": 10, "outline_due_days": 2}
    assemblies.do_council(told, "adopt_rules", **rules)
    assert told.due("2026-07-01") == waiting, "the rules in force on the meeting's day count"
    document = {"title": "会議録（架空）", "kind": "minutes", "disclosure": {}}
    told.do("SEC", "Document", "doc-minutes", "register", **document)
    meeting(told, "list_documents", document_ids=[])
    draft = {"style": "summary", "naming": "role", "document_id": "doc-minutes", "other": "なし"}
    meeting(told, "draft_minutes", v=1, **draft)
    assert told.due("2026-07-01") == [("minutes", MEETING, "2026-06-24", 7)]
    meeting(told, "circulate_minutes", v=1, reply_by="2026-05-24")
    meeting(told, "confirm_minutes", "CHR", by="chair", v=1)
    told.store.application.clock.not_before(dt.date(2026, 7, 2))
    meeting(told, "publish_minutes", "IMP", importing=True, on="2026-07-02")
    assert told.due("2026-07-03") == []
    then_a_replay_agrees(told)


def test_without_rules_no_due_date_is_invented(told: Any) -> None:
    assemblies.given_a_council(told, 3)
    assemblies.given_a_meeting(told, "report")
    assert told.due("2027-01-01") == [("notice", MEETING, None, None)]
    with told.store.engine.connect() as connection:
        (item,) = as_json(connection, what_is_due(connection, dt.date(2027, 1, 1)), dt.date(2027, 1, 1))
        lacking = without_a_day(connection)
    assert item["rule_known"] is False
    assert item["rule"]["ja"] == "期限の規則が記録されていない"
    assert item["trail"] == f"/api/v1/meetings/{MEETING}/trail"
    assert lacking == [
        ("「架空の会議」の会議規則（通知・会議録の期限）", "rules of “架空の会議” on notice and minutes")
    ]


def test_a_resolution_waits_for_its_conclusion(told: Any) -> None:
    given_a_council(told)
    assemblies.given_a_meeting(told, "decision")
    assemblies.given_it_is_open(told, 3)
    meeting(told, "take_resolution", "CHR", resolution_id="r-1", **assemblies.a_vote(3, 0))
    kinds = ("resolution_unconcluded", "conclusion_unresolved")
    assert told.due("2026-06-01", *kinds) == [("resolution_unconcluded", MATTER, None, None)]
    told.do("CHR", "Matter", MATTER, "confirm_no_dissent", meeting_id=MEETING)
    concluded = {"meeting_id": MEETING, "resolution_ref": "r-1", "chosen_option": "a", "reason": "架空の理由"}
    told.do("CHR", "Matter", MATTER, "conclude", **concluded)
    assert told.due("2026-06-01", *kinds) == []
    old = {"title": "昔の案件（架空）", "question": "何をするか。", "practice": "慣行"}
    told.do("IMP", "Matter", "matter-old", "raise_matter", importing=True, **old)
    stated = {"method": "opinion_summary", "result": "summarised"}
    told.do("IMP", "Matter", "matter-old", "import_conclusion", importing=True, **stated)
    assert told.due("2026-06-01", *kinds) == [("conclusion_unresolved", "matter-old", None, None)]
    then_a_replay_agrees(told)


def imported_matter(told: Any, raised: str, concluded: str) -> None:
    old = {"title": "昔の案件（架空）", "question": "何をするか。", "practice": "慣行"}
    for command, day, given in (
        ("raise_matter", raised, old),
        ("import_conclusion", concluded, {"method": "opinion_summary", "result": "summarised"}),
    ):
        envelope = {"effective": EffectiveDate.parse(day)}
        told.do("IMP", "Matter", "matter-old", command, importing=True, envelope=envelope, **given)


def test_sources_that_disagree_wait_for_somebody_to_look(told: Any) -> None:
    imported_matter(told, "2010-05-01", "2010-04")
    assert told.due("2026-06-01", "sources_disagree") == [("sources_disagree", "matter-old", None, None)]
    with told.store.engine.connect() as connection:
        (found,) = what_is_due(connection, dt.date(2026, 6, 1), ["sources_disagree"])
    assert "平成22年(2010年)4月" in found.rule[0] and "平成22年(2010年)5月1日" in found.rule[0]
    assert "April 2010" in found.rule[1] and "1 May 2010" in found.rule[1]
    change = ({"field": "effective", "after": "2010-06"},)
    fix = {"correction_id": "fix-1", "target_version": 2, "changes": change, "reason": "架空の理由"}
    told.do("SEC", "Matter", "matter-old", "propose_correction", **fix)
    told.do("CHR", "Matter", "matter-old", "approve_correction", correction_id="fix-1")
    assert told.due("2026-06-01", "sources_disagree") == []
    then_a_replay_agrees(told)


@pytest.mark.parametrize(("raised", "concluded"), [("2010-05-01", "2010-05"), ("2010", "2010-04-01")])
def test_what_cannot_be_ordered_disagrees_with_nothing(told: Any, raised: str, concluded: str) -> None:
    imported_matter(told, raised, concluded)
    assert told.due("2026-06-01", "sources_disagree") == []


def test_what_is_left_to_the_chair_is_due_until_it_is_reported(told: Any) -> None:
    given_a_council(told)
    assemblies.given_a_meeting(told, "decision")
    assemblies.given_it_is_open(told, 3)
    left = {"item_id": "item-1", "at": at(15), "method": "chair_entrusted", "result": "entrusted"}
    meeting(
        told, "take_resolution", "CHR", resolution_id="r-1", limits="語句の整理", options_version=1, **left
    )
    told.do("CHR", "Matter", MATTER, "confirm_no_dissent", meeting_id=MEETING)
    concluded = {"meeting_id": MEETING, "resolution_ref": "r-1", "chosen_option": "a", "reason": "架空の理由"}
    told.do("CHR", "Matter", MATTER, "conclude", **concluded)
    settle, report = ("entrustment", MATTER, None, None), ("entrustment_report", MATTER, None, None)
    kinds = ("entrustment", "entrustment_report")
    assert told.due("2026-06-01", *kinds) == [settle, report]
    told.do("SEC", "Document", "doc-wording", "register", title="文案（架空）", kind="draft", disclosure={})
    wording = {"document_id": "doc-wording", "within_limits": True}
    told.do("CHR", "Matter", MATTER, "settle_entrustment", **wording)
    assert told.due("2026-06-01", *kinds) == [report]
    meeting(told, "close", "CHR", at=at(16))
    told.do("IMP", "Matter", MATTER, "report_entrustment", importing=True, meeting_id=MEETING)
    assert told.due("2026-06-01", *kinds) == []
    then_a_replay_agrees(told)


def test_reviews_terms_improvements_and_promises(told: Any) -> None:
    ends = {"to_date": {"value": "2028-03-31", "precision": "day"}}
    assemblies.given_a_council(told)
    assemblies.do_council(told, "open_term", term_no=1, from_date=assemblies.FIRST, **ends)
    assemblies.given_a_member(told, "seat-01", **ends)
    until = {"visibility": "closed", "ground": "deliberation", "review_on": "2026-06-01"}
    told.do("SEC", "Document", "doc-closed", "register", kind="draft", disclosure=until)
    told.do("IMP", "PlanAction", ACTION, "register", importing=True, title_ja="フォーラム（架空）")
    better: dict[str, Any] = {"improvement_id": "imp-1", "text": "早く知らせる", "fiscal_year": 2026}
    better["applies_to_fiscal_year"] = 2027
    told.do("IMP", "PlanAction", ACTION, "decide_improvement", importing=True, **better)
    promised: dict[str, Any] = {"text_ja": "研修をする（架空）", "commitment": "will_do"}
    promised["due"] = {"value": "2026-09", "precision": "month"}
    told.do("SEC", "Reflection", "follow-up-x", "plan_follow_up", **promised)
    assert told.due("2026-10-03") == [
        ("review", "doc-closed", "2026-06-01", 124),
        ("follow_up", "follow-up-x", "2026-09", 3),  # late when the whole of September is over
        ("term", COUNCIL, "2028-03-31", -545),
        ("appointment", COUNCIL, "2028-03-31", -545),
        ("improvement", ACTION, "FY2027", -545),  # by 31 March 2028, the last day of the year it is for
    ]
    told.do("SEC", "Reflection", "follow-up-x", "start_follow_up")
    told.do("SEC", "Reflection", "follow-up-x", "complete_follow_up")
    told.do("DIS", "Document", "doc-closed", "review_disclosure", outcome="stays", reason="審議中")
    assert [d[0] for d in told.due("2026-10-03", "review", "follow_up")] == ["review"], "reviewed too early"
    answers = [{"improvement_id": "imp-1", "taken": True}]
    told.do("IMP", "PlanAction", ACTION, "plan_cycle", importing=True, fiscal_year=2027, answers=answers)
    assert told.due("2026-10-03", "improvement") == []
    gone = {"appointment_id": "seat-01", "on": {"value": "2026-09-30", "precision": "day"}}
    assemblies.do_council(told, "end_appointment", **gone, why="resigned")
    assert [d[0] for d in told.due("2026-10-03", "term", "appointment")] == ["term"]
    then_a_replay_agrees(told)


def test_a_corrected_day_moves_what_is_due(told: Any) -> None:
    promised: dict[str, Any] = {"text_ja": "研修をする（架空）", "commitment": "will_do"}
    promised["due"] = {"value": "2026-09-30", "precision": "day"}
    told.do("SEC", "Reflection", "follow-up-x", "plan_follow_up", **promised)
    fix: dict[str, Any] = {"correction_id": "c-1", "target_version": 1, "reason": "転記の誤り（架空）"}
    fix["changes"] = [{"field": "due", "after": "2026-08-31"}]
    told.do("SEC", "Reflection", "follow-up-x", "propose_correction", **fix)
    told.do("CHR", "Reflection", "follow-up-x", "approve_correction", correction_id="c-1")
    assert told.due("2026-09-10") == [("follow_up", "follow-up-x", "2026-08-31", 10)]
    then_a_replay_agrees(told)


# ----------------------------------------------------------------------------------- rules by themselves


def entry(**said: Any) -> dict[str, Any]:
    return {"said": {"position": 1, "recorded_at": "2026-06-01T00:00:00Z"}, **said}


def row(kind: str, thing: str, **doc: Any) -> dict[str, Any]:
    return {"waits": f"{kind}/{thing}", "kind": kind, "thing": thing, "is_open": 1, "doc": doc}


def due(found: dict[str, Any], *others: dict[str, Any]) -> list[Due]:
    return list(due_of(found, Known({o["waits"]: o for o in others})))


@pytest.mark.parametrize(("on", "late"), [("2026-03-31", 0), ("2026-03-30", -1), ("2026-04-01", 1)])
def test_days_are_counted_from_the_last_day_it_may_mean(on: str, late: int) -> None:
    promise = Due("follow_up", "x", entry(), ("", ""), EffectiveDate.in_fiscal_year(2025))
    assert promise.days_late(dt.date.fromisoformat(on)) == late
    assert Due("outline", "x", entry(), ("", ""), None).days_late(dt.date(2026, 1, 1)) is None


def test_an_agreed_improvement_is_due_until_the_action_decides_it() -> None:
    agreed = entry(improvement_id="i-1", applies_to_fiscal_year=2027)
    sheet = row("sheet", "sheet-1", SheetOpened=[entry(action_id=ACTION)], ImprovementAgreed=[agreed])
    (open_,) = due(sheet)
    assert (open_.kind, open_.due) == ("improvement", EffectiveDate.in_fiscal_year(2027))
    assert due(sheet, row("action", ACTION, ImprovementDecided=[entry(improvement_id="i-1")])) == []


def test_self_evaluations_are_due_until_the_sheet_is_unsealed() -> None:
    asked = {"SheetOpened": [entry(action_id=ACTION)], "SelfEvaluationStarted": [entry(due_on="2026-06-30")]}
    (open_,) = due(row("sheet", "sheet-1", **asked))
    assert (open_.kind, open_.days_late(dt.date(2026, 7, 1))) == ("self_evaluation", 1)
    assert due(row("sheet", "sheet-1", **asked, SheetUnsealed=[entry()])) == []


def test_a_seat_of_a_dissolved_council_is_not_due() -> None:
    until = msgspec.to_builtins(EffectiveDate.parse("2026-06"))
    seat = row("seat", COUNCIL, MemberAppointed=[entry(to_date=until)])
    assert [d.kind for d in due(seat)] == ["appointment"]
    assert due(seat, {**row("council", COUNCIL), "is_open": 0}) == []


def test_a_review_on_the_day_or_after_it_settles_it() -> None:
    closed = entry(disclosure={"visibility": "closed", "review_on": "2026-06-01"})
    assert [d.kind for d in due(row("part", "doc-x", DocumentRegistered=[closed]))] == ["review"]
    assert due(row("part", "doc-x", DocumentRegistered=[closed], DisclosureReviewed=[entry()])) == []


def test_a_conclusion_whose_resolution_is_not_on_record() -> None:
    concluded = entry(resolution_ref="r-9", meeting_id=MEETING)
    (found,) = due(row("resolution", MEETING, MatterConcluded=[concluded]))
    assert (found.kind, found.due) == ("conclusion_unresolved", None)


def test_a_meeting_that_is_moved_is_due_its_notice_anew(told: Any) -> None:
    given_a_council(told, notice_days=7)
    assemblies.given_a_meeting(told, "report")
    meeting(told, "notify", notice_on="2026-05-01", publicity="open")
    moved = {"starts_at": "2026-06-10T14:00:00+09:00", "place": "別の会館（架空）", "reason": "大雪（架空）"}
    meeting(told, "reschedule", **moved)
    assert told.due("2026-05-05", "notice") == [("notice", MEETING, "2026-06-03", -29)]
    with told.store.engine.connect() as connection:
        (row,) = connection.execute(meetings_on_record()).mappings()
    assert row["starts_at"].startswith("2026-06-10") and row["state"] == "scheduled"
    assert place_of(json.loads(row["doc"])) == "別の会館（架空）"
    meeting(told, "notify", notice_on="2026-06-01", publicity="open")
    assert told.due("2026-06-04", "notice") == []
    then_a_replay_agrees(told)


def test_a_meeting_of_which_only_that_it_was_held_is_known_is_due_its_minutes(told: Any) -> None:
    given_a_council(told, minutes_due_days=45)
    assemblies.given_a_meeting(told)
    meeting(told, "record_held", held_on={"value": "2026-05-10", "precision": "day"}, members_present=2)
    assert told.due("2026-05-11", "notice", "minutes") == [("minutes", MEETING, "2026-06-24", -44)]


def test_a_step_that_the_city_promised_is_due_until_it_was_taken(told: Any) -> None:
    told.do("IMP", "Matter", "matter-p", "import_conclusion", importing=True, result="adopted")
    by = {"value": "2026-08-31", "precision": "day"}
    steps = [{"step_id": "step-1", "what": "要綱", "by_when": by}, {"step_id": "step-2", "what": "周知"}]
    told.do("APR", "Matter", "matter-p", "record_city_decision", authority="mayor", promised=steps)
    waiting = [("promise", "matter-p", "2026-08-31", 1), ("promise", "matter-p", None, None)]
    assert told.due("2026-09-01", "promise") == waiting
    told.do("SEC", "Matter", "matter-p", "take_promised_step", step_id="step-1")
    assert told.due("2026-09-01", "promise") == waiting[1:]
    then_a_replay_agrees(told)


def test_a_disclosure_request_is_due_its_decision(told: Any) -> None:
    asked = {"item_id": "item-1", "what": "打合せの記録"}
    given = {"kind": "information", "received_on": "2026-05-01", "due_on": "2026-05-16", "requested": [asked]}
    told.do("SEC", "DisclosureRequest", "request-1", "receive", **given)
    assert told.due("2026-05-17") == [("request", "request-1", "2026-05-16", 1)]
    longer = {"on": "2026-05-12", "due_on": "2026-06-15", "reason": "大量（架空）"}
    told.do("SEC", "DisclosureRequest", "request-1", "extend", **longer)
    assert told.due("2026-05-17") == [("request", "request-1", "2026-06-15", -29)]
    decided = {"item_id": "item-1", "decision": "not_held", "decided_on": "2026-06-01"}
    told.do("DIS", "DisclosureRequest", "request-1", "decide", **decided)
    assert told.due("2026-07-01") == []
    told.do("SEC", "DisclosureRequest", "request-1", "request_review", item_id="item-1", on="2026-06-20")
    over = {"item_id": "item-1", "on": "2026-06-30", "maintained": False, "reason": "理由（架空）"}
    told.do("DIS", "DisclosureRequest", "request-1", "decide_review", **over)
    assert [kind for kind, *_ in told.due("2026-07-01")] == ["request"], "it is to be decided anew"
    then_a_replay_agrees(told)


def test_who_stays_until_the_successor_is_no_longer_due_when_the_successor_sits(told: Any) -> None:
    assemblies.given_a_council(told)
    last = {"value": "2026-06-30", "precision": "day"}
    stays = {"to_date": last, "until_successor": True}
    assemblies.given_a_member(told, "seat-01", **stays)
    assert told.due("2026-07-02", "appointment") == [("appointment", COUNCIL, "2026-06-30", 2)]
    begins = {"value": "2026-08-01", "precision": "day"}
    assemblies.given_a_member(told, "seat-02", from_date=begins, succeeds="seat-01")
    assert told.due("2026-07-02", "appointment") == []
    with told.store.engine.connect() as connection:
        served = connection.execute(sa.select(seat.table.c.last).order_by(seat.table.c.appointment_id)).all()
    assert [row.last for row in served] == ["2026-07-31", "9999-12-31"]


def test_what_one_person_closed_at_once_is_due_and_then_listed_in_public(told: Told) -> None:
    """Until a second confirms it: to the office as due, to anybody once the term is over."""
    told.do("IMP", "PlanAction", ACTION, "register", importing=True, title_ja="架空の市民まつり")
    asked = {"redaction_id": "r-1", "target_version": 1, "reason": "危害のおそれ（架空）"}
    hidden = {"visibility": "closed", "ground": "personal"}
    told.do("SEC", "PlanAction", ACTION, "close_at_once", **asked, redacted=hidden)

    def unconfirmed(day: dt.date) -> list[Any]:
        with told.store.engine.connect() as connection:
            answered = hidden_or_changed(Ask(connection, PUBLIC, day))
        assert ("未確認の非公開" in answered.says[0]) == bool(answered.answer["unconfirmed"])
        return [(one["thing"], one["confirm_by"]) for one in answered.answer["unconfirmed"]]

    with told.store.engine.connect() as connection:
        (due,) = what_is_due(connection, dt.date(2026, 4, 1), ("closing",))
    assert due.due is not None and due.due.latest is not None
    last, after = due.due.latest, due.due.latest + dt.timedelta(days=1)
    assert told.due(last.isoformat(), "closing") == [("closing", ACTION, last.isoformat(), 0)]
    assert (unconfirmed(last), unconfirmed(after)) == ([], [(ACTION, last.isoformat())])
    told.do("DIS", "PlanAction", ACTION, "confirm_closing", redaction_id="r-1")
    assert told.due(after.isoformat(), "closing") == unconfirmed(after) == []
    then_a_replay_agrees(told)
