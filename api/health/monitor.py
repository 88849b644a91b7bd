"""Looking at the record all the time, whether or not anybody asks for ``/readyz``: one thread of each worker.

So a change stands in the log within seconds, and the work of the night is begun.
"""

from __future__ import annotations

import threading
import time

import structlog

from api.health.nightly import start_if_due
from api.health.readiness import Readiness

LOOK_EVERY = 10.0
"""Seconds between two looks."""
NIGHT_EVERY = 300.0
"""Seconds between two looks whether the work of the night is due; the first one this long after the start."""

log = structlog.get_logger("kyodo")


class Monitor:
    """The thread. It ends with the process."""

    def __init__(self, readiness: Readiness, views_outdated: str):
        self.readiness, self._views_outdated = readiness, views_outdated
        self._night_at = time.monotonic() + NIGHT_EVERY
        threading.Thread(target=self._watch, name="monitor", daemon=True).start()

    def _watch(self) -> None:
        pause = threading.Event()
        while not pause.wait(LOOK_EVERY):
            try:
                self.readiness.look(self._views_outdated)
                if time.monotonic() >= self._night_at:
                    self._night_at = time.monotonic() + NIGHT_EVERY
                    start_if_due(self.readiness.record, self.readiness.process.nightly_hour)
            except Exception as error:  # whatever it is, the next look is made
                log.error("health cannot be looked at", error=type(error).__name__)
