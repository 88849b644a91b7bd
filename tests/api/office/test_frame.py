"""The frame of the office: whom it lets in, what its forms lose (nothing), and the screen of today."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response

from api.access.accounts import Accounts
from api.office.desk.frame import Screen, typed
from api.serve.app import create_app
from api.setup.config import RecordSettings
from tests.api.conftest import PASSWORD, over
from tests.api.signing_in import csrf_of, sign_in


def test_whoever_is_not_signed_in_is_asked_to_and_comes_back(client: FlaskClient) -> None:
    answer = client.get("/en/desk")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/signin?next=%2Fen%2Fdesk")


@pytest.mark.usefixtures("staff")
def test_the_office_sees_today_and_no_cache_keeps_it(client: FlaskClient) -> None:
    sign_in(client)
    answer = client.get("/desk")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "期限のあるものはありません。" in answer.get_data(as_text=True)
    assert "Nothing is due." in client.get("/en/desk").get_data(as_text=True)


def test_a_member_has_no_desk(client: FlaskClient, app: Flask) -> None:
    Accounts(app.extensions["kyodo-store"].get().engine).add("member", ["MEM"], password=PASSWORD)
    sign_in(client, "member")
    assert client.get("/desk").status_code == 403


# -- forms


@pytest.fixture(scope="module")
def app_with_a_form() -> Flask:
    """An application with a screen of its own, that says what was typed and whether it acted."""
    made = create_app(RecordSettings(secret_key="only for tests"))
    blueprint = Blueprint("trial", __name__, url_prefix="/desk")

    def show() -> Response:
        return Response(f"shown: {typed().get('words', '')}")

    def act() -> Response:
        return Response(f"acted: {typed()['words']}")

    Screen("/trial", show, act).register(blueprint)
    made.register_blueprint(blueprint)
    return made


@pytest.fixture
def trial(app_with_a_form: Flask, record_url: str) -> Iterator[FlaskClient]:
    for app in over(app_with_a_form, record_url):
        Accounts(app.extensions["kyodo-store"].get().engine).add("staff", ["SEC"], "p-staff", PASSWORD)
        yield app.test_client()


def words(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def test_a_form_acts_with_the_token_of_the_session(trial: FlaskClient) -> None:
    sign_in(trial)
    token = csrf_of(trial.get("/desk"))
    assert words(trial.post("/desk/trial", data={"words": "ことば", "csrf_token": token})) == "acted: ことば"


@pytest.mark.parametrize("token", [None, "", "of another session"])
def test_without_it_the_screen_is_shown_again_with_what_was_typed(
    trial: FlaskClient, token: str | None
) -> None:
    sign_in(trial)
    form = {"words": "ことば"} | ({"csrf_token": token} if token is not None else {})
    answer = trial.post("/desk/trial", data=form)
    assert words(answer) == "shown: ことば"


def test_whoever_is_signed_out_meanwhile_gets_the_words_back_and_can_go_on(trial: FlaskClient) -> None:
    answer = trial.post("/desk/trial", data={"words": "長い下書き", "csrf_token": "old"})
    assert answer.status_code == 401
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert words(answer).count("長い下書き") == 2  # to be read, and to be sent again
    assert "csrf_token" not in words(answer).split("<main")[1]
    sign_in(trial)
    assert words(trial.post("/desk/trial", data={"words": "長い下書き"})) == "shown: 長い下書き"


def test_whom_a_screen_is_not_for_is_refused_before_anything_else(trial: FlaskClient) -> None:
    Accounts(trial.application.extensions["kyodo-store"].get().engine).add(
        "member", ["MEM"], password=PASSWORD
    )
    sign_in(trial, "member")
    assert trial.post("/desk/trial", data={"words": "ことば"}).status_code == 403
