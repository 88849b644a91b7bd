"""Bring a record up to date, and stop for good in the middle of a revision.

    python -m tests.kill_migration URL "CREATE TABLE rules_edition"

Somebody will kill it there (tests/projections/engine/test_migrations.py).
"""

from __future__ import annotations

import signal
import sys
from typing import Any

import sqlalchemy as sa

from projections.registry import open_store


def main(url: str, statement: str) -> None:
    """Say ``half done`` after the first statement that begins so, and wait."""

    @sa.event.listens_for(sa.Engine, "after_cursor_execute")
    def stop(connection: Any, cursor: Any, executed: str, *rest: Any) -> None:
        if executed.strip().startswith(statement):
            print("half done", flush=True)
            signal.pause()

    open_store(url).create()


if __name__ == "__main__":
    main(*sys.argv[1:])
