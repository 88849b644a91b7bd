"""What every control is: it stands at a place, shows itself with what was typed, and reads its value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from api.http.language import spoken
from api.http.problems import worded
from api.office.forms.fields.typed import MISSING, Typed
from projections.engine.event_json import Json

__all__ = ["MISSING", "Field", "control_id"]


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
            "faults": [said(fault) for fault in self.own_faults(typed)],
        }

    def own_faults(self, typed: Typed) -> list[Any]:
        return typed.faults_at(self.pointer)


def said(fault: Any) -> Json:
    """What is wrong, in words: the sentence and the way out."""
    worded_fault = worded(fault)
    return {"sentence": spoken(worded_fault.sentence), "next": spoken(worded_fault.what_next)}
