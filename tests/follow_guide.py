"""docs/evolution.md, followed word by word in a copy of the project: its files are written, its changes made,
its commands run in order, and what it says they print is looked for in what they print."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.guide import Block, Follower, blocks, copied


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_command_of_the_guide_does_what_it_says(tmp_path: Path) -> None:
    follower = Follower(tmp_path, copied(tmp_path))
    for block in blocks():
        follower.follow(block)


@pytest.mark.parametrize(
    "block",
    [
        Block("sh", "true # ends with 3"),
        Block("sh", "no-such-command"),
        Block("text", "one…\nthree"),
        Block("text", "two\none"),
        Block("diff", "--- a.py\n x = 2\n+++\n x = 3\n"),
        Block("diff", "--- twice.py\n x = 1\n+++\n x = 3\n"),
        Block("python", "# a.py\nx = 3\n"),
        Block("perl", "1;"),
    ],
)
def test_what_the_guide_has_wrong_is_noticed(block: Block, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / "twice.py").write_text("x = 1\nx = 1\n", encoding="utf-8")
    follower = Follower(tmp_path, dict(os.environ), printed="one\ntwo\n")
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        follower.follow(block)
