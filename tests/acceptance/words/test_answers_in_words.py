"""Every answer as people read it: no identifier, state, field or English note in Japanese text."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections import defaultdict
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from api.serve.app import create_app
from api.setup.config import RecordSettings
from domain.kernel.refusals import UNKNOWN_ID
from domain.kernel.viewer import PUBLIC, Viewer
from domain.values.refusal import Refusal
from projections.answers import due_list
from projections.answers.trail import account_of, trail
from projections.engine.store import Store
from projections.metrics import ask as metrics
from projections.questions.question import QUESTIONS, Ask
from projections.views.matter import decision_trail
from tests.acceptance.words.scanning import bilingual_in, ids_of, out_of_place

TODAY = dt.date(2026, 3, 20)
EACH = 4
"""So many things of each kind are asked about."""
_KIND_OF = {
    "id": ("Matter", "Council", "Meeting"),
    "action_id": ("PlanAction",),
    "plan_id": ("PromotionPlan",),
    "sheet_id": ("EvaluationSheet",),
    "study_id": ("CenterStudy",),
    "council_id": ("Council",),
}
_OTHERS = {"known_on": [TODAY], "effective_on": [dt.date(2026, 2, 5)], "comment_id": ["c-1", "c-3"]}


def things(connection: sa.Connection, *kinds: str) -> list[str]:
    table = decision_trail.thing.table
    chosen = sa.select(table.c.id, table.c.kind).where(table.c.kind.in_(kinds), table.c.id == table.c.entity)
    listed: dict[str, list[str]] = defaultdict(list)
    for id_, kind in connection.execute(chosen.order_by(table.c.id)):
        listed[kind].append(id_)
    return [id_ for ids in listed.values() for id_ in ids[:EACH]]


def answers(connection: sa.Connection) -> Iterator[tuple[str, Any]]:
    """Every question, of every kind of thing it may be about."""
    for code, question in QUESTIONS.items():
        required = [p.name for p in question.parameters() if p.required]
        values = [_OTHERS.get(name) or things(connection, *_KIND_OF[name]) for name in required]
        for chosen in itertools.product(*values):
            arguments = dict(zip(required, chosen, strict=True))
            ask = Ask(connection, Viewer(staff=question.for_staff), TODAY)
            try:
                yield f"{code} {arguments or ''}", question.put(ask, arguments)
            except Refusal as refused:
                if refused.declared is not UNKNOWN_ID:
                    raise


def other_answers(connection: sa.Connection) -> Iterator[tuple[str, Any]]:
    """Trails and accounts with their gaps, what is due, and the figures."""
    for thing in things(
        connection, "Matter", "Meeting", "Council", "PlanAction", "PromotionPlan", "CenterStudy"
    ):
        yield f"trail of {thing}", trail(connection, thing, staff=True)
        yield f"account of {thing}", account_of(connection, thing)
    items = due_list.what_is_due(connection, TODAY)
    yield "due", [due_list.as_json(connection, items, TODAY), due_list.without_a_day(connection)]
    for viewer in (PUBLIC, Viewer(staff=True)):
        yield "metrics", metrics.measure_all(connection, period=2025, viewer=viewer, today=TODAY)


def test_no_sentence_of_an_answer_speaks_of_the_program(record: Store) -> None:
    """Words of ours and titles of things: so a sentence may quote a source, and names no identifier."""
    wrong: dict[str, str] = {}
    seen: set[str] = set()
    with record.engine.connect() as connection:
        ids = ids_of(connection)
        for where, answer in itertools.chain(answers(connection), other_answers(connection)):
            for ja, _ in bilingual_in(answer):
                if ja not in seen and (words := out_of_place(ja, ids, strict=False)):
                    wrong[ja] = f"{where}: {words}"
                seen.add(ja)
    assert wrong == {}
    assert len(seen) > 100


_HIDDEN = re.compile(r"<(script|style|code|pre)\b.*?</\1>|<[a-z]+[^>]* lang=\"en\"[^>]*>[^<]*|<[^>]+>", re.S)


def lines_of(html: str) -> list[str]:
    """What a reader sees of a page, but for what it says to be English: the link to the page in English."""
    return unescape(_HIDDEN.sub("\n", html)).splitlines()


@pytest.fixture(scope="module")
def client(record: Store) -> FlaskClient:
    url = record.url.render_as_string(hide_password=False)
    return create_app(RecordSettings(database_url=url, secret_key="only for tests")).test_client()


def pages(connection: sa.Connection) -> list[str]:
    """The pages of the menu, one of each kind of thing, and every question of the public."""
    menu = [
        "/",
        "/timeline",
        "/council",
        "/matters",
        "/meetings",
        "/actions",
        "/study",
        "/issues",
        "/questions",
    ]
    of = {
        "Matter": "/matters/",
        "Meeting": "/meetings/",
        "PlanAction": "/actions/",
        "PromotionPlan": "/plans/",
        "EvaluationSheet": "/sheets/",
        "WorkingGroup": "/groups/",
        "Council": "/council/",
    }
    found = [f"{path}{id_}" for kind, path in of.items() for id_ in things(connection, kind)[:2]]
    found += [f"/trails/{id_}" for id_ in things(connection, "Matter", "PlanAction")[:3]]
    return [*menu, *found, *(f"/questions/{code}" for code in QUESTIONS if code.startswith("P"))]


def test_no_japanese_page_speaks_of_the_program(record: Store, client: FlaskClient) -> None:
    wrong: dict[str, set[str]] = defaultdict(set)
    with record.engine.connect() as connection:
        ids = ids_of(connection)
        for path in pages(connection):
            answer = client.get(path, follow_redirects=True)
            if answer.status_code == 404:  # this record has nothing of the kind
                continue
            for line in lines_of(answer.get_data(as_text=True)):
                for word in out_of_place(line, ids, strict=False):
                    wrong[word].add(path)
    assert wrong == {}
