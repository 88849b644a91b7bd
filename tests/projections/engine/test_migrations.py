"""Durable tables by numbered migrations: whole or not at all, and a landed record loses nothing."""

from __future__ import annotations

import concurrent.futures
import datetime as dt
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from domain.values.refusal import Refusal
from projections.engine.log import raw_after
from projections.engine.store import Store
from projections.migrations.revisions import migration_state, revisions
from projections.migrations.upgrading import durable_differences
from projections.rebuild.replay import rebuild, verify
from projections.registry import open_store
from projections.tables.durable import DURABLE, RECORD
from projections.tables.record_id import record_id
from tests.support import landed
from tests.support.server import ROOT

pytestmark = pytest.mark.slow


class Moment:
    """Equal to any day about 90 days from now, as tokens that had no end got one."""

    def __eq__(self, other: object) -> bool:
        left = dt.datetime.fromisoformat(str(other)) - dt.datetime.now(dt.UTC)
        return dt.timedelta(days=89) < left <= dt.timedelta(days=90)

    __hash__ = None  # type: ignore[assignment]


ALL = [revision.number for revision in revisions()]
NINETY_DAYS = Moment()
MADE_FROM_THE_REST = ("record", "event_format", "rules_edition")
"""Tables whose first rows a revision makes."""
LAST_TABLE = "sheet_link"
"""The table that the newest revision makes."""


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """Where nothing is yet."""
    made = open_store(database_url)
    yield made
    made.close()


@pytest.fixture(params=landed.LANDED)
def old(request: pytest.FixtureRequest, store: Store) -> Store:
    """A record that a landed version left."""
    landed.put(request.param, store.url.render_as_string(hide_password=False))
    return store


def current(store: Store) -> str | None:
    with store.engine.connect() as connection:
        return migration_state(connection).current


def change(store: Store, *statements: str) -> None:
    with store.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def refusal_of(act: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value


def log_of(store: Store) -> list[tuple[Any, ...]]:
    with store.engine.connect() as connection:
        return [tuple(raw) for raw in raw_after(connection, 0, 10_000)]


# ------------------------------------------------------------------------------------------- new records


def test_the_revisions_come_to_the_tables_that_the_code_knows(store: Store) -> None:
    assert store.create() == ALL
    durable = {"include_name": lambda name, kind, _: kind != "table" or name in DURABLE.tables}
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True, **durable})
        assert compare_metadata(context, DURABLE) == []
        assert durable_differences(connection) == []


def test_a_table_that_the_revisions_do_not_make_would_be_noticed(store: Store) -> None:
    store.create()
    other = sa.MetaData()
    RECORD.to_metadata(other).append_column(sa.Column("colour", sa.Text))
    durable = {"include_name": lambda name, kind, _: kind != "table" or name in other.tables}
    with store.engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts=durable), other)
    assert [difference[0] for difference in found] == ["add_column"]


def test_a_record_is_given_its_id_once_and_for_ever(store: Store) -> None:
    store.create()
    with store.engine.connect() as connection:
        given = record_id(connection)
    assert store.create() == []
    with store.engine.connect() as connection:
        assert record_id(connection) == given == str(uuid.UUID(given))
    with pytest.raises(sa.exc.IntegrityError):
        change(store, "INSERT INTO record VALUES (2, 'another', 'now', '0')")


def test_several_processes_may_create_a_record_at_once(database_url: str) -> None:
    stores = [open_store(database_url) for _ in range(4)]
    with concurrent.futures.ThreadPoolExecutor(len(stores)) as at_once:
        applied = list(at_once.map(Store.create, stores))
    assert sorted(number for numbers in applied for number in numbers) == ALL
    assert stores[0].exists() and current(stores[0]) == ALL[-1]
    for store in stores:
        store.close()


# --------------------------------------------------------------------------------------- landed records


def test_a_landed_record_is_not_used_until_it_is_upgraded(old: Store) -> None:
    for act in (lambda: old.application, lambda: rebuild(old), lambda: old.refuse_outdated()):
        assert refusal_of(act).code == "RECORD_OUTDATED"
    assert old.create() == ALL
    assert old.application.recorder.max_notification_id() == 133


@pytest.mark.parametrize("commit", landed.LANDED)
def test_an_upgrade_keeps_every_row(commit: str, store: Store) -> None:
    landed.put(commit, store.url.render_as_string(hide_password=False))
    before = log_of(store)
    assert store.create() == ALL
    assert log_of(store) == before
    for table in [t for t in DURABLE.sorted_tables if t.name not in MADE_FROM_THE_REST]:
        with store.engine.connect() as connection:
            there = [dict(row._mapping) for row in connection.execute(sa.select(table))]
        kept = landed.rows_of(commit, table.name)
        if table.name == "token":
            kept = [
                row | {"expires_at": row["expires_at"] or NINETY_DAYS, "outlives_password": 0, "scope": None}
                for row in kept
            ]
        order = list(table.primary_key.columns.keys())
        assert sorted(there, key=lambda row: [row[k] for k in order]) == sorted(
            kept, key=lambda row: [row[k] for k in order]
        ), table.name
    with store.engine.connect() as connection:
        held = dict(connection.execute(sa.text("SELECT event, class_version FROM event_format")).all())
    assert held.keys() == {row["topic"] for row in landed.rows_of(commit, "stored_events")}


def test_after_the_upgrade_every_view_is_proved_to_be_the_same(old: Store) -> None:
    old.create()
    rebuild(old)
    assert [proof.view for proof in verify(old) if not proof.equal] == []


def test_what_a_process_of_that_time_left_half_made_is_completed(old: Store) -> None:
    """Tables were made one by one then: whoever died over it left some of them out."""
    change(old, "DROP TABLE vault", "DROP TABLE view_certificate")
    assert old.create() == ALL
    with old.engine.connect() as connection:
        assert durable_differences(connection) == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("ALTER TABLE account ADD COLUMN colour TEXT", "account.colour"),
        ("ALTER TABLE token RENAME COLUMN label TO name", "token.label"),
        ("DROP TABLE claim; CREATE TABLE claim (claim BIGINT PRIMARY KEY, stream TEXT)", "claim.claim"),
    ],
)
def test_tables_that_no_version_made_are_refused_and_left_alone(
    old: Store, statement: str, told: str
) -> None:
    change(old, *statement.split(";"))
    refused = refusal_of(old.create)
    assert refused.code == "RECORD_FOREIGN"
    assert told in refused.sentence("en")
    assert current(old) is None


def test_a_durable_table_that_is_lost_is_not_made_anew_in_silence(store: Store) -> None:
    store.create()
    change(store, "DROP TABLE claim")
    refused = refusal_of(store.create)
    assert (refused.code, refused.params["columns"]) == ("RECORD_FOREIGN", "claim: missing (table)")


# --------------------------------------------------------------------------------------------- half done


@contextmanager
def failing_at(statement: str) -> Iterator[None]:
    """Every connection of this process fails after it has executed a statement that begins so."""

    def fail(connection: Any, cursor: Any, executed: str, *rest: Any) -> None:
        if executed.strip().startswith(statement):
            raise RuntimeError("half done")

    sa.event.listen(sa.Engine, "after_cursor_execute", fail)
    try:
        yield
    finally:
        sa.event.remove(sa.Engine, "after_cursor_execute", fail)


@pytest.mark.parametrize("number", ALL)
def test_a_revision_that_fails_in_the_middle_is_undone_and_done_again(old: Store, number: str) -> None:
    made = {
        "0001": "CREATE TABLE alembic_version",
        "0002": "CREATE TABLE record",
        "0003": "CREATE TABLE event",
        "0004": "CREATE TABLE rules_edition",
        "0005": "CREATE TABLE session",
        "0006": "CREATE TABLE identity",
        "0007": "CREATE TABLE submission",
        "0008": "CREATE TABLE office_draft_open",
        "0009": "CREATE TABLE meeting_reply",
        "0010": "CREATE TABLE pending_sheet",
        "0011": "CREATE TABLE sheet_link",
    }
    before = ALL[: ALL.index(number)]
    with failing_at(made[number]), pytest.raises(RuntimeError):
        old.create()
    assert current(old) == (before[-1] if before else None)
    tables = set(sa.inspect(old.engine).get_table_names())
    assert tables.isdisjoint({name.split()[-1] for step, name in made.items() if step >= number})
    assert old.create() == ALL[ALL.index(number) :]


def test_a_revision_that_is_killed_in_the_middle_is_undone_and_done_again(old: Store) -> None:
    url = old.url.render_as_string(hide_password=False)
    killed = subprocess.Popen(
        [sys.executable, "-m", "tests.kill_migration", url, f"CREATE TABLE {LAST_TABLE}"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert killed.stdout is not None and killed.stdout.readline() == "half done\n"
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    killed.stdout.close()
    assert old.create() == ALL[-1:]
    with old.engine.connect() as connection:
        assert durable_differences(connection) == []


# ------------------------------------------------------------------------------------------ newer records


def test_older_software_neither_upgrades_nor_records_in_tables_of_newer_software(store: Store) -> None:
    store.create()
    application = store.application
    change(store, "UPDATE alembic_version SET version_num='9999'", "UPDATE record SET software='9.9.0'")
    for act in (store.create, lambda: rebuild(store)):
        refused = refusal_of(act)
        assert refused.code == "RECORD_NEWER"
        assert "9.9.0" in refused.sentence("ja")
    assert application.recorder.max_notification_id() is None
    assert [proof.view for proof in verify(store) if not proof.equal] == []
