"""Whoever changes what a view's rows say raises its version: a record in use is rebuilt then, not refused."""

from __future__ import annotations

import pytest

from tests.support.view_digests import kept, present

pytestmark = pytest.mark.slow


def test_rows_change_with_the_version_only() -> None:
    before, now = kept(), present()
    anew = "write it anew: python -m tests.support.view_digests"
    if before["log"] == now["log"]:
        changed = [
            name
            for name, view in now["views"].items()
            if name in before["views"]
            and view["version"] == before["views"][name]["version"]
            and view["digest"] != before["views"][name]["digest"]
        ]
        assert changed == [], (
            f"rows of the same version have changed: raise the version of these, then {anew}"
        )
    assert before == now, f"the fictional record or the views are others now: {anew}"
