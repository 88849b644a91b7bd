"""Disclosure requests: received with their terms, decided item by item, reviewed, closed."""

from __future__ import annotations

from typing import Any

from domain.disclosure_request.aggregate import DisclosureRequest
from domain.disclosure_request.events import DisclosureRequested, RequestItemDecided
from tests.support.given import TestRecord, then_recorded, then_refused
from tests.support.stories.matters import given_a_document

R = "request-1"
LAW = {"instrument_id": "law-x", "article": 6}
ITEMS = [{"item_id": "item-1", "document_id": "doc-1"}, {"item_id": "item-2", "what": "打合せの記録"}]
ASKED: dict[str, Any] = {
    "kind": "information",
    "received_on": "2026-05-01",
    "due_on": "2026-05-16",
    "requested": ITEMS,
}


def do(record: TestRecord, role: str, command: str, **fields: Any) -> Any:
    return record.do(role, "DisclosureRequest", R, command, **fields)


def refused(record: TestRecord, code: str, role: str, command: str, **fields: Any) -> None:
    then_refused(code, record, role, "DisclosureRequest", R, command, **fields)


def request(record: TestRecord) -> DisclosureRequest:
    found = record.application.repository.get(R, projector_func=DisclosureRequest.replay)
    assert isinstance(found, DisclosureRequest)
    return found


def given_a_request(record: TestRecord, **more: Any) -> None:
    given_a_document(record, "doc-1")
    record.do("SEC", "LegalInstrument", "law-x", "enact", title_ja="架空条例")
    do(record, "SEC", "receive", **{**ASKED, **more})


def given_decisions(record: TestRecord) -> None:
    given_a_request(record)
    do(record, "DIS", "decide", item_id="item-1", decision="disclosed", decided_on="2026-05-10")
    withheld = {"ground": "deliberation", "citation": LAW, "reason": "検討中のため（架空）"}
    partly = {"item_id": "item-2", "decision": "partly_disclosed", "decided_on": "2026-05-10"}
    do(record, "DIS", "decide", **partly, **withheld)


def test_who_asks_stands_in_no_event(record: TestRecord) -> None:
    given_a_request(record, name="架空 花子", contact="架空市一丁目")
    (received,) = [e for e in record.events if e.type == "DisclosureRequested"]
    assert received.data.vault_ref == R and received.data.disclosure.visibility == "internal"
    assert record.recorder.vault[R] == {"name": "架空 花子", "contact": "架空市一丁目"}
    assert "花子" not in repr(record.events)
    assert isinstance(received.data, DisclosureRequested)


def test_a_request_says_what_it_asks_for(record: TestRecord) -> None:
    refused(record, "NOTHING_REQUESTED", "SEC", "receive", **{**ASKED, "requested": []})
    refused(record, "NOTHING_REQUESTED", "SEC", "receive", **{**ASKED, "requested": [{"item_id": "item-1"}]})
    refused(record, "UNKNOWN_ID", "SEC", "receive", **ASKED)
    early = {**ASKED, "due_on": "2026-04-30", "requested": ITEMS[1:]}
    refused(record, "BEFORE_RECEIPT", "SEC", "receive", **early)


def test_the_deadline_is_extended_for_a_reason(record: TestRecord) -> None:
    given_a_request(record)
    longer = {"on": "2026-05-12", "due_on": "2026-06-15", "reason": "大量のため（架空）"}
    refused(record, "DUE_NOT_LATER", "SEC", "extend", **{**longer, "due_on": "2026-05-16"})
    refused(record, "BEFORE_RECEIPT", "SEC", "extend", **{**longer, "on": "2026-04-01"})
    do(record, "SEC", "extend", **longer)
    due = request(record).due_on
    assert due is not None and due.isoformat() == "2026-06-15"


def test_a_request_is_made_clearer_before_anything_is_decided(record: TestRecord) -> None:
    given_a_request(record)
    clearer = {"on": "2026-05-03", "requested": ITEMS[:1]}
    do(record, "SEC", "amend", **clearer)
    do(record, "DIS", "decide", item_id="item-1", decision="not_held", decided_on="2026-05-10")
    refused(record, "WRONG_STATE", "SEC", "amend", **clearer)


def test_each_item_is_decided_on_its_article(record: TestRecord) -> None:
    given_a_request(record)
    closed = {"item_id": "item-1", "decision": "not_disclosed", "decided_on": "2026-05-10"}
    refused(record, "ACTOR_REQUIRED", "SEC", "decide", **closed)
    refused(record, "GROUND_AND_ARTICLE_REQUIRED", "DIS", "decide", **closed)
    refused(record, "REQUESTED_ITEM_UNKNOWN", "DIS", "decide", **{**closed, "item_id": "item-9"})
    (made,) = do(record, "DIS", "decide", **closed, citation=LAW, reason="個人情報のため（架空）")
    then_recorded([made], RequestItemDecided)
    assert request(record).state == "received", "one item is still to be decided"
    refused(record, "WRONG_STATE", "SEC", "close", on="2026-05-20")


def test_what_is_disclosed_was_decided_to_be(record: TestRecord) -> None:
    given_a_request(record)
    shown = {"on": "2026-05-20", "means": "copy"}
    refused(record, "ITEM_UNDECIDED", "SEC", "disclose", item_id="item-1", **shown)
    do(record, "DIS", "decide", item_id="item-1", decision="disclosed", decided_on="2026-05-10")
    do(record, "DIS", "decide", item_id="item-2", decision="not_held", decided_on="2026-05-10")
    do(record, "SEC", "disclose", item_id="item-1", **shown)
    refused(record, "NOT_TO_BE_DISCLOSED", "SEC", "disclose", item_id="item-2", **shown)
    do(record, "SEC", "close", on="2026-05-20")
    assert request(record).state == "closed"


def test_a_review_may_change_a_decision(record: TestRecord) -> None:
    given_decisions(record)
    do(record, "SEC", "close", on="2026-05-20")
    do(record, "SEC", "request_review", item_id="item-2", on="2026-06-01")
    refused(record, "ALREADY_EXISTS", "SEC", "request_review", item_id="item-2", on="2026-06-02")
    refused(record, "REVIEW_OPEN", "SEC", "close", on="2026-06-10")
    again = {"item_id": "item-2", "decision": "disclosed", "decided_on": "2026-07-01"}
    refused(record, "REVIEW_OPEN", "DIS", "decide", **again)
    refused(
        record,
        "NO_REVIEW_OPEN",
        "DIS",
        "decide_review",
        item_id="item-1",
        on="2026-06-20",
        maintained=True,
        reason="—",
    )
    do(
        record,
        "DIS",
        "decide_review",
        item_id="item-2",
        on="2026-06-20",
        maintained=False,
        reason="理由（架空）",
    )
    assert request(record).state == "received"
    do(record, "DIS", "decide", **again)
    do(record, "SEC", "close", on="2026-07-10")
    assert request(record).decisions["item-2"].decision == "disclosed"


def test_a_request_may_be_withdrawn_and_its_requester_forgotten(record: TestRecord) -> None:
    given_a_request(record, name="架空 花子")
    refused(record, "WRONG_STATE", "DIS", "erase_requester", reason="請求（架空）")
    do(record, "SEC", "withdraw", on="2026-05-05")
    refused(record, "WRONG_STATE", "SEC", "withdraw", on="2026-05-06")
    do(record, "DIS", "erase_requester", reason="保存期間の満了（架空）")
    assert not record.recorder.vault[R]


# -- what is said to be wrong


WRONG = {"item_id": "item-1", "what": "開催日が違う（架空）", "thing_id": "doc-1", "letter_id": "doc-1"}


def given_something_is_said_to_be_wrong(record: TestRecord) -> None:
    given_a_document(record, "doc-1")
    do(record, "SEC", "receive", kind="correction", received_on="2026-05-01", requested=[WRONG])


def test_what_is_said_to_be_wrong_is_corrected_or_it_is_said_why_not(record: TestRecord) -> None:
    given_something_is_said_to_be_wrong(record)
    decided = {"item_id": "item-1", "decided_on": "2026-05-10"}
    refused(record, "OUTCOME_NOT_OF_KIND", "DIS", "decide", **decided, decision="disclosed")
    refused(record, "REASON_REQUIRED", "DIS", "decide", **decided, decision="not_corrected")
    do(record, "DIS", "decide", **decided, decision="not_corrected", reason="会議録のとおり（架空）")
    refused(record, "NOT_TO_BE_DISCLOSED", "SEC", "disclose", item_id="item-1", on="2026-05-11", means="copy")
    do(record, "DIS", "decide", **decided, decision="corrected")
    do(record, "SEC", "close", on="2026-05-12")
    assert request(record).state == "closed"


def test_what_is_asked_to_be_seen_is_not_corrected(record: TestRecord) -> None:
    given_a_request(record)
    corrected = {"item_id": "item-1", "decided_on": "2026-05-10", "decision": "corrected"}
    refused(record, "OUTCOME_NOT_OF_KIND", "DIS", "decide", **corrected)


def test_what_is_said_to_be_wrong_is_on_record(record: TestRecord) -> None:
    asked = {"kind": "correction", "received_on": "2026-05-01"}
    for name in ("thing_id", "letter_id"):
        wrong = {"item_id": "item-1", "what": "違う", name: "doc-none"}
        refused(record, "UNKNOWN_ID", "SEC", "receive", **asked, requested=[wrong])
