"""Where a city's own templates and letterhead of papers lie: beside the record, never in the installed
package."""

from __future__ import annotations

from pathlib import Path

from api.setup.config import RecordSettings


def papers_folder(record: RecordSettings) -> Path:
    """The folder of papers: ``papers`` beside an SQLite record, else under ``var/``. It need not be there."""
    return record.past_folder.parent / "papers"
