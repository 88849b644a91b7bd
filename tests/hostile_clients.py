"""Hostile clients at full size, and a reader beside them: ``python -m tests.hostile_clients``.

For each database: a thousand connections that say nothing, two hundred slow ones (a header line every four
seconds, a body a byte a second, answers that nobody reads), a thousand followers that wait, and refused work
as fast as it can be offered, one after another and all together. A reader beside each asks for pages all the
time. Printed for each: how many were held, the reader's p50, p99 and slowest answer, errors, the rate of what
was refused, by how much the disk grew in a minute, and workers that died. ``--seconds`` for each. Ends with 1
if a bar is missed: p99 over 2 s, a wrong answer, a worker that died, 1 MB of disk a minute.
"""

from __future__ import annotations

import argparse
import selectors
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from domain.sample.record import make_sample
from projections.engine.store import Store
from projections.registry import load, open_store
from tests.api.serve.test_worker import register, workers_at
from tests.support import server
from tests.support.both import on_both_databases
from tests.support.sockets import everything, get, opened, status_of

SILENT, SLOW, FOLLOWERS, OFFERING = 1_000, 200, 1_000, 32
PAGES = ("/", "/timeline", "/api/v1/events?limit=20", "/participation", "/livez", "/en/matters")
P99_SECONDS, BYTES_A_MINUTE = 2.0, 1_000_000


@dataclass
class Reader:
    """Somebody who reads page after page, from the same address as everybody else here."""

    base: str
    took: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)
    stop: threading.Event = field(default_factory=threading.Event)

    def read(self) -> None:
        n = 0
        while not self.stop.is_set():
            path = PAGES[n % len(PAGES)]
            n += 1
            started = time.monotonic()
            try:
                with opened(self.base, get(path)) as sock:
                    status = status_of(everything(sock, 30))
                if status != 200:
                    self.wrong[f"{status} {path}"] += 1
            except OSError as error:
                self.wrong[f"{type(error).__name__} {path}"] += 1
            self.took.append(time.monotonic() - started)
            self.stop.wait(0.02)

    def told(self) -> str:
        took = sorted(self.took)
        at = {share: took[min(len(took) - 1, int(len(took) * share))] * 1_000 for share in (0.5, 0.99)}
        slowest = took[-1] * 1_000
        return (
            f"reader: {len(took)} answers, p50 {at[0.5]:.0f} ms, p99 {at[0.99]:.0f} ms, "
            f"slowest {slowest:.0f} ms, wrong {dict(self.wrong) or 0}"
        )

    @property
    def p99(self) -> float:
        took = sorted(self.took)
        return took[min(len(took) - 1, int(len(took) * 0.99))]


def silent(base: str, until: float) -> str:
    """Connections that say nothing, opened anew as they are closed."""
    opened_in_all, most = 0, 0
    held: set[socket.socket] = set()
    with selectors.DefaultSelector() as selector:
        while time.monotonic() < until:
            while len(held) < SILENT:
                sock = opened(base)
                selector.register(sock, selectors.EVENT_READ)
                held.add(sock)
                opened_in_all += 1
            most = max(most, len(held))
            for key, _ in selector.select(0.2):
                sock = key.fileobj  # type: ignore[assignment]
                selector.unregister(sock)
                sock.close()
                held.discard(sock)
        for sock in held:
            sock.close()
    return f"{most} silent connections at a time, {opened_in_all} in all"


def slow(base: str, until: float) -> str:
    """A third each: a header line every four seconds, a body a byte a second, answers that nobody reads."""
    first = b"GET / HTTP/1.1\r\nHost: a\r\n"
    body = b"POST /signin HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n"
    asked = get("/static/kyodo.css").replace(b"Connection: close\r\n", b"") * 200
    kinds = [(first, b"X-Slow: y\r\n", 4.0), (body, b"x", 1.0), (asked, b"", 4.0)]
    held: dict[int, tuple[socket.socket, float]] = {}
    opened_in_all = 0
    while time.monotonic() < until:
        now = time.monotonic()
        for n in range(SLOW):
            start, more, pause = kinds[n % 3]
            sock, due = held.get(n, (None, 0.0))
            try:
                if sock is None:
                    sock = opened(base, start, receive=2_048)
                    opened_in_all += 1
                    held[n] = sock, now + pause
                elif now >= due:
                    sock.sendall(more or b"\r\n")
                    held[n] = sock, now + pause
            except OSError:
                if sock is not None:
                    sock.close()
                held.pop(n, None)
        time.sleep(0.1)
    for sock, _ in held.values():
        sock.close()
    return f"{SLOW} slow clients at a time, {opened_in_all} in all"


def followers(base: str, until: float, store: Store) -> str:
    """Followers that wait, and ask anew when they were answered; something is recorded every few seconds."""
    heard, most, took = 0, 0, list[float]()
    while time.monotonic() < until:
        address = get(f"/api/v1/events?after={store.head()}&wait=25")
        waiting = [opened(base, address) for _ in range(FOLLOWERS)]
        most = max(most, len(waiting))
        time.sleep(3)
        register(store, f"org-h{time.time_ns()}")
        started = time.monotonic()
        heard += sum(status_of(everything(sock, 60)) == 200 for sock in waiting)
        took.append(time.monotonic() - started)
        for sock in waiting:
            sock.close()
    return f"{most} followers at a time, {heard} heard, all of them within {max(took):.1f} s of an event"


def refused(base: str, until: float) -> str:
    """Commands that nobody may give, as fast as they are answered."""
    body = b"{}"
    request = b"POST /api/v1/parties/-/register-organisation HTTP/1.1\r\nHost: a\r\nContent-Type: "
    request += b"application/json\r\nContent-Length: 2\r\n\r\n" + body
    said: Counter[int] = Counter()

    def offer() -> None:
        sock = opened(base)
        sock.settimeout(60)
        buffer = bytearray()
        while time.monotonic() < until:
            try:
                sock.sendall(request)
                while b"\r\n\r\n" not in buffer:
                    buffer += sock.recv(1 << 16) or _gone()
                head, _, rest = bytes(buffer).partition(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                while len(rest) < length:
                    rest += sock.recv(1 << 16) or _gone()
                said[status_of(head)] += 1
                buffer = bytearray(rest[length:])
            except OSError:
                sock.close()
                sock, buffer = opened(base), bytearray()
                sock.settimeout(60)
        sock.close()

    started = time.monotonic()
    threads = [threading.Thread(target=offer) for _ in range(OFFERING)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = sum(said.values()) / (time.monotonic() - started)
    return f"{rate:.0f} refused a second by {OFFERING} connections: {dict(said)}"


def _gone() -> bytes:
    raise ConnectionResetError


def bytes_of(folder: Path, store: Store) -> int:
    """What the service, its log and the record take on the disk."""
    places = [folder] if store.postgres else [folder, Path(store.url.database or "").parent]
    files = {path for place in places for path in place.rglob("*") if path.is_file()}
    total = sum(path.stat().st_blocks * 512 for path in files)
    if store.postgres:
        with store.engine.connect() as connection:
            total += connection.scalar(sa.text("SELECT pg_database_size(current_database())")) or 0
    return total


@contextmanager
def served(url: str, folder: Path) -> Iterator[str]:
    """Two workers with the settings as they are; what they log is in the folder too."""
    port = server.free_port()
    env = server.settings_for(url) | {"PYTHONPATH": str(server.ROOT), "TMPDIR": str(folder)}
    command = server.gunicorn(port, 2)
    tempfile.tempdir = str(folder)  # for the file that the server's log goes to
    with server.running_process(command, port, env, cwd=folder, patience=120) as (_, base):
        yield base
    tempfile.tempdir = None


def attacked(url: str, seconds: float) -> bool:
    """Every attack against one record; whether a bar was missed."""
    missed = False
    store = open_store(url)
    store.create()
    make_sample(store.application, 4)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        with served(url, folder) as base:
            for path in PAGES:
                with opened(base, get(path)) as sock:
                    everything(sock, 60)
            workers = set(workers_at(base))
            attacks: dict[str, list[Callable[[str, float], str]]] = {
                "nothing": [],
                "silent": [silent],
                "slow": [slow],
                "followers": [lambda b, t: followers(b, t, store)],
                "refused": [refused],
                "all together": [silent, slow, refused],
            }
            for name, parts in attacks.items():
                before = bytes_of(folder, store)
                reader, end = Reader(base), time.monotonic() + seconds
                reading = threading.Thread(target=reader.read)
                reading.start()
                with ThreadPoolExecutor(3) as pool:
                    told = [done.result() for done in [pool.submit(part, base, end) for part in parts]]
                time.sleep(max(0.0, end - time.monotonic()))
                reader.stop.set()
                reading.join()
                grown = (bytes_of(folder, store) - before) * 60 / seconds
                died = len(workers - set(workers_at(base)))
                is_growth_ours = name != "followers"  # they hear of events that were recorded
                missed |= reader.p99 > P99_SECONDS or died > 0 or bool(reader.wrong)
                missed |= is_growth_ours and grown > BYTES_A_MINUTE
                print(f"{name}: {'; '.join(told) or '-'}")
                print(f"  {reader.told()}; disk {grown / 1e6:+.2f} MB a minute; workers died {died}")
                sys.stdout.flush()
    store.close()
    return missed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    seconds: float = parser.parse_args().seconds
    load()

    def run(url: str) -> int:
        print(f"== {url.partition(':')[0]}")
        return int(attacked(url, seconds))

    on_both_databases(run)


if __name__ == "__main__":
    main()
