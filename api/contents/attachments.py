"""Where the contents of documents are kept: files by the SHA-256 of what they are, beside the record.

A folder, or whatever else fsspec can reach (``ATTACHMENTS_URL``). A file appears whole or not at all, is not
written over, and is stored before the event that names it: the record never names what was not there. What no
event came to name is removed by a sweep, once it has been there long enough for its command to have ended.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
import structlog
from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from api.http.problems import declare
from api.setup import rules_of_service
from api.setup.config import CONFIG_UNUSABLE
from api.setup.store import record_settings
from domain.document.content import DocumentContentAttached, is_checksum
from projections.engine.log import events_after

CHUNK = 1 << 18
"""Bytes read at once."""
SWEPT_AFTER = dt.timedelta(hours=1)
"""No command takes longer than this between storing a file and recording it."""
DRAFT = "draft-"
"""How the name of a file begins that is still being written."""

CONTENT_TOO_LARGE = declare(
    413,
    "CONTENT_TOO_LARGE",
    ja="ファイルが大きすぎます（上限 {limit} バイト）。",
    en="The file is too large (at most {limit} bytes).",
    rule=rules_of_service.SIZE,
    next_ja="分けるか、画像の解像度を下げてから送ってください。",
    next_en="Split it, or lower the resolution of its pictures.",
)
CONTENT_MISSING = declare(
    503,
    "CONTENT_MISSING",
    ja="この文書のファイルは記録されていますが、保管場所に見つかりません。",
    en="The file of this document is on record, but it is not where files are kept.",
    rule=rules_of_service.ALL_PRESENT,
    next_ja="管理者に知らせてください。kyodo attachments で確かめ、控えから戻します。",
    next_en="Tell the administrator: kyodo attachments lists what is missing; restore it from a backup.",
)
CONTENT_DAMAGED = declare(
    503,
    "CONTENT_DAMAGED",
    ja="この文書のファイルは保管中に壊れており、記録されたものと一致しません。",
    en="The file of this document was damaged where it is held: it is not what was recorded.",
    rule=rules_of_service.ALL_PRESENT,
    next_ja="管理者に知らせてください。kyodo attachments で確かめ、控えから戻します。",
    next_en="Tell the administrator: kyodo attachments lists what is damaged; restore it from a backup.",
)

log = structlog.get_logger("kyodo")


@dataclass(frozen=True)
class Received:
    """Bytes that have arrived in full, in a file without a name that goes when it is closed."""

    file: IO[bytes]
    sha256: str
    size: int


@contextmanager
def receiving(chunks: Iterable[bytes], limit: int) -> Iterator[Received]:
    """Bytes as they arrive, on disk. Refuses ``CONTENT_TOO_LARGE`` for more than ``limit`` of them."""
    digest, size = hashlib.sha256(), 0
    with tempfile.TemporaryFile() as file:
        for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise CONTENT_TOO_LARGE(limit=f"{limit:,}")
            digest.update(chunk)
            file.write(chunk)
        yield Received(file, digest.hexdigest(), size)


class Attachments:
    """The files at one address. Refuses ``CONFIG_UNUSABLE`` for an address that cannot be used."""

    def __init__(self, url: str):
        try:
            self._fs, self._root = url_to_fs(url)
        except (ValueError, ImportError) as wrong:
            why, why_en = f"このアドレスは開けません: {wrong}", f"this address cannot be opened: {wrong}"
            raise CONFIG_UNUSABLE(name="ATTACHMENTS_URL", why=why, why_en=why_en) from None

    def path(self, sha256: str) -> str:
        """Where the file with this SHA-256 is, within the file system."""
        return f"{self._root}/{sha256[:2]}/{sha256}"

    def keep(self, received: Received) -> None:
        """Store the bytes; if they are there already, they count as stored now."""
        received.file.seek(0)
        if isinstance(self._fs, LocalFileSystem):
            _link_into(Path(self.path(received.sha256)), received.file)
            return
        # Object stores publish an object when its upload is committed; the same bytes change nothing.
        self._fs.makedirs(f"{self._root}/{received.sha256[:2]}", exist_ok=True)
        target = self._fs.open(self.path(received.sha256), "wb", autocommit=False)
        try:
            shutil.copyfileobj(received.file, target, CHUNK)
        except BaseException:
            target.discard()
            raise
        target.close()
        target.commit()

    def keep_bytes(self, content: bytes) -> None:
        """Store content that is in memory."""
        with receiving([content], len(content)) as received:
            self.keep(received)

    def open(self, sha256: str) -> IO[bytes]:
        """The file, to read from any place; it is what the record says, or nobody gets it. Refuses
        ``CONTENT_MISSING``, ``CONTENT_DAMAGED``."""
        try:
            file: IO[bytes] = self._fs.open(self.path(sha256), "rb")
        except FileNotFoundError:
            raise CONTENT_MISSING() from None
        readable: Any = file
        if hashlib.file_digest(readable, "sha256").hexdigest() != sha256:
            file.close()
            log.error("the content of a document is damaged", sha256=sha256)
            raise CONTENT_DAMAGED()
        file.seek(0)
        return file

    def digest(self, sha256: str) -> str | None:
        """The SHA-256 of what the file holds now; None if it is not there."""
        try:
            with self._fs.open(self.path(sha256), "rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            return None

    def sweep(self, recorded: Iterable[str], now: dt.datetime) -> list[str]:
        """Remove the files that no event names and that have been there long enough; their names."""
        swept, named = [], frozenset(recorded)
        for path in self._fs.find(self._root) if self._fs.exists(self._root) else ():
            name = str(path).rpartition("/")[2]
            if name in named or not (is_checksum(name) or name.startswith(DRAFT)):
                continue
            stored_at: dt.datetime = self._fs.modified(path)
            if now - stored_at.astimezone(dt.UTC) > SWEPT_AFTER:
                self._fs.rm_file(path)
                swept.append(name)
        return sorted(swept)


def attachments() -> Attachments:
    """The files of the current application's record."""
    return Attachments(record_settings().attachments)


def most_bytes() -> int:
    """The most bytes that the content of a document may have."""
    return record_settings().max_attachment


def recorded_contents(connection: sa.Connection) -> dict[str, list[str]]:
    """Every SHA-256 that the record says is held, with the documents it is the content of."""
    contents: dict[str, list[str]] = {}
    after = 0
    while page := events_after(connection, after, types=[DocumentContentAttached.__name__], limit=1_000):
        for e in page:
            contents.setdefault(e.data.sha256, []).append(e.entity)
        after = page[-1].position
    return contents


def recorded_types(connection: sa.Connection) -> dict[str, str]:
    """Every SHA-256 that the record says is held, with the type of the file."""
    types: dict[str, str] = {}
    after = 0
    while page := events_after(connection, after, types=[DocumentContentAttached.__name__], limit=1_000):
        types.update((e.data.sha256, e.data.media_type) for e in page)
        after = page[-1].position
    return types


def _link_into(target: Path, file: IO[bytes]) -> None:
    """Write a file beside its place and link it there: whole, on the disk, and only if there is none."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_name(f"{DRAFT}{os.getpid()}-{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "wb") as written:
            shutil.copyfileobj(file, written, CHUNK)
            written.flush()
            os.fsync(written.fileno())
        try:
            os.link(draft, target)
        except FileExistsError:
            os.utime(target)  # a sweep leaves it to this command
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
