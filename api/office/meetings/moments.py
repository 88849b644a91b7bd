"""Days and times as an office types them: 令和8年5月20日, R8.5.20, 2026/5/20; 18:30, 18時30分, 1830."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from api.http.problems import declare
from domain.rules import dates
from domain.values.calendar import JAPAN, EffectiveDate

DAY_NOT_READ = declare(
    422,
    "DAY_NOT_READ",
    ja="「{text}」を一つの日として読み取れません。",
    en="“{text}” cannot be read as one day.",
    rule=dates.PRECISION,
    next_ja="例: 令和8年5月20日、R8.5.20、2026-05-20",
    next_en="For example 2026-05-20, R8.5.20 or 令和8年5月20日.",
)
TIME_NOT_READ = declare(
    422,
    "TIME_NOT_READ",
    ja="「{text}」を時刻として読み取れません。",
    en="“{text}” cannot be read as a time.",
    rule=dates.PRECISION,
    next_ja="例: 18:30、18時30分、午後6時30分",
    next_en="For example 18:30.",
)

_SHORT = re.compile(r"([RHS])\s*(元|\d{1,2})[./-](\d{1,2})[./-](\d{1,2})", re.ASCII | re.IGNORECASE)
_WESTERN = re.compile(r"(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})日?", re.ASCII)
_WEEKDAY = re.compile(r"\s*\(.\)$")
_TIME = re.compile(r"(午前|午後)?(\d{1,2})[:時](\d{1,2})?分?|(\d{2})(\d{2})", re.ASCII)


def read_day(text: str) -> dt.date:
    """Refuses DAY_NOT_READ, and what :meth:`EffectiveDate.parse` refuses of a day that is none."""
    plain = _WEEKDAY.sub("", unicodedata.normalize("NFKC", text).strip())
    if short := _SHORT.fullmatch(plain):
        era, year, month, day = short.groups()
        plain = f"{era.upper()}{year}年{month}月{day}日"
    elif western := _WESTERN.fullmatch(plain):
        year, month, day = western.groups()
        plain = f"{year}-{month.zfill(2)}-{day.zfill(2)}"
    date = EffectiveDate.parse(plain)
    if date.precision != "day" or date.earliest is None:
        raise DAY_NOT_READ(text=text[:60])
    return date.earliest


def read_time(text: str) -> dt.time:
    """Refuses TIME_NOT_READ."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    match = _TIME.fullmatch(plain)
    if match is not None:
        half, hour, minute, hours, minutes = match.groups()
        afternoon = 12 if half == "午後" and int(hour) < 12 else 0
        try:
            return dt.time(int(hour or hours) + afternoon, int(minute or minutes or 0))
        except ValueError:
            pass
    raise TIME_NOT_READ(text=text[:60])


def at(day: dt.date, time: dt.time) -> dt.datetime:
    """A moment of a day, in Japan."""
    return dt.datetime.combine(day, time, JAPAN)
