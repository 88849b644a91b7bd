"""Attachments: what is kept of a document, who may send and have it, and that none is lost unnoticed."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from api.access.accounts import Account
from api.contents.attachments import SWEPT_AFTER, Attachments, receiving
from api.contents.content_type import declared_type, type_of
from api.setup.config import ProcessSettings, RecordSettings, masked
from api.setup.store import StoreHolder
from domain.document.content import CONTENT_ALREADY_HELD
from domain.kernel.events import Recorded
from domain.values.refusal import Refusal
from tests.api.conftest import Teller, TellerOf, document, over
from tests.api.signing_in import csrf_of, sign_in

Log = Callable[[], list[Recorded[Any]]]

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(40) + b"\xff\xd9"
TEXT = "協働をすすめる市民会議（架空）\n".encode()
CLOSED = {"visibility": "closed", "ground": "deliberation", "review_on": "2027-03-31"}
MEMBERS = ("MEM", "CHR", "ADV", "LDR")
INTERNAL = CLOSED | {"visibility": "internal"}


@pytest.fixture
def app(one_app: Flask, any_record_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application, with its files in a folder of the test's own and a small limit."""
    for running in over(one_app, any_record_url):
        files = {"attachments_url": str(tmp_path / "files"), "max_attachment": 5_000}
        settings = RecordSettings(database_url=any_record_url, secret_key="only for tests", **files)
        running.extensions["kyodo-store"] = StoreHolder(settings)
        yield running


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def packed(**entries: bytes | str) -> bytes:
    """A zip file of these entries; two underscores stand for a slash."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as pack:
        for name, content in entries.items():
            pack.writestr(name.replace("__", "/"), content)
    return made.getvalue()


def office(main: str, **more: bytes | str) -> bytes:
    types = (
        f'<Types><Override ContentType="application/vnd.openxmlformats-officedocument.{main}+xml"/></Types>'
    )
    return packed(**{"[Content_Types].xml": types, **more})


def open_document(kind: str, manifest: str = "<manifest/>", **more: bytes | str) -> bytes:
    mimetype = f"application/vnd.oasis.opendocument.{kind}"
    return packed(**{"mimetype": mimetype, "META-INF/manifest.xml": manifest, **more})


DOCX = office("wordprocessingml.document.main")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def send(who: Teller, content: bytes, name: str = "案.pdf", to: str = "doc-1", **more: Any) -> TestResponse:
    """Send a file in a form."""
    form = {"file": (io.BytesIO(content), name), **more.pop("form", {})}
    headers = {"Authorization": f"Bearer {who.token}", **more.pop("headers", {})}
    return who.client.post(f"/api/v1/documents/{to}/content", data=form, headers=headers, **more)


def send_raw(who: Teller, content: bytes, media_type: str, to: str = "doc-1", **headers: str) -> TestResponse:
    """Send a file as the body."""
    named = {"Authorization": f"Bearer {who.token}", "Content-Type": media_type, **headers}
    return who.client.post(f"/api/v1/documents/{to}/content", data=content, headers=named)


def fetch(app: Flask, document_id: str = "doc-1", who: Teller | None = None, **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if who is not None:
        named["Authorization"] = f"Bearer {who.token}"
    return app.test_client().get(f"/api/v1/documents/{document_id}/content", headers=named)


@pytest.fixture
def registered(secretary: Teller) -> Teller:
    """A secretary who has registered doc-1."""
    assert secretary.post("documents", document(id="doc-1", title="第3回 会議録（架空）")).status_code == 201
    return secretary


# ------------------------------------------------------------------------------------------- sending


def test_a_file_is_kept_by_what_it_is_and_given_back(app: Flask, registered: Teller, log: Log) -> None:
    answer = send(registered, PDF, name="金沢花子の意見.pdf")
    assert answer.status_code == 200, answer.json
    event = log()[-1]
    assert (event.type, event.data.sha256, event.data.size_bytes) == (
        "DocumentContentAttached",
        sha(PDF),
        len(PDF),
    )
    assert "花子" not in str(event)
    assert answer.headers["ETag"] == '"2"'
    given = fetch(app)
    assert (given.status_code, given.data) == (200, PDF)
    assert given.headers["Content-Type"] == "application/pdf"
    assert given.headers["ETag"] == f'"{sha(PDF)}"'
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert given.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    disposition = given.headers["Content-Disposition"]
    assert disposition.startswith("attachment; ")
    assert "filename*=UTF-8''%E7%AC%AC3%E5%9B%9E%20" in disposition


def test_a_file_may_be_the_body_itself(app: Flask, registered: Teller) -> None:
    assert send_raw(registered, TEXT, "text/plain; charset=utf-8").status_code == 200
    assert fetch(app).headers["Content-Type"] == "text/plain; charset=utf-8"


def test_a_form_says_what_the_envelope_will_say(registered: Teller, log: Log) -> None:
    words = {"note": "紙の原本から", "effective": "平成18年3月1日"}
    assert send(registered, PDF, form={"record": json.dumps(words)}).status_code == 200
    assert (log()[-1].note, log()[-1].effective.value) == ("紙の原本から", "2006-03-01")
    refused = send(registered, PDF, form={"record": "{"})
    assert (refused.status_code, refused.json["code"]) == (400, "MALFORMED_JSON")


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (PNG, "図.PNG", "image/png"),
        (JPEG, "写真.jpeg", "image/jpeg"),
        (TEXT, "a.txt", "text/plain"),
        (b"BM,1\n", "a.csv", "text/csv"),
        ("\ufeff名前,数\n".encode(), "a.csv", "text/csv"),
        (DOCX, "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (
            office("spreadsheetml.sheet.main"),
            "a.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (
            office("presentationml.presentation.main"),
            "a.pptx",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ),
        (open_document("text"), "a.odt", "application/vnd.oasis.opendocument.text"),
        (open_document("spreadsheet"), "a.ods", "application/vnd.oasis.opendocument.spreadsheet"),
        (open_document("presentation"), "a.odp", "application/vnd.oasis.opendocument.presentation"),
    ],
)
def test_what_is_on_the_list_is_told_by_its_content(content: bytes, name: str, media_type: str) -> None:
    assert declared_type(type_of(io.BytesIO(content)), name, "") == media_type


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.txt", "CONTENT_EMPTY"),
        (PDF, "a.png", "CONTENT_MISLABELLED"),
        (PDF, "pdf", "CONTENT_MISLABELLED"),
        (TEXT, "a.js", "CONTENT_MISLABELLED"),
        (b"<!DOCTYPE html><p>x", "a.txt", "CONTENT_TYPE_REFUSED"),
        (b"  <svg xmlns='http://www.w3.org/2000/svg'/>", "a.png", "CONTENT_TYPE_REFUSED"),
        (b"#!/bin/sh\nls\n", "a.txt", "CONTENT_TYPE_REFUSED"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", "a.txt", "CONTENT_TYPE_REFUSED"),
        ("協働".encode("cp932"), "a.csv", "CONTENT_TYPE_REFUSED"),
        (TEXT[:2], "a.txt", "CONTENT_TYPE_REFUSED"),
        (b"a\x00b", "a.txt", "CONTENT_TYPE_REFUSED"),
        (b"MZ\x90\x00\x03", "a.pdf", "CONTENT_TYPE_REFUSED"),
        (b"GIF89a\x01\x00\x01\x00", "a.png", "CONTENT_TYPE_REFUSED"),
        (packed(a="x"), "a.docx", "CONTENT_TYPE_REFUSED"),
        (b"PK\x03\x04 no pack", "a.docx", "CONTENT_TYPE_REFUSED"),
        (office("spreadsheetml.template.main"), "a.xlsx", "CONTENT_TYPE_REFUSED"),
        (open_document("graphics"), "a.odt", "CONTENT_TYPE_REFUSED"),
        (OLE, "a.doc", "CONTENT_TYPE_REFUSED"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", "CONTENT_LOCKED"),
        (PDF + b"<< /Encrypt 5 0 R >>", "a.pdf", "CONTENT_LOCKED"),
        (open_document("text", "<manifest:encryption-data/>"), "a.odt", "CONTENT_LOCKED"),
        (packed(**{"[Content_Types].xml": "x.macroEnabled.main+xml"}), "a.docm", "CONTENT_MACROS"),
        (packed(**{"[Content_Types].xml": "", "word/vbaProject.bin": b"x"}), "a.docx", "CONTENT_MACROS"),
        (open_document("text", Basic__Standard__M_xml="x"), "a.odt", "CONTENT_MACROS"),
    ],
)
def test_what_is_not_on_the_list_is_refused(content: bytes, name: str, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        declared_type(type_of(io.BytesIO(content)), name, "")


@pytest.mark.parametrize("content", [b"<html>", b"a" * 5_001, b"a" * 90_000])
def test_what_is_refused_is_not_stored(registered: Teller, log: Log, tmp_path: Path, content: bytes) -> None:
    code = "CONTENT_TOO_LARGE" if len(content) > 5_000 else "CONTENT_TYPE_REFUSED"
    assert send(registered, content, "a.txt").json["code"] == code
    assert len(log()) == 1
    assert not (tmp_path / "files").exists()


def test_a_media_type_has_to_agree_with_the_content(registered: Teller) -> None:
    assert send_raw(registered, PDF, "image/png").json["code"] == "CONTENT_MISLABELLED"
    assert send_raw(registered, b"a" * 90_000, "text/plain").json["code"] == "CONTENT_TOO_LARGE"
    assert send_raw(registered, PDF, "application/octet-stream").status_code == 200


def test_one_file_at_a_time(registered: Teller) -> None:
    two = {"other": (io.BytesIO(TEXT), "b.txt")}
    assert send(registered, TEXT, "a.txt", form=two).json["code"] == "CONTENT_ONE_FILE"
    assert send(registered, TEXT, "a.txt", form={"title": "x"}).json["code"] == "UNKNOWN_FIELD"


def test_what_would_be_refused_is_not_stored(
    registered: Teller, teller: TellerOf, tmp_path: Path, log: Log
) -> None:
    assert send(registered, PDF, to="doc-9").json["code"] == "UNKNOWN_ID"
    assert send(registered, PDF, to="Doc!").json["code"] == "UNKNOWN_ID"
    assert send(teller("MEM"), PDF).json["code"] == "FORBIDDEN"
    assert send(registered, PDF, headers={"If-Match": '"7"'}).json["code"] == "VERSION_CONFLICT"
    nobody = registered.client.post("/api/v1/documents/doc-1/content", data=PDF)
    assert (nobody.status_code, nobody.json["code"]) == (401, "SIGN_IN_REQUIRED")
    assert not (tmp_path / "files").exists()
    assert len(log()) == 1


def test_the_same_content_is_stored_once_and_attached_once(registered: Teller, tmp_path: Path) -> None:
    key = {"Idempotency-Key": "k-1"}
    first, again = (send(registered, PDF, headers=key) for _ in range(2))
    assert first.json["event_ids"] == again.json["event_ids"] and again.json["replayed"] is True
    assert send(registered, PDF).json["code"] == "CONTENT_ALREADY_HELD"
    registered.post("documents", document(id="doc-2"))
    assert send(registered, PDF, to="doc-2").status_code == 200
    files = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert [path.name for path in files] == [sha(PDF)]
    assert files[0].read_bytes() == PDF


def test_a_file_whose_command_is_refused_after_all_is_left_to_the_sweep(
    app: Flask, registered: Teller, tmp_path: Path, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def somebody_was_faster(*_: Any, **__: Any) -> None:
        raise CONTENT_ALREADY_HELD(sha256=sha(TEXT))

    monkeypatch.setattr("api.contents.uploads.give", somebody_was_faster)
    assert send(registered, PDF).json["code"] == "CONTENT_ALREADY_HELD"
    files = Attachments(str(tmp_path / "files"))
    assert len(log()) == 1 and files.digest(sha(PDF)) == sha(PDF)
    assert files.sweep([], dt.datetime.now(dt.UTC) + 2 * SWEPT_AFTER) == [sha(PDF)]


def test_a_session_sends_a_file_with_its_token(app: Flask, registered: Teller, staff: Account) -> None:
    client = app.test_client()
    page = sign_in(client, "staff")
    form = {"file": (io.BytesIO(b"a" * 4_000), "a.txt")}
    refused = client.post("/api/v1/documents/doc-1/content", data=form)
    assert refused.json["code"] == "CSRF_MISSING"
    form = {"file": (io.BytesIO(b"a" * 4_000), "a.txt"), "csrf_token": csrf_of(client.get("/account"))}
    assert client.post("/api/v1/documents/doc-1/content", data=form).status_code == 200, page


def test_an_earlier_content_stays(app: Flask, registered: Teller) -> None:
    send(registered, PDF)
    registered.post("documents/doc-1/revise", {"change": "誤字を直した"})
    assert fetch(app).data == PDF
    assert send(registered, TEXT, "a.txt").status_code == 200
    assert fetch(app).data == TEXT
    client = app.test_client()
    assert client.get(f"/api/v1/documents/doc-1/content?sha256={sha(PDF)}").data == PDF
    assert client.get("/api/v1/documents/doc-1/content?sha256=0").json["code"] == "CONTENT_NOT_HELD"


# ----------------------------------------------------------------------------------------- downloading


def test_a_download_is_conditional_and_may_be_a_part(app: Flask, registered: Teller) -> None:
    send(registered, PDF)
    assert fetch(app, If_None_Match=f'"{sha(PDF)}"').status_code == 304
    part = fetch(app, Range="bytes=5-7")
    assert (part.status_code, part.data) == (206, PDF[5:8])
    assert part.headers["Content-Range"] == f"bytes 5-7/{len(PDF)}"
    assert fetch(app, Range=f"bytes={len(PDF)}-").status_code == 416


def test_what_is_not_held_says_so(app: Flask, registered: Teller) -> None:
    answer = fetch(app)
    assert (answer.status_code, answer.json["code"]) == (404, "CONTENT_NOT_HELD")
    assert fetch(app, "doc-9").json["code"] == "UNKNOWN_ID"


def test_internal_content_is_for_the_office_too(app: Flask, secretary: Teller, teller: TellerOf) -> None:
    secretary.post("documents", document(id="doc-1", disclosure=INTERNAL))
    send(secretary, PDF)
    refused = fetch(app)
    assert (refused.status_code, refused.json["code"]) == (403, "CONTENT_CLOSED")
    assert app.test_client().head("/documents/doc-1/content").status_code == 403
    assert fetch(app, Range="bytes=0-3").status_code == fetch(app, If_None_Match="*").status_code == 403
    assert fetch(app, who=teller("APR")).data == PDF


@pytest.mark.parametrize("closed", ["internal", "closed"])
@pytest.mark.parametrize("role", [*MEMBERS, "EV-C"])
def test_a_member_is_no_staff_and_is_given_what_the_public_is(
    app: Flask, secretary: Teller, teller: TellerOf, closed: str, role: str
) -> None:
    disclosure = CLOSED | {"visibility": closed}
    secretary.post("documents", document(id="doc-1", disclosure=disclosure))
    send(secretary, PDF)
    for who in (teller(role), teller(*MEMBERS)):
        refused = fetch(app, who=who)
        assert (refused.status_code, refused.json) == (403, fetch(app).json)


def test_closed_content_is_for_the_office(app: Flask, secretary: Teller, teller: TellerOf) -> None:
    secretary.post("documents", document(id="doc-1", disclosure=CLOSED))
    send(secretary, PDF)
    refused = fetch(app)
    assert (refused.status_code, refused.json["code"]) == (403, "CONTENT_CLOSED")
    assert (refused.json["ground"], refused.json["review_on"]) == ("deliberation", "2027-03-31")
    assert "審議検討情報" in refused.json["detail"] and "2027-03-31" in refused.json["detail"]
    page = app.test_client().get("/en/documents/doc-1/content")
    assert page.status_code == 403
    assert "deliberation in progress" in page.text and "2027-03-31" in page.text
    given = fetch(app, who=teller("EV-G"))
    assert (given.status_code, given.data) == (200, PDF)
    assert given.headers["Cache-Control"] == "private, no-cache"
    assert "%E8%B3%87%E6%96%991.pdf" in given.headers["Content-Disposition"], "資料1.pdf, for staff"


def test_damaged_content_is_given_to_nobody(app: Flask, registered: Teller, tmp_path: Path) -> None:
    """Of equal length, so that only its digest tells."""
    send(registered, PDF)
    assert fetch(app).data == PDF
    (held,) = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    held.chmod(0o600)
    held.write_bytes(PDF[:-1] + b"X")
    for asked in ({}, {"Range": "bytes=0-3"}, {"If_None_Match": '"x"'}):
        answer = fetch(app, **asked)
        assert (answer.status_code, answer.json["code"]) == (503, "CONTENT_DAMAGED")
        assert "ETag" not in answer.headers
    held.write_bytes(PDF)
    assert fetch(app).data == PDF


def test_what_is_closed_later_is_closed_from_then_on(
    app: Flask, registered: Teller, teller: TellerOf
) -> None:
    send(registered, PDF)
    tag = {"If_None_Match": f'"{sha(PDF)}"'}
    closing = {"to": CLOSED, "reason": "審議の途中（架空）"}
    assert teller("DIS").post("documents/doc-1/change-disclosure", closing).status_code == 200
    assert fetch(app, **tag).status_code == 403


def test_a_redacted_content_is_closed_by_itself(app: Flask, registered: Teller, teller: TellerOf) -> None:
    send(registered, PDF)
    redaction = {"redaction_id": "r1", "target_version": 2, "redacted": CLOSED, "reason": "個人情報（架空）"}
    assert teller("DIS").post("documents/doc-1/redact", redaction).status_code == 200
    assert fetch(app).json["code"] == "CONTENT_CLOSED"


def test_a_redacted_title_names_no_file(app: Flask, registered: Teller, teller: TellerOf) -> None:
    send(registered, PDF)
    redaction = {"redaction_id": "r1", "target_version": 1, "redacted": CLOSED, "reason": "氏名（架空）"}
    teller("DIS").post("documents/doc-1/redact", redaction | {"fields": ["title"]})
    given = fetch(app)
    assert given.status_code == 200
    assert given.headers["Content-Disposition"].endswith("filename*=UTF-8''doc-1.pdf")


def test_a_closed_original_names_its_version_for_the_public(app: Flask, secretary: Teller) -> None:
    secretary.post("documents", document(id="doc-1", disclosure=CLOSED))
    secretary.post("documents", document(id="doc-2", title="公開用（架空）"))
    link = {
        "from_id": "doc-2",
        "to_id": "doc-1",
        "relation": "derived_from",
        "reason": "氏名を除いた（架空）",
    }
    assert secretary.post("links", link).status_code == 201
    send(secretary, PDF)
    assert fetch(app).json["public_versions"] == []
    send(secretary, TEXT, "a.txt", to="doc-2")
    refused = fetch(app)
    assert refused.json["public_versions"] == ["/documents/doc-2/content"]
    assert "/documents/doc-2/content" in refused.json["detail"]
    assert app.test_client().get("/documents/doc-2/content").data == TEXT


def test_the_page_of_sources_links_to_the_file(app: Flask, registered: Teller) -> None:
    send(registered, PDF)
    page = app.test_client().get("/en/sources/doc-1").text
    assert 'href="/en/documents/doc-1/content"' in page
    assert "PDF" in page and f"{len(PDF)} bytes" in page


# --------------------------------------------------------------------------------------- where files are


@pytest.fixture
def in_objects(app: Flask, any_record_url: str, tmp_path: Path) -> Attachments:
    """The application's files in an object store, and the store itself."""
    url = f"memory://{tmp_path}"
    settings: dict[str, Any] = {"attachments_url": url, "max_attachment": 5_000}
    settings |= {"database_url": any_record_url, "secret_key": "only for tests"}
    app.extensions["kyodo-store"] = StoreHolder(RecordSettings(**settings))
    return Attachments(url)


def test_an_object_store_serves_as_a_folder_does(
    app: Flask, in_objects: Attachments, registered: Teller, log: Log
) -> None:
    assert send(registered, PDF).status_code == 200
    assert (log()[-1].type, log()[-1].data.sha256) == ("DocumentContentAttached", sha(PDF))
    assert in_objects.digest(sha(PDF)) == sha(PDF)
    for _ in range(2):
        given = fetch(app)
        assert (given.status_code, given.data, given.mimetype) == (200, PDF, "application/pdf")
    part = fetch(app, Range="bytes=5-7")
    assert (part.status_code, part.data) == (206, PDF[5:8])
    assert fetch(app, If_None_Match=f'"{sha(PDF)}"').status_code == 304


@pytest.mark.parametrize("content", [b"<html>", b"a" * 5_001])
def test_what_is_refused_is_in_no_object_store_either(
    in_objects: Attachments, registered: Teller, log: Log, content: bytes
) -> None:
    before = len(log())
    assert send(registered, content, "a.txt").status_code in (413, 415)
    assert len(log()) == before
    assert in_objects.digest(sha(content)) is None


def test_an_object_that_is_lost_is_told_of(app: Flask, in_objects: Attachments, registered: Teller) -> None:
    send(registered, PDF)
    later = dt.datetime.now(dt.UTC) + 2 * SWEPT_AFTER
    assert in_objects.sweep([], later) == [sha(PDF)]
    assert (fetch(app).status_code, fetch(app).json["code"]) == (503, "CONTENT_MISSING")


@pytest.fixture(params=["folder", "memory"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Attachments:
    return Attachments(str(tmp_path / "a") if request.param == "folder" else f"memory://{tmp_path}")


def kept(files: Attachments, content: bytes) -> str:
    with receiving([content[:3], content[3:]], 1_000) as received:
        files.keep(received)
        return received.sha256


def test_what_is_kept_is_there_once(files: Attachments) -> None:
    assert kept(files, TEXT) == kept(files, TEXT) == sha(TEXT)
    assert files.open(sha(TEXT)).read() == TEXT
    assert files.digest(sha(TEXT)) == sha(TEXT)


def test_what_is_not_there_is_missed(files: Attachments) -> None:
    assert files.digest(sha(b"x")) is None
    with pytest.raises(Refusal, match="CONTENT_MISSING"):
        files.open(sha(b"x"))


def test_a_sweep_leaves_what_is_recorded_and_what_is_new(files: Attachments) -> None:
    recorded, orphan = kept(files, b"recorded"), kept(files, b"orphan")
    now = dt.datetime.now(dt.UTC)
    assert files.sweep([recorded], now) == []
    assert files.sweep([recorded], now + dt.timedelta(hours=2)) == [orphan]
    assert files.digest(recorded) and not files.digest(orphan)


def test_a_sweep_removes_a_file_that_was_never_finished(tmp_path: Path) -> None:
    draft = tmp_path / "ab" / "draft-1-ff"
    draft.parent.mkdir()
    draft.write_bytes(b"half")
    (tmp_path / "notes.txt").write_text("somebody's own")
    os.utime(draft, (0, 0))
    assert Attachments(str(tmp_path)).sweep([], dt.datetime.now(dt.UTC)) == ["draft-1-ff"]
    assert (tmp_path / "notes.txt").exists()


def test_an_address_that_cannot_be_used_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refusal, match="CONFIG_UNUSABLE"):
        Attachments("nothing-known://x")
    monkeypatch.setitem(sys.modules, "s3fs", None)  # as where it is not installed
    with pytest.raises(Refusal, match=r"CONFIG_UNUSABLE.*s3fs"):
        Attachments("s3://bucket/kyodo")


def test_files_are_beside_an_sqlite_record_unless_it_is_said_otherwise() -> None:
    on_sqlite = RecordSettings(database_url="sqlite:////srv/kyodo/record.db")
    assert on_sqlite.attachments == "/srv/kyodo/attachments"
    assert RecordSettings(database_url="postgresql://x@db/record").attachments == "var/attachments"
    shown = masked(ProcessSettings(), RecordSettings(attachments_url="s3://key:secret@bucket/x"))
    assert shown["ATTACHMENTS_URL"] == "s3://***@bucket/x"
