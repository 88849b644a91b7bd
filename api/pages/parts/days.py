"""Days of a story: by the era alone, the year once and then the day, and how long it was to the next."""

from __future__ import annotations

import datetime as dt
import re

from api.http.language import language, tr
from api.pages.parts import marks
from domain.values.calendar import JAPAN
from projections.engine.event_json import Json

_GREGORIAN = re.compile(r"\(\d{4}年度?\)")
_JAPANESE = re.compile(r"(?P<year>[^\d]+(?:元|\d+)年度?)(?P<day>.*)")
_ENGLISH = re.compile(r"(?P<day>.*?)\s*(?P<year>(?:FY)?\d{4})$")


def era_only(words: str) -> str:
    """Words of ours with their years by the era alone."""
    return _GREGORIAN.sub("", words)


def short(date: Json | None) -> str | None:
    """A date of :func:`marks.date` in one word, without its time: 令和7年7月30日. None without one."""
    if date is None or date["precision"] == "unknown":
        return None
    if date["precision"] == "instant":
        on = dt.datetime.fromisoformat(date["value"]).astimezone(JAPAN).date()
        date = marks.date({"value": on.isoformat(), "precision": "day"}) or date
    return era_only(date["label"])


def year_and_day(date: Json | None) -> tuple[str | None, str | None]:
    """The year of a date and its day within it, each None where it is not known: 令和7年, 7月30日."""
    label = short(date)
    if label is None:
        return None, None
    pattern = _JAPANESE if language() == "ja" else _ENGLISH
    match = pattern.fullmatch(label)
    if match is None:
        return None, label
    return match["year"], match["day"] or None


def exact(effective: Json | None) -> dt.date | None:
    """The day of an event as views keep it; None where it is not known to the day."""
    if effective is None or effective["precision"] not in ("day", "instant"):
        return None
    return dt.date.fromisoformat(effective["earliest"])


def of_day(on: dt.date) -> str:
    """A day of the calendar: 令和7年7月30日."""
    return short(marks.date({"value": on.isoformat(), "precision": "day"})) or ""


def apart(before: dt.date | None, after: dt.date | None) -> str | None:
    """How long it was from one day to the next: 35日後. None where it cannot be said."""
    if before is None or after is None or after < before:
        return None
    days = (after - before).days
    if not days:
        return tr("同じ日", "same day")
    return tr(f"{days:,}日後", f"{days:,} day{'' if days == 1 else 's'} later")
