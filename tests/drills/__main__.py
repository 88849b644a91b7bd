"""Faults of the machine, each while clients write and read: is anything lost, and who hears of it?

    python -m tests.drills [--only "disk full"] [--sqlite-only | --postgres-only]

For each fault and each database: how many commands were acknowledged, how many of these are not in the log,
or twice; whether every view equals a replay; how long after it was over the first command was acknowledged
and ``/readyz`` said ready; what clients were told; what an operator saw in ``/readyz`` and in the log. Nobody
lends a hand but a supervisor, who starts what has ended. Exit code 1 if something is lost, differs, does not
recover or is not seen.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from contextlib import AbstractContextManager
from pathlib import Path

from api.access.accounts import Accounts
from api.access.tokens import Tokens
from api.setup import record_setup
from projections.engine.log import events_after
from projections.rebuild.replay import verify
from projections.registry import load as load_registry
from projections.registry import open_store
from tests.drills.damage import damaged_page
from tests.drills.faults import FAULTS, Fault, Service, Skipped, clock_shim, until
from tests.drills.load import Load
from tests.drills.places import Place, postgres_place, sqlite_place
from tests.support import server

RECOVERS_IN = 60.0
OPEN = "500 MAY_BE_RECORDED"
"""What came of a commit is open where a disk fails while it is made: this is no fault of ours, and true."""


def drill(service: Service, token: str, name: str, fault: Fault) -> tuple[str, int]:
    """One fault; what is told of it, and how many faults of ours it showed."""
    said = service.log.stat().st_size
    load = Load(service.base, token, name.replace(" ", "-"))
    load.begin()
    until(lambda: len(load.acknowledged) > 20, 30)
    try:
        fault(service, load)
    except Skipped as why:
        load.end()
        return f"left out: {why}", 0
    over = time.monotonic()
    recovered = until(lambda: load.ready and load.acknowledged_since(over) is not None, RECOVERS_IN)
    first = load.acknowledged_since(over)
    seconds = (first or over + RECOVERS_IN) - over
    ready_after = time.monotonic() - over
    time.sleep(1)
    load.end()
    lost, doubled, differing = verdict(service.place, load)
    lines = heard(service.log, said)
    seen_by_operator = bool(load.seen or lines)
    of_ours = [told for told in load.told if told.startswith("500") and told != OPEN]
    fault_answers = sum(load.told[told] for told in of_ours)
    problems = lost + doubled + len(differing) + (not recovered) + (not seen_by_operator) + fault_answers
    told = (
        f"{len(load.acknowledged)} acknowledged, {lost} lost, {doubled} doubled, views that differ: "
        f"{', '.join(differing) or 'none'}\n"
        f"    first command {seconds:.1f} s, ready {ready_after:.1f} s after it was over"
        f"{'' if recovered else ' - NOT RECOVERED'}; /livez at most {load.alive_ms:.0f} ms, "
        f"/readyz at most {load.ready_ms:.0f} ms\n"
        f"    told: {', '.join(f'{status}: {n}' for status, n in sorted(load.told.items()))}\n"
        f"    /readyz: {'; '.join(load.seen) or '-'}\n"
        f"    log: {'; '.join(lines) or '-'}"
    )
    return told, problems


def verdict(place: Place, load: Load) -> tuple[int, int, list[str]]:
    """What was acknowledged and is not in the log; what is there twice; views that differ from a replay."""
    store = open_store(place.url)
    seen: Counter[str] = Counter()
    position = 0
    with store.engine.connect() as connection:
        while page := events_after(connection, position, limit=1_000):
            seen.update(e.event_id for e in page)
            position = page[-1].position
    names = Counter(load.acknowledged.values())
    lost = sum(seen[event] == 0 for event in names)
    doubled = sum(n > 1 for n in (seen | names).values())
    differing = [proof.view for proof in verify(store) if not proof.equal]
    store.close()
    return lost, doubled, differing


def heard(log: Path, after: int) -> list[str]:
    """The kinds of lines of warning and above that the service wrote, with how many of each."""
    found: Counter[str] = Counter()
    with log.open("rb") as file:
        file.seek(after)
        for line in file.read().decode(errors="replace").splitlines():
            try:
                told = json.loads(line)
            except ValueError:
                if "ERROR" in line or "WARNING" in line or "newest event" in line:
                    text = line.partition("] [")[2].partition("] ")[2] or line
                    found["".join("#" if c.isdigit() else c for c in text)[:70]] += 1
                continue
            if not isinstance(told, dict) or told.get("level") not in ("warning", "error"):
                continue
            more = [str(told[k]) for k in ("check", "now", "why") if told.get(k)] or [
                str(told.get("error", ""))
            ]
            found[" ".join([str(told.get("event")), *more]).strip()[:90]] += 1
    return [f"{what} ({n})" for what, n in found.most_common(8)]


def run(make_place: AbstractContextManager[Place], only: str) -> int:
    """Every fault on one database; the number of faults of ours."""
    problems = 0
    with make_place as place, tempfile.TemporaryDirectory(prefix="kyodo-drill-") as made:
        folder = Path(made)
        store = open_store(place.url)
        record_setup.create(store)
        record_setup.bring_up_to_date(store)
        token = Tokens(store.engine).make(Accounts(store.engine).add("drills", ["SEC"]), "drills")
        store.close()
        shim = clock_shim(folder)
        service = Service(place, server.free_port(), folder / "service.log", *(shim[::-1] if shim else ()))
        service.log.touch()
        service.start()
        database = "postgresql" if place.is_postgres else "sqlite"
        try:
            for name, fault in FAULTS.items():
                if only and only not in name:
                    continue
                told, found = drill(service, token, name, fault)
                problems += found
                print(f"{database}, {name}: {told}", flush=True)
            if only in "damaged page":
                told, found = damaged_page(service, token)
                problems += found
                print(f"{database}, damaged page: {told}", flush=True)
        finally:
            service.stop()
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", default="", help="faults whose name has this in it")
    parser.add_argument("--sqlite-only", action="store_true")
    parser.add_argument("--postgres-only", action="store_true")
    options = parser.parse_args()
    load_registry()
    problems = 0
    if not options.postgres_only:
        problems += run(sqlite_place(), options.only)
    if not options.sqlite_only:
        problems += run(postgres_place(), options.only)
    print(f"{problems} faults of ours")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
