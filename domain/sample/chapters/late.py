"""What is known, or asked for, late: a meeting that was moved, one in writing, requests for documents."""

from __future__ import annotations

import datetime as dt
from typing import Any

from domain.kernel.events import Evidence
from domain.values.calendar import JAPAN


def an_evening_that_was_moved(story: Any, tag: str) -> None:
    """Moved by a storm; who else came, who sent word, who was forgotten; minutes that members sign."""
    meeting = f"meeting-{tag}-moved"

    def do(role: str, command: str, **arguments: Any) -> None:
        story.do(role, "Meeting", meeting, command, **arguments)

    starts = story.schedule(meeting, title=f"移した会議 {tag}（架空）", kind="plenary")
    item = {"item_id": "item-1", "order": 1, "title": "台風への備え（架空）", "type": "discussion"}
    do("SEC", "list_item", **item)
    story.notify(meeting, starts)
    starts += dt.timedelta(days=7)
    do(
        "SEC",
        "reschedule",
        starts_at=starts.isoformat(),
        reason="台風の接近のため（架空）",
        place="区民館（架空）",
    )
    story.notify(meeting, starts)
    do(
        "SEC",
        "record_absence",
        appointment_id=story.members[20],
        reason_class="work",
        received_on=story.day(),
    )
    story.go_to(starts)
    do("CHR", "open", at=story.at(19), presiding=story.members[0], present=story.members[1:17])
    do("SEC", "record_others", others=[{"capacity": "staff", "post": "課長（架空）"}, {"capacity": "guest"}])
    do("CHR", "name_signatories", signatories=[story.members[1]])
    do("CHR", "note_item", item_id="item-1")
    do("CHR", "close", at=story.at(20), observers=0, press=0)
    do("SEC", "record_openness", publicity="open")
    story.pass_days(2)
    seen = {"live": True, "evidence": Evidence("minute_taker")}
    do("SEC", "add_attendee", appointment_id=story.members[18], envelope=seen)
    paper = f"doc-{tag}-signed"
    story.document(paper, "移した会議 会議録案", "minutes")
    do("SEC", "draft_minutes", v=1, style="summary", naming="role", document_id=paper)
    signed = {"v": 1, "appointment_id": story.members[1], "means": "account", "on": story.day()}
    do("MEM", "sign_minutes", seat=story.members[1], **signed)


def a_meeting_in_writing(story: Any, tag: str) -> None:
    """Replies come one by one; the day by which they are asked for is moved."""
    meeting = f"meeting-{tag}-writing"

    def do(role: str, command: str, **arguments: Any) -> None:
        story.do(role, "Meeting", meeting, command, **arguments)

    story.schedule(meeting, title=f"書面での協議 {tag}（架空）", kind="written")
    do("SEC", "list_item", item_id="item-1", order=1, title="報告の確認（架空）", type="report")
    do("SEC", "start_written", sent_on=story.day(), deadline=story.day(7))
    story.pass_days(2)
    for seat in story.members[1:4]:
        reply = {"item_id": "item-1", "appointment_id": seat, "reply": "for", "received_on": story.day()}
        do("SEC", "receive_reply", **reply, text="異論はない。（架空）")
    later = story.now.date() + dt.timedelta(days=14)
    do("SEC", "move_deadline", deadline=later.isoformat(), reason="回答が少ないため（架空）")
    story.go_to_day(later + dt.timedelta(days=1))
    do("SEC", "note_item", item_id="item-1")
    do("CHR", "end_written", at=story.now.astimezone(JAPAN).isoformat())


def requests_for_documents(story: Any, tag: str) -> None:
    """One decided item by item and reviewed, its requester forgotten; one withdrawn."""
    first, second, paper = f"request-{tag}-1", f"request-{tag}-2", f"doc-{tag}-asked"

    def do(role: str, command: str, request: str = first, /, **arguments: Any) -> None:
        story.do(role, "DisclosureRequest", request, command, **arguments)

    story.document(paper, "打合せの資料", "other")
    retention = {"years": 5, "reason": "文書管理規程による（架空）"}
    story.do("SEC", "Document", paper, "set_retention", **retention)
    wanted = [
        {"item_id": "asked-1", "document_id": paper},
        {"item_id": "asked-2", "what": "打合せの記録（架空）"},
    ]
    about = {"kind": "information", "requested": wanted, "received_on": story.day(), "due_on": story.day(15)}
    do("SEC", "receive", **about, name="架空 請求")
    do("SEC", "amend", on=story.day(), requested=wanted)
    do("SEC", "extend", on=story.day(), due_on=story.day(45), reason="大量のため（架空）")
    story.pass_days(10)
    law = {"instrument_id": story.LAW, "article": 6}
    do("DIS", "decide", item_id="asked-1", decision="disclosed", decided_on=story.day())
    withheld = {
        "decision": "not_disclosed",
        "ground": "deliberation",
        "citation": law,
        "reason": "検討中（架空）",
    }
    do("DIS", "decide", item_id="asked-2", decided_on=story.day(), **withheld)
    do("SEC", "disclose", item_id="asked-1", on=story.day(), means="copy")
    do("SEC", "request_review", item_id="asked-2", on=story.day())
    story.pass_days(20)
    do(
        "DIS",
        "decide_review",
        item_id="asked-2",
        on=story.day(),
        maintained=True,
        reason="理由がある（架空）",
    )
    do("SEC", "close", on=story.day())
    do("DIS", "erase_requester", reason="保存期間の満了（架空）")
    do("SEC", "receive", second, kind="personal_data", requested=wanted[1:], received_on=story.day())
    do("SEC", "withdraw", second, on=story.day(), reason="本人の申出（架空）")


def a_seat_by_recommendation(story: Any, tag: str) -> None:
    """Somebody is recommended, accepts, and is appointed; a record is taken back on its day."""
    party, who = f"p-{tag}-recommended", f"recommendation-{tag}"
    story.do("SEC", "Party", party, "register_person", name="架空 推薦")
    recommended = {"recommendation_id": who, "party_id": party, "category": "public_recruitment"}
    story.do("SEC", "Council", story.COUNCIL, "recommend", **recommended, on=story.on())
    answer = {"recommendation_id": who, "accepted": False, "on": story.on()}
    story.do("SEC", "Council", story.COUNCIL, "answer_recommendation", **answer)
    wrong = f"doc-{tag}-wrong"
    story.document(wrong, "誤って登録した文書", "other")
    story.next_scene()
    story.do("SEC", "Document", wrong, "withdraw_event", target_version=1, reason="誤登録（架空）")


def a_promise_of_the_city(story: Any, tag: str) -> None:
    """A step that was promised with the city's answer, and taken."""
    matter = story.adopted_matter(f"matter-{tag}-promise", f"窓口の一本化 {tag}")
    story.do("SEC", "Matter", matter, "transmit", to="org-aoba-city", form="proposal", on=story.on())
    step = {
        "step_id": "step-1",
        "what": "要綱を定める（架空）",
        "by_when": story.on(60),
        "by_whom": "市民協働課（架空）",
    }
    answer = {"disposition": "accepted", "promised": [step], "on": story.on()}
    story.do("APR", "Matter", matter, "record_city_response", **answer)
    story.pass_days(40)
    story.do(
        "SEC", "Matter", matter, "take_promised_step", step_id="step-1", on=story.on(), text="定めた（架空）"
    )
