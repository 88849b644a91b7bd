"""What an event holds is said in words, whatever its kind: no id, no code of ours, no date of a program's and
no empty list stands in the sentence that somebody approves before it is recorded.

Of every kind of event one is made with everything said, and one with only what has to be said."""

from __future__ import annotations

import datetime as dt
import re
import types
import typing
from typing import Any, Literal

import msgspec
import pytest
from flask import Flask

from api.pages.parts.details import details, fields_of_events, names_of_dates
from api.pages.parts.names import Names
from api.pages.parts.sentences import plain
from domain.kernel.events import EVENTS, Event
from domain.values.calendar import JAPAN, EffectiveDate
from domain.values.fields import IdRule, rules_of
from projections.engine.event_json import fields_of

OWN = {name: event for name, event in EVENTS.items() if event.__module__.startswith("domain.")}
"""The events of the record, not those that other tests declare."""
SAID_BY_A_PERSON = "ことば"
DAY = dt.date(2026, 5, 20)
OF_A_PROGRAM = re.compile(r"\d{4}-\d{2}|[\[\]{}]|None|True|False|seat-01|[a-z]_[a-z]|T\d\d:\d\d")


def one_of(kind: Any, *, whole: bool) -> Any:
    """A value of a declared type."""
    if any(isinstance(rule, IdRule) for rule in rules_of(kind)):
        return "seat-01"
    if typing.get_origin(kind) is typing.Annotated:
        return one_of(kind.__origin__, whole=whole)
    arms = typing.get_args(kind)
    if typing.get_origin(kind) is Literal:
        return arms[0]
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return one_of(next(arm for arm in arms if arm is not type(None)), whole=whole)
    if typing.get_origin(kind) is tuple:
        return (one_of(arms[0], whole=whole),) if whole else ()
    if kind is EffectiveDate:
        return EffectiveDate.on(DAY)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return made(kind, whole=whole)
    simple = {bool: True, int: 3, dt.date: DAY, dt.datetime: dt.datetime(2026, 5, 20, 19, tzinfo=JAPAN)}
    return simple.get(kind, SAID_BY_A_PERSON)


def made(kind: type[Any], *, whole: bool) -> Any:
    """An event, or a part of one, as a record that is read has it."""
    hints = typing.get_type_hints(kind, include_extras=True)
    wanted = [f for f in msgspec.structs.fields(kind) if whole or f.required]
    body = {f.encode_name: msgspec.to_builtins(one_of(hints[f.name], whole=whole)) for f in wanted}
    return msgspec.convert(body, kind)


@pytest.fixture(scope="module")
def nobody_known() -> Names:
    """Names of a record on which nothing stands yet."""
    names = object.__new__(Names)
    names.things, names._of_entity, names.people = {}, {}, {}
    return names


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("whole", [True, False])
def test_what_an_event_holds_is_said_in_words(
    one_app: Flask, nobody_known: Names, whole: bool, language: str
) -> None:
    wrong = {}
    with one_app.test_request_context(f"{language}/desk"):
        one_app.preprocess_request()
        for name, event in OWN.items():
            recorded: Any = types.SimpleNamespace(data=made(event, whole=whole))
            for label, value in details(name, fields_of(recorded), nobody_known):
                text = f"{label}: {plain(value)}"
                in_ours = text.replace(SAID_BY_A_PERSON, "")
                foreign = re.search(r"[a-z]{3}", text) if not language else re.search(r"[぀-ヿ一-鿿]", in_ours)
                if OF_A_PROGRAM.search(text) or foreign or not plain(value).strip():
                    wrong[f"{name}.{label}"] = text
    assert wrong == {}


def test_a_day_or_a_moment_is_never_called_as_a_text_is() -> None:
    texts = {name for name, kind in fields_of_events() if kind is str or str in typing.get_args(kind)}
    assert names_of_dates() & texts == set()
    assert {"starts_at", "due_on", "deadline"} <= names_of_dates()


def test_every_kind_of_event_is_made_here() -> None:
    assert all(isinstance(made(event, whole=True), Event) for event in OWN.values())
