"""What fields are called: declared once, beside the field, or once for what several aggregates share."""

from __future__ import annotations

from collections import defaultdict
from typing import ClassVar

import msgspec
import pytest

from domain.kernel.events import EVENTS, Event
from domain.kernel.field_words import SHARED, field_words, own_words, structs_inside, words_of
from domain.kernel.when import RECORDING
from domain.values.fields import Line

STRUCTS = [
    struct
    for struct in structs_inside(e for e in EVENTS.values() if e.__module__.startswith("domain."))
    if own_words(struct)
]
FIELDS_OF_EVENTS = {
    name
    for struct in structs_inside(e for e in EVENTS.values() if e.__module__.startswith("domain."))
    for name in struct.__struct_encode_fields__
}


class HouseMoved(Event):
    WHEN = RECORDING
    LABEL = ("架空の引越", "House moved")
    FIELDS: ClassVar = {"to": ("引越先", "Moved to")}
    to: Line
    reason: Line


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_a_class_names_fields_it_has_or_had(struct: type[msgspec.Struct]) -> None:
    has = {*struct.__struct_encode_fields__, *getattr(struct, "FORMER_FIELDS", ())}
    assert own_words(struct).keys() - has == set()


def test_a_name_is_declared_once_and_what_is_shared_is_not_repeated() -> None:
    """A name that another class declares needs no words here; with another meaning, the general one belongs
    to the table of what all share."""
    declared = defaultdict(list)
    for struct in STRUCTS:
        for name, words in own_words(struct).items():
            declared[name].append(struct.__name__)
            assert SHARED.get(name) != words, f"{struct.__name__} repeats the shared words of {name}"
    twice = {name: kinds for name, kinds in declared.items() if len(kinds) > 1 and name not in SHARED}
    assert twice == {}


def test_what_is_shared_is_used_by_several_aggregates() -> None:
    packages = defaultdict(set)
    for struct in structs_inside(e for e in EVENTS.values() if e.__module__.startswith("domain.")):
        room = (
            struct.__module__
            if struct.__module__.startswith("domain.values")
            else struct.__module__.split(".")[1]
        )
        for name in struct.__struct_encode_fields__:
            packages[name].add(room)
    assert {name for name in SHARED if len(packages[name]) < 2} == set()


@pytest.mark.parametrize("name", sorted(FIELDS_OF_EVENTS))
def test_every_field_that_an_event_holds_is_called_something_in_both_languages(name: str) -> None:
    ja, en = words_of(name) or ("", "")
    assert not ja.isascii() and en, name


def test_the_words_of_a_field_do_not_depend_on_who_shares_them() -> None:
    assert {name: field_words()[name] for name in SHARED} == SHARED


def test_an_event_may_mean_something_of_its_own_by_a_shared_name() -> None:
    assert words_of("to", HouseMoved) == ("引越先", "Moved to")
    assert words_of("to") == SHARED["to"]
    assert words_of("reason", HouseMoved) == ("理由", "Reason")
    assert words_of("nonsense") is None


def test_the_parts_of_a_field_have_words_too() -> None:
    assert field_words()["for"] == ("賛成", "For")
    assert field_words()["precision"] == ("精度", "Precision")


def test_words_that_are_shared_stay_what_they_are() -> None:
    before = dict(SHARED)
    field_words.cache_clear()
    assert field_words().items() >= before.items() and before == SHARED


def test_a_field_has_the_words_of_its_event_else_those_of_any() -> None:
    class OfItsOwn(Event):
        WHEN = RECORDING
        FIELDS: ClassVar = {"reason": ("わけ", "Why")}
        reason: Line = "x"

    assert words_of("reason", OfItsOwn) == ("わけ", "Why")
    assert words_of("reason") == field_words()["reason"] != ("わけ", "Why")
    assert words_of("note", OfItsOwn) == words_of("note")
    assert words_of("no_such_field", OfItsOwn) is None


def test_the_words_that_all_share_stay_as_they_are() -> None:
    before = dict(SHARED)
    field_words.cache_clear()
    assert field_words().items() > before.items()
    assert before == SHARED
