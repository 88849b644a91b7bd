"""Killed at random moments, the record loses nothing it acknowledged (a few rounds of tests/kill_nine.py)."""

import pytest

from tests.kill_nine import run


@pytest.mark.slow
def test_every_acknowledged_command_survives_kill_nine(database_url: str) -> None:
    assert run(database_url, rounds=2, seed=7) == 0
