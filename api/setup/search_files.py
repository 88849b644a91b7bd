"""What a search reads beside the record: the city's list of words, and the texts of attached files."""

from __future__ import annotations

from pathlib import Path

from api.setup.config import RecordSettings


def list_of_words(record: RecordSettings) -> Path:
    """The city's list: ``search/words.toml`` beside an SQLite record, else under ``var/``. It need not be
    there."""
    return record.past_folder.parent / "search" / "words.toml"


def texts_of_files(record: RecordSettings) -> Path:
    """The texts of attached files, made from them."""
    return record.past_folder.parent / "texts" / "texts.sqlite"


def state_of(record: RecordSettings) -> str:
    """What is another when either file is."""
    states = []
    for path in (list_of_words(record), texts_of_files(record)):
        try:
            stat = path.stat()
            states.append(f"{stat.st_mtime_ns} {stat.st_size}")
        except OSError:
            states.append("")
    return "/".join(states)
