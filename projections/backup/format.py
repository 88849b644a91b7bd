"""What a backup is: a folder that can be read without this software.

============================  ==========================================================================
``backup.json``               what is in it: :class:`Manifest`
``log.ndjson``                a line for each event: position, stream, version, topic, and its bytes as text
``tables/<name>.ndjson``      a line for each row of a table that is not made from the log
``attachments/<sha256>``      the contents of documents
============================  ==========================================================================

It is the same from SQLite and from PostgreSQL, and can be put back into either. Views are not in it: they are
made from the log, and their digests tell whether they have come out the same. It holds what the vault holds,
names and addresses of people: keep it as the record itself is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from domain.rules import recording
from domain.values.refusal import refusal

FORMAT = 1
MANIFEST = "backup.json"
LOG_FILE = "log.ndjson"
ATTACHMENTS = "attachments"

BACKUP_UNUSABLE = refusal(
    "BACKUP_UNUSABLE",
    ja="この控えは使えません（{why}）。何も書き込んでいません。",
    en="This backup cannot be used ({why_en}). Nothing was written.",
    rule=recording.VERSIONS,
    next_ja="控えのフォルダーと、ソフトウェアの版を確かめてください。別の控えがあれば、それを使ってください。",
    next_en="Check the folder and the version of the software; use another backup if there is one.",
    kind="invalid",
)


class Part(msgspec.Struct, frozen=True):
    """A file of the backup: how many lines, and the SHA-256 of its bytes."""

    lines: int
    sha256: str


class ViewDigest(msgspec.Struct, frozen=True):
    """What a view showed at the position of the backup."""

    version: int
    fingerprint: str
    digest: str


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds. ``position``: that of the newest event; ``log`` and ``tables``: its files."""

    format: int
    record_id: str
    software: str
    revision: str
    database: str
    made_at: str
    position: int
    log: Part
    tables: dict[str, Part]
    views: dict[str, ViewDigest]
    attachments: list[str]
    missing: list[str]
    """Contents that events name and that were not there, or were not what was recorded."""
    settings: dict[str, Any]
    """The settings of the record, secrets left out."""


def write_lines(path: Path, rows: Iterable[dict[str, Any]]) -> Part:
    """Write a line of JSON for each row."""
    digest, count = hashlib.sha256(), 0
    with path.open("xb") as file:
        for row in rows:
            line = msgspec.json.encode(row) + b"\n"
            digest.update(line)
            file.write(line)
            count += 1
    return Part(count, digest.hexdigest())


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for line in file:
            yield msgspec.json.decode(line)


def part_of(path: Path) -> Part:
    """What a file is now. OSError if it is not there."""
    digest, count = hashlib.sha256(), 0
    with path.open("rb") as file:
        for line in file:
            digest.update(line)
            count += 1
    return Part(count, digest.hexdigest())


def read_manifest(folder: Path) -> Manifest:
    """What is in a backup, after every file has been looked at. Refuses ``BACKUP_UNUSABLE``."""
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError):
        raise _unusable(f"{MANIFEST} を読み取れません", f"{MANIFEST} cannot be read") from None
    if manifest.format != FORMAT:
        raise _unusable(f"形式 {manifest.format} です", f"it is of format {manifest.format}")
    files = {LOG_FILE: manifest.log} | {f"tables/{name}.ndjson": p for name, p in manifest.tables.items()}
    for name, part in files.items():
        try:
            part_read = part_of(folder / name)
        except OSError:
            raise _unusable(f"{name} がありません", f"{name} is missing") from None
        if part_read != part:
            raise _unusable(f"{name} が壊れています", f"{name} is damaged")
    return manifest


def _unusable(why: str, why_en: str) -> Exception:
    return BACKUP_UNUSABLE(why=why, why_en=why_en)
