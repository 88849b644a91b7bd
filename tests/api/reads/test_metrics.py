"""Participation health over HTTP, on its page and in the terminal."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.conftest import Run, codes
from tests.api.site import get


def test_every_metric_is_listed_with_its_figure(client: FlaskClient) -> None:
    answer = client.get("/api/v1/metrics?fiscal_year=2026")
    assert answer.status_code == 200
    body: Any = answer.json
    assert [m["code"] for m in body["items"]] == [m["code"] for m in body["catalogue"]]
    assert all(m["value"] is None and m["reason_null"]["ja"] for m in body["items"])
    assert body["items"][0]["period"]["from"] == "2026-04-01"
    again = client.get("/api/v1/metrics?fiscal_year=2026", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_one_metric_of_some_days(client: FlaskClient) -> None:
    answer: Any = client.get("/api/v1/metrics/M1?from=2026-05-01&to=2026-05-31")
    assert (answer.status_code, answer.json["code"]) == (200, "M1")
    assert answer.json["period"]["fiscal_year"] is None
    assert client.get("/api/v1/metrics/M99").status_code == 404
    assert client.get("/api/v1/metrics?council_id=council-none").status_code == 404


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("fiscal_year=soon", "/fiscal_year"),
        ("fiscal_year=2026&from=2026-05-01", "/fiscal_year"),
        ("from=2026-05-01", "/to"),
        ("to=2026-05-01", "/from"),
        ("year=2026", "/year"),
    ],
)
def test_a_wrong_period_is_refused(client: FlaskClient, query: str, pointer: str) -> None:
    answer = client.get(f"/api/v1/metrics?{query}")
    assert answer.status_code == 422
    assert pointer in codes(answer)


@pytest.mark.parametrize("path", ["/participation", "/en/participation"])
def test_the_page_says_what_is_not_recorded(client: FlaskClient, path: str) -> None:
    page = get(client, path)
    assert page.status == 200
    assert ("not recorded" if path.startswith("/en") else "記録なし") in page.text
    assert ("does not show cause" if path.startswith("/en") else "因果を示すものではない") in page.text
    assert list(page.unmarked_japanese()) == []
    assert {"M1", "M1b", "M2", "M19"} <= page.ids


def test_in_the_terminal(run: Run) -> None:
    listed = run("metrics", "--fiscal-year", "2026")
    assert listed.exit_code == 0 and "出席率" in listed.output
    one = json.loads(run("metrics", "M1", "--from", "2026-04-01", "--to", "2026-04-30", "--json").output)
    assert (one["code"], one["value"]) == ("M1", None)
    assert run("metrics", "--fiscal-year", "soon").exit_code == 1
