"""What follows of itself (domain.md 4.12): once for each event, by the system, with its cause, or not."""

from __future__ import annotations

from typing import Any

import pytest

from domain.council.events import AppointmentEnded, ChairVacated
from domain.kernel.events import Recorded
from domain.kernel.record import KINDS
from domain.matter.events import MatterConcluded
from domain.meeting.events import ResolutionTaken
from domain.recording.policy import POLICIES
from domain.working_group.events import GroupMemberReleased, ResponsibilityHandedOver, ResponsibilityOrphaned
from tests.domain.matter.test_matter_and_meeting import MEETING, given_a_meeting_on_it
from tests.support.given import TestRecord, then_recorded, then_refused
from tests.support.stories.groups import COUNCIL, GROUP, given_a_duty, given_a_group
from tests.support.stories.matters import M1, given_a_ripe_matter, matter

LEAVING = {"value": "2026-06-30", "precision": "day"}


def resolve(record: TestRecord, against: int = 0, **more: Any) -> list[Recorded[Any]]:
    vote: dict[str, Any] = {
        "resolution_id": "r-1",
        "item_id": "item-1",
        "at": "2026-05-10T15:00:00+09:00",
        "method": "majority_show",
        "result": "adopted",
        "options_version": 1,
        "tally": {"for": 3 - against, "against": against, "abstain": 0},
    }
    return record.do("CHR", "Meeting", MEETING, "take_resolution", **vote, **more)


def given_a_matter_before_the_meeting(record: TestRecord) -> None:
    given_a_ripe_matter(record)
    given_a_meeting_on_it(record)


def with_groups_known(record: TestRecord) -> TestRecord:
    """What a store answers from its views, answered from the events."""

    def groups_of(appointment: str) -> list[str]:
        group = KINDS["WorkingGroup"].replay(None, record.application.events.get(originator_id=GROUP))  # type: ignore[arg-type]
        return [GROUP] if appointment in getattr(group, "members", {}) else []

    record.application.groups_of = groups_of
    return record


@pytest.fixture
def record() -> TestRecord:
    """Not decided anew at its end: in memory, who is in which group is told as it is in the end."""
    return TestRecord()


def test_each_policy_says_what_it_does_in_both_languages() -> None:
    improving = {"take_up_the_improvements", "take_up_a_late_improvement"}
    assert set(POLICIES) == {"conclude_the_matter", "leave_the_groups", *improving}
    assert all(all(policy.about) for policy in POLICIES.values())


def test_a_conclusion_read_out_with_the_resolution_becomes_the_matters(record: TestRecord) -> None:
    given_a_matter_before_the_meeting(record)
    said = {"chosen_option": "option-2", "reason": "最も来やすいため（架空）"}
    taken, concluded = resolve(record, conclusion=said)
    then_recorded([taken, concluded], ResolutionTaken, MatterConcluded)
    assert (concluded.data.resolution_ref, concluded.data.chosen_option) == ("r-1", "option-2")
    assert (concluded.actor.role, concluded.actor.party) == ("system", None)
    assert concluded.causation_id == taken.event_id
    assert concluded.correlation_id == taken.correlation_id
    assert concluded.effective == taken.effective
    assert matter(record).is_adopted


def test_without_a_conclusion_read_out_the_matter_waits(record: TestRecord) -> None:
    given_a_matter_before_the_meeting(record)
    then_recorded(resolve(record), ResolutionTaken)
    assert matter(record).state == "deliberating"


def test_the_matter_waits_while_dissent_is_to_be_asked_for(record: TestRecord) -> None:
    """What the other aggregate refuses (DISSENT_UNASKED) is left to a person; the resolution stands."""
    given_a_matter_before_the_meeting(record)
    then_recorded(resolve(record, against=1, conclusion={"chosen_option": "option-2"}), ResolutionTaken)
    assert matter(record).state == "deliberating"


def test_whoever_leaves_the_council_leaves_the_groups(record: TestRecord) -> None:
    with_groups_known(record)
    given_a_group(record)
    given_a_duty(record, "a-2")
    gone = {"appointment_id": "a-2", "on": LEAVING, "why": "resigned"}
    made = record.do("SEC", "Council", COUNCIL, "end_appointment", **gone)
    then_recorded(made, AppointmentEnded, GroupMemberReleased, ResponsibilityOrphaned)
    assert {e.causation_id for e in made[1:]} == {made[0].event_id}
    assert {e.actor.role for e in made[1:]} == {"system"}


def test_an_orphaned_duty_is_taken_over_by_another(record: TestRecord) -> None:
    with_groups_known(record)
    given_a_group(record)
    duty = given_a_duty(record, "a-2")
    gone = {"appointment_id": "a-2", "on": LEAVING, "why": "resigned"}
    record.do("SEC", "Council", COUNCIL, "end_appointment", **gone)
    then_refused("RESPONSIBILITY_OPEN", record, "SEC", "WorkingGroup", GROUP, "dissolve", reason="終了")
    over = {"responsibility_id": duty, "to_id": "a-3", "reason": "委嘱の終了による"}
    (made,) = record.do("LDR", "WorkingGroup", GROUP, "hand_over", **over, party="p-1")
    then_recorded([made], ResponsibilityHandedOver)
    assert made.data.from_id is None


def test_the_chair_who_leaves_vacates_the_chair(record: TestRecord) -> None:
    with_groups_known(record)
    given_a_group(record)
    since = {"value": "2025-04-01", "precision": "day"}
    record.do("SEC", "Council", COUNCIL, "elect_chair", appointment_id="a-3", from_date=since)
    gone = {"appointment_id": "a-3", "on": LEAVING, "why": "resigned"}
    made = record.do("SEC", "Council", COUNCIL, "end_appointment", **gone)
    assert [e.type for e in made][:2] == [AppointmentEnded.__name__, ChairVacated.__name__]


def test_an_import_follows_no_policy(record: TestRecord) -> None:
    """History is what the source says, and no more."""
    with_groups_known(record)
    given_a_group(record)
    gone = {"appointment_id": "a-2", "on": LEAVING, "why": "resigned"}
    made = record.do("IMP", "Council", COUNCIL, "end_appointment", importing=True, **gone)
    then_recorded(made, AppointmentEnded)


def test_a_replay_triggers_no_policy(record: TestRecord) -> None:
    given_a_matter_before_the_meeting(record)
    resolve(record, conclusion={"chosen_option": "option-2"})
    before = len(record.events)
    for kind, stream in (("Meeting", MEETING), ("Matter", M1)):
        KINDS[kind].replay(None, record.application.events.get(originator_id=stream))  # type: ignore[arg-type]
    assert len(record.events) == before
