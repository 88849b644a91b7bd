"""What is due over HTTP: ``/api/v1/due?kind=minutes&on=2026-04-01``, for staff."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from api.asked import arguments
from api.reading import CURSOR_WRONG, DEFAULT_LIMIT, LIMIT_WRONG, MOST, answer, filters, reading
from api.staff_only import staff_only
from domain.calendar import JAPAN
from projections.asking import QUESTIONS
from projections.due_list import as_json, what_is_due


def list_due() -> Response:
    """What is due, the latest first, then what has no date; counted on the day ``on``, today by default.

    Filters: kind, on. ``total`` is how much there is. Refuses SIGN_IN_REQUIRED, FORBIDDEN.
    """
    staff_only()
    wanted = arguments(QUESTIONS["S21"], filters("kind", "on"))
    kind, on = wanted.get("kind"), wanted.get("on") or dt.datetime.now(JAPAN).date()
    limit, start = _whole("limit", DEFAULT_LIMIT), _whole("cursor", 0)
    with reading() as connection:
        found = what_is_due(connection, on, None if kind is None else [kind])
        items = as_json(connection, found[start : start + limit], on)
    more = start + limit < len(found)
    query = urlencode({**request.args, "cursor": start + limit})
    following = f"{request.path}?{query}" if more else None
    response = answer(
        {"on": on.isoformat(), "total": len(found), "items": items, "next": following}, tagged=True
    )
    if following is not None:
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


def _whole(name: str, default: int) -> int:
    """``limit`` or ``cursor`` of the request; the cursor here is how many came before."""
    given = request.args.get(name, str(default))
    number = int(given[:9]) if given.isascii() and given.isdecimal() else -1
    if name == "limit" and not 1 <= number <= MOST:
        raise LIMIT_WRONG(most=MOST).at("/limit")
    if number < 0:
        raise CURSOR_WRONG().at("/cursor")
    return number


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/due", view_func=list_due)
