"""Citations of articles 条・項・号, and document numbers 文書番号."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import ClassVar, Literal

import msgspec

from domain.rules import documents
from domain.values.calendar import fiscal_year_in_eras
from domain.values.fields import Ordinal, Year
from domain.values.refusal import Language, refusal

DOCUMENT_NO_UNREADABLE = refusal(
    "DOCUMENT_NO_UNREADABLE",
    ja="「{text}」を文書番号として読み取れません。",
    en="“{text}” cannot be read as a document number.",
    rule=documents.NUMBER,
    next_ja="例: 20市協発第12号の2、または年度を添えて市協第12号",
    next_en="For example 20市協発第12号の2, or 市協第12号 with its fiscal year.",
    kind="invalid",
)


class Citation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An article, paragraph (項) and item (号) of a registered instrument, as it stood on ``as_of``."""

    FIELDS: ClassVar = {"instrument_id": ("法令", "Instrument")}
    instrument_id: str
    article: Ordinal | Literal["preamble"] | None = None
    paragraph: Ordinal | None = None
    item: Ordinal | None = None
    as_of: dt.date | None = None

    @property
    def key(self) -> str:
        """The id of the thing cited: ``law-x#17``, ``law-x#preamble``, or the instrument as a whole."""
        return self.instrument_id if self.article is None else f"{self.instrument_id}#{self.article}"

    def label(self, lang: Language, title: str | None = None) -> str:
        """第17条第2項第1号 / Article 17, paragraph 2, item 1; after the title if given."""
        ja = lang == "ja"
        if self.article == "preamble":
            place = "前文" if ja else "preamble"
        else:
            parts = [
                (self.article, "第{}条", "Article {}"),
                (self.paragraph, "第{}項", "paragraph {}"),
                (self.item, "第{}号", "item {}"),
            ]
            place = ("" if ja else ", ").join(
                (in_ja if ja else in_en).format(n) for n, in_ja, in_en in parts if n is not None
            )
        if not title:
            return place or self.instrument_id
        return f"{title}{place}" if ja else f"{title}, {place}" if place else title


_DOCUMENT_NO = re.compile(
    r"(?P<year>[0-9]{1,2})?(?P<symbol>[^\d\s第]+?)(?P<direction>[発収])?"
    r"第(?P<n>[1-9][0-9]{0,4})号(?:の(?P<branch>[1-9][0-9]{0,4}))?"
)
_DIRECTIONS: dict[str | None, Literal["発", "収"]] = {"発": "発", "収": "収"}


class DocumentNo(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A document number: the ``n``-th sent 発 or received 収 under a section's symbol in fiscal year ``fy``,
    where counting restarts (O33); の2 is a ``branch``. ``era_year`` is the year printed before it, if any."""

    fy: Year
    symbol: str
    n: Ordinal
    direction: Literal["発", "収"] | None = None
    branch: Ordinal | None = None
    era_year: int | None = None

    @classmethod
    def parse(cls, text: str, fy: int | None = None) -> DocumentNo:
        """Read 20市協発第12号の2, or 市協第12号 with its ``fy``, of which a leading year must be an era year.

        Without ``fy`` a leading year from 17 is 平成, below it 令和, for this record begins in 平成17年度.
        That holds until FY2034 (令和16年度); later numbers need ``fy``. Refuses DOCUMENT_NO_UNREADABLE.
        """
        match = _DOCUMENT_NO.fullmatch(unicodedata.normalize("NFKC", text).strip())
        era_year = int(match["year"]) if match and match["year"] else None
        if fy is None and era_year is not None:
            fy = era_year + (1988 if era_year >= 17 else 2018)
        if match is None or fy is None or era_year not in {None, *fiscal_year_in_eras(fy)}:
            raise DOCUMENT_NO_UNREADABLE(text=text[:60])
        branch = int(match["branch"]) if match["branch"] else None
        direction = _DIRECTIONS.get(match["direction"])
        return cls(fy, match["symbol"], int(match["n"]), direction, branch, era_year)

    def check(self) -> DocumentNo:
        """Refuses parts that would not be read back from the printed number (DOCUMENT_NO_UNREADABLE)."""
        if DocumentNo.parse(str(self), self.fy) != self:
            raise DOCUMENT_NO_UNREADABLE(text=str(self)[:60])
        return self

    def __str__(self) -> str:
        year = "" if self.era_year is None else self.era_year
        branch = "" if self.branch is None else f"の{self.branch}"
        return f"{year}{self.symbol}{self.direction or ''}第{self.n}号{branch}"

    @property
    def key(self) -> str:
        """``2008/市協/発/12/2``: two numbers are the same if fiscal year, symbol, direction, number and
        branch are, whether or not the year was printed."""
        return f"{self.fy}/{self.symbol}/{self.direction or '-'}/{self.n}/{self.branch or 0}"
