"""What a rebuild refuses, what it leaves, and what it does in several processes and in little memory."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from domain.sample.record import make_sample
from domain.values.refusal import Refusal
from projections.engine.fold_events import DictRows
from projections.engine.store import Store
from projections.engine.view import VIEWS
from projections.rebuild import bulk_rows, replay
from projections.rebuild.parallel import shares
from projections.rebuild.rebuild_register import only_rebuild, run_under_way
from projections.rebuild.replay import ViewDiffers, rebuild, verify
from projections.rebuild.shadow_tables import Progress
from projections.registry import open_store
from projections.tables.durable import VIEW_CERTIFICATE
from tests.projections.engine.test_older_code import built_by, register


def wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the register of parties is folded wrongly, by code that calls itself the same."""
    (table,) = VIEWS["party_register"].tables
    stored = table.as_stored

    def as_stored(row: dict[str, Any]) -> tuple[Any, ...]:
        return stored({**row, "category": "wrong"})

    monkeypatch.setattr(table, "as_stored", as_stored)


def live(store: Store) -> set[Any]:
    with store.engine.connect() as connection:
        return set(connection.scalars(sa.text("SELECT category FROM party")))


def test_a_wrong_fold_is_refused_with_keys_rows_and_events(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(store, "p-fictional-1")
    rebuild(store)
    wrong(monkeypatch)
    with pytest.raises(ViewDiffers, match="VIEW_DIFFERS") as refused:
        rebuild(store)
    (difference,) = refused.value.proof.differences
    assert (difference.table, difference.key) == ("party", ("p-fictional-1",))
    assert difference.live and difference.replayed
    assert "wrong" in difference.replayed and "wrong" not in difference.live
    assert [(e.position, e.type) for e in difference.events] == [(1, "PersonRegistered")]
    assert live(store) == {None}


def test_other_code_of_the_same_version_must_give_the_same_rows(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever changes a fold so that rows change raises the version: then they may."""
    register(store, "p-fictional-1")
    rebuild(store)
    wrong(monkeypatch)
    view = VIEWS["party_register"]
    built_by(store, fingerprint="0." + view.fingerprint.partition(".")[2])
    with pytest.raises(ViewDiffers):
        rebuild(store)
    monkeypatch.setattr(view, "version", view.version + 1)
    rebuild(store)
    assert live(store) == {"wrong"}


def test_a_row_that_comes_out_otherwise_after_the_proof_is_refused_too(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is folded under the lock is compared as well."""
    register(store, "p-fictional-1")
    rebuild(store)

    def report(progress: Progress) -> None:
        if progress.phase == "swap":
            register(store, "p-fictional-2")
            wrong(monkeypatch)

    with pytest.raises(ViewDiffers) as refused:
        rebuild(store, ["party_register"], report)
    (difference,) = refused.value.proof.differences
    assert difference.key == ("p-fictional-2",)
    assert live(store) == {None}


def test_two_rebuilds_refuse_each_other(store: Store) -> None:
    with only_rebuild(store), pytest.raises(Refusal, match="REBUILD_RUNNING"):
        rebuild(store)
    rebuild(store)


def test_how_far_it_is_can_be_seen_while_it_runs(store: Store) -> None:
    seen: list[Any] = []

    def report(progress: Progress) -> None:
        with store.engine.connect() as connection:
            seen.append((progress.phase, run_under_way(connection)))

    register(store, "p-fictional-1")
    rebuild(store, ["party_register"], report, who="a test")
    assert [phase for phase, _ in seen] == ["fold", "index", "prove", "swap"]
    assert all(run["views"] == ["party_register"] and run["built_by"] == "a test" for _, run in seen)
    with store.engine.connect() as connection:
        assert run_under_way(connection) is None


def test_stopped_it_leaves_nothing(store: Store) -> None:
    register(store, "p-fictional-1")
    before = set(sa.inspect(store.engine).get_table_names())

    def stop(progress: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(store, [], stop)
    assert before.issuperset(n for n in sa.inspect(store.engine).get_table_names() if "__" in n)
    assert all(proof.equal for proof in verify(store))
    rebuild(store)


def test_every_rebuild_leaves_a_certificate(store: Store) -> None:
    register(store, "p-fictional-1")
    first, second = rebuild(store, ["sources"], who="first"), rebuild(store, ["sources"], who="second")
    with store.engine.connect() as connection:
        kept = connection.execute(sa.select(VIEW_CERTIFICATE).order_by(VIEW_CERTIFICATE.c.id)).all()
    assert [row.built_by for row in kept] == ["first", "second"]
    assert [row.digest for row in kept] == [first[0].replayed_digest, second[0].replayed_digest]
    assert kept[0].generation < kept[1].generation
    assert {row.position for row in kept} == {row.swapped_at for row in kept} == {1}
    assert kept[0].tables == "source_document source_fact"


def test_events_that_come_while_it_runs_are_in_the_new_tables(store: Store) -> None:
    names = iter(range(100))

    def report(progress: Progress) -> None:
        register(store, f"p-fictional-{next(names)}")

    rebuild(store, [], report)
    assert all(proof.equal for proof in verify(store))
    with store.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM party")) == store.head() > 3


@pytest.fixture(scope="module")
def sampled(module_database_url: str) -> Any:
    store = open_store(module_database_url)
    store.create()
    make_sample(store.application, 8)
    yield store
    store.close()


@pytest.mark.parametrize("workers", [1, 3])
def test_however_it_is_made_the_digests_are_the_same(
    sampled: Store, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one process or in three, and with next to nothing held in memory."""
    expected = {proof.view: proof.replayed_digest for proof in verify(sampled)}
    monkeypatch.setattr(bulk_rows, "BUDGET", 1_000)
    monkeypatch.setattr(replay, "TAIL", 1)
    assert {p.view: p.replayed_digest for p in rebuild(sampled, workers=workers)} == expected
    assert all(proof.equal for proof in verify(sampled))


def test_views_are_shared_out_by_weight() -> None:
    views = list(VIEWS.values())
    weights = {view.name: 1.0 for view in views} | {views[0].name: 100.0}
    parts = shares(views, weights, 2)
    assert sorted(view.name for part in parts for view in part) == sorted(VIEWS)
    assert [view.name for view in parts[0]] == [views[0].name]
    assert all(shares(views, {}, 999))


def test_folding_in_memory_gives_the_rows_of_the_database(sampled: Store) -> None:
    from projections.engine.fold_events import fold_events
    from projections.engine.log import events_after

    with sampled.engine.connect() as connection:
        events = events_after(connection, 0, limit=1_000_000)
        rows = DictRows(events)
        fold_events(VIEWS.values(), events, rows)
        for table in (table for view in VIEWS.values() for table in view.tables):
            stored = connection.execute(sa.select(table.table).order_by(*table.table.primary_key.columns))
            assert rows.rows(table.name) == [tuple(row) for row in stored], table.name
