"""The public site beside its words: the same as data, what is kept by whom, and pages that say no."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from api.pages.record import timeline
from api.serve.app import create_app
from api.setup.config import RecordSettings
from tests.api.conftest import created
from tests.api.site import MENU, get, kanazawas_history, site, walk


@pytest.fixture(scope="module")
def kanazawa_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The site over Kanazawa's own history."""
    yield from site(tmp_path_factory.mktemp("kanazawa"), kanazawas_history)


@pytest.fixture
def kanazawa(kanazawa_site: Flask) -> FlaskClient:
    """A browser that has seen nothing of the site yet."""
    return kanazawa_site.test_client()


# ------------------------------------------------------------------------------- the same as data


@pytest.mark.parametrize("path", [*MENU[1:], "/home", "/actions/action-rulebook", "/trails/measure-centre"])
def test_every_page_is_there_as_data(kanazawa: FlaskClient, path: str) -> None:
    answer = kanazawa.get(f"{path}.json")
    assert answer.status_code == 200 and isinstance(answer.get_json(), dict)
    page = kanazawa.get("/" if path == "/home" else path).get_data(as_text=True)
    assert f'href="{path}.json" type="application/json"' in page


def rows(client: FlaskClient, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_the_actions_are_there_as_a_table(kanazawa: FlaskClient) -> None:
    lines = rows(kanazawa, "/en/actions.csv")
    assert [line["amount in yen"] for line in lines] == ["3400000", "200000", "80000", "500000"]
    assert {line["unit as stated"] for line in lines} == {"千円"}
    assert rows(kanazawa, "/actions.csv")[0]["金額（円）"] == "3400000"


def test_the_timeline_is_there_as_a_table(kanazawa: FlaskClient) -> None:
    lines = rows(kanazawa, "/en/timeline.csv")
    assert len(lines) > 50
    assert [line["date"] for line in lines if line["precision"] == "day"] == ["2006-03-01"]
    assert {line["period"] for line in rows(kanazawa, "/en/timeline.csv?year=2007")} == {"FY2007"}


# ------------------------------------------------------------------------------- keeping and not keeping


def test_a_page_is_not_sent_twice_until_something_is_recorded(kanazawa: FlaskClient) -> None:
    first = kanazawa.get("/council/council-shimin-kaigi")
    assert first.headers["Cache-Control"] == "public, no-cache"
    same = {"If-None-Match": first.headers["ETag"]}
    assert kanazawa.get("/council/council-shimin-kaigi", headers=same).status_code == 304
    assert kanazawa.get("/en/council/council-shimin-kaigi", headers=same).status_code == 200
    assert kanazawa.get("/council/nothing", headers={"If-None-Match": "*"}).status_code == 404


def test_a_page_with_somebodys_name_is_not_kept(kanazawa: FlaskClient) -> None:
    with kanazawa.session_transaction() as session:
        session["csrf_token"] = "somebody"
    answer = kanazawa.get("/")
    assert answer.headers["Cache-Control"] == "private, no-store" and "ETag" not in answer.headers


# ------------------------------------------------------------------------------- pages that say no


@pytest.mark.parametrize(
    "path", ["/nothing", "/matters/matter-none", "/actions/x", "/trails/x", "/sources/x"]
)
def test_what_is_not_there_is_said_as_a_page(kanazawa: FlaskClient, path: str) -> None:
    page = get(kanazawa, path)
    assert page.status == 404 and "見つかりません" in page.text
    assert "Not found" in get(kanazawa, f"/en{path}").text


def test_a_plan_is_not_a_group(kanazawa: FlaskClient) -> None:
    assert kanazawa.get("/groups/plan-kyodo-suishin").status_code == 404
    assert kanazawa.get("/plans/measure-centre").status_code == 404


def test_what_is_gone_and_what_went_wrong_are_pages_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'record.sqlite'}"
    created(url)
    app = create_app(
        RecordSettings(database_url=url, secret_key="only for tests")
    )  # of its own: it is changed
    app.add_url_rule("/en/gone", "gone", lambda: abort(410))
    client = app.test_client()
    assert get(client, "/en/gone").status == 410
    monkeypatch.setattr(timeline, "_wanted", lambda known: 1 / 0)
    page = get(client, "/timeline")
    assert page.status == 500 and "サービスの内部で問題が起きました" in page.text
    app.extensions["kyodo-store"].close()


def test_an_empty_record_has_a_site(tmp_path: Path) -> None:
    for app in site(tmp_path, lambda store: None):
        found = walk(app.test_client(), ["/", "/en/"])
        assert [path for path, page in found.items() if page.status != 200] == []
        assert "市民会議の記録は、まだありません。" in found["/council"].text
