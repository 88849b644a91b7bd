"""An event that was renamed: found by any of its names, told by the present one, listed with the former."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from api.reference.reference_pages import events_page
from domain.document.content import DocumentContentAttached
from projections.engine.store import Store
from projections.rebuild.replay import rebuild
from tests.api.conftest import Run
from tests.support.old_logs import log_of, put

NAMES = ("ContentAttached", "DocumentContentAttached")


@pytest.mark.parametrize("name", NAMES)
def test_the_shell_and_the_api_find_it_by_either_name(
    run: Run, store: Store, client: FlaskClient, name: str
) -> None:
    put(store, log_of("ca185cc"))
    rebuild(store, repair=True)
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
