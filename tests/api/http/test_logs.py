"""One line for one answer, with nothing in it that was sent; of refusals few lines, and how many were not."""

from __future__ import annotations

import pytest
from flask import request
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from api.http import logs


def test_a_line_names_the_route_and_never_the_address(client: FlaskClient) -> None:
    with client:
        client.get("/api/v1/parties/p-secret?q=secret")
        environ = {**request.environ, logs.REQUEST_ID: "r-1"}
    with capture_logs() as lines:
        logs.answered(environ, status=404, milliseconds=12.345, size=678)
    (line,) = lines
    assert line["event"] == "request"
    assert (line["id"], line["method"], line["status"], line["ms"], line["bytes"]) == (
        "r-1",
        "GET",
        404,
        12.3,
        678,
    )
    assert line["route"] == "/api/v1/parties/<entity>"
    assert "position" in line
    assert "secret" not in str(line)


def test_of_a_flood_of_refusals_few_are_written_and_the_next_says_how_many_were_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sparing = logs.Sparing(rate=5, burst=3)
    monkeypatch.setattr(logs, "_refusals", sparing)
    with capture_logs() as lines:
        for _ in range(100):
            logs.answered({}, status=401, milliseconds=1, size=1)
        logs.answered({}, status=200, milliseconds=1, size=1)
        sparing._left = 1.0
        logs.refused("HEAD_TOO_LARGE", 431)
    assert [line["status"] for line in lines[-2:]] == [200, 431]
    assert len(lines) < 12
    assert lines[-1]["left_out"] >= 90
