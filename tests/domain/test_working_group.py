"""WorkingGroup: everybody in it serves on the council and answers for something; it proposes, and no more."""

from __future__ import annotations

from typing import Any

import pytest

from domain.kernel.links import links_of
from domain.working_group.events import (
    GroupActivated,
    GroupDissolved,
    GroupFormed,
    GroupMemberAssigned,
    GroupMemberReleased,
    GroupReported,
    GroupRoleChanged,
    ResponsibilityDischarged,
    ResponsibilityHandedOver,
    ResponsibilityTaken,
    SupportAssigned,
    WorkLogged,
)
from tests.support.given import TestRecord, then_recorded, then_refused
from tests.support.stories.groups import GROUP, given_a_council, given_a_duty, given_a_group


def do(record: TestRecord, command: str, role: str = "LDR", /, **fields: Any) -> Any:
    return record.do(role, "WorkingGroup", GROUP, command, **fields)


def refused(code: str, record: TestRecord, command: str, role: str = "LDR", /, **fields: Any) -> Any:
    return then_refused(code, record, role, "WorkingGroup", GROUP, command, **fields)


def given_an_active_group(record: TestRecord, members: int = 2) -> None:
    given_a_group(record, members)
    for n in range(1, members + 1):
        given_a_duty(record, f"a-{n}")
    do(record, "activate")


# -- forming it


def test_a_group_is_part_of_its_council_and_pursues_its_purpose(record: TestRecord) -> None:
    council = given_a_council(record)
    fields = {"kind": "study_team", "council_id": council, "fiscal_year": 2008}
    events = do(record, "form", "SEC", **fields, purpose_refers_to="measure-centre")
    then_recorded(events, GroupFormed)
    links = [(link.from_id, link.relation, link.to_id) for link in links_of(events[0])]
    assert links == [(GROUP, "part_of", council), (GROUP, "pursues", "measure-centre")]
    assert events[0].effective.value == "FY2008"


def test_a_group_belongs_to_a_council_on_record(record: TestRecord) -> None:
    fields = {"kind": "study_team", "council_id": "council-none"}
    assert refused("UNKNOWN_ID", record, "form", "SEC", **fields).pointer == "/council_id"


def test_a_group_is_formed_once(record: TestRecord) -> None:
    given_a_group(record)
    fields = {"kind": "study_team", "council_id": "council-aoba"}
    refused("ALREADY_EXISTS", record, "form", "IMP", importing=True, **fields)


def test_a_group_may_be_formed_with_its_leader(record: TestRecord) -> None:
    council = given_a_council(record)
    fields = {"kind": "drafting", "council_id": council}
    assert refused("NOT_SERVING", record, "form", "SEC", **fields, leader="a-9").pointer == "/leader"
    do(record, "form", "SEC", **fields, leader="a-1")
    refused("LEADER_EXISTS", record, "assign_member", appointment_id="a-2", role="leader")


# -- who is in it


def test_a_member_may_have_another_role_from_a_day_on(record: TestRecord) -> None:
    given_a_group(record, 2)
    events = do(record, "change_role", appointment_id="a-2", role="deputy", role_label="副部会長")
    then_recorded(events, GroupRoleChanged)
    do(record, "change_role", appointment_id="a-1", role="leader")
    assert (
        refused("LEADER_EXISTS", record, "change_role", appointment_id="a-2", role="leader").pointer
        == "/role"
    )
    refused("NOT_MEMBER", record, "change_role", appointment_id="a-9", role="director")


def test_serving_members_of_the_council_are_assigned(record: TestRecord) -> None:
    given_a_group(record, 1)
    given = {"appointment_id": "a-9", "role": "member"}
    assert refused("NOT_SERVING", record, "assign_member", **given).pointer == "/appointment_id"
    refused("NOT_SERVING", record, "assign_member", "IMP", importing=True, **given)


def test_who_no_longer_serves_is_not_assigned(record: TestRecord) -> None:
    council = given_a_council(record)
    do(record, "form", "SEC", kind="drafting", council_id=council)
    on = {"value": "2025-12-31", "precision": "day", "earliest": "2025-12-31", "latest": "2025-12-31"}
    ended = {"appointment_id": "a-2", "on": on, "why": "resigned"}
    record.do("SEC", "Council", council, "end_appointment", **ended)
    refused("NOT_SERVING", record, "assign_member", appointment_id="a-2")
    then_recorded(do(record, "assign_member", appointment_id="a-1"), GroupMemberAssigned)
    # An import may tell of the time when they still served.
    do(record, "assign_member", "IMP", importing=True, appointment_id="a-2")


def test_a_group_has_one_leader(record: TestRecord) -> None:
    given_a_group(record, 2)
    do(record, "release_member", appointment_id="a-2")
    assert refused("LEADER_EXISTS", record, "assign_member", appointment_id="a-2", role="leader")
    do(record, "release_member", appointment_id="a-1")
    do(record, "assign_member", appointment_id="a-2", role="leader")


def test_somebody_is_in_a_group_once(record: TestRecord) -> None:
    given_a_group(record)
    refused("IN_GROUP_ALREADY", record, "assign_member", appointment_id="a-1")
    record.do("SEC", "Party", "p-staff", "register_person", name="架空職員")
    events = do(record, "assign_support", party_id="p-staff", role="staff")
    then_recorded(events, SupportAssigned)
    refused("IN_GROUP_ALREADY", record, "assign_support", party_id="p-staff", role="staff")


def test_support_is_somebody_registered(record: TestRecord) -> None:
    given_a_group(record)
    refused("UNKNOWN_ID", record, "assign_support", party_id="p-nobody", role="adviser")


def test_a_member_leaves_without_open_responsibilities(record: TestRecord) -> None:
    given_a_group(record)
    given_a_duty(record, "a-2")
    refused("RESPONSIBILITY_OPEN", record, "release_member", appointment_id="a-2")
    do(record, "hand_over", responsibility_id="r-a-2", to_id="a-3", reason="転居（架空）")
    events = do(record, "release_member", appointment_id="a-2", reason="転居（架空）")
    then_recorded(events, GroupMemberReleased)
    refused("NOT_MEMBER", record, "release_member", appointment_id="a-2")


# -- what they answer for


def test_responsibility_lies_with_members_and_not_with_support(record: TestRecord) -> None:
    given_a_group(record)
    record.do("SEC", "Party", "p-staff", "register_person", name="架空職員")
    do(record, "assign_support", party_id="p-staff", role="staff")
    given = {"responsibility_id": "r-1", "appointment_id": "p-staff", "duty": "会場（架空）"}
    assert refused("NOT_MEMBER", record, "take_responsibility", **given).pointer == "/appointment_id"
    events = do(record, "take_responsibility", **given | {"appointment_id": "a-2"})
    then_recorded(events, ResponsibilityTaken)


def test_members_take_responsibility_for_themselves_only(record: TestRecord) -> None:
    given_a_group(record)
    given = {"responsibility_id": "r-1", "appointment_id": "a-2", "duty": "会場（架空）"}
    refused("NOT_YOURSELF", record, "take_responsibility", "MEM", party="p-3", **given)
    do(record, "take_responsibility", "MEM", party="p-2", **given)
    refused("NOT_YOURSELF", record, "discharge", "MEM", party="p-3", responsibility_id="r-1")
    then_recorded(
        do(record, "discharge", "MEM", party="p-2", responsibility_id="r-1", result="会場を押さえた（架空）"),
        ResponsibilityDischarged,
    )


def test_a_responsibility_is_taken_once_and_discharged_once(record: TestRecord) -> None:
    given_a_group(record)
    duty = given_a_duty(record, "a-1")
    given = {"responsibility_id": duty, "appointment_id": "a-2", "duty": "会場（架空）"}
    refused("ALREADY_EXISTS", record, "take_responsibility", **given)
    do(record, "discharge", responsibility_id=duty)
    refused("RESPONSIBILITY_CLOSED", record, "discharge", responsibility_id=duty)
    refused("ALREADY_EXISTS", record, "take_responsibility", **given)
    refused("UNKNOWN_ID", record, "discharge", responsibility_id="r-none")


def test_a_responsibility_is_handed_over_for_a_reason_to_a_member(record: TestRecord) -> None:
    given_a_group(record)
    given_a_duty(record, "a-2")
    refused("REASON_REQUIRED", record, "hand_over", responsibility_id="r-a-2", to_id="a-3")
    refused("NOT_MEMBER", record, "hand_over", responsibility_id="r-a-2", to_id="a-9", reason="多忙")
    events = do(record, "hand_over", responsibility_id="r-a-2", to_id="a-3", reason="多忙（架空）")
    then_recorded(events, ResponsibilityHandedOver)
    assert (events[0].data.from_id, events[0].data.to_id) == ("a-2", "a-3")


@pytest.mark.parametrize("command", ["take_responsibility", "hand_over", "discharge", "log_work"])
def test_the_secretariat_does_not_act_for_members(record: TestRecord, command: str) -> None:
    given_an_active_group(record)
    given: dict[str, Any] = {
        "take_responsibility": {"responsibility_id": "r-1", "appointment_id": "a-1", "duty": "会場（架空）"},
        "hand_over": {"responsibility_id": "r-a-1", "to_id": "a-2", "reason": "多忙（架空）"},
        "discharge": {"responsibility_id": "r-a-1"},
        "log_work": {"appointment_id": "a-1", "tenths": 5, "activity": "会場の下見（架空）"},
    }[command]
    refused("ACTOR_REQUIRED", record, command, "SEC", **given)
    told = refused("NOT_YOURSELF", record, command, "MEM", party="p-2", **given)
    assert "—" not in told.sentence("ja") + told.sentence("en")
    do(record, command, "MEM", party="p-1", **given)


# -- its work


def test_members_log_their_work_of_an_active_group(record: TestRecord) -> None:
    given_a_group(record, 1)
    day = {"value": "2026-03-20", "precision": "day"}
    work = {"appointment_id": "a-1", "tenths": 25, "activity": "会場の下見（架空）", "on": day}
    refused("WRONG_STATE", record, "log_work", **work)
    given_a_duty(record, "a-1")
    do(record, "activate")
    made = do(record, "log_work", "MEM", party="p-1", **work)
    then_recorded(made, WorkLogged)
    assert made[0].effective.value == "2026-03-20"
    refused("NOT_MEMBER", record, "log_work", **work | {"appointment_id": "a-9"})


@pytest.mark.parametrize(("tenths", "fits"), [(0, False), (1, True), (240, True), (241, False), (-5, False)])
def test_work_takes_some_time_and_at_most_a_day(record: TestRecord, tenths: int, fits: bool) -> None:
    given_an_active_group(record, 1)
    work = {"appointment_id": "a-1", "tenths": tenths, "activity": "準備（架空）"}
    if fits:
        do(record, "log_work", **work)
    else:
        assert refused("NUMBER_OUT_OF_RANGE", record, "log_work", **work).pointer == "/tenths"


def test_work_is_not_logged_ahead(record: TestRecord) -> None:
    given_an_active_group(record, 1)
    work = {"appointment_id": "a-1", "tenths": 10, "activity": "準備（架空）"}
    record.waits = False
    refused("WORK_AHEAD", record, "log_work", **work, on={"value": "2026-04-02", "precision": "day"})
    do(record, "log_work", **work, on={"value": "FY2026", "precision": "fiscal_year"})


def test_in_a_project_group_everybody_holds_a_responsibility_before_it_starts(record: TestRecord) -> None:
    given_a_group(record, 3)
    given_a_duty(record, "a-1")
    idle = refused("NO_RESPONSIBILITY", record, "activate")
    assert idle.params["members"] == "a-2, a-3"
    given_a_duty(record, "a-2")
    given_a_duty(record, "a-3")
    then_recorded(do(record, "activate"), GroupActivated)


@pytest.mark.parametrize("kind", ["study_team", "drafting"])
def test_other_groups_start_without(record: TestRecord, kind: str) -> None:
    given_a_group(record, 1, kind)
    then_recorded(do(record, "activate"), GroupActivated)


def test_a_group_without_members_does_not_start(record: TestRecord) -> None:
    given_a_group(record, 0)
    refused("GROUP_EMPTY", record, "activate")


def test_a_group_starts_once(record: TestRecord) -> None:
    given_an_active_group(record)
    refused("WRONG_STATE", record, "activate")


def test_an_active_group_reports_and_proposes(record: TestRecord) -> None:
    given_a_group(record, 1)
    refused("WRONG_STATE", record, "report", kind="interim")
    given_a_duty(record, "a-1")
    do(record, "activate")
    for kind in ("interim", "proposal", "final"):
        then_recorded(do(record, "report", kind=kind), GroupReported)


def test_a_report_refers_to_what_is_on_record(record: TestRecord) -> None:
    given_an_active_group(record)
    assert refused("UNKNOWN_ID", record, "report", kind="final", document_id="doc-none")
    fields = {"kind": "final", "to_meeting_id": "meeting-none"}
    assert refused("UNKNOWN_ID", record, "report", **fields).pointer == "/to_meeting_id"


def test_a_group_does_not_conclude_for_the_council(record: TestRecord) -> None:
    given_an_active_group(record)
    assert refused("GROUP_CANNOT_CONCLUDE", record, "report", kind="conclusion").pointer == "/kind"


def test_a_group_is_dissolved_when_nothing_is_open(record: TestRecord) -> None:
    given_an_active_group(record, 1)
    open_duty = refused("RESPONSIBILITY_OPEN", record, "dissolve", "SEC", reason="終了")
    assert open_duty.params["duties"] == "r-a-1"
    do(record, "discharge", responsibility_id="r-a-1")
    refused("REASON_REQUIRED", record, "dissolve", "SEC")
    refused("UNKNOWN_ID", record, "dissolve", "SEC", merged_into="group-none")
    record.do("SEC", "WorkingGroup", "group-next", "form", kind="drafting", council_id="council-aoba")
    events = do(record, "dissolve", "SEC", merged_into="group-next")
    then_recorded(events, GroupDissolved)
    links = [(link.from_id, link.relation, link.to_id) for link in links_of(events[0])]
    assert links == [("group-next", "supersedes", GROUP)]
    refused("WRONG_STATE", record, "assign_member", appointment_id="a-1")
