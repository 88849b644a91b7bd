"""Which aggregates are kept between commands, and that the log is what counts."""

from __future__ import annotations

from typing import Any

import pytest

import domain.recording.aggregate_cache as cache_module
from domain.kernel.correction_events import Change, RecordCorrected
from domain.kernel.events import Event, Recorded
from domain.kernel.record import Record
from domain.recording.aggregate_cache import KEPT_MOST, AggregateCache
from domain.recording.snapshots import EVERY, NoSnapshots, Snapshot, restored, taken
from tests.support.given import TestRecord
from tests.support.shelf import Shelf, ShelfEmptied, ShelfFilled, ShelfPut, recorded, tell, tell_in


class Log:
    """A log of shelves, and how often it has been read: for which stream, after which version, how many."""

    def __init__(self) -> None:
        self.events: list[Recorded[Any]] = []
        self.read: list[tuple[str, int, int | None]] = []
        self.cache = AggregateCache(self._read, lambda e: e)

    def _read(self, stream: str, after: int, limit: int | None) -> list[Recorded[Any]]:
        self.read.append((stream, after, limit))
        return [e for e in self.events if e.stream == stream and e.version > after][:limit]

    def add(self, stream: str, *events: Event) -> None:
        start = sum(e.stream == stream for e in self.events)
        self.events += [recorded(e, start + n, stream) for n, e in enumerate(events, 1)]

    def fill(self, stream: str, many: int) -> None:
        self.add(stream, ShelfPut(place="x"), *(ShelfFilled(row=n, books=n) for n in range(many - 1)))

    def checkout(self, stream: str, kind: type[Record] = Shelf) -> Any:
        self.read.clear()
        return self.cache.checkout(kind, stream)

    def is_kept(self, stream: str) -> bool:
        """Whether it comes without the log being read from the beginning."""
        found = self.checkout(stream)
        fresh = (stream, 0, EVERY) in self.read
        if found is not None:
            self.cache.checkin([found])
        return not fresh


@pytest.fixture
def log() -> Log:
    return Log()


def test_what_was_checked_in_is_lent_to_one_at_a_time(log: Log) -> None:
    log.fill("shelf-a", 3)
    first = log.checkout("shelf-a")
    log.cache.checkin([first])
    again = log.checkout("shelf-a")
    assert again is first
    assert log.read == [("shelf-a", 3, None)]
    other = log.checkout("shelf-a")
    assert other is not first and (other.version, other.rows) == (3, first.rows)


def test_what_somebody_else_recorded_meanwhile_is_applied(log: Log) -> None:
    log.fill("shelf-a", 3)
    log.cache.checkin([log.checkout("shelf-a")])
    log.add("shelf-a", ShelfFilled(row=9, books=9), ShelfEmptied())
    found = log.checkout("shelf-a")
    assert (found.version, found.rows[9], found.state) == (5, 9, "gone")
    assert log.read == [("shelf-a", 3, None)]


def test_what_is_not_on_record_is_nothing(log: Log) -> None:
    assert log.checkout("shelf-a") is None
    assert log.read == [("shelf-a", 0, EVERY)]


def test_a_correction_makes_the_aggregate_anew(log: Log) -> None:
    log.fill("shelf-a", 2)
    log.cache.checkin([log.checkout("shelf-a")])
    change = (Change("books", 0, 5),)
    about = {"target_event": "e-2", "target_version": 2, "target_type": "ShelfFilled", "reason": "x"}
    by = {"proposed_by": "p-1", "approved_by": "p-2"}
    log.add("shelf-a", RecordCorrected(correction_id="c-1", changes=change, standing=change, **about, **by))
    assert log.checkout("shelf-a").rows == {0: 5}
    assert log.read == [("shelf-a", 2, None), ("shelf-a", 0, EVERY)]


def test_a_gap_in_what_was_read_makes_the_aggregate_anew(log: Log) -> None:
    log.fill("shelf-a", 4)
    found = log.checkout("shelf-a")
    found.version = 2
    log.cache.checkin([found])
    log.events[2:3] = []
    log.checkout("shelf-a")
    assert log.read == [("shelf-a", 2, None), ("shelf-a", 0, EVERY)]


def test_another_kind_is_not_taken_for_it(log: Log) -> None:
    class Case(Shelf):
        PREFIX = "shelf-"

    log.fill("shelf-a", 1)
    log.cache.checkin([log.checkout("shelf-a")])
    found = log.checkout("shelf-a", Case)
    assert type(found) is Case
    assert log.read == [("shelf-a", 0, EVERY)]


@pytest.mark.parametrize("unfit", ["nothing recorded", "outdated", "something unsaved"])
def test_what_is_not_as_the_log_has_it_is_not_kept(log: Log, unfit: str) -> None:
    log.fill("shelf-a", 1)
    found = log.checkout("shelf-a")
    if unfit == "nothing recorded":
        found.version = 0
    elif unfit == "outdated":
        found.outdated = True
    else:
        found.pending.append(log.events[0])
    log.cache.checkin([found])
    assert not log.is_kept("shelf-a")


# ------------------------------------------------------------------------------------------- how many


def test_the_longest_unused_go_first_when_there_are_too_many_events(log: Log) -> None:
    log.cache.most = 10
    for name in "abc":
        log.fill(f"shelf-{name}", 3)
        log.cache.checkin([log.checkout(f"shelf-{name}")])
    assert log.is_kept("shelf-a"), "nine events are kept"
    log.fill("shelf-d", 1)
    log.cache.checkin([log.checkout("shelf-d")])
    assert log.is_kept("shelf-a"), "ten are as well"
    log.fill("shelf-e", 1)
    log.cache.checkin([log.checkout("shelf-e")])
    kept = [name for name in "abcde" if f"shelf-{name}" in log.cache._kept]
    assert kept == ["a", "c", "d", "e"], "the eleventh puts out the one that was not used for longest"


def test_an_aggregate_that_has_grown_counts_once(log: Log) -> None:
    log.cache.most = 6
    log.fill("shelf-a", 3)
    first, second = log.checkout("shelf-a"), log.checkout("shelf-a")
    log.cache.checkin([first])
    log.cache.checkin([second])
    log.fill("shelf-b", 3)
    log.cache.checkin([log.checkout("shelf-b")])
    assert log.is_kept("shelf-a") and log.is_kept("shelf-b")
    assert log.cache._events == 6


def test_one_that_is_too_long_alone_is_not_kept(log: Log) -> None:
    log.cache.most = 2
    log.fill("shelf-a", 3)
    log.cache.checkin([log.checkout("shelf-a")])
    assert not log.is_kept("shelf-a")
    assert log.cache._events == 0


def test_what_is_lent_does_not_count(log: Log) -> None:
    log.cache.most = 3
    log.fill("shelf-a", 3)
    log.fill("shelf-b", 3)
    log.cache.checkin([log.checkout("shelf-a")])
    lent = log.checkout("shelf-a")
    log.cache.checkin([log.checkout("shelf-b")])
    assert log.is_kept("shelf-b")
    log.cache.checkin([lent])
    assert log.is_kept("shelf-a") and not log.is_kept("shelf-b")


def test_so_many_are_kept_and_not_one_more(log: Log) -> None:
    shelves = []
    for n in range(KEPT_MOST + 1):
        shelf = Shelf(f"shelf-{n}")
        shelf.version = 1
        shelves.append(shelf)
    log.cache.checkin(shelves[:KEPT_MOST])
    assert len(log.cache._kept) == KEPT_MOST
    log.cache.checkin(shelves[KEPT_MOST:])
    assert len(log.cache._kept) == KEPT_MOST
    assert "shelf-0" not in log.cache._kept and "shelf-1" in log.cache._kept


# ------------------------------------------------------------------------------------------- snapshots


class Kept(NoSnapshots):
    """Snapshots in a dictionary, and which were asked for."""

    def __init__(self) -> None:
        self.held: dict[str, Snapshot] = {}
        self.asked: list[str] = []

    def find(self, stream: str) -> Snapshot | None:
        self.asked.append(stream)
        return self.held.get(stream)

    def keep(self, snapshot: Snapshot) -> None:
        self.held[snapshot.stream] = snapshot


@pytest.mark.parametrize(("length", "asked"), [(4, []), (5, ["shelf-a"]), (6, ["shelf-a"])])
def test_only_a_stream_that_is_long_enough_is_asked_for_a_snapshot(
    log: Log, monkeypatch: pytest.MonkeyPatch, length: int, asked: list[str]
) -> None:
    monkeypatch.setattr(cache_module, "EVERY", 5)
    log.cache.snapshots = kept = Kept()
    log.fill("shelf-a", length)
    assert log.checkout("shelf-a").version == length
    assert kept.asked == asked
    assert log.read == [("shelf-a", 0, 5)] + [("shelf-a", 5, None)] * bool(asked)


def test_from_a_snapshot_only_what_came_since_is_read(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "EVERY", 5)
    log.fill("shelf-a", 12)
    snapshot = taken(Shelf.replay(None, log.events[:10]))  # type: ignore[arg-type]
    assert snapshot is not None
    log.cache.snapshots = kept = Kept()
    kept.keep(snapshot)
    found = log.checkout("shelf-a")
    assert (found.version, len(found.rows)) == (12, 11)
    assert log.read == [("shelf-a", 0, 5), ("shelf-a", 10, None)]


def test_a_snapshot_is_taken_at_every_so_many_events(
    record: TestRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "EVERY", 3)
    record.application.cache.snapshots = kept = Kept()
    tell(record, "put_up", place="入口")
    versions = []
    for n in range(6):
        tell(record, "fill_row", row=n)
        versions.append(kept.held["shelf-a"].version if kept.held else None)
    assert versions == [None, 3, 3, 3, 6, 6]


def test_a_batch_that_passes_a_multiple_takes_one_as_it_stands_then(
    record: TestRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "EVERY", 3)
    record.application.cache.snapshots = kept = Kept()
    with record.application.batch() as batch:
        tell_in(batch, "put_up", place="入口")
        for n in range(3):
            tell_in(batch, "fill_row", row=n, books=n)
        tell_in(batch, "put_up", "shelf-b", place="奥")
    assert {stream: s.version for stream, s in kept.held.items()} == {"shelf-a": 4}
    again = restored(Shelf, kept.held["shelf-a"])
    assert again is not None and again.rows == {0: 0, 1: 1, 2: 2}


def test_none_is_taken_of_what_is_outdated_or_cannot_be_held(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "EVERY", 1)
    log.cache.snapshots = kept = Kept()
    log.fill("shelf-a", 1)
    shelf = log.checkout("shelf-a")
    shelf.outdated = True
    log.cache.keep_snapshots(log.events, {"shelf-a": shelf})
    assert kept.held == {}
    shelf.outdated, shelf.lamp = False, object()
    log.cache.keep_snapshots(log.events, {"shelf-a": shelf})
    assert kept.held == {}
    del shelf.lamp
    log.cache.keep_snapshots(log.events, {})
    assert kept.held == {}
    log.cache.keep_snapshots(log.events, {"shelf-a": shelf})
    assert kept.held.keys() == {"shelf-a"}


def test_a_record_without_snapshots_finds_and_keeps_none() -> None:
    none = NoSnapshots()
    none.keep(Snapshot("shelf-a", 1, "x", b""))
    assert none.find("shelf-a") is None


def test_what_is_kept_is_what_the_settings_say() -> None:
    """50,000 events are some tens of megabytes, 512 aggregates the meetings and matters of some years."""
    assert (AggregateCache(lambda *_: [], lambda e: e).most, KEPT_MOST, EVERY) == (50_000, 512, 200)
