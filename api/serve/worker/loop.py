"""The worker: one loop that reads and writes every connection, and crews of threads for whole requests.

No thread ever waits for a client. The loop reads a head and a body until they are whole, each before its
deadline; a crew's thread lets the application answer; the loop sends the answer at its reader's pace, or
gives up. So a thousand connections that say nothing cost a thousand places in a selector, and nothing else.

Deadlines are those of Apache's mod_reqtimeout: so many seconds, and longer for who keeps sending or reading
at a least rate. One story: a connection's way from its first byte to its last is told here in that order.
"""

from __future__ import annotations

import os
import resource
import selectors
import socket
import struct
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any

import structlog
from flask import Flask
from gunicorn.http import wsgi
from gunicorn.workers.base import Worker

from api.http import logs
from api.http.problems import BODY_TOO_LARGE, INTERNAL
from api.http.waiting import PLACE
from api.serve.worker.connection import Connection, network_of
from api.serve.worker.crew import Crew
from api.serve.worker.fixed import (
    ADDRESS_TOO_LONG,
    ANSWER_LOST,
    HEAD_TOO_LARGE,
    REQUEST_SLOW,
    SERVICE_BUSY,
    Fixed,
    FixedAnswers,
    refusal_of,
)
from api.serve.worker.follow import LogWatch
from api.serve.worker.incoming import MOST_OF_HEAD, Body, parsed
from api.serve.worker.places import Place
from api.setup.config import ProcessSettings
from domain.values.refusal import Refusal

log = structlog.get_logger("kyodo")

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
SAFE = ("GET", "HEAD", "OPTIONS")
AT_ONCE = 64 << 10
ACCEPTED_AT_ONCE = 32
IDLE_SECONDS = 5.0
"""For so long a connection is kept that has been answered and asks nothing more."""
ENDING_SECONDS = 2.0
"""For so long what still comes is read and thrown away, so that the answer is not lost to a reset."""
MOST_WAITING = {"read": 2_000, "write": 200, "follow": 10_000, "health": 1_000}
"""So many requests wait for a thread of each crew; more are refused at once (503)."""
MOST_IN_KERNEL = 128 << 10
"""Bytes of an answer that the system keeps for a reader who is slow; it doubles the figure."""
MOST_ON_DISK = 512 << 20
"""Bytes of bodies and answers that wait in files, all connections together."""
STUCK_SECONDS = 120.0
"""Once every thread of a crew has been at one request for so long, the worker is replaced."""


class FrontWorker(Worker):  # type: ignore[misc]
    """One process that serves."""

    def init_process(self) -> None:
        self.selector = selectors.DefaultSelector()
        self.connections: dict[Connection, None] = {}
        self.deferred: deque[Callable[[], None]] = deque()
        self.asleep = False
        self.looked_at = 0.0
        self.stopping_since: float | None = None
        self.stuck = False
        os.umask(self.cfg.umask)  # gunicorn itself sets it for its own files only
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        super().init_process()

    @classmethod
    def check_config(cls, config: Any, logger: Any) -> None:
        if config.is_ssl:
            raise RuntimeError("TLS ends in front of this service")

    # ------------------------------------------------------------------------------------ the loop

    def run(self) -> None:
        app: Flask = self.wsgi
        self.process: ProcessSettings = app.extensions["kyodo-process"]
        self.most_of = app.extensions["kyodo-body-limit"]
        self.most = min(self.process.connections, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 128)
        self.crews = {
            "read": Crew("read", self.process.threads),
            "write": Crew("write", max(1, self.process.threads // 2)),
            "follow": Crew("follow", 1),
            "health": Crew("health", 1),
        }
        self.fixed: FixedAnswers = app.extensions["kyodo-fixed"]
        limits = {"line": f"{self.cfg.limit_request_line:,}", "body": f"{self.process.max_body:,}"}
        self.crews["health"].give("", partial(self.fixed.render_all, **limits))
        for listener in self.sockets:
            listener.setblocking(False)
            self.selector.register(listener, READ, partial(self._accept, listener))
        self.selector.register(self.PIPE[0], READ, self._awake)
        self.log_watch = LogWatch(app, self._soon, self._grown)
        while self._goes_on():
            self._once()
        for connection in list(self.connections):
            self._lost(connection)

    def _goes_on(self) -> bool:
        """Whether there is still something to do: always, until the worker is to stop."""
        if self.alive and self.ppid == os.getppid():
            return True
        now = time.monotonic()
        if self.stopping_since is None:
            self.stopping_since = now
            for listener in self.sockets:
                self.selector.unregister(listener)
                listener.close()
            for connection in list(self.connections):
                if connection.state == "waiting":
                    self._wake(connection)
        unfinished = any(c.state not in ("idle", "ending") for c in self.connections)
        linger = 0.0 if not self.connections else ENDING_SECONDS
        return (unfinished or now - self.stopping_since < linger) and (
            now - self.stopping_since < self.cfg.graceful_timeout - 1
        )

    def _once(self) -> None:
        """Look once at what has happened, and at the clock."""
        if not self.stuck:
            self.notify()
        self.asleep = True
        events = self.selector.select(0 if self.deferred else 0.5)
        self.asleep = False
        for key, mask in events:
            act: Callable[[int], None] = key.data
            act(mask)
        while self.deferred:
            self.deferred.popleft()()
        now = time.monotonic()
        if now - self.looked_at >= 0.5:
            self.looked_at = now
            self._look_at_the_clock(now)

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

    # --------------------------------------------------------------------------------- what comes in

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
            found = [c for c in self.connections if c.state in states]
            if found:
                self._drop(min(found, key=lambda c: c.since))
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

    def _on_disk(self) -> int:
        return sum(c.outgoing.filed + (c.body.arrived if c.body is not None else 0) for c in self.connections)

    # ------------------------------------------------------------------------------------- the answer

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
            _close(parts)
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
            _close(parts)
        self._share(connection, shared)
        return self._end(connection)

    def _go_on(self, connection: Connection) -> bool:
        """Some more of a file, as much as is sent at once."""
        for part in connection.parts:
            connection.answer.write(part)
            if connection.outgoing.waiting >= AT_ONCE:
                connection.outgoing.flush()
                return False
        _close(connection.parts)
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

    # --------------------------------------------------------------------- what the loop says itself

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

    def handle_abort(self, sig: int, frame: Any) -> None:
        """The arbiter has lost patience with this worker."""
        for connection in list(self.connections):
            self._lost(connection)
        super().handle_abort(sig, frame)

    def handle_quit(self, sig: int, frame: Any) -> None:
        for connection in list(self.connections):
            self._lost(connection)
        super().handle_quit(sig, frame)

    # --------------------------------------------------------------------------------- waiting places

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

    # -------------------------------------------------------------------------------------- deadlines

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
            self.crews["read"].give("", partial(_close, parts))


def _close(parts: Iterable[bytes]) -> None:
    """Tell the application that its answer is done with (PEP 3333)."""
    close = getattr(parts, "close", None)
    if close is not None:
        close()
