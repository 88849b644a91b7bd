"""April to August 2025: the council begins, the desk is voted on, the city decides otherwise."""

from __future__ import annotations

from domain.kernel.events import Source
from tests.support.stories.year.before import FORUM, NAMES, SHEET, scores
from tests.support.stories.year.teller import Teller, at, day, written_down

COUNCIL = "Council council-minamo"
FIRST, SECOND, WRITTEN = "Meeting meeting-1", "Meeting meeting-2", "Meeting meeting-3"
DESK, CENTRE = "Matter matter-desk", "Matter matter-centre"
REMIT = {"instrument_id": "law-minamo", "article": 17, "paragraph": 2}
TERM = {"term_no": 1, "to_date": day("2027-03-31")}
CHAIR = "p-01"


def seat(n: int) -> str:
    return f"seat-{n:02d}"


@written_down("2025-04-01")
def the_council_begins(year: Teller) -> None:
    basis = {**REMIT, "paragraph": 1}
    about = {"name_ja": "みなも市協働市民会議（架空）", "organised_by": ["citizens", "city"]}
    year.do("SEC", COUNCIL, "establish", **about, established_on=day("2025-04-01"), legal_basis=basis)
    year.do("SEC", COUNCIL, "state_remit", when="2025-04-01", citation=REMIT, power="consult")
    kinds = [
        {"category": "organisation", "label_ja": "団体", "seats": 8},
        {"category": "public_recruitment", "label_ja": "公募", "seats": 6},
    ]
    year.do("SEC", COUNCIL, "define_composition", when="2025-04-01", seat_categories=kinds, term_months=24)
    year.do("SEC", COUNCIL, "adopt_rules", **rules(1, "2025-04-01", "at_least_half", "2025-03-28", 45))
    year.do("SEC", COUNCIL, "open_term", **{**TERM, "from_date": day("2025-04-01")})
    organisations = ("org-town", "org-children", "org-npo", "org-shops")
    for n in range(1, 15):
        year.do("SEC", f"Party p-{n:02d}", "register_person", name=f"架空 {NAMES[n - 1]}")
        kind = "organisation" if n <= 8 else "public_recruitment"
        by = organisations[(n - 1) % 4] if n <= 8 else None
        member = {"appointment_id": seat(n), "party_id": f"p-{n:02d}", "category": kind, "nominated_by": by}
        year.do("SEC", COUNCIL, "appoint", **member, **TERM, from_date=day("2025-04-01"))
    year.do("SEC", "Party p-01", "give_name_consent")
    starts = {"starts_at": at("2025-04-10", 19), "place": "みなも市役所第2会議室"}
    about = {"council_id": "council-minamo", "kind": "plenary", "no": 1, "title": "第1回全体会"}
    year.do("SEC", FIRST, "schedule", **about, **starts)
    for n, (title, kind) in enumerate((("会議規則の報告", "report"), ("座長の互選", "other")), 1):
        year.do("SEC", FIRST, "list_item", item_id=f"item-{n}", order=n, title=title, type=kind)


@written_down("2025-04-02")
def the_first_meeting_is_announced(year: Teller) -> None:
    year.do("SEC", FIRST, "notify", notice_on="2025-04-02", publicity="open", observer_capacity=10)


def rules(version: int, since: str, basis: str, adopted: str, minutes_days: int) -> dict[str, object]:
    """The rules of procedure: quorum, and days until the minutes, are what changes."""
    return {
        "rules_version": version,
        "effective_from": day(since),
        "adopted_on": day(adopted),
        "quorum": {"basis": basis, "denominator": "serving"},
        "majority": {"base": "present", "threshold": "more_than_half"},
        "chair_votes": "always",
        "notice_days": 7,
        "minutes_due_days": minutes_days,
        "publicity_default": "open",
        "written": True,
        "written_counts_present": True,
        "online": True,
    }


@written_down("2025-04-11")
def a_chair_is_elected(year: Teller) -> None:
    """Held on 10 April; who was there was put together in May, as far as anybody remembered."""
    year.do(
        "SEC", COUNCIL, "elect_chair", appointment_id=seat(1), from_date=day("2025-04-10"), method="elected"
    )
    year.do("SEC", COUNCIL, "designate_acting_chair", appointment_id=seat(2), from_date=day("2025-04-10"))


@written_down("2025-05-09")
def the_desk_is_raised(year: Teller) -> None:
    raised = {"title": "相談窓口（二重登録）", "question": "相談窓口を設けるか。"}
    of_council = {"council_id": "council-minamo", "remit": REMIT}
    year.do("SEC", "Matter matter-twice", "raise_matter", when="2025-05-02", **raised, **of_council)
    mistaken = {"reason": "同じ案件を二度登録したため", "by_mistake": True}
    year.do("SEC", "Matter matter-twice", "withdraw", when="2025-05-09", **mistaken)
    raised = {"title": "相談窓口の設け方", "question": "市民活動の相談窓口をどう設けるか。", "matter_no": "1"}
    grown = {"raised_by": "p-09", "raised_from": ["measure-start"], "wanted": "decision"}
    asked = {"reason": "始め方が分からないという声が多いため"}
    year.do(
        "MEM",
        DESK,
        "raise_matter",
        who="p-09",
        when="2025-05-02",
        record=asked,
        **raised,
        **grown,
        **of_council,
    )


@written_down("2025-05-20")
def who_was_there_in_april(year: Teller) -> None:
    known = [{"appointment_id": seat(n)} for n in (1, 2, 3)] + [{"seat": "公募委員席の一つ"}]
    counted = {"members_present": 12, "members_serving": 14, "presided": seat(1), "observers": 2}
    year.do("SEC", FIRST, "record_held", held_on=day("2025-04-10"), known_attendees=known, **counted)


@written_down("2025-06-02")
def the_desk_is_prepared(year: Teller) -> None:
    year.document("doc-survey", "市民活動団体アンケート（回答48団体）", "survey", "2025-05-25")
    year.document("doc-case", "近隣3市の相談窓口の例", "report", "2025-05-28")
    options = (
        ("option-1", "SEC", None, "市役所に置く", "市役所1階に月2回の窓口を置く。"),
        ("option-2", "MEM", "p-09", "公民館を巡回する", "公民館4館を月2回巡回する。"),
        ("option-3", "MEM", "p-10", "団体に委託する", "市民活動団体に常設の窓口を委託する。"),
    )
    for option, role, by, label, text in options:
        proposal = {"option_id": option, "label": label, "text": text, "secretariat_draft": role == "SEC"}
        year.do(role, DESK, "propose_option", who=by, when="2025-05-20", **proposal)
    withdrawn = {"option_id": "option-3", "reason": "委託先の見込みが立たないため", "proposer": "p-10"}
    year.do("MEM", DESK, "withdraw_option", who="p-10", when="2025-05-30", **withdrawn)
    near = {"criterion_id": "near", "text": "初めての人が行きやすいこと"}
    year.do("CHR", DESK, "adopt_criterion", who=CHAIR, when="2025-05-20", **near)
    judged = {"criterion_id": "near", "option_id": "option-2", "text": "歩いて行ける人が多い。", "by": "p-11"}
    year.do("MEM", DESK, "assess_option", who="p-11", when="2025-05-30", **judged)
    survey = {"evidence_id": "e-survey", "document_id": "doc-survey", "kind": "survey"}
    year.do("SEC", DESK, "attach_evidence", when="2025-06-01", **survey, bears_on=["option-2"])
    undated = {"evidence_id": "e-case", "document_id": "doc-case", "kind": "case_elsewhere"}
    year.do("SEC", DESK, "attach_evidence", when={"precision": "unknown"}, **undated)
    said = {"opinion_id": "o-1", "channel": "written", "stance": "for", "option_id": "option-2"}
    year.do(
        "MEM",
        DESK,
        "record_opinion",
        who="p-13",
        when="2025-05-30",
        **said,
        text="近くなら通える。",
        holder="p-13",
    )
    year.do("CHR", DESK, "freeze_options", who=CHAIR, when="2025-06-02")
    about = {"council_id": "council-minamo", "kind": "plenary", "no": 2, "title": "第2回全体会"}
    year.do("SEC", SECOND, "schedule", **about, starts_at=at("2025-06-12", 18, 30), place="みなも市民プラザ")
    item = {"item_id": "item-1", "order": 1, "title": "相談窓口の設け方", "type": "decision"}
    year.do("SEC", SECOND, "list_item", **item, matter_id="matter-desk")
    year.do("SEC", SECOND, "notify", notice_on="2025-06-02", publicity="open", observer_capacity=10)


@written_down("2025-06-13")
def the_desk_is_voted_on(year: Teller) -> None:
    """11 in the room when it is voted, one of them recused: 6 for, 3 against, 1 abstention."""
    evening = "2025-06-12"
    year.document("doc-slips", "少数意見の用紙", "other", "2025-06-12")
    there = {"presiding": seat(1), "present": [seat(n) for n in range(2, 12)]}
    year.do("CHR", SECOND, "open", who=CHAIR, at=at(evening, 18, 30), **there)
    year.do("SEC", SECOND, "arrive", appointment_id=seat(12), at=at(evening, 18, 50), mode="online")
    spoken = {"statement_id": "s-1", "item_id": "item-1", "speaker": seat(4), "speaker_role": "委員"}
    text = "隣の3丁目の家で困っている人がいる。"
    year.do("SEC", SECOND, "record_statement", **spoken, stance="against", text=text)
    recused = {"appointment_id": seat(6), "item_id": "item-1", "reason_class": "organisation_interest"}
    year.do("MEM", SECOND, "declare_recusal", who="p-06", **recused)
    year.do("SEC", SECOND, "leave", appointment_id=seat(11), at=at(evening, 19, 40))
    tally = {"for": 6, "against": 3, "abstain": 1, "not_voting": 0}
    voted = {"method": "majority_show", "result": "adopted_with_conditions", "tally": tally}
    year.do(
        "CHR",
        SECOND,
        "take_resolution",
        who=CHAIR,
        item_id="item-1",
        resolution_id="res-desk",
        at=at(evening, 20),
        options_version=1,
        **voted,
    )
    year.do("CHR", SECOND, "close", who=CHAIR, at=at(evening, 20, 30), observers=3, press=0, staff=2)
    slip = {"source": Source("doc-slips", "1枚目")}
    filed = {"kind": "minority", "text": "市役所に置けば職員にすぐ聞ける。", "meeting_id": "meeting-2"}
    year.do("MEM", DESK, "file_dissent", who="p-04", record=slip, dissent_id="d-1", holder=seat(4), **filed)
    filed = {"kind": "reservation", "text": "費用を見てから決めたい。", "meeting_id": "meeting-2"}
    year.themselves("MEM", "p-07", DESK, "file_dissent", dissent_id="d-2", holder=seat(7), **filed)
    points = [{"point": "場所", "text": "公民館4館"}, {"point": "回数", "text": "月2回"}]
    year.do(
        "CHR",
        DESK,
        "conclude",
        who=CHAIR,
        meeting_id="meeting-2",
        resolution_ref="res-desk",
        chosen_option="option-2",
        reason="歩いて行ける人が最も多いため。",
        conditions=["1年後に利用者数を確かめること。"],
        points=points,
    )


@written_down("2025-06-20")
def the_conclusion_goes_to_the_city(year: Teller) -> None:
    """What it cost was found out after the vote; one piece of evidence was written down late."""
    year.document("doc-visit", "公民館の下見の記録", "other", "2025-06-09")
    late = {"evidence_id": "e-visit", "document_id": "doc-visit", "kind": "site_visit"}
    year.do("SEC", DESK, "attach_evidence", when="2025-06-10", **late)
    sent = {"to": "org-city", "form": "proposal", "document_no": "7み協発第9号", "on": day("2025-06-20")}
    year.do("SEC", DESK, "transmit", **sent)
    year.document("doc-minutes-2", "第2回全体会 会議録", "minutes", "2025-06-25")


@written_down("2025-07-15")
def the_minutes_of_june(year: Teller) -> None:
    year.document("doc-cost", "巡回に要する費用の見積り", "estimate", "2025-07-03")
    cost = {"evidence_id": "e-cost", "document_id": "doc-cost", "kind": "cost"}
    year.do("SEC", DESK, "attach_evidence", when="2025-07-04", **cost)
    drafted = {"v": 1, "style": "summary", "naming": "role", "document_id": "doc-minutes-2", "other": "なし"}
    year.do("SEC", SECOND, "list_documents", document_ids=["doc-survey", "doc-case"])
    year.do("SEC", SECOND, "draft_minutes", when="2025-06-25", **drafted)
    year.do("SEC", SECOND, "circulate_minutes", when="2025-06-26", v=1, reply_by="2025-07-05")
    confirmed = {"v": 1, "by": "chair"}
    year.do("CHR", SECOND, "confirm_minutes", who=CHAIR, when="2025-07-10", **confirmed)
    year.do("SEC", SECOND, "publish_minutes", on="2025-07-15")


@written_down("2025-08-08")
def the_city_decides(year: Teller) -> None:
    mail = {"kind": "mail", "on": "2025-08-07", "reference": "受信番号 31"}
    reason = "公民館には相談に応じる職員を置けないため。"
    step = {"step_id": "step-report", "what": "利用状況を市民会議に報告する", "by_when": day("2026-02-28")}
    answered = {"disposition": "declined", "reason": reason, "on": day("2025-08-05"), "promised": [step]}
    year.do("APR", DESK, "record_city_response", who="p-head", shown_by=mail, **answered)
    points = [{"point": "場所", "text": "市役所1階"}, {"point": "回数", "text": "月2回"}]
    decided = {"authority": "mayor", "document_no": "7み協第14号", "decided_on": day("2025-08-07")}
    words = {"text": "市役所1階に月2回の窓口を置く。", "approved_by_post": "市長", "points": points}
    year.do("APR", DESK, "record_city_decision", who="p-head", shown_by=mail, **decided, **words)


@written_down("2025-06-10")
def both_sides_judge_the_forum(year: Teller) -> None:
    """FY2024's books and sheet; FY2025 takes up what was promised."""
    spent = {"spent_yen": 463_200, "carried_out_yen": 0, "provisional": False}
    year.do("SEC", FORUM, "settle", when="2025-06-05", fiscal_year=2024, **spent)
    year.do("SEC", SHEET, "start_self_evaluation", due_on="2025-06-30")
    for role, party, side, own, overall in (
        ("EV-C", "p-ev-c", "c", scores(P6=2), "続けてほしい"),
        ("EV-G", "p-ev-g", "g", scores(P6=4, R1=4), "来場が目標に近い"),
    ):
        said = {"side": side, "scores": own, "overall": overall}
        year.themselves(role, party, SHEET, "submit_self_evaluation", when="2025-06-10", **said)


@written_down("2025-06-18")
def both_sides_talk(year: Teller) -> None:
    year.do("SEC", SHEET, "hold_dialogue", held_on="2025-06-17", attended=["p-ev-c", "p-ev-g"])
    year.do("SEC", SHEET, "discuss_gap", item="P6", cause="連絡の回数の受け止めが違った")
    year.do("SEC", SHEET, "keep_difference", item="P6", why="双方の実感を残すため")
    year.do("SEC", SHEET, "agree_score", item="R1", score=3)
    year.do("SEC", SHEET, "conclude_mutual")
    grade = {"by": "org-npo", "grade": "B", "text": "初めての人の声を聞くとよい"}
    year.do("SEC", SHEET, "add_third_party_opinion", **grade)
    better = {"improvement_id": "imp-weekly", "text": "準備中は週に一度連絡する", "owner": "both"}
    year.do("SEC", SHEET, "agree_improvement", **better, applies_to_fiscal_year=2025)
    year.do("SEC", SHEET, "publish")
    year.do("SEC", FORUM, "evaluate_cycle", when="2025-06-18", fiscal_year=2024, sheet_id="sheet-forum-2024")
    year.do("SEC", FORUM, "close_cycle", when="2025-06-18", fiscal_year=2024)
    year.do("SEC", FORUM, "open_cycle", fiscal_year=2025)
    initial = {"kind": "initial", "amount_yen": 400_000, "stated_amount": 400, "stated_unit": "千円"}
    year.do("SEC", FORUM, "allocate_budget", fiscal_year=2025, **initial, document_no="7み財第8号")
    answers = [{"improvement_id": "imp-weekly", "taken": True, "reason": "毎週月曜に連絡する"}]
    year.do(
        "SEC", FORUM, "plan_cycle", when="2025-06-18", fiscal_year=2025, goals=["続ける"], answers=answers
    )
    part = {"phases": ["planning"], "fiscal_year": 2025, "form": "企画への意見", "evidence_ref": "meeting-2"}
    year.do("SEC", FORUM, "record_council_involvement", when="2025-06-12", **part)


@written_down("2025-08-04")
def the_centre_is_asked_about_in_writing(year: Teller) -> None:
    """The centre is asked about in writing; four of fourteen reply, seven are needed."""
    words = {"title": "協働センターのあり方", "question": "協働センターは必要か。", "matter_no": "2"}
    of_council = {"council_id": "council-minamo", "remit": REMIT, "wanted": "consensus"}
    year.do("SEC", CENTRE, "raise_matter", when={"precision": "unknown"}, **words, **of_council)
    year.do("SEC", CENTRE, "propose_option", when="2025-08-01", option_id="option-1", label="必要とする")
    about = {"council_id": "council-minamo", "kind": "written", "no": 3, "title": "第3回（書面協議）"}
    year.do("SEC", WRITTEN, "schedule", **about, starts_at=at("2025-08-04", 9))
    item = {"item_id": "item-1", "order": 1, "title": "協働センターのあり方", "type": "decision"}
    year.do("SEC", WRITTEN, "list_item", **item, matter_id="matter-centre")
    year.do("SEC", WRITTEN, "start_written", sent_on="2025-08-04", deadline="2025-08-25")


@written_down("2025-08-26")
def four_have_replied(year: Teller) -> None:
    for n, reply, came in ((1, "for", "06"), (3, "against", "10"), (8, "for", "20"), (10, "opinion", "22")):
        replied = {"item_id": "item-1", "appointment_id": seat(n), "reply": reply}
        year.do("SEC", WRITTEN, "receive_reply", **replied, received_on=f"2025-08-{came}")
    year.do("SEC", WRITTEN, "find_too_few_replies", at=at("2025-08-26", 10))
