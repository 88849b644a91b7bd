"""Quorum 定足数 and majority 表決: rules as data, checked with whole numbers.

過半数 is more than half (⌊N/2⌋+1), 半数以上 at least half (⌈N/2⌉): 28 members need 15 or 14. Where no rule
is known the check says ``rule_unknown``, never ``met`` (domain.md 4.1, O16).
"""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from domain.rules import meetings
from domain.values.fields import Count
from domain.values.refusal import Language, refusal

QuorumResult = Literal["met", "not_met", "not_required", "rule_unknown"]
Outcome = Literal["adopted", "rejected", "tied"]

QUORUM_RULE_INCOMPLETE = refusal(
    "QUORUM_RULE_INCOMPLETE",
    ja="定足数が「定数」のときは人数が必要です。",
    en="A fixed quorum needs its number n.",
    rule=meetings.FIXED_NUMBER,
    next_ja="必要な人数を記入してください。",
    next_en="Give the number.",
    kind="invalid",
)


class QuorumRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How many must be present: of those serving or of all seats; ``fixed`` needs ``n``."""

    FIELDS: ClassVar = {"denominator": ("母数", "Out of"), "n": ("人数", "Number")}
    basis: Literal["none", "more_than_half", "at_least_half", "fixed"]
    denominator: Literal["serving", "seats"] = "serving"
    n: int | None = None
    REFUSES: ClassVar = (QUORUM_RULE_INCOMPLETE,)

    def check(self) -> QuorumRule:
        """Refuses ``fixed`` without a number (QUORUM_RULE_INCOMPLETE)."""
        if self.basis == "fixed" and (self.n is None or self.n < 1):
            raise QUORUM_RULE_INCOMPLETE().at("/n")
        return self

    def required(self, of: int) -> int | None:
        """How many of ``of`` must be present; None if the rules require no quorum."""
        if self.basis == "none":
            return None
        if self.basis == "fixed":
            return self.n
        return of // 2 + 1 if self.basis == "more_than_half" else -(-of // 2)

    def label(self, lang: Language) -> str:
        ja, en = {
            "none": ("定足数なし", "no quorum required"),
            "more_than_half": ("過半数", "more than half"),
            "at_least_half": ("半数以上", "at least half"),
            "fixed": (f"{self.n}人以上", f"at least {self.n}"),
        }[self.basis]
        of_ja, of_en = (
            ("在任委員の", " of the serving members")
            if self.denominator == "serving"
            else ("定数の", " of all seats")
        )
        if self.basis in ("none", "fixed"):
            return ja if lang == "ja" else en
        return of_ja + ja if lang == "ja" else en + of_en


class QuorumCheck(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A quorum check with its rule and its numbers; None where a number is not known."""

    FIELDS: ClassVar = {
        "rule": ("規則", "Rule"),
        "serving": ("在任", "Serving"),
        "required": ("必要", "Required"),
    }
    result: QuorumResult
    rule: QuorumRule | None = None
    serving: int | None = None
    present: int | None = None
    required: int | None = None


def check_quorum(
    rule: QuorumRule | None, serving: int | None, present: int | None, seats: int | None = None
) -> QuorumCheck:
    """Check a quorum of people ``present``, out of those ``serving`` or of all ``seats`` as the rule says.

    No rule, or a number it needs missing (a council of nobody counts as missing): ``rule_unknown``.
    """
    if rule is None:
        return QuorumCheck("rule_unknown", None, serving, present)
    if rule.basis == "none":
        return QuorumCheck("not_required", rule, serving, present)
    of = seats if rule.denominator == "seats" else serving
    required = rule.required(of or 0) if of or rule.basis == "fixed" else None
    if required is None or present is None:
        return QuorumCheck("rule_unknown", rule, serving, present, required)
    return QuorumCheck("met" if present >= required else "not_met", rule, serving, present, required)


class Tally(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"for_": "for"}):
    """Votes counted. ``not_voting`` are eligible members who were there and cast none."""

    FIELDS: ClassVar = {
        "for": ("賛成", "For"),
        "against": ("反対", "Against"),
        "abstain": ("棄権", "Abstained"),
        "not_voting": ("投票せず", "Not voting"),
    }
    for_: Count
    against: Count
    abstain: Count
    not_voting: Count = 0

    @property
    def total(self) -> int:
        return self.for_ + self.against + self.abstain + self.not_voting


_THRESHOLDS = {
    "more_than_half": ("過半数", "more than half"),
    "two_thirds": ("3分の2以上", "two thirds"),
    "unanimous": ("全員", "all"),
}
_OUTCOMES = {"adopted": "可決", "rejected": "否決", "tied": "可否同数"}


class MajorityRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What adopts: a share of those present (出席委員, the common local wording, O16), or of the votes
    cast for or against."""

    FIELDS: ClassVar = {"base": ("母数", "Out of"), "threshold": ("必要な割合", "Threshold")}
    base: Literal["present", "votes_cast"]
    threshold: Literal["more_than_half", "two_thirds", "unanimous"]

    def counted(self, tally: Tally, present: int) -> int:
        """How many people the share is taken of."""
        return present if self.base == "present" else tally.for_ + tally.against

    def needed(self, tally: Tally, present: int) -> int:
        """How many votes for are needed; at least one, for nothing is adopted by nobody."""
        of = self.counted(tally, present)
        if self.threshold == "more_than_half":
            return of // 2 + 1
        return max(1, -(-2 * of // 3) if self.threshold == "two_thirds" else of)

    def decide(self, tally: Tally, present: int) -> Outcome:
        """Adopted, rejected, or tied 可否同数: more than half is needed, exactly half are for and as many
        against. Where nobody voted there is nothing for a casting vote to break: rejected."""
        if tally.for_ >= self.needed(tally, present):
            return "adopted"
        halved = tally.for_ == tally.against > 0 and 2 * tally.for_ == self.counted(tally, present)
        return "tied" if halved and self.threshold == "more_than_half" else "rejected"

    def reason(self, tally: Tally, present: int, lang: Language) -> str:
        """The decision with its numbers: 出席15人の過半数8人に対し賛成7人のため否決."""
        of, needed = self.counted(tally, present), self.needed(tally, present)
        outcome = self.decide(tally, present)
        if lang == "ja":
            base = "出席" if self.base == "present" else "賛否を表した"
            share, result = _THRESHOLDS[self.threshold][0], _OUTCOMES[outcome]
            return f"{base}{of}人の{share}{needed}人に対し賛成{tally.for_}人のため{result}"
        base = "present" if self.base == "present" else "voting for or against"
        return f"{tally.for_} for; {_THRESHOLDS[self.threshold][1]} of {of} {base} is {needed}: {outcome}"
