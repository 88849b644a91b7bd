"""What the pages of this room share: how they are served, and how the links in their mails are signed."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template, request
from itsdangerous import URLSafeTimedSerializer

from api.setup.store import record_settings


def tokens() -> URLSafeTimedSerializer:
    """What signs the links by which something is sent in."""
    return URLSafeTimedSerializer(record_settings().signing_key(), salt="confirm what was sent in")


def said(title: str, lines: list[str], buttons: list[dict[str, str]] | None = None) -> Response:
    """A page of a few sentences, with buttons under them."""
    return answered("submissions/said.html", 200, title=title, lines=lines, buttons=buttons or [])


def answered(template: str, status: int, **vm: Any) -> Response:
    """A page that no cache keeps; of one that a secret leads to, no other site learns the address."""
    answer = make_response(render_template(template, page=vm), status)
    answer.headers["Cache-Control"] = "no-store"
    if "/sent-in/" in request.path:
        answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
