"""What of an event is closed to whom, by JSON Pointer, and what stands in its place."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.closed_values import (
    closed_leaves,
    cut,
    mark,
    pointer,
    segments,
    steps_of,
    tree_of,
    unnamed,
    value_at,
)
from domain.kernel.closing import ClosedParts, closed_pointers, event_part, part_named, widened
from domain.kernel.correction_events import PartRedacted
from domain.kernel.events import Actor, Event, Recorded
from domain.kernel.mapper import decode
from domain.kernel.viewer import PUBLIC, Viewer
from domain.values.calendar import EffectiveDate
from domain.values.disclosure import Disclosure

PERSONAL = Disclosure("closed", "personal")
LONG = (
    "市民会議は、相談窓口を公民館の巡回で開くことに賛成しました。費用は年に八十万円を見込み、二年後に見直します。"
    "連絡先の電話番号は事務局が預かり、公開しません。次の会議は四月に開きます。"
)
"""The text of the second test vector of the seal: four segments."""


class _Told(Event):
    text_ja: str = ""
    speaker: str | None = None
    rows: tuple[dict[str, Any], ...] = ()
    tags: tuple[str, ...] = ()


def recorded(data: Event, party: str | None = None, **envelope: Any) -> Recorded[Any]:
    return Recorded(
        event_id="e-1",
        stream="matter-1",
        version=1,
        type=type(data).__name__,
        recorded_at=dt.datetime(2026, 4, 1, tzinfo=dt.UTC),
        effective=EffectiveDate.unknown(),
        actor=Actor("SEC", party),
        correlation_id="c",
        data=data,
        **envelope,
    )


def closed(*names: str) -> ClosedParts:
    part = event_part("matter-1", "e-1")
    return ClosedParts({part: PERSONAL}, {part: names} if names else {})


# ------------------------------------------------------------------------------------------ who sees what


def test_nothing_of_an_event_is_closed_to_the_office() -> None:
    e = recorded(_Told(text_ja="x", speaker="seat-1"), "p-1")
    assert closed_pointers(e, Viewer(staff=True), closed("text_ja")) == {}
    assert closed_pointers(e, Viewer(staff=True), closed()) == {}


def test_what_is_sealed_is_closed_whole_to_the_office_too() -> None:
    assert closed_pointers(recorded(_Told()), Viewer(staff=True), ClosedParts({}), sealed=True) == {
        "": unnamed()
    }


def test_the_public_is_told_no_person_and_nothing_that_is_redacted() -> None:
    e = recorded(_Told(text_ja="x", speaker="seat-1"), "p-1")
    found = closed_pointers(e, PUBLIC, closed("text_ja", "/data/rows/3/title", "/note"))
    assert found == {
        "/actor/party": unnamed(),
        "/data/speaker": unnamed(),
        "/data/text_ja": PERSONAL,
        "/data/rows/3/title": PERSONAL,
        "/note": PERSONAL,
    }


def test_bodies_are_named() -> None:
    e = recorded(_Told(speaker="org-city"), "org-city")
    assert closed_pointers(e, PUBLIC, ClosedParts({})) == {}


@pytest.mark.parametrize("name", ["reason", "/reason"])
def test_a_reason_is_closed_where_it_is_said_twice(name: str) -> None:
    found = closed_pointers(recorded(_Told(speaker="org-x")), PUBLIC, closed(name))
    assert found == {"/reason": PERSONAL, "/data/reason": PERSONAL}


def test_what_is_called_like_it_further_down_is_said_once() -> None:
    found = closed_pointers(recorded(_Told(speaker="org-x")), PUBLIC, closed("/data/rows/0/reason"))
    assert found == {"/data/rows/0/reason": PERSONAL}


@pytest.mark.parametrize("part", ["matter-1", event_part("matter-1", "e-1")])
def test_an_event_is_closed_whole_with_its_thing_or_by_itself(part: str) -> None:
    assert closed_pointers(recorded(_Told()), PUBLIC, ClosedParts({part: PERSONAL})) == {"": PERSONAL}


# ---------------------------------------------------------------------------------------- what is named


def test_a_redaction_names_fields_items_segments_and_the_envelope() -> None:
    e = recorded(_Told(text_ja=LONG, rows=({"title": "a"},), tags=("x", "y")), note=LONG)
    assert part_named(e, "text_ja") == part_named(e, "/data/text_ja") == "text_ja"
    for name in ("/data/text_ja/@text/2", "/data/rows/0/title", "/data/tags/1", "/note", "/note/@text/2"):
        assert part_named(e, name) == name


@pytest.mark.parametrize(
    "name",
    [
        *(
            "weather",
            "/data",
            "/data/weather",
            "/data/rows/1",
            "/data/rows/0/x",
            "/data/tags/01",
            "/data/tags/-",
        ),
        *("/data/text_ja/@text/4", "/data/text_ja/@text", "/data/text_ja/@text/0/1", "/data/speaker/@text/0"),
        *("/x/text_ja", "/note/@text/4", "/note/x"),
        *("/reason", "/type", "/actor/party", "/effective", "/", "//", "/data/~2", "/data/tags/1/@text/0"),
    ],
)
def test_what_an_event_does_not_have_is_not_named(name: str) -> None:
    e = recorded(_Told(text_ja=LONG, rows=({"title": "a"},), tags=("x", "y")), note="n")
    with pytest.raises((LookupError, ValueError)):
        part_named(e, name)


@pytest.mark.parametrize(
    ("name", "field", "then"),
    [
        ("/data/text_ja/@text/2", "text_ja", "text_ja"),
        ("/data/rows/1/title", "rows", "rows"),
        ("/data/rows/1/title/@text/0", "rows.1.title", "/data/rows/1/title"),
        ("/data/rows/1/title", "rows.1.title", "/data/rows/1/title"),
        ("/data/rows/1", "rows.1.title", "/data/rows/1"),
        ("/data/rows/1/title", "rows.2.title", "/data/rows/1/title"),
        ("/data/text_ja_2/@text/1", "text_ja", "/data/text_ja_2/@text/1"),
        ("text_ja", "text_ja", "text_ja"),
        ("/note", "effective", "/note"),
    ],
)
def test_what_lies_in_a_corrected_field_is_closed_with_all_of_it(name: str, field: str, then: str) -> None:
    assert widened(name, field) == then


# -------------------------------------------------------------------------------------- what stands there


def test_a_long_text_is_cut_as_the_seal_cuts_it() -> None:
    assert [len(part) for part in segments(LONG)] == [30, 24, 24, 13]
    assert segments("短い。文。") == ["短い。文。"]


@given(st.text(alphabet="あい。！？\nx", max_size=300))
def test_segments_leave_nothing_out(text: str) -> None:
    assert "".join(segments(text)) == text


@given(st.lists(st.text(alphabet="a/~0", max_size=5), max_size=4))
def test_pointers_are_read_as_they_were_written(steps: list[str]) -> None:
    assert steps_of(pointer(steps)) == steps


def test_a_closed_segment_leaves_the_rest() -> None:
    tree = tree_of({"/text_ja/@text/2": PERSONAL})
    told = cut({"text_ja": LONG}, tree)["text_ja"]
    assert "電話番号" not in told
    assert told == LONG.replace(
        segments(LONG)[2], "■■■非公開（理由: 個人情報） / not public (personal information)。"
    )
    assert list(closed_leaves({"text_ja": LONG}, tree)) == [
        ("text_ja", LONG, told),
        ("@text", segments(LONG)[2], mark(segments(LONG)[2], PERSONAL)),
    ]


def test_a_segment_that_no_longer_stands_there_closes_the_text() -> None:
    for text in ("短くなった文。", LONG[:54] + "。" * 30):
        told = cut({"text_ja": text}, tree_of({"/text_ja/@text/60": PERSONAL}))["text_ja"]
        assert told.startswith("非公開")


def test_a_closed_item_keeps_its_place_and_the_others_stay() -> None:
    value = {"rows": [{"title": "甲", "n": 1}, {"title": "乙", "n": 2}], "tags": ["x", "y"]}
    told = cut(value, tree_of({"/rows/1/title": PERSONAL, "/tags/0": PERSONAL}))
    stub = "非公開（理由: 個人情報） / not public (personal information)"
    assert told == {"rows": [{"title": "甲", "n": 1}, {"title": stub, "n": 2}], "tags": [stub, "y"]}
    whole = cut(value, tree_of({"/rows/1": PERSONAL}))
    assert whole["rows"] == [{"title": "甲", "n": 1}, {"title": stub, "n": None}]


def test_who_spoke_is_left_out() -> None:
    assert cut({"speaker": None, "x": 1}, tree_of({"/speaker": unnamed()})) == {"x": 1}


def test_what_lies_below_something_closed_is_closed_with_it() -> None:
    tree = tree_of({"/a/b": PERSONAL, "/a": PERSONAL, "/a-b": PERSONAL})
    assert tree == {"a": PERSONAL, "a-b": PERSONAL}
    assert tree_of({"/a/1/c/d": PERSONAL, "/a/1/c": PERSONAL}) == {"a": {"1": {"c": PERSONAL}}}


def test_all_that_is_in_a_closed_field_is_closed() -> None:
    value = {"rows": [{"title": "甲", "tags": ["乙"]}], "n": 3}
    found = {(name, repr(said)) for name, said, _ in closed_leaves(value, tree_of({"/rows": PERSONAL}))}
    assert {("title", "'甲'"), ("tags", "'乙'")} <= found
    assert ("n", "3") not in found


def test_value_at_follows_a_pointer() -> None:
    assert value_at({"a": [{"b": LONG}]}, ["a", "0", "b", "@text", "3"]) == "次の会議は四月に開きます。"


# ------------------------------------------------------------------------------------- former redactions


def test_a_redaction_of_long_ago_names_fields() -> None:
    state = (
        b'{"event_id":"e","stream":"matter-1","version":2,"type":"PartRedacted","recorded_at":"2026-04-01T00:00:00Z",'
        b'"effective":{"value":"2026-04-01","precision":"day"},"actor":{"role":"DIS"},"correlation_id":"c",'
        b'"data":{"redaction_id":"r","target_event":"e-1","target_version":1,"target_type":"MatterRaised",'
        b'"target_subject":"matter-1","redacted":{"visibility":"closed","ground":"personal"},"reason":"x",'
        b'"fields":["title_ja"]}}'
    )
    e = decode("PartRedacted", state, 2)
    assert isinstance(e.data, PartRedacted)
    assert (e.data.fields, e.data.class_version) == (("title_ja",), 2)
