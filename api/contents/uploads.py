"""``POST /api/v1/documents/<id>/content``: the content of a document arrives.

Either as a form (``multipart/form-data`` with one ``file``, and in ``record``, as JSON, what the envelope
will say), or as the file itself, with its media type. It goes to disk as it arrives, its type is told by its
content, and it is stored under its SHA-256 before the event that names it is recorded. Whether the command
would be refused is asked first, so that a refused file is not even stored; should it be refused after all,
because somebody else was faster, a sweep removes what no event names (:mod:`api.contents.attachments`).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any

from flask import Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from api.commands import ReceiptSchema, answer, conditions, give, guarded, headers, rehearse
from api.contents.active_content import CONTENT_ACTIVE, CONTENT_UNPACKS
from api.contents.attachments import CHUNK, CONTENT_TOO_LARGE, Received, attachments, most_bytes, receiving
from api.contents.content_type import (
    CONTENT_LOCKED,
    CONTENT_MACROS,
    CONTENT_MISLABELLED,
    CONTENT_TYPE_REFUSED,
    declared_type,
    type_of,
)
from api.contents.texts import keep_text
from api.http import json_body, schemas
from api.http.openapi import Blueprint, command_documentation, problem_response
from api.http.problems import declare
from api.setup import rules_of_service
from api.setup.store import record_settings
from domain.document.content import ENDINGS
from domain.kernel.commands import Command

CONTENT_ONE_FILE = declare(
    422,
    "CONTENT_ONE_FILE",
    ja="フォームにはファイルを1つだけ入れてください（{count}個ありました）。",
    en="The form has one file, named “file” (there were {count}).",
    rule=rules_of_service.ONE_FILE,
    next_ja="ファイルごとに文書を登録し、1つずつ送ってください。",
    next_en="Register a document for each file, and send them one by one.",
)

FORM_AROUND = 1 << 16
"""Bytes that a form may add to its file."""
OFFICE_AROUND = 8 << 20
"""Bytes that a form of the office may add to its file: a pasted table, or minutes."""
_OF_THE_OFFICE = re.compile(r"(/[A-Za-z-]+)?/desk/(tables|past)(/|$)")
"""Where the office sends a sheet, or minutes."""


def body_limit(usual: int, attachment: int) -> Callable[[str], int]:
    """How many bytes of body are taken at an address, before anybody looks at them."""

    def limit(path: str) -> int:
        is_content = (path.startswith("/api/v1/documents/") and path.endswith("/content")) or (
            "/desk/documents/" in path and path.endswith("/attach-content")
        )
        if _OF_THE_OFFICE.match(path):
            return attachment + OFFICE_AROUND
        return attachment + FORM_AROUND if is_content else usual

    return limit


def endpoint(blueprint: Blueprint, command: Command) -> Callable[..., Response]:
    """The view of the command ``attach_content``."""

    def act(id: str) -> tuple[dict[str, Any], int, dict[str, str]]:
        with _too_large_is_refused(), receiving(_chunks(_file()), most_bytes()) as received:
            measured = _measured(received)
            body = schemas.accept(command, {**_words(), **measured})
            rehearse(command, id, body, **conditions())
            attachments().keep(received)
            keep_text(record_settings(), received, measured["media_type"])
            receipt = give(command, id, body, **conditions())
        return answer(command, receipt), 200, headers(command, receipt)

    act.__name__ = command.name
    documented = blueprint.doc(**_documentation(command))(act)
    inner = guarded(command, blueprint.response(200, ReceiptSchema)(documented))

    @functools.wraps(inner)
    def sized(**path: str) -> Response:
        # Before anything reads the form: the token of a session may stand in it.
        takes_a_file()
        return inner(**path)

    return sized


def received_file() -> dict[str, Any]:
    """The file of a form on a page, held under its digest: its digest, size and type. No event names it
    yet."""
    with _too_large_is_refused(), receiving(_chunks(_file()), most_bytes()) as received:
        measured = _measured(received)
        attachments().keep(received)
        keep_text(record_settings(), received, measured["media_type"])
    return measured


def takes_a_file() -> None:
    """Let the request bring a file; before anything reads its form."""
    request.max_content_length = most_bytes() + FORM_AROUND


def _measured(received: Received) -> dict[str, Any]:
    media_type = declared_type(type_of(received.file), _name(), _media_type())
    return {"sha256": received.sha256, "size_bytes": received.size, "media_type": media_type}


@contextmanager
def _too_large_is_refused() -> Iterator[None]:
    try:
        yield
    except RequestEntityTooLarge:
        raise CONTENT_TOO_LARGE(limit=f"{most_bytes():,}") from None


def _is_form() -> bool:
    return request.mimetype == "multipart/form-data"


def _file() -> IO[bytes]:
    """The file of the form, or the body itself."""
    if not _is_form():
        return request.stream
    files = [file for _, file in request.files.items(multi=True)]
    if len(files) != 1 or "file" not in request.files:
        raise CONTENT_ONE_FILE(count=len(files))
    return files[0].stream


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def _name() -> str | None:
    """What the file is called, which is not kept; None for a body without a name."""
    return (request.files["file"].filename or "") if _is_form() else None


def _media_type() -> str:
    return "" if _is_form() else request.mimetype


def _words() -> dict[str, Any]:
    """What the form says beside its file, as the body of a command says it."""
    if not _is_form():
        return {}
    fields: dict[str, Any] = {name: text for name, text in request.form.items() if name != "csrf_token"}
    if fields.get("record"):
        fields["record"] = json_body.parse(fields["record"].encode())
    return fields


def _documentation(command: Command) -> dict[str, Any]:
    documentation = command_documentation(command)
    refused = {
        415: [CONTENT_TYPE_REFUSED, CONTENT_MISLABELLED, CONTENT_MACROS, CONTENT_ACTIVE, CONTENT_LOCKED]
    }
    refused[413] = [CONTENT_TOO_LARGE, CONTENT_UNPACKS]
    responses = {
        status: problem_response([known.code for known in codes]) for status, codes in refused.items()
    }
    return documentation | {"requestBody": _BODY, "responses": documentation["responses"] | responses}


_BYTES: dict[str, Any] = {"type": "string", "format": "binary"}
_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": _BYTES,
                    "record": {"type": "string", "description": "JSON: what the envelope of the event says"},
                },
            }
        },
        **{str(media_type): {"schema": _BYTES} for media_type in ENDINGS},
    },
}
