"""Withdrawal 取消: what somebody recorded by mistake today is taken back, as if it had never been."""

from __future__ import annotations

import datetime as dt
from contextlib import nullcontext

import pytest

from domain.kernel.correction_events import EventWithdrawn
from domain.kernel.events import Actor, Evidence
from domain.matter.aggregate import Matter
from domain.recording.application import command_named
from domain.recording.receipts import CommandTerms
from domain.values.refusal import Refusal
from tests.support.given import START, TestRecord, broken_laws, then_recorded, then_refused
from tests.support.stories.matters import M1, given_a_matter, given_options, matter

WHY = "別の案件に入れるものだったため（架空）"


def withdraw(record: TestRecord, version: int, role: str = "MEM", **more: object) -> list[object]:
    asked = {"target_version": version, "reason": WHY, **more}
    return list(record.do(role, "Matter", M1, "withdraw_event", **asked))


def refused(record: TestRecord, code: str, version: int, role: str = "MEM", **more: object) -> Refusal:
    asked = {"target_version": version, "reason": WHY, **more}
    no = then_refused(code, record, role, "Matter", M1, "withdraw_event", **asked)
    assert code == "SOMETHING_RESTS_ON_IT" or no.pointer == "/target_version"
    return no


def test_what_was_recorded_by_mistake_is_taken_back(record: TestRecord) -> None:
    given_a_matter(record)
    given_options(record, n=2)
    (withdrawn,) = withdraw(record, 3)
    then_recorded([withdrawn], EventWithdrawn)  # type: ignore[list-item]
    assert set(matter(record).options) == {"option-1"}
    assert record.events[2].data.label == "第2案", "it stays in the log"
    record.do("MEM", "Matter", M1, "propose_option", option_id="option-2", label="新しい第2案")
    assert broken_laws(record) == []


def test_nobody_takes_back_what_another_recorded(record: TestRecord) -> None:
    given_a_matter(record)
    refused(record, "NOT_YOUR_RECORD", 1, "SEC")
    refused(record, "NOT_YOUR_RECORD", 1, party="p-another")


def test_who_wrote_it_down_takes_it_back_and_not_who_acted(record: TestRecord) -> None:
    given_a_matter(record)
    told = {"actor": Actor("MEM"), "evidence": Evidence("minute_taker", dt.date(2026, 4, 1))}
    option = {"option_id": "option-1", "label": "第1案"}
    record.do("SEC", "Matter", M1, "propose_option", party="p-clerk", envelope=told, **option)
    refused(record, "NOT_YOUR_RECORD", 2, "MEM")
    refused(record, "NOT_YOUR_RECORD", 2, "SEC", party="p-other-clerk")
    withdraw(record, 2, "SEC", party="p-clerk")
    record.do("SEC", "Matter", M1, "propose_option", party="p-clerk", envelope=told, **option)
    withdraw(record, 4, "SEC", party="p-clerk", envelope=told)


def test_what_nobody_in_person_recorded_is_nobody_s_to_take_back(record: TestRecord) -> None:
    given_a_matter(record)
    terms = CommandTerms(Actor("MEM"), frozenset({"MEM"}))
    for name, arguments in (
        ("propose_option", {"option_id": "option-1", "label": "第1案"}),
        ("withdraw_event", {"target_version": 2, "reason": WHY}),
    ):
        with pytest.raises(Refusal, match="NOT_YOUR_RECORD") if name == "withdraw_event" else nullcontext():
            record.application.execute(command_named("Matter", name), M1, arguments, terms)


def test_a_correction_of_what_is_taken_back_stands_no_more(record: TestRecord) -> None:
    given_a_matter(record)
    given_options(record, n=1)
    change = [{"field": "label", "after": "別の案"}]
    asked = {"correction_id": "fix-1", "target_version": 2, "changes": change, "reason": WHY}
    record.do("SEC", "Matter", M1, "propose_correction", **asked)
    record.do("CHR", "Matter", M1, "approve_correction", correction_id="fix-1")
    corrected = record.events[1].event_id
    assert set(matter(record).standing) == {corrected}
    withdraw(record, 2)
    assert matter(record).standing == {} and matter(record).withdrawn == {corrected}
    then_refused("ALREADY_EXISTS", record, "SEC", "Matter", M1, "propose_correction", **asked)


def test_it_is_taken_back_on_its_day_only(record: TestRecord) -> None:
    given_a_matter(record)
    given_options(record, n=1)
    record.application.clock = lambda: START + dt.timedelta(hours=16)  # past midnight in Japan
    assert refused(record, "WITHDRAWN_TOO_LATE", 2).params == {"day": "2026-04-01"}


def test_what_something_rests_on_is_not_taken_back(record: TestRecord) -> None:
    given_a_matter(record)
    given_options(record, n=1)
    refused(record, "SOMETHING_RESTS_ON_IT", 1)
    record.do("MEM", "Matter", M1, "withdraw_option", option_id="option-1", reason=WHY)
    refused(record, "SOMETHING_RESTS_ON_IT", 2)
    withdraw(record, 3)
    withdraw(record, 2)
    assert broken_laws(record) == []


def test_what_another_record_names_is_not_taken_back(record: TestRecord) -> None:
    document = {"title": "架空", "kind": "minutes", "disclosure": {}}
    for name in ("doc-1", "doc-2"):
        record.do("SEC", "Document", name, "register", **document)
    link = {"from_id": "doc-1", "to_id": "doc-2", "relation": "used", "reason": WHY}
    record.do("SEC", "Link", "link-1", "make", **link)
    asked = {"target_version": 1, "reason": WHY}
    for name in ("doc-1", "doc-2"):
        call = ("SEC", "Document", name, "withdraw_event")
        no = then_refused("SOMETHING_RESTS_ON_IT", record, *call, **asked)
        assert [impossible["type"] for impossible in no.params["impossible"]] == ["LinkMade"]


def test_what_is_taken_back_is_neither_corrected_nor_taken_back_again(record: TestRecord) -> None:
    given_a_matter(record)
    given_options(record, n=1)
    withdraw(record, 2)
    refused(record, "EVENT_UNKNOWN", 2)
    change = [{"field": "label", "after": "別の案"}]
    asked = {"correction_id": "fix-1", "target_version": 2, "changes": change, "reason": WHY}
    then_refused("EVENT_UNKNOWN", record, "SEC", "Matter", M1, "propose_correction", **asked)


def test_a_thing_that_was_taken_back_is_not_on_record_and_may_be_made_anew(record: TestRecord) -> None:
    given_a_matter(record, matter_no="令和8年第1号")
    withdraw(record, 1)
    then_refused("UNKNOWN_ID", record, "MEM", "Matter", M1, "propose_option", option_id="o", label="案")
    given_a_matter(record, matter_no="令和8年第1号")  # its number is free again
    assert isinstance(matter(record), Matter) and matter(record).version == 3
    assert broken_laws(record) == []
