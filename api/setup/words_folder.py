"""Where the catalogues of further languages lie: beside the record, never in the installed package."""

from __future__ import annotations

from pathlib import Path

from api.setup.config import Config


def words_folder(config: Config) -> Path:
    """The folder of imported catalogues: ``words`` beside an SQLite record, else under ``var/``."""
    return config.past_folder.parent / "words"
