"""Every reference points to something on record."""

from __future__ import annotations

from typing import Any

import pytest

from domain.kernel.commands import Context, acting
from domain.kernel.references import is_on_record, must_exist
from domain.values.refusal import Refusal
from tests.support.shelf import NoRecord, Shelf, context


class Known(NoRecord):
    """A record with one matter, one study and one document; it notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def find(self, kind: type[Any], entity: str) -> Any:
        self.asked.append((kind.__name__, entity))
        on_record = {("Matter", "matter-1"), ("CenterStudy", "study-centre"), ("Document", "paper-1")}
        return kind if (kind.__name__, entity) in on_record else None


@pytest.mark.parametrize("entity", ["matter-1", "matter-1#option-2", "study-centre#necessity", "paper-1"])
def test_what_is_recorded_and_every_part_of_it_is_on_record(entity: str) -> None:
    assert is_on_record(Known(), entity)


@pytest.mark.parametrize("entity", ["matter-2", "matter-2#option-2", "paper-2", "x", "matter-", "#matter-1"])
def test_what_is_not_recorded_is_not(entity: str) -> None:
    assert not is_on_record(Known(), entity)


def test_only_kinds_that_may_have_such_an_id_are_asked() -> None:
    reader = Known()
    assert not is_on_record(reader, "matter-2")
    asked = {kind for kind, _ in reader.asked}
    assert "Matter" in asked and "Document" in asked and "Meeting" not in asked and "CenterStudy" not in asked


def refuse(ids: str | tuple[str, ...] | None, **how: Any) -> Refusal | None:
    now: Context = context(reader=Known(), **how)
    with acting(now):
        try:
            must_exist(Shelf("shelf-a"), ids, "/targets")
        except Refusal as refused:
            return refused
    return None


@pytest.mark.parametrize(
    "ids", [None, (), "matter-1", ("matter-1", "study-centre"), "measure-9", ("measure-9",)]
)
def test_what_may_be_referred_to(ids: Any) -> None:
    """A measure has a name of its own, of which only its plan knows."""
    assert refuse(ids) is None


@pytest.mark.parametrize(
    ("ids", "entity", "pointer"),
    [
        ("matter-2", "matter-2", "/targets"),
        (("matter-1", "measure-9", "matter-2", "matter-3"), "matter-2", "/targets/2"),
        (("measures-9",), "measures-9", "/targets/0"),
    ],
)
def test_a_reference_to_nothing_is_refused_where_it_stands(ids: Any, entity: str, pointer: str) -> None:
    refused = refuse(ids)
    assert refused is not None
    assert (refused.code, refused.pointer) == ("UNKNOWN_ID", pointer)
    assert refused.params == {"kind": "記録", "kind_en": "record", "id": entity}


def test_an_import_may_refer_to_what_comes_later() -> None:
    assert refuse("matter-2", importing=True) is None
