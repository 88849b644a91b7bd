"""``make bench``: append, replay, serve and search, each beside what it is measured against.

``ARGS="--events 20000 --runs 3 --sqlite-only"`` changes the size, ``ARGS="append search"`` measures only
these.
Prints Markdown; ``--json FILE`` keeps the figures.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import tempfile
from pathlib import Path
from typing import Any

from bench import append, replaying, searching, serving
from bench.measuring import Column, figures, interleaved, table
from domain.sample import make_sample
from projections.store import Store
from projections.tables import SETTING
from tests.support.postgres import running_postgres
from tests.support.server import running_server

PATHS = {
    "a constant": "/livez",
    "timeline page": "/timeline",
    "timeline as JSON": "/api/v1/timeline",
    "a trail as JSON": "/api/v1/matters/{matter}/trail",
}


def main() -> None:
    options = _options()
    results: dict[str, Any] = {}
    with contextlib.ExitStack() as stack:
        servers: list[tuple[str, Any]] = [("SQLite", None)]
        if not options.sqlite_only:
            servers.append(("PostgreSQL", stack.enter_context(running_postgres(fsync=True))))
        for name, postgres in servers:
            results[name] = _measure(name, postgres, options)
    if options.json:
        Path(options.json).write_text(json.dumps(results, ensure_ascii=False, indent=2))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"all by default: {', '.join(PARTS)}")
    parser.add_argument("--events", type=int, default=5_000, help="about how many events the record has")
    parser.add_argument("--appends", type=int, default=300, help="commands appended in each run")
    parser.add_argument("--requests", type=int, default=400, help="requests sent to each address")
    parser.add_argument("--documents", type=int, default=10_000, help="documents that are searched")
    parser.add_argument("--runs", type=int, default=3, help="interleaved runs of which the median counts")
    parser.add_argument("--sqlite-only", action="store_true")
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args()
    if not set(options.parts) <= set(PARTS):
        parser.error(f"PART is one of {', '.join(PARTS)}")
    return options


PARTS = ("append", "replay", "serve", "search")


def _measure(name: str, postgres: Any, options: argparse.Namespace) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(prefix="kyodo-bench-"))
    url = postgres.fresh() if postgres else f"sqlite:///{folder / 'record.db'}"
    store = Store(url)
    store.create()
    made = make_sample(store.application, seed=1, events=options.events)
    with store.engine.begin() as connection:
        connection.execute(SETTING.insert().values(name="fictional", value="yes"))
    print(f"\n## {name}: {store.head():,} events")
    found: dict[str, Any] = {"events": store.head()}

    parts = options.parts or PARTS

    if "append" in parts:
        appends = append.columns(postgres, append.saves_of(store, 20 * options.appends), options.appends)
        found["append"] = _compared("Appending", "commands/s", appends, options)
    if "replay" in parts:
        found["replay"] = _compared("Replaying", "events/s", replaying.columns(store), options)
    if "serve" in parts:
        found["serve"] = _serve(url, made.matters[-1], options)
    store.close()
    if "search" in parts:
        found["search"] = _search(postgres, folder, options)
    return found


def _compared(title: str, unit: str, columns: list[Column], options: argparse.Namespace) -> dict[str, Any]:
    interleaved(columns, options.runs)
    print(table(title, unit, columns))
    return figures(columns)


def _search(postgres: Any, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    store = Store(postgres.fresh() if postgres else f"sqlite:///{folder / 'search.db'}")
    store.create()
    columns = searching.columns(store, options.documents)
    compared = _compared(f"Searching {options.documents:,} documents", "searches/s", columns, options)
    store.close()
    return {"documents": options.documents, **compared}


def _serve(url: str, matter: str, options: argparse.Namespace) -> dict[str, Any]:
    measured: dict[str, list[tuple[float, float]]] = {what: [] for what in PATHS}
    with running_server(url, create=False) as base:
        for path in PATHS.values():
            serving.load(base, path.format(matter=matter), 20)
        for _ in range(options.runs):
            for what, path in PATHS.items():
                measured[what].append(serving.load(base, path.format(matter=matter), options.requests))
    found = {
        what: (statistics.median(r for r, _ in runs), statistics.median(p for _, p in runs))
        for what, runs in measured.items()
    }
    first_rate, first_p99 = next(iter(found.values()))
    print(
        "\n### Serving\n\n| | requests/s | of the first | p99 ms | of the first |\n|---|---:|---:|---:|---:|"
    )
    for what, (rate, p99) in found.items():
        print(f"| {what} | {rate:,.0f} | {rate / first_rate:.2f} | {p99:.1f} | {p99 / first_p99:.2f} |")
    return {
        what: {
            "requests_per_second": round(rate, 1),
            "ratio": round(rate / first_rate, 3),
            "p99_ms": round(p99, 2),
            "p99_ratio": round(p99 / first_p99, 2),
        }
        for what, (rate, p99) in found.items()
    }


if __name__ == "__main__":
    main()
