"""Correcting views: when an event has been corrected, every row it made is made anew from what stands now.

The log keeps both, the event as it was recorded and its correction. A row of an append-only table depends on
one event, and is folded again from it. Any other row is folded again from the events that made it: those of
the corrected event's stream, and of other streams where the row says that they had a part in it. So whatever
a row derives from an event, a state, a sum, a sort key, follows its correction, and where a corrected date
or name makes other rows than before, those go and these come. What an entry said before stands beside it, in
``corrections``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from domain.kernel.corrected import as_corrected
from domain.kernel.correction_events import CORRECTING, RecordCorrected
from domain.kernel.events import Recorded
from projections.engine.view import CorrectableRows, Handler, Key, Row, View, ViewTable


def correct_rows(views: Iterable[View], e: Recorded[Any], rows: CorrectableRows) -> None:
    """Bring every row that the corrected event made, or makes now, up to what stands after ``e``. What was
    withdrawn makes none."""
    recorded = list(rows.events(e.stream, e.position))
    before = _Stream(recorded[:-1])
    after = _Stream(recorded)
    for view in views:
        for table in view.tables:
            _correct_table(table, e, before, after, rows)


class _Stream:
    """The events of a stream as they stand at a place, and what corrected them until there."""

    def __init__(self, recorded: Sequence[Recorded[Any]]):
        self.events = as_corrected(recorded)
        self.marks: dict[str, list[Row]] = {}
        """What an entry says of the corrections of its event, by the event's id."""
        for made in recorded:
            if type(made.data) is RecordCorrected:
                self.marks.setdefault(made.data.target_event, []).append(_mark(made))

    def version(self, version: int) -> Recorded[Any] | None:
        """The event with this version, as it stands; None if none does."""
        return next((e for e in self.events if e.version == version), None)


def _mark(made: Recorded[RecordCorrected]) -> Row:
    return {
        "position": made.position,
        "event_id": made.event_id,
        "recorded_at": made.recorded_at,
        "changes": made.data.changes,
        "reason": made.data.reason,
        "role": made.actor.role,
    }


def _correct_table(
    table: ViewTable, e: Recorded[Any], before: _Stream, after: _Stream, rows: CorrectableRows
) -> None:
    was, now = before.version(e.data.target_version), after.version(e.data.target_version)
    touched = [k for target in (was, now) if target is not None for _, k in _touched(table, target)]
    keys = list(dict.fromkeys(touched))
    if not keys:
        return
    if table.append_only:
        made = dict.fromkeys(keys) | ({} if now is None else _made_by(table, now))
        marks = after.marks
    else:
        others = _others(table, e, keys, rows)
        made = _folded_again(table, keys, sorted([*after.events, *others.events], key=lambda x: x.position))
        marks = after.marks | others.marks
    for row in made.values():
        if row is not None:
            _put_marks(table, row, marks)
    rows.rewrite(table, made)


def _touched(table: ViewTable, e: Recorded[Any]) -> Iterator[tuple[Handler, Key]]:
    for handler in table.handlers_of(e):
        for k in handler.keys(e):
            yield handler, k if isinstance(k, tuple) else (k,)


def _made_by(table: ViewTable, e: Recorded[Any]) -> dict[Key, Row | None]:
    """The rows that one event makes."""
    return _folded_again(table, [k for _, k in _touched(table, e)], [e])


def _folded_again(
    table: ViewTable, keys: Iterable[Key], events: Iterable[Recorded[Any]]
) -> dict[Key, Row | None]:
    """The rows with these keys, made by these events from the beginning."""
    made: dict[Key, Row | None] = dict.fromkeys(keys)
    for e in events:
        for handler, k in _touched(table, e):
            if k not in made or (made[k] is None and isinstance(e.data, CORRECTING)):
                continue  # what is said of the record begins nothing
            row = made[k] = handler.fold(made[k], e, k[0] if len(k) == 1 else k)
            if row is not None:
                row.update(zip(table.key_columns, k, strict=True))
    return made


def _others(table: ViewTable, e: Recorded[Any], keys: Sequence[Key], rows: CorrectableRows) -> _Stream:
    """The events of other streams that these rows were made from too, by what they say of themselves."""
    held = rows.fetch(table, keys).values()
    named = {position for row in held for position in table.made_at(row)} - {e.position}
    streams = {other.stream for other in rows.events_at(sorted(named))} - {e.stream}
    entries = _Stream([])
    for stream in sorted(streams):
        other = _Stream(list(rows.events(stream, e.position)))
        entries.events += other.events
        entries.marks |= other.marks
    return entries


def _put_marks(table: ViewTable, row: Row, marks: dict[str, list[Row]]) -> None:
    if not marks:
        return
    for name in table.json_columns:
        row[name] = msgspec.json.decode(msgspec.json.encode(row.get(name)))
        for entry in _entries(row[name]):
            envelope = entry.get("said", entry)
            if envelope["event_id"] in marks:
                envelope["corrections"] = marks[envelope["event_id"]]


def _entries(value: Any) -> Iterator[dict[str, Any]]:
    """What events said, wherever in a document it stands: as an entry, or as the document itself."""
    if isinstance(value, list):
        for inner in value:
            yield from _entries(inner)
    elif isinstance(value, dict):
        envelope = value.get("said")
        if isinstance(value.get("event_id"), str) or (isinstance(envelope, dict) and "event_id" in envelope):
            yield value
        for name, inner in value.items():
            if name != "said":
                yield from _entries(inner)
