"""The bulk of a rebuild in several processes: each reads and decodes the log, and folds its own views.

Folding takes several times as long as decoding, and a decoded event costs about as much to hand to another
process as to decode: so the views are shared out, not the log.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from multiprocessing.connection import Connection, wait
from typing import Any

from projections.building import Build, Phase, Progress
from projections.store import Store
from projections.view import VIEWS, View


class WorkerFailed(RuntimeError):
    """A process that was folding has ended before its time; its message, if it had one."""


def shares(views: Sequence[View], weights: dict[str, float], count: int) -> list[list[View]]:
    """The views shared out so that each part weighs about the same; no part is empty."""
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
    context = multiprocessing.get_context("spawn")
    workers = []
    for part in parts[1:]:
        ours, theirs = context.Pipe(duplex=False)
        url = build.store.url.render_as_string(hide_password=False)
        arguments = (url, [view.name for view in part], build.generation, position, theirs)
        process = context.Process(target=_work, args=arguments, daemon=True)
        process.start()
        theirs.close()
        workers.append((process, ours))
    views, build.views = build.views, list(parts[0])
    try:
        build.fold_to(position)
        build.index()
        for process, pipe in workers:
            _follow(build, process, pipe)
    finally:
        build.views = views
        for process, _ in workers:
            process.terminate()
            process.join()
    build.rows.spilled = True


def _follow(build: Build, process: Any, pipe: Connection) -> None:
    """Tell the progress of a process until it says that it has done."""
    while True:
        wait([pipe, process.sentinel])
        try:
            message = pipe.recv()
        except EOFError:
            raise WorkerFailed(f"a process that folds views has ended with {process.exitcode}") from None
        if isinstance(message, Progress):
            build.report(message)
        elif isinstance(message, str):
            raise WorkerFailed(message)
        else:
            build.folding.update(message)
            return


def _work(url: str, names: list[str], generation: int, position: int, pipe: Connection) -> None:
    """What a process does: build its views, and send their seconds; or a message, if it could not."""
    parent = multiprocessing.parent_process()
    told: dict[Phase, int] = {}

    def report(progress: Progress) -> None:
        if parent is not None and not parent.is_alive():  # killed: nobody wants these tables any more
            raise SystemExit(1)
        if progress.position - told.get(progress.phase, 0) >= 20_000:
            told[progress.phase] = progress.position
            pipe.send(progress)

    store = Store(url)
    try:
        build = Build(store, [VIEWS[name] for name in names], report, generation)
        build.fold_to(position)
        build.index()
        pipe.send({view.name: build.seconds(view) for view in build.views})
        build.close()
    except Exception as failed:
        pipe.send(f"{type(failed).__name__}: {failed}")
        raise
    finally:
        store.close()
