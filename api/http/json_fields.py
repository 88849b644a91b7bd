"""Marshmallow fields that take JSON values literally and say what is wrong as a refusal.

``5`` is a number and ``"5"`` is not; ``true`` is neither 1 nor "true". Every message is a
:class:`~domain.values.refusal.Refusal`, so that a mistake in the form and a rule of the domain are told
alike: with a code, in both languages, at a JSON pointer. Fields leave values as JSON has them; turning them
into the domain's types is done once, by msgspec, in :mod:`api.http.schemas`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from marshmallow import Schema, ValidationError, fields

from api.http.problems import declare
from api.setup import rules_of_service
from domain.values.calendar import DATE_IMPOSSIBLE, EffectiveDate
from domain.values.fields import Checker
from domain.values.refusal import Refusal

UNKNOWN_FIELD = declare(
    422,
    "UNKNOWN_FIELD",
    ja="この項目はありません。",
    en="There is no such field.",
    rule=rules_of_service.DECLARED_FIELDS,
    next_ja="綴りを確かめてください。項目の一覧は /api/docs にあります。",
    next_en="Check the spelling; the fields are listed at /api/docs.",
)
MISSING_FIELD = declare(
    422,
    "MISSING_FIELD",
    ja="この項目は必須です。",
    en="This field is required.",
    rule=rules_of_service.FIELD_TYPES,
    next_ja="値を加えて送り直してください。",
    next_en="Add its value and send it again.",
)
NOT_NULL = declare(
    422,
    "NOT_NULL",
    ja="この項目は空にできません。",
    en="This field cannot be null.",
    rule=rules_of_service.FIELD_TYPES,
    next_ja="値を入れるか、任意の項目なら省略してください。",
    next_en="Give a value, or leave the field out if it is optional.",
)
WRONG_TYPE = declare(
    422,
    "WRONG_TYPE",
    ja="型が違います（必要な型: {wanted_ja}）。",
    en="This is of the wrong type (wanted: {wanted_en}).",
    rule=rules_of_service.FIELD_TYPES,
    next_ja="JSON の型を合わせてください（例: 数は引用符なしで 5）。",
    next_en="Use the JSON type asked for (a number is 5, without quotes).",
)
NOT_ONE_OF = declare(
    422,
    "NOT_ONE_OF",
    ja="使える値ではありません（{allowed}）。",
    en="This is not one of the values allowed ({allowed}).",
    rule=rules_of_service.FIELD_TYPES,
    next_ja="いずれかの値を選んでください。",
    next_en="Choose one of them.",
)

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?([Zz]|[+-]\d{2}:\d{2})")

COMMON: dict[str, Any] = {"required": [MISSING_FIELD()], "null": [NOT_NULL()]}


def fault(refused: Refusal) -> ValidationError:
    return ValidationError([refused])


def wrong_type(ja: str, en: str) -> ValidationError:
    return fault(WRONG_TYPE(wanted_ja=ja, wanted_en=en))


class Body(Schema):
    """Base of all schemas: unknown fields are refused, and every message is a refusal."""

    error_messages: dict[str, Any] = {  # noqa: RUF012  # as marshmallow declares it
        "type": WRONG_TYPE(wanted_ja="オブジェクト", wanted_en="object"),
        "unknown": UNKNOWN_FIELD(),
    }


class _Leaf(fields.Field[Any]):
    """A value without parts: of one JSON type, then within the domain's rule for it."""

    json_type: type = str
    wanted = ("文字列", "string")
    default_error_messages = COMMON

    def __init__(self, check: Checker | None = None, **options: Any):
        super().__init__(**options)
        self.check = check

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if type(value) is not self.json_type:
            raise wrong_type(*self.wanted)
        if self.check:
            try:
                self.check(value, "")
            except Refusal as refused:
                raise fault(refused) from None
        return value


class Text(_Leaf):
    """A string."""


class Whole(_Leaf):
    """A whole number."""

    json_type = int
    wanted = ("整数", "whole number")


class Truth(_Leaf):
    """true or false."""

    json_type = bool
    wanted = ("true または false", "true or false")


class Day(_Leaf):
    """A date, as 2006-03-01."""

    wanted = ("日付 2006-03-01", "date 2006-03-01")

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not _DATE.fullmatch(text):
            raise wrong_type(*self.wanted)
        return _possible(dt.date.fromisoformat, text)


class Instant(_Leaf):
    """An instant with its offset, as 2026-04-01T18:30:00+09:00 (RFC 3339)."""

    wanted = ("時刻 2026-04-01T18:30:00+09:00", "instant 2026-04-01T18:30:00+09:00")

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not _INSTANT.fullmatch(text):
            raise wrong_type(*self.wanted)
        return _possible(dt.datetime.fromisoformat, text.upper())


def _possible(read: Any, text: str) -> str:
    try:
        read(text)
    except ValueError:
        raise fault(DATE_IMPOSSIBLE(text=text)) from None
    return text


class Choice(_Leaf):
    """One of a few values."""

    def __init__(self, choices: tuple[Any, ...], **options: Any):
        super().__init__(**options)
        self.choices = choices

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        for choice in self.choices:
            if choice == value and type(choice) is type(value):
                return value
        raise fault(NOT_ONE_OF(allowed=", ".join(map(str, self.choices))))


class Series(fields.List[Any]):
    """An array."""

    default_error_messages = COMMON

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, list):
            raise wrong_type("配列", "array")
        return super()._deserialize(value, attr, data, **kwargs)


class Table(fields.Dict):
    """An object whose keys are data."""

    key_field: fields.Field[Any]
    value_field: fields.Field[Any]
    default_error_messages = COMMON

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, dict):
            raise wrong_type("オブジェクト", "object")
        wrong: dict[str, Any] = {}
        for key, inner in value.items():
            try:
                self.key_field.deserialize(key)
                self.value_field.deserialize(inner)
            except ValidationError as error:
                wrong[key] = error.messages
        if wrong:
            raise ValidationError(wrong)
        return value


class Anything(fields.Raw):
    """Whatever JSON has: what fits is known by what it is put into."""

    default_error_messages = COMMON


class Part(fields.Nested):
    """An object with declared fields: a struct of the domain, checked by its own rules as a whole."""

    default_error_messages = COMMON

    def __init__(self, struct: type[msgspec.Struct], check: Checker | None, schema: Any, **options: Any):
        super().__init__(schema, **options)
        self.struct = struct
        self.check = check

    def _deserialize(self, value: Any, attr: Any, data: Any, partial: Any = None, **kwargs: Any) -> Any:
        loaded = super()._deserialize(value, attr, data, partial, **kwargs)
        if self.check:
            try:
                self.check(msgspec.convert(loaded, self.struct), "")
            except Refusal as refused:
                raise fault(refused) from None
        return loaded


class When(Part):
    """A date as precisely as it is known: an object, or a text such as 平成18年3月1日, 2006-03-01, FY2008."""

    def _deserialize(self, value: Any, attr: Any, data: Any, partial: Any = None, **kwargs: Any) -> Any:
        try:
            if isinstance(value, str):
                return msgspec.to_builtins(EffectiveDate.parse(value))
            loaded = super()._deserialize(value, attr, data, partial, **kwargs)
            return msgspec.to_builtins(msgspec.convert(loaded, EffectiveDate).check())
        except Refusal as refused:
            raise fault(refused) from None


class Either(fields.Field[Any]):
    """A value of one of several types: the first that takes it."""

    default_error_messages = COMMON

    def __init__(self, arms: list[fields.Field[Any]], **options: Any):
        super().__init__(**options)
        self.arms = arms

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        refused: list[ValidationError] = []
        for arm in self.arms:
            try:
                return arm.deserialize(value, attr, data)
            except ValidationError as wrong:
                refused.append(wrong)
        raise min(refused, key=_is_about_the_type)


def _is_about_the_type(error: ValidationError) -> bool:
    """Whether an arm did not fit at all; one that fits but for a rule tells more."""
    return any(f.code in ("WRONG_TYPE", "NOT_ONE_OF") and f.pointer == "" for f in faults_of(error.messages))


def faults_of(messages: Any, pointer: str = "") -> Iterator[Refusal]:
    """The refusals in marshmallow's nested messages, each at its JSON pointer."""
    if isinstance(messages, Refusal):
        yield messages.under(pointer)
    elif isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from faults_of(inner, pointer if key == "_schema" else f"{pointer}/{_escaped(key)}")
    else:
        for inner in messages:
            yield from faults_of(inner, pointer)


def _escaped(key: str | int) -> str:
    """A reference token of RFC 6901, cut where a caller made it very long."""
    return str(key)[:80].replace("~", "~0").replace("/", "~1")
