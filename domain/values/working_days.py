"""Working days 開庁日 of a Japanese city: the days on which its office is open.

Closed are Saturdays and Sundays, the national holidays of 国民の祝日に関する法律 with their substitute
days, and the turn of the year from 29 December to 3 January (地方自治法第4条の2). Holidays are those of the
law as it stands since 2022, and the equinoxes by the formula of the almanac, which holds from 1980 to 2099:
terms that are counted here begin on the day of an act, which is today.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from math import floor

ONE_DAY = dt.timedelta(days=1)
MONDAY, SATURDAY, SUNDAY = 0, 5, 6
_FIXED = ((1, 1), (2, 11), (2, 23), (4, 29), (5, 3), (5, 4), (5, 5), (8, 11), (11, 3), (11, 23))
_MONDAYS = ((1, 2), (7, 3), (9, 3), (10, 2))
"""Months with a holiday on one of their Mondays, and on which."""


@cache
def national_holidays(year: int) -> frozenset[dt.date]:
    """The national holidays of a year, substitute days and days between two of them included."""
    named = set(_named(year))
    between = {day + ONE_DAY for day in named if day + 2 * ONE_DAY in named} - named
    return frozenset(named | {d for d in between if d.weekday() != SUNDAY} | set(_substitutes(named)))


def _named(year: int) -> Iterator[dt.date]:
    yield from (dt.date(year, month, day) for month, day in _FIXED)
    for month, which in _MONDAYS:
        first = dt.date(year, month, 1)
        yield first + dt.timedelta(days=(MONDAY - first.weekday()) % 7 + 7 * (which - 1))
    passed = 0.242194 * (year - 1980) - floor((year - 1980) / 4)
    yield dt.date(year, 3, floor(20.8431 + passed))
    yield dt.date(year, 9, floor(23.2488 + passed))


def _substitutes(named: set[dt.date]) -> Iterator[dt.date]:
    """For a holiday on a Sunday, the next day that is none."""
    for day in named:
        if day.weekday() == SUNDAY:
            while day in named:
                day += ONE_DAY
            yield day


def is_working_day(day: dt.date) -> bool:
    """Whether the office is open on a day."""
    turn_of_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return day.weekday() < SATURDAY and not turn_of_year and day not in national_holidays(day.year)


def working_days_after(day: dt.date, count: int) -> dt.date:
    """The last of ``count`` working days after a day, which itself does not count (民法第140条)."""
    while count > 0:
        day += ONE_DAY
        count -= is_working_day(day)
    return day
