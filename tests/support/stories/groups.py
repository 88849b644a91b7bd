"""Builders: a council with serving members, and a working group of some of them."""

from __future__ import annotations

from typing import Any

from tests.support.given import TestRecord

COUNCIL = "council-aoba"
GROUP = "group-forum"


def given_a_council(record: TestRecord, members: int = 3) -> str:
    """A council whose members ``a-1``, ``a-2``, … (parties ``p-1``, ``p-2``, …) have served since FY2025."""
    rules: dict[str, Any] = {"importing": True}
    given: dict[str, Any] = {"name_ja": "あおば市民会議（架空）"}
    record.do("IMP", "Council", COUNCIL, "establish", **rules, **given)
    since = {"value": "2025-04-01", "precision": "day", "earliest": "2025-04-01", "latest": "2025-04-01"}
    record.do("IMP", "Council", COUNCIL, "open_term", **rules, term_no=1, from_date=since)
    for n in range(1, members + 1):
        record.do("SEC", "Party", f"p-{n}", "register_person", name=f"架空委員{n}")
        given = {
            "appointment_id": f"a-{n}",
            "party_id": f"p-{n}",
            "category": "public_recruitment",
            "term_no": 1,
            "from_date": since,
        }
        record.do("IMP", "Council", COUNCIL, "appoint", **rules, **given)
    return COUNCIL


def given_a_group(record: TestRecord, members: int = 3, kind: str = "project_group", **fields: Any) -> str:
    """A group of a new council, with its first ``members`` members; ``a-1`` leads it."""
    council = given_a_council(record, max(members, 1))
    given = {"kind": kind, "council_id": council, "fiscal_year": 2026} | fields
    record.do("SEC", "WorkingGroup", GROUP, "form", **given)
    for n in range(1, members + 1):
        role = "leader" if n == 1 else "member"
        given = {"appointment_id": f"a-{n}", "role": role}
        record.do("SEC", "WorkingGroup", GROUP, "assign_member", **given)
    return GROUP


def given_a_duty(record: TestRecord, appointment: str, duty: str | None = None) -> str:
    """An open responsibility of a member of the group."""
    duty = duty or f"r-{appointment}"
    given = {"responsibility_id": duty, "appointment_id": appointment, "duty": "会場の手配（架空）"}
    record.do("LDR", "WorkingGroup", GROUP, "take_responsibility", **given)
    return duty
