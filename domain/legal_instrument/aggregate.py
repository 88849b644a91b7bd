"""Legal instruments 条例・規則・要綱・指針: what obliges and empowers, article by article.

Articles are recorded as the sources quote them, and cited with an as-of date, because an ordinance is amended
and its articles are renumbered (O1). An excerpt says that it is one: articles that no source quotes are
unknown, not absent.
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any, ClassVar, Literal

import msgspec

from domain.kernel.commands import command, on, refuses
from domain.kernel.correction import Correctable
from domain.kernel.events import Event, Recorded
from domain.kernel.references import must_exist
from domain.kernel.refusals import ALREADY_EXISTS, UNKNOWN_ID
from domain.kernel.when import TOLD
from domain.rules import dates, documents
from domain.values.calendar import EffectiveDate
from domain.values.fields import Id, Line, Ordinal, Text, Word
from domain.values.refusal import refusal

ARTICLE_ON_RECORD = refusal(
    "ARTICLE_ON_RECORD",
    ja="第{article}条（{as_of}時点）の条文は既に記録されています。",
    en="The text of article {article} as of {as_of} is already on record.",
    rule=documents.ONE_TEXT,
    next_ja="改正後の条文なら、先に改正を記録し、時点を記入してください。",
    next_en="If this is an amended text, record the amendment first, and give the day.",
)
PARAGRAPHS_MISNUMBERED = refusal(
    "PARAGRAPHS_MISNUMBERED",
    ja="項または号の番号{number}が前の番号の後に続いていません。",
    en="The number {number} of a paragraph or item does not come after the one before it.",
    rule=documents.NUMBERING,
    next_ja="項・号の番号を原文で確かめてください。",
    next_en="Check the numbers in the original.",
    kind="invalid",
)
AMENDED_BEFORE_ENACTED = refusal(
    "AMENDED_BEFORE_ENACTED",
    ja="改正（{amended}）が制定（{enacted}）より前になっています。",
    en="The amendment ({amended}) lies before the enactment ({enacted}).",
    rule=dates.INTERVALS,
    next_ja="改正の日付を確かめてください。",
    next_en="Check the date of the amendment.",
    kind="invalid",
)


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One item 号 of a paragraph."""

    item: Ordinal
    text_ja: Text


class Paragraph(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One paragraph 項 of an article, with its items 号."""

    FIELDS: ClassVar = {"items": ("号", "Items")}
    paragraph: Ordinal
    text_ja: Text
    items: tuple[Item, ...] = ()


class OrdinanceEnacted(Event):
    """An ordinance, rule, outline or guideline was enacted, for the reasons on record."""

    LABEL = ("制定", "Enacted")
    WHEN = "enacted"
    DONE = ("enacted",)
    AHEAD = True
    LINKS: ClassVar = {"motivated_by": "motivated_by"}
    FIELDS: ClassVar = {
        "aliases_ja": ("別の表記", "Also written"),
        "number": ("番号", "Number"),
        "enacted": ("制定", "Enacted"),
        "motivated_by": ("背景", "Motivated by"),
    }
    title_ja: Line
    kind: Literal["ordinance", "rule", "outline", "guideline"] = "ordinance"
    aliases_ja: tuple[Line, ...] = ()
    number: Word | None = None
    enacted: EffectiveDate | None = None
    in_force_from: EffectiveDate | None = None
    motivated_by: tuple[Id, ...] = ()


class ArticleTextRecorded(Event):
    """The text of an article, as it stood on ``as_of``; ``excerpt``: the source quotes only some articles."""

    LABEL = ("条文の記録", "Article recorded")
    WHEN = TOLD
    SUBJECT = "{entity}#{article}"
    LINKS: ClassVar = {"entity": "part_of"}
    FIELDS: ClassVar = {
        "paragraphs": ("条文", "Text"),
        "heading": ("見出し", "Heading"),
        "excerpt": ("抜粋", "Excerpt"),
    }
    article: Ordinal | Literal["preamble"]
    paragraphs: tuple[Paragraph, ...]
    heading: Line | None = None
    as_of: dt.date | None = None
    excerpt: bool = False


class OrdinanceAmended(Event):
    """The instrument was amended; the new texts of its articles are recorded one by one."""

    LABEL = ("改正", "Amended")
    WHEN = "amended"
    DONE = ("amended",)
    AHEAD = True
    FIELDS: ClassVar = {"amended": ("改正", "Amended"), "summary": ("要旨", "Summary")}
    amended: EffectiveDate | None = None
    in_force_from: EffectiveDate | None = None
    number: Word | None = None
    summary: Text | None = None


class LegalInstrument(Correctable):
    """One ordinance or other instrument: new → enacted, with its articles and amendments."""

    PREFIX = "law-"
    ID_FIELDS = ("instrument_id",)
    COLLECTION = "ordinances"
    LABEL = ("条例など", "legal instrument")

    def begin(self) -> None:
        self.kind: str | None = None
        self.enacted: EffectiveDate | None = None
        self.articles: dict[int | str, set[dt.date | None]] = {}
        """For each article on record, the days as of which its text is known."""

    # -- commands

    @command(
        "SEC", "IMP", event=OrdinanceEnacted, ja="条例などを登録する", en="Record an ordinance", creates=True
    )
    @refuses(UNKNOWN_ID)
    def enact(self, fact: OrdinanceEnacted) -> None:
        """Record that an ordinance or other instrument was enacted, and why."""
        if self.state != "new":
            raise ALREADY_EXISTS(id=self.entity)
        must_exist(self, fact.motivated_by, "/motivated_by")
        self.record(fact)

    @command("SEC", "IMP", event=ArticleTextRecorded, ja="条文を記録する", en="Record the text of an article")
    @refuses(ARTICLE_ON_RECORD, PARAGRAPHS_MISNUMBERED)
    def record_article(self, fact: ArticleTextRecorded) -> None:
        """Record the text of one article, or of the preamble, as a source quotes it."""
        if fact.as_of in self.articles.get(fact.article, ()):
            raise ARTICLE_ON_RECORD(article=fact.article, as_of=fact.as_of or "—").at("/article")
        _in_order([p.paragraph for p in fact.paragraphs], "/paragraphs")
        for n, paragraph in enumerate(fact.paragraphs):
            _in_order([i.item for i in paragraph.items], f"/paragraphs/{n}/items")
        self.record(fact)

    @command("SEC", "IMP", event=OrdinanceAmended, ja="改正を記録する", en="Record an amendment")
    @refuses(AMENDED_BEFORE_ENACTED)
    def amend(self, fact: OrdinanceAmended) -> None:
        """Record that the instrument was amended."""
        if fact.amended and self.enacted and fact.amended.check().before(self.enacted):
            raise AMENDED_BEFORE_ENACTED(
                amended=fact.amended.label("ja"), enacted=self.enacted.label("ja")
            ).at("/amended")
        self.record(fact)

    # -- state

    @on(OrdinanceEnacted)
    def _enacted(self, e: OrdinanceEnacted, _: Recorded[Any]) -> None:
        self.state, self.kind = "enacted", e.kind
        self.enacted = e.enacted.check() if e.enacted else None

    @on(ArticleTextRecorded)
    def _article(self, e: ArticleTextRecorded, _: Recorded[Any]) -> None:
        self.articles.setdefault(e.article, set()).add(e.as_of)


def _in_order(numbers: list[int], pointer: str) -> None:
    for n, (before, number) in enumerate(pairwise(numbers), start=1):
        if number <= before:
            raise PARAGRAPHS_MISNUMBERED(number=number).at(f"{pointer}/{n}")
