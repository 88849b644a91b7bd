"""``make bench``: each part of the system beside what it is measured against, in the same run.

``ARGS="append search"`` measures only these parts, ``ARGS="--events 10000 100000 --runs 5"`` at these sizes.
Prints Markdown; ``--json FILE`` keeps the figures as they come, ``--markdown FILE`` writes the ratios into a
document; ``--from FILE…`` does so from figures kept earlier and measures nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bench import (
    append,
    as_of,
    bulk,
    evening,
    memory,
    office,
    questions,
    replaying,
    searching,
    serving,
    streams,
)
from bench.context import Context, Part
from bench.peers import side_by_side as crud_peers
from bench.prepared import on_postgres, on_sqlite
from bench.report import Report, write_into
from tests.support.postgres import running_postgres

PARTS: dict[str, Part] = {
    "append": Part(append),
    "streams": Part(streams, once=True),
    "bulk": Part(bulk, once=True),
    "evening": Part(evening, once=True),
    "peers": Part(crud_peers, once=True),
    "replay": Part(replaying),
    "memory": Part(memory),
    "serve": Part(serving),
    "office": Part(office),
    "questions": Part(questions),
    "as-of": Part(as_of),
    "search": Part(searching, once=True),
}


def main(arguments: Sequence[str]) -> None:
    """Do what the command line asks for."""
    options = _options(arguments)
    report = Report.read(options.source) if options.source else _measured(options, arguments)
    if options.markdown:
        write_into(options.markdown, report)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"all by default: {', '.join(PARTS)}")
    parser.add_argument("--events", type=int, nargs="+", default=[5_000], help="how many the records have")
    parser.add_argument("--runs", type=int, default=3, help="interleaved runs of which the median counts")
    parser.add_argument("--appends", type=int, default=300, help="commands appended in each run")
    parser.add_argument("--requests", type=int, default=400, help="requests sent to each address")
    parser.add_argument(
        "--lengths", type=int, nargs="+", default=[10, 300, 3_000], help="streams that are appended to"
    )
    parser.add_argument("--documents", type=int, default=10_000, help="documents that are searched")
    parser.add_argument("--record", type=Path, metavar="DIR", help="where records are kept between runs")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--sqlite-only", action="store_true")
    only.add_argument("--postgres-only", action="store_true")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the ratios between its markers")
    parser.add_argument(
        "--from", dest="source", type=Path, nargs="+", metavar="FILE", help="figures kept before"
    )
    options = parser.parse_args(arguments)
    if not set(options.parts) <= set(PARTS):
        parser.error(f"PART is one of {', '.join(PARTS)}")
    return options


def _measured(options: argparse.Namespace, arguments: Sequence[str]) -> Report:
    """Measure, database by database and size by size, and keep what is there after each part."""
    report = Report.begin(arguments, options.runs)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kyodo-bench-")))
        for postgres in _servers(options, stack):
            for size in options.events:
                source = on_sqlite(options.record or folder, size)
                url = on_postgres(postgres.fresh(), source) if postgres else source
                context = Context(url, size, postgres, options, folder)
                print(f"\n## {context.database}: {context.store.head():,} events", flush=True)
                for name, part in _chosen(options, first=size == options.events[0]):
                    for table in part.module.measure(context):
                        print(table.markdown(), flush=True)
                        report.add(name, part, context, table)
                    context.close()
                    if options.json:
                        report.keep(options.json)
                if postgres:
                    postgres.drop(url)
    return report


def _servers(options: argparse.Namespace, stack: contextlib.ExitStack) -> Iterator[Any]:
    """None for SQLite, and a server with durable commits."""
    if not options.postgres_only:
        yield None
    if not options.sqlite_only:
        yield stack.enter_context(running_postgres(fsync=True))


def _chosen(options: argparse.Namespace, *, first: bool) -> Iterator[tuple[str, Part]]:
    """The parts that are measured at a size; ``first``: what needs to be measured once only, is now."""
    for name, part in PARTS.items():
        if name in (options.parts or PARTS) and (first or not part.once):
            yield name, part


if __name__ == "__main__":
    main(sys.argv[1:])
