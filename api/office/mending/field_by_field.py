"""何を、何に: the fields of an event that can be corrected, each with what it says and a control for what it
should say.

A part of a part has a line of its own (``採決　賛成``), so that its other parts stay as they are. A control
begins with what the record says; what is read from it is compared with what would be read if nobody had
touched it, so that only what somebody changed is proposed. What is computed, and identifiers, have none.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from api.http.json_fields import MISSING_FIELD
from api.http.language import tr
from api.office.forms.fields import words
from api.office.forms.fields.anything import AnythingField
from api.office.forms.fields.choices import ChoiceField
from api.office.forms.fields.dates import DateField, read_back
from api.office.forms.fields.field import MISSING, Field
from api.office.forms.fields.lists import PartField, pressed
from api.office.forms.fields.of_types import Maker
from api.office.forms.fields.picking import MadeField, PickField, PicksField
from api.office.forms.fields.things import Things
from api.office.forms.fields.typed import Typed
from api.office.mending.beginning import as_date, begin
from api.pages.parts import details
from api.pages.parts.names import Names
from api.pages.parts.sentences import plain as as_text
from domain.kernel.corrected import own_date, plain
from domain.kernel.correction_events import EFFECTIVE
from domain.kernel.events import Event, Recorded
from domain.values.calendar import EffectiveDate
from projections.engine.event_json import Json

STATED = ("stated_amount", "stated_unit")
"""How a source wrote an amount: it follows the amount."""
NOT_KNOWN = "#not-known"
"""What marks that a field should say nothing."""


@dataclass(frozen=True)
class Leaf:
    """A field, or a part of one: ``path`` as a correction names it (``tally.for``)."""

    path: str
    name: str
    label: str
    value: Any
    """As JSON has it."""
    control: Field
    nullable: bool
    leads: bool
    """Whether it stands in front, and not among what is recorded rarely."""
    begun: Typed = field(default_factory=Typed)
    """What the control begins with."""


class FieldByField:
    """The controls of one event. ``at``: the place of the form under which they stand."""

    def __init__(self, e: Recorded[Any], things: Things, at: str):
        self.event, self.things, self.at = e, things, at
        self.data: Json = plain(e.data)
        self._maker = Maker(things, lambda pointer, prefix: prefix, type(e.data))
        self.leaves = [leaf for leaf in self._all() if _says_it(leaf)]

    # -- which there are

    def _all(self) -> Iterator[Leaf]:
        kind = type(self.event.data)
        if own_date(kind) is None:
            control = DateField(f"{self.at}/{EFFECTIVE}", tr("いつのことか", "When it happened"))
            date = msgspec.to_builtins(self.event.effective)
            yield self._leaf(EFFECTIVE, EFFECTIVE, control.label, date, control, nullable=True)
        hints = typing.get_type_hints(kind, include_extras=True)
        for one in msgspec.structs.fields(kind):
            if not _is_fixed(kind, one.encode_name):
                yield from self._within(
                    one.encode_name, hints[one.name], self.data[one.encode_name], one.encode_name, kind, []
                )

    def _within(
        self, name: str, hint: Any, value: Any, path: str, owner: type[msgspec.Struct], around: list[str]
    ) -> Iterator[Leaf]:
        own = words.label_of(name, owner)
        inner = _struct_in(hint)
        if isinstance(value, dict) and inner is not None and inner is not EffectiveDate:
            yield from self._parts(inner, value, path, [*around, own])
            return
        if isinstance(value, list) and inner is not None:
            for n, item in enumerate(value):
                yield from self._parts(inner, item, f"{path}.{n}", [*around, f"{own} {n + 1}"])
            return
        maker = Maker(self.things, lambda pointer, prefix: prefix, owner)
        control = maker.control(name, hint, f"{self.at}/{path.replace('.', '/')}")
        label = tr("　", ", ").join([*around, own])
        control.label = label
        nullable = words.is_nullable(hint)
        yield self._leaf(path, name, label, value, control, nullable=nullable)

    def _parts(
        self, struct: type[msgspec.Struct], value: Json, path: str, around: list[str]
    ) -> Iterator[Leaf]:
        hints = typing.get_type_hints(struct, include_extras=True)
        for one in msgspec.structs.fields(struct):
            name = one.encode_name
            if name == "id" or name.endswith("_id") or name in STATED:
                continue
            yield from self._within(name, hints[one.name], value.get(name), f"{path}.{name}", struct, around)

    def _leaf(self, path: str, name: str, label: str, value: Any, control: Field, *, nullable: bool) -> Leaf:
        control.required = False
        if isinstance(control, ChoiceField) and value is not None:
            control.default = value  # it says something already
        begun = Typed()
        begin(control, value, begun)
        says_something = value not in (None, [], "") and bool(begun.texts)
        return Leaf(path, name, label, value, control, nullable, says_something or path == EFFECTIVE, begun)

    # -- what is typed

    def begin(self, typed: Typed) -> None:
        """Let every control that nobody has seen yet begin with what the record says."""
        if not typed.has(self.seen):
            for leaf in self.leaves:
                for name, texts in leaf.begun.texts.items():
                    typed.texts.setdefault(name, texts)

    @property
    def seen(self) -> str:
        """What a form carries that has shown these controls."""
        return f"{self.at}#seen"

    def press(self, typed: Typed, button: str) -> bool:
        """Whether a button that adds or takes out a row was pressed; then it has been done."""
        return any(pressed(leaf.control, typed, button) for leaf in self.leaves)

    def changes(self, typed: Typed) -> list[Json]:
        """What somebody changed, as a correction names it. What cannot be read is refused at its place."""
        return [change for leaf in self.leaves for change in self._change(leaf, typed)]

    def _change(self, leaf: Leaf, typed: Typed) -> Iterator[Json]:
        pointer = leaf.control.pointer
        if leaf.nullable and typed.text(f"{pointer}{NOT_KNOWN}"):
            if leaf.value is not None:
                yield {"field": leaf.path, "after": None}
            return
        faults = len(typed.faults)
        after = leaf.control.read(typed)
        if len(typed.faults) > faults:
            return
        before = leaf.control.read(Typed(dict(leaf.begun.texts), sent=True))
        if _written(after) == _written(before):
            return
        if after is MISSING:
            if not leaf.nullable and not isinstance(leaf.value, list):
                typed.refuse(MISSING_FIELD(), pointer)
                return
            after = [] if isinstance(leaf.value, list) else None
        yield {"field": leaf.path, "after": _written(after)}
        yield from self._stated_with(leaf, after)

    def _stated_with(self, leaf: Leaf, after: Any) -> Iterator[Json]:
        """How the source wrote it follows the amount."""
        prefix = leaf.path.removesuffix(leaf.name)
        beside = self._beside(prefix)
        if leaf.name != "amount_yen" or not isinstance(after, int) or beside.get("stated_amount") is None:
            return
        thousands = beside.get("stated_unit") == "千円"
        exact = thousands and after % 1000 == 0
        yield {"field": f"{prefix}stated_amount", "after": after // 1000 if exact else after}
        if thousands and not exact:
            yield {"field": f"{prefix}stated_unit", "after": "円"}

    def _beside(self, prefix: str) -> Json:
        place: Any = self.data
        for name in filter(None, prefix.split(".")):
            place = place[int(name)] if isinstance(place, list) else place[name]
        return place if isinstance(place, dict) else {}

    # -- shown

    def shown(self, typed: Typed, names: Names) -> Json:
        """The rows of the table: what stands in front, and what else can be corrected."""
        lines = [self._line(leaf, typed, names) for leaf in self.leaves]
        return {
            "seen": self.seen,
            "first": [line for line in lines if line["leads"] or line["touched"]],
            "more": [line for line in lines if not (line["leads"] or line["touched"])],
            "computed": [
                words.label_of(name, type(self.event.data)) for name in type(self.event.data).COMPUTED
            ],
        }

    def _line(self, leaf: Leaf, typed: Typed, names: Names) -> Json:
        pointer = leaf.control.pointer
        looked = Typed(dict(typed.texts), sent=True)
        changed = next(iter(self._change(leaf, looked)), None) is not None
        drawn = leaf.control.shown(typed)
        return {
            "label": leaf.label,
            "now": self._said(leaf, names),
            "control": drawn,
            "not_known": f"{pointer}{NOT_KNOWN}" if leaf.nullable and leaf.value is not None else None,
            "is_not_known": bool(typed.text(f"{pointer}{NOT_KNOWN}")),
            "leads": leaf.leads,
            "touched": changed or bool(drawn["faults"]),
            "changed": changed,
        }

    def _said(self, leaf: Leaf, names: Names) -> str | None:
        """What the record says, in words; None where it says nothing."""
        if leaf.value in (None, [], "", {}):
            return None
        if isinstance(leaf.control, PickField | PicksField) and self.things is not None:
            ids = leaf.value if isinstance(leaf.value, list) else [leaf.value]
            called = [self.things.label(leaf.control.named, entity) for entity in ids]
            return tr("、", ", ").join(filter(None, called)) or None
        if isinstance(leaf.control, DateField):
            date = as_date(leaf.value)
            return read_back(date) if date is not None and date.value is not None else None
        return as_text(
            details.words(leaf.name, leaf.value, names, self._beside(leaf.path.removesuffix(leaf.name)))
        )


def _is_fixed(kind: type[Event], name: str) -> bool:
    """Whether a field of an event is an identifier, leads to something, or is computed."""
    is_id = name == "id" or name.endswith("_id") or f"{{{name}}}" in (kind.SUBJECT or "")
    return is_id or name in kind.LINKS or name in kind.COMPUTED or name in STATED or name == "sha256"


def _says_it(leaf: Leaf) -> bool:
    """Whether the control can say what the record says: names of parts that are chosen nowhere, it cannot."""
    looked = Typed(dict(leaf.begun.texts), sent=True)
    if _makes_something(leaf.control):
        return False
    value = leaf.control.read(looked)
    return not looked.faults and (value is not MISSING or not leaf.begun.texts)


def _makes_something(control: Field) -> bool:
    """Whether a control names a new part, or takes anything: neither says what a field of an event holds."""
    if isinstance(control, PartField):
        return any(_makes_something(inner) for _, inner in control.fields)
    return isinstance(control, MadeField | AnythingField)


def _struct_in(hint: Any) -> type[msgspec.Struct] | None:
    """The struct that a type holds, by itself or in a list."""
    for arm in typing.get_args(hint) or (hint,):
        if isinstance(arm, type) and issubclass(arm, msgspec.Struct):
            return arm
        nested = typing.get_args(arm)
        if nested and isinstance(nested[0], type) and issubclass(nested[0], msgspec.Struct):
            return nested[0]
    return None


def _written(after: Any) -> Any:
    """A value as a correction gives it: a date as it is written."""
    if isinstance(after, dict) and "precision" in after:
        return after["value"]
    return after
