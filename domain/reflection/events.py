"""What may be recorded of a reflection 課題・評価の記録 (see domain/reflection/aggregate.py)."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from domain.kernel.events import Event
from domain.kernel.when import TOLD
from domain.values.calendar import EffectiveDate
from domain.values.fields import Count, Id, Line, Text, Word
from domain.values.law import Citation

Category = Literal[
    "purpose",
    "background",
    "problem",
    "device",
    "effect",
    "reaction",
    "future_issue",
    "advice",
    "third_party_comment",
]
Phase = Literal["planning", "implementation", "evaluation"]


class ReflectionRecorded(Event):
    """Somebody says so (see ``asserted_by``). ``measured`` says whether it was; null: not said.

    ``claimed_result_ja`` and ``expected_result_ja`` keep the words in which a result is claimed or hoped for,
    ``hedge_ja`` the word that softens them (ようであり).
    """

    LABEL = ("課題・評価の記録", "Claim recorded")
    WHEN = TOLD
    LINKS: ClassVar = {"spoken_of": "says_about"}
    FIELDS: ClassVar = {
        "subjects": ("対象", "About"),
        "heading_ja": ("見出し", "Heading"),
        "measured": ("測定", "Measured"),
        "cause_ja": ("述べられた原因", "Cause given"),
        "claimed_result_ja": ("述べられた結果", "Claimed result"),
        "expected_result_ja": ("期待される結果", "Expected result"),
        "expected_metric": ("期待される指標", "Expected metric"),
        "expectation_ja": ("期待", "Expectation"),
        "hedge_ja": ("言い方を和らげる語", "Hedge"),
        "selected_by": ("選んだ者", "Selected by"),
        "formal_remit": ("条例上の役割", "Remit by ordinance"),
        "practice_phases": ("実際に関わる段階", "Phases in practice"),
    }
    category: Category
    text_ja: Text
    subjects: tuple[Id, ...] = ()
    heading_ja: Line | None = None
    measured: bool | None = None
    audience: Literal["staff", "citizen"] | None = None
    cause_ja: Line | None = None
    claimed_result_ja: Line | None = None
    expected_result_ja: Line | None = None
    expected_metric: Word | None = None
    expectation_ja: Line | None = None
    hedge_ja: Word | None = None
    count: Count | None = None
    selected_by: Line | None = None
    formal_remit: Citation | None = None
    practice_phases: tuple[Phase, ...] = ()

    @property
    def spoken_of(self) -> tuple[str, ...]:
        """The subjects this came after. A background came before its subjects: they are motivated by it."""
        return () if self.category == "background" else self.subjects


class ActionsIdentified(Event):
    """These are the actions a claim speaks of without naming them."""

    LABEL = ("該当する事業", "Actions identified")
    WHEN = TOLD
    LINKS: ClassVar = {"action_ids": "identifies"}
    action_ids: tuple[Id, ...]


class CountermeasureLinked(Event):
    """The device ``device_id`` answers this problem."""

    LABEL = ("課題への対応", "Countermeasure linked")
    WHEN = TOLD
    SUBJECT = "{device_id}"
    LINKS: ClassVar = {"entity": "responds_to"}
    FIELDS: ClassVar = {"device_id": ("工夫", "Device")}
    device_id: Id


class ProblemReassessed(Event):
    """The problem was looked at again, by the ``value`` of a ``metric`` in a ``period``."""

    LABEL = ("課題の再評価", "Problem reassessed")
    WHEN = TOLD
    FIELDS: ClassVar = {
        "metric": ("指標", "Metric"),
        "period": ("期間", "Period"),
        "verdict": ("評価", "Verdict"),
    }
    metric: Word
    period: EffectiveDate
    verdict: Literal["improved", "unchanged", "worse", "not_measurable"]
    value: Word | None = None


class ReflectionClosed(Event):
    """Nothing more is to be done about it."""

    LABEL = ("記録を閉じる", "Claim closed")
    WHEN = TOLD
    AFTER = ("ReflectionRecorded",)
    reason: Text | None = None


class FollowUpPlanned(Event):
    """Somebody will do something, or considers doing it (考えている)."""

    LABEL = ("今後の取り組み", "Follow-up planned")
    WHEN = TOLD
    LINKS: ClassVar = {"target": "says_about"}
    FIELDS: ClassVar = {"commitment": ("約束の強さ", "Commitment"), "status": ("状態", "Status")}
    text_ja: Text
    commitment: Literal["will_do", "considering"]
    kind: Literal["training", "evaluation", "improvement", "survey", "study", "publicity", "other"] = "other"
    status: Literal["planned"] = "planned"
    target: Id | None = None
    expected_metric: Word | None = None
    due: EffectiveDate | None = None


class FollowUpAdopted(Event):
    """What was only considered 考えている will be done: the matter or action ``adopted_by`` says so."""

    LABEL = ("取り組みの決定", "Follow-up taken up")
    WHEN = TOLD
    LINKS: ClassVar = {"adopted_by": "adopted_by"}
    adopted_by: Id


class FollowUpStarted(Event):
    """The follow-up has begun; ``adopted_by`` is the matter or action that took it up."""

    class_version: ClassVar[int] = 2
    LABEL = ("取り組みの開始", "Follow-up started")
    WHEN = TOLD
    AFTER = ("FollowUpPlanned",)
    LINKS: ClassVar = {"adopted_by": "adopted_by"}
    adopted_by: Id | None = None

    @staticmethod
    def upcast_v1_v2(data: dict[str, Any]) -> None:
        """Its day stood here too; the envelope has it (``effective``)."""
        data.pop("started_on", None)


class FollowUpCompleted(Event):
    """The follow-up has been done."""

    class_version: ClassVar[int] = 2
    LABEL = ("取り組みの完了", "Follow-up completed")
    WHEN = TOLD
    AFTER = ("FollowUpPlanned", "FollowUpStarted")
    result: Text | None = None

    @staticmethod
    def upcast_v1_v2(data: dict[str, Any]) -> None:
        """Its day stood here too; the envelope has it (``effective``)."""
        data.pop("completed_on", None)


class FollowUpDropped(Event):
    """The follow-up will not be done."""

    LABEL = ("取り組みの取りやめ", "Follow-up dropped")
    WHEN = TOLD
    AFTER = ("FollowUpPlanned",)
    reason: Text | None = None
