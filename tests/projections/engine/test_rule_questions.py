"""What rules ask of views: by name, of views that say so, and of no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from domain.kernel.commands import Reader
from domain.sample.chapters import CHAPTERS
from domain.sample.record import make_sample
from projections.engine.rule_questions import RuleQuestion, declared
from projections.engine.store import Store
from projections.engine.view import METADATA, View
from projections.registry import ALL_VIEWS, RULE_QUESTIONS
from projections.views.council import group_register
from tests.projections.conftest import new_store

LOOKED_UP_BY_ID = {"find", "event_at"}
"""What a rule finds in the log itself."""


@pytest.fixture(scope="module")
def sample(module_database_url: str) -> Iterator[Store]:
    store = new_store(module_database_url)
    make_sample(store.application, 2 + len(CHAPTERS))
    yield store
    store.close()


def test_everything_that_a_rule_can_ask_is_declared() -> None:
    asked = {name for name in vars(Reader) if not name.startswith("_")}
    assert asked - LOOKED_UP_BY_ID == RULE_QUESTIONS.keys()


def test_the_views_that_rules_read_are_those_that_rule_questions_ask() -> None:
    asked = {view.name for question in RULE_QUESTIONS.values() for view in question.views}
    assert {view.name for view in ALL_VIEWS if view.read_by_rules} == asked


@pytest.mark.parametrize("name", ["open_business", "groups_of", "meetings_at"])
def test_a_rule_question_touches_the_tables_of_its_views_only(sample: Store, name: str) -> None:
    question = RULE_QUESTIONS[name]
    with sample.engine.connect() as connection:
        ids = {
            "open_business": connection.scalars(sa.text("SELECT council_id FROM council")).all(),
            "groups_of": connection.scalars(sa.text("SELECT appointment_id FROM group_member")).all(),
            "meetings_at": [
                f"{row.council_id}/{row.group_id or ''}/{row.moment}"
                for row in connection.execute(sa.text("SELECT council_id, group_id, moment FROM meeting"))
            ],
        }[name]
    own = {table.name for view in question.views for table in view.tables}
    read = set[str]()

    def seen(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        read.update(
            set(re.findall(r"\w+", statement)) & (METADATA.tables.keys() | {"stored_events", "claim"})
        )

    sa.event.listen(sample.engine, "before_cursor_execute", seen)
    try:
        answered = [getattr(sample.application, name)(id_) for id_ in ids]
    finally:
        sa.event.remove(sample.engine, "before_cursor_execute", seen)
    assert any(answered), f"nothing on this record answers {name}"
    assert read
    assert read <= own


# ------------------------------------------------------------------------------------- what is refused


def asking(*views: View, name: str = "groups_of") -> RuleQuestion:
    return RuleQuestion(name, ja="問い", en="A question", views=views, answer=group_register.groups_of)


def view(name: str, *, read_by_rules: bool) -> View:
    return View(name, 1, ja="仮", en="temporary", source=__name__, read_by_rules=read_by_rules)


def test_a_question_cannot_ask_a_view_that_does_not_say_that_rules_read_it() -> None:
    with pytest.raises(ValueError, match="groups_of asks quiet: declare read_by_rules"):
        declared([asking(view("quiet", read_by_rules=False))], ())


def test_a_view_cannot_say_that_rules_read_it_when_none_does() -> None:
    read, idle = view("read", read_by_rules=True), view("idle", read_by_rules=True)
    with pytest.raises(ValueError, match="no rule-question asks idle"):
        declared([asking(read)], (read, idle))


def test_a_question_that_no_rule_can_ask_is_refused() -> None:
    with pytest.raises(ValueError, match="no rule can ask weather"):
        declared([asking(name="weather")], ())


def test_two_questions_have_two_names() -> None:
    with pytest.raises(ValueError, match="declared twice: groups_of"):
        declared([asking(), asking()], ())


def test_a_store_without_the_questions_says_which_one_it_lacks(database_url: str) -> None:
    new_store(database_url).close()
    store = Store(database_url)
    store.create()
    with pytest.raises(LookupError, match="open_business"):
        store.application.open_business("council-1")
    store.close()
