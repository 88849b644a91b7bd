"""Views of older and of newer code than the process that reads and writes them."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from domain.recording.application import command_named
from domain.values.refusal import Refusal
from projections.engine.database import transaction
from projections.engine.store import Store
from projections.engine.view_versions import held, make_readable, standings
from projections.rebuild.replay import rebuild, verify
from projections.tables.durable import VIEW_BUILD
from tests.projections.engine.test_store import SECRETARIAT

pytestmark = pytest.mark.slow

VIEW = "party_register"


def give(store: Store, command: str, party: str, **said: Any) -> None:
    store.application.execute(command_named("Party", command), party, said, SECRETARIAT)


def register(store: Store, party: str) -> None:
    give(store, "register_person", party, name="架空 太郎")


def built_by(store: Store, **code: Any) -> None:
    """Pretend that other code has rebuilt the view meanwhile."""
    with store.engine.begin() as connection:
        newest = connection.scalar(sa.select(sa.func.max(VIEW_BUILD.c.generation))) or 0
        changed = sa.update(VIEW_BUILD).where(VIEW_BUILD.c.view == VIEW)
        connection.execute(changed.values(generation=newest + 1, **code))


def state(store: Store) -> str:
    with store.engine.connect() as connection:
        return standings(connection)[VIEW]


def parties(store: Store) -> dict[str, Any]:
    with store.engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT party_id, doc, may_be_named FROM party"))
        return {row.party_id: row for row in rows}


@pytest.fixture
def older(store: Store) -> Store:
    """A record whose register of parties is of an older version, with other columns."""
    register(store, "p-fictional-1")
    rebuild(store)
    built_by(store, version=0)
    with store.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE party DROP COLUMN doc"))
        connection.execute(sa.text("ALTER TABLE party ADD COLUMN gone text"))
        if store.postgres:
            connection.execute(sa.text("UPDATE party SET gone='x'"))
            connection.execute(sa.text("ALTER TABLE party ALTER COLUMN gone SET NOT NULL"))
    connection = store.connect()
    with transaction(connection, store.postgres) as cursor:
        make_readable(cursor, store.postgres)
    connection.close()
    return store


def test_an_older_view_is_served_and_fed_until_a_rebuild_has_finished(older: Store) -> None:
    assert state(older) == "older"
    assert parties(older)["p-fictional-1"].doc is None  # the older code knew no such column
    register(older, "p-fictional-2")
    assert parties(older)["p-fictional-2"].doc
    rebuild(older)
    assert state(older) == "current"
    assert all(row.doc for row in parties(older).values())
    assert all(proof.equal for proof in verify(older))


def test_a_view_that_the_new_folds_cannot_write_is_held_and_no_append_fails(older: Store) -> None:
    before = older.head()
    give(older, "give_name_consent", "p-fictional-1")  # its fold reads what the older row does not have
    register(older, "p-fictional-2")
    assert older.head() == before + 2
    assert list(parties(older)) == ["p-fictional-1"]
    with older.engine.connect() as connection:
        assert held(connection) == {VIEW: before}
    rebuild(older, [VIEW])
    found = parties(older)
    assert {party: row.may_be_named for party, row in found.items()} == {
        "p-fictional-1": 1,
        "p-fictional-2": 0,
    }
    with older.engine.connect() as connection:
        assert held(connection) == {}
    assert all(proof.equal for proof in verify(older))


def test_an_older_process_does_not_write_newer_tables(store: Store) -> None:
    register(store, "p-fictional-1")
    rebuild(store)
    built_by(store, version=99)
    before = store.head()
    with pytest.raises(Refusal, match="VIEWS_NEWER"):
        register(store, "p-fictional-2")
    assert store.head() == before
    assert state(store) == "newer"


def test_other_code_of_the_same_version_goes_on(store: Store) -> None:
    rebuild(store)
    built_by(store, fingerprint="old")
    register(store, "p-fictional-1")
    assert state(store) == "other_code"
    assert list(parties(store)) == ["p-fictional-1"]
