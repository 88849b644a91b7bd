"""Who was there, whenever that becomes known: others than members, absences, the forgotten, days of which
little is known; and meetings that are moved."""

from __future__ import annotations

from typing import Any

from domain.kernel.events import Source
from domain.meeting.attendance_events import AttendanceKnownLater, MeetingHeld
from domain.meeting.events import MeetingNotified, MeetingRescheduled
from domain.meeting.ten_items import missing_items
from tests.support.given import TestRecord, then_recorded, then_refused
from tests.support.stories.assemblies import (
    MEETING,
    MORE_THAN_HALF,
    OF_PRESENT,
    a_vote,
    at,
    do_meeting,
    given_a_council,
    given_a_meeting,
    given_it_is_open,
    meeting_of,
    seats,
)
from tests.support.stories.matters import given_a_document

ON_PAPER = {"source": Source("doc-signed", "p. 3")}


def refused(record: TestRecord, code: str, role: str, command: str, **arguments: Any) -> None:
    then_refused(code, record, role, "Meeting", MEETING, command, **arguments)


def given_evidence(record: TestRecord) -> None:
    given_a_document(record, "doc-signed")


# ---------------------------------------------------------------------------------------- moved


def test_a_meeting_that_is_moved_is_notified_anew(record: TestRecord) -> None:
    given_a_council(record, 3, notice_days=7)
    given_a_meeting(record, "report")
    do_meeting(record, "SEC", "notify", notice_on="2026-05-01", publicity="open")
    moved = {"starts_at": "2026-05-20T18:30:00+09:00", "reason": "大雪の予報のため（架空）"}
    (made,) = do_meeting(record, "SEC", "reschedule", **moved)
    then_recorded([made], MeetingRescheduled)
    assert made.data.previous_starts_at.isoformat() == "2026-05-10T14:00:00+09:00"
    meeting = meeting_of(record)
    assert (meeting.state, meeting.day.isoformat()) == ("scheduled", "2026-05-20")  # type: ignore[union-attr]
    assert meeting.scheduled is not None and meeting.scheduled.place == "架空会館", "the place stays"
    refused(record, "NOTICE_TOO_LATE", "SEC", "notify", notice_on="2026-05-19", publicity="open")
    then_recorded(
        do_meeting(record, "SEC", "notify", notice_on="2026-05-12", publicity="open"), MeetingNotified
    )


def test_a_meeting_is_moved_elsewhere(record: TestRecord) -> None:
    given_a_council(record, 3)
    given_a_meeting(record, "report")
    same = {"starts_at": at(14), "reason": "工事（架空）"}
    refused(record, "SAME_TIME_AND_PLACE", "SEC", "reschedule", **same)
    (made,) = do_meeting(record, "CHR", "reschedule", **same, place="別の会館（架空）")
    assert (made.data.previous_place, made.data.place) == ("架空会館", "別の会館（架空）")
    do_meeting(record, "CHR", "open", at=at(14), presiding="seat-01", present=["seat-02"])
    refused(record, "WRONG_STATE", "SEC", "reschedule", starts_at=at(18), reason="遅い")


# ---------------------------------------------------------------------------------------- others


def test_advisers_staff_and_guests_are_recorded_with_their_posts(record: TestRecord) -> None:
    given_a_council(record, 3)
    given_a_meeting(record, "report")
    others: list[dict[str, Any]] = [
        {"capacity": "adviser", "party_id": "p-seat-03"},
        {"capacity": "staff", "post": "市民協働推進課長（架空）"},
        {"capacity": "guest", "post": "架空大学教授"},
    ]
    refused(record, "WRONG_STATE", "SEC", "record_others", others=others)
    given_it_is_open(record, 2)
    refused(
        record, "UNKNOWN_ID", "SEC", "record_others", others=[{"capacity": "guest", "party_id": "p-none"}]
    )
    assert ("事務局", "staff") in missing_items(meeting_of(record))
    do_meeting(record, "SEC", "record_others", others=others)
    assert [other.capacity for other in meeting_of(record).others or ()] == ["adviser", "staff", "guest"]
    assert meeting_of(record).in_the_room == {"seat-01", "seat-02"}, "they are no members"
    assert ("事務局", "staff") not in missing_items(meeting_of(record))


def test_an_absence_is_notified_with_the_kind_of_its_reason(record: TestRecord) -> None:
    given_a_council(record, 3)
    given_a_meeting(record, "report")
    slip = {"appointment_id": "seat-03", "reason_class": "work", "received_on": "2026-05-08"}
    do_meeting(record, "SEC", "record_absence", **slip)
    refused(record, "NOT_SERVING", "SEC", "record_absence", appointment_id="seat-09")
    given_it_is_open(record, 2)
    refused(record, "ALREADY_PRESENT", "SEC", "record_absence", appointment_id="seat-02")
    assert meeting_of(record).absences == {"seat-03"}


def test_a_meeting_without_notice_says_later_whether_it_was_open(record: TestRecord) -> None:
    given_a_council(record, 3)
    given_a_meeting(record, "report")
    refused(record, "WRONG_STATE", "SEC", "record_openness", publicity="open")
    given_it_is_open(record, 2)
    refused(record, "REASON_REQUIRED", "SEC", "record_openness", publicity="closed")
    assert "open or closed, and why" in {en for _, en in missing_items(meeting_of(record))}
    do_meeting(record, "SEC", "record_openness", publicity="closed", reason="選考のため（架空）")
    assert "open or closed, and why" not in {en for _, en in missing_items(meeting_of(record))}


# ---------------------------------------------------------------------------------- known later


def test_forgotten_attendees_are_added_on_evidence_and_the_quorum_is_counted_anew(record: TestRecord) -> None:
    """Must show: eight in the room, fourteen with the six who had been forgotten."""
    given_a_council(record, 27, **MORE_THAN_HALF)
    given_a_meeting(record, "report", kind="workshop")
    given_it_is_open(record, 8)
    assert meeting_of(record).opened.quorum.result == "not_met"  # type: ignore[union-attr]
    do_meeting(record, "SEC", "note_item", item_id="item-1")
    do_meeting(record, "CHR", "close", at=at(16))
    given_evidence(record)
    refused(record, "ATTENDANCE_UNPROVED", "SEC", "add_attendee", appointment_id="seat-09")
    refused(
        record, "ALREADY_PRESENT", "SEC", "add_attendee", appointment_id="seat-08", envelope=dict(ON_PAPER)
    )
    for seat in seats(14)[8:]:
        (made,) = do_meeting(record, "SEC", "add_attendee", appointment_id=seat, envelope=dict(ON_PAPER))
        then_recorded([made], AttendanceKnownLater)
    assert (made.data.quorum.present, made.data.quorum.required, made.data.quorum.result) == (14, 14, "met")
    meeting = meeting_of(record)
    assert len(meeting.attended) == 14 and meeting.was_present("seat-14")
    assert meeting.opened is not None and meeting.opened.quorum.present == 8, "what was counted then stays"


def test_who_was_there_only_later_counts_only_later(record: TestRecord) -> None:
    given_a_council(record, 5, **MORE_THAN_HALF, **OF_PRESENT)
    given_a_meeting(record, "decision", "report", kind="workshop")
    given_it_is_open(record, 3)
    do_meeting(record, "CHR", "take_resolution", **a_vote(3, 0))
    given_evidence(record)
    late = {"appointment_id": "seat-04", "since": at(15, 30), "envelope": dict(ON_PAPER)}
    (made,) = do_meeting(record, "SEC", "add_attendee", **late)
    assert made.data.resolutions == () and made.data.quorum.present == 3
    early = {"appointment_id": "seat-05", "until": at(15, 10), "envelope": dict(ON_PAPER)}
    (made,) = do_meeting(record, "SEC", "add_attendee", **early)
    assert [anew.quorum.present for anew in made.data.resolutions] == [4]
    assert made.data.quorum.present == 4
    assert meeting_of(record).in_the_room == {"seat-01", "seat-02", "seat-03", "seat-04"}


def test_attendance_known_later_keeps_to_the_meeting(record: TestRecord) -> None:
    given_a_council(record, 3)
    given_a_meeting(record, "report")
    given_evidence(record)
    forgotten = {"appointment_id": "seat-03", "envelope": dict(ON_PAPER)}
    refused(record, "NOT_OPENED", "SEC", "add_attendee", **forgotten)
    given_it_is_open(record, 2)
    refused(record, "TIME_BACKWARDS", "SEC", "add_attendee", **forgotten, since=at(13))
    refused(record, "TIME_BACKWARDS", "SEC", "add_attendee", **forgotten, since=at(15), until=at(14))
    refused(record, "ONLINE_NOT_ALLOWED", "SEC", "add_attendee", **forgotten, mode="online")
    refused(record, "NOT_SERVING", "SEC", "add_attendee", appointment_id="seat-09", envelope=dict(ON_PAPER))


# ------------------------------------------------------------------------- of which little is known


def given_a_past_meeting(record: TestRecord, *types: str) -> None:
    """Of a council whose members of that day nobody recorded."""
    given_a_council(record)
    given_a_meeting(record, *types)


HELD: dict[str, Any] = {"held_on": {"value": "2008-07-15", "precision": "day"}}


def test_a_meeting_of_a_day_without_a_roster_was_held(record: TestRecord) -> None:
    given_a_past_meeting(record, "report", "discussion")
    refused(record, "NOT_SERVING", "CHR", "open", at=at(14), presiding="seat-01", present=[])
    record.do("SEC", "Party", "p-known", "register_person", name="架空 花子")
    known = [{"party_id": "p-known"}, {"seat": "公募委員"}]
    (made,) = do_meeting(
        record, "SEC", "record_held", **HELD, known_attendees=known, members_present=3, staff=2
    )
    then_recorded([made], MeetingHeld)
    assert (made.data.quorum.result, made.data.quorum.present) == ("rule_unknown", 3)
    assert made.effective.value == "2008-07-15"
    do_meeting(record, "SEC", "note_item", item_id="item-1")
    do_meeting(record, "CHR", "carry_over", item_id="item-2", reason="次回に続ける（架空）")
    given_a_document(record, "doc-minutes")
    draft = {"v": 1, "style": "summary", "naming": "none", "document_id": "doc-minutes", "other": "なし"}
    do_meeting(record, "SEC", "draft_minutes", **draft)
    do_meeting(record, "SEC", "circulate_minutes", v=1, reply_by="2026-06-01")
    do_meeting(record, "CHR", "confirm_minutes", by="chair", v=1)
    missing = {en for _, en in missing_items(meeting_of(record))}
    assert "members present and absent" not in missing and "staff" not in missing


def test_attendance_may_be_known_as_a_count_alone_and_a_day_as_a_year(record: TestRecord) -> None:
    given_a_past_meeting(record)
    year = {"held_on": {"value": "FY2008", "precision": "fiscal_year"}}
    (made,) = do_meeting(record, "SEC", "record_held", **year, members_present=15, members_serving=27)
    assert (made.data.quorum.result, made.data.quorum.serving) == ("rule_unknown", 27)
    assert meeting_of(record).state == "closed" and meeting_of(record).day is None


def test_known_attendance_is_possible(record: TestRecord) -> None:
    given_a_past_meeting(record)
    refused(record, "COUNT_IMPOSSIBLE", "SEC", "record_held", **HELD, members_present=28, members_serving=27)
    two = [{"seat": "公募委員"}, {"seat": "学識経験者"}]
    refused(record, "COUNT_IMPOSSIBLE", "SEC", "record_held", **HELD, members_present=1, known_attendees=two)
    refused(
        record, "NOT_SERVING", "SEC", "record_held", **HELD, known_attendees=[{"appointment_id": "seat-01"}]
    )
    refused(record, "NOT_SERVING", "SEC", "record_held", **HELD, presided="seat-01")
    do_meeting(record, "SEC", "record_held", **HELD)
    refused(record, "WRONG_STATE", "SEC", "record_held", **HELD)


def test_somebody_may_be_added_to_a_meeting_that_is_only_known_to_have_been_held(record: TestRecord) -> None:
    given_a_council(record, 1)
    given_a_meeting(record)
    do_meeting(record, "SEC", "record_held", **HELD, members_present=3)
    given_evidence(record)
    stranger = {"appointment_id": "seat-09", "envelope": dict(ON_PAPER)}
    refused(record, "NOT_SERVING", "SEC", "add_attendee", **stranger)
    known = {"appointment_id": "seat-01", "envelope": dict(ON_PAPER)}
    (made,) = do_meeting(record, "SEC", "add_attendee", **known)
    assert (made.data.since, made.data.quorum) == (None, None)
    assert meeting_of(record).was_present("seat-01")
