"""A body whose past is known from papers: what a source tells, and nothing more."""

from __future__ import annotations

from typing import Any

import msgspec

from domain.kernel.events import Source
from domain.values.calendar import EffectiveDate


def a_committee_known_from_papers(story: Any, tag: str) -> None:
    """A committee within the council, its session, and a meeting of which the minutes alone tell."""
    council, meeting, paper = f"council-{tag}-committee", f"meeting-{tag}-papers", f"doc-{tag}-papers"
    first, second, year = f"matter-{tag}-bill-1", f"matter-{tag}-bill-2", story.fiscal_year()
    story.document(paper, "まちづくり委員会の会議録", "minutes")
    body = {
        "name_ja": f"まちづくり委員会 {tag}（架空）",
        "body_type": "committee",
        "parent_id": story.COUNCIL,
    }
    story.do("SEC", "Council", council, "establish", **body, established_on=story.on(-400))
    session = {"session_id": f"session-{tag}", "name": "第1回定例会（架空）", "kind": "regular", "no": 1}
    story.do("SEC", "Council", council, "record_session", **session, year=year, from_date=story.on(-40))
    _somebody(story, f"p-{tag}-papers")
    for n, matter in enumerate((first, second), 1):
        bill = {
            "title": f"架空の議案第{n}号",
            "question": "可決するか。（架空）",
            "practice": "付託による（架空）",
        }
        story.do(
            "SEC", "Matter", matter, "raise_matter", **bill, matter_no=f"{tag} 第{n}号", matter_year=year
        )
    about = {"council_id": council, "kind": "plenary", "session_id": session["session_id"], "no": 1}
    story.do("SEC", "Meeting", meeting, "schedule", **about, no_year=year, numbered_by="fiscal_year")
    item = {"item_id": "item-1", "order": 1, "printed_no": "日程第1", "title": "架空の議案二件"}
    story.do("SEC", "Meeting", meeting, "list_item", **item, matter_id=first, matter_ids=[second])
    held = {"held_on": story.on(-35), "members_present": 5, "members_serving": 7}
    story.do("SEC", "Meeting", meeting, "record_held", **held)
    _as_the_paper_has_it(story, meeting, paper, first, second)


def _somebody(story: Any, party: str) -> None:
    """Who belonged to something once."""
    story.do("SEC", "Party", party, "register_person", name="架空 移行")
    once = {"affiliation_id": "affiliation-1", "affiliate": {"name_ja": "架空会派", "as_what": "幹事"}}
    story.do("SEC", "Party", party, "record_affiliation", **once, from_date=story.on(-900))
    story.do("SEC", "Party", party, "end_affiliation", affiliation_id="affiliation-1", on=story.on(-30))


def _as_the_paper_has_it(story: Any, meeting: str, paper: str, first: str, second: str) -> None:
    day = msgspec.convert(story.on(-35), EffectiveDate).check()
    record = {"source": Source(paper, "2頁"), "effective": day}

    def do(command: str, **arguments: Any) -> None:
        story.do("SEC", "Meeting", meeting, command, envelope=record, **arguments)

    on = {"item_id": "item-1"}
    do("record_statement", **on, statement_id="st-1", speaker_role="委員", text="費用はいくらか。（架空）")
    reply = {"statement_id": "st-2", "speaker_role": "市民協働課長", "answers_to": "st-1"}
    do("record_statement", **on, **reply, text="八十五万円である。（架空）")
    bills = {"matter_id": first, "matter_ids": [second], "resolution_id": "res-1"}
    words = {"result_text": "全会一致で原案可決", "result": "adopted", "numbers": {"present": 5}}
    do("report_resolution", **on, **bills, **words)
    for matter in (first, second):
        story.do("SEC", "Matter", matter, "conclude", meeting_id=meeting, resolution_ref="res-1")
