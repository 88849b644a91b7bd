"""Why a command on a promotion plan may be refused (see domain/promotion_plan/aggregate.py and domain.md
4.5)."""

from __future__ import annotations

from domain.kernel.refusals import TAKEN
from domain.rules import dates, plans, recording
from domain.values.refusal import refusal

COUNCIL_NOT_CONSULTED = refusal(
    "COUNCIL_NOT_CONSULTED",
    ja="市民会議の合意が記録されていない計画を承認するには、その理由が必要です。",
    en="To approve a plan the council has not agreed on, a reason is needed.",
    rule=plans.COUNCIL_CONSULTED,
    next_ja="先に市民会議の合意を記録するか、理由を記入してください。",
    next_en="Record the council's agreement first, or give the reason.",
)
PLAN_OVERLAP = refusal(
    "PLAN_OVERLAP",
    ja="同じ期間に別の推進計画があります（{value}）。",
    en="Another promotion plan covers the same years ({value}).",
    rule=plans.ONE_PLAN,
    next_ja="前の計画を示し、期間が重なる場合は先に計画の交代を記録してください。",
    next_en="Name the plan before it; if their years overlap, supersede it first.",
)
TAKEN["plan_first"] = TAKEN["plan_after"] = PLAN_OVERLAP
PERIOD_REVERSED = refusal(
    "PERIOD_REVERSED",
    ja="計画期間の終わり（{to}年度）が始まり（{begin}年度）より前です。",
    en="The plan's period ends (FY{to}) before it begins (FY{begin}).",
    rule=dates.FORWARD,
    next_ja="計画期間を確かめてください。",
    next_en="Check the period of the plan.",
    kind="invalid",
)
PLAN_NOT_OVER = refusal(
    "PLAN_NOT_OVER",
    ja="計画期間はまだ終わっていません（終わり: {ends}）。",
    en="The plan's years are not over (its last day: {ends}).",
    rule=plans.UNTIL_REPLACED,
    next_ja="期間の終了後に記録するか、計画の交代または改定として記録してください。",
    next_en="Record it when the period is over, or supersede or revise the plan.",
)
MEASURE_NAME_WRONG = refusal(
    "MEASURE_NAME_WRONG",
    ja="施策に付ける名前は、決まった形で始まらなければなりません。",
    en="The identifier of a measure begins with “measure-” (“{measure}” does not).",
    rule=recording.PART_NAME,
    next_ja="公開の規約にある形（measure- に続けて名前）で付けてください。",
    next_en="For example: measure-centre",
    kind="invalid",
)
