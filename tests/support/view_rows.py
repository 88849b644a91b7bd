"""What the rows of each view come to on two logs that do not change: one small record for each view.

    python -m tests.support.view_rows            # the records anew, of every view that is another now
    python -m tests.support.view_rows --logs     # the logs anew, and so every record

A view's version says what its rows mean, and a rebuild of the same version must give the same rows. So
whoever changes rows raises the version: tests/projections/engine/test_view_versions.py compares with what is
kept. The logs (tests/fixtures/view_rows) are Kanazawa's history and some streams of the fictional record in
which everything happens that can happen, as they were one day. They are folded as they stand: a new event, a
new chapter of the fictional record or another rule changes none of them. Write them anew when views show
events that are not in them.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from domain.history import KANAZAWA
from domain.history.importing import import_history, read_history
from domain.kernel.events import Recorded
from domain.kernel.mapper import decode
from domain.recording.application import Application
from domain.sample.chapters import CHAPTERS
from domain.sample.record import make_sample
from projections.engine.fold_events import DictRows, fold_events
from projections.engine.log import RawEvent, raw_after
from projections.engine.view import VIEWS, View
from projections.registry import load, open_store
from tests.support.given import counted_ids, ticking_clock
from tests.support.old_logs import lines

KEPT = Path(__file__).parents[1] / "fixtures" / "view_rows"
LOGS = ("kanazawa", "fictional")
ANEW = "python -m tests.support.view_rows"

Record = dict[str, Any]


def record_of(view: View) -> Record:
    """The version of a view, and for each table and log the SHA-256 of its rows in key order."""
    tables = {table.name: dict[str, str]() for table in view.tables}
    for log in LOGS:
        for name, rows in rows_of(view, log).items():
            tables[name][log] = hashlib.sha256(b"".join(orjson.dumps(row) for row in rows)).hexdigest()
    return {"version": view.version, "tables": tables}


def rows_of(view: View, log: str) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of a view by table, folded from one of the logs."""
    events = events_of(log)
    rows = DictRows(events)
    fold_events([view], events, rows)
    return {table.name: rows.rows(table.name) for table in view.tables}


@cache
def events_of(log: str) -> Sequence[Recorded[Any]]:
    """The events of one of the logs."""
    found = lines(KEPT / f"{log}.ndjson")
    return [decode(line["topic"], line["state"].encode(), line["position"]) for line in found]


def kept(view: str) -> Record | None:
    """What was written of a view; None if nothing was."""
    path = _path(view)
    return json.loads(path.read_text()) if path.exists() else None


def _path(view: str) -> Path:
    return KEPT / f"{view}.json"


def write_records() -> Iterator[str]:
    """Write what is another now; gives the names of these views, and of those that are gone."""
    for gone in sorted({path.stem for path in KEPT.glob("*.json")} - VIEWS.keys()):
        _path(gone).unlink()
        yield gone
    for name, view in sorted(VIEWS.items()):
        now = record_of(view)
        if now != kept(name):
            _path(name).write_text(json.dumps(now, indent=1) + "\n")
            yield name


# ------------------------------------------------------------------------------------------- the logs


def write_logs() -> None:
    _write("kanazawa", _made(lambda application: import_history(application, read_history(KANAZAWA))))
    sample = _made(lambda application: make_sample(application, 2 + len(CHAPTERS)))
    _write("fictional", _telling(sample))
    events_of.cache_clear()


def _made(make: Callable[[Application], object]) -> list[RawEvent]:
    with tempfile.TemporaryDirectory(prefix="kyodo-rows-") as folder:
        store = open_store(f"sqlite:///{folder}/record.db", clock=ticking_clock(), new_id=counted_ids())
        store.create()
        make(store.application)
        with store.engine.connect() as connection:
            made = list(raw_after(connection, 0, 1_000_000))
        store.close()
    return made


def _telling(log: Iterable[RawEvent]) -> list[RawEvent]:
    """Of a log, whole streams that hold every event type (twice, if it happens twice): as few as that takes
    when one begins with the stream that adds most."""
    streams: dict[str, list[RawEvent]] = {}
    for row in log:
        streams.setdefault(row.stream, []).append(row)
    happens = Counter(row.topic for rows in streams.values() for row in rows)
    lacking = Counter({topic: min(count, 2) for topic, count in happens.items()})
    chosen: list[RawEvent] = []
    while any(count > 0 for count in lacking.values()):
        best = max(streams, key=lambda s: (_adds(streams[s], lacking) / len(streams[s]), s))
        rows = streams.pop(best)
        lacking.subtract(row.topic for row in rows)
        chosen += rows
    return sorted(chosen, key=lambda row: row.position)


def _adds(rows: Iterable[RawEvent], lacking: Counter[str]) -> int:
    return sum(min(count, max(lacking[topic], 0)) for topic, count in Counter(r.topic for r in rows).items())


def _write(log: str, rows: Iterable[RawEvent]) -> None:
    told = (
        {
            "position": row.position,
            "stream": row.stream,
            "version": row.version,
            "topic": row.topic,
            "state": bytes(row.state).decode(),
        }
        for row in rows
    )
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in told)
    KEPT.mkdir(exist_ok=True)
    (KEPT / f"{log}.ndjson").write_text(text, encoding="utf-8")


def main() -> None:
    load()
    if "--logs" in sys.argv[1:]:
        write_logs()
    print("\n".join(write_records()) or "nothing is another")


if __name__ == "__main__":
    main()
