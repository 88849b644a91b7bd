"""The timeline as a reader may see it: what has been closed since it was entered says only that it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from domain.kernel.events import EVENTS
from domain.values.money import Money
from projections.answers.labels import document
from projections.engine.event_json import Json, bilingual, public_author
from projections.views.record.closed_parts import ClosedParts


def entries_seen(rows: Iterable[Any], closed: ClosedParts, *, staff: bool = False) -> list[Json]:
    """Timeline rows ready for JSON. What has been closed since it was entered says only that it is; only
    staff read which person said something."""
    entries = []
    for row in rows:
        entry = _as_json(row)
        if not staff:
            entry["asserted_by"] = public_author(entry["asserted_by"])
        hidden = closed.fields_of(row.stream, entry["event_id"])
        why = (
            closed.parts.get(row.stream)
            or closed.parts.get(row.part)
            or closed.of_event(row.stream, entry["event_id"])
            or next(iter(hidden.values()), None)
        )
        if why is not None:
            entry.update(text=None, note=None, money=None, closed=bilingual(why.stub("ja"), why.stub("en")))
        entries.append(entry)
    return entries


def _as_json(row: Any) -> Json:
    doc: Json = document(row.doc)
    ja, en = EVENTS[doc["type"]].LABEL
    doc["label"], doc["money"] = {"en": en, "ja": ja}, _money(doc["money"])
    named = {"position": row.position, "period": row.period, "kind": row.kind, "entity": row.entity}
    return named | dict(sorted(doc.items()))


def _money(kept: Json | None) -> Json | None:
    """An amount in words. (Older code kept the words: an amount without its figures stands as it is.)"""
    if kept is None or "stated_amount" not in kept:
        return kept
    money = Money(**kept)
    return {"label": money.label(), "stated_label": money.stated_label(), "yen": money.yen}
