"""A fictional council and its meeting, built in a few words for the tests of both."""

from __future__ import annotations

from typing import Any

from domain.council.aggregate import Council
from domain.kernel.events import Recorded
from domain.meeting.aggregate import Meeting
from tests.support.given import TestRecord

COUNCIL, MEETING, MATTER = "council-x", "meeting-x", "matter-x"
LAW = {"instrument_id": "law-x", "article": 17, "paragraph": 1}
FIRST = {"value": "2026-04-01", "precision": "day"}
MORE_THAN_HALF = {"quorum": {"basis": "more_than_half"}}
OF_PRESENT = {"majority": {"base": "present", "threshold": "more_than_half"}}
OF_VOTES = {"majority": {"base": "votes_cast", "threshold": "more_than_half"}}


def seats(count: int) -> list[str]:
    return [f"seat-{n:02d}" for n in range(1, count + 1)]


def do_council(record: TestRecord, command: str, role: str = "SEC", **arguments: Any) -> list[Recorded[Any]]:
    return record.do(role, "Council", COUNCIL, command, **arguments)


def do_meeting(record: TestRecord, role: str, command: str, **arguments: Any) -> list[Recorded[Any]]:
    return record.do(role, "Meeting", MEETING, command, **arguments)


def council_of(record: TestRecord) -> Council:
    found = record.application.repository.get(COUNCIL, projector_func=Council.replay)
    assert isinstance(found, Council)
    return found


def meeting_of(record: TestRecord) -> Meeting:
    found = record.application.repository.get(MEETING, projector_func=Meeting.replay)
    assert isinstance(found, Meeting)
    return found


def given_a_council(record: TestRecord, members: int = 0, **rules: Any) -> None:
    """A council with an ordinance, so many serving members, and rules of procedure if any are given."""
    record.do("SEC", "LegalInstrument", "law-x", "enact", title_ja="架空条例")
    do_council(record, "establish", name_ja="架空の会議", legal_basis=LAW, established_on=FIRST)
    if rules:
        do_council(record, "adopt_rules", rules_version=1, effective_from=FIRST, **rules)
    for seat in seats(members):
        given_a_member(record, seat)


def given_a_member(record: TestRecord, seat: str, **more: Any) -> None:
    party = f"p-{seat}"
    record.do("SEC", "Party", party, "register_person", name="架空 太郎")
    who = {"appointment_id": seat, "party_id": party, "category": "public_recruitment", "term_no": 1}
    do_council(record, "appoint", "IMP", importing=True, **{**who, "from_date": FIRST, **more})


def at(hour: int, minute: int = 0) -> str:
    return f"2026-05-10T{hour:02d}:{minute:02d}:00+09:00"


def given_a_meeting(record: TestRecord, *types: str, kind: str = "plenary") -> None:
    """A scheduled meeting with an item of each type (``item-1``, ``item-2``, …); a decision has a matter."""
    place = {"place": "架空会館", "starts_at": at(14)}
    do_meeting(record, "SEC", "schedule", council_id=COUNCIL, kind=kind, **place)
    for n, type_ in enumerate(types, 1):
        about = MATTER if type_ == "decision" else None
        if about:
            given_a_matter(record)
        item = {"item_id": f"item-{n}", "order": n, "title": "架空の議題", "type": type_, "matter_id": about}
        do_meeting(record, "SEC", "list_item", **item)


def given_a_matter(record: TestRecord) -> None:
    record.do("SEC", "Matter", MATTER, "raise_matter", title="架空", question="どうするか。", practice="慣行")
    record.do("MEM", "Matter", MATTER, "propose_option", option_id="a", label="案一")
    record.do("CHR", "Matter", MATTER, "freeze_options")


def given_it_is_open(record: TestRecord, present: int) -> None:
    do_meeting(record, "CHR", "open", at=at(14), presiding="seat-01", present=seats(present)[1:])


def a_vote(in_favour: int, against: int, abstain: int = 0, **more: Any) -> dict[str, Any]:
    tally = {"for": in_favour, "against": against, "abstain": abstain, "not_voting": 0}
    vote = {
        "item_id": "item-1",
        "at": at(15),
        "method": "majority_show",
        "options_version": 1,
        "tally": tally,
    }
    return {**vote, "result": "adopted", **more}
