"""Money is whole yen, agrees with what its source states, and adds up."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.values.money import Money
from domain.values.refusal import Refusal

AMOUNTS = st.integers(-(10**11), 10**11)
MONEY = st.builds(Money.stated, AMOUNTS, st.sampled_from(["円", "千円"]))


def test_a_thousand_yen_unit_is_exactly_a_thousand_yen() -> None:
    assert Money.stated(3_400, "千円") == Money(3_400_000, 3_400, "千円")


@given(MONEY)
def test_what_is_stated_agrees_with_its_yen_and_survives_json(money: Money) -> None:
    assert money.check() is money
    assert msgspec.json.decode(msgspec.json.encode(money), type=Money) == money


@pytest.mark.parametrize(
    "money", [Money(3_400_001, 3_400, "千円"), Money(3_400, 3_400, "千円"), Money(1, 2, "円")]
)
def test_an_amount_that_is_not_the_yen_it_states_is_refused(money: Money) -> None:
    with pytest.raises(Refusal, match="MONEY_UNIT_MISMATCH"):
        money.check()


@pytest.mark.parametrize("value", [1.0, 0.5, True, "3"])
def test_only_whole_numbers_are_money(value: Any) -> None:
    for make in (Money.of_yen, Money.stated, lambda v: Money(v, v, "円").check()):
        with pytest.raises(Refusal, match="MONEY_NOT_WHOLE"):
            make(value)


@given(st.lists(MONEY))
def test_a_total_is_the_sum_of_the_yen_and_agrees_with_itself(amounts: list[Money]) -> None:
    total = Money.total(amounts)
    assert total.yen == sum(m.yen for m in amounts)
    assert total.check() is total


@given(MONEY, MONEY)
def test_a_sum_does_not_depend_on_the_order(a: Money, b: Money) -> None:
    assert a + b == b + a


def test_a_sum_is_stated_in_yen_unless_both_are_in_thousands() -> None:
    assert (Money.stated(1, "千円") + Money.stated(2, "千円")).stated_label() == "3千円"
    assert (Money.stated(1, "千円") + Money.of_yen(2_000)).stated_label() == "3,000円"


def test_a_reduction_is_printed_with_a_triangle() -> None:
    assert Money.of_yen(-80_000).label("ja") == Money.of_yen(-80_000).label("en") == "△¥80,000"
    assert Money.stated(-80, "千円").stated_label() == "△80千円"
    assert Money.stated(3_400, "千円").label() == "¥3,400,000"
    assert Money.stated(3_400, "千円").stated_label() == "3,400千円"


def test_thousands_are_told_only_if_they_are_whole() -> None:
    assert Money.of_yen(-80_000).in_thousands() == -80
    assert Money.of_yen(80_500).in_thousands() is None
