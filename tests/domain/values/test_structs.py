"""What all values have in common: nobody changes them, and they refuse what they do not know."""

from __future__ import annotations

import datetime as dt
import importlib
import pkgutil
from typing import Any

import msgspec
import pytest

import domain.values
from domain.kernel.events import EVENTS
from domain.kernel.field_words import own_words, structs_inside, words_of
from domain.values.calendar import EffectiveDate
from domain.values.disclosure import Disclosure
from domain.values.law import Citation, DocumentNo
from domain.values.money import Money
from domain.values.quorum import MajorityRule, QuorumCheck, QuorumRule, Tally
from domain.values.refusal import Declared, Refusal

VALUES: list[msgspec.Struct] = [
    EffectiveDate(),
    Disclosure(),
    Citation("law-x"),
    DocumentNo(2008, "市協", 12),
    Money.of_yen(1),
    QuorumRule("none"),
    QuorumCheck("not_required"),
    Tally(1, 0, 0),
    MajorityRule("present", "unanimous"),
]
MODULES = [
    importlib.import_module(f"domain.values.{m.name}") for m in pkgutil.iter_modules(domain.values.__path__)
]


def by_class(value: object) -> str:
    return type(value).__name__


def test_every_value_is_among_these() -> None:
    declared = {
        found
        for module in MODULES
        for found in vars(module).values()
        if isinstance(found, type)
        and issubclass(found, msgspec.Struct)
        and found.__module__ == module.__name__
    }
    assert declared <= {type(value) for value in VALUES}


@pytest.mark.parametrize("value", VALUES, ids=by_class)
def test_nobody_changes_a_value(value: msgspec.Struct) -> None:
    with pytest.raises(AttributeError):
        setattr(value, value.__struct_fields__[0], None)
    assert hash(value) == hash(msgspec.structs.replace(value))


@pytest.mark.parametrize("value", VALUES, ids=by_class)
def test_what_a_value_does_not_know_is_refused(value: msgspec.Struct) -> None:
    """A field that is misspelt must not be read as one that was left out."""
    told = msgspec.json.decode(msgspec.json.encode(value)) | {"precission": "day"}
    with pytest.raises(msgspec.ValidationError, match="precission"):
        msgspec.convert(told, type(value))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (EffectiveDate.unknown(), {"basis": "none"}),
        (EffectiveDate("2006", "calendar_year"), {"value": "2006", "precision": "calendar_year"}),
        (Disclosure(), {}),
        (Citation("law-x", 3), {"instrument_id": "law-x", "article": 3}),
        (DocumentNo(2008, "市協", 12), {"fy": 2008, "symbol": "市協", "n": 12}),
        (QuorumRule("fixed", n=3), {"basis": "fixed", "n": 3}),
        (QuorumCheck("met", present=3), {"result": "met", "present": 3}),
    ],
    ids=by_class,
)
def test_the_log_says_nothing_of_what_is_not_known(value: msgspec.Struct, told: dict[str, object]) -> None:
    """Nulls and defaults are left out."""
    assert msgspec.to_builtins(value) == told


@pytest.mark.parametrize(
    "struct", [s for s in structs_inside(EVENTS.values()) if s.__module__.startswith("domain.values.")]
)
def test_a_field_of_a_value_has_its_words(struct: type[msgspec.Struct]) -> None:
    """Each in the class that has it, or once for all that share it."""
    fields = {*struct.__struct_encode_fields__}
    assert own_words(struct).keys() <= fields
    for name in fields:
        ja, en = words_of(name) or ("", "")
        assert not ja.isascii() and en, name


DAY = dt.date(2008, 4, 1)
REFUSED = {
    EffectiveDate: {
        "DATE_UNREADABLE": EffectiveDate("yesterday", "day"),
        "DATE_IMPOSSIBLE": EffectiveDate("2008-02-30", "day"),
        "DATE_BOUNDS": EffectiveDate("2008", "calendar_year", earliest=DAY),
    },
    Disclosure: {
        "GROUND_REQUIRED": Disclosure("closed"),
        "REVIEW_DATE_REQUIRED": Disclosure("closed", "deliberation"),
    },
    Money: {
        "MONEY_UNIT_MISMATCH": Money(1, 2, "円"),
        "MONEY_NOT_WHOLE": Money(True, 1, "円"),
    },
    QuorumRule: {"QUORUM_RULE_INCOMPLETE": QuorumRule("fixed")},
}
"""For each value that refuses anything, one that it refuses for each reason."""


@pytest.mark.parametrize("kind", REFUSED, ids=lambda kind: kind.__name__)
def test_a_value_declares_what_it_refuses(kind: Any) -> None:
    codes = [d.code for d in kind.REFUSES]
    assert sorted(codes) == sorted(REFUSED[kind]), "each once"
    for code, value in REFUSED[kind].items():
        with pytest.raises(Refusal) as refused:
            value.check()
        assert refused.value.code == code


def test_every_value_that_refuses_is_among_these() -> None:
    assert {type(value) for value in VALUES if hasattr(type(value), "REFUSES")} == set(REFUSED)


def test_what_no_value_can_be_is_invalid_input() -> None:
    """No value depends on the state of the record: what is refused here can never be right (422)."""
    found = {d.code: d.kind for m in MODULES for d in vars(m).values() if isinstance(d, Declared)}
    assert len(found) > 10
    assert {code for code, kind in found.items() if kind != "invalid"} == set()
