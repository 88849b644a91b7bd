"""Folding: events into rows, the same for one command, for a page of the log and for a test."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from domain.kernel.correction_events import EventWithdrawn, RecordCorrected
from domain.kernel.events import Recorded
from projections.engine.correcting import correct_rows
from projections.engine.view import CorrectableRows, Handler, Key, Row, Rows, View, ViewTable


def fold_events(views: Iterable[View], events: Sequence[Recorded[Any]], rows: CorrectableRows) -> None:
    """Fold ``events`` (in order) into all tables of ``views``: the same for one command and for a page."""
    chosen, start = list(views), 0
    for n, e in enumerate(events, 1):
        if isinstance(e.data, RecordCorrected | EventWithdrawn):
            _fold_all(chosen, events[start:n], rows)
            correct_rows(chosen, e, rows)
            start = n
    _fold_all(chosen, events[start:], rows)


def rows_read(
    views: Iterable[View], events: Sequence[Recorded[Any]]
) -> Iterator[tuple[ViewTable, list[Key]]]:
    """The rows that folding ``events`` asks for, as far as that can be told before they have positions."""
    for table in _reacting(views, events):
        if not table.append_only and (keys := _read(_touched(table, events))):
            yield table, keys


def _fold_all(views: Iterable[View], events: Sequence[Recorded[Any]], rows: Rows) -> None:
    for table in _reacting(views, events):
        work = _touched(table, events)
        if work:
            _fold_table(table, work, rows)


def _reacting(views: Iterable[View], events: Sequence[Recorded[Any]]) -> list[ViewTable]:
    """The tables that have a fold for one of these events."""
    kinds = {type(e.data) for e in events}
    tables = [table for view in views for table in view.tables]
    return [t for t in tables if t.any_event or not t.handlers.keys().isdisjoint(kinds)]


_Work = tuple[Key, Handler, Recorded[Any]]


def _touched(table: ViewTable, events: Sequence[Recorded[Any]]) -> list[_Work]:
    if not table.any_event:
        events = [e for e in events if type(e.data) in table.handlers]
    return [
        (k if isinstance(k, tuple) else (k,), handler, e)
        for e in events
        for handler in table.handlers_of(e)
        for k in handler.keys(e)
    ]


def _read(work: list[_Work]) -> list[Key]:
    """The keys of rows that may be there already."""
    return list(dict.fromkeys([k for k, handler, _ in work if not handler.fresh]))


def _fold_table(table: ViewTable, work: list[_Work], rows: Rows) -> None:
    read = () if table.append_only else _read(work)
    known = rows.fetch(table, read) if read else {}
    current: dict[Key, Row | None] = {k: known.get(k) for k, _, _ in work}
    for k, handler, e in work:
        after = handler.fold(current[k], e, k[0] if len(k) == 1 else k)
        if after is not None:
            after.update(zip(table.key_columns, k, strict=True))
        current[k] = after
    rows.write(table, {k: row for k, row in current.items() if row is not None or k in known})


class DictRows:
    """Rows in memory, for tests and for small as-of answers; ``log`` holds the events they come from."""

    def __init__(self, log: Iterable[Recorded[Any]] = ()) -> None:
        self.tables: dict[str, dict[Key, tuple[Any, ...]]] = defaultdict(dict)
        self.log: dict[str, list[Recorded[Any]]] = defaultdict(list)
        for e in log:
            self.log[e.stream].append(e)

    def events(self, stream: str, until: int) -> Sequence[Recorded[Any]]:
        return [e for e in self.log[stream] if e.position <= until]

    def events_at(self, positions: Sequence[int]) -> Sequence[Recorded[Any]]:
        return [e for own in self.log.values() for e in own if e.position in positions]

    def rewrite(self, table: ViewTable, rows: dict[Key, Row | None]) -> None:
        self.write(table, rows)

    def fetch(self, table: ViewTable, keys: Sequence[Key]) -> dict[Key, Row]:
        held = self.tables[table.name]
        return {k: table.as_row(held[k]) for k in keys if k in held}

    def write(self, table: ViewTable, rows: dict[Key, Row | None]) -> None:
        held = self.tables[table.name]
        for k, row in rows.items():
            if row is None:
                held.pop(k, None)
            else:
                held[k] = table.as_stored(row)

    def rows(self, name: str) -> list[tuple[Any, ...]]:
        """The stored rows of a table, in key order."""
        return [row for _, row in sorted(self.tables[name].items())]
