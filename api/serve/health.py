"""Is the service alive, is it ready, and what exactly is running?

``/livez`` says that the process answers; ``/readyz`` that the database is reachable, the record is there and
no view keeps it from serving (VIEWS_OUTDATED); ``/-/versions.json`` names the versions.
"""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response, current_app, jsonify

from api.setup.store import record_store
from domain.kernel.events import EVENTS
from domain.values.refusal import Refusal
from projections.engine.durable_tables import DURABLE
from projections.engine.store import Store
from projections.engine.view import METADATA, VIEWS
from projections.engine.view_versions import Standing, held, standings

DISTRIBUTION = "kyodo-record"


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
    """Everything a request needs is there; 503 and what is missing otherwise."""
    checks: dict[str, Any] = {"database": "unreachable", "schema": None, "views": None}
    ready = False
    try:
        store = record_store()
        with store.engine.connect() as connection:
            connection.execute(sa.select(1))
        checks["database"] = "reachable"
        missing = missing_tables(store)
        checks["schema"] = "complete" if not missing else f"missing: {', '.join(missing)}"
        if not missing:
            with store.engine.connect() as connection:
                checks["views"], checks["held"] = standings(connection), sorted(held(connection))
            ready = all(
                state in _SERVED[current_app.config["VIEWS_OUTDATED"]] for state in checks["views"].values()
            )
    except Refusal as refused:
        checks["schema"] = refused.code
    except sa.exc.SQLAlchemyError as error:
        checks["database"] = f"unreachable ({type(error).__name__})"
    return jsonify({"ready": ready, **checks}), 200 if ready else 503


def missing_tables(store: Store) -> list[str]:
    """The tables that this code expects and this database does not have."""
    there = set(sa.inspect(store.engine).get_table_names())
    return sorted({*DURABLE.tables, *METADATA.tables} - there)


def versions() -> Response:
    """The versions of the software, of every event type and of every view."""
    return jsonify(
        {
            "service": software_version(),
            "api": "1",
            "python": platform.python_version(),
            "events": {event.__name__: event.class_version for _, event in sorted(EVENTS.items())},
            "views": {
                name: {"version": view.version, "fingerprint": view.fingerprint}
                for name, view in sorted(VIEWS.items())
            },
        }
    )


def software_version() -> str:
    """The version of the installed project."""
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "not installed"


def init_app(app: Flask) -> None:
    app.add_url_rule("/livez", view_func=livez)
    app.add_url_rule("/readyz", view_func=readyz)
    app.add_url_rule("/-/versions.json", view_func=versions)
