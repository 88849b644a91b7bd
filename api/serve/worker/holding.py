"""What a worker holds: its connections, the selector that tells of them, and its crews of threads.

The parts of a connection's way stand in files of their own, one for each: how it arrives (arriving.py),
how its request is answered (answering.py), what is said without the application (saying.py), where a request
waits (waiting.py), and what time it has (deadlines.py). All of it is one worker (loop.py).
"""

from __future__ import annotations

import os
import selectors
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial

import structlog
from gunicorn.workers.base import Worker

from api.serve.worker.connection import Connection
from api.serve.worker.crew import Crew
from api.serve.worker.fixed import Fixed, FixedAnswers
from api.serve.worker.follow import LogWatch
from api.setup.config import ProcessSettings
from domain.values.refusal import Refusal

log = structlog.get_logger("kyodo")

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
MOST_ON_DISK = 512 << 20
"""Bytes of bodies and answers that wait in files, all connections together."""


class Holding(Worker):  # type: ignore[misc]
    """The connections of one process. Everything here but :meth:`_soon` is done by the loop's own thread."""

    selector: selectors.BaseSelector
    connections: dict[Connection, None]
    deferred: deque[Callable[[], None]]
    asleep: bool
    stopping_since: float | None
    """Since when nothing new is taken; None as long as the worker serves."""
    stuck: bool
    process: ProcessSettings
    most: int
    """So many connections are held."""
    most_of: Callable[[str], int]
    """So many bytes a body sent to an address may have."""
    crews: dict[str, Crew]
    fixed: FixedAnswers
    log_watch: LogWatch

    # -- the steps of a connection's way, each told in its own file

    def _receive(self, connection: Connection) -> None:
        raise NotImplementedError

    def _take_head(self, connection: Connection) -> None:
        raise NotImplementedError

    def _dispatch(self, connection: Connection) -> None:
        raise NotImplementedError

    def _send(self, connection: Connection) -> None:
        raise NotImplementedError

    def _refuse(self, connection: Connection, refused: Refusal, status: int) -> None:
        raise NotImplementedError

    def _say(self, connection: Connection, answer: Fixed, *, keep: bool) -> None:
        raise NotImplementedError

    def _failed(self, connection: Connection) -> None:
        raise NotImplementedError

    def _end_connection(self, connection: Connection, *, unread: bool) -> None:
        raise NotImplementedError

    # -- what all of them share

    def _soon(self, act: Callable[[], None]) -> None:
        """Let the loop do this. May be called from any thread."""
        self.deferred.append(act)
        if self.asleep:
            with suppress(OSError):  # a full pipe wakes it as well
                os.write(self.PIPE[1], b".")

    def _awake(self, _: int) -> None:
        with suppress(OSError):
            os.read(self.PIPE[0], 4_096)

    def _watch(self, connection: Connection, mask: int) -> None:
        """Let the selector tell of these events of a connection, and of no others."""
        if mask == connection.mask:
            return
        if not connection.mask:
            self.selector.register(connection.sock, mask, partial(self._ready, connection))
        elif mask:
            self.selector.modify(connection.sock, mask, partial(self._ready, connection))
        else:
            self.selector.unregister(connection.sock)
        connection.mask = mask

    def _ready(self, connection: Connection, mask: int) -> None:
        try:
            if mask & WRITE:
                self._send(connection)
            else:
                self._receive(connection)
        except OSError:
            self._drop(connection)
        except Exception as error:
            log.error("connection failed", exc_info=error)
            self._drop(connection)

    def _on_disk(self) -> int:
        return sum(c.outgoing.filed + (c.body.arrived if c.body is not None else 0) for c in self.connections)

    def _drop(self, connection: Connection) -> None:
        """Close a connection, whatever state it is in."""
        if connection not in self.connections:
            return
        del self.connections[connection]
        self._watch(connection, 0)
        parts, connection.parts = connection.parts, None
        connection.outgoing.close()
        if connection.body is not None and connection.state != "work":
            connection.body.file.close()
        with suppress(OSError):
            connection.sock.close()
        if parts is not None and connection.state != "work":
            self.crews["read"].give("", partial(close_parts, parts))


def close_parts(parts: Iterable[bytes]) -> None:
    """Tell the application that its answer is done with (PEP 3333)."""
    close = getattr(parts, "close", None)
    if close is not None:
        close()
