"""Is the service alive, is it ready, and what exactly is running?

``/livez`` says that the process answers; ``/readyz`` that the database is reachable, the record is there, its
tables have the columns that this code knows, and no view keeps it from serving (VIEWS_OUTDATED);
``/-/versions.json`` names the versions, and the record by its id.
"""

from __future__ import annotations

import datetime as dt
import platform
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response, current_app, jsonify

from api.http.language import lang
from api.http.problems import declare
from api.setup import rules_of_service
from api.setup.store import if_readable, record_store
from domain.kernel.events import EVENTS
from domain.values.refusal import Refusal
from projections.engine.append.record_clock import CLOCK_UNUSABLE, TOLD_FROM, ahead_of, is_unusable
from projections.engine.event_format import refuse_newer_format
from projections.engine.view import VIEWS
from projections.engine.view_versions import Standing, held, standings, view_differences
from projections.migrations.revisions import migration_state, refuse_newer
from projections.migrations.upgrading import RECORD_FOREIGN, durable_differences
from projections.tables.record_id import record_id
from projections.tables.software import software_version

SCHEMA_INCOMPLETE = declare(
    503,
    "SCHEMA_INCOMPLETE",
    ja="ビューの表が、この版の求めるものではありません（{tables}）。",
    en="The tables of views are not those that this version needs ({tables}).",
    rule=rules_of_service.CREATED_ONCE,
    next_ja="kyodo init --no-rebuild を実行してください。今ある記録はそのままです。",
    next_en="Run kyodo init --no-rebuild. What is recorded stays as it is.",
)

_SERVED: dict[str, tuple[Standing, ...]] = {
    "serve": ("current", "other_code", "older"),
    "rebuild": ("current",),
    "refuse": ("current",),
}
"""With which views a service is ready, by VIEWS_OUTDATED."""


def livez() -> Response:
    """The process answers."""
    return jsonify({"alive": True})


def readyz() -> tuple[Response, int]:
    """Everything a request needs is there; 503 and what is missing, or other than it should be, otherwise."""
    checks: dict[str, Any] = {
        "database": "unreachable",
        "schema": None,
        "differences": [],
        "views": None,
        "clock": None,
    }
    ready = False
    try:
        with record_store().engine.connect() as connection:
            checks["database"] = "reachable"
            ready = _look(connection, checks)
            ready = _look_at_clock(connection, checks) and ready
    except Refusal as refused:
        checks["database"] = "reachable"
        checks["schema"] = refused.code
        checks["what_next"] = refused.what_next(lang())
    except sa.exc.SQLAlchemyError as error:
        checks["database"] = f"unreachable ({type(error).__name__})"
    return jsonify({"ready": ready, **checks}), 200 if ready else 503


def _look(connection: sa.Connection, checks: dict[str, Any]) -> bool:
    """Put into ``checks`` how the tables and the views are; whether a service is ready with them."""
    checks["views"], checks["held"] = standings(connection), sorted(held(connection))
    refuse_newer(connection)
    refuse_newer_format(connection)
    found = durable_differences(connection)
    checks["schema"] = RECORD_FOREIGN.code if found else "complete"
    if not found and (found := view_differences(connection)):
        checks["schema"] = SCHEMA_INCOMPLETE.code
    checks["differences"] = [difference._asdict() for difference in found]
    served = _SERVED[current_app.config["VIEWS_OUTDATED"]]
    return not found and all(state in served for state in checks["views"].values())


def _look_at_clock(connection: sa.Connection, checks: dict[str, Any]) -> bool:
    """Put into ``checks`` how far the clock is behind the record; whether commands are recorded."""
    now = dt.datetime.now(dt.UTC)
    ahead = ahead_of(connection, now)
    checks["clock_behind_seconds"] = max(0.0, round(ahead.total_seconds(), 3))
    if is_unusable(connection, now):
        checks["clock"] = CLOCK_UNUSABLE.code
        return False
    checks["clock"] = "behind" if ahead >= TOLD_FROM else "usable"
    return True


def versions() -> Response:
    """The versions of the software, of every event type and of every view; and of the record that is served:
    its id and the revision of its tables. (Which events it holds would tell of what is sealed.)"""
    return jsonify(
        {
            "service": software_version(),
            "record": if_readable(_record, None),
            "api": "1",
            "python": platform.python_version(),
            "events": {event.__name__: event.class_version for _, event in sorted(EVENTS.items())},
            "views": {
                name: {"version": view.version, "fingerprint": view.fingerprint}
                for name, view in sorted(VIEWS.items())
            },
        }
    )


def _record() -> dict[str, Any]:
    with record_store().engine.connect() as connection:
        return {
            "id": record_id(connection),
            "revision": migration_state(connection).current,
        }


def init_app(app: Flask) -> None:
    app.add_url_rule("/livez", view_func=livez)
    app.add_url_rule("/readyz", view_func=readyz)
    app.add_url_rule("/-/versions.json", view_func=versions)
