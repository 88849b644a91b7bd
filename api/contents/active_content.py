"""What acts by itself in a file: macros, templates and pictures loaded from elsewhere, JavaScript in a PDF.

Office files are looked into by the content types and relationships of their parts, since a part is what those
say it is, whatever it is called; the whole is unpacked once, bounded and thrown away, so that what unpacks to
something huge, or to something else than it says, is not kept.

Of a PDF, the bytes and its object streams are searched for the names of actions. That is less than a reader
of the format would know, and no library has to be trusted with hostile files: what cannot be searched is
refused.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from api.http.problems import declare
from api.setup import rules_of_service
from domain.values.refusal import Refusal

CONTENT_ACTIVE = declare(
    415,
    "CONTENT_ACTIVE",
    ja="開くと何かを実行したり、外部から読み込んだりするファイルは保管できません（{what}）。",
    en="Files that run something or load something from elsewhere when opened are not kept ({what_en}).",
    rule=rules_of_service.DOES_NOTHING,
    next_ja="スクリプトや外部への参照を外して保存し直すか、印刷用の PDF に書き出してください。",
    next_en="Save it without scripts and references to elsewhere, or print it to a new PDF.",
)
CONTENT_UNPACKS = declare(
    413,
    "CONTENT_UNPACKS",
    ja="展開すると大きすぎるファイルは保管できません（上限 {limit} バイト）。",
    en="Files that unpack to too much are not kept (at most {limit} bytes).",
    rule=rules_of_service.SIZE,
    next_ja="画像を小さくするか、いくつかのファイルに分けてください。",
    next_en="Make the pictures smaller, or send it in several files.",
)

MOST_UNPACKED, MOST_PARTS = 200 << 20, 10_000
MOST_SMALL = 1 << 20
"""Bytes of a part that says what others are."""
CHUNK = 1 << 18

MACROS = ("vbaproject", "vbadata", "macroenabled", "macrosheet", "activex", "attachedtoolbars")
"""What the content type, or the relationship, of a part that holds a program says."""
MAY_BE_ELSEWHERE = frozenset({"hyperlink", "externallinkpath", "externallinklongpath"})
"""Relationships to elsewhere that are followed only when somebody asks for it."""


class Unreadable(ValueError):
    """A part that is not the XML it has to be."""


def refuse_unbounded(pack: zipfile.ZipFile) -> None:
    """Refuses ``CONTENT_UNPACKS``. Raises BadZipFile for what does not unpack to what it says it is."""
    entries = pack.infolist()
    too_much = CONTENT_UNPACKS(limit=f"{MOST_UNPACKED:,}")
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise too_much
    for entry in entries:
        with pack.open(entry) as part:
            while part.read(CHUNK):  # no more than it says, and its checksum is compared at its end
                pass


def holds_macros(pack: zipfile.ZipFile) -> bool:
    """Whether a part of an Office file is a program, by its content type or by how others refer to it."""
    content_types = [
        element.get("ContentType", "") for element in _elements(_small(pack, "[Content_Types].xml"))
    ]
    content_types += [element.get("Type", "") for element in relationships(pack)]
    return any(mark in element.lower() for element in content_types for mark in MACROS)


def refuse_elsewhere(pack: zipfile.ZipFile) -> None:
    """Refuses ``CONTENT_ACTIVE`` for what an Office file loads from elsewhere when it is opened."""
    for relationship in relationships(pack):
        kind = relationship.get("Type", "").rpartition("/")[2].lower()
        if relationship.get("TargetMode", "").lower() == "external" and kind not in MAY_BE_ELSEWHERE:
            raise CONTENT_ACTIVE(what="外部の参照", what_en="a reference to elsewhere")


def relationships(pack: zipfile.ZipFile) -> Iterator[dict[str, str]]:
    """The relationships of every part of an Office file."""
    for name in pack.namelist():
        if name.lower().endswith(".rels"):
            yield from _elements(_small(pack, name))


def _small(pack: zipfile.ZipFile, name: str) -> bytes:
    with pack.open(name) as part:
        content = part.read(MOST_SMALL + 1)
    if len(content) > MOST_SMALL:
        raise Unreadable(name)
    return content


def _elements(xml: bytes) -> list[dict[str, str]]:
    """The attributes of every element. Raises Unreadable; a document type (and so an entity) is none."""
    found_attributes: list[dict[str, str]] = []
    parser = expat.ParserCreate()

    def refuse(*_: Any) -> None:
        raise Unreadable("a document type")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda _, attributes: found_attributes.append(attributes)
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as wrong:
        raise Unreadable(str(wrong)) from None
    return found_attributes


# ------------------------------------------------------------------------------------------------- PDF

_ACTIONS = re.compile(rb"/(JavaScript|Launch|RichMedia)(?![A-Za-z0-9])")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_PACKED = b"/ObjStm"
_DICTIONARY = 2048
"""Bytes before a stream in which its dictionary is looked for."""
MOST_OBJECTS = 64 << 20
"""Bytes that the object streams of a PDF may unpack to."""


def refuse_actions(pdf: bytes) -> None:
    """Refuses ``CONTENT_ACTIVE`` for a PDF with JavaScript or another action that runs something, or whose
    objects cannot be searched for them; ``CONTENT_UNPACKS`` for one whose objects unpack to too much."""
    named = _plain_names(pdf)
    if _ACTIONS.search(named) or any(map(_ACTIONS.search, _object_streams(pdf, named.count(_PACKED)))):
        raise CONTENT_ACTIVE(what="PDF の JavaScript など", what_en="JavaScript or the like in a PDF")


def _plain_names(content: bytes) -> bytes:
    """With every ``#4A`` of a name (ISO 32000, 7.3.5) as the letter that it stands for."""
    return _ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), content)


def _object_streams(pdf: bytes, expected: int) -> Iterator[bytes]:
    """The objects that a PDF packs together, unpacked; all of the ``expected`` ones, or it is refused."""
    left, streams = MOST_OBJECTS, 0
    for begin in _STREAM.finditer(pdf):
        dictionary = _plain_names(pdf[max(0, begin.start() - _DICTIONARY) : begin.start()])
        dictionary = dictionary[dictionary.rfind(b" obj") + 1 :]
        if _PACKED not in dictionary:
            continue
        streams += dictionary.count(_PACKED)
        if b"/Filter" not in dictionary:
            continue  # as it stands, it has been searched
        if b"/FlateDecode" not in dictionary or dictionary.count(b"Decode") != 1:
            raise _unsearchable()
        unpacked = _unpacked(pdf, begin.end(), left)
        left -= len(unpacked)
        yield _plain_names(unpacked)
    if streams != expected:
        raise _unsearchable()


def _unpacked(pdf: bytes, start: int, most: int) -> bytes:
    """What is packed from here on, piece by piece: nobody says truly where it ends."""
    unpacking, parts, size = zlib.decompressobj(), [], 0
    try:
        while not unpacking.eof and start < len(pdf):
            part = unpacking.decompress(
                unpacking.unconsumed_tail or pdf[start : start + CHUNK], most - size + 1
            )
            start += 0 if unpacking.unconsumed_tail else CHUNK
            parts.append(part)
            size += len(part)
            if size > most:
                raise CONTENT_UNPACKS(limit=f"{MOST_OBJECTS:,}")
    except zlib.error:
        raise _unsearchable() from None
    return b"".join(parts)


def _unsearchable() -> Refusal:
    return CONTENT_ACTIVE(what="調べられない部分", what_en="a part that cannot be looked into")
