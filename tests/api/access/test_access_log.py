"""The access log: every refused command leaves exactly one line and no event, whatever it was refused for."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from api.access import access_log
from api.cli.shell import DIFFERS, USAGE
from projections.engine.store import Store
from projections.tables.durable import ACCESS_LOG
from tests.api.conftest import Run, Teller, TellerOf, document, over, told

CLOSED = {"visibility": "closed", "ground": "personal"}
TEXT = "架空の意見書\n".encode()


@pytest.fixture
def app(one_app: Flask, any_record_url: str) -> Iterator[Flask]:
    yield from over(one_app, any_record_url)


Lines = Callable[[], list[Any]]


@pytest.fixture
def lines(engine: sa.Engine) -> Lines:
    def read() -> list[Any]:
        with engine.connect() as connection:
            return list(connection.execute(access_log.lines()))

    return read


def head(app: Flask) -> int:
    position: int = app.extensions["kyodo-store"].get().head()
    return position


def post(who: Teller, path: str, content: Any, **headers: str) -> TestResponse:
    named = {"Authorization": f"Bearer {who.token}", **headers}
    return who.client.post(f"/api/v1/{path}", data=content, headers=named)


def in_json(who: Teller, path: str, content: bytes) -> TestResponse:
    return post(who, path, content, **{"Content-Type": "application/json"})


def a_file(content: bytes, name: str) -> dict[str, Any]:
    return {"file": (io.BytesIO(content), name)}


Ask = Callable[[Teller], TestResponse]

REFUSED: dict[str, tuple[str, str, Ask]] = {
    "not found": (
        "UNKNOWN_ID",
        "Document.revise",
        lambda s: s.post("documents/doc-9/revise", {"change": "x"}),
    ),
    "conflict": ("ALREADY_EXISTS", "Document.register", lambda s: s.post("documents", document(id="doc-1"))),
    "invalid": (
        "CHECKSUM_MALFORMED",
        "Document.register",
        lambda s: s.post("documents", document(sha256="abc")),
    ),
    "several faults": ("INVALID_INPUT", "Document.register", lambda s: s.post("documents", {"x": 1, "y": 2})),
    "forbidden": (
        "FORBIDDEN",
        "Document.review_disclosure",
        lambda s: s.post("documents/doc-1/review-disclosure", {"outcome": "stays", "reason": "x"}),
    ),
    "not one's role": (
        "ROLE_NOT_YOURS",
        "Document.register",
        lambda s: s.post("documents", document(), Kyodo_Role="CHR"),
    ),
    "not signed in": (
        "SIGN_IN_REQUIRED",
        "Document.register",
        lambda s: s.client.post("/api/v1/documents", json=document()),
    ),
    "no such token": (
        "TOKEN_INVALID",
        "Document.register",
        lambda s: s.post("documents", document(), Authorization="Bearer kyodo_none"),
    ),
    "not JSON": ("MALFORMED_JSON", "Document.register", lambda s: in_json(s, "documents", b'{"a":')),
    "another media type": ("MEDIA_TYPE", "Document.register", lambda s: post(s, "documents", b"a=1")),
    "too large": ("BODY_TOO_LARGE", "Document.register", lambda s: in_json(s, "documents", b" " * 2_000_000)),
    "version": (
        "VERSION_CONFLICT",
        "Document.revise",
        lambda s: s.post("documents/doc-1/revise", {"change": "x"}, If_Match='"7"'),
    ),
    "header": (
        "HEADER_MALFORMED",
        "Document.register",
        lambda s: s.post("documents", document(), If_Match="7"),
    ),
    "file": (
        "CONTENT_TYPE_REFUSED",
        "Document.attach_content",
        lambda s: post(s, "documents/doc-1/content", a_file(b"<html>", "a.txt")),
    ),
    "file for nothing": (
        "UNKNOWN_ID",
        "Document.attach_content",
        lambda s: post(s, "documents/doc-9/content", a_file(TEXT, "a.txt")),
    ),
}


@pytest.mark.parametrize("why", REFUSED)
def test_whatever_an_account_is_refused_leaves_one_line_and_no_event(
    app: Flask, secretary: Teller, lines: Lines, why: str
) -> None:
    code, command, ask = REFUSED[why]
    secretary.post("documents", document(id="doc-1"))
    before = head(app)
    answer = ask(secretary)
    assert answer.json["code"] == code
    assert answer.headers[access_log.HEADER]
    assert head(app) == before
    if code in ("SIGN_IN_REQUIRED", "TOKEN_INVALID"):
        assert lines() == []  # whoever does not say who they are leaves nothing that grows
        return
    (line,) = lines()
    assert (line.code, line.command) == (code, command)
    assert line.account_id == secretary.account.account_id
    assert (line.party_id, line.roles) == ("p-secretary", "SEC")
    assert answer.headers[access_log.HEADER] == line.request_id


def test_a_session_without_its_token_leaves_a_line(app: Flask, lines: Lines, staff: Any) -> None:
    from tests.api.signing_in import sign_in

    client = app.test_client()
    sign_in(client, "staff")
    answer = client.post("/api/v1/documents", json=document())
    assert answer.json["code"] == "CSRF_MISSING"
    assert [line.code for line in lines()] == ["CSRF_MISSING", "SIGNED_IN"]


def test_what_is_done_leaves_no_line(secretary: Teller, lines: Lines) -> None:
    assert secretary.post("documents", document()).status_code == 201
    assert lines() == []


def test_a_line_holds_nothing_that_was_sent(secretary: Teller, lines: Lines) -> None:
    secretary.post("parties", {"name": "金沢 花子", "sha256": "秘密"})
    secretary.post("documents/金沢花子/revise", {"change": "秘密"})
    assert len(lines()) == 2
    assert "花子" not in str(lines()) and "秘密" not in str(lines())


def test_that_it_cannot_be_written_changes_no_answer(
    app: Flask, secretary: Teller, engine: sa.Engine
) -> None:
    asked = {"change": "x"}
    usual = secretary.post("documents/doc-9/revise", asked)
    with engine.begin() as connection:
        ACCESS_LOG.drop(connection)
    with capture_logs() as logged:
        answer = secretary.post("documents/doc-9/revise", asked)
    assert (answer.status_code, answer.json) == (usual.status_code, usual.json)
    assert [line["event"] for line in logged] == ["command refused", "access log unavailable"]


def test_reading_a_closed_document_leaves_a_line(
    app: Flask, secretary: Teller, teller: TellerOf, lines: Lines
) -> None:
    secretary.post("documents", document(id="doc-1", disclosure=CLOSED))
    secretary.post("documents", document(id="doc-2"))
    for document_id in ("doc-1", "doc-2"):
        assert post(secretary, f"documents/{document_id}/content", a_file(TEXT, "a.txt")).status_code == 200
    approver = teller("APR", party="p-approver")
    headers = {"Authorization": f"Bearer {approver.token}"}
    for document_id in ("doc-1", "doc-2"):
        assert approver.client.get(f"/documents/{document_id}/content", headers=headers).data == TEXT
    assert app.test_client().get("/documents/doc-1/content").status_code == 403
    (line,) = lines()
    assert (line.code, line.entity, line.party_id) == ("CLOSED_CONTENT_READ", "doc-1", "p-approver")


# ------------------------------------------------------------------------------------------- reading it


def test_the_secretariat_and_the_disclosure_officer_read_it_in_pages(
    secretary: Teller, teller: TellerOf
) -> None:
    for n in range(3):
        secretary.post(f"documents/doc-{n}/revise", {"change": "x"})
    secretary.post("documents", {})
    headers = {"Authorization": f"Bearer {teller('DIS').token}"}
    first = secretary.client.get("/api/v1/access-log?limit=3", headers=headers)
    assert [line["entity"] for line in first.json["items"]] == [None, "doc-2", "doc-1"]
    assert first.json["items"][0]["roles"] == ["SEC"]
    rest = secretary.client.get(first.json["next"], headers=headers).json
    assert [line["entity"] for line in rest["items"]] == ["doc-0"] and rest["next"] is None
    chosen = secretary.client.get("/api/v1/access-log?code=UNKNOWN_ID", headers=headers).json
    assert len(chosen["items"]) == 3


@pytest.mark.parametrize("roles", [(), ("MEM",), ("CHR", "APR")])
def test_nobody_else_reads_it(app: Flask, teller: TellerOf, roles: tuple[str, ...]) -> None:
    headers = {"Authorization": f"Bearer {teller(*roles).token}"} if roles else {}
    answer = app.test_client().get("/api/v1/access-log", headers=headers)
    assert (answer.status_code, answer.json["code"]) == (403, "FORBIDDEN")
    assert "items" not in answer.json


# ------------------------------------------------------------------------------------ the command line


def given_lines(store: Store, *days: str) -> None:
    with store.engine.begin() as connection:
        for day in days:
            line = {"at": f"{day}T00:00:00Z", "roles": "SEC", "command": "Document.register"}
            connection.execute(sa.insert(ACCESS_LOG).values(**line, code="FORBIDDEN", request_id=day))


def test_old_lines_are_removed_and_newer_ones_stay(run: Run, store: Store) -> None:
    given_lines(store, "2026-03-30", "2026-03-31", "2026-04-01")
    assert run("access-log", "--prune-before", "2026-04-01").exit_code == USAGE
    assert told(run("access-log", "--prune-before", "2026-04-01", "--yes", "--json")) == {"pruned": 2}
    (line,) = told(run("access-log", "--json"))
    assert (line["request_id"], line["roles"]) == ("2026-04-01", ["SEC"])
    assert "FORBIDDEN" in run("access-log", "--code", "FORBIDDEN").output
    assert told(run("access-log", "--code", "OTHER", "--json")) == []


def test_missing_and_changed_contents_are_told(
    one_app: Flask, record_url: str, run: Run, tmp_path: Any, store: Store
) -> None:
    from api.access.accounts import Accounts
    from api.access.tokens import Tokens

    account = Accounts(store.engine).add("sec", ["SEC"])
    for running in over(one_app, record_url):
        who = Teller(running, account, Tokens(store.engine).make(account, "test"))
        for n in (1, 2, 3):
            who.post("documents", document(id=f"doc-{n}"))
            sent = post(who, f"documents/doc-{n}/content", a_file(TEXT + str(n).encode(), "a.txt"))
            assert sent.status_code == 200
    assert told(run("attachments", "--json")) == {
        "recorded": 3,
        "faults": [],
        "texts_read": 0,  # each was read when it came
    }
    assert "3件" in run("attachments").output
    first, second, _ = sorted(p for p in (tmp_path / "attachments").rglob("*") if p.is_file())
    first.unlink()
    second.chmod(0o600)
    second.write_bytes(b"changed")
    checked = run("attachments", "--json")
    assert checked.exit_code == DIFFERS
    faults = {fault["sha256"]: fault["state"] for fault in json.loads(checked.stdout)["faults"]}
    assert faults == {first.name: "missing", second.name: "corrupt"}
    assert "壊れている" in run("attachments").output


def test_what_no_event_names_is_swept(run: Run, tmp_path: Any) -> None:
    orphan = tmp_path / "attachments" / "ab" / ("ab" + "0" * 62)
    orphan.parent.mkdir(parents=True)
    orphan.write_bytes(b"x")
    assert run("attachments", "--sweep").exit_code == USAGE
    assert told(run("attachments", "--sweep", "--yes", "--json"))["swept"] == []
    old = (dt.datetime.now() - dt.timedelta(days=1)).timestamp()
    os.utime(orphan, (old, old))
    assert told(run("attachments", "--sweep", "--yes", "--json"))["swept"] == [orphan.name]
