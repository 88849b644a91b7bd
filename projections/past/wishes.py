"""Pasts that somebody wants to have: a few files in a folder, and one process that carries them out
(projections/past_worker.py)."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec

MOST_WISHES = 8
"""So many pasts wait to be made; whoever wants another is told that there are too many."""


class TooManyWishes(Exception):
    """Too many pasts wait to be made."""


class Wish(msgspec.Struct):
    """A past that somebody wants to have."""

    position: int
    known_on: str | None
    in_force_on: str | None


class Work(msgspec.Struct):
    """What the process that makes pasts is told: the record, the folder, how many bytes."""

    url: str
    folder: str
    most_bytes: int


def leave(name: str, wish: Wish, work: Work, before: Callable[[], None]) -> None:
    """Leave word that somebody wants this past, and see to it that somebody is at work. ``before`` may refuse
    a wish that nobody had yet. Raises :class:`TooManyWishes`."""
    folder = Path(work.folder) / "wishes"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{name}.json"
    if not path.exists():
        before()
        if len(list(folder.iterdir())) >= MOST_WISHES:
            raise TooManyWishes
        path.write_bytes(msgspec.json.encode(wish))
    start(work)


_started: list[subprocess.Popen[bytes]] = []


def start(work: Work) -> None:
    """Start the process that carries out wishes, unless there is one; it ends when there are none.

    It inherits the lock by which there is one for a folder, so that the lock is held from its first moment to
    its last, however it ends."""
    _started[:] = [process for process in _started if process.poll() is None]
    with open(Path(work.folder) / "work.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        command = [sys.executable, "-m", "projections.past_worker"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=[lock.fileno()])
    _started.append(process)
    assert process.stdin is not None
    with process.stdin, suppress(BrokenPipeError):
        # The address of the database may hold a password: it is not for the list of processes.
        process.stdin.write(msgspec.json.encode(work))
