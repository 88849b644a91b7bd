"""The template of a table: its headings, a row of example marked as such, and a sheet of notes."""

from __future__ import annotations

import io

import openpyxl
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from api.http.language import tr
from api.office.tables.reading.vocabulary import EXAMPLE, EXAMPLES
from api.office.tables.rows.declared import Table

_HEADING = PatternFill("solid", fgColor="E8F1FE")
_EXAMPLE = Font(italic=True, color="767676")


def template_file(table: Table) -> bytes:
    """The workbook. Its first column says which row is the example, which is never taken."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = table.words[0]
    sheet.append([tr("例の行", "Example"), *(column.words[0] for column in table.columns)])
    sheet.append([EXAMPLE, *(EXAMPLES[table.key].get(column.key, "") for column in table.columns)])
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), _HEADING
    for cell in sheet[2]:
        cell.font = _EXAMPLE
    for number in range(1, len(table.columns) + 2):
        sheet.column_dimensions[get_column_letter(number)].width = 10 if number == 1 else 22
    sheet.freeze_panes = "A2"
    notes = book.create_sheet(tr("書き方", "Notes"))
    for line in _notes(table):
        notes.append([*line])
    for letter, width in (("A", 24), ("B", 10), ("C", 64)):
        notes.column_dimensions[letter].width = width
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _notes(table: Table) -> list[tuple[str, str, str]]:
    lines = [(tr("列", "Column"), tr("要るか", "Needed"), tr("読みかた", "How it is read"))]
    for column in table.columns:
        hint = tr(*column.hint) if column.hint[0] else ""
        lines.append((column.words[0], tr("要る", "yes") if column.needed else "", hint))
    general = tr(
        "「例」と書いた行は取り込みません。日付は R7.4.1、令和7年4月1日、2025/4/1 のどれでも読みます。",
        "The row marked as the example is not taken. Dates are read as R7.4.1, 令和7年4月1日 or 2025/4/1.",
    )
    return [*lines, ("", "", ""), (general, "", ""), *((tr(*words), "", "") for words in table.notes)]
