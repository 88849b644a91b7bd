"""Events as the public may read them: one by one, and the log in order."""

from __future__ import annotations

from flask import Blueprint, Response, request

from api.reading import LIMIT_WRONG, MOST, answer, filters, is_staff, reading
from domain.record import EVENTS, UNKNOWN_ID
from projections.describing import Describer
from projections.log import events_after, events_at, head


def list_events() -> Response:
    """Events after a position, in the order of the log; the position is the cursor."""
    wanted = filters("after", "stream", "type")
    after, limit = wanted.get("after", "0"), request.args.get("limit", "50")
    if not (after.isascii() and after.isdecimal() and limit.isascii() and limit.isdecimal()):
        raise LIMIT_WRONG(most=MOST).at("/after")
    if not 1 <= int(limit[:6]) <= MOST:
        raise LIMIT_WRONG(most=MOST).at("/limit")
    if "type" in wanted and wanted["type"] not in EVENTS:
        raise UNKNOWN_ID(kind="出来事の種類", id=wanted["type"][:40]).at("/type")
    with reading() as connection:
        types = [wanted["type"]] if "type" in wanted else []
        found = events_after(
            connection, int(after[:18]), stream=wanted.get("stream"), types=types, limit=int(limit)
        )
        describer = Describer(connection, found, staff=is_staff())
        following = None
        if len(found) == int(limit):
            rest = "".join(f"&{k}={v}" for k, v in wanted.items() if k != "after")
            following = f"{request.path}?after={found[-1].position}&limit={limit}{rest}"
        body = {"items": [describer.describe(e) for e in found], "next": following}
        response = answer(body, etag=str(head(connection)))
        if following:
            response.headers["Link"] = f'<{following}>; rel="next"'
        return response


def show_event(position: int) -> Response:
    with reading() as connection:
        found = events_at(connection, [position])
        if not found:
            raise UNKNOWN_ID(kind="出来事", id=position)
        return answer(Describer(connection, found, staff=is_staff()).describe(found[0]), etag=str(position))


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/events", view_func=list_events)
    blueprint.add_url_rule("/events/<int:position>", view_func=show_event)
