"""Where the catalogues of further languages lie: beside the record, never in the installed package."""

from __future__ import annotations

from pathlib import Path

from api.setup.config import RecordSettings


def words_folder(record: RecordSettings) -> Path:
    """The folder of imported catalogues: ``words`` beside an SQLite record, else under ``var/``."""
    return record.past_folder.parent / "words"
