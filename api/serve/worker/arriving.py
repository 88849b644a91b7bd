"""How a connection arrives: it is accepted, its head is read until it is whole, and its body."""

from __future__ import annotations

import socket
import time
from contextlib import suppress

import structlog

from api.http.problems import BODY_TOO_LARGE
from api.serve.worker.connection import Connection, network_of
from api.serve.worker.fixed import ADDRESS_TOO_LONG, HEAD_TOO_LARGE, SERVICE_BUSY, refusal_of
from api.serve.worker.holding import MOST_ON_DISK, READ, Holding
from api.serve.worker.incoming import MOST_OF_HEAD, Body, parsed

log = structlog.get_logger("kyodo")

SAFE = ("GET", "HEAD", "OPTIONS")
AT_ONCE = 64 << 10
ACCEPTED_AT_ONCE = 32
MOST_IN_KERNEL = 128 << 10
"""Bytes of an answer that the system keeps for a reader who is slow; it doubles the figure."""


class Arriving(Holding):
    """From the first byte to a whole request."""

    def _accept(self, listener: socket.socket, _: int) -> None:
        for _turn in range(ACCEPTED_AT_ONCE):
            try:
                sock, peer = listener.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError as error:  # no file left for it
                log.error("no connection accepted", error=str(error))
                self._make_room()
                return
            sock.setblocking(False)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MOST_IN_KERNEL)
            if len(self.connections) >= self.most:
                self._make_room()
            connection = Connection(sock, peer, listener.getsockname())
            self.connections[connection] = None
            self._ready(connection, READ)

    def _make_room(self) -> None:
        """Whoever has said least for longest gives up the place."""
        for states in (("idle",), ("head",), ("ending",), ("body", "sending")):
            candidates = [c for c in self.connections if c.state in states]
            if candidates:
                self._drop(min(candidates, key=lambda c: c.since))
                return

    def _receive(self, connection: Connection) -> None:
        try:
            data = connection.sock.recv(AT_ONCE)
        except BlockingIOError:
            self._watch(connection, READ)
            return
        if not data:
            self._drop(connection)
        elif connection.state == "ending":
            return
        elif connection.state == "body":
            self._take_body(connection, data)
        elif connection.state == "waiting":
            connection.received += data
            self._watch(connection, 0)  # the next request waits until this one is answered
        else:
            connection.received += data
            self._take_head(connection)

    def _take_head(self, connection: Connection) -> None:
        """See whether a head is whole by now."""
        received = connection.received
        if connection.state == "idle":
            connection.to("head")
        if received[:2] == b"\r\n":
            del received[:2]
        end = received.find(b"\r\n\r\n", max(0, connection.searched - 3))
        connection.searched = len(received)
        line = received.find(b"\r\n")
        if (line if line >= 0 else len(received)) > self.cfg.limit_request_line:
            limit = f"{self.cfg.limit_request_line:,}"
            self._refuse(connection, ADDRESS_TOO_LONG(limit=limit), 414)
        elif (end if end >= 0 else len(received)) > MOST_OF_HEAD:
            self._refuse(connection, HEAD_TOO_LARGE(), 431)
        elif end >= 0:
            head = bytes(received[: end + 4])
            del received[: end + 4]
            self._take_request(connection, head)
        elif b"\n" in received.replace(b"\r\n", b""):
            self._take_request(connection, bytes(received))  # gunicorn says what is wrong with it
        else:
            self._watch(connection, READ)

    def _take_request(self, connection: Connection, head: bytes) -> None:
        connection.requests += 1
        connection.began = time.monotonic()
        try:
            connection.request = request = parsed(self.cfg, head, connection.peer, connection.requests)
        except Exception as error:
            connection.received[:] = head[:4_096]  # its first line says what was asked for
            self._refuse(connection, *refusal_of(error, self.cfg.limit_request_line))
            return
        connection.whose = network_of(request, connection.peer, self.process.trusted_proxies)
        if request.path == "/livez" and request.method in SAFE and (alive := self.fixed.alive()):
            self._say(connection, alive, keep=not request.should_close() and self.alive)
            return
        connection.body = body = Body(request, self.most_of(request.path))
        if not body.is_expected:
            self._dispatch(connection)
        elif body.is_too_long:
            request.force_close()
            self._dispatch(connection)  # the application says so, without reading it
        else:
            if request._expected_100_continue:
                request._expected_100_continue = False
                with suppress(BlockingIOError):
                    connection.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")
            connection.to("body")
            data = bytes(connection.received)
            connection.received.clear()
            self._take_body(connection, data)

    def _take_body(self, connection: Connection, data: bytes) -> None:
        body = connection.body
        assert body is not None, "a body is taken for a request that has one"
        is_whole, rest = body.take(data)
        if body.is_too_long:
            self._refuse(connection, BODY_TOO_LARGE(limit=f"{body.most:,}"), 413)
        elif is_whole:
            connection.received += rest
            if body.length is None:
                connection.request.force_close()
            body.hand_over(connection.request)
            self._dispatch(connection)
        elif self._on_disk() > MOST_ON_DISK:
            self._refuse(connection, SERVICE_BUSY(), 503)
        else:
            self._watch(connection, READ)
