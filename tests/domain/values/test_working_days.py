"""Working days: on which days a city's office is open, and until when a term of some of them runs."""

from __future__ import annotations

import datetime as dt

import pytest

from domain.values.working_days import is_working_day, national_holidays, working_days_after

OFFICIAL = {
    2026: "1/1 1/12 2/11 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/20 8/11 9/21 9/22 9/23 10/12 11/3 11/23",
    2027: "1/1 1/11 2/11 2/23 3/21 3/22 4/29 5/3 5/4 5/5 7/19 8/11 9/20 9/23 10/11 11/3 11/23",
    2024: "1/1 1/8 2/11 2/12 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/15 8/11 8/12 9/16 9/22 9/23 10/14 11/3 11/4"
    " 11/23",
}
"""As the Cabinet Office announces them."""


@pytest.mark.parametrize("year", OFFICIAL)
def test_holidays_are_those_that_are_announced(year: int) -> None:
    days = sorted(national_holidays(year))
    assert " ".join(f"{day.month}/{day.day}" for day in days) == OFFICIAL[year]


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        ("2026-04-28", True),
        ("2026-04-29", False),
        ("2026-05-02", False),
        ("2026-05-06", False),
        ("2026-05-07", True),
        ("2026-12-28", True),
        ("2026-12-29", False),
        ("2027-01-03", False),
        ("2027-01-04", True),
    ],
)
def test_the_office_is_open_on_weekdays_that_are_no_holidays(day: str, is_open: bool) -> None:
    assert is_working_day(dt.date.fromisoformat(day)) is is_open


@pytest.mark.parametrize(
    ("day", "third"),
    [
        ("2026-04-01", "2026-04-06"),  # Wednesday: Thursday, Friday, Monday
        ("2026-05-01", "2026-05-11"),  # over the holidays of May
        ("2026-12-25", "2027-01-05"),  # over the turn of the year
        ("2026-09-19", "2026-09-28"),  # from a Saturday, over the day between two holidays
    ],
)
def test_the_day_itself_does_not_count(day: str, third: str) -> None:
    assert working_days_after(dt.date.fromisoformat(day), 3).isoformat() == third
