"""An event as views keep it: what it said and its envelope, as plain values and without a word of ours.

What types and dates are called is added when somebody reads (projections/answers/labels.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from domain.kernel.events import Recorded
from domain.kernel.roles import ROLE_NAMES
from domain.values.calendar import EffectiveDate

Json = dict[str, Any]

TITLE_FIELDS = (
    "title_ja",
    "name_ja",
    "title",
    "name",
    "label_ja",
    "caption",
    "heading_ja",
    "heading",
    "question",
    "item_ja",
    "aim_ja",
    "text_ja",
    "text",
    "label",
)


def main_text(data: Any) -> str | None:
    """The text by which a reader knows what the event is about; None if it has none."""
    for name in TITLE_FIELDS:
        value = getattr(data, name, None)
        if isinstance(value, str):
            return value
    return None


def public_author(author: str | None) -> str | None:
    """Who said something, as anybody may know it: a role or an organisation, never a person."""
    return author if author in ROLE_NAMES or (author or "").startswith("org-") else None


def bilingual(ja: str, en: str) -> Json:
    """A sentence in both languages."""
    return {"ja": ja, "en": en}


def date_fields(date: EffectiveDate) -> Json:
    """An effective date with its precision, bounds and basis, none of them left out."""
    return dict(_date_fields(date))


@lru_cache(maxsize=1_024)
def _date_fields(date: EffectiveDate) -> Mapping[str, Any]:
    """Several views keep the same date, so it is taken apart once. All values are text or null: a copy of
    what is kept shares nothing that could be changed."""
    return {
        **msgspec.to_builtins(date),
        "value": date.value,
        "precision": date.precision,
        "basis": date.basis,
        "earliest": date.earliest.isoformat() if date.earliest else None,
        "latest": date.latest.isoformat() if date.latest else None,
    }


def written_json(e: Recorded[Any]) -> Json:
    """Who wrote an event down, in which role, and what kind of evidence there was beside a document; nothing
    where whoever did it wrote it down too."""
    if e.recorded_by is None:
        return {}
    seen = e.evidence
    kind = None if seen is None else {"kind": seen.kind, "on": seen.on.isoformat() if seen.on else None}
    return {"recorded_by": e.recorded_by.role, "evidence": kind}


def envelope_json(e: Recorded[Any]) -> Json:
    """The envelope of an event as views keep it beside what it said: when, by whom, how certain, whence."""
    return {
        **written_json(e),
        "position": e.position,
        "event_id": e.event_id,
        "effective": date_fields(e.effective),
        "recorded_at": e.recorded_at.isoformat().replace("+00:00", "Z"),
        "role": e.actor.role,
        "asserted_by": e.asserted_by,
        "certainty": e.certainty,
        "reason": getattr(e.data, "reason", None) or e.reason,
        "legal_basis": e.legal_basis,
        "source": e.source,
        "document_no": getattr(e.data, "document_no", None) or e.document_no,
        "note": e.note,
    }


def fields_of(e: Recorded[Any], *, leave_out: tuple[str, ...] = ()) -> Json:
    """All fields of an event's data as plain values: unknown ones as null, defaults as they are."""
    data = e.data
    return {
        name: _plain(getattr(data, attribute))
        for attribute, name in zip(data.__struct_fields__, data.__struct_encode_fields__, strict=True)
        if name not in leave_out
    }


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int) else msgspec.to_builtins(value)


def event_json(e: Recorded[Any], *, leave_out: tuple[str, ...] = ()) -> Json:
    """What an event said, with its envelope under ``said``."""
    return {**fields_of(e, leave_out=leave_out), "said": envelope_json(e)}
