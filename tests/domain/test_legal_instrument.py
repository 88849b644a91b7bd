"""LegalInstrument: why it was enacted, and its articles as they stood on a day."""

from __future__ import annotations

from typing import Any

import pytest

from domain.kernel.links import links_of
from domain.legal_instrument.aggregate import ArticleTextRecorded, OrdinanceAmended, OrdinanceEnacted
from tests.support.given import TestRecord, then_recorded, then_refused

LAW = "law-kyodo"
ARTICLE = ("SEC", "LegalInstrument", LAW, "record_article")
TEXT = [{"paragraph": 1, "text_ja": "市民及び市は、市民会議を組織するものとする。"}]


def given_a_reason(record: TestRecord, name: str = "background-ties") -> str:
    given = {"category": "background", "text_ja": "つながりが弱まっている（架空）"}
    record.do("SEC", "Reflection", name, "state_claim", **given)
    return name


def given_an_ordinance(record: TestRecord, **fields: Any) -> str:
    given = {"title_ja": "協働条例（架空）", "enacted": {"value": "2005", "precision": "calendar_year"}}
    record.do("SEC", "LegalInstrument", LAW, "enact", **given | fields)
    return LAW


def test_an_ordinance_is_enacted_for_the_reasons_on_record(record: TestRecord) -> None:
    given_an_ordinance(record, motivated_by=[given_a_reason(record)])
    enacted = record.events[-1]
    then_recorded([enacted], OrdinanceEnacted)
    links = [(link.from_id, link.relation, link.to_id) for link in links_of(enacted)]
    assert links == [(LAW, "motivated_by", "background-ties")]
    assert enacted.effective.label("ja") == "平成17年(2005年)"


def test_a_reason_must_be_on_record(record: TestRecord) -> None:
    fields = {"title_ja": "協働条例（架空）", "motivated_by": ["no-such-reason"]}
    refused = then_refused("UNKNOWN_ID", record, "SEC", "LegalInstrument", LAW, "enact", **fields)
    assert refused.pointer == "/motivated_by/0"


def test_an_instrument_is_enacted_once(record: TestRecord) -> None:
    given_an_ordinance(record)
    enact = ("IMP", "LegalInstrument", LAW, "enact")
    then_refused("ALREADY_EXISTS", record, *enact, importing=True, title_ja="別の条例（架空）")


@pytest.mark.parametrize("article", [17, "preamble"])
def test_an_article_is_a_part_of_its_ordinance(record: TestRecord, article: int | str) -> None:
    given_an_ordinance(record)
    events = record.do(*ARTICLE, article=article, heading="市民会議", paragraphs=TEXT)
    then_recorded(events, ArticleTextRecorded)
    links = [(link.from_id, link.relation, link.to_id) for link in links_of(events[0])]
    assert links == [(f"{LAW}#{article}", "part_of", LAW)]


def test_an_article_has_one_text_for_one_day(record: TestRecord) -> None:
    given_an_ordinance(record)
    record.do(*ARTICLE, article=17, paragraphs=TEXT)
    then_refused("ARTICLE_ON_RECORD", record, *ARTICLE, article=17, paragraphs=TEXT)
    record.do(*ARTICLE, article=17, paragraphs=TEXT, as_of="2017-04-01")
    then_refused("ARTICLE_ON_RECORD", record, *ARTICLE, article=17, paragraphs=TEXT, as_of="2017-04-01")


@pytest.mark.parametrize(
    ("paragraphs", "pointer"),
    [
        ([{"paragraph": 1, "text_ja": "一"}, {"paragraph": 1, "text_ja": "二"}], "/paragraphs/1"),
        ([{"paragraph": 2, "text_ja": "一"}, {"paragraph": 1, "text_ja": "二"}], "/paragraphs/1"),
        (
            [
                {
                    "paragraph": 1,
                    "text_ja": "一",
                    "items": [{"item": 2, "text_ja": "い"}, {"item": 2, "text_ja": "ろ"}],
                }
            ],
            "/paragraphs/0/items/1",
        ),
    ],
)
def test_paragraphs_and_items_count_up(record: TestRecord, paragraphs: Any, pointer: str) -> None:
    given_an_ordinance(record)
    refused = then_refused("PARAGRAPHS_MISNUMBERED", record, *ARTICLE, article=3, paragraphs=paragraphs)
    assert refused.pointer == pointer


def test_an_excerpt_may_begin_with_a_later_paragraph(record: TestRecord) -> None:
    given_an_ordinance(record)
    record.do(*ARTICLE, article=5, excerpt=True, paragraphs=[{"paragraph": 2, "text_ja": "説明責任"}])


def test_an_amendment_does_not_lie_before_the_enactment(record: TestRecord) -> None:
    given_an_ordinance(record)
    amend = ("SEC", "LegalInstrument", LAW, "amend")
    early = {"value": "2004-12-31", "precision": "day"}
    refused = then_refused("AMENDED_BEFORE_ENACTED", record, *amend, amended=early)
    assert refused.pointer == "/amended"
    overlapping = {"value": "FY2005", "precision": "fiscal_year"}
    then_recorded(record.do(*amend, amended=overlapping, number="平成29年条例第15号"), OrdinanceAmended)
