"""The worker: one loop that reads and writes every connection, and crews of threads for whole requests.

No thread ever waits for a client. The loop reads a head and a body until they are whole, each before its
deadline; a crew's thread lets the application answer; the loop sends the answer at its reader's pace, or
gives up. So a thousand connections that say nothing cost a thousand places in a selector, and nothing else.
"""

from __future__ import annotations

import os
import resource
import selectors
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask

from api.health import running
from api.health.monitor import Monitor
from api.health.readiness import readiness
from api.serve.worker.answering import Answering
from api.serve.worker.arriving import Arriving
from api.serve.worker.crew import Crew
from api.serve.worker.deadlines import ENDING_SECONDS, Deadlines
from api.serve.worker.follow import LogWatch
from api.serve.worker.holding import READ
from api.serve.worker.saying import Saying


class FrontWorker(Arriving, Answering, Saying, Deadlines):
    """One process that serves."""

    def init_process(self) -> None:
        self.selector = selectors.DefaultSelector()
        self.connections = {}
        self.deferred = deque()
        self.asleep = False
        self.looked_at = 0.0
        self.stopping_since = None
        self.stuck = False
        os.umask(self.cfg.umask)  # gunicorn itself sets it for its own files only
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        super().init_process()

    @classmethod
    def check_config(cls, config: Any, logger: Any) -> None:
        if config.is_ssl:
            raise RuntimeError("TLS ends in front of this service")

    def run(self) -> None:
        app: Flask = self.wsgi
        self.process = app.extensions["kyodo-process"]
        self.most_of = app.extensions["kyodo-body-limit"]
        self.most = min(self.process.connections, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 128)
        self.crews = {
            "read": Crew("read", self.process.threads),
            "write": Crew("write", max(1, self.process.threads // 2)),
            "follow": Crew("follow", 1),
            "health": Crew("health", 1),
        }
        self.fixed = app.extensions["kyodo-fixed"]
        limits = {"line": f"{self.cfg.limit_request_line:,}", "body": f"{self.process.max_body:,}"}
        self.crews["health"].give("", partial(self.fixed.render_all, **limits))
        for listener in self.sockets:
            listener.setblocking(False)
            self.selector.register(listener, READ, partial(self._accept, listener))
        self.selector.register(self.PIPE[0], READ, self._awake)
        self.log_watch = LogWatch(app, self._soon, self._grown)
        self.monitor = Monitor(readiness(app), app.config["VIEWS_OUTDATED"])
        record, port = self.monitor.readiness.record, self.process.port
        running.begins(record, port, first=self.age == 1)
        while self._goes_on():
            self._once()
        if not self.alive:  # it was told to end, and not left alone
            running.ends(record, port)
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

    def handle_abort(self, sig: int, frame: Any) -> None:
        """The arbiter has lost patience with this worker."""
        for connection in list(self.connections):
            self._lost(connection)
        super().handle_abort(sig, frame)

    def handle_quit(self, sig: int, frame: Any) -> None:
        for connection in list(self.connections):
            self._lost(connection)
        super().handle_quit(sig, frame)
