"""One command: permitted, decided once, saved whole or not at all."""

from __future__ import annotations

import datetime as dt
import itertools
import logging
from types import MappingProxyType
from typing import Any

import pytest

from domain.kernel.commands import command
from domain.recording.application import Application
from domain.recording.receipts import OutcomeUnknown
from domain.recording.unit_of_work import UnitOfWork
from domain.values.law import Citation
from domain.values.refusal import Refusal
from tests.support.given import TestRecord, given_somebody_is_always_faster, then_refused
from tests.support.shelf import Shelf, ShelfFilled, ShelfPut, tell, tell_in, terms

PERSON = ("SEC", "Party", "p-1", "register_person")


def test_a_retried_command_does_nothing_twice(record: TestRecord) -> None:
    record.do(*PERSON, name="架空 太郎", key="k")
    assert record.do(*PERSON, name="架空 太郎", key="k") == []


def test_a_key_belongs_to_one_content(record: TestRecord) -> None:
    record.do(*PERSON, name="架空 太郎", key="k")
    then_refused("KEY_REUSED", record, "SEC", "Party", "p-2", "register_person", name="架空 花子", key="k")


def test_whoever_names_a_version_is_told_that_it_has_passed(record: TestRecord) -> None:
    record.do(*PERSON, name="架空 太郎")
    stale: dict[str, Any] = {"expected_version": 0}
    then_refused("VERSION_CONFLICT", record, "SEC", "Party", "p-1", "give_name_consent", **stale)


def test_nothing_is_done_to_what_is_not_on_record(record: TestRecord) -> None:
    then_refused("UNKNOWN_ID", record, "SEC", "Party", "p-9", "give_name_consent")


def test_an_identifier_is_given_once(record: TestRecord) -> None:
    record.do(*PERSON, name="架空 太郎")
    then_refused("ALREADY_EXISTS", record, *PERSON, name="架空 花子")


def test_who_may_not_is_told_who_may(record: TestRecord) -> None:
    refused = then_refused("FORBIDDEN", record, "ADV", "Party", "p-1", "register_person", name="架空 太郎")
    assert "事務局" in refused.sentence("ja") and "secretariat" in refused.sentence("en")


def test_too_many_at_once_are_sent_away_in_the_end(
    record: TestRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = given_somebody_is_always_faster(record, monkeypatch)
    then_refused("BUSY", record, *PERSON, name="架空 太郎")
    assert len(attempts) == Application.ATTEMPTS


# ------------------------------------------------------------------------------------ the record as it stands


def test_what_is_asked_of_the_record(record: TestRecord) -> None:
    application = record.application
    assert application.newest() == 0
    tell(record, "put_up", "shelf-a", place="入口")
    tell(record, "put_up", "shelf-b", place="奥", room_id="shelf-a")
    tell(record, "fill_row", "shelf-a", row=1)
    assert application.newest() == 3
    assert (application.holder_of("place:奥"), application.holder_of("place:庭")) == ("shelf-b", None)
    assert [e.version for e in application.events_of("shelf-a")] == [1, 2]
    assert [e.version for e in application.events_of("shelf-a", 1)] == [2]
    assert [e.version for e in application.events_of("shelf-a", 0, 1)] == [1]


def test_where_a_thing_is_named_after_a_position_is_told_in_order(record: TestRecord) -> None:
    tell(record, "put_up", "shelf-b", place="奥", room_id="shelf-a")
    tell(record, "put_up", "shelf-a", place="入口")
    tell(record, "put_up", "shelf-c", place="庭", room_id="shelf-x")
    naming = record.application.naming
    assert [naming(f"{after}/shelf-a") for after in (0, 1, 2)] == [
        ["shelf-a", "shelf-b"],
        ["shelf-a"],
        [],
    ]
    assert naming("0/shelf-x") == naming("2/shelf-x") == ["shelf-c"]


def test_the_events_of_a_stream_have_their_positions(record: TestRecord) -> None:
    tell(record, "put_up", "shelf-a", place="入口")
    tell(record, "put_up", "shelf-b", place="奥")
    tell(record, "fill_row", "shelf-a", row=1)
    placed = record.application.placed
    assert [(e.position, e.version) for e in placed("shelf-a")] == [(1, 1), (3, 2)]
    assert [(e.position, e.type) for e in placed("shelf-b")] == [(2, "ShelfPut")]


def test_a_new_identifier_is_one_that_nothing_on_record_has(record: TestRecord) -> None:
    application, numbers = record.application, itertools.cycle(f"{n:032x}" for n in (7, 8))
    ids = application.new_id
    application.new_id = lambda: next(numbers)
    first = application.new_entity(Shelf)
    assert (first, application.new_entity(Shelf)) == ("shelf-2026-aaaaah", "shelf-2026-aaaaai")
    application.new_id = ids
    tell(record, "put_up", first, place="入口")
    application.new_id = lambda: next(numbers)
    assert [application.new_entity(Shelf) for _ in range(2)] == ["shelf-2026-aaaaai"] * 2


def test_a_new_identifier_has_the_fiscal_year_of_the_day_in_japan(record: TestRecord) -> None:
    for hour, year in ((14, 2025), (15, 2026)):
        record.application.clock = lambda hour=hour: dt.datetime(2026, 3, 31, hour, tzinfo=dt.UTC)  # type: ignore[misc]
        assert record.application.new_entity(Shelf).startswith(f"shelf-{year}-")


# -------------------------------------------------------------------------------------------- rehearsing


def rehearse(record: TestRecord, name: str, entity: str = "shelf-a", **arguments: Any) -> UnitOfWork:
    how = arguments.pop("how", terms())
    return record.application.rehearse(Shelf.COMMANDS[name], entity, arguments, how)


def test_what_is_rehearsed_is_shown_and_not_recorded(record: TestRecord) -> None:
    unit = rehearse(record, "put_up", place="入口")
    assert [(e.type, e.stream) for e in unit.recorded] == [("ShelfPut", "shelf-a")]
    assert record.events == []
    tell(record, "put_up", place="入口")
    assert [e.data for e in rehearse(record, "fill_row", row=1).recorded] == [ShelfFilled(row=1)]
    assert len(record.events) == 1


def test_a_rehearsal_refuses_what_recording_would_refuse(
    record: TestRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(record, "put_up", place="入口")
    wrong = Citation("law-x", article="17")  # type: ignore[arg-type]
    for code, call, more in (
        ("FORBIDDEN", "put_up", {"entity": "shelf-b", "place": "奥", "how": terms("MEM")}),
        ("ALREADY_TAKEN", "put_up", {"entity": "shelf-b", "place": "入口"}),
        ("UNKNOWN_ID", "fill_row", {"entity": "shelf-b", "row": 1}),
        ("NOT_COMMITTABLE", "fill_row", {"row": 1, "how": terms(envelope={"legal_basis": wrong})}),
    ):
        with pytest.raises(Refusal, match=f"^{code}: "):
            rehearse(record, call, **more)
    judged: list[Any] = []
    monkeypatch.setattr("domain.recording.application.judge", lambda unit, _: judged.extend(unit.recorded))
    unit = rehearse(record, "fill_row", row=1)
    assert judged == unit.recorded != []


def test_terms_may_be_in_any_mapping(record: TestRecord) -> None:
    how = terms(key="k", envelope=MappingProxyType({"note": "x"}))
    assert tell(record, "put_up", place="入口", how=how).replayed is False
    assert tell(record, "put_up", place="入口", how=terms(key="k", envelope={"note": "x"})).replayed


# ----------------------------------------------------------------------------------- what came of a commit


class Twice(Shelf):
    """A shelf that is put up with one row filled: one command, two events."""

    PREFIX = "shelf-"

    @command("SEC", event=ShelfPut, creates=True, ja="設置する", en="Put up")
    def put_up(self, put: ShelfPut) -> None:
        """Put it up."""
        self.record(put)
        self.record(ShelfFilled(row=1))


@pytest.fixture
def unknown(record: TestRecord, monkeypatch: pytest.MonkeyPatch) -> TestRecord:
    """A record that never hears what came of what it saves."""

    def put(events: Any, *, along: Any) -> Any:
        raise OutcomeUnknown()

    monkeypatch.setattr(record.application.events, "put", put)
    return record


def put_up(record: TestRecord) -> Any:
    return record.application.execute(Twice.COMMANDS["put_up"], "shelf-a", {"place": "入口"}, terms())


def test_where_nobody_said_what_came_of_it_the_last_event_is_looked_up(
    unknown: TestRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions: list[Any] = []
    monkeypatch.setattr(unknown.recorder, "find_event", lambda *event: questions.append(event) or 7)
    receipt = put_up(unknown)
    assert (receipt.position, receipt.version) == (7, 2)
    assert questions == [("shelf-a", 2, receipt.event_ids[1])]


def test_where_that_cannot_be_looked_up_nobody_says_that_nothing_was_recorded(
    unknown: TestRecord, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(OutcomeUnknown):
        put_up(unknown)
    (noted,) = caplog.records
    assert (noted.levelno, noted.getMessage()) == (
        logging.ERROR,
        "what came of a commit cannot be looked up",
    )
    monkeypatch.setattr(unknown.recorder, "find_event", lambda *event: None)
    with pytest.raises(OutcomeUnknown):
        put_up(unknown)
    assert len(caplog.records) == 1


# ------------------------------------------------------------------------------- what makes the next quicker


def test_what_was_recorded_and_what_it_came_to_may_be_kept_as_a_snapshot(
    record: TestRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []
    keep = record.application.cache.keep_snapshots
    monkeypatch.setattr(
        record.application.cache, "keep_snapshots", lambda *what: seen.append(what) or keep(*what)
    )
    tell(record, "put_up", place="入口")
    ((recorded, aggregates),) = seen
    assert ([e.type for e in recorded], list(aggregates)) == (["ShelfPut"], ["shelf-a"])


def test_what_cannot_be_kept_is_recorded_all_the_same_and_noted(
    record: TestRecord, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(record.application.cache, "checkin", lambda aggregates: 1 / 0)
    tell(record, "put_up", place="入口")
    assert len(record.events) == 1
    assert [r.getMessage() for r in caplog.records] == ["recorded, but not kept for the next command"]


# ---------------------------------------------------------------------------------------------- corrections


def test_a_correction_in_a_batch_is_judged_too(record: TestRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(record, "put_up", place="入口")
    judged: list[Any] = []
    monkeypatch.setattr("domain.recording.application.judge", lambda *what: judged.append(what))
    with record.application.batch() as batch:
        tell_in(batch, "fill_row", row=1)
        assert judged == []
    assert judged == [(batch.unit, record.application)]
