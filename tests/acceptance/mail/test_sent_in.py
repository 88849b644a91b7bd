"""What citizens send in by a form: nothing of it is in the record before it was confirmed by mail and a clerk
has taken it in; who sent it is in the vault alone. On both databases."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from api.access.accounts import Accounts
from api.health.pruning import prune_old
from api.submissions import queue
from domain.values.calendar import JAPAN
from projections.engine.log import events_after
from projections.tables.durable import MAIL, SUBMISSION, VAULT
from tests.acceptance.mail.test_mail import NOW, PASSWORD, Office, browser, office, paths, post, token_in

__all__ = ["office"]

NAME, RESIDENCE, CITIZEN = "架空 市民子", "架空市架空町1-1", "citizen@example.jp"
WORDS = "開催日は五月ではなく六月です（市民の文）。"
TODAY = dt.datetime.now(JAPAN).date()


def everything_on_record(office: Office) -> str:
    with office.store.engine.connect() as connection:
        return repr(events_after(connection, limit=1_000))


def rows(office: Office, table: sa.Table) -> list[Any]:
    with office.store.engine.connect() as connection:
        return list(connection.execute(sa.select(table)))


def newest_mail(office: Office) -> Any:
    return max(rows(office, MAIL), key=lambda row: row.id)


def form(**more: str) -> dict[str, str]:
    return {"text": WORDS, "name": NAME, "address": CITIZEN, "page": "/matters/matter-x", **more}


def given_a_matter(office: Office) -> None:
    office.do(
        "Matter", "matter-x", "raise_matter", title="架空の案件", question="どうするか。", practice="慣行"
    )


def given_an_open_period(office: Office) -> None:
    days = {"from_date": TODAY - dt.timedelta(days=3), "to_date": TODAY + dt.timedelta(days=3)}
    window = {name: {"value": day.isoformat(), "precision": "day"} for name, day in days.items()}
    office.do("PromotionPlan", "plan-x", "start_formulation", title_ja="架空の計画", council_id="council-x")
    office.do("Document", "doc-draft", "register", kind="draft", disclosure={"visibility": "public"})
    office.do("PromotionPlan", "plan-x", "prepare_draft", document_id="doc-draft")
    office.do("PromotionPlan", "plan-x", "open_public_comment", **window)


def confirmed(office: Office, client: FlaskClient) -> str:
    """Press the button behind the link of the newest mail; the path of the link."""
    (path,) = paths(newest_mail(office).text)
    assert "「送る」" in client.get(path).get_data(as_text=True)
    assert "送られました" in post(client, path, send="1").get_data(as_text=True)
    return path


def at_the_desk(office: Office) -> tuple[FlaskClient, str]:
    """A clerk, and where the one thing that waits is looked at."""
    clerk = browser(office)
    (row,) = [row for row in rows(office, SUBMISSION) if row.state == "waiting"]
    path = f"/desk/submissions/{row.submission_id}"
    assert path in clerk.get("/desk/submissions").get_data(as_text=True)
    return clerk, path


def test_what_is_said_to_be_wrong_becomes_a_case_once_a_clerk_has_looked(office: Office) -> None:
    given_a_matter(office)
    citizen = office.app.test_client()
    page = citizen.get("/matters/matter-x").get_data(as_text=True)
    assert 'href="/report-an-error"' in page and "この記録の誤りを知らせる" in page
    came_from = {"Referer": "http://localhost/matters/matter-x"}
    asked = citizen.get("/report-an-error", headers=came_from).get_data(as_text=True)
    assert "架空の案件" in asked and 'name="page" value="/matters/matter-x"' in asked
    elsewhere = {"Referer": "https://search.example/matters/matter-x"}
    unknown = citizen.get("/report-an-error", headers=elsewhere).get_data(as_text=True)
    assert "どのページのことか" in unknown and "架空の案件" not in unknown
    asked = "/report-an-error?page=/matters/matter-x"
    before = everything_on_record(office)

    answer = post(citizen, asked, "/report-an-error", **form())
    assert answer.status_code == 200 and "まだ受け付けていません" in answer.get_data(as_text=True)
    with office.box.running():
        (mail,) = office.deliver(NOW + dt.timedelta(days=1))
    (path,) = paths(str(mail.get_content()))
    assert str(mail["To"]) == CITIZEN and WORDS not in str(mail.get_content())
    assert "ありません" in browser(office).get("/desk/submissions").get_data(as_text=True)

    phone = office.app.test_client()
    assert phone.get(path).status_code == 200  # a scanner of mails follows the link: nothing happens
    assert [row.state for row in rows(office, SUBMISSION)] == ["unconfirmed"]
    assert "送られました" in post(phone, path, send="1").get_data(as_text=True)
    assert "送られました" in phone.get(path).get_data(as_text=True)
    assert everything_on_record(office) == before  # nothing yet, for anybody
    for seen in ("/matters/matter-x", "/timeline", "/search?q=六月です"):
        assert "市民の文" not in office.app.test_client().get(seen).get_data(as_text=True)

    clerk, at = at_the_desk(office)
    shown = clerk.get(at).get_data(as_text=True)
    assert WORDS in shown and NAME in shown and "請求・申出の受付" in shown
    assert post(clerk, at, what="開催日の訂正", take_in="1").status_code == 303
    assert clerk.get(at).status_code == 404  # settled: nobody takes it in twice

    with office.store.engine.connect() as connection:
        document, content, case = events_after(connection, limit=1_000)[-3:]
    assert [e.type for e in (document, content, case)] == [
        "DocumentRegistered",
        "DocumentContentAttached",
        "DisclosureRequested",
    ]
    (item,) = case.data.requested
    assert (case.data.kind, item.what, item.thing_id) == ("correction", "開催日の訂正", "matter-x")
    assert item.letter_id == document.stream.removeprefix("document-")
    for private in (NAME, CITIZEN, "市民の文"):
        assert private not in everything_on_record(office)
    assert any(NAME in row.personal for row in rows(office, VAULT))
    (row,) = rows(office, SUBMISSION)
    assert (row.state, row.text, row.name, row.address) == ("taken_in", "", None, "")
    told = newest_mail(office)
    assert told.recipient == CITIZEN and case.entity in told.text and NAME not in told.text
    assert "開催日の訂正" in clerk.get("/disclosure-requests").get_data(as_text=True)


def test_a_comment_in_an_open_period_is_received(office: Office) -> None:
    given_an_open_period(office)
    citizen = office.app.test_client()
    assert "/plans/plan-x/comment" in citizen.get("/plans/plan-x").get_data(as_text=True)
    said = form(residence=RESIDENCE)
    incomplete = post(citizen, "/plans/plan-x/comment", **{**said, "residence": " "})
    words = incomplete.get_data(as_text=True)
    assert incomplete.status_code == 422 and "住所" in words and WORDS in words and NAME in words
    assert post(citizen, "/plans/plan-x/comment", **said).status_code == 200
    confirmed(office, citizen)
    clerk, at = at_the_desk(office)
    assert post(clerk, at, take_in="1").status_code == 303
    with office.store.engine.connect() as connection:
        received = events_after(connection, limit=1_000)[-1]
    assert received.type == "CommentReceived" and received.data.channel == "form"
    assert received.data.vault_ref and received.data.received_on.label("en") == f"{TODAY:%-d %B %Y}"
    for private in (NAME, RESIDENCE, CITIZEN, "市民の文"):
        assert private not in everything_on_record(office)
    assert post(citizen, "/plans/plan-x/comment", **said).status_code == 200
    assert citizen.get("/plans/plan-none/comment").status_code == 409


def test_a_comment_on_a_matter_is_received_by_the_same_form(office: Office) -> None:
    given_a_matter(office)
    citizen, address = office.app.test_client(), "/matters/matter-x/comment"
    assert citizen.get(address).status_code == 409
    days = {"from_date": TODAY - dt.timedelta(days=3), "to_date": TODAY + dt.timedelta(days=3)}
    window = {name: {"value": day.isoformat(), "precision": "day"} for name, day in days.items()}
    office.do("Matter", "matter-x", "open_public_comment", **window)
    assert address in citizen.get("/matters/matter-x").get_data(as_text=True)
    assert citizen.get("/plans/matter-x/comment").status_code == 409
    assert "架空の案件" in citizen.get(f"/en{address}").get_data(as_text=True)
    assert post(citizen, address, **form(residence=RESIDENCE)).status_code == 200
    confirmed(office, citizen)
    clerk, at = at_the_desk(office)
    assert post(clerk, at, take_in="1").status_code == 303
    with office.store.engine.connect() as connection:
        received = events_after(connection, limit=1_000)[-1]
    assert (received.type, received.stream) == ("CommentReceived", "matter-x")
    answer = {"comment_id": received.data.comment_id, "disposition": "reflected", "reply": "直します。"}
    office.do("Matter", "matter-x", "dispose_comment", **answer, draft_change="図を直した。")
    page = citizen.get("/matters/matter-x").get_data(as_text=True)
    assert "寄せられた意見は1件です" in page and "まだ公表していません" in page and "commenter-" not in page
    for private in (NAME, RESIDENCE, CITIZEN, "市民の文", "commenter-"):
        assert private not in citizen.get("/api/v1/matters/matter-x").get_data(as_text=True)


def test_what_is_set_aside_is_told_with_its_ground_and_goes(office: Office) -> None:
    citizen = office.app.test_client()
    page = "/en/report-an-error"
    assert post(citizen, page, **form(page="/nowhere")).status_code == 200
    (path,) = paths(newest_mail(office).text)
    assert path.startswith("/en/")
    post(citizen, path, send="1")
    clerk, at = at_the_desk(office)
    refused = post(clerk, at, ground=" ", set_aside="1")
    assert refused.status_code == 422 and WORDS in refused.get_data(as_text=True)
    assert post(clerk, at, ground="記録のとおりです。", set_aside="1").status_code == 303
    assert "記録のとおりです。" in newest_mail(office).text and "not taken in" in newest_mail(office).text
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=31)
    assert queue.prune(office.store.engine, later - dt.timedelta(days=2)) == 0
    assert queue.prune(office.store.engine, later) == 1


def test_what_is_not_confirmed_is_deleted_and_its_link_works_no_more(office: Office) -> None:
    citizen = office.app.test_client()
    post(citizen, "/report-an-error", **form())
    (path,) = paths(newest_mail(office).text)
    assert "消しました" in post(citizen, path, forget="1").get_data(as_text=True)
    assert citizen.get(path).status_code == 404
    assert citizen.get(f"{path}x").status_code == 404
    post(citizen, "/report-an-error", **form())
    prune_old(office.store.engine, TODAY)  # the nightly work leaves what may still be confirmed
    assert len(rows(office, SUBMISSION)) == 1
    assert queue.prune(office.store.engine, dt.datetime.now(dt.UTC) + dt.timedelta(hours=49)) == 1


def test_faults_are_named_with_their_fields_and_what_was_typed_is_kept(office: Office) -> None:
    citizen = office.app.test_client()
    several = post(
        citizen, "/report-an-error", **form(address="a@example.jp, b@example.jp", text="あ" * 10_001)
    )
    words = several.get_data(as_text=True)
    assert several.status_code == 422 and "二つ以上" in words and 'href="#f-text"' in words
    assert 'value="a@example.jp, b@example.jp"' in words and "あ" * 10_001 in words and NAME in words
    injected = post(citizen, "/report-an-error", **form(address="a@example.jp\r\nBcc: b@example.jp"))
    assert injected.status_code == 422
    hidden = post(citizen, "/report-an-error", **form(name="a\x00b"))
    assert hidden.status_code == 422
    elsewhere = citizen.get("/report-an-error?page=//evil.example").get_data(as_text=True)
    assert 'name="page"' not in elsewhere and 'href="//evil' not in elsewhere
    forged = citizen.post("/report-an-error", data=form())
    assert forged.status_code == 400 and WORDS in forged.get_data(as_text=True)
    assert rows(office, SUBMISSION) == [] and rows(office, MAIL) == []


def test_one_network_and_one_address_are_bounded(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    citizen = office.app.test_client()
    codes = [post(citizen, "/report-an-error", **form()).status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    others = [
        post(citizen, "/report-an-error", **form(address=f"c{n}@example.jp")).status_code for n in range(7)
    ]
    assert others[:6] == [200] * 6 and others[-1] == 429
    monkeypatch.setattr(queue, "MOST_UNCONFIRMED", 1)
    other = office.app.test_client()
    full = other.post(
        "/report-an-error",
        data={**form(address="z@example.jp"), "csrf_token": token_in(other.get("/report-an-error"))},
        environ_base={"REMOTE_ADDR": "198.51.100.7"},
    )
    assert full.status_code == 503 and WORDS in full.get_data(as_text=True)


def test_only_the_secretariat_sees_what_was_sent_in(office: Office) -> None:
    Accounts(office.store.engine).add("member", ["MEM", "APR"], "p-member", PASSWORD)
    client = office.app.test_client()
    sent = {"username": "member", "password": PASSWORD, "csrf_token": token_in(client.get("/signin"))}
    client.post("/signin", data=sent)
    assert client.get("/desk/submissions").status_code == 403
    assert office.app.test_client().get("/desk/submissions").status_code == 303
