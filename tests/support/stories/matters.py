"""Matters 案件 for tests: builders, and a meeting as the Matter reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from domain.kernel.links import links_of
from domain.kernel.refusals import UNKNOWN_ID
from domain.matter.aggregate import Matter
from domain.values.quorum import Tally
from tests.support.given import TestRecord

M1, M2, M3 = "matter-1", "matter-2", "matter-3"
PRACTICE = "所掌に定めはないが、計画の実施にも関わってきたため（架空）"
REASON = "初めての人が最も来やすいため（架空）"


@dataclass
class Resolution:
    """A resolution as the Matter reads it."""

    method: str = "majority_show"
    result: str = "adopted"
    matter_id: str = M1
    objections: int = 0
    tally: Tally | None = None
    options_version: int | None = 1
    item_id: str = "item-1"

    @property
    def matters(self) -> tuple[str, ...]:
        return (self.matter_id,)


@dataclass
class StandInMeeting:
    """A meeting as the Matter reads it. What a meeting itself refuses is in test_meeting.py."""

    resolutions: dict[str, Resolution] = field(default_factory=dict)
    reported: dict[str, Resolution] = field(default_factory=dict)
    minutes_state: str | None = None
    council_id: str | None = None
    in_the_room: set[str] = field(default_factory=lambda: {"p-mem", "seat-01", "seat-02"})
    recused: set[str] = field(default_factory=set)

    def was_present(self, appointment_id: str) -> bool:
        return appointment_id in self.in_the_room

    def is_recused(self, appointment_id: str, item_id: str) -> bool:
        return appointment_id in self.recused and item_id == "item-1"


def stand_in_for_meetings(monkeypatch: pytest.MonkeyPatch) -> dict[str, StandInMeeting]:
    """The meetings there are, by id; a test adds to them what it needs."""
    known = {"meeting-1": StandInMeeting(), "meeting-2": StandInMeeting()}

    def look(self: Matter, meeting_id: str, pointer: str = "/meeting_id") -> StandInMeeting:
        if meeting_id not in known:
            raise UNKNOWN_ID(kind="会議", kind_en="meeting", id=meeting_id).at(pointer)
        return known[meeting_id]

    monkeypatch.setattr(Matter, "_meeting", look)
    return known


def matter(record: TestRecord, name: str = M1) -> Matter:
    """The matter as it stands."""
    found = Matter.replay(None, record.application.events.get(originator_id=name))  # type: ignore[arg-type]
    assert found is not None
    return found


def given_a_matter(record: TestRecord, name: str = M1, **fields: Any) -> str:
    given = {"title": "フォーラム（架空）", "question": "どう開くか。", "practice": PRACTICE} | fields
    record.do("MEM", "Matter", name, "raise_matter", **given)
    return name


def given_options(record: TestRecord, name: str = M1, n: int = 3) -> str:
    for k in range(1, n + 1):
        record.do("MEM", "Matter", name, "propose_option", option_id=f"option-{k}", label=f"第{k}案")
    return name


def given_a_council(record: TestRecord, body_type: str = "joint_council") -> str:
    basis = {"instrument_id": "law-x", "article": 17}
    fields = {"name_ja": "架空の会議", "body_type": body_type, "legal_basis": basis}
    record.do("IMP", "Council", "council-x", "establish", importing=True, **fields)
    return "council-x"


def given_a_document(record: TestRecord, name: str = "doc-survey") -> str:
    disclosure = {"visibility": "public"}
    record.do("SEC", "Document", name, "register", kind="survey", disclosure=disclosure)
    return name


def given_evidence(record: TestRecord, name: str = M1) -> str:
    document = given_a_document(record, f"doc-for-{name}")
    record.do("SEC", "Matter", name, "attach_evidence", evidence_id="e-1", document_id=document)
    return name


def given_a_ripe_matter(record: TestRecord, name: str = M1) -> str:
    """Three options, one piece of evidence, options frozen as version 1."""
    given_a_matter(record, name)
    given_options(record, name)
    given_evidence(record, name)
    record.do("CHR", "Matter", name, "freeze_options")
    return name


def given_a_resolution(meetings: dict[str, StandInMeeting], name: str = "r-1", **fields: Any) -> None:
    meetings["meeting-1"].resolutions[name] = Resolution(**fields)


def conclusion(**fields: Any) -> dict[str, Any]:
    given = {"meeting_id": "meeting-1", "resolution_ref": "r-1", "chosen_option": "option-2"} | fields
    return {name: value for name, value in given.items() if value is not None}


def given_a_conclusion(
    record: TestRecord, meetings: dict[str, StandInMeeting], name: str = M1, **fields: Any
) -> str:
    given_a_ripe_matter(record, name)
    given_a_resolution(meetings, f"r-{name}", matter_id=name)
    record.do("CHR", "Matter", name, "conclude", **conclusion(resolution_ref=f"r-{name}", **fields))
    return name


def given_a_transmission(record: TestRecord, meetings: dict[str, StandInMeeting]) -> str:
    given_a_conclusion(record, meetings)
    given_the_city(record)
    record.do("SEC", "Matter", M1, "transmit", to="org-city", form="proposal")
    return M1


def given_the_city(record: TestRecord) -> None:
    record.do("SEC", "Party", "org-city", "register_organisation", name_ja="架空市", category="municipality")


def given_an_entrusted_matter(record: TestRecord, meetings: dict[str, StandInMeeting]) -> str:
    given_a_ripe_matter(record)
    given_a_resolution(meetings, method="chair_entrusted", result="entrusted")
    record.do("CHR", "Matter", M1, "conclude", **conclusion())
    return M1


def settled(record: TestRecord, **fields: Any) -> dict[str, Any]:
    return {"document_id": given_a_document(record, "doc-wording"), "within_limits": True} | fields


def links(event: Any) -> list[tuple[str, str, str]]:
    return [(link.from_id, link.relation, link.to_id) for link in links_of(event)]
