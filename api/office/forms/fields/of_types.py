"""From a declared type to its control: the type, its markers and the name of the field say it all."""

from __future__ import annotations

import datetime as dt
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Union

import msgspec

from api.http.language import tr
from api.office.forms.fields import words
from api.office.forms.fields.anything import AnythingField
from api.office.forms.fields.choices import BoxesField, ChoiceField, yes_or_no
from api.office.forms.fields.dates import DateField
from api.office.forms.fields.events import EventField
from api.office.forms.fields.field import Field
from api.office.forms.fields.lists import ListField, PartField
from api.office.forms.fields.numbers import FiscalYearField, HoursField, MoneyField, NumberField
from api.office.forms.fields.picking import BOXES, MadeField, PickField, PicksField
from api.office.forms.fields.texts import ONE_LINE, LinesField, SuggestedText, TextField
from api.office.forms.fields.things import Things
from api.words import wording
from domain.kernel.id_fields import ANYTHING, EITHER, NAMED, makes, named_by
from domain.values.calendar import EffectiveDate
from domain.values.fields import IdRule, RangeRule, Secret, TextRule, rules_of

EVENT_FIELDS: dict[str, Literal["version", "event_id"]] = {
    "target_version": "version",
    "version": "version",
    "target_event": "event_id",
    "event": "event_id",
}
"""Fields that point at an event of a record."""
STREAM_FIELD = "stream"
"""The field that says of which record an event is."""


@dataclass(frozen=True)
class Maker:
    """What controls are made with. ``owner``: the event, or the struct inside one, whose fields they are."""

    things: Things
    make_id: Callable[[str, str], str]
    """``make_id(pointer, prefix)``: the name of a new part at a place of the form."""
    owner: type[msgspec.Struct] | None = None
    label: Callable[[str, type[msgspec.Struct] | None], str] = words.label_of
    annotation_at: Callable[[Any, str], Any] = field(default=lambda typed, pointer: None)
    """Of which type a value is that may be of any (a correction), by what else the form says."""

    def control(
        self, name: str, kind: Any, pointer: str, *, required: bool = False, default: Any = None
    ) -> Field:
        """The control of a field of this type."""
        about = {
            "pointer": pointer,
            "label": self.label(name, self.owner),
            "required": required and not words.is_nullable(kind),
            "default": default,
        }
        made = self._of(name, _without_null(kind), about)
        made.null = required and words.is_nullable(kind)
        return made

    def part(self, struct: type[msgspec.Struct], **about: Any) -> PartField:
        """The controls of an object's fields."""
        inner = replace(self, owner=struct)
        hints = typing.get_type_hints(struct, include_extras=True)
        fields = [
            (
                f.encode_name,
                inner.control(
                    f.encode_name,
                    hints[f.name],
                    f"{about['pointer']}/{f.encode_name}",
                    required=f.required,
                    default=None if f.default is msgspec.NODEFAULT else f.default,
                ),
            )
            for f in msgspec.structs.fields(struct)
        ]
        return PartField(fields=fields, **about)

    # -- by type

    def _of(self, name: str, kind: Any, about: dict[str, Any]) -> Field:
        if f"{self._owner_name}.{name}" in NAMED:
            return self._named(name, about)
        if name in EVENT_FIELDS and self._is_event_field(name):
            return self._event(name, about)
        if name == STREAM_FIELD:
            return PickField(
                things=self.things, named=ANYTHING, streams=True, search=self.things.search(ANYTHING), **about
            )
        markers = list(rules_of(kind))
        plain = kind.__origin__ if markers else kind
        if any(isinstance(rule, IdRule) for rule in markers) or (kind is str and name in NAMED):
            return self._named(name, about)
        if plain is str:
            return self._text(name, markers, about)
        if plain is bool:
            return yes_or_no(**about)
        if plain is int:
            return self._number(name, markers, about)
        if plain is dt.date:
            return DateField(of="day", **about)
        if plain is dt.datetime:
            return DateField(of="moment", **about)
        if plain is EffectiveDate:
            return DateField(**about)
        return self._compound(name, plain, about)

    def _compound(self, name: str, kind: Any, about: dict[str, Any]) -> Field:
        origin, parts = typing.get_origin(kind), typing.get_args(kind)
        if origin is Literal:
            return ChoiceField(choices=[(value, wording.value(name, str(value))) for value in parts], **about)
        if origin in (tuple, list):
            return self._list(name, parts[0], about)
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            return self.part(kind, **about)
        if origin in (Union, types.UnionType):
            return self._either(name, parts, about)
        return AnythingField(maker=self, name=name, **about)

    def _either(self, name: str, arms: tuple[Any, ...], about: dict[str, Any]) -> Field:
        """A number, or one of a few words: 第17条, 前文."""
        numbers = [arm for arm in arms if typing.get_origin(arm) is not Literal and _bare(arm) is int]
        literals = [
            value for arm in arms if typing.get_origin(arm) is Literal for value in typing.get_args(arm)
        ]
        if len(numbers) == 1 and len(arms) == 2 and literals:
            in_words = tuple((value, wording.value(name, str(value))) for value in literals)
            return NumberField(words=in_words, help="・".join(word for _, word in in_words), **about)
        return AnythingField(maker=self, name=name, **about)

    def _list(self, name: str, inner: Any, about: dict[str, Any]) -> Field:
        if typing.get_origin(inner) is Literal:
            return BoxesField(
                choices=[(str(v), wording.value(name, str(v))) for v in typing.get_args(inner)], **about
            )
        markers = list(rules_of(inner))
        if any(isinstance(rule, IdRule) for rule in markers):
            named = named_by(self._owner_name, name)
            if not named.is_anything and 0 < len(self.things.offered(named)) <= BOXES:
                return PicksField(things=self.things, named=named, **about)
        elif any(isinstance(rule, TextRule) and rule.limit <= ONE_LINE for rule in markers):
            suggested = words.known_words(name)
            if not suggested and name != "fields":
                return LinesField(help=tr("一行に一つずつ", "one on each line"), **about)
        label = about["label"]

        def row(pointer: str) -> Field:
            n = int(pointer.rpartition("/")[2]) + 1
            made = self.control(name, inner, pointer)
            made.label = f"{label} {n}"
            return made

        return ListField(row=row, **about)

    # -- by marker

    @property
    def _owner_name(self) -> str:
        return self.owner.__name__ if self.owner is not None else ""

    def _is_event_field(self, name: str) -> bool:
        return name in ("target_version", "target_event") or self._owner_name in (
            "StandsThough",
            "LinkWithdrawn",
        )

    def _event(self, name: str, about: dict[str, Any]) -> Field:
        about["label"] = tr("どの記録を", "Which event")
        beside = f"{about['pointer'].rpartition('/')[0]}/{STREAM_FIELD}"
        return EventField(things=self.things, of=EVENT_FIELDS[name], beside=beside, **about)

    def _named(self, name: str, about: dict[str, Any]) -> Field:
        named, owner = named_by(self._owner_name, name), self._owner_name
        fixed = self.things.fixed(owner, name)
        if fixed is not None:
            return ChoiceField(choices=fixed, **about)
        if makes(owner, name):
            prefix = f"{name.removesuffix('_id').replace('_', '-')}-"

            def made() -> str:
                return self.make_id(about["pointer"], prefix)

            if owner in EITHER and self.things.offered(named):
                return PickField(
                    things=self.things, named=named, search=self.things.search(named), made=made, **about
                )
            return MadeField(made=made, **about)
        return PickField(things=self.things, named=named, search=self.things.search(named), **about)

    def _text(self, name: str, markers: list[Any], about: dict[str, Any]) -> Field:
        rule = next((rule for rule in markers if isinstance(rule, TextRule)), None)
        limit = rule.limit if rule is not None else None
        known = words.known_words(name) if limit is None or limit <= ONE_LINE else {}
        secret = any(isinstance(rule, Secret) for rule in markers)
        vault = tr(
            "氏名や連絡先は、消去できるように別に保管します。",
            "Held apart from the record, so that it can be erased.",
        )
        options: dict[str, Any] = {
            "limit": limit,
            "lines": bool(rule and rule.lines and (limit or 0) > ONE_LINE) and not secret,
            "secret": secret,
            "help": vault if secret else words.limit_help(limit) if limit else None,
        }
        suggested = known | self.things.words_used(name) if not secret else {}
        if suggested:
            return SuggestedText(known=suggested, **options, **about)
        return TextField(**options, **about)

    def _number(self, name: str, markers: list[Any], about: dict[str, Any]) -> Field:
        rule = next((rule for rule in markers if isinstance(rule, RangeRule)), None)
        unit = rule.unit if rule is not None else ""
        if unit == "yen":
            return MoneyField(**about)
        if unit.startswith("fiscal year"):
            return FiscalYearField(help=tr("例: 令和8年度、2026", "for example 2026 or FY2026"), **about)
        if unit.startswith("tenths"):
            return HoursField(unit=tr("時間", "hours"), help=tr("例: 2.5", "for example 2.5"), **about)
        return NumberField(unit=words.unit_of(rule) if rule is not None else None, **about)


def _without_null(kind: Any) -> Any:
    """A type without null as an alternative."""
    if not words.is_nullable(kind):
        return kind
    arms = tuple(arm for arm in typing.get_args(kind) if arm is not type(None))
    return arms[0] if len(arms) == 1 else Union[arms]  # noqa: UP007  # as many as there are


def _bare(kind: Any) -> Any:
    return kind.__origin__ if list(rules_of(kind)) else kind
