"""Integrity 記録の健全性: what can be checked today of whether the log was altered outside the system (S22).

The log keeps no hash chain and nothing of it is anchored elsewhere, so nobody who may write to the database
can be ruled out. What can be told: that no position and no version is missing, that the database still
refuses changes, that events decode to what their rows say, and by which code each view was last built. All
but a full decoding are aggregates and bounded reads.
"""

from __future__ import annotations

import sqlalchemy as sa

from projections.engine.log_checks import Check, log_checks
from projections.engine.view import VIEWS
from projections.tables.durable import VIEW_BUILD


def checks(connection: sa.Connection, *, full: bool = False) -> list[Check]:
    """Every check there is, in the order in which a reader should look at them."""
    return [*log_checks(connection, full=full), _views(connection)]


def _views(connection: sa.Connection) -> Check:
    """By which code, up to which position and with which digest each view was last built."""
    built = {row.view: dict(row._mapping) for row in connection.execute(sa.select(VIEW_BUILD))}
    listed = []
    for view in VIEWS.values():
        standing = built.get(view.name)
        same = standing is not None and (standing["version"], standing["fingerprint"]) == (
            view.version,
            view.fingerprint,
        )
        state = "never_built" if standing is None else "this_code" if same else "other_code"
        columns = ("position", "digest", "built_at", "built_by")
        listed.append(
            {"view": view.name, "state": state, **{k: standing[k] if standing else None for k in columns}}
        )
    current = sum(row["state"] == "this_code" for row in listed)
    return Check(
        "views",
        (
            f"{len(listed)}のビューのうち、現行のコードが構築したもの{current}。",
            f"Of {len(listed)} views, {current} were last built by the running code.",
        ),
        "holds" if current == len(listed) else "cannot_tell",
        {"views": listed},
    )
