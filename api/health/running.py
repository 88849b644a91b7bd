"""A mark that the service runs: whoever starts it next sees whether it ended in order the last time.

A service that is killed, with its machine or alone, can say nothing any more. The next start says it.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from pathlib import Path

import structlog

from api.setup.config import RecordSettings

log = structlog.get_logger("kyodo")


def begins(record: RecordSettings, port: int, *, first: bool = True) -> None:
    """Leave the mark. ``first``: this is a service's first worker; a mark that is there already was left by a
    service that was killed."""
    mark = _mark(record, port)
    with suppress(OSError):  # a disk that takes nothing is told of by other checks
        mark.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if mark.exists():
            if first:
                log.warning("the service had ended without a word", began=mark.read_text().strip(), port=port)
            else:
                return
        mark.write_text(dt.datetime.now(dt.UTC).isoformat(timespec="seconds"))


def ends(record: RecordSettings, port: int) -> None:
    """Take the mark away: the service ends in order."""
    with suppress(OSError):
        _mark(record, port).unlink(missing_ok=True)


def _mark(record: RecordSettings, port: int) -> Path:
    return record.outcome_file.path.with_name(f"running-{port}")
