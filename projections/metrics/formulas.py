"""Formulas of participation health (domain.md 6): plain numbers in, exact numbers out.

Everything is a whole number or a :class:`fractions.Fraction`; no binary float is ever made. What cannot be
computed is None, never 0: a denominator of 0, or nothing known. Rounding happens once, when a figure is shown
(:func:`shown`): half up (away from 0 for a half), percent and points to 1 decimal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from functools import reduce
from operator import add

Number = int | Fraction
Known = Number | None

SMALLEST_GROUP = 5
"""A figure about fewer people than this is not shown to the public [G]."""
SMALLEST_FOR_GAP = 8
"""Fewer members than this have no meaningful quarters (M4)."""
INVITED_ENOUGH = 3
"""Who was invited to fewer meetings is not called inactive (M5)."""


def ratio(numerator: Known, denominator: Known) -> Fraction | None:
    """One divided by the other; None if either is unknown or the denominator is 0."""
    if numerator is None or not denominator:
        return None
    return Fraction(numerator) / Fraction(denominator)


def percent(numerator: Known, denominator: Known) -> Fraction | None:
    """:func:`ratio` in percent, exact."""
    share = ratio(numerator, denominator)
    return None if share is None else share * 100


def shown(value: Known, places: int = 1) -> str | None:
    """A number as it is printed, with so many decimals, half up: 15/27 in percent is ``"55.6"``."""
    if value is None:
        return None
    whole = Fraction(value) * 10**places
    doubled = 2 * abs(whole.numerator) + whole.denominator
    rounded = doubled // (2 * whole.denominator) * (-1 if whole < 0 else 1)
    with localcontext(prec=max(28, len(str(rounded)) + 2)) as context:
        context.rounding = ROUND_HALF_UP
        return f"{Decimal(rounded).scaleb(-places):f}"


def total(values: Iterable[Number]) -> Known:
    """The sum; None if there is nothing to add up: that is unknown, not 0."""
    listed = [*values]
    return reduce(add, listed) if listed else None


def mean(values: Collection[Number]) -> Fraction | None:
    return ratio(sum(map(Fraction, values), Fraction(0)), len(values))


def median(values: Collection[Number]) -> Fraction | None:
    """The middle one, or the mean of the two middle ones."""
    ordered = sorted(map(Fraction, values))
    half = len(ordered) // 2
    return mean(ordered[half - 1 + len(ordered) % 2 : half + 1]) if ordered else None


def variance(values: Collection[Number]) -> Fraction | None:
    """Of the population."""
    middle = mean(values)
    return None if middle is None else mean([(Fraction(v) - middle) ** 2 for v in values])


def root(value: Fraction | None, places: int = 6) -> Fraction | None:
    """The square root, as an exact number with so many decimals, rounded down (shown with fewer)."""
    if value is None:
        return None
    scale = 10**places
    with localcontext(prec=60):
        return Fraction(int((Decimal(value.numerator * scale**2) / Decimal(value.denominator)).sqrt()), scale)


def most(part: Fraction, of: int) -> int:
    """⌈part · of⌉."""
    return -((-part * of) // 1)


def days_between(earlier: str, later: str) -> int:
    """Days from one ISO day to another."""
    return (dt.date.fromisoformat(later) - dt.date.fromisoformat(earlier)).days


# ------------------------------------------------------------------------------------- M2: fixation


TOP = Fraction(1, 5)


def top_share(amounts: Sequence[Number], part: Fraction = TOP) -> tuple[Number, Number]:
    """What the ⌈part·N⌉ largest make up, and what all do: numerator and denominator."""
    ordered = sorted(amounts, reverse=True)
    return sum(ordered[: most(part, len(ordered))]), sum(ordered)


def concentration(amounts: Sequence[Number]) -> Fraction | None:
    """HHI*: 0 if all are alike, 1 if one has everything. None for fewer than two, or if nobody has any."""
    n, total = len(amounts), sum(amounts)
    if n < 2 or not total:
        return None
    index = sum(((Fraction(a) / Fraction(total)) ** 2 for a in amounts), Fraction(0))
    return (index - Fraction(1, n)) / (1 - Fraction(1, n))


def returning(now: Set[str], before: Set[str]) -> tuple[int, int]:
    """How many of those who take part now did so before, and how many take part now."""
    return len(now & before), len(now)


# ------------------------------------------------------------------------------- M4, M5: engagement


def engagement(rates: Iterable[Known]) -> Fraction | None:
    """The mean of the rates that are known; None if none is."""
    return mean([rate for rate in rates if rate is not None])


def gap_of_quarters(values: Collection[Number]) -> Fraction | None:
    """Mean of the ⌈N/4⌉ highest less mean of the ⌈N/4⌉ lowest; None for fewer than eight."""
    if len(values) < SMALLEST_FOR_GAP:
        return None
    ordered = sorted(map(Fraction, values))
    quarter = most(Fraction(1, 4), len(ordered))
    high, low = mean(ordered[-quarter:]), mean(ordered[:quarter])
    return None if high is None or low is None else high - low


def inactive(invited: Mapping[str, int], attended: Mapping[str, int]) -> int | None:
    """Members invited three times or more who never came; None if nobody was invited so often."""
    invited_often = [member for member, times in invited.items() if times >= INVITED_ENOUGH]
    return sum(not attended.get(member) for member in invited_often) if invited_often else None


# --------------------------------------------------------------------------------------- M9 and M13


def side_gap(pairs: Iterable[tuple[int, int]]) -> tuple[int, int, int]:
    """Of the two sides' scores (c, g): Σ|c − g|, Σ(c − g), and how many pairs there are."""
    differences = [c - g for c, g in pairs]
    return sum(map(abs, differences)), sum(differences), len(differences)


def unused(current: Known, spent: Known, carried_out: Known) -> Known:
    """不用額: current budget less what was spent and carried out; None while any of them is unknown (O30)."""
    if current is None or spent is None or carried_out is None:
        return None
    return current - spent - carried_out
