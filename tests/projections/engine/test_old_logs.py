"""Logs that earlier commits wrote (tests/fixtures/old_logs): every event is read, every view is made from
them, and their bytes stay what they were."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from domain.council.events import CouncilEstablished, MemberAppointed
from domain.document.aggregate import DisclosureChanged, DocumentRevised
from domain.document.content import DocumentContentAttached
from domain.kernel.events import EVENTS, Actor, Recorded, names_of
from domain.kernel.mapper import decode
from domain.party.aggregate import NamePublicationConsentGiven, NamePublicationConsentWithdrawn
from domain.recording.application import command_named
from domain.recording.receipts import CommandTerms
from domain.reflection.events import FollowUpCompleted, FollowUpStarted
from domain.values.refusal import Refusal
from projections.engine.log import events_after, raw_after
from projections.engine.log_checks import log_checks
from projections.engine.store import Store
from projections.rebuild.replay import rebuild, verify
from tests.projections.conftest import new_store
from tests.support.given import START, ticking_clock
from tests.support.old_logs import LOGS, lines, log_of, put

pytestmark = pytest.mark.slow


def decoded(commit: str) -> list[Recorded[Any]]:
    return [decode(row["topic"], row["state"].encode(), row["position"]) for row in lines(log_of(commit))]


def the_only(kind: Any, among: list[Recorded[Any]]) -> Recorded[Any]:
    return next(e for e in among if type(e.data) is kind)


def holding(url: str, log: Path) -> Store:
    store = new_store(url)
    put(store, log)
    return store


@pytest.mark.parametrize("log", LOGS, ids=lambda log: log.stem)
def test_every_event_is_read_every_view_is_made_and_no_byte_changes(log: Path, database_url: str) -> None:
    store, rows = holding(database_url, log), lines(log)
    rebuild(store, repair=True)
    assert [proof.view for proof in verify(store) if not proof.equal] == []
    with store.engine.connect() as connection:
        read = events_after(connection, limit=1_000)
        raw = raw_after(connection, 0, 1_000)
        failing = [check.name for check in log_checks(connection, full=True) if check.verdict == "fails"]
    assert [(e.stream, e.version) for e in read] == [(row["stream"], row["version"]) for row in rows]
    assert {e.type for e in read} == {type(e.data).__name__ for e in read}
    assert [(r.topic, r.state.decode()) for r in raw] == [(row["topic"], row["state"]) for row in rows]
    assert failing == []
    store.close()


def test_a_stream_goes_on_from_what_was_recorded_long_ago(database_url: str) -> None:
    """The aggregate is made from old names and shapes and decides on them: this content is held already."""
    store = holding(database_url, log_of("ca185cc"))
    store.application.clock = ticking_clock(START.replace(hour=6))
    attach = command_named("Document", "attach_content")
    again = {"sha256": "0" * 64, "size_bytes": 1, "media_type": "text/plain"}
    terms = CommandTerms(actor=Actor("SEC"), roles=frozenset({"SEC"}))
    with pytest.raises(Refusal) as refused:
        store.application.execute(attach, "doc-minutes", again, terms)
    assert refused.value.code == "CONTENT_ALREADY_HELD"
    store.application.execute(
        command_named("Document", "revise"), "doc-minutes", {"change": "表を加えた"}, terms
    )
    receipt = store.application.execute(attach, "doc-minutes", again, terms)
    assert receipt.version == 6
    rebuild(store, repair=True)
    with store.engine.connect() as connection:
        for name in ("ContentAttached", "DocumentContentAttached"):
            assert [e.version for e in events_after(connection, types=[name])] == [2, 4, 6]
    store.close()


def test_every_change_of_an_event_is_shown_by_an_old_log() -> None:
    there = {(row["topic"], json.loads(row["state"]).get("schema", 1)) for log in LOGS for row in lines(log)}
    topics = {topic for topic, _ in there}
    changed = {e for e in EVENTS.values() if e.__module__.startswith("domain.")}
    assert [name for event in changed for name in event.ALIASES if name not in topics] == []
    assert [
        (event.__name__, version)
        for event in changed
        for version in range(1, event.class_version)
        if not any((name, version) in there for name in names_of(event.__name__))
    ] == []


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


def test_an_unknown_beginning_was_ten_years_and_says_nothing_now() -> None:
    appointed = [e.data for e in decoded("e855eb0") if type(e.data) is MemberAppointed]
    assert [a.from_date.precision for a in appointed] == ["unknown", "unknown", "day", "day", "day"]
    assert not hasattr(appointed[0], "warnings")


def test_a_body_that_was_called_nothing_else_was_a_joint_council() -> None:
    assert the_only(CouncilEstablished, decoded("e855eb0")).data.body_type == "joint_council"
