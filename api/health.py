"""Is the service alive, is it ready, and what exactly is running?

``/livez`` says that the process answers; ``/readyz`` that the database is reachable, the record is there and
every view was built by the code that is running; ``/-/versions.json`` names the versions.
"""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal

import sqlalchemy as sa
from flask import Flask, Response, jsonify

from api.store import record_store
from domain.record import EVENTS
from domain.refusal import Refusal
from projections.store import Store
from projections.tables import DURABLE, VIEW_BUILD
from projections.view import METADATA, VIEWS, View

DISTRIBUTION = "kyodo-record"

ViewState = Literal["current", "other_code", "never_built"]


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
            checks["views"] = view_states(store)
            ready = all(state == "current" for state in checks["views"].values())
    except Refusal as refused:
        checks["schema"] = refused.code
    except sa.exc.SQLAlchemyError as error:
        checks["database"] = f"unreachable ({type(error).__name__})"
    return jsonify({"ready": ready, **checks}), 200 if ready else 503


def missing_tables(store: Store) -> list[str]:
    """The tables that this code expects and this database does not have."""
    there = set(sa.inspect(store.engine).get_table_names())
    return sorted({*DURABLE.tables, *METADATA.tables} - there)


def view_states(store: Store) -> dict[str, ViewState]:
    """Of each view, whether the running code built it. Every other state wants ``kyodo rebuild``."""
    with store.engine.connect() as connection:
        rows = connection.execute(
            sa.select(VIEW_BUILD.c.view, VIEW_BUILD.c.version, VIEW_BUILD.c.fingerprint)
        )
        built = {row.view: (row.version, row.fingerprint) for row in rows}
    return {name: _state(view, built.get(name)) for name, view in VIEWS.items()}


def _state(view: View, built: tuple[int, str] | None) -> ViewState:
    if built is None:
        return "never_built"
    return "current" if built == (view.version, view.fingerprint) else "other_code"


def versions() -> Response:
    """The versions of the software, of every event type and of every view."""
    return jsonify(
        {
            "service": software_version(),
            "api": "1",
            "python": platform.python_version(),
            "events": {name: event.class_version for name, event in sorted(EVENTS.items())},
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
