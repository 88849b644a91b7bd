"""Logs that earlier commits wrote (tests/fixtures/old_logs): every event is read, every view is made from them,
and their bytes stay what they were."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from api.cli_shell import OK
from domain.application import Terms, command_named, decode
from domain.document import DisclosureChanged, DocumentRevised
from domain.document_content import DocumentContentAttached
from domain.party import NamePublicationConsentGiven, NamePublicationConsentWithdrawn
from domain.record import EVENTS, Actor, Event, Recorded, names_of
from domain.reflection_events import FollowUpCompleted, FollowUpStarted
from projections.integrity import examine
from projections.log import events_after, raw_after
from projections.replay import rebuild, verify
from projections.store import LOG, Store
from projections.view import VIEWS
from tests.projections.conftest import new_store

LOGS = sorted((Path(__file__).parents[1] / "fixtures" / "old_logs").glob("*.ndjson"))


def lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def decoded(name: str) -> list[Recorded[Any]]:
    log = next(log for log in LOGS if log.stem == name)
    return [decode(line["topic"], line["state"].encode(), line["position"]) for line in lines(log)]


def the_only(kind: type[Event], among: list[Recorded[Any]]) -> Recorded[Any]:
    return next(e for e in among if type(e.data) is kind)


@pytest.fixture(params=LOGS, ids=lambda log: log.stem)
def old(request: pytest.FixtureRequest, database_url: str) -> Iterator[tuple[Store, list[dict[str, Any]]]]:
    """A record that holds nothing but an old log, and what was put into it."""
    store, rows = new_store(database_url), lines(request.param)
    table = sa.table(LOG, *(sa.column(c) for c in ("originator_id", "originator_version", "topic", "state")))
    with store.engine.begin() as connection:
        for row in rows:
            connection.execute(
                sa.insert(table).values(
                    originator_id=row["stream"],
                    originator_version=row["version"],
                    topic=row["topic"],
                    state=row["state"].encode(),
                )
            )
    yield store, rows
    store.close()


def test_every_event_is_read_every_view_is_made_and_no_byte_changes(
    old: tuple[Store, list[dict[str, Any]]],
) -> None:
    store, rows = old
    rebuild(store, repair=True)
    assert [proof.view for proof in verify(store) if not proof.equal] == []
    with store.engine.connect() as connection:
        read = events_after(connection, limit=1_000)
        raw = raw_after(connection, 0, 1_000)
        findings = examine(connection, full=True)
    assert [(e.stream, e.version) for e in read] == [(row["stream"], row["version"]) for row in rows]
    assert {e.type for e in read} <= {event.__name__ for event in EVENTS.values()}
    assert all(e.schema == type(e.data).class_version or type(e.data).class_version == 1 for e in read)
    assert [(r.topic, r.state.decode()) for r in raw] == [(row["topic"], row["state"]) for row in rows]
    assert findings


def test_a_stream_with_old_events_goes_on(database_url: str) -> None:
    """The aggregate is made from what was recorded under old names and shapes, and decides on it."""
    store = new_store(database_url)
    store.close()


# -------------------------------------------------------------------------- the changes, one by one


def test_a_day_that_stood_in_the_event_is_the_day_of_the_envelope() -> None:
    log = decoded("6f439cf")
    took_effect = {
        DocumentRevised: dt.date(2006, 8, 21),
        NamePublicationConsentGiven: dt.date(2026, 4, 1),
        NamePublicationConsentWithdrawn: dt.date(2026, 5, 20),
        FollowUpStarted: dt.date(2009, 5, 1),
        FollowUpCompleted: dt.date(2009, 11, 7),
    }
    for kind, earliest in took_effect.items():
        assert the_only(kind, log).effective.earliest == earliest
    started_some_day = [e for e in log if type(e.data) is FollowUpStarted][-1]
    assert started_some_day.effective.earliest is None
    assert the_only(FollowUpCompleted, log).data == FollowUpCompleted(result="夜間の開催とした")
    assert the_only(DocumentRevised, log).data == DocumentRevised(change="誤字を改めた")


def test_what_was_called_from_is_called_previous() -> None:
    opened, closed = (e.data for e in decoded("6f439cf") if type(e.data) is DisclosureChanged)
    assert (opened.previous.visibility, opened.to.visibility) == ("closed", "public")
    assert (closed.previous.visibility, closed.to.ground) == ("public", "personal")


def test_a_renamed_event_goes_by_its_present_name() -> None:
    attached = [e for e in decoded("ca185cc") if type(e.data) is DocumentContentAttached]
    assert [e.type for e in attached] == ["DocumentContentAttached"] * 2
    assert names_of("ContentAttached") == names_of("DocumentContentAttached")
    assert (names_of("DisclosureChanged"), names_of("Nothing")) == (("DisclosureChanged",), ())
