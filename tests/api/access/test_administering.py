"""Accounts administered in the browser: who may, what is recorded, who gets in, what the log says."""

from __future__ import annotations

import csv
import html
import io
import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.access import access_log
from api.access.accounts import Account, Accounts
from api.access.sessions import Sessions
from api.access.tokens import Tokens
from projections.tables.durable import MAIL
from tests.api.conftest import PASSWORD, TellerOf, document
from tests.api.signing_in import csrf_of, sign_in

NEW = {"login": "tanaka", "role": ["SEC", "DIS"], "from": "R8.4.1", "until": "", "document_no": "8人第1号"}


@pytest.fixture
def admin(client: FlaskClient, staff: Account) -> FlaskClient:
    """A browser in which the secretariat of every council is signed in."""
    sign_in(client)
    return client


def post(client: FlaskClient, path: str, **form: Any) -> TestResponse:
    token = csrf_of(client.get("/desk/admin/new"))
    return client.post(path, data={"csrf_token": token, **form})


def text(answer: TestResponse) -> str:
    return html.unescape(answer.get_data(as_text=True))


def link_on(page: TestResponse) -> str:
    address = re.search(r'<code class="secret">([^<]+)</code>', page.get_data(as_text=True))
    assert address, text(page)
    return address[1]


def codes(engine: sa.Engine) -> list[str]:
    with engine.connect() as connection:
        return [line.code for line in connection.execute(access_log.lines())][::-1]


def test_an_account_is_made_with_roles_of_the_record_and_its_owner_chooses_how_to_sign_in(
    app: Flask, admin: FlaskClient, staff: Account, engine: sa.Engine, log: Any
) -> None:
    made = post(admin, "/desk/admin/new", **NEW, mail_to="tanaka@city.example.jp")
    address = link_on(made)
    grants = [e for e in log() if type(e.data).__name__ == "RoleGranted"]
    assert [(e.data.role, str(e.data.from_date), e.data.document_no, e.actor.party) for e in grants] == [
        ("SEC", "2026-04-01", "8人第1号", "p-staff"),
        ("DIS", "2026-04-01", "8人第1号", "p-staff"),
    ]
    with engine.connect() as connection:
        mail = connection.execute(sa.select(MAIL)).one()
    assert address in mail.text and mail.recipient == "tanaka@city.example.jp"
    assert address not in text(admin.get("/desk/admin")) and "招待" in text(admin.get("/desk/admin"))
    theirs = app.test_client()
    page = theirs.get(address)
    assert "利用者名はtanakaです" in text(page)
    form = {"csrf_token": csrf_of(page)}
    assert theirs.post(address, data=form).status_code == 422  # neither a password nor a passkey
    assert theirs.post(address, data={**form, "password": "too short"}).status_code == 422
    assert theirs.post(address, data={**form, "password": "long enough for tanaka"}).status_code == 303
    assert theirs.get("/desk").status_code == 200
    thief = app.test_client()
    assert thief.get(address).status_code == 404
    said = ["SIGNED_IN", "ROLE_GRANTED", "ROLE_GRANTED", "ACCOUNT_ADDED", "INVITED"]
    assert codes(engine) == [*said, "LINK_USED", "PASSWORD_SET", "SIGNED_IN"]


def test_what_is_wrong_with_a_new_account_is_said_and_nothing_is_made(
    admin: FlaskClient, engine: sa.Engine, log: Any
) -> None:
    for wrong, why in (
        ({"login": "Tanaka Hanako"}, "使えません"),
        ({"login": "staff"}, "既に使われています"),
        ({"from": "いつか"}, "読み取れません"),
        ({"until": "R7.3.31"}, "始まりの日"),
        ({"mail_to": "nobody"}, "メール"),
    ):
        answer = post(admin, "/desk/admin/new", **(NEW | wrong))
        assert answer.status_code == 422 and why in text(answer), wrong
        assert 'value="8人第1号"' in text(answer)  # what was typed is still there
    assert log() == [] and [account.login for account in Accounts(engine).all()] == ["staff"]


@pytest.fixture
def tanaka(engine: sa.Engine) -> Account:
    return Accounts(engine).add("tanaka", ["MEM"], "p-tanaka", PASSWORD)


def test_roles_are_granted_and_ended_and_what_was_there_before_is_taken_away(
    app: Flask, admin: FlaskClient, tanaka: Account, engine: sa.Engine
) -> None:
    path = f"/desk/admin/accounts/{tanaka.account_id}"
    grant = {"do": "grant", "key": "k1", "role": ["APR"], "deputy": "yes", "until": "R9.3.31"}
    assert post(admin, path, **grant).status_code == 303
    assert post(admin, path, **grant).status_code == 303  # the same form again grants nothing twice
    page = text(admin.get(path))
    assert page.count("<b>決裁権者</b>") == 1 and "代理" in page and "令和9年3月31日" in page
    held = re.search(r'name="grant" value="([^"]+)"', page)
    assert held is not None
    refused = post(admin, path, do="revoke", grant=held[1], reason="", last_day="")
    assert refused.status_code == 422
    assert post(admin, path, do="revoke", grant="grant-another", reason="x").status_code == 422
    assert post(admin, path, do="revoke", grant=held[1], reason="応援の終了", last_day="").status_code == 303
    assert "終了" in text(admin.get(path))
    post(admin, path, do="drop-earlier")
    assert Accounts(engine).named("tanaka").roles == ()
    lines = [code for code in codes(engine) if code.startswith("ROLE_")]
    assert lines == ["ROLE_GRANTED", "ROLE_REVOKED", "ROLE_REVOKED"]


def test_an_account_that_is_suspended_has_nothing_any_more(
    app: Flask, admin: FlaskClient, tanaka: Account, engine: sa.Engine
) -> None:
    theirs, path = app.test_client(), f"/desk/admin/accounts/{tanaka.account_id}"
    sign_in(theirs, "tanaka")
    token = Tokens(engine).make(tanaka, "報告")
    assert "tanaka" in text(admin.get("/desk/admin/sessions")) and "報告" in text(admin.get(path))
    address = link_on(post(admin, path, do="link"))
    assert post(admin, path, do="suspend").status_code == 303
    assert theirs.get("/account").status_code == 303
    assert Tokens(engine).account_of(token) is None and theirs.get(address).status_code == 404
    assert "停止中" in text(admin.get("/desk/admin"))
    post(admin, path, do="enable")
    sign_in(theirs, "tanaka")
    digest = Sessions(engine).of(tanaka)[0].digest
    post(admin, "/desk/admin/sessions", session=digest)
    assert theirs.get("/account").status_code == 303
    assert {"LINK_MADE", "ACCOUNT_DISABLED", "ACCOUNT_ENABLED", "SESSION_ENDED"} <= set(codes(engine))


def test_nobody_administers_themselves(admin: FlaskClient, staff: Account, engine: sa.Engine) -> None:
    path = f"/desk/admin/accounts/{staff.account_id}"
    assert 'value="suspend"' not in text(admin.get(path))
    for doing in ("grant", "suspend", "link", "invite", "forget-factors"):
        answer = post(admin, path, do=doing, role=["IMP"])
        assert answer.status_code == 422 and "自分のアカウント" in text(answer)
    assert not Accounts(engine).named("staff").disabled


PAGES = ("", "/new", "/sessions", "/sign-ins", "/audit", "/audit/csv", "/accounts/{}")


@pytest.mark.parametrize("who", ["member", "approver", "of one council", "token"])
def test_only_the_secretariat_of_every_council_administers(
    app: Flask,
    engine: sa.Engine,
    tanaka: Account,
    teller: TellerOf,
    who: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client, headers = app.test_client(), {}
    if who == "token":
        headers = {"Authorization": f"Bearer {teller('SEC').token}"}
    else:
        roles = {"member": ["MEM"], "approver": ["APR"], "of one council": ["SEC"]}[who]
        Accounts(engine).add("somebody", roles, password=PASSWORD)
        if who == "of one council":
            limited = {"SEC": {"council-a"}}
            monkeypatch.setattr(Accounts, "roles_today", lambda *_: limited)
        sign_in(client, "somebody")
        assert "/desk/admin" not in client.get("/desk").get_data(as_text=True)
    for page in PAGES:
        address = f"/desk/admin{page.format(tanaka.account_id)}"
        assert client.get(address, headers=headers).status_code == 403, page
    form = {"do": "suspend"}
    if who != "token":
        form["csrf_token"] = csrf_of(client.get("/account"))
    answer = client.post(f"/desk/admin/accounts/{tanaka.account_id}", data=form, headers=headers)
    assert answer.status_code in (400, 403) and not Accounts(engine).named("tanaka").disabled


def test_a_form_of_another_site_does_nothing(admin: FlaskClient, tanaka: Account, engine: sa.Engine) -> None:
    admin.post(f"/desk/admin/accounts/{tanaka.account_id}", data={"do": "suspend"})
    assert not Accounts(engine).named("tanaka").disabled


# ------------------------------------------------------------------------------------------ the access log


def test_the_log_is_searched_by_who_what_when_and_kind_and_taken_away(
    app: Flask, admin: FlaskClient, tanaka: Account, engine: sa.Engine, teller: TellerOf
) -> None:
    clerk = teller("SEC", login="clerk")
    clerk.post("documents", {})
    clerk.post("documents/doc-9/revise", {"change": "x"})
    sign_in(app.test_client(), "tanaka", "wrong password")
    post(admin, f"/desk/admin/accounts/{tanaka.account_id}", do="grant", role=["APR"])

    def outcomes(query: str) -> list[str]:
        page = text(admin.get(f"/desk/admin/audit?{query}"))
        return re.findall(r"<td><b>(.*?)</b>", page)

    assert len(outcomes("")) == 5
    assert outcomes("kind=role") == ["役割を付与した"]
    assert outcomes("kind=sign-in") == ["サインインに失敗した", "サインインした"]
    assert outcomes("who=tanaka") == ["サインインに失敗した"]
    assert len(outcomes("who=clerk&kind=refused")) == 2
    assert len(outcomes("object=doc-9")) == 1 and len(outcomes("what=Document.revise")) == 1
    assert outcomes("what=ROLE_GRANTED") == ["役割を付与した"]
    assert outcomes("until=R7.1.1") == [] and len(outcomes("since=R7.1.1")) == 5
    assert outcomes("who=nobody") == []
    assert admin.get("/desk/admin/audit?since=いつか").status_code == 422
    assert "サインインに失敗した" in text(admin.get("/desk/admin/sign-ins?kind=role"))
    answer = admin.get("/desk/admin/audit/csv?kind=role")
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert [row[4] for row in rows[1:]] == ["ROLE_GRANTED"] and rows[1][1] == "staff"
    assert "no-store" in answer.headers["Cache-Control"]
    assert outcomes("kind=export") == ["一覧を書き出した"]


def test_a_role_that_is_granted_by_the_api_stands_in_the_log(teller: TellerOf, engine: sa.Engine) -> None:
    grant = {"id": "grant-a", "party_id": "p-x", "role": "MEM", "from_date": "2026-04-01"}
    assert teller("SEC").post("role-grants", grant).status_code == 201
    with engine.connect() as connection:
        (line,) = connection.execute(access_log.lines())
    assert (line.code, line.entity, line.command) == ("ROLE_GRANTED", "grant-a", "RoleGrant.grant_role")


def test_more_lines_than_fit_are_a_page_away(admin: FlaskClient, engine: sa.Engine) -> None:
    from api.office.admin.audit import AT_ONCE
    from projections.tables.durable import ACCESS_LOG

    line = {"at": "2026-05-20T00:00:00.000Z", "roles": "SEC", "command": "Document.register"}
    with engine.begin() as connection:
        rows = [{**line, "code": "FORBIDDEN", "request_id": str(n)} for n in range(AT_ONCE + 5)]
        connection.execute(sa.insert(ACCESS_LOG), rows)
    page = text(admin.get("/desk/admin/audit?kind=refused"))
    ahead = re.search(r'href="([^"]+before=\d+)"', page)
    assert ahead is not None and page.count("<tr>") == AT_ONCE + 1
    assert text(admin.get(ahead[1])).count("<tr>") == 5 + 1


def test_anonymous_tables_are_no_export(app: Flask, engine: sa.Engine, teller: TellerOf) -> None:
    assert app.test_client().get("/actions.csv").status_code == 200
    assert codes(engine) == []
    headers = {"Authorization": f"Bearer {teller('SEC').token}"}
    assert app.test_client().get("/actions.csv", headers=headers).status_code == 200
    assert codes(engine) == ["EXPORTED"]


def test_what_is_closed_and_shown_to_staff_is_noted_once_an_hour(
    app: Flask, engine: sa.Engine, teller: TellerOf
) -> None:
    closed = {"visibility": "closed", "ground": "personal"}
    clerk, officer = teller("SEC", login="clerk"), teller("DIS", login="officer")
    clerk.post("documents", document(id="doc-closed", disclosure=closed))
    clerk.post("documents", document(id="doc-open"))

    def look(who: Any, path: str) -> int:
        headers = {"Authorization": f"Bearer {who.token}"} if who else {}
        return app.test_client().get(path, headers=headers).status_code

    def noted() -> list[tuple[str | None, str | None]]:
        with engine.connect() as connection:
            lines = list(connection.execute(access_log.lines(code="CLOSED_PART_READ")))[::-1]
        return [(line.account_id, line.entity) for line in lines]

    paths = ("/api/v1/events", "/sources", "/api/v1/events/1", "/sources/doc-closed")
    assert [look(None, path) for path in paths] == [200] * 4 and noted() == []
    assert [look(clerk, path) for path in paths] == [200] * 4
    assert noted() == [(clerk.account.account_id, "doc-closed")]
    assert look(officer, "/api/v1/events?format=ndjson") == 200
    assert noted()[1:] == [(officer.account.account_id, "doc-closed")]
    assert "EXPORTED" in codes(engine)
