"""The log and its views: one transaction, never changed, never with a name in it."""

from typing import Any

import pytest
import sqlalchemy as sa

from domain.kernel.events import Actor
from domain.recording.application import command_named
from domain.recording.receipts import CommandTerms
from projections.engine.store import LOG, Store
from projections.engine.view import Handler
from projections.tables.durable import CLAIM, COMMAND_KEY, VAULT
from projections.views.matter.decision_trail import step

SECRETARIAT = CommandTerms(Actor("SEC", "p-clerk"), frozenset({"SEC"}))


def register_person(store: Store, name: str, terms: CommandTerms = SECRETARIAT) -> Any:
    command = command_named("Party", "register_person")
    return store.application.execute(command, "p-fictional-1", {"name": name}, terms)


def counts(store: Store) -> dict[str, int]:
    tables = [LOG, step.name, COMMAND_KEY.name, CLAIM.name, VAULT.name]
    with store.engine.connect() as connection:
        return {t: connection.scalar(sa.text(f"SELECT count(*) FROM {t}")) or 0 for t in tables}


@pytest.mark.parametrize("statement", [f"UPDATE {LOG} SET topic='x'", f"DELETE FROM {LOG}"])
def test_the_database_itself_refuses_to_change_the_log(kanazawa: Store, statement: str) -> None:
    before = counts(kanazawa)
    with kanazawa.engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="never changed"):
        connection.execute(sa.text(statement))
    assert counts(kanazawa) == before


def test_a_failing_fold_leaves_neither_event_nor_key_nor_name(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(row: Any, e: Any, key: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(step, "any_event", [Handler(lambda e: (e.position,), broken)])
    before = counts(store)
    with pytest.raises(ZeroDivisionError):
        register_person(store, "架空 太郎", CommandTerms(SECRETARIAT.actor, SECRETARIAT.roles, key="k"))
    assert counts(store) == before
    monkeypatch.undo()
    assert register_person(store, "架空 太郎").version == 1


def test_a_persons_name_is_in_the_vault_and_nowhere_in_the_log(store: Store) -> None:
    register_person(store, "架空 花子")
    with store.engine.connect() as connection:
        log = b"".join(bytes(s) for s in connection.scalars(sa.text(f"SELECT state FROM {LOG}")))
        vault = "".join(connection.scalars(sa.select(VAULT.c.personal)))
    escaped = "架空 花子".encode("unicode_escape")
    assert "架空 花子" in vault
    assert "架空 花子".encode() not in log
    assert escaped not in log


def test_the_same_key_does_nothing_twice(store: Store) -> None:
    terms = CommandTerms(SECRETARIAT.actor, SECRETARIAT.roles, key="once")
    first = register_person(store, "架空 太郎", terms)
    again = register_person(store, "架空 太郎", terms)
    assert (again.event_ids, again.replayed) == (first.event_ids, True)
    assert counts(store)[LOG] == 1


def test_positions_count_up_in_the_order_of_the_log(kanazawa: Store) -> None:
    with kanazawa.engine.connect() as connection:
        positions = list(connection.scalars(sa.select(step.table.c.position).order_by("position")))
    assert len(positions) == 67
    assert positions == sorted(set(positions))
