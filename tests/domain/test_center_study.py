"""CenterStudy: necessity first, no answer without a finding, and nobody adopts their own report."""

from __future__ import annotations

from typing import Any

import pytest

from domain.center_study.aggregate import (
    AnswerReopened,
    CenterStudy,
    FindingRecorded,
    ProvisionalAnswerGiven,
    QuestionAnswered,
    QuestionLeftOpen,
    QuestionMadeMoot,
    StudyClosed,
    StudyCommissioned,
    StudyOptionAdded,
    StudyOptionAssessed,
    StudyQuestionOpened,
    StudyReportAdopted,
    StudyReportReturned,
    StudyReportSubmitted,
    StudyReportTransmitted,
    StudyStarted,
)
from domain.kernel.links import links_of
from domain.recording.unit_of_work import UnitOfWork
from tests.support.given import TestRecord, then_recorded, then_refused
from tests.support.stories.groups import COUNCIL, GROUP, given_a_council, given_a_group

STUDY = "study-centre"
FOUR = ("necessity", "functions", "location", "operation")
MATTER = "matter-centre"


def do(record: TestRecord, command: str, role: str = "LDR", /, **fields: Any) -> Any:
    return record.do(role, "CenterStudy", STUDY, command, **fields)


def refused(code: str, record: TestRecord, command: str, role: str = "LDR", /, **fields: Any) -> Any:
    return then_refused(code, record, role, "CenterStudy", STUDY, command, **fields)


def study(record: TestRecord) -> CenterStudy:
    found = UnitOfWork(record.application).find(CenterStudy, STUDY)
    assert found is not None
    return found


def given_a_study(record: TestRecord, questions: tuple[str, ...] = FOUR, **fields: Any) -> None:
    """A study that has started, with its questions open and one option for each."""
    council = fields.pop("council_id", None) or given_a_council(record)
    do(record, "commission", "SEC", council_id=council, aim_ja="協働センターの設置（架空）", **fields)
    for order, question in enumerate(questions, start=1):
        do(record, "open_question", question=question, order=order)
    do(record, "start")
    for question in questions:
        do(record, "add_option", option_id=f"o-{question}", question=question, label="案（架空）")


def given_a_finding(record: TestRecord, question: str) -> None:
    do(record, "record_finding", finding_id=f"f-{question}", question=question, text="分かったこと（架空）")


def given_an_answer(record: TestRecord, question: str, **fields: Any) -> Any:
    given_a_finding(record, question)
    given = {"question": question, "answer": "回答（架空）", "reason": "理由（架空）"}
    if question == "necessity":
        given["needed"] = True
    return do(record, "answer_question", **given | fields)


def given_a_report(record: TestRecord, party: str = "p-1") -> None:
    given_a_study(record)
    for question in FOUR:
        given_an_answer(record, question)
    do(record, "submit_report", party=party, v=1)


def given_an_adopted_matter(record: TestRecord) -> str:
    given = {"title": "協働センター（架空）", "question": "設けるか（架空）"}
    record.do("IMP", "Matter", MATTER, "raise_matter", importing=True, **given)
    given = {"method": "no_objection", "result": "adopted"}
    record.do("IMP", "Matter", MATTER, "import_conclusion", importing=True, **given)
    return MATTER


# -- commissioning it


def test_a_study_leads_back_to_council_measure_and_group(record: TestRecord) -> None:
    group = given_a_group(record, 1, "study_team")
    given = {"council_id": COUNCIL, "group_id": group, "measure_id": "measure-centre", "fiscal_year": 2008}
    events = do(record, "commission", "SEC", aim_ja="「協働センター」の設置", **given)
    then_recorded(events, StudyCommissioned)
    assert [(link.from_id, link.relation, link.to_id) for link in links_of(events[0])] == [
        (STUDY, "set_up_by", COUNCIL),
        (STUDY, "pursues", "measure-centre"),
        (STUDY, "carried_out_by", GROUP),
    ]
    assert events[0].effective.value == "FY2008"


@pytest.mark.parametrize("name", ["council_id", "group_id", "matter_id"])
def test_a_study_refers_to_what_is_on_record(record: TestRecord, name: str) -> None:
    fields = {"council_id": given_a_council(record), "aim_ja": "設置（架空）"} | {name: "council-none"}
    assert refused("UNKNOWN_ID", record, "commission", "SEC", **fields).pointer == f"/{name}"


def test_a_study_is_commissioned_once(record: TestRecord) -> None:
    given_a_study(record)
    fields = {"council_id": COUNCIL, "aim_ja": "設置（架空）"}
    refused("ALREADY_EXISTS", record, "commission", "IMP", importing=True, **fields)


# -- its questions


def test_a_question_is_a_part_of_its_study(record: TestRecord) -> None:
    given_a_study(record, ())
    events = do(record, "open_question", question="necessity", label_ja="必要性", order=1)
    then_recorded(events, StudyQuestionOpened)
    links = [(link.from_id, link.relation, link.to_id) for link in links_of(events[0])]
    assert links == [(f"{STUDY}#necessity", "part_of", STUDY)]


@pytest.mark.parametrize("question", ["other", "other-parking"])
def test_there_may_be_other_questions(record: TestRecord, question: str) -> None:
    given_a_study(record)
    do(record, "open_question", question=question, text="駐車場はどうするか（架空）")


def test_other_questions_are_called_so(record: TestRecord) -> None:
    given_a_study(record)
    assert refused("QUESTION_NAME_WRONG", record, "open_question", question="parking").pointer == "/question"


def test_a_question_is_opened_once(record: TestRecord) -> None:
    given_a_study(record)
    refused("ALREADY_EXISTS", record, "open_question", question="necessity")


def test_a_question_is_not_opened_with_its_answer(record: TestRecord) -> None:
    given_a_study(record, ())
    answered = {"question": "necessity", "answer": "必要"}
    assert refused("ANSWER_IS_AN_EVENT", record, "open_question", **answered).pointer == "/answer"


def test_a_study_does_not_start_with_its_outcome(record: TestRecord) -> None:
    given = {"council_id": given_a_council(record), "aim_ja": "設置（架空）"}
    do(record, "commission", "SEC", **given)
    assert refused("ANSWER_IS_AN_EVENT", record, "start", outcome="設置する").pointer == "/outcome"
    then_recorded(do(record, "start"), StudyStarted)
    refused("WRONG_STATE", record, "start")


def test_nothing_is_found_before_the_study_starts(record: TestRecord) -> None:
    given = {"council_id": given_a_council(record), "aim_ja": "設置（架空）"}
    do(record, "commission", "SEC", **given)
    do(record, "open_question", question="necessity")
    finding = {"finding_id": "f-1", "question": "necessity", "text": "要望が多い（架空）"}
    refused("WRONG_STATE", record, "record_finding", **finding)


def test_a_finding_bears_on_a_question_and_names_its_documents(record: TestRecord) -> None:
    given_a_study(record, ("necessity",))
    finding = {"finding_id": "f-1", "question": "necessity", "text": "要望が多い（架空）"}
    assert refused("UNKNOWN_ID", record, "record_finding", **finding, evidence=["doc-none"]).pointer == (
        "/evidence/0"
    )
    refused("UNKNOWN_ID", record, "record_finding", **finding | {"question": "location"})
    survey = {"kind": "survey", "disclosure": {"visibility": "public"}}
    record.do("SEC", "Document", "doc-survey", "register", **survey)
    events = do(record, "record_finding", **finding, evidence=["doc-survey"])
    then_recorded(events, FindingRecorded)
    links = [(link.from_id, link.relation, link.to_id) for link in links_of(events[0])]
    assert links == [(f"{STUDY}#necessity", "used", "doc-survey")]
    refused("ALREADY_EXISTS", record, "record_finding", **finding)


def test_options_have_attributes_and_are_assessed(record: TestRecord) -> None:
    given_a_study(record)
    option = {"option_id": "o-hall", "question": "location", "label": "旧校舎（架空）"}
    attrs = [{"name": "面積", "value": "120㎡"}]
    then_recorded(do(record, "add_option", **option, attrs=attrs), StudyOptionAdded)
    refused("ALREADY_EXISTS", record, "add_option", **option)
    assessment = {"criterion": "行きやすさ", "text": "駅から5分（架空）"}
    assessed = do(record, "assess_option", option_id="o-hall", **assessment)
    then_recorded(assessed, StudyOptionAssessed)
    refused("UNKNOWN_ID", record, "assess_option", option_id="o-none", **assessment)
    refused("UNKNOWN_ID", record, "assess_option", option_id="o-hall", by="p-nobody", **assessment)


# -- its answers


@pytest.mark.parametrize("question", ["functions", "location", "operation"])
def test_necessity_is_answered_first(record: TestRecord, question: str) -> None:
    given_a_study(record)
    given_a_finding(record, question)
    answer = {"question": question, "answer": "回答（架空）"}
    refused("NECESSITY_FIRST", record, "answer_question", **answer)


def test_exploring_needs_no_order(record: TestRecord) -> None:
    given_a_study(record)
    answer = {"question": "location", "answer": "旧校舎か（架空）"}
    then_recorded(do(record, "answer_provisionally", **answer), ProvisionalAnswerGiven)
    assert study(record).questions["location"] == "provisional"


def test_an_answer_rests_on_a_finding(record: TestRecord) -> None:
    given_a_study(record)
    answer = {"question": "necessity", "answer": "必要（架空）", "needed": True}
    refused("NO_FINDING", record, "answer_question", **answer)


@pytest.mark.parametrize(("question", "needed"), [("necessity", None), ("other", True)])
def test_only_necessity_says_whether_it_is_needed(
    record: TestRecord, question: str, needed: bool | None
) -> None:
    given_a_study(record, (*FOUR, "other"))
    given_a_finding(record, question)
    answer = {"question": question, "answer": "回答（架空）", "needed": needed}
    assert refused("NEEDED_UNSAID", record, "answer_question", **answer).pointer == "/needed"


def test_what_it_is_for_is_answered_before_where(record: TestRecord) -> None:
    given_a_study(record)
    given_an_answer(record, "necessity")
    given_a_finding(record, "location")
    refused("FUNCTIONS_FIRST", record, "answer_question", question="location", answer="旧校舎（架空）")
    given_an_answer(record, "functions")
    do(record, "answer_question", question="location", answer="旧校舎（架空）", option_ids=["o-location"])


def test_an_answer_chooses_among_the_options_of_its_question(record: TestRecord) -> None:
    given_a_study(record)
    given_a_finding(record, "necessity")
    answer = {"question": "necessity", "answer": "必要（架空）", "needed": True}
    for option in ("o-none", "o-location"):
        wrong = refused("UNKNOWN_ID", record, "answer_question", **answer, option_ids=[option])
        assert wrong.pointer == "/option_ids/0"


def test_if_it_is_not_needed_what_depends_on_it_is_moot(record: TestRecord) -> None:
    given_a_study(record, (*FOUR, "other"))
    given_a_finding(record, "necessity")
    answer = {"question": "necessity", "answer": "必要でない（架空）", "needed": False}
    events = do(record, "answer_question", **answer, reason="代わりがある（架空）")
    then_recorded(events, QuestionAnswered, QuestionMadeMoot, QuestionMadeMoot, QuestionMadeMoot)
    states = study(record).questions
    assert states == {
        "necessity": "answered",
        "functions": "moot",
        "location": "moot",
        "operation": "moot",
        "other": "open",
    }


def test_a_settled_question_is_not_answered_again(record: TestRecord) -> None:
    given_a_study(record)
    given_an_answer(record, "necessity")
    answer = {"question": "necessity", "answer": "やはり（架空）", "needed": False}
    refused("QUESTION_SETTLED", record, "answer_question", **answer)
    refused("QUESTION_SETTLED", record, "make_question_moot", question="necessity", reason="不要")


@pytest.mark.parametrize(
    ("command", "event"),
    [("leave_question_open", QuestionLeftOpen), ("make_question_moot", QuestionMadeMoot)],
)
def test_a_question_may_end_without_an_answer_for_a_reason(
    record: TestRecord, command: str, event: type
) -> None:
    given_a_study(record)
    refused("REASON_REQUIRED", record, command, question="location")
    then_recorded(do(record, command, question="location", reason="資料が足りない（架空）"), event)


# -- reopening


def test_a_question_is_reopened_on_new_evidence_or_for_a_reason(record: TestRecord) -> None:
    given_a_study(record)
    given_an_answer(record, "necessity")
    refused("REOPEN_UNFOUNDED", record, "reopen_question", question="necessity")
    refused("UNKNOWN_ID", record, "reopen_question", question="necessity", new_evidence=["doc-none"])
    then_recorded(
        do(record, "reopen_question", question="necessity", reason="再調査（架空）"), AnswerReopened
    )
    refused("QUESTION_UNSETTLED", record, "reopen_question", question="necessity", reason="再調査（架空）")
    given_a_finding(record, "functions")
    refused("NECESSITY_FIRST", record, "answer_question", question="functions", answer="交流（架空）")


def test_with_necessity_what_it_made_moot_is_open_again(record: TestRecord) -> None:
    given_a_study(record)
    do(record, "make_question_moot", question="operation", reason="既にある（架空）")
    given_an_answer(record, "necessity", needed=False)
    reopened = do(record, "reopen_question", question="necessity", reason="事情の変化（架空）")
    assert [e.data.question for e in reopened] == ["necessity", "functions", "location"]
    assert study(record).questions["operation"] == "moot"


def test_a_closed_study_goes_on_when_a_question_is_reopened(record: TestRecord) -> None:
    given_a_report(record)
    do(record, "adopt_report", "SEC", matter_id=given_an_adopted_matter(record))
    do(record, "close", "SEC", reason="市の意向による（架空）")
    do(record, "reopen_question", question="location", reason="建物がなくなった（架空）")
    assert study(record).state == "studying"
    refused("QUESTIONS_OPEN", record, "submit_report", v=2)


# -- the report


def test_a_report_settles_every_question(record: TestRecord) -> None:
    given_a_study(record)
    given_an_answer(record, "necessity")
    do(record, "answer_provisionally", question="functions", answer="交流（架空）")
    still_open = refused("QUESTIONS_OPEN", record, "submit_report", v=1)
    assert still_open.params["questions"] == "functions, location, operation"
    for question in ("functions", "location", "operation"):
        do(record, "leave_question_open", question=question, reason="時間が足りない（架空）")
    then_recorded(do(record, "submit_report", v=1), StudyReportSubmitted)


def test_a_report_refers_to_what_is_on_record(record: TestRecord) -> None:
    given_a_study(record, ())
    assert refused("UNKNOWN_ID", record, "submit_report", v=1, document_id="doc-none")
    assert refused("UNKNOWN_ID", record, "submit_report", v=1, to="meeting-none").pointer == "/to"


def test_a_report_sent_back_comes_again_as_a_newer_version(record: TestRecord) -> None:
    given_a_report(record)
    refused("REASON_REQUIRED", record, "return_report", "CHR")
    then_recorded(do(record, "return_report", "CHR", reason="費用が不明（架空）"), StudyReportReturned)
    assert refused("REPORT_VERSION_OLD", record, "submit_report", v=1).pointer == "/v"
    do(record, "submit_report", v=2)


def test_the_council_adopts_a_report_by_a_concluded_matter(record: TestRecord) -> None:
    given_a_report(record)
    given = {"title": "協働センター（架空）", "question": "設けるか（架空）"}
    record.do("IMP", "Matter", "matter-open", "raise_matter", importing=True, **given)
    refused("UNKNOWN_ID", record, "adopt_report", "SEC", matter_id="matter-none")
    refused("MATTER_NOT_ADOPTED", record, "adopt_report", "SEC", matter_id="matter-open")
    events = do(record, "adopt_report", "SEC", matter_id=given_an_adopted_matter(record))
    then_recorded(events, StudyReportAdopted)


def test_an_adopted_report_goes_to_the_city_before_the_study_is_closed(record: TestRecord) -> None:
    given_a_report(record)
    city = {"name_ja": "市（架空）", "category": "municipality"}
    record.do("SEC", "Party", "org-city", "register_organisation", **city)
    refused("WRONG_STATE", record, "transmit_report", "SEC", to="org-city")
    do(record, "adopt_report", "SEC", matter_id=given_an_adopted_matter(record))
    assert refused("UNKNOWN_ID", record, "transmit_report", "SEC", to="org-none").pointer == "/to"
    refused("REASON_REQUIRED", record, "close", "SEC")
    on = {"value": "2026-10-01", "precision": "day"}
    made = do(record, "transmit_report", "SEC", to="org-city", document_no="市協第3号", on=on)
    then_recorded(made, StudyReportTransmitted)
    assert (study(record).state, made[0].effective.value) == ("transmitted", "2026-10-01")
    then_recorded(do(record, "close", "SEC"), StudyClosed)


@pytest.mark.parametrize("party", ["p-1", "p-2"])
def test_neither_who_submitted_it_nor_the_team_adopts_its_own_report(record: TestRecord, party: str) -> None:
    group = given_a_group(record, 2, "study_team")
    given_a_study(record, (), council_id=COUNCIL, group_id=group)
    do(record, "submit_report", party="p-1", v=1)
    matter = given_an_adopted_matter(record)
    own = refused("SELF_APPROVAL", record, "adopt_report", "CHR", party=party, matter_id=matter)
    assert own.params["party"] == party
    do(record, "adopt_report", "CHR", party="p-3", matter_id=matter)


def test_a_study_closed_early_says_why(record: TestRecord) -> None:
    given_a_study(record)
    refused("REASON_REQUIRED", record, "close", "SEC")
    then_recorded(do(record, "close", "SEC", reason="計画の変更（架空）"), StudyClosed)
    refused("WRONG_STATE", record, "close", "SEC", reason="もう一度")
