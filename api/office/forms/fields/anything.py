"""A value of which the form itself says of what kind it is: what a field should say that is corrected.

Once the event and its field are chosen, it has the control of that field; until then it is a line of text.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import msgspec

from api.http.language import tr
from api.office.forms.fields.field import MISSING, Field
from api.office.forms.fields.texts import TextField
from api.office.forms.fields.typed import Typed
from projections.engine.event_json import Json


@dataclass
class AnythingField(Field):
    """``maker``: what makes the control of the field that is meant (fields/of_types.py)."""

    family = "text"
    maker: Any = None
    name: str = ""

    def _inner(self, typed: Typed) -> Field | None:
        meant = self.maker.annotation_at(typed, self.pointer)
        if meant is None:
            return None
        name, kind, owner = meant
        made: Field = replace(self.maker, owner=owner).control(name, kind, self.pointer)
        made.label = self.label
        return made

    def read(self, typed: Typed) -> Any:
        inner = self._inner(typed)
        if inner is not None:
            value = inner.read(typed)
            return None if value is MISSING and not typed.faults_at(self.pointer) else value
        text = typed.text(self.pointer)
        if not text:
            return None
        if text[:1] in "[{":
            try:
                return msgspec.json.decode(text)
            except msgspec.DecodeError:
                return text
        return text

    def is_untouched(self, typed: Typed) -> bool:
        return not any(name.startswith(self.pointer) and any(texts) for name, texts in typed.texts.items())

    def shown(self, typed: Typed) -> Json:
        inner = self._inner(typed)
        if inner is not None:
            return inner.shown(typed)
        plain = TextField(self.pointer, self.label, help=self.help or self._help())
        return plain.shown(typed)

    def _help(self) -> str:
        return tr(
            "出来事と項目を選んで「項目を出す」を押すと、その項目の書き方になります。分からないときは空けておきます。",
            "Choose the event and its field, and press “Show the fields”. Leave it empty if it is not known.",
        )
