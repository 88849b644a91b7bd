"""Stream length: what one more command costs on a stream of 10, 300 and 3,000 events (``--lengths``).

The stream is a plan to which the public sends comments, as many as come. Three ways of knowing what it has
come to: kept between commands (as it is in use), from its last snapshot (as in a process that has just
started, every time), and from all of its events.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import msgspec

from bench.context import Context
from bench.latency import Act, Timed, timed_in_turn, timed_table
from bench.tables import Table
from domain.kernel.events import Actor
from domain.recording.application import Application, command_named
from domain.recording.receipts import CommandTerms
from domain.recording.shared_members import Grouped, grouped
from domain.recording.snapshots import NoSnapshots
from domain.sample.record import make_sample
from domain.sample.story import COUNCIL
from projections.engine.store import Store

TITLE = "Stream length"
NOTE = "One more comment on a plan that has so many events already."
MOST = 60
"""Commands in one run: a stream may grow by a few hundred events, not by half."""
SECRETARIAT = CommandTerms(Actor("SEC", "p-bench"), frozenset({"SEC"}), {"document_no": "架空協第1号"})
LETTERS = "doc-bench-letters"
CLOSED = {"visibility": "closed", "ground": "personal"}


def measure(context: Context) -> list[Table]:
    """One table for each way, the shortest stream first in each."""
    tables = []
    for name, prepare in WAYS.items():
        store = context.fresh()
        make_sample(store.application, meetings=1)
        with grouped(store.application, 1) as group:
            _give(group, "Document", LETTERS, "register", kind="draft", title="架空の意見", disclosure=CLOSED)
        columns = [_column(store, n, context.options.appends) for n in context.options.lengths]
        prepare(store.application)
        timed_in_turn(columns, context.options.runs)
        tables.append(timed_table(f"{TITLE}: {name}", "commands/s", columns, NOTE))
    return tables


def _kept(application: Application) -> None:
    """As it is in use."""


def _from_snapshots(application: Application) -> None:
    application.cache.most = 0


def _from_all_events(application: Application) -> None:
    application.cache.most = 0
    application.cache.snapshots = NoSnapshots()


WAYS: dict[str, Callable[[Application], None]] = {
    "kept between commands": _kept,
    "from the last snapshot": _from_snapshots,
    "from all events": _from_all_events,
}


def _column(store: Store, length: int, most: int) -> Timed:
    """Commands on a stream that begins with so many events. It grows by what is measured: a short one is
    begun anew for every ten commands."""
    receive = command_named("PromotionPlan", "receive_comment")
    plans, comments = itertools.count(), itertools.count()
    lasting = _begun(store, f"plan-{length}-lasting", length)

    def acts() -> Iterator[Act]:
        plan = lasting
        for n in range(min(most, MOST)):
            if length < 100 and n % 10 == 0:
                plan = _begun(store, f"plan-{length}-{next(plans)}", length)
            yield partial(
                store.application.execute, receive, plan, _comment(f"more-{next(comments)}"), SECRETARIAT
            )

    return Timed(f"{length:,} events", acts)


def _begun(store: Store, plan: str, length: int) -> str:
    """A plan with an open window for comments, and comments until it has so many events."""
    with grouped(store.application, 500) as group:
        _give(group, "PromotionPlan", plan, "start_formulation", title_ja="架空の計画", council_id=COUNCIL)
        _give(group, "PromotionPlan", plan, "prepare_draft", document_id=LETTERS)
        window = {"from_date": _day("2026-04-01"), "to_date": _day("2099-03-31"), "channels": ["email"]}
        _give(group, "PromotionPlan", plan, "open_public_comment", **window)
        for n in range(length - 3):
            _give(group, "PromotionPlan", plan, "receive_comment", **_comment(f"{n}"))
    return plan


def _comment(name: str) -> dict[str, str]:
    return {"comment_id": f"c-{name}", "text_ref": LETTERS, "name": "架空 太郎", "address": "架空町1-1"}


def _give(group: Grouped, kind: str, entity: str, name: str, /, **plain: Any) -> None:
    """Give a command with plain values as they come in JSON."""
    command = command_named(kind, name)
    kinds = {p.name: p.kind for p in command.parameters()}
    typed = {name: msgspec.convert(value, kinds[name]) for name, value in plain.items()}
    group.execute(command, entity, typed, SECRETARIAT)


def _day(day: str) -> dict[str, str]:
    return {"value": day, "precision": "day"}
