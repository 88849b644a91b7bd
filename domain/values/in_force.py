"""What is in force on a day: the one function by which rules, the chair and the composition are found.

What was recorded last is not what holds: a chair elected from next month is next month's chair, and rules
that were adopted later for an earlier day rule from that day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import TypeVar

from domain.values.calendar import EffectiveDate

Fact = TypeVar("Fact")


def begins(date: EffectiveDate | None) -> dt.date:
    """The first day a date may mean; what has no bound counts from the beginning."""
    return (date.check().earliest if date is not None else None) or dt.date.min


def in_force(
    facts: Iterable[Fact], on: dt.date, since: Callable[[Fact], EffectiveDate | None]
) -> Fact | None:
    """Of facts that take one another's place, the one in force on a day: the last to begin by then, whenever
    it was recorded; of two that begin on one day the later one of the list. None: none had begun."""
    newest: Fact | None = None
    newest_begins = dt.date.min
    for fact in facts:
        first = begins(since(fact))
        if newest_begins <= first <= on:
            newest, newest_begins = fact, first
    return newest
