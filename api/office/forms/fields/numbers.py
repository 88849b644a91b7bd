"""Numbers as they are typed: full-width digits, separators, 令和8年度; hours in tenths; yen in 円 or 千円."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from api.http.json_fields import WRONG_TYPE
from api.http.language import tr
from api.office.forms.fields.field import MISSING, Field
from api.office.forms.fields.typed import Typed
from domain.values.calendar import fiscal_year_label, parse_fiscal_year
from domain.values.money import MONEY_UNREADABLE, Money, Unit
from domain.values.refusal import Refusal
from projections.engine.event_json import Json

_WHOLE = re.compile(r"[-△▲]?[0-9]{1,16}", re.ASCII)


def plain_number(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(",", "").replace("、", "").replace(" ", "")


@dataclass
class NumberField(Field):
    """A whole number. ``words``: what else may stand there, as 前文 for an article, each with its value."""

    family = "number"
    unit: str | None = None
    words: tuple[tuple[Any, str], ...] = ()

    def read(self, typed: Typed) -> Any:
        text = plain_number(typed.text(self.pointer))
        if not text:
            return MISSING
        for value, word in self.words:
            if text in (str(value), word):
                return value
        if not _WHOLE.fullmatch(text):
            typed.refuse(
                WRONG_TYPE(wanted_ja="整数（例: 12）", wanted_en="whole number, as 12"), self.pointer
            )
            return MISSING
        return int(re.sub("[△▲]", "-", text))

    def shown(self, typed: Typed) -> Json:
        return {**super().shown(typed), "unit": self.unit, "read_back": self.read_back(typed)}

    def read_back(self, typed: Typed) -> str | None:
        """What was typed, in other words."""
        return None


@dataclass
class FiscalYearField(NumberField):
    """A fiscal year: 令和8年度, R8, 2026."""

    def read(self, typed: Typed) -> Any:
        text = typed.text(self.pointer)
        if not text:
            return MISSING
        try:
            return parse_fiscal_year(text)
        except Refusal as refused:
            typed.refuse(refused, self.pointer)
            return MISSING

    def read_back(self, typed: Typed) -> str | None:
        try:
            year = parse_fiscal_year(typed.text(self.pointer))
        except Refusal:
            return None
        return tr(fiscal_year_label(year, "ja"), fiscal_year_label(year, "en"))


@dataclass
class HoursField(NumberField):
    """Hours to one decimal: 2.5 is recorded as 25 tenths."""

    def read(self, typed: Typed) -> Any:
        text = plain_number(typed.text(self.pointer))
        if not text:
            return MISSING
        if not re.fullmatch(r"[0-9]{1,3}(\.[0-9])?", text, re.ASCII):
            wanted = WRONG_TYPE(wanted_ja="時間（例: 2.5）", wanted_en="hours, as 2.5")
            typed.refuse(wanted, self.pointer)
            return MISSING
        whole, _, tenths = text.partition(".")
        return int(whole) * 10 + int(tenths or 0)


YEN: Unit = "円"
THOUSAND: Unit = "千円"


@dataclass
class MoneyField(Field):
    """An amount in 円 or 千円, or as it is written (1億2,000万円); the other is read back."""

    family = "money"

    @property
    def unit_name(self) -> str:
        return f"{self.pointer}#unit"

    def read(self, typed: Typed) -> Any:
        text = typed.text(self.pointer)
        if not text:
            return MISSING
        try:
            return self._money(typed).yen
        except Refusal as refused:
            typed.refuse(refused, self.pointer)
            return MISSING

    def _money(self, typed: Typed) -> Money:
        text = plain_number(typed.text(self.pointer))
        if text.endswith("円"):
            return Money.read(text)
        if not _WHOLE.fullmatch(text):
            raise MONEY_UNREADABLE(text=text[:60])
        amount = int(re.sub("[△▲]", "-", text))
        return Money.stated(amount, THOUSAND if typed.text(self.unit_name) == THOUSAND else YEN)

    def shown(self, typed: Typed) -> Json:
        return {
            **super().shown(typed),
            "unit_name": self.unit_name,
            "in_thousands": typed.text(self.unit_name) == THOUSAND,
            "read_back": self._read_back(typed),
        }

    def _read_back(self, typed: Typed) -> str | None:
        try:
            yen = self._money(typed).yen
        except Refusal:
            return None
        thousands = f"{yen // 1000:,}" if yen % 1000 == 0 else f"{yen / 1000:,.3f}"
        return tr(f"{yen:,}円 ＝ {thousands}千円", f"¥{yen:,}, {thousands} thousand yen")
