"""Serving over real HTTP: the timeline and a trail, kept and answered anew, against a constant.

``/livez`` is the constant: a Flask route of the same application that returns a dict. "Answered anew" is
asked with a cookie, which no kept answer is given to (api/http/answer_cache.py).
"""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from bench.context import Context
from bench.measuring import percentile
from bench.tables import Figure, Table
from tests.support.server import running_server

TITLE = "Serving"
ANEW = {"Cookie": "somebody=else"}
AT_LEAST = 20
"""Requests to each address in one run."""


@dataclass
class Asked:
    """One address, asked in one way, which answers by ``status``. ``again``: by whoever has the answer
    already, who gets a 304. ``share`` of the requests are sent to it, where it is slow."""

    name: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    again: bool = False
    share: float = 1.0
    status: int = 200
    rates: list[float] = field(default_factory=list)
    p50s: list[float] = field(default_factory=list)
    p99s: list[float] = field(default_factory=list)


def asked_of(matter: str) -> list[Asked]:
    """What is measured, the constant first."""
    page, data, trail = "/timeline", "/api/v1/timeline", f"/api/v1/matters/{matter}/trail"
    return [
        Asked("a constant", "/livez"),
        Asked("timeline page", page),
        Asked("timeline as JSON", data),
        Asked("timeline page, 304", page, again=True),
        Asked("timeline as JSON, 304", data, again=True),
        Asked("a trail as JSON", trail),
        Asked("timeline page, anew", page, ANEW, share=0.25),
        Asked("timeline as JSON, anew", data, ANEW, share=0.25),
        Asked("a trail as JSON, anew", trail, ANEW, share=0.25),
    ]


def measured(url: str, matter: str, runs: int, requests: int) -> list[Asked]:
    """The record at ``url``, served by two workers and asked ``runs`` times in turn."""
    requests_made = asked_of(matter)
    with running_server(url, create=False) as base:
        for one in requests_made:
            if one.again:
                one.headers["If-None-Match"] = _tag(base, one.path)
            load(base, one, AT_LEAST)
        for _ in range(runs):
            for one in requests_made:
                rate, waits = load(base, one, max(int(one.share * requests), AT_LEAST))
                one.rates.append(rate)
                one.p50s.append(percentile(waits, 0.5))
                one.p99s.append(percentile(waits, 0.99))
    return requests_made


def measure(context: Context) -> list[Table]:
    """Every address, served by a server of its own."""
    context.close()  # the server has the record to itself
    options = context.options
    requests_made = measured(context.url, context.matter, options.runs, options.requests)
    shown = (
        Figure("requests_per_second", "requests/s", ",.0f"),
        Figure("ratio", "requests/s, of the first", lasting=True),
        Figure("p50_ms", "p50 ms", ",.1f"),
        Figure("p99_ms", "p99 ms", ",.1f"),
        Figure("p99_ratio", "p99, of the first", lasting=True),
    )
    return [Table(TITLE, shown, figures(requests_made))]


def load(base: str, request: Asked, requests: int, clients: int = 4) -> tuple[float, list[float]]:
    """Requests a second, and how many milliseconds each of them took, by ``clients`` at once."""
    address = urlsplit(base)
    waits: list[float] = []
    status = 304 if request.again else request.status

    def client() -> None:
        for _ in range(requests // clients):
            started = time.perf_counter()
            connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
            connection.request("GET", request.path, headers=request.headers)
            response = connection.getresponse()
            response.read()
            connection.close()
            if response.status != status:
                raise RuntimeError(f"{request.path} answered {response.status}")
            waits.append(1_000 * (time.perf_counter() - started))

    started = time.perf_counter()
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(waits) / (time.perf_counter() - started), waits


def _tag(base: str, path: str) -> str:
    address = urlsplit(base)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    connection.close()
    return str(response.headers["ETag"])


def figures(figures: list[Asked]) -> dict[str, Any]:
    """The same as JSON values."""
    rate, p99 = statistics.median(figures[0].rates), statistics.median(figures[0].p99s)
    return {
        one.name: {
            "requests_per_second": round(statistics.median(one.rates), 1),
            "ratio": round(statistics.median(one.rates) / rate, 3),
            "p50_ms": round(statistics.median(one.p50s), 2),
            "p99_ms": round(statistics.median(one.p99s), 2),
            "p99_ratio": round(statistics.median(one.p99s) / p99, 2),
        }
        for one in figures
    }
