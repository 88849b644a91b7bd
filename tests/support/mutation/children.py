"""Child processes: each puts in one fault, runs some tests, says which one noticed, and is gone.

Two ways to put a fault in. *Live*: a child of a process that has imported everything gets the changed code of
one function in place of the function's own; that takes milliseconds, but what ran on import has run already.
*On import*: a child of a process that has imported nothing of ours reads the changed file in place of the
true one; that takes seconds, and nothing escapes it.
"""

from __future__ import annotations

import functools
import gc
import importlib.util
import itertools
import json
import os
import resource
import select
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from types import CodeType, FunctionType
from typing import Any, TypeVar

import pytest

Job = TypeVar("Job")
OURS = ("domain", "projections", "api", "tests")
_PLUGINS = ("cacheprovider", "xdist", "unraisableexception", "threadexception")
QUIET = ["-q", "--no-header", "--no-summary", *(a for name in _PLUGINS for a in ("-p", f"no:{name}"))]
"""pytest without what costs time in every child: caches, workers, collecting garbage to find warnings."""
MEMORY = 8 << 30
"""Bytes of address space of a child: a fault may make a list grow without end."""


def in_children(
    jobs: Iterable[Job], act: Callable[[Job], Any], at_once: int, cpu: float
) -> Iterator[tuple[Job, Any, float]]:
    """Do ``act`` for each job in a child of its own, so many at once. Gives what it returned, as JSON has it,
    None if the child came to no end within ``cpu`` seconds of its own, or died; and its seconds on the
    processor."""
    waiting, running = iter(jobs), dict[int, tuple[Job, int, float]]()
    try:
        while True:
            for job in itertools.islice(waiting, at_once - len(running)):
                pid, pipe = _child(job, act, cpu)
                running[pipe] = (job, pid, time.monotonic() + 60 + 20 * cpu)
            if not running:
                return
            ready = select.select(list(running), [], [], 1)[0]
            late = [pipe for pipe, (_, _, end) in running.items() if time.monotonic() > end]
            for pipe in {*ready, *late}:
                job, pid, _ = running.pop(pipe)
                yield job, *_ended(pid, pipe, pipe in ready)
    finally:
        for pipe, (_, pid, _) in running.items():
            _ended(pid, pipe, False)


def _child(job: Job, act: Callable[[Job], Any], cpu: float) -> tuple[int, int]:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return pid, reading
    try:
        os.setsid()
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_CPU, (int(cpu) + 1, int(cpu) + 2))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        be_silent()
        with os.fdopen(writing, "w") as result:
            json.dump(act(job), result)
    finally:
        os._exit(0)


def be_silent() -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)


def _ended(pid: int, pipe: int, is_done: bool) -> tuple[Any, float]:
    answer = b""
    if is_done:
        with os.fdopen(pipe, "rb", closefd=False) as result:
            answer = result.read()
    os.close(pipe)
    # What a test started and did not end goes with it: the child leads a group of its own.
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    used = os.wait4(pid, 0)[2]
    return json.loads(answer) if answer else None, used.ru_utime + used.ru_stime


# ------------------------------------------------------------------------------------------ running tests


class FirstFailure:
    """A pytest plugin that keeps to chosen tests, in their order, and notes the first that fails."""

    def __init__(self, chosen: list[str]) -> None:
        self.chosen = chosen
        self.failed: str | None = None

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        found = {item.nodeid: item for item in items}
        items[:] = [found[name] for name in self.chosen if name in found]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and self.failed is None:
            self.failed = report.nodeid


def first_failure(tests: list[str], options: list[str]) -> dict[str, Any]:
    """Run these tests until one fails: ``{"failed": its name, "code": pytest's exit code}``."""
    noted = FirstFailure(tests)
    files = list(dict.fromkeys(name.partition("::")[0] for name in tests))
    with tempfile.TemporaryDirectory(prefix="kyodo-mutant-") as folder:
        code = pytest.main([*QUIET, "-x", f"--basetemp={folder}", *options, *files], plugins=[noted])
    return {"failed": noted.failed, "code": int(code)}


class Collected:
    """A pytest plugin: ``serve`` is called instead of running what was collected, and its children run tests
    without collecting them again."""

    def __init__(self, serve: Callable[[], None]) -> None:
        self._serve = serve
        self._items: dict[str, pytest.Item] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._items = {item.nodeid: item for item in session.items}
        self._serve()
        return True

    def first_failure(self, tests: list[str]) -> dict[str, Any]:
        """As :func:`first_failure`, in a child."""
        items, noted = [self._items[name] for name in tests if name in self._items], FirstFailure(tests)
        with tempfile.TemporaryDirectory(prefix="kyodo-mutant-") as folder:
            os.environ["PYTEST_DEBUG_TEMPROOT"] = folder
            for item, following in itertools.zip_longest(items, items[1:]):
                if not item.config.pluginmanager.is_registered(noted):
                    item.config.pluginmanager.register(noted)
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if noted.failed:
                    break
        return {"failed": noted.failed, "code": 0}


def collect(arguments: list[str]) -> None:
    """Import every test module, and with them everything of ours."""
    pytest.main([*QUIET, "--collect-only", *arguments])


# ------------------------------------------------------------------------------------- putting a fault in


class Live:
    """The functions that are there after importing everything, by file."""

    def __init__(self) -> None:
        self.functions: dict[str, list[FunctionType]] = {}
        gc.unfreeze()  # tests/conftest.py froze what was there when it had been read
        self.caches = caches()
        for found in gc.get_objects():
            if isinstance(found, FunctionType):
                self.functions.setdefault(found.__code__.co_filename, []).append(found)
        gc.freeze()

    def put_in(self, file: str, function: str, code: CodeType) -> bool:
        """Give the function, and functions that it has made, their code of ``code``. False if that does not
        reach all there is of it."""
        changed = {c for c in _codes(code) if c.co_qualname.split(".<locals>")[0] == function}
        by_place = {(c.co_qualname, c.co_firstlineno): c for c in changed}
        if len(by_place) < len({c for c in changed if not _is_made_on_the_way(c)}):
            return False
        reached = False
        for found in self.functions.get(file, ()):
            new = by_place.get((found.__code__.co_qualname, found.__code__.co_firstlineno))
            if new is not None:
                if new.co_freevars != found.__code__.co_freevars:
                    return False
                found.__code__ = new
                reached = True
        for cache in self.caches:
            cache.cache_clear()
        return reached


def caches() -> list[Any]:
    """What our functions with a cache are wrapped in."""
    found = (each for each in gc.get_objects() if type(each) is functools._lru_cache_wrapper)
    return [cache for cache in found if cache.__module__.partition(".")[0] in OURS]


def _codes(code: CodeType) -> Iterator[CodeType]:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield inner
            yield from _codes(inner)


def _is_made_on_the_way(code: CodeType) -> bool:
    return code.co_name in ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")


class OnImport(MetaPathFinder):
    """Gives the code with the fault when somebody imports the file."""

    def __init__(self, file: str, module: str, code: CodeType):
        self.file, self.module, self.code = file, module, code

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        if fullname != self.module:
            return None
        return importlib.util.spec_from_file_location(self.module, self.file, loader=self._loader())

    def _loader(self) -> SourceFileLoader:
        code = self.code

        class Loader(SourceFileLoader):
            def get_code(self, fullname: str) -> CodeType:
                return code

        return Loader(self.module, self.file)

    def put_in(self) -> None:
        assert self.module not in sys.modules, f"{self.module} has been imported already"
        sys.meta_path.insert(0, self)
