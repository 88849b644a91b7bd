"""Metrics of people: who is there, who does the work, who is new (M1-M8, M18 of domain.md 6)."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

from projections import metric_formulas as formulas
from projections.counting import Counted, Sitting
from projections.measuring import Figure, Scope, metric
from projections.metric_formulas import Known, ratio


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
        sum(present for present, _ in counts) if counts else None,
        sum(serving for _, serving in counts) if counts else None,
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
        sum(len((s.present or frozenset()) | s.written) for s in named) if named else None,
        sum(len(s.serving) for s in named) if named else None,
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
        sum(len(inside) for inside, _ in taken) if taken else None,
        sum(len(entitled) for _, entitled in taken) if taken else None,
        known=len(taken),
        of=sum(len(s.doc["resolutions"]) for s in sittings),
        people=_people([s for s in sittings if s.at_resolutions]),
    )


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
            "期間中の（氏名の記録がある）全ての会議の日に在任していた委員について数えます。",
            "Of members in office at every meeting of the period whose attendance is known by name.",
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
        "会議に出席した委員のうち、初めて出席した人の割合です。催しは参加者の申告によります。",
        "Of those present at meetings, how many had never been before; for forums as participants said.",
    ),
)
def new_participants(scope: Scope) -> Figure:
    counted = scope.counted
    people = counted.took_part
    held = [a for x in counted.actions for a in x["doc"]["activities"] if counted.within(*a["on"])]
    told = [a for a in held if a["first_time"] is not None and a["returning"] is not None]
    first, again = (sum(a[name] for a in told) for name in ("first_time", "returning"))
    of = sum(a["participants"] or 0 for a in held)
    return Figure.share(
        len(people - counted.seen_before) if people else None,
        len(people) if people else None,
        known=len(counted.named),
        of=len(counted.sittings),
        people=len(people),
        parts=(
            (
                "forums",
                ("催しの初参加の割合", "First-time participants of forums"),
                Figure.share(
                    first if told else None,
                    first + again if told else None,
                    known=first + again,
                    of=of,
                    people=first + again,
                    note=(
                        "把握率の分母は、記録された参加者数です。",
                        "Coverage is of the participants on record.",
                    ),
                ),
            ),
        ),
    )


def _engagement(counted: Counted) -> dict[str, Fraction]:
    """e_i of M4, for each member in office throughout of whom anything is known."""
    found: dict[str, Fraction] = {}
    told = [s for s in counted.named if s.spoke or s.written]
    due = _due_duties(counted)
    for member in counted.throughout:
        there = [s for s in told if member in (s.present or ())]
        contributed = sum(member in s.spoke or member in s.written for s in there)
        done, owed = due.get(member, (0, 0))
        rates: list[Known] = [
            ratio(counted.attended[member], len(counted.named)),
            ratio(contributed, len(there)),
            ratio(done, owed),
        ]
        if (engaged := formulas.engagement(rates)) is not None:
            found[member] = engaged
    return found


def _due_duties(counted: Counted) -> dict[str, tuple[int, int]]:
    """For each member, how many of the duties that fell due in the period were discharged, and how many
    fell due. A duty is its last holder's."""
    found: Counter[tuple[str, bool]] = Counter()
    for group in counted.groups:
        for duty in group["doc"]["duties"].values():
            if duty["held"] and counted.within(duty["due"], duty["due"]):
                found[counted.party_of(group, duty["held"][-1]["by"]), duty["discharged"]] += 1
    return {who: (found[who, True], found[who, True] + found[who, False]) for who, _ in found}


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
    invited = dict.fromkeys(counted.throughout, len(counted.named))
    never, asked = formulas.inactive(invited, counted.attended)
    return Figure.share(
        never if asked else None,
        asked if asked else None,
        known=len(counted.named),
        of=len(counted.sittings),
        people=asked,
    )


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
    counted = scope.counted
    day = counted.last_day
    members = counted.serving(day) if day else frozenset()
    if not counted.groups or not members:
        return Figure(None, "percent", of=len(members))
    first, last = scope.first.isoformat(), scope.last.isoformat()
    holders = {
        counted.party_of(group, held["by"])
        for group in counted.groups
        for duty in group["doc"]["duties"].values()
        for held in duty["held"]
        if (held["from"] or "") <= last and (held["to"] or "9999") >= first
    }
    return Figure.share(
        len(holders & members),
        len(members),
        known=len(members),
        of=len(members),
        people=len(members),
        note=("期間の最終日に在任する委員について。", "Of the members in office on the period's last day."),
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
    return Figure(
        formulas.median(hours),
        "hours",
        sum(hours, Fraction(0)) if hours else None,
        len(hours) or None,
        note=("分子は合計時間、分母は人数です。", "Numerator: hours in all; denominator: people."),
        parts=(
            # one member's own hours: never public
            (
                "max",
                ("最大", "Most"),
                Figure(max(hours, default=None), "hours", **{**coverage, "people": min(len(hours), 1)}),
            ),
            (
                "top_share",
                ("上位2割の人が担う割合", "Share of the top fifth"),
                Figure.share(top, total, **coverage),
            ),
        ),
        **coverage,
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
