"""A matter on the desk: its five strips, the one next act, and the city's answer and decision as one act."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.access.accounts import Accounts
from projections.engine.log import events_after, head
from tests.api.conftest import PASSWORD
from tests.api.signing_in import csrf_of, sign_in
from tests.support.copies import Copies
from tests.support.served import served
from tests.support.stories.year.record import make_the_year

FUND, DESK = "matter-fund", "matter-desk"


@pytest.fixture
def year(copies: Copies, tmp_path: Path) -> Iterator[Flask]:
    with served(copies.sqlite("year", make_the_year, tmp_path)) as app:
        yield app


@pytest.fixture
def clerk(year: Flask) -> FlaskClient:
    Accounts(year.extensions["kyodo-store"].get().engine).add("clerk", ["SEC"], password=PASSWORD)
    client = year.test_client()
    sign_in(client, "clerk")
    return client


def text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def strips(page: str) -> list[tuple[str, str]]:
    """The strips of a page: what each is called, and how far it is."""
    return re.findall(r'<b>([^<]+)</b><span class="st (\w+)">', page.split('<ol class="strips"')[1])


def newest(app: Flask, count: int) -> list[str]:
    with app.extensions["kyodo-store"].get().engine.connect() as connection:
        return [e.type for e in events_after(connection, head(connection) - count)]


def test_the_first_strip_that_is_not_done_is_next(clerk: FlaskClient) -> None:
    done = [(label, "ok") for label in ("提起", "案", "会議", "結論")]
    assert strips(text(clerk.get(f"/desk/matters/{DESK}"))) == [*done, ("市", "ok")]
    assert strips(text(clerk.get(f"/desk/matters/{FUND}"))) == [*done, ("市", "now")]
    centre = strips(text(clerk.get("/desk/matters/matter-centre")))
    assert [state for _, state in centre] == ["ok", "now", "ok", "todo", "todo"]


def test_what_was_sent_is_not_to_be_sent_again(clerk: FlaskClient) -> None:
    assert "市へ送る" not in clerk.get("/desk/matters/matter-fund").get_data(as_text=True)


def test_the_list_tells_what_is_under_way_from_what_is_over(clerk: FlaskClient) -> None:
    page = text(clerk.get("/desk/matters"))
    under_way, over = page.split('id="h-over"')
    assert "活動助成の要項" in under_way
    assert "相談窓口の設け方" in over


def test_what_is_due_leads_to_where_it_is_recorded(clerk: FlaskClient) -> None:
    due = text(clerk.get("/desk")).split('<table class="due">')[1].split("</table>")[0]
    leads = re.findall(r'<a class="btn[^>]* href="([^"]+)"', due)
    for address in ("/desk/meetings/meeting-4/minutes", f"/desk/matters/{FUND}/take-promised-step"):
        assert address in leads
        assert clerk.get(address).status_code == 200


def test_a_question_is_answered_beside_it(clerk: FlaskClient) -> None:
    page = text(clerk.get(f"/desk/matters/{DESK}?question=S4"))
    assert "/questions/S4?" in page
    assert text(clerk.get(f"/desk/matters/{DESK}?question=S99")).count("aria-current") == 1  # the rail alone


def form_of(page: TestResponse) -> dict[str, str]:
    """What a page's form carries unseen."""
    names = dict(re.findall(r'<input type="hidden" name="(key|checked)" value="([^"]*)"', text(page)))
    return {**names, "csrf_token": csrf_of(page)}


def test_the_decision_is_told_beforehand_and_recorded_once(clerk: FlaskClient, year: Flask) -> None:
    address = f"/desk/matters/{FUND}/city"
    words = {
        "/decision/authority": "mayor",
        "/decision/text": "4団体に各2万円を助成する。",
        "/decision/drafted_on": "R8.2.12",
        "/decision/consulted": "財政課長、協働推進課長",
        "/decision/decided_on": "Ｒ８．２．２０",
        "/decision/document_no": "7み協発第90号",
        "/decision/points": "団体数：4団体\n額：各2万円",
        "/evidence/by": "架空 課長",
        "/evidence/kind": "mail",
        "/evidence/on": "R8.2.20",
    }
    with year.extensions["kyodo-store"].get().engine.connect() as connection:
        before = head(connection)
    checked = clerk.post(address, data=form_of(clerk.get(address)) | words | {"do": "check"})
    assert "記録に残る文" in text(checked)
    assert "4団体に各2万円を助成する。" in text(checked).split('class="kiroku"')[1]
    assert "令和8年2月20日（金）" in text(checked)
    form = form_of(checked) | words | {"do": "record"}
    assert clerk.post(address, data=form).status_code == 303
    assert newest(year, 1) == ["CityDecisionRecorded"]  # the answer was on record: it is not given twice
    clerk.post(address, data=form)
    with year.extensions["kyodo-store"].get().engine.connect() as connection:
        assert head(connection) == before + 1
        (decided,) = events_after(connection, before)
    assert (decided.actor.role, decided.recorded_by.role) == ("APR", "SEC")
    assert decided.actor.party == "p-head"
    assert [c.post for c in decided.data.consulted] == ["財政課長", "協働推進課長"]
    assert [(p.point, p.text) for p in decided.data.points] == [("団体数", "4団体"), ("額", "各2万円")]
    assert strips(text(clerk.get(f"/desk/matters/{FUND}")))[-1] == ("市", "ok")


def test_what_the_city_promises_has_its_day(clerk: FlaskClient, year: Flask) -> None:
    address = f"/desk/matters/{FUND}/city"
    words = {
        "/answer/disposition": "partly",
        "/answer/reason": "試行の後で決める。",
        "/answer/on": "R8.3.10",
        "/answer/promised": "利用状況を報告する：R8.12.28\n対象：市内の団体に知らせる",
        "/evidence/kind": "mail",
        "/evidence/on": "R8.3.10",
    }
    checked = clerk.post(address, data=form_of(clerk.get(address)) | words | {"do": "check"})
    assert clerk.post(address, data=form_of(checked) | words | {"do": "record"}).status_code == 303
    with year.extensions["kyodo-store"].get().engine.connect() as connection:
        (answered,) = events_after(connection, head(connection) - 1)
    first, second = answered.data.promised
    assert (first.what, first.by_when.value) == ("利用状況を報告する", "2026-12-28")
    assert (second.what, second.by_when) == ("対象：市内の団体に知らせる", None)


def test_what_is_refused_keeps_every_word_and_leads_to_its_field(clerk: FlaskClient) -> None:
    address = f"/desk/matters/{FUND}/city"
    words = {
        "/decision/authority": "mayor",
        "/decision/decided_on": "R6.1.10",
        "/decision/text": "早すぎる決定",
        "/evidence/kind": "mail",
        "/evidence/on": "R6.1.10",
    }
    refused = clerk.post(address, data=form_of(clerk.get(address)) | words | {"do": "check"})
    assert refused.status_code == 422
    assert "早すぎる決定</textarea>" in text(refused)
    assert 'href="#f-decision-decided-on"' in text(refused)
    assert "IMPOSSIBLE_ORDER" not in text(refused)
    unread = clerk.post(
        address, data=form_of(clerk.get(address)) | words | {"/decision/decided_on": "いつか", "do": "check"}
    )
    assert unread.status_code == 422
    assert 'value="いつか"' in text(unread)


def test_words_that_were_not_checked_are_not_recorded(clerk: FlaskClient, year: Flask) -> None:
    address = f"/desk/matters/{FUND}/city"
    evidence = {"/evidence/kind": "mail", "/evidence/on": "R8.2.20"}
    words = {"/decision/authority": "mayor", "/decision/text": "一つめ", **evidence}
    checked = clerk.post(address, data=form_of(clerk.get(address)) | words | {"do": "check"})
    changed = form_of(checked) | words | {"/decision/text": "二つめ", "do": "record"}
    again = clerk.post(address, data=changed)
    assert again.status_code == 200
    assert "二つめ" in text(again).split('class="kiroku"')[1]
    assert newest(year, 1) != ["CityDecisionRecorded"]


def test_what_is_done_is_put_right_at_its_own_line(clerk: FlaskClient, year: Flask) -> None:
    page = text(clerk.get(f"/desk/matters/{DESK}"))
    links = re.findall(r'href="/desk/mend/(\d+)"', page)
    with year.extensions["kyodo-store"].get().engine.connect() as connection:
        types = [e.type for n in links for e in events_after(connection, int(n) - 1, limit=1)]
    assert types == ["MatterRaised", "MatterConcluded", "CityDecisionRecorded"]
