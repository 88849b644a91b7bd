"""Metrics of the work: what was done, how openly and how completely (M9-M17, M19 of domain.md 6)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from fractions import Fraction
from typing import Any

from projections import metric_formulas as formulas
from projections.counting import Counted
from projections.measuring import Figure, Scope, metric
from projections.naming import Json

NOT_WHOLE_YEARS = (
    "年度単位の記録のため、年度を指定したときに計算します。",
    "It is recorded by fiscal year: ask for whole fiscal years.",
)


def _why(scope: Scope) -> tuple[str, str] | None:
    return None if scope.years else NOT_WHOLE_YEARS


def _days(later: str, earlier: str) -> int:
    return (dt.date.fromisoformat(later) - dt.date.fromisoformat(earlier)).days


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
        why_null=_why(scope),
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
        for said in doc["involved"]:
            collectively += bool(said["collectively"])
            if said["evidence"] and not said["collectively"] and said["fiscal_year"] in mine:
                shown |= {(action["action_id"], said["fiscal_year"], phase) for phase in said["phases"]}
    return Figure.share(
        len(shown) if cycles else None,
        3 * cycles or None,
        known=len(shown),
        of=3 * cycles,
        why_null=_why(scope),
        note=(
            f"まとめて述べられた関わり {collectively}件は別に数え、含めていません。",
            f"Apart from these: {collectively} involvements stated collectively, not counted here.",
        ),
    )


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
        sum(known) if known else None,
        None,
        known=0,
        of=len(handed_out),
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
    planned = [(d["current"][y], d["settled"].get(y)) for d in docs for y in d["current"] if y in years]
    settled = [(current, s) for current, s in planned if s is not None]
    left = [formulas.unused(current, s["spent"], s["carried_out"]) for current, s in settled]
    known = [amount for amount in left if amount is not None]
    complete = bool(settled) and len(known) == len(settled)
    return Figure.share(
        sum(s["spent"] for _, s in settled) if settled else None,
        sum(current for current, _ in settled) if settled else None,
        known=len(settled),
        of=len(planned),
        why_null=_why(scope),
        note=(
            "円。予算と決算の両方がある事業と年度について。",
            "In yen, where budget and settlement are known.",
        ),
        parts=(
            (
                "unused",
                ("不用額", "Unused"),
                Figure(sum(known) if complete else None, "yen", known=len(known), of=len(planned)),
            ),
        ),
    )


@metric(
    "M14",
    ja="公開率",
    en="Openness",
    says=(
        "開かれた会議のうち、全部が公開された会議の割合です。",
        "Meetings that were open to the public from beginning to end, of those held.",
    ),
)
def openness(scope: Scope) -> Figure:
    held = [m["doc"] for m in scope.counted.held]
    known = [doc for doc in held if doc["publicity"] is not None]
    fully = [doc for doc in known if doc["publicity"] == "open" and not doc["closed_items"]]
    watched = [
        doc["observers"] for doc in known if doc["publicity"] == "open" and doc["observers"] is not None
    ]
    grounds = Counter(ground or "-" for doc in held for ground in doc["closed_items"].values())
    by_ground = ", ".join(f"{ground} {n}" for ground, n in sorted(grounds.items()))
    return Figure.share(
        len(fully) if known else None,
        len(known) or None,
        known=len(known),
        of=len(held),
        note=(
            f"非公開の議題（理由別）: {by_ground or 'なし'}。",
            f"Items closed, by ground: {by_ground or 'none'}.",
        ),
        parts=(
            (
                "observers",
                ("公開の会議1回あたりの傍聴者", "Observers per open meeting"),
                Figure(
                    formulas.mean(watched),
                    "people",
                    sum(watched) if watched else None,
                    len(watched) or None,
                    known=len(watched),
                    of=sum(doc["publicity"] == "open" for doc in known),
                ),
            ),
        ),
    )


@metric(
    "M15",
    ja="会議録の公表までの日数",
    en="Minutes delay",
    says=(
        "閉会から会議録の公表までの日数（中央値）です。",
        "Days from the end of a meeting to the publication of its minutes: the median.",
    ),
)
def minutes_delay(scope: Scope) -> Figure:
    held = [m for m in scope.counted.held if m["doc"]["closed_on"]]
    told = [
        (m, _days(m["doc"]["published_on"], m["doc"]["closed_on"])) for m in held if m["doc"]["published_on"]
    ]
    ruled = [(took, due) for m, took in told if (due := _minutes_due(scope.counted, m)) is not None]
    days = [took for _, took in told]
    return Figure(
        formulas.median(days),
        "days",
        known=len(told),
        of=len(held),
        parts=(
            (
                "on_time",
                ("規則の期限内の割合", "Share in time by the rule"),
                Figure.share(
                    sum(took <= due for took, due in ruled) if ruled else None,
                    len(ruled) or None,
                    known=len(ruled),
                    of=len(held),
                    why_null=(
                        "期限の規則か公表日の記録がありません。",
                        "No rule, or no publication, is on record.",
                    ),
                ),
            ),
        ),
    )


def _minutes_due(counted: Counted, meeting: Json) -> int | None:
    """Within how many days minutes are due, by the rules in force on the meeting's day."""
    rules = [
        d
        for d in counted.devices
        if d["kind"] == "ProcedureRulesAdopted"
        and d["council_id"] == meeting["council_id"]
        and (d["latest"] or "9999") <= meeting["doc"]["closed_on"]
    ]
    latest = max(rules, key=lambda d: (d["latest"], d["position"]), default=None)
    due: int | None = None if latest is None else latest["doc"]["minutes_due_days"]
    return due


@metric(
    "M16",
    ja="意思決定記録の充足率",
    en="Decision completeness",
    says=(
        "結論の出た案件のうち、案の確定、資料か理由、定足数の確認、少数意見の確認、会議録の確認が揃うものの割合です。",
        "Concluded matters with frozen options, evidence or reason, quorum check, dissent filed or asked, and"
        " confirmed minutes.",
    ),
)
def completeness(scope: Scope) -> Figure:
    counted = scope.counted
    meetings = {m["meeting_id"]: m["doc"] for m in counted.meetings}
    complete = [m for m in counted.matters if _complete(m, meetings.get(m["doc"]["meeting_id"]))]
    return Figure.share(
        len(complete) if counted.matters else None,
        len(counted.matters) or None,
        known=len(counted.matters),
        of=len(counted.matters),
    )


def _complete(matter: Json, meeting: Json | None) -> bool:
    doc = matter["doc"]
    if meeting is None or not meeting["confirmed"]:
        return False
    checked = any(
        r["resolution_id"] == doc["resolution_ref"] and r["quorum"] != "rule_unknown"
        for r in meeting["resolutions"]
    )
    return bool(doc["frozen"] and (doc["evidence"] or doc["reason"]) and checked and doc["dissent"])


@metric(
    "M17",
    ja="審議期間",
    en="Deliberation time",
    says=(
        "案件の提起から結論までの日数（中央値）と、継続審議の回数です。",
        "Days from raising a matter to its conclusion (median), and how often it was carried over.",
    ),
)
def deliberation(scope: Scope) -> Figure:
    spans = [(m["doc"]["raised"], m["doc"]["concluded"]) for m in scope.counted.matters]
    known = [(raised, concluded) for raised, concluded in spans if None not in (*raised, *concluded)]
    least = [max(0, _days(concluded[0], raised[1])) for raised, concluded in known]
    longest = [_days(concluded[1], raised[0]) for raised, concluded in known]
    exact = [n for n, m in zip(least, longest, strict=True) if n == m]
    coverage: dict[str, Any] = {"known": len(known), "of": len(spans)}
    carried = sum(m["doc"]["carried_over"] for m in scope.counted.matters)
    low, high = formulas.median(least), formulas.median(longest)
    return Figure(
        low if len(exact) == len(known) else None,
        "days",
        why_null=(
            "案件がないか、日付が日まで記録されていません（下の範囲を見てください）。",
            "No matter, or dates not known to the day (see the interval).",
        ),
        parts=(
            ("least", ("短くとも", "At least"), Figure(low, "days", **coverage)),
            ("most", ("長くとも", "At most"), Figure(high, "days", **coverage)),
            (
                "carried_over",
                ("1案件あたりの継続審議", "Times carried over, per matter"),
                Figure(
                    formulas.ratio(carried, len(spans)),
                    "index",
                    carried if spans else None,
                    len(spans) or None,
                    known=len(spans),
                    of=len(spans),
                ),
            ),
        ),
        **coverage,
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
    answers: list[bool | None] = [
        action["doc"]["answers"].get(improvement)
        for action in scope.counted.actions
        for improvement, year in action["doc"]["improvements"].items()
        if year in scope.years
    ]
    unanswered = answers.count(None)
    return Figure.share(
        answers.count(True) if answers else None,
        len(answers) or None,
        known=len(answers) - unanswered,
        of=len(answers),
        why_null=_why(scope),
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
