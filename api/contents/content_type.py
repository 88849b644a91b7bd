"""What a file is, told by its content: one of the types on the allow-list, or refused.

A name and a media type only say what somebody takes it for. They have to agree with the content, since people
choose by them what to open it with. What can act by itself (markup, scripts, macros) and what cannot be read
without a password is refused whatever it is called.
"""

from __future__ import annotations

import codecs
import re
import zipfile
import zlib
from typing import IO

import puremagic

from api.contents.active_content import holds_macros, refuse_actions, refuse_elsewhere, refuse_unbounded
from api.http.problems import declare
from api.setup import rules_of_service
from domain.document.content import ENDINGS, MediaType, endings

CONTENT_EMPTY = declare(
    422,
    "CONTENT_EMPTY",
    ja="ファイルが空です。",
    en="The file is empty.",
    rule=rules_of_service.ONE_FILE,
    next_ja="ファイルを選び直してください。",
    next_en="Choose the file again.",
)
CONTENT_TYPE_REFUSED = declare(
    415,
    "CONTENT_TYPE_REFUSED",
    ja="この種類のファイルは保管できません（保管できるもの: {known}）。",
    en="Files of this type are not kept (known: {known}).",
    rule=rules_of_service.KNOWN_TYPES,
    next_ja="PDF などに書き出してから送ってください。",
    next_en="Export it, for instance as PDF, and send that.",
)
CONTENT_MISLABELLED = declare(
    415,
    "CONTENT_MISLABELLED",
    ja="ファイルの名前または形式は「{given}」ですが、中身は {found} です。",
    en="The name or media type says “{given}”, but the content is {found}.",
    rule=rules_of_service.NAMED_RIGHTLY,
    next_ja="正しい拡張子（{endings}）で送り直してください。",
    next_en="Send it again under its right ending ({endings}).",
)
CONTENT_MACROS = declare(
    415,
    "CONTENT_MACROS",
    ja="マクロを含むファイルは保管できません。",
    en="Files with macros are not kept.",
    rule=rules_of_service.DOES_NOTHING,
    next_ja="マクロなしの形式か PDF で保存し直してください。",
    next_en="Save it without macros, or as PDF.",
)
CONTENT_LOCKED = declare(
    415,
    "CONTENT_LOCKED",
    ja="パスワードで保護されたファイルは保管できません。",
    en="Files protected by a password are not kept.",
    rule=rules_of_service.READABLE_LATER,
    next_ja="保護を外して保存し直してください。",
    next_en="Save it without the protection.",
)

UNDECLARED = frozenset({"", "application/octet-stream"})
"""Media types that say nothing of what a file is."""

_PLAIN: dict[str, MediaType] = {
    "application/pdf": "application/pdf",
    "image/png": "image/png",
    "image/jpeg": "image/jpeg",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the older Office formats begin, and every encrypted one."""
_OFFICE = "application/vnd.openxmlformats-officedocument."
_MAIN_PARTS: dict[bytes, MediaType] = {
    b"wordprocessingml.document.main+xml": f"{_OFFICE}wordprocessingml.document",  # type: ignore[dict-item]
    b"spreadsheetml.sheet.main+xml": f"{_OFFICE}spreadsheetml.sheet",  # type: ignore[dict-item]
    b"presentationml.presentation.main+xml": f"{_OFFICE}presentationml.presentation",  # type: ignore[dict-item]
}
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MARKUP = re.compile(r"\ufeff?\s*(<[!?a-zA-Z]|#!|\{\\rtf|%!PS)")
_MOST_XML = 1 << 20


def type_of(file: IO[bytes]) -> MediaType:
    """The type of a file by its content; ``text/plain`` for every plain text. Refuses CONTENT_EMPTY,
    CONTENT_LOCKED, CONTENT_MACROS, CONTENT_ACTIVE, CONTENT_UNPACKS, and everything else as
    CONTENT_TYPE_REFUSED."""
    file.seek(0)
    begins = file.read(2048)
    if not begins:
        raise CONTENT_EMPTY()
    if begins.startswith(_OLE):
        raise CONTENT_LOCKED() if "EncryptedPackage".encode("utf-16-le") in _whole(file) else _refused()
    if begins.startswith(b"PK"):
        return _packed(file)
    media_type = _signed(file)
    if media_type == "application/pdf":
        content = _whole(file)
        if b"/Encrypt" in content:
            raise CONTENT_LOCKED()
        refuse_actions(content)
    return media_type or _text(file)


def declared_type(detected: MediaType, name: str | None, media_type: str) -> MediaType:
    """The type that a file of type ``detected`` is recorded with, given what it was called: its name's ending
    if it has a name, else its media type. Refuses CONTENT_MISLABELLED and CONTENT_TYPE_REFUSED."""
    alike: tuple[MediaType, ...] = ("text/plain", "text/csv") if detected == "text/plain" else (detected,)
    if name:
        ending = name.rpartition(".")[2].lower() if "." in name else ""
        chosen = [kind for kind in alike if ending in ENDINGS[kind]]
        ending_shown = f".{ending}" if re.fullmatch(r"[a-z0-9]{1,10}", ending) else "—"
    elif media_type in UNDECLARED:
        return detected
    else:
        chosen = [kind for kind in alike if kind == media_type]
        ending_shown = media_type[:80]
    if not chosen:
        known = ", ".join(f".{ending}" for kind in alike for ending in ENDINGS[kind])
        raise CONTENT_MISLABELLED(given=ending_shown, found=detected, endings=known)
    return chosen[0]


def _refused() -> Exception:
    return CONTENT_TYPE_REFUSED(known=", ".join(endings()))


def _whole(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _signed(file: IO[bytes]) -> MediaType | None:
    """The type of a file that begins as its format prescribes; None if it may be plain text."""
    file.seek(0)
    try:
        matches = puremagic.magic_stream(file)
    except (puremagic.PureError, ValueError):
        return None
    return next((_PLAIN[m.mime_type] for m in matches if m.mime_type in _PLAIN), None)


def _text(file: IO[bytes]) -> MediaType:
    """Plain text in UTF-8, without control characters, and not the text of a page or a program."""
    file.seek(0)
    decoder, first = codecs.getincrementaldecoder("utf-8")(), True
    while chunk := file.read(1 << 18):
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError:
            raise _refused() from None
        if _CONTROL.search(text) or (first and _MARKUP.match(text)):
            raise _refused()
        first = False
    if decoder.getstate()[0]:
        raise _refused()
    return "text/plain"


# ------------------------------------------------------------------------------------- packed formats


def _packed(file: IO[bytes]) -> MediaType:
    """The type of an Office or OpenDocument file."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as pack:
            if any(entry.flag_bits & 1 for entry in pack.infolist()):
                raise CONTENT_LOCKED()
            kind = _office(pack) or _open_document(pack)
            refuse_unbounded(pack)
            return kind
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, KeyError):
        raise _refused() from None


def _office(pack: zipfile.ZipFile) -> MediaType | None:
    names = pack.namelist()
    if "[Content_Types].xml" not in names:
        return None
    parts = _read(pack, "[Content_Types].xml")
    if b"macroEnabled" in parts or any(n.rpartition("/")[2].lower() == "vbaproject.bin" for n in names):
        raise CONTENT_MACROS()
    if holds_macros(pack):
        raise CONTENT_MACROS()
    refuse_elsewhere(pack)
    kinds = [kind for main, kind in _MAIN_PARTS.items() if main in parts]
    if len(kinds) != 1:
        raise _refused()
    return kinds[0]


def _open_document(pack: zipfile.ZipFile) -> MediaType:
    """OpenDocument 1.3 part 2: the first entry is ``mimetype``; macros are below Basic/ and Scripts/."""
    names = pack.namelist()
    media_type = _read(pack, "mimetype").decode("ascii").strip() if names[:1] == ["mimetype"] else ""
    kinds = [kind for kind in ENDINGS if kind == media_type and "opendocument" in kind]
    if not kinds:
        raise _refused()
    if b"encryption-data" in _read(pack, "META-INF/manifest.xml"):
        raise CONTENT_LOCKED()
    if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in names):
        raise CONTENT_MACROS()
    return kinds[0]


def _read(pack: zipfile.ZipFile, name: str) -> bytes:
    with pack.open(name) as part:
        return part.read(_MOST_XML)
