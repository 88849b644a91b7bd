"""What may be recorded of a centre study 協働センター検討 (see domain/center_study/aggregate.py)."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from domain.kernel.events import Event
from domain.kernel.when import TOLD, inherit
from domain.values.calendar import EffectiveDate
from domain.values.fields import Id, Line, Ordinal, Text, Word, Year


class StudyCommissioned(Event):
    """A council asked for a study, to pursue a measure of the plan, and perhaps gave it to a group."""

    LABEL = ("検討の付託", "Study commissioned")
    WHEN = "fiscal_year"
    AHEAD = True
    LINKS: ClassVar = {
        "council_id": "set_up_by",
        "measure_id": "pursues",
        "group_id": "carried_out_by",
        "matter_id": "decided_in",
    }
    council_id: Id
    aim_ja: Line
    group_id: Id | None = None
    measure_id: Id | None = None
    matter_id: Id | None = None
    fiscal_year: Year | None = None
    due: EffectiveDate | None = None


class StudyQuestionOpened(Event):
    """A question is open: necessity, functions, location, operation, or another (``other``, ``other-…``).

    ``answer`` is null: an answer is an event of its own.
    """

    LABEL = ("検討項目", "Question opened")
    WHEN = TOLD
    SUBJECT = "{entity}#{question}"
    LINKS: ClassVar = {"entity": "part_of"}
    FIELDS: ClassVar = {"answer": ("回答", "Answer")}
    question: Id
    label_ja: Line | None = None
    text: Text | None = None
    order: Ordinal | None = None
    answer: Text | None = None


class StudyStarted(Event):
    """The study began in earnest. ``outcome`` is null: what came of it are events of their own."""

    LABEL = ("検討の開始", "Study started")
    WHEN = TOLD
    AFTER = ("StudyCommissioned",)
    label_ja: Line | None = None
    outcome: Text | None = None


class FindingRecorded(Event):
    """Something was found out that bears on a question; ``evidence`` are documents."""

    LABEL = ("知見", "Finding")
    WHEN = TOLD
    SUBJECT = "{entity}#{question}"
    LINKS: ClassVar = {"evidence": "used"}
    FIELDS: ClassVar = {"finding_id": ("知見", "Finding"), "evidence": ("根拠資料", "Evidence")}
    finding_id: Id
    question: Id
    text: Text
    evidence: tuple[Id, ...] = ()


class OptionAttribute(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One attribute of an option as it is shown, e.g. 面積 / 120㎡."""

    name: Word
    value: Line


class StudyOptionAdded(Event):
    """A possible answer: 公設民営 for the operation, a building for the location."""

    LABEL = ("検討案", "Option added")
    WHEN = TOLD
    SUBJECT = "{entity}#{question}"
    FIELDS: ClassVar = {"attrs": ("特徴", "Attributes")}
    option_id: Id
    question: Id
    label: Line
    attrs: tuple[OptionAttribute, ...] = ()


class StudyOptionAssessed(Event):
    """An option was judged by a criterion. ``by`` is the party that judged, if known."""

    LABEL = ("検討案の評価", "Option assessed")
    WHEN = TOLD
    KEY_STEP = False
    FIELDS: ClassVar = {"criterion": ("観点", "Criterion")}
    option_id: Id
    criterion: Line
    text: Text
    by: Id | None = None


class ProvisionalAnswerGiven(Event):
    """An answer to go on working with; the question is not settled."""

    LABEL = ("暫定の回答", "Provisional answer")
    WHEN = TOLD
    AFTER = ("StudyQuestionOpened.question",)
    SUBJECT = "{entity}#{question}"
    question: Id
    answer: Text
    reason: Text | None = None


class QuestionAnswered(Event):
    """The question is answered. ``needed`` says so for the question of necessity, and for no other;
    ``dissent`` keeps what was said against the answer."""

    LABEL = ("回答", "Question answered")
    WHEN = TOLD
    AFTER = ("StudyQuestionOpened.question",)
    SUBJECT = "{entity}#{question}"
    FIELDS: ClassVar = {"needed": ("必要とした", "Needed"), "dissent": ("異なる意見", "Dissent")}
    question: Id
    answer: Text
    needed: bool | None = None
    option_ids: tuple[Id, ...] = ()
    reason: Text | None = None
    dissent: tuple[Text, ...] = ()


class QuestionLeftOpen(Event):
    """The study ends without an answer to this question, and says why."""

    LABEL = ("結論を出さず", "Question left open")
    WHEN = TOLD
    AFTER = ("StudyQuestionOpened.question",)
    SUBJECT = "{entity}#{question}"
    question: Id
    reason: Text | None = None


class QuestionMadeMoot(Event):
    """The question no longer arises."""

    LABEL = ("検討不要", "Question moot")
    WHEN = TOLD
    AFTER = ("StudyQuestionOpened.question",)
    SUBJECT = "{entity}#{question}"
    question: Id
    reason: Text | None = None


class AnswerReopened(Event):
    """A settled question is open again, because of new evidence or for another reason."""

    LABEL = ("再検討", "Question reopened")
    WHEN = TOLD
    AFTER = ("QuestionAnswered.question",)
    SUBJECT = "{entity}#{question}"
    LINKS: ClassVar = {"new_evidence": "used"}
    FIELDS: ClassVar = {"new_evidence": ("新しい根拠", "New evidence")}
    question: Id
    reason: Text | None = None
    new_evidence: tuple[Id, ...] = ()


class StudyReportSubmitted(Event):
    """Version ``v`` of the report went ``to`` the council or a meeting."""

    LABEL = ("報告書の提出", "Report submitted")
    WHEN = TOLD
    AFTER = ("StudyStarted",)
    LINKS: ClassVar = {"document_id": "used"}
    v: Ordinal
    document_id: Id | None = None
    to: Id | None = None


class StudyReportReturned(Event):
    """The report was sent back for more work."""

    LABEL = ("報告書の差戻し", "Report returned")
    WHEN = TOLD
    AFTER = ("StudyReportSubmitted",)
    reason: Text | None = None


class StudyReportAdopted(Event):
    """The council made the report its own, by concluding a matter."""

    LABEL = ("報告書の採択", "Report adopted")
    WHEN = inherit("matter_id")
    AFTER = ("StudyReportSubmitted",)
    LINKS: ClassVar = {"matter_id": "adopted_by"}
    matter_id: Id


class StudyReportTransmitted(Event):
    """The adopted report went to the city, or to another body: ``to`` is a party."""

    LABEL = ("報告書の送付", "Report transmitted")
    WHEN = "on"
    AFTER = ("StudyReportAdopted",)
    to: Id
    form: Literal["proposal", "report", "formal_reply"] = "report"
    document_no: Line | None = None
    on: EffectiveDate | None = None


class StudyClosed(Event):
    """The study is over; before its report was sent on, only for a reason."""

    LABEL = ("検討の終了", "Study closed")
    WHEN = TOLD
    AFTER = ("StudyStarted",)
    reason: Text | None = None
