"""What stands in place of a closed value: a field, an item, a part of a text; both sides of every bound."""

from __future__ import annotations

from typing import Any

import pytest

from domain.kernel.closed_values import (
    LONG,
    closed_leaves,
    cut,
    emptied,
    is_date,
    mark,
    pointer,
    segments,
    steps_of,
    tree_of,
    unnamed,
    value_at,
)
from domain.kernel.closing import part_of
from domain.kernel.events import Recorded
from domain.values.disclosure import Disclosure
from tests.domain.kernel.test_closing import PERSONAL, recorded
from tests.domain.kernel.test_closing import _Told as Spoken

STUB = f"{PERSONAL.stub('ja')} / {PERSONAL.stub('en')}"
TWO = "あ" * 60 + "。" + "い" * 60 + "。"
"""A long text of two segments."""
DAY = {"precision": "day", "value": "2026-04-01", "earliest": "2026-04-01", "latest": "2026-04-02"}


def test_steps_become_a_pointer_and_again_steps() -> None:
    assert pointer(("data", "rows", 3, "a/b", "m~n")) == "/data/rows/3/a~1b/m~0n"
    assert steps_of("/data/rows/3/a~1b/m~0n") == ["data", "rows", "3", "a/b", "m~n"]
    assert (steps_of(""), steps_of("/~01")) == ([], ["~1"])


@pytest.mark.parametrize("written", ["data", "data/x", "/~", "/a~2"])
def test_what_is_no_pointer_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=written):
        steps_of(written)


def test_a_text_is_cut_into_sentences_from_a_length_on() -> None:
    short = "あ" * (LONG - 2) + "。い"
    assert (segments(short), len(segments(f"い{short}"))) == ([short], 2)
    with pytest.raises(LookupError):
        value_at(short, ["@text", "0"])
    assert value_at(f"い{short}", ["@text", "1"]) == "い"


@pytest.mark.parametrize(
    ("value", "steps"),
    [
        (TWO, ["@text", "2"]),
        (TWO, ["@text", "-1"]),
        (TWO, ["@text"]),
        (TWO, ["@text", "0", "0"]),
        (TWO, ["text", "0"]),
        (["a", "b"], ["2"]),
        (["a", "b"], ["01"]),
        (3, ["0"]),
        ({"a": 1}, ["b"]),
    ],
)
def test_where_nothing_stands_nothing_is_named(value: Any, steps: list[str]) -> None:
    with pytest.raises(LookupError):
        value_at(value, steps)


@pytest.mark.parametrize(
    ("value", "stands"),
    [(["a"], []), ((1,), []), ("言葉", STUB), ("code", None), (3, None), ({"a": 1}, None), (None, None)],
)
def test_in_place_of_a_closed_value_stands_its_like(value: Any, stands: Any) -> None:
    assert emptied(value, PERSONAL) == stands
    assert cut(value, PERSONAL) == stands


@pytest.mark.parametrize(
    ("item", "stands"),
    [
        ({"title": "題", "n": 3}, {"title": STUB, "n": None}),
        ("code", STUB),
        (["a"], []),
        (3, None),
    ],
)
def test_an_item_keeps_its_place_and_its_shape(item: Any, stands: Any) -> None:
    assert cut([item, item], {"1": PERSONAL}) == [item, stands]


def test_what_is_not_named_is_left_and_a_person_is_left_out() -> None:
    value = {"a": "x", "who": "seat-1", "inner": {"b": "題", "c": 1}, "n": 3, "none": None}
    tree = {"who": unnamed(), "inner": {"b": PERSONAL}, "n": {"x": PERSONAL}, "none": {"x": PERSONAL}}
    assert cut(value, tree) == {"a": "x", "inner": {"b": STUB, "c": 1}, "n": None, "none": None}
    assert cut(value, None) is value and cut(value, {}) is value


def test_a_part_of_a_text_is_closed_and_the_rest_stays() -> None:
    first, second = segments(TWO)
    assert cut(TWO, {"@text": {"0": PERSONAL}}) == f"■■■{STUB}。{second}"
    assert cut(TWO, {"@text": {"1": unnamed()}}) == f"{first}■■■。"


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        (TWO, {"@text": {"2": PERSONAL}}),
        (TWO, {"@text": {"0": PERSONAL, "7": PERSONAL}}),
        (TWO, {"0": PERSONAL}),
        ("短い。文。", {"@text": {"0": PERSONAL}}),
    ],
)
def test_a_text_whose_parts_no_longer_stand_there_is_closed_whole(text: str, tree: dict[str, Any]) -> None:
    assert cut(text, tree) == STUB


@pytest.mark.parametrize("end", ["。", "！", "？", "\n", ".", "!", "?", ""])
def test_a_mark_ends_as_the_sentence_did(end: str) -> None:
    assert mark(f"言葉{end}", PERSONAL) == f"■■■{STUB}{end}"
    assert mark(f"言葉{end}", unnamed()) == f"■■■{end}"


def test_a_date_is_one_fact() -> None:
    assert is_date(DAY) is True
    assert (is_date({"value": "2026"}), is_date("precision"), is_date(None)) == (False, False, False)
    days = [("on", DAY[part], None) for part in ("value", "earliest", "latest")]
    assert list(closed_leaves(DAY, PERSONAL, "on")) == [("on", DAY, None), *days]
    unknown = {"precision": "unknown", "value": None, "latest": "2026-04-02"}
    assert [said for _, said, _ in closed_leaves(unknown, PERSONAL, "on")] == [unknown, "2026-04-02"]


def test_all_that_is_in_a_closed_value_is_closed_but_the_words_it_is_made_of() -> None:
    value = {"unit": "yen", "amount": 3, "words": "言葉", "none": None, "tags": ["x", {"t": "題"}]}
    leaves = list(closed_leaves(value, PERSONAL, "cost"))
    assert leaves == [
        ("cost", value, None),
        ("amount", 3, None),
        ("words", "言葉", STUB),
        ("tags", ["x", {"t": "題"}], []),
        ("tags", "x", STUB),
        ("t", "題", STUB),
    ]


def test_of_what_is_open_only_the_closed_parts_are_told() -> None:
    value = {"text": TWO, "rows": ["a", {"t": "題"}], "open": "x"}
    tree = tree_of({"/text/@text/1": PERSONAL, "/rows/0": PERSONAL, "/rows/1/t": PERSONAL})
    first, second = segments(TWO)
    assert list(closed_leaves(value, tree)) == [
        ("text", TWO, f"{first}■■■{STUB}。"),
        ("@text", second, f"■■■{STUB}。"),
        ("rows", "a", STUB),
        ("t", "題", STUB),
    ]
    assert list(closed_leaves("短い", {"@text": {"1": PERSONAL}}, "text")) == [("text", "短い", STUB)]
    assert list(closed_leaves(None, PERSONAL)) == list(closed_leaves("x", None)) == []


class _Item(Spoken):
    item_id: str | None = None


def test_the_part_that_an_event_is_about() -> None:
    e: Recorded[Any] = recorded(_Item(item_id="item-2"))
    assert (part_of(e), part_of(recorded(_Item()))) == ("matter-1/item-2", "matter-1")


def test_pointers_below_what_is_closed_are_closed_with_it() -> None:
    internal = Disclosure("internal", "operations")
    assert tree_of({"/a": PERSONAL, "/a/b": internal, "/c/d": internal}) == {
        "a": PERSONAL,
        "c": {"d": internal},
    }
