"""The log of the service: one JSON object a line, on standard error, Japanese as it is written.

What goes in: what happened, codes, ids, durations. What never does: bodies, names, secrets.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import structlog
from flask import Flask, request
from structlog.tracebacks import ExceptionDictTransformer

log = structlog.get_logger("kyodo")

REQUEST_ID, ROUTE, POSITION = "kyodo.request", "kyodo.route", "kyodo.position"
"""Where a request's environment tells its id, its route (a pattern: an address may hold a secret) and the
position of the record at which it was answered."""


class Sparing:
    """Lines of which there may be any number: so many a second, and how many were left out."""

    def __init__(self, rate: float, burst: int):
        self.rate, self.burst = rate, burst
        self._left, self._at, self._out = float(burst), time.monotonic(), 0

    def take(self) -> dict[str, int] | None:
        """What the next line says beside its own, or None if it is left out."""
        now = time.monotonic()
        self._left = min(self.burst, self._left + (now - self._at) * self.rate)
        self._at = now
        if self._left < 1:
            self._out += 1
            return None
        self._left -= 1
        size, self._out = self._out, 0
        return {"left_out": size} if size else {}


_refusals = Sparing(rate=5, burst=50)
"""A flood of refused requests must not fill the disk of the log."""


def answered(environ: dict[str, Any], *, status: int, milliseconds: float, size: int) -> None:
    """One line for one answer."""
    beside = _refusals.take() if 400 <= status < 500 else {}
    if beside is None:
        return
    entry = {
        "id": environ.get(REQUEST_ID),
        "method": environ.get("REQUEST_METHOD"),
        "route": environ.get(ROUTE),
        "status": status,
        "ms": round(milliseconds, 1),
        "bytes": size,
        "position": environ.get(POSITION),
    }
    log.info("request", **entry, **beside)


def refused(code: str, status: int) -> None:
    """One line for what was refused before it was a request."""
    beside = _refusals.take()
    if beside is not None:
        log.info("request", code=code, status=status, **beside)


def spare_refusal() -> bool:
    """Whether there is no room for a line about a refusal."""
    return _refusals.take() is None


def configure() -> None:
    """Set up structlog for this process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def init_app(app: Flask) -> None:
    """Note the route of each request where its line is written."""

    @app.before_request
    def note_route() -> None:
        request.environ[ROUTE] = request.url_rule.rule if request.url_rule else None
