"""When something happened: never the moment of typing, and in no impossible order (docs/decisions/0026)."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from typing import Any

import msgspec
import pytest

from domain.history import KANAZAWA
from domain.history.importing import import_history, read_history
from domain.kernel.dating import key_of
from domain.kernel.events import EVENTS, Actor, Event, Recorded, dated_by_clock
from domain.kernel.mapper import decode
from domain.kernel.when import RECORDING, TOLD, as_it_was_meant
from domain.matter.events import MatterConcluded, MatterRaised
from domain.recording.application import command_named
from domain.recording.receipts import CommandTerms
from domain.values.calendar import EffectiveDate
from projections.tables.log_table import LOG
from tests.support import landed
from tests.support.given import TestRecord, then_refused
from tests.support.stories.assemblies import (
    COUNCIL,
    MATTER,
    MEETING,
    at,
    given_a_council,
    given_a_meeting,
    given_it_is_open,
)

DAY = {"value": "2026-03-20", "precision": "day"}
RAISED = {"title": "架空", "question": "どうするか。", "practice": "慣行"}


def raised(record: TestRecord, name: str = "matter-1", **envelope: Any) -> Recorded[Any]:
    told = {"effective": msgspec.convert(envelope.pop("effective"), EffectiveDate)} if envelope else {}
    (made,) = record.do("SEC", "Matter", name, "raise_matter", envelope=told | envelope, **RAISED)
    return made


# ------------------------------------------------------------------------------------ how a date is known


def test_what_nobody_dated_had_happened_by_the_day_of_recording(record: TestRecord) -> None:
    made = raised(record)
    assert made.dated == "not_told"
    assert made.effective == EffectiveDate.unknown(latest=dt.date(2026, 4, 1))
    assert made.effective.full_label("ja") == "日付の記録なし（令和8年(2026年)4月1日まで）"
    assert record.warned == ["WHEN_NOT_TOLD"]


@pytest.mark.parametrize("said", [DAY, {"precision": "unknown", "basis": "none"}])
def test_what_the_caller_says_goes_before_all_else(record: TestRecord, said: dict[str, str]) -> None:
    """That it is not known is a full answer, and nobody is warned."""
    made = raised(record, effective=said)
    assert (made.dated, made.effective) == ("told", msgspec.convert(said, EffectiveDate).check())
    assert record.warned == []


def test_live_is_now(record: TestRecord) -> None:
    (made,) = record.do("SEC", "Matter", "matter-1", "raise_matter", envelope={"live": True}, **RAISED)
    assert (made.dated, made.effective) == ("live", EffectiveDate.at(made.recorded_at))


def test_one_warning_for_a_command_that_records_much(record: TestRecord) -> None:
    given_a_council(record, 2)
    given_a_meeting(record, "report")
    assert record.warned == ["WHEN_NOT_TOLD"]


def test_what_a_meeting_did_happened_on_its_day(record: TestRecord) -> None:
    """Typed a week later, it is the day of the meeting, as far as anybody knows."""
    given_a_council(record, 3)
    given_a_meeting(record, "report")
    given_it_is_open(record, 3)
    record.application.clock.not_before(dt.date(2026, 5, 17))  # type: ignore[attr-defined]
    (noted,) = record.do("SEC", "Meeting", MEETING, "note_item", item_id="item-1")
    assert (noted.dated, noted.effective.value, noted.effective.basis) == (
        "inherited",
        "2026-05-10",
        "inferred",
    )


def test_nothing_happens_now_in_a_meeting_of_another_day(record: TestRecord) -> None:
    given_a_council(record, 3)
    given_a_meeting(record, "report")
    given_it_is_open(record, 3)
    note = ("SEC", "Meeting", MEETING, "note_item")
    (made,) = record.do(*note, envelope={"live": True}, item_id="item-1")
    assert made.dated == "live"
    record.do("CHR", "Meeting", MEETING, "add_item", item=extra_item(), meeting_agrees=True)
    record.application.clock.not_before(dt.date(2026, 5, 11))  # type: ignore[attr-defined]
    then_refused("NOT_LIVE", record, *note, envelope={"live": True}, item_id="item-2")


def extra_item() -> dict[str, Any]:
    return {"item_id": "item-2", "order": 2, "title": "追加（架空）", "type": "report"}


def test_a_conclusion_is_of_the_moment_of_its_resolution(record: TestRecord) -> None:
    given_a_council(record, 3, quorum={"basis": "more_than_half"})
    given_a_meeting(record, "decision")
    given_it_is_open(record, 3)
    taken = {"item_id": "item-1", "at": at(15), "method": "no_objection", "result": "adopted"}
    record.do("CHR", "Meeting", MEETING, "take_resolution", resolution_id="r-1", options_version=1, **taken)
    record.application.clock.not_before(dt.date(2026, 8, 20))  # type: ignore[attr-defined]
    ref = {"meeting_id": MEETING, "resolution_ref": "r-1", "chosen_option": "a", "reason": "架空"}
    made = record.do("SEC", "Matter", MATTER, "conclude", **ref)[0]
    assert (made.type, made.dated, made.effective.basis) == ("MatterConcluded", "inherited", "stated")
    assert made.effective == EffectiveDate.at(dt.datetime.fromisoformat(at(15)))


# ------------------------------------------------------------------------------------------------ the order


def test_nothing_precedes_what_it_follows(record: TestRecord) -> None:
    """On the same day, or where one of them is only known by the year, it may."""
    raised(record, effective={"value": "2026-03-20", "precision": "day"})
    withdraw = ("SEC", "Matter", "matter-1", "withdraw")
    for day, refused in (("2026-03-19", True), ("2026-03-20", False)):
        date = {"effective": EffectiveDate.parse(day)}
        if refused:
            no = then_refused("IMPOSSIBLE_ORDER", record, *withdraw, reason="架空", envelope=date)
            assert "案件" in no.sentence("ja") and "2026年)3月20日" in no.sentence("ja")
        else:
            record.do(*withdraw, reason="架空", envelope=date)
    raised(record, "matter-2", effective={"value": "2026-03-20", "precision": "day"})
    in_2026 = {"effective": EffectiveDate.parse("2026")}
    record.do("SEC", "Matter", "matter-2", "withdraw", reason="架空", envelope=in_2026)


def test_the_order_is_that_of_the_same_part(record: TestRecord) -> None:
    raised(record)
    for option, day in (("a", "2026-03-01"), ("b", "2026-03-20")):
        told = {"effective": EffectiveDate.parse(day)}
        record.do(
            "SEC", "Matter", "matter-1", "propose_option", option_id=option, label=option, envelope=told
        )
    amend = ("SEC", "Matter", "matter-1", "amend_option")
    told = {"effective": EffectiveDate.parse("2026-03-10")}
    record.do(*amend, option_id="a", label="案", reason="架空", envelope=told)
    then_refused("IMPOSSIBLE_ORDER", record, *amend, option_id="b", label="案", reason="架空", envelope=told)


def test_an_act_is_recorded_when_its_day_has_come(record: TestRecord) -> None:
    record.waits = False
    told = {"effective": EffectiveDate.parse("2026-04-02")}
    then_refused("NOT_YET", record, "SEC", "Matter", "matter-1", "raise_matter", envelope=told, **RAISED)
    told = {"effective": EffectiveDate.parse("2026-04")}
    record.do("SEC", "Matter", "matter-1", "raise_matter", envelope=told, **RAISED)


@pytest.mark.parametrize(("year", "warned"), [("2029-03-31", []), ("2029-04-01", ["FAR_AHEAD"])])
def test_what_may_lie_ahead_is_asked_about_from_two_years_on(
    record: TestRecord, year: str, warned: list[str]
) -> None:
    given_a_council(record)
    record.do(
        "SEC", "Council", COUNCIL, "open_term", term_no=1, from_date={"value": year, "precision": "day"}
    )
    assert record.warned == warned


def test_an_import_records_what_its_source_says(record: TestRecord) -> None:
    raised(record, effective={"value": "2026-03-20", "precision": "day"})
    told = {"effective": EffectiveDate.parse("2026-03-01")}
    (made,) = record.do("IMP", "Matter", "matter-1", "withdraw", importing=True, reason="架空", envelope=told)
    assert made.effective.value == "2026-03-01"


# ----------------------------------------------------------------------------- what is said of it, and where


def test_what_nobody_told_is_asked_for_where_it_is_told(record: TestRecord) -> None:
    terms = CommandTerms(Actor("SEC", "p-sec"), frozenset({"SEC"}))
    receipt = record.application.execute(command_named("Matter", "raise_matter"), "matter-1", RAISED, terms)
    (warning,) = receipt.warnings
    assert (warning.code, warning.pointer) == ("WHEN_NOT_TOLD", "/record/effective")
    assert warning.params == {"day": "令和8年(2026年)4月1日", "day_en": "1 April 2026"}


def test_a_date_that_is_far_ahead_is_named_in_its_field(record: TestRecord) -> None:
    given_a_council(record)
    terms = CommandTerms(Actor("SEC", "p-sec"), frozenset({"SEC"}))
    term = {"term_no": 1, "from_date": EffectiveDate.parse("2030-04-01")}
    receipt = record.application.execute(command_named("Council", "open_term"), COUNCIL, term, terms)
    (warning,) = receipt.warnings
    assert (warning.code, warning.pointer) == ("FAR_AHEAD", "/from_date")
    assert warning.params == {"day": "令和12年(2030年)4月1日", "day_en": "1 April 2030"}


def test_a_day_that_has_not_come_is_named_where_it_was_told(record: TestRecord) -> None:
    record.waits = False
    told = {"effective": EffectiveDate.parse("2026-04-02")}
    no = then_refused("NOT_YET", record, "SEC", "Matter", "matter-1", "raise_matter", envelope=told, **RAISED)
    assert no.pointer == "/record/effective"
    assert no.params == {"day": "令和8年(2026年)4月2日", "day_en": "2 April 2026"}


def test_both_days_of_an_impossible_order_are_named_in_both_languages(record: TestRecord) -> None:
    raised(record, effective={"value": "2026-03-20", "precision": "day"})
    told = {"effective": EffectiveDate.parse("2026-03-19")}
    call = ("SEC", "Matter", "matter-1", "withdraw")
    no = then_refused("IMPOSSIBLE_ORDER", record, *call, reason="架空", envelope=told)
    assert no.pointer == "/record/effective"
    assert no.params == {
        "what": EVENTS["MatterWithdrawn"].LABEL[0],
        "what_en": EVENTS["MatterWithdrawn"].LABEL[1],
        "before": EVENTS["MatterRaised"].LABEL[0],
        "before_en": EVENTS["MatterRaised"].LABEL[1],
        "day": "令和8年(2026年)3月19日",
        "day_en": "19 March 2026",
        "before_day": "令和8年(2026年)3月20日",
        "before_day_en": "20 March 2026",
    }


def test_nothing_live_happens_in_a_meeting_that_is_over(record: TestRecord) -> None:
    given_a_council(record, 3)
    given_a_meeting(record, "report")
    given_it_is_open(record, 3)
    record.application.clock.not_before(dt.date(2026, 5, 11))  # type: ignore[attr-defined]
    call = ("SEC", "Meeting", MEETING, "note_item")
    assert then_refused("NOT_LIVE", record, *call, envelope={"live": True}, item_id="item-1").pointer == (
        "/record/live"
    )


@pytest.mark.parametrize(("which", "key"), [("", "OptionProposed"), ("option_id", "OptionProposed option-1")])
def test_what_is_remembered_of_an_event_is_of_a_part_where_there_are_parts(which: str, key: str) -> None:
    option = EVENTS["OptionProposed"](option_id="option-1", label="案", proposer="seat-1")  # type: ignore[call-arg]
    assert key_of("OptionProposed", which, option) == key


# ---------------------------------------------------------------------------------- events from before that


def stored(effective: str, **more: Any) -> bytes:
    return msgspec.json.encode(
        {
            "event_id": "e",
            "stream": "matter-1",
            "version": 1,
            "type": "MatterRaised",
            "recorded_at": "2026-04-01T03:00:00Z",
            "effective": {"value": effective, "precision": "instant"},
            "actor": {"role": "SEC"},
            "correlation_id": "c",
            "data": {"title": "架空", "question": "どうするか。"},
            **more,
        }
    )


@pytest.mark.parametrize(
    ("effective", "by_the_day"),
    [
        ("2026-04-01T03:00:00Z", True),
        ("2026-04-01T02:59:59.5Z", True),
        ("2026-04-01T03:00:01Z", False),
        ("2026-04-01T02:59:59Z", False),
        ("2026-04-01T02:59:50Z", False),
    ],
)
def test_a_moment_of_typing_is_read_as_by_the_day_of_recording(effective: str, by_the_day: bool) -> None:
    read = decode("MatterRaised", stored(effective))
    known = EffectiveDate.unknown(latest=dt.date(2026, 4, 1))
    assert (read.effective == known) == by_the_day
    assert decode("MatterRaised", stored(effective, dated="live")).effective.value == effective


def test_what_has_a_date_of_its_own_or_is_an_act_of_recording_keeps_its_moment() -> None:
    now = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
    moment = EffectiveDate.at(now)
    assert as_it_was_meant("at", moment, now) == as_it_was_meant(RECORDING, moment, now) == moment
    for known in (EffectiveDate.parse("2026-04-01"), EffectiveDate.unknown()):
        assert as_it_was_meant(TOLD, known, now) == known
    assert dated_by_clock(MatterRaised) and dated_by_clock(MatterConcluded)
    own = {event.__name__ for event in EVENTS.values() if isinstance(event.WHEN, str)}
    assert {"MeetingOpened", "AttendeeArrived", "AttendeeLeft", "ResolutionTaken"} <= own


def test_every_event_says_how_its_date_is_known_and_follows_what_there_is() -> None:
    for event in set(EVENTS.values()):
        names = {"entity", *event.__struct_fields__}
        if isinstance(event.WHEN, str):
            assert event.WHEN in names
        for field in {getattr(event.WHEN, "field", None), getattr(event.WHEN, "part", None)} - {None}:
            assert field in names
        for followed in event.AFTER:
            name, _, which = followed.partition(".")
            assert not which or which in event.__struct_fields__
            assert not which or which in EVENTS[name].__struct_fields__


def test_an_event_that_does_not_say_it_is_not_declared() -> None:
    from domain.kernel.events import declare_event

    class DatedByNobody(Event):
        LABEL = ("架空", "Fictional")

    with pytest.raises(ValueError, match="WHEN"):
        declare_event(DatedByNobody)


def test_on_both_records_nothing_is_of_the_moment_of_typing(record: TestRecord) -> None:
    """Kanazawa's history says a date, or that there is none, of each of its 67 events. The record of the
    landed version is a story whose clock goes on between two looks: no date is the moment of recording."""
    import_history(record.application, read_history(KANAZAWA))
    assert Counter(e.dated for e in record.events) == {"told": 67}
    for commit in landed.LANDED:
        rows = landed.rows_of(commit, LOG)
        read = [decode(row["topic"], row["state"].encode()) for row in rows]
        stated = [json.loads(row["state"])["effective"].get("value") for row in rows]
        assert len(rows) == 133 and [e.effective.value for e in read] == stated
