"""Chapters about bodies: a council from its founding to its end, groups and what they took on, officers."""

from __future__ import annotations

from typing import Any


def a_council_that_ended(story: Any, tag: str) -> None:
    """A small council of the past: founded, led, suspended, resumed, dissolved."""
    council = f"council-past-{tag}"

    def do(command: str, **arguments: Any) -> None:
        story.do("SEC", "Council", council, command, **arguments)

    law = {"instrument_id": story.LAW, "article": 5}
    do(
        "establish",
        name_ja=f"あおば市公園づくり会議 {tag}（架空）",
        established_on=story.on(),
        legal_basis={**law, "paragraph": 1},
        organised_by=["citizens", "city"],
    )
    do(
        "adopt_operating_method",
        method="workshop",
        label_ja="ワークショップ方式",
        reason="話しやすくするため",
    )
    do("adopt_grouping", from_fiscal_year=story.fiscal_year(), basis="by_theme", responsibility="each_member")
    do("open_term", term_no=1, from_date=story.on())
    for n in range(1, 4):
        story.do("SEC", "Party", f"p-past-{tag}-{n}", "register_person", name=f"架空 公園{n}番")
        seat = {"appointment_id": f"past-{tag}-{n}", "party_id": f"p-past-{tag}-{n}", "term_no": 1}
        do("appoint", **seat, category="public_recruitment", from_date=story.on())
    do("elect_chair", appointment_id=f"past-{tag}-1", from_date=story.on())
    do("designate_acting_chair", appointment_id=f"past-{tag}-2", from_date=story.on())
    story.do("SEC", "Party", f"p-past-{tag}-adviser", "register_person", name="架空 公園助言者")
    do("invite_adviser", party_id=f"p-past-{tag}-adviser", from_date=story.on())
    story.pass_days(60)
    do("suspend", reason="公園の工事が終わるまで休む（架空）")
    story.pass_days(30)
    do("resume", reason="工事が終わったため")
    do("release_adviser", party_id=f"p-past-{tag}-adviser", on=story.on(), reason="任務の終了")
    do("end_appointment", appointment_id=f"past-{tag}-1", on=story.on(), why="resigned")
    do("dissolve", on=story.on(), reason="公園の開園により目的を果たしたため（架空）")


def roles_granted(story: Any, tag: str) -> None:
    """A clerk for a while in place of another, and what became of it."""
    grant = {"party_id": f"p-{tag}-clerk", "role": "SEC", "from_date": story.day(), "to_date": story.day(90)}
    number = story.number_for("人")
    story.do("SEC", "Party", f"p-{tag}-clerk", "register_person", name="架空 応援", post="主事（架空）")
    more = {"body": story.COUNCIL, "deputy": True, "document_no": number}
    story.do("SEC", "RoleGrant", f"grant-{tag}", "grant_role", **grant, **more)
    story.do(
        "SEC", "RoleGrant", f"grant-{tag}", "revoke_role", last_day=story.day(30), reason="応援の終了（架空）"
    )


def groups_at_work(story: Any, tag: str) -> None:
    """Two project groups: duties taken, handed over, left behind; reports; one goes on in the other."""
    first, second = f"group-{tag}-forum", f"group-{tag}-guide"
    leader, member, leaving = story.members[2], story.members[3], story.extra_member(tag)
    for group, label in ((first, "フォーラム班"), (second, "手引き班")):
        formed = {"kind": "project_group", "council_id": story.COUNCIL, "label_ja": f"{label}（架空）"}
        story.do("SEC", "WorkingGroup", group, "form", **formed, fiscal_year=story.fiscal_year())
        story.do("SEC", "WorkingGroup", group, "assign_member", appointment_id=leader, role="leader")
        story.do("SEC", "WorkingGroup", group, "assign_member", appointment_id=member)
        duties = ((leader, "進行"), (member, "広報"))
        for n, (seat, duty) in enumerate(duties, 1):
            taken = {"responsibility_id": f"r-{n}", "appointment_id": seat, "duty": f"{duty}を担う"}
            story.do("LDR", "WorkingGroup", group, "take_responsibility", **taken, due=story.on(90))
    story.do("SEC", "WorkingGroup", first, "assign_support", party_id="p-sample-adviser", role="adviser")
    story.do("SEC", "WorkingGroup", first, "assign_member", appointment_id=leaving)
    role = {"appointment_id": leaving, "role": "deputy", "role_label": "副班長"}
    story.do("SEC", "WorkingGroup", first, "change_role", **role)
    taken = {"responsibility_id": "r-3", "appointment_id": leaving, "duty": "会場を手配する"}
    story.do("LDR", "WorkingGroup", first, "take_responsibility", **taken)
    for group in (first, second):
        story.do("LDR", "WorkingGroup", group, "activate")
    story.pass_days(40)
    for n, (seat, tenths) in enumerate(((leader, 25), (member, 40), (leaving, 5)), 1):
        worked = {"appointment_id": seat, "tenths": tenths, "activity": f"準備 {n}", "on": story.on()}
        story.do("LDR", "WorkingGroup", first, "log_work", **worked)
    document = f"doc-{tag}-group"
    story.document(document, "フォーラム班 中間報告", "report")
    story.do("LDR", "WorkingGroup", first, "report", kind="interim", document_id=document)
    story.next_scene()  # who leaves is known to be a member once that is on record
    gone = {"appointment_id": leaving, "on": story.on(), "why": "resigned", "reason": "転居のため（架空）"}
    story.do("SEC", "Council", story.COUNCIL, "end_appointment", **gone)
    over = {"responsibility_id": "r-3", "to_id": member, "reason": "担い手がいなくなったため"}
    story.do("LDR", "WorkingGroup", first, "hand_over", **over)
    for n in (1, 2, 3):
        done = {"responsibility_id": f"r-{n}", "result": "予定どおり終えた"}
        story.do("LDR", "WorkingGroup", first, "discharge", **done)
    story.do("LDR", "WorkingGroup", first, "report", kind="final", document_id=document)
    story.do("SEC", "WorkingGroup", first, "release_member", appointment_id=member, reason="手引き班に専念")
    merged = {"reason": "手引き班に合流する", "merged_into": second}
    story.do("SEC", "WorkingGroup", first, "dissolve", **merged)


def officers_and_training(story: Any, tag: str) -> None:
    """A network of officers: posts, sections that change, officers who come and go, training."""
    network = f"officers-{tag}"

    def do(command: str, **arguments: Any) -> None:
        story.do("SEC", "OfficerNetwork", network, command, **arguments)

    do("create_posts", title_ja="協働推進担当者（架空）", scope="every_section", sections_total=2)
    for n, name in ((1, "市民生活課"), (2, "公園緑地課")):
        do("register_section", section_id=f"section-{tag}-{n}", name=f"{name}（架空）")
        story.do("SEC", "Party", f"p-officer-{tag}-{n}", "register_person", name=f"架空 担当{n}番")
        do("designate_officer", section_id=f"section-{tag}-{n}", party_id=f"p-officer-{tag}-{n}")
    do("rename_section", section_id=f"section-{tag}-1", name="市民協働課（架空）")
    training = {"training_id": f"t-{tag}-1", "kind": "basic"}
    do("plan_training", **training, title_ja="協働の基礎研修（架空）", due=story.on(30))
    story.pass_days(30)
    do("hold_training", **training, held_on=story.on(), attendees=24, times_held=1)
    do("relieve_officer", section_id=f"section-{tag}-2")
    do("abolish_section", section_id=f"section-{tag}-2", reason="組織改正のため（架空）")
