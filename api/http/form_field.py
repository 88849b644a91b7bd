"""A field of a form, as the macro ``field`` draws it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class FormField:
    """``label``, ``help`` and ``error`` are in the language of the page; ``error`` says what is wrong with
    what was sent."""

    name: str
    label: str
    type: Literal["text", "password", "number", "date", "checkbox"] = "text"
    value: str | None = None
    required: bool = False
    help: str | None = None
    error: str | None = None
    maxlength: int | None = None
    autocomplete: str | None = None
