"""The description is the service: requests made from it, answers held against it, as three readers.

A part of ``python -m tests.described``, quick enough to be run always; the whole is in docs/reliability.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from api.http.openapi import OF_EVERY_COMMAND
from tests import described
from tests.described import service

KINDS = ("issues", "links", "search")
"""Below which paths operations are asked: reads, lists, commands."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, dict[str, str]]]:
    with service(Path(tmp_path_factory.mktemp("described"))) as made:
        yield made


def test_what_is_answered_is_described(running: tuple[Flask, dict[str, str]]) -> None:
    app, tokens = running
    seen = described.ask_all(app, tokens, each=1, only=KINDS)
    assert seen.faults == {}
    assert seen.cases > 30
    assert {200, 401, 403, 404, 422} <= seen.statuses.keys()


def test_a_command_s_description_names_what_the_service_may_answer(
    running: tuple[Flask, dict[str, str]],
) -> None:
    app, _ = running
    paths: dict[str, Any] = app.test_client().get("/api/openapi.json").json["paths"]  # type: ignore[index]
    commands = [operation["post"] for operation in paths.values() if "post" in operation]
    assert len(commands) > 200
    for command in commands:
        assert {str(status) for status in OF_EVERY_COMMAND} <= command["responses"].keys()


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"If-Match": "x"}, b"{}", 400),
        ({"Content-Type": "application/json"}, b"{", 400),
        ({"Content-Type": "application/json"}, b"\xff", 400),
        ({"Content-Type": "application/json"}, b'{"a":1,"a":2}', 400),
        ({"Content-Type": "text/plain"}, b"{}", 415),
        ({"Content-Type": "application/json"}, b" " * 2_000_000, 413),
    ],
)
def test_such_an_answer_is_among_them(
    running: tuple[Flask, dict[str, str]], headers: dict[str, str], body: bytes, status: int
) -> None:
    app, tokens = running
    named = {
        "Authorization": f"Bearer {tokens['secretariat']}",
        "Content-Type": "application/json",
        **headers,
    }
    answer = app.test_client().post("/api/v1/documents", data=body, headers=named)
    if answer.status_code == 422:  # a header is looked at when the body will do
        about = {"title": "a", "kind": "other", "disclosure": {"visibility": "public"}}
        answer = app.test_client().post("/api/v1/documents", json=about, headers=named)
    assert (answer.status_code, answer.json["code"] in OF_EVERY_COMMAND[status]) == (status, True)


def test_a_fault_would_be_seen(
    running: tuple[Flask, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer with a status that is not described, and one that is a fault of the service."""
    app, tokens = running
    for status in (418, 500):
        with monkeypatch.context() as patch:
            patch.setitem(app.view_functions, "links.make", lambda status=status, **_: ("{}", status))
            seen = described.ask_all(app, tokens, each=1, only=("links",), readers=("secretariat",))
        assert (seen.server_errors > 0, seen.undescribed > 0) == (status == 500, status != 500)
