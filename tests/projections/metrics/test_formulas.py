"""The formulas of domain.md 6: worked by hand, and what must hold for any numbers."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.metrics import formulas

AMOUNTS = st.lists(st.integers(0, 1_000), max_size=40)


@pytest.mark.parametrize(
    ("value", "places", "said"),
    [
        (Fraction(1500, 27), 1, "55.6"),
        (Fraction(1, 20), 1, "0.1"),
        (Fraction(-1, 20), 1, "-0.1"),
        (Fraction(-1, 21), 1, "0.0"),
        (0, 1, "0.0"),
        (100, 1, "100.0"),
        (Fraction(5, 2), 0, "3"),
        (None, 1, None),
    ],
)
def test_a_number_is_printed_half_up(value: Fraction | None, places: int, said: str | None) -> None:
    assert formulas.shown(value, places) == said


@given(st.integers(-(10**12), 10**12), st.integers(0, 4))
def test_rounding_is_that_of_decimal(thousandths: int, places: int) -> None:
    exact = Decimal(thousandths).scaleb(-5)
    expected = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    said = formulas.shown(Fraction(thousandths, 10**5), places)
    assert said is not None and Decimal(said) == expected


def test_what_cannot_be_divided_is_unknown() -> None:
    assert formulas.percent(15, 27) == Fraction(1500, 27)
    assert formulas.percent(0, 27) == 0
    assert formulas.percent(0, 0) is None
    assert formulas.percent(None, 27) is None
    assert formulas.percent(3, None) is None


def test_fixation_worked_by_hand() -> None:
    """Ten members; the two who came most often were there 8 of 20 times."""
    attended = [4, 4, 3, 3, 2, 2, 1, 1, 0, 0]
    assert formulas.top_share(attended) == (8, 20)
    # Σ(a/A)² = (16+16+9+9+4+4+1+1)/400 = 60/400; (0.15 − 0.1) / 0.9
    assert formulas.concentration(attended) == Fraction(1, 18)
    assert formulas.concentration([3]) is None
    assert formulas.concentration([0, 0]) is None
    assert formulas.returning({"a", "b", "c"}, {"b", "c", "d"}) == (2, 3)


@given(AMOUNTS)
def test_concentration_lies_between_0_and_1(amounts: list[int]) -> None:
    index = formulas.concentration(amounts)
    assert index is None or 0 <= index <= 1


@given(st.integers(2, 40), st.integers(1, 9))
def test_concentration_at_its_ends(n: int, each: int) -> None:
    assert formulas.concentration([each] * n) == 0
    assert formulas.concentration([each] + [0] * (n - 1)) == 1


@given(AMOUNTS)
def test_the_top_has_at_least_its_share_of_all(amounts: list[int]) -> None:
    top, total = formulas.top_share(amounts)
    assert total == sum(amounts) and top <= total
    assert 5 * top >= total


@given(st.lists(st.integers(0, 100), min_size=1, max_size=30))
def test_shares_sum_to_the_whole(amounts: list[int]) -> None:
    shares = [formulas.percent(a, sum(amounts)) for a in amounts]
    assert (None in shares) if not sum(amounts) else sum(s for s in shares if s is not None) == 100


def test_the_gap_of_quarters_worked_by_hand() -> None:
    """Nine members: ⌈9/4⌉ = 3 highest and lowest."""
    assert formulas.gap_of_quarters([1, 2, 3, 4, 5, 6, 7, 8, 9]) == 6
    assert formulas.gap_of_quarters([1, 2, 3, 4, 5, 6, 7]) is None
    assert formulas.engagement([Fraction(1, 2), None, Fraction(1)]) == Fraction(3, 4)
    assert formulas.engagement([None, None]) is None


@given(st.lists(st.fractions(0, 1), min_size=1, max_size=30))
def test_spread_is_never_negative_and_at_most_half(values: list[Fraction]) -> None:
    gap, spread = formulas.gap_of_quarters(values), formulas.root(formulas.variance(values))
    assert gap is None or 0 <= gap <= 1
    assert spread is not None and 0 <= spread <= Fraction(1, 2)


def test_the_spread_worked_by_hand() -> None:
    assert formulas.variance([2, 4, 4, 4, 5, 5, 7, 9]) == 4
    assert formulas.root(Fraction(4)) == 2
    assert formulas.root(None) is None


@given(st.lists(st.integers(0, 100), min_size=1, max_size=30))
def test_the_median_has_as_many_on_either_side(values: list[int]) -> None:
    middle = formulas.median(values)
    assert middle is not None
    assert sum(v < middle for v in values) <= len(values) / 2 >= sum(v > middle for v in values)


def test_inactive_is_who_never_came_on_three_invitations() -> None:
    assert formulas.inactive({"a": 3, "b": 3, "c": 2}, {"a": 1, "c": 0}) == 1
    assert formulas.inactive({"a": 2}, {"a": 0}) is None
    assert formulas.median([]) is None


def test_two_sides_and_money() -> None:
    assert formulas.side_gap([(4, 3), (2, 5), (3, 3)]) == (4, -2, 3)
    assert formulas.unused(1_000, 700, 100) == 200
    assert formulas.unused(1_000, 700, None) is None
