"""What somebody else did: recorded by the secretariat, on evidence, as done by them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from domain.kernel.commands import Command
from domain.kernel.events import Actor, Evidence, Source
from domain.kernel.record import KINDS
from domain.recording.asserting import IN_PERSON, WHO
from domain.recording.permission import permit
from domain.recording.receipts import CommandTerms
from domain.values.refusal import Refusal
from tests.support.given import TestRecord, broken_laws, then_refused
from tests.support.stories.groups import COUNCIL, given_a_council

MEM, THERE = Actor("MEM", "p-2"), Evidence("minute_taker")
COMMANDS = [command for kind in KINDS.values() for command in kind.COMMANDS.values()]
OTHERS = ("SEC", "CHR", "MEM", "ADV", "LDR", "APR", "DIS", "EV-C", "EV-G")


def told(command: Command, caller: str, actor: Actor, **said: Any) -> str | None:
    terms = CommandTerms(Actor(caller, "p-own"), frozenset({caller}), {"actor": actor, **said})
    try:
        permit(command, terms)
    except Refusal as refused:
        return refused.code
    return None


def may_only_be_on_behalf(command: Command) -> None:
    for role in OTHERS:
        other = Actor(role, "p-other")
        with_evidence = told(command, "SEC", other, evidence=THERE)
        if command.name in IN_PERSON:
            assert with_evidence in ("NOT_YOURSELF", "FORBIDDEN")
        elif role in command.roles:
            assert (with_evidence, told(command, "SEC", other)) == (None, "EVIDENCE_REQUIRED")
        else:
            assert with_evidence == "FORBIDDEN"
        for caller in set(OTHERS) & set(command.roles) - {"SEC"}:
            assert told(command, caller, other, evidence=THERE) == "NOT_YOURSELF"


def test_only_the_secretariat_records_what_others_did_and_only_what_is_theirs() -> None:
    for command in COMMANDS:
        may_only_be_on_behalf(command)


def given_a_matter(record: TestRecord) -> dict[str, Any]:
    given_a_council(record)
    about = {"title": "架空", "question": "どうするか。", "practice": "慣行", "council_id": COUNCIL}
    record.do("SEC", "Matter", "matter-a", "raise_matter", **about)
    return {"option_id": "a", "label": "案一", "proposer": "a-2"}


def test_the_actor_did_it_and_the_clerk_wrote_it_down(record: TestRecord) -> None:
    option = given_a_matter(record)
    said = {"actor": MEM, "evidence": THERE}
    (event,) = record.do(
        "SEC", "Matter", "matter-a", "propose_option", party="p-clerk", envelope=said, **option
    )
    assert (event.actor, event.recorded_by) == (MEM, Actor("SEC", "p-clerk"))
    assert (event.asserted_by, event.evidence) == ("p-2", THERE)
    assert event.data.secretariat_draft is False
    assert broken_laws(record) == []


def test_who_acts_and_writes_it_down_stands_there_once(record: TestRecord) -> None:
    option = given_a_matter(record)
    said = {"actor": Actor("MEM")}
    (event,) = record.do("MEM", "Matter", "matter-a", "propose_option", party="p-2", envelope=said, **option)
    assert (event.actor, event.recorded_by) == (MEM, None)


def test_the_secretariat_says_who_did_what_others_do(record: TestRecord) -> None:
    given_a_matter(record)
    dissent = {"dissent_id": "d", "kind": "minority", "text": "早い（架空）"}
    refused = then_refused("ACTOR_REQUIRED", record, "SEC", "Matter", "matter-a", "file_dissent", **dissent)
    assert refused.pointer == WHO
    said = {"actor": MEM, "evidence": THERE}
    record.do("SEC", "Matter", "matter-a", "file_dissent", envelope=said, **dissent)


def test_a_seat_is_that_of_the_actor_also_on_behalf(record: TestRecord) -> None:
    option, call = given_a_matter(record), ("SEC", "Matter", "matter-a", "propose_option")
    for wrong in (Actor("MEM", "p-3"), Actor("MEM")):
        said = {"actor": wrong, "evidence": THERE}
        assert then_refused("NOT_YOURSELF", record, *call, envelope=said, **option).pointer == "/proposer"
    unknown = {"actor": Actor("MEM", "p-9"), "evidence": THERE}
    refused = then_refused("ACTOR_UNKNOWN", record, *call, envelope=unknown, **option)
    assert refused.pointer == f"{WHO}/party"
    nowhere = {"actor": MEM, "source": Source("doc-none")}
    then_refused("EVIDENCE_UNKNOWN", record, *call, envelope=nowhere, **option)
    undated = {"actor": MEM, "evidence": Evidence("mail")}
    then_refused("EVIDENCE_REQUIRED", record, *call, envelope=undated, **option)
    dated = {"actor": MEM, "evidence": Evidence("mail", dt.date(2026, 4, 1))}
    record.do(*call, envelope=dated, **option)


def test_an_option_is_taken_back_by_whoever_proposed_it(record: TestRecord) -> None:
    option = given_a_matter(record)
    record.do("MEM", "Matter", "matter-a", "propose_option", party="p-2", **option)
    record.do("MEM", "Matter", "matter-a", "propose_option", party="p-3", option_id="b", label="案二")
    back = {"reason": "費用が高い（架空）"}
    for option_id, other in (("a", "p-3"), ("b", "p-2")):
        call = ("MEM", "Matter", "matter-a", "withdraw_option")
        told = then_refused("NOT_YOURSELF", record, *call, party=other, option_id=option_id, **back)
        assert told.pointer == "/option_id"
    record.do("MEM", "Matter", "matter-a", "withdraw_option", party="p-2", option_id="a", **back)
    record.do("MEM", "Matter", "matter-a", "withdraw_option", party="p-3", option_id="b", **back)


def test_an_opinion_and_a_judgement_are_one_s_own(record: TestRecord) -> None:
    option = given_a_matter(record)
    record.do("MEM", "Matter", "matter-a", "propose_option", party="p-2", **option)
    opinion = {"opinion_id": "o", "channel": "oral", "stance": "for", "text": "賛成（架空）"}
    call = ("MEM", "Matter", "matter-a", "record_opinion")
    assert (
        then_refused("NOT_YOURSELF", record, *call, party="p-3", holder="a-2", **opinion).pointer == "/holder"
    )
    record.do(*call, party="p-3", holder="a-3", **opinion)
    record.do("SEC", "Matter", "matter-a", "adopt_criterion", criterion_id="k", text="近さ")
    judged = {"option_id": "a", "criterion_id": "k", "text": "近い（架空）"}
    call = ("ADV", "Matter", "matter-a", "assess_option")
    assert then_refused("NOT_YOURSELF", record, *call, party="p-3", by="a-2", **judged).pointer == "/by"
    record.do(*call, party="p-3", by="p-3", **judged)
