"""The timeline as a reader may see it: what has been closed since it was entered says only that it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from domain.kernel.closed_values import cut
from domain.kernel.closing import SPEAKER_FIELDS, ClosedParts, event_part
from domain.kernel.events import EVENTS
from domain.values.calendar import EffectiveDate
from domain.values.disclosure import Disclosure
from domain.values.money import Money
from projections.answers.labels import date_json, document
from projections.answers.ledger import MONEY_FIELDS
from projections.answers.public_cut import open_corrections
from projections.engine.event_json import Json, bilingual, public_author


def entries_seen(rows: Iterable[Any], closed: ClosedParts, *, staff: bool = False) -> list[Json]:
    """Timeline rows ready for JSON. What has been closed since it was entered says only that it is; only
    staff read which person said something."""
    entries = []
    for row in rows:
        entry = _as_json(row)
        if not staff:
            entry["asserted_by"] = public_author(entry["asserted_by"])
        why = (
            closed.parts.get(row.stream)
            or closed.parts.get(row.part)
            or closed.of_event(row.stream, entry["event_id"])
        )
        if why is not None:
            entry.update(text=None, note=None, money=None, closed=bilingual(why.stub("ja"), why.stub("en")))
            entry.pop("corrections", None)
        else:
            _cut(entry, closed, row.stream)
            if not staff and "corrections" in entry:
                hidden = {*closed.fields_of(row.stream, entry["event_id"]), *SPEAKER_FIELDS}
                entry["corrections"] = open_corrections(entry["corrections"], hidden)
        entries.append(entry)
    return entries


def _cut(entry: Json, closed: ClosedParts, stream: str) -> None:
    """Take out of an entry what of its event is redacted by itself."""
    tree = closed.tree(stream, entry["event_id"])
    if not tree:
        return
    part = event_part(stream, entry["event_id"])
    fields, why = tree.get("data", {}), closed.parts[part]
    closings = [
        fields[n]
        for n in fields
        if any(_says(original, n, entry["text"]) for original in closed.originals[part])
    ]
    is_money = not MONEY_FIELDS.isdisjoint(fields)
    if any(isinstance(closing, Disclosure) for closing in closings) or (is_money and entry["money"]):
        entry["closed"] = bilingual(why.stub("ja"), why.stub("en"))
    for closing in closings:
        entry["text"] = None if isinstance(closing, Disclosure) else cut(entry["text"], closing)
    entry["note"] = None if isinstance(tree.get("note"), Disclosure) else cut(entry["note"], tree.get("note"))
    entry["money"] = None if is_money else entry["money"]
    if "effective" in tree:
        entry["effective"] = date_json(EffectiveDate.unknown())


def _says(original: Json, name: str, text: str | None) -> bool:
    return text is not None and original["data"].get(name) == text


def _as_json(row: Any) -> Json:
    doc: Json = document(row.doc)
    ja, en = EVENTS[doc["type"]].LABEL
    doc["label"], doc["money"] = {"en": en, "ja": ja}, _money(doc["money"])
    named = {"position": row.position, "period": row.period, "kind": row.kind, "entity": row.entity}
    return named | dict(sorted(doc.items()))


def _money(amount: Json | None) -> Json | None:
    """An amount in words. (Older code kept the words: an amount without its figures stands as it is.)"""
    if amount is None or "stated_amount" not in amount:
        return amount
    money = Money(**amount)
    return {"label": money.label(), "stated_label": money.stated_label(), "yen": money.yen}
