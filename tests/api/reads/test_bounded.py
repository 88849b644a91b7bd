"""Answers are bounded in bytes: a page ends before it is longer than a million, and the next goes on."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient

from api.reads import reading
from api.reads.reading import within_rows
from projections.engine.store import Store
from tests.api.conftest import record_documents

DOCUMENTS = 7


def pages(client: FlaskClient, address: str) -> list[Any]:
    found = [client.get(address)]
    while (following := found[-1].get_json()["next"]) is not None:
        assert found[-1].headers["Link"] == f'<{following}>; rel="next"'
        found.append(client.get(following))
    return found


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("/api/v1/changes?from=2020-01-01&limit=200", "id"),
    ],
)
def test_a_list_ends_early_and_nothing_is_left_out(
    client: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch, address: str, key: str
) -> None:
    record_documents(store, *(f"鯨の話{n}" * 20 for n in range(DOCUMENTS)))
    (whole,) = pages(client, address)
    wanted = [item[key] for item in whole.get_json()["items"]]
    assert len(wanted) == DOCUMENTS
    longest = max(len(orjson.dumps(item)) for item in whole.get_json()["items"])
    monkeypatch.setattr(reading, "MOST_BYTES", 2 * longest + longest // 2)
    found = pages(
        client, address.replace("limit=200", "limit=199")
    )  # another address: nothing is answered from memory
    assert [item[key] for page in found for item in page.get_json()["items"]] == wanted
    assert len(found) == -(-DOCUMENTS // 2)
    assert max(len(page.data) for page in found) < 3 * longest


def test_a_list_of_things_that_are_each_too_long_shows_them_one_by_one(
    client: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_documents(store, "甲", "乙", "丙")
    monkeypatch.setattr(reading, "MOST_BYTES", 10)
    for address in ("/api/v1/sources", "/api/v1/events?after=0"):
        assert [len(page.get_json()["items"]) for page in pages(client, address)] == [1, 1, 1]


def test_events_as_lines_end_early_and_say_how_far_they_go(
    client: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_documents(store, "甲", "乙", "丙")
    monkeypatch.setattr(reading, "MOST_BYTES", 10)
    answer = client.get("/api/v1/events?after=0&format=ndjson")
    assert (answer.data.count(b"\n"), answer.headers["Kyodo-Position"]) == (1, "1")
    assert answer.headers["Link"].startswith("</api/v1/events?after=1&")


def test_a_page_for_people_ends_early_too(
    client: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_documents(store, *(f"鯨の話{n}" for n in range(3)))
    assert client.get("/sources").get_data(as_text=True).count("鯨の話") >= 3
    monkeypatch.setattr(reading, "MOST_BYTES", 10)
    text = client.get("/sources?limit=60").get_data(as_text=True)
    assert "鯨の話0" in text and "鯨の話1" not in text
    assert "cursor=" in text


def test_rows_are_counted_by_the_bytes_of_their_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [("鯨", 1, None), ("鯨", 2, None), ("鯨", 3, None)]
    for most, held in ((1, 1), (5, 1), (6, 2), (8, 2), (9, 3)):
        monkeypatch.setattr(reading, "MOST_BYTES", most)
        assert within_rows(rows) == held
