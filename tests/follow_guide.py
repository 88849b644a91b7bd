"""docs/evolution.md, followed word by word in a copy of the project: its files are written, its changes made,
its commands run in order, and what it says they print is looked for in what they print."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.guide import Follower, blocks, copied


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_every_command_of_the_guide_does_what_it_says(tmp_path: Path) -> None:
    follower = Follower(tmp_path, copied(tmp_path))
    for block in blocks():
        follower.follow(block)
