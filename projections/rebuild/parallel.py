"""The bulk of a rebuild in several processes: each reads and decodes the log, and folds its own views.

Folding takes several times as long as decoding, and a decoded event costs about as much to hand to another
process as to decode: so the views are shared out, not the log.

A process is started by ``python -m projections.rebuild.parallel``. It reads one line of JSON, what it has to
do, and writes a line for each piece of progress and one for its end. When nobody reads them any more, it
ends.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator, Sequence

import msgspec
from msgspec import Struct

from projections.engine.store import Store
from projections.engine.view import VIEWS, View
from projections.rebuild.shadow_tables import Build, Progress

TELL_EVERY = 10_000
"""Events between two lines of progress."""


class Work(Struct):
    """What a process has to do: fill and index the tables of these views up to a position."""

    url: str
    views: list[str]
    generation: int
    position: int


class Done(Struct):
    """What it answers in the end: the seconds that each view took."""

    seconds: dict[str, float]


class WorkerFailed(RuntimeError):
    """A process that was folding has ended before its time."""


def shares(views: Sequence[View], weights: dict[str, float], count: int) -> list[list[View]]:
    """The views shared out so that each part weighs about the same; no part is empty. The weight of a view
    that has none is the average."""
    parts: list[list[View]] = [[] for _ in range(min(count, len(views)))]
    loads = [0.0] * len(parts)
    usual = sum(weights.values()) / len(weights) if weights else 1.0
    for view in sorted(views, key=lambda v: (-weights.get(v.name, usual), v.name)):
        lightest = loads.index(min(loads))
        parts[lightest].append(view)
        loads[lightest] += weights.get(view.name, usual)
    return parts


def load_in_processes(build: Build, position: int, parts: Sequence[Sequence[View]]) -> None:
    """Fill and index the tables of ``build`` up to a position: the first part here, each other one in a
    process of its own. Raises WorkerFailed; then nothing can be said of the tables."""
    assert build.generation is not None, "temporary tables are seen by one connection only"
    url = build.store.url.render_as_string(hide_password=False)
    with contextlib.ExitStack() as stack:
        workers = [
            stack.enter_context(_started(Work(url, [v.name for v in part], build.generation, position)))
            for part in parts[1:]
        ]
        views, build.views = build.views, list(parts[0])
        build.fold_to(position)
        build.index()
        build.views = views
        for worker in workers:
            _follow(build, worker)
    build.rows.spilled = True


@contextlib.contextmanager
def _started(work: Work) -> Iterator[subprocess.Popen[bytes]]:
    """A process at work; whatever happens here, it does not outlive the block."""
    command = [sys.executable, "-m", "projections.rebuild_worker"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        try:
            # The address of the database may hold a password: it is not for the list of processes.
            process.stdin.write(msgspec.json.encode(work) + b"\n")
            process.stdin.flush()
            yield process
        finally:
            process.kill()


def _follow(build: Build, process: subprocess.Popen[bytes]) -> None:
    """Tell the progress of a process until it says that it has done."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(b'{"seconds"'):
            build.folding.update(msgspec.json.decode(line, type=Done).seconds)
            return
        build.report(msgspec.json.decode(line, type=Progress))
    raise WorkerFailed(f"a process that folds views has ended with {process.wait()}")


def work(work_item: Work) -> Done:
    """Fill and index the tables of some views, in this process."""
    reported = 0

    def report(progress: Progress) -> None:
        nonlocal reported
        if progress.position - reported >= TELL_EVERY:
            reported = progress.position
            _say(progress)

    store = Store(work_item.url)
    try:
        build = Build(store, [VIEWS[name] for name in work_item.views], report, work_item.generation)
        build.fold_to(work_item.position)
        build.index()
        build.close()
        return Done({view.name: build.seconds(view) for view in build.views})
    finally:
        store.close()


def _say(message: Progress | Done) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(message) + b"\n")
    sys.stdout.buffer.flush()


def main() -> None:
    """What a process does that :func:`load_in_processes` has started."""
    try:
        _say(work(msgspec.json.decode(sys.stdin.buffer.readline(), type=Work)))
    except BrokenPipeError:  # whoever started this is gone; so is the wish for these tables
        sys.exit(1)
