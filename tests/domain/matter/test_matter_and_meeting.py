"""Matter and Meeting together: what the Matter reads of a real meeting, from the vote to the minutes."""

from __future__ import annotations

from typing import Any

from domain.matter.events import DissentFiled, MatterConcluded
from tests.support.given import TestRecord, then_recorded, then_refused
from tests.support.stories.matters import M1, conclusion, given_a_document, given_a_ripe_matter, matter

SEATS = [f"seat-{n:02d}" for n in range(1, 6)]
MEETING = "meeting-1"
DAY = {"value": "2026-04-01", "precision": "day"}


def given_a_meeting_on_it(record: TestRecord) -> None:
    """A council of five, a meeting of four of them (one recused) with the matter on its agenda."""
    established = {"name_ja": "架空の会議", "legal_basis": {"instrument_id": "law-x", "article": 17}}
    record.do("IMP", "Council", "council-x", "establish", importing=True, **established)
    for n, seat in enumerate(SEATS):
        appointed = {"appointment_id": seat, "party_id": f"p-{n}", "category": "public_recruitment"}
        record.do(
            "IMP", "Council", "council-x", "appoint", importing=True, **appointed, term_no=1, from_date=DAY
        )
    at = "2026-05-10T14:00:00+09:00"
    scheduled = {"council_id": "council-x", "kind": "plenary", "starts_at": at}
    record.do("SEC", "Meeting", MEETING, "schedule", **scheduled)
    item = {
        "item_id": "item-1",
        "order": 1,
        "title": "フォーラム（架空）",
        "type": "decision",
        "matter_id": M1,
    }
    record.do("SEC", "Meeting", MEETING, "list_item", **item)
    record.do("CHR", "Meeting", MEETING, "open", at=at, presiding=SEATS[0], present=SEATS[:4])
    recusal = {"appointment_id": SEATS[3], "item_id": "item-1", "reason_class": "organisation_interest"}
    record.do("MEM", "Meeting", MEETING, "declare_recusal", party="p-3", **recusal)


def given_a_vote(record: TestRecord) -> None:
    vote: dict[str, Any] = {
        "resolution_id": "r-1",
        "item_id": "item-1",
        "at": "2026-05-10T15:00:00+09:00",
        "method": "majority_show",
        "result": "adopted",
        "options_version": 1,
        "tally": {"for": 2, "against": 1, "abstain": 0},
    }
    record.do("CHR", "Meeting", MEETING, "take_resolution", **vote)


def given_confirmed_minutes(record: TestRecord) -> None:
    record.do("CHR", "Meeting", MEETING, "close", at="2026-05-10T16:00:00+09:00")
    document = given_a_document(record, "doc-minutes")
    draft = {"v": 1, "style": "summary", "naming": "role", "document_id": document}
    record.do("SEC", "Meeting", MEETING, "draft_minutes", **draft)
    record.do("SEC", "Meeting", MEETING, "circulate_minutes", v=1, reply_by="2026-05-24")
    record.do("CHR", "Meeting", MEETING, "confirm_minutes", by="chair", v=1)


def dissent(name: str, holder: str) -> dict[str, Any]:
    return {"dissent_id": name, "kind": "minority", "text": "時期尚早である（架空）", "holder": holder}


def test_a_matter_is_concluded_as_the_meeting_resolved_it(record: TestRecord) -> None:
    given_a_ripe_matter(record)
    given_a_meeting_on_it(record)
    then_refused("RESOLUTION_UNKNOWN", record, "CHR", "Matter", M1, "conclude", **conclusion())
    given_a_vote(record)
    then_refused("DISSENT_UNASKED", record, "CHR", "Matter", M1, "conclude", **conclusion())
    voted_against = dissent("d-1", SEATS[2]) | {"meeting_id": MEETING}
    then_recorded(record.do("MEM", "Matter", M1, "file_dissent", party="p-2", **voted_against), DissentFiled)
    made = record.do("CHR", "Matter", M1, "conclude", **conclusion())
    then_recorded(made, MatterConcluded)
    assert (made[0].data.method, made[0].data.result) == ("majority_show", "adopted")
    assert matter(record).is_adopted


def test_dissent_ends_when_the_minutes_of_the_deciding_meeting_are_confirmed(record: TestRecord) -> None:
    given_a_ripe_matter(record)
    given_a_meeting_on_it(record)
    given_a_vote(record)
    record.do("SEC", "Matter", M1, "confirm_no_dissent")
    record.do("CHR", "Matter", M1, "conclude", **conclusion())
    for name, seat in (("d-8", SEATS[3]), ("d-9", SEATS[4])):
        no_part = dissent(name, seat)
        then_refused("NO_PART_IN_DECISION", record, "MEM", "Matter", M1, "file_dissent", **no_part)
    record.do("MEM", "Matter", M1, "file_dissent", party="p-2", **dissent("d-1", SEATS[2]))
    given_confirmed_minutes(record)
    late = dissent("d-2", SEATS[1])
    then_refused("DISSENT_PERIOD_OVER", record, "MEM", "Matter", M1, "file_dissent", **late)
