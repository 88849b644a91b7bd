"""Failed sign-ins, counted for a while, by user name and by address.

The count is in the memory of each worker: enough to make guessing a password of twelve characters hopeless,
with no table that grows and nothing to clean up.
"""

from __future__ import annotations

import time
from collections import deque

WINDOW = 15 * 60
MOST_KEPT = 10_000


class Failures:
    """Counts failures of each key within the last quarter of an hour."""

    def __init__(self) -> None:
        self._times: dict[str, deque[float]] = {}

    def count(self, key: str) -> int:
        """How often ``key`` failed lately."""
        times = self._times.get(key, deque())
        while times and times[0] < time.monotonic() - WINDOW:
            times.popleft()
        if not times:
            self._times.pop(key, None)
        return len(times)

    def add(self, key: str) -> None:
        """Note a failure. What is kept is bounded: the oldest key makes room."""
        if key not in self._times and len(self._times) >= MOST_KEPT:
            del self._times[next(iter(self._times))]
        self._times.setdefault(key, deque(maxlen=100)).append(time.monotonic())

    def forget(self, key: str) -> None:
        self._times.pop(key, None)
