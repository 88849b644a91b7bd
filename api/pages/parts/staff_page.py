"""A page that only the office may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from api.access.auth import current_caller
from api.http.language import href
from api.pages.parts.serving import Page
from api.reads.staff_only import staff_only


@dataclass(frozen=True)
class StaffPage(Page):
    """A page that only staff may see, or those of them whom ``permit`` lets see it. Whoever is not signed in
    is asked to, and comes back."""

    permit: Callable[[], None] = staff_only

    def _html(self, **context: Any) -> Response:
        if current_caller() is None:
            back = urlencode({"next": request.full_path.rstrip("?")})
            return Response(status=303, headers={"Location": f"{href('/signin')}?{back}"})
        self.permit()
        return super()._html(**context)

    def _json(self, **context: Any) -> Response:
        self.permit()
        return super()._json(**context)
