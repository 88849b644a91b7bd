"""Alive, ready, and in which versions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from projections.engine.durable_tables import VIEW_BUILD
from projections.engine.view import VIEWS
from tests.api.conftest import over


def test_the_process_answers(client: FlaskClient) -> None:
    assert client.get("/livez").json == {"alive": True}


def test_it_is_ready_when_the_running_code_built_every_view(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json["views"] == dict.fromkeys(VIEWS, "current")


@pytest.mark.parametrize(
    ("outdated", "built", "state", "status"),
    [
        ("serve", {"fingerprint": "old"}, "other_code", 200),
        ("serve", {"version": 0}, "older", 200),
        ("serve", {"version": 99}, "newer", 503),
        ("refuse", {"fingerprint": "old"}, "other_code", 503),
        ("refuse", {"version": 0}, "older", 503),
    ],
)
def test_a_view_of_other_code_is_served_or_not_as_configured(
    app: Flask,
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    outdated: str,
    built: dict[str, Any],
    state: str,
    status: int,
) -> None:
    name = next(iter(VIEWS))
    monkeypatch.setitem(app.config, "VIEWS_OUTDATED", outdated)
    with app.extensions["kyodo-store"].get().engine.begin() as connection:
        connection.execute(sa.update(VIEW_BUILD).where(VIEW_BUILD.c.view == name).values(**built))
    answer = client.get("/readyz")
    assert answer.status_code == status
    assert answer.json["ready"] is (status == 200)
    assert answer.json["views"][name] == state


def test_it_is_not_ready_while_a_table_is_missing(app: Flask, client: FlaskClient) -> None:
    with app.extensions["kyodo-store"].get().engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE claim")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["schema"] == "missing: claim"


def test_it_is_alive_but_not_ready_without_a_record(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    for _ in over(app, f"sqlite:///{tmp_path / 'none.sqlite'}"):
        assert client.get("/livez").status_code == 200
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json["schema"] == "RECORD_MISSING"


def test_the_versions_name_every_event_and_view(client: FlaskClient) -> None:
    versions = client.get("/-/versions.json").json
    assert versions["events"]["DocumentRegistered"] == 1
    assert versions["views"].keys() == VIEWS.keys()
    assert versions["service"]
