"""Closing at once for somebody's safety: one person closes, a second confirms within three working days."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from domain.kernel.correction_events import ClosedAtOnce, ClosingConfirmed, PartRedacted, RedactionLifted
from tests.domain.kernel.test_correction import A, given_an_action_with_a_budget
from tests.support.given import TestRecord, broken_laws, give, then_recorded, then_refused

CLOSED = {"visibility": "closed", "ground": "personal"}
WHY = "住所が分かり、危害のおそれがあるため（架空）"
ASKED = {"redaction_id": "r-1", "target_version": 3, "redacted": CLOSED, "reason": WHY, "fields": ["place"]}


def close(record: TestRecord, role: str = "SEC", **more: Any) -> Any:
    return record.do(role, "PlanAction", A, "close_at_once", **{**ASKED, **more})


def confirm(record: TestRecord, role: str = "DIS", **more: Any) -> Any:
    return record.do(role, "PlanAction", A, "confirm_closing", redaction_id="r-1", **more)


def day_comes(record: TestRecord, day: str) -> None:
    """It is this day in Japan: its last minutes."""
    record.application.clock.not_before(dt.date.fromisoformat(day))  # type: ignore[attr-defined]


def laws_of_closing(record: TestRecord) -> list[str]:
    """What deciding the log anew says of closings; the imported budget of the story is another matter."""
    return [law for law in broken_laws(record) if not law.startswith("BudgetAllocated")]


def test_one_person_closes_and_another_confirms(record: TestRecord) -> None:
    given_an_action_with_a_budget(record)  # 1 April 2026, a Wednesday
    redacted, closed = close(record)
    then_recorded([redacted, closed], PartRedacted, ClosedAtOnce)
    assert (redacted.data.reason, redacted.data.fields, redacted.actor.role) == (WHY, ("place",), "SEC")
    assert (closed.data.urgency, closed.data.confirm_by) == ("safety", dt.date(2026, 4, 6))
    (confirmed,) = confirm(record)
    then_recorded([confirmed], ClosingConfirmed)
    assert not confirmed.data.late
    assert laws_of_closing(record) == []


@pytest.mark.parametrize(("day", "late"), [("2026-04-06", False), ("2026-04-07", True)])
def test_it_is_in_time_on_the_third_working_day_and_late_on_the_next(
    record: TestRecord, day: str, late: bool
) -> None:
    given_an_action_with_a_budget(record)
    close(record)
    day_comes(record, day)
    (confirmed,) = confirm(record)
    assert confirmed.data.late is late
    assert confirmed.data.confirm_by == dt.date(2026, 4, 6)
    assert laws_of_closing(record) == []


def test_who_confirms_late_is_told_so(record: TestRecord) -> None:
    given_an_action_with_a_budget(record)
    close(record)
    day_comes(record, "2026-04-07")
    receipt = give(record.application, "APR", "PlanAction", A, "confirm_closing", redaction_id="r-1")
    assert [w.code for w in receipt.warnings] == ["CONFIRMED_LATE"]
    assert "2026-04-06" in receipt.warnings[0].sentence("ja")


def test_nobody_confirms_what_they_closed_themselves(record: TestRecord) -> None:
    given_an_action_with_a_budget(record)
    close(record, "DIS", party="p-one")
    own = {"redaction_id": "r-1", "party": "p-one"}
    for role in ("DIS", "APR"):
        then_refused("CONFIRMED_BY_ANOTHER", record, role, "PlanAction", A, "confirm_closing", **own)
    then_recorded(confirm(record, party="p-two"), ClosingConfirmed)


def test_it_is_confirmed_once_and_only_what_was_closed_at_once(record: TestRecord) -> None:
    given_an_action_with_a_budget(record)
    asked = ("DIS", "PlanAction", A, "confirm_closing")
    record.do("DIS", "PlanAction", A, "redact", **ASKED)
    then_refused("NOT_TO_BE_CONFIRMED", record, *asked, redaction_id="r-1")
    close(record, redaction_id="r-2")
    record.do("DIS", "PlanAction", A, "confirm_closing", redaction_id="r-2")
    then_refused("NOT_TO_BE_CONFIRMED", record, *asked, redaction_id="r-2")


def test_what_is_open_again_needs_no_confirmation(record: TestRecord) -> None:
    given_an_action_with_a_budget(record)
    close(record)
    lift = {"redaction_id": "r-1", "reason": "住所ではなかったため（架空）"}
    then_recorded(record.do("DIS", "PlanAction", A, "lift_redaction", **lift), RedactionLifted)
    refused = ("DIS", "PlanAction", A, "confirm_closing")
    then_refused("NOT_TO_BE_CONFIRMED", record, *refused, redaction_id="r-1")
    assert laws_of_closing(record) == []


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("NOT_A_REDACTION", {"redacted": {"visibility": "public"}}),
        ("GROUND_REQUIRED", {"redacted": {"visibility": "closed"}}),
        ("EVENT_UNKNOWN", {"target_version": 9}),
        ("FIELD_NOT_CORRECTABLE", {"fields": ["weather"]}),
    ],
)
def test_it_names_its_ground_and_its_object_like_any_redaction(
    record: TestRecord, code: str, changed: dict[str, Any]
) -> None:
    given_an_action_with_a_budget(record)
    asked = ("SEC", "PlanAction", A, "close_at_once")
    then_refused(code, record, *asked, **{**ASKED, **changed})


def test_members_neither_close_nor_confirm(record: TestRecord) -> None:
    given_an_action_with_a_budget(record)
    then_refused("FORBIDDEN", record, "MEM", "PlanAction", A, "close_at_once", **ASKED)
    close(record)
    for role in ("SEC", "CHR"):
        then_refused("FORBIDDEN", record, role, "PlanAction", A, "confirm_closing", redaction_id="r-1")


def test_a_closing_is_not_corrected_itself(record: TestRecord) -> None:
    given_an_action_with_a_budget(record)
    close(record)
    wanted = [{"field": "confirm_by", "after": "2026-05-01"}]
    asked = {"correction_id": "fix-1", "target_version": 5, "changes": wanted, "reason": WHY}
    then_refused("EVENT_UNKNOWN", record, "SEC", "PlanAction", A, "propose_correction", **asked)
