"""What was taken back 取消 counts in no view, is told beside its event, and a replay agrees."""

from __future__ import annotations

import pytest

from projections.answers.describing import Describer
from projections.answers.trail import trail
from projections.engine.log import events_after
from projections.engine.store import Store
from projections.engine.view import VIEWS
from projections.views.matter import matter_list
from projections.views.matter.decision_trail import things
from projections.views.record.corrections import fixes
from tests.projections.engine.test_corrections import then_a_replay_agrees
from tests.support.given import give

DESK = "matter-desk"
WHY = "別の案件に入れるものだったため（架空）"


@pytest.fixture
def desk(store: Store) -> Store:
    """A matter with two options, the second of which was taken back."""
    told = {"title": "相談窓口（架空）", "question": "どう設けるか。", "practice": "慣行"}
    give(store.application, "MEM", "Matter", DESK, "raise_matter", **told)
    for n in (1, 2):
        given = {"option_id": f"option-{n}", "label": f"第{n}案（架空）"}
        give(store.application, "MEM", "Matter", DESK, "propose_option", **given)
    give(store.application, "MEM", "Matter", DESK, "withdraw_event", target_version=3, reason=WHY)
    return store


def test_it_is_in_no_row_and_told_beside_its_event(desk: Store) -> None:
    with desk.engine.connect() as connection:
        row = matter_list.matter.as_row(tuple(connection.execute(matter_list.matters()).one()))
        assert [o["option_id"] for o in row["doc"]["OptionProposed"]] == ["option-1"]
        (fix,) = connection.execute(fixes()).all()
        assert (fix.act, fix.state, fix.target_type) == ("withdrawal", "withdrawn", "OptionProposed")
        events = events_after(connection, stream=DESK)
        told = [Describer(connection, events).describe(e)["withdrawn"] for e in events]
        assert [t and t["reason"] for t in told] == [None, None, WHY, None]
        steps = trail(connection, DESK, staff=True)["own"]["steps"]
        assert [s["type"] for s in steps] == ["MatterRaised", "OptionProposed", "EventWithdrawn"]
    then_a_replay_agrees(desk)


def test_what_was_made_by_mistake_is_nowhere(desk: Store) -> None:
    for version in (2, 1):
        give(desk.application, "MEM", "Matter", DESK, "withdraw_event", target_version=version, reason=WHY)
    with desk.engine.connect() as connection:
        assert connection.execute(matter_list.matters()).all() == []
        assert things(connection, [DESK]) == {}
        rows = {
            table.name: [r for r in connection.execute(table.table.select()) if "第1案" in repr(r)]
            for view in VIEWS.values()
            for table in view.tables
        }
    assert {name for name, found in rows.items() if found} == set()
    then_a_replay_agrees(desk)
