"""An event that was renamed: asked for by any of its names, told by the present one, listed with the former."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from api.reference import events_page
from domain.document_content import DocumentContentAttached
from projections.replay import rebuild
from projections.store import LOG, Store
from tests.api.conftest import Run
from tests.projections.test_old_logs import lines, log_of

NAMES = ("ContentAttached", "DocumentContentAttached")


def put(store: Store) -> None:
    """The log of a commit that knew the event by its former name, and the views made of it."""
    table = sa.table(LOG, *(sa.column(c) for c in ("originator_id", "originator_version", "topic", "state")))
    rows = [
        (row["stream"], row["version"], row["topic"], row["state"].encode())
        for row in lines(log_of("ca185cc"))
    ]
    with store.engine.begin() as connection:
        for row in rows:
            connection.execute(sa.insert(table).values(dict(zip(table.c.keys(), row, strict=True))))
    rebuild(store, repair=True)


@pytest.mark.parametrize("name", NAMES)
def test_the_shell_and_the_api_find_it_by_either_name(
    run: Run, store: Store, client: FlaskClient, name: str
) -> None:
    put(store)
    told = [json.loads(line) for line in run("events", "--type", name, "--json").stdout.splitlines()]
    assert [(e["type"], e["subject"]) for e in told] == [("DocumentContentAttached", "doc-minutes")] * 2
    listed = client.get(f"/api/v1/events?type={name}").get_json()["items"]
    assert [e["type"] for e in listed] == ["DocumentContentAttached"] * 2


def test_the_catalogue_lists_the_former_name_and_the_versions_only_the_present(client: FlaskClient) -> None:
    versions = client.get("/-/versions.json").get_json()["events"]
    assert versions["DocumentContentAttached"] == DocumentContentAttached.class_version
    assert "ContentAttached" not in versions
    _, _, entry = events_page().partition("## DocumentContentAttached\n")
    assert "Formerly: `ContentAttached`" in entry.split("\n## ")[0]
