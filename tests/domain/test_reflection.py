"""Reflection: claims have authors, verdicts have measurements, and considering is not promising."""

from __future__ import annotations

from typing import Any

import pytest

from domain.kernel.links import links_of
from domain.reflection.aggregate import (
    ActionsIdentified,
    CountermeasureLinked,
    FollowUpAdopted,
    FollowUpCompleted,
    FollowUpDropped,
    FollowUpPlanned,
    FollowUpStarted,
    ProblemReassessed,
    ReflectionClosed,
    ReflectionRecorded,
)
from tests.support.given import TestRecord, then_recorded, then_refused

PERIOD = {"value": "FY2009", "precision": "fiscal_year"}


def given_a_claim(record: TestRecord, name: str, category: str, **fields: Any) -> str:
    given = {"category": category, "text_ja": "架空の記述"} | fields
    record.do("SEC", "Reflection", name, "state_claim", **given)
    return name


def given_a_problem(record: TestRecord, name: str = "problem-fixed") -> str:
    return given_a_claim(record, name, "problem", measured=False)


def given_a_device(record: TestRecord, name: str = "device-groups") -> str:
    return given_a_claim(record, name, "device")


def given_a_follow_up(record: TestRecord, commitment: str = "will_do", **fields: Any) -> str:
    given = {"text_ja": "研修を行う（架空）", "commitment": commitment} | fields
    record.do("SEC", "Reflection", "followup-training", "plan_follow_up", **given)
    return "followup-training"


def links(event: Any) -> list[tuple[str, str, str]]:
    return [(link.from_id, link.relation, link.to_id) for link in links_of(event)]


# -- claims


def test_a_claim_speaks_of_its_subjects(record: TestRecord) -> None:
    problem = given_a_problem(record)
    given_a_claim(record, "advice", "advice", subjects=[problem])
    then_recorded(record.events, ReflectionRecorded, ReflectionRecorded)
    assert links(record.events[1]) == [("advice", "says_about", "problem-fixed")]


def test_a_background_came_before_what_it_explains(record: TestRecord) -> None:
    """It is the ordinance that names its background, not the other way round."""
    problem = given_a_problem(record)
    given_a_claim(record, "background", "background", subjects=[problem])
    assert links(record.events[1]) == []


def test_a_subject_must_be_on_record(record: TestRecord) -> None:
    fields = {"category": "problem", "text_ja": "架空", "subjects": ["council-none"]}
    refused = then_refused("UNKNOWN_ID", record, "SEC", "Reflection", "p", "state_claim", **fields)
    assert refused.pointer == "/subjects/0"


def test_a_claim_is_recorded_once(record: TestRecord) -> None:
    problem = given_a_problem(record)
    again = ("IMP", "Reflection", problem, "state_claim")
    fields = {"category": "problem", "text_ja": "架空"}
    then_refused("ALREADY_EXISTS", record, *again, importing=True, **fields)


def test_actions_a_claim_speaks_of_are_identified(record: TestRecord) -> None:
    effect = given_a_claim(record, "effect", "effect", count=1)
    device = given_a_device(record)
    events = record.do("SEC", "Reflection", effect, "identify_actions", action_ids=[device])
    then_recorded(events, ActionsIdentified)
    assert links(events[0]) == [("effect", "identifies", "device-groups")]
    identify = ("SEC", "Reflection", effect, "identify_actions")
    then_refused("UNKNOWN_ID", record, *identify, action_ids=["action-none"])


def test_a_device_responds_to_a_problem(record: TestRecord) -> None:
    problem, device = given_a_problem(record), given_a_device(record)
    events = record.do("SEC", "Reflection", problem, "link_countermeasure", device_id=device)
    then_recorded(events, CountermeasureLinked)
    assert links(events[0]) == [("device-groups", "responds_to", "problem-fixed")]


def test_only_a_problem_is_answered(record: TestRecord) -> None:
    advice, device = given_a_claim(record, "advice", "advice"), given_a_device(record)
    link = ("SEC", "Reflection", advice, "link_countermeasure")
    then_refused("NOT_A_PROBLEM", record, *link, device_id=device)


def test_only_a_device_answers_it(record: TestRecord) -> None:
    problem, advice = given_a_problem(record), given_a_claim(record, "advice", "advice")
    link = ("SEC", "Reflection", problem, "link_countermeasure")
    then_refused("NOT_A_DEVICE", record, *link, device_id=advice)
    then_refused("UNKNOWN_ID", record, *link, device_id="device-none")


def test_problem_and_device_are_linked_once(record: TestRecord) -> None:
    problem, device = given_a_problem(record), given_a_device(record)
    link = ("SEC", "Reflection", problem, "link_countermeasure")
    record.do(*link, device_id=device)
    then_refused("ALREADY_LINKED", record, *link, device_id=device)


def test_a_problem_is_reassessed_by_a_measurement(record: TestRecord) -> None:
    problem = given_a_problem(record)
    given = {"metric": "M1", "period": PERIOD, "value": "55.6", "verdict": "improved"}
    then_recorded(record.do("SEC", "Reflection", problem, "reassess", **given), ProblemReassessed)


@pytest.mark.parametrize("verdict", ["improved", "unchanged", "worse"])
def test_no_verdict_without_a_measurement(record: TestRecord, verdict: str) -> None:
    problem = given_a_problem(record)
    given = {"metric": "M1", "period": PERIOD, "verdict": verdict}
    for role, importing in (("SEC", False), ("IMP", True)):
        reassess = (role, "Reflection", problem, "reassess")
        then_refused("NO_MEASUREMENT", record, *reassess, importing=importing, **given)


def test_what_cannot_be_measured_needs_no_value(record: TestRecord) -> None:
    problem = given_a_problem(record)
    given = {"metric": "M1", "period": PERIOD, "verdict": "not_measurable"}
    (event,) = record.do("SEC", "Reflection", problem, "reassess", **given)
    assert (event.data.value, event.data.verdict) == (None, "not_measurable")


def test_only_a_problem_is_reassessed(record: TestRecord) -> None:
    device = given_a_device(record)
    given = {"metric": "M1", "period": PERIOD, "value": "1", "verdict": "worse"}
    then_refused("NOT_A_PROBLEM", record, "SEC", "Reflection", device, "reassess", **given)


def test_a_claim_is_closed_for_a_reason_and_then_stays_closed(record: TestRecord) -> None:
    problem = given_a_problem(record)
    close = ("SEC", "Reflection", problem, "close")
    then_refused("REASON_REQUIRED", record, *close)
    then_recorded(record.do(*close, reason="参加率が上がった（架空）"), ReflectionClosed)
    then_refused("WRONG_STATE", record, *close, reason="もう一度")


# -- follow-ups


def test_a_follow_up_speaks_of_its_target(record: TestRecord) -> None:
    device = given_a_device(record)
    given_a_follow_up(record, target=device)
    then_recorded(record.events[1:], FollowUpPlanned)
    assert links(record.events[1]) == [("followup-training", "says_about", "device-groups")]


def test_a_target_must_be_on_record(record: TestRecord) -> None:
    fields = {"text_ja": "架空", "commitment": "will_do", "target": "officers-none"}
    refused = then_refused("UNKNOWN_ID", record, "SEC", "Reflection", "f", "plan_follow_up", **fields)
    assert refused.pointer == "/target"


def test_a_follow_up_is_planned_once(record: TestRecord) -> None:
    follow_up = given_a_follow_up(record)
    again = ("IMP", "Reflection", follow_up, "plan_follow_up")
    fields = {"text_ja": "架空", "commitment": "will_do"}
    then_refused("ALREADY_EXISTS", record, *again, importing=True, **fields)


def test_what_was_promised_is_started_and_completed(record: TestRecord) -> None:
    follow_up = given_a_follow_up(record)
    started = record.do("SEC", "Reflection", follow_up, "start_follow_up")
    done = record.do("SEC", "Reflection", follow_up, "complete_follow_up", result="2回開いた（架空）")
    then_recorded(started + done, FollowUpStarted, FollowUpCompleted)


def test_what_is_only_considered_is_not_completed(record: TestRecord) -> None:
    follow_up = given_a_follow_up(record, "considering")
    for role, importing in (("SEC", False), ("IMP", True)):
        complete = (role, "Reflection", follow_up, "complete_follow_up")
        then_refused("NOT_COMMITTED", record, *complete, importing=importing)


def test_what_is_only_considered_starts_when_something_takes_it_up(record: TestRecord) -> None:
    follow_up, device = given_a_follow_up(record, "considering"), given_a_device(record)
    start = ("SEC", "Reflection", follow_up, "start_follow_up")
    then_refused("NOT_COMMITTED", record, *start)
    then_refused("UNKNOWN_ID", record, *start, adopted_by="matter-none")
    made = record.do(*start, adopted_by=device)
    then_recorded(made, FollowUpAdopted, FollowUpStarted)
    assert links(made[0]) == [("followup-training", "adopted_by", "device-groups")]
    record.do("SEC", "Reflection", follow_up, "complete_follow_up")


def test_what_is_only_considered_is_taken_up_once_before_it_starts(record: TestRecord) -> None:
    follow_up, device = given_a_follow_up(record, "considering"), given_a_device(record)
    adopt = ("SEC", "Reflection", follow_up, "adopt_follow_up")
    then_refused("UNKNOWN_ID", record, *adopt, adopted_by="matter-none")
    then_recorded(record.do(*adopt, adopted_by=device), FollowUpAdopted)
    then_refused("ALREADY_COMMITTED", record, *adopt, adopted_by=device)
    then_recorded(record.do("SEC", "Reflection", follow_up, "start_follow_up"), FollowUpStarted)
    then_refused("WRONG_STATE", record, *adopt, adopted_by=device)


def test_a_follow_up_is_completed_after_it_began(record: TestRecord) -> None:
    follow_up = given_a_follow_up(record)
    then_refused("WRONG_STATE", record, "SEC", "Reflection", follow_up, "complete_follow_up")


def test_a_follow_up_is_dropped_for_a_reason(record: TestRecord) -> None:
    follow_up = given_a_follow_up(record)
    drop = ("SEC", "Reflection", follow_up, "drop_follow_up")
    then_refused("REASON_REQUIRED", record, *drop)
    then_recorded(record.do(*drop, reason="予算がない（架空）"), FollowUpDropped)
    then_refused("WRONG_STATE", record, *drop, reason="もう一度")


def test_an_import_may_not_know_why_something_was_dropped(record: TestRecord) -> None:
    follow_up = given_a_follow_up(record)
    drop = ("IMP", "Reflection", follow_up, "drop_follow_up")
    then_recorded(record.do(*drop, importing=True), FollowUpDropped)


def test_a_claim_is_no_follow_up_even_in_a_source_with_gaps(record: TestRecord) -> None:
    problem = given_a_problem(record)
    done: dict[str, dict[str, Any]] = {
        "start_follow_up": {},
        "complete_follow_up": {"result": "終えた（架空）"},
        "drop_follow_up": {"reason": "やめた（架空）"},
    }
    for command, said in done.items():
        then_refused("WRONG_STATE", record, "IMP", "Reflection", problem, command, importing=True, **said)


def test_a_follow_up_is_no_claim_not_even_in_a_source_with_gaps(record: TestRecord) -> None:
    follow_up = given_a_follow_up(record)
    for command, said in (
        ("identify_actions", {"action_ids": ["action-x"]}),
        ("close", {"reason": "架空の理由"}),
    ):
        then_refused("WRONG_STATE", record, "IMP", "Reflection", follow_up, command, importing=True, **said)
