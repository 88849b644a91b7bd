"""Puts faults into the values, the kernel and the engine's folds, and shows each to the tests near it.

    make mutate                                  every fault; stopped with Ctrl-C it goes on where it was
    make mutate ARGS=domain/values/money.py      those of some files
    make mutate ARGS=--anew                      forget what is known
    make mutate ARGS=--report                    only write docs/mutation.md

Ends with 1 if a fault survives that ``reasons.yaml`` gives no reason for, or a test fails without any.
Which tests there are to choose from stands in the Makefile (QUICK).
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import json
import os
import shlex
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import grimp
import pytest

from tests.support.mutation.children import (
    OURS,
    QUIET,
    Collected,
    Live,
    OnImport,
    be_silent,
    collect,
    first_failure,
    in_children,
)
from tests.support.mutation.mutants import Mutant, Mutated
from tests.support.mutation.report import Report
from tests.support.mutation.touched import BUDGET, Touched, Watching, without
from tests.support.mutation.verdicts import Verdicts, digest

ROOT = Path(__file__).parents[3]
KEPT = ROOT / ".mutation"
MUTATED = (
    "domain/values",
    "domain/kernel",
    "domain/recording",
    "projections/engine/view.py",
    "projections/engine/fold_events.py",
    "projections/engine/view_versions.py",
)

LIMIT = 10 + 4 * BUDGET
"""Seconds of processor time after which a fault is taken to go on for ever."""


class Run:
    """One run over some files."""

    def __init__(self, paths: list[str], quick: list[str], at_once: int):
        self.quick = quick
        self.at_once = at_once
        self.touched = Touched([])
        self.files = {path: Mutated(ROOT, path) for path in paths}
        self.codes = {path: digest([ROOT / path]) for path in paths}
        folders = [ROOT / option for option in [*quick, "tests/support"] if (ROOT / option).is_dir()]
        tests = [ROOT / "tests" / "conftest.py", *(f for folder in folders for f in folder.rglob("*.py"))]
        self.verdicts = Verdicts(KEPT / "verdicts.jsonl", digest(tests))
        self.spent = dict[str, float]()
        """Seconds that a fault has taken which a live try did not decide."""
        self.options = [option for option in quick if not (ROOT / option).exists()]

    def carry_out(self) -> None:
        self.touched = self._watched()
        for name in self.touched.failed:
            print(f"fails without any fault, and is shown none: {name}", flush=True)
        mutants = [m for file in self.files.values() for m in file.mutants]
        left = [m for m in mutants if self.verdicts.find(m.name, self.codes[m.path]) is None]
        print(f"{len(mutants)} faults, {len(left)} of them to be shown to the tests", flush=True)
        undecided = self._show([m for m in left if m.function is not None], self._in_warm_process)
        on_import = {m.name for m in undecided}
        self._show([m for m in left if m.function is None or m.name in on_import], self._in_cold_process)

    # -- watching

    def _watched(self) -> Touched:
        """Which test runs which lines. Watched anew: all tests when a file that faults are put into has
        changed, or else the test files that have."""
        kept, code = KEPT / "touched.json", digest([ROOT / path for path in _all_paths()])
        folders = [ROOT / option for option in self.quick if (ROOT / option).is_dir()]
        ignored = tuple(option.partition("=")[2] for option in self.quick if option.startswith("--ignore="))
        files = [f for folder in folders for f in folder.rglob("test_*.py")]
        files = [f for f in files if not f.relative_to(ROOT).as_posix().startswith(ignored or "//")]
        tests = {f.relative_to(ROOT).as_posix(): digest([f]) for f in files}
        before = json.loads(kept.read_text()) if kept.exists() else {}
        if before.get("code") != code:
            before = {"files": {}, "parts": []}
        self.stale = {name for name in tests if before["files"].get(name) != tests[name]}
        parts = [without(part, self.stale | before["files"].keys() - tests) for part in before["parts"]]
        if self.stale:
            print(f"watching which lines the tests of {len(self.stale)} files run …", flush=True)
            shares = range(self.at_once)
            parts += [part for _, part, _ in in_children(shares, self._watch, self.at_once, 3_600)]
            failed = {test.partition("::")[0] for part in parts for test in part["failed"]}
            passed = {name: tests[name] for name in tests.keys() - failed}
            kept.write_text(json.dumps({"code": code, "files": passed, "parts": parts}))
        return Touched(parts)

    def _watch(self, share: int) -> dict[str, Any]:
        code = [str(ROOT / path) for path in _all_paths()]
        arguments = [*self.options, *sorted(self.stale)[share :: self.at_once]]
        if len(arguments) == len(self.options):
            return {"lines": {}, "seconds": {}, "failed": []}
        watching = Watching(ROOT, code)
        collect(arguments)
        pytest.main([*QUIET, *arguments], plugins=[watching])
        return watching.told()

    # -- showing faults to tests

    def _show(self, mutants: list[Mutant], inside: Any) -> list[Mutant]:
        """Show faults to tests; those of which that does not tell whether a test notices them."""
        undecided, survived, began = list[Mutant](), 0, time.monotonic()
        for n, (mutant, result, seconds) in enumerate(inside(mutants), 1):
            if result is not None and result.get("undecided"):
                undecided.append(mutant)
                self.spent[mutant.name] = seconds
            else:
                by = _noticed(result)
                survived += by is None
                seconds += self.spent.pop(mutant.name, 0.0)
                self.verdicts.add(mutant.name, by, self.codes[mutant.path], seconds)
            if n % 50 == 0 or n == len(mutants):
                took = time.monotonic() - began
                print(f"{n} of {len(mutants)} in {took:.0f} s, {survived} survived", flush=True)
        return undecided

    def _in_warm_process(self, mutants: list[Mutant]) -> Iterable[tuple[Mutant, Any, float]]:
        """Faults put in live, in children of one process that has imported everything."""
        if mutants:
            yield from self._in_process(mutants, self._warm)

    def _in_process(self, mutants: list[Mutant], start: Any) -> Iterable[tuple[Mutant, Any, float]]:
        """What ``start`` writes in a process of its own, which is the parent of those that run tests."""
        reading, writing = os.pipe()
        if not os.fork():
            os.close(reading)  # so that writing fails, and this process ends, when nobody reads any more
            be_silent()
            with os.fdopen(writing, "w") as out:
                start(mutants, out)
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as lines:
            for line in lines:
                n, result, seconds = json.loads(line)
                yield mutants[n], result, seconds
        os.wait()

    def _warm(self, mutants: list[Mutant], out: IO[str]) -> None:
        def serve() -> None:
            self.live = Live()
            self._serve(mutants, self._live, out)

        self.collected = Collected(serve)
        pytest.main([*QUIET, "-s", *self.quick], plugins=[self.collected])

    def _serve(self, mutants: list[Mutant], act: Any, out: IO[str]) -> None:
        jobs = range(len(mutants))
        for n, result, seconds in in_children(jobs, lambda n: act(mutants[n]), self.at_once, LIMIT):
            out.write(json.dumps([n, result, seconds]) + "\n")
            out.flush()

    def _live(self, mutant: Mutant) -> dict[str, Any]:
        """``undecided``: the fault could not be put in whole, or nobody noticed and the function has run on
        import already."""
        file = self.files[mutant.path]
        assert mutant.function is not None
        if not self.live.put_in(file.file, mutant.function, file.compiled(mutant)):
            return {"undecided": True}
        result = self.collected.first_failure(self._tests(mutant))
        ran = self.touched.is_run_on_import(mutant.path, file.extent(mutant.function))
        return result | {"undecided": _noticed(result) is None and ran}

    def _in_cold_process(self, mutants: list[Mutant]) -> Iterable[tuple[Mutant, Any, float]]:
        """Faults put in on import, in children of a process for each file. It has imported what others made,
        and what of ours does without that file."""
        if not mutants:
            return
        ((_, names, _),) = in_children([self.quick], self._imported, 1, 600)
        for name in names:
            with suppress(Exception):
                importlib.import_module(name)
        graph = grimp.build_graph(*OURS[:2], exclude_type_checking_imports=False)
        for path, of_file in itertools.groupby(mutants, lambda mutant: mutant.path):
            module = module_of(path)
            others = graph.modules - graph.find_downstream_modules(module) - {module}
            self.independent = sorted(name for name in others if "migrations" not in name)
            yield from self._in_process([*of_file], self._cold)

    def _cold(self, mutants: list[Mutant], out: IO[str]) -> None:
        for name in self.independent:
            importlib.import_module(name)
        self._serve(mutants, self._on_import, out)

    def _imported(self, quick: list[str]) -> list[str]:
        collect(quick)
        return [name for name in list(sys.modules) if name.partition(".")[0] not in OURS]

    def _on_import(self, mutant: Mutant) -> dict[str, Any]:
        file = self.files[mutant.path]
        OnImport(file.file, module_of(mutant.path), file.compiled(mutant)).put_in()
        return first_failure(self._tests(mutant), self.options)

    def _tests(self, mutant: Mutant) -> list[str]:
        return self.touched.tests_for(mutant, self.files[mutant.path].extent(mutant.where))


def module_of(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")


def _noticed(result: dict[str, Any] | None) -> str | None:
    """What noticed the fault; None if nothing did."""
    if result is None:
        return "(no end)"
    if result["failed"]:
        return str(result["failed"])
    return None if result["code"] in (0, 5) else "(nothing can be imported)"


def _all_paths() -> list[str]:
    found = [
        f for path in MUTATED for f in ((ROOT / path).glob("*.py") if (ROOT / path).is_dir() else [path])
    ]
    return sorted((ROOT / file).relative_to(ROOT).as_posix() for file in found)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make mutate", description=__doc__.partition("\n")[0])
    parser.add_argument("paths", nargs="*", help="files or folders to put faults into")
    parser.add_argument("--anew", action="store_true", help="forget what is known")
    parser.add_argument("--report", action="store_true", help="only write docs/mutation.md")
    parser.add_argument("--quick", required=True, help="pytest's arguments for the tests to choose from")
    given = parser.parse_args()
    os.chdir(ROOT)
    os.environ["CI"] = "1"  # the same examples every time
    sys.dont_write_bytecode = False  # or every child compiles everything anew
    KEPT.mkdir(exist_ok=True)
    if given.anew:
        for file in KEPT.iterdir():
            file.unlink()
    paths = [p for p in _all_paths() if not given.paths or p.startswith(tuple(given.paths))]
    run = Run(paths, shlex.split(given.quick), os.cpu_count() or 1)
    if not given.report:
        run.carry_out()
    return told(run, is_whole=paths == _all_paths())


def told(run: Run, is_whole: bool) -> int:
    """Print what survived without a reason; of a whole run write the page. 1 if there is any."""
    report = Report(ROOT / "tests" / "support" / "mutation" / "reasons.yaml")
    for path, file in run.files.items():
        for mutant in file.mutants:
            report.add(mutant, run.verdicts.find(mutant.name, run.codes[path]))
    if is_whole:
        (ROOT / "docs" / "mutation.md").write_text(report.page(), encoding="utf-8")
    for name in report.unexplained:
        print(f"survived: {name}")
    for name in report.outlived if is_whole else ():
        print(f"a reason is given, and it did not survive: {name}")
    print(report.summary)
    return 1 if report.unexplained or run.touched.failed else 0


if __name__ == "__main__":
    sys.exit(main())
