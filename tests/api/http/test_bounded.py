"""An answer is bounded in bytes: a page of long things ends earlier, and the next begins where it ended."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from api.reads import reading
from projections.engine.store import Store
from tests.api.conftest import record_documents

MOST = 2_000


def pages(client: FlaskClient, address: str) -> list[tuple[int, list[Any]]]:
    """The size and the items of each page, to the last."""
    found = []
    following: str | None = address
    while following:
        answer = client.get(following)
        assert answer.status_code == 200
        found.append((len(answer.data), answer.json["items"]))
        following = answer.json["next"] if answer.json["items"] else None
        assert (following is None) or f'<{following}>; rel="next"' == answer.headers["Link"]
    return found


@pytest.mark.parametrize(
    ("address", "name"),
    [("/api/v1/sources?limit=50", "document_id"), ("/api/v1/events?limit=50", "event_id")],
)
def test_a_page_of_long_things_ends_earlier_and_nothing_is_left_out(
    client: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch, address: str, name: str
) -> None:
    record_documents(store, *(f"{n:02} {'長い題' * (90 if n == 7 else 20)}" for n in range(25)))
    (_, whole), *_ = pages(client, address)
    monkeypatch.setattr(reading, "MOST_BYTES", MOST)
    cut = pages(client, address.replace("50", "60"))  # what was answered before is kept
    assert [item[name] for _, items in cut for item in items] == [item[name] for item in whole]
    assert len(whole) == 25
    assert len(cut) > 5
    assert all(size < MOST + 500 or len(items) == 1 for size, items in cut)
