"""Replaying: a pass that reads the log and decodes it, against a whole rebuild of every view."""

from __future__ import annotations

from bench import stock, straight
from bench.context import Context
from bench.measuring import Column, interleaved, rates_table
from bench.tables import Table
from projections.engine.store import Store
from projections.rebuild.proving import read_log
from projections.rebuild.replay import rebuild
from projections.rebuild.shadow_tables import PAGE

TITLE = "Replaying"


def columns(store: Store) -> list[Column]:
    """Columns over the same log."""

    def read_and_decode() -> int:
        connection = store.connect()
        cursor, position, done = connection.cursor(), 0, 0
        while page := read_log(cursor, store.postgres, position, PAGE):
            position = page[-1].position
            done += len(page)
        connection.close()
        return done

    def rebuild_all() -> int:
        return rebuild(store, repair=True, who="bench")[0].events

    return [
        Column("read and decode the log", read_and_decode),
        Column("rebuild every view, with proof", rebuild_all),
    ]


def measure(context: Context) -> list[Table]:
    """Every column over the whole log."""
    store = context.store
    measured = [straight.column(store), *columns(store), *stock.columns(store)]
    interleaved(measured, context.options.runs)
    return [rates_table(TITLE, "events/s", measured)]
