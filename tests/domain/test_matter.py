"""Matter: what is decided was put to the decision, says why, asks who disagrees, and is not the city's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from domain.application import Terms, command_named
from domain.disclosure import Disclosure
from domain.law import Citation
from domain.matter import Matter
from domain.matter_events import (
    CityDecisionRecorded,
    CityResponseRecorded,
    ConclusionTransmitted,
    CriterionAdopted,
    DissentFiled,
    DissentNoneConfirmed,
    EntrustmentReported,
    EntrustmentSettled,
    EvidenceAttached,
    MatterCarriedOver,
    MatterConcluded,
    MatterRaised,
    MatterRescinded,
    MatterSuperseded,
    MatterWithdrawn,
    OpinionRecorded,
    OptionAmended,
    OptionAssessed,
    OptionProposed,
    OptionsFrozen,
    OptionWithdrawn,
)
from domain.quorum import Tally
from domain.record import RELATIONS, UNKNOWN_ID, Actor, links_of
from domain.refusal import Refusal
from domain.resolution_methods import METHODS, RESULTS, UNFINISHED
from tests.support.given import TestRecord, then_recorded, then_refused

M1, M2, M3 = "matter-1", "matter-2", "matter-3"
PRACTICE = "所掌に定めはないが、計画の実施にも関わってきたため（架空）"
REASON = "初めての人が最も来やすいため（架空）"


@dataclass
class Resolution:
    """A resolution as the Matter reads it."""

    method: str = "majority_show"
    result: str = "adopted"
    matter_id: str = M1
    objections: int = 0
    tally: Tally | None = None
    options_version: int | None = 1


@dataclass
class StandInMeeting:
    """A meeting as the Matter reads it. What a meeting itself refuses is in test_meeting.py."""

    resolutions: dict[str, Resolution] = field(default_factory=dict)
    minutes_state: str | None = None
    council_id: str | None = None


@pytest.fixture
def meetings(monkeypatch: pytest.MonkeyPatch) -> dict[str, StandInMeeting]:
    """The meetings there are."""
    known = {"meeting-1": StandInMeeting(), "meeting-2": StandInMeeting()}

    def look(self: Matter, meeting_id: str, pointer: str = "/meeting_id") -> StandInMeeting:
        if meeting_id not in known:
            raise UNKNOWN_ID(kind="会議", id=meeting_id).at(pointer)
        return known[meeting_id]

    monkeypatch.setattr(Matter, "_meeting", look)
    return known


def matter(record: TestRecord, name: str = M1) -> Matter:
    """The matter as it stands."""
    found = Matter.replay(None, record.application.events.get(originator_id=name))  # type: ignore[arg-type]
    assert found is not None
    return found


def given_a_matter(record: TestRecord, name: str = M1, **fields: Any) -> str:
    given = {"title": "フォーラム（架空）", "question": "どう開くか。", "practice": PRACTICE} | fields
    record.do("MEM", "Matter", name, "raise_matter", **given)
    return name


def given_options(record: TestRecord, name: str = M1, n: int = 3) -> str:
    for k in range(1, n + 1):
        record.do("MEM", "Matter", name, "propose_option", option_id=f"option-{k}", label=f"第{k}案")
    return name


def given_a_document(record: TestRecord, name: str = "doc-survey") -> str:
    disclosure = {"visibility": "public"}
    record.do("SEC", "Document", name, "register", kind="survey", disclosure=disclosure)
    return name


def given_evidence(record: TestRecord, name: str = M1) -> str:
    document = given_a_document(record, f"doc-for-{name}")
    record.do("SEC", "Matter", name, "attach_evidence", evidence_id="e-1", document_id=document)
    return name


def given_a_ripe_matter(record: TestRecord, name: str = M1) -> str:
    """Three options, one piece of evidence, options frozen as version 1."""
    given_a_matter(record, name)
    given_options(record, name)
    given_evidence(record, name)
    record.do("CHR", "Matter", name, "freeze_options")
    return name


def given_a_resolution(meetings: dict[str, StandInMeeting], name: str = "r-1", **fields: Any) -> None:
    meetings["meeting-1"].resolutions[name] = Resolution(**fields)


def conclusion(**fields: Any) -> dict[str, Any]:
    given = {"meeting_id": "meeting-1", "resolution_ref": "r-1", "chosen_option": "option-2"} | fields
    return {name: value for name, value in given.items() if value is not None}


def given_a_conclusion(
    record: TestRecord, meetings: dict[str, StandInMeeting], name: str = M1, **fields: Any
) -> str:
    given_a_ripe_matter(record, name)
    given_a_resolution(meetings, f"r-{name}", matter_id=name)
    record.do("CHR", "Matter", name, "conclude", **conclusion(resolution_ref=f"r-{name}", **fields))
    return name


def given_a_transmission(record: TestRecord, meetings: dict[str, StandInMeeting]) -> str:
    given_a_conclusion(record, meetings)
    given_the_city(record)
    record.do("SEC", "Matter", M1, "transmit", to="org-city", form="proposal")
    return M1


def given_the_city(record: TestRecord) -> None:
    record.do("SEC", "Party", "org-city", "register_organisation", name_ja="架空市", category="municipality")


def given_an_entrusted_matter(record: TestRecord, meetings: dict[str, StandInMeeting]) -> str:
    given_a_ripe_matter(record)
    given_a_resolution(meetings, method="chair_entrusted", result="entrusted")
    record.do("CHR", "Matter", M1, "conclude", **conclusion())
    return M1


def settled(record: TestRecord, **fields: Any) -> dict[str, Any]:
    return {"document_id": given_a_document(record, "doc-wording"), "within_limits": True} | fields


def links(event: Any) -> list[tuple[str, str, str]]:
    return [(link.from_id, link.relation, link.to_id) for link in links_of(event)]


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
    terms = Terms(Actor("MEM", "p-mem"), frozenset({"MEM"}))
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
    then_refused("WRONG_STATE", record, "CHR", "Matter", M1, "carry_over", reason=REASON)
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


# -- concluding


def test_a_conclusion_takes_method_and_result_from_the_resolution(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_ripe_matter(record)
    given_a_resolution(meetings, method="unanimous")
    made = record.do("CHR", "Matter", M1, "conclude", **conclusion(reason=REASON))
    then_recorded(made, MatterConcluded)
    concluded = made[0].data
    assert (concluded.method, concluded.result, concluded.options_version) == ("unanimous", "adopted", 1)
    assert links(made[0]) == [(M1, "decided_in", "meeting-1")]
    assert matter(record).state == "concluded"
    assert matter(record).is_adopted
    then_refused("WRONG_STATE", record, "CHR", "Matter", M1, "conclude", **conclusion())


def test_a_conclusion_is_in_force_at_once_if_the_council_says_from_when(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    from_when = {"value": "2026-10-01", "precision": "day"}
    given_a_conclusion(record, meetings, effective_from=from_when)
    assert matter(record).state == "in_force"


def test_a_conclusion_rests_on_a_resolution_of_that_meeting_on_that_matter(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_ripe_matter(record)
    then_refused("RESOLUTION_UNKNOWN", record, "CHR", "Matter", M1, "conclude", **conclusion())
    given_a_resolution(meetings, matter_id=M2)
    then_refused("RESOLUTION_UNKNOWN", record, "CHR", "Matter", M1, "conclude", **conclusion())
    elsewhere = conclusion(meeting_id="meeting-9")
    then_refused("UNKNOWN_ID", record, "CHR", "Matter", M1, "conclude", **elsewhere)


def test_what_was_voted_on_was_frozen_before(record: TestRecord, meetings: dict[str, StandInMeeting]) -> None:
    given_options(record, given_a_matter(record))
    given_a_resolution(meetings, options_version=None)
    then_refused("OPTIONS_NOT_FROZEN", record, "CHR", "Matter", M1, "conclude", **conclusion())
    record.do("CHR", "Matter", M1, "freeze_options")
    then_refused("OPTIONS_NOT_FROZEN", record, "CHR", "Matter", M1, "conclude", **conclusion())


def test_options_that_changed_after_the_vote_are_not_those_decided_on(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_ripe_matter(record)
    given_a_resolution(meetings)
    record.do("MEM", "Matter", M1, "amend_option", option_id="option-2", text="改めた案")
    then_refused("OPTIONS_NOT_FROZEN", record, "CHR", "Matter", M1, "conclude", **conclusion())
    record.do("CHR", "Matter", M1, "freeze_options")
    then_refused("OPTIONS_NOT_FROZEN", record, "CHR", "Matter", M1, "conclude", **conclusion())


@pytest.mark.parametrize(
    ("method", "result"),
    [("opinion_summary", "summarised"), ("report_noted", "noted"), ("consensus_workshop", "agreed")],
)
def test_what_is_not_decided_between_options_needs_none(
    record: TestRecord, meetings: dict[str, StandInMeeting], method: str, result: str
) -> None:
    given_a_matter(record)
    given_a_resolution(meetings, method=method, result=result, options_version=None)
    record.do("CHR", "Matter", M1, "conclude", **conclusion(chosen_option=None, reason=REASON))
    assert matter(record).state == "concluded"


@pytest.mark.parametrize(("method", "result"), [(m, r) for m in METHODS for r in RESULTS])
def test_only_results_of_the_methods_table_are_allowed(
    record: TestRecord, meetings: dict[str, StandInMeeting], method: str, result: str
) -> None:
    given_a_ripe_matter(record)
    given_a_resolution(meetings, method=method, result=result)
    none = result in ("rejected", "noted", "summarised")
    given = conclusion(chosen_option=None if none else "option-2", conditions=["1年後に評価する"])
    if result != "adopted_with_conditions":
        given.pop("conditions")
    if result not in METHODS[method].results:  # type: ignore[index]
        then_refused("RESULT_NOT_ALLOWED", record, "CHR", "Matter", M1, "conclude", **given)
    elif result in UNFINISHED:
        then_refused("RESOLUTION_UNFINISHED", record, "CHR", "Matter", M1, "conclude", **given)
    else:
        then_recorded(record.do("CHR", "Matter", M1, "conclude", **given), MatterConcluded)


@pytest.mark.parametrize(
    ("result", "fields"),
    [
        ("adopted", {"chosen_option": None}),
        ("adopted_with_conditions", {}),
        ("adopted_with_conditions", {"chosen_option": None, "conditions": ["条件"]}),
        ("rejected", {}),
        ("rejected", {"chosen_option": None, "conditions": ["条件"]}),
    ],
)
def test_the_choice_agrees_with_the_result(
    record: TestRecord, meetings: dict[str, StandInMeeting], result: str, fields: dict[str, Any]
) -> None:
    given_a_ripe_matter(record)
    given_a_resolution(meetings, result=result)
    then_refused("CHOICE_MISMATCH", record, "CHR", "Matter", M1, "conclude", **conclusion(**fields))


def test_the_option_chosen_was_put_to_the_decision(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_ripe_matter(record)
    given_a_resolution(meetings)
    other = conclusion(chosen_option="option-9")
    then_refused("OPTION_UNKNOWN", record, "CHR", "Matter", M1, "conclude", **other)


@pytest.mark.parametrize(("options", "evidence"), [(1, True), (3, False)])
def test_a_decision_on_one_option_or_without_evidence_says_why(
    record: TestRecord, meetings: dict[str, StandInMeeting], options: int, evidence: bool
) -> None:
    given_options(record, given_a_matter(record), options)
    if evidence:
        given_evidence(record)
    record.do("CHR", "Matter", M1, "freeze_options")
    given_a_resolution(meetings)
    given = conclusion(chosen_option="option-1")
    then_refused("EVIDENCE_OR_REASON_REQUIRED", record, "CHR", "Matter", M1, "conclude", **given)
    made = record.do("CHR", "Matter", M1, "conclude", **given, envelope={"reason": REASON})
    assert made[0].data.reason == REASON


# -- dissent


@pytest.mark.parametrize(
    "fields", [{"objections": 1}, {"tally": Tally(for_=8, against=5, abstain=1, not_voting=0)}]
)
def test_where_somebody_disagreed_dissent_is_filed_or_asked_for(
    record: TestRecord, meetings: dict[str, StandInMeeting], fields: dict[str, Any]
) -> None:
    given_a_ripe_matter(record)
    given_a_resolution(meetings, **fields)
    then_refused("DISSENT_UNASKED", record, "CHR", "Matter", M1, "conclude", **conclusion())
    record.do("CHR", "Matter", M1, "confirm_no_dissent")
    record.do("CHR", "Matter", M1, "conclude", **conclusion())


def dissent(**fields: Any) -> dict[str, Any]:
    return {
        "dissent_id": "d-1",
        "kind": "minority",
        "text": "時期尚早である（架空）",
        "holder": "seat-01",
    } | fields


def test_a_dissent_filed_answers_the_question_whether_there_is_one(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_ripe_matter(record)
    given_a_resolution(meetings, objections=1)
    then_recorded(record.do("MEM", "Matter", M1, "file_dissent", **dissent()), DissentFiled)
    then_refused("ALREADY_EXISTS", record, "MEM", "Matter", M1, "file_dissent", **dissent())
    record.do("CHR", "Matter", M1, "conclude", **conclusion())


def test_that_there_is_no_dissent_is_confirmed_only_if_there_is_none(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_conclusion(record, meetings)
    asked_at = {"value": "2026-05-10", "precision": "day"}
    made = record.do("SEC", "Matter", M1, "confirm_no_dissent", asked_at=asked_at, meeting_id="meeting-1")
    then_recorded(made, DissentNoneConfirmed)
    assert made[0].effective.value == "2026-05-10"
    record.do("MEM", "Matter", M1, "file_dissent", **dissent())
    then_refused("DISSENT_ON_RECORD", record, "SEC", "Matter", M1, "confirm_no_dissent")


@pytest.mark.parametrize("minutes", ["confirmed", "published"])
def test_dissent_is_filed_until_the_minutes_are_confirmed(
    record: TestRecord, meetings: dict[str, StandInMeeting], minutes: str
) -> None:
    given_a_conclusion(record, meetings)
    meetings["meeting-1"].minutes_state = "circulated"
    record.do("MEM", "Matter", M1, "file_dissent", **dissent())
    meetings["meeting-1"].minutes_state = minutes
    late = dissent(dissent_id="d-2")
    then_refused("DISSENT_PERIOD_OVER", record, "MEM", "Matter", M1, "file_dissent", **late)
    record.do("IMP", "Matter", M1, "file_dissent", importing=True, **late)


def test_the_secretariat_files_no_dissent(record: TestRecord) -> None:
    given_a_matter(record)
    then_refused("FORBIDDEN", record, "SEC", "Matter", M1, "file_dissent", **dissent())


# -- entrusted to the chair


def test_what_is_entrusted_stays_so_until_it_is_settled_and_reported(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_an_entrusted_matter(record, meetings)
    assert matter(record).is_entrusted
    reported = {"meeting_id": "meeting-2"}
    then_refused("ENTRUSTMENT_NOT_SETTLED", record, "CHR", "Matter", M1, "report_entrustment", **reported)
    wording = settled(record)
    made = record.do("CHR", "Matter", M1, "settle_entrustment", **wording)
    then_recorded(made, EntrustmentSettled)
    assert links(made[0]) == [(M1, "used", "doc-wording")]
    assert matter(record).is_entrusted
    then_recorded(record.do("SEC", "Matter", M1, "report_entrustment", **reported), EntrustmentReported)
    assert not matter(record).is_entrusted
    then_refused("NOT_ENTRUSTED", record, "CHR", "Matter", M1, "settle_entrustment", **wording)
    then_refused("NOT_ENTRUSTED", record, "CHR", "Matter", M1, "report_entrustment", **reported)


def test_nothing_is_settled_that_was_not_entrusted(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_conclusion(record, meetings)
    wording = settled(record)
    then_refused("NOT_ENTRUSTED", record, "CHR", "Matter", M1, "settle_entrustment", **wording)
    reported = {"meeting_id": "meeting-2"}
    then_refused("NOT_ENTRUSTED", record, "SEC", "Matter", M1, "report_entrustment", **reported)


def test_wording_outside_the_limits_says_why(record: TestRecord, meetings: dict[str, StandInMeeting]) -> None:
    given_an_entrusted_matter(record, meetings)
    outside = settled(record, within_limits=False)
    then_refused("REASON_REQUIRED", record, "CHR", "Matter", M1, "settle_entrustment", **outside)
    record.do("CHR", "Matter", M1, "settle_entrustment", **outside, reason=REASON)


def test_entrusted_wording_is_not_sent_before_it_is_settled(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_an_entrusted_matter(record, meetings)
    given_the_city(record)
    sent = {"to": "org-city", "form": "proposal"}
    then_refused("ENTRUSTMENT_NOT_SETTLED", record, "SEC", "Matter", M1, "transmit", **sent)


# -- to the city and back


def test_a_conclusion_is_sent_to_somebody_known(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_conclusion(record, meetings)
    sent = {"to": "org-city", "form": "proposal", "on": {"value": "2026-06-01", "precision": "day"}}
    then_refused("UNKNOWN_ID", record, "SEC", "Matter", M1, "transmit", **sent)
    given_the_city(record)
    made = record.do("SEC", "Matter", M1, "transmit", **sent)
    then_recorded(made, ConclusionTransmitted)
    assert made[0].effective.value == "2026-06-01"


def given_a_council(record: TestRecord, body_type: str) -> str:
    basis = {"instrument_id": "law-x", "article": 17}
    fields = {"name_ja": "架空の会議", "body_type": body_type, "legal_basis": basis}
    record.do("IMP", "Council", "council-x", "establish", importing=True, **fields)
    return "council-x"


@pytest.mark.parametrize(
    ("body_type", "inquiry", "allowed"),
    [
        ("joint_council", True, False),
        ("statutory_advisory", False, False),
        ("statutory_advisory", True, True),
    ],
)
def test_a_formal_reply_is_for_an_advisory_body_that_was_asked(
    record: TestRecord,
    meetings: dict[str, StandInMeeting],
    body_type: str,
    inquiry: bool,
    allowed: bool,
) -> None:
    council = given_a_council(record, body_type)
    asked = {"inquiry_id": given_a_document(record, "doc-inquiry")} if inquiry else {}
    given_a_matter(record, council_id=council, **asked)
    given_a_resolution(meetings, method="report_noted", result="noted", options_version=None)
    record.do("CHR", "Matter", M1, "conclude", **conclusion(chosen_option=None))
    given_the_city(record)
    sent = {"to": "org-city", "form": "formal_reply"}
    if allowed:
        record.do("SEC", "Matter", M1, "transmit", **sent)
    else:
        then_refused("NO_INQUIRY", record, "SEC", "Matter", M1, "transmit", **sent)


def test_whose_council_it_is_can_be_told_from_the_meeting_that_decided(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_conclusion(record, meetings)
    given_the_city(record)
    sent = {"to": "org-city", "form": "formal_reply"}
    then_refused("NO_INQUIRY", record, "SEC", "Matter", M1, "transmit", **sent)
    meetings["meeting-1"].council_id = given_a_council(record, "joint_council")
    then_refused("NO_INQUIRY", record, "SEC", "Matter", M1, "transmit", **sent)


def test_an_import_may_not_know_of_the_inquiry(record: TestRecord) -> None:
    record.do("IMP", "Matter", M1, "import_conclusion", importing=True, result="summarised")
    record.do("IMP", "Matter", M1, "transmit", importing=True, to="org-city", form="formal_reply")
    assert matter(record).transmitted


def test_the_city_answers_what_it_was_sent(record: TestRecord, meetings: dict[str, StandInMeeting]) -> None:
    given_a_conclusion(record, meetings)
    answer = {"disposition": "accepted"}
    then_refused("NOT_TRANSMITTED", record, "APR", "Matter", M1, "record_city_response", **answer)
    given_the_city(record)
    record.do("SEC", "Matter", M1, "transmit", to="org-city", form="report")
    then_recorded(record.do("APR", "Matter", M1, "record_city_response", **answer), CityResponseRecorded)


@pytest.mark.parametrize("disposition", ["partly", "deferred", "declined"])
def test_an_answer_other_than_yes_says_why(
    record: TestRecord, meetings: dict[str, StandInMeeting], disposition: str
) -> None:
    given_a_transmission(record, meetings)
    answer = {"disposition": disposition}
    then_refused("REASON_REQUIRED", record, "APR", "Matter", M1, "record_city_response", **answer)
    record.do("APR", "Matter", M1, "record_city_response", **answer, reason=REASON)


@pytest.mark.parametrize("drafter", ["p-mem", "p-sec"])
def test_who_raised_or_sent_it_does_not_answer_for_the_city(
    record: TestRecord, meetings: dict[str, StandInMeeting], drafter: str
) -> None:
    given_a_transmission(record, meetings)
    yes: dict[str, Any] = {"disposition": "accepted"}
    then_refused("SELF_APPROVAL", record, "APR", "Matter", M1, "record_city_response", party=drafter, **yes)
    decided: dict[str, Any] = {"authority": "mayor"}
    then_refused(
        "SELF_APPROVAL", record, "APR", "Matter", M1, "record_city_decision", party=drafter, **decided
    )


def test_the_city_decides_by_itself_and_the_conclusion_is_then_in_force(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_transmission(record, meetings)
    on = {"value": "2026-07-01", "precision": "day"}
    made = record.do(
        "APR",
        "Matter",
        M1,
        "record_city_decision",
        authority="mayor",
        decided_on=on,
        document_no="市協第12号",
    )
    then_recorded(made, CityDecisionRecorded)
    assert made[0].effective.value == "2026-07-01"
    assert matter(record).state == "in_force"


def test_what_the_city_declined_is_not_in_force(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_transmission(record, meetings)
    record.do("APR", "Matter", M1, "record_city_response", disposition="declined", reason=REASON)
    record.do("APR", "Matter", M1, "record_city_decision", authority="mayor")
    assert matter(record).state == "concluded"


def test_what_the_council_rejected_is_not_in_force(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_ripe_matter(record)
    given_a_resolution(meetings, result="rejected")
    record.do("CHR", "Matter", M1, "conclude", **conclusion(chosen_option=None))
    assert not matter(record).is_adopted
    record.do("APR", "Matter", M1, "record_city_decision", authority="mayor")
    assert matter(record).state == "concluded"


def test_the_councils_conclusion_is_not_entered_as_the_citys_decision(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_conclusion(record, meetings)
    decided = {"authority": "mayor"}
    then_refused(
        "ADVISORY_RESULT_AS_DECISION", record, "SEC", "Matter", M1, "record_city_decision", **decided
    )
    record.do("SEC", "Matter", M1, "record_city_decision", **decided, document_no="市協第12号")


def test_the_secretariat_may_show_the_citys_decision_by_an_article(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_conclusion(record, meetings)
    basis = {"legal_basis": Citation("law-x", 16)}
    made = record.do("SEC", "Matter", M1, "record_city_decision", authority="mayor", envelope=basis)
    assert links(made[0]) == [(M1, "on_legal_basis", "law-x#16")]


def test_nothing_goes_onward_before_the_conclusion(record: TestRecord) -> None:
    given_a_matter(record)
    sent = {"to": "org-city", "form": "report"}
    then_refused("WRONG_STATE", record, "SEC", "Matter", M1, "transmit", **sent)
    then_refused("WRONG_STATE", record, "APR", "Matter", M1, "record_city_response", disposition="accepted")
    then_refused("WRONG_STATE", record, "APR", "Matter", M1, "record_city_decision", authority="mayor")


# -- changing a decision


def test_a_later_adopted_matter_replaces_an_earlier_one(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_conclusion(record, meetings, M1)
    given_a_matter(record, M2)
    by = {"superseded_by": M2, "reason": REASON}
    then_refused("MATTER_NOT_ADOPTED", record, "SEC", "Matter", M1, "supersede", **by)
    given_a_conclusion(record, meetings, M3)
    by = {"superseded_by": M3}
    then_refused("REASON_REQUIRED", record, "SEC", "Matter", M1, "supersede", **by)
    made = record.do("SEC", "Matter", M1, "supersede", **by, reason=REASON)
    then_recorded(made, MatterSuperseded)
    assert links(made[0]) == [(M1, "supersedes", M3)]
    assert RELATIONS["supersedes"][1] == "was superseded by"
    assert matter(record).state == "superseded"
    then_refused("ALREADY_SUPERSEDED", record, "SEC", "Matter", M1, "supersede", **by, reason=REASON)


def test_a_matter_superseded_in_some_clauses_stays_in_force(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_conclusion(record, meetings, M1, effective_from={"value": "FY2026", "precision": "fiscal_year"})
    given_a_conclusion(record, meetings, M2)
    given_a_conclusion(record, meetings, M3)
    part = {"superseded_by": M2, "clauses": ["第2項"], "reason": REASON}
    record.do("SEC", "Matter", M1, "supersede", **part)
    assert matter(record).state == "in_force"
    record.do("SEC", "Matter", M1, "supersede", superseded_by=M3, reason=REASON)
    assert matter(record).superseded_by == [M2, M3]


def test_nothing_is_superseded_by_itself_or_by_what_it_replaced(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    for name in (M1, M2, M3):
        given_a_conclusion(record, meetings, name)
    part = {"clauses": ["第1項"], "reason": REASON}
    then_refused("SUPERSEDE_CYCLE", record, "SEC", "Matter", M1, "supersede", superseded_by=M1, **part)
    record.do("SEC", "Matter", M1, "supersede", superseded_by=M2, **part)
    record.do("SEC", "Matter", M2, "supersede", superseded_by=M3, **part)
    then_refused("SUPERSEDE_CYCLE", record, "SEC", "Matter", M3, "supersede", superseded_by=M1, **part)


def test_a_conclusion_is_rescinded_for_a_reason(
    record: TestRecord, meetings: dict[str, StandInMeeting]
) -> None:
    given_a_conclusion(record, meetings)
    then_refused("REASON_REQUIRED", record, "CHR", "Matter", M1, "rescind")
    made = record.do("CHR", "Matter", M1, "rescind", reason=REASON, meeting_id="meeting-2")
    then_recorded(made, MatterRescinded)
    assert matter(record).state == "rescinded"
    assert not matter(record).is_adopted


# -- importing


def test_a_past_conclusion_is_imported_with_or_without_its_resolution(record: TestRecord) -> None:
    made = record.do("IMP", "Matter", M1, "import_conclusion", importing=True)
    then_recorded(made, MatterConcluded)
    assert matter(record).state == "concluded"
    assert not matter(record).is_adopted


def test_an_import_is_not_excused_from_what_cannot_be(record: TestRecord) -> None:
    summed_up = {"method": "opinion_summary", "result": "adopted"}
    then_refused(
        "RESULT_NOT_ALLOWED", record, "IMP", "Matter", M1, "import_conclusion", importing=True, **summed_up
    )
    chosen = {"result": "rejected", "chosen_option": "option-1"}
    then_refused(
        "CHOICE_MISMATCH", record, "IMP", "Matter", M1, "import_conclusion", importing=True, **chosen
    )
    then_refused(
        "RESOLUTION_UNFINISHED",
        record,
        "IMP",
        "Matter",
        M1,
        "import_conclusion",
        importing=True,
        result="tied",
    )
