"""Metrics of engagement: how far apart members are in what they take part in (M4, M5)."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

from projections.metrics import formulas
from projections.metrics.formulas import Known, ratio
from projections.metrics.inputs import Counted
from projections.metrics.metric import Figure, Scope, metric

NO_SURVEY = (
    "委員の自己評価のアンケートは記録されていません。",
    "No survey of how members rate themselves is on record.",
)


def _engagement(counted: Counted) -> dict[str, Fraction]:
    """e_i of M4, for each member in office throughout of whom anything is known. Of a meeting that has no
    statement and no written opinion by name, nobody knows who contributed: it counts for attendance alone."""
    shares: dict[str, Fraction] = {}
    active = [s for s in counted.named if s.doc["spoke"] or s.doc["written"]]
    due = _due_duties(counted)
    for member in counted.throughout:
        there = [s for s in active if member in (s.present or ())]
        contributed = sum(member in s.spoke or member in s.written for s in there)
        done, owed = due.get(member, (0, 0))
        rates: list[Known] = [
            ratio(counted.attended.get(member), counted.invited[member]),
            ratio(contributed, len(there)),
            ratio(done, owed),
        ]
        if (engaged := formulas.engagement(rates)) is not None:
            shares[member] = engaged
    return shares


def _due_duties(counted: Counted) -> dict[str, tuple[int, int]]:
    """For each member, how many of the duties that fell due in the period were discharged, and how many
    fell due. A duty is its last holder's."""
    duties: Counter[tuple[str, bool]] = Counter()
    for group in counted.groups:
        for duty in group["doc"]["duties"].values():
            if duty["held"] and counted.within(duty["due"], duty["due"]):
                duties[counted.party_of(group, duty["held"][-1]["by"]), duty["discharged"]] += 1
    return {who: (duties[who, True], duties[who, True] + duties[who, False]) for who, _ in duties}


@metric(
    "M4",
    ja="温度差",
    en="Engagement gap",
    says=(
        "関わりの深い4分の1の委員と浅い4分の1の委員との、関わりの平均の差です。",
        "How far the most engaged quarter of the members is from the least engaged quarter.",
    ),
)
def engagement_gap(scope: Scope) -> Figure:
    """No event states how members rate themselves, so the survey variant is never known."""
    counted = scope.counted
    engaged = _engagement(counted)
    gap = formulas.gap_of_quarters(engaged.values())
    spread = formulas.root(formulas.variance(engaged.values()))
    coverage: dict[str, Any] = {"known": len(engaged), "of": len(counted.throughout), "people": len(engaged)}
    return Figure(
        None if gap is None else gap * 100,
        "points",
        note=(
            "出席率・発言等の率・責任の完了率のうち、分かるものの平均を関わりとします。",
            "Engagement is the mean of the known among attendance, contribution and duties discharged.",
        ),
        why_null=(
            f"{formulas.SMALLEST_FOR_GAP}人以上の委員の記録が要ります。",
            f"It takes the record of at least {formulas.SMALLEST_FOR_GAP} members.",
        ),
        parts=(
            (
                "standard_deviation",
                ("標準偏差（母集団）", "Standard deviation (population)"),
                Figure(None if spread is None else spread * 100, "points", **coverage),
            ),
            (
                "survey",
                ("自己評価（1〜5）の標準偏差", "Standard deviation of self-ratings (1 to 5)"),
                Figure(None, "score", of=len(counted.throughout), why_null=NO_SURVEY),
            ),
        ),
        **coverage,
    )


@metric(
    "M5",
    ja="不参加",
    en="Inactive members",
    says=(
        "3回以上の会議に招かれ、一度も出席しなかった委員の割合です。",
        "Members who were invited three times or more and never came.",
    ),
)
def inactive_members(scope: Scope) -> Figure:
    counted = scope.counted
    never = formulas.inactive(counted.invited, counted.attended)
    return Figure.share(
        never,
        None if never is None else len(counted.throughout),
        known=len(counted.named),
        of=len(counted.sittings),
        people=len(counted.throughout),
        note=(
            "分母は、期間を通じて在任した委員の数です。",
            "The denominator is the members in office throughout the period.",
        ),
    )
