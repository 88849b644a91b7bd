"""SELECTs compiled once: lists of any length and any text, found by index, and few of them for a trail."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from projections.answers import reach
from projections.answers.trail import trail
from projections.engine.compiled_select import Prepared, among
from projections.engine.store import Store
from projections.views.matter import decision_trail
from projections.views.matter.decision_trail import step

TEXTS = ["a", "協働", "it's", '"quoted"', "%s ? :name", "back\\slash", "{x}"]

words = sa.table("word", sa.column("word", sa.Text), sa.column("number", sa.BigInteger))
ASKED = Prepared(
    lambda postgres: (
        sa.select(words)
        .where(among(words.c.word, "texts", postgres), words.c.number < sa.bindparam("below"))
        .order_by(words.c.number)
        .limit(3)
    )
)


@pytest.fixture
def worded(store: Store) -> Store:
    """A record with a table of texts beside it."""
    with store.engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE word (word TEXT, number BIGINT)"))
        connection.execute(words.insert(), [{"word": w, "number": n} for n, w in enumerate(TEXTS)])
    return store


def found(store: Store, texts: list[str], below: int = 100) -> list[tuple[str, int]]:
    with store.engine.connect() as connection:
        return [(row.word, row.number) for row in ASKED.rows(connection, texts=texts, below=below)]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_a_value_whatever_stands_in_it(worded: Store, text: str) -> None:
    assert found(worded, [text]) == [(text, TEXTS.index(text))]


def test_a_list_may_be_of_any_length(worded: Store) -> None:
    assert found(worded, []) == []
    assert found(worded, ["a", "a", "it's", "nothing"]) == [("a", 0), ("it's", 2)]
    assert found(worded, [*(f"no-{n}" for n in range(40_000)), "協働"]) == [("協働", 1)]


def test_what_the_statement_itself_says_holds(worded: Store) -> None:
    assert [n for _, n in found(worded, TEXTS)] == [0, 1, 2]
    assert [n for _, n in found(worded, TEXTS, below=2)] == [0, 1]


def test_positions_and_events_about_things_are_the_same_events(kanazawa: Store) -> None:
    with kanazawa.engine.connect() as connection:
        subjects = list(connection.scalars(sa.select(step.table.c.subject).distinct()))
        for only_key_steps in (False, True):
            asked = {"key_steps_only": only_key_steps}
            positions = decision_trail.positions_about(connection, subjects, **asked)
            events = decision_trail.events_about(connection, subjects, **asked)
            assert [e.position for e in events] == positions == sorted(positions)
            assert {e.subject for e in events} <= set(subjects)
            three = decision_trail.events_about(connection, subjects, most=3, **asked)
            assert [e.position for e in three] == positions[:3]
        for entity in dict.fromkeys(e.entity for e in events):
            own = reach.events_around(connection, reach.around(connection, entity)).own
            assert [e.position for e in own] == decision_trail.positions_of_entity(connection, entity)
            assert {e.entity for e in own} == {entity}


def test_a_trail_takes_the_same_few_statements_however_much_it_meets(
    kanazawa: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    rows = Prepared.rows

    def counted(self: Prepared, connection: sa.Connection, **given: Any) -> list[Any]:
        asked.append(self)
        return rows(self, connection, **given)

    monkeypatch.setattr(Prepared, "rows", counted)
    sa.event.listen(kanazawa.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    with kanazawa.engine.connect() as connection:
        told = trail(connection, "council-shimin-kaigi")
    things = len(told["backward"]["things"]) + len(told["forward"]["things"])
    assert things > 20 and 4 <= len(asked) <= 6
