"""What the rows of every view come to on one fixed record (python -m tests.support.view_digests writes it).

A view's version says what its rows mean, and a rebuild of the same version must give the same rows. So
whoever changes rows raises the version: tests/projections/engine/test_view_versions.py compares with what is
kept.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

from domain.sample.chapters import CHAPTERS
from domain.sample.record import make_sample
from projections.engine.log import raw_after
from projections.engine.view import VIEWS, View
from projections.rebuild.proving import digest_table
from projections.registry import open_store
from tests.support.given import counted_ids, ticking_clock

KEPT = Path(__file__).parents[1] / "fixtures" / "view_digests.json"


def digest_view(cursor: Any, postgres: bool, view: View) -> str:
    """SHA-256 (hex) over the digests of the view's tables, in the order the view declares them."""
    total = hashlib.sha256()
    for table in view.tables:
        total.update(digest_table(cursor, postgres, table))
    return total.hexdigest()


def kept() -> dict[str, Any]:
    """What was written: the digest of the log, and of each view its version and digest."""
    found: dict[str, Any] = json.loads(KEPT.read_text())
    return found


def present() -> dict[str, Any]:
    """The same of the present code: a fictional record in which every event happens."""
    with tempfile.TemporaryDirectory(prefix="kyodo-digests-") as folder:
        store = open_store(f"sqlite:///{folder}/record.db", clock=ticking_clock(), new_id=counted_ids())
        store.create()
        make_sample(store.application, 2 + len(CHAPTERS))
        log = hashlib.sha256()
        with store.engine.connect() as connection:
            for row in raw_after(connection, 0, 1_000_000):
                log.update(f"{row.position} {row.stream} {row.version} {row.topic} ".encode() + row.state)
        connection = store.connect()
        cursor = connection.cursor()
        views = {
            name: {"version": view.version, "digest": digest_view(cursor, False, view)}
            for name, view in sorted(VIEWS.items())
        }
        connection.close()
        store.close()
    return {"log": log.hexdigest(), "views": views}


def main() -> None:
    KEPT.write_text(json.dumps(present(), indent=1) + "\n")
    print(KEPT.name)


if __name__ == "__main__":
    main()
