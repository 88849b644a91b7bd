"""Where requests wait without a thread: for what is recorded next, or for another's answer."""

from __future__ import annotations

from functools import partial
from typing import Any

from gunicorn.http import wsgi

from api.http import logs
from api.serve.worker.connection import Connection
from api.serve.worker.holding import READ, Holding


class Waiting(Holding):
    """Followers, and those who ask the same."""

    def _end(self, connection: Connection) -> bool:
        raise NotImplementedError

    def _made(self, connection: Connection) -> None:
        raise NotImplementedError

    def _has_room(self) -> bool:
        return sum(c.state == "waiting" for c in list(self.connections)) < self.process.followers

    def _waits(self, connection: Connection) -> None:
        """A request waits at its place, without a thread."""
        connection.to("waiting")
        connection.answer = None
        self._watch(connection, READ)
        for other in connection.alike:
            other.place.position = connection.place.position
            other.to("waiting")
            self._watch(other, READ)
        connection.alike = []
        if connection.place.position is not None:
            self.log_watch.look()
        if self.stopping_since is not None or connection.place.is_woken:
            self._wake(connection)

    def _ask_alone(self, others: list[Connection]) -> None:
        for other in others:
            if other in self.connections:
                self._dispatch(other)

    def _wake_soon(self, connection: Connection, request: Any) -> None:
        connection_is_there = partial(self._wake, connection, request)
        self._soon(connection_is_there)

    def _wake(self, connection: Connection, request: Any = None) -> None:
        """Ask the request of a waiting connection again."""
        if connection.state == "waiting" and request in (None, connection.request):
            self._dispatch(connection)

    def _grown(self, position: int) -> bool:
        """The log ends at this position now: ask those again who wait for that; whether others still wait."""
        others = False
        alike: dict[Any, Connection] = {}
        for connection in list(self.connections):
            if connection.state != "waiting" or connection.place.position is None:
                continue
            if connection.place.position == position:
                others = True
                continue
            first = alike.setdefault(connection.asked_by_anybody() or connection, connection)
            if first is not connection:  # a thousand followers ask the same: answered once, sent to all
                self._watch(connection, 0)
                connection.to("work")
                first.alike.append(connection)
        for first in alike.values():
            self._wake(first)
        return others

    def _share(self, connection: Connection, parts: list[bytes]) -> None:
        """Give those who ask the same what one of them was answered. In a crew's thread."""
        while connection.alike:
            other = connection.alike.pop()
            try:
                answer, other.environ = wsgi.create(
                    other.request, other.outgoing, other.peer, other.server, self.cfg
                )
                other.environ |= {logs.ROUTE: connection.environ.get(logs.ROUTE)}
                other.answer, other.place.is_taken = answer, False
                answer.start_response(connection.answer.status, connection.answer.headers)
                for part in parts:
                    answer.write(part)
                self._end(other)
            except OSError:
                self._soon(partial(self._drop, other))
            else:
                self._soon(partial(self._made, other))
