"""The peers of the append are given the same logical changes, and keep a history of every one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from bench.peers.changes import Workload, workload
from bench.peers.timing import timed_in_process
from projections.engine.store import Store
from projections.registry import open_store

COMMANDS = 60


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(f"sqlite:///{tmp_path / 'record.db'}")
    made.create()
    yield made
    made.close()


@pytest.fixture
def work(store: Store) -> Workload:
    return workload(store, COMMANDS)


def test_every_command_is_an_insert_or_a_change_of_some_fields(work: Workload) -> None:
    changes = work.changes()
    assert len(changes.timed) == COMMANDS
    known: set[tuple[str, str]] = set()
    for command in [*changes.before, *changes.timed]:
        assert command
        for change in command:
            assert change.new == ((change.table, change.key) not in known)
            assert change.values.keys() <= changes.tables[change.table].keys()
            known.add((change.table, change.key))
    assert {"matter", "matter_option", "meeting", "meeting_item"} <= changes.tables.keys()


def test_ours_can_be_given_the_same_commands_one_by_one(work: Workload, tmp_path: Path) -> None:
    again = open_store(f"sqlite:///{tmp_path / 'again.db'}")
    again.create()
    events = 0
    for given in work.replay(again):
        receipt = again.application.execute(given.command, given.entity, dict(given.arguments), given.terms)
        assert len(receipt.event_ids) == len(given.changes)
        events = receipt.position
    assert events == sum(len(given.changes) for given in [*work.before, *work.timed])
    again.close()


@pytest.mark.parametrize(
    ("package", "module", "history"),
    [
        ("simple_history", "bench.peers.simple_history", "crud_historical%"),
        ("sqlalchemy_continuum", "bench.peers.continuum", "%\\_version"),
    ],
)
def test_a_peer_keeps_every_change(
    package: str, module: str, history: str, work: Workload, tmp_path: Path
) -> None:
    """Continuum keeps one version of a row for each transaction, simple-history one for each save."""
    pytest.importorskip(package, reason="not run: make bench installs what others keep a history with")
    file, database = tmp_path / "changes.json", tmp_path / "peer.db"
    changes = work.changes()
    file.write_bytes(msgspec.json.encode(changes))
    assert len(timed_in_process(module, f"sqlite:///{database}", file)) == COMMANDS
    with sqlite3.connect(database) as connection:
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type='table' AND name LIKE ? ESCAPE '\\'", (history,)
        ).fetchall()
        kept = sum(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in tables)
    assert mode == "wal"
    commands = [*changes.before, *changes.timed]
    made = sum(len(command) for command in commands)
    rows = sum(len({(change.table, change.key) for change in command}) for command in commands)
    assert kept == (rows if package == "sqlalchemy_continuum" else made)
