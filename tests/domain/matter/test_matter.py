"""Matter: raised for a reason, deliberated on the record, and frozen before it is decided."""

from __future__ import annotations

from typing import Any

import pytest

from domain.kernel.events import Actor
from domain.matter.events import (
    CriterionAdopted,
    EvidenceAttached,
    MatterCarriedOver,
    MatterRaised,
    MatterWithdrawn,
    OpinionRecorded,
    OptionAmended,
    OptionAssessed,
    OptionProposed,
    OptionsFrozen,
    OptionWithdrawn,
)
from domain.recording.application import command_named
from domain.recording.receipts import CommandTerms
from domain.values.disclosure import Disclosure
from domain.values.refusal import Refusal
from tests.support.given import TestRecord, then_recorded, then_refused
from tests.support.stories.matters import (
    M1,
    M2,
    PRACTICE,
    REASON,
    StandInMeeting,
    given_a_conclusion,
    given_a_document,
    given_a_matter,
    given_options,
    links,
    matter,
    stand_in_for_meetings,
)


@pytest.fixture
def meetings(monkeypatch: pytest.MonkeyPatch) -> dict[str, StandInMeeting]:
    return stand_in_for_meetings(monkeypatch)


# -- raising


def test_a_matter_is_raised_for_a_reason_in_the_remit_or_in_practice(record: TestRecord) -> None:
    fields = {"title": "架空", "question": "どうするか。"}
    then_refused("BEYOND_REMIT", record, "MEM", "Matter", M1, "raise_matter", **fields)
    then_recorded(record.do("MEM", "Matter", M1, "raise_matter", **fields, practice=PRACTICE), MatterRaised)
    assert matter(record).state == "raised"
    assert matter(record).question == "どうするか。"


def test_a_matter_names_what_it_grew_out_of_and_its_legal_basis(record: TestRecord) -> None:
    record.do(
        "IMP",
        "Matter",
        M1,
        "raise_matter",
        importing=True,
        title="架空",
        question="どうするか。",
        council_id="council-x",
        remit={"instrument_id": "law-x", "article": 17, "paragraph": 2},
        raised_from=["problem-fixed", "measure-centre"],
        inquiry_id="doc-inquiry",
    )
    assert links(record.events[0]) == [
        (M1, "part_of", "council-x"),
        (M1, "on_legal_basis", "law-x#17"),
        (M1, "motivated_by", "problem-fixed"),
        (M1, "motivated_by", "measure-centre"),
        (M1, "responds_to", "doc-inquiry"),
    ]


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"council_id": "council-none"}, "/council_id"),
        ({"remit": {"instrument_id": "law-none", "article": 17}}, "/remit/instrument_id"),
        ({"raised_from": ["measure-x", "study-none"]}, "/raised_from/1"),
        ({"inquiry_id": "doc-none"}, "/inquiry_id"),
    ],
)
def test_what_a_matter_refers_to_is_on_record(
    record: TestRecord, fields: dict[str, Any], pointer: str
) -> None:
    given = {"title": "架空", "question": "どうするか。", "practice": PRACTICE} | fields
    refused = then_refused("UNKNOWN_ID", record, "MEM", "Matter", M1, "raise_matter", **given)
    assert refused.pointer == pointer


def test_a_matter_is_raised_once(record: TestRecord) -> None:
    given_a_matter(record)
    again = {"title": "架空", "question": "どうするか。", "practice": PRACTICE}
    then_refused("ALREADY_EXISTS", record, "IMP", "Matter", M1, "raise_matter", importing=True, **again)


def test_a_matter_number_is_given_once(record: TestRecord) -> None:
    given_a_matter(record, M1, matter_no="R8-3")
    again = {"title": "架空", "question": "どうするか。", "practice": PRACTICE, "matter_no": "R8-3"}
    then_refused("ALREADY_TAKEN", record, "MEM", "Matter", M2, "raise_matter", **again)


def test_a_matter_number_is_given_once_within_a_batch(record: TestRecord) -> None:
    terms = CommandTerms(Actor("MEM", "p-mem"), frozenset({"MEM"}))
    given = {"title": "架空", "question": "どうするか。", "practice": PRACTICE, "matter_no": "R8-3"}
    raising = command_named("Matter", "raise_matter")
    with record.application.batch() as batch:
        batch.execute(raising, M1, given, terms)
        with pytest.raises(Refusal, match="ALREADY_TAKEN"):
            batch.execute(raising, M2, given, terms)


def test_an_import_may_leave_the_remit_open(record: TestRecord) -> None:
    fields = {"title": "架空", "question": "どうするか。", "council_id": "council-later"}
    then_recorded(record.do("IMP", "Matter", M1, "raise_matter", importing=True, **fields), MatterRaised)


# -- options


def test_deliberating_begins_with_the_first_option(record: TestRecord) -> None:
    given_a_matter(record)
    then_recorded(
        record.do("MEM", "Matter", M1, "propose_option", option_id="option-1", label="第1案"), OptionProposed
    )
    assert matter(record).state == "deliberating"


def test_an_option_of_the_secretariat_itself_is_marked(record: TestRecord) -> None:
    given_a_matter(record)
    option = {"label": "案（架空）", "secretariat_draft": True}
    own = record.do("SEC", "Matter", M1, "propose_option", option_id="a", label="案（架空）")
    of_a_member = record.do("SEC", "Matter", M1, "propose_option", option_id="b", proposer="p-1", **option)
    by_a_member = record.do("MEM", "Matter", M1, "propose_option", option_id="c", **option)
    assert [e[0].data.secretariat_draft for e in (own, of_a_member, by_a_member)] == [True, False, False]


def test_an_option_is_proposed_once_even_if_it_was_withdrawn(record: TestRecord) -> None:
    given_options(record, given_a_matter(record))
    again = {"option_id": "option-1", "label": "案（架空）"}
    then_refused("ALREADY_EXISTS", record, "MEM", "Matter", M1, "propose_option", **again)
    record.do("MEM", "Matter", M1, "withdraw_option", option_id="option-1", reason=REASON)
    then_refused("ALREADY_EXISTS", record, "MEM", "Matter", M1, "propose_option", **again)


def test_only_a_living_option_is_amended_or_withdrawn(record: TestRecord) -> None:
    given_options(record, given_a_matter(record))
    then_recorded(
        record.do("MEM", "Matter", M1, "amend_option", option_id="option-1", text="改めた案"), OptionAmended
    )
    then_recorded(
        record.do("MEM", "Matter", M1, "withdraw_option", option_id="option-1", reason=REASON),
        OptionWithdrawn,
    )
    for command in ("amend_option", "withdraw_option"):
        gone = {"option_id": "option-1", "reason": REASON}
        then_refused("OPTION_UNKNOWN", record, "MEM", "Matter", M1, command, **gone)


def test_an_option_is_withdrawn_for_a_reason(record: TestRecord) -> None:
    given_options(record, given_a_matter(record))
    then_refused("REASON_REQUIRED", record, "MEM", "Matter", M1, "withdraw_option", option_id="option-1")
    said = {"reason": REASON}
    record.do("MEM", "Matter", M1, "withdraw_option", option_id="option-1", envelope=said)


def test_options_are_frozen_in_versions_and_a_change_thaws_them(record: TestRecord) -> None:
    given_options(record, given_a_matter(record))
    assert matter(record).options_version is None
    frozen = record.do("CHR", "Matter", M1, "freeze_options")
    then_recorded(frozen, OptionsFrozen)
    assert frozen[0].data.option_ids == ("option-1", "option-2", "option-3")
    assert matter(record).options_version == 1
    record.do("MEM", "Matter", M1, "amend_option", option_id="option-1", text="改めた案")
    assert matter(record).options_version is None
    record.do("CHR", "Matter", M1, "freeze_options")
    assert matter(record).options_version == 2
    record.do("MEM", "Matter", M1, "withdraw_option", option_id="option-1", reason=REASON)
    assert matter(record).options_version is None


def test_there_is_nothing_to_freeze_without_an_option(record: TestRecord) -> None:
    given_a_matter(record)
    then_refused("NO_OPTION", record, "CHR", "Matter", M1, "freeze_options")


def test_options_are_assessed_by_criteria(record: TestRecord) -> None:
    given_options(record, given_a_matter(record))
    criterion = {"criterion_id": "c-1", "text": "機会が平等か"}
    then_recorded(record.do("MEM", "Matter", M1, "adopt_criterion", **criterion), CriterionAdopted)
    then_refused("ALREADY_EXISTS", record, "MEM", "Matter", M1, "adopt_criterion", **criterion)
    judged = {"option_id": "option-1", "criterion_id": "c-1", "text": "よい"}
    then_recorded(record.do("ADV", "Matter", M1, "assess_option", **judged), OptionAssessed)
    other = judged | {"criterion_id": "c-2"}
    then_refused("UNKNOWN_ID", record, "ADV", "Matter", M1, "assess_option", **other)
    other = judged | {"option_id": "option-9"}
    then_refused("OPTION_UNKNOWN", record, "ADV", "Matter", M1, "assess_option", **other)


def test_a_criterion_may_rest_on_a_principle_of_the_ordinance(record: TestRecord) -> None:
    given_a_matter(record)
    criterion = {"criterion_id": "c-1", "text": "機会が平等か"}
    principle = {"instrument_id": "law-x", "article": 3, "paragraph": 2}
    then_refused(
        "UNKNOWN_ID", record, "MEM", "Matter", M1, "adopt_criterion", **criterion, citation=principle
    )
    made = record.do("IMP", "Matter", M1, "adopt_criterion", importing=True, **criterion, citation=principle)
    assert links(made[0]) == [(M1, "on_legal_basis", "law-x#3")]


# -- evidence and opinions


def test_evidence_is_a_registered_document_that_bears_on_something(record: TestRecord) -> None:
    given_options(record, given_a_matter(record))
    document = given_a_document(record)
    evidence = {"evidence_id": "e-1", "document_id": document, "kind": "survey", "bears_on": ["option-1"]}
    made = record.do("SEC", "Matter", M1, "attach_evidence", **evidence)
    then_recorded(made, EvidenceAttached)
    assert links(made[0]) == [(M1, "used", "doc-survey")]
    then_refused("ALREADY_EXISTS", record, "SEC", "Matter", M1, "attach_evidence", **evidence)
    other = evidence | {"evidence_id": "e-2", "document_id": "doc-none"}
    then_refused("UNKNOWN_ID", record, "SEC", "Matter", M1, "attach_evidence", **other)
    other = evidence | {"evidence_id": "e-2", "bears_on": ["option-9"]}
    refused = then_refused("OPTION_UNKNOWN", record, "SEC", "Matter", M1, "attach_evidence", **other)
    assert refused.pointer == "/bears_on/0"


def test_closed_evidence_needs_a_ground(record: TestRecord) -> None:
    given_a_matter(record)
    evidence = {"evidence_id": "e-1", "document_id": given_a_document(record)}
    hidden = {"visibility": "closed"}
    refused = then_refused(
        "GROUND_REQUIRED", record, "SEC", "Matter", M1, "attach_evidence", **evidence, disclosure=hidden
    )
    assert refused.pointer == "/disclosure/ground"
    made = record.do("SEC", "Matter", M1, "attach_evidence", **evidence)
    assert made[0].data.disclosure == Disclosure()


def test_evidence_that_comes_after_the_conclusion_does_not_reopen_it(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_conclusion(record, meetings)
    document = given_a_document(record, "doc-late")
    record.do("SEC", "Matter", M1, "attach_evidence", evidence_id="e-9", document_id=document)
    assert matter(record).state == "concluded"


def opinion(**fields: Any) -> dict[str, Any]:
    return {
        "opinion_id": "o-1",
        "channel": "oral",
        "stance": "for",
        "text": "賛成です（架空）",
    } | fields


def test_opinions_are_recorded_with_or_without_the_speaker(record: TestRecord) -> None:
    given_options(record, given_a_matter(record))
    then_recorded(
        record.do("MEM", "Matter", M1, "record_opinion", **opinion(option_id="option-1")), OpinionRecorded
    )
    record.do("SEC", "Matter", M1, "record_opinion", **opinion(opinion_id="o-2"))
    then_refused("ALREADY_EXISTS", record, "MEM", "Matter", M1, "record_opinion", **opinion())
    other = opinion(opinion_id="o-3", option_id="option-9")
    then_refused("OPTION_UNKNOWN", record, "MEM", "Matter", M1, "record_opinion", **other)


def test_the_secretariat_explains_but_takes_no_side(record: TestRecord) -> None:
    given_a_matter(record)
    own = opinion(holder="p-sec")
    then_refused("SECRETARIAT_HAS_NO_STANCE", record, "SEC", "Matter", M1, "record_opinion", **own)
    record.do("SEC", "Matter", M1, "record_opinion", **own | {"stance": "neutral"})


# -- carrying over and withdrawing


def test_a_matter_is_carried_over_for_a_reason_and_taken_up_again(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_options(record, given_a_matter(record))
    then_refused("REASON_REQUIRED", record, "CHR", "Matter", M1, "carry_over")
    made = record.do(
        "CHR", "Matter", M1, "carry_over", reason=REASON, meeting_id="meeting-1", to_meeting="meeting-2"
    )
    then_recorded(made, MatterCarriedOver)
    assert links(made[0]) == [(M1, "decided_in", "meeting-1")]
    assert matter(record).state == "carried_over"
    record.do("CHR", "Matter", M1, "carry_over", reason=REASON)
    record.do("MEM", "Matter", M1, "record_opinion", **opinion())
    assert matter(record).state == "deliberating"


def test_a_matter_is_carried_over_to_a_meeting_that_is_known(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_matter(record)
    refused = then_refused(
        "UNKNOWN_ID", record, "CHR", "Matter", M1, "carry_over", reason=REASON, to_meeting="meeting-9"
    )
    assert refused.pointer == "/to_meeting"


def test_a_withdrawn_matter_is_over(record: TestRecord) -> None:
    given_a_matter(record)
    then_refused("REASON_REQUIRED", record, "CHR", "Matter", M1, "withdraw")
    then_recorded(record.do("CHR", "Matter", M1, "withdraw", reason=REASON), MatterWithdrawn)
    assert matter(record).state == "withdrawn"
    option = {"option_id": "option-1", "label": "案"}
    then_refused("WRONG_STATE", record, "MEM", "Matter", M1, "propose_option", **option)
