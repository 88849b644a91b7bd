"""Choices: one of a few values, several of them, yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from api.http.json_fields import NOT_ONE_OF
from api.http.language import tr
from api.office.forms.fields.field import MISSING, Field
from api.office.forms.fields.typed import Typed
from projections.engine.event_json import Json

SIDE_BY_SIDE = 4
"""So many choices stand beside one another; more are a list."""
NOTHING = ""


@dataclass
class ChoiceField(Field):
    """``choices``: each value with its word. Without ``required`` nothing may be chosen."""

    family = "choice"
    choices: Sequence[tuple[Any, str]] = ()

    def __post_init__(self) -> None:
        self._by_text = {str(value): value for value, _ in self.choices}

    def read(self, typed: Typed) -> Any:
        text = typed.text(self.pointer)
        if text == NOTHING:
            return MISSING
        if text not in self._by_text:
            text = next((str(value) for value, word in self.choices if word == text), text)
        if text not in self._by_text:
            typed.refuse(NOT_ONE_OF(allowed="、".join(word for _, word in self.choices)), self.pointer)
            return MISSING
        return self._by_text[text]

    def is_untouched(self, typed: Typed) -> bool:
        return typed.text(self.pointer) in (NOTHING, self._start)

    @property
    def _start(self) -> str:
        return NOTHING if self.default is None else str(self.default)

    def shown(self, typed: Typed) -> Json:
        typed.begins(self.pointer, self._start)
        drawn = super().shown(typed)
        listed = [(str(value), word) for value, word in self.choices]
        if not self.required and self.default is None:
            listed.insert(0, (NOTHING, tr("記録しない", "not recorded")))
        return {
            **drawn,
            "choices": [
                {"value": value, "label": word, "chosen": value == drawn["value"], "id": f"{drawn['id']}-{n}"}
                for n, (value, word) in enumerate(listed)
            ],
            "beside": len(listed) <= SIDE_BY_SIDE,
            "chosen_none": drawn["value"] == NOTHING,
        }


def yes_or_no(**about: Any) -> ChoiceField:
    """はい・いいえ, and 記録しない where that is an answer."""
    return ChoiceField(choices=((True, tr("はい", "yes")), (False, tr("いいえ", "no"))), **about)


@dataclass
class BoxesField(Field):
    """Several of a few values."""

    family = "boxes"
    choices: Sequence[tuple[str, str]] = ()

    def read(self, typed: Typed) -> Any:
        marked = [value for value, _ in self.choices if value in typed.all(self.pointer)]
        return marked or MISSING

    def is_untouched(self, typed: Typed) -> bool:
        return not typed.all(self.pointer)

    def shown(self, typed: Typed) -> Json:
        drawn, marked = super().shown(typed), typed.all(self.pointer)
        return {
            **drawn,
            "choices": [
                {"value": value, "label": word, "chosen": value in marked, "id": f"{drawn['id']}-{n}"}
                for n, (value, word) in enumerate(self.choices)
            ],
        }
