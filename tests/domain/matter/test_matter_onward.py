"""Matter: the council's conclusion goes to the city; the city decides by itself; decisions are changed."""

from __future__ import annotations

from typing import Any

import pytest

from domain.matter.events import (
    CityDecisionRecorded,
    CityResponseRecorded,
    ConclusionTransmitted,
    MatterRescinded,
    MatterSuperseded,
)
from domain.values.law import Citation
from tests.support.given import TestRecord, then_recorded, then_refused
from tests.support.stories.matters import (
    M1,
    M2,
    M3,
    REASON,
    StandInMeeting,
    conclusion,
    given_a_conclusion,
    given_a_council,
    given_a_document,
    given_a_matter,
    given_a_resolution,
    given_a_ripe_matter,
    given_a_transmission,
    given_the_city,
    links,
    matter,
    stand_in_for_meetings,
)


@pytest.fixture
def meetings(monkeypatch: pytest.MonkeyPatch) -> dict[str, StandInMeeting]:
    return stand_in_for_meetings(monkeypatch)


# -- to the city and back


def test_a_conclusion_is_sent_to_somebody_known(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_conclusion(record, meetings)
    sent = {"to": "org-city", "form": "proposal", "on": {"value": "2026-06-01", "precision": "day"}}
    then_refused("UNKNOWN_ID", record, "SEC", "Matter", M1, "transmit", **sent)
    given_the_city(record)
    made = record.do("SEC", "Matter", M1, "transmit", **sent)
    then_recorded(made, ConclusionTransmitted)
    assert made[0].effective.value == "2026-06-01"


@pytest.mark.parametrize(
    ("body_type", "inquiry", "allowed"),
    [
        ("joint_council", True, False),
        ("statutory_advisory", False, False),
        ("statutory_advisory", True, True),
    ],
)
def test_a_formal_reply_is_for_an_advisory_body_that_was_asked(
    record: TestRecord,
    meetings: dict[str, StandInMeeting],
    body_type: str,
    inquiry: bool,
    allowed: bool,
) -> None:
    council = given_a_council(record, body_type)
    asked = {"inquiry_id": given_a_document(record, "doc-inquiry")} if inquiry else {}
    given_a_matter(record, council_id=council, **asked)
    given_a_resolution(meetings, method="report_noted", result="noted", options_version=None)
    record.do("CHR", "Matter", M1, "conclude", **conclusion(chosen_option=None))
    given_the_city(record)
    sent = {"to": "org-city", "form": "formal_reply"}
    if allowed:
        record.do("SEC", "Matter", M1, "transmit", **sent)
    else:
        then_refused("NO_INQUIRY", record, "SEC", "Matter", M1, "transmit", **sent)


def test_whose_council_it_is_can_be_told_from_the_meeting_that_decided(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_conclusion(record, meetings)
    given_the_city(record)
    sent = {"to": "org-city", "form": "formal_reply"}
    then_refused("NO_INQUIRY", record, "SEC", "Matter", M1, "transmit", **sent)
    meetings["meeting-1"].council_id = given_a_council(record, "joint_council")
    then_refused("NO_INQUIRY", record, "SEC", "Matter", M1, "transmit", **sent)


def test_an_import_may_not_know_of_the_inquiry(record: TestRecord) -> None:
    record.do("IMP", "Matter", M1, "import_conclusion", importing=True, result="summarised")
    record.do("IMP", "Matter", M1, "transmit", importing=True, to="org-city", form="formal_reply")
    assert matter(record).transmitted


def test_the_city_answers_what_it_was_sent(record: TestRecord, meetings: dict[str, StandInMeeting]) -> None:
    given_a_conclusion(record, meetings)
    answer = {"disposition": "accepted"}
    then_refused("NOT_TRANSMITTED", record, "APR", "Matter", M1, "record_city_response", **answer)
    given_the_city(record)
    record.do("SEC", "Matter", M1, "transmit", to="org-city", form="report")
    then_recorded(record.do("APR", "Matter", M1, "record_city_response", **answer), CityResponseRecorded)


@pytest.mark.parametrize("disposition", ["partly", "deferred", "declined"])
def test_an_answer_other_than_yes_says_why(
    record: TestRecord, meetings: dict[str, StandInMeeting], disposition: str
) -> None:
    given_a_transmission(record, meetings)
    answer = {"disposition": disposition}
    then_refused("REASON_REQUIRED", record, "APR", "Matter", M1, "record_city_response", **answer)
    record.do("APR", "Matter", M1, "record_city_response", **answer, reason=REASON)


@pytest.mark.parametrize("drafter", ["p-mem", "p-sec"])
def test_who_raised_or_sent_it_does_not_answer_for_the_city(
    record: TestRecord, meetings: dict[str, StandInMeeting], drafter: str
) -> None:
    given_a_transmission(record, meetings)
    yes: dict[str, Any] = {"disposition": "accepted"}
    then_refused("SELF_APPROVAL", record, "APR", "Matter", M1, "record_city_response", party=drafter, **yes)
    decided: dict[str, Any] = {"authority": "mayor"}
    then_refused(
        "SELF_APPROVAL", record, "APR", "Matter", M1, "record_city_decision", party=drafter, **decided
    )


def test_the_city_decides_by_itself_and_the_conclusion_is_then_in_force(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_transmission(record, meetings)
    on = {"value": "2026-07-01", "precision": "day"}
    made = record.do(
        "APR",
        "Matter",
        M1,
        "record_city_decision",
        authority="mayor",
        decided_on=on,
        document_no="市協第12号",
    )
    then_recorded(made, CityDecisionRecorded)
    assert made[0].effective.value == "2026-07-01"
    assert matter(record).state == "in_force"


def test_what_the_city_declined_is_not_in_force(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_transmission(record, meetings)
    record.do("APR", "Matter", M1, "record_city_response", disposition="declined", reason=REASON)
    record.do("APR", "Matter", M1, "record_city_decision", authority="mayor")
    assert matter(record).state == "concluded"


def test_what_the_council_rejected_is_not_in_force(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_ripe_matter(record)
    given_a_resolution(meetings, result="rejected")
    record.do("CHR", "Matter", M1, "conclude", **conclusion(chosen_option=None))
    assert not matter(record).is_adopted
    record.do("APR", "Matter", M1, "record_city_decision", authority="mayor")
    assert matter(record).state == "concluded"


def test_the_councils_conclusion_is_not_entered_as_the_citys_decision(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_conclusion(record, meetings)
    decided = {"authority": "mayor"}
    then_refused(
        "ADVISORY_RESULT_AS_DECISION", record, "SEC", "Matter", M1, "record_city_decision", **decided
    )
    record.do("SEC", "Matter", M1, "record_city_decision", **decided, document_no="市協第12号")


def test_the_secretariat_may_show_the_citys_decision_by_an_article(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_conclusion(record, meetings)
    basis = {"legal_basis": Citation("law-x", 16)}
    made = record.do("SEC", "Matter", M1, "record_city_decision", authority="mayor", envelope=basis)
    assert links(made[0]) == [(M1, "on_legal_basis", "law-x#16")]


def test_nothing_goes_onward_before_the_conclusion(record: TestRecord) -> None:
    given_a_matter(record)
    sent = {"to": "org-city", "form": "report"}
    then_refused("WRONG_STATE", record, "SEC", "Matter", M1, "transmit", **sent)
    then_refused("WRONG_STATE", record, "APR", "Matter", M1, "record_city_response", disposition="accepted")
    then_refused("WRONG_STATE", record, "APR", "Matter", M1, "record_city_decision", authority="mayor")


# -- changing a decision


def test_a_later_adopted_matter_replaces_an_earlier_one(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_conclusion(record, meetings, M1)
    given_a_matter(record, M2)
    by = {"superseded_by": M2, "reason": REASON}
    then_refused("MATTER_NOT_ADOPTED", record, "SEC", "Matter", M1, "supersede", **by)
    given_a_conclusion(record, meetings, M3)
    by = {"superseded_by": M3}
    then_refused("REASON_REQUIRED", record, "SEC", "Matter", M1, "supersede", **by)
    made = record.do("SEC", "Matter", M1, "supersede", **by, reason=REASON)
    then_recorded(made, MatterSuperseded)
    assert links(made[0]) == [(M3, "supersedes", M1)]
    assert matter(record).state == "superseded"
    then_refused("ALREADY_SUPERSEDED", record, "SEC", "Matter", M1, "supersede", **by, reason=REASON)


def test_a_matter_superseded_in_some_clauses_stays_in_force(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_conclusion(record, meetings, M1, effective_from={"value": "FY2026", "precision": "fiscal_year"})
    given_a_conclusion(record, meetings, M2)
    given_a_conclusion(record, meetings, M3)
    part = {"superseded_by": M2, "clauses": ["第2項"], "reason": REASON}
    record.do("SEC", "Matter", M1, "supersede", **part)
    assert matter(record).state == "in_force"
    record.do("SEC", "Matter", M1, "supersede", superseded_by=M3, reason=REASON)
    assert matter(record).superseded_by == [M2, M3]


def test_nothing_is_superseded_by_itself_or_by_what_it_replaced(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    for name in (M1, M2, M3):
        given_a_conclusion(record, meetings, name)
    part = {"clauses": ["第1項"], "reason": REASON}
    then_refused("SUPERSEDE_CYCLE", record, "SEC", "Matter", M1, "supersede", superseded_by=M1, **part)
    record.do("SEC", "Matter", M1, "supersede", superseded_by=M2, **part)
    record.do("SEC", "Matter", M2, "supersede", superseded_by=M3, **part)
    then_refused("SUPERSEDE_CYCLE", record, "SEC", "Matter", M3, "supersede", superseded_by=M1, **part)


def test_a_conclusion_is_rescinded_for_a_reason(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_conclusion(record, meetings)
    then_refused("REASON_REQUIRED", record, "CHR", "Matter", M1, "rescind")
    made = record.do("CHR", "Matter", M1, "rescind", reason=REASON, meeting_id="meeting-2")
    then_recorded(made, MatterRescinded)
    assert matter(record).state == "rescinded"
    assert not matter(record).is_adopted
