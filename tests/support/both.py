"""Scripts that are run by hand, or at night, on both databases (``python -m tests.kill_nine``)."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from typing import NoReturn

from tests.support.postgres import running_postgres


def on_both_databases(run: Callable[[str], int]) -> NoReturn:
    """Run on a new file of SQLite, then on PostgreSQL with durable commits. ``run`` is given the address of
    an empty database and returns how many faults it found; exits with 1 if there was any."""
    with tempfile.TemporaryDirectory(prefix="kyodo-") as folder:
        faults = run(f"sqlite:///{folder}/record.db")
    with running_postgres(fsync=True) as postgres:
        faults += run(postgres.fresh())
    sys.exit(1 if faults else 0)
