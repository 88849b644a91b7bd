"""Rebuilding while the record is in use, and being killed at it (short runs of the two scripts)."""

from __future__ import annotations

import pytest

from tests import kill_rebuild, under_fire


@pytest.mark.slow
def test_clients_notice_nothing_of_a_rebuild(database_url: str) -> None:
    assert under_fire.run(database_url, events=600, rebuilds=1, pause=0.1) == 0


@pytest.mark.slow
def test_a_killed_rebuild_leaves_the_live_views_alone_and_the_next_one_cleans_up(database_url: str) -> None:
    assert kill_rebuild.run(database_url, events=400, rounds=1, seed=5) == 0
