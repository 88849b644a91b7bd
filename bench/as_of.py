"""As-of: one resource as it was, beside the same resource today, each as a request through the application.

Every request of the past asks for a day that was never asked for before, of things spread over the record and
of its busiest council; only the last column answers from a file of the past that has been made already.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from api.reads.collections import COLLECTIONS, item_of
from api.serve.app import create_app
from api.setup.config import RecordSettings
from bench.context import Context
from bench.latency import Act, Timed, timed_in_turn, timed_table
from bench.serving import ANEW
from bench.tables import Table
from domain.kernel.record import KINDS
from domain.kernel.viewer import PUBLIC
from projections.engine.log import head, recorded_at
from projections.past.files import Moment
from projections.past.kept_files import Pasts
from projections.views.matter import decision_trail

TITLE = "One resource as of a moment"
OF_EACH = 5
"""So many things of each collection are asked about."""
SPAN = 0.25
"""The days asked for lie in the last quarter of the record, so that the things were known."""

Ask = Callable[[str, str], Act]


def measure(context: Context) -> list[Table]:
    """An item, and a trail, today and then."""
    app = create_app(RecordSettings(database_url=context.url, secret_key="only measured"))
    client = app.test_client(use_cookies=False)
    things = _things(context)
    days = _days(context)
    tables = []
    for title, suffix in (("An item", ""), ("A trail", "/trail")):
        columns = _requests(client, things, days, suffix)
        if not suffix:
            columns.append(_from_a_file(app, context, things))
        timed_in_turn(columns, context.options.runs)
        tables.append(timed_table(f"{TITLE}: {title}", "answers/s", columns))
    app.extensions["kyodo-store"].close()
    return tables


def _things(context: Context) -> list[tuple[str, str]]:
    """Collection and id of things that were known before the days asked for, oldest first."""
    table = decision_trail.thing.table
    things = []
    with context.store.engine.connect() as connection:
        last = int(head(connection) * (1 - SPAN))
        for collection in COLLECTIONS:
            of_kind = sa.select(table.c.id).where(
                table.c.kind == collection.kind, table.c.id == table.c.entity
            )
            ids = list(connection.scalars(of_kind.where(table.c.position <= last).order_by(table.c.position)))
            things += [(collection.name, i) for i in ids[:: max(1, len(ids) // OF_EACH)][:OF_EACH]]
    return things


def _days(context: Context) -> Iterator[str]:
    """Days of recording of the last part of the record, and on: each once, as far as there are enough."""
    with context.store.engine.connect() as connection:
        newest = head(connection)
        first = int(newest * (1 - SPAN))
        times = recorded_at(connection, [first + 1, newest])
    start, end = min(times.values()).date(), max(times.values()).date()
    span = max(2, (end - start).days)
    # A stride that has no divisor in common with the span visits every day before any comes again.
    stride = next(n for n in range(span // 3 + 1, span + 1) if n % 2 and span % n)
    return ((start + dt.timedelta(days=n * stride % span)).isoformat() for n in itertools.count())


def _requests(
    client: FlaskClient, things: list[tuple[str, str]], days: Iterator[str], suffix: str
) -> list[Timed]:
    def each(*axes: str) -> Callable[[], Iterable[Act]]:
        def ask(address: str) -> Act:
            query = "&".join(f"{axis}={next(days)}" for axis in axes)
            return lambda: _answered(client, f"{address}?{query}")

        return lambda: (ask(f"/api/v1/{name}/{i}{suffix}") for name, i in things)

    return [
        Timed("today", each()),
        Timed("as known on a new day", each("as_known_on")),
        Timed("as in force on a new day", each("in_force_on")),
        Timed("as known, and in force", each("as_known_on", "in_force_on")),
    ]


def _answered(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers=ANEW)
    if response.status_code not in (200, 404):  # in force on a day, a thing may not have been there
        raise RuntimeError(f"{path} answered {response.status}")


def _from_a_file(app: Flask, context: Context, things: list[tuple[str, str]]) -> Timed:
    """The same items from a whole past, made beforehand; without the way through the application."""
    pasts = Pasts(context.store, context.folder / f"pasts-{context.database}-{context.events}")
    moment = Moment(known_on=dt.date.fromisoformat(next(_days(context))))
    with pasts.reading(moment):
        pass
    collections = {collection.name: collection for collection in COLLECTIONS}

    def ask(name: str, i: str) -> Act:
        def act() -> None:
            with app.app_context(), pasts.reading(moment) as connection:
                item_of(connection, collections[name], i, PUBLIC)

        return act

    known = [(name, i) for name, i in things if collections[name].kind in KINDS]
    return Timed("from a file of that day", lambda: [ask(name, i) for name, i in known])
