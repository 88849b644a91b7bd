"""Memory: the most that a rebuild, a verification and an export hold, as the commands that people run."""

from __future__ import annotations

from functools import partial

from bench.apart import kyodo
from bench.context import Context
from bench.measuring import Column, interleaved
from bench.tables import Figure, Table

TITLE = "Memory"
COMMANDS = {
    "`kyodo views`, a process that only opens the record": ("views",),
    "`kyodo rebuild`": ("rebuild",),
    "`kyodo rebuild --workers 1`": ("rebuild", "--workers", "1"),
    "`kyodo verify`": ("verify",),
    "`kyodo events --json`, an export of every event": ("events", "--json"),
}


def measure(context: Context) -> list[Table]:
    """Every command in processes of its own. What they take includes starting Python."""
    events = context.store.head()
    context.close()
    columns = [
        Column(name, partial(kyodo, context.url, *arguments, things=events))
        for name, arguments in COMMANDS.items()
    ]
    interleaved(columns, context.options.runs)
    first = columns[0].peak_mb
    rows = {
        column.name: {
            "peak_mb": column.peak_mb,
            "ratio": column.peak_mb / first if column.peak_mb and first else None,
            "seconds": events / column.rate,
        }
        for column in columns
    }
    figures = (
        Figure("peak_mb", "MB", ",.0f", lasting=True),
        Figure("ratio", "of the first", lasting=True),
        Figure("seconds", "seconds", ",.1f"),
    )
    note = "All processes of a command together, the most of all runs; without the database server."
    return [Table(TITLE, figures, rows, note)]
