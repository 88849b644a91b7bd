"""A written procedure: replies come one by one, and are enough or not; and signing the minutes."""

from __future__ import annotations

from typing import Any

from domain.meeting.events import MeetingFoundInquorate, ResolutionTaken
from domain.meeting.written_events import WrittenProcedureEnded
from tests.support.given import TestRecord, then_recorded, then_refused
from tests.support.stories.assemblies import (
    MATTER,
    MEETING,
    MORE_THAN_HALF,
    OF_VOTES,
    at,
    do_meeting,
    given_a_council,
    given_a_meeting,
    given_it_is_open,
    meeting_of,
    seats,
)
from tests.support.stories.matters import given_a_document

RULES: dict[str, Any] = {**MORE_THAN_HALF, **OF_VOTES, "written": True, "written_counts_present": True}
ASKED = {"sent_on": "2026-05-10", "deadline": "2026-05-24"}
AFTER = "2026-05-25T09:00:00+09:00"


def refused(record: TestRecord, code: str, role: str, command: str, **arguments: Any) -> None:
    then_refused(code, record, role, "Meeting", MEETING, command, **arguments)


def given_it_was_sent(record: TestRecord, *types: str, **rules: Any) -> None:
    given_a_council(record, 5, **{**RULES, **rules})
    given_a_meeting(record, *types, kind="written")
    do_meeting(record, "SEC", "start_written", **ASKED)


def reply(record: TestRecord, seat: str, said: str = "for", item: str = "item-1") -> None:
    given = {"item_id": item, "appointment_id": seat, "reply": said, "received_on": "2026-05-12"}
    do_meeting(record, "SEC", "receive_reply", **given)


def test_replies_come_one_by_one_until_they_are_enough(record: TestRecord) -> None:
    given_it_was_sent(record, "decision", "report")
    reply(record, "seat-01")
    reply(record, "seat-02", "against")
    adopted = {"item_id": "item-1", "result": "adopted"}
    refused(record, "DEADLINE_NOT_OVER", "CHR", "resolve_by_replies", at=at(15), **adopted)
    refused(record, "REPLIES_TOO_FEW", "CHR", "resolve_by_replies", at=AFTER, **adopted)
    longer = {"deadline": "2026-06-07", "reason": "回答が2人にとどまったため（架空）"}
    do_meeting(record, "SEC", "move_deadline", **longer)
    refused(record, "DEADLINE_NOT_LATER", "SEC", "move_deadline", **longer)
    refused(record, "DEADLINE_NOT_OVER", "CHR", "resolve_by_replies", at=AFTER, **adopted)
    reply(record, "seat-02", "for")
    reply(record, "seat-03")
    end = "2026-06-08T09:00:00+09:00"
    (taken,) = do_meeting(record, "CHR", "resolve_by_replies", at=end, **adopted)
    then_recorded([taken], ResolutionTaken)
    assert (taken.data.tally.for_, taken.data.tally.against, taken.data.eligible) == (3, 0, 3)
    assert (taken.data.quorum.present, taken.data.quorum.required, taken.data.quorum.result) == (3, 3, "met")
    assert taken.data.deadline.isoformat() == "2026-06-07" and taken.data.options_version == 1
    refused(record, "ITEMS_OPEN", "CHR", "end_written", at=end)
    do_meeting(record, "SEC", "note_item", item_id="item-2")
    (ended,) = do_meeting(record, "CHR", "end_written", at=end)
    then_recorded([ended], WrittenProcedureEnded)
    assert (meeting_of(record).state, ended.data.replied) == ("closed", 3)
    said = {"meeting_id": MEETING, "resolution_ref": taken.data.resolution_id, "chosen_option": "a"}
    record.do("CHR", "Matter", MATTER, "conclude", **said, reason="書面で賛成が得られたため（架空）")


def test_too_few_replies_are_found_inquorate_after_the_deadline(record: TestRecord) -> None:
    given_it_was_sent(record, "decision")
    reply(record, "seat-01")
    refused(record, "DEADLINE_NOT_OVER", "SEC", "find_too_few_replies", at=at(15))
    (made,) = do_meeting(record, "SEC", "find_too_few_replies", at=AFTER)
    then_recorded([made], MeetingFoundInquorate)
    assert (meeting_of(record).state, made.data.present) == ("inquorate", ("seat-01",))


def test_everybody_may_have_replied_before_the_deadline(record: TestRecord) -> None:
    given_it_was_sent(record, "decision")
    for seat in seats(5):
        reply(record, seat)
    refused(record, "QUORUM_REACHED", "SEC", "find_too_few_replies", at=at(15))
    do_meeting(record, "CHR", "resolve_by_replies", at=at(15), item_id="item-1", result="adopted")


def test_the_result_is_what_the_replies_give(record: TestRecord) -> None:
    given_it_was_sent(record, "decision", "discussion")
    for n, seat in enumerate(seats(4)):
        reply(record, seat, "for" if n < 2 else "against")
    on = {"at": AFTER, "item_id": "item-1"}
    refused(record, "RESULT_NOT_ALLOWED", "CHR", "resolve_by_replies", **on, result="tied")
    refused(record, "RESULT_NOT_ALLOWED", "CHR", "resolve_by_replies", **on, result="adopted")
    refused(record, "ITEM_UNKNOWN", "CHR", "resolve_by_replies", at=AFTER, item_id="item-9", result="adopted")
    refused(
        record,
        "REPLIES_REQUIRED",
        "CHR",
        "resolve_by_replies",
        at=AFTER,
        item_id="item-2",
        result="summarised",
    )
    do_meeting(record, "CHR", "carry_over", item_id="item-1", reason="可否同数のため（架空）")
    refused(record, "ITEM_RESOLVED", "CHR", "resolve_by_replies", **on, result="rejected")


def test_where_replies_do_not_count_as_present_nobody_knows_how_many_are_needed(record: TestRecord) -> None:
    given_it_was_sent(record, "decision", written_counts_present=False)
    reply(record, "seat-01")
    refused(record, "QUORUM_UNRULED", "SEC", "find_too_few_replies", at=AFTER)
    (taken,) = do_meeting(record, "CHR", "resolve_by_replies", at=AFTER, item_id="item-1", result="adopted")
    assert taken.data.quorum.result == "rule_unknown"


def test_a_written_procedure_rests_on_the_rules(record: TestRecord) -> None:
    given_a_council(record, 3, **MORE_THAN_HALF)
    given_a_meeting(record, "report", kind="written")
    refused(record, "WRITTEN_NOT_ALLOWED", "SEC", "start_written", **ASKED)
    early = {"sent_on": "2026-05-10", "deadline": "2026-05-09"}
    refused(record, "DEADLINE_NOT_LATER", "SEC", "start_written", **early)
    came = {"item_id": "item-1", "appointment_id": "seat-01", "reply": "for", "received_on": "2026-05-12"}
    refused(record, "WRONG_STATE", "SEC", "receive_reply", **came)


def test_who_does_not_serve_has_no_reply(record: TestRecord) -> None:
    given_it_was_sent(record, "decision")
    came = {"item_id": "item-1", "reply": "for", "received_on": "2026-05-12"}
    refused(record, "NOT_SERVING", "SEC", "receive_reply", **came, appointment_id="seat-09")


# ------------------------------------------------------------------------------------- signatures


def test_minutes_confirmed_by_signatories_are_signed_by_all_of_them(record: TestRecord) -> None:
    given_a_council(record, 3)
    given_a_meeting(record, "report")
    given_it_is_open(record, 2)
    refused(record, "NOT_PRESENT", "CHR", "name_signatories", signatories=["seat-03"])
    do_meeting(record, "CHR", "name_signatories", signatories=["seat-01", "seat-02"])
    do_meeting(record, "SEC", "note_item", item_id="item-1")
    do_meeting(record, "CHR", "close", at=at(16))
    given_a_document(record, "doc-minutes")
    do_meeting(record, "SEC", "draft_minutes", v=1, style="summary", naming="role", document_id="doc-minutes")
    do_meeting(record, "SEC", "circulate_minutes", v=1, reply_by="2026-05-24")
    paper = {"v": 1, "means": "paper", "on": "2026-05-30"}
    refused(record, "NOT_A_SIGNATORY", "SEC", "sign_minutes", **paper, appointment_id="seat-03")
    refused(record, "DRAFT_NOT_NEXT", "SEC", "sign_minutes", **{**paper, "v": 2}, appointment_id="seat-01")
    do_meeting(record, "SEC", "sign_minutes", **paper, appointment_id="seat-01")
    refused(record, "SIGNATURES_MISSING", "CHR", "confirm_minutes", by="signatories", v=1)
    account = {"v": 1, "means": "account", "appointment_id": "seat-02"}
    refused(record, "NOT_YOURSELF", "SEC", "sign_minutes", **account)
    refused(record, "NOT_YOURSELF", "MEM", "sign_minutes", **account, party="p-seat-01")
    do_meeting(record, "MEM", "sign_minutes", **account, party="p-seat-02")
    do_meeting(record, "CHR", "confirm_minutes", by="signatories", v=1)
    refused(record, "WRONG_STATE", "SEC", "name_signatories", signatories=["seat-01"])
