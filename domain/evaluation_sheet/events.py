"""What may be recorded of an evaluation sheet 評価シート (see domain/evaluation_sheet/aggregate.py, domain.md
4.7).

Only its publication is a key step: until then it is nobody's business but the two sides' and the
secretariat's, and what a side has submitted is not even theirs (docs/decisions/0010-sealed-sheets.md).
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, ClassVar, Literal

import msgspec

from domain.kernel.events import Event, Recorded
from domain.kernel.when import RECORDING, TOLD
from domain.plan_action.events import Indicator
from domain.values.disclosure import Disclosure
from domain.values.fields import Id, Line, Ordinal, RangeRule, Text, Word, Year

Side = Literal["c", "g"]
"""市民側 (citizens) or 行政側 (government)."""
Stage = Literal["planning", "middle", "end"]
"""企画立案・中間・終了: when in the year the two sides look at their work (O27)."""
Score = Annotated[int, RangeRule(1, 5)]
"""1 to 5 against what was expected beforehand; 3 is as expected."""

SIDES: dict[Side, tuple[str, str]] = {"c": ("市民側", "citizens' side"), "g": ("行政側", "government's side")}
STAGES: dict[Stage, tuple[str, str]] = {
    "planning": ("企画立案時", "at planning"),
    "middle": ("中間", "half-way"),
    "end": ("終了時", "at the end"),
}


class ItemScore(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a side judges one item: a score, or null and why the item does not apply."""

    FIELDS: ClassVar = {
        "score": ("点数（1〜5）", "Score (1 to 5)"),
        "na_reason": ("該当しない理由", "Why it does not apply"),
        "comment": ("コメント", "Comment"),
    }
    item: Word
    score: Score | None = None
    na_reason: Text | None = None
    comment: Text | None = None


class SheetOpened(Event):
    """The two sides are to evaluate an action's year, at one stage of it. ``side_c`` and ``side_g`` are the
    parties that do so; ``replaces`` is the sheet of the same that was cancelled. Until it is published the
    sheet is internal."""

    LABEL = ("評価シートの作成", "Evaluation sheet opened")
    WHEN = RECORDING
    KEY_STEP = False
    LINKS: ClassVar = {"action_id": "says_about"}
    FIELDS: ClassVar = {
        "stage": ("段階", "Stage"),
        "template_version": ("評価項目の版", "Version of the template"),
        "side_c": ("市民側の評価者", "Evaluator of the citizens' side"),
        "side_g": ("行政側の評価者", "Evaluator of the government's side"),
    }
    action_id: Id
    fiscal_year: Year
    stage: Stage
    template_version: Ordinal
    side_c: Id
    side_g: Id
    title: Line
    disclosure: Disclosure
    replaces: Id | None = None


class TargetsAgreed(Event):
    """Beforehand, both sides agree by what success is told, and whom of the beneficiaries they will ask."""

    LABEL = ("目標の合意", "Targets agreed")
    WHEN = TOLD
    KEY_STEP = False
    FIELDS: ClassVar = {
        "beneficiary_target": ("受益者への確認", "How beneficiaries are asked"),
        "reason_none": ("受益者に確認しない理由", "Why no beneficiaries are asked"),
    }
    indicators: tuple[Indicator, ...] = ()
    beneficiary_target: Text | None = None
    reason_none: Text | None = None


class PriorTargetsMissed(Event):
    """The sheet was opened after the work was done: it is evaluated without targets agreed on beforehand, and
    says so."""

    LABEL = ("事前の目標のない評価", "Evaluated without prior targets")
    WHEN = TOLD
    KEY_STEP = False
    reason: Text


class SelfEvaluationStarted(Event):
    """Both sides are asked for their own evaluation, until ``due_on``."""

    LABEL = ("自己評価の開始", "Self-evaluation started")
    WHEN = TOLD
    KEY_STEP = False
    FIELDS: ClassVar = {"due_on": ("提出期限", "Due on")}
    due_on: dt.date | None = None


class SelfEvaluationSubmitted(Event):
    """What one side thinks of the year. The other side reads it when it has submitted its own."""

    LABEL = ("自己評価の提出", "Self-evaluation submitted")
    WHEN = TOLD
    AFTER = ("SelfEvaluationStarted",)
    KEY_STEP = False
    FIELDS: ClassVar = {
        "side": ("評価した側", "Side"),
        "scores": ("項目ごとの評価", "Scores"),
        "overall": ("総合所見", "Overall"),
    }
    side: Side
    scores: tuple[ItemScore, ...]
    overall: Text | None = None


class SelfEvaluationCorrected(Event):
    """A side replaces what it submitted, while the sheet is still sealed, and says why."""

    LABEL = ("自己評価の差し替え", "Self-evaluation corrected")
    WHEN = TOLD
    KEY_STEP = False
    side: Side
    scores: tuple[ItemScore, ...]
    reason: Text
    overall: Text | None = None


class SheetUnsealed(Event):
    """Both sides have submitted: from here on each can read the other."""

    LABEL = ("評価シートの開封", "Sheet unsealed")
    WHEN = RECORDING
    KEY_STEP = False


class DialogueHeld(Event):
    """The two sides talked about what they had written."""

    LABEL = ("対話の実施", "Dialogue held")
    KEY_STEP = False
    WHEN = "held_on"
    FIELDS: ClassVar = {"coordinator": ("進行役", "Coordinator")}
    held_on: dt.date
    attended: tuple[Id, ...] = ()
    coordinator: Id | None = None


class GapDiscussed(Event):
    """Why the two sides judge an item differently."""

    LABEL = ("評価差の話し合い", "Gap discussed")
    WHEN = TOLD
    KEY_STEP = False
    FIELDS: ClassVar = {"cause": ("差の原因", "Cause of the gap"), "note": ("注記", "Note")}
    item: Word
    cause: Text
    note: Text | None = None


class MutualScoreAgreed(Event):
    """Both sides agree on a score for an item."""

    LABEL = ("相互評価の合意", "Mutual score agreed")
    WHEN = TOLD
    KEY_STEP = False
    item: Word
    score: Score | None
    comment: Text | None = None


class MutualDifferenceKept(Event):
    """Both sides keep their own scores ``c`` and ``g`` for an item, and say why."""

    LABEL = ("評価差の併記", "Mutual difference kept")
    WHEN = TOLD
    KEY_STEP = False
    FIELDS: ClassVar = {
        "c": ("市民側の点数", "Score of the citizens' side"),
        "g": ("行政側の点数", "Score of the government's side"),
    }
    item: Word
    c: Score | None
    g: Score | None
    why: Text


class MutualEvaluationConcluded(Event):
    """Every item is settled: both sides agree on all of them, or keep a difference in some."""

    LABEL = ("相互評価の終了", "Mutual evaluation concluded")
    WHEN = TOLD
    AFTER = ("DialogueHeld",)
    KEY_STEP = False
    result: Literal["mutual_agreed", "mutual_differs"]


class ThirdPartyOpinionAdded(Event):
    """Somebody of neither side says what they think: A, B or C, and why."""

    LABEL = ("第三者評価", "Third-party opinion added")
    WHEN = TOLD
    KEY_STEP = False
    FIELDS: ClassVar = {"grade": ("第三者の評価（A〜C）", "Grade by a third party (A to C)")}
    by: Id
    grade: Literal["A", "B", "C"]
    text: Text


class ImprovementAgreed(Event):
    """What is to be done better, by which side, in which later year. The action's own ``improvement_id``
    takes it up from there (ImprovementDecided, CyclePlanned)."""

    LABEL = ("改善の合意", "Improvement agreed")
    WHEN = TOLD
    AFTER = ("SelfEvaluationSubmitted",)
    KEY_STEP = False
    improvement_id: Id
    text: Text
    owner: Literal["c", "g", "both"]
    applies_to_fiscal_year: Year


class SheetCancelled(Event):
    """The sheet is not brought to its end, and why. What a side had submitted under the seal stays sealed."""

    LABEL = ("評価シートの中止", "Evaluation sheet cancelled")
    WHEN = TOLD
    KEY_STEP = False
    reason: Text


class SheetPublished(Event):
    """Everybody may read the sheet, both sides next to each other."""

    LABEL = ("評価シートの公表", "Evaluation sheet published")
    WHEN = TOLD
    AFTER = ("MutualEvaluationConcluded",)
    disclosure: Disclosure = Disclosure("public")


BLIND = (SelfEvaluationSubmitted, SelfEvaluationCorrected)
"""The events that only the side that made them may know of until the sheet is unsealed."""


def blind_side(recorded: Recorded[Event]) -> Side | None:
    """The side that alone may know of this event before the unsealing; None if it is not such an event."""
    data = recorded.data
    return data.side if isinstance(data, BLIND) else None
