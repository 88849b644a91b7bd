"""Many writers on streams that depend on each other: no law is broken, nothing acknowledged is lost.

    python -m tests.many_writers --writers 16 --rounds 200        # SQLite, then PostgreSQL

Each round founds a council with a member and a group. Then all writers act on it at once, each through a
connection of its own: they schedule meetings, dissolve the council, end the appointment, put the member into
the group, or appoint another. Afterwards the log is read from its beginning, one event after another: it is
held against the rules that no two of them may break together, and decided anew (what would be refused?).
Exit code 1 if a rule is broken or something is lost.
"""

from __future__ import annotations

import argparse
import collections
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from domain.kernel.events import Recorded
from domain.values.refusal import Refusal
from projections.engine.log import events_after
from projections.engine.store import Store
from projections.rebuild.deciding import decide_log_anew
from projections.rebuild.replay import verify
from projections.registry import open_store
from tests.support.both import on_both_databases
from tests.support.given import give

FIRST = {"value": "2026-04-01", "precision": "day"}
LAW = {"instrument_id": "law-x", "article": 17, "paragraph": 1}
STORES = 8
"""Processes that the writers stand for: each has its connections and its kept aggregates."""


def found(store: Store, n: int) -> None:
    """A council with one member and one group."""
    app = store.application
    named = {"name_ja": f"架空の会議{n}", "legal_basis": LAW, "established_on": FIRST}
    give(app, "SEC", "Council", f"council-{n}", "establish", **named)
    _appoint(store, n, "first")
    give(app, "SEC", "WorkingGroup", f"group-{n}", "form", council_id=f"council-{n}", kind="project_group")


def _appoint(store: Store, n: int, name: str) -> Any:
    app, party, seat = store.application, f"p-{n}-{name}", f"seat-{n}-{name}"
    give(app, "SEC", "Party", party, "register_person", name="架空 太郎")
    who = {"appointment_id": seat, "party_id": party, "category": "public_recruitment", "term_no": 1}
    return give(app, "IMP", "Council", f"council-{n}", "appoint", importing=True, from_date=FIRST, **who)


def _schedule(store: Store, n: int, name: str) -> Any:
    about = {"council_id": f"council-{n}", "kind": "plenary", "starts_at": "2026-05-10T14:00:00+09:00"}
    return give(store.application, "SEC", "Meeting", f"meeting-{n}-{name}", "schedule", **about)


def _dissolve(store: Store, n: int, name: str) -> Any:
    return give(store.application, "SEC", "Council", f"council-{n}", "dissolve", on=FIRST, reason="架空")


def _end(store: Store, n: int, name: str) -> Any:
    ended = {"appointment_id": f"seat-{n}-first", "on": FIRST, "why": "resigned"}
    return give(store.application, "SEC", "Council", f"council-{n}", "end_appointment", **ended)


def _assign(store: Store, n: int, name: str) -> Any:
    seat = f"seat-{n}-first"
    return give(store.application, "SEC", "WorkingGroup", f"group-{n}", "assign_member", appointment_id=seat)


ACTS: tuple[Callable[[Store, int, str], Any], ...] = (_schedule, _dissolve, _end, _assign, _appoint)


def one_round(stores: list[Store], n: int, writers: int, dice: random.Random) -> tuple[list[str], int]:
    """Let all writers act at once; the events that were acknowledged, and how many were refused."""
    barrier, acts = Barrier(writers), [dice.choice(ACTS) for _ in range(writers)]

    def act(k: int) -> list[str]:
        barrier.wait()
        try:
            return list(acts[k](stores[k % len(stores)], n, f"w{k}").event_ids)
        except Refusal:
            return []

    with ThreadPoolExecutor(writers) as pool:
        done = list(pool.map(act, range(writers)))
    return [event for events in done for event in events], sum(not events for events in done)


def broken(events: Iterator[Recorded[Any]]) -> Iterator[str]:
    """What the log does against its own rules, read from its beginning."""
    dissolved: set[str] = set()
    ended: set[str] = set()
    open_meetings: collections.Counter[str] = collections.Counter()
    in_group: set[str] = set()
    for e in events:
        match e.type:
            case "MeetingScheduled":
                open_meetings[e.data.council_id] += 1
                if e.data.council_id in dissolved:
                    yield f"{e.position}: a meeting of {e.data.council_id}, which is dissolved"
            case "CouncilDissolved":
                dissolved.add(e.entity)
                if open_meetings[e.entity]:
                    yield f"{e.position}: {e.entity} is dissolved while a meeting of it is scheduled"
            case "AppointmentEnded":
                ended.add(e.data.appointment_id)
            case "GroupMemberAssigned":
                in_group.add(e.data.appointment_id)
                if e.data.appointment_id in ended:
                    yield f"{e.position}: {e.data.appointment_id} is assigned after the appointment ended"
            case "GroupMemberReleased":
                in_group.discard(e.data.appointment_id)
            case "MemberAppointed" if e.entity in dissolved:
                yield f"{e.position}: a member of {e.entity}, which is dissolved"
    yield from (f"{seat} is in a group, and its appointment has ended" for seat in sorted(in_group & ended))


def run(url: str, writers: int, rounds: int, seed: int) -> int:
    """So many rounds on one database; the number of faults."""
    stores = [open_store(url) for _ in range(min(STORES, writers))]
    stores[0].create()
    give(stores[0].application, "SEC", "LegalInstrument", "law-x", "enact", title_ja="架空条例")
    dice, started = random.Random(seed), time.perf_counter()
    acknowledged: list[str] = []
    refused = 0
    for n in range(rounds):
        found(stores[0], n)
        events, no = one_round(stores, n, writers, dice)
        acknowledged += events
        refused += no
    seconds = time.perf_counter() - started
    seen = collections.Counter(e.event_id for e in log(stores[0]))
    lost = [event for event in acknowledged if seen[event] != 1]
    faults = list(broken(log(stores[0])))
    faults += [
        f"{v.event.position}: {v.refusal or v.outcome}" for v in decide_log_anew(stores[0]) if v.broken
    ]
    differing = [proof.view for proof in verify(stores[0]) if not proof.equal]
    print(
        f"{stores[0].url.get_backend_name()}: {writers} writers, {rounds} rounds, "
        f"{sum(seen.values())} events, "
        f"{len(acknowledged)} acknowledged, {refused} refused, {len(lost)} lost, {len(faults)} laws broken, "
        f"views that differ from a replay: {differing or 'none'}, "
        f"{(len(acknowledged) + refused) / seconds:.0f} commands/s, "
        f"{sum(seen.values()) / seconds:.0f} events/s"
    )
    for fault in faults[:10]:
        print(f"  {fault}")
    for store in stores:
        store.close()
    return len(lost) + len(faults) + len(differing)


def log(store: Store) -> Iterator[Recorded[Any]]:
    """Every event, in order."""
    position = 0
    with store.engine.connect() as connection:
        while page := events_after(connection, position, limit=1_000):
            yield from page
            position = page[-1].position


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--writers", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    on_both_databases(lambda url: run(url, options.writers, options.rounds, options.seed))


if __name__ == "__main__":
    main()
