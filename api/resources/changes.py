"""What changed between two days over HTTP: ``/api/v1/changes?from=2027-03-31&to=2027-06-30``, of the whole
record, and ``/api/v1/<collection>/<id>/changes`` of one thing.

Both are told on the recorded axis; as everywhere, ``as_known_on`` and ``in_force_on`` narrow what is seen.
"""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, request

from api.changed import FILTERS, changes_of, period_of
from api.reading import CURSOR_WRONG, DEFAULT_LIMIT, LIMIT_WRONG, MOST, answer, filters, reading, viewer
from api.resources.collections import COLLECTIONS
from projections import changes


def list_changes() -> Response:
    """Everything of which something was recorded after the end of ``from`` until the end of ``to``.

    In the order of the first such event, each thing with its newest events and how many there are.
    """
    since, to = period_of(filters(*FILTERS))
    limit, after = whole("limit", DEFAULT_LIMIT), whole("cursor", 0)
    with reading() as connection:
        found = changes.of_all(connection, since, to, viewer(), after=after, limit=limit)
    cursor = found.pop("cursor")
    query = urlencode({**request.args, "cursor": cursor})
    following = f"{request.path}?{query}" if cursor is not None else None
    response = answer({**found, "next": following}, tagged=True)
    if following is not None:
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


def list_changes_of(entity: str) -> Response:
    """What one thing says otherwise at the end of ``to`` than it did at the end of ``from``, field by field,
    with the events behind each change."""
    asked = filters(*FILTERS)
    with reading() as connection:
        return answer(changes_of(connection, entity, asked, viewer()), tagged=True)


def whole(name: str, default: int) -> int:
    """``limit`` or ``cursor`` of the request; the cursor here is a position."""
    given = request.args.get(name, str(default))
    number = int(given[:18]) if given.isascii() and given.isdecimal() else -1
    if name == "limit" and not 1 <= number <= MOST:
        raise LIMIT_WRONG(most=MOST).at("/limit")
    if number < 0:
        raise CURSOR_WRONG().at("/cursor")
    return number


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/changes", view_func=list_changes)
    for collection in COLLECTIONS:
        blueprint.add_url_rule(
            f"/{collection.name}/<entity>/changes", f"changes_{collection.name}", list_changes_of
        )
