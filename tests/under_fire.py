"""Rebuild under fire: every view is made anew while four clients write and eight read over HTTP.

    python -m tests.under_fire --events 20000 --rebuilds 3            # SQLite, then PostgreSQL

Each reader asks for something that is on record: a list whose length it knows, or what a writer has just been
told is recorded. It must be there, in every answer. Prints how many reads and writes there were and how many
failed, how long appends waited for each swap, and the verdict; exit code 1 if anything failed.
"""

from __future__ import annotations

import argparse
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from api.access.accounts import Accounts
from api.access.tokens import Tokens
from api.setup.record_setup import bring_up_to_date
from domain.sample.record import make_sample
from projections.engine.store import Store
from projections.engine.view import VIEWS
from projections.rebuild.replay import verify
from projections.registry import open_store
from projections.tables.durable import VIEW_CERTIFICATE
from tests.support import server
from tests.support.both import on_both_databases

WRITERS, READERS = 4, 8


@dataclass
class Fire:
    """What the clients did, and what went wrong."""

    base: str
    token: str
    matters: list[str]
    listed: dict[str, int]
    """Addresses of lists, each with the number of items that it must show at least."""
    pause: float = 0
    """Seconds in which a reader does nothing after each answer."""
    stop: threading.Event = field(default_factory=threading.Event)
    written: list[str] = field(default_factory=list)
    reads: int = 0
    failed_reads: list[str] = field(default_factory=list)
    partial_reads: list[str] = field(default_factory=list)
    failed_writes: list[str] = field(default_factory=list)

    def write(self, number: int) -> None:
        n = 0
        while not self.stop.is_set():
            n += 1
            party = f"org-fire-{number}-{n}"
            try:
                self._post(party)
            except (urllib.error.URLError, OSError, ValueError) as failed:
                self.failed_writes.append(f"{party}: {_told(failed)}")
            else:
                self.written.append(party)
            time.sleep(max(0.02, self.pause))

    def read(self, number: int) -> None:
        turns: list[Callable[[], None]] = [self._read_list, self._read_own, self._read_trail, self._read_page]
        while not self.stop.is_set():
            number += 1
            try:
                turns[number % len(turns)]()
            except (urllib.error.URLError, OSError, ValueError) as failed:
                self.failed_reads.append(_told(failed))
            self.reads += 1
            time.sleep(self.pause)

    def _read_list(self) -> None:
        for path, at_least in self.listed.items():
            found = len(self._get(path)["items"])
            if found < at_least:
                self.partial_reads.append(f"{path}: {found} of {at_least}")

    def _read_own(self) -> None:
        """What a writer has been told is recorded can be read, whatever is being swapped."""
        if self.written:
            party = self.written[-1]
            if self._get(f"/api/v1/parties/{party}")["party_id"] != party:
                self.partial_reads.append(party)

    def _read_trail(self) -> None:
        matter = self.matters[self.reads % len(self.matters)]
        if not self._get(f"/api/v1/matters/{matter}/trail")["own"]["steps"]:
            self.partial_reads.append(f"the trail of {matter}")

    def _read_page(self) -> None:
        with urllib.request.urlopen(f"{self.base}/timeline", timeout=30) as response:
            if b"<main" not in response.read():
                self.partial_reads.append("/timeline")

    def _get(self, path: str) -> Any:
        request = urllib.request.Request(self.base + path, headers={"Authorization": f"Bearer {self.token}"})
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)

    def _post(self, party: str) -> None:
        request = urllib.request.Request(
            f"{self.base}/api/v1/parties/-/register-organisation",
            json.dumps({"id": party, "name_ja": "架空の団体", "category": "npo"}).encode(),
            {
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "Idempotency-Key": f'"{party}"',
            },
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            json.load(response)


def _told(failed: Exception) -> str:
    if isinstance(failed, urllib.error.HTTPError):
        return f"{failed.code} {failed.url}: {failed.read()[:80]!r}"
    return repr(failed)


def run(url: str, events: int, rebuilds: int, workers: int | None = None, pause: float = 0) -> int:
    """Everything on one database; returns the number of faults found."""
    store = open_store(url)
    store.create()
    made = make_sample(store.application, seed=1, events=events)
    bring_up_to_date(store)
    account = Accounts(store.engine).add("fire", ["SEC"])
    token = Tokens(store.engine).make(account, "fire")
    listed = {"/api/v1/matters?limit=50": min(50, len(made.matters)), "/api/v1/views": len(VIEWS)}
    with server.running_server(url, create=False) as base:
        fire = Fire(base, token, list(made.matters)[:20], listed, pause)
        threads = [threading.Thread(target=fire.write, args=(n,)) for n in range(WRITERS)]
        threads += [threading.Thread(target=fire.read, args=(n,)) for n in range(READERS)]
        for thread in threads:
            thread.start()
        codes = [_rebuild(url, workers) for _ in range(rebuilds)]
        fire.stop.set()
        for thread in threads:
            thread.join()
    faults = _verdict(store, fire, codes)
    store.close()
    return faults


def _rebuild(url: str, workers: int | None) -> int:
    """Its exit code. In this process: another would take longer to start than a short rebuild does."""
    asked = ["rebuild", *(["--workers", str(workers)] if workers else [])]
    try:
        return server.kyodo_here(*asked, env=server.settings_for(url)).returncode
    except AssertionError as failed:
        print(failed)
        return 1


def _verdict(store: Store, fire: Fire, codes: list[int]) -> int:
    differing = [proof.view for proof in verify(store) if not proof.equal]
    with store.engine.connect() as connection:
        table = VIEW_CERTIFICATE
        waits = list(
            connection.scalars(
                sa.select(sa.func.max(table.c.lock_ms))
                .group_by(table.c.generation)
                .order_by(table.c.generation)
            )
        )[-len(codes) :]
    print(
        f"{store.url.get_backend_name()}: {len(codes)} rebuilds (exit codes {codes}), {store.head()} events; "
        f"{fire.reads} reads, {len(fire.failed_reads)} failed, {len(fire.partial_reads)} missing or partial; "
        f"{len(fire.written)} writes, {len(fire.failed_writes)} failed; "
        f"appends waited for the swap: {', '.join(f'{ms:.0f} ms' for ms in waits)}; "
        f"views that differ from a replay: {differing or 'none'}",
        flush=True,
    )
    for told in (fire.failed_reads + fire.partial_reads + fire.failed_writes)[:10]:
        print(f"  {told}")
    nothing_happened = not fire.written or not fire.reads
    faults = len(fire.failed_reads) + len(fire.partial_reads) + len(fire.failed_writes) + len(differing)
    return faults + sum(code != 0 for code in codes) + nothing_happened


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--rebuilds", type=int, default=3)
    parser.add_argument("--workers", type=int)
    options = parser.parse_args()
    on_both_databases(lambda url: run(url, options.events, options.rebuilds, options.workers))


if __name__ == "__main__":
    main()
