"""What it costs to add something: docs/evolution.md is followed in a copy of the project, what git says was
edited by hand is counted section by section, and the checks are run on what came of it.

Tests are counted apart, and so are the pages that a command writes (docs/reference, kept digests).
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.guide import ADDED, PROJECT, Follower, blocks, copied

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

APART = ("tests/", "docs/reference/", "docs/rules.md")


class Copy:
    """A copy of the project under git, in which sections of the guide are followed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.follower = Follower(folder, copied(folder))
        self.git("init", "--quiet")
        self.keep("as it was")

    def git(self, *arguments: str) -> str:
        named = ("-c", "user.name=test", "-c", "user.email=test@example.jp")
        done = subprocess.run(
            ["git", *named, *arguments], cwd=self.folder, capture_output=True, text=True, check=True
        )
        return done.stdout

    def keep(self, why: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", why)

    def changed(self) -> list[str]:
        """Files that differ from what was kept last, new ones included."""
        lines = self.git("status", "--porcelain", "--untracked-files=all").splitlines()
        return sorted(line[3:] for line in lines)

    def run(self, command: str) -> str:
        return self.follower.run(command, "after the guide")


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Copy, dict[str, list[str]]]:
    """The copy after everything was added, and which files each of the sections changed."""
    copy = Copy(tmp_path_factory.mktemp("costs"))
    changed: dict[str, list[str]] = {}
    for section in _sections_until("Add a page"):
        # In between an event changes and is renamed: of these sections only the edits are made.
        copy.follower.only = ("",) if section in ADDED or not section else ("sed ",)
        for block in blocks():
            if block.section == section and (block.kind != "text" or section in ADDED):
                copy.follower.follow(block)
        changed[section] = copy.changed()
        copy.keep(section or "a record to try on")
    return copy, changed


def _sections_until(last: str) -> Iterator[str]:
    for section in dict.fromkeys(block.section for block in blocks()):
        yield section
        if section == last:
            return
    raise AssertionError(f"docs/evolution.md has no section “{last}”")


def by_hand(changed: list[str]) -> list[str]:
    return [name for name in changed if not name.startswith(APART)]


@pytest.mark.parametrize(("section", "most"), ADDED.items())
def test_adding_costs_no_more_files_than_promised(
    followed: tuple[Copy, dict[str, list[str]]], section: str, most: int
) -> None:
    edited = by_hand(followed[1][section])
    assert 1 <= len(edited) <= most, edited


def test_an_event_and_its_command_stay_in_the_folder_of_their_aggregate(
    followed: tuple[Copy, dict[str, list[str]]],
) -> None:
    folders = {name.rsplit("/", 1)[0] for name in by_hand(followed[1]["Add an event"])}
    assert folders == {"domain/document"}


def test_each_comes_with_a_test_of_its_own(followed: tuple[Copy, dict[str, list[str]]]) -> None:
    for section in ADDED:
        tests = [name for name in followed[1][section] if name.startswith("tests/") and "/test_" in name]
        assert len(tests) == 1, section


CHECKS = (
    "lint-imports",
    "ruff check domain projections api tests/domain tests/api",
    "ruff format --check domain projections api tests/domain tests/api",
    "mypy domain/document projections/registry.py projections/views/record api/reads api/pages/record",
    "kyodo reference # writes what derives",
    "kyodo reference --check",
    "python -m tests.support.covered tests/domain/test_translations.py",
    "python -m pytest -q -p no:xdist tests/domain/test_permissions.py tests/domain/test_every_refusal.py"
    " tests/domain/test_declared_refusals.py tests/domain/test_translations.py",
    "python -m pytest -q -p no:xdist tests/domain/kernel/test_field_words.py tests/api/pages/test_wording.py"
    " tests/api/pages/test_translations.py tests/api/reads/test_translations.py",
    "python -m pytest -q -p no:xdist tests/projections/test_sample.py -m 'not postgres'",
)


@pytest.mark.parametrize("check", CHECKS, ids=range(len(CHECKS)))
def test_what_came_of_it_passes_the_checks(followed: tuple[Copy, dict[str, list[str]]], check: str) -> None:
    followed[0].run(check)


def test_what_is_forgotten_is_named_in_one_sentence(
    followed: tuple[Copy, dict[str, list[str]]],
) -> None:
    """Without its test and its words the event is missed by name, with what to do."""
    copy = followed[0]
    source = copy.folder / "domain" / "document" / "aggregate.py"
    whole = source.read_text(encoding="utf-8")
    words = '    FIELDS: ClassVar = {"translator": ("翻訳者", "Translator")}\n'
    assert words in whole
    page = copy.folder / "docs" / "reference" / "coverage.md"
    kept = page.read_text(encoding="utf-8")
    try:
        source.write_text(whole.replace(words, ""), encoding="utf-8")
        page.write_text((PROJECT / "docs" / "reference" / "coverage.md").read_text("utf-8"), encoding="utf-8")
        said = copy.run(
            "python -m pytest -q -p no:xdist tests/domain/test_every_refusal.py"
            " tests/api/pages/test_wording.py # ends with 1"
        )
    finally:
        source.write_text(whole, encoding="utf-8")
        page.write_text(kept, encoding="utf-8")
    assert "DocumentTranslated.translator" in said
    assert "event DocumentTranslated has no test on the page: write one in tests/domain" in said
