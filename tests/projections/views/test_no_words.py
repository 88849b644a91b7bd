"""Views keep types and values. What they are called is added on reading (projections/answers/labels.py)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from domain.kernel.events import EVENTS
from domain.values.calendar import EffectiveDate
from projections.answers import labels
from projections.answers.labels import document, with_words
from projections.engine.event_json import date_fields
from projections.engine.view import VIEWS
from projections.registry import ALL_VIEWS
from tests.support.view_rows import LOGS, events_of, rows_of

NAMES = sorted(view.name for view in ALL_VIEWS)
_CODE = re.compile(r"[A-Za-z0-9_.:/#+-]*", re.ASCII)
"""An identifier, a type, a date: nothing that a person reads as a sentence."""
_FOLDED = {"heading", "open_heading", "folded", "open_folded", "tokens", "open_tokens", "pairs"}
_DERIVED = {"search_document": _FOLDED}
"""Columns that hold what people wrote in another form: folded, read as dates and amounts, cut into pairs."""


@pytest.mark.parametrize("name", NAMES)
def test_no_row_holds_a_word_that_nobody_recorded(name: str) -> None:
    for log in LOGS:
        written = set(_written(log))
        for table, column, value in _values(name, log):
            ours = [text for text in _texts(value) if not _CODE.fullmatch(text) and text not in written]
            assert ours == [], f"{table}.{column} of {log} holds words of ours: {ours[:3]}"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_in_a_row_is_put_in_both_languages(name: str) -> None:
    for log in LOGS:
        for table, column, value in _values(name, log):
            assert _pairs(value) == [], f"{table}.{column} of {log} holds words in both languages"


def _values(name: str, log: str) -> Iterator[tuple[str, str, Any]]:
    view = VIEWS[name]
    for table in view.tables:
        for stored in rows_of(view, log)[table.name]:
            for column, value in table.as_row(stored).items():
                if column not in _DERIVED.get(table.name, ()):
                    yield table.name, column, value


def _written(log: str) -> Iterator[str]:
    """Everything that people wrote on a log, event by event."""
    for e in events_of(log):
        yield from _texts(msgspec.json.decode(msgspec.json.encode(e)))


def _texts(value: Any) -> Iterator[str]:
    """The texts in a value, names of fields included: an event may bring names of its own."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield str(name)
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _pairs(value: Any) -> list[Any]:
    if isinstance(value, dict):
        own = [value] if value.keys() == {"ja", "en"} else []
        return own + [found for inner in value.values() for found in _pairs(inner)]
    return [found for inner in value for found in _pairs(inner)] if isinstance(value, list) else []


# -------------------------------------------------------------------------------------------- reading


def test_no_event_has_a_field_that_would_be_taken_for_the_date_of_an_envelope() -> None:
    assert [name for name, event in EVENTS.items() if "effective" in event.__struct_fields__] == []


DATES = [
    EffectiveDate.parse("平成18年3月1日"),
    EffectiveDate.parse("FY2008", basis="inferred"),
    EffectiveDate.parse("2005"),
    EffectiveDate.parse("2006-03-01T10:00+09:00").check(),
    EffectiveDate.unknown(earliest=EffectiveDate.parse("2006-03-01").earliest),
]


@pytest.mark.parametrize("date", DATES, ids=lambda date: f"{date.precision}")
def test_a_date_is_read_with_its_words(date: EffectiveDate) -> None:
    kept = json.loads(json.dumps({"said": {"effective": date_fields(date)}}, sort_keys=True))
    read = with_words(kept)["said"]["effective"]
    assert read["label"] == {"ja": date.label("ja"), "en": date.label("en")}
    assert read["full_label"] == {"ja": date.full_label("ja"), "en": date.full_label("en")}
    assert {name: read[name] for name in date_fields(date)} == date_fields(date)
    assert labels.date_json(date) == read
    assert list(read) == sorted(read)


def test_a_row_that_older_code_wrote_with_words_is_read_with_those_of_today() -> None:
    date = DATES[0]
    old = {**date_fields(date), "label": {"ja": "旧", "en": "old"}, "full_label": {"ja": "旧", "en": "old"}}
    stored = json.dumps([{"said": {"effective": old}, "title": "effective"}], sort_keys=True)
    (read,) = document(stored)
    assert read["said"]["effective"]["label"] == {"ja": date.label("ja"), "en": date.label("en")}


@pytest.mark.parametrize("make", [date_fields, labels.date_json])
def test_a_date_that_one_reader_changes_is_the_same_for_the_next(
    make: Callable[[EffectiveDate], Any],
) -> None:
    first = make(DATES[0])
    same = json.dumps(first)
    for inner in first.values():
        if isinstance(inner, dict):
            inner.clear()
    first.clear()
    assert json.dumps(make(DATES[0])) == same
