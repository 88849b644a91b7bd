"""An event of a record, chosen by when it happened and what it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from api.http.language import tr
from api.office.forms.fields.choices import NOTHING
from api.office.forms.fields.dates import read_back
from api.office.forms.fields.field import MISSING, Field
from api.office.forms.fields.things import Things
from api.office.forms.fields.typed import Typed
from domain.kernel.events import Recorded
from projections.engine.event_json import Json, main_text
from projections.engine.log import events_after

MOST = 2_000


@dataclass
class EventField(Field):
    """``of``: whether the value is the number of the event in its record, or its own id. ``beside``: where
    the form says which record, if that is not the one at hand."""

    family = "pick"
    things: Things | None = None
    of: Literal["version", "event_id"] = "version"
    beside: str | None = None

    def events(self, typed: Typed) -> list[Recorded[Any]]:
        if self.things is None:
            return []
        named = typed.text(self.beside) if self.beside else ""
        stream = self.things.stream_called(named) if named else self.things.stream
        return events_after(self.things.connection, stream=stream, limit=MOST) if stream else []

    def chosen(self, typed: Typed) -> Recorded[Any] | None:
        text = typed.text(self.pointer)
        return next((e for e in self.events(typed) if self._value(e) == text), None)

    def _value(self, e: Recorded[Any]) -> str:
        return str(e.version) if self.of == "version" else e.event_id

    def read(self, typed: Typed) -> Any:
        text = typed.text(self.pointer)
        if text == NOTHING:
            return MISSING
        return int(text) if self.of == "version" and text.isdecimal() else text

    def shown(self, typed: Typed) -> Json:
        drawn = super().shown(typed)
        offered = [
            {"value": self._value(e), "label": _said(e), "chosen": self._value(e) == drawn["value"]}
            for e in self.events(typed)
        ]
        return {
            **drawn,
            "listed": True,
            "choices": offered,
            "nothing": tr("選んでください", "please choose"),
            "search": None,
            "none_yet": not offered,
        }


def _said(e: Recorded[Any]) -> str:
    text = main_text(e.data) or ""
    short = f"「{text[:40]}{'…' if len(text) > 40 else ''}」" if text else ""
    return f"{e.version}. {tr(*type(e.data).LABEL)}{short} {read_back(e.effective)}"
