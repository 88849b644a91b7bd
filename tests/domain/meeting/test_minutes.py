"""Minutes: drafted, circulated, confirmed by somebody else, published whole, corrected in the open (4.2)."""

from __future__ import annotations

from typing import Any

from domain.meeting.events import MinutesConfirmed, MinutesCorrected, MinutesPublished
from tests.support.given import TestRecord, then_recorded, then_refused
from tests.support.stories.assemblies import (
    MEETING,
    at,
    do_meeting,
    given_a_council,
    given_a_meeting,
    given_it_is_open,
    meeting_of,
)

DRAFT = {"style": "summary", "naming": "role", "document_id": "doc-minutes", "other": "なし"}


def refused(record: TestRecord, code: str, role: str, command: str, **arguments: Any) -> None:
    then_refused(code, record, role, "Meeting", MEETING, command, **arguments)


def given_a_closed_meeting(record: TestRecord, **closing: Any) -> None:
    given_a_council(record, members=2)
    given_a_meeting(record, "report")
    do_meeting(record, "SEC", "notify", notice_on="2026-05-01", publicity="open")
    given_it_is_open(record, 2)
    do_meeting(record, "SEC", "note_item", item_id="item-1")
    do_meeting(record, "CHR", "close", at=at(16), **closing)
    document = {"title": "会議録（架空）", "kind": "minutes", "disclosure": {}}
    record.do("SEC", "Document", "doc-minutes", "register", **document)
    do_meeting(record, "SEC", "list_documents", document_ids=[])


def given_circulated_minutes(record: TestRecord, **closing: Any) -> None:
    given_a_closed_meeting(record, **closing)
    do_meeting(record, "SEC", "draft_minutes", v=1, **DRAFT)
    do_meeting(record, "SEC", "circulate_minutes", v=1, reply_by="2026-05-24")


def test_drafts_are_numbered_without_gaps(record: TestRecord) -> None:
    given_a_closed_meeting(record)
    refused(record, "DRAFT_NOT_NEXT", "SEC", "draft_minutes", v=2, **DRAFT)
    do_meeting(record, "SEC", "draft_minutes", v=1, **DRAFT)
    do_meeting(record, "SEC", "draft_minutes", v=2, **DRAFT)
    refused(record, "DRAFT_NOT_NEXT", "SEC", "circulate_minutes", v=1, reply_by="2026-05-24")


def test_whoever_drafted_does_not_confirm(record: TestRecord) -> None:
    given_circulated_minutes(record)
    refused(record, "SELF_APPROVAL", "CHR", "confirm_minutes", party="p-sec", by="chair", v=1)
    then_recorded(do_meeting(record, "CHR", "confirm_minutes", by="chair", v=1), MinutesConfirmed)


def test_requests_are_answered_before_the_minutes_are_confirmed(record: TestRecord) -> None:
    given_circulated_minutes(record)
    request = {"request_id": "r1", "appointment_id": "seat-02", "text": "発言の趣旨が違います（架空）"}
    absent = request | {"appointment_id": "seat-09"}
    refused(record, "NOT_PRESENT", "MEM", "request_amendment", **absent)
    do_meeting(record, "MEM", "request_amendment", party="p-seat-02", **request)
    refused(record, "REQUESTS_OPEN", "CHR", "confirm_minutes", by="chair", v=1)
    refused(record, "REQUEST_UNKNOWN", "SEC", "answer_amendment", request_id="r9", accepted=True)
    refused(record, "REASON_REQUIRED", "SEC", "answer_amendment", request_id="r1", accepted=False)
    do_meeting(record, "SEC", "answer_amendment", request_id="r1", accepted=True)
    do_meeting(record, "CHR", "confirm_minutes", by="chair", v=1)
    assert meeting_of(record).minutes_state == "confirmed"


def test_only_confirmed_and_complete_minutes_are_published(record: TestRecord) -> None:
    given_circulated_minutes(record, observers=3)
    refused(record, "NOT_CONFIRMED", "SEC", "publish_minutes", on="2026-06-01")
    do_meeting(record, "CHR", "confirm_minutes", by="chair", v=1)
    refused(record, "MINUTES_INCOMPLETE", "SEC", "publish_minutes", on="2026-06-01")


def test_minutes_with_all_their_items_are_published(record: TestRecord) -> None:
    given_circulated_minutes(record, observers=0, staff=2)
    do_meeting(record, "CHR", "confirm_minutes", by="chair", v=1)
    then_recorded(do_meeting(record, "SEC", "publish_minutes", on="2026-06-01"), MinutesPublished)


def test_confirmed_minutes_are_corrected_by_two_people_and_nothing_is_lost(record: TestRecord) -> None:
    given_circulated_minutes(record)
    correction = {
        "target_event": "meeting-x.5",
        "field": "observers",
        "before": "3人",
        "after": "4人",
        "reason": "受付簿との照合による（架空）",
    }
    refused(record, "NOT_CONFIRMED", "CHR", "correct_minutes", **correction, proposed_by="p-sec")
    do_meeting(record, "CHR", "confirm_minutes", by="chair", v=1)
    refused(record, "SELF_APPROVAL", "CHR", "correct_minutes", **correction, proposed_by="p-chr")
    made = do_meeting(record, "CHR", "correct_minutes", **correction, proposed_by="p-sec")
    then_recorded(made, MinutesCorrected)
    assert (made[0].data.before, made[0].data.after, made[0].data.approved_by) == ("3人", "4人", "p-chr")


def given_named_minutes(record: TestRecord, **rules: Any) -> None:
    """Confirmed minutes of a meeting in which ``seat-02`` spoke, naming who spoke."""
    given_a_council(record, members=2, **rules)
    given_a_meeting(record, "report")
    do_meeting(record, "SEC", "notify", notice_on="2026-05-01", publicity="open")
    given_it_is_open(record, 2)
    said = {"statement_id": "s-1", "item_id": "item-1", "speaker": "seat-02", "stance": "neutral"}
    do_meeting(record, "SEC", "record_statement", **said, text="賛成の意見（架空）")
    do_meeting(record, "SEC", "note_item", item_id="item-1")
    do_meeting(record, "CHR", "close", at=at(16), observers=0, staff=2)
    document = {"title": "会議録（架空）", "kind": "minutes", "disclosure": {}}
    record.do("SEC", "Document", "doc-minutes", "register", **document)
    do_meeting(record, "SEC", "list_documents", document_ids=[])
    do_meeting(record, "SEC", "draft_minutes", v=1, **DRAFT | {"naming": "named"})
    do_meeting(record, "SEC", "circulate_minutes", v=1, reply_by="2026-05-24")
    do_meeting(record, "CHR", "confirm_minutes", by="chair", v=1)


def test_who_spoke_is_named_in_public_only_with_their_consent(record: TestRecord) -> None:
    given_named_minutes(record)
    publishing = (record, "SEC", "Meeting", MEETING, "publish_minutes")
    assert then_refused("NAMING_NOT_ALLOWED", *publishing, on="2026-06-01").params == {"speakers": "seat-02"}
    record.do("SEC", "Party", "p-seat-02", "give_name_consent")
    do_meeting(record, "SEC", "publish_minutes", on="2026-06-01")


def test_who_spoke_is_named_where_the_rules_have_it_so(record: TestRecord) -> None:
    given_named_minutes(record, speaker_naming="named")
    do_meeting(record, "SEC", "publish_minutes", on="2026-06-01")
