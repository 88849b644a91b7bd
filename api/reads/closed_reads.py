"""That somebody of the office was shown what is closed to the public is noted: who, what, when.

A line of the access log for each thing that is closed in whole or in part, once an hour for an account: a
clerk who works on one matter all morning leaves a few lines, and not one for each look.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable

import sqlalchemy as sa
from cachetools import TTLCache
from flask import has_request_context

from api.access import access_log
from api.access.auth import current_caller
from domain.kernel.streams import entity_of
from projections.views.record.closed_parts import closed_part

AGAIN_AFTER = 3_600
_AT_ONCE = 400
_lately: TTLCache[tuple[str, str], bool] = TTLCache(maxsize=20_000, ttl=AGAIN_AFTER)
"""Which account was shown what within the hour, in this worker."""
_lock = threading.Lock()


def note_closed_reads(connection: sa.Connection, streams: Iterable[str | None]) -> None:
    """Leave a line for each of these streams of which anything is closed, if the caller sees it all the same;
    ``streams``: those that the answer tells of."""
    caller = current_caller() if has_request_context() else None  # a terminal is no reader with an account
    if caller is None:
        return
    with _lock:
        unseen = {s for s in streams if s and (caller.account_id, s) not in _lately}
    closed: list[str] = []
    wanted = sorted(unseen)
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        chosen = sa.select(closed_part.table.c.stream).where(closed_part.table.c.stream.in_(some))
        closed += connection.scalars(chosen.distinct())
    if closed:
        access_log.closed_parts_read(entity_of(stream) for stream in closed)
        with _lock:
            _lately.update({(caller.account_id, stream): True for stream in closed})


def forget() -> None:
    """Note everything anew."""
    with _lock:
        _lately.clear()
