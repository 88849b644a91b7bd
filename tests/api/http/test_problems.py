"""Problem documents: every no in one form, in the reader's language, and nothing recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from api.http.problems import PROBLEMS
from domain.kernel.events import Recorded
from domain.values.refusal import REFUSALS
from tests.api.conftest import Teller, codes, document, over

MEMBERS = {"type", "title", "status", "detail", "code", "rule", "rule_url", "what_next", "errors"}


@pytest.fixture
def send(secretary: Teller, log: Callable[[], list[Recorded[Any]]]) -> Iterator[Callable[..., TestResponse]]:
    """Send bytes as a document's registration; afterwards nothing must have been recorded."""

    def post(body: bytes, content_type: str = "application/json") -> TestResponse:
        headers = {"Authorization": f"Bearer {secretary.token}"}
        return secretary.client.post(
            "/api/v1/documents", data=body, content_type=content_type, headers=headers
        )

    yield post
    assert log() == []


def is_problem(answer: TestResponse, status: int, code: str) -> bool:
    problem = answer.json
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.content_type == "application/problem+json"
    assert problem is not None
    assert problem.keys() >= MEMBERS
    assert problem["status"] == status
    assert problem["code"] == code, problem
    assert problem["type"] == f"/api/problems/{code}"
    assert problem["title"] and problem["detail"] and problem["rule"] and problem["what_next"]
    return True


# ---------------------------------------------------------------------------------- addresses and methods


def test_an_address_with_nothing_there(client: FlaskClient) -> None:
    assert is_problem(client.get("/api/v1/nothing"), 404, "NOT_FOUND")


def test_a_method_that_is_not_allowed_says_which_are(client: FlaskClient) -> None:
    answer = client.delete("/api/v1/documents")
    assert is_problem(answer, 405, "METHOD_NOT_ALLOWED")
    assert "POST" in answer.headers["Allow"]


def test_elsewhere_a_problem_is_a_page_in_the_page_s_language(client: FlaskClient) -> None:
    for path, words in (("/nothing", "見つかりません"), ("/en/nothing", "Not found")):
        answer = client.get(path)
        assert answer.status_code == 404
        assert answer.mimetype == "text/html"
        assert words in answer.get_data(as_text=True)


# -------------------------------------------------------------------------------------------- the body


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"title": ', 400, "MALFORMED_JSON"),
        (b"{'title': 1}", 400, "MALFORMED_JSON"),
        ("\ufeff{}".encode(), 400, "MALFORMED_JSON"),
        ('{"title": "資料"}'.encode("shift_jis"), 400, "NOT_UTF8"),
        (b'{"title": "a", "title": "b"}', 400, "DUPLICATE_KEY"),
        (b'{"record": {"note": "a", "note": "b"}}', 400, "DUPLICATE_KEY"),
        (b'{"n": NaN}', 400, "NOT_A_JSON_NUMBER"),
        (b'{"n": -Infinity}', 400, "NOT_A_JSON_NUMBER"),
        (b'{"n": 1e999}', 400, "NOT_A_JSON_NUMBER"),
        (b'{"n": ' + b"9" * 5_000 + b"}", 400, "NOT_A_JSON_NUMBER"),
        (b"[" * 40 + b"]" * 40, 400, "BODY_TOO_DEEP"),
        (b"[" * 200_000, 400, "BODY_TOO_DEEP"),
        (b'{"title": "\\ud800"}', 422, "TEXT_NOT_PLAIN"),
        (b'{"\\udfff": 1}', 422, "TEXT_NOT_PLAIN"),
        (b"[]", 422, "WRONG_TYPE"),
        (b"null", 422, "WRONG_TYPE"),
        (b'"text"', 422, "WRONG_TYPE"),
    ],
)
def test_a_body_that_is_ambiguous_or_broken(
    send: Callable[..., TestResponse], body: bytes, status: int, code: str
) -> None:
    assert is_problem(send(body), status, code)


def test_broken_json_says_where(send: Callable[..., TestResponse]) -> None:
    answer = send(b'{\n  "title": oops\n}')
    assert "2行12列" in answer.json["detail"]


@pytest.mark.parametrize(
    "given", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=sjis"]
)
def test_another_media_type(send: Callable[..., TestResponse], given: str) -> None:
    assert is_problem(send(b"{}", given), 415, "MEDIA_TYPE")


def test_a_body_that_is_too_large(send: Callable[..., TestResponse]) -> None:
    answer = send(b'{"title": "' + b"x" * 2_000_000 + b'"}')
    assert is_problem(answer, 413, "BODY_TOO_LARGE")


def test_an_empty_body_is_an_empty_object(send: Callable[..., TestResponse]) -> None:
    answer = send(b"", "")
    assert codes(answer) == {"/kind": "MISSING_FIELD", "/disclosure": "MISSING_FIELD"}


# -------------------------------------------------------------------------------------------- the fields


def test_everything_that_is_wrong_is_told_at_once_with_pointers(secretary: Teller) -> None:
    body = document(
        kind="novel",
        titel="資料",
        title=5,
        content_held="yes",
        headings=["概要", None, "a\nb"],
        dated="平成31年5月1日",
        disclosure={"visibility": "closed"},
        record={"certainty": "sure", "source": {"document_id": "DOC"}},
    )
    answer = secretary.post("documents", body)
    assert is_problem(answer, 422, "INVALID_INPUT")
    assert codes(answer) == {
        "/kind": "NOT_ONE_OF",
        "/titel": "UNKNOWN_FIELD",
        "/title": "WRONG_TYPE",
        "/content_held": "WRONG_TYPE",
        "/headings/1": "NOT_NULL",
        "/headings/2": "TEXT_NOT_PLAIN",
        "/dated": "ERA_OUT_OF_RANGE",
        "/disclosure/ground": "GROUND_REQUIRED",
        "/record/certainty": "NOT_ONE_OF",
        "/record/source/document_id": "ID_MALFORMED",
    }


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"title": "a\x07"}, "/title", "TEXT_NOT_PLAIN"),
        ({"title": "\u202egnp.exe"}, "/title", "TEXT_NOT_PLAIN"),
        ({"title": "長" * 301}, "/title", "TEXT_TOO_LONG"),
        ({"title": "  "}, "/title", "TEXT_EMPTY"),
        ({"title": {"_type_": "uuid_hex", "_data_": "0" * 32}}, "/title", "WRONG_TYPE"),
        ({"disclosure": None}, "/disclosure", "NOT_NULL"),
        ({"disclosure": "public"}, "/disclosure", "WRONG_TYPE"),
        ({"disclosure": {"visibility": "public", "x/y~z": 1}}, "/disclosure/x~1y~0z", "UNKNOWN_FIELD"),
        ({"headings": "概要"}, "/headings", "WRONG_TYPE"),
        ({"dated": "2006-02-30"}, "/dated", "DATE_IMPOSSIBLE"),
        ({"dated": {"value": "2006-03", "precision": "day"}}, "/dated", "DATE_UNREADABLE"),
        ({"id": "Ａ"}, "/id", "ID_MALFORMED"),
        ({"id": "doc-1#part"}, "/id", "ID_MALFORMED"),
        ({"record": {"effective": 2006}}, "/record/effective", "WRONG_TYPE"),
    ],
)
def test_one_mistake_is_told_by_its_own_code(
    secretary: Teller, change: dict[str, Any], pointer: str, code: str
) -> None:
    answer = secretary.post("documents", document(**change))
    assert is_problem(answer, 422, code)
    assert codes(answer) == {pointer: code}


def test_of_very_many_mistakes_the_first_fifty_are_told(secretary: Teller) -> None:
    answer = secretary.post("documents", document(**{f"x{n}": n for n in range(1_000)}))
    assert len(answer.json["errors"]) == 50
    assert "1000" in answer.json["detail"]


# ----------------------------------------------------------------------------------------- languages


@pytest.mark.parametrize(
    ("wanted", "language", "words"),
    [
        (None, "ja", "このアドレスには何もありません。"),
        ("en", "en", "There is nothing at this address."),
        ("en-GB,en;q=0.9,ja;q=0.1", "en", "There is nothing at this address."),
        ("ja,en;q=0.5", "ja", "このアドレスには何もありません。"),
        ("fr", "ja", "このアドレスには何もありません。"),
        ("*", "ja", "このアドレスには何もありません。"),
    ],
)
def test_a_problem_speaks_the_caller_s_language(
    client: FlaskClient, wanted: str | None, language: str, words: str
) -> None:
    answer = client.get("/api/nothing", headers={"Accept-Language": wanted} if wanted else {})
    assert answer.json["detail"] == words
    assert answer.headers["Content-Language"] == language
    assert "Accept-Language" in answer.headers["Vary"]


def test_every_code_is_explained_in_both_languages(client: FlaskClient) -> None:
    for code in {**REFUSALS, **PROBLEMS}:
        told = client.get(f"/api/problems/{code}").get_json()
        assert told["code"] == code
        assert told["status"] == 202 or 400 <= told["status"] < 600  # 202: it is being made
        for language in ("ja", "en"):
            assert told["title"][language] and told["sentence"][language] and told["what_next"][language], (
                code
            )
        assert told["rule"]["ja"] and told["rule"]["en"] and told["rule_url"], code


def test_the_explanation_is_a_page_for_a_browser(client: FlaskClient) -> None:
    answer = client.get(
        "/api/problems/FORBIDDEN", headers={"Accept": "text/html,*/*;q=0.8", "Accept-Language": "en"}
    )
    assert answer.mimetype == "text/html"
    assert "Ask somebody who holds one of these roles." in answer.get_data(as_text=True)


def test_the_list_of_problems_names_each_once(client: FlaskClient) -> None:
    listed = [told["code"] for told in client.get("/api/problems").json["problems"]]
    assert listed == sorted({**REFUSALS, **PROBLEMS})
    assert client.get("/api/problems/NO_SUCH_CODE").status_code == 404


# -------------------------------------------------------------------------------------- faults of ours


def test_an_internal_problem_tells_the_log_everything_and_the_caller_nothing(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.view_functions, "problems", lambda: {}["secret detail"])
    with capture_logs() as lines:
        answer = client.get("/api/problems")
    assert is_problem(answer, 500, "INTERNAL")
    assert "secret detail" not in answer.get_data(as_text=True)
    assert lines[0]["instance"] == answer.json["instance"]
    assert "secret detail" in repr(lines[0]["exc_info"])


@pytest.mark.parametrize("path", ["/api/v1/documents", "/signin?next=/", "/nothing"])
def test_without_a_record_the_service_says_so(
    app: Flask, client: FlaskClient, tmp_path: Path, path: str
) -> None:
    for _ in over(app, f"sqlite:///{tmp_path / 'none.sqlite'}"):
        answer = client.post(path, headers={"Authorization": "Bearer kyodo_x"})
        assert answer.status_code in (400, 404, 503)
        if path.startswith("/api/"):
            assert is_problem(answer, 503, "RECORD_MISSING")
            assert answer.headers["Retry-After"]
    assert not (tmp_path / "none.sqlite").exists()
