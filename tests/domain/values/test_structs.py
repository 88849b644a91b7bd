"""What all values have in common: nobody changes them, and they refuse what they do not know."""

from __future__ import annotations

import importlib
import pkgutil

import msgspec
import pytest

import domain.values
from domain.kernel import correction, events, links, snapshots
from domain.values.calendar import EffectiveDate
from domain.values.disclosure import Disclosure
from domain.values.law import Citation, DocumentNo
from domain.values.money import Money
from domain.values.quorum import MajorityRule, QuorumCheck, QuorumRule, Tally
from domain.values.refusal import REFUSALS

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
    events.Actor("SEC"),
    events.Source("doc-x"),
    correction.Wanted("title", "x"),
    correction.Change("title", "x", "y"),
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
        (events.Actor("SEC"), {"role": "SEC"}),
        (events.Source("doc-x"), {"document_id": "doc-x"}),
        (correction.Change("title", None, "y"), {"field": "title", "before": None, "after": "y"}),
    ],
    ids=by_class,
)
def test_the_log_says_nothing_of_what_is_not_known(value: msgspec.Struct, told: dict[str, object]) -> None:
    """Nulls and defaults are left out, but in a correction null is what stood there."""
    assert msgspec.to_builtins(value) == told


@pytest.mark.parametrize("kind", [links.LinkBetween, snapshots.Snapshot])
def test_what_is_derived_is_not_changed_either(kind: type[msgspec.Struct]) -> None:
    made = msgspec.convert(
        {name: b"" if name == "state" else name for name in kind.__struct_fields__}
        | ({"version": 1} if "version" in kind.__struct_fields__ else {}),
        kind,
    )
    with pytest.raises(AttributeError):
        setattr(made, kind.__struct_fields__[0], "y")


# ---------------------------------------------------------------------------------------- what a no means


def codes(package: str) -> dict[str, str]:
    """The refusals that modules of a package declare, with what sort of no each is."""
    modules = [
        importlib.import_module(f"{package}.{m.name}")
        for m in pkgutil.iter_modules(importlib.import_module(package).__path__)
    ]
    declared = {id(found) for module in modules for found in vars(module).values()}
    return {code: refusal.kind for code, refusal in REFUSALS.items() if id(refusal) in declared}


def test_what_no_value_can_be_is_invalid_input() -> None:
    found = codes("domain.values")
    assert len(found) > 10
    assert {code for code, kind in found.items() if kind != "invalid"} == set()


def test_what_sort_of_no_the_kernel_says() -> None:
    """Invalid input can never be right (422), a conflict may be next time (409), and so on: it decides what a
    caller does next."""
    found = codes("domain.kernel")
    by_kind = {kind: {code for code, k in found.items() if k == kind} for kind in set(found.values())}
    assert by_kind["forbidden"] == {"FORBIDDEN", "SELF_APPROVAL"}
    assert by_kind["not_found"] == {"UNKNOWN_ID", "EVENT_UNKNOWN"}
    assert by_kind["conflict"] == {
        "ALREADY_EXISTS",
        "ALREADY_TAKEN",
        "BUSY",
        "CORRECTION_UNKNOWN",
        "REDACTION_UNKNOWN",
        "VERSION_CONFLICT",
        "WRONG_STATE",
    }
    assert by_kind["unavailable"] == {"EVENT_NEWER"}
    assert by_kind.keys() == {"forbidden", "not_found", "conflict", "invalid", "unavailable"}
