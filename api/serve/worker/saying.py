"""What the loop says itself, without the application: what is refused, what failed, that it ends."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from api.http import logs
from api.http.problems import INTERNAL
from api.serve.worker.connection import Connection
from api.serve.worker.fixed import ANSWER_LOST, Fixed
from api.serve.worker.holding import WRITE, Holding
from domain.values.refusal import Refusal


class Saying(Holding):
    """Answers that are fixed (fixed.py)."""

    def _refuse(self, connection: Connection, refused: Refusal, status: int) -> None:
        """Answer without the application having been asked, and end the connection."""
        path, accepted = connection.path, connection.field_of("ACCEPT-LANGUAGE")
        logs.refused(refused.code, status)
        if (known := self.fixed.known(refused, path, accepted)) is not None:
            self._say(connection, known, keep=False)
            return

        def render() -> None:
            answer = self.fixed.no(refused, status, path, accepted)
            self._soon(partial(self._say, connection, answer, keep=False))

        self._watch(connection, 0)
        connection.to("work")
        self.crews["health"].give("", render)

    def _say(self, connection: Connection, answer: Fixed, *, keep: bool) -> None:
        if connection not in self.connections:
            return
        method = connection.request.method if connection.request is not None else "GET"
        connection.answer = None
        connection.outgoing.sendall(answer.bytes_for(method, keep_alive=keep))
        connection.keep = keep
        if not keep:
            with suppress(OSError):
                connection.outgoing.flush()
            self._end_connection(connection, unread=True)
            return
        connection.to("sending")
        self._ready(connection, WRITE)

    def _failed(self, connection: Connection) -> None:
        """The application did not answer: say so, unless it has begun to."""
        if connection.answer is not None and connection.answer.headers_sent:
            self._drop(connection)
        else:
            self._refuse(connection, INTERNAL(), 500)

    def _lost(self, connection: Connection) -> None:
        """The worker ends: whoever waits for an answer is told so."""
        is_answered = connection.answer is not None and connection.answer.headers_sent
        known = self.fixed.known(ANSWER_LOST(), connection.path, connection.field_of("ACCEPT-LANGUAGE"))
        if connection.state == "work" and not is_answered and known is not None:
            with suppress(OSError):
                connection.sock.send(known.bytes_for("GET", keep_alive=False))
        self._drop(connection)
