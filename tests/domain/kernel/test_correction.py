"""Correction and redaction: two of the three acts of domain.md 3, for every kind of aggregate."""

from __future__ import annotations

from typing import Any

import pytest

from domain.kernel.correction import Correctable
from domain.kernel.correction_events import CorrectionProposed, PartRedacted, RecordCorrected, RedactionLifted
from domain.kernel.record import KINDS
from domain.plan_action.aggregate import PlanAction
from tests.support.given import TestRecord, then_recorded, then_refused

A = "action-fair"
WHY = "集計表の転記を誤ったため（架空）"
CLOSED = {"visibility": "closed", "ground": "personal"}


def given_an_action_with_a_budget(record: TestRecord) -> str:
    """Version 1 registers it, version 2 allocates 200千円, version 3 holds a forum of 30."""
    record.do("IMP", "PlanAction", A, "register", importing=True, title_ja="架空の市民まつり")
    budget = {"fiscal_year": 2026, "kind": "initial", "amount_yen": 200_000}
    record.do("SEC", "PlanAction", A, "allocate_budget", importing=True, **budget)
    held = {"activity_id": "forum-1", "kind": "forum", "participants": 30, "first_time": 10, "returning": 15}
    record.do("IMP", "PlanAction", A, "record_activity", importing=True, **held, unknown=5)
    return A


def propose(record: TestRecord, version: int, *changes: tuple[str, Any], name: str = "fix-1") -> Any:
    wanted = [{"field": field, "after": after} for field, after in changes]
    arguments = {"correction_id": name, "target_version": version, "changes": wanted, "reason": WHY}
    return record.do("SEC", "PlanAction", A, "propose_correction", **arguments)


def refused_proposal(record: TestRecord, code: str, version: int, field: str, after: Any) -> Any:
    wanted = [{"field": field, "after": after}]
    arguments = {"correction_id": "fix-9", "target_version": version, "changes": wanted, "reason": WHY}
    return then_refused(code, record, "SEC", "PlanAction", A, "propose_correction", **arguments)


def approve(record: TestRecord, name: str = "fix-1", **options: Any) -> Any:
    return record.do("CHR", "PlanAction", A, "approve_correction", correction_id=name, **options)


def the_action(record: TestRecord) -> PlanAction:
    found = PlanAction.replay(None, record.application.events.get(originator_id=A))  # type: ignore[arg-type]
    assert found is not None
    return found


def test_every_kind_but_the_link_can_be_fixed() -> None:
    """A link is withdrawn and made anew."""
    assert [name for name, kind in KINDS.items() if not issubclass(kind, Correctable)] == ["Link"]


def test_a_correction_keeps_what_stood_there(record: TestRecord) -> None:
    given_an_action_with_a_budget(record)
    proposed = propose(record, 3, ("participants", 31), ("unknown", 6))
    then_recorded(proposed, CorrectionProposed)
    (made,) = approve(record)
    then_recorded([made], RecordCorrected)
    assert [(c.field, c.before, c.after) for c in made.data.changes] == [
        ("participants", 30, 31),
        ("unknown", 5, 6),
    ]
    assert (made.data.proposed_by, made.data.approved_by, made.data.reason) == ("p-sec", "p-chr", WHY)
    assert made.data.target_event == record.events[2].event_id
    assert record.events[2].data.participants == 30, "the log keeps what was recorded"


def test_the_aggregate_decides_on_the_corrected_facts(record: TestRecord) -> None:
    given_an_action_with_a_budget(record)
    assert the_action(record).cycles[2026].current.yen == 200_000  # type: ignore[union-attr]
    propose(record, 2, ("amount_yen", 210_000), ("stated_amount", 210_000))
    assert the_action(record).cycles[2026].current.yen == 200_000, "a proposal changes nothing"  # type: ignore[union-attr]
    approve(record)
    assert the_action(record).cycles[2026].current.yen == 210_000  # type: ignore[union-attr]


def test_another_record_decides_on_what_was_corrected_together(record: TestRecord) -> None:
    given_an_action_with_a_budget(record)
    record.do("IMP", "PlanAction", "action-b", "register", importing=True, title_ja="架空の集い")
    budget = {"fiscal_year": 2026, "kind": "initial", "amount_yen": 200_000}
    record.do("SEC", "PlanAction", "action-b", "allocate_budget", importing=True, **budget)
    more = [{"field": "amount_yen", "after": 210_000}, {"field": "stated_amount", "after": 210_000}]
    asked = {"correction_id": "fix-1", "target_version": 2, "changes": more, "reason": WHY}
    also = [{"stream": "action-b", "target_version": 2, "changes": more}]
    record.do("SEC", "PlanAction", A, "propose_correction", **asked, also=also)
    approve(record)
    for action in (A, "action-b"):
        known = record.application.cache.checkout(PlanAction, action)
        assert known is not None and known.cycles[2026].current.yen == 210_000  # type: ignore[union-attr]


def test_a_second_correction_starts_from_the_first(record: TestRecord) -> None:
    given_an_action_with_a_budget(record)
    propose(record, 3, ("place", "架空ホール"))
    approve(record)
    propose(record, 3, ("place", "架空会館"), name="fix-2")
    (made,) = approve(record, "fix-2")
    assert [(c.before, c.after) for c in made.data.changes] == [("架空ホール", "架空会館")]
    assert [(c.field, c.after) for c in made.data.standing] == [("place", "架空会館")]


def test_the_effective_date_can_be_corrected(record: TestRecord) -> None:
    given_an_action_with_a_budget(record)
    propose(record, 3, ("effective", "2026-03"))
    (made,) = approve(record)
    corrected = next(iter(PlanAction.as_corrected([record.events[2], made])))
    assert (corrected.effective.value, corrected.effective.precision) == ("2026-03", "month")


def test_a_date_inside_an_event_is_read_like_any_date(record: TestRecord) -> None:
    given_an_action_with_a_budget(record)
    propose(record, 3, ("held_on", "令和8年3月4日"))
    (made,) = approve(record)
    corrected = next(iter(PlanAction.as_corrected([record.events[2], made])))
    assert corrected.data.held_on.value == "2026-03-04"
    refused_proposal(record, "DATE_IMPOSSIBLE", 3, "held_on", "2026-02-30")


def test_one_place_of_a_list_can_be_corrected(record: TestRecord) -> None:
    given_an_action_with_a_budget(record)
    plan = {"fiscal_year": 2026, "goals": ["来てもらう（架空）", "続ける（架空）"]}
    record.do("IMP", "PlanAction", A, "open_cycle", importing=True, fiscal_year=2026)
    record.do("IMP", "PlanAction", A, "plan_cycle", importing=True, **plan)
    propose(record, 5, ("goals.1", "毎年続ける（架空）"))
    (made,) = approve(record)
    corrected = next(iter(PlanAction.as_corrected([record.events[4], made])))
    assert corrected.data.goals == ("来てもらう（架空）", "毎年続ける（架空）")
    refused_proposal(record, "FIELD_NOT_CORRECTABLE", 5, "goals.7", "x")


def test_nobody_approves_their_own_proposal(record: TestRecord) -> None:
    given_an_action_with_a_budget(record)
    propose(record, 3, ("place", "架空ホール"))
    own = {"correction_id": "fix-1", "party": "p-sec"}
    then_refused("SELF_APPROVAL", record, "CHR", "PlanAction", A, "approve_correction", **own)


def test_a_declined_correction_leaves_the_record_as_it_was(record: TestRecord) -> None:
    given_an_action_with_a_budget(record)
    propose(record, 3, ("place", "架空ホール"))
    why = {"correction_id": "fix-1", "reason": "当日の会場は確認できないため"}
    record.do("APR", "PlanAction", A, "decline_correction", **why)
    gone = {"correction_id": "fix-1"}
    then_refused("CORRECTION_UNKNOWN", record, "CHR", "PlanAction", A, "approve_correction", **gone)


@pytest.mark.parametrize(
    ("code", "version", "field", "after"),
    [
        ("EVENT_UNKNOWN", 9, "place", "x"),
        ("FIELD_NOT_CORRECTABLE", 3, "weather", "x"),
        ("FIELD_NOT_CORRECTABLE", 3, "activity_id", "forum-2"),
        ("FIELD_NOT_CORRECTABLE", 3, "place.street", "x"),
        ("NOTHING_CORRECTED", 3, "participants", 30),
        ("VALUE_NOT_FITTING", 3, "participants", "thirty"),
        ("VALUE_NOT_FITTING", 3, "kind", "festival"),
        ("NUMBER_OUT_OF_RANGE", 3, "participants", -1),
        ("COUNT_MISMATCH", 3, "participants", 31),
        ("MONEY_UNIT_MISMATCH", 2, "stated_unit", "千円"),
    ],
)
def test_a_corrected_event_obeys_the_rules_of_any_event(
    record: TestRecord, code: str, version: int, field: str, after: Any
) -> None:
    """Arithmetic is never excused, identifiers are not corrected (domain.md 3)."""
    given_an_action_with_a_budget(record)
    refused_proposal(record, code, version, field, after)


def test_a_correction_is_not_corrected_itself(record: TestRecord) -> None:
    given_an_action_with_a_budget(record)
    propose(record, 3, ("place", "架空ホール"))
    approve(record)
    refused_proposal(record, "EVENT_UNKNOWN", 5, "reason", "x")


def test_a_redaction_names_its_ground_and_can_be_lifted(record: TestRecord) -> None:
    given_an_action_with_a_budget(record)
    asked = {"redaction_id": "r-1", "target_version": 3, "redacted": CLOSED, "reason": WHY}
    then_recorded(record.do("DIS", "PlanAction", A, "redact", **asked, fields=["place"]), PartRedacted)
    lift = {"redaction_id": "r-1", "reason": "本人が公表したため（架空）"}
    then_recorded(record.do("DIS", "PlanAction", A, "lift_redaction", **lift), RedactionLifted)
    then_refused("REDACTION_UNKNOWN", record, "DIS", "PlanAction", A, "lift_redaction", **lift)


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("NOT_A_REDACTION", {"redacted": {"visibility": "public"}}),
        ("GROUND_REQUIRED", {"redacted": {"visibility": "closed"}}),
        ("REVIEW_DATE_REQUIRED", {"redacted": {"visibility": "closed", "ground": "deliberation"}}),
        ("EVENT_UNKNOWN", {"target_version": 9}),
        ("ALREADY_EXISTS", {"redaction_id": "r-0"}),
        ("FIELD_NOT_CORRECTABLE", {"fields": ["weather"]}),
    ],
)
def test_a_redaction_without_ground_or_object_is_refused(
    record: TestRecord, code: str, changed: dict[str, Any]
) -> None:
    given_an_action_with_a_budget(record)
    asked = {"redaction_id": "r-1", "target_version": 3, "redacted": CLOSED, "reason": WHY}
    record.do("DIS", "PlanAction", A, "redact", **asked | {"redaction_id": "r-0"})
    asked |= changed
    then_refused(code, record, "DIS", "PlanAction", A, "redact", **asked)


def test_who_may_fix_the_record(record: TestRecord) -> None:
    """The secretariat proposes, the chair or an approver approves, the disclosure officer redacts (4.13)."""
    commands = PlanAction.COMMANDS
    assert commands["propose_correction"].roles == ("SEC",)
    assert commands["approve_correction"].roles == commands["decline_correction"].roles == ("CHR", "APR")
    assert commands["redact"].roles == commands["lift_redaction"].roles == ("DIS",)
