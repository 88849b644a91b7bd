"""Days as an office says them: by era with the weekday, and how far away they are."""

from __future__ import annotations

import datetime as dt
import re

from babel.dates import format_date

from api.http.language import lang, tr
from domain.values.calendar import EffectiveDate

_WESTERN_YEAR = re.compile(r"[(（]\d{4}年[)）]")


def weekday(day: dt.date) -> str:
    """``月`` / ``Mon``."""
    return format_date(day, "EEE", locale=lang())


def office_day(day: dt.date) -> str:
    """``令和8年11月30日（月）`` / ``30 November 2026 (Mon)``."""
    return _with_weekday(day, _WESTERN_YEAR.sub("", EffectiveDate.on(day).label("ja")))


def short_day(day: dt.date) -> str:
    """The same without a year, for a day that is near: ``11月30日（月）`` / ``30 November (Mon)``."""
    return _with_weekday(day, f"{day.month}月{day.day}日", format_date(day, "d MMMM", locale="en"))


def near_day(day: dt.date, today: dt.date) -> str:
    """A day without its year where nobody would take it for another year's."""
    return short_day(day) if abs((day - today).days) < 180 else office_day(day)


def away(day: dt.date, today: dt.date) -> str:
    """How far away a day is: 今日, あした, 3日後, 3日すぎ."""
    days = (day - today).days
    if days < 0:
        return tr(f"{-days}日すぎ", f"{_days(-days)} late")
    if days < 3:
        return (tr("今日", "today"), tr("あした", "tomorrow"), tr("あさって", "in 2 days"))[days]
    return tr(f"{days}日後", f"in {_days(days)}")


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def _with_weekday(day: dt.date, ja: str, en: str | None = None) -> str:
    english = en if en is not None else EffectiveDate.on(day).label("en")
    return tr(f"{ja}（{weekday(day)}）", f"{english} ({weekday(day)})")
