"""Finished answers: bounded in bytes, the least recently wanted one makes room.

They are answers of one edition of the record. With another edition none is left, so nothing kept is ever out
of date, and nothing has to be told when something changes.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable
from dataclasses import dataclass

from cachetools import LRUCache

Header = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """A finished answer as it is sent. ``short``: the headers of a 304, which has no body; ``route``: the
    pattern of its address."""

    tag: str
    headers: list[Header]
    short: list[Header]
    body: bytes
    route: str | None = None

    @property
    def size(self) -> int:
        """About how many bytes it takes to keep."""
        return len(self.body) + sum(len(name) + len(value) + 150 for name, value in self.headers)


class KeptAnswers:
    """Answers by what was asked, as many as ``most`` bytes hold. May be used by several threads."""

    def __init__(self, most: int):
        self.most = most
        self._edition: Hashable = None
        self._kept = self._none()
        self._lock = threading.Lock()

    def _none(self) -> LRUCache[Hashable, Kept]:
        return LRUCache(self.most, getsizeof=lambda answer: answer.size)

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        return int(self._kept.currsize)

    def find(self, edition: Hashable, key: Hashable) -> Kept | None:
        """What was answered to this in this edition; None if it was not asked, or is not kept any more."""
        with self._lock:
            if edition != self._edition:
                self._edition, self._kept = edition, self._none()
            return self._kept.get(key)

    def keep(self, edition: Hashable, key: Hashable, answer: Kept) -> None:
        """Keep an answer that was begun in this edition, unless there is a newer one by now."""
        with self._lock:
            if edition == self._edition and answer.size <= self.most:
                self._kept[key] = answer
