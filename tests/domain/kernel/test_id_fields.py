"""What a field names that holds an identifier, and which field names a part that is made."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict

import msgspec
import pytest

from domain.kernel.events import EVENTS
from domain.kernel.field_words import structs_inside
from domain.kernel.id_fields import (
    ANYTHING,
    EITHER,
    FIXED_NAMES,
    MAKES,
    NAMED,
    Named,
    makes,
    named_by,
    parts_in,
    structs_in,
)
from domain.kernel.new_ids import made_id
from domain.kernel.record import KINDS


class Row(msgspec.Struct, frozen=True):
    item_id: str | None = None


class RequestedItem(Row, frozen=True):
    """Called as the one that makes an item."""


class Asked(msgspec.Struct, frozen=True):
    rows: tuple[Row, ...] = ()
    first: RequestedItem | None = None
    names: tuple[str, ...] = ()
    item_id: str = "item-9"


def test_one_field_of_an_event_names_what_it_makes() -> None:
    assert makes("OptionProposed", "option_id")
    assert not makes("OptionProposed", "criterion_id")
    assert not makes("OptionAmended", "option_id")
    assert not makes("LinkWithdrawn", "link_id")


def test_what_makes_something_is_an_event_or_lies_in_one() -> None:
    structs = {struct.__name__ for struct in structs_inside(EVENTS.values())}
    assert MAKES.keys() <= structs
    assert {kind for named in NAMED.values() for kind in (*named.kinds, *named.of)} <= KINDS.keys()


@pytest.mark.parametrize(
    ("owner", "field", "named"),
    [
        ("MatterRaised", "council_id", Named(("Council",))),
        ("StudyReportSubmitted", "to", Named(("Council", "Party"))),
        ("MeetingNotice", "to", Named(("Party",))),
        ("StudyReportSubmitted", "weather", ANYTHING),
        ("StudyReportSubmitted.to", "", ANYTHING),
    ],
)
def test_what_a_field_names(owner: str, field: str, named: Named) -> None:
    assert named_by(owner, field) == named


def test_who_says_nothing_names_anything() -> None:
    assert ANYTHING.is_anything
    assert not Named(("Matter",)).is_anything
    assert not Named(parts=("item_id",)).is_anything
    assert not Named(("Matter",), ("item_id",)).is_anything


def test_the_parts_that_an_event_brings_about() -> None:
    first, second = RequestedItem("item-1"), RequestedItem("item-2")
    asked = Asked(rows=(Row("item-3"), second, RequestedItem()), first=first, names=("x",))
    assert list(structs_in(asked)) == [asked, *asked.rows, first]
    assert list(parts_in(asked, "item_id")) == [("item-2", second), ("item-1", first)]
    assert list(parts_in(asked, "option_id")) == []


def test_an_id_that_the_system_makes_says_kind_year_and_nothing_else() -> None:
    bits = "10101 01011 00001 11110 00000 11111"
    number = int(bits.replace(" ", ""), 2)
    alphabet = "abcdefghijkmnpqrstuvwxyz23456789"
    expected = "".join(alphabet[int(five, 2)] for five in bits.split())
    made = made_id("matter-", dt.date(2026, 3, 31), str(uuid.UUID(int=number)))
    assert made == f"matter-2025-{expected}"


def test_an_id_begins_as_its_kind_or_what_begins_it_says() -> None:
    assert KINDS["Party"].id_prefix("register_organisation") == "org-"
    assert KINDS["Matter"].id_prefix() == KINDS["Matter"].id_prefix("raise_matter") == "matter-"
    assert KINDS["Party"].id_prefix("register_person") == KINDS["Party"].id_prefix() != "org-"


def test_every_line_of_the_tables_is_about_a_field_that_there_is() -> None:
    owners = {struct.__name__: struct for struct in structs_inside(EVENTS.values())}
    parameters = {
        name
        for kind in KINDS.values()
        for command in kind.COMMANDS.values()
        for name in (p.name for p in command.parameters())
    }
    fields = {name for struct in owners.values() for name in struct.__struct_encode_fields__} | parameters
    for name, named in NAMED.items():
        owner, _, field = name.rpartition(".")
        assert field in (owners[owner].__struct_encode_fields__ if owner else fields), name
        assert set(named.parts) <= {*MAKES.values()}, name
        assert bool(named.parts) >= bool(named.of), name
    for owner, field in MAKES.items():
        assert field in owners[owner].__struct_encode_fields__, owner
    for owner, field in FIXED_NAMES:
        assert makes(owner, field)
    assert MAKES.keys() >= EITHER


def test_whoever_has_parts_of_a_kind_makes_them() -> None:
    """A part is looked for where it is made: nowhere else, and there always."""
    made_in: dict[str, set[str]] = defaultdict(set)
    for kind in KINDS.values():
        for command in kind.COMMANDS.values():
            for struct in structs_inside([command.records]):
                if field := MAKES.get(struct.__name__):
                    made_in[field].add(kind.__name__)
    wrong = {
        name: (named.of, sorted(places))
        for name, named in NAMED.items()
        if named.of and not set(named.of) <= (places := set().union(*(made_in[part] for part in named.parts)))
    }
    assert wrong == {}
