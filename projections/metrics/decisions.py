"""Metrics of decisions: how completely and how quickly matters are concluded (M16, M17)."""

from __future__ import annotations

from typing import Any

from projections.engine.event_json import Json
from projections.metrics import formulas
from projections.metrics.metric import Figure, Scope, metric


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
    least = [max(0, formulas.days_between(raised[1], concluded[0])) for raised, concluded in known]
    longest = [formulas.days_between(raised[0], concluded[1]) for raised, concluded in known]
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
                    "times",
                    carried if spans else None,
                    len(spans) or None,
                    known=len(spans),
                    of=len(spans),
                ),
            ),
        ),
        **coverage,
    )
