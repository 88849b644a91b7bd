"""Text: a line, or lines; one with suggestions, of which some stand for a code of the record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from api.office.forms.fields.field import MISSING, Field
from api.office.forms.fields.typed import Typed
from projections.engine.event_json import Json

ONE_LINE = 300


@dataclass
class TextField(Field):
    """``secret``: it goes to the vault and is not suggested by a browser."""

    family = "text"
    limit: int | None = None
    lines: bool = False
    secret: bool = False

    def read(self, typed: Typed) -> Any:
        text = typed.text(self.pointer)
        return text or MISSING

    def shown(self, typed: Typed) -> Json:
        return {
            **super().shown(typed),
            "limit": self.limit,
            "lines": self.lines,
            "secret": self.secret,
            "suggestions": [],
        }


@dataclass
class SuggestedText(TextField):
    """A word for which there are words known: each stands for a code, and any other text for itself."""

    known: dict[str, str] = field(default_factory=dict)
    """By code, what it is called."""

    def read(self, typed: Typed) -> Any:
        text = typed.text(self.pointer)
        return next((code for code, word in self.known.items() if word == text), text) or MISSING

    def shown(self, typed: Typed) -> Json:
        drawn = super().shown(typed)
        return {
            **drawn,
            "value": self.known.get(drawn["value"], drawn["value"]),
            "suggestions": list(self.known.values()),
        }


@dataclass
class LinesField(Field):
    """Several short texts, one on each line."""

    family = "text"

    def read(self, typed: Typed) -> Any:
        texts = [line.strip() for line in typed.text(self.pointer).split("\n") if line.strip()]
        return texts or MISSING

    def shown(self, typed: Typed) -> Json:
        return {
            **super().shown(typed),
            "limit": None,
            "lines": True,
            "secret": False,
            "suggestions": [],
        }
