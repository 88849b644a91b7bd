"""Several commands as one act: told beforehand, recorded together, once, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, g

from api.access.accounts import Account
from api.access.auth import Caller
from api.office.desk.acts import Act, new_id, record, rehearse, sentences
from api.reads.reading import reading
from domain.values.refusal import Refusal
from tests.api.signing_in import Log


@pytest.fixture
def desk(app: Flask, staff: Account) -> Iterator[None]:
    """At the desk, as the secretariat."""
    with app.test_request_context("/desk"):
        g.kyodo_caller = Caller(staff.account_id, staff.login, staff.party_id, frozenset(staff.roles))
        yield


def matter_with_evidence(**wrong: Any) -> list[Act]:
    """A document, a matter raised, and the document before it as evidence."""
    survey, matter = new_id("Document"), new_id("Matter")
    registered = {"kind": "report", "title": "居場所の調査（架空）", "disclosure": {"visibility": "public"}}
    raised = {
        "title": "茶の間の開設",
        "question": "どこに開くか",
        "practice": "これまでの扱い",
        "record": {"effective": "2026-04-10"},
    }
    attached = {"evidence_id": "survey", "document_id": survey, "record": {"effective": "2026-04-10"}}
    return [
        Act("Document", "register", survey, registered, "/document"),
        Act("Matter", "raise_matter", matter, raised, "/matter"),
        Act("Matter", "attach_evidence", matter, attached | wrong, "/evidence"),
    ]


@pytest.mark.usefixtures("desk")
def test_what_will_stand_is_told_and_nothing_is_recorded(log: Log) -> None:
    rehearsal = rehearse(matter_with_evidence())
    assert rehearsal.faults == []
    with reading() as connection:
        texts = [sentence.text for sentence in sentences(connection, rehearsal)]
    assert [text.count("茶の間の開設") for text in texts] == [0, 1, 1]
    assert texts[1].startswith("令和8年(2026年)4月10日、")
    assert "居場所の調査（架空）" in texts[2]  # by its name, though it is not on record
    assert log() == []


@pytest.mark.usefixtures("desk")
def test_all_of_it_is_recorded_once_under_its_key(log: Log) -> None:
    acts = matter_with_evidence()
    first = record(acts, "a-form")
    assert [e.type for e in log()] == ["DocumentRegistered", "MatterRaised", "EvidenceAttached"]
    again = record(acts, "a-form")
    assert len(log()) == 3
    assert first is not None
    assert again is not None
    assert again.event_ids == first.event_ids


@pytest.mark.usefixtures("desk")
def test_one_refused_act_keeps_all_from_the_record_and_says_where(log: Log) -> None:
    (fault,) = rehearse(matter_with_evidence(kind="nothing of the kind")).faults
    assert fault.pointer == "/evidence/kind"
    with pytest.raises(Refusal) as refused:
        record(matter_with_evidence(document_id="doc-unknown"), "another")
    assert (refused.value.code, refused.value.pointer) == ("UNKNOWN_ID", "/evidence/document_id")
    assert log() == []
