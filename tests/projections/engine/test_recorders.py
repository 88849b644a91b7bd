"""Appending on both databases: whole or not at all, one after another, and the connection stays usable."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from eventsourcing.persistence import IntegrityError, OperationalError, ProgrammingError

import domain.recording.aggregate_cache
from domain.kernel.events import Actor, Recorded
from domain.recording.application import command_named
from domain.recording.receipts import Alongside, CommandTerms
from projections.engine.log import events_after
from projections.engine.recorders import PostgresRecorder
from projections.engine.store import Store
from projections.engine.view import Handler
from projections.rebuild.replay import verify
from projections.registry import open_store
from projections.tables.durable import SNAPSHOT
from projections.tables.log_table import LOG
from projections.views.council.party_register import party
from projections.views.matter.decision_trail import step

SECRETARIAT = CommandTerms(Actor("SEC", "p-clerk"), frozenset({"SEC"}))


def register(store: Store, name: str) -> Any:
    values = {"name_ja": "架空の団体", "category": "npo"}
    command = command_named("Party", "register_organisation")
    return store.application.execute(command, name, values, SECRETARIAT)


def give(store: Store, name: str, command: str, /, **values: Any) -> Any:
    return store.application.execute(command_named("Party", command), name, values, SECRETARIAT)


def recorded(store: Store) -> list[Recorded[Any]]:
    with store.engine.connect() as connection:
        return events_after(connection, limit=10_000)


def rows_of(store: Store, table: sa.Table) -> int:
    with store.engine.connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


@pytest.fixture
def warm(store: Store) -> Store:
    """A record whose connection has appended before: rows are asked for ahead, statements are prepared."""
    for n in range(3):
        register(store, f"org-warm-{n}")
    return store


def test_what_the_database_refuses_in_a_view_is_not_in_the_log_either(
    warm: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no such table: on PostgreSQL that is known when everything has been sent."""
    before = recorded(warm), rows_of(warm, step.table)
    columns = (sa.Column(c.name, c.type, primary_key=c.primary_key) for c in step.table.columns)
    missing = sa.Table("trail_step_missing", sa.MetaData(), *columns)
    with monkeypatch.context() as patch:
        patch.setattr(step, "table", missing)
        with pytest.raises((ProgrammingError, OperationalError)):
            register(warm, "org-broken")
    assert (recorded(warm), rows_of(warm, step.table)) == before
    assert register(warm, "org-fine").position > len(before[0])


def test_a_failing_fold_leaves_the_connection_as_it_was(warm: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(row: Any, e: Any, key: Any) -> Any:
        raise ZeroDivisionError

    before = recorded(warm)
    with monkeypatch.context() as patch:
        patch.setattr(step, "any_event", [Handler(lambda e: (e.position,), broken)])
        with pytest.raises(ZeroDivisionError):
            register(warm, "org-broken")
    assert recorded(warm) == before
    register(warm, "org-fine")
    assert [e.entity for e in recorded(warm)] == [*(e.entity for e in before), "org-fine"]


def test_a_version_that_is_taken_is_an_integrity_error(warm: Store) -> None:
    application, first = warm.application, recorded(warm)[0]
    first.position = 0
    with pytest.raises(IntegrityError):
        application.recorder.insert_events(
            [application.mapper.to_stored_event(first)],
            along=Alongside([first], stream=first.stream, stream_version=1),
        )
    assert len(recorded(warm)) == 3
    register(warm, "org-fine")


def test_many_writers_are_let_in_one_after_another(database_url: str) -> None:
    """Positions follow the order of the commits, every event is there, and every view holds it."""
    stores = [open_store(database_url) for _ in range(3)]
    stores[0].create()
    seen: list[int] = []

    def write(n: int) -> None:
        store = stores[n % len(stores)]
        register(store, f"org-{n}")
        seen.append(store.head())

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(30)))
    positions = [e.position for e in recorded(stores[0])]
    assert positions == sorted(set(positions))
    assert len(positions) == 30
    assert rows_of(stores[0], party.table) == 30
    assert all(proof.equal for proof in verify(stores[0]))
    for store in stores:
        store.close()


def test_a_row_is_updated_in_what_has_changed_and_not_written_again(warm: Store) -> None:
    """What two commands make of a row is what its folds make of it in a rebuild."""
    give(warm, "p-1", "register_person", name="架空 太郎")
    give(warm, "p-1", "give_name_consent")
    give(warm, "p-1", "withdraw_name_consent")
    assert all(proof.equal for proof in verify(warm))


def test_followers_are_told_of_what_was_committed_and_of_nothing_else(
    warm: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not warm.postgres:
        pytest.skip("SQLite tells nobody")
    listening = warm.connect()
    listening.execute(f"LISTEN {LOG}")

    def told() -> int:
        return len(list(listening.notifies(timeout=0.3)))

    def broken(row: Any, e: Any, key: Any) -> Any:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(step, "any_event", [Handler(lambda e: (e.position,), broken)])
        with pytest.raises(ZeroDivisionError):
            register(warm, "org-broken")
    assert told() == 0
    register(warm, "org-fine")
    assert told() == 1
    listening.close()


def test_statements_that_somebody_has_dropped_are_prepared_anew(warm: Store) -> None:
    recorder = warm.application.recorder
    if not isinstance(recorder, PostgresRecorder):
        pytest.skip("SQLite's statements belong to the connection alone")
    with recorder.datastore.get_connection() as connection:
        connection.execute("DEALLOCATE ALL")
    register(warm, "org-fine")
    assert len(recorded(warm)) == 4


@pytest.fixture
def short_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streams are long from the second event on."""
    monkeypatch.setattr(domain.recording.aggregate_cache, "EVERY", 2)


def spoil_nothing(store: Store) -> None:
    """The snapshot stays as it was taken."""


def damage(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(sa.update(SNAPSHOT).values(state="{"))


def drop(store: Store) -> None:
    SNAPSHOT.drop(store.engine)


@pytest.mark.usefixtures("short_streams")
@pytest.mark.parametrize("spoil", [spoil_nothing, damage, drop])
def test_whatever_becomes_of_snapshots_commands_go_on(store: Store, spoil: Callable[[Store], None]) -> None:
    give(store, "p-1", "register_person", name="架空 太郎")
    give(store, "p-1", "give_name_consent")
    assert rows_of(store, SNAPSHOT) == 1
    spoil(store)
    store.application.cache.most = 0  # from here on nothing is kept in memory
    for command in ("withdraw_name_consent", "give_name_consent", "withdraw_name_consent"):
        give(store, "p-1", command)
    assert [e.version for e in recorded(store)] == [1, 2, 3, 4, 5]
    assert all(proof.equal for proof in verify(store))
