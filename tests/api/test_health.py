"""Alive, ready, and in which versions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from projections.engine.view import VIEWS
from projections.migrations.revisions import revisions
from projections.tables.durable import VIEW_BUILD
from projections.tables.record_id import record_id
from tests.api.conftest import created, over
from tests.support import landed


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


@pytest.mark.parametrize(
    ("statements", "schema", "difference"),
    [
        (["DROP TABLE claim"], "RECORD_FOREIGN", ("claim", None, "table", None)),
        (["ALTER TABLE token DROP COLUMN label"], "RECORD_FOREIGN", ("token", "label", "text", None)),
        (
            ["ALTER TABLE setting ADD COLUMN kind BIGINT"],
            "RECORD_FOREIGN",
            ("setting", "kind", None, "whole number"),
        ),
        (
            ["DROP TABLE vault", "CREATE TABLE vault (party_id TEXT PRIMARY KEY, personal TEXT)"],
            "RECORD_FOREIGN",
            ("vault", "personal", "text, required", "text"),
        ),
        (
            ["ALTER TABLE stored_events RENAME COLUMN topic TO name"],
            "RECORD_FOREIGN",
            ("stored_events", "topic", "text, required", None),
        ),
        (["ALTER TABLE matter DROP COLUMN title"], "SCHEMA_INCOMPLETE", ("matter", "title", "text", None)),
        (["DROP TABLE matter"], "SCHEMA_INCOMPLETE", ("matter", None, "table", None)),
    ],
)
def test_it_is_not_ready_with_other_columns_than_the_code_knows(
    one_app: Flask,
    any_record_url: str,
    statements: list[str],
    schema: str,
    difference: tuple[str | None, ...],
) -> None:
    for app in over(one_app, any_record_url):
        with app.extensions["kyodo-store"].get().engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
            postgres = connection.dialect.name == "postgresql"
        answer = app.test_client().get("/readyz")
        assert (answer.status_code, answer.json["ready"], answer.json["schema"]) == (503, False, schema)
        if postgres and difference[0] == "stored_events":  # where the library lets it be empty
            difference = (*difference[:2], "text", None)
        assert (
            dict(zip(("table", "column", "expected", "actual"), difference, strict=True))
            in (answer.json["differences"])
        )


def test_tables_of_older_views_may_have_more_columns_but_not_fewer(app: Flask, client: FlaskClient) -> None:
    def change(statement: str) -> None:
        with app.extensions["kyodo-store"].get().engine.begin() as connection:
            connection.exec_driver_sql(statement)

    change("ALTER TABLE matter ADD COLUMN former TEXT")
    assert client.get("/readyz").status_code == 503
    change("UPDATE view_build SET version=0 WHERE view='matter_list'")
    assert client.get("/readyz").json["differences"] == []
    change("ALTER TABLE matter DROP COLUMN title")
    assert [d["column"] for d in client.get("/readyz").json["differences"]] == ["title"]


@pytest.mark.parametrize("commit", landed.LANDED)
def test_a_record_that_needs_a_migration_is_neither_ready_nor_read(
    one_app: Flask, database_url: str, commit: str
) -> None:
    landed.put(commit, database_url)
    for app in over(one_app, database_url):
        client = app.test_client()
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json["schema"]) == (503, "RECORD_OUTDATED")
        assert "kyodo init" in answer.json["what_next"]
        read, written = client.get("/api/v1/matters"), client.post("/api/v1/documents", json={})
        assert [(r.status_code, r.json["code"]) for r in (read, written)] == [(503, "RECORD_OUTDATED")] * 2
        assert client.get("/livez").status_code == 200
        created(database_url)
        assert client.get("/readyz").status_code == 200
        assert client.get("/api/v1/matters").status_code == 200


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
    assert set(versions["record"]) == {"id", "revision"}


def test_the_record_is_known_by_its_id(app: Flask, client: FlaskClient, engine: sa.Engine) -> None:
    with engine.connect() as connection:
        known = record_id(connection)
    record = client.get("/-/versions.json").json["record"]
    assert (record["id"], record["revision"]) == (known, revisions()[-1].number)
