"""What every control is: it stands at a place, shows itself with what was typed, and reads its value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from api.http.json_fields import MISSING_FIELD
from api.http.problems import declare
from api.office.desk.refused import shown as in_words
from api.office.forms.fields.typed import MISSING, Typed
from api.setup import rules_of_service
from domain.values.refusal import Refusal
from projections.engine.event_json import Json

__all__ = ["MISSING", "Field", "at_control", "control_id"]

FIELD_EMPTY = declare(
    422,
    "FIELD_EMPTY",
    ja="「{label}」が空いています。",
    en="“{label}” is empty.",
    rule=rules_of_service.ASKED,
    next_ja="書くか、選んでください。",
    next_en="Fill it in, or choose.",
)


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
        typed.places[self.pointer] = self.label
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
            "faults": [in_words(_of_the_form(fault, self.label)) for fault in self.own_faults(typed)],
        }

    def own_faults(self, typed: Typed) -> list[Refusal]:
        return typed.faults_at(self.pointer)


def at_control(fault: Refusal, typed: Typed) -> Json:
    """A refusal in words, with what the control is called that it is about, and its id, if a form has one."""
    pointer = fault.pointer or ""
    while pointer and pointer not in typed.places:
        pointer = pointer.rpartition("/")[0]
    if not pointer:
        return {**in_words(fault), "id": None, "label": None}
    label = typed.places[pointer]
    words = in_words(_of_the_form(fault, label))
    return {**words, "id": control_id(pointer), "label": None if label in words["sentence"] else label}


def _of_the_form(fault: Refusal, label: str) -> Refusal:
    """What a program is told of a field that is missing, as somebody who fills in a form is told it."""
    if fault.declared is not MISSING_FIELD:
        return fault
    return FIELD_EMPTY(label=label).at(fault.pointer or "")
