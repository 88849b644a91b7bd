"""Looking at the record all the time, whether or not anybody asks for ``/readyz``: one thread of each worker.

So a change stands in the log within seconds, and the work of the night is begun.
"""

from __future__ import annotations

import os
import signal
import threading
import time

import structlog

from api.health.nightly import start_if_due
from api.health.readiness import Readiness

LOOK_EVERY = 10.0
"""Seconds between two looks."""
LOOK_AGAIN = 2.0
"""The same while something is not well."""
NIGHT_EVERY = 300.0
"""Seconds between two looks whether the work of the night is due; the first one this long after the start."""

log = structlog.get_logger("kyodo")


def end_in_order() -> None:
    """Let this worker finish what it is at; the service starts another in its place."""
    os.kill(os.getpid(), signal.SIGTERM)


class Monitor:
    """The thread. It ends with the process."""

    def __init__(self, readiness: Readiness, views_outdated: str):
        self.readiness, self._views_outdated = readiness, views_outdated
        self._night_at = time.monotonic() + NIGHT_EVERY
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="monitor", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more, and come back when nobody looks any more."""
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        ready = True
        while not self._ended.wait(LOOK_EVERY if ready else LOOK_AGAIN):
            try:
                ready, *_ = self.readiness.look(self._views_outdated)
                if not ready and self.readiness.is_of_the_past:
                    log.warning("replaced: this process alone cannot write", pid=os.getpid())
                    end_in_order()
                    return
                if time.monotonic() >= self._night_at:
                    self._night_at = time.monotonic() + NIGHT_EVERY
                    start_if_due(self.readiness.record, self.readiness.process.nightly_hour)
            except Exception as error:  # whatever it is, the next look is made
                log.error("health cannot be looked at", error=type(error).__name__)
