"""The ten items of minutes (O22): each of them is asked for, by name, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from domain.meeting.aggregate import Meeting
from domain.meeting.events import MinutesPublished
from domain.meeting.ten_items import missing_items
from tests.support.given import TestRecord, then_recorded, then_refused
from tests.support.stories.assemblies import (
    COUNCIL,
    MEETING,
    at,
    do_meeting,
    given_a_council,
    given_it_is_open,
    meeting_of,
)

SCHEDULED = {"council_id": COUNCIL, "kind": "plenary", "place": "架空会館", "starts_at": at(14)}
ITEM = {"item_id": "item-1", "order": 1, "title": "架空の議題", "type": "report"}
NOTICE = {"notice_on": "2026-05-01", "publicity": "open"}
CLOSING = {"observers": 0, "staff": 2}
DRAFT = {"v": 1, "style": "summary", "naming": "role", "document_id": "doc-minutes", "other": "なし"}
PERSONAL = {"visibility": "closed", "ground": "personal"}


def given_confirmed_minutes(
    record: TestRecord,
    *,
    scheduled: dict[str, Any] = SCHEDULED,
    items: bool = True,
    notice: dict[str, Any] | None = NOTICE,
    why_closed: str | None = None,
    item_closed: bool = False,
    closing: dict[str, Any] = CLOSING,
    documents: list[str] | None = [],  # noqa: B006  never changed
    draft: dict[str, Any] = DRAFT,
) -> None:
    """Minutes as far as their confirmation, of a meeting of which any one thing may have been left out."""
    given_a_council(record, members=2)
    do_meeting(record, "SEC", "schedule", **scheduled)
    if items:
        do_meeting(record, "SEC", "list_item", **ITEM)
    if notice is not None:
        do_meeting(record, "SEC", "notify", **notice, envelope={"reason": why_closed})
    given_it_is_open(record, 2)
    if item_closed:
        closed = {"item_id": "item-1", "disclosure": PERSONAL, "decided_in_meeting": True}
        do_meeting(record, "CHR", "close_item", **closed, reason="個人に関する議題（架空）")
    if items:
        do_meeting(record, "SEC", "note_item", item_id="item-1")
    do_meeting(record, "CHR", "close", at=at(16), **closing)
    record.do("SEC", "Document", "doc-minutes", "register", kind="minutes", disclosure={})
    if documents is not None:
        do_meeting(record, "SEC", "list_documents", document_ids=documents)
    do_meeting(record, "SEC", "draft_minutes", **draft)
    do_meeting(record, "SEC", "circulate_minutes", v=1, reply_by="2026-05-24")
    do_meeting(record, "CHR", "confirm_minutes", by="chair", v=1)


def publish(record: TestRecord) -> None:
    then_recorded(do_meeting(record, "SEC", "publish_minutes", on="2026-06-01"), MinutesPublished)


def without(fields: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key != name}


@pytest.mark.parametrize(
    ("left_out", "ja", "en"),
    [
        ({"items": False}, "議題", "the topics"),
        ({"scheduled": without(SCHEDULED, "place")}, "日時・場所", "date and place"),
        ({"notice": None}, "公開・非公開とその理由", "open or closed, and why"),
        ({"closing": without(CLOSING, "staff")}, "事務局", "staff"),
        ({"closing": without(CLOSING, "observers")}, "傍聴者数", "number of observers"),
        ({"documents": None}, "資料", "documents"),
        ({"draft": without(DRAFT, "other")}, "その他", "other matters"),
    ],
)
def test_minutes_that_lack_one_item_are_not_published(
    record: TestRecord, left_out: dict[str, Any], ja: str, en: str
) -> None:
    given_confirmed_minutes(record, **left_out)
    publishing = ("SEC", "Meeting", MEETING, "publish_minutes")
    refused = then_refused("MINUTES_INCOMPLETE", record, *publishing, on="2026-06-01")
    assert refused.sentence("ja") == f"会議録に必要な項目が足りません（{ja}）。"
    assert refused.sentence("en") == f"The minutes lack: {en}."
    # An import may leave the gap.
    imported = do_meeting(record, "IMP", "publish_minutes", on="2026-06-01", importing=True)
    then_recorded(imported, MinutesPublished)


def no_body(meeting: Meeting) -> None:
    meeting.council_id = ""


def nobody_there(meeting: Meeting) -> None:
    meeting.opened = None


def no_record(meeting: Meeting) -> None:
    meeting.minutes_document = None


@pytest.mark.parametrize(
    ("leave_out", "name"),
    [
        (no_body, ("会議体", "the body")),
        (nobody_there, ("出席者・欠席者", "members present and absent")),
        (no_record, ("会議の記録", "the record of the meeting")),
    ],
)
def test_what_only_an_import_can_leave_out_is_asked_for_too(
    record: TestRecord, leave_out: Callable[[Meeting], None], name: tuple[str, str]
) -> None:
    given_confirmed_minutes(record)
    meeting = meeting_of(record)
    assert missing_items(meeting) == []
    leave_out(meeting)
    assert missing_items(meeting) == [name]


def test_all_that_is_missing_is_named_at_once(record: TestRecord) -> None:
    given_confirmed_minutes(record, closing={}, documents=None)
    publishing = ("SEC", "Meeting", MEETING, "publish_minutes")
    refused = then_refused("MINUTES_INCOMPLETE", record, *publishing, on="2026-06-01")
    assert "事務局、傍聴者数、資料" in refused.sentence("ja")
    assert "staff, number of observers, documents" in refused.sentence("en")


@pytest.mark.parametrize("publicity", ["partly_closed", "closed"])
def test_a_meeting_that_is_not_open_says_why(record: TestRecord, publicity: str) -> None:
    given_confirmed_minutes(record, notice=NOTICE | {"publicity": publicity})
    assert missing_items(meeting_of(record)) == [("公開・非公開とその理由", "open or closed, and why")]


@pytest.mark.parametrize("publicity", ["partly_closed", "closed"])
@pytest.mark.parametrize("why", [{"why_closed": "個人情報（架空）"}, {"item_closed": True}])
def test_it_is_said_with_the_notice_or_for_each_item(
    record: TestRecord, publicity: str, why: dict[str, Any]
) -> None:
    given_confirmed_minutes(record, notice=NOTICE | {"publicity": publicity}, **why)
    publish(record)


def test_opinions_gathered_in_writing_need_no_place(record: TestRecord) -> None:
    given_confirmed_minutes(record, scheduled=without(SCHEDULED, "place") | {"kind": "written"})
    assert missing_items(meeting_of(record)) == []


def test_what_was_missing_is_recorded_afterwards(record: TestRecord) -> None:
    left_out = {"closing": without(CLOSING, "observers"), "documents": None}
    given_confirmed_minutes(record, **left_out, draft=without(DRAFT, "other"))
    do_meeting(record, "SEC", "import_counts", observers=3)
    then_refused("UNKNOWN_ID", record, "SEC", "Meeting", MEETING, "list_documents", document_ids=["doc-9"])
    do_meeting(record, "SEC", "list_documents", document_ids=["doc-minutes"])
    draft = next(e for e in record.events if e.type == "MinutesDrafted")
    correction = {"correction_id": "k-1", "reason": "書き落とし（架空）"}
    changes = [{"field": "other", "after": "次回の日程を確認した（架空）"}]
    do_meeting(
        record, "SEC", "propose_correction", **correction, target_version=draft.version, changes=changes
    )
    do_meeting(record, "CHR", "approve_correction", correction_id="k-1")
    publish(record)


def test_counts_add_up(record: TestRecord) -> None:
    given_confirmed_minutes(record)
    do_meeting(record, "SEC", "import_counts", members_serving=2)
    do_meeting(record, "SEC", "import_counts", members_present=2)
    meeting = meeting_of(record)
    meeting.opened = None
    assert meeting.counts is not None and meeting.counts.members_serving == 2
    assert missing_items(meeting) == []
