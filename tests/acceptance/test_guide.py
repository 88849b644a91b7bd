"""docs/evolution.md in short: its edits are made in a copy of the project, and the tests that it writes pass
on what came of them. Its commands take minutes: ``tests/follow_guide.py`` and ``tests/what_it_costs.py``.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.guide import ADDED, Block, Follower, blocks, copied

WRITTEN = [str(b.file) for b in blocks() if b.kind == "python" and str(b.file).startswith("tests/")]
"""The tests that the guide writes."""


@pytest.mark.slow
def test_the_edits_of_the_guide_fit_and_its_tests_pass(tmp_path: Path) -> None:
    follower = Follower(tmp_path, copied(tmp_path), only=("sed ", "lint-imports"))
    for block in blocks():
        if block.kind != "text":
            follower.follow(block)
    files = " ".join(WRITTEN)
    follower.only = ("",)
    follower.run(f"python -m pytest -q -n 0 -m 'not postgres' {files}", "after the guide")


@pytest.mark.parametrize(("section", "most"), ADDED.items())
def test_adding_costs_no_more_files_than_promised(section: str, most: int) -> None:
    files = {str(b.file) for b in blocks() if b.section == section and b.file and b.kind != "yaml"}
    tests = {name for name in files if name.startswith("tests/")}
    assert 1 <= len(files - tests) <= most, files
    assert len(tests) == 1, "each comes with a test of its own"


def test_an_event_and_its_command_stay_in_the_folder_of_their_aggregate() -> None:
    files = {str(b.file) for b in blocks() if b.section == "Add an event" and b.kind == "diff"}
    assert {name.rsplit("/", 1)[0] for name in files} == {"domain/document"}


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
