"""EvaluationSheet: targets beforehand, two blind evaluations, and a way to agree or to differ openly."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.evaluation_sheet.aggregate import EvaluationSheet
from domain.evaluation_sheet.events import (
    DialogueHeld,
    GapDiscussed,
    ImprovementAgreed,
    MutualDifferenceKept,
    MutualEvaluationConcluded,
    MutualScoreAgreed,
    SelfEvaluationCorrected,
    SelfEvaluationStarted,
    SelfEvaluationSubmitted,
    SheetOpened,
    SheetPublished,
    SheetUnsealed,
    TargetsAgreed,
    ThirdPartyOpinionAdded,
)
from domain.evaluation_sheet.template import SCALE, TEMPLATES
from domain.kernel.events import Actor
from domain.kernel.links import links_of
from domain.recording.application import command_named
from domain.recording.receipts import CommandTerms
from domain.values.law import Citation
from domain.values.refusal import Refusal
from tests.support.given import TestRecord, then_recorded, then_refused
from tests.support.stories.sheets import (
    ACTION,
    FY,
    ITEMS,
    SHEET,
    given_a_sheet,
    given_an_action_under_way,
    opening,
    scores,
    submission,
)

KIND = "EvaluationSheet"
INDICATORS = [{"name": "参加者", "target": "200"}]


@pytest.fixture
def record(record: TestRecord) -> TestRecord:
    """A record with an action whose year is planned."""
    given_an_action_under_way(record.do)
    return record


def sheet(record: TestRecord, name: str = SHEET) -> EvaluationSheet:
    """The sheet as it stands."""
    found = EvaluationSheet.replay(None, record.application.events.get(originator_id=name))  # type: ignore[arg-type]
    assert found is not None
    return found


def refused(code: str, record: TestRecord, role: str, command: str, **fields: Any) -> Refusal:
    return then_refused(code, record, role, KIND, SHEET, command, **fields)


# -- the template


def test_the_template_has_six_items_on_the_process_and_six_on_the_result() -> None:
    template = TEMPLATES[1]
    assert template.codes == tuple([f"P{n}" for n in range(1, 7)] + [f"R{n}" for n in range(1, 7)])
    assert [i.group for i in template.items] == ["process"] * 6 + ["result"] * 6
    assert all(i.ja and i.en and i.asks_ja and i.asks_en for i in template.items)
    assert SCALE[3] == ("事前の想定どおり", "as expected beforehand") and sorted(SCALE) == [1, 2, 3, 4, 5]


# -- opening, targets


def test_a_sheet_is_opened_for_an_action_a_year_and_a_stage(record: TestRecord) -> None:
    made = record.do("SEC", KIND, SHEET, "open", **opening())
    then_recorded(made, SheetOpened)
    assert [(x.from_id, x.relation, x.to_id) for x in links_of(made[0])] == [(SHEET, "says_about", ACTION)]
    assert made[0].data.title == "2026年度の評価シート（終了時）"
    assert made[0].data.disclosure.visibility == "internal"
    assert made[0].data.disclosure.review_on == dt.date(2028, 3, 31)
    assert sheet(record).state == "opened"
    refused("ALREADY_EXISTS", record, "SEC", "open", **opening())


def test_there_is_one_sheet_for_an_action_a_year_and_a_stage(record: TestRecord) -> None:
    given_a_sheet(record.do, "opened")
    then_refused("SHEET_EXISTS", record, "SEC", KIND, "sheet-2", "open", **opening())
    for n, other in enumerate(({"stage": "middle"}, {"fiscal_year": FY + 1})):
        record.do("SEC", KIND, f"sheet-other-{n}", "open", **opening(**other))


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"action_id": "action-none"}, "UNKNOWN_ID", "/action_id"),
        ({"side_c": "org-none"}, "UNKNOWN_ID", "/side_c"),
        ({"side_g": "org-none"}, "UNKNOWN_ID", "/side_g"),
        ({"template_version": 9}, "UNKNOWN_ID", "/template_version"),
        ({"side_g": "org-npo"}, "SAME_EVALUATOR", "/side_g"),
    ],
)
def test_a_sheet_is_opened_for_what_is_on_record(
    record: TestRecord, changes: dict[str, Any], code: str, pointer: str
) -> None:
    assert refused(code, record, "SEC", "open", **opening(**changes)).pointer == pointer


def test_targets_are_agreed_beforehand_and_beneficiaries_are_thought_of(record: TestRecord) -> None:
    given_a_sheet(record.do, "opened")
    refused("TARGETS_MISSING", record, "SEC", "agree_targets", indicators=INDICATORS)
    refused("TARGETS_MISSING", record, "SEC", "agree_targets", beneficiary_target="参加者に聞く（架空）")
    made = record.do(
        "SEC", KIND, SHEET, "agree_targets", indicators=INDICATORS, reason_none="内部の事業（架空）"
    )
    then_recorded(made, TargetsAgreed)
    assert sheet(record).state == "targets_agreed"
    refused("WRONG_STATE", record, "SEC", "agree_targets", indicators=INDICATORS, reason_none="x")


@pytest.mark.parametrize("phase", ["implementing", "implemented"])
def test_targets_come_too_late_once_the_work_is_done(phase: str) -> None:
    record = TestRecord()
    given_an_action_under_way(record.do, until=phase)
    given_a_sheet(record.do, "opened")
    targets = {"indicators": INDICATORS, "reason_none": "内部の事業（架空）"}
    if phase == "implementing":
        then_recorded(record.do("SEC", KIND, SHEET, "agree_targets", **targets), TargetsAgreed)
    else:
        late = refused("TARGETS_TOO_LATE", record, "SEC", "agree_targets", **targets)
        assert "実施済" in late.sentence("ja") and "implemented" in late.sentence("en")


# -- the two self-evaluations


def test_the_second_submission_unseals_the_sheet_in_the_same_unit_of_work(record: TestRecord) -> None:
    given_a_sheet(record.do, "self_evaluating")
    then_recorded(
        record.do("EV-C", KIND, SHEET, "submit_self_evaluation", **submission("c")), SelfEvaluationSubmitted
    )
    assert sheet(record).state == "self_evaluating"
    made = record.do("EV-G", KIND, SHEET, "submit_self_evaluation", **submission("g"))
    then_recorded(made, SelfEvaluationSubmitted, SheetUnsealed)
    assert made[0].correlation_id == made[1].correlation_id
    assert sheet(record).state == "unsealed"


def test_nothing_is_submitted_before_it_is_asked_for(record: TestRecord) -> None:
    given_a_sheet(record.do, "targets_agreed")
    refused("WRONG_STATE", record, "EV-C", "submit_self_evaluation", **submission("c"))
    then_recorded(
        record.do("SEC", KIND, SHEET, "start_self_evaluation", due_on="2027-03-15"), SelfEvaluationStarted
    )
    refused("WRONG_STATE", record, "SEC", "start_self_evaluation")


@pytest.mark.parametrize(("role", "side"), [("EV-C", "g"), ("EV-G", "c")])
def test_each_side_submits_for_itself_only(record: TestRecord, role: str, side: str) -> None:
    given_a_sheet(record.do, "self_evaluating")
    assert refused("FORBIDDEN", record, role, "submit_self_evaluation", **submission(side)).pointer == "/side"
    for other in ("SEC", "CHR", "MEM", "DIS", "IMP"):
        refused("FORBIDDEN", record, other, "submit_self_evaluation", **submission(side))


def test_nobody_evaluates_for_both_sides(record: TestRecord) -> None:
    given_a_sheet(record.do, "self_evaluating")
    both = {"EV-C", "EV-G"}
    command = command_named(KIND, "submit_self_evaluation")
    kinds = {p.name: p.kind for p in command.parameters()}
    said = {n: msgspec.convert(v, kinds[n]) for n, v in submission("c").items()}
    with pytest.raises(Refusal) as caught:
        record.application.execute(command, SHEET, said, CommandTerms(Actor("EV-C", "p-1"), frozenset(both)))
    assert caught.value.code == "SAME_EVALUATOR"
    # the party of the other side, and whoever has submitted for it
    refused("SAME_EVALUATOR", record, "EV-C", "submit_self_evaluation", party="org-city", **submission("c"))
    record.do("EV-C", KIND, SHEET, "submit_self_evaluation", party="p-1", **submission("c"))
    refused("SAME_EVALUATOR", record, "EV-G", "submit_self_evaluation", party="p-1", **submission("g"))
    with pytest.raises(Refusal) as caught:
        record.application.execute(command, SHEET, said, CommandTerms(Actor("EV-C"), frozenset({"EV-C"})))
    assert caught.value.code == "EVALUATOR_UNKNOWN"


def test_a_side_submits_once(record: TestRecord) -> None:
    given_a_sheet(record.do, "one side")
    refused("ALREADY_SUBMITTED", record, "EV-C", "submit_self_evaluation", **submission("c"))
    refused("ALREADY_SUBMITTED", record, "EV-C", "submit_self_evaluation", party="p-other", **submission("c"))
    record.do("EV-G", KIND, SHEET, "submit_self_evaluation", **submission("g"))
    refused("ALREADY_SUBMITTED", record, "EV-G", "submit_self_evaluation", **submission("g"))


@pytest.mark.parametrize(
    ("item", "code", "pointer"),
    [
        ({"item": "P1", "score": 2}, "REASON_REQUIRED", "/scores/0/comment"),
        ({"item": "P1", "score": 1, "comment": " "}, "TEXT_EMPTY", "/scores/0/comment"),
        ({"item": "P1"}, "REASON_REQUIRED", "/scores/0/na_reason"),
        ({"item": "P1", "score": 3, "na_reason": "対象外"}, "SCORE_AND_NA", "/scores/0/na_reason"),
        ({"item": "P1", "score": 6}, "NUMBER_OUT_OF_RANGE", "/scores/0/score"),
        ({"item": "X1", "score": 3}, "ITEM_NOT_IN_TEMPLATE", "/scores/0/item"),
        ({"item": "P2", "score": 3}, "SCORES_INCOMPLETE", "/scores"),
    ],
)
def test_every_item_has_a_score_or_a_reason(
    record: TestRecord, item: dict[str, Any], code: str, pointer: str
) -> None:
    given_a_sheet(record.do, "self_evaluating")
    given = [item, *scores()[1:]]
    found = refused(code, record, "EV-C", "submit_self_evaluation", side="c", scores=given)
    assert found.pointer == pointer


def test_what_does_not_apply_says_why(record: TestRecord) -> None:
    given_a_sheet(record.do, "self_evaluating")
    given = [{"item": "P1", "na_reason": "この事業にはない（架空）"}, *scores()[1:]]
    record.do("EV-C", KIND, SHEET, "submit_self_evaluation", side="c", scores=given)
    assert sheet(record).score("c", "P1") is None


def test_a_sealed_evaluation_stands_in_no_register_that_others_read(record: TestRecord) -> None:
    given_a_sheet(record.do, "self_evaluating")
    for envelope in ({"document_no": "市協第1号"}, {"legal_basis": Citation("law-1", 5)}):
        refused(
            "SEALED_ENVELOPE",
            record,
            "EV-C",
            "submit_self_evaluation",
            envelope=envelope,
            **submission("c"),
        )


def test_a_side_replaces_its_own_evaluation_under_the_seal(record: TestRecord) -> None:
    given_a_sheet(record.do, "self_evaluating")
    again = {**submission("c"), "scores": scores(P3=5), "reason": "記入の誤り（架空）"}
    refused("NOT_SUBMITTED", record, "EV-C", "correct_self_evaluation", **again)
    record.do("EV-C", KIND, SHEET, "submit_self_evaluation", **submission("c"))
    refused("FORBIDDEN", record, "EV-G", "correct_self_evaluation", **again)
    then_recorded(record.do("EV-C", KIND, SHEET, "correct_self_evaluation", **again), SelfEvaluationCorrected)
    assert sheet(record).score("c", "P3") == 5
    record.do("EV-G", KIND, SHEET, "submit_self_evaluation", **submission("g"))
    refused("WRONG_STATE", record, "EV-C", "correct_self_evaluation", **again)


# -- the seal


def test_nothing_else_is_recorded_under_the_seal(record: TestRecord) -> None:
    given_a_sheet(record.do, "targets_agreed")
    correction = {
        "correction_id": "correction-1",
        "target_version": 2,
        "changes": [{"field": "beneficiary_target", "after": "参加者20人に聞く（架空）"}],
        "reason": "誤記（架空）",
    }
    record.do("SEC", KIND, SHEET, "propose_correction", **correction)
    record.do("SEC", KIND, SHEET, "start_self_evaluation")
    record.do("EV-C", KIND, SHEET, "submit_self_evaluation", **submission("c"))
    for version in (2, 5, 6):  # what is there, what the other side made, what is not there: all the same
        refused(
            "SEALED",
            record,
            "SEC",
            "propose_correction",
            **correction | {"target_version": version, "correction_id": "correction-2"},
        )
    refused("SEALED", record, "CHR", "decline_correction", correction_id="correction-1", reason="否（架空）")
    refused("SEALED", record, "CHR", "approve_correction", correction_id="correction-1")


def test_nobody_corrects_what_a_side_wrote(record: TestRecord) -> None:
    given_a_sheet(record.do, "unsealed")
    for field, after in (("overall", "よかった（架空）"), ("side", "g")):
        found = refused(
            "SUBMISSION_STANDS",
            record,
            "SEC",
            "propose_correction",
            correction_id="correction-1",
            target_version=4,
            changes=[{"field": field, "after": after}],
            reason="誤記（架空）",
        )
        assert found.pointer == "/target_version"


@pytest.mark.parametrize("submitted", ["self_evaluating", "one side"])
def test_refusals_and_versions_do_not_tell_what_the_other_side_has_done(
    record: TestRecord, submitted: str
) -> None:
    given_a_sheet(record.do, submitted)
    told = [
        refused("FORBIDDEN", record, "EV-G", "correct_self_evaluation", **submission("c"), reason="x"),
        refused("NOT_SUBMITTED", record, "EV-G", "correct_self_evaluation", **submission("g"), reason="x"),
        refused("SCORES_INCOMPLETE", record, "EV-G", "submit_self_evaluation", side="g", scores=[]),
        refused("ONE_SIDE_MISSING", record, "SEC", "hold_dialogue", held_on="2027-03-20"),
        refused("ONE_SIDE_MISSING", record, "SEC", "publish"),
        refused(
            "VERSION_CONFLICT",
            record,
            "EV-G",
            "submit_self_evaluation",
            expected_version=4,
            **submission("g"),
        ),
        refused("VERSION_CONFLICT", record, "SEC", "publish", expected_version=4),
        refused("ONE_SIDE_MISSING", record, "SEC", "publish", expected_version=3),
    ]
    assert [r.sentence("en") for r in told] == [
        "Only evaluator, citizen side may do this (your roles: evaluator, government side).",
        "The government's side has not submitted anything that could be replaced.",
        f"Every item is judged once (missing: {', '.join(ITEMS)}; twice: —).",
        "The self-evaluations of both sides are not in yet.",
        "The self-evaluations of both sides are not in yet.",
        "Somebody else added to this record first (you expected version 4, it is at 3).",
        "Somebody else added to this record first (you expected version 4, it is at 3).",
        "The self-evaluations of both sides are not in yet.",
    ]
    record.do("EV-G", KIND, SHEET, "submit_self_evaluation", expected_version=3, **submission("g"))


def test_a_side_expects_the_version_with_its_own_submissions(record: TestRecord) -> None:
    given_a_sheet(record.do, "one side")
    found = sheet(record)
    versions = {roles: found.version_for(frozenset(roles)) for roles in (("EV-C",), ("EV-G",), ("SEC",), ())}
    assert versions == {("EV-C",): 4, ("EV-G",): 3, ("SEC",): 3, (): 3}
    assert found.version_for(frozenset({"EV-C", "EV-G"})) == 3
    record.do("EV-G", KIND, SHEET, "submit_self_evaluation", **submission("g"))
    assert sheet(record).version_for(frozenset()) == 6


# -- the mutual evaluation


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        ("hold_dialogue", {"held_on": "2027-03-20"}),
        ("discuss_gap", {"item": "P3", "cause": "時間帯（架空）"}),
        ("agree_score", {"item": "P3", "score": 3}),
        ("keep_difference", {"item": "P3", "why": "受け止めの違い（架空）"}),
        ("conclude_mutual", {}),
        ("add_third_party_opinion", {"by": "org-college", "grade": "A", "text": "妥当（架空）"}),
        (
            "agree_improvement",
            {"improvement_id": "i-1", "text": "x", "owner": "c", "applies_to_fiscal_year": FY + 1},
        ),
        ("publish", {}),
    ],
)
def test_nothing_is_settled_before_both_sides_are_in(
    record: TestRecord, command: str, fields: dict[str, Any]
) -> None:
    given_a_sheet(record.do, "one side")
    refused("ONE_SIDE_MISSING", record, "SEC", command, **fields)


def test_the_sides_talk_before_they_settle_anything(record: TestRecord) -> None:
    given_a_sheet(record.do, "unsealed")
    refused("WRONG_STATE", record, "SEC", "agree_score", item="R1", score=4)
    refused("UNKNOWN_ID", record, "SEC", "hold_dialogue", held_on="2027-03-20", attended=["p-none"])
    refused("UNKNOWN_ID", record, "SEC", "hold_dialogue", held_on="2027-03-20", coordinator="p-none")
    made = record.do(
        "SEC", KIND, SHEET, "hold_dialogue", held_on="2027-03-20", attended=["org-npo", "org-city"]
    )
    then_recorded(made, DialogueHeld)
    assert made[0].effective.value == "2027-03-20"
    then_recorded(record.do("SEC", KIND, SHEET, "hold_dialogue", held_on="2027-03-27"), DialogueHeld)


def test_a_wide_gap_is_talked_about_before_it_is_settled(record: TestRecord) -> None:
    given_a_sheet(record.do, "dialogue_held")
    for command, fields in (
        ("agree_score", {"item": "P3", "score": 3}),
        ("keep_difference", {"item": "P3", "why": "受け止めの違い（架空）"}),
        ("conclude_mutual", {}),
    ):
        found = refused("GAP_UNDISCUSSED", record, "SEC", command, **fields)
        assert "P3" in found.sentence("ja")
    refused("ITEM_NOT_IN_TEMPLATE", record, "SEC", "discuss_gap", item="X1", cause="時間帯（架空）")
    then_recorded(
        record.do("SEC", KIND, SHEET, "discuss_gap", item="P3", cause="時間帯（架空）"), GapDiscussed
    )
    then_recorded(record.do("SEC", KIND, SHEET, "agree_score", item="P3", score=3), MutualScoreAgreed)


def test_a_difference_is_agreed_on_or_kept_with_both_scores(record: TestRecord) -> None:
    given_a_sheet(record.do, "dialogue_held")
    record.do("SEC", KIND, SHEET, "discuss_gap", item="P3", cause="時間帯（架空）")
    refused("ITEMS_UNSETTLED", record, "SEC", "conclude_mutual")
    refused("REASON_REQUIRED", record, "SEC", "agree_score", item="R1", score=2)
    refused("REASON_REQUIRED", record, "SEC", "agree_score", item="R1", score=None)
    refused("NO_DIFFERENCE", record, "SEC", "keep_difference", item="P1", why="x")
    made = record.do("SEC", KIND, SHEET, "keep_difference", item="P3", why="受け止めの違い（架空）")
    then_recorded(made, MutualDifferenceKept)
    assert (made[0].data.c, made[0].data.g) == (2, 4)
    refused("ALREADY_EXISTS", record, "SEC", "agree_score", item="P3", score=3)
    record.do("SEC", KIND, SHEET, "agree_score", item="R1", score=2, comment="達成は半分（架空）")
    made = record.do("SEC", KIND, SHEET, "conclude_mutual")
    then_recorded(made, MutualEvaluationConcluded)
    assert (made[0].data.result, sheet(record).state) == ("mutual_differs", "mutual_differs")


def test_without_a_kept_difference_both_agree(record: TestRecord) -> None:
    given_a_sheet(record.do, "dialogue_held")
    record.do("SEC", KIND, SHEET, "discuss_gap", item="P3", cause="時間帯（架空）")
    record.do("SEC", KIND, SHEET, "agree_score", item="P3", score=3)
    record.do("SEC", KIND, SHEET, "agree_score", item="R1", score=4)
    record.do("SEC", KIND, SHEET, "conclude_mutual")
    assert sheet(record).state == "mutual_agreed"


# -- third party, improvement, publication


def test_a_third_party_is_of_neither_side(record: TestRecord) -> None:
    given_a_sheet(record.do, "mutual_differs")
    said = {"grade": "B", "text": "おおむね妥当（架空）"}
    for one in ("org-npo", "org-city"):
        refused("SAME_EVALUATOR", record, "SEC", "add_third_party_opinion", by=one, **said)
    refused("UNKNOWN_ID", record, "SEC", "add_third_party_opinion", by="org-none", **said)
    made = record.do("SEC", KIND, SHEET, "add_third_party_opinion", by="org-college", **said)
    then_recorded(made, ThirdPartyOpinionAdded)
    assert sheet(record).state == "third_party"


@pytest.mark.parametrize("before", ["mutual_differs", "third_party"])
def test_a_sheet_is_published_with_an_improvement(record: TestRecord, before: str) -> None:
    given_a_sheet(record.do, before)
    better = {"improvement_id": "improvement-1", "text": "夜に開く（架空）", "owner": "both"}
    refused("IMPROVEMENT_MISSING", record, "SEC", "publish")
    for year in (FY, FY - 1):
        refused(
            "IMPROVEMENT_NOT_LATER", record, "SEC", "agree_improvement", applies_to_fiscal_year=year, **better
        )
    later = {**better, "applies_to_fiscal_year": FY + 1}
    then_recorded(record.do("SEC", KIND, SHEET, "agree_improvement", **later), ImprovementAgreed)
    refused("ALREADY_EXISTS", record, "SEC", "agree_improvement", **later)
    made = record.do("SEC", KIND, SHEET, "publish")
    then_recorded(made, SheetPublished)
    assert sheet(record).state == "published" and made[0].data.disclosure.is_public
    refused("WRONG_STATE", record, "SEC", "publish")


def test_only_the_secretariat_takes_the_sheet_on(record: TestRecord) -> None:
    given_a_sheet(record.do, "improvement_agreed")
    for role in ("EV-C", "EV-G", "MEM", "CHR", "APR"):
        refused("FORBIDDEN", record, role, "publish")


# -- what the action asks of its sheet


def test_a_year_is_evaluated_on_its_own_sheet_when_that_is_done() -> None:
    record = TestRecord()
    given_an_action_under_way(record.do)
    given_a_sheet(record.do, "mutual_differs")
    record.do("SEC", "PlanAction", ACTION, "start_implementation", fiscal_year=FY)
    record.do("SEC", "PlanAction", ACTION, "complete_implementation", fiscal_year=FY)
    record.do("SEC", KIND, "sheet-next", "open", **opening(fiscal_year=FY + 1))
    call = ("SEC", "PlanAction", ACTION, "evaluate_cycle")
    for code, name in (
        ("UNKNOWN_ID", "sheet-none"),
        ("SHEET_OF_ANOTHER", "sheet-next"),
        ("SHEET_NOT_READY", SHEET),
    ):
        found = then_refused(code, record, *call, fiscal_year=FY, sheet_id=name)
        assert found.pointer == "/sheet_id"
    given = {"improvement_id": "improvement-1", "text": "夜に開く（架空）", "owner": "g"}
    record.do("SEC", KIND, SHEET, "agree_improvement", applies_to_fiscal_year=FY + 1, **given)
    made = record.do(*call, fiscal_year=FY, sheet_id=SHEET)
    then_recorded(made, "CycleEvaluated", "ImprovementDecided")
    decided = made[1]
    assert (decided.data.text, decided.data.applies_to_fiscal_year) == (given["text"], FY + 1)
    assert (decided.actor.role, decided.causation_id) == ("system", made[0].event_id)


# -- imports


def test_an_import_may_leave_gaps_but_not_score_what_is_not_there(record: TestRecord) -> None:
    def imported(command: str, **fields: Any) -> Any:
        return record.do("IMP", KIND, "sheet-old", command, importing=True, **fields)

    imported("open", **opening(fiscal_year=2010))
    imported("start_self_evaluation")
    imported("submit_self_evaluation", side="c", scores=[{"item": "P1", "score": 1}])
    with pytest.raises(Refusal) as caught:
        imported("submit_self_evaluation", side="g", scores=[{"item": "X9", "score": 3}])
    assert caught.value.code == "ITEM_NOT_IN_TEMPLATE"
    then_recorded(
        imported("submit_self_evaluation", side="g", scores=[{"item": "P1", "score": 3}]),
        SelfEvaluationSubmitted,
        SheetUnsealed,
    )


# -- whatever is submitted


_SIDE = st.fixed_dictionaries({item: st.integers(1, 5) for item in ITEMS})


@given(c=_SIDE, g=_SIDE)
def test_what_is_wide_apart_is_never_settled_in_silence(c: dict[str, int], g: dict[str, int]) -> None:
    record = TestRecord()
    given_an_action_under_way(record.do)
    given_a_sheet(record.do, "self_evaluating")
    for role, side, given_scores in (("EV-C", "c", c), ("EV-G", "g", g)):
        record.do(
            role, KIND, SHEET, "submit_self_evaluation", side=side, scores=scores("架空", **given_scores)
        )
    record.do("SEC", KIND, SHEET, "hold_dialogue", held_on="2027-03-20")
    wide = [item for item in ITEMS if abs(c[item] - g[item]) >= 2]
    for item in wide:
        refused("GAP_UNDISCUSSED", record, "SEC", "agree_score", item=item, score=3)
    differs = any(c[item] != g[item] for item in ITEMS)
    code = "GAP_UNDISCUSSED" if wide else "ITEMS_UNSETTLED" if differs else None
    if code is None:
        record.do("SEC", KIND, SHEET, "conclude_mutual")
        assert sheet(record).state == "mutual_agreed"
    else:
        refused(code, record, "SEC", "conclude_mutual")
