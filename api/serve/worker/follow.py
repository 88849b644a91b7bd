"""Looking for what is recorded next, once for all who wait for it in a worker."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import sqlalchemy as sa
import structlog
from flask import Flask

from api.setup.store import StoreHolder
from domain.values.refusal import Refusal
from projections.engine.log import head

log = structlog.get_logger("kyodo")

LOOK_EVERY = 0.25
"""Seconds between two looks at the log; SQLite has nothing that would tell."""


class LogWatch:
    """A thread that looks where the log ends, as long as somebody waits for more.

    ``tell`` is called by ``soon`` with each position that was seen, and says whether others still wait.
    """

    def __init__(self, app: Flask, soon: Callable[[Callable[[], None]], None], tell: Callable[[int], bool]):
        self._holder: StoreHolder = app.extensions["kyodo-store"]
        self._soon, self._tell = soon, tell
        self._wanted = threading.Event()
        threading.Thread(target=self._watch, name="follow", daemon=True).start()

    def look(self) -> None:
        """Look from now on: somebody waits."""
        self._wanted.set()

    def _watch(self) -> None:
        pause = threading.Event()
        while self._wanted.wait():
            try:
                with self._holder.get().engine.connect() as connection:
                    self._soon(partial(self._told, head(connection)))
            except (sa.exc.SQLAlchemyError, Refusal) as error:
                log.warning("followers wait without a database", error=type(error).__name__)
                pause.wait(5)
            pause.wait(LOOK_EVERY)

    def _told(self, position: int) -> None:
        """In the loop, which alone knows who waits."""
        if not self._tell(position):
            self._wanted.clear()
