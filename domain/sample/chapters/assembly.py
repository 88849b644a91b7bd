"""Chapters about meetings: an evening with all that can happen in a room, and meetings that failed."""

from __future__ import annotations

from typing import Any


def an_evening_with_everything(story: Any, tag: str) -> None:
    """Recess, a closed item, items noted, dropped, carried over and added; letters; amended minutes."""
    meeting = f"meeting-{tag}-evening"
    chair, speaker, absent = story.members[0], story.members[1], story.members[20]

    def do(role: str, command: str, **arguments: Any) -> None:
        story.do(role, "Meeting", meeting, command, **arguments)

    at = story.schedule(meeting, title=f"臨時会 {tag}（架空）", kind="workshop")
    for n, type_ in enumerate(("report", "discussion", "discussion", "other"), 1):
        item = {"item_id": f"item-{n}", "order": n, "title": f"議題{n}（架空）", "type": type_}
        do("SEC", "list_item", **item)
    story.notify(meeting, at, "partly_closed", observer_capacity=10)
    letter = f"doc-{tag}-letter"
    story.document(letter, "欠席委員からの意見", "written_opinion")
    do("SEC", "receive_written", appointment_id=absent, item_id="item-2", document_id=letter)
    story.go_to(at)
    do("CHR", "open", at=story.at(19), presiding=chair, present=story.members[1:17])
    do("SEC", "leave", appointment_id=story.members[16], at=story.at(19, 10))
    do("CHR", "note_item", item_id="item-1")
    closed = {"visibility": "closed", "ground": "personal"}
    decided = {"item_id": "item-4", "disclosure": closed, "decided_in_meeting": True}
    do("CHR", "close_item", **decided, reason="個人の事情に触れるため（架空）")
    do("CHR", "recess", at=story.at(19, 40), reason="休憩")
    do("CHR", "resume", at=story.at(19, 50))
    added = {"item_id": "item-5", "order": 5, "title": "追加の議題（架空）", "type": "discussion"}
    do("CHR", "add_item", item=added, meeting_agrees=True)
    statement = {"statement_id": "st-1", "item_id": "item-2", "speaker": speaker, "speaker_role": "委員"}
    do(
        "SEC",
        "record_statement",
        **statement,
        stance="conditional",
        text="費用が分かれば賛成したい。（架空）",
    )
    do("CHR", "carry_over", item_id="item-2", reason="費用の見込みを確かめてから決めるため")
    do("CHR", "drop_item", item_id="item-3", reason="提案者が取り下げたため")
    for noted in ("item-4", "item-5"):
        do("CHR", "note_item", item_id=noted)
    do("CHR", "close", at=story.at(21), observers=3, press=1, staff=3)
    _amended_minutes(story, meeting, tag)


def _amended_minutes(story: Any, meeting: str, tag: str) -> None:
    def do(role: str, command: str, **arguments: Any) -> None:
        story.do(role, "Meeting", meeting, command, **arguments)

    first, second = f"doc-{tag}-minutes-1", f"doc-{tag}-minutes-2"
    style = {"style": "summary", "naming": "role", "other": "なし"}
    story.pass_days(7)
    story.document(first, "臨時会 会議録案", "minutes")
    do("SEC", "list_documents", document_ids=[])
    do("SEC", "draft_minutes", v=1, **style, document_id=first)
    do("SEC", "circulate_minutes", v=1, reply_by=story.day(7))
    request = {"appointment_id": story.members[1], "text": "発言の趣旨を「条件付きで賛成」と直してほしい。"}
    do("MEM", "request_amendment", request_id="q-1", seat=story.members[1], **request)
    do("SEC", "answer_amendment", request_id="q-1", accepted=True)
    story.document(second, "臨時会 会議録案（第2版）", "minutes")
    do("SEC", "draft_minutes", v=2, **style, document_id=second)
    do("SEC", "circulate_minutes", v=2, reply_by=story.day(7))
    story.pass_days(8)
    do("CHR", "confirm_minutes", by="chair", v=2)
    do("SEC", "publish_minutes", on=story.day())
    changed = {"target_event": second, "field": "傍聴者数", "before": "3人", "after": "4人"}
    do("CHR", "correct_minutes", **changed, reason="受付簿を数え直したため", proposed_by="p-sec")


def meetings_that_failed(story: Any, tag: str) -> None:
    """One that was called off, one without a quorum, and one of which only the numbers are known."""
    called_off, inquorate = f"meeting-{tag}-storm", f"meeting-{tag}-few"
    story.schedule(called_off, title=f"台風で中止した会議 {tag}（架空）", kind="plenary")
    story.do("SEC", "Meeting", called_off, "cancel", reason="台風の接近のため（架空）")
    at = story.schedule(inquorate, title=f"流会となった会議 {tag}（架空）", kind="plenary")
    story.go_to(at)
    few = {"at": story.at(19), "present": story.members[:6]}
    story.do("CHR", "Meeting", inquorate, "find_inquorate", **few)
    counted = f"meeting-{tag}-counted"
    story.schedule(counted, title=f"人数だけが分かる会議 {tag}（架空）", kind="workshop")
    counts = {"members_serving": 28, "members_present": 16, "observers": 2}
    story.do("SEC", "Meeting", counted, "import_counts", **counts)
