"""Threads that carry out tasks. Whoever has tasks waiting gets a turn after everybody else has had one."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable

Task = Callable[[], None]


class Crew:
    """So many threads, and a line for each who asks: a thousand tasks of one keep nobody else waiting for
    more than one of them. Tasks raise nothing."""

    def __init__(self, name: str, size: int):
        self.name, self.size = name, size
        self.waiting = 0
        """How many tasks no thread has begun."""
        self._lines: dict[Hashable, deque[Task]] = {}
        self._turns: deque[Hashable] = deque()
        self._ready = threading.Condition(threading.Lock())
        self._since: dict[int, float] = {}
        for number in range(size):
            threading.Thread(target=self._work, args=(number,), name=f"{name}-{number}", daemon=True).start()

    def give(self, whose: Hashable, task: Task) -> None:
        """Have this done, in the turn of whoever asks for it."""
        with self._ready:
            line = self._lines.get(whose)
            if line is None:
                self._lines[whose] = deque((task,))
                self._turns.append(whose)
            else:
                line.append(task)
            self.waiting += 1
            self._ready.notify()

    def busy_for(self) -> float:
        """For how many seconds every thread has been at the same task; 0 if one is free."""
        since = list(self._since.values())
        return time.monotonic() - max(since) if len(since) == self.size else 0.0

    def _work(self, number: int) -> None:
        while True:
            task = self._next()
            self._since[number] = time.monotonic()
            try:
                task()
            finally:
                del self._since[number]

    def _next(self) -> Task:
        with self._ready:
            while not self._turns:
                self._ready.wait()
            whose = self._turns.popleft()
            line = self._lines[whose]
            task = line.popleft()
            if line:
                self._turns.append(whose)
            else:
                del self._lines[whose]
            self.waiting -= 1
            return task
