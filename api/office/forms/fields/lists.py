"""Parts and rows: an object with fields of its own, and a list of them to which rows are added."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from api.office.forms.fields.field import MISSING, Field
from api.office.forms.fields.typed import MOST_ROWS, Typed
from projections.engine.event_json import Json

ADD, DROP = "add ", "drop "
"""How the values of buttons begin that add a row to a list, or take one out."""


@dataclass
class PartField(Field):
    """An object. One that is not required and was left alone is not there."""

    family = "part"
    fields: Sequence[tuple[str, Field]] = ()

    def read(self, typed: Typed) -> Any:
        if not self.required and self.is_untouched(typed):
            return MISSING
        return read_all(self.fields, typed)

    def is_untouched(self, typed: Typed) -> bool:
        return all(field.is_untouched(typed) for _, field in self.fields)

    def own_faults(self, typed: Typed) -> list[Any]:
        return typed.faults_at(self.pointer, within=False)

    def shown(self, typed: Typed) -> Json:
        faults_before = len(typed.faults)
        drawn = super().shown(typed)
        return {
            **drawn,
            "fields": [field.shown(typed) for _, field in self.fields],
            "open": self.required or not self.is_untouched(typed) or len(typed.faults) > faults_before,
        }


@dataclass
class ListField(Field):
    """Rows. ``row`` makes the control of one, by its place; a row that is left alone is none."""

    family = "list"
    row: Callable[[str], Field] = lambda pointer: Field(pointer, "")

    @property
    def _least(self) -> int:
        return 1 if self.required else 0

    def _rows(self, typed: Typed) -> list[Field]:
        return [self.row(f"{self.pointer}/{n}") for n in range(typed.rows(self.pointer, self._least))]

    def press(self, typed: Typed, button: str) -> bool:
        """Whether a button of this list, or of one within it, was pressed; then it has been done."""
        rows = typed.rows(self.pointer, self._least)
        if button == f"{ADD}{self.pointer}":
            typed.set_rows(self.pointer, min(rows + 1, MOST_ROWS))
            return True
        for n in range(rows):
            if button == f"{DROP}{self.pointer}/{n}":
                typed.drop_row(self.pointer, n, rows)
                return True
        return any(pressed(row, typed, button) for row in self._rows(typed))

    def read(self, typed: Typed) -> Any:
        n = 0
        while n < len(rows := self._rows(typed)):
            if rows[n].is_untouched(typed) and len(rows) > self._least:
                typed.drop_row(self.pointer, n, len(rows))
            else:
                n += 1
        read = [row.read(typed) for row in rows if not row.is_untouched(typed)]
        return [value for value in read if value is not MISSING] or MISSING

    def is_untouched(self, typed: Typed) -> bool:
        return all(row.is_untouched(typed) for row in self._rows(typed))

    def own_faults(self, typed: Typed) -> list[Any]:
        return typed.faults_at(self.pointer, within=False)

    def shown(self, typed: Typed) -> Json:
        rows = self._rows(typed)
        return {
            **super().shown(typed),
            "rows_name": f"{self.pointer}#rows",
            "rows": [{"field": row.shown(typed), "drop": f"{DROP}{row.pointer}"} for row in rows],
            "add": f"{ADD}{self.pointer}",
        }


def read_all(fields: Sequence[tuple[str, Field]], typed: Typed) -> dict[str, Any]:
    """The values of an object's fields, without those that nobody said anything of."""
    read = {name: (field.read(typed), field.null) for name, field in fields}
    return {
        name: None if value is MISSING else value
        for name, (value, null) in read.items()
        if value is not MISSING or null
    }


def pressed(field: Field, typed: Typed, button: str) -> bool:
    """Whether a button within a control was pressed; then it has been done."""
    if isinstance(field, ListField):
        return field.press(typed, button)
    if isinstance(field, PartField):
        return any(pressed(inner, typed, button) for _, inner in field.fields)
    return False
