"""A correction is judged at its place: what it makes impossible, and what is computed anew after it."""

from __future__ import annotations

from typing import Any

from domain.kernel.correction_events import CorrectionProposed, RecordCorrected
from domain.kernel.events import Recorded
from domain.recording import judging
from domain.values.refusal import Refusal
from tests.support.given import TestRecord, broken_laws, then_recorded, then_refused
from tests.support.stories.assemblies import (
    MEETING,
    a_vote,
    at,
    do_meeting,
    given_a_council,
    given_a_meeting,
    given_it_is_open,
    seats,
)

WHY = "署名された会議録で確かめたため（架空）"
QUORUM = {"quorum": {"basis": "more_than_half", "denominator": "serving"}}
MAJORITY = {"majority": {"base": "present", "threshold": "more_than_half"}}


def given_a_meeting_of(record: TestRecord, present: int, serving: int = 15) -> None:
    """Opened with so many in the room, of a council of so many."""
    given_a_council(record, serving, **QUORUM, **MAJORITY)
    given_a_meeting(record, "decision")
    given_it_is_open(record, present)


def version_of(record: TestRecord, type_: str) -> int:
    return next(e.version for e in record.events if e.type == type_)


def ask(type_: str, record: TestRecord, **after: Any) -> dict[str, Any]:
    changes = [{"field": name.replace("__", "."), "after": value} for name, value in after.items()]
    return {"target_version": version_of(record, type_), "changes": changes}


def propose(
    record: TestRecord, asked: dict[str, Any], name: str = "fix-1", **more: Any
) -> list[Recorded[Any]]:
    return do_meeting(record, "SEC", "propose_correction", correction_id=name, reason=WHY, **asked, **more)


def refused(record: TestRecord, code: str, asked: dict[str, Any], **more: Any) -> Refusal:
    given = {"correction_id": "fix-9", "reason": WHY, **asked, **more}
    return then_refused(code, record, "SEC", "Meeting", MEETING, "propose_correction", **given)


def approve(record: TestRecord) -> list[Recorded[Any]]:
    return do_meeting(record, "CHR", "approve_correction", correction_id="fix-1")


def test_what_is_computed_is_not_corrected(record: TestRecord) -> None:
    given_a_meeting_of(record, 8)
    told = refused(record, "FIELD_COMPUTED", ask("MeetingOpened", record, quorum__present=14))
    assert "定足数" in told.sentence("ja") and "出席" in told.sentence("ja")
    refused(record, "FIELD_COMPUTED", ask("MeetingOpened", record, quorum={"present": 14}))


def test_six_who_were_forgotten_are_added_and_the_quorum_is_counted_anew(record: TestRecord) -> None:
    given_a_meeting_of(record, 8)
    there = seats(14)
    propose(record, ask("MeetingOpened", record, present=there), envelope={"note": "会議録3頁"})
    named, counted = approve(record)
    then_recorded([named, counted], RecordCorrected, RecordCorrected)
    (change,) = named.data.changes
    assert (len(change.before), len(change.after)) == (8, 14)
    (computed,) = counted.data.changes
    assert (computed.field, computed.before["present"], computed.after["present"]) == ("quorum", 8, 14)
    assert (counted.data.follows, counted.actor.role, counted.causation_id) == (
        "fix-1",
        "system",
        named.event_id,
    )
    assert record.events[version_of(record, "MeetingOpened")] is not None
    do_meeting(record, "CHR", "take_resolution", **a_vote(8, 6))
    assert broken_laws(record) == []


def test_whoever_voted_is_taken_out_only_with_the_tally_mended(record: TestRecord) -> None:
    given_a_meeting_of(record, 10)
    do_meeting(record, "CHR", "take_resolution", **a_vote(6, 4))
    without = ask("MeetingOpened", record, present=seats(9))
    told = refused(record, "CORRECTION_BREAKS", without)
    (impossible,) = told.params["impossible"]
    assert (impossible["type"], impossible["code"]) == ("ResolutionTaken", "TALLY_MISMATCH")
    assert "議決" in told.sentence("ja")
    tally = {"for": 5, "against": 4, "abstain": 0, "not_voting": 0}
    mended = ask("ResolutionTaken", record, tally=tally)
    refused(record, "CORRECTION_IMPOSSIBLE", mended)  # alone it does not add up either
    (proposed,) = propose(record, without, also=[mended])
    then_recorded([proposed], CorrectionProposed)
    made = approve(record)
    then_recorded(made, *[RecordCorrected] * 4)
    assert [e.data.correction_id for e in made] == [
        "fix-1",
        "fix-1-2",
        "fix-1-computed-1",
        "fix-1-computed-2",
    ]
    assert {c.field: c.after for c in made[3].data.changes}["eligible"] == 9
    assert broken_laws(record) == []


def test_what_becomes_impossible_may_be_named_as_standing_with_a_reason(record: TestRecord) -> None:
    given_a_meeting_of(record, 10)
    (taken, *_) = do_meeting(record, "CHR", "take_resolution", **a_vote(6, 4))
    stands = [{"event": taken.event_id, "reason": "票は数え直せないため（架空）"}]
    propose(record, ask("MeetingOpened", record, present=seats(9)), stands=stands)
    made = approve(record)
    assert made[0].data.stands[0].event == taken.event_id
    assert broken_laws(record) == []


def test_a_correction_meets_what_the_original_would_have_met(record: TestRecord) -> None:
    given_a_meeting_of(record, 10)
    do_meeting(record, "CHR", "take_resolution", **a_vote(6, 4))
    do_meeting(record, "CHR", "close", at=at(16))
    told = refused(record, "CORRECTION_IMPOSSIBLE", ask("MeetingClosed", record, at=at(13)))
    assert told.params["cause"] == "TIME_BACKWARDS"
    told = refused(record, "CORRECTION_BREAKS", ask("MeetingOpened", record, at=at(17)))
    assert {i["type"] for i in told.params["impossible"]} == {"ResolutionTaken", "MeetingClosed"}


def test_a_proposal_that_was_overtaken_is_refused_when_it_is_approved(record: TestRecord) -> None:
    given_a_meeting_of(record, 10)
    propose(record, ask("MeetingOpened", record, present=seats(9)))
    do_meeting(record, "CHR", "take_resolution", **a_vote(6, 4))
    call = ("CHR", "Meeting", MEETING, "approve_correction")
    then_refused("CORRECTION_BREAKS", record, *call, correction_id="fix-1")


def test_a_date_that_was_overtaken_is_refused_when_it_is_approved(record: TestRecord) -> None:
    given_a_meeting_of(record, 10)
    propose(record, ask("MeetingOpened", record, at=at(17)))
    do_meeting(record, "CHR", "take_resolution", **a_vote(6, 4))
    call = ("CHR", "Meeting", MEETING, "approve_correction")
    then_refused("CORRECTION_BREAKS", record, *call, correction_id="fix-1")


def test_what_names_the_corrected_thing_is_decided_anew_too(record: TestRecord) -> None:
    """A council's rules were in force later than it was said: then nothing said how to vote."""
    given_a_meeting_of(record, 8)
    events = [e for e in record.events if e.type == "MemberAppointed"]
    change = [{"field": "from_date", "after": "2026-06-01"}]
    asked = {"target_version": events[3].version, "changes": change, "correction_id": "fix-1", "reason": WHY}
    given = ("SEC", "Council", events[3].entity, "propose_correction")
    told = then_refused("CORRECTION_BREAKS", record, *given, **asked)
    assert {i["code"] for i in told.params["impossible"]} == {"NOT_SERVING"}


def later_appointed(record: TestRecord, **also: Any) -> dict[str, Any]:
    """The fourth member was appointed after the meeting; ``also``: what else is corrected."""
    event = [e for e in record.events if e.type == "MemberAppointed"][3]
    change = [{"field": "from_date", "after": "2026-06-01"}]
    return {
        "target_version": event.version,
        "changes": change,
        "correction_id": "fix-1",
        "reason": WHY,
    } | also


def test_what_becomes_impossible_in_another_record_is_corrected_together_with_it(record: TestRecord) -> None:
    given_a_meeting_of(record, 9)
    council = next(e.entity for e in record.events if e.type == "MemberAppointed")
    told = then_refused(
        "CORRECTION_BREAKS",
        record,
        "SEC",
        "Council",
        council,
        "propose_correction",
        **later_appointed(record),
    )
    (impossible,) = told.params["impossible"]
    without = [seat for n, seat in enumerate(seats(9)) if n != 3]
    mended = {
        "stream": impossible["stream"],
        "target_version": impossible["version"],
        "changes": [{"field": "present", "after": without}],
    }
    given = later_appointed(record, also=[mended])
    (proposed,) = record.do("SEC", "Council", council, "propose_correction", **given)
    assert proposed.data.also[0].stream == impossible["stream"] == MEETING
    made = record.do("CHR", "Council", council, "approve_correction", correction_id="fix-1")
    then_recorded(made, *[RecordCorrected] * 3)
    assert [e.stream for e in made] == [proposed.stream, impossible["stream"], impossible["stream"]]
    assert [e.data.correction_id for e in made] == ["fix-1", "fix-1-2", "fix-1-computed-1"]
    (counted,) = made[2].data.changes
    assert (counted.field, counted.before["present"], counted.after["present"]) == ("quorum", 9, 8)
    assert broken_laws(record) == []
    do_meeting(record, "CHR", "take_resolution", **a_vote(5, 3))


def test_only_what_is_on_record_is_corrected_together_with_it(record: TestRecord) -> None:
    given_a_meeting_of(record, 8)
    council = next(e.entity for e in record.events if e.type == "MemberAppointed")
    for stream in ("meeting-nowhere", "nothing-at-all", "nonsense"):
        mended = {"stream": stream, "target_version": 1, "changes": [{"field": "present", "after": []}]}
        given = later_appointed(record, also=[mended])
        told = then_refused("UNKNOWN_ID", record, "SEC", "Council", council, "propose_correction", **given)
        assert (told.pointer, told.params) == (
            "/also/0/stream",
            {"kind": "記録", "kind_en": "record", "id": stream},
        )


def test_more_than_anybody_waits_for_is_left_to_the_terminal(
    record: TestRecord,
) -> None:
    given_a_meeting_of(record, 10)
    do_meeting(record, "CHR", "take_resolution", **a_vote(6, 4))
    do_meeting(record, "CHR", "close", at=at(16))
    record.application.most_judged = 1
    told = refused(record, "CORRECTION_REACHES_FAR", ask("MeetingOpened", record, present=seats(9)))
    assert told.params == {"count": 3, "most": 1} and judging.MOST_JUDGED == 10_000
    record.application.most_judged = None
    refused(record, "CORRECTION_BREAKS", ask("MeetingOpened", record, present=seats(9)))


def test_a_date_that_is_too_coarse_for_its_event_is_refused(record: TestRecord) -> None:
    """When a meeting was opened is known to the minute, whichever name its date goes by."""
    given_a_meeting_of(record, 10)
    refused(record, "DATE_TOO_COARSE", ask("MeetingOpened", record, effective="2026-05-10"))
    propose(record, ask("MeetingOpened", record, effective="2026-05-10T14:10:00+09:00"))
    approve(record)
    assert broken_laws(record) == []


def test_a_date_that_was_inherited_follows_what_it_came_from(record: TestRecord) -> None:
    given_a_meeting_of(record, 10)
    read_out = {"chosen_option": "a", "reason": WHY}
    do_meeting(record, "CHR", "take_resolution", **a_vote(10, 0), conclusion=read_out)
    (concluded,) = [e for e in record.events if e.type == "MatterConcluded"]
    propose(record, ask("ResolutionTaken", record, at=at(15, 10)))
    _, followed = approve(record)
    assert (followed.stream, followed.data.target_event) == (concluded.stream, concluded.event_id)
    (change,) = followed.data.changes
    assert change.field == "effective.inherited" and change.after == "2026-05-10T06:10:00Z"
    assert broken_laws(record) == []
