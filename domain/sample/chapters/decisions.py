"""Chapters about matters that took another course than question, vote and answer."""

from __future__ import annotations

from typing import Any

REMIT = {"instrument_id": "law-aoba", "article": 5, "paragraph": 2}


def _raise(story: Any, matter: str, title: str) -> None:
    words = {"title": f"{title}（架空）", "question": f"{title}をどうするか。（架空）"}
    story.do("SEC", "Matter", matter, "raise_matter", **words, council_id=story.COUNCIL, remit=REMIT)
    for n, label in ((1, "今のまま続ける"), (2, "やり方を改める")):
        story.do("MEM", "Matter", matter, "propose_option", option_id=f"option-{n}", label=label)


def _frozen(story: Any, matter: str, title: str) -> None:
    _raise(story, matter, title)
    document = f"doc-of-{matter}"
    story.document(document, f"{title}の調べ", "survey")
    story.do(
        "SEC", "Matter", matter, "attach_evidence", evidence_id="e-1", document_id=document, kind="survey"
    )
    story.do("CHR", "Matter", matter, "freeze_options")


def _meet(story: Any, meeting: str, title: str, *matters: str) -> None:
    """An open meeting with these matters on its running order."""
    at = story.schedule(meeting, title=f"{title}（架空）", kind="plenary")
    for n, matter in enumerate(matters, 1):
        item = {
            "item_id": f"item-{n}",
            "order": n,
            "title": f"協議{n}",
            "type": "decision",
            "matter_id": matter,
        }
        story.do("SEC", "Meeting", meeting, "list_item", **item)
    story.notify(meeting, at)
    story.go_to(at)
    opened = {"presiding": story.members[0], "present": story.members[1:18]}
    story.do("CHR", "Meeting", meeting, "open", at=story.at(19), **opened)


def _all_agree(story: Any, meeting: str, item: str, **more: Any) -> None:
    resolved = {"item_id": item, "at": story.at(20), "method": "no_objection", "result": "adopted"}
    story.do("CHR", "Meeting", meeting, "take_resolution", **resolved, options_version=1, **more)


def _adjourn(story: Any, meeting: str) -> None:
    story.do("CHR", "Meeting", meeting, "close", at=story.at(21), observers=0, press=0, staff=2)
    story.go_to(story.now.replace(hour=21, minute=30))


def matters_that_took_another_course(story: Any, tag: str) -> None:
    """One amended, assessed and carried over; one withdrawn; one concluded aloud, superseded, rescinded."""
    carried, dropped = f"matter-{tag}-carried", f"matter-{tag}-dropped"
    older, newer = f"matter-{tag}-older", f"matter-{tag}-newer"
    _raise(story, carried, "交流の場の開き方")
    amended = {"option_id": "option-2", "label": "やり方を改め、月に一度開く", "reason": "費用を抑えるため"}
    story.do("MEM", "Matter", carried, "amend_option", **amended)
    story.do("CHR", "Matter", carried, "adopt_criterion", criterion_id="c-cost", text="費用が見合うこと")
    assessed = {"option_id": "option-2", "criterion_id": "c-cost", "text": "会場費が要らない。（架空）"}
    story.do("ADV", "Matter", carried, "assess_option", **assessed)
    _raise(story, dropped, "使われなくなった掲示板")
    story.do("CHR", "Matter", dropped, "withdraw", reason="掲示板が撤去されたため（架空）")
    _frozen(story, older, "手引きの配り方")
    _frozen(story, newer, "手引きの配り方の見直し")
    meeting = f"meeting-{tag}-courses"
    _meet(story, meeting, f"見直しの会 {tag}", carried, older, newer)
    story.do("CHR", "Meeting", meeting, "carry_over", item_id="item-1", reason="案を練り直すため")
    carrying = {"meeting_id": meeting, "reason": "案を練り直すため"}
    story.do("CHR", "Matter", carried, "carry_over", **carrying)
    for n, item in enumerate(("item-2", "item-3"), 1):
        choice = {"chosen_option": f"option-{n}", "reason": "届く人が増えるため（架空）"}
        _all_agree(story, meeting, item, conclusion=choice)
    _adjourn(story, meeting)
    for matter in (older, newer):
        story.do("CHR", "Matter", matter, "confirm_no_dissent", asked_at=story.on(), meeting_id=meeting)
    because = {"superseded_by": newer, "reason": "新しい配り方に改めるため（架空）"}
    story.do("CHR", "Matter", older, "supersede", **because)
    story.do("CHR", "Matter", newer, "rescind", reason="手引きそのものを作り直すため（架空）")


def a_matter_left_to_the_chair(story: Any, tag: str) -> None:
    """The wording left to the chair within limits, settled, and reported to the next meeting."""
    matter, meeting, later = f"matter-{tag}-wording", f"meeting-{tag}-wording", f"meeting-{tag}-reported"
    _frozen(story, matter, "呼びかけ文の文言")
    _meet(story, meeting, f"文言の会 {tag}", matter)
    entrusted = {
        "method": "chair_entrusted",
        "result": "entrusted",
        "limits": "趣旨を変えない字句の整理に限る",
    }
    resolved = {"item_id": "item-1", "resolution_id": "res-1", "at": story.at(20), "options_version": 1}
    story.do("CHR", "Meeting", meeting, "take_resolution", **resolved, **entrusted)
    _adjourn(story, meeting)
    concluded = {"meeting_id": meeting, "resolution_ref": "res-1", "chosen_option": "option-2"}
    story.do("CHR", "Matter", matter, "conclude", **concluded, reason="細部は座長に委ねる")
    document = f"doc-{tag}-wording"
    story.document(document, "整理した呼びかけ文", "proposal")
    story.do("CHR", "Matter", matter, "settle_entrustment", document_id=document, within_limits=True)
    story.pass_days(20)
    at = story.schedule(later, title=f"文言の報告会 {tag}（架空）", kind="plenary")
    story.go_to(at)
    story.do("CHR", "Matter", matter, "report_entrustment", meeting_id=later)
