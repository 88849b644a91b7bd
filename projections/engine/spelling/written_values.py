"""Dates, amounts and numbers of articles, however they are written, as one token each.

平成18年3月1日, 2006年3月1日, 2006-03-01 and H18.3.1 are ``d:2006-03-01``; 3400千円, 340万円 and ¥3,400,000
are ``m:3400000``; 第十七条 and 第17条 are ``n:article17``. Texts are read as they are folded for search; what
a query may mean is read more freely than what a text says.

One story: the spellings of a date, of an amount and of a number, read in a text and in a query.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from domain.values.calendar import ERAS, EffectiveDate, fiscal_year_of
from domain.values.money import Money
from domain.values.refusal import Refusal


class Written(NamedTuple):
    """Where in a text a value stands, and its tokens: the most precise one first."""

    start: int
    end: int
    tokens: tuple[str, ...]


_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")}
_KANJI = "[〇一二三四五六七八九十百]"
_N = rf"(?:[0-9]{{1,3}}|{_KANJI}{{1,5}})"
_TWO = rf"(?:[0-9]{{1,2}}|{_KANJI}{{1,3}})"
_LETTERS = {era.letter.lower(): era for era in ERAS} | {era.name: era for era in ERAS}
_ERA = "|".join(_LETTERS)
_YEAR_MONTH_DAY = rf"年(?:\s?(?P<month>{_TWO})\s?月(?:\s?(?P<day>{_TWO})\s?日)?)?"
_POINTS = r"(?P<p>[./-])(?P<pm>[0-9]{1,2})(?:(?P=p)(?P<pd>[0-9]{1,2}))?(?![0-9./-])"
_DATE = re.compile(
    rf"(?:(?<![a-z])(?P<era>{_ERA})\s?(?P<in_era>元|{_TWO})|(?<![0-9])(?P<year>[0-9]{{4}}))\s?"
    rf"(?:(?P<fiscal>年度)|{_YEAR_MONTH_DAY}|{_POINTS})"
)
_FY = re.compile(r"(?<![a-z])fy(?P<year>[0-9]{4})(?![0-9])")
_YEAR = re.compile(rf"(?:(?P<era>{_ERA})\s?(?P<in_era>元|[0-9]{{1,2}})|(?P<year>(?:1[89]|2[01])[0-9]{{2}}))")
_YEN = re.compile(
    r"[¥\\]\s?(?P<plain>[0-9][0-9,]*)"
    r"|(?P<units>(?:[0-9,]+億)?(?:[0-9,]+万)?(?:[0-9][0-9,]*)?(?:百万円|千円|円))"
)
_SHORT_YEN = re.compile(r"(?:[0-9,]+億)?(?:[0-9,]+万)?|[0-9,]+千|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{4,}")
UNITS = {
    "条": "article",
    "項": "paragraph",
    "号": "no",
    "回": "time",
    "期": "term",
    "章": "chapter",
    "節": "section",
    "次": "order",
    "版": "version",
    "案": "option",
}
"""What is counted with 第, and how its tokens name it."""
_NUMBER = re.compile(rf"第\s?(?P<n>[0-9]{{1,5}}|{_KANJI}{{1,6}})\s?(?P<unit>[{''.join(UNITS)}])")
_SHORT_NUMBER = re.compile(rf"(?P<n>[0-9]{{1,5}}|{_KANJI}{{1,6}})(?P<unit>[{''.join(UNITS)}])")
_ENGLISH = {"article": "article", "paragraph": "paragraph", "no.": "no"}
_ENGLISH_NUMBER = re.compile(r"(?P<unit>article|paragraph|no\.)\s?(?P<n>[0-9]{1,5})(?![0-9])")


def written_in(text: str) -> list[Written]:
    """Every date, amount and number in a folded text, in order."""
    if not _ANY.search(text):
        return []
    return sorted(_written(text))


_ANY = re.compile(f"[0-9元{_KANJI[1:-1]}]")


def _written(text: str) -> Iterator[Written]:
    for match in _DATE.finditer(text):
        if tokens := _date(match):
            yield Written(*match.span(), tokens)
    for match in _FY.finditer(text):
        yield Written(*match.span(), (f"y:{match['year']}",))
    for match in _YEN.finditer(text):
        if (yen := _yen(match)) is not None:
            yield Written(*match.span(), (f"m:{yen}",))
    for match in _NUMBER.finditer(text):
        yield Written(*match.span(), (number(UNITS[match["unit"]], number_of(match["n"])),))
    for match in _ENGLISH_NUMBER.finditer(text):
        yield Written(*match.span(), (number(_ENGLISH[match["unit"]], int(match["n"])),))


def meant_by(word: str) -> tuple[str, ...]:
    """The tokens of what a folded word may mean as a whole; none if it is no value."""
    if match := _DATE.fullmatch(word):
        return _date(match)[:1]
    if match := _FY.fullmatch(word):
        return (f"y:{match['year']}",)
    if match := _YEAR.fullmatch(word):
        year = _year(match)
        amount = () if match["era"] else (f"m:{year}",)
        return (f"d:{year}", f"y:{year}", *amount) if year else ()
    if match := _NUMBER.fullmatch(word) or _SHORT_NUMBER.fullmatch(word):
        return (number(UNITS[match["unit"]], number_of(match["n"])),)
    if match := _ENGLISH_NUMBER.fullmatch(word):
        return (number(_ENGLISH[match["unit"]], int(match["n"])),)
    if match := _YEN.fullmatch(word):
        yen = _yen(match)
    else:
        yen = _short_yen(word) if word and _SHORT_YEN.fullmatch(word) else None
    return () if yen is None else (f"m:{yen}",)


# -- tokens


def tokens_of_date(date: EffectiveDate) -> tuple[str, ...]:
    """What may be asked for to find a date: it, and the month and years that it lies in."""
    if date.value is None:
        return ()
    if date.precision == "fiscal_year":
        return (f"y:{date.value[2:]}",)
    if date.precision == "calendar_year":
        return (f"d:{date.value}",)
    if date.precision == "month":
        return _of_month(int(date.value[:4]), int(date.value[5:7]))
    return tokens_of_day(date.earliest) if date.earliest else ()


def tokens_of_day(day: dt.date) -> tuple[str, ...]:
    return (f"d:{day.isoformat()}", *_of_month(day.year, day.month))


def _of_month(year: int, month: int) -> tuple[str, ...]:
    return f"d:{year:04d}-{month:02d}", f"d:{year:04d}", f"y:{fiscal_year_of(dt.date(year, month, 1))}"


def number(unit: str, n: int) -> str:
    """The token of an article, a paragraph, a meeting by its number."""
    return f"n:{unit}{n}"


def own(token: str) -> str:
    """The token of a thing's own number: of the article itself, not of who cites it."""
    return f"own:{token}"


def _date(match: re.Match[str]) -> tuple[str, ...]:
    year = _year(match)
    if year is None:
        return ()
    if match["fiscal"]:
        return (f"y:{year}",)
    month, day = match["month"] or match["pm"], match["day"] or match["pd"]
    try:
        if day:
            return tokens_of_day(dt.date(year, number_of(month), number_of(day)))
        if month:
            dt.date(year, number_of(month), 1)
            return _of_month(year, number_of(month))
    except ValueError:  # there is no such day
        return ()
    return (f"d:{year}",)


def _year(match: re.Match[str]) -> int | None:
    if match["era"]:
        in_era = 1 if match["in_era"] == "元" else number_of(match["in_era"])
        year = _LETTERS[match["era"]].first.year + in_era - 1
        return year if in_era and year < 2200 else None
    return int(match["year"])


def _yen(match: re.Match[str]) -> int | None:
    if match["plain"]:
        return _whole(match["plain"])
    try:
        return Money.read(match["units"]).yen
    except Refusal:
        return None


def _short_yen(word: str) -> int | None:
    if word.endswith("千"):
        thousands = _whole(word[:-1])
        return None if thousands is None else thousands * 1_000
    if word[-1] in "億万":
        try:
            return Money.read(f"{word}円").yen
        except Refusal:
            return None
    return _whole(word)


def _whole(digits: str) -> int | None:
    plain = digits.replace(",", "")
    return int(plain) if plain and len(plain) < 16 else None


def number_of(text: str) -> int:
    """Digits or kanji numerals: 18, 十八, 三百二十五, 一八."""
    if text.isdecimal():
        return int(text)
    if not {"十", "百"} & set(text):
        return int("".join(str(_DIGITS[c]) for c in text))
    whole, ones = 0, 0
    for c in text:
        if c in _DIGITS:
            ones = _DIGITS[c]
        else:
            whole += (ones or 1) * (100 if c == "百" else 10)
            ones = 0
    return whole + ones


def all_tokens(texts: Iterable[str]) -> Iterator[str]:
    """The tokens of everything written in folded texts."""
    for text in texts:
        for written in written_in(text):
            yield from written.tokens
