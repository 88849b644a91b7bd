"""Reading for a request: a connection to the views, who is asking, and pages of a list.

Lists are never unbounded: ``limit`` (50 by default, 200 at most) and an opaque, signed ``cursor``; the next
page stands in ``Link: <…>; rel="next"`` (RFC 8288) and in ``next`` of the answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
import sqlalchemy as sa
from flask import Response, request
from itsdangerous import BadSignature, URLSafeSerializer
from sqlakeyset import InvalidPage, select_page

from api.access.auth import current_caller
from api.reads.as_of import moment, reading_the_past, reading_the_past_of
from api.setup.one_moment import living
from api.setup.store import record_settings
from domain.kernel.viewer import PUBLIC, Viewer
from domain.values.refusal import refusal
from projections.answers.timeline import entries_seen
from projections.engine import rules
from projections.engine.event_json import Json
from projections.engine.view import View
from projections.views.record.closed_parts import closed_in

CURSOR_WRONG = refusal(
    "CURSOR_WRONG",
    ja="続きの目印が正しくありません。",
    en="This cursor is not one of ours.",
    rule=rules.PAGES,
    next_ja="前の答えにある目印をそのまま使うか、目印なしで最初から読んでください。",
    next_en="Use the cursor of the answer before as it is, or begin again without one.",
    kind="invalid",
)
LIMIT_WRONG = refusal(
    "LIMIT_WRONG",
    ja="一度に読む件数は1から{most}までの整数です。",
    en="The number of entries is a whole number from 1 to {most}.",
    rule=rules.PAGES,
    next_ja="件数を直してください。",
    next_en="Correct the number.",
    kind="invalid",
)

DEFAULT_LIMIT, MOST = 50, 200
MOST_BYTES = 1 << 20
"""Bytes of the things in one answer: a page of long ones ends before it has as many as were asked for."""
_DIGITS = 18
"""Of a whole number that every database can count to."""


@contextmanager
def reading() -> Iterator[sa.Connection]:
    """A connection to the views and the log, for one request: as they are, or as they were at the moment
    it asks for. Everything that a request reads is of one position (api/setup/one_moment.py)."""
    source = reading_the_past() if moment().is_past else living()
    with source as connection:
        yield connection


@contextmanager
def reading_of(subject: str, view: View | None = None, *, around: bool = False) -> Iterator[sa.Connection]:
    """:func:`reading`, for an answer about one thing: its row in ``view`` and what is not recorded of it;
    with ``around`` its trail and its links too."""
    is_past = moment().is_past
    source = reading_the_past_of(subject, view, around=around) if is_past else living()
    with source as connection:
        yield connection


def viewer() -> Viewer:
    """Who looks: what the caller may see follows from the roles of the account."""
    caller = current_caller()
    return Viewer.of_roles(caller.roles) if caller is not None else PUBLIC


def is_staff() -> bool:
    """Whether the caller holds a role of the office, and so may see what is not public."""
    return viewer().staff


def is_evaluator() -> bool:
    """Whether the caller works on evaluation sheets that are not published yet: the office, or a side."""
    return is_staff() or bool(viewer().sides)


def shared() -> str:
    """Cache-Control of an answer: what somebody was given who said who they are is kept for nobody else."""
    return "public, no-cache" if current_caller() is None else "private, no-cache"


def answer(body: Any, *, tagged: bool = False, version: int | None = None, status: int = 200) -> Response:
    """JSON as UTF-8; if it is ``tagged``, with a strong ETag, and 304 when the caller has it already.

    The ETag tells nothing that the body does not: it is made of what this reader is shown, so that what is
    sealed or closed changes it for those alone who see a difference. ``version`` is what a command may expect
    (If-Match); it is the ETag for those who may give one.
    """
    content = orjson.dumps(body, default=str)
    response = Response(content, status, mimetype="application/json")
    response.vary.update(("Accept-Language", "Authorization", "Cookie"))
    response.headers["Cache-Control"] = shared()
    caller = current_caller()
    if version is not None and caller is not None and caller.roles:
        response.set_etag(str(version))
    elif version is not None or tagged:
        response.set_etag(digest(content))
    if version is not None or tagged:
        response.make_conditional(request)
    return response


def digest(content: bytes) -> str:
    """The ETag of what everybody is shown."""
    return hashlib.sha256(content).hexdigest()[:32]


def listed(connection: sa.Connection, chosen: sa.Select[Any], present: Callable[[Any], Json]) -> Response:
    """One page of a list as JSON, with the address of the next."""
    return listed_at_once(connection, chosen, lambda rows: [present(row) for row in rows])


def listed_at_once(
    connection: sa.Connection,
    chosen: sa.Select[Any],
    present: Callable[[Sequence[Any]], list[Json]],
    **beside: Any,
) -> Response:
    """:func:`listed`, for rows that are better presented together; ``beside`` is answered with the items."""
    page = page_of(connection, chosen)
    items = present(list(page))
    shown = fitting(items)
    if len(shown) == len(items):
        return one_page({"items": shown, **beside}, next_cursor(page))
    return one_page({"items": shown, **beside}, _cursors().dumps(page.paging.get_bookmark_at(len(shown) - 1)))


def fitting(items: Sequence[Json]) -> list[orjson.Fragment]:
    """As many of these, from the first one on, as fit into one answer, as they are sent; one at least."""
    shown: list[orjson.Fragment] = []
    size = 0
    for item in items:
        content = orjson.dumps(item, default=str)
        size += len(content)
        if shown and size > MOST_BYTES:
            break
        shown.append(orjson.Fragment(content))
    return shown


def one_page(body: Json, cursor: object | None) -> Response:
    """A page of a list as JSON, with the address of the page after it; ``cursor`` is None for the last."""
    address = None
    if cursor is not None:
        address = f"{request.path}?{urlencode({**request.args, 'cursor': cursor})}"
    response = answer({**body, "next": address}, tagged=True)
    if address is not None:
        response.headers["Link"] = f'<{address}>; rel="next"'
    return response


def open_entries(connection: sa.Connection, rows: Sequence[Any]) -> list[Json]:
    """Timeline rows as the caller may see them."""
    staff = is_staff()
    streams = [] if staff else [row.stream for row in rows]
    return entries_seen(rows, closed_in(connection, streams), staff=staff)


def page_of(connection: sa.Connection, chosen: sa.Select[Any]) -> Any:
    """The page of rows that ``limit`` and ``cursor`` of the request ask for."""
    cursor = request.args.get("cursor")
    try:
        bookmark = _cursors().loads(cursor) if cursor else None
        page: Any = select_page(connection, chosen, per_page=limit(), page=bookmark)
    except (BadSignature, InvalidPage, ValueError):
        raise CURSOR_WRONG().at("/cursor") from None
    held = within_rows(page)
    if held < len(page):
        page.paging = EndedEarly(page.paging, held)
        del page[held:]
    return page


@dataclass(frozen=True)
class EndedEarly:
    """The paging of a page that ends before as many things as were asked for."""

    whole: Any
    shown: int
    has_next: bool = True

    @property
    def bookmark_next(self) -> str:
        return self.get_bookmark_at(self.shown - 1)

    def get_bookmark_at(self, n: int) -> str:
        """Where the page after this row begins."""
        return str(self.whole.get_bookmark_at(n))


def within_rows(rows: Sequence[Any]) -> int:
    """How many rows, from the first on, hold no more bytes than an answer may have; one at least. So a page
    for people ends early too."""
    size = 0
    for n, row in enumerate(rows):
        size += sum(len(value.encode()) for value in row if isinstance(value, str))
        if n and size > MOST_BYTES:
            return n
    return len(rows)


def limit(default: int = DEFAULT_LIMIT) -> int:
    """How many things the request wants to have on a page."""
    number = _whole("limit", default)
    if number is None or not 1 <= number <= MOST:
        raise LIMIT_WRONG(most=MOST).at("/limit")
    return number


def whole_cursor(name: str = "cursor") -> int:
    """The cursor of a list that counts its things or goes by their positions; 0 at its beginning."""
    number = _whole(name, 0)
    if number is None:
        raise CURSOR_WRONG().at(f"/{name}")
    return number


def _whole(name: str, default: int) -> int | None:
    """A whole number of the query string; None if it is none, or too long to be one."""
    text = request.args.get(name, str(default))
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None


def next_cursor(page: Any) -> str | None:
    """The cursor of the page after this one; None if it is the last."""
    if not page.paging.has_next:
        return None
    return str(_cursors().dumps(page.paging.bookmark_next))


def _cursors() -> URLSafeSerializer:
    return URLSafeSerializer(record_settings().signing_key(), salt="cursor")
