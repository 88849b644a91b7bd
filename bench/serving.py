"""Serving: the timeline page and a trail over real HTTP, against a route that returns a constant."""

from __future__ import annotations

import http.client
import threading
import time
from urllib.parse import urlsplit

from bench.measuring import percentile


def load(base: str, path: str, requests: int, clients: int = 4) -> tuple[float, float]:
    """Requests a second and p99 in milliseconds of ``requests`` GETs by ``clients`` at once."""
    address = urlsplit(base)
    waits: list[float] = []
    lock = threading.Lock()

    def client() -> None:
        mine = []
        for _ in range(requests // clients):
            started = time.perf_counter()
            connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
            connection.request("GET", path)
            response = connection.getresponse()
            response.read()
            connection.close()
            if response.status != 200:
                raise RuntimeError(f"{path} answered {response.status}")
            mine.append(time.perf_counter() - started)
        with lock:
            waits.extend(mine)

    started = time.perf_counter()
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(waits) / (time.perf_counter() - started), 1_000 * percentile(waits, 0.99)
