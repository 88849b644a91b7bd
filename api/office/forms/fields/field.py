"""What every control is: it stands at a place, shows itself with what was typed, and reads its value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from api.office.desk.refused import shown as in_words
from api.office.forms.fields.typed import MISSING, Typed
from domain.values.refusal import Refusal
from projections.engine.event_json import Json

__all__ = ["MISSING", "Field", "at_control", "control_id"]


def control_id(pointer: str) -> str:
    """The id of the control at a place, for labels and links."""
    return "f" + pointer.replace("/", "-").replace("#", "-").replace("_", "-")


@dataclass
class Field:
    """``label`` and ``help`` are in the language of the page. ``default``: what stands there if nobody
    says."""

    pointer: str
    label: str
    required: bool = False
    help: str | None = None
    default: Any = None
    family: ClassVar[str] = ""
    null: bool = False
    """It has to be said, and that it is not known is an answer."""

    def read(self, typed: Typed) -> Any:
        """The value as JSON has it; MISSING if nothing was typed. What cannot be read is refused at its place
        (:meth:`Typed.refuse`), and counts as missing."""
        raise NotImplementedError

    def is_untouched(self, typed: Typed) -> bool:
        """Whether somebody who leaves this alone says nothing by it: a row of such is no row."""
        return not typed.text(self.pointer)

    def shown(self, typed: Typed) -> Json:
        """The control as its template draws it."""
        typed.places.add(self.pointer)
        return {
            "family": self.family,
            "id": control_id(self.pointer),
            "name": self.pointer,
            "label": self.label,
            "help": self.help,
            "required": self.required,
            "read_back": None,
            "unit": None,
            "value": typed.texts.get(self.pointer, [""])[0],
            "faults": [in_words(fault) for fault in self.own_faults(typed)],
        }

    def own_faults(self, typed: Typed) -> list[Refusal]:
        return typed.faults_at(self.pointer)


def at_control(fault: Refusal, typed: Typed) -> Json:
    """A refusal in words, with the id of the control that it is about, if a form has one."""
    pointer = fault.pointer or ""
    while pointer and pointer not in typed.places:
        pointer = pointer.rpartition("/")[0]
    return {**in_words(fault), "id": control_id(pointer) if pointer else None}
