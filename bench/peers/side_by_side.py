"""A whole command of ours, and the same logical changes written as plain CRUD with an audit table.

The commands are the sample's, one after another, each in a durable transaction of its own: a matter raised,
its options, the meeting, what was said, the conclusion, the city's answer, the action. Ours checks, decides,
appends, and writes every view. The peers look the row up, change its fields, and write one row of history;
they check nothing and keep no other view.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import msgspec

from bench.context import Context
from bench.latency import Act, Timed, timed_in_turn, timed_table
from bench.peers.changes import Workload, workload
from bench.peers.timing import timed_in_process
from bench.tables import Table

TITLE = "Commands, against plain CRUD with an audit table"
PEERS = {
    "django-simple-history": ("simple_history", "bench.peers.simple_history"),
    "SQLAlchemy-Continuum": ("sqlalchemy_continuum", "bench.peers.continuum"),
}
"""The package of each, and the program that does the same with it."""


class TimedElsewhere(Timed):
    """A column that is timed by a program of its own, ``module``, in a database of its own."""

    def __init__(self, name: str, module: str, context: Context, file: Path):
        super().__init__(name, lambda: ())
        self.module, self.context, self.file = module, context, file

    def run(self) -> None:
        self.keep(timed_in_process(self.module, self.context.fresh_url(), self.file))


def measure(context: Context) -> list[Table]:
    """Ours, and every peer that is installed."""
    work = workload(context.fresh(), context.options.appends)
    file = context.folder / "changes.json"
    file.write_bytes(msgspec.json.encode(work.changes()))
    there = {name: module for name, (package, module) in PEERS.items() if find_spec(package)}
    columns = [
        Timed("a whole command of ours", lambda: _ours(work, context)),
        *(TimedElsewhere(name, module, context, file) for name, module in there.items()),
    ]
    timed_in_turn(columns, context.options.runs)
    missing = [name for name in PEERS if name not in there]
    note = f"Not installed, so not measured: {', '.join(missing)}." if missing else ""
    return [timed_table(TITLE, "commands/s", columns, note)]


def _ours(work: Workload, context: Context) -> Iterator[Act]:
    store = context.fresh()
    for change in work.replay(store):
        yield partial(
            store.application.execute, change.command, change.entity, dict(change.arguments), change.terms
        )
