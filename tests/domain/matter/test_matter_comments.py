"""Public comment 意見募集 on a matter: once, within its days, answered before the city decides."""

from __future__ import annotations

from typing import Any

import pytest

from domain.public_comment.events import CommentReceived, CommentResultPublished, PublicCommentOpened
from tests.domain.promotion_plan.test_promotion_plan_comments import WINDOW, day, given_a_letter
from tests.support.given import TestRecord, then_recorded, then_refused
from tests.support.stories.matters import (
    StandInMeeting,
    given_a_conclusion,
    given_a_matter,
    stand_in_for_meetings,
)

LATER = {"from_date": day("2026-03-20"), "to_date": day("2026-04-20")}
"""Open on the test's clock, which begins on 2026-04-01."""


def comment(record: TestRecord, matter: str, name: str = "c-1", **fields: Any) -> Any:
    said = {"channel": "form", "text_ref": given_a_letter(record), "name": "架空 花子", "address": "架空町1"}
    return record.do("SEC", "Matter", matter, "receive_comment", comment_id=name, **said | fields)


def test_the_public_is_asked_once_and_comments_come_in_within_the_window(record: TestRecord) -> None:
    matter = given_a_matter(record)
    then_refused("COMMENTS_NOT_ASKED", record, "SEC", "Matter", matter, "receive_comment", comment_id="c-1")
    then_refused("COMMENTS_NOT_ASKED", record, "SEC", "Matter", matter, "publish_comment_result")
    then_recorded(record.do("SEC", "Matter", matter, "open_public_comment", **WINDOW), PublicCommentOpened)
    then_refused("COMMENTS_ASKED", record, "SEC", "Matter", matter, "open_public_comment", **WINDOW)
    received = comment(record, matter, received_on=day("2026-02-10"))
    then_recorded(received, CommentReceived)
    late = {"comment_id": "c-2", "text_ref": "doc-letter", "name": "別人", "address": "架空町2"}
    outside = {**late, "received_on": day("2026-03-01")}
    then_refused("OUTSIDE_WINDOW", record, "SEC", "Matter", matter, "receive_comment", **outside)
    assert "架空" not in str(received[0].data)


@pytest.fixture
def meetings(monkeypatch: pytest.MonkeyPatch) -> dict[str, StandInMeeting]:
    return stand_in_for_meetings(monkeypatch)


def test_the_city_decides_when_every_comment_is_answered(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    matter = given_a_conclusion(record, meetings)
    record.do("SEC", "Matter", matter, "open_public_comment", **WINDOW)
    comment(record, matter, received_on=day("2026-02-10"))
    decision = {"authority": "mayor", "text": "市の決定（架空）", "document_no": "架空第9号"}
    then_refused("COMMENTS_OPEN", record, "APR", "Matter", matter, "record_city_decision", **decision)
    then_refused("COMMENTS_OPEN", record, "SEC", "Matter", matter, "publish_comment_result")
    answer = {"comment_id": "c-1", "disposition": "for_reference", "reply": "参考とする（架空）"}
    record.do("SEC", "Matter", matter, "dispose_comment", **answer)
    made = record.do("SEC", "Matter", matter, "publish_comment_result")
    then_recorded(made, CommentResultPublished)
    assert (made[0].data.persons, made[0].data.comments) == (1, 1)
    record.do("APR", "Matter", matter, "record_city_decision", **decision)
    made = record.do(
        "DIS", "Matter", matter, "erase_commenter", comment_id="c-1", reason="本人の求め（架空）"
    )
    assert record.recorder.vault[next(iter(record.recorder.vault))] == {}


def test_nothing_is_decided_while_comments_may_still_come_in(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    matter = given_a_conclusion(record, meetings)
    record.do("SEC", "Matter", matter, "open_public_comment", **LATER)
    decision = {"authority": "mayor", "text": "市の決定（架空）", "document_no": "架空第9号"}
    then_refused("WINDOW_OPEN", record, "APR", "Matter", matter, "record_city_decision", **decision)
