"""Answers for everybody: finished once, kept in memory, and sent again as long as the record is the same.

Whatever an anonymous reader GETs depends on the address, the language and the edition of the record
(projections/answers/record_etag.py), and on the day in Japan where something is due or coming. So every
answer that says of itself that it is public and has an ETag (api/reads/reading.py, ``answer``;
api/pages/parts/serving.py, ``Page``) is kept under exactly these, with every header it was sent with. An
edition is asked for at each request: nobody is ever told what is out of date.

What many ask for at once is answered once: the others wait at their places, without a thread, for the first
answer.

Nothing is kept of or given to a caller who says who they are: a request with credentials or with any cookie
is always answered anew. Whether somebody has an answer already (If-None-Match) is decided here too, so that
an ETag is a digest of what this reader is shown and tells nothing beside it (decision 0010).
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

import sqlalchemy as sa
from flask import Flask
from werkzeug.http import parse_etags, remove_entity_headers

from api.http.clock import today
from api.http.kept_answers import Header, Kept, KeptAnswers
from api.http.language import is_data_path, preferred, tags
from api.http.logs import POSITION, ROUTE
from api.http.waiting import PLACE
from api.setup.search_files import state_of
from api.setup.store import StoreHolder
from domain.values.refusal import Refusal
from projections.answers.record_etag import Edition, Editions
from projections.engine.store import Store

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

NOT_MODIFIED = "304 NOT MODIFIED"
MOST_KEPT = 32 << 20
"""Bytes of answers that each process keeps."""
MOST_EACH = 1 << 20
"""Bytes of the longest answer that is kept."""

NOT_OF_THE_RECORD = ("/static/", "/livez", "/readyz", "/-/")
"""Where answers begin that do not depend on the record: nobody asks the database for its edition there."""

FROM_FILES = ("/search", "/search.json", "/text", "/text.json")
"""How addresses end whose answers depend on files beside the record too (api/setup/search_files.py)."""

LONGEST_FLIGHT = 30.0
"""Seconds for which somebody waits for another's answer; then they get one of their own."""

Asked = tuple[str, ...]
Flight = tuple[Edition, Asked]


class Place(Protocol):
    """Where a request waits without a thread (api/serve/worker/places.py)."""

    def wait_for_answer(self, seconds: float) -> bool:
        """Whether it waits until it is woken."""

    def wake(self) -> None:
        """Have it asked again."""


class Answers:
    """The application, with what it has answered to anybody kept before it."""

    def __init__(self, app: Flask, inner: WSGIApplication):
        self._app = app
        self._inner = inner
        self._kept = KeptAnswers(MOST_KEPT)
        self._editions: tuple[Store, Editions] | None = None
        self._flights: dict[Flight, list[Place]] = {}
        """What is being answered, with those who wait for the same."""
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        key = self._with_files(_asked_by_anybody(environ, tags(self._app)))
        edition = self._edition() if key is not None else None
        if key is None or edition is None:
            return self._inner(environ, start_response)
        environ[POSITION] = edition[1]
        has = environ.pop("HTTP_IF_NONE_MATCH", "")
        stored = self._kept.find(edition, key)
        if stored is None:
            place: Place | None = environ.get(PLACE)
            flight = (edition, key)
            if self._is_answered_to_another(flight, place):
                start_response("204 No Content", [])  # nobody gets it: the worker asks again
                return ()
            try:
                return self._answer(_Waiting(environ, start_response, has), edition, key)
            finally:
                self._landed(flight)
        environ[ROUTE] = stored.route
        if _has_already(has, stored.tag):
            start_response(NOT_MODIFIED, list(stored.short))
            return ()
        start_response("200 OK", list(stored.headers))
        return (stored.body,) if environ["REQUEST_METHOD"] == "GET" else ()

    def _is_answered_to_another(self, flight: Flight, place: Place | None) -> bool:
        """Whether somebody is being answered the same just now, and this caller waits for that."""
        with self._lock:
            waiting = self._flights.get(flight)
            if waiting is None:
                self._flights[flight] = []
                return False
            if place is None or not place.wait_for_answer(LONGEST_FLIGHT):
                return False
            waiting.append(place)
            return True

    def _landed(self, flight: Flight) -> None:
        with self._lock:
            waiting = self._flights.pop(flight, [])
        for place in waiting:
            place.wake()

    def _with_files(self, key: Asked | None) -> Asked | None:
        """What is asked, with the state of the files beside the record that the answer is made of as well."""
        if key is None or not key[1].endswith(FROM_FILES):
            return key
        holder: StoreHolder = self._app.extensions["kyodo-store"]
        return (*key, state_of(holder.settings))

    def _edition(self) -> Edition | None:
        """The edition of the record and the day in Japan; None while there is no record to read: then the
        application says why."""
        holder: StoreHolder = self._app.extensions["kyodo-store"]
        try:
            store = holder.get()
        except (Refusal, sa.exc.SQLAlchemyError):
            return None
        if self._editions is None or self._editions[0] is not store:
            self._editions, self._kept = (store, Editions(store)), KeptAnswers(MOST_KEPT)
        now = self._editions[1].now()
        return None if now is None else (today(), *now)

    def _answer(self, waiting: _Waiting, edition: Edition, key: Asked) -> Iterable[bytes]:
        """Let the application answer, and keep the answer if it is for everybody."""
        parts = self._inner(waiting.environ, waiting.begin)
        if waiting.to_keep is None and not waiting.has_already:
            return parts
        body = _joined(parts)
        if waiting.to_keep is not None:
            stored = Kept(*waiting.to_keep, body, waiting.environ.get(ROUTE))
            self._kept.keep(edition, key, stored)
        return () if waiting.has_already else (body,)


class _Waiting:
    """Whoever waits for an answer that is not kept yet; ``has``: the ETags they have."""

    def __init__(self, environ: WSGIEnvironment, start_response: StartResponse, has: str):
        self.environ = environ
        self.has_already = False
        self.to_keep: tuple[str, list[Header], list[Header]] | None = None
        """ETag and headers of an answer that is to be kept."""
        self._has = has
        self._start_response = start_response

    def begin(self, status: str, headers: list[Header], exc_info: Any = None) -> Any:
        """What the application calls with the head of its answer (PEP 3333)."""
        headers_by_name = {name.lower(): value for name, value in headers}
        tag = headers_by_name.get("etag", "").strip('"')
        if status.startswith("200") and tag:
            # The server dates each answer anew.
            headers = [header for header in headers if header[0].lower() != "date"]
            short = list(headers)
            remove_entity_headers(short)
            if self.environ["REQUEST_METHOD"] == "GET" and _is_for_everybody(headers_by_name):
                self.to_keep = tag, headers, short
            if _has_already(self._has, tag):
                self.has_already = True
                return self._start_response(NOT_MODIFIED, short)
        return self._start_response(status, headers, exc_info)


def _asked_by_anybody(environ: WSGIEnvironment, known: tuple[str, ...]) -> Asked | None:
    """What is asked of the record, if it is read and nobody says who they are; None otherwise."""
    path: str = environ.get("PATH_INFO", "")
    if (
        environ["REQUEST_METHOD"] not in ("GET", "HEAD")
        or "HTTP_COOKIE" in environ
        or "HTTP_AUTHORIZATION" in environ
        or "HTTP_RANGE" in environ
        or path.startswith(NOT_OF_THE_RECORD)
    ):
        return None
    language = preferred(environ.get("HTTP_ACCEPT_LANGUAGE", ""), known) if is_data_path(path) else ""
    return environ.get("SCRIPT_NAME", ""), path, environ.get("QUERY_STRING", ""), language


def _is_for_everybody(headers: dict[str, str]) -> bool:
    """Whether an answer is kept, by its headers: not if it opens a session, is a file, or is long or without
    an end."""
    length = headers.get("content-length", "")
    is_file = headers.get("content-disposition", "").startswith("attachment")
    is_public = headers.get("cache-control", "").startswith("public") and "set-cookie" not in headers
    return is_public and not is_file and length.isdecimal() and int(length) <= MOST_EACH


def _has_already(has: str, tag: str) -> bool:
    return bool(has) and parse_etags(has).contains_weak(tag)


def _joined(parts: Iterable[bytes]) -> bytes:
    """A body as a whole; its response is closed."""
    try:
        return b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()


def init_app(app: Flask) -> None:
    app.wsgi_app = Answers(app, app.wsgi_app)  # type: ignore[method-assign]
