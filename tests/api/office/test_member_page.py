"""A member's own page: answers, requests and signatures for one's own seat, papers of one's own council."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.access.accounts import Accounts
from api.office.desk.replies import replies_of
from projections.engine.log import events_after
from projections.engine.store import Store
from tests.api.conftest import PASSWORD
from tests.api.signing_in import csrf_of, sign_in
from tests.support.copies import Copies
from tests.support.given import give
from tests.support.served import served
from tests.support.stories.year.record import make_the_year
from tests.support.stories.year.spring import seat

FOURTH, SEVENTH = "meeting-4", "meeting-7"


@pytest.fixture
def year(copies: Copies, tmp_path: Path) -> Iterator[Flask]:
    """The application over one real year, with an account of the holder of a seat."""
    with served(copies.sqlite("year", make_the_year, tmp_path)) as app:
        yield app


def store_of(app: Flask) -> Store:
    store: Store = app.extensions["kyodo-store"].get()
    return store


def member(app: Flask, party: str | None, login: str = "member") -> FlaskClient:
    Accounts(store_of(app).engine).add(login, ["MEM"], party, PASSWORD)
    client = app.test_client()
    sign_in(client, login)
    return client


def newest(app: Flask) -> Any:
    with store_of(app).engine.connect() as connection:
        return events_after(connection, 0, limit=10_000)[-1]


def text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def test_the_page_shows_what_concerns_the_seat(year: Flask) -> None:
    page = text(member(year, "p-03").get("/my"))
    assert "第7回全体会" in page
    assert "みなも市協働市民会議" in page
    assert "事務局の画面" not in text(member(year, "p-04", "other").get("/my")).split("<main")[1]
    assert text(member(year, "p-03", "english").get("/en/my")).count("Will you come?") == 1


def test_an_answer_is_kept_and_an_absence_is_recorded_once(year: Flask) -> None:
    client = member(year, "p-03")

    def answer(words: str, **more: str) -> TestResponse:
        token = csrf_of(client.get("/my"))
        form = {"meeting": SEVENTH, "reply": words, "csrf_token": token} | more
        return client.post(f"/my/meetings/{SEVENTH}/reply", data=form)

    assert answer("").status_code == 422
    assert answer("online").status_code == 303
    before = newest(year).position
    assert answer("absent", reason_class="work").status_code == 303
    absence = newest(year)
    assert (absence.type, absence.position) == ("AbsenceNotified", before + 1)
    assert (absence.data.appointment_id, absence.data.reason_class) == (seat(3), "work")
    assert (absence.actor.role, absence.actor.party) == ("MEM", "p-03")
    assert answer("absent").status_code == 303
    assert newest(year).position == before + 1
    page = text(client.get("/my"))
    assert "欠席の届けが記録にあります" in page
    assert answer("present").status_code == 303
    with store_of(year).engine.connect() as connection:
        assert replies_of(connection, SEVENTH) == {seat(3): "present"}


def test_a_change_of_the_draft_minutes_is_asked_for(year: Flask) -> None:
    give(store_of(year).application, "SEC", "Meeting", FOURTH, "circulate_minutes", v=1)
    client = member(year, "p-03")
    page = client.get("/my")
    assert "第4回全体会 会議録案" in text(page)  # internal or not: it is a paper of the council
    form = {"meeting": FOURTH, "text": "", "csrf_token": csrf_of(page)}
    refused = client.post(f"/my/meetings/{FOURTH}/amendment", data=form)
    assert refused.status_code == 422
    asked_for = form | {"text": "3ページの人数"}
    assert client.post(f"/my/meetings/{FOURTH}/amendment", data=asked_for).status_code == 303
    assert newest(year).type == "MinutesAmendmentRequested"
    assert "まだ返事はありません" in text(client.get("/my"))
    assert "まだ返事はありません" not in text(member(year, "p-04", "another").get("/my"))


def test_whoever_was_not_there_is_refused_in_words_and_nothing_typed_is_lost(year: Flask) -> None:
    give(store_of(year).application, "SEC", "Meeting", FOURTH, "circulate_minutes", v=1)
    client = member(year, "p-01")
    form = {"meeting": FOURTH, "text": "わたしは欠席でした", "csrf_token": csrf_of(client.get("/my"))}
    refused = client.post(f"/my/meetings/{FOURTH}/amendment", data=form)
    assert refused.status_code == 422
    assert "わたしは欠席でした</textarea>" in text(refused)
    assert "NOT_PRESENT" not in text(refused)


def test_nobody_answers_for_a_meeting_of_another_council(year: Flask) -> None:
    client = member(year, None)
    form = {"meeting": SEVENTH, "reply": "absent", "csrf_token": csrf_of(client.get("/my"))}
    assert client.post(f"/my/meetings/{SEVENTH}/reply", data=form).status_code == 404
    assert "結び付いた委嘱の記録はありません" in text(client.get("/my"))


def test_the_office_has_no_members_page(year: Flask) -> None:
    Accounts(store_of(year).engine).add("office", ["SEC"], password=PASSWORD)
    client = year.test_client()
    sign_in(client, "office")
    assert client.get("/my").status_code == 403
