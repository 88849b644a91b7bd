"""Evaluation sheets at the desk: blind forms of both sides, the one-time link, the dialogue as one act."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.access.accounts import Accounts
from api.access.sheet_links import SheetLinks
from domain.values.calendar import JAPAN
from projections.engine.log import events_after
from projections.engine.store import Store
from projections.registry import open_store
from projections.tables.durable import ACCESS_LOG
from tests.api.conftest import PASSWORD
from tests.api.signing_in import csrf_of, sign_in
from tests.support.copies import Copies
from tests.support.given import give
from tests.support.served import served
from tests.support.stories.sheets import FY, ITEMS, SHEET, given_a_sheet, given_an_action_under_way

PAGE, OWN, CITIZENS = f"/desk/sheets/{SHEET}", f"/desk/sheets/{SHEET}/own", f"/evaluation/{SHEET}"
MARK = "ひみつの評価"


def to_be_filled_in(url: str) -> None:
    store = open_store(url)
    store.create()

    def do(role: str, kind: str, entity: str, command: str, **fields: Any) -> None:
        give(store.application, role, kind, entity, command, waits=False, **fields)

    given_an_action_under_way(do)
    given_a_sheet(do, "self_evaluating")
    for login, roles, party in (("clerk", ["SEC"], None), ("city", ["SEC", "EV-G"], "org-city")):
        Accounts(store.engine).add(login, roles, party, PASSWORD)
    store.close()


@pytest.fixture
def app(copies: Copies, tmp_path: Path) -> Iterator[Flask]:
    with served(copies.sqlite("sheet", to_be_filled_in, tmp_path)) as app:
        yield app


def store_of(app: Flask) -> Store:
    store: Store = app.extensions["kyodo-store"].get()
    return store


def signed_in(app: Flask, login: str) -> FlaskClient:
    client = app.test_client()
    sign_in(client, login)
    return client


def text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def types(app: Flask) -> list[str]:
    with store_of(app).engine.connect() as connection:
        return [e.type for e in events_after(connection, 0, limit=1_000)]


def noted(app: Flask) -> list[str]:
    with store_of(app).engine.connect() as connection:
        return list(connection.scalars(sa.select(ACCESS_LOG.c.code).order_by(ACCESS_LOG.c.id)))


def link_made_by(client: FlaskClient) -> str:
    form = {"csrf_token": csrf_of(client.get(PAGE)), "do": "make", "days": "7"}
    made = re.search(r'class="secret">([^<]+)<', text(client.post(f"{PAGE}/links", data=form)))
    assert made is not None
    return made[1]


def opened(app: Flask, link: str) -> FlaskClient:
    """Somebody without an account, in whose browser the link was opened."""
    citizen = app.test_client()
    answer = citizen.post(link, data={"csrf_token": csrf_of(citizen.get(link))})
    assert (answer.status_code, answer.location) == (303, CITIZENS)
    return citizen


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def answers(**changes: str) -> dict[str, str]:
    threes = {f"{item}.score": "3" for item in ITEMS}
    return {**threes, "overall": MARK, **{name.replace("_", "."): value for name, value in changes.items()}}


def checked(client: FlaskClient, address: str, form: dict[str, str]) -> str:
    page = client.post(address, data={**hidden(text(client.get(address))), **form, "do": "check"})
    assert page.status_code == 200, text(page)
    return text(page)


def submitted(client: FlaskClient, address: str, form: dict[str, str]) -> TestResponse:
    seen = checked(client, address, form)
    return client.post(address, data={**hidden(seen), **form, "do": "record"})


def test_a_link_is_good_once_for_one_browser_until_it_ends(app: Flask) -> None:
    clerk = signed_in(app, "clerk")
    link = link_made_by(clerk)
    assert "まだ開かれていません" in text(clerk.get(PAGE))
    citizen, thief = opened(app, link), app.test_client()
    assert "市民側の評価" in text(citizen.get(CITIZENS))
    assert [thief.get(place).status_code for place in (link, CITIZENS, f"/en{CITIZENS}")] == [404] * 3
    assert (
        thief.post(f"{CITIZENS}/draft", data={"csrf_token": csrf_of(thief.get("/signin"))}).status_code == 404
    )
    # nothing else opens for whoever holds the sheet
    assert citizen.get(PAGE).status_code == 303
    assert citizen.get(f"/api/v1/sheets/{SHEET}").get_json()["closed"]
    assert citizen.get("/evaluation/sheet-other").status_code == 404
    assert "開いたブラウザーで" in text(clerk.get(PAGE))
    second = link_made_by(clerk)
    assert citizen.get(CITIZENS).status_code == 404
    clerk.post(f"{PAGE}/links", data={"csrf_token": csrf_of(clerk.get(PAGE)), "do": "end"})
    assert app.test_client().get(second).status_code == 404
    codes = ["SHEET_LINK_MADE", "SHEET_LINK_USED", "SHEET_LINK_MADE", "SHEET_LINKS_ENDED"]
    assert [code for code in noted(app) if code.startswith("SHEET_LINK")] == codes
    engine = store_of(app).engine
    long_ago = SheetLinks(engine, lambda: dt.datetime.now(dt.UTC) - dt.timedelta(days=8))
    late, held = long_ago.make(SHEET, "a-clerk", 7), long_ago.make(SHEET, "a-clerk", 7)
    secret = long_ago.open(held)
    assert long_ago.open(held) is None and secret is not None
    assert [SheetLinks(engine).unopened(late), SheetLinks(engine).held(secret)] == [None, None]
    assert "で期限切れ" in text(clerk.get(PAGE))


def test_the_citizens_write_blind_and_come_back_to_what_they_typed(app: Flask) -> None:
    clerk, city = signed_in(app, "clerk"), signed_in(app, "city")
    citizen = opened(app, link_made_by(clerk))
    page = text(citizen.get(CITIZENS))
    draft = {**hidden(page), **answers(P1_score="4"), "csrf_token": csrf_of(citizen.get(CITIZENS))}
    saved = citizen.post(f"{CITIZENS}/draft", data=draft)
    assert saved.status_code == 200 and saved.get_json()["version"] == 1
    assert MARK in text(citizen.get(CITIZENS)) and MARK not in text(clerk.get("/desk/drafts"))
    again = opened(app, link_made_by(clerk))  # another device goes on where the first stopped
    assert MARK in text(again.get(CITIZENS))
    before = text(city.get(OWN)), text(clerk.get(PAGE)), text(clerk.get("/desk/sheets")), noted(app)
    refused = again.post(
        CITIZENS, data={**hidden(text(again.get(CITIZENS))), **answers(P1_score=""), "do": "check"}
    )
    assert refused.status_code == 422 and "まだ答えていない項目があります（P1）" in text(refused)
    low = again.post(
        CITIZENS, data={**hidden(text(again.get(CITIZENS))), **answers(R6_score="2"), "do": "check"}
    )
    assert low.status_code == 422 and 'id="f-R6-words-err"' in text(low)
    assert submitted(again, CITIZENS, answers(P1_score="4")).status_code == 303
    assert types(app)[-1] == "SelfEvaluationSubmitted"
    anew = re.compile(r'name="(csrf_token|key|draft)" value="[^"]*"')
    after = text(city.get(OWN)), text(clerk.get(PAGE)), text(clerk.get("/desk/sheets")), noted(app)
    assert [anew.sub("", str(one)) for one in after] == [anew.sub("", str(one)) for one in before]
    assert "提出ずみです" in text(again.get(CITIZENS))
    other = answers(P1_score="5") | {"reason": "読み違えた"}
    assert submitted(again, CITIZENS, other).status_code == 303
    with store_of(app).engine.connect() as connection:
        event = events_after(connection, 0, limit=1_000)[-1]
    assert (event.type, event.actor.role, event.actor.party) == ("SelfEvaluationCorrected", "EV-C", "org-npo")
    # nobody is told that the sheet opens with the second side before it does
    seen = checked(city, OWN, answers())
    assert "開封" not in seen.split('class="kiroku"')[1].split("</section>")[0] and MARK in seen
    assert submitted(city, OWN, answers()).status_code == 303
    assert types(app)[-2:] == ["SelfEvaluationSubmitted", "SheetUnsealed"]
    assert "双方の評価がそろいました" in text(again.get(CITIZENS))


def test_a_form_without_its_token_keeps_what_was_typed(app: Flask) -> None:
    citizen = opened(app, link_made_by(signed_in(app, "clerk")))
    answer = citizen.post(CITIZENS, data={**answers(), "do": "record"})
    assert answer.status_code == 200 and MARK in text(answer) and "まだ記録していません" in text(answer)
    assert "SelfEvaluationSubmitted" not in types(app)
    clerk = signed_in(app, "clerk")
    assert clerk.get(OWN).status_code == 403
    for screen in (PAGE, "/desk/meetings/new", f"/desk/sheets/{SHEET}/cancel", "/desk/drafts"):
        kept = clerk.post(
            screen, data={"reason": "長い理由", "csrf_token": "old", "do": "record", "act": "record"}
        )
        assert kept.status_code == 200 and "まだ記録していません" in text(kept), screen


def test_the_dialogue_and_what_comes_of_it_is_one_act(app: Flask) -> None:
    city = signed_in(app, "city")
    citizen = opened(app, link_made_by(city))
    submitted(citizen, CITIZENS, answers(P3_score="2", P3_words="平日の昼だった", R1_score="4"))
    submitted(city, OWN, answers(P3_score="4"))
    assert "対話の結果を記録する" in text(city.get(PAGE))
    day = dt.datetime.now(JAPAN).date().isoformat()
    undiscussed = {"held_on": day, "P3.result": "keep", "P3.why": "受け止めが違う", "R1.result": "4"}
    refused = city.post(PAGE, data={**hidden(text(city.get(PAGE))), **undiscussed, "do": "check"})
    assert refused.status_code == 422 and 'id="f-P3-cause-err"' in text(refused)
    form = {**undiscussed, "P3.cause": "会議が平日の昼だった", "conclude": "on", "better.0.text": "夜に開く",
            "better.0.owner": "g", "better.0.year": str(FY + 1)}  # fmt: skip
    before = len(types(app))
    assert submitted(city, PAGE, form).status_code == 303
    assert types(app)[before:] == [
        "DialogueHeld",
        "GapDiscussed",
        "MutualDifferenceKept",
        "MutualScoreAgreed",
        "MutualEvaluationConcluded",
        "ImprovementAgreed",
    ]
    with store_of(app).engine.connect() as connection:
        dated = {e.effective.value for e in events_after(connection, before)}
    assert dated == {day}
    page = text(city.get(PAGE))
    assert [state for _, state in re.findall(r'<b>([^<]+)</b><span class="st (\w+)">', page)][:6] == [
        "ok", "ok", "ok", "ok", "ok", "now",
    ]  # fmt: skip
    assert f"/desk/sheets/{SHEET}/publish" in page


def test_the_list_says_what_is_missing_and_a_new_sheet_begins_filled_in(app: Flask) -> None:
    clerk = signed_in(app, "clerk")
    listed = text(clerk.get("/desk/sheets"))
    assert "双方の自己評価を待っています" in listed and PAGE in listed
    give(
        store_of(app).application,
        "SEC",
        "PlanAction",
        "action-other",
        "register",
        waits=False,
        title_ja="別の事業",
    )
    give(
        store_of(app).application,
        "SEC",
        "PlanAction",
        "action-other",
        "open_cycle",
        waits=False,
        fiscal_year=FY,
    )
    place = re.search(
        r'href="(/desk/sheets/-/open\?[^"]+)"', text(clerk.get("/desk/sheets")).replace("&amp;", "&")
    )
    assert place is not None
    assert f'value="{FY}"' in text(clerk.get(place[1])) and "別の事業" in text(clerk.get(place[1]))
    assert "双方の自己評価を待っています" in text(clerk.get("/desk"))
    assert "/desk/sheets" in text(clerk.get("/desk/budgets")).split("<main")[1]
