"""What of an event is searched, how it is folded and how a hit is shown: without a database."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.evaluation_sheet.events import (
    Indicator,
    ItemScore,
    SelfEvaluationCorrected,
    SelfEvaluationSubmitted,
    SheetUnsealed,
    TargetsAgreed,
)
from domain.kernel.events import EVENTS, Actor, Event, Recorded, declare_event
from domain.kernel.when import RECORDING
from domain.values.calendar import EffectiveDate
from domain.values.fields import Id, Line, PersonName, Text, Url, Word
from projections.answers.finding.highlighting import PASSAGE, passage
from projections.engine.fold_events import DictRows, fold_events
from projections.engine.prose import texts_of
from projections.engine.text_folding import folded, pairs, same_characters, words_of
from projections.views.record.search_index import VIEW, document


def recorded(data: Event, version: int = 1, **envelope: Any) -> Recorded[Any]:
    return Recorded(
        event_id=f"e-{version}",
        stream="sheet-1",
        version=version,
        type=type(data).__name__,
        recorded_at=dt.datetime(2026, 4, 1, tzinfo=dt.UTC),
        effective=EffectiveDate.unknown(),
        actor=Actor("SEC"),
        correlation_id="k-1",
        data=data,
        position=version,
        **envelope,
    )


# -- what is prose


class _Inner(msgspec.Struct, frozen=True):
    says: Text
    code: Word


def test_words_are_found_wherever_an_event_holds_them() -> None:
    class Tried(Event):
        WHEN = RECORDING
        title: Line
        party_id: Id
        tags: tuple[Word, ...]
        inner: tuple[_Inner, ...]
        by_item: dict[str, Text]
        url: Url | None = None
        who: PersonName | None = None
        unknown: Text | None = None

    declare_event(Tried)
    try:
        data = Tried(
            title="npo",
            party_id="org-npo",
            tags=("子育て", "grouped_opinions"),
            inner=(_Inner("一言", "p-1"), _Inner("ok", "二言")),
            by_item={"a": "三言"},
            url="https://example.jp/鯨",
            who="架空 花子",
        )
        assert texts_of(recorded(data, reason="理由", note="一言", document_no="市協第1号")) == {
            "title": "npo",
            "tags.0": "子育て",
            "inner.0.says": "一言",
            "inner.1.says": "ok",
            "inner.1.code": "二言",
            "by_item.a": "三言",
            "envelope.reason": "理由",
            "envelope.document_no": "市協第1号",
        }
    finally:
        del EVENTS["Tried"]


def test_every_event_type_can_be_read_for_its_words() -> None:
    from projections.engine.prose import _reader_of_struct

    readable = [name for name, kind in EVENTS.items() if _reader_of_struct(kind) is not None]
    assert len(readable) > 100


# -- sealed sheets


def test_what_a_side_submitted_is_indexed_when_the_sheet_is_unsealed_and_not_before() -> None:
    score = ItemScore("purpose", 2, comment="鯨が足りない")
    events = [
        recorded(TargetsAgreed(indicators=(Indicator(name="参加者数"),)), 1),
        recorded(SelfEvaluationSubmitted(side="c", scores=(score,), overall="まずまず"), 2),
        recorded(SelfEvaluationCorrected(side="c", scores=(score,), reason="書き損じ"), 3, note="差し替え"),
    ]
    rows = DictRows()
    fold_events([VIEW], events, rows)
    assert pairs_held(rows) == {
        1: "参加 加者 者数 t:TargetsAgreed k:EvaluationSheet f:indicators",
        2: "",
        3: "",
    }
    assert folded_held(rows) == {1: "参加者数", 2: "", 3: ""}
    fold_events([VIEW], [recorded(SheetUnsealed(), 4)], rows)
    assert "鯨が" in pairs_held(rows)[2] and "書き損じ" in folded_held(rows)[3]
    assert pairs_held(rows)[1].startswith("参加 加者 者数 t:")


def pairs_held(rows: DictRows) -> dict[int, str]:
    return {row["version"]: row["pairs"] for row in map(document.as_row, rows.rows(document.name))}


def folded_held(rows: DictRows) -> dict[int, str]:
    return {row["version"]: row["folded"] for row in map(document.as_row, rows.rows(document.name))}


# -- folding


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("ﾙｰﾙﾌﾞｯｸ", "ルールブック"),
        ("ＮＰＯ　Ｋyodo", "npo kyodo"),
        ("㈱金沢", "(株)金沢"),
        ("Straße", "STRASSE"),
        ("一\n\n二", "一 二"),
        ("ゴミ", "ごみ"),
        ("サーバー", "サーバ"),
        ("ウィンドウ", "ウインドウ"),
        ("人々", "人人"),
        ("齋藤", "斎藤"),
        ("市廳の會議", "市庁の会議"),
        ("まちずくり", "まちづくり"),
    ],
)
def test_these_are_the_same_to_a_searcher(text: str, same: str) -> None:
    assert folded(text) == folded(same)


@pytest.mark.parametrize(
    ("text", "other"),
    [("斎", "斉"), ("は", "ば"), ("協働", "協同"), ("つ", "う")],
)
def test_these_are_not(text: str, other: str) -> None:
    assert folded(text) != folded(other)


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text())
def test_a_text_has_the_pairs_of_every_piece_of_its_words(text: str) -> None:
    have = set(pairs(folded(text)))
    for word in words_of(text):
        assert set(pairs(word[1:])) <= have


# -- highlighting


def said(parts: Any) -> str:
    return "".join(f"[{p['text']}]" if p["hit"] else p["text"] for p in parts)


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("協働をすすめる", "協働", "[協働]をすすめる"),
        ("新ﾙｰﾙﾌﾞｯｸ案", "ブック", "新ﾙｰﾙ[ﾌﾞｯｸ]案"),
        ("ああああ", "ああ", "[ああああ]"),
        ("市民と市民会議", "市民会議 会議 市民", "[市民]と[市民会議]"),
        ("㌔の話", "キロ", "[㌔]の話"),
        ("<b>協働</b>", "協働", "<b>[協働]</b>"),
        ("がっこう", "がっ", "[がっ]こう"),
        ("何もない", "協働", ""),
    ],
)
def test_hits_are_marked_in_the_text_as_it_was_written(text: str, query: str, shown: str) -> None:
    assert said(passage(text, words_of(query))) == shown


def test_a_passage_is_cut_around_the_first_hit() -> None:
    parts = passage("前" * 500 + "協働" + "後" * 500, ("協働",))
    assert said(parts).startswith("…前") and "[協働]" in said(parts) and said(parts).endswith("後…")
    assert sum(len(p["text"]) for p in parts) == PASSAGE + 2


@given(st.text(min_size=1, max_size=60), st.data())
def test_whatever_is_found_is_marked(text: str, data: st.DataObject) -> None:
    whole = same_characters(text)
    start = data.draw(st.integers(0, len(whole)))
    words = words_of(whole[start : start + 4])[:1]
    parts = passage(text, words)
    if words and words[0] in whole:
        assert any(words[0] in same_characters("".join(p["text"] for p in parts)) and p["hit"] for p in parts)
    if parts and said(parts)[0] != "…":
        assert text.startswith(parts[0]["text"]) or whole.startswith(parts[0]["text"])
