"""The meeting: who was in the room decides what may be resolved, minute by minute (domain.md 4.2, 4.3)."""

from __future__ import annotations

from typing import Any

import pytest

from domain.meeting.aggregate import (
    MeetingCancelled,
    MeetingClosed,
    MeetingFoundInquorate,
    MeetingOpened,
    ResolutionTaken,
)
from tests.support.given import TestRecord, then_recorded, then_refused
from tests.support.stories.assemblies import (
    COUNCIL,
    MATTER,
    MEETING,
    MORE_THAN_HALF,
    OF_PRESENT,
    OF_VOTES,
    a_vote,
    at,
    do_council,
    do_meeting,
    given_a_council,
    given_a_meeting,
    given_it_is_open,
    meeting_of,
    seats,
)


def refused(record: TestRecord, code: str, role: str, command: str, **arguments: Any) -> None:
    then_refused(code, record, role, "Meeting", MEETING, command, **arguments)


def resolve(record: TestRecord, **vote: Any) -> ResolutionTaken:
    (recorded,) = do_meeting(record, "CHR", "take_resolution", **vote)
    assert isinstance(recorded.data, ResolutionTaken)
    return recorded.data


# ------------------------------------------------------------------------------------- before opening


def test_only_an_active_council_meets(record: TestRecord) -> None:
    given_a_council(record)
    do_council(record, "suspend", reason="架空")
    refused(record, "COUNCIL_NOT_ACTIVE", "SEC", "schedule", council_id=COUNCIL, kind="plenary")


def test_what_is_decided_is_a_matter(record: TestRecord) -> None:
    given_a_council(record)
    given_a_meeting(record)
    item = {"item_id": "i", "order": 1, "title": "架空", "type": "decision"}
    refused(record, "MATTER_REQUIRED", "SEC", "list_item", **item)
    do_meeting(record, "SEC", "list_item", **item | {"type": "report"})
    refused(record, "ITEM_TWICE", "SEC", "list_item", **item | {"type": "report"})


def test_notice_is_given_in_time_or_says_why_not(record: TestRecord) -> None:
    given_a_council(record, members=2, notice_days=7)
    given_a_meeting(record)
    late = {"notice_on": "2026-05-05", "publicity": "open"}
    refused(record, "NOTICE_TOO_LATE", "SEC", "notify", **late)
    do_meeting(record, "SEC", "notify", **late, urgent_reason="災害対応のため（架空）")
    assert meeting_of(record).state == "notified"


def test_a_meeting_can_be_called_off(record: TestRecord) -> None:
    given_a_council(record)
    given_a_meeting(record)
    then_recorded(do_meeting(record, "SEC", "cancel", reason="荒天のため（架空）"), MeetingCancelled)
    refused(record, "WRONG_STATE", "SEC", "cancel", reason="架空")


# --------------------------------------------------------------------------------------------- quorum


@pytest.mark.parametrize(
    ("members", "basis", "required"),
    [
        (27, "more_than_half", 14),
        (27, "at_least_half", 14),
        (28, "more_than_half", 15),
        (28, "at_least_half", 14),
    ],
)
def test_a_plenary_opens_only_when_quorate(
    record: TestRecord, members: int, basis: str, required: int
) -> None:
    given_a_council(record, members=members, quorum={"basis": basis})
    given_a_meeting(record)
    here = seats(members)
    opening = {"at": at(14), "presiding": here[0]}
    refused(record, "NOT_QUORATE", "CHR", "open", **opening, present=here[1 : required - 1])
    (opened,) = do_meeting(record, "CHR", "open", **opening, present=here[1:required])
    quorum = opened.data.quorum
    assert (quorum.serving, quorum.present, quorum.required, quorum.result) == (
        members,
        required,
        required,
        "met",
    )


def test_a_meeting_found_inquorate_is_recorded_so(record: TestRecord) -> None:
    given_a_council(record, members=5, **MORE_THAN_HALF)
    given_a_meeting(record)
    refused(record, "QUORUM_REACHED", "CHR", "find_inquorate", at=at(14), present=seats(3))
    found = do_meeting(record, "CHR", "find_inquorate", at=at(14), present=seats(2))
    then_recorded(found, MeetingFoundInquorate)


def test_no_known_rule_is_never_met_and_a_body_without_quorum_needs_none(record: TestRecord) -> None:
    given_a_council(record, members=3)
    given_a_meeting(record, "decision")
    refused(record, "QUORUM_UNRULED", "CHR", "find_inquorate", at=at(14), present=seats(1))
    (opened,) = do_meeting(record, "CHR", "open", at=at(14), presiding="seat-01", present=[])
    assert opened.data.quorum.result == "rule_unknown"
    taken = resolve(record, **a_vote(1, 0))
    assert (taken.quorum.result, taken.majority) == ("rule_unknown", None)


def test_a_body_that_needs_no_quorum_says_so(record: TestRecord) -> None:
    given_a_council(record, members=3, quorum={"basis": "none"})
    given_a_meeting(record)
    (opened,) = do_meeting(record, "CHR", "open", at=at(14), presiding="seat-01", present=[])
    assert opened.data.quorum.result == "not_required"


def test_the_quorum_can_be_lost_while_members_leave(record: TestRecord) -> None:
    given_a_council(record, members=5, **MORE_THAN_HALF)
    given_a_meeting(record, "decision")
    given_it_is_open(record, 3)
    do_meeting(record, "SEC", "leave", appointment_id="seat-03", at=at(14, 30))
    refused(record, "QUORUM_LOST", "CHR", "take_resolution", **a_vote(2, 0))
    do_meeting(record, "SEC", "arrive", appointment_id="seat-04", at=at(14, 40))
    assert resolve(record, **a_vote(3, 0)).quorum.result == "met"


def test_who_is_recused_counts_neither_in_the_quorum_nor_in_the_tally(record: TestRecord) -> None:
    given_a_council(record, members=28, **MORE_THAN_HALF, **OF_PRESENT)
    given_a_meeting(record, "decision")
    given_it_is_open(record, 15)
    recusal = {"appointment_id": "seat-15", "item_id": "item-1", "reason_class": "organisation_interest"}
    do_meeting(record, "MEM", "declare_recusal", party="p-seat-15", **recusal)
    refused(record, "PARTY_TO_ITEM", "MEM", "declare_recusal", **recusal)
    taken = resolve(record, **a_vote(8, 5, 1))
    assert (taken.eligible, taken.recused) == (14, 1)
    assert (taken.quorum.serving, taken.quorum.present, taken.quorum.required) == (27, 14, 14)


# ------------------------------------------------------------------------------------------- the room


def test_presence_is_kept_by_the_minute(record: TestRecord) -> None:
    given_a_council(record, members=4)
    given_a_meeting(record)
    refused(record, "MEETING_NOT_OPEN", "SEC", "arrive", appointment_id="seat-03", at=at(14))
    refused(record, "NOT_SERVING", "CHR", "open", at=at(14), presiding="seat-01", present=["seat-77"])
    given_it_is_open(record, 2)
    refused(record, "ALREADY_PRESENT", "SEC", "arrive", appointment_id="seat-02", at=at(14, 5))
    refused(record, "NOT_SERVING", "SEC", "arrive", appointment_id="seat-77", at=at(14, 5))
    refused(record, "NOT_PRESENT", "SEC", "leave", appointment_id="seat-03", at=at(14, 5))
    refused(record, "TIME_BACKWARDS", "SEC", "leave", appointment_id="seat-02", at=at(13))
    online = {"appointment_id": "seat-03", "at": at(14, 5), "mode": "online"}
    refused(record, "ONLINE_NOT_ALLOWED", "SEC", "arrive", **online)
    do_meeting(record, "SEC", "arrive", appointment_id="seat-03", at=at(14, 5))
    assert meeting_of(record).was_present("seat-03")


def test_after_opening_the_meeting_must_agree_to_a_new_item(record: TestRecord) -> None:
    given_a_council(record, members=2)
    given_a_meeting(record)
    given_it_is_open(record, 2)
    item = {"item_id": "late", "order": 9, "title": "架空", "type": "report"}
    refused(record, "AGENDA_CLOSED", "SEC", "list_item", **item)
    refused(record, "AGENDA_CLOSED", "CHR", "add_item", item=item, meeting_agrees=False)
    do_meeting(record, "CHR", "add_item", item=item, meeting_agrees=True)
    assert "late" in meeting_of(record).items


def test_an_item_is_closed_to_the_public_on_a_ground(record: TestRecord) -> None:
    given_a_council(record, members=2)
    given_a_meeting(record, "report")
    given_it_is_open(record, 2)
    close = {"item_id": "item-1", "decided_in_meeting": True, "reason": "個人の事情に触れるため（架空）"}
    refused(record, "GROUND_REQUIRED", "CHR", "close_item", **close, disclosure={"visibility": "public"})
    personal = {"visibility": "closed", "ground": "personal"}
    do_meeting(record, "CHR", "close_item", **close, disclosure=personal)


def test_what_is_said_is_said_in_an_open_meeting_on_an_item_that_is_open(record: TestRecord) -> None:
    given_a_council(record, members=3)
    given_a_meeting(record, "report")
    said = {"statement_id": "s", "item_id": "item-1", "stance": "for", "text": "賛成です（架空）"}
    refused(record, "MEETING_NOT_OPEN", "SEC", "record_statement", **said)
    given_it_is_open(record, 2)
    refused(record, "ITEM_UNKNOWN", "SEC", "record_statement", **said | {"item_id": "none"})
    refused(record, "NOT_PRESENT", "SEC", "record_statement", **said, speaker="seat-03")
    do_meeting(record, "SEC", "record_statement", **said, speaker="seat-02")
    do_meeting(record, "SEC", "note_item", item_id="item-1")
    written = {"appointment_id": "seat-03", "item_id": "item-1", "document_id": "doc-x"}
    refused(record, "ITEM_RESOLVED", "SEC", "receive_written", **written)


def test_a_meeting_closes_when_every_item_has_been_dealt_with(record: TestRecord) -> None:
    given_a_council(record, members=2)
    given_a_meeting(record, "report", "discussion", "other")
    given_it_is_open(record, 2)
    refused(record, "ITEMS_OPEN", "CHR", "close", at=at(16))
    do_meeting(record, "SEC", "note_item", item_id="item-1")
    do_meeting(record, "CHR", "carry_over", item_id="item-2", reason="時間が足りないため（架空）")
    do_meeting(record, "SEC", "drop_item", item_id="item-3", reason="取下げ（架空）")
    do_meeting(record, "CHR", "recess", at=at(15))
    do_meeting(record, "CHR", "resume", at=at(15, 10))
    then_recorded(do_meeting(record, "CHR", "close", at=at(16), observers=0, staff=2), MeetingClosed)


def test_more_cannot_be_present_than_serve(record: TestRecord) -> None:
    given_a_council(record)
    given_a_meeting(record)
    refused(record, "COUNT_IMPOSSIBLE", "IMP", "import_counts", members_serving=27, members_present=28)
    do_meeting(record, "IMP", "import_counts", members_serving=27, members_present=15)


# -------------------------------------------------------------------------------------------- majority


def given_a_decision(record: TestRecord, present: int, **rules: Any) -> None:
    given_a_council(record, members=present, **rules)
    given_a_meeting(record, "decision")
    given_it_is_open(record, present)


def test_seven_for_six_against_two_abstaining_fails_on_those_present(record: TestRecord) -> None:
    given_a_decision(record, 15, **OF_PRESENT)
    refused(record, "RESULT_NOT_ALLOWED", "CHR", "take_resolution", **a_vote(7, 6, 2))
    assert resolve(record, **a_vote(7, 6, 2, result="rejected")).result == "rejected"


def test_seven_for_six_against_two_abstaining_carries_on_votes_cast(record: TestRecord) -> None:
    given_a_decision(record, 15, **OF_VOTES)
    refused(record, "RESULT_NOT_ALLOWED", "CHR", "take_resolution", **a_vote(7, 6, 2, result="rejected"))
    assert resolve(record, **a_vote(7, 6, 2)).result == "adopted"


def test_a_tie_is_broken_by_the_chairs_casting_vote_recorded_apart(record: TestRecord) -> None:
    given_a_decision(record, 5, **OF_PRESENT, chair_votes="tie_only")
    refused(record, "CASTING_VOTE_UNDUE", "CHR", "take_resolution", **a_vote(3, 1, casting_vote="for"))
    taken = resolve(record, **a_vote(2, 2, casting_vote="for"))
    assert (taken.eligible, taken.casting_vote, taken.tally.for_ if taken.tally else 0) == (4, "for", 2)


def test_a_chair_who_never_votes_breaks_no_tie(record: TestRecord) -> None:
    given_a_decision(record, 5, **OF_PRESENT, chair_votes="never")
    refused(record, "CASTING_VOTE_UNDUE", "CHR", "take_resolution", **a_vote(2, 2, casting_vote="for"))
    assert resolve(record, **a_vote(2, 2, result="tied")).result == "tied"


def test_the_votes_add_up_to_those_who_may_vote(record: TestRecord) -> None:
    given_a_decision(record, 5, **OF_PRESENT)
    refused(record, "TALLY_MISMATCH", "CHR", "take_resolution", **a_vote(3, 1))
    refused(record, "TALLY_REQUIRED", "CHR", "take_resolution", **a_vote(3, 2) | {"tally": None})
    open_votes = [{"appointment_id": seat, "vote": "for"} for seat in seats(5)]
    refused(record, "TALLY_MISMATCH", "CHR", "take_resolution", **a_vote(4, 1, votes=open_votes))
    absent = [*open_votes[1:], {"appointment_id": "seat-77", "vote": "for"}]
    refused(record, "NOT_ELIGIBLE", "CHR", "take_resolution", **a_vote(5, 0, votes=absent))
    secret = a_vote(5, 0, votes=open_votes, method="majority_ballot")
    refused(record, "NOT_ELIGIBLE", "CHR", "take_resolution", **secret)
    assert len(resolve(record, **a_vote(5, 0, votes=open_votes)).votes) == 5
    refused(record, "ALREADY_RESOLVED", "CHR", "take_resolution", **a_vote(5, 0))


def test_what_is_voted_on_is_what_was_frozen(record: TestRecord) -> None:
    given_a_decision(record, 3)
    refused(record, "OPTIONS_CHANGED", "CHR", "take_resolution", **a_vote(3, 0, options_version=2))
    record.do("MEM", "Matter", MATTER, "amend_option", option_id="a", label="案一改")
    refused(record, "OPTIONS_CHANGED", "CHR", "take_resolution", **a_vote(3, 0))


# -------------------------------------------------------------------------------------------- methods


def by(method: str, result: str, **more: Any) -> dict[str, Any]:
    return {"item_id": "item-1", "at": at(15), "method": method, "result": result, **more}


@pytest.mark.parametrize(
    ("method", "wrong"),
    [
        ("no_objection", "rejected"),
        ("unanimous", "rejected"),
        ("majority_show", "agreed"),
        ("majority_ballot", "summarised"),
        ("consensus_workshop", "adopted"),
        ("opinion_summary", "adopted"),
        ("chair_entrusted", "adopted"),
        ("written", "entrusted"),
        ("report_noted", "adopted"),
    ],
)
def test_a_method_gives_only_its_own_results(record: TestRecord, method: str, wrong: str) -> None:
    given_a_council(record, members=3, written=True)
    given_a_meeting(record, "report")
    given_it_is_open(record, 3)
    refused(record, "RESULT_NOT_ALLOWED", "CHR", "take_resolution", **by(method, wrong))


def test_each_method_needs_what_it_shows(record: TestRecord) -> None:
    given_a_council(record, members=3)
    given_a_meeting(record, "discussion")
    given_it_is_open(record, 3)
    needs = {
        "OBJECTION_RAISED": by("no_objection", "adopted", objections=1),
        "TALLY_REQUIRED": by("unanimous", "adopted"),
        "OUTCOME_NOT_READ": by("consensus_workshop", "agreed"),
        "OPINION_REQUIRED": by("opinion_summary", "summarised"),
        "LIMITS_REQUIRED": by("chair_entrusted", "entrusted"),
        "WRITTEN_NOT_ALLOWED": by("written", "adopted"),
        "NOT_A_REPORT": by("report_noted", "noted"),
    }
    for code, vote in needs.items():
        refused(record, code, "CHR", "take_resolution", **vote)
    refused(
        record, "ITEM_UNKNOWN", "CHR", "take_resolution", **by("no_objection", "adopted") | {"item_id": "x"}
    )
    one_against = {"tally": {"for": 2, "against": 1, "abstain": 0, "not_voting": 0}}
    refused(record, "TALLY_MISMATCH", "CHR", "take_resolution", **by("unanimous", "adopted", **one_against))


@pytest.mark.parametrize(
    "vote",
    [
        by("no_objection", "adopted"),
        by("consensus_workshop", "agreed", outcome_text="小さく始める（架空）", objections=1),
        by("chair_entrusted", "entrusted", limits="字句の修正に限る（架空）"),
    ],
)
def test_a_method_with_what_it_needs_is_recorded(record: TestRecord, vote: dict[str, Any]) -> None:
    given_a_council(record, members=3)
    given_a_meeting(record, "discussion")
    given_it_is_open(record, 3)
    assert resolve(record, **vote).method == vote["method"]


def test_opinions_are_gathered_without_quorum_or_vote(record: TestRecord) -> None:
    given_a_council(record, members=5, **MORE_THAN_HALF)
    given_a_meeting(record, "hearing", kind="workshop")
    given_it_is_open(record, 2)
    said = {"statement_id": "s", "item_id": "item-1", "stance": "neutral", "text": "参考意見（架空）"}
    do_meeting(record, "SEC", "record_statement", **said)
    assert resolve(record, **by("opinion_summary", "summarised")).quorum.result == "not_met"


def test_a_written_procedure_has_a_deadline_and_replies(record: TestRecord) -> None:
    given_a_council(record, members=3, written=True)
    given_a_meeting(record, "discussion", kind="written")
    given_it_is_open(record, 1)
    refused(record, "REPLIES_REQUIRED", "CHR", "take_resolution", **by("written", "summarised"))
    replies = [{"appointment_id": "seat-02", "reply": "opinion"}]
    written = by("written", "summarised", deadline="2026-05-20", replies=replies)
    assert resolve(record, **written).replies[0].reply == "opinion"


def test_time_does_not_run_backwards_in_a_meeting(record: TestRecord) -> None:
    given_a_decision(record, 3)
    refused(record, "TIME_BACKWARDS", "CHR", "take_resolution", **a_vote(3, 0, at=at(13)))
    assert MeetingOpened.__name__ in [e.type for e in record.events]


def test_a_matter_of_its_own_is_all_a_decision_needs(record: TestRecord) -> None:
    given_a_council(record, members=3)
    given_a_meeting(record, "decision")
    assert meeting_of(record).items["item-1"].matter_id == MATTER
    then_refused("ALREADY_EXISTS", record, "SEC", "Matter", MATTER, "raise_matter", title="x", question="y")
