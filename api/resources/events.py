"""Events as their reader may read them: one by one, and the log in order.

A follower reads on from the last position it has: ``?after=N&wait=20`` is answered when there is something
(api/http/waiting.py). With ``format=ndjson`` the events come as CloudEvents, one a line.

The log has no holes: what is sealed to the reader stands there as a stub that tells its position only. A
listing of one stream or one type leaves it out, for there a stub would tell what it is (decision 0010).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import orjson
import sqlalchemy as sa
from flask import Blueprint, Response, request

from api.access import access_log
from api.access.auth import current_caller
from api.access.rates import LINES
from api.access.rates import limit as limit_rate
from api.http.cloudevents import cloud_event_as_seen
from api.http.problems import declare
from api.http.query import asks
from api.http.waiting import RETRY_AFTER, asked_to_wait, wait_for
from api.reads.as_of import moment
from api.reads.closed_reads import note_closed_reads
from api.reads.reading import answer, fitting, is_staff, limit, reading, viewer, whole_cursor
from api.setup import rules_of_service
from domain.kernel.events import EVENTS, Recorded
from domain.kernel.refusals import UNKNOWN_ID
from projections.answers.describing import Describer
from projections.engine.event_json import Json
from projections.engine.log import events_after, events_at, head
from projections.views.plan.sealed import readable

NDJSON = "application/x-ndjson"
FORMATS = ("json", "ndjson")
FORMAT_WRONG = declare(
    400,
    "FORMAT_WRONG",
    ja="形式は {known} のどれかです。",
    en="format is one of {known}.",
    rule=rules_of_service.EVENT_FORMATS,
    next_ja="形式を省くと JSON で答えます。",
    next_en="Without format the answer is JSON.",
)


@asks("after", "limit", "stream", "type", "wait", "format")
def list_events(wanted: dict[str, str]) -> Response:
    """Events after a position, in the order of the log; the position is the cursor.

    ``position`` of the answer is how far the log has been looked through: a follower asks for what comes
    after it. Narrowed to a stream or a type, it may be far behind the last event that was found.
    """
    seconds = 0 if moment().is_past else asked_to_wait()
    after, most = whole_cursor("after"), limit()
    if wanted.get("format") == "ndjson":
        limit_rate(LINES)
    if wanted.get("format", "json") not in FORMATS:
        raise FORMAT_WRONG(known=", ".join(FORMATS)).at("/format")
    if "type" in wanted and wanted["type"] not in EVENTS:
        raise UNKNOWN_ID(kind="出来事の種類", kind_en="event type", id=wanted["type"][:40]).at("/type")
    types = [wanted["type"]] if "type" in wanted else []

    looked_to, newest = after, after

    def look() -> list[Recorded[Any]]:
        nonlocal looked_to, newest
        with reading() as connection:
            to = newest = head(connection)  # asked before the events, so that none is passed over
            page = _page(connection, looked_to, most, stream=wanted.get("stream"), types=types)
        last = page[-1].position if page else looked_to
        looked_to = last if len(page) == most else max(to, last)
        return page

    page_items, had_place = wait_for(look, seconds, lambda: newest)
    with reading() as connection:
        if is_staff():
            note_closed_reads(connection, (e.stream for e in page_items))
        if wanted.get("format") == "ndjson" and after == 0:
            access_log.exported("Record.events")
        describer = Describer(connection, page_items, viewer=viewer())
        items = [describer.describe(e) for e in page_items]
        shown = fitting(items)
        if len(shown) < len(items):
            looked_to = page_items[len(shown) - 1].position
        following = None
        if len(page_items) == most or len(shown) < len(items):
            rest = "".join(f"&{k}={quote(v)}" for k, v in request.args.items() if k not in ("after", "limit"))
            following = f"{request.path}?after={looked_to}&limit={most}{rest}"
        if wanted.get("format") == "ndjson":
            response = _lines(items[: len(shown)])
            response.headers["Kyodo-Position"] = str(looked_to)
        else:
            body = {"items": shown, "position": looked_to, "next": following}
            response = answer(body, tagged=not seconds)
        if seconds:
            response.headers["Cache-Control"] = "no-store"  # the same question has another answer soon
        if not had_place:
            response.headers["Retry-After"] = str(RETRY_AFTER)
        if following:
            response.headers["Link"] = f'<{following}>; rel="next"'
        return response


def _lines(items: list[Json]) -> Response:
    body = b"".join(orjson.dumps(cloud_event_as_seen(event), default=str) + b"\n" for event in items)
    response = Response(body, mimetype=NDJSON)
    response.vary.update(("Accept-Language", "Authorization", "Cookie"))
    response.headers["Cache-Control"] = "private, no-cache" if current_caller() else "no-cache"
    return response


def _page(connection: sa.Connection, after: int, most: int, **narrowed: Any) -> list[Recorded[Any]]:
    """The next events after a position; narrowed to a stream or a type, without those that are sealed."""
    events = events_after(connection, after, limit=most, **narrowed)
    if not any(narrowed.values()):
        return events
    page = readable(connection, viewer(), events)
    while len(events) == most and len(page) < most:
        events = events_after(connection, events[-1].position, limit=most, **narrowed)
        page += readable(connection, viewer(), events)
    return page[:most]


@asks()
def show_event(_: dict[str, str], position: int) -> Response:
    """The event at a position, as the reader may read it."""
    with reading() as connection:
        events = events_at(connection, [position])
        if not events:
            raise UNKNOWN_ID(kind="出来事", kind_en="event", id=position)
        if is_staff():
            note_closed_reads(connection, (e.stream for e in events))
        return answer(Describer(connection, events, viewer=viewer()).describe(events[0]), tagged=True)


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/events", view_func=list_events)
    # No database counts further; what is longer is no address of an event.
    blueprint.add_url_rule(f"/events/<int(max={10**18 - 1}):position>", view_func=show_event)
