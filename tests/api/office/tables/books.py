"""Excel files made for tests, and made wrong in the ways that files are."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable
from typing import Any

import openpyxl


def book(
    *rows: Iterable[Any], name: str = "名簿", change: Callable[[Any], None] = lambda workbook: None
) -> bytes:
    """A workbook of one sheet with these rows; ``change`` does what else is to be done to it."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = name
    for row in rows:
        sheet.append(list(row))
    change(workbook)
    return saved(workbook)


def saved(workbook: Any) -> bytes:
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same file with one of its parts changed, or added."""
    into = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for entry in before.namelist():
            part = before.read(entry)
            after.writestr(entry, change(part) if entry == name else part)
        if name not in before.namelist():
            after.writestr(name, change(b""))
    return into.getvalue()


def with_result(content: bytes, cell: str, result: str) -> bytes:
    """The same file with what the formula in a cell comes to, stored beside the formula."""

    def store(part: bytes) -> bytes:
        pattern = rf'(<c r="{cell}"[^>]*><f>[^<]*</f>)<v ?/?>(</v>)?'.encode()
        changed, times = re.subn(pattern, rb"\g<1><v>" + result.encode() + b"</v>", part)
        assert times == 1, part
        return changed

    return with_part(content, "xl/worksheets/sheet1.xml", store)
