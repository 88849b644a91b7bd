"""Answers for everybody: finished once, kept in memory, and sent again as long as the record is the same.

Whatever an anonymous reader GETs depends on the address, the language and the edition of the record
(projections/edition.py), and on the day in Japan where something is due or coming. So every answer that says
of itself that it is public and has an ETag (api/reading.py, ``answer``; api/pages/serving.py, ``Page``) is
kept under exactly these, with every header it was sent with. An edition is asked for at each request: nobody
is ever told what is out of date.

Nothing is kept of or given to a caller who says who they are: a request with credentials or with any cookie
is always answered anew. Whether somebody has an answer already (If-None-Match) is decided here too, so that
an ETag is a digest of what this reader is shown and tells nothing beside it (decision 0010).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.http import parse_etags, remove_entity_headers

from api.language import is_data_path, preferred
from api.shelf import Header, Kept, Shelf
from api.store import StoreHolder
from domain.calendar import JAPAN
from domain.refusal import Refusal
from projections.edition import Edition, Editions
from projections.store import Store

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MOST_KEPT = 32 << 20
"""Bytes of answers that each process keeps."""
MOST_EACH = 1 << 20
"""Bytes of the longest answer that is kept."""

Asked = tuple[str, ...]


class Answers:
    """The application, with what it has answered to anybody kept before it."""

    def __init__(self, app: Flask, inner: WSGIApplication):
        self._app = app
        self._inner = inner
        self._shelf = Shelf(MOST_KEPT)
        self._editions: tuple[Store, Editions] | None = None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked = _asked_by_anybody(environ)
        edition = self._edition() if asked is not None else None
        if asked is None or edition is None:
            return self._inner(environ, start_response)
        has = environ.pop("HTTP_IF_NONE_MATCH", None)
        kept = self._shelf.find(edition, asked)
        if kept is None:
            return self._answered_anew(environ, start_response, edition, asked, has)
        return _send(kept, has, environ, start_response)

    def _edition(self) -> Edition | None:
        """The edition of the record and the day; None while there is no record to read."""
        holder: StoreHolder = self._app.extensions["kyodo-store"]
        try:
            store = holder.get()
        except Refusal:
            return None
        if self._editions is None or self._editions[0] is not store:
            self._editions = store, Editions(store)
        now = self._editions[1].now()
        return None if now is None else (id(store), dt.datetime.now(JAPAN).date(), *now)

    def _answered_anew(
        self,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        edition: Edition,
        asked: Asked,
        has: str | None,
    ) -> Iterable[bytes]:
        """Let the application answer; keep the answer if it is for everybody."""
        begun: list[tuple[list[Header], str]] = []

        def begin(status: str, headers: list[Header], exc_info: Any = None) -> Any:
            tag = _tag_for_everybody(status, headers)
            if tag is None:
                return start_response(status, headers, exc_info)
            begun.append((headers, tag))
            return _unused_write

        parts = self._inner(environ, begin)
        if not begun:
            return parts
        headers, tag = begun[0]
        kept = _finished(headers, tag, parts)
        if environ["REQUEST_METHOD"] == "GET" and len(kept.body) <= MOST_EACH:
            self._shelf.keep(edition, asked, kept)
        return _send(kept, has, environ, start_response)


def _asked_by_anybody(environ: WSGIEnvironment) -> Asked | None:
    """What is asked for, if it is read and nobody says who they are; None otherwise."""
    if (
        environ["REQUEST_METHOD"] not in ("GET", "HEAD")
        or "HTTP_COOKIE" in environ
        or "HTTP_AUTHORIZATION" in environ
        or "HTTP_RANGE" in environ
    ):
        return None
    path: str = environ.get("PATH_INFO", "")
    language = preferred(environ.get("HTTP_ACCEPT_LANGUAGE", "")) if is_data_path(path) else ""
    return environ.get("SCRIPT_NAME", ""), path, environ.get("QUERY_STRING", ""), language


def _tag_for_everybody(status: str, headers: list[Header]) -> str | None:
    """The ETag of an answer that everybody would get; None of every other, and of files."""
    if not status.startswith("200"):
        return None
    told = {name.lower(): value for name, value in headers}
    is_public = told.get("cache-control", "").startswith("public")
    is_other = "set-cookie" in told or "content-disposition" in told or "content-length" not in told
    tag = told.get("etag", "")
    return tag.strip('"') if is_public and not is_other and tag.startswith('"') else None


def _finished(headers: list[Header], tag: str, parts: Iterable[bytes]) -> Kept:
    try:
        body = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    short = list(headers)
    remove_entity_headers(short)
    return Kept(tag, headers, short, body)


def _send(
    kept: Kept, has: str | None, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    if has is not None and parse_etags(has).contains_weak(kept.tag):
        start_response("304 NOT MODIFIED", list(kept.short))
        return ()
    start_response("200 OK", list(kept.headers))
    return (kept.body,) if environ["REQUEST_METHOD"] == "GET" else ()


def _unused_write(data: bytes) -> object:
    raise NotImplementedError("answers are returned, not written (PEP 3333 discourages write())")


def init_app(app: Flask) -> None:
    app.wsgi_app = Answers(app, app.wsgi_app)  # type: ignore[method-assign]
