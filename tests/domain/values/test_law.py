"""Citations and document numbers read and print as the sources write them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.values import fields
from domain.values.calendar import fiscal_year_in_eras
from domain.values.law import Citation, DocumentNo
from domain.values.refusal import Refusal

LAW = "law-participation-ordinance"
SYMBOLS = st.sampled_from(["市協", "総", "収文", "財政A"])


@pytest.mark.parametrize(
    ("citation", "ja", "en", "key"),
    [
        (Citation(LAW, 17, 2, 1), "第17条第2項第1号", "Article 17, paragraph 2, item 1", f"{LAW}#17"),
        (Citation(LAW, 17), "第17条", "Article 17", f"{LAW}#17"),
        (Citation(LAW, 3, None, 2), "第3条第2号", "Article 3, item 2", f"{LAW}#3"),
        (Citation(LAW, "preamble"), "前文", "preamble", f"{LAW}#preamble"),
        (Citation(LAW), LAW, LAW, LAW),
    ],
)
def test_a_citation_prints_article_paragraph_and_item(citation: Citation, ja: str, en: str, key: str) -> None:
    assert (citation.label("ja"), citation.label("en"), citation.key) == (ja, en, key)


def test_a_citation_is_printed_after_its_title() -> None:
    assert Citation(LAW, 17).label("ja", "市民参加条例") == "市民参加条例第17条"
    assert Citation(LAW, 17).label("en", "Participation Ordinance") == "Participation Ordinance, Article 17"
    assert Citation(LAW).label("ja", "市民参加条例") == "市民参加条例"
    assert Citation(LAW).label("en", "Participation Ordinance") == "Participation Ordinance"
    assert Citation(LAW, "preamble").label("ja", "市民参加条例") == "市民参加条例前文"
    assert Citation(LAW, "preamble").label("en", "Ordinance") == "Ordinance, preamble"
    assert Citation(LAW, 17).label("ja", "") == "第17条"


@pytest.mark.parametrize(
    ("citation", "ja", "en"),
    [
        (Citation(LAW, None, 2), "第2項", "paragraph 2"),
        (Citation(LAW, None, None, 1), "第1号", "item 1"),
        (Citation(LAW, "preamble", 2, 1), "前文", "preamble"),
    ],
)
def test_a_part_is_printed_without_what_is_not_cited(citation: Citation, ja: str, en: str) -> None:
    assert (citation.label("ja"), citation.label("en")) == (ja, en)


def test_the_words_of_a_number_tell_its_key() -> None:
    assert DocumentNo(2008, "市協", 12, "発", 2, 20).key == "2008/市協/発/12/2"
    assert DocumentNo(2008, "市協", 12, era_year=20).key == "2008/市協/-/12/0"
    assert str(DocumentNo(2008, "市協", 12, "収", 2, 20)) == "20市協収第12号の2"
    assert str(DocumentNo(2008, "市協", 12)) == "市協第12号"


@given(
    st.builds(
        Citation,
        st.just(LAW),
        st.integers(1, 99) | st.just("preamble") | st.none(),
        st.none() | st.integers(1, 9),
        st.none(),
        st.none() | st.dates(),
    )
)
def test_a_citation_survives_json(citation: Citation) -> None:
    assert msgspec.json.decode(msgspec.json.encode(citation), type=Citation) == citation


def test_there_is_no_article_nought() -> None:
    with pytest.raises(Refusal, match="NUMBER_OUT_OF_RANGE"):
        fields.check(Citation(LAW, 0))


# ------------------------------------------------------------------------------------- document numbers


@pytest.mark.parametrize(
    ("text", "fy", "number"),
    [
        ("20市協発第12号の2", None, DocumentNo(2008, "市協", 12, "発", 2, 20)),
        ("２０市協発第１２号の２", None, DocumentNo(2008, "市協", 12, "発", 2, 20)),
        ("市協第12号", 2008, DocumentNo(2008, "市協", 12)),
        ("市協収第3号", 2008, DocumentNo(2008, "市協", 3, "収")),
        ("16市協第1号", None, DocumentNo(2034, "市協", 1, era_year=16)),
        ("17市協第1号", None, DocumentNo(2005, "市協", 1, era_year=17)),
        ("18市協第1号", None, DocumentNo(2006, "市協", 1, era_year=18)),
        (" 市協第1号 ", 2008, DocumentNo(2008, "市協", 1)),
        ("市協第99999号の99999", 2008, DocumentNo(2008, "市協", 99_999, branch=99_999)),
        ("8市協第1号", None, DocumentNo(2026, "市協", 1, era_year=8)),
        ("17市協第1号", 2035, DocumentNo(2035, "市協", 1, era_year=17)),
        ("1市協第1号", 2019, DocumentNo(2019, "市協", 1, era_year=1)),
        ("31市協第1号", None, DocumentNo(2019, "市協", 1, era_year=31)),
    ],
)
def test_a_document_number_is_read_with_its_fiscal_year(
    text: str, fy: int | None, number: DocumentNo
) -> None:
    assert DocumentNo.parse(text, fy) == number


@pytest.mark.parametrize(
    ("text", "fy"),
    [
        ("市協第12号", None),  # no year at all
        ("20市協第12号", 2009),  # 平成21年度
        ("32市協第1号", None),  # neither 平成 nor within this record
        ("0市協第1号", None),
        ("0市協第1号", 1988),
        ("市協第0号", 2008),
        ("市協第1号の0", 2008),
        ("市協第012号", 2008),  # would not print back
        ("市協第100000号", 2008),
        ("市協第1号の100000", 2008),
        ("200市協第1号", 2008),
        ("第12号", 2008),
        ("市協12号", 2008),
        ("", 2008),
    ],
)
def test_a_document_number_without_a_certain_year_or_form_is_refused(text: str, fy: int | None) -> None:
    with pytest.raises(Refusal, match="DOCUMENT_NO_UNREADABLE") as refused:
        DocumentNo.parse(text, fy)
    assert refused.value.params == {"text": text}


def test_a_refusal_quotes_no_more_than_sixty_characters() -> None:
    with pytest.raises(Refusal) as refused:
        DocumentNo.parse("号" * 61)
    assert refused.value.params == {"text": "号" * 60}
    for symbol in ("市 " * 40, "協" * 70 + "発"):  # one is not read at all, one is read as another number
        with pytest.raises(Refusal) as refused:
            DocumentNo(2008, symbol, 12).check()
        assert refused.value.params == {"text": symbol[:60]}


@st.composite
def document_numbers(draw: st.DrawFn) -> DocumentNo:
    fy = draw(st.integers(1989, 2060))
    return DocumentNo(
        fy,
        draw(SYMBOLS),
        draw(st.integers(1, 99_999)),
        draw(st.sampled_from(["発", "収", None])),
        draw(st.none() | st.integers(1, 9)),
        draw(st.sampled_from([None, *sorted(fiscal_year_in_eras(fy))])),
    )


@given(document_numbers())
def test_a_document_number_reads_back_as_printed_and_survives_json(number: DocumentNo) -> None:
    assert DocumentNo.parse(str(number), number.fy) == number.check() == number
    assert msgspec.json.decode(msgspec.json.encode(number), type=DocumentNo) == number


@given(st.integers(2005, 2034), SYMBOLS)
def test_until_fy2034_the_printed_year_alone_tells_the_fiscal_year(fy: int, symbol: str) -> None:
    for era_year in fiscal_year_in_eras(fy):
        assert DocumentNo.parse(f"{era_year}{symbol}第1号").fy == fy


@pytest.mark.parametrize("part", ["fy", "symbol", "n", "direction", "branch"])
def test_two_numbers_that_differ_in_one_part_have_two_keys(part: str) -> None:
    other = {"fy": 2009, "symbol": "総", "n": 13, "direction": "収", "branch": 3}[part]
    for number in (DocumentNo(2008, "市協", 12, "発", 2), DocumentNo(2008, "市協", 12)):
        assert msgspec.structs.replace(number, **{part: other}).key != number.key


def test_the_printed_year_does_not_make_another_number() -> None:
    assert DocumentNo.parse("20市協第12号").key == DocumentNo.parse("市協第12号", 2008).key


@pytest.mark.parametrize(
    "change", [{"symbol": "市協発"}, {"symbol": "市 協"}, {"n": 0}, {"branch": 0}, {"era_year": 21}]
)
def test_parts_that_would_not_read_back_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Refusal, match="DOCUMENT_NO_UNREADABLE"):
        msgspec.structs.replace(DocumentNo(2008, "市協", 12), **change).check()
