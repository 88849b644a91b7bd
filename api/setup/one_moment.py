"""One moment for each answer: whatever a request reads is read of one position, on one connection.

The reading begins when a request first looks at the record, and ends with the request, however it ends. Its
position is stated in the answer (``Kyodo-Position``), of pages and files as of JSON. A request that writes
decides in its command's own transaction; what it reads before and after that are readings of their own.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

import sqlalchemy as sa
from flask import Flask, Response, g, request

from api.setup.store import record_store
from projections.engine.one_moment import reading_of

POSITION_HEADER = "Kyodo-Position"
"""The newest event of which an answer may tell. ``/api/v1/events`` states in it how far it looked."""
READS = ("GET", "HEAD", "OPTIONS")


class _Held:
    """What a request holds until it ends."""

    def __init__(self) -> None:
        self.until_the_end = ExitStack()
        self.connections: dict[str, sa.Connection] = {}


@contextmanager
def living() -> Iterator[sa.Connection]:
    """The record as it is. Refuses ``RECORD_MISSING``, ``RECORD_OUTDATED``."""
    store = record_store()
    if request.method in READS:
        yield held("living", store.reading)
        return
    with store.reading() as connection:
        yield connection


def held(name: str, begin: Callable[[], AbstractContextManager[sa.Connection]]) -> sa.Connection:
    """The reading of this name of the request, begun when it is first asked for."""
    if "kyodo_held" not in g:
        g.kyodo_held = _Held()
    of_request: _Held = g.kyodo_held
    if name not in of_request.connections:
        of_request.connections[name] = of_request.until_the_end.enter_context(begin())
    return of_request.connections[name]


def held_already(name: str) -> sa.Connection | None:
    """The reading of this name, if the request has begun one."""
    of_request: _Held | None = g.get("kyodo_held")
    return of_request.connections.get(name) if of_request is not None else None


def _let_go(_: BaseException | None) -> None:
    """Give back what the request held. Whoever waits for what is recorded next is asked anew from the
    beginning (api/http/waiting.py), and holds nothing meanwhile."""
    of_request: _Held | None = g.pop("kyodo_held", None)
    if of_request is not None:
        with contextlib.suppress(sa.exc.SQLAlchemyError):  # a server that went away took it along
            of_request.until_the_end.close()


def _state_position(response: Response) -> Response:
    of_request: _Held | None = g.get("kyodo_held")
    if of_request is not None and (connection := of_request.connections.get("living")) is not None:
        reading = reading_of(connection)
        if reading is not None:
            response.headers.setdefault(POSITION_HEADER, str(reading.position))
    return response


def init_app(app: Flask) -> None:
    app.after_request(_state_position)
    app.teardown_request(_let_go)
