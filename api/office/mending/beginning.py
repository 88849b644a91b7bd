"""What a control begins with, where the record says something already."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from api.http.language import lang
from api.office.forms.fields.choices import BoxesField, ChoiceField
from api.office.forms.fields.dates import DateField
from api.office.forms.fields.field import Field
from api.office.forms.fields.lists import ListField
from api.office.forms.fields.numbers import HoursField, MoneyField, NumberField
from api.office.forms.fields.picking import PickField, PicksField
from api.office.forms.fields.texts import LinesField, TextField
from api.office.forms.fields.typed import Typed
from domain.values.calendar import ERAS, JAPAN, EffectiveDate
from domain.values.refusal import Refusal


def begin(control: Field, value: Any, typed: Typed) -> None:
    """What stands in a control where the record says ``value``."""
    if value is None:
        return
    text = _text_of(control, value)
    if isinstance(control, DateField):
        _begin_date(control, value, typed)
    elif isinstance(control, BoxesField | PicksField):
        typed.texts[control.pointer] = [str(item) for item in value]
    elif isinstance(control, ListField):
        typed.set_rows(control.pointer, len(value))
        for n, item in enumerate(value):
            begin(control.row(f"{control.pointer}/{n}"), item, typed)
    elif text is not None:
        typed.texts[control.pointer] = [text]


def _text_of(control: Field, value: Any) -> str | None:
    if isinstance(control, LinesField):
        return "\n".join(map(str, value))
    if isinstance(control, HoursField):
        return f"{value // 10}.{value % 10}"
    if isinstance(control, PickField):
        return _picked(control, str(value))
    if isinstance(control, TextField | NumberField | MoneyField | ChoiceField) and not isinstance(
        value, dict | list
    ):
        return str(value)
    return None


def _picked(control: PickField, entity: str) -> str:
    """What stands in a picker: the value where it is a list, else what the thing is called."""
    drawn = control.shown(Typed({control.pointer: [entity]}, sent=True))
    if drawn["listed"] or control.things is None:
        return entity
    return control.things.label(control.named, entity) or entity


def _begin_date(control: DateField, value: Any, typed: Typed) -> None:
    """A day that is not known begins as nothing: whoever finds it out types it."""
    date = as_date(value)
    if date is None or date.value is None:
        return
    if date.precision == "instant":
        day, time = _day_and_time(date.value)
        typed.texts[control.pointer], typed.texts[control.named("time")] = [day], [time]
    else:
        typed.texts[control.pointer] = [_as_an_office_writes(date)]


def as_date(value: Any) -> EffectiveDate | None:
    if isinstance(value, dict):
        return msgspec.convert(value, EffectiveDate).check()
    try:
        return EffectiveDate.parse(str(value))
    except Refusal:
        return None


def _day_and_time(value: str) -> tuple[str, str]:
    """A moment as a day and a time in Japan."""
    at = dt.datetime.fromisoformat(value).astimezone(JAPAN)
    day = _as_an_office_writes(EffectiveDate.on(at.date()))
    return day, f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"


def _as_an_office_writes(date: EffectiveDate) -> str:
    """A date as it is typed: R8.8.20, and in English as ISO has it."""
    day = date.earliest
    if lang() == "ja" and date.precision == "day" and day is not None:
        for era in ERAS:
            if era.touches(day, day):
                return f"{era.letter}{day.year - era.first.year + 1}.{day.month}.{day.day}"
    return date.value or ""
