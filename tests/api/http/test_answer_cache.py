"""Answers for everybody: kept as long as the record is the same, and for nobody who says who they are."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.http.clock import today
from api.http.kept_answers import Kept, KeptAnswers
from projections.answers.record_etag import Editions
from projections.engine.store import Store
from projections.registry import open_store
from projections.tables.durable import SETTING, VIEW_BUILD
from tests.api.conftest import Teller, created, document, over, record_documents

PLACE = "/api/v1/sources"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody who sends just the headers they are told to."""
    return app.test_client(use_cookies=False)


@pytest.fixture
def asked(app: Flask) -> list[str]:
    """The paths that the application itself has been asked for since, in their order."""
    if not hasattr(app, "paths_asked"):
        app.paths_asked = []  # type: ignore[attr-defined]
        inner = app.wsgi_app._inner  # type: ignore[attr-defined]

        def noting(environ: Any, start_response: Any) -> Any:
            app.paths_asked.append(environ["PATH_INFO"])  # type: ignore[attr-defined]
            return inner(environ, start_response)

        app.wsgi_app._inner = noting  # type: ignore[attr-defined]
    app.paths_asked.clear()  # type: ignore[attr-defined]
    return app.paths_asked  # type: ignore[attr-defined, no-any-return]


def told(answer: TestResponse) -> Any:
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.json


def same(one: TestResponse, other: TestResponse) -> bool:
    """Whether two answers are the same, byte by byte and header by header."""
    return (one.status_code, one.data, list(one.headers)) == (
        other.status_code,
        other.data,
        list(other.headers),
    )


@pytest.mark.parametrize("path", [PLACE, "/sources", "/en/sources", "/sources.json", "/api/v1/questions/P12"])
def test_an_answer_is_made_once_and_sent_again(client: FlaskClient, asked: list[str], path: str) -> None:
    first, second = client.get(path), client.get(path)
    assert first.status_code == 200 and same(first, second)
    assert asked == [path]
    assert {"Content-Security-Policy", "X-Frame-Options", "ETag", "Vary"} <= set(second.headers.keys())
    assert second.headers["Cache-Control"] == "public, no-cache"


def test_what_is_recorded_is_seen_at_once(client: FlaskClient, asked: list[str], secretary: Teller) -> None:
    before = client.get(PLACE)
    assert secretary.post("documents", document(id="doc-1")).status_code == 201
    after = client.get(PLACE)
    assert told(before)["items"] == [] and [row["document_id"] for row in told(after)["items"]] == ["doc-1"]
    assert before.headers["ETag"] != after.headers["ETag"]


def test_whoever_has_an_answer_gets_no_body(client: FlaskClient, asked: list[str], secretary: Teller) -> None:
    tag = client.get("/matters").headers["ETag"]
    for _ in range(2):
        again = client.get("/matters", headers={"If-None-Match": f'"other", W/{tag}'})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == tag and "Content-Type" not in again.headers
        assert again.headers["Vary"] and "Content-Security-Policy" in again.headers
    assert client.get("/matters", headers={"If-None-Match": '"other"'}).status_code == 200
    assert asked == ["/matters"]
    secretary.post("documents", document(id="doc-1"))
    # The page says nothing of documents: it is as it was, and so is its ETag.
    assert client.get("/matters", headers={"If-None-Match": tag}).status_code == 304
    assert asked.count("/matters") == 2


def test_who_asks_first_with_an_etag_leaves_an_answer_for_others(
    client: FlaskClient, asked: list[str]
) -> None:
    tag = client.get("/matters", headers={"Cookie": "a=b"}).headers["ETag"]
    assert client.get("/matters", headers={"If-None-Match": tag}).status_code == 304
    whole = client.get("/matters")
    assert whole.status_code == 200 and whole.headers["ETag"] == tag and whole.data
    assert asked == ["/matters"] * 2


def test_the_language_is_part_of_what_is_asked(client: FlaskClient, asked: list[str]) -> None:
    for given in ("ja", "en", "en-US,en;q=0.5", "fr"):
        refused = client.get(f"{PLACE}?limit=0", headers={"Accept-Language": given})
        assert refused.headers["Content-Language"] == ("en" if given.startswith("en") else "ja")
    asked.clear()
    for given in ("ja", "ja-JP", "fr", "en", "en-GB"):
        client.get(PLACE, headers={"Accept-Language": given})
    assert asked.count(PLACE) == 2


def test_nobody_who_says_who_they_are_gets_a_kept_answer(
    client: FlaskClient, asked: list[str], secretary: Teller
) -> None:
    assert client.get(PLACE).headers["Cache-Control"] == "public, no-cache"
    bearer = {"Authorization": f"Bearer {secretary.token}"}
    for headers in (bearer, {"Cookie": "session=broken"}, {"Authorization": "Bearer wrong"}):
        for _ in range(2):
            client.get(PLACE, headers=headers)
    assert asked == [PLACE] * 7
    told = secretary.client.get(PLACE, headers=bearer)
    assert told.headers["Cache-Control"] == "private, no-cache"
    assert client.get(PLACE, headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert client.get(PLACE).headers["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize(
    "path", ["/signin", "/readyz", "/livez", "/api/v1/views", "/timeline.csv", "/api/v1/nothing", "/nothing"]
)
def test_what_is_not_of_the_record_alone_is_never_kept(
    client: FlaskClient, asked: list[str], path: str
) -> None:
    for _ in range(2):
        client.get(path)
    assert asked == [path] * 2


def test_a_head_is_answered_from_what_is_kept_and_leaves_nothing(
    client: FlaskClient, asked: list[str]
) -> None:
    assert client.head(PLACE).status_code == client.head(PLACE).status_code == 200
    whole = client.get(PLACE)
    assert whole.data
    head = client.head(PLACE)
    assert (head.data, list(head.headers)) == (b"", list(whole.headers))
    assert asked == [PLACE] * 3


def test_tomorrow_is_another_day(
    client: FlaskClient, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/meetings")
    tomorrow = today() + dt.timedelta(days=1)
    monkeypatch.setattr("api.http.answer_cache.today", lambda: tomorrow)
    client.get("/meetings")
    assert asked == ["/meetings"] * 2


def test_each_record_has_its_own_answers(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    """Even where both are equally long."""
    titles = []
    for name in ("one", "other"):
        url = f"sqlite:///{tmp_path / name}.sqlite"
        created(url)
        for _ in over(app, url):
            record_documents(app.extensions["kyodo-store"].get(), name)
            titles += [row["title"] for row in told(client.get(PLACE))["items"]]
    assert titles == ["one", "other"]


def test_whether_the_process_answers_does_not_depend_on_the_database(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Editions, "now", lambda self: pytest.fail("the database was asked"))
    assert client.get("/livez").status_code == 200
    assert client.get("/static/kyodo.css").status_code == 200


def test_where_the_edition_is_not_known_nothing_kept_is_given(
    client: FlaskClient, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get(PLACE)
    monkeypatch.setattr(Editions, "now", lambda self: None)
    assert client.get(PLACE).status_code == 200
    assert asked == [PLACE] * 2


# ------------------------------------------------------------------------------------------- editions


@pytest.fixture
def any_store(any_record_url: str) -> Any:
    store = open_store(any_record_url)
    yield store
    store.close()


def build(view: str, generation: int) -> dict[str, Any]:
    said = {"version": 1, "fingerprint": "x", "position": 0, "digest": "x", "seconds": 0.0}
    return {"view": view, "generation": generation, "built_at": "x", "built_by": "x", **said}


def test_an_edition_ends_with_an_event_a_rebuild_and_a_fact_about_the_record(any_store: Store) -> None:
    editions = Editions(any_store)
    known = [editions.now()]
    assert editions.now() == known[0] is not None

    record_documents(any_store, "資料")
    known.append(editions.now())
    with any_store.engine.begin() as connection:
        connection.execute(sa.update(VIEW_BUILD).values(generation=7))
    known.append(editions.now())
    with any_store.engine.begin() as connection:  # one view alone, where another has a greater generation
        one = connection.scalar(sa.select(VIEW_BUILD.c.view).limit(1))
        connection.execute(sa.delete(VIEW_BUILD).where(VIEW_BUILD.c.view == one))
        connection.execute(sa.insert(VIEW_BUILD).values(build(str(one), 3)))
    known.append(editions.now())
    with any_store.engine.begin() as connection:
        connection.execute(sa.insert(SETTING).values(name="fictional", value="yes"))
    known.append(editions.now())
    assert len(set(known)) == 5 and None not in known


def test_a_database_that_does_not_answer_has_no_edition(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'nothing.sqlite'}")
    assert Editions(store).now() is None
    store.close()


# ------------------------------------------------------------------------------------------- what is kept


def kept(body: bytes) -> Kept:
    return Kept("tag", [], [], body)


def test_a_server_that_lets_nobody_in_has_no_edition(tmp_path: Path) -> None:
    """It was there when the store was opened; its driver raises past SQLAlchemy."""
    store = open_store(f"postgresql://postgres@/gone?host={tmp_path}")
    assert Editions(store).now() is None
    store.close()


def test_what_is_kept_is_bounded_and_the_least_wanted_makes_room() -> None:
    answers = KeptAnswers(most=100)
    for name in "abcd":
        answers.find(1, name)
        answers.keep(1, name, kept(name.encode() * 30))
        answers.find(1, "a")
    assert [name for name in "abcd" if answers.find(1, name)] == ["a", "c", "d"]
    assert answers.size == 90
    answers.keep(1, "a", kept(b"a" * 10))
    assert answers.size == 70
    answers.keep(1, "e", kept(b"e" * 101))
    assert answers.find(1, "e") is None and answers.size == 70


def test_of_a_new_edition_nothing_is_kept_and_an_old_answer_does_not_come_back() -> None:
    answers = KeptAnswers(most=100)
    assert answers.find(1, "a") is None
    answers.keep(1, "a", kept(b"old"))
    assert answers.find(2, "a") is None and answers.size == 0
    answers.keep(1, "a", kept(b"begun before the event, finished after it"))
    assert answers.find(2, "a") is None
