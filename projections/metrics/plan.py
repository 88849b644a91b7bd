"""Metrics of the plan: what of it was done, whom it reached, what it cost (M11, M12, M13)."""

from __future__ import annotations

from projections.metrics import formulas
from projections.metrics.metric import Figure, Scope, metric, whole_years_needed


@metric(
    "M11",
    ja="具現化率",
    en="Plan realisation",
    says=(
        "推進計画の施策のうち、期間の終わりまでに一つ以上の事業が実施されたものの割合です。",
        "Measures of the plan for which at least one action was carried out by the end of the period.",
    ),
)
def realisation(scope: Scope) -> Figure:
    counted, last = scope.counted, scope.last.isoformat()
    done = [a for a in counted.actions if any((day or "") <= last for day in a["doc"]["implemented"])]
    measures = {m["measure_id"] for m in counted.measures}
    if not measures:
        return Figure.share(
            len(done) or None,
            None,
            why_null=(
                "計画の施策の全部が記録されていません。分子は実施された事業の数です。",
                "Not all measures of a plan are on record. The numerator is the actions carried out.",
            ),
        )
    realised = {a["measure_id"] for a in done} & measures
    return Figure.share(len(realised), len(measures), known=len(measures), of=len(measures))


@metric(
    "M12",
    ja="到達",
    en="Reach",
    says=(
        "資料が何人に届いたか（期間の終わりまで）。対象者数の記録がなければ割合は出しません。",
        "How many people were reached by the end of the period; a share only if the target is on record.",
    ),
)
def reach(scope: Scope) -> Figure:
    """No event states a target, so the share is never known; the numerator is (case sheet: 2,000 staff)."""
    last = scope.last.isoformat()
    handed_out = [
        d for a in scope.counted.actions for d in a["doc"]["distributed"] if (d["on"][0] or "") <= last
    ]
    known = [d["recipients"] for d in handed_out if d["recipients"] is not None]
    return Figure.share(
        formulas.total(known),
        None,
        known=0,
        of=len(handed_out),
        people=sum(known),
        why_null=("対象者数の記録がありません。", "The number of people aimed at is not on record."),
    )


@metric(
    "M13",
    ja="執行率",
    en="Budget execution",
    says=(
        "予算現額（当初＋補正±流用＋繰越）のうち、支出された額の割合です。",
        "What was spent of the current budget (initial + supplementary ± transfer + carried in).",
    ),
)
def execution(scope: Scope) -> Figure:
    years = {str(year) for year in scope.years}
    docs = [a["doc"] for a in scope.counted.actions]
    amounts = [(d["current"].get(y), d["settled"].get(y)) for d in docs for y in sorted(years)]
    on_record = [(current, s) for current, s in amounts if (current, s) != (None, None)]
    settled = [(current, s) for current, s in on_record if current is not None and s is not None]
    left = [formulas.unused(current, s["spent"], s["carried_out"]) for current, s in settled]
    known = [amount for amount in left if amount is not None]
    complete = bool(settled) and len(known) == len(settled)
    return Figure.share(
        formulas.total(s["spent"] for _, s in settled),
        formulas.total(current for current, _ in settled),
        known=len(settled),
        of=len(on_record),
        why_null=whole_years_needed(scope),
        note=(
            "円。予算と決算の両方がある事業と年度について。",
            "In yen, where budget and settlement are known.",
        ),
        parts=(
            (
                "unused",
                ("不用額", "Unused"),
                Figure(sum(known) if complete else None, "yen", known=len(known), of=len(on_record)),
            ),
        ),
    )
