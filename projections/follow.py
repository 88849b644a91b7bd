"""Following the record from outside: for others who build views of their own.

This file needs nothing but Python: copy it, or import it. A follower asks the public API for what came after
the position it has stored, hands it over in order, and stores the new position afterwards. If it dies in
between, the same events come again: *at least once*. Who keeps the position in the database of the view, and
writes both in one transaction, has each event *exactly once*::

    follower = Follower("https://kyodo.example.jp", SQLitePositions(connection, "decisions"))
    follower.run(handle)          # handle(events: list[dict]) -> None, in a transaction

Events are as ``GET /api/v1/events`` gives them (docs/following.md). Positions grow; they may have holes (on
PostgreSQL a refused append leaves one), and nothing is ever put into a hole.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Protocol

Event = dict[str, Any]
Handle = Callable[[list[Event]], None]


class Positions(Protocol):
    """Where a follower keeps how far it is."""

    def load(self) -> int:
        """The position up to which everything was handled; 0 at first."""

    def store(self, position: int) -> None:
        """Keep it: durably, or with the transaction."""

    def transaction(self) -> AbstractContextManager[Any]:
        """Around the handling of some events and the storing of their position."""


class FilePositions:
    """A file that holds the position: replaced whole, so that it is never half written."""

    def __init__(self, path: str | Path):
        self.path = Path(path)

    def load(self) -> int:
        return int(self.path.read_text()) if self.path.exists() else 0

    def store(self, position: int) -> None:
        draft = self.path.with_name(self.path.name + ".new")
        with draft.open("w") as file:
            file.write(str(position))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)

    def transaction(self) -> AbstractContextManager[Any]:
        return nullcontext()


class SQLitePositions:
    """A table in the follower's own database: what it handles is committed together with the position."""

    def __init__(self, connection: sqlite3.Connection, name: str):
        self.connection, self.name = connection, name
        with connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS followed (name TEXT PRIMARY KEY, position INTEGER)"
            )

    def load(self) -> int:
        row = self.connection.execute("SELECT position FROM followed WHERE name=?", (self.name,)).fetchone()
        return int(row[0]) if row else 0

    def store(self, position: int) -> None:
        self.connection.execute(
            "INSERT INTO followed VALUES (?,?) ON CONFLICT (name) DO UPDATE SET position=excluded.position",
            (self.name, position),
        )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self.connection:
            yield


class Refused(RuntimeError):
    """The service will not answer this question, however often it is asked: its problem document."""

    def __init__(self, status: int, problem: str):
        self.status, self.problem = status, problem
        super().__init__(f"{status}: {problem}")


class Follower:
    """Reads the events of a record as they come.

    ``type``: only events of this type, e.g. ``CityDecisionRecorded``. ``wait``: seconds (0 to 25) for which
    the service may hold an empty answer; it answers at once if too many wait already. ``limit``: the most
    events handed over at once (1 to 200). ``token``: a bearer token, to see what its account may see.
    ``patience``: the longest pause (seconds) after failures, which grow from half a second. Raises
    :class:`Refused`.
    """

    def __init__(
        self,
        base: str,
        positions: Positions,
        *,
        token: str | None = None,
        type: str | None = None,
        wait: int = 20,
        limit: int = 200,
        patience: float = 30.0,
    ):
        self.base, self.positions, self.token = base.rstrip("/"), positions, token
        self.narrowed = {} if type is None else {"type": type}
        self.wait, self.limit, self.patience = wait, limit, patience
        self.stopped = threading.Event()

    def stop(self) -> None:
        """Let :meth:`run` end after the events it has in hand. May be called from anywhere."""
        self.stopped.set()

    def run(self, handle: Handle, *, until_caught_up: bool = False) -> None:
        """Hand over what comes, batch by batch, until stopped (or until there is nothing new)."""
        position = self.positions.load()
        while not self.stopped.is_set():
            events, looked_to, pause = self._ask(position, 0 if until_caught_up else self.wait)
            if looked_to > position:
                with self.positions.transaction():
                    if events:
                        handle(events)
                    position = looked_to
                    self.positions.store(position)
            if until_caught_up and not events:
                return
            self.stopped.wait(pause)

    def _ask(self, after: int, wait: int) -> tuple[list[Event], int, float]:
        """The next events, how far the log has been looked through for them, and how long to pause before
        asking again; after failures too, again and again."""
        failures = 0
        while not self.stopped.is_set():
            try:
                return self._get(after, wait)
            except urllib.error.HTTPError as error:
                if error.code < 500 and error.code != 429:
                    raise Refused(error.code, error.read().decode(errors="replace")) from None
                asked_for = float(error.headers.get("Retry-After") or 0)
            except (OSError, ValueError):
                asked_for = 0.0
            failures += 1
            pause = min(self.patience, 0.5 * 2 ** min(failures - 1, 10)) * random.uniform(0.5, 1)
            self.stopped.wait(max(pause, asked_for))
        return [], after, 0.0

    def _get(self, after: int, wait: int) -> tuple[list[Event], int, float]:
        query = urllib.parse.urlencode({"after": after, "limit": self.limit, "wait": wait, **self.narrowed})
        headers = {"Accept": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(f"{self.base}/api/v1/events?{query}", headers=headers)
        started = time.monotonic()
        with urllib.request.urlopen(request, timeout=wait + 30) as response:
            body = json.load(response)
            events: list[Event] = body["items"]
            pause = 0.0 if events else float(response.headers.get("Retry-After") or 0)
        if not events and not pause and time.monotonic() - started < 1:
            pause = 1.0  # a service that does not wait is not asked all the time
        return events, int(body["position"]), pause
