"""A file, which says several fields at once: its digest, its size and its type.

It is received when the form is checked, and held under its digest; a signed word in the form stands for it,
so that it need not be sent again. What nobody records is swept away (api/contents/attachments.py)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request
from itsdangerous import BadSignature, URLSafeSerializer

from api.contents.uploads import received_file
from api.http.language import tr
from api.office.forms.fields.field import MISSING, Field
from api.office.forms.fields.typed import Typed
from api.setup.store import record_settings
from domain.document.content import ENDINGS
from domain.kernel.commands import Command
from domain.values.refusal import Refusal
from projections.engine.event_json import Json

NAME = "file"
HELD = "#file"


@dataclass
class FileField(Field):
    family = "file"

    @classmethod
    def of(cls, command: Command) -> FileField:
        """The one control of a command whose body is a file."""
        return cls("/sha256", tr("ファイル", "File"), required=True)

    def read(self, typed: Typed) -> Any:
        sent = request.files.get(NAME)
        if sent is not None and sent.filename:
            try:
                measured = received_file()
            except Refusal as refused:
                typed.refuse(refused, self.pointer)
                return MISSING
            typed.texts[HELD] = [_signed().dumps({**measured, "name": sent.filename[:200]})]
        held = self._held(typed)
        return {name: held[name] for name in ("sha256", "size_bytes", "media_type")} if held else MISSING

    def _held(self, typed: Typed) -> Json | None:
        try:
            held: Json = _signed().loads(typed.text(HELD))
        except BadSignature:
            return None
        return held

    def shown(self, typed: Typed) -> Json:
        held = self._held(typed)
        return {
            **super().shown(typed),
            "name": NAME,
            "held_name": HELD,
            "held": typed.text(HELD) if held else "",
            "received": _received(held) if held else None,
            "accept": ",".join(f".{ending}" for endings in ENDINGS.values() for ending in endings),
        }


def _signed() -> URLSafeSerializer:
    return URLSafeSerializer(record_settings().signing_key(), salt="received-file")


def _received(held: Json) -> str:
    name, size = held["name"], f"{held['size_bytes']:,}"
    return tr(f"受け取りました: {name}（{size}バイト）", f"Received: {name} ({size} bytes)")
