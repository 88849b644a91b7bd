"""What a cell means: a day, an amount of money, a number, one of several words; as offices write them.

Each function takes what a cell says and gives the value, or None where the cell is empty; what cannot be read
is refused, never guessed.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache

import msgspec

from api.office.tables.reading.refusals import (
    CELL_ERROR,
    CELL_FORMULA,
    CELL_NO_CHOICE,
    CELL_NO_NUMBER,
    CELL_NO_YEAR,
)
from api.office.tables.reading.sheet import Cell
from api.office.tables.reading.vocabulary import NOTHING, NOTHING_OF_MONEY
from domain.values.calendar import DATE_UNREADABLE, EffectiveDate
from domain.values.money import MONEY_NOT_WHOLE, MONEY_UNREADABLE, Money, Unit

_ERRORS = re.compile(r"#(REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|N/A|SPILL!|CALC!)")
_WEEKDAY = re.compile(r"[((][月火水木金土日](曜日?)?(・?祝)?[))]|[月火水木金土日]曜日?$")
_SHORT_ERA = re.compile(
    r"([RHSTM]|令和|平成|昭和|大正|明治|令|平|昭)\.?(元|\d{1,2})[./-](\d{1,2})[./-](\d{1,2})", re.I
)
_ERA_MONTH = re.compile(r"([RHSTM]|令和|平成|昭和|大正|明治)\.?(元|\d{1,2})[./-](\d{1,2})", re.I)
_ERA_LETTER = re.compile(r"([rhstm])\.?(元|\d{1,2})(年度?)?(?!\d)(.*)", re.I)
_WESTERN = re.compile(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})(?:T?0?0:00(?::00)?)?")
_WESTERN_MONTH = re.compile(r"(\d{4})[./-](\d{1,2})")
_WESTERN_WORDS = re.compile(r"(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})日)?)?")
_FISCAL = re.compile(r"(?:FY)?(\d{4})年?度", re.I)
_COMPACT = re.compile(r"(19|20)\d{6}")
_NO_YEAR = re.compile(r"(\d{1,2})(?:月|[./-])(\d{1,2})日?")
_SERIAL = range(15_000, 80_000)
"""Days as spreadsheets count them, from 1941 to 2119."""
_FIRST_DAY = dt.date(1899, 12, 30)
_FULL_ERA = {"令": "令和", "平": "平成", "昭": "昭和"}
_AMOUNT = re.compile(
    r"(?P<minus>[△▲-]?)(?P<sign>[¥\\]?)(?P<number>[0-9,]*\.?[0-9]+)(?P<unit>百万円|千円|万円|億円|円)?"
)
_UNITS: tuple[Unit, ...] = ("百万円", "千円", "万円", "億円", "円")
_FACTORS: dict[Unit, int] = {unit: Money.stated(1, unit).yen for unit in _UNITS}


@lru_cache(4_096)
def plain(text: str) -> str:
    """The text in its plain form, by which it is compared: full-width letters and digits narrow, no spaces,
    one form of dash."""
    narrow = unicodedata.normalize("NFKC", text)
    return re.sub(r"[‐‑‒–—―−－ー](?=\d)", "-", re.sub(r"\s+", "", narrow))


def name_key(name: str) -> str:
    """The form in which names of people are compared: without spaces, full-width and half-width alike."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name))


def said(cell: Cell) -> str:
    """What the cell says. Refuses ``CELL_FORMULA`` for a formula without a value, ``CELL_ERROR`` for one that
    failed; the cell is named by whoever reads it."""
    if cell.is_unknown:
        raise CELL_FORMULA()
    if _ERRORS.fullmatch(cell.text):
        raise CELL_ERROR(text=cell.text)
    return cell.text


def is_nothing(text: str) -> bool:
    """Whether it says that there is nothing: empty, a dash, なし."""
    return plain(text) in NOTHING


def read_text(cell: Cell) -> str | None:
    text = said(cell)
    return text or None


def read_line(cell: Cell) -> str | None:
    """Text in one line."""
    text = " ".join(said(cell).split("\n"))
    return text or None


def read_day(cell: Cell) -> EffectiveDate | None:
    """A day, a month, a year: true dates, the day number of a spreadsheet, 2025/4/1, 令和７年４月１日,
    R7.4.1, 令和7年度. Refuses ``CELL_NO_YEAR`` and what is no date."""
    if isinstance(cell.value, dt.datetime):
        return EffectiveDate.on(cell.value.date())
    if isinstance(cell.value, dt.date):
        return EffectiveDate.on(cell.value)
    text = said(cell)
    words = _WEEKDAY.sub("", plain(text))
    if words in NOTHING:
        return None
    if words.isascii() and words.isdecimal() and int(words) in _SERIAL:
        return EffectiveDate.on(_FIRST_DAY + dt.timedelta(days=int(words)))
    return _day(words, text)


def _day(words: str, text: str) -> EffectiveDate:
    if match := _WESTERN.fullmatch(words):
        return EffectiveDate.parse(f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}")
    if _COMPACT.fullmatch(words):
        return EffectiveDate.parse(f"{words[:4]}-{words[4:6]}-{words[6:]}")
    if match := _FISCAL.fullmatch(words):
        return EffectiveDate.parse(f"FY{match[1]}")
    if match := _WESTERN_MONTH.fullmatch(words):
        return EffectiveDate.parse(f"{match[1]}-{int(match[2]):02}")
    if match := _WESTERN_WORDS.fullmatch(words):
        return EffectiveDate.parse(
            "-".join([match[1], *(f"{int(part):02}" for part in match.groups()[1:] if part)])
        )
    if match := _SHORT_ERA.fullmatch(words):
        return _by_era(f"{_era(match[1])}{match[2]}年{match[3]}月{match[4]}日", text)
    if match := _ERA_MONTH.fullmatch(words):
        return _by_era(f"{_era(match[1])}{match[2]}年{match[3]}月", text)
    if _NO_YEAR.fullmatch(words):
        raise CELL_NO_YEAR(text=text[:40])
    if match := _ERA_LETTER.fullmatch(words):
        return _by_era(f"{match[1].upper()}{match[2]}{match[3] or '年'}{match[4]}", text)
    return _by_era(words, text)


def _era(name: str) -> str:
    return name.upper() if name.isascii() else _FULL_ERA.get(name, name)


def _by_era(words: str, text: str) -> EffectiveDate:
    """A date by its era, with the words that stood there."""
    try:
        return msgspec.structs.replace(EffectiveDate.parse(words), era=text.strip()[:60])
    except UnicodeError:  # a digit of another script
        raise DATE_UNREADABLE(text=text[:60]) from None


def read_year(cell: Cell) -> int | None:
    """A fiscal year: 2025, 令和7年度, R7, 7年度 is none. Refuses what is none."""
    if isinstance(cell.value, dt.date):
        raise DATE_UNREADABLE(text=cell.text)
    words = plain(said(cell))
    if words in NOTHING:
        return None
    if match := re.fullmatch(r"(?:FY)?((?:19|20)\d\d)(?:年度?)?", words, re.I):
        return int(match[1])
    if match := re.fullmatch(r"([RHS]|令和|平成|昭和|令|平|昭)(元|\d{1,2})(?:年度?)?", words, re.I):
        year = EffectiveDate.parse(f"{_era(match[1])}{match[2]}年度")
        return int(str(year.value)[2:])
    raise DATE_UNREADABLE(text=cell.text[:60])


def read_whole(cell: Cell) -> int | None:
    """A whole number: 12, １２, 12名, 1,200. Refuses ``CELL_NO_NUMBER``."""
    words = plain(said(cell))
    if words in NOTHING:
        return None
    match = re.fullmatch(r"(-?[0-9][0-9,]*)(?:\.0+)?(?:人|名|件|回|番|席|期)?", words)
    if match is None:
        raise CELL_NO_NUMBER(text=cell.text[:40])
    return int(match[1].replace(",", ""))


def read_money(cell: Cell, unit: Unit) -> Money | None:
    """An amount, in ``unit`` where the cell names none: △1,500, ▲80, －85, ¥120,000, 3,400千円. Refuses what
    is none (``MONEY_UNREADABLE``) and what is no whole yen (``MONEY_NOT_WHOLE``)."""
    words = plain(said(cell)).replace("税込", "")
    if words in NOTHING_OF_MONEY:
        return None
    match = _AMOUNT.fullmatch(words)
    if match is None:
        if isinstance(cell.value, str) and any(mark in words for mark in ("億", "万")):
            return Money.read(words)
        raise MONEY_UNREADABLE(text=cell.text[:60])
    in_yen: Unit = "円" if match["sign"] else unit
    stated: Unit = msgspec.convert(match["unit"], Unit) if match["unit"] else in_yen
    try:
        number = Decimal(match["number"].replace(",", ""))
    except InvalidOperation:
        raise MONEY_UNREADABLE(text=cell.text[:60]) from None
    yen = number * _FACTORS[stated]
    if yen != yen.to_integral_value() or yen >= 10**15:
        raise MONEY_NOT_WHOLE(value=cell.text[:40])
    sign = -1 if match["minus"] else 1
    if number == number.to_integral_value():
        return Money.stated(sign * int(number), stated)
    return Money.of_yen(sign * int(yen))


def read_choice(cell: Cell, words: Mapping[str, Sequence[str]], known: str) -> tuple[str, bool] | None:
    """Which of several things it says, by their words (the first of each is its own), and whether it says so
    in its own word. Refuses ``CELL_NO_CHOICE``."""
    text = said(cell)
    key = re.sub(r"^[(\[]?[A-DＡ-Ｄa-d①-④1-4][)\].．、 ]", "", unicodedata.normalize("NFKC", text))
    key = plain(key)
    if not key or plain(text) in NOTHING:
        return None
    for value, names in words.items():
        if key == plain(names[0]) or plain(text) == plain(names[0]):
            return value, True
    for value, names in words.items():
        if key in map(plain, names) or plain(text) in map(plain, names):
            return value, False
    raise CELL_NO_CHOICE(text=text[:40], known=known)
