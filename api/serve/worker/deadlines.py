"""What time a connection has in each of its states, and a crew for one request.

Deadlines are those of Apache's mod_reqtimeout: so many seconds, and longer for who keeps sending or reading
at a least rate.
"""

from __future__ import annotations

import socket
import struct
import time

import structlog

from api.serve.worker.connection import Connection
from api.serve.worker.fixed import REQUEST_SLOW
from api.serve.worker.waiting import Waiting

log = structlog.get_logger("kyodo")

IDLE_SECONDS = 5.0
"""For so long a connection is kept that has been answered and asks nothing more."""
ENDING_SECONDS = 2.0
"""For so long what still comes is read and thrown away, so that the answer is not lost to a reset."""
STUCK_SECONDS = 120.0
"""Once every thread of a crew has been at one request for so long, the worker is replaced."""


class Deadlines(Waiting):
    """Looked at twice a second."""

    def _look_at_the_clock(self, now: float) -> None:
        for connection in list(self.connections):
            allowed = self._allowed(connection)
            if allowed is None or now - connection.since < allowed:
                continue
            if connection.state in ("head", "body"):
                self._refuse(connection, REQUEST_SLOW(), 408)
            elif connection.state == "waiting":
                self._wake(connection)
            else:
                if connection.state == "sending":  # nothing of it is kept for a reader who was given up
                    reset = struct.pack("ii", 1, 0)
                    connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
                self._drop(connection)
        for crew in self.crews.values():
            if not self.stuck and crew.busy_for() > STUCK_SECONDS and self.alive:
                self.stuck = True
                log.error("every thread is stuck", crew=crew.name, waiting=crew.waiting)

    def _allowed(self, connection: Connection) -> float | None:
        """For how many seconds a connection may be in its state."""
        process, rate = self.process, self.process.least_rate
        match connection.state:
            case "idle":
                return IDLE_SECONDS if connection.requests else float(process.head_seconds)
            case "head":
                return float(process.head_seconds)
            case "body":
                arrived = connection.body.arrived if connection.body is not None else 0
                return float(process.body_seconds + arrived / rate)
            case "sending":
                outgoing = connection.outgoing
                still = time.monotonic() - max(outgoing.moved, connection.since)
                return 0.0 if still > process.write_seconds else process.write_seconds + outgoing.sent / rate
            case "ending":
                return ENDING_SECONDS
            case "waiting":
                return max(0.0, float(connection.place.until) - connection.since)
            case _:
                return None
