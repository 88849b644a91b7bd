"""Is the service alive, is it ready, and what exactly is running?

``/livez`` says that the process answers; ``/readyz`` that everything a request needs is there
(api/health/readiness.py); ``/-/versions.json`` names the versions, and the record by its id.
"""

from __future__ import annotations

import platform
from typing import Any

from flask import Flask, Response, current_app, jsonify

from api.health.readiness import readiness
from api.http.language import lang
from api.setup.store import if_readable, record_store
from domain.kernel.events import EVENTS
from projections.engine.view import VIEWS
from projections.migrations.revisions import migration_state
from projections.tables.record_id import record_id
from projections.tables.software import software_version


def livez() -> Response:
    """The process answers."""
    return jsonify({"alive": True})


def readyz() -> tuple[Response, int]:
    """Everything a request needs is there; 503 and what is missing, or other than it should be, otherwise."""
    ready, checks, refused = readiness(current_app).look(current_app.config["VIEWS_OUTDATED"])
    if refused is not None:
        checks["what_next"] = refused.what_next(lang())
    return jsonify({"ready": ready, **checks}), 200 if ready else 503


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
