"""The present state of aggregates: kept between commands, and always brought up to date from the log.

A command on a stream of thousands of events must not read them all. So aggregates are kept after a command
has been saved. One is *checked out* to one unit of work at a time and is checked in only when that was saved:
a command that is refused, or fails, leaves no trace here, because what it touched is gone. What is checked
out is brought up to date from the log first, so that it does not matter who else writes. A long stream that
is not kept is read from its snapshot on (domain/recording/snapshots.py).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from threading import Lock
from typing import Any

from domain.kernel.correction_events import EventWithdrawn, RecordCorrected
from domain.kernel.events import Recorded
from domain.kernel.record import AggregateT, Record
from domain.recording.snapshots import EVERY, NoSnapshots, SnapshotStore, restored, taken

Read = Callable[[str, int, int | None], Sequence[Any]]
"""``read(stream, after, limit)``: what is stored of a stream after a version, at most so many events."""

KEPT_EVENTS = 50_000
"""Of how many events, together, aggregates are kept; the longest unused go first."""
KEPT_MOST = 512


class AggregateCache:
    """The aggregates kept between commands. Any number of threads may ask at once."""

    def __init__(self, read: Read, decode: Callable[[Any], Recorded[Any]]):
        self._read = read
        self._decode = decode
        self.snapshots: SnapshotStore = NoSnapshots()
        self.most = KEPT_EVENTS
        self._kept: OrderedDict[str, Record] = OrderedDict()
        self._events = 0
        self._lock = Lock()

    def checkout(self, kind: type[AggregateT], stream: str) -> AggregateT | None:
        """The aggregate as it stands in the log, for the caller alone; None if nothing is recorded of it."""
        aggregate = self._take(kind, stream)
        if aggregate is not None and self._brought_up_to_date(aggregate):
            return aggregate
        return self._from_log(kind, stream)

    def checkin(self, aggregates: Iterable[Record]) -> None:
        """Keep aggregates whose events have all been saved."""
        for aggregate in aggregates:
            if aggregate.version and not aggregate.outdated and not aggregate.pending:
                self._keep(aggregate)

    def keep_snapshots(self, recorded: Iterable[Recorded[Any]], aggregates: dict[str, Record]) -> None:
        """Take a snapshot of every aggregate that has come past a multiple of ``EVERY`` with these events."""
        due = {e.stream for e in recorded if e.version % EVERY == 0}
        for stream in due & aggregates.keys():
            if not aggregates[stream].outdated and (snapshot := taken(aggregates[stream])) is not None:
                self.snapshots.keep(snapshot)

    # -- the long way

    def _from_log(self, kind: type[AggregateT], stream: str) -> AggregateT | None:
        # Most streams are short and have no snapshot: to read what there is costs less than to ask for one.
        first = self._read(stream, 0, EVERY)
        if len(first) == EVERY:
            aggregate = self._from_snapshot(kind, stream)
            if aggregate is not None:
                return aggregate
            first = [*first, *self._read(stream, EVERY, None)]
        return kind.replay(None, map(self._decode, first))

    def _from_snapshot(self, kind: type[AggregateT], stream: str) -> AggregateT | None:
        snapshot = self.snapshots.find(stream)
        aggregate = restored(kind, snapshot) if snapshot is not None else None
        return aggregate if aggregate is not None and self._brought_up_to_date(aggregate) else None

    def _brought_up_to_date(self, aggregate: Record) -> bool:
        """Apply what has been recorded since; False if that changes what was recorded before."""
        for recorded in map(self._decode, self._read(aggregate.id, aggregate.version, None)):
            if (
                isinstance(recorded.data, RecordCorrected | EventWithdrawn)
                or recorded.version != aggregate.version + 1
            ):
                return False
            aggregate.apply(recorded)
        return True

    # -- what is kept

    def _take(self, kind: type[AggregateT], stream: str) -> AggregateT | None:
        with self._lock:
            aggregate = self._kept.pop(stream, None)
            if aggregate is not None:
                self._events -= aggregate.version
        return aggregate if isinstance(aggregate, kind) else None

    def _keep(self, aggregate: Record) -> None:
        with self._lock:
            before = self._kept.pop(aggregate.id, None)
            self._events += aggregate.version - (before.version if before is not None else 0)
            self._kept[aggregate.id] = aggregate
            while self._events > self.most or len(self._kept) > KEPT_MOST:
                _, gone = self._kept.popitem(last=False)
                self._events -= gone.version
