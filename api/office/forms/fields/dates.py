"""Dates as an office writes them (令和8年5月20日, R8.5.20, 2026/5/20) or from a calendar, as exactly as they
are known.

Whatever is typed stays as it is; what was read is said back, by era and with the weekday. A date that the
record holds as an interval has beside its text how exact it is, a time, and bounds; a bare day or a moment
has not."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from api.http.language import spoken, tr
from api.http.problems import declare
from api.office.forms.fields.field import MISSING, Field, control_id
from api.office.forms.fields.typed import Typed
from api.words.days import office_day
from domain.rules import dates
from domain.values.calendar import DATE_UNREADABLE, JAPAN, EffectiveDate, Precision
from domain.values.refusal import Refusal
from projections.engine.event_json import Json

TIME_UNREADABLE = declare(
    422,
    "TIME_UNREADABLE",
    ja="「{text}」を時刻として読み取れません。",
    en="“{text}” cannot be read as a time.",
    rule=dates.PRECISION,
    next_ja="例: 18:30、18時30分、午後6時30分",
    next_en="For example 18:30, 18時30分.",
)
DAY_NEEDED = declare(
    422,
    "DAY_NEEDED",
    ja="「{text}」では日が分かりません。年月日が必要です。",
    en="“{text}” does not say a day. Year, month and day are needed.",
    rule=dates.PRECISION,
    next_ja="出典で日を確かめて記入してください。",
    next_en="Look the day up in the source.",
)

_SHORT = re.compile(
    r"([RHSTM])\s*(元|[0-9]{1,2})[./-]([0-9]{1,2})(?:[./-]([0-9]{1,2}))?", re.ASCII | re.IGNORECASE
)
_WESTERN = re.compile(r"([0-9]{4})[年./-]([0-9]{1,2})(?:[月./-]([0-9]{1,2})?日?)?", re.ASCII)
_WEEKDAY = re.compile(r"[(（].[)）]$")
_TIME = re.compile(
    r"(午前|午後)?([0-9]{1,2})(?:[:：時]([0-9]{1,2})?分?)(?:[:：]([0-9]{2})(?:\.([0-9]{1,6}))?)?", re.ASCII
)
UNKNOWN_WORDS = ("不明", "unknown", "not known")


def read_date(text: str) -> EffectiveDate:
    """A date as an office writes it. Refuses as :meth:`EffectiveDate.parse` does."""
    plain = _WEEKDAY.sub("", unicodedata.normalize("NFKC", text).strip()).strip()
    if plain.lower() in UNKNOWN_WORDS:
        return EffectiveDate.unknown()
    if short := _SHORT.fullmatch(plain):
        era, year, month, day = short.groups()
        return EffectiveDate.parse(f"{era.upper()}{year}年{month}月" + (f"{day}日" if day else ""))
    if western := _WESTERN.fullmatch(plain):
        year, month, day = western.groups()
        return EffectiveDate.parse("-".join([year, month.zfill(2), *([day.zfill(2)] if day else [])]))
    if re.fullmatch(r"[0-9]{4}年", plain):
        return EffectiveDate.parse(plain[:4])
    if re.fullmatch(r"[0-9]{4}年度", plain):
        return EffectiveDate.parse(f"FY{plain[:4]}")
    return EffectiveDate.parse(_WEEKDAY.sub("", text.strip()).strip())


def read_time(text: str) -> dt.time:
    """A time of the day. Refuses TIME_UNREADABLE."""
    plain = unicodedata.normalize("NFKC", text).strip()
    match = _TIME.fullmatch(plain)
    if match is not None:
        half, hour, minute, second, fraction = match.groups()
        afternoon = 12 if half == "午後" and int(hour) < 12 else 0
        try:
            return dt.time(
                int(hour) + afternoon,
                int(minute or 0),
                int(second or 0),
                int((fraction or "0").ljust(6, "0")),
            )
        except ValueError:
            pass
    raise TIME_UNREADABLE(text=text[:60])


def as_precise_as(date: EffectiveDate, precision: Precision) -> EffectiveDate:
    """A date that is known less exactly than it is written: of a day, its month. Refuses what cannot be made
    more exact (DATE_UNREADABLE)."""
    if precision == "unknown":
        return EffectiveDate.unknown()
    if precision == date.precision or date.value is None:
        return date
    first, last = date.earliest, date.latest
    if first is None or last is None:
        raise DATE_UNREADABLE(text=date.value)
    made = {
        "month": f"{first:%Y-%m}",
        "calendar_year": f"{first:%Y}",
        "fiscal_year": f"FY{first.year if first.month >= 4 else first.year - 1}",
    }.get(precision)
    if made is None:
        raise DAY_NEEDED(text=date.era or date.value)
    coarser = EffectiveDate.parse(made)
    if (
        coarser.earliest is None
        or coarser.latest is None
        or first < coarser.earliest
        or last > coarser.latest
    ):
        raise DATE_UNREADABLE(text=date.value)
    return coarser


def read_back(date: EffectiveDate) -> str:
    """What was read, by era and with the weekday."""
    if date.precision == "day" and date.earliest is not None:
        return office_day(date.earliest)
    if date.precision == "instant" and date.value is not None:
        here = dt.datetime.fromisoformat(date.value).astimezone(JAPAN)
        return f"{office_day(here.date())} {here:%H:%M}"
    return spoken(date.full_label)


PRECISIONS: tuple[Precision, ...] = ("day", "month", "calendar_year", "fiscal_year", "unknown")


@dataclass
class DateField(Field):
    """A date. ``of``: as an interval (EffectiveDate), a bare day, or a moment."""

    family = "date"
    of: Literal["interval", "day", "moment"] = "interval"

    def named(self, what: str) -> str:
        return f"{self.pointer}#{what}"

    def read(self, typed: Typed) -> Any:
        try:
            date = self._read(typed)
        except Refusal as refused:
            typed.refuse(refused, self.pointer)
            return MISSING
        return MISSING if date is None else self._as_json(date)

    def _read(self, typed: Typed) -> EffectiveDate | None:
        text = typed.text(self.pointer) or typed.text(self.named("day"))
        bounds = {name: self._bound(typed, name) for name in ("earliest", "latest")}
        precision = typed.text(self.named("precision"))
        if not text:
            if precision == "unknown" or any(bounds.values()):
                return EffectiveDate.unknown(**bounds).check()
            return None
        date = read_date(text)
        if precision in PRECISIONS:
            date = as_precise_as(date, precision)
        if date.precision == "unknown" and any(bounds.values()):
            return EffectiveDate.unknown(**bounds).check()
        if time := typed.text(self.named("time")):
            date = self._moment(date, read_time(time))
        if typed.text(self.named("basis")) == "inferred":
            date = msgspec.structs.replace(date, basis="inferred")
        return date

    def _bound(self, typed: Typed, name: str) -> dt.date | None:
        text = typed.text(self.named(name))
        if not text:
            return None
        date = read_date(text)
        return date.earliest if name == "earliest" else date.latest

    def _moment(self, date: EffectiveDate, time: dt.time) -> EffectiveDate:
        if date.precision == "instant":
            return date
        if date.precision != "day" or date.earliest is None:
            raise DAY_NEEDED(text=date.era or date.value or "")
        return EffectiveDate.at(dt.datetime.combine(date.earliest, time, JAPAN))

    def _as_json(self, date: EffectiveDate) -> Any:
        if self.of == "interval":
            return msgspec.to_builtins(date)
        if self.of == "day" and date.precision == "day":
            return date.value
        if self.of == "moment" and date.precision == "instant":
            return dt.datetime.fromisoformat(date.value or "").astimezone(JAPAN).isoformat()
        raise DAY_NEEDED(text=date.era or date.value or tr("不明", "unknown"))

    def is_untouched(self, typed: Typed) -> bool:
        names = (self.pointer, *map(self.named, ("day", "precision", "time", "earliest", "latest")))
        return not any(typed.text(name) for name in names)

    def shown(self, typed: Typed) -> Json:
        drawn = super().shown(typed)
        parts = {
            name: {
                "name": self.named(name),
                "id": control_id(self.named(name)),
                "value": typed.text(self.named(name)),
            }
            for name in ("day", "precision", "time", "earliest", "latest", "basis")
        }
        return {
            **drawn,
            "of": self.of,
            "parts": parts,
            "more": any(parts[name]["value"] for name in ("earliest", "latest", "basis")),
            "read_back": self._said_back(typed),
            "precisions": precisions(parts["precision"]["value"]),
        }

    def _said_back(self, typed: Typed) -> str | None:
        try:
            date = self._read(typed)
        except Refusal:
            return None
        return None if date is None else read_back(date)


def precisions(chosen: str) -> list[Json]:
    """How exact a date may be, in words."""
    words = {
        "": tr("書いたとおり", "as written"),
        "day": tr("日まで", "to the day"),
        "month": tr("月まで", "to the month"),
        "calendar_year": tr("年まで", "to the year"),
        "fiscal_year": tr("年度まで", "to the fiscal year"),
        "unknown": tr("不明", "not known"),
    }
    return [{"value": value, "label": label, "chosen": value == chosen} for value, label in words.items()]
