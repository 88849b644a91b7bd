"""Public comment on a draft: answered one by one, and nobody who commented stands in the record."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from domain.promotion_plan.aggregate import (
    CommentDisposed,
    CommenterErased,
    CommentReceived,
    CommentResultPublished,
    PlanExpired,
    PlanRevised,
    PublicCommentOpened,
)
from tests.domain.promotion_plan.test_promotion_plan import (
    NEW,
    NEXT,
    OLD,
    REASON,
    given_a_document,
    given_a_draft,
    given_a_plan_in_force,
    given_an_agreed_matter,
    given_an_approved_plan,
    period,
    plan,
)
from tests.support.given import TestRecord, then_recorded, then_refused

NAME, ADDRESS = "架空 花子", "石川県金沢市架空町1-1"


def day(value: str) -> dict[str, str]:
    return {"value": value, "precision": "day"}


WINDOW = {"from_date": day("2026-02-06"), "to_date": day("2026-02-26"), "channels": ["post", "email"]}
"""Past on the test's clock, which begins on 2026-04-01."""


def given_comments_are_open(record: TestRecord, **window: Any) -> str:
    given_a_draft(record)
    record.do("SEC", "PromotionPlan", NEW, "open_public_comment", **WINDOW | window)
    return NEW


def given_a_letter(record: TestRecord, name: str = "doc-letter") -> str:
    closed = {"visibility": "closed", "ground": "personal"}
    if not any(e.stream == f"document-{name}" for e in record.events):
        record.do("SEC", "Document", name, "register", kind="public_comment", disclosure=closed)
    return name


def comment(record: TestRecord, comment_id: str = "comment-1", /, **fields: Any) -> dict[str, Any]:
    given = {
        "comment_id": comment_id,
        "channel": "post",
        "text_ref": given_a_letter(record),
        "name": NAME,
        "address": ADDRESS,
        "received_on": day("2026-02-10"),
    }
    return {key: value for key, value in (given | fields).items() if value is not None}


def given_a_comment(record: TestRecord, comment_id: str = "comment-1", /, **fields: Any) -> str:
    record.do("SEC", "PromotionPlan", NEW, "receive_comment", **comment(record, comment_id, **fields))
    return comment_id


def dispose(record: TestRecord, name: str = "comment-1", **fields: Any) -> list[Any]:
    said = {"comment_id": name, "disposition": "for_reference"} | fields
    return record.do("SEC", "PromotionPlan", NEW, "dispose_comment", **said)


# -- receiving


def test_the_public_is_asked_about_a_draft(record: TestRecord) -> None:
    given_a_draft(record)
    made = record.do("SEC", "PromotionPlan", NEW, "open_public_comment", **WINDOW)
    then_recorded(made, PublicCommentOpened)
    assert (plan(record).state, made[0].effective.value) == ("public_comment", "2026-02-06")
    then_refused("WRONG_STATE", record, "SEC", "PromotionPlan", NEW, "open_public_comment", **WINDOW)


def test_a_window_runs_forward_even_on_import(record: TestRecord) -> None:
    given_a_draft(record)
    backward = WINDOW | {"to_date": day("2026-02-05")}
    refused = ("WINDOW_REVERSED", record, "IMP", "PromotionPlan", NEW, "open_public_comment")
    then_refused(*refused, importing=True, **backward)


def test_who_commented_goes_to_the_vault_and_stands_in_no_event(record: TestRecord) -> None:
    given_comments_are_open(record)
    given_a_comment(record, contact="076-000-0000")
    made = record.events[-1]
    then_recorded([made], CommentReceived)
    written = msgspec.json.encode(record.events).decode()
    assert NAME not in written and ADDRESS not in written and "076-000-0000" not in written
    kept = record.recorder.vault[made.data.vault_ref]
    assert kept == {"name": NAME, "address": ADDRESS, "contact": "076-000-0000"}
    assert made.subject == f"{NEW}#comment-1"


@pytest.mark.parametrize("missing", ["name", "address"])
def test_name_and_address_are_needed(record: TestRecord, missing: str) -> None:
    given_comments_are_open(record)
    without = comment(record, **{missing: None})
    then_refused("COMMENTER_REQUIRED", record, "SEC", "PromotionPlan", NEW, "receive_comment", **without)


def test_one_person_may_comment_often(record: TestRecord) -> None:
    given_comments_are_open(record)
    given_a_comment(record)
    given_a_comment(record, "comment-2", same_person_as="comment-1", name=None, address=None)
    first, second = plan(record).comments.values()
    assert first.vault_ref == second.vault_ref and len(record.recorder.vault) == 1
    unknown = comment(record, "comment-3", same_person_as="comment-9", name=None, address=None)
    then_refused("UNKNOWN_ID", record, "SEC", "PromotionPlan", NEW, "receive_comment", **unknown)
    again = comment(record, "comment-2")
    then_refused("ALREADY_EXISTS", record, "SEC", "PromotionPlan", NEW, "receive_comment", **again)


def test_what_was_written_is_a_document_that_is_not_public(record: TestRecord) -> None:
    given_comments_are_open(record)
    receiving = ("SEC", "PromotionPlan", NEW, "receive_comment")
    then_refused("TEXT_REQUIRED", record, *receiving, **comment(record, text_ref=None))
    then_refused("UNKNOWN_ID", record, *receiving, **comment(record, text_ref="doc-none"))
    public = given_a_document(record, "doc-public")
    then_refused("PII", record, *receiving, **comment(record, text_ref=public))


@pytest.mark.parametrize("late", ["2026-02-05", "2026-02-27", "2026-03"])
def test_comments_are_made_within_the_window_even_on_import(record: TestRecord, late: str) -> None:
    given_comments_are_open(record)
    said = {"value": late, "precision": "day" if len(late) == 10 else "month"}
    outside = comment(record, received_on=said)
    for role in ("SEC", "IMP"):
        refused = ("OUTSIDE_WINDOW", record, role, "PromotionPlan", NEW, "receive_comment")
        then_refused(*refused, importing=role == "IMP", **outside)


def test_a_comment_without_a_day_was_made_today(record: TestRecord) -> None:
    given_comments_are_open(record)
    undated = comment(record, received_on=None)
    then_refused("OUTSIDE_WINDOW", record, "SEC", "PromotionPlan", NEW, "receive_comment", **undated)
    given_a_comment(record, received_on={"value": "2026-02", "precision": "month"})


def test_a_comment_of_which_a_source_tells_little(record: TestRecord) -> None:
    record.do("IMP", "PromotionPlan", NEW, "receive_comment", importing=True, comment_id="comment-1")
    assert plan(record).comments["comment-1"].vault_ref is None
    gone = {"comment_id": "comment-1", "reason": REASON}
    then_refused("UNKNOWN_ID", record, "DIS", "PromotionPlan", NEW, "erase_commenter", **gone)


# -- answering


def test_a_comment_is_disposed_of_and_may_be_again_until_the_result_is_public(record: TestRecord) -> None:
    given_comments_are_open(record)
    then_refused(
        "UNKNOWN_ID",
        record,
        "SEC",
        "PromotionPlan",
        NEW,
        "dispose_comment",
        comment_id="comment-1",
        disposition="for_reference",
    )
    given_a_comment(record)
    then_recorded(dispose(record), CommentDisposed)
    dispose(record, disposition="reflected", reply="改めます。", draft_change="第2章に1項を加える")
    assert plan(record).disposed["comment-1"].disposition == "reflected"
    record.do("SEC", "PromotionPlan", NEW, "publish_comment_result")
    said = {"comment_id": "comment-1", "disposition": "for_reference"}
    then_refused("RESULT_PUBLISHED", record, "SEC", "PromotionPlan", NEW, "dispose_comment", **said)
    then_refused("RESULT_PUBLISHED", record, "SEC", "PromotionPlan", NEW, "publish_comment_result")


def test_what_a_disposition_needs(record: TestRecord) -> None:
    given_comments_are_open(record)
    given_a_comment(record)
    disposing = (record, "SEC", "PromotionPlan", NEW, "dispose_comment")
    reflected = {"comment_id": "comment-1", "disposition": "reflected", "reply": "改めます。"}
    then_refused("NO_DRAFT_CHANGE", *disposing, **reflected)
    not_adopted = {"comment_id": "comment-1", "disposition": "not_adopted"}
    then_refused("REPLY_REQUIRED", *disposing, **not_adopted)
    record.do("IMP", "PromotionPlan", NEW, "dispose_comment", importing=True, **not_adopted)


@pytest.mark.parametrize(
    "text",
    [
        "ご意見（{vault_ref}）に回答します。",
        "hanako@example.jp の方へ",
        "お電話（076-000-0000）のとおり",
        "お電話（０９０－００００－００００）のとおり",
        "〒にお送りしました",
        "920-0000 の方へ",
        "架空町1番1号の方へ",
    ],
)
@pytest.mark.parametrize("field", ["reply", "draft_change"])
def test_a_published_text_tells_nobodys_identity(record: TestRecord, text: str, field: str) -> None:
    given_comments_are_open(record)
    given_a_comment(record)
    written = text.format(vault_ref=plan(record).comments["comment-1"].vault_ref)
    said = {"comment_id": "comment-1", "disposition": "for_reference", field: written}
    refused = then_refused("PII", record, "SEC", "PromotionPlan", NEW, "dispose_comment", **said)
    assert refused.pointer == f"/{field}"


def test_figures_and_dates_in_a_reply_are_no_identity(record: TestRecord) -> None:
    given_comments_are_open(record)
    given_a_comment(record)
    dispose(record, reply="2026-02-06から26日までの1,000件のうち、第17条の2、平成20-21年度、10-15人の部会。")


# -- publishing the result


def test_the_result_is_counted_from_the_record(record: TestRecord) -> None:
    given_comments_are_open(record)
    given_a_comment(record)
    given_a_comment(record, "comment-2", same_person_as="comment-1", name=None, address=None)
    dispose(record)
    then_refused("COMMENTS_OPEN", record, "SEC", "PromotionPlan", NEW, "publish_comment_result")
    dispose(record, "comment-2")
    wrong = {"persons": 2, "comments": 2}
    then_refused(
        "COMMENT_COUNT_WRONG", record, "SEC", "PromotionPlan", NEW, "publish_comment_result", **wrong
    )
    made = record.do("SEC", "PromotionPlan", NEW, "publish_comment_result")
    then_recorded(made, CommentResultPublished)
    assert (made[0].data.persons, made[0].data.comments) == (1, 2)


def test_nobody_commented_is_a_result_too(record: TestRecord) -> None:
    given_comments_are_open(record)
    made = record.do("SEC", "PromotionPlan", NEW, "publish_comment_result")
    assert (made[0].data.persons, made[0].data.comments) == (0, 0)
    assert (made[0].effective.precision, str(made[0].effective.latest)) == ("unknown", "2026-04-01")


def test_a_result_that_is_published_now_is_of_today(record: TestRecord) -> None:
    given_comments_are_open(record)
    made = record.do("SEC", "PromotionPlan", NEW, "publish_comment_result", envelope={"live": True})
    assert str(made[0].data.published_on.value) == made[0].effective.value == "2026-04-01"


def test_letters_are_not_published_as_the_result_nor_beside_it(record: TestRecord) -> None:
    given_comments_are_open(record)
    given_a_comment(record)
    dispose(record)
    publishing = (record, "SEC", "PromotionPlan", NEW, "publish_comment_result")
    then_refused("PII", *publishing, document_id="doc-letter")
    then_refused("UNKNOWN_ID", *publishing, document_id="doc-none")
    record.do("DIS", "Document", "doc-letter", "review_disclosure", outcome="may_open", reason=REASON)
    opened = {"to": {"visibility": "public"}, "reason": REASON}
    record.do("DIS", "Document", "doc-letter", "change_disclosure", **opened)
    then_refused("PII", *publishing)


def test_the_numbers_a_source_gives(record: TestRecord) -> None:
    told = {"persons": 5, "comments": 12}
    given_a_draft(record, NEXT)
    made = record.do("IMP", "PromotionPlan", NEXT, "publish_comment_result", importing=True, **told)
    assert (made[0].data.persons, made[0].data.comments) == (5, 12)
    given_a_draft(record, OLD)
    made = record.do("IMP", "PromotionPlan", OLD, "publish_comment_result", importing=True)
    assert (made[0].data.persons, made[0].data.comments) == (None, None)
    record.do("IMP", "PromotionPlan", NEW, "receive_comment", importing=True, comment_id="comment-1")
    none = {"persons": 0, "comments": 0}
    refused = ("COMMENT_COUNT_WRONG", record, "IMP", "PromotionPlan", NEW, "publish_comment_result")
    then_refused(*refused, importing=True, **none)
    made = record.do("IMP", "PromotionPlan", NEW, "publish_comment_result", importing=True)
    assert (made[0].data.persons, made[0].data.comments) == (None, 1)


def test_a_commenters_data_is_erased(record: TestRecord) -> None:
    given_comments_are_open(record)
    given_a_comment(record)
    gone = {"comment_id": "comment-1", "reason": REASON}
    then_refused("FORBIDDEN", record, "SEC", "PromotionPlan", NEW, "erase_commenter", **gone)
    then_recorded(record.do("DIS", "PromotionPlan", NEW, "erase_commenter", **gone), CommenterErased)
    assert record.recorder.vault[plan(record).comments["comment-1"].vault_ref or ""] == {}


# -- going on


def test_the_council_agrees_when_every_comment_is_answered(record: TestRecord) -> None:
    given_comments_are_open(record)
    given_a_comment(record)
    matter = given_an_agreed_matter(record)
    agreeing = (record, "CHR", "PromotionPlan", NEW, "record_agreement")
    then_refused("COMMENTS_OPEN", *agreeing, matter_id=matter)
    approval = {"authority": "mayor", "reason": REASON}
    then_refused("COMMENTS_OPEN", record, "APR", "PromotionPlan", NEW, "approve", **approval)
    dispose(record, disposition="reflected", draft_change="第2章に1項を加える")
    document = given_a_document(record, "doc-2")
    record.do("SEC", "PromotionPlan", NEW, "prepare_draft", document_id=document)
    assert plan(record).state == "public_comment"
    record.do("CHR", "PromotionPlan", NEW, "record_agreement", matter_id=matter)
    assert plan(record).state == "council_agreed"


def test_nothing_goes_on_while_comments_may_come_in(record: TestRecord) -> None:
    given_comments_are_open(record, to_date=day("2026-05-01"))
    matter = given_an_agreed_matter(record)
    then_refused("WINDOW_OPEN", record, "CHR", "PromotionPlan", NEW, "record_agreement", matter_id=matter)
    then_refused("WINDOW_OPEN", record, "SEC", "PromotionPlan", NEW, "publish_comment_result")


def test_a_plan_in_force_is_revised_in_a_matter(record: TestRecord) -> None:
    given_a_plan_in_force(record, NEW, 2016, 2020)
    then_refused("MATTER_NOT_ADOPTED", record, "SEC", "PromotionPlan", NEW, "revise")
    matter = given_an_agreed_matter(record)
    early = {"matter_id": matter, "period_to_fy": 2015}
    then_refused("PERIOD_REVERSED", record, "SEC", "PromotionPlan", NEW, "revise", **early)
    then_recorded(record.do("SEC", "PromotionPlan", NEW, "revise", matter_id=matter), PlanRevised)
    record.do("SEC", "PromotionPlan", NEW, "revise", matter_id=matter, period_to_fy=2022)
    assert (plan(record).state, plan(record).revisions, plan(record).period) == ("revised", 2, (2016, 2022))
    measure = {"measure_id": "measure-x", "text_ja": "改定で加えた施策（架空）"}
    record.do("SEC", "PromotionPlan", NEW, "state_measure", **measure)


def test_a_revision_does_not_reach_into_the_years_of_the_next_plan(record: TestRecord) -> None:
    given_a_plan_in_force(record, OLD, 2006, 2015)
    given_an_approved_plan(record, NEW)
    record.do("SEC", "PromotionPlan", NEW, "publish", **period(2016, 2020, replaces=OLD))
    matter = given_an_agreed_matter(record)
    longer = {"matter_id": matter, "period_to_fy": 2017}
    then_refused("PLAN_OVERLAP", record, "SEC", "PromotionPlan", OLD, "revise", **longer)


def test_a_plan_follows_the_years_as_they_were_moved(record: TestRecord) -> None:
    given_a_plan_in_force(record, OLD, 2006, 2015)
    matter = given_an_agreed_matter(record)
    record.do("SEC", "PromotionPlan", OLD, "revise", matter_id=matter, period_to_fy=2017)
    given_an_approved_plan(record, NEW)
    overlapping = period(2016, 2020, replaces=OLD)
    then_refused("PLAN_OVERLAP", record, "SEC", "PromotionPlan", NEW, "publish", **overlapping)
    record.do("SEC", "PromotionPlan", NEW, "publish", **period(2018, 2020, replaces=OLD))


def test_a_plan_expires_when_its_years_are_over(record: TestRecord) -> None:
    given_a_plan_in_force(record, OLD, 2016, 2026)
    then_refused("PLAN_NOT_OVER", record, "SEC", "PromotionPlan", OLD, "expire")
    made = record.do("SEC", "PromotionPlan", OLD, "expire", on=day("2027-04-01"))
    then_recorded(made, PlanExpired)
    assert plan(record, OLD).state == "expired"


def test_a_plan_without_an_end_does_not_expire(record: TestRecord) -> None:
    given_a_plan_in_force(record, OLD, 2016)
    then_refused("PLAN_NOT_OVER", record, "SEC", "PromotionPlan", OLD, "expire")
