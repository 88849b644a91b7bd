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
        with pytest.raises(Refusal, match="MONEY_NOT_WHOLE") as refused:
            make(value)
        assert refused.value.params == {"value": value}


def test_neither_the_yen_nor_what_is_stated_may_be_a_fraction() -> None:
    for money in (Money(1.0, 1, "円"), Money(1, 1.0, "円"), Money(True, 1, "円"), Money(1, True, "円")):  # type: ignore[arg-type]
        with pytest.raises(Refusal, match="MONEY_NOT_WHOLE"):
            money.check()


def test_the_refusal_tells_both_amounts() -> None:
    with pytest.raises(Refusal) as refused:
        Money(3_400_001, 3_400, "千円").check()
    assert refused.value.params == {"amount": "3,400", "unit": "千円", "yen": "3,400,001"}
    assert refused.value.sentence("ja") == "金額が一致しません（3,400千円 は 3,400,001円ではありません）。"
    assert refused.value.sentence("en") == "The amounts do not agree (3,400 千円 is not 3,400,001 yen)."


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


def test_what_is_stated_without_a_unit_is_stated_in_yen() -> None:
    assert Money.stated(3_400) == Money.of_yen(3_400) == Money(3_400, 3_400, "円")


def test_the_sum_of_nothing_is_no_yen() -> None:
    assert Money.total([]) == Money.of_yen(0)
    assert Money.total([Money.stated(2, "千円")]) == Money.stated(2, "千円")
    assert Money.stated(1, "千円") + Money.stated(-1, "千円") == Money.stated(0, "千円")


@pytest.mark.parametrize(
    ("amount", "label", "stated"),
    [
        (-1_000, "△¥1,000", "△1,000円"),
        (-999, "△¥999", "△999円"),
        (-1, "△¥1", "△1円"),
        (0, "¥0", "0円"),
        (-0, "¥0", "0円"),
        (1, "¥1", "1円"),
        (999, "¥999", "999円"),
        (1_000, "¥1,000", "1,000円"),
    ],
)
def test_only_less_than_nothing_has_a_triangle(amount: int, label: str, stated: str) -> None:
    money = Money.of_yen(amount)
    assert (money.label("ja"), money.label("en"), money.stated_label()) == (label, label, stated)


def test_no_thousands_are_no_reduction_either() -> None:
    assert Money.stated(0, "千円").stated_label() == "0千円"
    assert Money.stated(0, "千円").label() == "¥0"
    assert Money.stated(-1, "千円").stated_label() == "△1千円"


@pytest.mark.parametrize(
    ("yen", "thousands"),
    [
        (-1_001, None),
        (-1_000, -1),
        (-999, None),
        (-1, None),
        (0, 0),
        (1, None),
        (999, None),
        (1_000, 1),
        (1_001, None),
    ],
)
def test_a_thousand_is_a_whole_number_of_thousands_and_its_neighbours_are_not(
    yen: int, thousands: int | None
) -> None:
    assert Money.of_yen(yen).in_thousands() == thousands


def test_a_reduction_is_printed_with_a_triangle() -> None:
    assert Money.of_yen(-80_000).label("ja") == Money.of_yen(-80_000).label("en") == "△¥80,000"
    assert Money.stated(-80, "千円").stated_label() == "△80千円"
    assert Money.stated(3_400, "千円").label() == "¥3,400,000"
    assert Money.stated(3_400, "千円").stated_label() == "3,400千円"


def test_thousands_are_told_only_if_they_are_whole() -> None:
    assert Money.of_yen(-80_000).in_thousands() == -80
    assert Money.of_yen(80_500).in_thousands() is None
