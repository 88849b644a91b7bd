"""Due 期限: what is due of whom by when, and how late it is, on a given day (S21; domain.md 4.12).

One pure function for each rule, over the rows of :mod:`projections.views.record.due_register`; what is due is
listed by :mod:`projections.answers.due_list`. A rule gives a due date only where the record has one: a day
somebody stated, or the council's rules in force on the meeting's day. Where no rule is known it says so and
gives none (O22's 2 and 45 days are another city's). A date that is only known as a month or a year is late
when the whole of it is over.

One story: every rule by which something is due, so that they can be read one after another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import msgspec

from domain.kernel.events import EVENTS
from domain.rules import actions, councils, dates, disclosure, groups, matters, meetings, sheets
from domain.rules.rule import Rule as DeclaredRule
from domain.values.calendar import EffectiveDate, day_in_japan
from projections.answers.in_force import in_force
from projections.engine.event_json import Json, as_date
from projections.views.record.due_register import contradictions

Kind = Literal[
    "notice",
    "outline",
    "minutes",
    "entrustment",
    "entrustment_report",
    "review",
    "improvement",
    "self_evaluation",
    "term",
    "appointment",
    "responsibility",
    "study",
    "follow_up",
    "promise",
    "request",
    "closing",
    "resolution_unconcluded",
    "conclusion_unresolved",
    "sources_disagree",
]
"""What may be due. The last three are what Integrity lists: resolutions and conclusions without each other,
and dates in sources of which one cannot be right."""

BASIS: dict[Kind, DeclaredRule] = {
    "notice": meetings.NOTICE,
    "outline": meetings.OUTLINE_AND_MINUTES,
    "minutes": meetings.OUTLINE_AND_MINUTES,
    "entrustment": matters.ENTRUSTED,
    "entrustment_report": matters.ENTRUSTED,
    "review": disclosure.REVIEW,
    "improvement": actions.ANSWERED,
    "self_evaluation": sheets.DUE,
    "term": councils.TERM_ENDS,
    "appointment": councils.TERM_ENDS,
    "responsibility": groups.STATED_DAY,
    "study": groups.STATED_DAY,
    "follow_up": groups.STATED_DAY,
    "promise": matters.PROMISES,
    "request": disclosure.REQUEST_TERMS,
    "closing": disclosure.AT_ONCE,
    "resolution_unconcluded": matters.PROVED,
    "conclusion_unresolved": matters.PROVED,
    "sources_disagree": dates.ORDER,
}
"""The rule of the record by which each kind of thing is due, which anybody can open."""

UNMATCHED: tuple[Kind, ...] = ("resolution_unconcluded", "conclusion_unresolved", "sources_disagree")


@dataclass(frozen=True)
class Due:
    """One thing that is due. ``due`` is null where no rule or day is on record; then ``known_rule`` tells
    whether that is because the rule is unknown. ``because`` is the entry of the event it follows from."""

    kind: Kind
    thing: str | None
    because: Json
    rule: tuple[str, str]
    due: EffectiveDate | None
    known_rule: bool = True

    def days_late(self, on: dt.date) -> int | None:
        """Days since the due date was over; negative: days left. None without a date."""
        if self.due is None or self.due.latest is None:
            return None
        return (on - self.due.latest).days

    @property
    def was_over(self) -> bool:
        """Whether an import tells of it, and it was over when this record learnt of it: that something is not
        on record then is a gap of the source, and nobody is reminded of it. That sources disagree is never
        over."""
        envelope = self.because["said"]
        if self.kind == "sources_disagree":
            return False
        if envelope.get("import_batch") is None and envelope["role"] not in ("import", "IMP"):
            return False
        learnt = _day_of(envelope["recorded_at"])
        if self.due is not None:
            return self.due.latest is not None and self.due.latest < learnt
        latest = envelope["effective"]["latest"]
        return latest is None or latest < learnt.isoformat()


@dataclass(frozen=True)
class Known:
    """What rules look up: other rows of the register, by key, of councils (with their rules of procedure)
    and of actions."""

    rows: Mapping[str, Json]

    def council(self, council_id: str | None) -> Json | None:
        return self.rows.get(f"council/{council_id}")

    def rules(self, council_id: str | None, day: dt.date) -> Json | None:
        """The council's rules in force on a day; None if no rule is known for it."""
        council = self.council(council_id)
        return in_force(council["doc"].get("ProcedureRulesAdopted", ()) if council else (), day)


Rule = Callable[[Json, Known], Iterator[Due]]
RULES: dict[str, list[tuple[Kind, Rule]]] = {}
"""For each kind of row of the register: what may be due of it, and by which rule."""


def due_rule(row_kind: str, kind: Kind) -> Callable[[Rule], Rule]:
    """Declare a rule: of rows of ``row_kind``, this ``kind`` of thing may be due."""

    def declare(rule: Rule) -> Rule:
        RULES.setdefault(row_kind, []).append((kind, rule))
        return rule

    return declare


def due_of(row: Json, known: Known, wanted: Collection[Kind] = get_args(Kind)) -> Iterator[Due]:
    """What is due of one row, of the wanted kinds."""
    for kind, rule in RULES[row["kind"]]:
        if kind in wanted:
            yield from rule(row, known)


# -------------------------------------------------------------------------------------------- dates


def _date(stated: Json | None) -> EffectiveDate | None:
    return None if stated is None else msgspec.convert(stated, EffectiveDate).check()


def _day_of(instant: str) -> dt.date:
    return day_in_japan(dt.datetime.fromisoformat(instant))


def _last(row: Json, type_: str) -> Json | None:
    entries: list[Json] = row["doc"].get(type_, [])
    return entries[-1] if entries else None


# ----------------------------------------------------------------------------------------- meetings

_MEETING_RULES = {
    "notice_days": ("会議規則: 開催通知は{n}日前まで", "rules of procedure: notice {n} days before"),
    "outline_due_days": ("会議規則: 概要は{n}日以内", "rules of procedure: outline within {n} days"),
    "minutes_due_days": ("会議規則: 会議録は{n}日以内", "rules of procedure: minutes within {n} days"),
}
_RULE_UNKNOWN = ("期限の規則が記録されていない", "no rule is on record for this")


def _by_the_rules(
    kind: Kind, row: Json, because: Json, field: str, day: dt.date, known: Known, before: bool = False
) -> Due:
    """Due so many days after (or before) the meeting's day, by the rules in force on that day."""
    scheduled = row["doc"]["MeetingScheduled"][-1]
    rules = known.rules(scheduled["council_id"], day)
    days = rules[field] if rules is not None else None
    if days is None:
        return Due(kind, row["thing"], because, _RULE_UNKNOWN, None, known_rule=False)
    ja, en = _MEETING_RULES[field]
    try:
        due = day - dt.timedelta(days) if before else day + dt.timedelta(days)
    except OverflowError:  # a rule that nobody lives to see kept
        return Due(kind, row["thing"], because, _RULE_UNKNOWN, None, known_rule=False)
    return Due(kind, row["thing"], because, (ja.format(n=days), en.format(n=days)), EffectiveDate.on(due))


_HELD = ("MeetingClosed", "AttendanceCountRecorded", "MeetingHeld", "WrittenProcedureStarted")
"""Events that show that a meeting was held, though its opening may not be on record."""


@due_rule("meeting", "notice")
def notice(row: Json, known: Known) -> Iterator[Due]:
    """A meeting that is scheduled, and neither announced nor held; moved, it is announced anew."""
    scheduled = _last(row, "MeetingRescheduled") or _last(row, "MeetingScheduled")
    notified = _last(row, "MeetingNotified")
    since = scheduled["said"]["position"] if scheduled is not None else 0
    announced = notified is not None and notified["said"]["position"] > since
    over = announced or any(_last(row, type_) for type_ in ("MeetingOpened", *_HELD))
    if scheduled is not None and scheduled["starts_at"] is not None and not over:
        day = _day_of(scheduled["starts_at"])
        yield _by_the_rules("notice", row, scheduled, "notice_days", day, known, before=True)


def _end(row: Json) -> tuple[Json | None, dt.date | None]:
    """What ended a meeting, and on which day, if that is one."""
    closed = _last(row, "MeetingClosed") or _last(row, "WrittenProcedureEnded")
    if closed is not None:
        return closed, _day_of(closed["at"])
    held = _last(row, "MeetingHeld")
    date = _date(held["held_on"]) if held is not None else None
    return held, date.earliest if date is not None and date.earliest == date.latest else None


@due_rule("meeting", "outline")
def outline(row: Json, known: Known) -> Iterator[Due]:
    """A meeting that was held and of which not even a draft of the minutes is there: with the first draft
    there is something to read of it."""
    closed, day = _end(row)
    if closed is not None and day is not None and _last(row, "MinutesDrafted") is None:
        yield _by_the_rules("outline", row, closed, "outline_due_days", day, known)


@due_rule("meeting", "minutes")
def minutes(row: Json, known: Known) -> Iterator[Due]:
    """A meeting that was held and whose minutes are not published."""
    closed, day = _end(row)
    if closed is not None and day is not None and _last(row, "MinutesPublished") is None:
        yield _by_the_rules("minutes", row, closed, "minutes_due_days", day, known)


# --------------------------------------------------------------------------- matters and resolutions


def _entrusted(row: Json) -> Json | None:
    """The conclusion that left the wording to the chair, until it has been reported."""
    concluded = _last(row, "MatterConcluded")
    is_left = concluded is not None and concluded["result"] == "entrusted"
    return concluded if is_left and _last(row, "EntrustmentReported") is None else None


@due_rule("matter", "entrustment")
def entrustment(row: Json, known: Known) -> Iterator[Due]:
    """What was left to the chair is to be settled; no rule on record says by when."""
    concluded = _entrusted(row)
    if concluded is not None and _last(row, "EntrustmentSettled") is None:
        rule = ("座長一任: 文言の確定", "left to the chair: to be settled")
        yield Due("entrustment", row["thing"], concluded, rule, None, known_rule=False)


@due_rule("matter", "entrustment_report")
def entrustment_report(row: Json, known: Known) -> Iterator[Due]:
    """It stays entrusted until it has been reported to a meeting; no rule on record says by when."""
    concluded = _entrusted(row)
    if concluded is not None:
        rule = ("座長一任: 会議への報告まで一任のまま", "left to the chair until reported")
        because = _last(row, "EntrustmentSettled") or concluded
        yield Due("entrustment_report", row["thing"], because, rule, None, known_rule=False)


@due_rule("matter", "conclusion_unresolved")
def without_resolution(row: Json, known: Known) -> Iterator[Due]:
    """A conclusion that names no resolution: how and by whom is not proved."""
    concluded = _last(row, "MatterConcluded")
    if concluded is not None and concluded["resolution_ref"] is None:
        rule = ("結論には議決が対応する", "a conclusion refers to its resolution")
        yield Due("conclusion_unresolved", row["thing"], concluded, rule, None)


@due_rule("resolution", "resolution_unconcluded")
def without_conclusion(row: Json, known: Known) -> Iterator[Due]:
    """A resolution on a matter that has not become its conclusion."""
    taken = _last(row, "ResolutionTaken") or _last(row, "ResolutionReported")
    if taken is not None:
        rule = ("議決から結論へ", "a resolution becomes the matter's conclusion")
        yield Due("resolution_unconcluded", taken["matter_id"], taken, rule, None)


@due_rule("resolution", "conclusion_unresolved")
def of_unknown_resolution(row: Json, known: Known) -> Iterator[Due]:
    """A conclusion that names a resolution which is not on record."""
    concluded = _last(row, "MatterConcluded")
    if concluded is not None and row["doc"].keys().isdisjoint(("ResolutionTaken", "ResolutionReported")):
        rule = ("結論の議決が記録されている", "the resolution of a conclusion is on record")
        yield Due("conclusion_unresolved", row["thing"], concluded, rule, None)


@due_rule("order", "sources_disagree")
def before_what_it_follows(row: Json, known: Known) -> Iterator[Due]:
    """A source dates something before what it follows: both stand as they were told, and one is wrong."""
    for entry, first, type_, followed in contradictions(row["doc"]):
        days = (as_date(entry["said"]["effective"]), as_date(first["said"]["effective"]))
        later, earlier = EVENTS[type_].LABEL, EVENTS[followed].LABEL
        rule = (
            f"「{later[0]}」（{days[0].full_label('ja')}）が、それより先に行われるはずの"
            f"「{earlier[0]}」（{days[1].full_label('ja')}）より前になっている",
            f"“{later[1]}” ({days[0].full_label('en')}) is dated before “{earlier[1]}” "
            f"({days[1].full_label('en')}), which it follows",
        )
        yield Due("sources_disagree", row["thing"], entry, rule, None)


@due_rule("promise", "promise")
def promise(row: Json, known: Known) -> Iterator[Due]:
    """A step that the city promised and that is not on record as taken."""
    promising = _last(row, "CityDecisionRecorded") or _last(row, "CityResponseRecorded")
    step_id = row["waits"].rsplit("/", 1)[-1]
    steps = promising["promised"] or () if promising is not None else ()
    step = next((step for step in steps if step["step_id"] == step_id), None)
    if promising is not None and step is not None:
        rule = ("市が約束した手順", "a step that the city promised")
        due = _date(step["by_when"]) if step.get("by_when") else None
        yield Due("promise", row["thing"], {**promising, "step_id": step_id}, rule, due)


@due_rule("request", "request")
def request(row: Json, known: Known) -> Iterator[Due]:
    """A request of which not every item has been decided, until the day stated for it."""
    received = row["doc"]["DisclosureRequested"][-1]
    request = _last(row, "RequestAmended") or received
    changed = [*row["doc"].get("RequestItemDecided", ()), *row["doc"].get("ReviewDecided", ())]
    decided: set[str] = set()
    for change in sorted(changed, key=lambda entry: entry["said"]["position"]):
        (decided.discard if change.get("maintained") is False else decided.add)(change["item_id"])
    if {item["item_id"] for item in request["requested"]} <= decided:
        return
    dated = [received, *row["doc"].get("RequestAmended", ()), *row["doc"].get("RequestDeadlineExtended", ())]
    due_on = next((change["due_on"] for change in reversed(dated) if change.get("due_on")), None)
    rule = ("請求・申出の決定期限", "the day by which a request is decided")
    due = EffectiveDate.on(dt.date.fromisoformat(due_on)) if due_on else None
    yield Due("request", row["thing"], received, rule, due)


# --------------------------------------------------------------------------------- actions and sheets


@due_rule("action", "improvement")
def improvement(row: Json, known: Known) -> Iterator[Due]:
    """An improvement that the plan of the year it applies to has not answered."""
    answered = {a["improvement_id"] for p in row["doc"].get("CyclePlanned", ()) for a in p["answers"] or ()}
    answered |= {answer["improvement_id"] for answer in row["doc"].get("ImprovementAnswered", ())}
    for decided in row["doc"]["ImprovementDecided"]:
        if decided["improvement_id"] not in answered:
            rule = (
                "改善は次年度の計画で答える",
                "the plan of its year answers an improvement",
            )
            due = EffectiveDate.in_fiscal_year(decided["applies_to_fiscal_year"])
            yield Due("improvement", row["thing"], decided, rule, due)


@due_rule("sheet", "improvement")
def agreed_improvement(row: Json, known: Known) -> Iterator[Due]:
    """An improvement both sides agreed on that the action has not taken up."""
    action = known.rows.get(f"action/{row['doc']['SheetOpened'][-1]['action_id']}")
    decided = {d["improvement_id"] for d in action["doc"]["ImprovementDecided"]} if action else set()
    for agreed in row["doc"].get("ImprovementAgreed", ()):
        if agreed["improvement_id"] not in decided:
            rule = (
                "合意した改善は事業で決定する",
                "the action takes up what both sides agreed",
            )
            due = EffectiveDate.in_fiscal_year(agreed["applies_to_fiscal_year"])
            yield Due("improvement", row["thing"], agreed, rule, due)


@due_rule("sheet", "self_evaluation")
def self_evaluation(row: Json, known: Known) -> Iterator[Due]:
    """Self-evaluations that were asked for and are not both there."""
    start = _last(row, "SelfEvaluationStarted")
    if start is not None and start["due_on"] is not None and _last(row, "SheetUnsealed") is None:
        rule = ("自己評価の提出期限", "the day stated for self-evaluations")
        due = EffectiveDate.on(dt.date.fromisoformat(start["due_on"]))
        yield Due("self_evaluation", row["thing"], start, rule, due)


# ----------------------------------------------------------------------------- people, parts, promises


@due_rule("council", "term")
def term(row: Json, known: Known) -> Iterator[Due]:
    """The term of office that runs, until a later one is opened."""
    opened = max(row["doc"].get("TermOpened", ()), key=lambda t: int(t["term_no"]), default=None)
    if opened is not None and opened["to_date"] is not None:
        rule = ("任期の満了", "the term ends")
        yield Due("term", row["thing"], opened, rule, _date(opened["to_date"]))


@due_rule("seat", "appointment")
def appointment(row: Json, known: Known) -> Iterator[Due]:
    """An appointment with a last day that is not recorded as ended, of a council that goes on."""
    appointed = row["doc"]["MemberAppointed"][-1]
    council = known.council(row["thing"])
    if appointed["to_date"] is not None and (council is None or council["is_open"]):
        rule = ("委嘱の満了", "the appointment ends")
        yield Due("appointment", row["thing"], appointed, rule, _date(appointed["to_date"]))


@due_rule("part", "review")
def review(row: Json, known: Known) -> Iterator[Due]:
    """What is closed until it is looked at again, if nobody did on that day or since."""
    latest = {name: entries[-1] for name, entries in row["doc"].items() if name != "DisclosureReviewed"}
    closed = next(iter(latest.values()))
    disclosure = closed.get("disclosure") or closed.get("to") or closed.get("redacted") or {}
    if disclosure.get("review_on") is None:
        return
    day = dt.date.fromisoformat(disclosure["review_on"])
    reviewed = _last(row, "DisclosureReviewed")
    if reviewed is None or _day_of(reviewed["said"]["recorded_at"]) < day:
        rule = ("非公開の見直し期日", "the day stated for a review")
        yield Due("review", row["thing"], closed, rule, EffectiveDate.on(day))


@due_rule("closing", "closing")
def closing(row: Json, known: Known) -> Iterator[Due]:
    """What one person closed at once for somebody's safety, and nobody else has confirmed."""
    closed = _last(row, "ClosedAtOnce")
    if closed is not None:
        rule = ("三開庁日以内の確認", "confirmed within three working days")
        day = EffectiveDate.on(dt.date.fromisoformat(closed["confirm_by"]))
        yield Due("closing", row["thing"], closed, rule, day)


def _stated(kind: Kind, type_: str, rule: tuple[str, str]) -> Rule:
    """A rule for what has its due day in its own event."""

    def stated(row: Json, known: Known) -> Iterator[Due]:
        promised = _last(row, type_)
        if promised is not None and promised["due"] is not None:
            yield Due(kind, row["thing"], promised, rule, _date(promised["due"]))

    return stated


responsibility = due_rule("duty", "responsibility")(
    _stated("responsibility", "ResponsibilityTaken", ("引き受けた責任の期限", "the day stated for the duty"))
)
study = due_rule("study", "study")(
    _stated("study", "StudyCommissioned", ("検討の期限", "the day stated for the study's report"))
)
follow_up = due_rule("follow_up", "follow_up")(
    _stated("follow_up", "FollowUpPlanned", ("取り組みの目標期日", "the day stated for the follow-up"))
)
