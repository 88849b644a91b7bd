"""Kill -9 while eight clients write: what was acknowledged is there once, every view equals a replay.

    python -m tests.kill_nine --rounds 50            # SQLite, then PostgreSQL

Each round starts the server on the same record, lets eight clients write with idempotency keys, kills the
whole process group at a random moment, and then sends once more, with the same key, what was not acknowledged
in the round before. Prints one line a round and the verdict; exit code 1 if anything was lost, doubled or
differs.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import random
import signal
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field

from api.access.accounts import Accounts
from api.access.tokens import Tokens
from projections.engine.log import events_after
from projections.rebuild.replay import verify
from projections.registry import open_store
from tests.support import server
from tests.support.both import on_both_databases

CLIENTS = 8


@dataclass
class Writers:
    """What eight clients sent, and what the server said it had done."""

    token: str
    acknowledged: dict[str, str] = field(default_factory=dict)
    """Event id by idempotency key."""
    unsure: list[str] = field(default_factory=list)
    """Keys whose command got no answer."""
    lock: threading.Lock = field(default_factory=threading.Lock)
    sent: int = 0

    def write_until(self, base: str, stop: threading.Event, seed: int) -> None:
        """Send what is unsure again, then new commands, until the server is gone."""
        n = 0
        while not stop.is_set():
            with self.lock:
                key = self.unsure.pop() if self.unsure else f"org-{seed}-{n}"
            n += 1
            self._send(base, key)

    def _send(self, base: str, key: str) -> None:
        body = {"id": key, "name_ja": f"架空の団体{key}", "category": "npo"}
        request = urllib.request.Request(
            f"{base}/api/v1/parties/-/register-organisation",
            json.dumps(body).encode(),
            {
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "Idempotency-Key": f'"{key}"',
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                answer = json.load(response)
        except (urllib.error.URLError, OSError, ValueError):
            with self.lock:
                self.sent += 1
                self.unsure.append(key)
            time.sleep(0.02)
            return
        with self.lock:
            self.sent += 1
            self.acknowledged[key] = answer["event_ids"][0]


def run(url: str, rounds: int, seed: int = 1) -> int:
    """All rounds on one database; returns the number of faults found."""
    moments = random.Random(seed)
    store = open_store(url)
    store.create()
    account = Accounts(store.engine).add("kill-nine", ["SEC"])
    writers = Writers(Tokens(store.engine).make(account, "kill-nine"))
    store.close()
    port = server.free_port()
    command = server.gunicorn(port, 2)
    settings = server.settings_for(url) | {"PORT": str(port)}
    for number in range(1, rounds + 1):
        with server.running_process(command, port, settings) as (process, base):
            _one_round(writers, process.pid, base, moments.uniform(0.1, 1.2), number)
        print(
            f"round {number}: sent {writers.sent}, acknowledged {len(writers.acknowledged)}, "
            f"unanswered {len(writers.unsure)}",
            flush=True,
        )
    return _verdict(url, writers)


def _one_round(writers: Writers, group: int, base: str, seconds: float, number: int) -> None:
    stop = threading.Event()
    threads = [
        threading.Thread(target=writers.write_until, args=(base, stop, number * CLIENTS + n))
        for n in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    os.killpg(group, signal.SIGKILL)
    stop.set()
    for thread in threads:
        thread.join()


def _verdict(url: str, writers: Writers) -> int:
    store = open_store(url)
    seen: collections.Counter[str] = collections.Counter()
    position = 0
    with store.engine.connect() as connection:
        while page := events_after(connection, position, limit=1_000):
            seen.update(e.event_id for e in page)
            position = page[-1].position
    lost = [key for key, event in writers.acknowledged.items() if seen[event] != 1]
    doubled = [event for event, times in seen.items() if times > 1]
    differing = [proof.view for proof in verify(store) if not proof.equal]
    print(
        f"{store.url.get_backend_name()}: {sum(seen.values())} events, "
        f"{len(writers.acknowledged)} acknowledged, {len(lost)} lost, {len(doubled)} doubled, "
        f"views that differ from a replay: {differing or 'none'}"
    )
    store.close()
    return len(lost) + len(doubled) + len(differing)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    on_both_databases(lambda url: run(url, options.rounds, options.seed))


if __name__ == "__main__":
    main()
