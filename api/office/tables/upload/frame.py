"""What the screens of tables share: forms that carry files, sheets of whoever is at the desk, refusals."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from api.access.auth import current_caller
from api.contents.attachments import most_bytes
from api.contents.uploads import OFFICE_AROUND
from api.office.desk.frame import Screen
from api.office.tables.upload.pending import PendingSheets
from api.setup.store import record_store

MOST_PASTED = 6 << 20
"""Bytes of a pasted sheet, or of pasted minutes."""


class LargeScreen(Screen):
    """A screen whose form may carry a file, or a long pasted text. What is allowed is said before anything
    looks into the form."""

    def _serve(self, **path: Any) -> Response:
        request.max_content_length = most_bytes() + OFFICE_AROUND
        request.max_form_memory_size = MOST_PASTED
        request.max_form_parts = 20_000
        return super()._serve(**path)


def looks_on() -> bool:
    """Whether a page looks on while somebody types (static/live.js): it takes its parts from the answer, and
    stays where it is."""
    return "X-Live" in request.headers


def my_sheets() -> PendingSheets:
    """The sheets of whoever is at the desk."""
    caller = current_caller()
    assert caller is not None, "a screen is served to somebody"
    return PendingSheets(record_store().engine, caller.account_id)
