"""The content of a document: which bytes, of which type (domain.md 4.11). The bytes themselves are kept
beside the record, under the SHA-256 of what they are; the event says which ones they are, so that a lost or a
changed file is noticed.

An event carries no file name: names of files name people too often. A download is called after the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from domain.kernel.events import Event
from domain.kernel.when import RECORDING
from domain.rules import documents
from domain.values.fields import RangeRule, Word
from domain.values.refusal import refusal

Size = Annotated[int, RangeRule(1, 1 << 40, "bytes")]
"""Bytes; nothing that is empty, nothing beyond a tebibyte. What is accepted is a setting (MAX_ATTACHMENT)."""

MediaType = Literal[
    "application/pdf",
    "image/png",
    "image/jpeg",
    "text/plain",
    "text/csv",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
]
"""What a document may be: types that can be read for decades, and that do nothing by themselves."""

ENDINGS: dict[MediaType, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "text/plain": ("txt",),
    "text/csv": ("csv",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ("pptx",),
    "application/vnd.oasis.opendocument.text": ("odt",),
    "application/vnd.oasis.opendocument.spreadsheet": ("ods",),
    "application/vnd.oasis.opendocument.presentation": ("odp",),
}
"""The endings of file names of each type; the first is the one a download gets."""

CONTENT_ALREADY_HELD = refusal(
    "CONTENT_ALREADY_HELD",
    ja="この文書の内容は既に記録されています（照合値 {sha256}）。",
    en="The content of this document is on record already (sha256 {sha256}).",
    rule=documents.NOT_OVERWRITTEN,
    next_ja="内容が新しくなったのなら、先に改訂を記録してください。",
    next_en="If there is a newer text, record the revision first.",
)
CHECKSUM_DIFFERS = refusal(
    "CHECKSUM_DIFFERS",
    ja="内容の照合値（{given}）が、この文書に記録されたもの（{recorded}）と違います。",
    en="The content has the sha256 {given}, not the {recorded} on record for this document.",
    rule=documents.CHECKSUM,
    next_ja="ファイルを確かめてください。別の版なら、先に改訂を記録してください。",
    next_en="Check the file. If it is another text, record the revision first.",
)


class DocumentContentAttached(Event):
    """The content of the document is held: so many bytes, of this type, with this SHA-256."""

    ALIASES = ("ContentAttached",)
    LABEL = ("内容の保管", "Content attached")
    WHEN = RECORDING
    KEY_STEP = False
    FIELDS: ClassVar = {
        "size_bytes": ("大きさ（バイト）", "Size in bytes"),
        "media_type": ("ファイルの形式", "Type of file"),
    }
    sha256: Word
    size_bytes: Size
    media_type: MediaType


def is_checksum(text: str) -> bool:
    """Whether this is a SHA-256: 64 hexadecimal digits, in small letters."""
    return re.fullmatch(r"[0-9a-f]{64}", text) is not None


def endings() -> Iterator[str]:
    """Every ending a file may have."""
    for known in ENDINGS.values():
        yield from known
