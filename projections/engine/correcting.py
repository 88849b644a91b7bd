"""Correcting views: when an event has been corrected, every row it made shows what stands now, with a mark.

The log keeps both, the event as it was recorded and its correction. A row of an append-only table depends on
one event, so it is folded again from the corrected event. Any other row holds what the event said as an
entry with the event's id: there the fields are changed. Whatever a table sums up by itself it corrects in a
fold of its own for RecordCorrected, and is then left alone here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from domain.kernel.corrected import corrected, value_at
from domain.kernel.correction_events import EFFECTIVE, Change, RecordCorrected
from domain.kernel.events import Recorded
from projections.engine.event_json import date_fields, fields_of, main_text
from projections.engine.view import CorrectableRows, Row, View, ViewTable

TITLES = ("title", "closed_title", "text", "name")
"""Columns that hold the text by which an event's subject is known, whatever its field is called."""


def correct_rows(views: Iterable[View], e: Recorded[RecordCorrected], rows: CorrectableRows) -> None:
    """Bring every row that the corrected event made up to what stands after ``e``."""
    recorded = rows.event(e.stream, e.data.target_version)
    earlier = [c for c in e.data.standing if c not in e.data.changes]
    before, after = corrected(recorded, earlier), corrected(recorded, e.data.standing)
    for view in views:
        for table in view.tables:
            if RecordCorrected not in table.handlers:
                _correct_table(table, before, after, e, rows)


def _correct_table(
    table: ViewTable,
    before: Recorded[Any],
    after: Recorded[Any],
    e: Recorded[RecordCorrected],
    rows: CorrectableRows,
) -> None:
    for handler in table.handlers_of(before):
        for given in handler.keys(before):
            key = given if isinstance(given, tuple) else (given,)
            held = rows.fetch(table, [key]).get(key)
            if held is None:
                continue
            if table.append_only:
                row = handler.fold(None, after, given) or held
                row.update(zip(table.key_columns, key, strict=True))
            else:
                row = held
                _patch_columns(table, row, before, after, e.data.changes)
            for name in table.json_columns:
                row[name] = msgspec.json.decode(msgspec.json.encode(row.get(name)))
                for entry in _entries(row[name], before.event_id):
                    _patch_entry(entry, after, e)
            rows.rewrite(table, {key: row})


def _entries(value: Any, event_id: str) -> Iterator[dict[str, Any]]:
    """What the event said, wherever in a document it stands: as an entry, or as the document itself."""
    if isinstance(value, list):
        for inner in value:
            yield from _entries(inner, event_id)
    elif isinstance(value, dict):
        said = value.get("said")
        if value.get("event_id") == event_id or (isinstance(said, dict) and said.get("event_id") == event_id):
            yield value
        for name, inner in value.items():
            if name != "said":
                yield from _entries(inner, event_id)


def _patch_entry(entry: Row, after: Recorded[Any], e: Recorded[RecordCorrected]) -> None:
    plain = fields_of(after)
    envelope = entry.get("said", entry)
    for change in e.data.standing:
        top = change.field.partition(".")[0]
        if change.field == EFFECTIVE:
            envelope["effective"] = date_fields(after.effective)
        elif top in entry:
            entry[top] = plain[top]
    envelope.setdefault("corrections", []).append(
        {
            "position": e.position,
            "recorded_at": e.recorded_at,
            "changes": e.data.changes,
            "reason": e.data.reason,
        }
    )


def _patch_columns(
    table: ViewTable,
    row: Row,
    before: Recorded[Any],
    after: Recorded[Any],
    changes: Iterable[Change],
) -> None:
    """Columns named after a corrected field, and the title if it was taken from one."""
    for change in changes:
        top = change.field.partition(".")[0]
        if top in table.columns and top not in table.json_columns and change.field == top:
            row[top] = _as_column(value_at(after, top))
    title = main_text(before.data)
    if title is not None and title != main_text(after.data):
        for name in TITLES:
            if name in table.columns and row[name] == title:
                row[name] = main_text(after.data)


def _as_column(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value
