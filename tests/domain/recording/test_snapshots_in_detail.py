"""A snapshot holds what an aggregate may hold, and comes back as what it was, or not at all."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from domain.kernel.correction_events import CorrectionDeclined, CorrectionProposed
from domain.recording import snapshots
from domain.recording.snapshots import Snapshot, restored, taken
from domain.values.calendar import EffectiveDate
from domain.values.fields import TextRule
from domain.values.money import Money
from tests.support.shelf import Shelf, ShelfFilled


@pytest.fixture(autouse=True)
def of_this_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """The code is what it is: reading all of it anew for each test would take most of the time."""
    monkeypatch.setattr(snapshots, "fingerprint", lambda: "of this code")


VALUES = {
    "nothing": None,
    "truths": [True, False],
    "numbers": [0, -1, 1.5],
    "text": "字",
    "nested lists": [[1, [2]], []],
    "a tuple": (1, (2, "x")),
    "sets": [{1, 2}, frozenset({"x"}), set()],
    "a dictionary with keys of any kind": {1: "x", ("a", 2): [3], None: {}},
    "days and moments": [dt.date(2006, 3, 1), dt.datetime(2006, 3, 1, 9, tzinfo=dt.UTC)],
    "values": {"spent": Money.of_yen(3), "on": EffectiveDate.parse("平成18年3月")},
    "a dataclass of the domain": [TextRule(3, lines=True)],
    "a list that reads like a marked one": ["dict", "x"],
}


def held(value: Any, version: int = 3) -> Shelf:
    shelf = Shelf("shelf-a")
    shelf.version, shelf.kept = version, value  # type: ignore[attr-defined]
    return shelf


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_what_an_aggregate_holds_comes_back_as_it_was(value: Any) -> None:
    snapshot = taken(held(value))
    assert snapshot is not None
    again = restored(Shelf, msgspec.json.decode(msgspec.json.encode(snapshot), type=Snapshot))
    assert again is not None
    assert again.kept == value  # type: ignore[attr-defined]
    assert type(again.kept) is type(value)  # type: ignore[attr-defined]
    assert (again.id, again.version, again.pending) == ("shelf-a", 3, [])


DECLINED = {f"fix-{n}": CorrectionDeclined(correction_id=f"fix-{n}", reason="x") for n in (1, 2)}
PROPOSED = CorrectionProposed(
    correction_id="fix-3", target_event="e-1", target_version=1, changes=(), reason="x"
)


@pytest.mark.parametrize(
    ("events", "apart"),
    [
        (DECLINED, True),
        (DECLINED | {"fix-3": PROPOSED}, False),
        ({1: DECLINED["fix-1"]}, False),
        ({1: DECLINED["fix-1"], "fix-2": DECLINED["fix-2"]}, False),
        ({}, False),
        ([DECLINED["fix-1"]], False),
        ({"fix-1": "x"}, False),
    ],
    ids=["one class", "two classes", "numbers for ids", "some numbers", "none", "a list", "texts"],
)
def test_events_of_one_class_by_their_ids_are_held_as_the_log_has_them(events: Any, apart: bool) -> None:
    """Which is most of what a long stream comes to; anything else comes back all the same."""
    snapshot = taken(held(events))
    assert snapshot is not None
    state = msgspec.json.decode(snapshot.state)
    assert ("kept" in state["events"], "kept" in state["plain"]) == (apart, not apart)
    again = restored(Shelf, snapshot)
    assert again is not None and again.kept == events  # type: ignore[attr-defined]


@dataclasses.dataclass
class Foreign:
    x: int = 1


@pytest.mark.parametrize(
    "value",
    [object(), int, TextRule, {"x": object()}, [{object()}], Path("x"), 1j],
    ids=[
        "an object",
        "a type",
        "a dataclass itself",
        "in a dictionary",
        "in a list",
        "a path",
        "a complex number",
    ],
)
def test_what_no_snapshot_can_hold_is_not_taken(value: Any) -> None:
    assert taken(held(value)) is None


@pytest.mark.parametrize("value", [[Foreign()], {"x": ShelfFilled(row=1)}, ShelfFilled(row=1)], ids=repr)
def test_nothing_but_classes_of_the_domain_is_made_from_a_snapshot(value: Any) -> None:
    snapshot = taken(held(value))
    assert snapshot is not None
    assert restored(Shelf, snapshot) is None


def marked(*kept: Any, events: Any = None) -> Snapshot:
    """A snapshot in which ``kept`` is said in this way."""
    snapshot = taken(held(None))
    assert snapshot is not None
    state = msgspec.json.decode(snapshot.state)
    state["plain"]["kept"] = list(kept)
    state["events"] |= events or {}
    return msgspec.structs.replace(snapshot, state=msgspec.json.encode(state))


@pytest.mark.parametrize(
    "kept",
    [
        ("domain.values.money:Money.of_yen", {"yen": 1}),
        ("domain.values.money:msgspec", {}),
        ("domain.values.money:Nothing", {}),
        ("domain.values.nothing:Money", {}),
        ("domainother:Money", {}),
        ("domain.values.money:Money", {"colour": "red"}),
        ("domain.values.money:Money", "x"),
        ("domain.kernel.record:Record", {"stream": "shelf-b"}),
        ("domain.values.calendar:dt.date", {}),
        ("date", "yesterday"),
        (),
    ],
    ids=repr,
)
def test_a_name_that_is_no_value_of_the_domain_is_passed_over(kept: tuple[Any, ...]) -> None:
    assert restored(Shelf, marked(*kept)) is None


def test_a_value_of_the_domain_is_made_by_its_name() -> None:
    told = {"yen": 3, "stated_amount": 3, "stated_unit": "円"}
    again = restored(Shelf, marked("domain.values.money:Money", told))
    assert again is not None and again.kept == Money.of_yen(3)  # type: ignore[attr-defined]


def test_events_that_do_not_fit_their_class_are_passed_over() -> None:
    assert restored(Shelf, marked("list", events={"more": ["domain.kernel.correction:Nothing", {}]})) is None
    wrong = ["domain.kernel.correction:CorrectionDeclined", {"x": {}}]
    assert restored(Shelf, marked("list", events={"more": wrong})) is None
    right = ["domain.kernel.correction:CorrectionDeclined", {"x": {"correction_id": "x", "reason": "y"}}]
    found = restored(Shelf, marked("list", events={"more": right}))
    assert found is not None
    assert found.more == {"x": CorrectionDeclined(correction_id="x", reason="y")}  # type: ignore[attr-defined]


def test_a_snapshot_that_lacks_what_an_aggregate_has_is_passed_over() -> None:
    snapshot = taken(held(None))
    assert snapshot is not None
    state = msgspec.json.decode(snapshot.state)
    assert set(state["plain"]) == {
        "version",
        "rows",
        "proposals",
        "standing",
        "redactions",
        "to_confirm",
        "fixes",
        "first_of",
        "stands",
        "withdrawn",
        "kept",
    }
    del state["plain"]["rows"]
    assert restored(Shelf, msgspec.structs.replace(snapshot, state=msgspec.json.encode(state))) is None


@pytest.mark.parametrize("version", [2, 4])
def test_a_snapshot_of_another_version_than_it_says_is_passed_over(version: int) -> None:
    snapshot = taken(held(None))
    assert snapshot is not None and snapshot.version == 3
    assert restored(Shelf, msgspec.structs.replace(snapshot, version=version)) is None


# ---------------------------------------------------------------------------------------- what is passed over


def saying(**plain: Any) -> Snapshot:
    """A snapshot of a shelf as it would be, with these attributes said in another way."""
    snapshot = taken(held(None))
    assert snapshot is not None
    state = msgspec.json.decode(snapshot.state)
    state["plain"] |= plain
    return msgspec.structs.replace(snapshot, state=msgspec.json.encode(state))


def test_a_snapshot_holds_neither_whose_it_is_nor_what_is_not_saved() -> None:
    snapshot = taken(held("x"))
    assert snapshot is not None and snapshot.stream == "shelf-a"
    state = msgspec.json.decode(snapshot.state)
    assert {"id", "pending"}.isdisjoint(state["plain"] | state["events"])
    assert restored(Shelf, saying()) is not None


@pytest.mark.parametrize(
    "plain",
    [
        {"kept": ["date"]},
        {"kept": ["date", 3]},
        {"kept": ["date", "yesterday"]},
        {"kept": ["nothing:Known", {}]},
        {"kept": ["domain.values.money:Money", ["x"]]},
        {"version": 4},
        {"version": None},
    ],
    ids=repr,
)
def test_whatever_is_damaged_in_a_snapshot_it_is_passed_over(plain: dict[str, Any]) -> None:
    assert restored(Shelf, saying(**plain)) is None


def test_a_snapshot_may_hold_more_than_a_new_aggregate_has_and_not_less() -> None:
    class Fewer(Shelf):
        def begin(self) -> None:
            super().begin()
            self.kept = None

    class More(Shelf):
        def begin(self) -> None:
            super().begin()
            self.kept, self.colour = None, "red"

    for kind in (Shelf, Fewer):
        assert restored(kind, saying()) is not None
    assert restored(More, saying()) is None


# -------------------------------------------------------------------------------------------- the fingerprint


class Parts:
    """Reads no code: what would be read stands in the digest."""

    def __enter__(self) -> Parts:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def digest(self, parts: Any) -> str:
        return repr(list(parts))


class One:
    @classmethod
    def handlers(cls) -> list[Any]:
        return [cls.begin, cls.end]

    def begin(self) -> None: ...

    def end(self) -> None: ...


class Two(One):
    @classmethod
    def handlers(cls) -> list[Any]:
        return []


def fingerprint_of(monkeypatch: pytest.MonkeyPatch, kinds: dict[str, Any], events: dict[str, Any]) -> str:
    monkeypatch.setattr(snapshots, "Sources", Parts)
    monkeypatch.setattr(snapshots, "KINDS", kinds)
    monkeypatch.setattr(snapshots, "EVENTS", events)
    monkeypatch.setattr(snapshots, "written_at", lambda part: part.__qualname__)
    monkeypatch.setattr(snapshots, "lifting_of", lambda event: f"how {event} is read")
    return FINGERPRINT.__wrapped__()


FINGERPRINT: Any = snapshots.fingerprint


def test_a_fingerprint_is_of_all_code_that_makes_a_state_in_one_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kinds, events = {"B": Two, "A": One}, {"Y": "y", "X": "x"}
    parts = repr(["One", "One.begin", "One.end", "Two", *snapshots._ALWAYS])
    text = "\n".join([parts, "how x is read", "how y is read"])
    digest = fingerprint_of(monkeypatch, kinds, events)
    assert digest == hashlib.sha256(text.encode()).hexdigest()
    assert {("domain.kernel.record", "Record.apply"), ("domain.recording.snapshots", "restored")} <= set(
        snapshots._ALWAYS
    )


@pytest.mark.parametrize("name", ["domain.values.money:Nothing", "domain.values.money:Currency_", "os:path"])
def test_only_a_class_of_the_domain_is_made_of_a_snapshot(name: str) -> None:
    with pytest.raises(LookupError, match=name):
        snapshots._class(name)
    assert snapshots._class("domain.values.money:Money").__name__ == "Money"
