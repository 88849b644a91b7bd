"""The paragraphs of minutes, each with its place: of a Word file, a PDF, or a text."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table

from api.contents.content_type import CONTENT_LOCKED, CONTENT_MACROS, type_of
from api.contents.pdf_text import PdfUnreadable, pages_of
from api.http.problems import declare
from api.office.tables.reading.text import decoded
from api.office.tables.reading.vocabulary import LINE, PAGE, PARAGRAPH, TABLE_ROW
from api.office.tables.reading.xlsx import refuse_entities
from api.setup import rules_of_service
from domain.values.refusal import Refusal

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_PARAGRAPHS = 6_000
MOST_UNPACKED = 64 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

MINUTES_UNREADABLE = declare(
    415,
    "MINUTES_UNREADABLE",
    ja="この種類のファイルは会議録として読めません。",
    en="A file of this type cannot be read as minutes.",
    rule=rules_of_service.SHEETS,
    next_ja="Word 文書（.docx）、PDF、文字だけのファイル（.txt）のどれかで送ってください。"
    "古い形式（.doc）や開けない PDF は、Word で開いて「Word 文書」として保存するか、"
    "本文を写して貼り付けてください。",
    next_en="Send a Word document (.docx), a PDF or plain text (.txt). Open an older file (.doc), or a PDF "
    "that is not read, in Word and save it as a Word document, or copy its text and paste it.",
)
MINUTES_MACROS = declare(
    415,
    "MINUTES_MACROS",
    ja="マクロを含む文書（.docm など）は読みません。",
    en="A document with macros (.docm and the like) is not read.",
    rule=rules_of_service.DOES_NOTHING,
    next_ja="「名前を付けて保存」で「Word 文書（.docx）」を選ぶと、マクロが外れます。",
    next_en="“Save as”, “Word document (.docx)” leaves the macros behind.",
)
MINUTES_TOO_LONG = declare(
    413,
    "MINUTES_TOO_LONG",
    ja="会議録が長すぎます（{most}段落まで）。",
    en="The minutes are too long (at most {most} paragraphs).",
    rule=rules_of_service.SIZE,
    next_ja="会議ごとに分けて送ってください。",
    next_en="Send each meeting by itself.",
)
MINUTES_EMPTY = declare(
    422,
    "MINUTES_EMPTY",
    ja="会議録に文字がありません。",
    en="There is no text in the minutes.",
    rule=rules_of_service.SHEETS,
    next_ja="ファイルを選ぶか、本文を貼り付けてください。画像だけの文書は、先に文字にしてください。",
    next_en="Choose a file or paste the text. Pictures of pages have to become text first.",
)


@dataclass(frozen=True)
class Paragraph:
    """``place``: where it stands, as the record says it. ``row``: it is a row of a table."""

    text: str
    place: str
    row: bool = False


def paragraphs_of_file(content: bytes, name: str) -> list[Paragraph]:
    """Refuses ``MINUTES_UNREADABLE``, ``MINUTES_MACROS``, ``MINUTES_EMPTY``, ``MINUTES_TOO_LONG`` and what
    contents of documents are refused for."""
    if name.lower().endswith((".docm", ".dotm")):
        raise MINUTES_MACROS()
    if content.startswith(_OLE):
        raise MINUTES_UNREADABLE()
    if content.startswith(b"%PDF"):
        return _bounded(_of_pdf(content))
    if content.startswith(b"PK"):
        return _bounded(_of_word(content))
    return paragraphs_of_text(decoded(content)[0])


def paragraphs_of_text(text: str) -> list[Paragraph]:
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _bounded([Paragraph(line.strip(), LINE.format(number=n)) for n, line in enumerate(lines, 1)])


def _of_pdf(content: bytes) -> list[Paragraph]:
    try:
        pages = pages_of(io.BytesIO(content))
    except PdfUnreadable:
        raise MINUTES_UNREADABLE() from None
    return [
        Paragraph(text.strip(), PAGE.format(number=number))
        for number, page in enumerate(pages, 1)
        for text in page.splitlines()
    ]


def _of_word(content: bytes) -> list[Paragraph]:
    _is_a_word_file(content)
    try:
        document = docx.Document(io.BytesIO(content))
    except (PackageNotFoundError, KeyError, ValueError, SyntaxError):
        raise MINUTES_UNREADABLE() from None
    paragraphs: list[Paragraph] = []
    number = tables = 0
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            tables += 1
            for row, cells in enumerate(block.rows, 1):
                texts = dict.fromkeys(cell.text.strip() for cell in cells.cells)
                place = TABLE_ROW.format(table=tables, row=row)
                paragraphs.append(Paragraph("\t".join(texts), place, row=True))
        else:
            number += 1
            paragraphs.append(Paragraph(block.text.strip(), PARAGRAPH.format(number=number)))
    return paragraphs


def _is_a_word_file(content: bytes) -> None:
    file = io.BytesIO(content)
    try:
        with zipfile.ZipFile(file) as pack:
            if sum(entry.file_size for entry in pack.infolist()) > MOST_UNPACKED:
                raise MINUTES_TOO_LONG(most=f"{MOST_PARAGRAPHS:,}")
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise MINUTES_UNREADABLE() from None
    try:
        media_type = type_of(file)
    except Refusal as refused:
        if refused.declared is CONTENT_MACROS:
            raise MINUTES_MACROS() from None
        raise MINUTES_UNREADABLE() from None if refused.declared is CONTENT_LOCKED else refused
    if media_type != DOCX:
        raise MINUTES_UNREADABLE()
    try:
        refuse_entities(file)
    except Refusal:
        raise MINUTES_UNREADABLE() from None


def _bounded(paragraphs: list[Paragraph]) -> list[Paragraph]:
    if not any(paragraph.text for paragraph in paragraphs):
        raise MINUTES_EMPTY()
    if len(paragraphs) > MOST_PARAGRAPHS:
        raise MINUTES_TOO_LONG(most=f"{MOST_PARAGRAPHS:,}")
    return paragraphs
