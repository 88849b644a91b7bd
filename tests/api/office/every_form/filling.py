"""One filler for every form: it knows what a value is, and what stands in the page; no field, and no command.

A value goes into the control that bears its pointer as a name: typed into a line, chosen from a list, marked
in a box. An object goes into the controls below it, a list into rows, which are added by pressing the
button."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from domain.values.calendar import JAPAN
from tests.api.office.every_form.reading import Form

NameOf = Callable[[str, str], str]
"""``name_of(search, id)``: what something is called, where names are looked for at ``search``."""
ADD = "add "


class Filler:
    """``wanting``: buttons that are still to be pressed before everything has a place; ``lost``: pointers
    that have no control."""

    def __init__(self, form: Form, name_of: NameOf):
        self.form, self.name_of = form, name_of
        self.wanting: list[str] = []
        self.lost: list[str] = []

    def fill(self, pointer: str, value: Any) -> None:
        controls = self.form.named(pointer)
        kinds = {c.type for c in controls}
        if kinds == {"checkbox"}:
            for c in controls:
                c.checked = c.value in value
        elif kinds == {"radio"}:
            for c in controls:
                c.checked = c.value == str(value)
        elif self.form.has(f"{pointer}#precision") or self.form.has(f"{pointer}#day"):
            self._date(pointer, value)
        elif self.form.has(f"{pointer}#rows"):
            self._rows(pointer, value)
        elif isinstance(value, dict):
            for name, inner in value.items():
                self.fill(f"{pointer}/{name}", inner)
        elif controls:
            self._type(pointer, value)
        elif value not in (None, [], ""):
            self.lost.append(pointer)

    def _type(self, pointer: str, value: Any) -> None:
        (control,) = self.form.named(pointer)
        if isinstance(value, list):
            control.value = "\n".join(map(str, value))
        elif control.type == "select":
            if str(value) not in control.answers:
                self.lost.append(f"{pointer} (not offered: {value})")
            control.value = str(value)
        elif control.suggested and isinstance(value, str):
            control.value = self.name_of(control.search, value)
        elif isinstance(value, int) and "tenths" in pointer:
            control.value = f"{value / 10:.1f}"
        else:
            control.value = "" if value is None else str(value)

    def _rows(self, pointer: str, values: list[Any]) -> None:
        rows = int(self.form.named(f"{pointer}#rows")[0].value)
        if rows < len(values):
            self.wanting.append(f"{ADD}{pointer}")
        for n, value in enumerate(values[:rows]):
            self.fill(f"{pointer}/{n}", value)

    def _date(self, pointer: str, value: Any) -> None:
        """A day, a moment, or a date as exactly as it is known."""
        said = value if isinstance(value, dict) else {"value": str(value)}
        text = said.get("value") or ""
        if "T" in text:
            here = dt.datetime.fromisoformat(text).astimezone(JAPAN)
            self._put(f"{pointer}#time", here.time().isoformat())
            text = here.date().isoformat()
        if said.get("value") is None:
            self._put(f"{pointer}#precision", "unknown")
            for bound in ("earliest", "latest"):
                self._put(f"{pointer}#{bound}", said.get(bound) or "")
        self._put(pointer, said.get("era") or text)
        for c in self.form.named(f"{pointer}#basis"):
            c.checked = said.get("basis") == "inferred"

    def _put(self, name: str, text: str) -> None:
        for control in self.form.named(name):
            control.value = text
