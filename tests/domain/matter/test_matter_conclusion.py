"""Matter: a conclusion is what was put to the decision, says why, and asks who disagrees."""

from __future__ import annotations

from typing import Any

import pytest

from domain.matter.events import (
    DissentFiled,
    DissentNoneConfirmed,
    EntrustmentReported,
    EntrustmentSettled,
    MatterConcluded,
)
from domain.values.quorum import Tally
from domain.values.resolution_methods import METHODS, RESULTS, UNFINISHED
from tests.support.given import TestRecord, then_recorded, then_refused
from tests.support.stories.matters import (
    M1,
    M2,
    REASON,
    StandInMeeting,
    conclusion,
    given_a_conclusion,
    given_a_council,
    given_a_matter,
    given_a_resolution,
    given_a_ripe_matter,
    given_an_entrusted_matter,
    given_evidence,
    given_options,
    given_the_city,
    links,
    matter,
    settled,
    stand_in_for_meetings,
)


@pytest.fixture
def meetings(monkeypatch: pytest.MonkeyPatch) -> dict[str, StandInMeeting]:
    return stand_in_for_meetings(monkeypatch)


# -- concluding


def test_a_conclusion_takes_method_and_result_from_the_resolution(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_ripe_matter(record)
    given_a_resolution(meetings, method="unanimous")
    made = record.do("CHR", "Matter", M1, "conclude", **conclusion(reason=REASON))
    then_recorded(made, MatterConcluded)
    concluded = made[0].data
    assert (concluded.method, concluded.result, concluded.options_version) == ("unanimous", "adopted", 1)
    assert links(made[0]) == [(M1, "decided_in", "meeting-1")]
    assert matter(record).state == "concluded"
    assert matter(record).is_adopted
    then_refused("WRONG_STATE", record, "CHR", "Matter", M1, "conclude", **conclusion())


def test_a_conclusion_is_in_force_at_once_if_the_council_says_from_when(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    from_when = {"value": "2026-10-01", "precision": "day"}
    given_a_conclusion(record, meetings, effective_from=from_when)
    assert matter(record).state == "in_force"


def test_a_conclusion_rests_on_a_resolution_of_that_meeting_on_that_matter(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_ripe_matter(record)
    then_refused("RESOLUTION_UNKNOWN", record, "CHR", "Matter", M1, "conclude", **conclusion())
    given_a_resolution(meetings, matter_id=M2)
    then_refused("RESOLUTION_UNKNOWN", record, "CHR", "Matter", M1, "conclude", **conclusion())
    elsewhere = conclusion(meeting_id="meeting-9")
    then_refused("UNKNOWN_ID", record, "CHR", "Matter", M1, "conclude", **elsewhere)


def test_what_was_voted_on_was_frozen_before(record: TestRecord, meetings: dict[str, StandInMeeting]) -> None:
    given_options(record, given_a_matter(record))
    given_a_resolution(meetings, options_version=None)
    then_refused("OPTIONS_NOT_FROZEN", record, "CHR", "Matter", M1, "conclude", **conclusion())
    record.do("CHR", "Matter", M1, "freeze_options")
    then_refused("OPTIONS_NOT_FROZEN", record, "CHR", "Matter", M1, "conclude", **conclusion())


def test_options_that_changed_after_the_vote_are_not_those_decided_on(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_ripe_matter(record)
    given_a_resolution(meetings)
    record.do("MEM", "Matter", M1, "amend_option", option_id="option-2", text="改めた案")
    then_refused("OPTIONS_NOT_FROZEN", record, "CHR", "Matter", M1, "conclude", **conclusion())
    record.do("CHR", "Matter", M1, "freeze_options")
    then_refused("OPTIONS_NOT_FROZEN", record, "CHR", "Matter", M1, "conclude", **conclusion())


@pytest.mark.parametrize(
    ("method", "result"),
    [("opinion_summary", "summarised"), ("report_noted", "noted"), ("consensus_workshop", "agreed")],
)
def test_what_is_not_decided_between_options_needs_none(
    record: TestRecord, meetings: dict[str, StandInMeeting], method: str, result: str
) -> None:
    given_a_matter(record)
    given_a_resolution(meetings, method=method, result=result, options_version=None)
    record.do("CHR", "Matter", M1, "conclude", **conclusion(chosen_option=None, reason=REASON))
    assert matter(record).state == "concluded"


@pytest.mark.parametrize(("method", "result"), [(m, r) for m in METHODS for r in RESULTS])
def test_only_results_of_the_methods_table_are_allowed(
    record: TestRecord, meetings: dict[str, StandInMeeting], method: str, result: str
) -> None:
    given_a_ripe_matter(record)
    given_a_resolution(meetings, method=method, result=result)
    none = result in ("rejected", "noted", "summarised")
    given = conclusion(chosen_option=None if none else "option-2", conditions=["1年後に評価する"])
    if result != "adopted_with_conditions":
        given.pop("conditions")
    if result not in METHODS[method].results:  # type: ignore[index]
        then_refused("RESULT_NOT_ALLOWED", record, "CHR", "Matter", M1, "conclude", **given)
    elif result in UNFINISHED:
        then_refused("RESOLUTION_UNFINISHED", record, "CHR", "Matter", M1, "conclude", **given)
    else:
        then_recorded(record.do("CHR", "Matter", M1, "conclude", **given), MatterConcluded)


@pytest.mark.parametrize(
    ("result", "fields"),
    [
        ("adopted", {"chosen_option": None}),
        ("adopted_with_conditions", {}),
        ("adopted_with_conditions", {"chosen_option": None, "conditions": ["条件"]}),
        ("rejected", {}),
        ("rejected", {"chosen_option": None, "conditions": ["条件"]}),
    ],
)
def test_the_choice_agrees_with_the_result(
    record: TestRecord, meetings: dict[str, StandInMeeting], result: str, fields: dict[str, Any]
) -> None:
    given_a_ripe_matter(record)
    given_a_resolution(meetings, result=result)
    then_refused("CHOICE_MISMATCH", record, "CHR", "Matter", M1, "conclude", **conclusion(**fields))


def test_the_option_chosen_was_put_to_the_decision(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_ripe_matter(record)
    given_a_resolution(meetings)
    other = conclusion(chosen_option="option-9")
    then_refused("OPTION_UNKNOWN", record, "CHR", "Matter", M1, "conclude", **other)


@pytest.mark.parametrize(("options", "evidence"), [(1, True), (3, False)])
def test_a_decision_on_one_option_or_without_evidence_says_why(
    record: TestRecord, meetings: dict[str, StandInMeeting], options: int, evidence: bool
) -> None:
    given_options(record, given_a_matter(record), options)
    if evidence:
        given_evidence(record)
    record.do("CHR", "Matter", M1, "freeze_options")
    given_a_resolution(meetings)
    given = conclusion(chosen_option="option-1")
    then_refused("EVIDENCE_OR_REASON_REQUIRED", record, "CHR", "Matter", M1, "conclude", **given)
    made = record.do("CHR", "Matter", M1, "conclude", **given, envelope={"reason": REASON})
    assert made[0].data.reason == REASON


# -- dissent


@pytest.mark.parametrize(
    "fields", [{"objections": 1}, {"tally": Tally(for_=8, against=5, abstain=1, not_voting=0)}]
)
def test_where_somebody_disagreed_dissent_is_filed_or_asked_for(
    record: TestRecord, meetings: dict[str, StandInMeeting], fields: dict[str, Any]
) -> None:
    given_a_ripe_matter(record)
    given_a_resolution(meetings, **fields)
    then_refused("DISSENT_UNASKED", record, "CHR", "Matter", M1, "conclude", **conclusion())
    record.do("CHR", "Matter", M1, "confirm_no_dissent")
    record.do("CHR", "Matter", M1, "conclude", **conclusion())


def dissent(**fields: Any) -> dict[str, Any]:
    return {
        "dissent_id": "d-1",
        "kind": "minority",
        "text": "時期尚早である（架空）",
        "holder": "p-mem",
    } | fields


def test_a_dissent_filed_answers_the_question_whether_there_is_one(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_ripe_matter(record)
    given_a_resolution(meetings, objections=1)
    then_recorded(record.do("MEM", "Matter", M1, "file_dissent", **dissent()), DissentFiled)
    then_refused("ALREADY_EXISTS", record, "MEM", "Matter", M1, "file_dissent", **dissent())
    record.do("CHR", "Matter", M1, "conclude", **conclusion())


def test_that_there_is_no_dissent_is_confirmed_only_if_there_is_none(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_conclusion(record, meetings)
    asked_at = {"value": "2026-05-10", "precision": "day"}
    made = record.do("SEC", "Matter", M1, "confirm_no_dissent", asked_at=asked_at, meeting_id="meeting-1")
    then_recorded(made, DissentNoneConfirmed)
    assert made[0].effective.value == "2026-05-10"
    record.do("MEM", "Matter", M1, "file_dissent", **dissent())
    then_refused("DISSENT_ON_RECORD", record, "SEC", "Matter", M1, "confirm_no_dissent")


@pytest.mark.parametrize("minutes", ["confirmed", "published"])
def test_dissent_is_filed_until_the_minutes_are_confirmed(
    record: TestRecord, meetings: dict[str, StandInMeeting], minutes: str
) -> None:
    given_a_conclusion(record, meetings)
    meetings["meeting-1"].minutes_state = "circulated"
    record.do("MEM", "Matter", M1, "file_dissent", **dissent())
    meetings["meeting-1"].minutes_state = minutes
    late = dissent(dissent_id="d-2")
    then_refused("DISSENT_PERIOD_OVER", record, "MEM", "Matter", M1, "file_dissent", **late)
    record.do("IMP", "Matter", M1, "file_dissent", importing=True, **late)


def test_dissent_is_filed_by_those_who_took_part_in_the_decision(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_conclusion(record, meetings)
    absent = dissent(holder="seat-09")
    then_refused("NO_PART_IN_DECISION", record, "MEM", "Matter", M1, "file_dissent", **absent)
    meetings["meeting-1"].recused.add("seat-02")
    recused = dissent(holder="seat-02")
    then_refused("NO_PART_IN_DECISION", record, "MEM", "Matter", M1, "file_dissent", **recused)
    elsewhere = dissent(meeting_id="meeting-9")
    then_refused("UNKNOWN_ID", record, "MEM", "Matter", M1, "file_dissent", **elsewhere)
    record.do("MEM", "Matter", M1, "file_dissent", **dissent())


def test_dissent_is_filed_by_somebody_with_a_seat(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_matter(record, council_id=given_a_council(record))
    stranger = dissent(holder="seat-none")
    refused = then_refused("UNKNOWN_ID", record, "MEM", "Matter", M1, "file_dissent", **stranger)
    assert refused.pointer == "/holder"


def test_the_secretariat_files_no_dissent(record: TestRecord) -> None:
    given_a_matter(record)
    then_refused("ACTOR_REQUIRED", record, "SEC", "Matter", M1, "file_dissent", **dissent())


# -- entrusted to the chair


def test_what_is_entrusted_stays_so_until_it_is_settled_and_reported(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_an_entrusted_matter(record, meetings)
    assert matter(record).entrustment == "open"
    reported = {"meeting_id": "meeting-2"}
    then_refused("ENTRUSTMENT_NOT_SETTLED", record, "CHR", "Matter", M1, "report_entrustment", **reported)
    wording = settled(record)
    made = record.do("CHR", "Matter", M1, "settle_entrustment", **wording)
    then_recorded(made, EntrustmentSettled)
    assert links(made[0]) == [(M1, "used", "doc-wording")]
    assert matter(record).entrustment == "settled"
    then_recorded(record.do("SEC", "Matter", M1, "report_entrustment", **reported), EntrustmentReported)
    assert matter(record).entrustment == "reported"
    then_refused("NOT_ENTRUSTED", record, "CHR", "Matter", M1, "settle_entrustment", **wording)
    then_refused("NOT_ENTRUSTED", record, "CHR", "Matter", M1, "report_entrustment", **reported)


def test_nothing_is_settled_that_was_not_entrusted(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_conclusion(record, meetings)
    wording = settled(record)
    then_refused("NOT_ENTRUSTED", record, "CHR", "Matter", M1, "settle_entrustment", **wording)
    reported = {"meeting_id": "meeting-2"}
    then_refused("NOT_ENTRUSTED", record, "SEC", "Matter", M1, "report_entrustment", **reported)


def test_wording_outside_the_limits_says_why(record: TestRecord, meetings: dict[str, StandInMeeting]) -> None:
    given_an_entrusted_matter(record, meetings)
    outside = settled(record, within_limits=False)
    then_refused("REASON_REQUIRED", record, "CHR", "Matter", M1, "settle_entrustment", **outside)
    record.do("CHR", "Matter", M1, "settle_entrustment", **outside, reason=REASON)


def test_entrusted_wording_is_not_sent_before_it_is_settled(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_an_entrusted_matter(record, meetings)
    given_the_city(record)
    sent = {"to": "org-city", "form": "proposal"}
    then_refused("ENTRUSTMENT_NOT_SETTLED", record, "SEC", "Matter", M1, "transmit", **sent)


# -- importing


def test_a_past_conclusion_is_imported_with_or_without_its_resolution(record: TestRecord) -> None:
    made = record.do("IMP", "Matter", M1, "import_conclusion", importing=True)
    then_recorded(made, MatterConcluded)
    assert matter(record).state == "concluded"
    assert not matter(record).is_adopted


def test_an_import_is_not_excused_from_what_cannot_be(record: TestRecord) -> None:
    summed_up = {"method": "opinion_summary", "result": "adopted"}
    then_refused(
        "RESULT_NOT_ALLOWED", record, "IMP", "Matter", M1, "import_conclusion", importing=True, **summed_up
    )
    chosen = {"result": "rejected", "chosen_option": "option-1"}
    then_refused(
        "CHOICE_MISMATCH", record, "IMP", "Matter", M1, "import_conclusion", importing=True, **chosen
    )
    then_refused(
        "RESOLUTION_UNFINISHED",
        record,
        "IMP",
        "Matter",
        M1,
        "import_conclusion",
        importing=True,
        result="tied",
    )
