"""Logs that earlier commits wrote (tests/fixtures/old_logs), put into a record of today."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from projections.engine.store import Store
from projections.tables.log_table import LOG

LOGS = sorted((Path(__file__).parents[1] / "fixtures" / "old_logs").glob("*.ndjson"))


def log_of(commit: str) -> Path:
    return next(log for log in LOGS if log.stem == commit)


def lines(log: Path) -> list[dict[str, Any]]:
    """The rows of a log: position, stream, version, topic, state."""
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def put(store: Store, log: Path) -> None:
    """Make an empty record hold the rows of a log, byte for byte; no view is made of them."""
    table = sa.table(LOG, *(sa.column(c) for c in ("originator_id", "originator_version", "topic", "state")))
    with store.engine.begin() as connection:
        for row in lines(log):
            values = (row["stream"], row["version"], row["topic"], row["state"].encode())
            connection.execute(sa.insert(table).values(dict(zip(table.c.keys(), values, strict=True))))
