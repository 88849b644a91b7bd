"""Waiting for what is recorded next: a follower asks with ``wait`` and is answered when there is something.

Whoever waits keeps a worker from everybody else: workers are of gunicorn's ``sync`` class, measured to be two
or three times as fast as threads on the pages. So at most ``FOLLOWERS`` requests wait at a time on a machine
(a lock on a file for each; the system lets go of it when a worker dies). Whoever finds no place is answered
at once, with nothing and with ``Retry-After``, and follows by asking now and then: nothing is lost by it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from flask import current_app, request

from api.http.problems import declare
from api.setup import rules_of_service
from api.setup.store import record_settings

MOST_SECONDS = 25
"""The longest that a request may wait: less than gunicorn's own patience."""
LOOK_EVERY = 0.25
"""Seconds between two looks at the log; SQLite has nothing that would tell."""
RETRY_AFTER = 5
"""Seconds after which a follower that finds no place asks again."""

WAIT_WRONG = declare(
    400,
    "WAIT_WRONG",
    ja="wait は0から{most}までの整数（秒）です。",
    en="wait is a whole number of seconds, from 0 to {most}.",
    rule=rules_of_service.WAITING,
    next_ja="wait=20 のように指定するか、省いてください。",
    next_en="Give something like wait=20, or leave it out.",
)

T = TypeVar("T")


def asked_to_wait() -> int:
    """For how many seconds the request may be answered later. Refuses ``WAIT_WRONG``."""
    text = request.args.get("wait", "0")
    if not (text.isascii() and text.isdecimal() and int(text[:3]) <= MOST_SECONDS):
        raise WAIT_WRONG(most=MOST_SECONDS).at("/wait")
    return int(text)


def wait_for(look: Callable[[], T], seconds: int) -> tuple[T, bool]:
    """What ``look`` gives, once it gives something, or when the time is over; and whether there was a place
    to wait."""
    found = look()
    if found or not seconds:
        return found, True
    with _place() as has_place:
        end = time.monotonic() + seconds
        while has_place and not found and time.monotonic() < end:
            time.sleep(LOOK_EVERY)
            found = look()
    return found, has_place


@contextmanager
def _place() -> Iterator[bool]:
    """One of the places for those who wait, if one is free."""
    for n in range(current_app.config["FOLLOWERS"]):
        file = os.open(_path(n), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            continue
        try:
            yield True
        finally:
            os.close(file)
        return
    yield False


def _path(n: int) -> Path:
    """The same for all workers of one service, and for nobody else."""
    service = hashlib.sha256(record_settings().signing_key().encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"kyodo-follower-{service}-{n}"
