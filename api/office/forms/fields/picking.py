"""Things chosen by name: one from a list, one by typing what it is called, several from a row of boxes.

A list holds what there is; where there is much, the newest stand under the line, and a name that is typed is
looked for among all. What somebody types is their word, never an identifier.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from api.http.language import tr
from api.office.forms.fields.choices import BoxesField
from api.office.forms.fields.field import MISSING, Field
from api.office.forms.fields.things import Things
from api.office.forms.fields.typed import Typed
from domain.kernel.id_fields import ANYTHING, Named
from domain.values.refusal import Refusal
from projections.engine.event_json import Json

LISTED = 40
"""So many are a list to choose from; more are looked for by name."""
SUGGESTED = 60
BOXES = 40


@dataclass
class PickField(Field):
    """One thing. ``made``: what stands there where nothing is chosen, if the system names a new part itself;
    ``more``: further answers, each with its word; ``streams``: the value is the record's stream, not its
    id."""

    family = "pick"
    things: Things | None = None
    named: Named = ANYTHING
    search: str = ""
    made: Callable[[], str] | None = None
    more: tuple[tuple[str, str], ...] = ()
    streams: bool = False

    def _offered(self) -> list[tuple[str, str]]:
        things = self.things
        offered = [(c.id, c.label) for c in things.offered(self.named)] if things is not None else []
        return [*self.more, *offered]

    def _value(self, entity: str) -> str:
        return self.things.stream_of(entity) if self.streams and self.things is not None else entity

    def read(self, typed: Typed) -> Any:
        text = typed.text(self.pointer)
        if not text:
            return self.made() if self.made is not None else MISSING
        offered = self._offered()
        if len(offered) <= LISTED and any(value == text for value, _ in offered):
            return self._value(text)
        further = [value for value, word in self.more if word == text]
        if further or self.things is None:
            return further[0] if further else text
        try:
            return self._value(self.things.meant(self.named, text))
        except Refusal as refused:
            typed.refuse(refused, self.pointer)
            return MISSING

    def shown(self, typed: Typed) -> Json:
        drawn = super().shown(typed)
        suggested, many = self.things.suggested(self.named, LISTED, SUGGESTED) if self.things else ([], False)
        offered = [*self.more, *((c.id, c.label) for c in suggested)]
        is_list = not many and len(offered) <= LISTED
        known = any(value == drawn["value"] for value, _ in offered)
        nothing = (
            tr("新しいもの", "a new one") if self.made is not None else tr("選んでください", "please choose")
        )
        if not self.required and self.made is None:
            nothing = tr("記録しない", "not recorded")
        return {
            **drawn,
            "listed": is_list and (known or not drawn["value"]),
            "choices": [
                {"value": value, "label": label, "chosen": value == drawn["value"]}
                for value, label in offered
            ],
            "nothing": nothing,
            "search": None if is_list else self.search,
            "none_yet": not offered,
        }


@dataclass
class PicksField(BoxesField):
    """Several things, from a row of boxes."""

    things: Things | None = None
    named: Named = ANYTHING

    def __post_init__(self) -> None:
        if self.things is not None:
            self.choices = [(thing.id, thing.label) for thing in self.things.offered(self.named)]


@dataclass
class MadeField(Field):
    """The name of a new part: the system makes it, nobody is asked."""

    family = "hidden"
    made: Callable[[], str] = str

    def read(self, typed: Typed) -> Any:
        return self.made()

    def is_untouched(self, typed: Typed) -> bool:
        return True
