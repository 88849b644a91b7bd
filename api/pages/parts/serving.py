"""How a page is served: ask the views, make the template's view-model, answer as HTML, and the same as data.

``read`` gives plain data in no language, ``show`` puts it into the words of the page. At the page's address
with ``.json`` stands what ``read`` gave.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any
from urllib.parse import quote, urlencode

import sqlalchemy as sa
from flask import (
    Blueprint,
    Response,
    render_template,
    request,
    session,
)
from werkzeug.wsgi import FileWrapper

from api.access.access_log import exported
from api.access.auth import current_caller
from api.access.rates import TABLES, limit
from api.http.addresses import alternates
from api.http.language import href, in_language, language, plain_path, tr
from api.pages.parts.names import Names
from api.reads.collections import COLLECTIONS, cut_all, row_json
from api.reads.reading import answer, digest, next_cursor, reading, shared
from domain.kernel.record import KINDS
from domain.kernel.refusals import UNKNOWN_ID
from projections.engine.event_json import Json


class NothingYet(Exception):
    """Nothing of this kind is on record: the page of the menu says so."""

    def __init__(self, kind: str):
        self.kind = kind
        super().__init__(kind)


Read = Callable[..., Json]
Show = Callable[[Json, Names], Json]


@dataclass(frozen=True)
class Page:
    """One page. ``section`` is its entry in the menu, and ``whole`` says that it is that entry's own page."""

    path: str
    template: str
    section: str
    read: Read
    show: Show
    whole: bool = True

    @property
    def endpoint(self) -> str:
        return self.path.strip("/").replace("/", "_").translate(str.maketrans("", "", "<>:")) or "home"

    def register(self, blueprint: Blueprint) -> None:
        data_path = f"{self.path if self.path != '/' else '/home'}.json"
        blueprint.add_url_rule(self.path, self.endpoint, self._html)
        blueprint.add_url_rule(data_path, f"{self.endpoint}_json", self._json)

    def _html(self, **context: Any) -> Response:
        with reading() as connection:
            template, vm = self._shown(connection, self._asked(connection, **context))
        return self.rendered(template, vm)

    def rendered(self, template: str, vm: Json) -> Response:
        """The page with what it shows, ready to be sent."""
        formats = {"json": data_url("json"), "csv": None, "prov": None} | vm.get("formats", {})
        return _marked(
            render_template(
                template,
                page=vm | {"formats": formats},
                section=self.section,
                section_is_page=self.whole,
                alternates=_alternates(),
            )
        )

    def _json(self, **context: Any) -> Response:
        with reading() as connection:
            return answer(self._asked(connection, **context), tagged=True)

    def _asked(self, connection: sa.Connection, **context: Any) -> Json:
        try:
            return self.read(connection, **context)
        except NothingYet as nothing:
            return {"nothing_yet": nothing.kind}

    def _shown(self, connection: sa.Connection, data: Json) -> tuple[str, Json]:
        if "nothing_yet" not in data:
            return self.template, self.show(data, Names(connection, data))
        kind = tr(*KINDS[data["nothing_yet"]].LABEL)
        text = tr(f"{kind}の記録は、まだありません。", f"No {kind} is recorded yet.")
        return "parts/empty.html", {"title": kind, "text": text}


def _alternates() -> dict[str, str]:
    """This page in each language. Its address may hold the ``#`` of a part's id."""
    return {language: address.replace("#", "%23") for language, address in alternates().items()}


def _marked(html: str) -> Response:
    """A page as everybody's, which may be kept and asked for again by ETag, or as that of whoever is named on
    it."""
    response = Response(html, mimetype="text/html")
    response.vary.update(("Cookie", "Authorization"))
    if session or current_caller() is not None:
        response.headers["Cache-Control"] = "private, no-store"
        return response
    response.headers["Cache-Control"] = "public, no-cache"
    response.set_etag(digest(response.get_data()))
    response.make_conditional(request)
    return response


# -- reading


def rows(connection: sa.Connection, collection: str, chosen: Iterable[Any]) -> list[Json]:
    """Rows of a collection as anybody, or this reader, may see them."""
    known = next(c for c in COLLECTIONS if c.name == collection)
    kind = KINDS[known.kind or ""]
    chosen_rows = list(chosen)
    seen = cut_all(connection, ((row_json(known.table, row), kind.stream_for(row[0])) for row in chosen_rows))
    return [shown | {known.id_column: row[0]} for shown, row in zip(seen, chosen_rows, strict=True)]


def one(connection: sa.Connection, collection: str, entity: str | None) -> Json:
    """The row with this id, or refuses ``UNKNOWN_ID``; without an id the first of the collection, or raises
    NothingYet."""
    known = next(c for c in COLLECTIONS if c.name == collection)
    chosen = known.chosen()
    if entity is not None:
        chosen = chosen.where(known.table.table.c[known.id_column] == entity)
    row = connection.execute(chosen.limit(1)).first()
    if row is None and entity is None:
        raise NothingYet(known.kind or "")
    if row is None:
        raise UNKNOWN_ID(kind=known.ja, kind_en=known.en, id=entity)
    return rows(connection, collection, [row])[0]


# -- addresses


def data_url(ending: str) -> str:
    """The address of this page as data; a table has its headings in the language of the page."""
    path = "/home" if plain_path() == "/" else quote(plain_path().rstrip("/"))
    query = f"?{urlencode(request.args)}" if request.args else ""
    place = f"{path}.{ending}"
    return f"{place if ending == 'json' else in_language(language(), place)}{query}"


def next_url(page: Any) -> str | None:
    """The address of the next page of a list; None on the last."""
    cursor = next_cursor(page)
    return href(plain_path(), **{**request.args, "cursor": cursor}) if cursor else None


def first_url() -> str | None:
    """The address of the first page of a list; None on the first itself."""
    rest = {name: value for name, value in request.args.items() if name != "cursor"}
    if "cursor" not in request.args:
        return None
    return href(plain_path(), **rest)


# -- tables


IN_MEMORY = 1 << 20
"""Bytes of a table that are kept in memory; a longer one is in a file without a name until it is sent."""


def whole_table(
    name: str, header: list[str], lines: Callable[[sa.Connection], Iterable[list[Any]]]
) -> Response:
    """A whole table as CSV, however long, with a byte order mark, so that a spreadsheet reads it as UTF-8.

    It is written whole before anything is sent: whoever takes it slowly holds no reading, and what goes wrong
    has a status."""
    limit(TABLES)
    written = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed with the answer
    try:
        written.write(f"\ufeff{_csv_line(header)}".encode())
        with reading() as connection:
            written.writelines(_csv_line(line).encode() for line in lines(connection))
        exported("Record.table", name)
        length = written.tell()
        written.seek(0)
    except BaseException:
        written.close()
        raise
    response = Response(FileWrapper(written), content_type="text/csv; charset=utf-8")
    response.content_length = length
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["Cache-Control"] = shared()
    response.vary.update(("Cookie", "Authorization"))
    return response


def _csv_line(values: list[Any]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([_cell(value) for value in values])
    return buffer.getvalue()


def _cell(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula is made plain (OWASP: CSV injection)."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value
