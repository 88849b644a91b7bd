"""Metrics of joint evaluation: what both sides think, and what came of it (M9, M10, M19)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from projections.metrics import formulas
from projections.metrics.metric import Figure, Scope, metric, whole_years_needed


@metric(
    "M9",
    ja="協働評価差",
    en="Gap between the two sides",
    says=(
        "評価シートの同じ項目に市民側と行政側が付けた点の差の平均です（1〜5点）。",
        "How far apart the two sides score the same item of an evaluation sheet, on average (1 to 5).",
    ),
)
def side_gap(scope: Scope) -> Figure:
    """Of published sheets; for the staff also of unsealed ones. What is sealed is counted for nobody."""
    sheets = [s for s in scope.counted.sheets if s["fiscal_year"] in scope.years]
    states = ("unsealed", "published") if scope.viewer.staff else ("published",)
    readable = [s["doc"] for s in sheets if s["state"] in states]
    pairs = [(doc["c"][item], doc["g"][item]) for doc in readable for item in doc["c"] if item in doc["g"]]
    apart, signed, n = formulas.side_gap(pairs)
    coverage: dict[str, Any] = {"known": n, "of": sum(len({*doc["c"], *doc["g"]}) for doc in readable)}
    return Figure(
        formulas.ratio(apart, n),
        "score",
        apart if n else None,
        n or None,
        why_null=whole_years_needed(scope),
        note=("分母は双方が採点した項目の数です。", "The denominator is the number of items both scored."),
        parts=(
            (
                "signed",
                ("市民側 − 行政側の平均", "Citizens less government, mean"),
                Figure(formulas.ratio(signed, n), "score", signed if n else None, n or None, **coverage),
            ),
        ),
        **coverage,
    )


@metric(
    "M10",
    ja="市民会議の関わり",
    en="Council's involvement",
    says=(
        "事業の年度ごとの企画立案・実施・評価のうち、市民会議が関わったことを示す資料があるものの割合です。",
        "Of planning, implementation and evaluation in each action's year, where evidence shows the council.",
    ),
)
def involvement(scope: Scope) -> Figure:
    shown: set[tuple[str, int, str]] = set()
    cycles, collectively = 0, 0
    for action in scope.counted.actions:
        doc = action["doc"]
        mine = [year for year in doc["cycles"] if year in scope.years]
        cycles += len(mine)
        for involved in doc["involved"]:
            if involved["collectively"]:
                collectively += involved["fiscal_year"] is None or involved["fiscal_year"] in scope.years
            elif involved["evidence"] and involved["fiscal_year"] in mine:
                shown |= {
                    (action["action_id"], involved["fiscal_year"], phase) for phase in involved["phases"]
                }
    return Figure.share(
        len(shown) if cycles else None,
        3 * cycles or None,
        known=len(shown),
        of=3 * cycles,
        why_null=whole_years_needed(scope),
        note=(
            f"まとめて述べられた関わり {collectively}件は別に数え、含めていません。",
            f"Apart from these: {collectively} involvements stated collectively, not counted here.",
        ),
    )


@metric(
    "M19",
    ja="改善の反映率",
    en="Uptake of improvements",
    says=(
        "その年度に反映するとした改善のうち、年度計画で「反映する」と答えたものの割合です。",
        "Improvements meant for the year which its plan answered with “taken”.",
    ),
)
def uptake(scope: Scope) -> Figure:
    """Null until one of the improvements has an answer on record."""
    answers: list[bool | None] = [
        action["doc"]["answers"].get(improvement)
        for action in scope.counted.actions
        for improvement, year in action["doc"]["improvements"].items()
        if year in scope.years
    ]
    unanswered = answers.count(None)
    return Figure.share(
        answers.count(True) if unanswered < len(answers) else None,
        len(answers) or None,
        known=len(answers) - unanswered,
        of=len(answers),
        why_null=whole_years_needed(scope),
        parts=(
            (
                "unanswered",
                ("回答のないもの", "Unanswered"),
                Figure(
                    Fraction(unanswered) if answers else None, "count", known=len(answers), of=len(answers)
                ),
            ),
        ),
    )
