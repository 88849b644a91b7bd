"""A view's row as its reader may see it. The public cut: closed parts become stubs, members stay unnamed.

A closed part never vanishes: the reader sees that something is there, and why it is closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from domain.kernel.closed_values import SEGMENTS, Tree, closed_leaves, emptied, is_date
from domain.kernel.closed_values import cut as cut_value
from domain.kernel.closing import ENVELOPE, PART_FIELDS, SPEAKER_FIELDS, ClosedParts, event_part
from domain.kernel.roles import ROLE_NAMES
from domain.kernel.viewer import Viewer
from domain.values.calendar import EffectiveDate
from domain.values.disclosure import Disclosure
from projections.answers.labels import date_json
from projections.engine.event_json import Json, bilingual
from projections.views.plan.sealed import is_sheet, seals_for
from projections.views.record.closed_parts import closed_in

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
    closed = closed_in(connection, streams).inside(own)
    return [
        row if stream in own and not closed.has(stream) else public_row(row, closed, stream)
        for row, stream in open_rows
    ]


def public_row(row: Json, closed: ClosedParts, stream: str | None) -> Json:
    """``row`` as anybody may see it."""
    whole = closed.parts.get(stream or "")
    if whole is not None:
        return _stub(row, whole)
    cut: Json = _cut(row, closed, stream)
    repeated = Repeated.of(closed, stream)
    return cut if repeated is None else repeated.taken_out_of(cut)


@dataclass
class Repeated:
    """What is closed of the events of a stream, so that it is closed too where a row repeats it: in a column,
    in a title, in a row of its own for each item of a list."""

    events: set[str] = field(default_factory=set)
    texts: dict[str, Any] = field(default_factory=dict)
    values: dict[tuple[str, str], Any] = field(default_factory=dict)
    """By what the field is called and what it says."""
    segments: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, closed: ClosedParts, stream: str | None) -> Repeated | None:
        prefix = event_part(stream, "")
        closed_tree = cls()
        for part, originals in closed.originals.items():
            if not part.startswith(prefix):
                continue
            event_id = part.removeprefix(prefix)
            whole = closed.of_event(stream, event_id)
            closed_tree.events.add(event_id)
            for original in originals:
                tree = closed.tree(stream, event_id)
                if whole:  # each field by itself
                    tree = {**dict.fromkeys(original, whole), "data": dict.fromkeys(original["data"], whole)}
                for name, value, instead in closed_leaves(original, tree):
                    closed_tree._add(name, value, instead)
        return closed_tree if closed_tree.events else None

    def _add(self, name: str, value: Any, instead: Any) -> None:
        if name == SEGMENTS:
            self.segments[value] = instead
        elif name not in KEPT and not name.endswith("_id"):
            self.values[name, repr(value)] = instead
            if isinstance(value, str) and (not value.isascii() or _DAY.match(value)):
                self.texts[value] = instead

    def taken_out_of(self, cut: Any, name: str = "", is_of_other: bool = False) -> Any:
        """``cut`` without what it repeats. What stands under another event is that
        event's own word, except a sentence that is closed."""
        if is_date(cut):
            if is_of_other or self.texts.keys().isdisjoint(map(str, cut.values())):
                return cut
            return date_json(EffectiveDate.unknown()) if name == "effective" else None
        if isinstance(cut, dict):
            event_id = _event_of(cut)
            is_of_other = event_id not in self.events if event_id is not None else is_of_other
            return {
                inner_name: inner
                if inner_name in KEPT or inner_name.endswith("_id")
                else self.taken_out_of(inner, inner_name, is_of_other)
                for inner_name, inner in cut.items()
            }
        if isinstance(cut, list):
            return [self.taken_out_of(inner, "", is_of_other) for inner in cut]
        if not is_of_other and cut is not None:
            if (name, repr(cut)) in self.values:
                return self.values[name, repr(cut)]
            if isinstance(cut, str) and cut in self.texts:
                return self.texts[cut]
        if isinstance(cut, str) and self.segments:
            for segment, instead in self.segments.items():
                cut = cut.replace(segment, instead)
        return cut


_DAY = re.compile(r"\d{4}-\d\d(-\d\d)?")


def _event_of(value: Json) -> str | None:
    envelope = value.get("said")
    event_id = envelope.get("event_id") if isinstance(envelope, dict) else value.get("event_id")
    return event_id if isinstance(event_id, str) else None


def _cut(value: Any, closed: ClosedParts, stream: str | None) -> Any:
    if isinstance(value, list):
        return [_cut(item, closed, stream) for item in value]
    if not isinstance(value, dict):
        return value
    for name in PART_FIELDS:
        part = closed.parts.get(f"{stream}/{value.get(name)}")
        if part is not None:
            return _stub(value, part, _shape(value, part))
    event_id = _event_of(value)
    redacted = closed.of_event(stream, event_id)
    if redacted is not None:
        return _stub(value, redacted, _shape(value, redacted))
    tree = closed.tree(stream, event_id)
    fields = tree.get("data", {})
    cut = {
        name: openly_named(inner)
        if name == "asserted_by"
        else cut_value(_cut(inner, closed, stream), fields.get(name))
        for name, inner in value.items()
        if name not in SPEAKER_FIELDS or str(inner).startswith("org-")
    }
    if tree:
        redacted_part = event_part(stream, event_id)
        why = closed.parts[redacted_part]
        words = bilingual(why.stub("ja"), why.stub("en"))
        cut["closed_fields"] = dict.fromkeys(closed.fields[redacted_part], words)
        if isinstance(cut.get("said"), dict):
            cut["said"] = _cut_envelope(cut["said"], tree)
    if isinstance(cut.get("said"), dict) and "corrections" in cut["said"]:
        made = open_corrections(cut["said"]["corrections"], {*fields, *SPEAKER_FIELDS})
        cut["said"] = {**cut["said"], "corrections": made}
    return cut


def _cut_envelope(envelope: Json, tree: Tree) -> Json:
    """An envelope without what is closed of it: nothing stands in its place, as where there was nothing."""
    closed = ((name, tree.get(name)) for name in ENVELOPE if name in envelope)
    cut = {n: None if isinstance(why, Disclosure) else cut_value(envelope.get(n), why) for n, why in closed}
    if "effective" in tree and "effective" in envelope:
        cut["effective"] = date_json(EffectiveDate.unknown())
    return {**envelope, **cut}


def openly_named(party: Any) -> Any:
    """Who says so, as anybody may know it: a body, or a role; never a person by id."""
    return party if party in ROLE_NAMES or str(party).startswith(BODIES) else None


def open_corrections(made: Iterable[Json], hidden: Iterable[str]) -> list[Json]:
    """What an entry says of its corrections, without fields that this reader does not see."""
    closed = frozenset(hidden)
    seen = [
        {**c, "changes": [x for x in c["changes"] if x["field"].partition(".")[0] not in closed]}
        for c in made
    ]
    return [c for c in seen if c["changes"]]


def _shape(entry: Json, closed: Disclosure) -> Json:
    """The fields of a closed entry without what they say: whoever reads it among others finds them."""
    return {name: emptied(value, closed) for name, value in entry.items() if name not in SPEAKER_FIELDS}


def _stub(row: Json, closed: Disclosure, shape: Json | None = None) -> Json:
    stub = {**(shape or {}), **{name: row[name] for name in KEPT if name in row}}
    if isinstance(stub.get("said"), dict):
        envelope = stub["said"]
        stub["said"] = {
            **envelope,
            "asserted_by": openly_named(envelope.get("asserted_by")),
            "reason": None,
            "note": None,
            "document_no": None,
            **{name: None for name in ("external_id", "source_url", "note_en") if name in envelope},
        }
        stub["said"].pop("corrections", None)
    return {**stub, "closed": bilingual(closed.stub("ja"), closed.stub("en")), "ground": closed.ground}
