"""Aggregates kept between commands, and snapshots of long streams: the same as a full replay, or not used."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import domain.recording.aggregate_cache
import domain.recording.snapshots
from domain.kernel.events import Recorded
from domain.kernel.record import KINDS, Record, kind_of
from domain.party.aggregate import CONSENT_GIVEN
from domain.recording.aggregate_cache import AggregateCache
from domain.recording.application import command_named
from domain.recording.snapshots import Snapshot, restored, taken
from domain.sample.record import make_sample
from domain.values.refusal import Refusal
from tests.support.given import TestRecord

PERSON = ("SEC", "Party", "p-1")


class Kept:
    """Snapshots in a dictionary."""

    def __init__(self) -> None:
        self.held: dict[str, Snapshot] = {}

    def find(self, stream: str) -> Snapshot | None:
        return self.held.get(stream)

    def keep(self, snapshot: Snapshot) -> None:
        self.held[snapshot.stream] = snapshot


@cache
def streams() -> dict[str, list[Recorded[Any]]]:
    """A fictional record's events by stream, and a disclosure request: nobody in the story asks for one."""
    record = TestRecord()
    make_sample(record.application, events=2_000)
    asked = {"kind": "information", "received_on": "2026-04-01", "due_on": "2026-04-16"}
    item = {"item_id": "item-1", "what": "打合せの記録（架空）"}
    record.do("SEC", "DisclosureRequest", "request-1", "receive", **asked, requested=[item])
    withdrawn = {"on": "2026-04-02", "reason": "架空"}
    record.do("SEC", "DisclosureRequest", "request-1", "withdraw", **withdrawn)
    found: dict[str, list[Recorded[Any]]] = defaultdict(list)
    for e in record.events:
        found[e.stream].append(e)
    return dict(found)


def of_a_matter() -> list[Recorded[Any]]:
    """The events of the longest matter."""
    return max((e for s, e in streams().items() if kind_of(s).__name__ == "Matter"), key=len)


def state_of(aggregate: Record | None) -> dict[str, Any]:
    assert aggregate is not None
    return {name: value for name, value in vars(aggregate).items() if name != "pending"}


def replayed(events: list[Recorded[Any]]) -> Record:
    found = kind_of(events[0].stream).replay(None, events)
    assert found is not None
    return found


def present_of(events: list[Recorded[Any]], snapshot: Snapshot | None) -> AggregateCache:
    """What is kept of a record with this one stream: nothing but a snapshot."""

    def read(stream: str, after: int, limit: int | None) -> list[Recorded[Any]]:
        return [e for e in events if e.version > after][:limit]

    present = AggregateCache(read, lambda e: e)
    present.snapshots = Kept()
    if snapshot is not None:
        present.snapshots.keep(snapshot)
    return present


@pytest.fixture
def short_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streams are long from the second event on."""
    monkeypatch.setattr(domain.recording.aggregate_cache, "EVERY", 2)


def test_every_kind_of_aggregate_is_among_the_streams() -> None:
    assert {kind_of(stream).__name__ for stream in streams()} == KINDS.keys()


@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_a_snapshot_and_what_follows_are_the_full_replay(kind: str, data: st.DataObject) -> None:
    of_kind = sorted(s for s in streams() if kind_of(s).__name__ == kind)
    events = streams()[data.draw(st.sampled_from(of_kind))]
    at = data.draw(st.integers(1, len(events)))
    snapshot = taken(replayed(events[:at]))
    assert snapshot is not None
    again = msgspec.json.decode(msgspec.json.encode(snapshot), type=Snapshot)
    aggregate = restored(KINDS[kind], again)
    assert state_of(aggregate) == state_of(replayed(events[:at]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(domain.recording.aggregate_cache, "EVERY", 1)
        found = present_of(events, snapshot).checkout(KINDS[kind], events[0].stream)
    assert state_of(found) == state_of(replayed(events))


@pytest.mark.parametrize(
    "change",
    [
        {"fingerprint": "of other code"},
        {"state": b"not JSON"},
        {"state": b"[]"},
        {"state": b"{}"},
        {"state": b'{"plain":{"version":["os:system","x"]},"events":{}}'},
        {"state": b'{"plain":{},"events":{"version":["os:system",{}]}}'},
        {"version": 1},
    ],
    ids=[
        "older code",
        "not JSON",
        "a list",
        "nothing",
        "a foreign class",
        "foreign events",
        "another version",
    ],
)
@pytest.mark.usefixtures("short_streams")
def test_a_snapshot_that_is_outdated_or_damaged_is_passed_over(
    change: dict[str, Any],
) -> None:
    events = of_a_matter()
    good = taken(replayed(events[:4]))
    assert good is not None
    bad = msgspec.structs.replace(good, **change)
    kind = kind_of(events[0].stream)
    assert restored(kind, bad) is None
    assert state_of(present_of(events, bad).checkout(kind, events[0].stream)) == state_of(replayed(events))


@pytest.mark.usefixtures("short_streams")
def test_a_snapshot_is_used_where_there_is_one() -> None:
    """So that the tests above do not hold because no snapshot is ever used."""
    events = of_a_matter()
    snapshot = taken(replayed(events[:4]))
    assert snapshot is not None
    state = msgspec.json.decode(snapshot.state)
    state["plain"]["question"] = "told by the snapshot alone"
    told = msgspec.structs.replace(snapshot, state=msgspec.json.encode(state))
    found = present_of(events, told).checkout(kind_of(events[0].stream), events[0].stream)
    assert state_of(found)["question"] == "told by the snapshot alone"


@pytest.mark.usefixtures("short_streams")
def test_snapshots_are_taken_of_long_streams_and_the_events_stay_as_they_are(record: TestRecord) -> None:
    kept = record.application.cache.snapshots = Kept()
    record.do(*PERSON, "register_person", name="架空 太郎")
    assert not kept.held
    record.do(*PERSON, "give_name_consent")
    snapshot = kept.held[record.events[0].stream]
    assert (snapshot.version, "架空".encode() in snapshot.state) == (2, False)
    assert [e.version for e in record.events] == [1, 2]


def test_what_another_writer_recorded_is_seen(record: TestRecord) -> None:
    """Two applications on one log, as two processes are."""
    other = TestRecord()
    other.application.recorder = record.application.recorder
    other.application.events.recorder = record.recorder
    record.do(*PERSON, "register_person", name="架空 太郎")
    give_and_withdraw = ["give_name_consent", "withdraw_name_consent"]
    for n, name in enumerate(give_and_withdraw * 3):
        (record, other)[n % 2].do(*PERSON, name)
    assert [e.version for e in record.events] == list(range(1, 8))


def test_a_refused_command_leaves_no_trace_in_what_is_kept(record: TestRecord) -> None:
    record.do(*PERSON, "register_person", name="架空 太郎")
    stream = record.events[0].stream
    command = command_named("Party", "give_name_consent")

    def halfway(aggregate: Any) -> None:
        command.method(aggregate)
        aggregate.may_be_named = "spoilt"
        raise CONSENT_GIVEN()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "run", lambda aggregate, _: halfway(aggregate))
        with pytest.raises(Refusal):
            record.do(*PERSON, "give_name_consent")
    party = record.application.cache.checkout(KINDS["Party"], stream)
    assert state_of(party) == state_of(replayed(record.events))
