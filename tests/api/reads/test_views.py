"""Views and their certificates: as data, as a page for staff, and in the terminal."""

from __future__ import annotations

import json
import sqlite3

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from api.access.accounts import Account
from api.cli.shell import DIFFERS, OK, REFUSED
from domain.history import KANAZAWA
from projections.engine.store import Store
from projections.engine.view import VIEWS
from projections.rebuild.replay import rebuild
from projections.tables.durable import VIEW_BUILD
from tests.api.conftest import Run
from tests.api.signing_in import sign_in
from tests.api.site import Page


def store_of(app: Flask) -> Store:
    store: Store = app.extensions["kyodo-store"].get()
    return store


def test_every_rebuild_can_be_read_by_anybody(app: Flask, client: FlaskClient) -> None:
    proofs = rebuild(store_of(app), ["sources"], who="a test")
    listed = client.get("/api/v1/views").json
    assert [item["name"] for item in listed["items"]] == list(VIEWS)
    assert {item["state"] for item in listed["items"]} == {"current"}
    assert listed["run"] is None
    first, *others = client.get("/api/v1/views/sources/certificates").json["items"]
    assert (first["digest"], first["position"]) == (proofs[0].replayed_digest, proofs[0].position)
    assert first["built_by"] == "a test"
    assert first["tables"] == ["source_document", "source_fact"]
    assert first["rate"] >= 0 and first["seconds"] >= 0 and first["lock_ms"] > 0
    assert [other["built_by"] for other in others] == ["kyodo init"]


def test_an_unknown_view_is_refused(client: FlaskClient) -> None:
    answer = client.get("/api/v1/views/no-such/certificates")
    assert (answer.status_code, answer.json["code"]) == (404, "VIEW_UNKNOWN")


def test_the_page_is_for_staff_and_tells_what_is_outdated(
    app: Flask, client: FlaskClient, staff: Account
) -> None:
    assert client.get("/views").headers["Location"] == "/signin?next=%2Fviews"
    assert client.get("/views.json").status_code == 401
    sign_in(client)
    with store_of(app).engine.begin() as connection:
        connection.execute(sa.update(VIEW_BUILD).where(VIEW_BUILD.c.view == "sources").values(version=0))
    for path, outdated in (("/views", "古い版"), ("/en/views", "older version")):
        answer = client.get(path)
        page = Page(path, answer.status_code, answer.get_data(as_text=True))
        assert outdated in page.text and "kyodo init" in page.text
        assert list(page.unmarked_japanese()) == []
    assert client.get("/views.json").json["certificates"][0]["digest"]


def test_the_terminal_lists_rebuilds_compares_and_prunes(run: Run) -> None:
    assert "sources" in run("views").stdout
    rebuilt = run("rebuild", "sources", "--by", "a test", "--workers", "1", "--json")
    assert [proof["view"] for proof in json.loads(rebuilt.stdout)] == ["sources"]
    phases = [json.loads(line)["phase"] for line in rebuilt.stderr.splitlines()]
    assert phases == ["index", "prove", "swap"]  # nothing is recorded yet
    pruned = json.loads(run("views", "--prune", "--yes", "--json").stdout)
    assert {name.partition("__was_")[0] for name in pruned["dropped"]} == {"source_document", "source_fact"}
    same = run("rebuild", "sources", "--diff")
    assert (same.exit_code, "一致" in same.stdout) == (OK, True)
    assert run("verify", "no_such").exit_code == REFUSED


def test_a_difference_is_told_with_the_events_behind_it(run: Run, record_url: str) -> None:
    run("import", str(KANAZAWA))
    with sqlite3.connect(record_url.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE study SET state='x'")
    for command in (["verify"], ["rebuild"], ["rebuild", "study_board", "--diff"]):
        answer = run(*command)
        assert answer.exit_code == DIFFERS
        assert "study ('study-centre',)" in answer.stdout
        assert "StudyStarted" in answer.stdout
    assert run("rebuild", "--repair", "--yes").exit_code == OK
    assert run("verify").exit_code == OK
