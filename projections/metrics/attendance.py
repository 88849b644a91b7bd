"""Metrics of attendance: who is there, and whether a way of working changed it (M1, M1b, M1c, M8)."""

from __future__ import annotations

from projections.metrics import formulas
from projections.metrics.inputs import Sitting
from projections.metrics.metric import Figure, Scope, metric


def _people(sittings: list[Sitting]) -> int:
    """How many people served at the largest of these meetings (by name, else as counted)."""
    return max((s.counts[1] for s in sittings if s.counts is not None), default=0)


@metric(
    "M1",
    ja="出席率",
    en="Attendance",
    says=(
        "会議に一時でも出席した委員の延べ人数を、在任委員の延べ人数で割ったものです。",
        "Of all the seats at all meetings, how many had their member present at any minute.",
    ),
)
def attendance(scope: Scope) -> Figure:
    sittings = scope.counted.sittings
    counts = [s.counts for s in sittings if s.counts is not None]
    return Figure.share(
        formulas.total(present for present, _ in counts),
        formulas.total(serving for _, serving in counts),
        known=len(counts),
        of=len(sittings),
        people=_people(sittings),
        note=(
            "アドバイザーと職員は含みません。氏名の記録がない会議は、資料にある人数によります。",
            "Without advisers and staff. Where no names are on record, as the source counts.",
        ),
    )


@metric(
    "M1b",
    ja="参加率（書面意見を含む）",
    en="Participation, written opinions included",
    says=(
        "出席した委員と、欠席して書面で意見を出した委員の割合です。",
        "Members present, or absent with an opinion in writing, of those serving.",
    ),
)
def participation(scope: Scope) -> Figure:
    named = scope.counted.named
    return Figure.share(
        formulas.total(len((s.present or frozenset()) | s.written) for s in named),
        formulas.total(len(s.serving) for s in named),
        known=len(named),
        of=len(scope.counted.sittings),
        people=_people(named),
    )


@metric(
    "M1c",
    ja="議決時の出席率",
    en="Presence at decisions",
    says=(
        "議決の時刻に会議室にいた委員の割合です。除斥・回避の委員は分母からも除きます。",
        "Members in the room at the minute of each resolution, of those entitled to take part in it.",
    ),
)
def presence_at_decisions(scope: Scope) -> Figure:
    sittings = scope.counted.sittings
    taken = [pair for s in sittings for pair in s.at_resolutions]
    return Figure.share(
        formulas.total(len(inside) for inside, _ in taken),
        formulas.total(len(entitled) for _, entitled in taken),
        known=len(taken),
        of=sum(len(s.doc["resolutions"]) for s in sittings),
        people=_people([s for s in sittings if s.at_resolutions]),
    )


@metric(
    "M8",
    ja="仕組みの前後の差",
    en="Before and after a device",
    says=(
        "運営方法やグループ分けを採り入れた期間とその前の期間との、出席率の差です。因果を示すものではない。",
        "Attendance in the period in which a way of working began, less that before it."
        " It does not show cause.",
    ),
)
def device_effect(scope: Scope) -> Figure:
    began = [
        d
        for d in scope.counted.devices
        if d["kind"] != "ProcedureRulesAdopted" and scope.counted.within(d["earliest"], d["latest"])
    ]
    after, before = attendance(scope), attendance(scope.before)
    both_known = began and after.value is not None and before.value is not None
    people = min(after.people or 0, before.people or 0)
    return Figure(
        (after.value or 0) - (before.value or 0) if both_known else None,
        "points",
        known=after.known + before.known,
        of=after.of + before.of,
        people=people,
        note=(
            f"因果を示すものではない。分母: 前 {_said(before, 'ja')}、後 {_said(after, 'ja')}。",
            f"This does not show cause. Denominators: before {_said(before, 'en')},"
            f" after {_said(after, 'en')}.",
        ),
        why_null=(
            "期間中に始まった仕組みか、前後どちらかの出席の記録がありません。",
            "No device began in the period, or attendance before or after it is not on record.",
        ),
        parts=(
            ("before", ("前の期間の出席率", "Attendance before"), before),
            ("after", ("後の期間の出席率", "Attendance after"), after),
        ),
    )


def _said(figure: Figure, lang: str) -> str:
    """A denominator in words; not that of a group that is too small to be shown."""
    small = figure.people is not None and 0 < figure.people < formulas.SMALLEST_GROUP
    if figure.denominator is None or small:
        return "記録なし・非表示" if lang == "ja" else "not recorded or not shown"
    return str(figure.denominator)
