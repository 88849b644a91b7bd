"""A workbook from an Excel file: values, where there are formulas, what is hidden, which cells are one.

Nothing in it is run. How much it unpacks to is looked at before it is opened, and a part with a document type
(entities) is refused. openpyxl reads the values, of formulas those that the file stores; what it does not
tell when it reads row by row (cells that are one, hidden rows, where there are formulas) is read beside it.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

import openpyxl
from defusedxml.ElementTree import fromstring

from api.contents.content_type import CONTENT_LOCKED, CONTENT_MACROS, type_of
from api.office.tables.reading.bounds import Bounds
from api.office.tables.reading.refusals import (
    SHEET_EMPTY,
    SHEET_MACROS,
    SHEET_OLD,
    SHEET_UNPACKS,
    SHEET_UNREADABLE,
)
from api.office.tables.reading.sheet import Cell, Place, Range, Sheet, Value, Workbook, place_of
from domain.values.refusal import Refusal

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TYPES_AND_ENTITIES = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00")
"""How XML begins that is not written in single bytes, in which nothing could be searched."""
_RELATIONSHIP = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CHUNK = 1 << 18
MOST_PARTS = 2_000
_TRUE = ("1", "true")


def workbook_of_excel(file: IO[bytes], bounds: Bounds) -> Workbook:
    """Every sheet that can be seen. Refuses ``SHEET_MACROS``, ``SHEET_OLD``, ``SHEET_UNPACKS``,
    ``SHEET_UNREADABLE``, ``SHEET_EMPTY``, ``SHEET_TOO_LARGE``, and what contents of documents are refused
    for."""
    _is_a_workbook(file, bounds)
    layouts, hidden = _layouts(file)
    if not layouts:
        raise SHEET_EMPTY()
    values = _values(file, [layout.name for layout in layouts], bounds)
    sheets = tuple(_sheet(layout, values[layout.name]) for layout in layouts)
    if not any(sheet.cells for sheet in sheets):
        raise SHEET_EMPTY()
    return Workbook(sheets, tuple(hidden))


# -- before it is opened


def _is_a_workbook(file: IO[bytes], bounds: Bounds) -> None:
    file.seek(0)
    if file.read(len(_OLE)) == _OLE:
        raise SHEET_OLD()
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as pack:
            entries = pack.infolist()
            # A part is never unpacked to more than it says (zipfile stops there).
            if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > bounds.unpacked:
                raise SHEET_UNPACKS(limit=f"{bounds.unpacked:,}")
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise SHEET_UNREADABLE() from None
    try:
        media_type = type_of(file)
    except Refusal as refused:
        if refused.declared is CONTENT_MACROS:
            raise SHEET_MACROS() from None
        if refused.declared is CONTENT_LOCKED:
            raise SHEET_OLD() from None
        raise
    if media_type != XLSX:
        raise SHEET_UNREADABLE()
    refuse_entities(file)


def refuse_entities(file: IO[bytes]) -> None:
    """Refuses ``SHEET_UNREADABLE`` for an Office file of which a part declares a document type."""
    with zipfile.ZipFile(file) as pack:
        for entry in pack.infolist():
            if entry.filename.lower().endswith((".xml", ".rels")):
                with pack.open(entry) as part:
                    _has_no_entities(part)


def _has_no_entities(part: IO[bytes]) -> None:
    """Refuses ``SHEET_UNREADABLE`` for a part that declares a document type, or where that cannot be seen."""
    before = part.read(_CHUNK)
    if before.startswith(_WIDE):
        raise SHEET_UNREADABLE()
    tail = b""
    while before:
        if _TYPES_AND_ENTITIES.search(tail + before):
            raise SHEET_UNREADABLE()
        tail = before[-16:]
        before = part.read(_CHUNK)


# -- what is not told row by row


@dataclass
class _Layout:
    name: str
    merged: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    formulas: set[Place] = field(default_factory=set)


def _layouts(file: IO[bytes]) -> tuple[list[_Layout], list[str]]:
    """The layout of each sheet that can be seen, and the names of those that cannot."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as pack:
            book = fromstring(pack.read("xl/workbook.xml"), forbid_dtd=True)
            related = fromstring(pack.read("xl/_rels/workbook.xml.rels"), forbid_dtd=True)
            targets = {one.get("Id"): one.get("Target", "") for one in related}
            layouts, hidden = [], []
            for sheet in (one for one in book.iter() if _tag(one) == "sheet"):
                name = sheet.get("name") or ""
                if sheet.get("state", "visible") != "visible":
                    hidden.append(name)
                    continue
                target = targets.get(sheet.get(_RELATIONSHIP), "")
                path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
                if "chartsheet" in path:
                    continue
                with pack.open(posixpath.normpath(path)) as part:
                    layouts.append(_layout(name, part))
            return layouts, hidden
    except (KeyError, zipfile.BadZipFile, SyntaxError, ValueError, expat.ExpatError):
        raise SHEET_UNREADABLE() from None


def _layout(name: str, part: IO[bytes]) -> _Layout:
    """Read by expat alone, for it is all the cells of a sheet: a tree of ten thousand rows takes seconds."""
    layout = _Layout(name)
    row = column = 0

    def starts(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column
        tag = tag.rpartition(":")[2]
        if tag == "c":
            stated = place_of(attributes.get("r", ""))
            column = stated[1] if stated else column + 1
        elif tag == "row":
            row, column = int(attributes.get("r") or row + 1), 0
            if attributes.get("hidden") in _TRUE:
                layout.hidden_rows.add(row)
        elif tag == "f":
            layout.formulas.add((row, column))
        elif tag == "col" and attributes.get("hidden") in _TRUE:
            first, last = int(attributes.get("min", 0)), int(attributes.get("max", 0))
            layout.hidden_columns.update(range(first, min(last, first + 255) + 1))
        elif tag == "mergeCell" and (one := _range(attributes.get("ref", ""))):
            layout.merged.append(one)

    parser = expat.ParserCreate()
    parser.StartElementHandler = starts
    parser.ParseFile(part)
    return layout


def _range(text: str) -> Range | None:
    begin, _, end = text.replace("$", "").partition(":")
    first, last = place_of(begin), place_of(end or begin)
    if first is None or last is None or (last[0] - first[0] + 1) * (last[1] - first[1] + 1) > 10_000:
        return None  # a whole column in one: what stands in it is its first cell
    return Range(*first, *last)


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


# -- values


def _values(file: IO[bytes], names: list[str], bounds: Bounds) -> dict[str, dict[Place, Value]]:
    file.seek(0)
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (KeyError, ValueError, TypeError, SyntaxError, zipfile.BadZipFile):
        raise SHEET_UNREADABLE() from None
    try:
        return {name: dict(_values_of(book[name], bounds)) for name in names}
    except (KeyError, IndexError, ValueError, TypeError, SyntaxError):
        raise SHEET_UNREADABLE() from None
    finally:
        book.close()


def _values_of(sheet: Any, bounds: Bounds) -> Iterator[tuple[Place, Value]]:
    sheet.reset_dimensions()  # what a file says of its own size need not be true
    count = 0
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None and cell.value != "":
                count += 1
                bounds.check((cell.row, cell.column), count)
                yield (cell.row, cell.column), cell.value


def _sheet(layout: _Layout, values: dict[Place, Value]) -> Sheet:
    covered = {
        (row, column)
        for one in layout.merged
        for row in range(one.top, one.bottom + 1)
        for column in range(one.left, one.right + 1)
        if (row, column) != one.first
    }
    cells = {
        place: Cell(text_of(value), value, place in layout.formulas)
        for place, value in values.items()
        if place not in covered
    }
    for place in layout.formulas - cells.keys() - covered:
        cells[place] = Cell("", None, formula=True)
    whole = {place: cell for place, cell in cells.items() if not cell.is_empty}
    return Sheet(
        layout.name,
        whole,
        tuple(layout.merged),
        frozenset(layout.hidden_rows),
        frozenset(layout.hidden_columns),
    )


def text_of(value: Value) -> str:
    """A value as somebody would write it: days in the ISO form, whole numbers without a point."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "")
    return text.strip(" \t\n\u3000")
