"""Whoever changes what a view's rows say raises its version: a record in use is rebuilt then, not refused."""

from __future__ import annotations

from typing import Any

import pytest

from projections.engine.view import VIEWS
from projections.registry import ALL_VIEWS
from tests.support import view_rows
from tests.support.view_rows import ANEW, kept, record_of, rows_of

NAMES = sorted(view.name for view in ALL_VIEWS)

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", NAMES)
def test_rows_change_with_the_version_only(name: str) -> None:
    told = differing(kept(name), record_of(VIEWS[name]))
    assert told is None, f"{name}: {told}"


def differing(before: view_rows.Record | None, now: view_rows.Record) -> str | None:
    """What has to be done about a view whose rows are not those that were written; None if they are."""
    if before is None or before["version"] != now["version"]:
        return None if before == now else f"a new version, of which nothing is written: {ANEW}"
    tables = [table for table, rows in now["tables"].items() if rows != before["tables"].get(table)]
    if tables:
        return f"rows of the same version are others now in {', '.join(tables)}: raise it, then {ANEW}"
    return None if before == now else f"a table is gone: {ANEW}"


def test_nothing_is_kept_of_a_view_that_there_is_not() -> None:
    assert sorted(path.stem for path in view_rows.KEPT.glob("*.json")) == NAMES


def test_every_view_has_rows_of_every_table_in_one_of_the_logs() -> None:
    for name in NAMES:
        found = [rows_of(VIEWS[name], log) for log in view_rows.LOGS]
        empty = [table for table in found[0] if not any(rows[table] for rows in found)]
        assert empty == [], f"{name}: nothing would notice if {empty} changed"


def test_a_changed_row_is_told_with_its_view_its_table_and_what_to_do() -> None:
    before = record_of(VIEWS["party_register"])
    changed: dict[str, Any] = {**before, "tables": {"party": {**before["tables"]["party"], "kanazawa": "0"}}}
    told = differing(changed, before)
    assert told == f"rows of the same version are others now in party: raise it, then {ANEW}"
    assert differing(None, before) == f"a new version, of which nothing is written: {ANEW}"
