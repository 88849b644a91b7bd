"""One name for each thing, for ever: ``{PUBLIC_URL}/id/{kind}/{id}``.

``kind`` is what the log calls a kind of thing (``matter``, ``law``, ``document``), ``id`` the public id of a
thing or of a part of it (``law-kanazawa#17``, with the ``#`` as ``%23``). A link is named by the id that
links have, an event, and with it each statement, by its position in the log (``/id/event/133``).

The name itself shows nothing. It answers 303 with the address of the page, or of the data for who accepts
JSON rather than HTML; for what is not on record 404. It tells no more than those addresses tell.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

import sqlalchemy as sa
from flask import Flask
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from api.http.addresses import EVENT, LINK, kind_called
from api.http.language import IDS, href, wants_data
from api.pages.matter.issues import place_of
from api.pages.parts.names import PAGES, anchor, trail_url
from api.reads.as_of import asked_for
from api.reads.collections import COLLECTIONS
from api.reads.reading import reading, viewer
from domain.kernel.refusals import UNKNOWN_ID
from projections.answers.describing import Describer
from projections.engine.event_json import Json
from projections.engine.log import events_at
from projections.views.matter import decision_trail

_LISTED = {collection.kind: collection.name for collection in COLLECTIONS}

Places = tuple[str, str]
"""Where something is shown to people, and where its data is."""


def find(kind: str, subject: str) -> Response:
    """Where the thing of this name is shown, or its data is, by ``Accept``. Refuses ``UNKNOWN_ID``."""
    with reading() as connection:
        places = _places(connection, kind, subject)
    if places is None:
        raise UNKNOWN_ID(kind=kind, kind_en=kind, id=subject)
    page, data = places
    response = redirect(_data_address(data) if wants_data() else page, 303)
    response.headers["Cache-Control"] = "no-cache"
    response.vary.update(("Accept", "Accept-Language"))
    return response


def _places(connection: sa.Connection, kind: str, subject: str) -> Places | None:
    if kind == EVENT:
        return _places_of_event(connection, subject)
    if kind == LINK:
        return _places_of_link(connection, subject)
    known = decision_trail.things(connection, [subject]).get(subject)
    if known is None or known["kind"] != kind_called(kind):
        return None
    if known["entity"] != subject:
        return _places_of_part(subject, known)
    listed = _LISTED.get(known["kind"])
    if listed is None:  # what is in no collection is shown by what was recorded of it
        return trail_url(subject), f"/api/v1/things/{quote(subject)}/trail"
    data = f"/api/v1/{listed}/{quote(subject)}"
    if known["kind"] == "Reflection":
        return place_of(connection, subject) or trail_url(subject), data
    page = PAGES.get(known["kind"])
    return trail_url(subject) if page is None else href(page + quote(subject)), data


def _places_of_part(subject: str, known: Json) -> Places:
    """A part stands on the page of what it belongs to; what is on record of it alone is its trail."""
    page = PAGES.get(known["kind"])
    data = f"/api/v1/things/{quote(subject)}/trail"
    if page is None:
        return trail_url(subject), data
    return f"{href(page + quote(known['entity']))}#{anchor(subject)}", data


def _places_of_link(connection: sa.Connection, link_id: str) -> Places | None:
    """A link is shown where it begins."""
    table = decision_trail.link.table
    begins = connection.scalar(sa.select(table.c.from_id).where(table.c.link_id == link_id))
    if begins is None:
        return None
    return trail_url(begins), f"/api/v1/things/{quote(begins)}/links"


def _places_of_event(connection: sa.Connection, position: str) -> Places | None:
    """An event is shown in the trail of what it is about; of what is sealed not even that is told."""
    is_position = position.isascii() and position.isdecimal() and len(position) <= 18
    events = events_at(connection, [int(position)]) if is_position else []
    if not events:
        return None
    data = f"/api/v1/events/{events[0].position}"
    event = Describer(connection, events, viewer=viewer()).describe(events[0])
    return data if event["sealed"] else trail_url(event["subject"]), data


def _data_address(path: str) -> str:
    """The address of data, of the moment that was asked about."""
    formats = asked_for()
    return f"{path}?{urlencode(formats)}" if formats else path


def init_app(app: Flask) -> None:
    app.add_url_rule(f"{IDS}<kind>/<path:subject>", "id", find)
