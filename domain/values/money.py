"""Money 金額: whole yen, with the amount and the unit as the source states them (円, 千円, 万円, 百万円 or
億円).

1 千円 is exactly 1,000 yen; there are no fractions and no floats. A reduction is negative and printed with △.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, ClassVar, Literal

import msgspec

from domain.rules import money
from domain.values.refusal import Language, refusal

Unit = Literal["円", "千円", "万円", "百万円", "億円"]
_FACTOR: dict[str, int] = {
    "円": 1,
    "千円": 1_000,
    "万円": 10_000,
    "百万円": 1_000_000,
    "億円": 100_000_000,
}
_WRITTEN = re.compile(
    r"(?P<minus>[△▲-]?)(?:(?P<oku>[0-9,]+)億)?(?:(?P<man>[0-9,]+)万)?(?P<rest>[0-9,]*)(?P<unit>百万円|千円|円)"
)

MONEY_UNIT_MISMATCH = refusal(
    "MONEY_UNIT_MISMATCH",
    ja="金額が一致しません（{amount}{unit} は {yen}円ではありません）。",
    en="The amounts do not agree ({amount} {unit} is not {yen} yen).",
    rule=money.THOUSANDS,
    next_ja="資料の金額と単位を確かめてください。",
    next_en="Check the amount and the unit in the source.",
    kind="invalid",
)
MONEY_NOT_WHOLE = refusal(
    "MONEY_NOT_WHOLE",
    ja="金額は整数の円で記録します（{value}）。",
    en="Money is recorded in whole yen ({value}).",
    rule=money.WHOLE_YEN,
    next_ja="整数で記入してください。",
    next_en="Give a whole number.",
    kind="invalid",
)


MONEY_UNREADABLE = refusal(
    "MONEY_UNREADABLE",
    ja="「{text}」は金額として読めません。",
    en="“{text}” cannot be read as an amount of money.",
    rule=money.WHOLE_YEN,
    next_ja="例: 3,400千円、1,369億2,241万円、△80千円",
    next_en="For example: 3,400千円, 1,369億2,241万円, △80千円",
    kind="invalid",
)


def _digits(text: str | None) -> int | None:
    return int(text.replace(",", "")) if text and text.replace(",", "") else None


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise MONEY_NOT_WHOLE(value=value)
    return value


class Money(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An amount in ``yen`` and as stated: ``stated_amount`` in ``stated_unit``."""

    yen: int
    stated_amount: int
    stated_unit: Unit
    REFUSES: ClassVar = (MONEY_UNIT_MISMATCH, MONEY_NOT_WHOLE)

    @classmethod
    def stated(cls, amount: int, unit: Unit = "円") -> Money:
        """What a source states. Refuses anything but a whole number (MONEY_NOT_WHOLE)."""
        return cls(_whole(amount) * _FACTOR[unit], amount, unit)

    @classmethod
    def read(cls, text: str) -> Money:
        """An amount as it is written: 1,369億2,241万円, 23億54万円, ２４，４７５千円. One of several units is
        stated in the smallest of them. Refuses what is no amount (MONEY_UNREADABLE)."""
        plain = unicodedata.normalize("NFKC", text).replace(" ", "")
        written = _WRITTEN.fullmatch(plain)
        if written is None:
            raise MONEY_UNREADABLE(text=text[:60])
        oku, man, rest = (_digits(written[name]) for name in ("oku", "man", "rest"))
        smallest = "円" if rest is not None else "万円" if man is not None else "億円"
        unit = msgspec.convert(smallest if written["unit"] == "円" else written["unit"], Unit)
        yen = (oku or 0) * _FACTOR["億円"] + (man or 0) * _FACTOR["万円"]
        nothing = (oku, man, rest) == (None, None, None) or (written["unit"] != "円" and rest is None)
        if nothing or yen % _FACTOR[unit]:
            raise MONEY_UNREADABLE(text=text[:60])
        amount = (rest or 0) + yen // _FACTOR[unit]
        return cls.stated(-amount if written["minus"] else amount, unit)

    @classmethod
    def of_yen(cls, yen: int) -> Money:
        return cls(_whole(yen), yen, "円")

    def check(self) -> Money:
        """Refuses an amount that is not the yen it states (MONEY_UNIT_MISMATCH, MONEY_NOT_WHOLE)."""
        if _whole(self.stated_amount) * _FACTOR[self.stated_unit] != _whole(self.yen):
            raise MONEY_UNIT_MISMATCH(
                amount=f"{self.stated_amount:,}", unit=self.stated_unit, yen=f"{self.yen:,}"
            )
        return self

    # Stated in 円, unless both amounts are in one unit.
    def __add__(self, other: Money) -> Money:
        if self.stated_unit == other.stated_unit:
            return Money.stated(self.stated_amount + other.stated_amount, self.stated_unit)
        return Money.of_yen(self.yen + other.yen)

    @classmethod
    def total(cls, amounts: Iterable[Money]) -> Money:
        """The sum; ¥0 of nothing (the sum of no budgets is zero; an unknown amount is not a budget)."""
        total: Money | None = None
        for amount in amounts:
            total = amount if total is None else total + amount
        return total if total is not None else Money.of_yen(0)

    def in_thousands(self) -> int | None:
        """The amount in 千円, if it is a whole number of them."""
        return self.yen // 1_000 if self.yen % 1_000 == 0 else None

    def label(self, lang: Language = "ja") -> str:
        """¥3,400,000; △¥80,000 for a reduction."""
        return f"{'△' if self.yen < 0 else ''}¥{abs(self.yen):,}"

    def stated_label(self) -> str:
        """3,400千円, as the source states it."""
        return f"{'△' if self.stated_amount < 0 else ''}{abs(self.stated_amount):,}{self.stated_unit}"
