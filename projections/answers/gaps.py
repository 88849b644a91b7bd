"""Gaps 記録されていないこと: what a complete account would hold and this record does not.

A gap is said, never filled. Each rule names what is missing of a kind of thing, judged by which events are
on record of it and by what those events leave open (domain.md S1, "what is unknown").
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from domain.kernel.events import Recorded
from projections.engine.event_json import Json, bilingual

Said = tuple[str, str]


@dataclass(frozen=True)
class OnRecord:
    """What is on record of one thing: its events, and the types of event of what came from it."""

    events: list[Recorded[Any]]
    types: set[str]
    around: set[str]

    def every(self, type_: str) -> list[Recorded[Any]]:
        return [e for e in self.events if e.type == type_]

    def lacks(self, *types: str) -> bool:
        """Whether none of these is on record of the thing."""
        return self.types.isdisjoint(types)


Rule = Callable[[OnRecord], Iterator[Said]]
RULES: dict[str, list[Rule]] = {}


def gap_rule(kind: str) -> Callable[[Rule], Rule]:
    """Declare what may be missing of things of this kind."""

    def declare(rule: Rule) -> Rule:
        RULES.setdefault(kind, []).append(rule)
        return rule

    return declare


def of(subject: str, kind: str, own: list[Recorded[Any]], around: set[str]) -> list[Json]:
    """What is not recorded of ``subject``: a sentence in both languages for each gap.

    ``own`` are its events, ``around`` the types of event of what led to it and what came of it.
    """
    on_record = OnRecord(own, {e.type for e in own}, around)
    gap_list = [gap for rule in RULES.get(kind, []) for gap in rule(on_record)]
    gap_list += _dates(own)
    return [{"subject": subject, **bilingual(ja, en)} for ja, en in dict.fromkeys(gap_list)]


_COMPLETE: tuple[tuple[frozenset[str], str, str], ...] = (
    (frozenset({"OptionsFrozen"}), "選択肢の確定", "options settled before the decision"),
    (frozenset({"EvidenceAttached"}), "根拠または理由", "evidence or a reason"),
    (frozenset({"ResolutionTaken"}), "定足数の確認", "a quorum check"),
    (
        frozenset({"DissentFiled", "DissentNoneConfirmed"}),
        "少数意見（有無の確認）",
        "dissent filed or asked for",
    ),
    (frozenset({"MinutesConfirmed", "MinutesPublished"}), "確認された会議録", "confirmed minutes"),
)
"""What a complete account of a concluded matter has (domain.md M16)."""


def completeness(kind: str, own: list[Recorded[Any]], around: set[str]) -> Json | None:
    """How much of M16 a concluded matter has; None for anything else."""
    types = {e.type for e in own}
    if kind != "Matter" or "MatterConcluded" not in types:
        return None
    reasoned = any(e.type == "MatterConcluded" and e.data.reason for e in own)
    have = types | around | ({"EvidenceAttached"} if reasoned else set())
    lacking = [bilingual(ja, en) for wanted, ja, en in _COMPLETE if not wanted & have]
    return {"done": len(_COMPLETE) - len(lacking), "total": len(_COMPLETE), "lacking": lacking}


def _dates(events: list[Recorded[Any]]) -> Iterator[Said]:
    """Key steps without any date."""
    for e in events:
        if type(e.data).KEY_STEP and e.effective.value is None:
            ja, en = type(e.data).LABEL
            yield f"「{ja}」の日付", f"the date of “{en}”"


def _null(e: Recorded[Any], name: str) -> bool:
    return getattr(e.data, name, None) is None


@gap_rule("CenterStudy")
def _study(r: OnRecord) -> Iterator[Said]:
    answered = {
        e.data.question
        for e in r.events
        if e.type in ("QuestionAnswered", "QuestionLeftOpen", "QuestionMadeMoot")
    }
    for e in r.every("StudyQuestionOpened"):
        if e.data.question not in answered:
            label = getattr(e.data, "label_ja", None) or e.data.question
            yield f"「{label}」への回答", f"an answer to the question “{e.data.question}”"
    if r.lacks("FindingRecorded"):
        yield "検討で得られた知見", "any finding of the study"
    if r.lacks("StudyReportSubmitted"):
        yield "検討の報告書", "a report of the study"
    if r.lacks("QuestionAnswered", "StudyReportAdopted", "StudyClosed"):
        yield "検討の結果（結論）", "the outcome of the study: no outcome is recorded"


@gap_rule("WorkingGroup")
def _group(r: OnRecord) -> Iterator[Said]:
    if r.lacks("GroupMemberAssigned"):
        yield "構成員と代表", "the group's members and leader"
    if r.lacks("GroupReported"):
        yield "報告", "a report of the group"


@gap_rule("PlanAction")
def _action(r: OnRecord) -> Iterator[Said]:
    if r.lacks("ActionAdopted"):
        yield "この事業を採択した決定", "the decision that adopted this action"
    if r.lacks("BudgetAllocated"):
        yield "予算", "a budget"
    if r.lacks("SettlementRecorded"):
        yield "決算額（決算不明）", "the settled amount (spent: unknown)"
    for e in r.every("ActivityHeld"):
        if _null(e, "participants"):
            yield "開催日・回数・参加者数", "dates, number of times held and participants"
    for e in r.every("MaterialProduced"):
        if _null(e, "copies"):
            yield "作成部数", "the number of copies made"
    for e in r.every("MaterialDistributed"):
        if _null(e, "recipients"):
            yield "市民への配布数", "how many citizens were reached"
    if r.lacks("CycleEvaluated"):
        yield "年度ごとの評価", "a yearly evaluation"


@gap_rule("PromotionPlan")
def _plan(r: OnRecord) -> Iterator[Said]:
    if r.lacks("PlanApprovedByCity") and all(_null(e, "approved_by") for e in r.every("PlanFormulated")):
        yield "市による正式な承認", "the formal approval by the city"
    for e in r.every("PlanFormulated"):
        if _null(e, "published_on"):
            yield "公表日", "the date of publication"
        if _null(e, "period_from_fy"):
            yield "計画期間", "the period of the plan"
        if _null(e, "measures_total"):
            yield "計画の内容（施策の数と一覧）", "the contents of the plan (number and list of measures)"


@gap_rule("Council")
def _council(r: OnRecord) -> Iterator[Said]:
    if r.lacks("MemberAppointed"):
        yield "委員の氏名・人数・任期", "names, numbers and terms of the members"
    if r.lacks("ChairElected"):
        yield "座長", "the chair"
    if r.lacks("ProcedureRulesAdopted"):
        yield "定足数・議決などの会議の規則", "rules of procedure (quorum, majority, notice, minutes)"
    if r.around.isdisjoint({"MeetingScheduled", "AttendanceCountRecorded"}):
        yield (
            "会議の記録（開催日・出席・会議録・議決・少数意見）",
            "any meeting (dates, attendance, minutes, votes, dissent)",
        )


@gap_rule("LegalInstrument")
def _law(r: OnRecord) -> Iterator[Said]:
    for e in r.every("OrdinanceEnacted"):
        if _null(e, "number"):
            yield "条例番号", "the number of the ordinance"
        if _null(e, "in_force_from"):
            yield "公布日・施行日", "the days of promulgation and entry into force"
    if any(getattr(e.data, "excerpt", False) for e in r.every("ArticleTextRecorded")):
        yield "抜粋に含まれない条文", "the articles that are not in the excerpt"


@gap_rule("Matter")
def _matter(r: OnRecord) -> Iterator[Said]:
    expected = [
        (("OptionProposed",), "選択肢", "options"),
        (("EvidenceAttached",), "根拠資料", "evidence"),
        (("OptionsFrozen",), "選択肢の確定", "that the options were settled before the decision"),
        (("MatterConcluded", "MatterWithdrawn"), "市民会議の結論", "a conclusion of the council"),
        (
            ("DissentFiled", "DissentNoneConfirmed"),
            "少数意見の有無",
            "whether anybody dissented (nobody is on record as having been asked)",
        ),
        (("ConclusionTransmitted",), "市への送付", "the transmission to the city"),
        (("CityResponseRecorded",), "市の回答", "a response of the city"),
        (("CityDecisionRecorded",), "市の決定", "a decision of the city"),
    ]
    for types, ja, en in expected:
        if r.lacks(*types):
            yield ja, en
    if "ResolutionTaken" not in r.around and not r.lacks("MatterConcluded"):
        yield "議決の記録（定足数・賛否）", "the resolution (quorum and votes)"
