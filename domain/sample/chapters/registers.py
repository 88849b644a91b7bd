"""Chapters about what is claimed, what is registered, and what is put right."""

from __future__ import annotations

from typing import Any


def claims_and_follow_ups(story: Any, tag: str) -> None:
    """A problem with a device against it, looked at again; what was to follow, and what became of it."""

    def do(name: str, command: str, role: str = "SEC", **arguments: Any) -> None:
        story.do(role, "Reflection", f"{name}-{tag}", command, **arguments)

    problem = "参加する人が固定している。（架空）"
    do("problem", "state_claim", "MEM", category="problem", text_ja=problem, subjects=[story.COUNCIL])
    do("device", "state_claim", category="device", text_ja="班ごとに責任を分ける。（架空）")
    do("problem", "link_countermeasure", device_id=f"device-{tag}")
    do("effect", "state_claim", category="effect", text_ja="三つの事業を行えた。（架空）")
    do("effect", "identify_actions", action_ids=story.made.actions[:1])
    story.pass_days(30)
    year = {"value": f"FY{story.fiscal_year()}", "precision": "fiscal_year"}
    do("problem", "reassess", metric="M2", period=year, verdict="improved", value="42.0%")
    do("problem", "close", reason="次の年度に見直すため")
    plans = (("step-up", "will_do"), ("sheet", "considering"), ("idea", "will_do"))
    for name, commitment in plans:
        do(name, "plan_follow_up", text_ja=f"{name}を行う（架空）", commitment=commitment, due=story.on(120))
    do("step-up", "start_follow_up")
    do("step-up", "complete_follow_up", result="予定どおり行った（架空）")
    do("sheet", "adopt_follow_up", adopted_by=story.made.matters[0])
    do("idea", "drop_follow_up", reason="ほかの方法で足りるため（架空）")


def registers_and_links(story: Any, tag: str) -> None:
    """Consent given and taken back, a person forgotten, a document revised and opened, links."""
    person = f"p-{tag}-consent"
    story.do("SEC", "Party", person, "register_person", name="架空 同意")
    story.do("SEC", "Party", person, "give_name_consent")
    story.do("SEC", "Party", person, "withdraw_name_consent")
    story.do("SEC", "Party", person, "change_details", what="name", value="架空 改姓")
    for number in ("7個第1号", "7個第2号"):
        request = {"request_no": number, "reason": "本人の求めによる（架空）"}
        story.do("SEC", "Party", person, "request_erasure", **request)
        if number == "7個第1号":
            story.do("DIS", "Party", person, "decline_erasure", reason="本人を確かめられないため（架空）")
    story.do("DIS", "Party", person, "erase", reason="本人の求めによる（架空）")
    for name in ("twice", "once"):
        story.do("SEC", "Party", f"p-{tag}-{name}", "register_person", name="架空 重複")
    story.do("SEC", "Party", f"p-{tag}-twice", "merge", into=f"p-{tag}-once")
    document = f"doc-{tag}-estimate"
    closed = {"visibility": "closed", "ground": "deliberation", "review_on": story.day(90)}
    about = {"kind": "estimate", "title": "会場費の見積り（架空）", "dated": story.on()}
    story.do("SEC", "Document", document, "register", **about, disclosure=closed)
    story.do("SEC", "Document", document, "revise", change="単価を改めた（架空）")
    story.pass_days(30)
    story.do(
        "DIS", "Document", document, "review_disclosure", outcome="may_open", reason="協議が終わったため"
    )
    opened = {"to": {"visibility": "public"}, "reason": "非公開とする理由がなくなったため（架空）"}
    story.do("DIS", "Document", document, "change_disclosure", **opened)
    story.content(document, f"見積り {tag}")
    amended = {"amended": story.on(), "summary": "第5条の文言を整える（架空）"}
    story.do("SEC", "LegalInstrument", story.LAW, "amend", **amended)
    link = f"link-{tag}"
    made = {
        "from_id": document,
        "to_id": story.COUNCIL,
        "relation": "says_about",
        "reason": "会議の費用のため",
    }
    story.do("SEC", "Link", link, "make", **made)
    story.do("SEC", "Link", link, "withdraw", reason="別の会議の見積りだったため（架空）")


def the_record_is_put_right(story: Any, tag: str) -> None:
    """A correction approved, another declined, a claim redacted and opened again."""
    claim = f"claim-{tag}"

    def do(role: str, command: str, **arguments: Any) -> None:
        story.do(role, "Reflection", claim, command, **arguments)

    do(
        "MEM",
        "state_claim",
        category="reaction",
        text_ja="参加者は八割が満足していた。（架空）",
        measured=False,
    )
    for n, after in ((1, "参加者は七割が満足していた。（架空）"), (2, "参加者は満足していた。（架空）")):
        wanted = [{"field": "text_ja", "after": after}]
        about = {"target_version": 1, "changes": wanted, "reason": "集計を確かめたため（架空）"}
        do("SEC", "propose_correction", correction_id=f"fix-{n}", **about)
    do("CHR", "approve_correction", correction_id="fix-1")
    do("APR", "decline_correction", correction_id="fix-2", reason="割合が分かっているため")
    closed = {"visibility": "closed", "ground": "in_confidence"}
    redacted = {"redaction_id": "r-1", "target_version": 1, "redacted": closed, "fields": ["text_ja"]}
    do("DIS", "redact", **redacted, reason="公表の可否を確かめるため（架空）")
    story.pass_days(10)
    do("DIS", "lift_redaction", redaction_id="r-1", reason="公表してよいことを確かめたため（架空）")
