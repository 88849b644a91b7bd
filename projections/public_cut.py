"""The public cut of a view's row: closed parts become stubs, members stay unnamed.

A closed part never vanishes: the reader sees that something is there, and why it is closed.
"""

from __future__ import annotations

from typing import Any

from projections.closed_parts import ClosedParts
from projections.describing import SPEAKER_FIELDS
from projections.naming import PART_FIELDS, Json, both

KEPT = ("said", "state", "visibility", "document_id", "item_id", "evidence_id", "kind")
"""What a stub still tells of a closed part."""


def public_row(row: Json, closed: ClosedParts, stream: str | None) -> Json:
    """``row`` as anybody may see it."""
    whole = closed.parts.get(stream or "")
    if whole is not None:
        return _stub(row, whole)
    cut: Json = _cut(row, closed, stream)
    return cut


def _cut(value: Any, closed: ClosedParts, stream: str | None) -> Any:
    if isinstance(value, list):
        return [_cut(item, closed, stream) for item in value]
    if not isinstance(value, dict):
        return value
    for name in PART_FIELDS:
        part = closed.parts.get(f"{stream}/{value.get(name)}")
        if part is not None:
            return _stub(value, part)
    return {
        name: _cut(inner, closed, stream)
        for name, inner in value.items()
        if name not in SPEAKER_FIELDS or str(inner).startswith("org-")
    }


def _stub(row: Json, closed: Any) -> Json:
    kept = {name: row[name] for name in KEPT if name in row}
    return {**kept, "closed": both(closed.stub("ja"), closed.stub("en")), "ground": closed.ground}
