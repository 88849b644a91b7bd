"""Citations of articles 条・項・号, and document numbers 文書番号."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Literal

import msgspec

from domain.calendar import DATE_UNREADABLE, ERAS
from domain.refusal import Language, refusal

DOCUMENT_NO_UNREADABLE = refusal(
    "DOCUMENT_NO_UNREADABLE",
    ja="「{text}」を文書番号として読み取れません。",
    en="“{text}” cannot be read as a document number.",
    rule="domain.md 3 and O33: fiscal year, section symbol, 発/収, number, branch",
    next_ja="例: 20市協発第12号の2、または年度を添えて市協第12号",
    next_en="For example 20市協発第12号の2, or 市協第12号 with its fiscal year.",
    kind="invalid",
)


class Citation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An article, paragraph (項) and item (号) of a registered instrument, as it stood on ``as_of``."""

    instrument_id: str
    article: int | Literal["preamble"] | None = None
    paragraph: int | None = None
    item: int | None = None
    as_of: dt.date | None = None

    @property
    def key(self) -> str:
        """The id of the thing cited: ``law-x#17``, ``law-x#preamble``, or the instrument as a whole."""
        return self.instrument_id if self.article is None else f"{self.instrument_id}#{self.article}"

    def label(self, lang: Language, title: str | None = None) -> str:
        """第17条第2項第1号 / Article 17, paragraph 2, item 1; after the title if given."""
        ja = lang == "ja"
        if self.article == "preamble":
            said = "前文" if ja else "preamble"
        else:
            parts = [
                (self.article, f"第{self.article}条", f"Article {self.article}"),
                (self.paragraph, f"第{self.paragraph}項", f"paragraph {self.paragraph}"),
                (self.item, f"第{self.item}号", f"item {self.item}"),
            ]
            said = ("" if ja else ", ").join(p[1 if ja else 2] for p in parts if p[0] is not None)
        if not title:
            return said or self.instrument_id
        return f"{title}{said}" if ja else f"{title}, {said}" if said else title


_DOCUMENT_NO = re.compile(
    r"(?P<year>\d{1,2})?(?P<symbol>[^\d\s第]+?)(?P<direction>[発収])?第(?P<n>\d+)号(?:の(?P<branch>\d+))?"
)


class DocumentNo(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A document number, unique as a whole: it restarts every fiscal year (O33)."""

    fy: int
    symbol: str
    n: int
    direction: Literal["発", "収"] | None = None
    branch: int | None = None
    year_printed: bool = False
    """Whether the number is printed with the era year of its fiscal year before it."""

    @classmethod
    def parse(cls, text: str, fy: int | None = None) -> DocumentNo:
        """Read 20市協発第12号の2 or 市協第12号. The leading era year is read in the era of ``fy`` if given,
        else in 平成 from 17 up (when this record begins) and in 令和 below. Refuses what has no year."""
        plain = unicodedata.normalize("NFKC", text).strip()
        found = _DOCUMENT_NO.fullmatch(plain)
        year = int(found["year"]) if found and found["year"] else None
        if found is None or int(found["n"]) < 1 or (year is None and fy is None):
            raise DOCUMENT_NO_UNREADABLE(text=text[:60])
        branch = int(found["branch"]) if found["branch"] else None
        stated = _fiscal_year(year) if year is not None and fy is None else fy
        if stated is None or (year is not None and _era_year(stated) != year):
            raise DOCUMENT_NO_UNREADABLE(text=text[:60])
        direction: Literal["発", "収"] | None = None
        if found["direction"]:
            direction = "発" if found["direction"] == "発" else "収"
        return cls(stated, found["symbol"], int(found["n"]), direction, branch, year is not None)

    def __str__(self) -> str:
        year = str(_era_year(self.fy)) if self.year_printed else ""
        branch = f"の{self.branch}" if self.branch else ""
        return f"{year}{self.symbol}{self.direction or ''}第{self.n}号{branch}"

    @property
    def key(self) -> str:
        """The whole number with its fiscal year: two are the same only if all parts are."""
        return f"{self.fy}/{self.symbol}/{self.direction or '-'}/{self.n}/{self.branch or 0}"


def _era_year(fiscal_year: int) -> int:
    """The era year of a fiscal year (2008 → 20, 2019 → 1, as 令和元年度)."""
    day = dt.date(2019, 5, 1) if fiscal_year == 2019 else dt.date(fiscal_year, 4, 1)
    for _, _, first in ERAS:
        if day >= first:
            return fiscal_year - first.year + 1
    raise DATE_UNREADABLE(text=str(fiscal_year))


def _fiscal_year(era_year: int) -> int:
    """The fiscal year of a bare era year: 17 and up are 平成 (to 30), below are 令和."""
    return 1988 + era_year if era_year >= 17 else 2018 + era_year


