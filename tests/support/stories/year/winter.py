"""January to March 2026: the plan is agreed on, the grant begins, the centre goes on next year."""

from __future__ import annotations

from domain.kernel.events import Source
from tests.support.stories.year.autumn import FUND, SECOND_PLAN
from tests.support.stories.year.before import NAMES, scores
from tests.support.stories.year.spring import CENTRE, CHAIR, COUNCIL, REMIT, SECOND, TERM, rules, seat
from tests.support.stories.year.teller import Teller, at, day, written_down

FIFTH, SIXTH, NEXT, PLAN = "Meeting meeting-5", "Meeting meeting-6", "Meeting meeting-7", "Matter matter-plan"
GRANT, UNSEEN = "PlanAction action-grant", "EvaluationSheet sheet-forum-2025"
NEXT_CHAIR = "p-02"


@written_down("2026-01-05")
def the_plan_is_put_to_the_council(year: Teller) -> None:
    """The comments are answered; the secretariat's own proposal goes to the council, without options."""
    for n, (disposition, reply, change) in enumerate(
        (
            ("reflected", "若い人の場を加えます。", "施策に「若い人が加わる場」を加えた"),
            ("for_reference", "今後の参考とします。", None),
            ("not_adopted", "市の権限ではないため対応できません。", None),
        ),
        1,
    ):
        disposed = {"comment_id": f"c-{n}", "disposition": disposition, "reply": reply}
        more = {"draft_change": change} if change else {}
        year.do("SEC", SECOND_PLAN, "dispose_comment", when="2025-12-25", **disposed, **more)
    year.document("doc-draft-2", "第2期計画 最終案", "draft", "2025-12-26")
    year.do("SEC", SECOND_PLAN, "prepare_draft", when="2025-12-26", document_id="doc-draft-2")
    raised = {"title": "第2期協働推進計画の案", "question": "計画の案のとおりでよいか。", "matter_no": "4"}
    of_council = {"council_id": "council-minamo", "remit": REMIT, "raised_from": ["plan-second"]}
    year.do("SEC", PLAN, "raise_matter", when="2025-12-26", **raised, **of_council, wanted="decision")
    attached = {"evidence_id": "e-draft", "document_id": "doc-draft-2"}
    year.do("SEC", PLAN, "attach_evidence", when="2025-12-26", **attached)
    about = {"council_id": "council-minamo", "kind": "plenary", "no": 5, "title": "第5回全体会"}
    year.do("SEC", FIFTH, "schedule", **about, starts_at=at("2026-01-15", 19), place="みなも市民プラザ")
    items = (
        ("item-1", "第2期協働推進計画の案", "decision", "matter-plan"),
        ("item-2", "活動助成要項の報告", "report", "matter-fund"),
    )
    for order, (item, title, kind, matter) in enumerate(items, 1):
        listed = {"item_id": item, "order": order, "title": title, "type": kind, "matter_id": matter}
        year.do("SEC", FIFTH, "list_item", **listed)
    year.do("SEC", FIFTH, "notify", notice_on="2026-01-05", publicity="open", observer_capacity=10)


@written_down("2026-01-16")
def nobody_objects(year: Teller) -> None:
    evening = "2026-01-15"
    there = {"presiding": seat(1), "present": [seat(n) for n in (2, 3, 4, 6, 7, 8, 9, 10, 13, 14)]}
    year.do("CHR", FIFTH, "open", who=CHAIR, at=at(evening, 19), **there)
    agreed = {"method": "no_objection", "result": "adopted", "objections": 0}
    read_out = {"reason": "寄せられた意見を踏まえているため。"}
    year.do(
        "CHR",
        FIFTH,
        "take_resolution",
        who=CHAIR,
        item_id="item-1",
        resolution_id="res-plan",
        at=at(evening, 19, 30),
        conclusion=read_out,
        **agreed,
    )
    year.do("CHR", FUND, "report_entrustment", who=CHAIR, meeting_id="meeting-5")
    year.do("CHR", FIFTH, "note_item", who=CHAIR, item_id="item-2")
    year.do("CHR", FIFTH, "close", who=CHAIR, at=at(evening, 20), observers=4, press=1, staff=2)
    asked = {"asked_at": day(evening), "meeting_id": "meeting-5"}
    year.do("CHR", PLAN, "confirm_no_dissent", who=CHAIR, **asked)
    year.do("CHR", SECOND_PLAN, "record_agreement", who=CHAIR, matter_id="matter-plan")


@written_down("2026-01-20")
def two_conclusions_go_to_the_city(year: Teller) -> None:
    for matter, number in ((FUND, 21), (PLAN, 22)):
        sent = {"to": "org-city", "form": "proposal", "document_no": f"7み協発第{number}号"}
        year.do("SEC", matter, "transmit", **sent, on=day("2026-01-20"))


@written_down("2026-01-30")
def the_comments_and_their_replies_are_public(year: Teller) -> None:
    counted = {"persons": 2, "comments": 3, "published_on": day("2026-01-30")}
    year.do("SEC", SECOND_PLAN, "publish_comment_result", **counted)


@written_down("2026-02-05")
def one_more_was_there(year: Teller) -> None:
    """Seat 15 was in the room on 15 January from the beginning, and was forgotten."""
    year.document("doc-sheet-5", "第5回全体会 受付名簿", "other", "2026-01-15")
    shown = {"source": Source("doc-sheet-5", "1頁")}
    year.do("SEC", FIFTH, "add_attendee", record=shown, appointment_id=seat(15), mode="in_person")


@written_down("2026-02-12")
def the_city_follows_in_one_and_halves_the_other(year: Teller) -> None:
    """The day of the city's decision on the plan is mistyped: 2 for 9 February."""
    mail = {"kind": "mail", "on": "2026-02-10", "reference": "受信番号 88"}
    accepted = {"disposition": "accepted", "on": day("2026-02-09")}
    year.do("APR", PLAN, "record_city_response", who="p-head", shown_by=mail, **accepted)
    decided = {"authority": "mayor", "document_no": "7み協第31号", "decided_on": day("2026-02-02")}
    words = {"text": "計画の案のとおり決定する。", "approved_by_post": "市長"}
    year.do("APR", PLAN, "record_city_decision", who="p-head", shown_by=mail, **decided, **words)
    approved = {"authority": "mayor", "document_no": "7み協第31号", "on": day("2026-02-09")}
    year.do("APR", SECOND_PLAN, "approve", who="p-head", shown_by=mail, **approved)
    step = {
        "step_id": "step-fund",
        "what": "残る3団体分を令和8年度予算で検討する",
        "by_when": day("2026-12-31"),
    }
    partly = {"disposition": "partly", "on": day("2026-02-10"), "promised": [step]}
    reason = "今年度は予算の残る2団体分を試行し、残りは翌年度に検討する。"
    year.do("APR", FUND, "record_city_response", who="p-head", shown_by=mail, **partly, reason=reason)


@written_down("2026-02-20")
def the_grant_begins(year: Teller) -> None:
    """80 thousand yen of a supplementary budget, and no initial one."""
    about = {"title": "活動助成の試行（架空）", "measure_id": "measure-start", "matter_id": "matter-fund"}
    year.do("SEC", GRANT, "propose", when="2026-02-16", **about, art16_item=2)
    adopted = {"matter_id": "matter-fund", "fiscal_year": 2025}
    mail = {"kind": "mail", "on": "2026-02-20"}
    year.do(
        "APR",
        GRANT,
        "adopt",
        who="p-head",
        when="2026-02-20",
        shown_by=mail,
        **adopted,
    )
    more = {"kind": "supplementary", "amount_yen": 80_000, "stated_amount": 80, "stated_unit": "千円"}
    year.do("SEC", GRANT, "allocate_budget", fiscal_year=2025, **more, document_no="7み財第77号")
    sides = {"side_c": "p-ev-c", "side_g": "p-ev-g"}
    year.do("SEC", UNSEEN, "open", action_id="action-forum", fiscal_year=2025, stage="end", **sides)
    year.do("SEC", UNSEEN, "do_without_targets", reason="フォーラムの後で評価すると決めたため")
    year.do("SEC", UNSEEN, "start_self_evaluation", due_on="2026-03-31")


@written_down("2026-02-24")
def the_mistyped_day_is_put_right(year: Teller) -> None:
    """The clerk proposes, the chair approves the day after."""
    wrong = year.version_of(PLAN, "CityDecisionRecorded")
    change = {"field": "decided_on", "after": day("2026-02-09")}
    fix = {"correction_id": "fix-1", "target_version": wrong, "changes": [change]}
    year.do("SEC", PLAN, "propose_correction", **fix, reason="決裁文書の日付を読み違えたため")


@written_down("2026-02-25")
def it_is_approved(year: Teller) -> None:
    """And of the second sheet one side is in; the other is not."""
    year.themselves("CHR", CHAIR, PLAN, "approve_correction", correction_id="fix-1")
    said = {"side": "c", "scores": scores(R3=5), "overall": "若い人が来てくれた"}
    year.themselves("EV-C", "p-ev-c", UNSEEN, "submit_self_evaluation", **said)


@written_down("2026-02-26")
def what_is_kept_from_the_public(year: Teller) -> None:
    """A neighbour can be known from a statement of June; whoever held seat 5 wants to be forgotten."""
    spoken = year.version_of(SECOND, "StatementRecorded")
    closed = {"visibility": "closed", "ground": "personal"}
    hidden = {"redaction_id": "red-1", "target_version": spoken, "redacted": closed, "fields": ["text"]}
    reason = "近隣の人が分かる発言のため"
    year.themselves("DIS", "p-dis", SECOND, "redact", **hidden, reason=reason)
    asked = {"request_no": "7み個第2号", "reason": "本人の求めによる"}
    year.do("SEC", "Party p-05", "request_erasure", **asked)
    year.themselves("DIS", "p-dis", "Party p-05", "erase", reason="本人の求めによる")


@written_down("2026-03-02")
def the_second_plan_is_public(year: Teller) -> None:
    """From the next fiscal year on it takes the place of the first, which holds until then."""
    replaced = {"superseded_by": "plan-second", "from_fy": 2026, "reason": "計画期間の満了"}
    year.do("SEC", "PromotionPlan plan-first", "supersede", when="2026-03-02", **replaced)
    period = {"period_from_fy": 2026, "period_to_fy": 2030, "replaces": "plan-first"}
    title = {"title_ja": "第2期みなも市協働推進計画（架空）", "published_on": day("2026-03-02")}
    year.do("SEC", SECOND_PLAN, "publish", **title, **period)
    about = {"council_id": "council-minamo", "kind": "plenary", "no": 6, "title": "第6回全体会"}
    year.do("SEC", SIXTH, "schedule", **about, starts_at=at("2026-03-13", 19), place="みなも市民プラザ")
    items = (
        ("item-1", "協働センターのあり方", "discussion", "matter-centre"),
        ("item-2", "次期座長の互選と会議規則", "other", None),
    )
    for order, (item, heading, kind, matter) in enumerate(items, 1):
        listed = {"item_id": item, "order": order, "title": heading, "type": kind, "matter_id": matter}
        year.do("SEC", SIXTH, "list_item", **listed)
    year.do("SEC", SIXTH, "notify", notice_on="2026-03-02", publicity="open", observer_capacity=10)


@written_down("2026-03-16")
def what_begins_in_april_is_settled(year: Teller) -> None:
    """The centre goes on next year. From 1 April: another chair, other rules, another member on seat 9."""
    evening = "2026-03-13"
    there = {"presiding": seat(1), "present": [seat(n) for n in (2, 3, 4, 7, 8, 10, 12, 13, 14, 15)]}
    year.do("CHR", SIXTH, "open", who=CHAIR, at=at(evening, 19), **there)
    later = {"reason": "立地と運営の調べが終わっていないため", "to_meeting": "meeting-7"}
    about = {"council_id": "council-minamo", "kind": "plenary", "no": 7, "title": "第7回全体会"}
    year.do("SEC", NEXT, "schedule", **about, starts_at=at("2026-04-16", 19), place="みなも市民プラザ")
    year.do("CHR", SIXTH, "carry_over", who=CHAIR, item_id="item-1", **later)
    year.do("CHR", SIXTH, "note_item", who=CHAIR, item_id="item-2")
    year.do("CHR", SIXTH, "close", who=CHAIR, at=at(evening, 20, 30), observers=2, press=0, staff=2)
    year.do("CHR", CENTRE, "carry_over", who=CHAIR, meeting_id="meeting-6", **later)
    chair = {"appointment_id": seat(2), "from_date": day("2026-04-01"), "method": "elected"}
    year.do("SEC", COUNCIL, "elect_chair", **chair)
    year.do("SEC", COUNCIL, "adopt_rules", **rules(3, "2026-04-01", "at_least_half", "2026-03-13", 20))
    gone = {"appointment_id": seat(9), "on": day("2026-04-01"), "why": "resigned", "reason": "転居のため"}
    year.do("SEC", COUNCIL, "end_appointment", **gone)
    year.do("SEC", "Party p-16", "register_person", name=f"架空 {NAMES[15]}")
    member = {"appointment_id": seat(16), "party_id": "p-16", "category": "public_recruitment"}
    since = {"from_date": day("2026-04-01"), "replaces": seat(9)}
    year.do("SEC", COUNCIL, "appoint", **member, **{**TERM, **since})


@written_down("2026-03-18")
def the_next_meeting_is_announced(year: Teller) -> None:
    item = {"item_id": "item-1", "order": 1, "title": "協働センターのあり方（継続）", "type": "discussion"}
    year.do("SEC", NEXT, "list_item", **item, matter_id="matter-centre")
    year.do("SEC", NEXT, "notify", notice_on="2026-03-18", publicity="open", observer_capacity=12)
