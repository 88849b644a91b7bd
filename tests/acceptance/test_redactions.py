"""What is redacted is told nowhere, and breaks nothing: one event of every type at once, whole or in part."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient

import projections.questions  # noqa: F401  every question is declared
from domain.kernel.correction import Correctable
from domain.kernel.events import Recorded
from domain.kernel.record import kind_of
from domain.sample.record import make_sample
from domain.values.refusal import Refusal
from projections.engine.log import events_after
from projections.engine.store import Store
from projections.questions.question import QUESTIONS
from projections.registry import open_store
from tests.support.given import give
from tests.support.served import served

CLOSED = {"visibility": "closed", "ground": "personal"}
LISTS = (
    *("/", "/timeline", "/timeline.csv", "/actions", "/actions.csv", "/events-list.csv", "/meetings"),
    *("/matters", "/council", "/study", "/issues", "/sources", "/participation", "/search?q=架空"),
    *(f"/api/v1/{name}?limit=200" for name in ("timeline", "matters", "meetings", "actions", "plans")),
    *(f"/api/v1/{name}?limit=200" for name in ("studies", "issues", "groups", "councils", "sheets")),
    *("/api/v1/budgets", "/api/v1/councils/council-aoba/members?limit=200", "/api/v1/events?limit=200"),
    *(f"/questions/{code}" for code in sorted(QUESTIONS) if code.startswith("P")),
)


def all_events(store: Store) -> list[Recorded[Any]]:
    found: list[Recorded[Any]] = []
    with store.engine.connect() as connection:
        while page := events_after(connection, found[-1].position if found else 0, limit=500):
            found += page
    return found


def words(value: Any) -> Iterator[str]:
    """The Japanese texts of an event that are long enough to be told apart, and amounts as they print."""
    if isinstance(value, str) and len(value) >= 5 and re.search("[ぁ-んァ-ヶ一-龠]", value):
        yield value
    elif isinstance(value, int) and not isinstance(value, bool) and value >= 10_000:
        yield f"{value:,}"
    elif isinstance(value, dict | list | tuple):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from words(inner)


def only_said_there(events: list[Recorded[Any]], redacted: list[Recorded[Any]]) -> set[str]:
    """Words that no other event says, alone or within a longer text."""
    said: dict[str, set[int]] = defaultdict(set)
    for e in events:
        for text in words(msgspec.to_builtins(e.data)):
            said[text].add(e.position)
    closed = {e.position for e in redacted}
    others = [text for text, positions in said.items() if positions - closed]
    return {
        text
        for text, positions in said.items()
        if positions <= closed and not any(text in other for other in others)
    }


@pytest.fixture(scope="module", params=["whole", "reason"])
def redacted(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[FlaskClient, set[str], list[str]]]:
    """The fictional city, with the first event of every type redacted: a client, the words that must not be
    told, and the things the events are about. ``reason``: only that field."""
    url = f"sqlite:///{tmp_path_factory.mktemp('redacted')}/record.db"
    store = open_store(url)
    store.create()
    make_sample(store.application, 16)
    events = all_events(store)
    first: dict[str, Recorded[Any]] = {}
    for e in events:
        if issubclass(kind_of(e.stream), Correctable):
            first.setdefault(e.type, e)
    done = [e for e in first.values() if _redact(store, e, request.param)]
    store.close()
    secrets = only_said_there(events, done)
    if request.param == "reason":
        secrets &= {text for e in done for text in words(getattr(e.data, "reason", None))}
    assert len(done) > 10
    assert secrets
    things = sorted({f"{kind_of(e.stream).COLLECTION}/{e.entity}" for e in done})
    with served(url) as app:
        yield app.test_client(), secrets, things


def _redact(store: Store, e: Recorded[Any], mode: str) -> bool:
    fields = ["reason"] if mode == "reason" else []
    if fields and getattr(e.data, "reason", None) is None:
        return False
    about = {"redaction_id": f"probe-{e.position}", "target_version": e.version, "redacted": CLOSED}
    kind = kind_of(e.stream).__name__
    try:
        give(store.application, "DIS", kind, e.entity, "redact", **about, reason="探り", fields=fields)
    except Refusal as refused:
        if refused.code != "EVENT_UNKNOWN":  # corrections and redactions are not redacted themselves
            raise
        return False
    return True


def test_nothing_tells_what_is_redacted_and_nothing_breaks(
    redacted: tuple[FlaskClient, set[str], list[str]],
) -> None:
    client, secrets, things = redacted
    own = [
        path
        for thing in things
        for path in (
            f"/{thing}",
            f"/api/v1/{thing}",
            f"/api/v1/{thing}/trail",
            f"/trails/{thing.split('/')[1]}",
        )
    ]
    broken, told = [], []
    for path in (*LISTS, *own):
        answer = client.get(path)
        text = answer.get_data(as_text=True)
        if answer.status_code >= 500:
            broken.append(path)
        told += [(path, secret) for secret in secrets if secret in text]
    assert broken == []
    assert told == []
