"""A view's row as its reader may see it. The public cut: closed parts become stubs, members stay unnamed.

A closed part never vanishes: the reader sees that something is there, and why it is closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from domain.kernel.roles import ROLE_NAMES
from domain.values.disclosure import Disclosure
from projections.answers.describing import SPEAKER_FIELDS, emptied
from projections.engine.event_json import PART_FIELDS, Json, bilingual
from projections.engine.viewer import Viewer
from projections.views.plan.sealed import is_sheet, seals_for
from projections.views.record.closed_parts import ClosedParts, closed_in

KEPT = (
    "said",
    "state",
    "visibility",
    "disclosure",
    "type",
    "kind",
    "document_id",
    "item_id",
    "evidence_id",
    "sheet_id",
)
"""What a stub still tells of a closed part."""
BODIES = ("org-", "council-", "group-")
"""How the ids of those begin that are public by name."""


def row_as_seen(connection: sa.Connection, row: Json, stream: str | None, viewer: Viewer) -> Json:
    """``row`` as this reader may see it: nobody sees under a seal that is not their own, an evaluator sees
    sheets, and whoever is not of the office the public cut of the rest."""
    return rows_as_seen(connection, [(row, stream)], viewer)[0]


def rows_as_seen(
    connection: sa.Connection, rows: Iterable[tuple[Json, str | None]], viewer: Viewer
) -> list[Json]:
    """:func:`row_as_seen` for many rows, each with its stream: seals and closed parts are looked up once for
    all of them."""
    listed = list(rows)
    streams = {stream for _, stream in listed if stream}
    seals = seals_for(connection, viewer, streams)
    open_rows = [(seals.row(row, stream), stream) for row, stream in listed]
    if viewer.staff:
        return [row for row, _ in open_rows]
    own = {stream for stream in streams if viewer.sides and is_sheet(stream)}
    closed = closed_in(connection, streams - own)
    return [row if stream in own else public_row(row, closed, stream) for row, stream in open_rows]


def public_row(row: Json, closed: ClosedParts, stream: str | None) -> Json:
    """``row`` as anybody may see it."""
    whole = closed.parts.get(stream or "")
    if whole is not None:
        return _stub(row, whole)
    cut: Json = _cut(row, closed, stream)
    hidden = list(_redacted(row, closed, stream))
    if not hidden:
        return cut
    texts = {value: instead for _, value, instead in hidden if isinstance(value, str)}
    values = {(name, repr(value)): instead for name, value, instead in hidden}
    return {
        name: value
        if name in KEPT or name.endswith("_id")
        else values.get((name, repr(row.get(name))), texts.get(value, value) if _is_text(value) else value)
        for name, value in cut.items()
    }


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _redacted(value: Any, closed: ClosedParts, stream: str | None) -> Iterator[tuple[str, Any, Any]]:
    """Fields of redacted events in a row, each with its value and what stands in its place: a column, or a
    title, may repeat what an entry says."""
    if isinstance(value, list):
        for inner in value:
            yield from _redacted(inner, closed, stream)
    elif isinstance(value, dict):
        event_id = _event_of(value)
        whole = closed.of_event(stream, event_id)
        fields = closed.fields_of(stream, event_id) if whole is None else dict.fromkeys(value, whole)
        for name, ground in fields.items():
            if name not in KEPT and not name.endswith("_id") and value.get(name) is not None:
                yield name, value[name], emptied(value[name], ground)
        for inner in value.values():
            yield from _redacted(inner, closed, stream)


def _event_of(value: Json) -> str | None:
    said = value.get("said")
    found = said.get("event_id") if isinstance(said, dict) else value.get("event_id")
    return found if isinstance(found, str) else None


def _cut(value: Any, closed: ClosedParts, stream: str | None) -> Any:
    if isinstance(value, list):
        return [_cut(item, closed, stream) for item in value]
    if not isinstance(value, dict):
        return value
    for name in PART_FIELDS:
        part = closed.parts.get(f"{stream}/{value.get(name)}")
        if part is not None:
            return _stub(value, part, _shape(value, part))
    redacted = closed.of_event(stream, _event_of(value))
    if redacted is not None:
        return _stub(value, redacted, _shape(value, redacted))
    fields = closed.fields_of(stream, _event_of(value))
    cut = {
        name: openly_named(inner)
        if name == "asserted_by"
        else emptied(inner, fields[name])
        if name in fields
        else _cut(inner, closed, stream)
        for name, inner in value.items()
        if name not in SPEAKER_FIELDS or str(inner).startswith("org-")
    }
    if fields:
        cut["closed_fields"] = {n: bilingual(why.stub("ja"), why.stub("en")) for n, why in fields.items()}
        if "reason" in fields and isinstance(cut.get("said"), dict):
            cut["said"] = {**cut["said"], "reason": None}
    return cut


def openly_named(party: Any) -> Any:
    """Who says so, as anybody may know it: a body, or a role; never a person by id."""
    return party if party in ROLE_NAMES or str(party).startswith(BODIES) else None


def _shape(entry: Json, closed: Disclosure) -> Json:
    """The fields of a closed entry without what they say: whoever reads it among others finds them."""
    return {name: emptied(value, closed) for name, value in entry.items() if name not in SPEAKER_FIELDS}


def _stub(row: Json, closed: Disclosure, shape: Json | None = None) -> Json:
    kept = {**(shape or {}), **{name: row[name] for name in KEPT if name in row}}
    if isinstance(kept.get("said"), dict):
        said = kept["said"]
        kept["said"] = {
            **said,
            "asserted_by": openly_named(said.get("asserted_by")),
            "reason": None,
            "note": None,
            "document_no": None,
        }
    return {**kept, "closed": bilingual(closed.stub("ja"), closed.stub("en")), "ground": closed.ground}
