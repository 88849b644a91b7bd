"""One name for each thing: it leads people to a page and programs to data, and tells nothing of itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from api.http.addresses import id_of
from domain.kernel.record import KINDS, kind_of
from domain.sample.chapters import CHAPTERS
from domain.sample.record import make_sample
from projections.engine.log import raw_after
from projections.engine.store import Store
from projections.views.matter.decision_trail import link, thing
from tests.api.site import kanazawas_history, site

JSON, LD = "application/json", "application/ld+json"


def _sample(store: Store) -> None:
    make_sample(store.application, 2 + len(CHAPTERS))


@pytest.fixture(scope="module", params=[kanazawas_history, _sample], ids=["Kanazawa", "sample"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application over Kanazawa's record, and over the fictional one."""
    yield from site(tmp_path_factory.mktemp("ids"), request.param)


def connect(app: Flask) -> sa.Connection:
    connection: sa.Connection = app.extensions["kyodo-store"].get().engine.connect()
    return connection


def names_in(app: Flask) -> dict[str, str]:
    """The path of every name in the record, with what it names."""
    with connect(app) as connection:
        things = connection.execute(sa.select(thing.table.c.id, thing.table.c.kind)).all()
        links = connection.scalars(sa.select(link.table.c.link_id)).all()
    found = {f"/id/{id_of(row.kind, row.id)}": row.kind for row in things}
    found |= {f"/id/{id_of('link', link_id)}": "Link" for link_id in links}
    return found | {f"/id/event/{n}": "event" for n in range(1, 30)}


There = dict[tuple[str, str], tuple[int, str]]
"""By address and what is accepted, the status and the type of what was answered there."""


def answered(client: FlaskClient, path: str, accept: str, there: There) -> tuple[int, int, str]:
    """The status of a name, that of where it leads, and the type of what is there. ``there``: where was asked
    already; many names lead to parts of one page."""
    named = client.get(path, headers={"Accept": accept})
    if named.status_code != 303:
        return named.status_code, 0, ""
    address = named.headers["Location"].partition("#")[0]
    if (address, accept) not in there:
        answer = client.get(address, headers={"Accept": accept})
        there[address, accept] = answer.status_code, answer.mimetype
    return 303, *there[address, accept]


@pytest.mark.slow
def test_every_name_in_the_record_leads_to_a_page_and_to_data(filled: Flask) -> None:
    client, names = filled.test_client(), names_in(filled)
    with connect(filled) as connection:
        streams = {raw.stream for raw in raw_after(connection, 0, 10_000)}
    assert {kind_of(stream).__name__ for stream in streams} | {"Link", "event"} == set(names.values())
    assert any("%23" in path for path in names)
    wrong: dict[str, Any] = {}
    there: There = {}
    for path, kind in names.items():
        page, data = (answered(client, path, accept, there) for accept in ("text/html", JSON))
        if page != (303, 200, "text/html") or data != (303, 200, JSON):
            wrong[path] = (kind, page, data)
    assert wrong == {}


def test_every_kind_of_thing_has_a_name_of_its_own() -> None:
    words = {id_of(name, "x").split("/")[0] for name in KINDS}
    assert len(words) == len(KINDS)
    assert "unknown" not in words


def test_what_somebody_accepts_decides(filled: Flask) -> None:
    client, path = filled.test_client(), next(p for p, kind in names_in(filled).items() if kind == "Document")
    where = {
        accept: client.get(path, headers={"Accept": accept}).headers["Location"].split("/")[1]
        for accept in ("text/html", "*/*", JSON, LD, f"{JSON}, text/html;q=0.5", "image/png")
    }
    assert [accept for accept, first in where.items() if first == "api"] == [
        JSON,
        LD,
        f"{JSON}, text/html;q=0.5",
    ]
    answer = client.get(path)
    assert {"Accept", "Accept-Language"} <= {name.strip() for name in answer.headers["Vary"].split(",")}
    english = client.get(path, headers={"Accept-Language": "en"}).headers["Location"]
    assert english == f"/en{answer.headers['Location']}"


def test_a_name_keeps_the_moment_that_was_asked_about(filled: Flask) -> None:
    client, path = filled.test_client(), next(p for p, kind in names_in(filled).items() if kind == "Document")
    for accept in ("text/html", JSON):
        for _ in range(120):
            answer = client.get(f"{path}?in_force_on=2030-01-01", headers={"Accept": accept})
            if answer.status_code != 202:  # the past of a long record is made beside
                break
            time.sleep(0.5)
        place = answer.headers["Location"]
        assert place.endswith("?in_force_on=2030-01-01")


@pytest.mark.parametrize(
    "path",
    ["/id/matter/none", "/id/nothing/x", "/id/unknown/x", "/id/link/x.1.0", "/id/event/0", "/id/event/x"],
)
def test_what_is_not_on_record_has_no_name(client: FlaskClient, path: str) -> None:
    page, data = client.get(path), client.get(path, headers={"Accept": JSON})
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert (data.status_code, data.mimetype) == (404, "application/problem+json")
    assert data.json["code"] == "UNKNOWN_ID"


def test_a_thing_is_not_found_under_another_kind(filled: Flask) -> None:
    path = next(p for p, kind in names_in(filled).items() if kind == "Document")
    assert filled.test_client().get(path.replace("/document/", "/matter/")).status_code == 404


# ------------------------------------------------------------------------------------- absolute addresses


def _prov_of_a_document(app: Flask) -> str:
    path = next(p for p, kind in names_in(app).items() if kind == "Document")
    return f"/api/v1/things/{path.rpartition('/')[2]}/trail.prov.json"


def test_without_a_public_address_what_needs_one_says_which_setting_is_missing(filled: Flask) -> None:
    answer = filled.test_client().get(_prov_of_a_document(filled))
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.json["code"] == "PUBLIC_URL_MISSING"
    assert "PUBLIC_URL" in answer.json["detail"]


def test_absolute_names_come_from_the_setting_and_never_from_the_request(filled: Flask) -> None:
    path, holder = _prov_of_a_document(filled), filled.extensions["kyodo-store"]
    without = holder.settings
    holder.settings = replace(without, public_url="https://kyodo.example.jp")
    try:
        headers = {"Host": "elsewhere.example", "X-Forwarded-Host": "elsewhere.example"}
        answer = filled.test_client().get(path, headers=headers)
    finally:
        holder.settings = without
    assert answer.status_code == 200
    assert answer.json["prefix"]["record"] == "https://kyodo.example.jp/id/"
    assert b"elsewhere" not in answer.get_data()
