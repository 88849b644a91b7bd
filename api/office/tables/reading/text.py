"""A sheet from text: CSV as files hold it, and cells as a spreadsheet puts them on the clipboard.

Quotes are read as RFC 4180 has them. What only looks like a quoted cell (``"協働"という言葉``) is left as it
stands: spreadsheets copy such cells without quoting them.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from api.office.tables.reading.bounds import Bounds
from api.office.tables.reading.refusals import SHEET_EMPTY, SHEET_LETTERS, SHEET_UNREADABLE
from api.office.tables.reading.sheet import Cell, Place, Sheet, Workbook

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNMARKED = ("utf-8", "cp932", "euc_jp")
_NO_LETTERS = re.compile("[\x80\uf8f0-\uf8f3]")
"""What Python makes of bytes that are none of Shift_JIS."""
_NARROW = re.compile("[\uff61-\uff9f]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LOOKED_AT = 20
"""Lines by which it is told what stands between cells."""


def decoded(content: bytes) -> tuple[str, str]:
    """The text of a file, and how its letters are written. Refuses ``SHEET_LETTERS`` for neither UTF-8 nor
    Shift_JIS, ``SHEET_UNREADABLE`` for what is no text."""
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    wrong = 0
    for name in (marked,) if marked else _UNMARKED:
        try:
            text = content.decode(name)
        except UnicodeDecodeError as error:
            wrong = max(wrong, error.start)
            continue
        if match := _NO_LETTERS.search(text):
            wrong = max(wrong, len(text[: match.start()].encode(name)))
            continue
        if name == "cp932" and _NARROW.search(text) and _is_old_unix(content):
            continue
        if _CONTROL.search(text):
            raise SHEET_UNREADABLE()
        return text, name
    raise SHEET_LETTERS(line=content.count(b"\n", 0, wrong) + 1)


def _is_old_unix(content: bytes) -> bool:
    """Whether what looks like narrow katakana in Shift_JIS are letters of EUC."""
    try:
        return not _NARROW.search(content.decode("euc_jp"))
    except UnicodeDecodeError:
        return False


def workbook_of_text(text: str, name: str, bounds: Bounds, encoding: str | None = None) -> Workbook:
    """The one sheet that a text holds. Refuses ``SHEET_EMPTY``, ``SHEET_TOO_LARGE``."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    cells: dict[Place, Cell] = {}
    for row, fields in enumerate(_rows(plain, separator_of(plain)), 1):
        for column, field in enumerate(fields, 1):
            if words := field.strip(" \t\n\u3000"):
                bounds.check((row, column), len(cells) + 1)
                cells[row, column] = Cell(words, words)
    if not cells:
        raise SHEET_EMPTY()
    return Workbook((Sheet(name, cells),), encoding=encoding)


def separator_of(text: str) -> str:
    """A tab, if there are tabs in the first lines outside of quotes, or else the comma or semicolon that
    there is more of."""
    begins = re.sub(r'"[^"]*"', "", "\n".join(text.split("\n", _LOOKED_AT)[:_LOOKED_AT]))
    if "\t" in begins:
        return "\t"
    return ";" if begins.count(";") > begins.count(",") else ","


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    row: list[str] = []
    n, length = 0, len(text)
    while n < length:
        quoted = _quoted(text, n, separator) if text[n] == '"' else None
        if quoted is None:
            line_ends = text.find("\n", n)
            line_ends = length if line_ends < 0 else line_ends
            cell_ends = text.find(separator, n, line_ends)
            end = line_ends if cell_ends < 0 else cell_ends
            field = text[n:end]
        else:
            field, end = quoted
        row.append(field)
        if end < length and text[end] == separator:
            n = end + 1
            if n == length:
                row.append("")
        else:
            yield row
            row, n = [], end + 1
    if row:
        yield row


def _quoted(text: str, start: int, separator: str) -> tuple[str, int] | None:
    """A quoted cell and where it ends; None if what begins with a quote is none."""
    parts, n = [], start + 1
    while True:
        end = text.find('"', n)
        if end < 0:
            return None
        parts.append(text[n:end])
        if text[end + 1 : end + 2] == '"':
            parts.append('"')
            n = end + 2
            continue
        after = text[end + 1 : end + 2]
        return ("".join(parts), end + 1) if after in ("", separator, "\n") else None
