"""Days and times as the forms of the office read them (api/office/forms/fields/dates.py), where a single day
is meant and the moments of it."""

from __future__ import annotations

import datetime as dt

from api.office.forms.fields.dates import DAY_NEEDED, read_date, read_time
from domain.values.calendar import JAPAN

__all__ = ["at", "read_day", "read_time"]


def read_day(text: str) -> dt.date:
    """A day: 令和8年5月20日, R8.5.20, 2026/5/20. Refuses DAY_NEEDED for what is less, or cannot be read."""
    date = read_date(text)
    if date.precision != "day" or date.earliest is None:
        raise DAY_NEEDED(text=text[:60])
    return date.earliest


def at(day: dt.date, time: dt.time) -> dt.datetime:
    """A moment of a day, in Japan."""
    return dt.datetime.combine(day, time, JAPAN)
