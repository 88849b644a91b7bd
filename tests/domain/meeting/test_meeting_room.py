"""What is gathered in the room and by letter: workshop tables, written opinions, who presides."""

from __future__ import annotations

import datetime as dt
from typing import Any

from domain.council.events import ActingChairDesignated
from domain.meeting.events import WorkshopOutputRecorded, WrittenOpinionReceived
from tests.support.given import TestRecord, then_recorded, then_refused
from tests.support.stories.assemblies import (
    FIRST,
    MORE_THAN_HALF,
    OF_VOTES,
    a_vote,
    at,
    council_of,
    do_council,
    do_meeting,
    given_a_council,
    given_a_meeting,
    given_it_is_open,
    meeting_of,
)
from tests.support.stories.matters import given_a_document

TABLE: dict[str, Any] = {
    "item_id": "item-1",
    "table_no": 2,
    "theme": "若い人が来る場（架空）",
    "clusters": [{"label": "時間", "cards": ["夜に開く", "短くする"], "dots": 9}, {"label": "場所"}],
}


def written(seat: str = "seat-05", document: str = "doc-letter") -> dict[str, Any]:
    return {"appointment_id": seat, "item_id": "item-1", "document_id": document}


def given_an_open_meeting(record: TestRecord, *types: str) -> None:
    given_a_council(record, 5, **MORE_THAN_HALF, **OF_VOTES)
    given_a_meeting(record, *types)
    given_it_is_open(record, 4)


def test_a_workshop_table_brings_its_cards_together(record: TestRecord) -> None:
    given_an_open_meeting(record, "discussion")
    (made,) = do_meeting(record, "LDR", "record_workshop", **TABLE)
    then_recorded([made], WorkshopOutputRecorded)
    assert made.data.clusters[0].cards == ("夜に開く", "短くする")
    assert made.data.clusters[1].dots is None, "dots that nobody counted are unknown, not none"


def test_dots_are_never_a_vote(record: TestRecord) -> None:
    given_an_open_meeting(record, "discussion")
    do_meeting(record, "SEC", "record_workshop", **TABLE)
    assert meeting_of(record).resolutions == {}


def test_a_workshop_needs_an_open_meeting(record: TestRecord) -> None:
    given_a_council(record, 5)
    given_a_meeting(record, "discussion")
    then_refused("MEETING_NOT_OPEN", record, "SEC", "Meeting", "meeting-x", "record_workshop", **TABLE)


def test_an_absent_member_may_write_before_the_item_is_resolved(record: TestRecord) -> None:
    given_a_document(record, "doc-letter")
    given_an_open_meeting(record, "decision")
    then_recorded(do_meeting(record, "SEC", "receive_written", **written()), WrittenOpinionReceived)
    do_meeting(record, "CHR", "take_resolution", **a_vote(3, 1))
    call = ("SEC", "Meeting", "meeting-x", "receive_written")
    then_refused("ITEM_RESOLVED", record, *call, **written("seat-04"))


def test_a_written_opinion_is_no_presence(record: TestRecord) -> None:
    """There is no proxy (O19): who writes is not in the room."""
    given_a_document(record, "doc-letter")
    given_an_open_meeting(record, "discussion")
    do_meeting(record, "SEC", "receive_written", **written())
    assert not meeting_of(record).was_present("seat-05")


def test_a_written_opinion_comes_from_a_member_and_is_on_record(record: TestRecord) -> None:
    given_a_document(record, "doc-letter")
    given_an_open_meeting(record, "discussion")
    call = ("SEC", "Meeting", "meeting-x", "receive_written")
    then_refused("NOT_SERVING", record, *call, **written("seat-99"))
    then_refused("UNKNOWN_ID", record, *call, **written(document="doc-lost"))


def test_somebody_stands_in_for_the_chair(record: TestRecord) -> None:
    given_a_council(record, 3)
    made = do_council(record, "designate_acting_chair", appointment_id="seat-02", from_date=FIRST)
    then_recorded(made, ActingChairDesignated)
    assert council_of(record).acting_chair_on(dt.date(2026, 4, 1)) == "seat-02"


def test_only_a_serving_member_stands_in_for_the_chair(record: TestRecord) -> None:
    given_a_council(record, 3)
    asked = {"appointment_id": "seat-09", "from_date": FIRST}
    then_refused("CHAIR_MUST_SERVE", record, "SEC", "Council", "council-x", "designate_acting_chair", **asked)


def test_a_meeting_is_opened_by_whoever_presides(record: TestRecord) -> None:
    given_a_council(record, 3, **MORE_THAN_HALF)
    given_a_meeting(record, "discussion")
    do_meeting(record, "CHR", "open", at=at(14), presiding="seat-02", present=["seat-01"])
    opened = meeting_of(record).opened
    assert opened is not None and opened.presiding == "seat-02"
