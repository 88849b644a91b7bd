"""Durable tables by numbered migrations: a landed record is brought up to date and loses nothing."""

from __future__ import annotations

import pytest

from projections.log import raw_after
from projections.replay import verify
from projections.store import Store
from tests.support import landed


@pytest.mark.parametrize("commit", landed.LANDED)
def test_a_landed_record_is_whole(commit: str, database_url: str) -> None:
    landed.put(commit, database_url)
    store = Store(database_url)
    assert store.exists()
    with store.engine.connect() as connection:
        kept = [(raw.position, raw.topic, raw.state.decode()) for raw in raw_after(connection, 0, 10_000)]
    there = landed.rows_of(commit, "stored_events")
    assert kept == [(row["position"], row["topic"], row["state"]) for row in there]
    assert [proof.view for proof in verify(store) if not proof.equal] == []
    store.close()
