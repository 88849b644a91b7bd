"""What is decided anew: the events of a log as commands would record them again."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from domain.kernel import record as kinds
from domain.kernel.events import EVENTS, Actor, Event, Recorded, Source
from domain.kernel.record import KINDS
from tests.support.given import TestRecord, broken_laws
from tests.support.shelf import Shelf, tell

SHELF = "shelf-a"


def changed(record: TestRecord, n: int, **values: Any) -> list[Recorded[Any]]:
    """The log with its ``n``-th event (from 0) as somebody made it who has the database."""
    log = record.events
    log[n] = msgspec.structs.replace(log[n], **values)
    return log


@pytest.fixture
def shelves(monkeypatch: pytest.MonkeyPatch) -> None:
    """The record has shelves, as long as this test goes on (the record's own is decided anew before)."""
    monkeypatch.setitem(kinds._KIND_OF, Shelf.PREFIX, Shelf)


@pytest.fixture
def filled(shelves: None, record: TestRecord) -> TestRecord:
    """A shelf that was put up, filled and taken down in two steps: three commands, four events."""
    tell(record, "put_up", SHELF, place="入口")
    tell(record, "fill_row", SHELF, row=1, books=0)
    tell(record, "take_down", SHELF)
    return record


def test_what_commands_recorded_stands(filled: TestRecord) -> None:
    assert [e.type for e in filled.events] == ["ShelfPut", "ShelfFilled", "ShelfInspected", "ShelfEmptied"]
    assert broken_laws(filled) == []


def test_what_follows_from_a_command_does_not_stand_without_it(filled: TestRecord) -> None:
    log = filled.events
    (told,) = broken_laws(filled, [*log[:2], msgspec.structs.replace(log[3], version=3)])
    assert told.startswith("ShelfEmptied: unexplained")


def test_what_follows_from_a_command_may_be_missing(filled: TestRecord) -> None:
    """What follows may have been ordered by a policy that came later."""
    assert broken_laws(filled, filled.events[:3]) == []


def test_an_event_of_a_stream_that_has_not_begun_is_refused(filled: TestRecord) -> None:
    log = [msgspec.structs.replace(e, version=e.version - 1) for e in filled.events[1:3]]
    assert "UNKNOWN_ID" in broken_laws(filled, log)[0]


def test_an_event_by_somebody_who_may_not_is_refused(filled: TestRecord) -> None:
    (told,) = broken_laws(filled, changed(filled, 1, actor=Actor("MEM", "p-mem")))
    assert "FORBIDDEN" in told


def test_a_field_that_no_command_takes_is_refused(filled: TestRecord) -> None:
    filling = msgspec.structs.replace(filled.events[1].data, books=-1)
    told = broken_laws(filled, changed(filled, 1, data=filling))[0]
    assert told.startswith("ShelfFilled: refused")


def test_a_name_that_is_taken_is_refused_to_the_second(filled: TestRecord) -> None:
    tell(filled, "put_up", "shelf-b", place="出口")
    place = filled.events[0].data
    (told,) = broken_laws(filled, changed(filled, 4, data=place))
    assert "ALREADY_TAKEN" in told


def test_what_names_the_facts_of_a_source_may_have_been_imported(filled: TestRecord) -> None:
    source = Source("doc-source", facts=("F1",))
    log = changed(filled, 1, actor=Actor("unstated"), source=source)
    assert "FORBIDDEN" in broken_laws(filled, log)[0]  # no importer may fill a shelf


def test_every_event_is_recorded_by_a_command_or_follows_from_one() -> None:
    first = {command.records for kind in KINDS.values() for command in kind.COMMANDS.values()}
    follow = {event.__name__ for event in EVENTS.values() if event.__module__.startswith("domain.")} - {
        event.__name__ for event in first
    }
    assert follow == FOLLOW


FOLLOW = {"ResponsibilityOrphaned", "SheetUnsealed", "ClosedAtOnce"}


def test_a_command_says_what_it_records() -> None:
    for kind in (Shelf, *KINDS.values()):
        for command in kind.COMMANDS.values():
            assert issubclass(command.records, Event) and command.records is not Event, command.name
