"""The form of one command: its own fields in the order of its declaration, when it happened, and who did it.

A form carries a key. It names what the form makes (so that a second press makes nothing more) and is the
command's key; and the version that the thing had when the form was opened.
"""

from __future__ import annotations

import datetime as dt
import typing
import uuid
from dataclasses import replace
from typing import Any

import msgspec

from api.access.auth import Caller
from api.http.clock import today
from api.http.schemas import wire_names
from api.office.forms.acting import Acting
from api.office.forms.fields import words
from api.office.forms.fields.events import EventField
from api.office.forms.fields.field import Field
from api.office.forms.fields.file import FileField
from api.office.forms.fields.lists import pressed, read_all
from api.office.forms.fields.of_types import Maker
from api.office.forms.fields.things import Things
from api.office.forms.fields.typed import Typed
from api.office.forms.when_asked import WhenAsked
from domain.kernel.commands import Command
from domain.kernel.correction_events import EFFECTIVE
from domain.kernel.new_ids import made_id
from domain.values.calendar import EffectiveDate
from projections.engine.event_json import Json

KEY, VERSION, CHECKED = "key", "version", "checked"
"""What a form carries unseen: its key, the version it was opened at, and what was checked last."""


def new_key() -> str:
    """The key of a new form: the day on which it was opened, and 128 bits at random."""
    return f"{today().isoformat()}.{uuid.uuid4()}"


class CommandForm:
    """``key``: that of this form, as :func:`new_key` makes it."""

    def __init__(self, command: Command, things: Things, caller: Caller, key: str, files: bool = False):
        self.command, self.things, self.key = command, things, key
        self.maker = Maker(things, self._made, command.records, annotation_at=self._meant_at)
        self.fields: list[tuple[str, Field]] = (
            [("", FileField.of(command))] if files else [*self._own_fields()]
        )
        self.when = WhenAsked(command, things)
        self.acting = Acting(command, replace(self.maker, owner=None), caller)

    def _own_fields(self) -> typing.Iterator[tuple[str, Field]]:
        for name, parameter in wire_names(self.command).items():
            field = self.maker.control(
                name, parameter.kind, f"/{name}", required=parameter.required, default=parameter.default
            )
            yield name, field

    # -- ids that the system makes

    @property
    def entity(self) -> str | None:
        """The id of what this form makes; None if it is about something that there is."""
        if not self.command.creates:
            return None
        return self._made("", self.command.aggregate.id_prefix(self.command.name))

    def _made(self, pointer: str, prefix: str) -> str:
        day, _, random = self.key.partition(".")
        return made_id(prefix, dt.date.fromisoformat(day), str(uuid.uuid5(uuid.UUID(random), pointer)))

    # -- reading and showing

    def press(self, typed: Typed, button: str) -> bool:
        """Whether a button that adds or takes out a row was pressed; then it has been done."""
        every = [*self.fields, *self.acting.first, *self.acting.then]
        return any(pressed(field, typed, button) for _, field in every)

    def body(self, typed: Typed) -> dict[str, Any]:
        """The body of the command, as the API takes it. What cannot be read is noted in ``typed``."""
        body = read_all(self.fields, typed)
        if "" in body:  # a file says several fields at once
            body |= body.pop("")
        record = {**self.when.read(typed), **self.acting.read(typed)}
        if record:
            body["record"] = record
        if self.entity is not None:
            body["id"] = self.entity
        return body

    def shown(self, typed: Typed) -> Json:
        """The form as its template draws it."""
        own = [field.shown(typed) for _, field in self.fields]
        return {
            "fields": [field for field in own if field["family"] != "hidden"],
            "when": self.when.shown(typed),
            "acting": self.acting.shown(typed),
            "doc": words.doc_help(self.command.doc),
            "with_file": any(field["family"] == "file" for field in own),
        }

    # -- what a correction is about

    def _meant_at(self, typed: Typed, pointer: str) -> tuple[str, Any, Any] | None:
        """The field that a corrected value is of: its name, its type, and the event; None if that is not said
        yet."""
        change = pointer.rpartition("/")[0]
        base = change.rpartition("/changes/")[0]
        events = EventField(f"{base}/target_version", "", things=self.things, beside=f"{base}/stream")
        event = events.chosen(typed)
        field_name = typed.text(f"{change}/field")
        if event is None or not field_name:
            return None
        names = self.things.words_used("field")
        path = next((code for code, word in names.items() if word == field_name), field_name)
        if path == EFFECTIVE:
            return EFFECTIVE, EffectiveDate, None
        return _at_path(type(event.data), path.split("."))


def _at_path(owner: Any, path: list[str]) -> tuple[str, Any, Any] | None:
    """The field at the end of a path of names and numbers."""
    if not (isinstance(owner, type) and issubclass(owner, msgspec.Struct)):
        return None
    hints = typing.get_type_hints(owner, include_extras=True)
    by_wire = dict(zip(owner.__struct_encode_fields__, owner.__struct_fields__, strict=True))
    if path[0] not in by_wire:
        return None
    name, kind = path[0], hints[by_wire[path[0]]]
    for n, step in enumerate(path[1:], 1):
        inner = [
            arm for arm in (typing.get_args(kind) or (kind,)) if arm is not type(None) and arm is not ...
        ]
        if not inner:
            return None
        if not step.isdecimal():
            return _at_path(inner[0], path[n:])
        kind = inner[0]
    return name, kind, owner
