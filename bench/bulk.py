"""Bulk: commands recorded one by one, and in groups of 10, 100 and 1,000 to a transaction."""

from __future__ import annotations

import itertools
import time

from bench.context import Context
from bench.measuring import Column, Done, interleaved, rates_table
from bench.tables import Table
from domain.kernel.events import Actor
from domain.recording.application import command_named
from domain.recording.receipts import CommandTerms
from domain.recording.shared_members import grouped
from projections.engine.store import Store

TITLE = "Commands in groups"
GROUPS = (10, 100, 1_000)
SECRETARIAT = CommandTerms(Actor("SEC", "p-bench"), frozenset({"SEC"}))
VALUES = {"name_ja": "架空の団体", "category": "npo"}


def measure(context: Context) -> list[Table]:
    """The same commands, each with every view, one to a transaction first."""
    most = 4 * context.options.appends
    names = itertools.count()
    columns = [_one_by_one(context.fresh(), most, names)]
    columns += [_in_groups(context.fresh(), size, most, names) for size in GROUPS]
    interleaved(columns, context.options.runs)
    return [rates_table(TITLE, "commands/s", columns)]


def _one_by_one(store: Store, most: int, names: itertools.count[int]) -> Column:
    command = command_named("Party", "register_organisation")

    def run() -> Done:
        started = time.perf_counter()
        for _ in range(most):
            store.application.execute(command, f"org-{next(names)}", dict(VALUES), SECRETARIAT)
        return Done(most, time.perf_counter() - started)

    return Column("one by one", run)


def _in_groups(store: Store, size: int, most: int, names: itertools.count[int]) -> Column:
    command = command_named("Party", "register_organisation")

    def run() -> Done:
        started = time.perf_counter()
        with grouped(store.application, size) as group:
            for _ in range(most):
                group.execute(command, f"org-{next(names)}", dict(VALUES), SECRETARIAT)
        return Done(most, time.perf_counter() - started)

    return Column(f"in groups of {size:,}", run)
