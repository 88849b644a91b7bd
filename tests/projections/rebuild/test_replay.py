"""Rebuild and verify: the same rows from the same log, on both databases, or a refusal that says where."""

from pathlib import Path

import pytest
import rfc8785
import sqlalchemy as sa

from domain.history import KANAZAWA
from domain.values.refusal import Refusal
from projections.engine.store import Store
from projections.engine.view import METADATA, VIEWS
from projections.rebuild.leftover_tables import drop_remains
from projections.rebuild.replay import ViewDiffers, rebuild, verify, views_named
from projections.tables.durable import VIEW_BUILD
from tests.projections.conftest import new_store
from tests.support.postgres import Postgres


def digests(store: Store) -> dict[str, str]:
    return {proof.view: proof.replayed_digest for proof in verify(store)}


def test_every_view_equals_a_replay_of_the_log(kanazawa: Store) -> None:
    proofs = verify(kanazawa)
    assert {p.view for p in proofs} == set(VIEWS)
    assert [p.view for p in proofs if not p.equal] == []


def test_a_rebuild_gives_the_same_digests_and_leaves_certificates(kanazawa: Store) -> None:
    before = digests(kanazawa)
    rebuilt = {p.view: p.replayed_digest for p in rebuild(kanazawa)}
    assert rebuilt == before == digests(kanazawa)
    with kanazawa.engine.connect() as connection:
        certified = {r.view: r.digest for r in connection.execute(sa.select(VIEW_BUILD))}
    assert certified == before


def test_the_record_can_be_written_after_a_rebuild_and_still_verifies(kanazawa: Store) -> None:
    from tests.projections.engine.test_store import register_person

    rebuild(kanazawa)
    register_person(kanazawa, "架空 太郎")
    rebuild(kanazawa)
    assert all(p.equal for p in verify(kanazawa))


@pytest.mark.postgres
def test_sqlite_and_postgresql_give_the_same_digests(tmp_path: Path, postgres: Postgres) -> None:
    from domain.history.importing import import_history, read_history

    found = []
    for url in (f"sqlite:///{tmp_path}/a.db", postgres.fresh()):
        store = new_store(url)
        import_history(store.application, read_history(KANAZAWA))
        found.append(digests(store))
        store.close()
    assert found[0] == found[1]


def corrupt(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE trail_thing SET title='x' WHERE id='study-centre'"))


def test_a_corrupted_row_is_named_with_both_versions(kanazawa: Store) -> None:
    corrupt(kanazawa)
    wrong = [p for p in verify(kanazawa) if not p.equal]
    assert [p.view for p in wrong] == ["decision_trail"]
    (difference,) = wrong[0].differences
    assert (difference.table, difference.key) == ("trail_thing", ("study-centre",))
    assert difference.live is not None and difference.replayed is not None
    assert difference.live != difference.replayed


def test_a_difference_stops_the_swap_unless_repair_is_asked_for(kanazawa: Store) -> None:
    rebuild(kanazawa)
    corrupt(kanazawa)
    with pytest.raises(ViewDiffers):
        rebuild(kanazawa)
    assert not all(p.equal for p in verify(kanazawa))
    rebuild(kanazawa, repair=True)
    assert all(p.equal for p in verify(kanazawa))


def alter_the_log(store: Store, change: str) -> None:
    """What somebody can do who has the database: the guards are dropped, and an event says otherwise."""
    guards = (
        ["ALTER TABLE stored_events DISABLE TRIGGER ALL"]
        if store.postgres
        else ["DROP TRIGGER stored_events_no_update", "DROP TRIGGER stored_events_no_delete"]
    )
    with store.engine.begin() as connection:
        for statement in (*guards, change):
            connection.execute(sa.text(statement))


def test_views_are_not_repaired_from_a_log_that_gives_other_rows_than_were_certified(kanazawa: Store) -> None:
    rebuild(kanazawa)
    text = "convert_from(state, 'UTF8')" if kanazawa.postgres else "CAST(state AS TEXT)"
    changed = f"replace({text}, '市民会議', '諮問会議')"
    again = f"convert_to({changed}, 'UTF8')" if kanazawa.postgres else f"CAST({changed} AS BLOB)"
    alter_the_log(kanazawa, f"UPDATE stored_events SET state = {again}")
    before = digests(kanazawa)
    with pytest.raises(Refusal, match="LOG_DOES_NOT_FIT") as refused:
        rebuild(kanazawa, repair=True)
    assert "otherwise than it was certified at position 67" in refused.value.sentence("en")
    assert (digests(kanazawa), left_over(kanazawa)) == (before, set())


def test_views_are_not_repaired_from_a_log_that_lacks_an_event(kanazawa: Store) -> None:
    stream = "SELECT originator_id FROM stored_events GROUP BY originator_id HAVING count(*) > 2 LIMIT 1"
    alter_the_log(
        kanazawa, f"DELETE FROM stored_events WHERE originator_version = 2 AND originator_id = ({stream})"
    )
    with pytest.raises(Refusal, match="LOG_DOES_NOT_FIT") as refused:
        rebuild(kanazawa, repair=True)
    assert refused.value.sentence("ja")


def left_over(store: Store) -> set[str]:
    return {name for name in sa.inspect(store.engine).get_table_names() if "__" in name}


def drop(store: Store) -> list[str]:
    connection = store.connect()
    dropped = drop_remains(store, connection)
    connection.close()
    return dropped


def test_nothing_is_left_behind_but_the_tables_that_were_swapped_out(kanazawa: Store) -> None:
    rebuild(kanazawa)
    drop(kanazawa)
    corrupt(kanazawa)
    verify(kanazawa)
    with pytest.raises(ViewDiffers):
        rebuild(kanazawa)
    assert left_over(kanazawa) == set()
    rebuild(kanazawa, repair=True)
    first = left_over(kanazawa)
    assert {name.partition("__was_")[0] for name in first if "_pairs" not in name} == set(METADATA.tables)
    rebuild(kanazawa, ["sources"])
    assert {name.partition("__was_")[0] for name in left_over(kanazawa)} == {"source_document", "source_fact"}
    assert len(drop(kanazawa)) == 2
    assert left_over(kanazawa) == set()


def test_the_digest_is_over_rfc_8785_json(kanazawa: Store) -> None:
    import hashlib

    view = VIEWS["decision_trail"]
    total = hashlib.sha256()
    with kanazawa.engine.connect() as connection:
        for table in view.tables:
            rows = connection.execute(sa.select(table.table).order_by(*table.table.primary_key.columns))
            one = hashlib.sha256()
            for row in rows:
                one.update(rfc8785.dumps(dict(row._mapping)) + b"\n")
            total.update(one.digest())
    assert total.hexdigest() == digests(kanazawa)["decision_trail"]


def test_an_unknown_view_is_refused_with_the_known_names() -> None:
    with pytest.raises(Refusal, match="VIEW_UNKNOWN"):
        views_named(["no_such_view"])


def test_a_view_whose_columns_changed_is_rebuilt(kanazawa: Store) -> None:
    rebuild(kanazawa)
    with kanazawa.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE trail_thing ADD COLUMN older text"))
    assert "decision_trail" in {proof.view for proof in verify(kanazawa) if not proof.equal}
    rebuild(kanazawa, ["decision_trail"], repair=True)
    assert all(proof.equal for proof in verify(kanazawa))
