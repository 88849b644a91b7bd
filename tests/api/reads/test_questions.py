"""The questions over HTTP, in the terminal and on pages: who may ask what, and how a wrong one is told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.access.accounts import Account
from api.cli.shell import REFUSED, USAGE
from domain.history import KANAZAWA
from domain.history.importing import import_history, read_history
from projections.engine.store import Store
from projections.questions.question import QUESTIONS
from tests.api.conftest import Run, Teller, codes, told
from tests.api.signing_in import sign_in
from tests.api.site import Page

COUNCIL = "council-shimin-kaigi"


@pytest.fixture
def kanazawa(store: Store) -> None:
    """Kanazawa's history in the record of the test."""
    import_history(store.application, read_history(KANAZAWA))


def ask(teller: Teller, path: str, **headers: str) -> Any:
    named = {"Authorization": f"Bearer {teller.token}", "Accept-Language": "en", **headers}
    return teller.client.get(f"/api/v1/questions/{path}", headers=named)


# ---------------------------------------------------------------------------------------------- HTTP


def test_anybody_sees_the_public_questions_only(client: FlaskClient, secretary: Teller) -> None:
    public = client.get("/api/v1/questions").get_json()["items"]
    assert {q["question"] for q in public} == {code for code in QUESTIONS if code.startswith("P")}
    headers = {"Authorization": f"Bearer {secretary.token}"}
    listed = client.get("/api/v1/questions", headers=headers).get_json()["items"]
    assert {q["question"] for q in listed} == set(QUESTIONS)


def test_the_catalogue_tells_the_parameters(client: FlaskClient, secretary: Teller) -> None:
    headers = {"Authorization": f"Bearer {secretary.token}"}
    listed = client.get("/api/v1/questions", headers=headers).get_json()["items"]
    (two_axes,) = (q for q in listed if q["question"] == "S6")
    assert [(p["name"], p["required"]) for p in two_axes["parameters"]] == [
        ("id", True),
        ("known_on", True),
        ("effective_on", True),
    ]
    assert two_axes["address"] == "/api/v1/questions/S6"


def test_a_question_of_the_staff_needs_somebody_signed_in(client: FlaskClient) -> None:
    response = client.get(f"/api/v1/questions/S1?id={COUNCIL}")
    assert response.status_code == 401
    assert response.get_json()["code"] == "SIGN_IN_REQUIRED"


def test_the_staff_are_answered(kanazawa: None, secretary: Teller) -> None:
    response = ask(secretary, f"S1?id={COUNCIL}")
    assert response.status_code == 200
    body = response.get_json()
    assert (body["question"], body["parameters"]) == ("S1", {"id": COUNCIL})
    assert body["events"][0]["effective"]["value"] == "2006-03-01"
    assert response.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("", {"/id": "MISSING_FIELD", "/known_on": "MISSING_FIELD", "/effective_on": "MISSING_FIELD"}),
        (
            "id=x&known_on=yesterday&effective_on=2006-06-01&more=1",
            {"/known_on": "WRONG_TYPE", "/more": "UNKNOWN_FIELD"},
        ),
    ],
)
def test_parameters_that_do_not_fit_are_told_by_pointer(
    secretary: Teller, query: str, wrong: dict[str, str]
) -> None:
    response = ask(secretary, f"S6?{query}")
    assert response.status_code == 422
    assert response.mimetype == "application/problem+json"
    assert codes(response) == wrong


def test_what_is_not_on_record_and_what_is_no_question_are_404(secretary: Teller) -> None:
    for path in ("S1?id=matter-nobody-raised", "S999", "P999?x=1"):
        response = ask(secretary, path)
        assert (response.status_code, response.get_json()["code"]) == (404, "UNKNOWN_ID")


def test_a_public_answer_is_kept_and_asked_for_again_by_its_etag(kanazawa: None, client: FlaskClient) -> None:
    first = client.get("/api/v1/questions/P7")
    assert first.status_code == 200
    assert first.headers["Cache-Control"] == "public, no-cache"
    again = client.get("/api/v1/questions/P7", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")


# ------------------------------------------------------------------------------------------ terminal


def test_kyodo_ask_alone_tells_every_question(run: Run) -> None:
    listed = told(run("ask", "--json"))
    assert {q["question"] for q in listed} == set(QUESTIONS)
    line = next(line for line in run("ask").stdout.splitlines() if line.startswith("S6\t"))
    assert line.endswith("id* known_on* effective_on*")


def test_kyodo_ask_answers_in_the_language_of_the_reader(kanazawa: None, run: Run) -> None:
    arguments = ("S2", f"id={COUNCIL}", "fiscal_year=2006")
    assert "会議の記録はありません（記録なし）。" in run("ask", *arguments).stdout
    in_english = run("--lang", "en", "ask", *arguments).stdout
    assert "No meeting is on record of FY2006: no record." in in_english
    assert "Not recorded" in in_english and "会議" not in in_english
    assert told(run("ask", "s2", *arguments[1:], "--json"))["answer"]["meetings_on_record"] == 0


def test_kyodo_ask_shows_what_an_answer_rests_on(kanazawa: None, run: Run) -> None:
    asked = run("ask", "S6", f"id={COUNCIL}", "known_on=2099-01-01", "effective_on=2006-06-01")
    assert "根拠となる出来事" in asked.stdout and "平成18年(2006年)3月1日" in asked.stdout


def test_kyodo_ask_refuses_each_wrong_parameter(run: Run) -> None:
    refused = run("ask", "S6", "id=x", "known_on=yesterday", "more=1")
    assert refused.exit_code == REFUSED
    for where in ("WRONG_TYPE [/known_on]", "MISSING_FIELD [/effective_on]", "UNKNOWN_FIELD [/more]"):
        assert where in refused.stderr
    assert "Traceback" not in refused.output
    as_json = run("ask", "S1", "--json")
    assert as_json.exit_code == REFUSED
    assert json.loads(as_json.stderr)["refused"]["pointer"] == "/id"


def test_kyodo_ask_refuses_what_it_does_not_know(run: Run) -> None:
    assert run("ask", "S999").exit_code == REFUSED
    assert "UNKNOWN_ID" in run("ask", "S1", "id=matter-nobody-raised").stderr
    assert run("ask", "S1", "matter-1").exit_code == USAGE


# --------------------------------------------------------------------------------------------- pages


def page(client: FlaskClient, path: str, status: int = 200) -> Page:
    response = client.get(path)
    assert response.status_code == status, path
    return Page(path, status, response.get_data(as_text=True))


def test_the_page_lists_the_public_questions_and_for_staff_their_own(
    client: FlaskClient, staff: Account
) -> None:
    shown = page(client, "/questions")
    assert "http://site/questions/P7" in shown.links
    assert not any("/questions/S" in link for link in shown.links)
    sign_in(client)
    assert "http://site/en/questions/S6" in page(client, "/en/questions").links


def test_every_public_question_has_a_page_in_both_languages(kanazawa: None, client: FlaskClient) -> None:
    for code in (code for code in QUESTIONS if code.startswith("P")):
        assert QUESTIONS[code].ja in page(client, f"/questions/{code}").text
        english = page(client, f"/en/questions/{code}")
        assert QUESTIONS[code].en in english.text
        assert list(english.unmarked_japanese()) == [], code


def test_an_answer_is_told_in_words_with_links_to_its_events(kanazawa: None, client: FlaskClient) -> None:
    shown = page(client, "/questions/P7")
    assert "計画1、記録された施策1のうち0に事業があります。" in shown.text
    assert "http://site/plans/plan-kyodo-suishin" in shown.links
    assert "記録なし" in shown.text, "what is null is said, never 0"
    assert "event_id" not in shown.text and "plan-kyodo-suishin" not in shown.text


def test_a_form_says_what_is_wrong_with_what_was_typed(kanazawa: None, client: FlaskClient) -> None:
    unknown = page(client, "/questions/P7?plan_id=plan-nobody-made").text
    assert "は記録されていません。" in unknown and "plan-nobody-made" not in unknown
    assert "この項目はありません。" in page(client, "/questions/P7?more=1").text
    page(client, "/questions/P999", 404)
    page(client, "/questions/S1", 401)


def test_the_staff_ask_their_questions_on_a_page(kanazawa: None, client: FlaskClient, staff: Account) -> None:
    sign_in(client)
    form = page(client, "/questions/S6")
    assert {"f-id", "f-known_on", "f-effective_on"} <= form.ids and "answer" not in form.ids
    asked = f"/questions/S6?id={COUNCIL}&known_on=2099-01-01&effective_on=2006-06-01"
    assert "前後不明3件。" in page(client, asked).text


def test_how_something_was_reached_leads_on_to_its_trail(
    kanazawa: None, client: FlaskClient, staff: Account
) -> None:
    sign_in(client)
    shown = page(client, f"/questions/S1?id={COUNCIL}")
    assert f"http://site/trails/{COUNCIL}" in shown.links
    assert any(link.startswith("http://site/council") for link in shown.links)
