"""Under the append's lock: does what a decision was read from still stand (domain/recording/read_set.py)?

Nobody else appends while this is asked. So a stream has the version at which it was read, or somebody was
faster, and the command is decided anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from eventsourcing.persistence import IntegrityError

from projections.tables.log_table import LOG

AT_ONCE = 500
"""Streams asked for in one SELECT."""


class ReadSetChanged(IntegrityError):
    """Something that the decision was read from is not what it was. Nothing has been recorded."""


def ask_versions(new_cursor: Callable[[], Any], postgres: bool, streams: Mapping[str, int]) -> Iterator[Any]:
    """Ask for the newest version of each of these streams; a cursor for each part of them."""
    names = sorted(streams)
    mark = "%s" if postgres else "?"
    for start in range(0, len(names), AT_ONCE):
        part = names[start : start + AT_ONCE]
        cursor = new_cursor()
        cursor.execute(
            f"SELECT originator_id, max(originator_version) FROM {LOG} "
            f"WHERE originator_id IN ({','.join([mark] * len(part))}) GROUP BY originator_id",
            part,
        )
        yield cursor


def refuse_changed(
    cursors: Iterator[Any], streams: Mapping[str, int], answers_stand: Callable[[], bool]
) -> None:
    """Raise :class:`ReadSetChanged` unless every stream has this version, and views answer as they did."""
    versions = {stream: version for cursor in cursors for stream, version in cursor.fetchall()}
    changed = [stream for stream, version in streams.items() if versions.get(stream, 0) != version]
    if changed:
        raise ReadSetChanged(f"others have written to {', '.join(sorted(changed)[:5])} since it was read")
    if not answers_stand():
        raise ReadSetChanged("what a view answered to a rule has changed")
