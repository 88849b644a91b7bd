"""A shelf of finished answers: bounded in bytes, the least recently wanted one makes room.

The shelf holds answers of one edition of the record. With another edition it is empty again, so nothing on it
is ever out of date, and nothing has to be told when something changes.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

Header = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """A finished answer as it is sent. ``short``: the headers of a 304, which has no body."""

    tag: str
    headers: list[Header]
    short: list[Header]
    body: bytes

    @property
    def size(self) -> int:
        """About how many bytes it takes to keep."""
        return len(self.body) + sum(len(name) + len(value) + 150 for name, value in self.headers)


class Shelf:
    """Answers by what was asked, as many as ``most`` bytes hold. May be used by several threads."""

    def __init__(self, most: int):
        self.most = most
        self.size = 0
        self._edition: Hashable = None
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, edition: Hashable, asked: Hashable) -> Kept | None:
        """What was answered to this in this edition; None if it was not asked, or is not kept any more."""
        with self._lock:
            if edition != self._edition:
                self._kept.clear()
                self._edition, self.size = edition, 0
            found = self._kept.get(asked)
            if found is not None:
                self._kept.move_to_end(asked)
            return found

    def keep(self, edition: Hashable, asked: Hashable, answer: Kept) -> None:
        """Keep an answer that was begun in this edition, unless there is a newer one by now."""
        with self._lock:
            if edition != self._edition or answer.size > self.most:
                return
            replaced = self._kept.pop(asked, None)
            self.size += answer.size - (replaced.size if replaced is not None else 0)
            self._kept[asked] = answer
            while self.size > self.most:
                self.size -= self._kept.popitem(last=False)[1].size
