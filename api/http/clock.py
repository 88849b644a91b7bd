"""The day it is, where an answer depends on it."""

from __future__ import annotations

import datetime as dt

from domain.values.calendar import day_in_japan


def today() -> dt.date:
    """The day in Japan."""
    return day_in_japan(dt.datetime.now(dt.UTC))
