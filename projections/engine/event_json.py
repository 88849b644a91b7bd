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


def title_field(data: Any) -> str | None:
    """The field by whose text a reader knows what the event is about; None if there is none."""
    return next((name for name in TITLE_FIELDS if isinstance(getattr(data, name, None), str)), None)


def main_text(data: Any) -> str | None:
    """The text by which a reader knows what the event is about; None if it has none."""
    name = title_field(data)
    return None if name is None else getattr(data, name)


def public_author(author: str | None) -> str | None:
    """Who said something, as anybody may know it: a role or an organisation, never a person."""
    return author if author in ROLE_NAMES or (author or "").startswith("org-") else None


def bilingual(ja: str, en: str) -> Json:
    """A sentence in both languages."""
    return {"ja": ja, "en": en}


_DATE = ("value", "precision", "basis", "earliest", "latest")


def as_date(date: Json) -> EffectiveDate:
    """A date as views keep it, with its bounds, to compare."""
    bounds = {name: date[name] for name in _DATE if date.get(name) is not None}
    return msgspec.convert(bounds, EffectiveDate).check()


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


ORDER_COLUMNS = frozenset({"time", "moment", "concluded_time", "first_day", "last_day"})
"""Columns by which rows are put in order. They repeat dates without their precision, so no reader is shown
them."""

UNDATED_LAST, UNDATED_FIRST = "9999", "0000"
"""What stands for a time that is not known: so it comes last in a list that begins with the oldest, or with
the newest."""


def time_key(date: EffectiveDate | None, undated: str = UNDATED_LAST) -> str:
    """A date as a text by which lists are in the order of time, whatever was recorded first. What is known by
    bounds alone is not dated: that it had happened by the day of recording is no time of it."""
    if date is None or date.value is None:
        return undated
    return "/".join(date.sort_key)


def written_json(e: Recorded[Any]) -> Json:
    """Who wrote an event down, in which role, and what kind of evidence there was beside a document; nothing
    where whoever did it wrote it down too."""
    if e.recorded_by is None:
        return {}
    seen = e.evidence
    kind = None if seen is None else {"kind": seen.kind, "on": seen.on.isoformat() if seen.on else None}
    return {"recorded_by": e.recorded_by.role, "evidence": kind}


def moved_json(e: Recorded[Any]) -> Json:
    """That an import brought it here 移行, and what it knows of where it comes from; nothing of what somebody
    recorded here."""
    if e.import_batch is None:
        return {}
    recorded_there = e.source_recorded_at
    return {
        "import_batch": e.import_batch,
        "source_recorded_at": date_fields(recorded_there) if recorded_there is not None else None,
        "external_id": e.external_id,
        "source_url": e.source_url,
    }


def envelope_json(e: Recorded[Any]) -> Json:
    """The envelope of an event as views keep it beside what it said: when, by whom, how certain, whence."""
    return {
        **written_json(e),
        **moved_json(e),
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
        **({"note_en": e.note_en} if e.note_en is not None else {}),
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
