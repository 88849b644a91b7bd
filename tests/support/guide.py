"""docs/evolution.md as something to follow: its blocks, and who does what they say in a copy."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
GUIDE = PROJECT / "docs" / "evolution.md"
COPIED = (
    "domain",
    "projections",
    "api",
    "tests",
    "docs/reference",
    "setup.cfg",
    "pyproject.toml",
    ".gitignore",
)
ADDED = {
    "Add an event": 3,
    "Add a view": 2,
    "Add a collection": 2,
    "Add a page": 3,
}
"""Sections of the guide that add something, and how many files may be edited by hand at most, tests and what
a command writes apart."""
_BLOCK = re.compile(r"^## (.*?)$|^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ENDS = re.compile(r"\s+# ends with (\d+)$")


@dataclass(frozen=True)
class Block:
    """A fenced block of the guide: its language, its lines, where it begins, under which heading."""

    kind: str
    text: str
    line: int = 0
    section: str = ""

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def file(self) -> str | None:
        """The file that it makes or changes."""
        if self.kind in ("sh", "text"):
            return None
        return re.sub(r"^(?:# |\{# |--- )|(?: #\})$", "", self.lines[0])


def blocks() -> Iterator[Block]:
    guide, section = GUIDE.read_text(encoding="utf-8"), ""
    for found in _BLOCK.finditer(guide):
        if found[1] is not None:
            section = found[1]
        else:
            yield Block(found[2], found[3], guide.count("\n", 0, found.start()) + 1, section)


@dataclass
class Follower:
    """Does what the guide says, in a folder of its own. ``fixed``: variables that stay as they are. ``only``:
    how the commands begin that are run, all of them if empty."""

    folder: Path
    environment: dict[str, str]
    fixed: frozenset[str] = frozenset()
    only: tuple[str, ...] = ("",)
    printed: str = ""

    def follow(self, block: Block) -> None:
        where = f"{GUIDE.name}:{block.line}"
        match block.kind:
            case "sh":
                self.printed = "".join(self.run(line, where) for line in block.lines)
            case "text":
                self.compare(block, where)
            case "diff":
                self.change(block, where)
            case "python" | "html" | "yaml":
                self.write(str(block.file), block.text.partition("\n")[2], where)
            case other:
                pytest.fail(f"{where}: what is a block of {other}?")

    def run(self, line: str, where: str) -> str:
        if line.startswith("export "):
            name, _, value = line.removeprefix("export ").partition("=")
            if name not in self.fixed:
                self.environment[name] = value
            return ""
        wanted = _ENDS.search(line)
        command = _ENDS.sub("", line)
        if not command.startswith(self.only):
            return ""
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == (int(wanted[1]) if wanted else 0), (
            f"{where}: {command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
        )
        return done.stdout

    def compare(self, block: Block, where: str) -> None:
        """Every line of the guide is found in what was printed, in this order, spaces aside."""
        at, printed = 0, [_spaced(line) for line in self.printed.splitlines()]
        for line in block.lines:
            pattern = re.compile(".*".join(map(re.escape, _spaced(line).split("…"))))
            at = next((n + 1 for n, said in enumerate(printed) if n >= at and pattern.fullmatch(said)), -1)
            assert at > 0, f"{where}: “{line}” is not in\n{self.printed}"

    def change(self, block: Block, where: str) -> None:
        before, _, after = block.text.partition("+++\n")
        before = before.partition("\n")[2]
        path = self.folder / str(block.file)
        old, new = (re.sub(r"^ ", "", part, flags=re.MULTILINE) for part in (before, after))
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{where}: found {text.count(old)} times in {path.name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def write(self, name: str, text: str, where: str) -> None:
        path = self.folder / name
        assert not path.exists(), f"{where}: {name} is there already"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _spaced(line: str) -> str:
    return " ".join(line.split())


def copied(folder: Path) -> dict[str, str]:
    """A copy of the project in ``folder``, and an environment in which its own code is run."""
    skipped = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in COPIED:
        if (PROJECT / name).is_dir():
            shutil.copytree(PROJECT / name, folder / name, ignore=skipped)
        else:
            shutil.copy(PROJECT / name, folder / name)
    commands = folder / "commands"
    commands.mkdir()
    kyodo = commands / "kyodo"
    script = commands / "kyodo_of_the_copy.py"
    kyodo.write_text(f'#!/bin/sh\nexec {sys.executable} {script} "$@"\n', encoding="utf-8")
    kyodo.chmod(0o755)
    script.write_text(
        "from pathlib import Path\n"
        "from api.cli import main\n"
        f"assert Path(main.__file__).is_relative_to({str(folder)!r})\n"
        'if __name__ == "__main__":\n    main.main()\n',
        encoding="utf-8",
    )
    beside = Path(sys.executable).parent
    return {
        "PATH": os.pathsep.join([str(commands), str(beside), os.environ["PATH"]]),
        "HOME": str(folder),
        "PYTHONPATH": str(folder),
        "SECRET_KEY": "only for tests",
    }
