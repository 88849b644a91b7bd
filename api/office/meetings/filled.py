"""A form as it was filled in: its texts by name, and what is wrong with them, each at its field.

A name is written with dots (``item.0.title``); what a command refuses points there through the place of its
act (``/item.0`` and ``/title``). Nothing here changes what was typed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import unicodedata
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import orjson

from api.http.clock import today
from api.office.desk import refused
from api.office.meetings.moments import read_day, read_time
from api.office.meetings.refusals import NUMBER_NOT_READ
from domain.kernel.new_ids import made_id
from domain.values.refusal import Refusal
from projections.engine.event_json import Json

ReadT = TypeVar("ReadT")


class Filled:
    """``fields``: a MultiDict. ``alias``: what a field of a command is called in this form."""

    def __init__(self, fields: Any, alias: Mapping[str, str] | None = None):
        self.fields = fields
        self.faults: list[tuple[str, Refusal]] = []
        self._alias = dict(alias or {})

    # -- reading

    def text(self, name: str, default: str = "") -> str:
        """What stands in a field, without what surrounds it."""
        return str(self.fields.get(name, default)).replace("\r\n", "\n").strip()

    def whole(self, name: str) -> str:
        """What stands in a field, as it was typed."""
        return str(self.fields.get(name, "")).replace("\r\n", "\n")

    def marked(self, name: str) -> bool:
        return bool(self.fields.get(name))

    def all(self, name: str) -> list[str]:
        return [text for text in self.fields.getlist(name) if text]

    def day(self, name: str) -> dt.date | None:
        """The day that was typed; None if nothing was, or it cannot be read (then that is noted)."""
        return self._read(name, read_day)

    def time(self, name: str) -> dt.time | None:
        return self._read(name, read_time)

    def count(self, name: str) -> int | None:
        """A whole number that was typed; full-width figures are figures."""
        return self._read(name, _count)

    def _read(self, name: str, read: Callable[[str], ReadT]) -> ReadT | None:
        text = self.text(name)
        if not text:
            return None
        try:
            return read(text)
        except Refusal as refused:
            self.refuse(refused, name)
            return None

    def begins(self, name: str, text: str | None) -> None:
        """What stands in a field before anybody types."""
        if text is not None and name not in self.fields:
            self.fields[name] = text

    # -- what is wrong

    def refuse(self, refused: Refusal, name: str) -> None:
        if (name, refused.code) not in [(known, fault.code) for known, fault in self.faults]:
            self.faults.append((name, refused))

    def refuse_all(self, faults: Iterable[Refusal], of_code: Mapping[str, str] | None = None) -> None:
        """What commands refuse, each at the field that it points to; what points to none at that of its
        code (``of_code``)."""
        for fault in faults:
            name = self._field_of((fault.pointer or "").lstrip("/").replace("/", "."))
            if name not in self.fields and fault.code in (of_code or {}):
                name = f"{name}.{(of_code or {})[fault.code]}"
            self.refuse(fault, name)

    def _field_of(self, name: str) -> str:
        tried = name
        while tried:
            if tried in self._alias:
                return self._alias[tried]
            if tried in self.fields:
                return tried
            line, _, last = tried.rpartition(".")
            if last in self._alias and f"{line}.{self._alias[last]}" in self.fields:
                return f"{line}.{self._alias[last]}"
            tried = line
        return name

    @property
    def stands(self) -> bool:
        return not self.faults

    def shown_faults(self) -> Json:
        """What is wrong in words: all of it, and by field."""
        by_field: dict[str, list[Json]] = {}
        every = []
        for name, fault in self.faults:
            words = refused.shown(fault) | {"name": name if name in self.fields else None}
            every.append(words)
            by_field.setdefault(name, []).append(words)
        return {"all": every, "by": by_field}

    def print(self) -> str:
        """A short digest of what stands in the form: what was checked is what is recorded."""
        pairs = sorted((name, text) for name, text in self.fields.items(multi=True))
        return hashlib.sha256(orjson.dumps(pairs)).hexdigest()[:32]


# -- what a form makes


def new_key() -> str:
    """The key of a new form: the day on which it was opened, and 128 bits at random."""
    return f"{today().isoformat()}.{uuid.uuid4()}"


class Making:
    """Identifiers of what a form makes: the same for the same key, however often it is sent."""

    def __init__(self, key: str):
        day, _, random = key.partition(".")
        try:
            self._day, self._random = dt.date.fromisoformat(day), uuid.UUID(random)
        except ValueError:
            self._day, self._random = today(), uuid.uuid5(uuid.NAMESPACE_URL, key)

    def id(self, prefix: str, what: str) -> str:
        return made_id(prefix, self._day, str(uuid.uuid5(self._random, f"{prefix}{what}")))


def _count(text: str) -> int:
    plain = unicodedata.normalize("NFKC", text).removesuffix("人").strip()
    if not (plain.isascii() and plain.isdecimal() and len(plain) <= 6):
        raise NUMBER_NOT_READ(text=text[:40])
    return int(plain)
