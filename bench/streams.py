"""Stream length: what one more command costs on a stream of 10, 300 and 3,000 events.

Three ways of knowing what a stream has come to: kept between commands (as it is in use), from its last
snapshot (a process that has just started), and from all of its events.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from functools import partial

from bench.context import Context
from bench.latency import Act, Timed, timed_in_turn, timed_table
from bench.tables import Table
from domain.application import Application, Terms, command_named
from domain.grouped import grouped
from domain.record import Actor
from domain.snapshots import NoSnapshots
from projections.store import Store

TITLE = "Stream length"
LENGTHS = (10, 300, 3_000)
MOST = 60
"""Commands in one run: a stream may grow by a few hundred events, not by half."""
SECRETARIAT = Terms(Actor("SEC", "p-bench"), frozenset({"SEC"}))
CONSENT = [command_named("Party", name) for name in ("give_name_consent", "withdraw_name_consent")]


def measure(context: Context) -> list[Table]:
    """One table for each way, the shortest stream first in each; and one that compares the ways."""
    tables = []
    for name, prepare in WAYS.items():
        store = context.fresh()
        prepare(store.application)
        columns = [_column(store, length, context.options.appends) for length in LENGTHS]
        timed_in_turn(columns, context.options.runs)
        tables.append(timed_table(f"{TITLE}: {name}", "commands/s", columns))
    return tables


def _kept(application: Application) -> None:
    """As it is in use."""


def _from_snapshots(application: Application) -> None:
    application.present.most = 0


def _from_all_events(application: Application) -> None:
    application.present.most = 0
    application.present.snapshots = NoSnapshots()


WAYS: dict[str, Callable[[Application], None]] = {
    "kept between commands": _kept,
    "from the last snapshot": _from_snapshots,
    "from all events": _from_all_events,
}


def _column(store: Store, length: int, appends: int) -> Timed:
    """Commands on a stream that begins with so many events. It grows by what is measured: a short one is
    begun anew for every ten commands."""
    streams = itertools.count()

    def begun() -> str:
        party = f"p-{length}-{next(streams)}"
        register = command_named("Party", "register_person")
        with grouped(store.application, 500) as group:
            group.execute(register, party, {"name": "架空 太郎"}, SECRETARIAT)
            for n in range(length - 1):
                group.execute(CONSENT[n % 2], party, {}, SECRETARIAT)
        return party

    lasting = begun()
    given = itertools.count(length - 1)

    def acts() -> Iterator[Act]:
        party = lasting
        for n in range(min(appends, MOST)):
            if length < 100 and n % 10 == 0:
                party, turn = begun(), length - 1
            elif length >= 100:
                turn = next(given)
            yield partial(store.application.execute, CONSENT[turn % 2], party, {}, SECRETARIAT)
            turn += 1

    return Timed(f"{length:,} events", acts)
