"""The words of what views keep: rows hold types and values, and what they are called is added when one reads.

A word can be mended without a row being another (docs/decisions/0018-fingerprints.md). So every reader takes
rows through here: :func:`as_read` for a row, :func:`document` for one document of a row. What older code
wrote into a row beside the values is replaced by the words of today.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec

from domain.values.calendar import EffectiveDate
from domain.values.law import Citation
from projections.engine.event_json import Json, bilingual, date_fields
from projections.engine.view import Row, ViewTable

_decode = msgspec.json.Decoder().decode


def as_read(table: ViewTable, stored: Sequence[Any]) -> Row:
    """A row of a view with its documents read, and with words."""
    row = table.as_row(stored)
    for name in table.json_columns:
        row[name] = with_words(row[name])
    return row


def document(stored: str | bytes) -> Any:
    """One document of a row, as it lies in the database, read and with words."""
    return with_words(_decode(stored))


def with_words(stored: Any) -> Any:
    """What a view keeps, with words beside its values. What is given is changed: it has just been read."""
    if type(stored) is dict:
        for name, value in stored.items():
            if name == "effective" and type(value) is dict:
                stored[name] = _dated(value)
            elif type(value) is dict or type(value) is list:
                with_words(value)
    elif type(stored) is list:
        for value in stored:
            if type(value) is dict or type(value) is list:
                with_words(value)
    return stored


def _dated(date: Json) -> Json:
    """The effective date of an envelope (no event has a field of that name), its names sorted as what is read
    from a row has them: so an answer has the same bytes whether a word stood in the row or is added."""
    value, precision, basis = date["value"], date["precision"], date["basis"]
    earliest, latest = date["earliest"], date["latest"]
    ja, en, full_ja, full_en = _words(value, precision, basis, earliest, latest)
    return {
        "basis": basis,
        "earliest": earliest,
        **({"era": date["era"]} if "era" in date else {}),
        "full_label": {"en": full_en, "ja": full_ja},
        "label": {"en": en, "ja": ja},
        "latest": latest,
        "precision": precision,
        "value": value,
    }


def date_json(date: EffectiveDate) -> Json:
    """An effective date with its precision, bounds and basis, and how to print it."""
    fields, (ja, en, full_ja, full_en) = _told(date)
    return {**fields, "label": bilingual(ja, en), "full_label": bilingual(full_ja, full_en)}


def citation_json(citation: Citation, names: dict[str, str]) -> Json:
    """An article cited, with the title of its instrument if that is on record."""
    title = names.get(citation.instrument_id)
    return {
        **msgspec.to_builtins(citation),
        "key": citation.key,
        "label": bilingual(citation.label("ja", title), citation.label("en", title)),
    }


_Words = tuple[str, str, str, str]
DATES_KEPT = 4_096
"""Dates of which the words are kept: those of some hundred trails."""


@lru_cache(maxsize=DATES_KEPT)
def _told(date: EffectiveDate) -> tuple[Json, _Words]:
    return date_fields(date), _in_words(date)


@lru_cache(maxsize=DATES_KEPT)
def _words(value: Any, precision: Any, basis: Any, earliest: Any, latest: Any) -> _Words:
    date = {"value": value, "precision": precision, "basis": basis, "earliest": earliest, "latest": latest}
    return _in_words(msgspec.convert(date, EffectiveDate))


def _in_words(date: EffectiveDate) -> _Words:
    """Its label in both languages, and both with what is not known about it."""
    ja, en = date.label("ja"), date.label("en")
    return ja, en, ja + date.uncertainty_label("ja"), en + date.uncertainty_label("en")
