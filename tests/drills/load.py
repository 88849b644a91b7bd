"""Clients that write, read and ask how the service is, all the time, and note what they were told."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

WRITERS, READERS = 6, 3
PATIENCE = 60
"""Seconds for which a client waits for an answer."""


@dataclass
class Load:
    """What the clients of one drill sent, and what came of it."""

    base: str
    token: str
    name: str
    stop: threading.Event = field(default_factory=threading.Event)
    acknowledged: dict[str, str] = field(default_factory=dict)
    """Event id by idempotency key."""
    acknowledged_at: deque[float] = field(default_factory=deque)
    unsure: deque[str] = field(default_factory=deque)
    """Keys whose command got no answer that says it is recorded: sent again, with the same key."""
    told: Counter[str] = field(default_factory=Counter)
    """Answers to writers and readers: by status, or ``none``."""
    alive_ms: float = 0.0
    """The slowest answer of ``/livez`` while the service was there to answer."""
    ready_ms: float = 0.0
    seen: list[str] = field(default_factory=list)
    """What ``/readyz`` said that was not well, in the order in which it was first said."""
    ready: bool = False
    threads: list[threading.Thread] = field(default_factory=list)

    def begin(self) -> None:
        tasks = [*(lambda n=n: self._write(n) for n in range(WRITERS)), *(self._read for _ in range(READERS))]
        tasks += [self._ask_alive, self._ask_ready]
        self.threads = [threading.Thread(target=task, daemon=True) for task in tasks]
        for thread in self.threads:
            thread.start()

    def end(self) -> None:
        """Let every writer send once more what is unsure, and stop."""
        self.stop.set()
        for thread in self.threads:
            thread.join()
        end = time.monotonic() + PATIENCE
        while self.unsure:
            key = self.unsure.popleft()
            if not self._send(key):
                self.unsure.append(key)
                time.sleep(0.5)
                if time.monotonic() > end:
                    raise AssertionError(f"{key} cannot be recorded after the drill")

    def acknowledged_since(self, moment: float) -> float | None:
        """When (monotonic) the first command after this moment was acknowledged."""
        return next((at for at in tuple(self.acknowledged_at) if at >= moment), None)

    def _write(self, number: int) -> None:
        n = 0
        while not self.stop.is_set():
            try:
                key = self.unsure.popleft()
            except IndexError:
                n += 1
                key = f"org-{self.name}-{number}-{n}"
            if not self._send(key):
                self.unsure.append(key)
                self.stop.wait(0.1)

    def _send(self, key: str) -> bool:
        sent_at = time.monotonic()
        request = urllib.request.Request(
            f"{self.base}/api/v1/parties/-/register-organisation",
            json.dumps({"id": key, "name_ja": f"架空の団体{key}", "category": "npo"}).encode(),
            {
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "Idempotency-Key": f'"{key}"',
            },
        )
        answer = self._ask(request)
        if answer is None or "event_ids" not in answer:
            return False
        self.acknowledged[key] = answer["event_ids"][0]
        self.acknowledged_at.append(sent_at)
        return True

    def _read(self) -> None:
        paths = ("/api/v1/events?limit=20", "/timeline", "/api/v1/parties?limit=20")
        n = 0
        while not self.stop.is_set():
            n += 1
            self._ask(urllib.request.Request(self.base + paths[n % len(paths)]), as_json=False)
            self.stop.wait(0.02)

    def _ask(self, request: urllib.request.Request, *, as_json: bool = True) -> Any:
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:
                body = response.read()
                self.told[str(response.status)] += 1
                return json.loads(body) if as_json else None
        except urllib.error.HTTPError as error:
            code = ""
            if error.headers.get_content_type() == "application/problem+json":
                code = f" {json.loads(error.read()).get('code')}"
            self.told[f"{error.code}{code}"] += 1
        except (OSError, ValueError):
            self.told["none"] += 1
        return None

    def _ask_alive(self) -> None:
        while not self.stop.wait(0.1):
            started = time.monotonic()
            try:
                with urllib.request.urlopen(f"{self.base}/livez", timeout=PATIENCE) as response:
                    response.read()
            except OSError:
                continue
            self.alive_ms = max(self.alive_ms, (time.monotonic() - started) * 1_000)

    def _ask_ready(self) -> None:
        while not self.stop.wait(0.3):
            started = time.monotonic()
            try:
                with urllib.request.urlopen(f"{self.base}/readyz", timeout=PATIENCE) as response:
                    found = json.load(response)
            except urllib.error.HTTPError as error:
                found = json.load(error)
            except (OSError, ValueError):
                self.ready = False
                continue
            self.ready_ms = max(self.ready_ms, (time.monotonic() - started) * 1_000)
            self.ready = found["ready"]
            for word in not_well(found):
                if word not in self.seen:
                    self.seen.append(word)


def not_well(found: dict[str, Any]) -> list[str]:
    """What an answer of ``/readyz`` says that is not well."""
    words = []
    if found["database"] != "reachable":
        words.append(f"database {found['database']}")
    if found["clock"] not in ("usable", None):
        words.append(f"clock {found['clock']}")
    if found["write"] is not None and found["write"]["state"] != "works":
        words.append(" ".join(["write", *found["write"].values()]))
    low = [name for name, at in found["space"].items() if isinstance(at, dict) and at["state"] == "low"]
    words += [f"space {name} low" for name in low]
    return words
