"""Questions: the history and the trail of one matter against a lookup by key, and every question.

Each is measured as a function on a connection of its own, and as a request through the whole application
(routing, sign-in, headers, JSON) that gets no kept answer. The questions are timed one by one, about a
matter, a plan, a sheet of this record: what grows with the record shows when two sizes are compared.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import statistics
import time
from collections.abc import Callable, Iterable

import sqlalchemy as sa
from flask import Flask, Response

from api.reads.collections import row_json
from api.reads.question_params import arguments
from api.reads.reading import answer, reading
from api.serve.app import create_app
from api.setup.config import RecordSettings
from bench.context import Context
from bench.latency import Act, Timed, timed_in_turn, timed_table
from bench.serving import ANEW
from bench.tables import Figure, Table
from domain.kernel.viewer import Viewer
from domain.values.refusal import Refusal
from projections.answers.trail import trail
from projections.engine.store import Store
from projections.questions.question import QUESTIONS, Ask, Question
from projections.views.matter import decision_trail, matter_list

TITLE = "Questions about one matter"
STAFF = Viewer(staff=True)
MATTERS = 60
AT_LEAST = dict.fromkeys(("known_on", "effective_on"), "2027-03-31")
"""What is asked where a day has to be given."""
OF_KIND = {
    "id": "Matter",
    "matter_id": "Matter",
    "plan_id": "PromotionPlan",
    "action_id": "PlanAction",
    "sheet_id": "EvaluationSheet",
    "council_id": "Council",
    "study_id": "CenterStudy",
}
SLOW = 1.0
"""Seconds that nobody should wait for an answer."""


def measure(context: Context) -> list[Table]:
    """One matter in both ways, and every question."""
    store, runs = context.store, context.options.runs
    matters = _some(store, "Matter", MATTERS)
    functions = _functions(store, matters)
    timed_in_turn(functions, runs)
    app = _application(context.url)
    requests = _requests(app, matters)
    timed_in_turn(requests, runs)
    app.extensions["kyodo-store"].close()
    return [
        timed_table(TITLE, "answers/s", functions),
        timed_table("The same through the application", "answers/s", requests),
        _told(questions(store, runs)),
    ]


def _some(store: Store, kind: str, most: int) -> list[str]:
    """Things of one kind, evenly out of all there are, the newest among them."""
    table = decision_trail.thing.table
    with store.engine.connect() as connection:
        chosen = sa.select(table.c.id).where(table.c.kind == kind, table.c.id == table.c.entity)
        ids = list(connection.scalars(chosen.order_by(table.c.position.desc())))
    return ids[:: max(1, len(ids) // most)][:most]


# ------------------------------------------------------------------------- one matter, in two ways


def _functions(store: Store, matters: list[str]) -> list[Timed]:
    table = matter_list.matter.table

    def each(ask: Callable[[sa.Connection, str], object]) -> Callable[[], Iterable[Act]]:
        def answered(matter: str) -> object:
            with store.engine.connect() as connection:
                return ask(connection, matter)

        return lambda: [lambda matter=matter: answered(matter) for matter in matters]  # type: ignore[misc]

    def row(connection: sa.Connection, matter: str) -> object:
        return connection.execute(sa.select(table).where(table.c.matter_id == matter)).one()

    def history(connection: sa.Connection, matter: str) -> object:
        return decision_trail.positions_about(connection, [matter], key_steps_only=False)

    def events(connection: sa.Connection, matter: str) -> object:
        return decision_trail.events_about(connection, [matter], key_steps_only=False)

    return [
        Timed("a row by its key", each(row)),
        Timed("history: which events", each(history)),
        Timed("history: the events, decoded", each(events)),
        Timed("a full trail", each(trail)),
    ]


def _application(url: str) -> Flask:
    """The application, with one route more: a row by its key, as JSON."""
    app = create_app(RecordSettings(database_url=url, secret_key="only measured"))
    table = matter_list.matter.table

    def row(matter: str) -> Response:
        with reading() as connection:
            matter_row = connection.execute(sa.select(table).where(table.c.matter_id == matter)).one()
            return answer(row_json(matter_list.matter, matter_row), tagged=True)

    app.add_url_rule("/api/v1/bench/<matter>", view_func=row)
    return app


def _requests(app: Flask, matters: list[str]) -> list[Timed]:
    client = app.test_client(use_cookies=False)

    def each(address: str) -> Callable[[], Iterable[Act]]:
        def get(path: str) -> object:
            response = client.get(path, headers=ANEW)
            if response.status_code != 200:
                raise RuntimeError(f"{path} answered {response.status}")
            return response.data

        paths = [address.format(matter) for matter in matters]
        return lambda: [lambda path=path: get(path) for path in paths]  # type: ignore[misc]

    return [
        Timed("a row by its key", each("/api/v1/bench/{}")),
        Timed("history: events of a stream", each("/api/v1/events?stream={}")),
        Timed("a matter, with what is not recorded", each("/api/v1/matters/{}")),
        Timed("a full trail", each("/api/v1/matters/{}/trail")),
    ]


# ------------------------------------------------------------------------------- every question there is


def questions(store: Store, runs: int) -> dict[str, float]:
    """Seconds that each question takes, the median of some runs; one that takes long is counted once."""
    known = {name: next(iter(_some(store, kind, 1)), None) for name, kind in OF_KIND.items()}
    with store.engine.connect() as connection:
        comment = connection.execute(sa.text("SELECT plan_id, comment_id FROM plan_comment LIMIT 1")).first()
    if comment is not None:
        known |= {"plan_id": comment.plan_id, "comment_id": comment.comment_id}
    seconds: dict[str, float] = {}
    for code, question in sorted(QUESTIONS.items(), key=lambda item: (item[0][0], int(item[0][1:]))):
        arguments = {p.name: (known | AT_LEAST).get(p.name) for p in question.parameters() if p.required}
        if None not in arguments.values():
            seconds[code] = _seconds(
                store, question, {name: str(value) for name, value in arguments.items()}, runs
            )
    return seconds


def _seconds(store: Store, question: Question, arguments_by_name: dict[str, str], runs: int) -> float:
    """The first answer, which reads pages from the disk, is not counted."""
    took: list[float] = []
    while len(took) <= runs and sum(took[1:]) < SLOW:
        with store.engine.connect() as connection:
            ask = Ask(connection, STAFF, dt.date(2027, 3, 31))
            started = time.perf_counter()
            with contextlib.suppress(Refusal):  # a refusal has to be found too
                question.put(ask, arguments(question, arguments_by_name))
            took.append(time.perf_counter() - started)
    return statistics.median(took[1:])


def _told(seconds_by_question: dict[str, float]) -> Table:
    shown = (Figure("ms", "ms", ",.1f"), Figure("waits", f"more than {SLOW:.0f} s", ",.0f"))
    rows = {
        f"{code} {QUESTIONS[code].en}": {
            "ms": round(1_000 * seconds, 2),
            "waits": 1 if seconds > SLOW else None,
        }
        for code, seconds in seconds_by_question.items()
    }
    return Table("Every question", shown, rows)
