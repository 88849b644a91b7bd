"""Faults that real records showed, each as a whole kind: what was wrong, and the right value."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import msgspec
import pytest

from domain.council.events import MemberAppointed
from domain.history.importing import import_history, read_history
from domain.kernel.events import EVENTS, Evidence
from domain.kernel.mapper import decode
from domain.kernel.when import as_date
from domain.registry import load
from domain.values.refusal import Refusal
from tests.support.given import START, TestRecord, then_refused
from tests.support.stories.assemblies import (
    COUNCIL,
    MEETING,
    at,
    do_council,
    given_a_council,
    given_a_meeting,
    given_a_member,
)

load()

# ------------------------------------------------------------------------ what is done has happened


def day(value: str) -> dict[str, str]:
    return {"value": value, "precision": "day"}


AHEAD: dict[str, tuple[str, dict[str, Any]]] = {
    "an imported act": ("record_held", {"held_on": day("2026-04-02")}),
    "an imported moment of today": (
        "record_held",
        {"held_on": {"value": "2026-04-01T23:55:00+09:00", "precision": "instant"}},
    ),
    "another moment of the event": (
        "record_held",
        {"held_on": day("2026-04-01"), "ended_at": "2026-04-01T23:55:00+09:00"},
    ),
}


@pytest.mark.parametrize("what", AHEAD)
def test_nothing_is_recorded_as_done_that_lies_ahead(record: TestRecord, what: str) -> None:
    given_a_council(record)
    given_a_meeting(record)
    command, said = AHEAD[what]
    record.waits = False
    then_refused("NOT_HAPPENED", record, "IMP", "Meeting", MEETING, command, importing=True, **said)


def test_what_was_done_today_before_now_is_recorded(record: TestRecord) -> None:
    given_a_council(record)
    given_a_meeting(record)
    moment = (START - dt.timedelta(minutes=1)).isoformat()
    held = {"held_on": {"value": moment, "precision": "instant"}}
    (made,) = record.do("IMP", "Meeting", MEETING, "record_held", importing=True, **held)
    assert made.effective.value == moment


def test_the_drafting_of_a_decision_does_not_lie_ahead(record: TestRecord) -> None:
    decision = {"authority": "mayor", "document_no": "架第1号", "decided_on": day("2026-03-31")}
    about = {"title": "架空", "question": "どうするか。"}
    record.do("IMP", "Matter", "matter-1", "raise_matter", importing=True, **about)
    for more in (
        {"drafted_on": day("2026-04-02")},
        {"consulted": [{"post": "課長", "on": day("2026-04-02")}]},
    ):
        said = decision | more
        then_refused(
            "NOT_HAPPENED",
            record,
            "IMP",
            "Matter",
            "matter-1",
            "record_city_decision",
            importing=True,
            **said,
        )
    later = {"in_force_from": day("2027-04-01")}
    (made,) = record.do(
        "IMP", "Matter", "matter-1", "record_city_decision", importing=True, **decision, **later
    )
    assert made.data.in_force_from.value == "2027-04-01"


def test_a_mail_of_tomorrow_proves_nothing(record: TestRecord) -> None:
    seen = {"evidence": Evidence("mail", dt.date(2026, 4, 2))}
    about = {"title": "架空", "question": "どうするか。", "practice": "慣行"}
    then_refused("NOT_HAPPENED", record, "SEC", "Matter", "matter-1", "raise_matter", envelope=seen, **about)


MAY_LIE_AHEAD = {
    "confirm_by",
    "deadline",
    "due",
    "due_on",
    "effective_from",
    "in_force_from",
    "period",
    "previous_starts_at",
    "reply_by",
    "starts_at",
    "to_date",
}
"""Fields with a date of what is still to come."""


def test_every_date_of_an_event_is_its_own_one_that_was_done_or_may_lie_ahead() -> None:
    """A new field with a date is named in ``DONE`` of its event, or here."""
    undeclared = {
        f"{event.__name__}.{name}"
        for event in EVENTS.values()
        if event.__module__.startswith("domain.")
        for name, kind in event.__annotations__.items()
        if ("dt.date" in str(kind) or "EffectiveDate" in str(kind))
        and name not in MAY_LIE_AHEAD | {event.WHEN, "as_of"}
        and name not in event.DONE
    }
    assert undeclared == set()
    assert as_date(dt.date(2026, 4, 1)) is not None


# ---------------------------------------------------------------- an unknown beginning is no ten years

UNKNOWN = {"precision": "unknown", "basis": "none"}


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (None, (UNKNOWN, day("2027-03-31"))),
        ((UNKNOWN, day("2025-03-31")), (day("2026-04-01"), day("2027-03-31"))),
        ((day("2020-04-01"), day("2025-03-31")), (UNKNOWN, day("2027-03-31"))),
    ],
)
def test_an_unknown_beginning_is_no_ten_years_of_service(record: TestRecord, before: Any, now: Any) -> None:
    given_a_council(record)
    for n, term in enumerate(t for t in (before, now) if t):
        given_a_member(record, f"seat-{n}", party_id="p-seat-0", from_date=term[0], to_date=term[1])
    assert record.warned == []


def test_ten_known_years_beside_an_unknown_beginning_are_said(record: TestRecord) -> None:
    given_a_council(record)
    given_a_member(record, "seat-0", from_date=day("2010-04-01"), to_date=day("2020-04-30"))
    given_a_member(record, "seat-1", party_id="p-seat-0", from_date=UNKNOWN)
    assert record.warned == ["TENURE_OVER_10Y"]


def test_nobody_is_refused_a_seat_for_a_beginning_that_nobody_knows(record: TestRecord) -> None:
    """A term of which the last day alone is known is no term since ever."""
    given_a_council(record)
    do_council(record, "define_composition", seat_categories=[{"category": "public_recruitment", "seats": 1}])
    given_a_member(record, "seat-0", from_date=UNKNOWN, to_date=day("2025-03-31"))
    given_a_member(
        record, "seat-1", party_id="p-seat-0", from_date=day("2015-04-01"), to_date=day("2020-03-31")
    )
    given_a_member(record, "seat-2", from_date=UNKNOWN)
    with pytest.raises(Refusal, match="ALREADY_SERVING"):
        given_a_member(record, "seat-3", party_id="p-seat-2", from_date=day("2026-03-01"))


def test_what_was_said_falsely_of_ten_years_is_not_read() -> None:
    """Until version 2 the warning rested on beginnings that nobody knew."""
    state = {
        "event_id": "e-1",
        "stream": "council-x",
        "version": 1,
        "type": "MemberAppointed",
        "recorded_at": "2026-04-01T00:00:00Z",
        "effective": {"value": None, "precision": "unknown", "basis": "none"},
        "actor": {"role": "import"},
        "correlation_id": "c-1",
        "data": {
            "appointment_id": "seat-1",
            "party_id": "p-1",
            "category": "public_recruitment",
            "term_no": 1,
            "from_date": {"value": None, "precision": "unknown", "basis": "none"},
            "warnings": ["TENURE_OVER_10Y"],
        },
    }
    read = decode("MemberAppointed", msgspec.json.encode(state), 1)
    assert isinstance(read.data, MemberAppointed) and "warnings" not in read.data.__struct_fields__


# ---------------------------------------------------------------------- two meetings of one body at one hour


def test_two_meetings_of_one_body_at_one_hour_are_said(record: TestRecord) -> None:
    given_a_council(record)
    given_a_meeting(record)
    asked: list[str] = []

    def meetings_at(body_and_hour: str) -> list[str]:
        asked.append(body_and_hour)
        return [MEETING]

    record.application.meetings_at = meetings_at
    again = {"council_id": COUNCIL, "kind": "plenary", "starts_at": "2026-05-10T05:00:00+00:00"}
    record.do("SEC", "Meeting", "meeting-y", "schedule", **again)
    assert record.warned == ["SAME_HOUR"]
    assert asked == [f"{COUNCIL}//2026-05-10T05:00:00+00:00"]


def test_a_meeting_that_is_moved_into_another_is_said(record: TestRecord) -> None:
    given_a_council(record)
    given_a_meeting(record)
    record.application.meetings_at = lambda body_and_hour: ["meeting-y"]
    record.do("SEC", "Meeting", MEETING, "reschedule", starts_at=at(16), reason="会場の都合（架空）")
    assert "SAME_HOUR" in record.warned


TWO_AT_ONCE = """
schema: record-history/1
import_batch: two-at-once
source_document: doc-x
events:
- {seq: 1, event: DocumentRegistered, aggregate: Document, stream: document-doc-x, %s,
   payload: {kind: report, disclosure: {}}}
- {seq: 2, event: CouncilEstablished, aggregate: Council, stream: council-x, %s, payload: {name_ja: 架空の会}}
- {seq: 3, event: MeetingScheduled, aggregate: Meeting, stream: meeting-1, %s,
   payload: {kind: plenary, council_id: council-x, starts_at: "2006-05-10T14:00:00+09:00"}}
- {seq: 4, event: MeetingScheduled, aggregate: Meeting, stream: meeting-2, %s,
   payload: {kind: plenary, council_id: council-x, starts_at: "2006-05-10T05:00:00Z"}}
- {seq: 5, event: MeetingScheduled, aggregate: Meeting, stream: meeting-3, %s,
   payload: {kind: plenary, council_id: council-x, starts_at: "2006-05-10T15:00:00+09:00"}}
"""
ENVELOPE = (
    "effective: {precision: unknown, basis: none}, actor: {role: import}, asserted_by: import, "
    "certainty: stated, facts: []"
)


def test_an_import_is_told_of_two_meetings_at_one_hour(record: TestRecord, tmp_path: Path) -> None:
    path = tmp_path / "history.yaml"
    path.write_text(TWO_AT_ONCE.replace("%s", ENVELOPE), encoding="utf-8")
    outcome = import_history(record.application, read_history(path))
    assert [said.code for said in outcome.warnings] == ["SAME_HOUR"]
    assert "meeting-1" in outcome.warnings[0].sentence("en")


# ---------------------------------------------------------------------------- lines ended as elsewhere


def test_lines_of_a_history_may_end_in_crlf(record: TestRecord, tmp_path: Path) -> None:
    text = TWO_AT_ONCE.replace("%s", ENVELOPE + r', note_ja: "一行目\r\n二行目"')
    path = tmp_path / "history.yaml"
    path.write_bytes(text.replace("\n", "\r\n").encode())
    import_history(record.application, read_history(path))
    assert {e.note for e in record.events} == {"一行目\n二行目"}
