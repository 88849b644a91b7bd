"""Kill -9 of a rebuild at random moments: the live views are untouched, and the next rebuild cleans up.

    python -m tests.kill_rebuild --rounds 30            # SQLite, then PostgreSQL

Each round starts ``kyodo rebuild`` (every third one in two processes), kills it and all its processes at a
random moment of its usual course, and looks at the live views: their digests are what they were, and the
record can be written. Then a rebuild must succeed, and after ``kyodo views --prune`` no table may be left but
those that belong to the record. Prints one line for each database; exit code 1 if anything was otherwise.
"""

from __future__ import annotations

import argparse
import collections
import os
import random
import signal
import subprocess
import sys
import time

import sqlalchemy as sa

from api.setup.record_setup import bring_up_to_date
from domain.kernel.events import Actor
from domain.recording.application import command_named
from domain.recording.receipts import CommandTerms
from domain.sample.record import make_sample
from projections.engine.store import Store
from projections.engine.view import VIEWS
from projections.rebuild.rebuild_register import run_under_way
from projections.rebuild.replay import verify
from projections.registry import open_store
from tests.support.both import on_both_databases
from tests.support.digests import digest_view
from tests.support.server import ROOT, kyodo, kyodo_here, settings_for

SECRETARIAT = CommandTerms(Actor("SEC", "p-kill"), frozenset({"SEC"}))


def run(url: str, events: int, rounds: int, seed: int = 1) -> int:
    """All rounds on one database; returns the number of faults found."""
    moments = random.Random(seed)
    store = open_store(url)
    store.create()
    make_sample(store.application, seed=1, events=events)
    bring_up_to_date(store)
    tables = _tables(store)
    started = time.monotonic()
    kyodo("rebuild", env=settings_for(url))
    usual = time.monotonic() - started
    faults: list[str] = []
    phases: collections.Counter[str] = collections.Counter()
    for number in range(1, rounds + 1):
        before = _digests(store)
        _kill(url, moments.uniform(0.3, 1.0) * usual, workers=2 if number % 3 == 0 else 1)
        with store.engine.connect() as connection:
            died = run_under_way(connection)
        phases[died["phase"] if died else "outside"] += 1
        if _digests(store) != before:
            faults.append(f"round {number}: a live view has changed")
        _register(store, f"org-kill-{number}")
        kyodo_here("rebuild", env=settings_for(url))
    kyodo_here("views", "--prune", "--yes", env=settings_for(url))
    faults += [f"{name} was left behind" for name in sorted(_tables(store) - tables)]
    faults += [f"{proof.view} differs" for proof in verify(store) if not proof.equal]
    if not store.postgres and os.path.exists(f"{store.url.database}-rebuild"):
        faults.append("the lock file was left behind")
    print(
        f"{store.url.get_backend_name()}: {rounds} rebuilds of {store.head()} events killed "
        f"({', '.join(f'{phase} {n}' for phase, n in phases.most_common())}); "
        f"{rounds} rebuilds after that succeeded; faults: {'; '.join(faults) or 'none'}",
        flush=True,
    )
    store.close()
    return len(faults)


def _kill(url: str, seconds: float, workers: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli.main", "rebuild", "--workers", str(workers)],
        cwd=ROOT,
        env=settings_for(url),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        if workers == 1:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()  # and its processes find out for themselves
    process.wait()


def _digests(store: Store) -> dict[str, str]:
    connection = store.connect()
    found = {name: digest_view(connection.cursor(), store.postgres, view) for name, view in VIEWS.items()}
    connection.close()
    return found


def _register(store: Store, party: str) -> None:
    """Record something: the log and the live views can be written."""
    command = command_named("Party", "register_organisation")
    store.application.execute(command, party, {"name_ja": "架空の団体", "category": "npo"}, SECRETARIAT)


def _tables(store: Store) -> set[str]:
    return set(sa.inspect(store.engine).get_table_names())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    on_both_databases(lambda url: run(url, options.events, options.rounds, options.seed))


if __name__ == "__main__":
    main()
