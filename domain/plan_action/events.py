"""What may be recorded of an action 事業 and its yearly cycles (see domain/plan_action/aggregate.py,
domain.md 4.6).

One story: an action, its years, its money and what was done, with the small values they are made of.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec

from domain.kernel.events import Event
from domain.kernel.when import TOLD, inherit
from domain.plan_action.refusals import COUNT_MISMATCH
from domain.values.calendar import EffectiveDate
from domain.values.fields import Count, Id, Line, Ordinal, RangeRule, Text, Word, Year, Yen
from domain.values.money import Money, Unit
from domain.values.refusal import Refusal

Phase = Literal["planning", "implementation", "evaluation"]
"""企画立案・実施・評価, in which the council may take part (F50)."""
BudgetKind = Literal["initial", "supplementary", "transfer", "carry_in"]
"""当初・補正・流用・繰越."""
YenPaid = Annotated[int, RangeRule(0, 10**14, "yen")]
"""Whole yen paid or carried out; never negative."""


class Indicator(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """By what success is measured, and which value is aimed at."""

    FIELDS: ClassVar = {"unit": ("単位", "Unit")}
    name: Line
    unit: Word | None = None
    target: Line | None = None


class Duty(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who does what (役割分担)."""

    FIELDS: ClassVar = {"party": ("担い手", "Party")}
    party: Id
    duty: Line


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the plan of a year makes of an improvement decided before: taken up, or not and why."""

    FIELDS: ClassVar = {"taken": ("取り入れた", "Taken up")}
    improvement_id: Id
    taken: bool
    reason: Text | None = None


# ------------------------------------------------------------------------------- the action itself


class ActionRegistered(Event):
    """An action that is known from a source, however it came about."""

    LABEL = ("事業の登録", "Action registered")
    WHEN = TOLD
    LINKS: ClassVar = {"owner": "owned_by", "measure_id": "realises", "adopted_by": "adopted_by"}
    FIELDS: ClassVar = {"listed_under_ja": ("記載箇所", "Listed under")}
    title_ja: Line
    listed_under_ja: Line | None = None
    owner: Id | None = None
    measure_id: Id | None = None
    adopted_by: Id | None = None


class ActionProposed(Event):
    """Somebody proposes an action: to realise a measure, following a matter, under an item of Art.16."""

    LABEL = ("事業の提案", "Action proposed")
    WHEN = TOLD
    LINKS: ClassVar = {"measure_id": "realises", "matter_id": "derived_from"}
    title: Line
    measure_id: Id | None = None
    matter_id: Id | None = None
    proposer: Id | None = None
    art16_item: Ordinal | None = None


class ActionAdopted(Event):
    """The action will be done from ``fiscal_year``, on the strength of a concluded matter."""

    LABEL = ("事業の採択", "Action adopted")
    WHEN = inherit("matter_id")
    AFTER = ("ActionProposed",)
    LINKS: ClassVar = {"matter_id": "adopted_by"}
    matter_id: Id | None = None
    fiscal_year: Year | None = None


class ActionSuspended(Event):
    """The action rests, for a reason."""

    LABEL = ("事業の休止", "Action suspended")
    WHEN = TOLD
    reason: Text | None = None


class ActionResumed(Event):
    """The action goes on."""

    LABEL = ("事業の再開", "Action resumed")
    WHEN = TOLD
    AFTER = ("ActionSuspended",)
    reason: Text | None = None


class ActionEnded(Event):
    """The action is over, for a reason."""

    LABEL = ("事業の終了", "Action ended")
    WHEN = TOLD
    AFTER = ("ActionProposed", "ActionAdopted")
    reason: Text | None = None


# ------------------------------------------------------------------------------- the yearly cycle


class CycleOpened(Event):
    """The year's round begins; ``improvements`` decided before are put to its plan."""

    LABEL = ("年度の開始", "Cycle opened")
    WHEN = "fiscal_year"
    AHEAD = True
    KEY_STEP = False
    FIELDS: ClassVar = {"improvements": ("引き継いだ改善", "Improvements handed on")}
    fiscal_year: Year
    improvements: tuple[Id, ...] = ()


class CyclePlanned(Event):
    """What the year is to bring: goals, indicators, who does what, and an answer to each improvement."""

    LABEL = ("年度計画（企画立案）", "Cycle planned")
    WHEN = TOLD
    FIELDS: ClassVar = {
        "goals": ("目標", "Goals"),
        "roles": ("役割分担", "Who does what"),
        "answers": ("改善への答え", "Answers to improvements"),
    }
    fiscal_year: Year
    goals: tuple[Text, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    roles: tuple[Duty, ...] = ()
    answers: tuple[Answer, ...] = ()


class ImplementationStarted(Event):
    """The year's work began."""

    LABEL = ("実施の開始", "Implementation started")
    WHEN = TOLD
    fiscal_year: Year


class ImplementationCompleted(Event):
    """The year's work is done."""

    LABEL = ("実施の完了", "Implementation completed")
    WHEN = TOLD
    AFTER = ("ImplementationStarted.fiscal_year",)
    fiscal_year: Year


class CycleEvaluated(Event):
    """The year was evaluated, on a sheet or, for a reason, without one."""

    LABEL = ("年度の評価", "Cycle evaluated")
    WHEN = TOLD
    AFTER = ("ImplementationStarted.fiscal_year",)
    LINKS: ClassVar = {"sheet_id": "based_on"}
    FIELDS: ClassVar = {
        "sheet_id": ("評価シート", "Evaluation sheet"),
        "reason_without_sheet": ("評価シートのない理由", "Why there is no sheet"),
    }
    fiscal_year: Year
    sheet_id: Id | None = None
    reason_without_sheet: Text | None = None


class ImprovementDecided(Event):
    """What is to be done better, in which later year."""

    LABEL = ("改善の決定", "Improvement decided")
    WHEN = TOLD
    LINKS: ClassVar = {"matter_id": "adopted_by"}
    fiscal_year: Year
    improvement_id: Id
    text: Text
    applies_to_fiscal_year: Year
    matter_id: Id | None = None


class ImprovementAnswered(Event):
    """What became of an improvement that the plan of its year could not answer, for it was decided later: a
    change within the year, the plan of a later year, or a request for a later year's budget."""

    LABEL = ("改善への答え", "Improvement answered")
    WHEN = TOLD
    FIELDS: ClassVar = {"way": ("答え方", "By")}
    LINKS: ClassVar = {"document_id": "used"}
    improvement_id: Id
    way: Literal["change_in_year", "later_plan", "budget_request"]
    fiscal_year: Year
    taken: bool
    reason: Text | None = None
    document_id: Id | None = None


class CycleClosed(Event):
    """The year's round is over; without an improvement it says why there is none."""

    LABEL = ("年度の終了", "Cycle closed")
    WHEN = TOLD
    AFTER = ("CycleEvaluated.fiscal_year",)
    KEY_STEP = False
    FIELDS: ClassVar = {"no_improvement_reason": ("改善のない理由", "Why there is no improvement")}
    fiscal_year: Year
    no_improvement_reason: Text | None = None


# ------------------------------------------------------------------------------------------ money


class AccountLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where money stands in the budget: 会計・款・項・目・節, as far as it is known."""

    FIELDS: ClassVar = {
        "account": ("会計", "Account"),
        "kan": ("款", "Chapter (kan)"),
        "kou": ("項", "Section (kou)"),
        "moku": ("目", "Item (moku)"),
        "setsu": ("節", "Sub-item (setsu)"),
    }
    account: Line | None = None
    kan: Line | None = None
    kou: Line | None = None
    moku: Line | None = None
    setsu: Line | None = None


class GrantingVote(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The vote of the assembly that granted money: the bill 議案, and the day it was passed."""

    FIELDS: ClassVar = {"bill": ("議案", "Bill"), "session": ("会期", "Session")}
    bill: Line
    session: Line | None = None
    on: EffectiveDate | None = None


class BudgetAllocated(Event):
    """Money for a fiscal year: initial 当初, supplementary 補正, transfer 流用, carried in 繰越. A reduction
    is negative. ``settled_yen`` is what a source states beside it as spent; ``funded_by`` where it comes from
    財源, ``granted_by`` the vote that granted it."""

    LABEL = ("予算の計上", "Budget allocated")
    REFUSES = Money.REFUSES
    WHEN = "fiscal_year"
    DONE = ("granted_by.on",)
    AHEAD = True
    FIELDS: ClassVar = {
        "amount_yen": ("金額", "Amount"),
        "stated_amount": ("資料の金額", "Amount as stated"),
        "stated_unit": ("資料の単位", "Unit as stated"),
        "settled_yen": ("決算額", "Settled amount"),
        "line": ("予算科目", "Budget line"),
        "funded_by": ("財源", "Funded by"),
        "granted_by": ("議決", "Granted by the vote"),
    }
    fiscal_year: Year
    kind: BudgetKind
    amount_yen: Yen
    stated_amount: Yen | None = None
    stated_unit: Unit | None = None
    settled_yen: YenPaid | None = None
    document_no: Line | None = None
    line: AccountLine | None = None
    funded_by: Line | None = None
    granted_by: GrantingVote | None = None

    @property
    def money(self) -> Money:
        """The amount, as the source states it."""
        stated = self.amount_yen if self.stated_amount is None else self.stated_amount
        return Money(self.amount_yen, stated, self.stated_unit or "円")

    def check(self) -> None:
        """Refuses an amount that is not the yen it states (MONEY_UNIT_MISMATCH, MONEY_NOT_WHOLE)."""
        try:
            self.money.check()
        except Refusal as refused:
            raise refused.at("/stated_amount") from None


class SettlementRecorded(Event):
    """What was spent of the year's money and carried out into the next; provisional until books close.
    ``warnings`` tell of what is unusual but not refused, for a source says so."""

    LABEL = ("決算", "Settlement recorded")
    WHEN = TOLD
    FIELDS: ClassVar = {
        "warnings": ("注意", "Warnings"),
        "spent_yen": ("支出済額", "Spent"),
        "carried_out_yen": ("翌年度繰越額", "Carried over"),
        "provisional": ("暫定", "Provisional"),
    }
    fiscal_year: Year
    spent_yen: YenPaid
    carried_out_yen: YenPaid | None = None
    provisional: bool = False
    document_no: Line | None = None
    warnings: tuple[Word, ...] = ()
    line: AccountLine | None = None


# ------------------------------------------------------------------------------------ what was done


class ActivityHeld(Event):
    """A forum, a seminar, a meeting. First-time, returning and unknown make up ``participants``."""

    LABEL = ("催しの開催", "Activity held")
    REFUSES = (COUNT_MISMATCH,)
    WHEN = "held_on"
    FIELDS: ClassVar = {
        "activity_id": ("催し", "Activity"),
        "participants": ("参加者数", "Participants"),
        "first_time": ("初めての参加者", "First-time participants"),
        "returning": ("続けての参加者", "Returning participants"),
        "unknown": ("初めてか分からない参加者", "Participants not known to be new"),
    }
    activity_id: Id
    kind: Literal["forum", "seminar", "meeting", "other"]
    title_ja: Line | None = None
    held_on: EffectiveDate | None = None
    place: Line | None = None
    times_held: Count | None = None
    participants: Count | None = None
    first_time: Count | None = None
    returning: Count | None = None
    unknown: Count | None = None

    def check(self) -> None:
        """Refuses parts that do not make up the participants (COUNT_MISMATCH)."""
        parts = [n for n in (self.first_time, self.returning, self.unknown) if n is not None]
        total = self.participants
        if total is not None and (sum(parts) > total or (len(parts) == 3 and sum(parts) != total)):
            raise COUNT_MISMATCH(parts=sum(parts), participants=total).at("/participants")


class MaterialProduced(Event):
    """Something was made to be handed out. Copies are not recipients: neither is derived from the other."""

    LABEL = ("資料の作成", "Material produced")
    WHEN = "produced_on"
    FIELDS: ClassVar = {
        "item_ja": ("資料", "Material"),
        "also_called_ja": ("別の呼び名", "Also called"),
        "edition": ("版", "Edition"),
        "copies": ("部数", "Copies"),
        "produced_on": ("作成日", "Produced on"),
    }
    item_ja: Line
    also_called_ja: tuple[Line, ...] = ()
    edition: Line | None = None
    copies: Count | None = None
    produced_on: EffectiveDate | None = None
    document_no: Line | None = None


class MaterialDistributed(Event):
    """It was handed out: to how many people, in how many copies, through which channel."""

    LABEL = ("資料の配布", "Material distributed")
    WHEN = "distributed_on"
    FIELDS: ClassVar = {
        "channel_ja": ("経路", "Channel"),
        "recipients": ("受け取った人数", "Recipients"),
        "recipients_label_ja": ("受け取った人（原文）", "Recipients as stated"),
        "distributed_on": ("配布日", "Distributed on"),
    }
    item_ja: Line
    audience: Literal["staff", "citizen"]
    channel: Word | None = None
    channel_ja: Line | None = None
    recipients: Count | None = None
    recipients_label_ja: Line | None = None
    copies: Count | None = None
    distributed_on: EffectiveDate | None = None


class CouncilInvolvementRecorded(Event):
    """In which phases the council took part; ``evidence_ref`` is what shows it, if anything does."""

    LABEL = ("市民会議の関わり", "Council's involvement recorded")
    WHEN = "fiscal_year"
    AHEAD = True
    FIELDS: ClassVar = {
        "phases": ("段階", "Phases"),
        "depth_ja": ("関わりの深さ", "How deeply"),
        "evidence_ref": ("裏づけ", "Evidence"),
    }
    phases: tuple[Phase, ...]
    fiscal_year: Year | None = None
    form: Line | None = None
    depth_ja: Line | None = None
    evidence_ref: Id | None = None
