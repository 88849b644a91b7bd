"""Both axes over HTTP: every list, item, question and page as known, or as in force, on a day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from domain.history import KANAZAWA
from domain.history.importing import import_history, read_history
from projections.registry import open_store
from tests.projections.engine.test_corrections import FORUM, correct
from tests.support.served import served

THEN, LATER = "2026-05-01", "2030-05-02"
"""Kanazawa's history was imported on the first, a budget corrected on the day before the second."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder: Path = tmp_path_factory.mktemp("past")
    url = f"sqlite:///{folder}/record.db"
    store = open_store(url, clock=lambda: dt.datetime(2026, 5, 1, 3, tzinfo=dt.UTC))
    store.create()
    import_history(store.application, read_history(KANAZAWA))
    store.application.clock = lambda: dt.datetime(2030, 5, 1, 3, tzinfo=dt.UTC)
    correct(store, "PlanAction", FORUM, FORUM, "BudgetAllocated", amount_yen=210_000, stated_amount=210)
    store.close()
    with served(url) as app:
        yield app.test_client()


def budget(client: FlaskClient, query: str) -> int:
    answer = client.get(f"/api/v1/budgets?action_id={FORUM}{query}")
    assert answer.status_code == 200
    return int(answer.json["items"][0]["initial_yen"])


def test_a_list_is_answered_as_it_was_known(client: FlaskClient) -> None:
    assert budget(client, "") == 210_000
    assert budget(client, f"&as_known_on={THEN}") == 200_000
    assert budget(client, f"&as_known_on={LATER}") == 210_000


def test_an_era_date_names_the_same_day(client: FlaskClient) -> None:
    assert budget(client, "&as_known_on=令和8年5月1日") == 200_000


def test_an_item_is_answered_as_it_was_in_force(client: FlaskClient) -> None:
    """On 2007-06-01 the study team of FY2008 was not there; the council of 2006 was."""
    at = "?in_force_on=2007-06-01"
    assert client.get(f"/api/v1/councils/council-shimin-kaigi{at}").status_code == 200
    assert client.get("/api/v1/groups/group-centre-study-team").status_code == 200
    assert client.get(f"/api/v1/groups/group-centre-study-team{at}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/timeline",
        "/api/v1/events",
        f"/api/v1/actions/{FORUM}/trail",
        "/api/v1/questions/P1",
        "/api/v1/search?q=協働",
        "/",
        "/en/timeline",
        "/actions",
        "/questions",
        "/search?q=協働",
    ],
)
def test_everything_takes_both_axes(client: FlaskClient, path: str) -> None:
    joined = "&" if "?" in path else "?"
    asked = f"{path}{joined}as_known_on={THEN}&in_force_on=2007-06-01"
    answer = client.get(asked)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    again = client.get(asked, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert client.get(path).headers["ETag"] != answer.headers["ETag"]


def test_before_there_was_anything_nothing_was_known(client: FlaskClient) -> None:
    assert client.get("/api/v1/timeline?as_known_on=2001-01-01").json["items"] == []


@pytest.mark.parametrize("wrong", ["2007-06", "FY2007", "yesterday", "2026-02-30", "平成31年5月1日"])
def test_what_is_no_day_is_refused(client: FlaskClient, wrong: str) -> None:
    answer = client.get(f"/api/v1/timeline?as_known_on={wrong}")
    assert (answer.status_code, answer.json["code"]) == (422, "NOT_A_DAY")
    assert answer.json["errors"][0]["pointer"] == "/as_known_on"
    assert client.get(f"/timeline?in_force_on={wrong}").status_code == 422


@pytest.mark.parametrize(
    ("path", "words", "day"),
    [
        ("/timeline", "過去の時点の表示です。", "令和8年(2026年)5月1日"),
        ("/en/timeline", "You are looking at the past.", "1 May 2026"),
    ],
)
def test_a_page_of_the_past_says_so_and_leads_back(
    client: FlaskClient, path: str, words: str, day: str
) -> None:
    page = client.get(f"{path}?as_known_on={THEN}").get_data(as_text=True)
    (banner,) = re.findall(r'<p class="asof".*?</p>', page, re.DOTALL)
    assert words in banner and day in banner and f'href="{path}"' in banner
    assert "asof" not in client.get(path).get_data(as_text=True)


def test_links_of_a_page_of_the_past_stay_there(client: FlaskClient) -> None:
    page = client.get(f"/actions?as_known_on={THEN}").get_data(as_text=True)
    (main,) = re.findall(r"<main.*?</main>", page, re.DOTALL)
    links = [link for link in re.findall(r'href="(/[^"]*)"', main) if link != "/actions"]
    assert links and all(f"as_known_on={THEN}" in link for link in links if not link.startswith("/static"))
