"""How a request is answered: by a thread of a crew, and sent at its reader's pace."""

from __future__ import annotations

import socket
import time
import uuid
from contextlib import suppress
from functools import partial

import structlog
from gunicorn.http import wsgi

from api.http import logs
from api.http.waiting import PLACE
from api.serve.worker.arriving import AT_ONCE, SAFE
from api.serve.worker.connection import Connection
from api.serve.worker.fixed import SERVICE_BUSY
from api.serve.worker.holding import MOST_ON_DISK, READ, WRITE, close_parts
from api.serve.worker.places import Place
from api.serve.worker.waiting import Waiting

log = structlog.get_logger("kyodo")

MOST_WAITING = {"read": 2_000, "write": 200, "follow": 10_000, "health": 1_000}
"""So many requests wait for a thread of each crew; more are refused at once (503)."""


class Answering(Waiting):
    """From a whole request to an answer that is out."""

    def _dispatch(self, connection: Connection) -> None:
        """Give a whole request to a crew."""
        self._watch(connection, 0)
        connection.to("work")
        request = connection.request
        name = "read" if request.method in SAFE else "write"
        if request.path == "/readyz":
            name = "health"
        elif connection.place is not None and connection.place.is_following:
            name = "follow"
        crew = self.crews[name]
        if crew.waiting >= MOST_WAITING[name]:
            self._refuse(connection, SERVICE_BUSY(), 503)
            return
        if connection.place is None and name == "read":
            connection.place = Place(partial(self._wake_soon, connection, request), self._has_room)
        crew.give(connection.whose, partial(self._work, connection))

    def _work(self, connection: Connection) -> None:
        """Let the application answer a request. In a crew's thread; raises nothing."""
        try:
            is_done = self._begin(connection) if connection.parts is None else self._go_on(connection)
        except OSError:
            self._soon(partial(self._drop, connection))
            return
        except Exception as error:
            log.error("answer failed", exc_info=error)
            self._soon(partial(self._failed, connection))
            return
        finally:
            if connection.alike and not (connection.place and connection.place.is_taken):
                self._soon(partial(self._ask_alone, connection.alike))
                connection.alike = []
        self._soon(partial(self._waits if is_done is None else self._made, connection))

    def _begin(self, connection: Connection) -> bool | None:
        """The beginning of an answer, or all of it: whether it is all; None if the request waits."""
        request, place = connection.request, connection.place
        answer, environ = wsgi.create(
            request, connection.outgoing, connection.peer, connection.server, self.cfg
        )
        connection.answer, connection.environ = answer, environ
        environ |= {"wsgi.multithread": True, logs.REQUEST_ID: str(uuid.uuid4())}
        if place is not None:
            place.is_taken = place.is_woken = False
            environ[PLACE] = place
        if not self.alive:
            answer.force_close()
        parts = self.wsgi(environ, answer.start_response)
        if place is not None and place.is_taken:
            close_parts(parts)
            return None
        connection.parts = parts
        if isinstance(parts, environ["wsgi.file_wrapper"]):
            return self._go_on(connection)
        shared: list[bytes] = []
        try:
            for part in parts:
                answer.write(part)
                if connection.alike:
                    shared.append(part)
                if connection.outgoing.filed > MOST_ON_DISK:
                    raise OSError("an answer without an end")
        finally:
            close_parts(parts)
        self._share(connection, shared)
        return self._end(connection)

    def _go_on(self, connection: Connection) -> bool:
        """Some more of a file, as much as is sent at once."""
        for part in connection.parts:
            connection.answer.write(part)
            if connection.outgoing.waiting >= AT_ONCE:
                connection.outgoing.flush()
                return False
        close_parts(connection.parts)
        return self._end(connection)

    def _end(self, connection: Connection) -> bool:
        connection.answer.close()
        connection.parts = None
        connection.keep = not connection.answer.should_close()
        connection.outgoing.flush()
        return True

    def _made(self, connection: Connection) -> None:
        """A thread has given back a connection, with something to send."""
        if connection not in self.connections:
            return
        connection.to("sending")
        self._ready(connection, WRITE)

    def _send(self, connection: Connection) -> None:
        if not connection.outgoing.flush():
            self._watch(connection, WRITE)
        elif connection.parts is not None:
            self._watch(connection, 0)
            connection.to("work")
            self.crews["read"].give(connection.whose, partial(self._work, connection))
        else:
            self._answered(connection)

    def _answered(self, connection: Connection) -> None:
        """An answer is out: what comes next on this connection."""
        if connection.answer is not None:
            self._log_line(connection)
        keep = connection.keep and self.stopping_since is None
        unread = connection.body is not None and connection.body.is_too_long
        connection.finished()
        if not keep:
            self._end_connection(connection, unread=unread)
            return
        connection.to("idle")
        if connection.received:
            self._take_head(connection)
        else:
            self._watch(connection, READ)

    def _end_connection(self, connection: Connection, *, unread: bool) -> None:
        if not unread:
            self._drop(connection)
            return
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_WR)
        connection.to("ending")
        self._watch(connection, READ)

    def _log_line(self, connection: Connection) -> None:
        answer, environ = connection.answer, connection.environ
        logs.answered(
            environ,
            status=answer.status_code,
            milliseconds=(time.monotonic() - connection.began) * 1_000,
            size=connection.outgoing.sent,
        )
