"""Commands in groups: recorded some at a time, refused one at a time."""

from __future__ import annotations

from typing import Any

import pytest

from domain.kernel.events import Actor
from domain.kernel.refusals import BUSY
from domain.recording.application import Application, command_named
from domain.recording.receipts import CommandTerms
from domain.recording.shared_members import Grouped, grouped
from domain.values.refusal import Refusal
from tests.support.given import TestRecord, given_somebody_is_always_faster

TERMS = CommandTerms(Actor("SEC", "p-sec"), frozenset({"SEC"}))


def give(group: Grouped, entity: str, name: str, /, **arguments: Any) -> None:
    group.execute(command_named("Party", name), entity, arguments, TERMS)


def register(group: Grouped, entity: str) -> None:
    give(group, entity, "register_person", name="架空 太郎")


def test_a_group_is_recorded_when_it_is_full_and_the_last_one_at_the_end(record: TestRecord) -> None:
    seen = []
    with grouped(record.application, 2) as group:
        for n in range(5):
            register(group, f"p-{n}")
            seen.append((len(record.events), group.recorded))
    assert seen == [(0, 0), (2, 2), (2, 2), (4, 4), (4, 4)]
    assert (len(record.events), group.recorded, len(group.receipts)) == (5, 5, 3)
    assert [e.entity for e in record.events] == [f"p-{n}" for n in range(5)]


def test_what_is_new_gets_an_id_and_is_told(record: TestRecord) -> None:
    with grouped(record.application, 2) as group:
        new = group.execute(command_named("Party", "register_person"), None, {"name": "架空 太郎"}, TERMS)
        known = group.execute(command_named("Party", "register_person"), "p-1", {"name": "架空 花子"}, TERMS)
    assert [e.stream for e in record.events] == [new, known]
    assert known == "party-p-1" and new.startswith("party-")
    assert (group.recorded, group.events) == (2, 2)


def test_what_is_new_keeps_its_id_when_the_group_is_decided_anew(record: TestRecord) -> None:
    record.do("SEC", "Party", "p-1", "register_person", name="架空 太郎")
    with grouped(record.application, 10) as group:
        give(group, "p-1", "give_name_consent")
        new = group.execute(command_named("Party", "register_person"), None, {"name": "架空 花子"}, TERMS)
        record.do("SEC", "Party", "p-1", "give_name_consent")
        record.do("SEC", "Party", "p-1", "withdraw_name_consent")
    assert record.events[-1].stream == new


def test_a_refused_command_is_taken_back_alone(record: TestRecord) -> None:
    """Also when it was refused halfway: what it had recorded, claimed, entrusted and changed is gone."""
    command = command_named("Party", "register_person")

    def halfway(party: Any, arguments: Any) -> None:
        command.method(party, **arguments)
        party.claim("number", "1")
        party.context.reader.find(type(party), "p-1").give_name_consent()
        raise BUSY(attempts=1)

    with grouped(record.application, 10) as group:
        register(group, "p-1")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(command, "run", halfway)
            with pytest.raises(Refusal):
                register(group, "p-2")
        give(group, "p-1", "give_name_consent")
    assert [(e.entity, e.version, e.type) for e in record.events] == [
        ("p-1", 1, "PersonRegistered"),
        ("p-1", 2, "NamePublicationConsentGiven"),
    ]
    assert (record.recorder.claims, list(record.recorder.vault)) == ({}, ["p-1"])
    assert group.recorded == 2


def test_what_leaves_the_block_drops_the_group_in_hand_and_nothing_else(record: TestRecord) -> None:

    def left() -> None:
        with grouped(record.application, 2) as group:
            for n in range(3):
                register(group, f"p-{n}")
            raise ZeroDivisionError(group.recorded)

    with pytest.raises(ZeroDivisionError, match="2"):
        left()
    assert [e.entity for e in record.events] == ["p-0", "p-1"]


def test_a_group_is_decided_anew_when_somebody_was_faster(record: TestRecord) -> None:
    record.do("SEC", "Party", "p-1", "register_person", name="架空 太郎")
    with grouped(record.application, 10) as group:
        give(group, "p-1", "give_name_consent")
        register(group, "p-2")
        record.do("SEC", "Party", "p-1", "give_name_consent")
        record.do("SEC", "Party", "p-1", "withdraw_name_consent")
    assert [(e.entity, e.version) for e in record.events] == [
        ("p-1", 1),
        ("p-1", 2),
        ("p-1", 3),
        ("p-1", 4),
        ("p-2", 1),
    ]
    assert group.recorded == 2


def test_a_group_that_is_refused_when_decided_anew_is_dropped(record: TestRecord) -> None:
    group = Grouped(record.application, 10)
    register(group, "p-1")
    record.do("SEC", "Party", "p-1", "register_person", name="架空 花子")
    with pytest.raises(Refusal, match="ALREADY_EXISTS"):
        group.record()
    assert (group.recorded, len(record.events)) == (0, 1)


def test_a_name_that_somebody_took_meanwhile_is_refused(record: TestRecord) -> None:
    group = Grouped(record.application, 10)
    register(group, "p-1")
    group._batch.unit.claims["number:1"] = "p-1"
    record.recorder.claims["number:1"] = "p-9"
    with pytest.raises(Refusal):
        group.record()
    assert record.events == []


def test_too_many_at_once_are_sent_away_in_the_end(
    record: TestRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = given_somebody_is_always_faster(record, monkeypatch)
    with pytest.raises(Refusal, match="BUSY") as refused, grouped(record.application, 10) as group:
        register(group, "p-1")
    assert refused.value.params == {"attempts": 5}
    assert len(attempts) == Application.ATTEMPTS


def test_a_full_group_that_could_not_be_recorded_is_recorded_with_the_next_command(
    record: TestRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = Grouped(record.application, 1)
    with monkeypatch.context() as patch:
        given_somebody_is_always_faster(record, patch)
        with pytest.raises(Refusal, match="BUSY"):
            register(group, "p-1")
    register(group, "p-2")
    assert (group.recorded, [e.entity for e in record.events]) == (2, ["p-1", "p-2"])


def test_what_is_new_is_named_once_however_often_it_is_decided(
    record: TestRecord,
) -> None:
    with grouped(record.application, 9) as group:
        new = [
            group.execute(command_named("Party", "register_person"), None, {"name": "架空 太郎"}, TERMS)
            for _ in range(2)
        ]
        group._decide_anew()
    assert len(set(new)) == 2
    assert [e.stream for e in record.events] == new
