"""Metrics of duties: who carries the work, and how much of it (M6, M7)."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

from projections.metrics import formulas
from projections.metrics.metric import Figure, Scope, metric


@metric(
    "M6",
    ja="責任分担率",
    en="Duty coverage",
    says=(
        "期間中に一つ以上の責任を担っていた委員の割合です（平成20年度からの目標は全員）。",
        "Members who held at least one duty in the period (from FY2008 the aim is all of them).",
    ),
)
def duty_coverage(scope: Scope) -> Figure:
    """Null while no duty is on record that was taken by the end of the period: that is unknown, not none."""
    counted, members = scope.counted, scope.counted.throughout
    first, last = scope.first.isoformat(), scope.last.isoformat()
    taken = [
        (counted.party_of(group, held["by"]), held["to"] or "9999")
        for group in counted.groups
        for duty in group["doc"]["duties"].values()
        for held in duty["held"]
        if (held["from"] or "") <= last
    ]
    holders = {who for who, until in taken if until >= first}
    return Figure.share(
        len(holders & members) if taken else None,
        len(members) if taken else None,
        known=len(members) if taken else 0,
        of=len(members),
        people=len(members),
        note=("期間を通じて在任した委員について。", "Of the members in office throughout the period."),
    )


@metric(
    "M7",
    ja="作業負担",
    en="Workload",
    says=(
        "作業を記録した委員一人あたりの作業時間（中央値）です。個人別の数字は公開しません。",
        "Hours of work of a member who logged any: the median. Nobody's own hours are public.",
    ),
)
def workload(scope: Scope) -> Figure:
    counted = scope.counted
    tenths: Counter[str] = Counter()
    for group in counted.groups:
        for work in group["doc"]["work"]:
            if counted.within(work["earliest"], work["latest"]):
                tenths[counted.party_of(group, work["by"])] += work["tenths"]
    hours = [Fraction(amount, 10) for amount in tenths.values()]
    members = {counted.party_of(g, a) for g in counted.groups for a in g["doc"]["members"]}
    coverage: dict[str, Any] = {"known": len(hours), "of": len(members | tenths.keys()), "people": len(hours)}
    top, total = formulas.top_share(hours) if hours else (None, None)
    at_top = formulas.most(formulas.TOP, len(hours))
    return Figure(
        formulas.median(hours),
        "hours",
        formulas.total(hours),
        len(hours) or None,
        note=("分子は合計時間、分母は人数です。", "Numerator: hours in all; denominator: people."),
        parts=(
            # One member's own hours, and those of a few, are about these alone: not public.
            (
                "max",
                ("最大", "Most"),
                Figure(max(hours, default=None), "hours", **{**coverage, "people": min(len(hours), 1)}),
            ),
            (
                "top_share",
                ("上位2割の人が担う割合", "Share of the top fifth"),
                Figure.share(top, total, **{**coverage, "people": at_top}),
            ),
        ),
        **coverage,
    )
