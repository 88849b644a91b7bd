"""A view that was split in two: a record made before it gets both, and what nobody reads is dropped."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from projections.engine.store import Store
from projections.engine.view_versions import standings
from projections.rebuild.leftover_tables import drop_remains, old_name, remains
from projections.rebuild.replay import rebuild, verify
from projections.tables.durable import VIEW_BUILD
from projections.views.council.participation import VIEW

pytestmark = pytest.mark.slow


def before_the_split(store: Store) -> None:
    """The record as version 1 of the view left it: its tables, and one that a rebuild had replaced."""
    rebuild(store)
    with store.engine.begin() as connection:
        connection.execute(sa.update(VIEW_BUILD).where(VIEW_BUILD.c.view == VIEW.name).values(version=1))
        connection.execute(sa.delete(VIEW_BUILD).where(VIEW_BUILD.c.view == "council_work"))
        connection.execute(sa.text("DELETE FROM work_matter"))
        for name in (*VIEW.former_tables, old_name(VIEW.former_tables[0], 1)):
            connection.execute(sa.text(f"CREATE TABLE {name} (id TEXT PRIMARY KEY)"))


def test_a_record_made_before_the_split_gets_both_views(kanazawa: Store) -> None:
    before_the_split(kanazawa)
    with kanazawa.engine.connect() as connection:
        states = standings(connection)
    assert (states["participation"], states["council_work"]) == ("older", "never_built")
    rebuild(kanazawa, ["participation"])
    rebuild(kanazawa, ["council_work"], repair=True)
    assert all(proof.equal for proof in verify(kanazawa, ["participation", "council_work"]))


def test_the_tables_it_gave_away_stay_until_they_are_pruned(kanazawa: Store) -> None:
    before_the_split(kanazawa)
    given_away = {*VIEW.former_tables, old_name(VIEW.former_tables[0], 1)}
    connection = kanazawa.connect()
    drop_remains(kanazawa, connection)
    assert {found.name for found in remains(connection.cursor(), kanazawa.postgres)} == given_away
    assert given_away <= set(drop_remains(kanazawa, connection, gone_views=True))
    connection.close()
    there = set(sa.inspect(kanazawa.engine).get_table_names())
    assert given_away.isdisjoint(there)
    assert {"participation_seat", "work_group", "work_matter"} <= there


def test_a_record_of_the_time_before_generations_were_counted_is_rebuilt_twice(kanazawa: Store) -> None:
    """Then a generation was a time in nanoseconds; the names of two rebuilds must differ all the same."""
    rebuild(kanazawa)
    with kanazawa.engine.begin() as connection:
        connection.execute(sa.update(VIEW_BUILD).values(generation=1795475702505739513))
    rebuild(kanazawa, ["council_work"])
    rebuild(kanazawa)
    rebuild(kanazawa)
    assert [proof.view for proof in verify(kanazawa) if not proof.equal] == []
