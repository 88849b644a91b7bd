"""Dates as the sources give them: with a precision, bounds, and a basis; Japanese eras and fiscal years.

An effective date (効力の日) is an interval, never a made-up day (domain.md section 3). Fiscal year 年度 n runs
from 1 April n to 31 March n+1. Instants are shown in Japan time.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from domain.refusal import Language, refusal

JAPAN = ZoneInfo("Asia/Tokyo")

Precision = Literal["instant", "day", "month", "calendar_year", "fiscal_year", "unknown"]
Order = Literal["before", "after", "equal", "order_unknown"]

DATE_IMPOSSIBLE = refusal(
    "DATE_IMPOSSIBLE",
    ja="「{text}」という日付はありません。",
    en="There is no such date as “{text}”.",
    rule="the Gregorian calendar",
    next_ja="年月日を確かめてください。",
    next_en="Check year, month and day.",
    kind="invalid",
)
ERA_OUT_OF_RANGE = refusal(
    "ERA_OUT_OF_RANGE",
    ja="「{text}」は元号の期間外です。",
    en="“{text}” lies outside the era it names.",
    rule="domain.md 3: 明治 1868-10-23 (from 1873-01-01), 大正 1912-07-30, 昭和 1926-12-25, 平成 1989-01-08, "
    "令和 2019-05-01",
    next_ja="その日の元号（例: 2019年5月1日は令和元年5月1日）で書き直してください。",
    next_en="Write it in the era of that day (1 May 2019 is 令和元年5月1日).",
    kind="invalid",
)
DATE_UNREADABLE = refusal(
    "DATE_UNREADABLE",
    ja="「{text}」を日付として読み取れません。",
    en="“{text}” cannot be read as a date.",
    rule="domain.md 3, EffDate",
    next_ja="例: 2006-03-01、平成18年3月1日、平成20年度、FY2008。不明なら precision を unknown にしてください。",
    next_en="For example 2006-03-01, 平成18年3月1日, FY2008; if it is not known, precision “unknown”.",
    kind="invalid",
)
DATE_BOUNDS = refusal(
    "DATE_BOUNDS",
    ja="日付の範囲（{earliest}〜{latest}）が値「{text}」と合いません。",
    en="The bounds ({earliest} to {latest}) do not fit the value “{text}”.",
    rule="domain.md 3: bounds follow from value and precision",
    next_ja="earliest・latest を省略するか、値と一致させてください。",
    next_en="Leave earliest and latest out, or make them agree with the value.",
    kind="invalid",
)

# (name, letter, first day). Dates before 1873-01-01 were lunar and are refused. A table of five rows; the
# japanera library serves as the independent witness in the tests.
ERAS = (
    ("令和", "R", dt.date(2019, 5, 1)),
    ("平成", "H", dt.date(1989, 1, 8)),
    ("昭和", "S", dt.date(1926, 12, 25)),
    ("大正", "T", dt.date(1912, 7, 30)),
    ("明治", "M", dt.date(1868, 10, 23)),
)
FIRST_SOLAR_DAY = dt.date(1873, 1, 1)

_KANJI_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")}
_ERA_TEXT = re.compile(
    r"(?P<era>令和|平成|昭和|大正|明治|[RHSTM])\s*(?P<year>元|\d{1,2}|[〇一二三四五六七八九十]{1,4})\s*"
    r"(?:(?P<fy>年度)|年?)(?:\s*(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})\s*月)?"
    r"(?:\s*(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})\s*日)?",
)


class EffectiveDate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """When something took effect, as precisely as anybody recorded it.

    ``value`` in ISO form (2006-03-01, 2006-03, 2005, FY2008, an RFC 3339 instant), None if unknown;
    ``earliest`` and ``latest`` are inclusive bounds, None where unbounded; ``era`` keeps the source's words;
    ``basis`` tells whether the source states this date, we infer it, or there is none.
    """

    value: str | None = None
    precision: Precision = "unknown"
    era: str | None = None
    earliest: dt.date | None = None
    latest: dt.date | None = None
    basis: Literal["stated", "inferred", "none"] = "stated"

    # -- making

    @classmethod
    def parse(cls, text: str, basis: Literal["stated", "inferred"] = "stated") -> EffectiveDate:
        """Read ISO forms, ``FY2008`` and Japanese era forms. Refuses what is no date."""
        plain = unicodedata.normalize("NFKC", text).strip()
        for read in (_read_iso, _read_era):
            found = read(plain)
            if found is not None:
                value, precision = found
                era = text.strip() if read is _read_era else None
                return cls(value, precision, era, *_bounds(value, precision), basis)
        raise DATE_UNREADABLE(text=text[:60])

    @classmethod
    def on(cls, day: dt.date) -> EffectiveDate:
        return cls(day.isoformat(), "day", None, day, day)

    @classmethod
    def at(cls, instant: dt.datetime) -> EffectiveDate:
        day = instant.astimezone(JAPAN).date()
        value = instant.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
        return cls(value, "instant", None, day, day)

    @classmethod
    def in_fiscal_year(cls, year: int) -> EffectiveDate:
        return cls(f"FY{year}", "fiscal_year", None, *fiscal_year_bounds(year))

    @classmethod
    def unknown(cls, earliest: dt.date | None = None, latest: dt.date | None = None) -> EffectiveDate:
        return cls(None, "unknown", None, earliest, latest, "none")

    def check(self) -> EffectiveDate:
        """The same date with its bounds filled in. Refuses a value that does not fit its precision, or
        bounds that do not fit the value."""
        if self.precision == "unknown":
            if self.value is not None:
                raise DATE_UNREADABLE(text=self.value[:60])
            if self.earliest and self.latest and self.earliest > self.latest:
                raise self._wrong_bounds()
            return self
        found = _read_iso(self.value or "")
        if found is None or found[1] != self.precision:
            raise DATE_UNREADABLE(text=str(self.value)[:60])
        earliest, latest = _bounds(found[0], self.precision)
        if (self.earliest or earliest, self.latest or latest) != (earliest, latest):
            raise self._wrong_bounds()
        return msgspec.structs.replace(self, earliest=earliest, latest=latest)

    def _wrong_bounds(self) -> Exception:
        return DATE_BOUNDS(earliest=self.earliest, latest=self.latest, text=self.value or "不明")

    # -- comparing

    def compare(self, other: EffectiveDate) -> Order:
        """``before`` only if this interval ends before the other begins; overlap leaves the order unknown."""
        if self.before(other):
            return "before"
        if other.before(self):
            return "after"
        if self.precision == "instant" == other.precision and self.value and other.value:
            mine, theirs = dt.datetime.fromisoformat(self.value), dt.datetime.fromisoformat(other.value)
            return "equal" if mine == theirs else "before" if mine < theirs else "after"
        same_day = self.earliest == self.latest == other.earliest == other.latest
        return "equal" if same_day and self.earliest is not None else "order_unknown"

    def before(self, other: EffectiveDate) -> bool:
        return self.latest is not None and other.earliest is not None and self.latest < other.earliest

    def overlaps(self, other: EffectiveDate) -> bool:
        return not self.before(other) and not other.before(self)

    def contains_day(self, day: dt.date) -> bool:
        return (self.earliest is None or self.earliest <= day) and (self.latest is None or day <= self.latest)

    @property
    def sort_key(self) -> tuple[str, str, str]:
        """For listing: by earliest, then latest day, then instant. What has no earliest day comes first."""
        return (
            self.earliest.isoformat() if self.earliest else "0000-00-00",
            self.latest.isoformat() if self.latest else "9999-99-99",
            (self.value or "") if self.precision == "instant" else "",
        )

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
        if self.precision == "instant":
            moment = dt.datetime.fromisoformat(self.value).astimezone(JAPAN)
            return f"{_day_label(moment.date(), lang)} {moment:%H:%M}"
        if self.precision == "day":
            return _day_label(dt.date.fromisoformat(self.value), lang)
        if self.precision == "month":
            return _month_label(int(self.value[:4]), int(self.value[5:7]), lang)
        return _year_label(int(self.value), lang)

    def full_label(self, lang: Language) -> str:
        """The label, and what is not known about it: no day recorded, inferred, only bounds."""
        said = self.label(lang)
        if self.precision in ("month", "calendar_year", "fiscal_year"):
            said += "・日付の記録なし" if lang == "ja" else ", day not recorded"
        if self.precision == "unknown":
            said += self._bounds_label(lang)
        if self.basis == "inferred":
            said += "・推定" if lang == "ja" else " (inferred)"
        return said

    def _bounds_label(self, lang: Language) -> str:
        since = _bound_label(self.earliest, lang, first=True)
        until = _bound_label(self.latest, lang, first=False)
        if lang == "ja":
            parts = [f"{since}以降" if since else "", f"{until}まで" if until else ""]
            text = "、".join(p for p in parts if p)
            return f"（{text}）" if text else ""
        parts = [f"{since} or later" if since else "", f"not after {until}" if until else ""]
        text = ", ".join(p for p in parts if p)
        return f" ({text})" if text else ""


# ------------------------------------------------------------------------------------------ fiscal years


def fiscal_year_of(day: dt.date) -> int:
    """The fiscal year (年度) a day lies in: 1 April to 31 March."""
    return day.year if day.month >= 4 else day.year - 1


def fiscal_year_bounds(year: int) -> tuple[dt.date, dt.date]:
    return dt.date(year, 4, 1), dt.date(year + 1, 3, 31)


def fiscal_year_label(year: int, lang: Language) -> str:
    """平成20年度(2008年度) / FY2008. FY2019 is 令和元年度 although its April was still 平成 (O29)."""
    if lang == "en":
        return f"FY{year}"
    day = dt.date(2019, 5, 1) if year == 2019 else dt.date(year, 4, 1)
    return f"{_era_year(day)}年度({year}年度)"


def parse_fiscal_year(text: str) -> int:
    """Read ``FY2008``, ``2008``, ``平成20年度``, ``H20``. Refuses what is no fiscal year."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if re.fullmatch(r"(FY)?\d{4}(年度)?", plain):
        return int(re.sub(r"\D", "", plain))
    found = _read_era(plain if plain.endswith("年度") else plain.removesuffix("年") + "年度")
    if found is None:
        raise DATE_UNREADABLE(text=text[:60])
    return int(found[0][2:])


# ---------------------------------------------------------------------------------------------- reading


def _read_iso(text: str) -> tuple[str, Precision] | None:
    if re.fullmatch(r"FY\d{4}", text):
        return text, "fiscal_year"
    if re.fullmatch(r"\d{4}", text):
        if not 1 <= int(text):
            raise DATE_IMPOSSIBLE(text=text)
        return text, "calendar_year"
    try:
        if re.fullmatch(r"\d{4}-\d{2}", text):
            dt.date.fromisoformat(text + "-01")
            return text, "month"
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            dt.date.fromisoformat(text)
            return text, "day"
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", text):
            dt.datetime.fromisoformat(text)
            return text, "instant"
    except ValueError:
        raise DATE_IMPOSSIBLE(text=text) from None
    return None


def _read_era(text: str) -> tuple[str, Precision] | None:
    found = _ERA_TEXT.fullmatch(text)
    if found is None:
        return None
    name, letter, first = next(era for era in ERAS if found["era"] in era[:2])
    in_era = 1 if found["year"] == "元" else _number(found["year"])
    year = first.year + in_era - 1
    if in_era < 1:
        raise ERA_OUT_OF_RANGE(text=text)
    last = _era_end(name)
    if found["fy"]:
        if found["month"] or not first.year <= year <= (last.year if last else 9999):
            raise ERA_OUT_OF_RANGE(text=text)
        return f"FY{year}", "fiscal_year"
    month = _number(found["month"]) if found["month"] else None
    day = _number(found["day"]) if found["day"] else None
    value, precision, bounds = _gregorian(text, year, month, day)
    if name == "明治" and bounds[0] < FIRST_SOLAR_DAY:
        raise ERA_OUT_OF_RANGE(text=text)
    if bounds[1] < first or (last is not None and bounds[0] > last):
        raise ERA_OUT_OF_RANGE(text=text)
    return value, precision


def _gregorian(
    text: str, year: int, month: int | None, day: int | None
) -> tuple[str, Precision, tuple[dt.date, dt.date]]:
    try:
        if day is not None:
            exact = dt.date(year, month or 0, day)
            return exact.isoformat(), "day", (exact, exact)
        if month is not None:
            value = f"{year:04d}-{month:02d}"
            return value, "month", _bounds(value, "month")
        return f"{year:04d}", "calendar_year", _bounds(f"{year:04d}", "calendar_year")
    except ValueError:
        raise DATE_IMPOSSIBLE(text=text) from None


def _era_end(name: str) -> dt.date | None:
    names = [era[0] for era in ERAS]
    place = names.index(name)
    return ERAS[place - 1][2] - dt.timedelta(days=1) if place else None


def _number(text: str) -> int:
    """Digits or kanji numerals up to 99."""
    if text.isdecimal():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return 10 * (_KANJI_DIGITS[tens] if tens else 1) + (_KANJI_DIGITS[ones] if ones else 0)
    return int("".join(str(_KANJI_DIGITS[c]) for c in text))


def _bounds(value: str, precision: Precision) -> tuple[dt.date, dt.date]:
    if precision == "fiscal_year":
        return fiscal_year_bounds(int(value[2:]))
    if precision == "calendar_year":
        return dt.date(int(value), 1, 1), dt.date(int(value), 12, 31)
    if precision == "month":
        year, month = int(value[:4]), int(value[5:7])
        return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
    if precision == "instant":
        day = dt.datetime.fromisoformat(value).astimezone(JAPAN).date()
    else:
        day = dt.date.fromisoformat(value)
    return day, day


# --------------------------------------------------------------------------------------------- printing


def _era_year(day: dt.date) -> str:
    """The era and year of a day, 元 for the first; before 1873 the Gregorian year alone."""
    if day < FIRST_SOLAR_DAY:
        return str(day.year)
    name, _, first = next(era for era in ERAS if day >= era[2])
    year = day.year - first.year + 1
    return f"{name}{'元' if year == 1 else year}"


def _day_label(day: dt.date, lang: Language) -> str:
    if lang == "en":
        return f"{day.day} {calendar.month_name[day.month]} {day.year}"
    return f"{_era_year(day)}年({day.year}年){day.month}月{day.day}日"


def _month_label(year: int, month: int, lang: Language) -> str:
    if lang == "en":
        return f"{calendar.month_name[month]} {year}"
    last = dt.date(year, month, calendar.monthrange(year, month)[1])
    return f"{_era_year(last)}年({year}年){month}月"


def _year_label(year: int, lang: Language) -> str:
    return str(year) if lang == "en" else f"{_era_year(dt.date(year, 12, 31))}年({year}年)"


def _bound_label(day: dt.date | None, lang: Language, *, first: bool) -> str:
    """A bound said softly: as a fiscal or calendar year where it is the edge of one, else as a month.
    A bound is not a date on which anything happened, so no day is printed."""
    if day is None:
        return ""
    if (day.month, day.day) == ((4, 1) if first else (3, 31)):
        return fiscal_year_label(fiscal_year_of(day), lang)
    if (day.month, day.day) == ((1, 1) if first else (12, 31)):
        return _year_label(day.year, lang)
    return _month_label(day.year, day.month, lang)
