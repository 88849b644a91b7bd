"""September to December 2025: a member replaced, seven where eight were needed, the public asked."""

from __future__ import annotations

from tests.support.stories.year.before import FORUM, NAMES
from tests.support.stories.year.spring import CHAIR, COUNCIL, REMIT, TERM, rules, seat
from tests.support.stories.year.teller import Teller, at, day, written_down

FOURTH, FUND = "Meeting meeting-4", "Matter matter-fund"
SECOND_PLAN, STUDY, GROUP = (
    "PromotionPlan plan-second",
    "CenterStudy study-centre",
    "WorkingGroup group-forum",
)
ACTING = "p-02"


@written_down("2025-09-20")
def a_member_is_replaced(year: Teller) -> None:
    """Seat 5 ended on 31 August; its successor sits from 16 September for the rest of the term."""
    gone = {"appointment_id": seat(5), "on": day("2025-09-01"), "why": "nominee_changed"}
    year.do("SEC", COUNCIL, "end_appointment", **gone, reason="推薦団体の役員の交代")
    year.do("SEC", "Party p-15", "register_person", name=f"架空 {NAMES[14]}")
    member = {"appointment_id": seat(15), "party_id": "p-15", "category": "organisation"}
    since = {"from_date": day("2025-09-16"), "nominated_by": "org-town", "replaces": seat(5)}
    year.do("SEC", COUNCIL, "appoint", **member, **{**TERM, **since})
    year.do("SEC", "Party p-adviser", "register_person", name="架空 助言者")
    year.do("SEC", COUNCIL, "invite_adviser", party_id="p-adviser", from_date=day("2025-09-16"))
    grouped = {"from_fiscal_year": 2025, "basis": "by_theme", "responsibility": "each_member"}
    year.do("SEC", COUNCIL, "adopt_grouping", **grouped, aim="raise_participation_rate")


@written_down("2025-09-26")
def a_group_at_work(year: Teller) -> None:
    formed = {"kind": "project_group", "council_id": "council-minamo", "fiscal_year": 2025}
    year.do("SEC", GROUP, "form", **formed, label_ja="フォーラム班", action_ids=["action-forum"])
    for n, role in ((2, "leader"), (3, "member"), (7, "member")):
        year.do("SEC", GROUP, "assign_member", when="2025-09-22", appointment_id=seat(n), role=role)
    for n, duty in ((2, "司会"), (3, "広報"), (7, "会場")):
        taken = {"responsibility_id": f"r-{n}", "appointment_id": seat(n), "duty": duty}
        year.do("LDR", GROUP, "take_responsibility", who=ACTING, when="2025-09-22", **taken)
    year.do("LDR", GROUP, "activate", who=ACTING, when="2025-09-22")
    more = {"kind": "supplementary", "amount_yen": 150_000, "stated_amount": 150, "stated_unit": "千円"}
    year.do("SEC", FORUM, "allocate_budget", fiscal_year=2025, **more, document_no="7み財第41号")


@written_down("2025-11-05")
def the_forum_is_held_again(year: Teller) -> None:
    moved = {"kind": "transfer", "amount_yen": -30_000, "stated_amount": -30, "stated_unit": "千円"}
    year.do("SEC", FORUM, "allocate_budget", fiscal_year=2025, **moved)
    year.do("SEC", FORUM, "start_implementation", when="2025-09-22", fiscal_year=2025)
    forum = {"activity_id": "forum-2025", "kind": "forum", "held_on": day("2025-11-03")}
    counted = {"participants": 84, "first_time": 41, "returning": 30, "unknown": 13}
    year.do("SEC", FORUM, "record_activity", **forum, place="みなも市民プラザ", **counted)
    year.do("SEC", FORUM, "complete_implementation", when="2025-11-03", fiscal_year=2025)
    for n in (2, 3):
        done = {"responsibility_id": f"r-{n}", "result": "予定どおり終えた"}
        year.do("LDR", GROUP, "discharge", who=ACTING, when="2025-11-03", **done)
    worked = {"appointment_id": seat(2), "tenths": 65, "activity": "司会", "on": day("2025-11-03")}
    year.do("LDR", GROUP, "log_work", who=ACTING, **worked)


@written_down("2025-10-20")
def seven_in_the_room(year: Teller) -> None:
    """By the rules then on record seven of fourteen were enough. The rules of 1 October, written down in
    December, need eight."""
    raised = {"title": "活動助成の要項", "question": "活動助成の要項をどう定めるか。", "matter_no": "3"}
    of_council = {"council_id": "council-minamo", "remit": REMIT, "raised_from": ["measure-start"]}
    year.do("MEM", FUND, "raise_matter", who="p-10", when="2025-10-10", **raised, **of_council)
    draft = {"option_id": "option-1", "label": "5団体に各2万円", "text": "5団体に各2万円を助成する。"}
    year.do("SEC", FUND, "propose_option", when="2025-10-15", **draft, secretariat_draft=True)
    year.do("CHR", FUND, "freeze_options", who=CHAIR, when="2025-10-20")
    about = {"council_id": "council-minamo", "kind": "plenary", "no": 4, "title": "第4回全体会"}
    year.do("SEC", FOURTH, "schedule", **about, starts_at=at("2025-10-30", 19), place="みなも市民プラザ")
    item = {"item_id": "item-1", "order": 1, "title": "活動助成の要項", "type": "decision"}
    year.do("SEC", FOURTH, "list_item", **item, matter_id="matter-fund")
    year.do("SEC", FOURTH, "notify", notice_on="2025-10-20", publicity="open", observer_capacity=10)


@written_down("2025-10-31")
def it_is_left_to_the_chair(year: Teller) -> None:
    """The chair is away; whoever stands in presides."""
    there = {"presiding": seat(2), "present": [seat(n) for n in (3, 4, 6, 8, 10, 12)]}
    evening = "2025-10-30"
    year.do("CHR", FOURTH, "open", who=ACTING, at=at(evening, 19), **there)
    left = {"method": "chair_entrusted", "result": "entrusted", "limits": "金額と団体数は変えないこと。"}
    year.do(
        "CHR",
        FOURTH,
        "take_resolution",
        who=ACTING,
        item_id="item-1",
        resolution_id="res-fund",
        at=at(evening, 19, 40),
        options_version=1,
        **left,
    )
    year.do("CHR", FOURTH, "close", who=ACTING, at=at(evening, 20), observers=1, press=0, staff=2)
    why = {"chosen_option": "option-1", "reason": "細かな文言は座長に任せるのがよいため。"}
    year.do("CHR", FUND, "conclude", who=ACTING, meeting_id="meeting-4", resolution_ref="res-fund", **why)


@written_down("2025-11-21")
def the_chair_settles_it(year: Teller) -> None:
    year.document("doc-fund-rules", "活動助成要項（確定）", "rules", "2025-11-20")
    settled = {"document_id": "doc-fund-rules", "within_limits": True}
    year.do("CHR", FUND, "settle_entrustment", who=CHAIR, **settled)
    year.document("doc-minutes-4", "第4回全体会 会議録案", "minutes", "2025-11-20")
    drafted = {"v": 1, "style": "summary", "naming": "role", "document_id": "doc-minutes-4"}
    year.do("SEC", FOURTH, "draft_minutes", when="2025-11-20", **drafted)


@written_down("2025-11-22")
def the_public_is_asked(year: Teller) -> None:
    """The second plan, begun in June, has a draft; anybody may comment."""
    plan = {"title_ja": "第2期みなも市協働推進計画（架空）", "council_id": "council-minamo"}
    year.do("SEC", SECOND_PLAN, "start_formulation", when="2025-06-20", **plan)
    year.document("doc-draft-1", "第2期計画 案", "draft", "2025-11-10")
    year.do("SEC", SECOND_PLAN, "prepare_draft", when="2025-11-10", document_id="doc-draft-1")
    measure = {"measure_id": "measure-young", "text_ja": "若い人が加わる場をつくる", "art16_item": 1}
    year.do("SEC", SECOND_PLAN, "state_measure", when="2025-11-10", **measure)
    window = {"from_date": day("2025-11-24"), "to_date": day("2025-12-16"), "channels": ["email", "form"]}
    year.do("SEC", SECOND_PLAN, "open_public_comment", **window)


@written_down("2025-12-17")
def three_comments_came(year: Teller) -> None:
    closed = {"visibility": "closed", "ground": "personal"}
    who = {"name": "架空 意見者", "address": "みなも市架空町1-1"}
    for n, by in (
        (1, who),
        (2, {"same_person_as": "c-1"}),
        (3, {"name": "架空 別人", "address": "みなも市架空町2-2"}),
    ):
        text = f"Document doc-comment-{n}"
        year.do("SEC", text, "register", kind="public_comment", title=f"意見{n}", disclosure=closed)
        came = {"comment_id": f"c-{n}", "channel": "form", "text_ref": f"doc-comment-{n}"}
        year.do("SEC", SECOND_PLAN, "receive_comment", **came, received_on=day(f"2025-12-0{n}"), **by)


@written_down("2025-12-05")
def rules_are_recorded_late(year: Teller) -> None:
    """The rules of 1 October come onto the record; somebody asks to see the estimate."""
    year.do("SEC", COUNCIL, "adopt_rules", **rules(2, "2025-10-01", "more_than_half", "2025-09-18", 30))
    internal = {"visibility": "closed", "ground": "deliberation", "review_on": "2026-03-01"}
    paper = {"kind": "other", "title": "相談窓口の庁内検討メモ", "dated": day("2025-07-20")}
    year.do("SEC", "Document doc-memo", "register", **paper, disclosure=internal)
    request = "DisclosureRequest request-memo"
    asked = {"item_id": "i-1", "what": "相談窓口の庁内検討メモ", "document_id": "doc-memo"}
    came = {
        "kind": "information",
        "received_on": "2025-12-01",
        "due_on": "2025-12-15",
        "request_no": "7み公第3号",
    }
    year.do("SEC", request, "receive", **came, requested=[asked], name="架空 請求者")


@written_down("2025-12-16")
def part_of_the_memo_is_shown(year: Teller) -> None:
    request = "DisclosureRequest request-memo"
    decided = {"item_id": "i-1", "decision": "partly_disclosed", "decided_on": "2025-12-12"}
    article = {"instrument_id": "law-minamo", "article": 8}
    why = {"ground": "deliberation", "reason": "検討の途中の意見を含むため", "citation": article}
    year.themselves("DIS", "p-dis", request, "decide", **decided, **why)
    year.do("SEC", request, "disclose", item_id="i-1", on="2025-12-15", means="copy")
    year.do("SEC", request, "close", on="2025-12-16")


@written_down("2025-12-18")
def what_the_council_thinks(year: Teller) -> None:
    """A problem with a device against it, measured; another with neither; an effect nobody measured."""
    few = {"category": "problem", "text_ja": "出席する委員がいつも同じである。", "heading_ja": "固定化"}
    year.do("MEM", "Reflection reflection-few", "state_claim", who="p-03", when="2025-10-30", **few)
    device = {"category": "device", "text_ja": "班に分けて全員が役割を持つ。", "heading_ja": "班分け"}
    year.do("SEC", "Reflection reflection-groups", "state_claim", when="2025-10-30", **device)
    answer = {"device_id": "reflection-groups"}
    year.do("SEC", "Reflection reflection-few", "link_countermeasure", when="2025-10-30", **answer)
    measured = {"metric": "M1", "period": {"value": "FY2025", "precision": "fiscal_year"}}
    verdict = {"verdict": "unchanged", "value": "73.8%"}
    year.do("SEC", "Reflection reflection-few", "reassess", when="2025-12-18", **measured, **verdict)
    young = {"category": "problem", "text_ja": "若い世代の参加が少ない。", "heading_ja": "若い世代"}
    year.do("MEM", "Reflection reflection-young", "state_claim", who="p-09", when="2025-10-30", **young)
    effect = {"category": "effect", "text_ja": "協働への理解が広がった。", "heading_ja": "理解の広がり"}
    year.do("SEC", "Reflection reflection-effect", "state_claim", when="2025-12-18", **effect, measured=False)


@written_down("2025-12-19")
def the_centre_is_studied(year: Teller) -> None:
    of_council = {"council_id": "council-minamo", "matter_id": "matter-centre", "fiscal_year": 2025}
    year.do("CHR", STUDY, "commission", who=CHAIR, aim_ja="協働センターのあり方を調べる", **of_council)
    for n, (question, label) in enumerate(
        (("necessity", "必要性"), ("functions", "機能"), ("location", "立地"), ("operation", "管理運営")), 1
    ):
        opened = {"question": question, "label_ja": label, "order": n}
        year.do("CHR", STUDY, "open_question", who=CHAIR, when="2025-09-16", **opened)
    year.do("CHR", STUDY, "start", who=CHAIR, when="2025-09-16")
    found = {"finding_id": "f-1", "question": "necessity", "text": "相談の場を求める団体が7割ある。"}
    year.do("LDR", STUDY, "record_finding", who=ACTING, when="2025-12-10", **found, evidence=["doc-survey"])
    needed = {
        "question": "necessity",
        "answer": "必要である。",
        "needed": True,
        "reason": "求める団体が多いため",
    }
    year.do("LDR", STUDY, "answer_question", who=ACTING, when="2025-12-15", **needed)
    so_far = {"question": "functions", "answer": "相談と交流", "reason": "聞き取りの途中のため"}
    year.do("LDR", STUDY, "answer_provisionally", who=ACTING, when="2025-12-15", **so_far)
