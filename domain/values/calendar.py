"""Dates as the sources give them: with a precision, bounds, and a basis; Japanese eras and fiscal years.

An effective date (効力の日) is an interval, never a made-up day (domain.md section 3). Fiscal year 年度 n
runs from 1 April n to 31 March n+1. Instants are shown in Japan time.

One story: how a date is read from a source, compared as an interval, and printed as precisely as it is known.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from typing import ClassVar, Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from domain.rules import dates
from domain.values.refusal import Language, Refusal, refusal

JAPAN = ZoneInfo("Asia/Tokyo")


def day_in_japan(instant: dt.datetime) -> dt.date:
    """The day that it is in Japan at an instant, which says its zone."""
    return instant.astimezone(JAPAN).date()


Precision = Literal["instant", "day", "month", "calendar_year", "fiscal_year", "unknown"]
Order = Literal["before", "after", "equal", "order_unknown"]

DATE_IMPOSSIBLE = refusal(
    "DATE_IMPOSSIBLE",
    ja="「{text}」という日付はありません。",
    en="There is no such date as “{text}”.",
    rule=dates.CALENDAR,
    next_ja="年月日を確かめてください。",
    next_en="Check year, month and day.",
    kind="invalid",
)
ERA_OUT_OF_RANGE = refusal(
    "ERA_OUT_OF_RANGE",
    ja="「{text}」は元号の期間外です。",
    en="“{text}” lies outside the era it names.",
    rule=dates.ERAS,
    next_ja="その日の元号（例: 2019年5月1日は令和元年5月1日）で書き直してください。",
    next_en="Write it in the era of that day (1 May 2019 is 令和元年5月1日).",
    kind="invalid",
)
DATE_UNREADABLE = refusal(
    "DATE_UNREADABLE",
    ja="「{text}」を日付として読み取れません。",
    en="“{text}” cannot be read as a date.",
    rule=dates.PRECISION,
    next_ja="例: 2006-03-01、平成18年3月1日、平成20年度。分からなければ、不明としてください。",
    next_en="For example 2006-03-01, 平成18年3月1日, FY2008; if nobody knows, say that it is not known.",
    kind="invalid",
)
DATE_BOUNDS = refusal(
    "DATE_BOUNDS",
    ja="日付の範囲（{earliest}〜{latest}）が値「{text}」と合いません。",
    en="The bounds ({earliest} to {latest}) do not fit the value “{text}”.",
    rule=dates.BOUNDS,
    next_ja="早くてと遅くての日を省くか、日付と一致させてください。",
    next_en="Leave earliest and latest out, or make them agree with the value.",
    kind="invalid",
)


class Era(NamedTuple):
    """An era 元号 from its ``first`` to its ``last`` day; year 1 is written 元年."""

    name: str
    letter: str
    first: dt.date
    last: dt.date

    def touches(self, earliest: dt.date, latest: dt.date) -> bool:
        return self.first <= latest and earliest <= self.last


# Five rows need no library; japanera is the independent witness in the tests.
ERAS = (
    Era("令和", "R", dt.date(2019, 5, 1), dt.date.max),
    Era("平成", "H", dt.date(1989, 1, 8), dt.date(2019, 4, 30)),
    Era("昭和", "S", dt.date(1926, 12, 25), dt.date(1989, 1, 7)),
    Era("大正", "T", dt.date(1912, 7, 30), dt.date(1926, 12, 24)),
    Era("明治", "M", dt.date(1868, 10, 23), dt.date(1912, 7, 29)),
)
FIRST_SOLAR_DAY = dt.date(1873, 1, 1)
"""Japanese dates before this day are of the lunar calendar and are refused."""

_ISO: dict[Precision, re.Pattern[str]] = {
    "fiscal_year": re.compile(r"FY\d{4}", re.ASCII),
    "calendar_year": re.compile(r"\d{4}", re.ASCII),
    "month": re.compile(r"\d{4}-\d{2}", re.ASCII),
    "day": re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII),
    "instant": re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII),
}
_KANJI_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")}
_NUMBER = r"(?:[0-9]{1,2}|[〇一二三四五六七八九]{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?)"
_ERA_TEXT = re.compile(
    rf"(?P<era>令和|平成|昭和|大正|明治|[RHSTM])\s*(?P<year>元|{_NUMBER})\s*"
    rf"(?:(?P<fy>年度)|年?|年\s*(?P<month>{_NUMBER})\s*月(?:\s*(?P<day>{_NUMBER})\s*日)?)"
)


class EffectiveDate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """When something took effect, as precisely as anybody recorded it.

    ``value`` in ISO form (2006-03-01, 2006-03, 2005, FY2008, an RFC 3339 instant), None if unknown;
    ``earliest`` and ``latest`` are inclusive bounds, None where unbounded; ``era`` keeps the source's words;
    ``basis`` tells whether the source states this date, we infer it, or there is none.
    """

    FIELDS: ClassVar = {
        "precision": ("精度", "Precision"),
        "era": ("原文", "As written"),
        "earliest": ("早くて", "Earliest"),
        "latest": ("遅くて", "Latest"),
    }
    value: str | None = None
    precision: Precision = "unknown"
    era: str | None = None
    earliest: dt.date | None = None
    latest: dt.date | None = None
    basis: Literal["stated", "inferred", "none"] = "stated"
    REFUSES: ClassVar = (DATE_UNREADABLE, DATE_IMPOSSIBLE, DATE_BOUNDS)

    # -- making

    @classmethod
    def parse(cls, text: str, basis: Literal["stated", "inferred"] = "stated") -> EffectiveDate:
        """Read an ISO form, ``FY2008``, or an era form (平成18年3月1日, 平成20年度, H18, 平成十八年), whose
        words are kept in ``era``. Refuses DATE_UNREADABLE, DATE_IMPOSSIBLE, ERA_OUT_OF_RANGE."""
        plain = _plain(text)
        if day := _read_iso(plain):
            return cls(day.value, day.precision, None, day.earliest, day.latest, basis)
        if day := _read_era(plain):
            return cls(day.value, day.precision, text.strip(), day.earliest, day.latest, basis)
        raise DATE_UNREADABLE(text=text[:60])

    @classmethod
    def on(cls, day: dt.date) -> EffectiveDate:
        return cls(day.isoformat(), "day", None, day, day)

    @classmethod
    def at(cls, instant: dt.datetime) -> EffectiveDate:
        """A moment, kept in UTC. Refuses one without an offset: it would be read in the server's zone."""
        if instant.tzinfo is None:
            raise DATE_UNREADABLE(text=instant.isoformat())
        day = day_in_japan(instant)
        value = instant.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
        return cls(value, "instant", None, day, day)

    @classmethod
    def in_fiscal_year(cls, year: int) -> EffectiveDate:
        return cls(f"FY{year}", "fiscal_year", None, *fiscal_year_bounds(year))

    @classmethod
    def unknown(cls, earliest: dt.date | None = None, latest: dt.date | None = None) -> EffectiveDate:
        """No date is recorded, but perhaps that it was not before or not after some day."""
        return cls(None, "unknown", None, earliest, latest, "none")

    def check(self) -> EffectiveDate:
        """The same date with its bounds filled in. Refuses a value that does not fit its precision
        (DATE_UNREADABLE, DATE_IMPOSSIBLE) and bounds that do not follow from it (DATE_BOUNDS)."""
        if self.precision == "unknown":
            if self.value is not None:
                raise DATE_UNREADABLE(text=self.value[:60])
            if self.earliest and self.latest and self.earliest > self.latest:
                raise self._wrong_bounds()
            return self
        reading = _read_iso(self.value or "")
        if reading is None or reading.precision != self.precision:
            raise DATE_UNREADABLE(text=str(self.value)[:60])
        if self.earliest not in (None, reading.earliest) or self.latest not in (None, reading.latest):
            raise self._wrong_bounds()
        return msgspec.structs.replace(self, earliest=reading.earliest, latest=reading.latest)

    def _wrong_bounds(self) -> Refusal:
        return DATE_BOUNDS(earliest=self.earliest, latest=self.latest, text=self.value or "不明")

    # -- comparing

    def compare(self, other: EffectiveDate) -> Order:
        """``equal`` only for the same single day or the same instant; a day and an instant within it, like
        any other overlap, leave the order unknown."""
        if self.before(other):
            return "before"
        if other.before(self):
            return "after"
        same_day = (
            self.earliest is not None and self.earliest == self.latest == other.earliest == other.latest
        )
        alike = (self.precision == "instant") == (other.precision == "instant")
        return "equal" if same_day and alike else "order_unknown"

    def before(self, other: EffectiveDate) -> bool:
        """Whether this ends before the other begins: instants by the clock, everything else by whole days."""
        mine, theirs = self._moment, other._moment
        if mine and theirs:
            return mine < theirs
        return self.latest is not None and other.earliest is not None and self.latest < other.earliest

    def overlaps(self, other: EffectiveDate) -> bool:
        return not self.before(other) and not other.before(self)

    @property
    def sort_key(self) -> tuple[str, str, str]:
        """For listing: by earliest day, then latest, then moment. Without an earliest day it comes first,
        without a latest after all that begin with it; an instant after the bare day it lies in."""
        return (
            self.earliest.isoformat() if self.earliest else "0000-00-00",
            self.latest.isoformat() if self.latest else "9999-99-99",
            self._moment.isoformat(timespec="microseconds") if self._moment else "",
        )

    @property
    def _moment(self) -> dt.datetime | None:
        """An instant in UTC."""
        if self.precision != "instant" or self.value is None:
            return None
        return dt.datetime.fromisoformat(self.value).astimezone(dt.UTC)

    @property
    def fiscal_year(self) -> int | None:
        """The fiscal year the whole interval lies in; None if it is not within one."""
        if self.earliest is None or self.latest is None:
            return None
        year = fiscal_year_of(self.earliest)
        return year if fiscal_year_of(self.latest) == year else None

    # -- printing

    def label(self, lang: Language) -> str:
        """The date as precise as it is: 平成18年(2006年)3月1日 / 1 March 2006; FY2008; 日付の記録なし."""
        if self.precision == "unknown" or self.value is None:
            return "日付の記録なし" if lang == "ja" else "date not recorded"
        if self.precision == "fiscal_year":
            return fiscal_year_label(int(self.value[2:]), lang)
        if moment := self._moment:
            here = moment.astimezone(JAPAN)
            return f"{_day_label(here.date(), lang)} {here:%H:%M}"
        if self.precision == "day":
            return _day_label(dt.date.fromisoformat(self.value), lang)
        if self.precision == "month":
            return _month_label(int(self.value[:4]), int(self.value[5:]), lang)
        return _year_label(int(self.value), lang)

    def full_label(self, lang: Language) -> str:
        """The label, and what is not known about it: no day recorded, inferred, only bounds."""
        return self.label(lang) + self.uncertainty_label(lang)

    def uncertainty_label(self, lang: Language) -> str:
        """What the label does not say: see :meth:`full_label`. Empty if it says everything."""
        label = ""
        if self.precision in ("month", "calendar_year", "fiscal_year"):
            label += "・日付の記録なし" if lang == "ja" else ", day not recorded"
        if self.precision == "unknown":
            label += self._bounds_label(lang)
        if self.basis == "inferred":
            label += "・推定" if lang == "ja" else " (inferred)"
        return label

    def _bounds_label(self, lang: Language) -> str:
        since, until = _soft_labels(self.earliest, self.latest, lang)
        if since and since == until:
            return f"（{since}のうち）" if lang == "ja" else f" (within {since})"
        if lang == "ja":
            text = "、".join([f"{since}以降"] * bool(since) + [f"{until}まで"] * bool(until))
            return f"（{text}）" if text else ""
        text = ", ".join([f"{since} or later"] * bool(since) + [f"not after {until}"] * bool(until))
        return f" ({text})" if text else ""


# ------------------------------------------------------------------------------------------ fiscal years


def fiscal_year_of(day: dt.date) -> int:
    """The fiscal year (年度) a day lies in: 1 April to 31 March."""
    return day.year if day.month >= 4 else day.year - 1


def fiscal_year_bounds(year: int) -> tuple[dt.date, dt.date]:
    """The first and last day of a fiscal year, inclusive."""
    return dt.date(year, 4, 1), dt.date(year + 1, 3, 31)


def fiscal_year_label(year: int, lang: Language) -> str:
    """平成20年度(2008年度) / FY2008. It is called by the era of its 1 May: FY2019 is 令和元年度 although its
    April was still 平成 (O29)."""
    return f"FY{year}" if lang == "en" else _both_years(dt.date(year, 5, 1), year, "年度")


def fiscal_year_in_eras(year: int) -> frozenset[int]:
    """The era years a fiscal year is called by: 2008 → {20}; 2019 → {1, 31} (令和元年度, 平成31年度). An era
    that began after New Year's Day had its first fiscal year in the April after: 1988 → {63}."""
    touching = (era for era in ERAS if era.touches(*fiscal_year_bounds(year)))
    return frozenset(year - era.first.year + 1 for era in touching if year >= era.first.year)


def parse_fiscal_year(text: str) -> int:
    """Read ``FY2008``, ``2008``, ``平成20年度``, ``H20``. Refuses like :meth:`EffectiveDate.parse`."""
    plain = _plain(text)
    if match := re.fullmatch(r"(?:FY)?([0-9]{4})(?:年度)?", plain):
        read = _read_iso(f"FY{match[1]}")
    else:
        read = _read_era(plain.removesuffix("度").removesuffix("年") + "年度")
    if read is None:
        raise DATE_UNREADABLE(text=text[:60])
    return int(read.value[2:])


# ---------------------------------------------------------------------------------------------- reading


class _Read(NamedTuple):
    value: str
    precision: Precision
    earliest: dt.date
    latest: dt.date


def _plain(text: str) -> str:
    """Full-width letters and digits made plain (Ｈ１８ → H18)."""
    return unicodedata.normalize("NFKC", text).strip()


def _read_iso(text: str, source: str | None = None) -> _Read | None:
    """None if ``text`` has no ISO form; a refusal quotes ``source``, the words it came from."""
    for precision, form in _ISO.items():
        if form.fullmatch(text):
            try:
                return _Read(text, precision, *_bounds(text, precision))
            except (ValueError, OverflowError):
                raise DATE_IMPOSSIBLE(text=source or text) from None
    return None


def _read_era(text: str) -> _Read | None:
    match = _ERA_TEXT.fullmatch(text)
    if match is None:
        return None
    era = next(era for era in ERAS if match["era"] in (era.name, era.letter))
    in_era = 1 if match["year"] == "元" else _number(match["year"])
    year = f"{era.first.year + in_era - 1}"
    parts = [f"{_number(match[part]):02d}" for part in ("month", "day") if match[part]]
    read = _read_iso(f"FY{year}" if match["fy"] else "-".join([year, *parts]), source=text)
    if read is None or in_era < 1 or read.earliest < FIRST_SOLAR_DAY:
        raise ERA_OUT_OF_RANGE(text=text)
    if not era.touches(read.earliest, read.latest):
        raise ERA_OUT_OF_RANGE(text=text)
    return read


def _number(text: str) -> int:
    """Digits or kanji numerals of ``_NUMBER``: 18, 十八, 一八."""
    if text.isdecimal():
        return int(text)
    if "十" in text:
        tens, ones = text.split("十")
        return 10 * _KANJI_DIGITS.get(tens, 1) + _KANJI_DIGITS.get(ones, 0)
    return int("".join(str(_KANJI_DIGITS[c]) for c in text))


def _bounds(value: str, precision: Precision) -> tuple[dt.date, dt.date]:
    """The first and last day of an ISO value. ValueError or OverflowError if there is no such day."""
    if precision == "fiscal_year":
        return fiscal_year_bounds(int(value[2:]))
    if precision == "calendar_year":
        return dt.date(int(value), 1, 1), dt.date(int(value), 12, 31)
    if precision == "month":
        first = dt.date.fromisoformat(f"{value}-01")
        return first, _last_of_month(first.year, first.month)
    if precision == "instant":
        day = day_in_japan(dt.datetime.fromisoformat(value))
    else:
        day = dt.date.fromisoformat(value)
    return day, day


def _last_of_month(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


# --------------------------------------------------------------------------------------------- printing


_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""English names of the months. The standard library's follow the locale of the process."""


def _both_years(day: dt.date, year: int, unit: Literal["年", "年度"]) -> str:
    """平成18年(2006年): the era by ``day``. Before the solar calendar the Gregorian year alone."""
    if day < FIRST_SOLAR_DAY:
        return f"{year}{unit}"
    era = next(era for era in ERAS if day >= era.first)
    in_era = year - era.first.year + 1
    return f"{era.name}{'元' if in_era == 1 else in_era}{unit}({year}{unit})"


def _day_label(day: dt.date, lang: Language) -> str:
    if lang == "en":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{_both_years(day, day.year, '年')}{day.month}月{day.day}日"


def _month_label(year: int, month: int, lang: Language) -> str:
    """A month, and likewise a year, in which the era changed is called by the new era."""
    if lang == "en":
        return f"{_MONTHS[month - 1]} {year}"
    return f"{_both_years(_last_of_month(year, month), year, '年')}{month}月"


def _year_label(year: int, lang: Language) -> str:
    return str(year) if lang == "en" else _both_years(dt.date(year, 12, 31), year, "年")


def _soft_labels(earliest: dt.date | None, latest: dt.date | None, lang: Language) -> tuple[str, str]:
    """Bounds said softly, "" where unbounded. A bound is not a date on which anything happened, so it is
    fiscal or calendar years where all bounds are edges of them, else months; but a day by which something had
    happened, as it was on record then, is that day."""

    def edges(first: tuple[int, int], last: tuple[int, int]) -> bool:
        return (earliest is None or (earliest.month, earliest.day) == first) and (
            latest is None or (latest.month, latest.day) == last
        )

    def say(day: dt.date | None) -> str:
        if day is None:
            return ""
        if edges((4, 1), (3, 31)):
            return fiscal_year_label(fiscal_year_of(day), lang)
        if edges((1, 1), (12, 31)):
            return _year_label(day.year, lang)
        within_month = day.day != calendar.monthrange(day.year, day.month)[1]
        if earliest is None and within_month:
            return _day_label(day, lang)
        return _month_label(day.year, day.month, lang)

    return say(earliest), say(latest)
