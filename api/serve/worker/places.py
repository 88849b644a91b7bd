"""A place for a request that waits: it holds no thread, and its request is asked again when it is woken.

The application finds its place in the environment of a request (api/http/waiting.py), says that it waits
there and gives up the thread. What it says then reaches nobody.
"""

from __future__ import annotations

import time
from collections.abc import Callable


class Place:
    """Where one request waits. ``wake`` may be called from any thread, and more than once."""

    def __init__(self, wake: Callable[[], None], has_room: Callable[[], bool]):
        self._wake = wake
        self._has_room = has_room
        self.is_woken = False
        self.is_taken = False
        """Whether the request waits: what it was answered is not sent."""
        self.until = 0.0
        """Until when it waits (monotonic seconds)."""
        self._events_until: float | None = None
        self.position: int | None = None
        """Up to where it has seen the log, if it waits for what is recorded next."""
        self.has_waited = False
        """Whether it has waited for somebody else's answer before."""

    def wake(self) -> None:
        """Have the request asked again."""
        self.is_woken = True
        self._wake()

    def wait_for_events(self, seconds: float, position: int) -> bool:
        """Wait for an event after ``position``, for so many seconds since it was first asked. False if there
        is no place left, or the time is over."""
        now = time.monotonic()
        if self._events_until is None:
            if not self._has_room():
                return False
            self._events_until = now + seconds
        if now >= self._events_until:
            return False
        self.until, self.position, self.is_taken = self._events_until, position, True
        return True

    @property
    def is_following(self) -> bool:
        """Whether it waits, or has waited, for events."""
        return self._events_until is not None

    def wait_for_answer(self, seconds: float) -> bool:
        """Wait until the same has been answered to somebody else, who then calls :attr:`wake`. False if it
        has done so before."""
        if self.has_waited:
            return False
        self.has_waited = self.is_taken = True
        self.until, self.position = time.monotonic() + seconds, None
        return True
