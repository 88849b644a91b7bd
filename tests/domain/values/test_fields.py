"""What a field may hold: at its limit, one short of it and one beyond."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.values import fields
from domain.values.fields import (
    Count,
    Id,
    IdRule,
    Line,
    Ordinal,
    PersonName,
    RangeRule,
    Secret,
    TenthsOfHour,
    Text,
    TextRule,
    Url,
    Word,
    Year,
    Yen,
    checker_for,
    rules_of,
)
from domain.values.money import MONEY_UNIT_MISMATCH
from domain.values.refusal import Declared, Refusal


def refused(kind: Any, value: Any, pointer: str = "/x") -> Refusal:
    checker = checker_for(kind)
    assert checker is not None
    with pytest.raises(Refusal) as caught:
        checker(value, pointer)
    return caught.value


def accept(kind: Any, value: Any) -> None:
    checker = checker_for(kind)
    assert checker is not None
    checker(value, "/x")


# ------------------------------------------------------------------------------------------------ numbers


@pytest.mark.parametrize(
    ("kind", "least", "most"),
    [
        (Count, 0, 10_000_000),
        (Ordinal, 1, 100_000),
        (Year, 1868, 2200),
        (Yen, -(10**14), 10**14),
        (TenthsOfHour, 1, 240),
        (int, -(10**15), 10**15),
    ],
    ids=["Count", "Ordinal", "Year", "Yen", "TenthsOfHour", "int"],
)
def test_a_number_may_be_the_least_and_the_most_and_not_one_beyond(kind: Any, least: int, most: int) -> None:
    accept(kind, least)
    accept(kind, most)
    for beyond in (least - 1, most + 1):
        found = refused(kind, beyond)
        assert (found.code, found.pointer) == ("NUMBER_OUT_OF_RANGE", "/x")
        assert found.params == {"value": beyond, "least": least, "most": most}


@pytest.mark.parametrize("truth", [True, False])
def test_a_truth_is_no_number(truth: bool) -> None:
    assert refused(Count, truth).code == "NUMBER_OUT_OF_RANGE"


def test_a_truth_may_stand_where_a_text_a_number_or_a_truth_may() -> None:
    """As the value of a correction: it must not be taken for a number that is out of range."""
    for good in (True, False, 0, "x", None):
        accept(str | int | bool | None, good)
    assert refused(str | int | bool | None, 10**15 + 1).code == "NUMBER_OUT_OF_RANGE"
    assert refused(Count | None, True).code == "NUMBER_OUT_OF_RANGE"


# --------------------------------------------------------------------------------------------------- text


@pytest.mark.parametrize(
    ("kind", "limit"),
    [(Word, 80), (PersonName, 100), (Line, 300), (Text, 20_000), (str, 20_000)],
    ids=["Word", "PersonName", "Line", "Text", "str"],
)
def test_a_text_may_be_as_long_as_its_limit_and_not_one_longer(kind: Any, limit: int) -> None:
    accept(kind, "字" * limit)
    found = refused(kind, "字" * (limit + 1))
    assert (found.code, found.pointer) == ("TEXT_TOO_LONG", "/x")
    assert found.params == {"length": limit + 1, "limit": limit}


def test_an_address_may_be_as_long_as_its_limit_and_not_one_longer() -> None:
    address = "https://example.jp/"
    accept(Url, address + "a" * (2_000 - len(address)))
    assert refused(Url, address + "a" * (2_001 - len(address))).code == "TEXT_TOO_LONG"


@pytest.mark.parametrize("empty", ["", " ", "\u3000", " \u3000 "])
def test_a_text_of_nothing_but_spaces_is_empty(empty: str) -> None:
    found = refused(Line, empty)
    assert (found.code, found.pointer) == ("TEXT_EMPTY", "/x")
    accept(Line, empty + "字")


PLAIN = [
    "\x20",
    "\x7e",
    "\xa0",
    "\u2027",
    "\u202f",
    "\ufefe",
    "\uff00",
    "\ud7ff",
    "\ue000",
]
HOSTILE = [
    "\x00",
    "\x08",
    "\x0b",
    "\x0d",
    "\x1f",
    "\x7f",
    "\x80",
    "\x9f",
    "\u2028",
    "\u2029",
    "\u202a",
    "\u202e",
]
HOSTILE += ["\u2066", "\u2069", "\ufeff", "\ud800", "\udfff"]


@pytest.mark.parametrize("character", PLAIN, ids=ascii)
def test_what_stands_beside_the_forbidden_characters_is_plain_text(character: str) -> None:
    for kind in (Line, Text):
        accept(kind, f"字{character}字")


@pytest.mark.parametrize("character", HOSTILE, ids=ascii)
def test_characters_that_hide_or_turn_text_are_refused_by_their_number(character: str) -> None:
    for kind in (Line, Text):
        found = refused(kind, f"字{character}字")
        assert (found.code, found.pointer) == ("TEXT_NOT_PLAIN", "/x")
        assert found.params == {"codepoint": f"{ord(character):X}".rjust(4, "0")}


@pytest.mark.parametrize("character", ["\t", "\n"], ids=ascii)
def test_only_a_text_of_several_lines_has_tabs_and_line_feeds(character: str) -> None:
    accept(Text, f"字{character}字")
    for kind in (Line, Word, Url, PersonName):
        assert refused(kind, f"字{character}字").code == "TEXT_NOT_PLAIN"


def test_which_kinds_of_text_have_several_lines() -> None:
    lines = {kind: next(r for r in rules_of(kind) if isinstance(r, TextRule)).lines for kind in (Text, Line)}
    assert lines == {Text: True, Line: False}
    accept(str, "一行目\n二行目")


def test_a_persons_name_is_the_only_secret() -> None:
    secret = [
        kind
        for kind in (Line, Text, Word, Url, Id, PersonName)
        if any(isinstance(r, Secret) for r in rules_of(kind))
    ]
    assert secret == [PersonName]


# -------------------------------------------------------------------------------------------- identifiers


@pytest.mark.parametrize("good", ["a", "7", "a" * 80, "matter-2026-014", "x#y", f"x#{'y' * 40}", "x#-", "a-"])
def test_an_identifier_stands_in_an_address_as_it_is(good: str) -> None:
    accept(Id, good)


@pytest.mark.parametrize(
    "bad",
    ["", "-a", "A", "a_b", "a b", "字", "a" * 81, "x#", "#y", f"x#{'y' * 41}", "x#y#z", "x#Y", "a\n", "a."],
    ids=ascii,
)
def test_what_would_not_stand_in_an_address_is_no_identifier(bad: str) -> None:
    found = refused(Id, bad)
    assert (found.code, found.pointer) == ("ID_MALFORMED", "/x")
    assert found.params == {"value": bad[:80]}


# ------------------------------------------------------------------------------------- fields of a struct


class Seat(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    """With a field whose name in JSON is another, and a rule of its own."""

    from_: Ordinal
    note: Line | None = None

    def check(self) -> Seat:
        if self.note == "nobody":
            raise fields.TEXT_EMPTY().at("/note")
        if self.note == "nothing":
            raise fields.TEXT_EMPTY()
        return self


class Hall(msgspec.Struct, frozen=True):
    seats: tuple[Seat, ...] = ()
    sizes: list[Count] = []
    any_of: Ordinal | Literal["preamble"] | None = None
    one: Seat | None = None
    open: bool = True
    kind: Literal["big", "small"] = "big"
    named: Annotated[Word, "any other mark"] = "x"
    extra: Any = None


@pytest.mark.parametrize(
    ("hall", "code", "pointer"),
    [
        (Hall(seats=(Seat(1), Seat(0))), "NUMBER_OUT_OF_RANGE", "/hall/seats/1/from"),
        (Hall(seats=(Seat(1, "nobody"),)), "TEXT_EMPTY", "/hall/seats/0/note"),
        (Hall(seats=(Seat(1, "nothing"),)), "TEXT_EMPTY", "/hall/seats/0"),
        (Hall(one=Seat(1, "")), "TEXT_EMPTY", "/hall/one/note"),
        (Hall(sizes=[0, 1, -1]), "NUMBER_OUT_OF_RANGE", "/hall/sizes/2"),
        (Hall(any_of=0), "NUMBER_OUT_OF_RANGE", "/hall/any_of"),
        (Hall(named="字" * 81), "TEXT_TOO_LONG", "/hall/named"),
    ],
)
def test_a_field_is_checked_wherever_it_lies_and_told_where(hall: Hall, code: str, pointer: str) -> None:
    with pytest.raises(Refusal) as caught:
        fields.check(hall, "/hall")
    assert (caught.value.code, caught.value.pointer) == (code, pointer)


@pytest.mark.parametrize(
    "hall", [Hall(), Hall((Seat(1), Seat(2, "x")), [0], "preamble", Seat(1), False, "small", "x", object())]
)
def test_what_fits_is_accepted(hall: Hall) -> None:
    fields.check(hall)


def test_without_a_place_the_pointer_begins_at_the_struct() -> None:
    with pytest.raises(Refusal) as caught:
        fields.check(Hall(one=Seat(0)))
    assert caught.value.pointer == "/one/from"


@pytest.mark.parametrize(
    "kind",
    [bool, bytes, Any, Literal["a", "b"], bool | None, list[bool], tuple[bool, ...], Annotated[bool, "x"]],
)
def test_what_has_no_rule_is_not_checked(kind: Any) -> None:
    assert checker_for(kind) is None


def test_a_mark_that_is_no_rule_hides_none() -> None:
    assert refused(Annotated[list[Count], "any mark"], [0, -1]).pointer == "/x/1"


def test_a_word_that_is_reserved_is_not_a_text() -> None:
    either = Literal["preamble", ""] | Word
    accept(either, "preamble")
    accept(either, "")
    assert refused(either, " ").code == "TEXT_EMPTY"


def test_the_arm_that_fits_is_the_one_that_checks() -> None:
    either = Line | Count | Seat | None
    for good in ("x", 0, Seat(1), None, b"neither"):
        accept(either, good)
    assert refused(either, "").code == "TEXT_EMPTY"
    assert refused(either, -1).code == "NUMBER_OUT_OF_RANGE"
    assert refused(either, Seat(0)).pointer == "/x/from"


def test_a_truth_with_a_mark_is_a_truth_too() -> None:
    kind: Any = Count | Annotated[bool, "any other mark"]
    checker = checker_for(kind)
    assert checker is not None
    checker(True, "")
    with pytest.raises(Refusal, match="NUMBER_OUT_OF_RANGE"):
        checker(-1, "")


def test_of_two_rules_of_one_text_the_first_holds() -> None:
    short = Annotated[str, Secret(), TextRule(2, lines=False)]
    accept(short, "二字")
    assert refused(short, "三文字").code == "TEXT_TOO_LONG"


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(-60, 60))
def test_a_range_holds_what_lies_in_it_and_nothing_else(a: int, b: int, value: int) -> None:
    least, most = sorted((a, b))
    rule = RangeRule(least, most)
    try:
        rule.check(value, "/x")
    except Refusal:
        assert value < least or value > most
    else:
        assert least <= value <= most


@pytest.mark.parametrize("rule", [TextRule(1, True), IdRule("x"), RangeRule(0, 1), Secret()])
def test_a_rule_is_not_changed(rule: Any) -> None:
    with pytest.raises(AttributeError):
        rule.limit = rule.of = rule.least = rule.x = 2


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (
            Line,
            {
                "TEXT_NOT_PLAIN": "a\nb",
                "TEXT_INVISIBLE": "a\u200bb",
                "TEXT_TOO_LONG": "a" * 301,
                "TEXT_EMPTY": " ",
            },
        ),
        (
            Url,
            {
                "TEXT_NOT_PLAIN": "https://a.jp/\n",
                "TEXT_INVISIBLE": "https://a.jp/\u200b",
                "TEXT_TOO_LONG": "https://a.jp/" + "a" * 2_000,
                "TEXT_EMPTY": "",
                "URL_NOT_WEB": "shelf 3",
            },
        ),
        (Id, {"ID_MALFORMED": "A b"}),
        (Count, {"NUMBER_OUT_OF_RANGE": -1}),
    ],
    ids=["text", "address", "identifier", "number"],
)
def test_a_rule_declares_what_it_refuses(kind: Any, values: dict[str, Any]) -> None:
    assert sorted(d.code for d in next(fields.rules_of(kind)).REFUSES) == sorted(values), "each once"
    for code, value in values.items():
        with pytest.raises(Refusal) as refused:
            fields.checker_for(kind)(value, "/here")  # type: ignore[misc]
        assert (refused.value.code, refused.value.pointer) == (code, "/here")


class Shelf(msgspec.Struct):
    REFUSES = (MONEY_UNIT_MISMATCH,)
    no: Id
    hall: Literal["north", "south"] | None = None
    books: tuple[Count, ...] = ()


TEXT, ID, NUMBER = (frozenset(rule.REFUSES) for rule in (TextRule, IdRule, RangeRule))


@pytest.mark.parametrize(
    ("kind", "refusals"),
    [
        (Line, TEXT),
        (Id, ID),
        (Count, NUMBER),
        (PersonName, TEXT),
        (Annotated[str, Secret(), IdRule("anything")], ID),
        (Annotated[str, IdRule("anything"), TextRule(3, lines=False)], ID),
        (Annotated[str, Secret()], TEXT),
        (str, TEXT),
        (int, NUMBER),
        (bool, frozenset()),
        (Literal["north", 1], frozenset()),
        (Id | None, ID),
        (tuple[Id, ...], ID),
        (list[Id | Count], ID | NUMBER),
        (Shelf, ID | NUMBER | {MONEY_UNIT_MISMATCH}),
        (tuple[Shelf, ...] | None, ID | NUMBER | {MONEY_UNIT_MISMATCH}),
    ],
)
def test_what_a_type_may_be_refused_with_follows_from_its_rules(
    kind: Any, refusals: frozenset[Declared]
) -> None:
    assert fields.refusals_in(kind) == refusals
