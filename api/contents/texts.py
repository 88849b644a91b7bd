"""What attached files say: the text of a Word file, a PDF or of plain text, read within bounds.

It is read when the file arrives; a long PDF later, by ``kyodo attachments``, so that nobody waits for it. A
file of another type, or one that cannot be read, has no text here; it is kept all the same.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import IO

import docx
import structlog
from docx.document import Document
from docx.table import Table

from api.contents.attachments import Attachments, Received
from api.contents.pdf_text import pages_of
from api.reads.searches import attached_texts
from api.setup.config import RecordSettings
from domain.document.content import MediaType
from domain.values.plain_text import control_in

MOST_CHARACTERS = 400_000
MOST_UNPACKED = 24 << 20
MOST_PLAIN = 4 << 20
"""Bytes of a file that are read."""
PDF_AT_ONCE = 2 << 20
"""Bytes of the longest PDF that is read while somebody waits."""
PDF: MediaType = "application/pdf"
WORD: MediaType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

log = structlog.get_logger("kyodo")


def text_of(file: IO[bytes], media_type: str) -> str:
    """The text of a file; empty for what has none that is read here."""
    read = _READERS.get(media_type)
    if read is None:
        return ""
    file.seek(0)
    try:
        text = read(file)
    except Exception as wrong:  # a broken file is kept, and has no text: whatever a library makes of it
        log.warning("the text of a file cannot be read", media_type=media_type, why=type(wrong).__name__)
        return ""
    finally:
        file.seek(0)
    whole = "\n".join(line.rstrip() for line in text.splitlines() if not control_in(line))
    return whole[:MOST_CHARACTERS]


def _word(file: IO[bytes]) -> str:
    with zipfile.ZipFile(file) as pack:
        if sum(entry.file_size for entry in pack.infolist()) > MOST_UNPACKED:
            return ""
    file.seek(0)
    return "\n".join(_paragraphs(docx.Document(io.BytesIO(file.read()))))


def _paragraphs(document: Document) -> list[str]:
    lines: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            rows = (dict.fromkeys(cell.text.strip() for cell in row.cells) for row in block.rows)
            lines += ["\t".join(cells) for cells in rows]
        else:
            lines.append(block.text)
    return lines


def _plain(file: IO[bytes]) -> str:
    content = file.read(MOST_PLAIN)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp932", errors="replace")


def _pdf(file: IO[bytes]) -> str:
    return "\n".join(pages_of(file))


_READERS: dict[str, Callable[[IO[bytes]], str]] = {
    WORD: _word,
    PDF: _pdf,
    "text/plain": _plain,
    "text/csv": _plain,
}


def keep_text(record: RecordSettings, received: Received, media_type: str) -> None:
    """Read a file that has just been stored. It is found when an event names it."""
    texts = attached_texts(record)
    is_for_later = media_type == PDF and received.size > PDF_AT_ONCE
    if not is_for_later and received.sha256 not in texts.known():
        texts.keep(received.sha256, text_of(received.file, media_type))


def catch_up(record: RecordSettings, files: Attachments, recorded: dict[str, str]) -> int:
    """Read the files of these types, by SHA-256, that were not read yet, and forget those that no event
    names; how many were read."""
    texts = attached_texts(record)
    known = texts.known()
    texts.forget(known - recorded.keys())
    unread = [sha256 for sha256 in recorded if sha256 not in known and files.digest(sha256) == sha256]
    for sha256 in unread:
        with files.open(sha256) as file:
            texts.keep(sha256, text_of(file, recorded[sha256]))
    return len(unread)
