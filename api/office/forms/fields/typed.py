"""What somebody typed into a form, kept until it is on record, and what is wrong with it, by place.

A control is named by the JSON pointer of its value (``/votes/0/vote``); what belongs to it, as the unit of an
amount, by a word behind ``#``. Nothing typed is lost by a refusal: a form is drawn from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.values.refusal import Refusal

MISSING: Any = object()
"""Nothing was typed."""


@dataclass
class Typed:
    """``sent``: somebody sent the form, so that what is not there was left empty or unmarked."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    sent: bool = False
    faults: list[Refusal] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    """The pointers at which a control was drawn, and what each is called."""

    @classmethod
    def of(cls, sent: Mapping[str, Any]) -> Typed:
        """What a request brings (a MultiDict), with the line ends of a record."""
        lists: Iterable[tuple[str, list[str]]] = sent.lists()  # type: ignore[attr-defined]
        return cls({name: [_plain(text) for text in texts] for name, texts in lists}, sent=True)

    def text(self, name: str) -> str:
        """What stands in a control, without what surrounds it; empty if nothing does."""
        return self.texts.get(name, [""])[0].strip()

    def all(self, name: str) -> list[str]:
        """What is marked in a row of boxes."""
        return [text for text in self.texts.get(name, []) if text]

    def has(self, name: str) -> bool:
        return name in self.texts

    def begins(self, name: str, text: str) -> None:
        """What stands in a control before anybody types."""
        if not self.sent:
            self.texts.setdefault(name, [text])

    # -- rows of a list

    def rows(self, pointer: str, least: int) -> int:
        """How many rows of a list there are."""
        text = self.text(f"{pointer}#rows")
        return min(int(text), MOST_ROWS) if text.isascii() and text.isdecimal() else least

    def set_rows(self, pointer: str, rows: int) -> None:
        self.texts[f"{pointer}#rows"] = [str(rows)]

    def drop_row(self, pointer: str, n: int, rows: int) -> None:
        """Take a row out; those after it move up."""
        self._forget(f"{pointer}/{n}")
        for later in range(n + 1, rows):
            self._move(f"{pointer}/{later}", f"{pointer}/{later - 1}")
        self.set_rows(pointer, max(rows - 1, 0))

    def _forget(self, prefix: str) -> None:
        for name in [name for name in self.texts if _is_within(name, prefix)]:
            del self.texts[name]

    def _move(self, old: str, new: str) -> None:
        for name in [name for name in self.texts if _is_within(name, old)]:
            self.texts[new + name.removeprefix(old)] = self.texts.pop(name)

    # -- what is wrong

    def refuse(self, refused: Refusal, pointer: str | None = None) -> None:
        self.faults.append(refused if pointer is None else refused.at(pointer))

    def faults_at(self, pointer: str, *, within: bool = True) -> list[Refusal]:
        """What is wrong with the value of a control, or with a part of it that has no control of its own."""
        return [
            fault
            for fault in self.faults
            if fault.pointer == pointer
            or (within and fault.pointer is not None and fault.pointer.startswith(f"{pointer}/"))
        ]


MOST_ROWS = 400


def _is_within(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith((f"{prefix}/", f"{prefix}#"))


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
