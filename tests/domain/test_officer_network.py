"""OfficerNetwork: one officer in each section, and the training they get."""

from __future__ import annotations

from typing import Any

from domain.kernel.links import links_of
from domain.officer_network.aggregate import (
    OfficerDesignated,
    OfficerPostsCreated,
    OfficerRelieved,
    SectionAbolished,
    SectionRegistered,
    SectionRenamed,
    TrainingHeld,
    TrainingPlanned,
)
from tests.support.given import TestRecord, then_recorded, then_refused

NETWORK = "officers-aoba"


def do(record: TestRecord, command: str, **fields: Any) -> Any:
    return record.do("SEC", "OfficerNetwork", NETWORK, command, **fields)


def refused(code: str, record: TestRecord, command: str, **fields: Any) -> Any:
    return then_refused(code, record, "SEC", "OfficerNetwork", NETWORK, command, **fields)


def given_posts(record: TestRecord) -> None:
    do(record, "create_posts", title_ja="協働推進担当者（架空）", scope="every_section")


def given_a_section(record: TestRecord, section: str = "section-park") -> str:
    given_posts(record)
    do(record, "register_section", section_id=section, name="公園課（架空）")
    return section


def given_a_person(record: TestRecord, party: str) -> str:
    record.do("SEC", "Party", party, "register_person", name="架空花子")
    return party


def test_posts_are_created_once(record: TestRecord) -> None:
    given_posts(record)
    then_recorded(record.events, OfficerPostsCreated)
    again = ("IMP", "OfficerNetwork", NETWORK, "create_posts")
    fields = {"title_ja": "担当者", "scope": "every_section"}
    then_refused("ALREADY_EXISTS", record, *again, importing=True, **fields)


def test_a_section_has_one_officer(record: TestRecord) -> None:
    section = given_a_section(record)
    first, second = given_a_person(record, "p-staff-01"), given_a_person(record, "p-staff-02")
    events = do(record, "designate_officer", section_id=section, party_id=first)
    then_recorded(events, OfficerDesignated)
    refused("POST_FILLED", record, "designate_officer", section_id=section, party_id=second)
    then_recorded(do(record, "relieve_officer", section_id=section), OfficerRelieved)
    do(record, "designate_officer", section_id=section, party_id=second)


def test_an_officer_is_somebody_registered(record: TestRecord) -> None:
    section = given_a_section(record)
    refused("UNKNOWN_ID", record, "designate_officer", section_id=section, party_id="p-nobody")


def test_only_who_holds_a_post_is_relieved(record: TestRecord) -> None:
    section = given_a_section(record)
    refused("POST_VACANT", record, "relieve_officer", section_id=section)


def test_a_section_that_is_not_registered_has_no_post(record: TestRecord) -> None:
    given_posts(record)
    refused("UNKNOWN_ID", record, "relieve_officer", section_id="section-none")


def test_a_section_is_registered_once_and_may_be_renamed(record: TestRecord) -> None:
    section = given_a_section(record)
    then_recorded(record.events[-1:], SectionRegistered)
    refused("ALREADY_EXISTS", record, "register_section", section_id=section, name="別の課（架空）")
    renamed = do(record, "rename_section", section_id=section, name="緑と花の課（架空）")
    then_recorded(renamed, SectionRenamed)


def test_abolishing_a_section_relieves_its_officer(record: TestRecord) -> None:
    section = given_a_section(record)
    do(record, "designate_officer", section_id=section, party_id=given_a_person(record, "p-staff-01"))
    events = do(record, "abolish_section", section_id=section, reason="組織改正（架空）")
    then_recorded(events, OfficerRelieved, SectionAbolished)


def test_an_abolished_section_gets_no_officer_and_no_new_life(record: TestRecord) -> None:
    section = given_a_section(record)
    do(record, "abolish_section", section_id=section)
    refused("SECTION_ABOLISHED", record, "designate_officer", section_id=section, party_id="p-staff-01")
    refused("ALREADY_EXISTS", record, "register_section", section_id=section, name="公園課（架空）")


def test_a_training_is_planned_and_held(record: TestRecord) -> None:
    given_posts(record)
    planned = do(record, "plan_training", training_id="training-1", kind="basic")
    held = do(record, "hold_training", training_id="training-1", kind="basic", attendees=40)
    then_recorded(planned + held, TrainingPlanned, TrainingHeld)
    assert held[0].effective.precision == "unknown"


def test_a_training_is_planned_once_and_held_once(record: TestRecord) -> None:
    given_posts(record)
    do(record, "plan_training", training_id="training-1", kind="basic")
    refused("ALREADY_EXISTS", record, "plan_training", training_id="training-1", kind="basic")
    do(record, "hold_training", training_id="training-1", kind="basic")
    refused("TRAINING_HELD", record, "hold_training", training_id="training-1", kind="basic")


def test_a_training_may_be_based_on_an_action(record: TestRecord) -> None:
    given_posts(record)
    wrong = {"training_id": "training-1", "kind": "basic", "based_on_action": "action-none"}
    assert refused("UNKNOWN_ID", record, "hold_training", **wrong).pointer == "/based_on_action"
    held = record.do(
        "IMP",
        *("OfficerNetwork", NETWORK, "hold_training"),
        importing=True,
        training_id="training-1",
        kind="basic",
        based_on_action="action-rulebook",
    )
    links = [(link.from_id, link.relation, link.to_id) for link in links_of(held[0])]
    training = f"{NETWORK}#training-1"
    assert links == [(training, "part_of", NETWORK), (training, "based_on", "action-rulebook")]


def test_follow_on_training_without_basic_training_is_said_and_not_refused(record: TestRecord) -> None:
    given_posts(record)
    first, second = given_a_person(record, "p-staff-01"), given_a_person(record, "p-staff-02")
    do(
        record,
        "hold_training",
        training_id="t-1",
        kind="basic",
        title_ja="基礎研修（架空）",
        attended=[first],
    )
    assert record.warned == []
    do(record, "hold_training", training_id="t-2", kind="step_up", attended=[first, second])
    assert record.warned == ["BASIC_MISSING"]
    assert record.receipt is not None and record.receipt.warnings[0].params == {"officers": second}
    do(record, "hold_training", training_id="t-3", kind="step_up", attended=[first], attendees=20)
    assert record.warned == []


def test_who_attended_is_somebody_on_record(record: TestRecord) -> None:
    given_posts(record)
    nobody = {"training_id": "t-1", "kind": "basic", "attended": ["p-none"]}
    assert refused("UNKNOWN_ID", record, "hold_training", **nobody).pointer == "/attended/0"
