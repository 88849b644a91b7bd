"""Metrics of renewal: whether it is always the same people (M2, M3, M18)."""

from __future__ import annotations

from typing import Any

from projections.engine.event_json import Json
from projections.metrics import formulas
from projections.metrics.inputs import Counted
from projections.metrics.metric import Figure, Scope, metric


@metric(
    "M2",
    ja="固定化",
    en="Fixation",
    says=(
        "出席が一部の委員に偏っていないか：出席の多い上位2割の委員が、延べ出席の何割を占めるかです。",
        "Whether the same few are always there: the share of attendances of the top fifth of the members.",
    ),
)
def fixation(scope: Scope) -> Figure:
    counted = scope.counted
    attended = list(counted.attended.values())
    coverage: dict[str, Any] = {"known": len(counted.named), "of": len(counted.sittings)}
    top, total = formulas.top_share(attended) if attended else (None, None)
    index = formulas.concentration(attended)
    before = scope.before.counted.took_part
    stayed, now = formulas.returning(counted.took_part, before)
    back = Figure.share(
        stayed if before else None,
        now if before else None,
        people=now,
        why_null=(
            "前の期間の出席者の記録がありません。",
            "Nobody is on record as present in the period before.",
        ),
        **coverage,
    )
    return Figure.share(
        top,
        total,
        people=len(attended),
        note=(
            "期間を通じて在任した委員について、氏名の記録がある会議で数えます。",
            "Of members in office throughout the period, at the meetings whose attendance is known by name.",
        ),
        parts=(
            (
                "hhi",
                ("集中度 HHI*（0＝均等、1＝一人に集中）", "Concentration HHI* (0 even, 1 all by one)"),
                Figure(index, "index", people=len(attended), **coverage),
            ),
            ("returning", ("前の期間にも参加した人の割合", "Share who also took part before"), back),
        ),
        **coverage,
    )


@metric(
    "M3",
    ja="新規率",
    en="New participants",
    says=(
        "会議に出席した委員のうち、初めて出席した人の割合です。フォーラムは参加者の申告によります。",
        "Of those present at meetings, how many had never been before; for forums as participants said.",
    ),
)
def new_participants(scope: Scope) -> Figure:
    counted, people = scope.counted, scope.counted.took_part
    return Figure.share(
        len(people - counted.seen_before) if people else None,
        len(people) if people else None,
        known=len(counted.named),
        of=len(counted.sittings),
        people=len(people),
        parts=(
            ("forums", ("フォーラムの初参加の割合", "First-time participants of forums"), _forums(counted)),
        ),
    )


def _forums(counted: Counted) -> Figure:
    """first_time / (first_time + returning), of the forums of which both are known."""
    activities = [a for action in counted.actions for a in action["doc"]["activities"]]
    held = [a for a in activities if a["kind"] == "forum" and counted.within(*a["on"])]
    fully_counted = [a for a in held if a["first_time"] is not None and a["returning"] is not None]
    first, again = (sum(a[name] for a in fully_counted) for name in ("first_time", "returning"))
    return Figure.share(
        first if fully_counted else None,
        first + again if fully_counted else None,
        known=first + again,
        of=sum(_participants(a) for a in held),
        people=first + again,
        note=("把握率の分母は、記録された参加者数です。", "Coverage is of the participants on record."),
    )


def _participants(activity: Json) -> int:
    """How many participants are on record: the total, or else those that the parts tell of."""
    parts = [activity[name] or 0 for name in ("first_time", "returning", "unknown")]
    total: int | None = activity["participants"]
    return sum(parts) if total is None else total


@metric(
    "M18",
    ja="公募率",
    en="Public seats",
    says=(
        "在任委員のうち、公募で選ばれた委員の割合です。",
        "Members who were publicly recruited, of those in office.",
    ),
)
def public_seats(scope: Scope) -> Figure:
    day = scope.counted.last_day
    on = day.isoformat() if day else ""
    seats = [s for s in scope.counted.seats if s["first"] <= on <= s["last"]]
    public = sum(s["category"] == "public_recruitment" for s in seats)
    return Figure.share(
        public if seats else None,
        len(seats) or None,
        known=len(seats),
        of=len(seats),
        people=len(seats),
        note=("期間の最終日（または今日）現在。", "On the last day of the period, or today."),
    )
