"""Which test runs which lines: watched once, so that a fault is shown only to tests that can notice it."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path, PurePosixPath
from typing import Any

import coverage
import pytest

from tests.support.mutation.children import caches
from tests.support.mutation.mutants import Mutant

BUDGET = 3.0
"""Seconds of tests, as long as they take without a fault, that a fault is shown to at the most: the nearest
and the quickest. A fault that only a test far away would notice counts as unnoticed."""
ON_IMPORT = "(import)"


class Watching:
    """A pytest plugin: the lines of ``code`` that each test runs, and its seconds on the
    processor. What a fixture of a whole module or session runs is put down to every test of the file."""

    def __init__(self, root: Path, code: list[str]) -> None:
        self._root = root
        self._coverage = coverage.Coverage(data_file=None, include=code, config_file=False)
        self._coverage.start()
        self._coverage.switch_context(ON_IMPORT)
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []

    def pytest_sessionstart(self) -> None:
        self._caches = [cache for cache in caches() if not cache.__module__.startswith("tests.")]

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None]:
        self._now = item.nodeid
        for cache in self._caches:  # or only the first test would be seen to run what is kept
            cache.cache_clear()
        self._coverage.switch_context(self._now)
        start = time.process_time()
        yield
        self.seconds[item.nodeid] = time.process_time() - start

    @pytest.hookimpl(hookwrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Generator[None]:
        if fixturedef.scope != "function":
            self._coverage.switch_context(f"{self._now.partition('::')[0]}::")
        yield
        self._coverage.switch_context(self._now)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    def told(self) -> dict[str, Any]:
        """``lines``: by file and line the tests that ran it; ``seconds`` by test; ``failed`` tests."""
        self._coverage.stop()
        data = self._coverage.get_data()
        lines = {
            Path(file).relative_to(self._root).as_posix(): data.contexts_by_lineno(file)
            for file in data.measured_files()
        }
        return {"lines": lines, "seconds": self.seconds, "failed": self.failed}


def without(part: dict[str, Any], files: set[str]) -> dict[str, Any]:
    """What was watched, without the tests of some files."""

    def stays(test: str) -> bool:
        return test.partition("::")[0] not in files

    return {
        "lines": {
            file: {line: [*filter(stays, contexts)] for line, contexts in lines.items()}
            for file, lines in part["lines"].items()
        },
        "seconds": {test: seconds for test, seconds in part["seconds"].items() if stays(test)},
        "failed": [*filter(stays, part["failed"])],
    }


class Touched:
    """What was watched, as the choice of tests asks for it."""

    def __init__(self, told: list[dict[str, Any]]):
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []
        self._lines: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        for part in told:
            self.seconds |= part["seconds"]
            self.failed += part["failed"]
            for file, lines in part["lines"].items():
                for line, contexts in lines.items():
                    self._lines[file][int(line)] |= set(contexts)
        for name in self.failed:
            self.seconds.pop(name, None)

    def tests_for(self, mutant: Mutant, within: tuple[int, int]) -> list[str]:
        """The tests that run the statement. If it works on import, what it made may be used without running
        any line of it: the tests that run anything ``within`` these lines (its function or class), and those
        of the same folder. Nearest first."""
        ran = self._running(mutant.path, *(within if mutant.function is None else mutant.lines))
        (first, last), nearest = mutant.lines, 0
        if mutant.function is None or not ran or self.is_run_on_import(mutant.path, (first - 1, last)):
            ran |= {name for name in self.seconds if _distance(mutant.path, name) < 2}
            nearest = 1
        chosen, left = list[str](), BUDGET

        def how_far(name: str) -> tuple[int, float, str]:
            return max(nearest, _distance(mutant.path, name)), self.seconds[name], name

        for name in sorted(ran, key=how_far):
            left -= self.seconds[name]
            if left < 0 and chosen:
                break
            chosen.append(name)
        files = list(dict.fromkeys(name.partition("::")[0] for name in chosen))
        return sorted(chosen, key=lambda name: files.index(name.partition("::")[0]))

    def is_run_on_import(self, path: str, within: tuple[int, int]) -> bool:
        """Whether anything in the body of a function runs when everything is imported."""
        first, last = within
        return any(
            ON_IMPORT in found for line, found in self._lines.get(path, {}).items() if first < line <= last
        )

    def _running(self, path: str, first: int, last: int) -> set[str]:
        here = self._lines.get(path, {})
        contexts = {c for line, found in here.items() if first <= line <= last for c in found}
        shared = tuple(c for c in contexts if c.endswith("::"))
        return {name for name in self.seconds if name in contexts or (shared and name.startswith(shared))}


def _distance(path: str, test: str) -> int:
    """0: the tests of this file; 1: of its folder; 2: any other."""
    code, tests = PurePosixPath(path), PurePosixPath(test.partition("::")[0])
    if tests.parent != PurePosixPath("tests", code.parent):
        return 2
    return 0 if tests.stem.startswith(f"test_{code.stem}") else 1
