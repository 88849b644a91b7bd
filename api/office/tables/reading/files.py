"""A file that somebody uploads, whatever it is called: what it is, its content tells."""

from __future__ import annotations

import io

from api.office.tables.reading.bounds import USUAL, Bounds
from api.office.tables.reading.refusals import SHEET_EMPTY, SHEET_MACROS, SHEET_OLD, SHEET_UNREADABLE
from api.office.tables.reading.sheet import Workbook
from api.office.tables.reading.text import decoded, workbook_of_text
from api.office.tables.reading.xlsx import workbook_of_excel

_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")


def workbook_of_file(content: bytes, name: str, bounds: Bounds = USUAL) -> Workbook:
    """The workbook that a file holds. ``name``: what the file is called; a sheet of text is called so too."""
    stem, _, ending = name.rpartition(".")
    if ending.lower() in ("xlsm", "xltm", "xlsb"):
        raise SHEET_MACROS()
    if not content.strip():
        raise SHEET_EMPTY()
    if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return workbook_of_excel(io.BytesIO(content), bounds)
    if ending.lower() == "xls":
        raise SHEET_OLD()
    if content.startswith(_OTHERS):
        raise SHEET_UNREADABLE()
    text, encoding = decoded(content)
    return workbook_of_text(text, stem or name, bounds, encoding)
