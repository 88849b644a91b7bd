"""The question whether a meeting was entitled to decide (S2): rules, presence by the minute, quorum.

Where no rule is known the answer is 未確認 (unverified), never yes (domain.md 4.1).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from domain.values.calendar import EffectiveDate
from domain.values.fields import Id, Year
from projections.answers.in_force import in_force
from projections.answers.labels import date_json
from projections.answers.quorums import by_the_rules, seats_on
from projections.engine.event_json import Json, as_date, bilingual
from projections.questions.decisions.matter_story import envelope
from projections.questions.entries import cited, rows
from projections.questions.question import Answer, Ask, question
from projections.views.council import council_roster
from projections.views.meeting import meeting_register

ENTITLED: dict[str, tuple[str, str]] = {
    "yes": ("成立要件を満たす", "entitled"),
    "no": ("成立要件を満たさない", "not entitled"),
    "unverified": ("成立要件未確認（定足数の規則または人数が不明）", "unverified: rule or numbers unknown"),
    "no_record": ("記録なし", "no record"),
    "to_come": ("これから開かれる", "still to come"),
    "not_held": ("中止", "cancelled"),
}
_OF_CHECK = {"met": "yes", "not_required": "yes", "not_met": "no", "rule_unknown": "unverified"}
_CAME_AND_WENT = {"AttendeeArrived": 1, "AttendeeLeft": -1}


@question("S2", ja="その会議に決める資格はあったか", en="Was the meeting entitled to decide?")
def entitled(ask: Ask, *, id: Id, on: dt.date | None = None, fiscal_year: Year | None = None) -> Answer:
    """For a meeting, or for each meeting of a council (``on`` a day, or in a ``fiscal_year``): the rules of
    procedure in force that day, who was present minute by minute, recusals, and the quorum check of the
    opening and of each resolution with the numbers required and present. ``unverified`` where the rule or a
    number is not known; where no meeting is on record the answer says so."""
    known = ask.must_know(id, "Meeting", "Council")
    chosen = meeting_register.meetings()
    table = meeting_register.meeting.table
    if known["kind"] == "Meeting":
        chosen = chosen.where(table.c.meeting_id == known["entity"])
    else:
        chosen = chosen.where(table.c.council_id == known["entity"])
    eligible = [row for row in rows(ask, meeting_register.meeting, chosen) if _was_in(row, on, fiscal_year)]
    meetings = [_meeting(ask, row) for row in eligible]
    counts = {name: sum(m["entitled"] == name for m in meetings) for name in ENTITLED}
    return Answer(
        says=_says(meetings, counts, on, fiscal_year),
        answer={"meetings": meetings, "counts": counts, "meetings_on_record": len(meetings)},
        events=cited(ask, [entry for m in meetings for entry in m.pop("entries")]),
        unknown=list(_unknown(meetings, on, fiscal_year)),
    )


def _was_in(row: Json, on: dt.date | None, fiscal_year: int | None) -> bool:
    """Whether a meeting was, or may have been, on this day and in this year."""
    date = as_date(_day(row))
    days = [EffectiveDate.on(on)] if on is not None else []
    if fiscal_year is not None:
        days.append(EffectiveDate.in_fiscal_year(fiscal_year))
    return all(date.overlaps(period) for period in days)


def _day(row: Json) -> Json:
    """When a meeting was: when it was opened, else when it was to begin."""
    doc = row["doc"]
    moved = doc.get("MeetingHeld") or doc.get("WrittenProcedureStarted") or ()
    entries = doc.get("MeetingOpened") or moved or doc.get("MeetingScheduled") or ()
    dated: Json = entries[-1]["said"]["effective"] if entries else date_json(EffectiveDate.unknown())
    return dated


def _meeting(ask: Ask, row: Json) -> Json:
    doc = row["doc"]
    begun = next(iter(doc.get("MeetingOpened") or doc.get("MeetingFoundInquorate") or ()), None)
    came = rows(ask, meeting_register.statement, _coming_and_going(row["meeting_id"]))
    council = _council(ask, row["council_id"])
    rules = _rules_in_force(council, as_date(_day(row)))
    seats = seats_on(council, as_date(_day(row)).earliest or ask.today) if council else None
    later, held = doc.get("AttendanceKnownLater", []), doc.get("MeetingHeld", [])
    anew = {
        resolution["resolution_id"]: resolution["quorum"]
        for change in later
        for resolution in change["resolutions"]
    }
    checked = [(begun, later[-1]["quorum"] if later else None)] if begun is not None else []
    checked += [(entry, None) for entry in held]
    checked += [(taken, anew.get(taken["resolution_id"])) for taken in doc.get("ResolutionTaken", ())]
    checks = [_check(entry, counted, rules, seats) for entry, counted in checked]
    verdicts = {check["entitled"] for check in checks}
    verdict = next((v for v in ("no", "unverified", "yes") if v in verdicts), _without(row, ask.today))
    recusals = doc.get("RecusalDeclared", [])
    return {
        "meeting_id": row["meeting_id"],
        "title": _title(doc),
        "state": row["state"],
        "kind": row["kind"],
        "effective": _day(row),
        "entitled": verdict,
        "label": bilingual(*ENTITLED[verdict]),
        "rules": rules,
        "present_by_minute": list(_present(begun, came, later)),
        "recusals": [
            {name: r[name] for name in ("appointment_id", "item_id", "reason_class")} | envelope(r)
            for r in recusals
        ],
        "checks": checks,
        "counted_by_a_source": [
            {name: c[name] for name in ("members_serving", "members_present")} | envelope(c)
            for c in doc.get("AttendanceCountRecorded", ())
        ],
        "entries": [
            *([begun] if begun else []),
            *held,
            *later,
            *(c["doc"] for c in came),
            *recusals,
            *doc.get("ResolutionTaken", ()),
            *doc.get("AttendanceCountRecorded", ()),
        ],
    }


def _coming_and_going(meeting_id: str) -> sa.Select[Any]:
    table = meeting_register.statement.table
    return meeting_register.statements(meeting_id).where(table.c.type.in_(list(_CAME_AND_WENT)))


def _without(row: Json, today: dt.date) -> str:
    """What is to be said of a meeting of which there is no check."""
    first = as_date(_day(row)).earliest
    if row["state"] == "cancelled":
        return "not_held"
    return "to_come" if first is not None and first > today else "no_record"


def _title(doc: Json) -> Json:
    """What a meeting is called: by its title, else by its day."""
    title = next((s["title"] for s in reversed(doc.get("MeetingScheduled", ())) if s["title"]), None)
    if title is not None:
        return bilingual(f"「{title}」", f"“{title}”")
    day = _day({"doc": doc})["label"]
    return bilingual(f"{day['ja']}の会議", f"the meeting of {day['en']}")


ANEW: dict[str, tuple[str, str]] = {
    "attendance": ("後から分かった出席による", "by attendance that became known later"),
    "rules": (
        "その日に有効で、後から記録された会議規則による",
        "by rules of procedure in force that day and recorded later",
    ),
}
"""Why a check is not what was recorded."""


def _check(entry: Json, attended: Json | None, rules: Json, seats: int | None) -> Json:
    """A quorum check; without a resolution it is that of the opening. It is counted with those who are known
    to have been there (``attended``: counted when that became known later) by the rules in force that day;
    what was recorded then, if it was another, stands beside it."""
    resolution_id = entry.get("resolution_id")
    quorum = attended or entry["quorum"]
    ruled = by_the_rules(quorum, rules, seats) if rules["standing"] == "known" else None
    anew = ["attendance"] * (attended is not None) + ["rules"] * (ruled is not None)
    quorum = ruled or quorum
    voted = entry.get("tally") is not None
    eligible = quorum.get("present") if attended is not None and not voted else entry.get("eligible")
    verdict = _OF_CHECK[quorum["result"]]
    return {
        "of": "opening" if resolution_id is None else "resolution",
        "resolution_id": resolution_id,
        "at": entry.get("at"),
        "counted_before": entry["quorum"] if anew else None,
        "counted_anew": [bilingual(*ANEW[why]) for why in anew],
        "rule": quorum.get("rule"),
        "serving": quorum.get("serving"),
        "present": quorum.get("present"),
        "required": quorum.get("required"),
        "result": quorum["result"],
        "entitled": verdict,
        "label": bilingual(*ENTITLED[verdict]),
        "recused": entry.get("recused"),
        "eligible": eligible if resolution_id is not None else None,
        "casting_vote": entry.get("casting_vote"),
        **envelope(entry),
    }


def _present(begun: Json | None, came: list[Json], later: list[Json]) -> Iterator[Json]:
    """How many were in the room from each minute on, and who came or went then; of whom it became known later
    that they were there too, from the beginning where nothing else is known."""
    if begun is None:
        return
    there = set(begun["present"]) | {begun.get("presiding")} - {None}
    opened = dt.datetime.fromisoformat(begun["at"])
    came_late = [k for k in later if k["since"] and dt.datetime.fromisoformat(k["since"]) > opened]
    there |= {known["appointment_id"] for known in later if known not in came_late}
    yield {"at": begun["at"], "present": len(there), "came": sorted(there), "went": []}
    moves = [(r["doc"]["at"], r["doc"]["appointment_id"], r["type"] == "AttendeeArrived") for r in came]
    moves += [(known["since"], known["appointment_id"], True) for known in came_late]
    moves += [(known["until"], known["appointment_id"], False) for known in later if known["until"]]
    for at, appointment, arrived in sorted(moves, key=lambda move: dt.datetime.fromisoformat(move[0])):
        there = there | {appointment} if arrived else there - {appointment}
        yield {
            "at": at,
            "present": len(there),
            "came": [appointment] if arrived else [],
            "went": [] if arrived else [appointment],
        }


def _council(ask: Ask, council_id: str | None) -> Json:
    """What the roster tells of a council; empty if nothing is known of it."""
    table = council_roster.council.table
    chosen = council_roster.councils().where(table.c.council_id == council_id)
    return next((dict(row["doc"]) for row in rows(ask, council_roster.council, chosen)), {})


def _rules_in_force(council: Json, day: EffectiveDate) -> Json:
    """The rules of procedure of a council on a day. ``standing``: known, none known, or order unknown where
    a date is too coarse to tell whether they held already."""
    adopted = council.get("rules", [])
    begun = [r for r in adopted if as_date(r["effective_from"]).compare(day) in ("before", "equal")]
    unclear = [r for r in adopted if as_date(r["effective_from"]).compare(day) == "order_unknown"]
    latest = in_force(begun, day.latest or dt.date.max)
    standing = "order_unknown" if unclear else "known" if latest else "none_known"
    shown = unclear[-1] if unclear else latest
    return {
        "standing": standing,
        "rules_version": shown["rules_version"] if shown else None,
        "in_force_from": date_json(as_date(shown["effective_from"])) if shown else None,
        "quorum": shown["quorum"] if shown else None,
        "majority": shown["majority"] if shown else None,
        "chair_votes": shown["chair_votes"] if shown else None,
        "event_id": shown["said"]["event_id"] if shown else None,
    }


def _says(
    meetings: list[Json], counts: dict[str, int], on: dt.date | None, fiscal_year: int | None
) -> tuple[str, str]:
    if not meetings:
        ja, en = _when(on, fiscal_year)
        return f"{ja}会議の記録はありません（記録なし）。", f"No meeting is on record{en}: no record."
    return (
        f"会議{len(meetings)}回のうち、成立要件を満たすもの{counts['yes']}回、満たさないもの{counts['no']}回、"
        f"未確認{counts['unverified']}回、開会の記録なし{counts['no_record']}回。{_beside(counts)[0]}",
        f"Of {len(meetings)} meetings, {counts['yes']} were entitled, {counts['no']} were not, "
        f"{counts['unverified']} are unverified, of {counts['no_record']} no opening is on record."
        f"{_beside(counts)[1]}",
    )


def _beside(counts: dict[str, int]) -> tuple[str, str]:
    """Meetings of which nobody can ask yet, or any more, whether they were entitled."""
    to_come, cancelled = counts["to_come"], counts["not_held"]
    if not (to_come or cancelled):
        return "", ""
    return (
        f"ほかに、これから開かれるもの{to_come}回、中止{cancelled}回。",
        f" Beside them: {to_come} still to come, {cancelled} cancelled.",
    )


def _when(on: dt.date | None, fiscal_year: int | None) -> tuple[str, str]:
    period = (
        EffectiveDate.on(on) if on else EffectiveDate.in_fiscal_year(fiscal_year) if fiscal_year else None
    )
    return (f"{period.label('ja')}の", f" of {period.label('en')}") if period else ("", "")


def _unknown(meetings: list[Json], on: dt.date | None, fiscal_year: int | None) -> Iterator[tuple[str, str]]:
    if not meetings:
        ja, en = _when(on, fiscal_year)
        yield f"{ja}会議の記録（規則・出席・定足数）", f"any meeting{en} (rules, attendance, quorum)"
    for m in meetings:
        ja, en = m["title"]["ja"], m["title"]["en"]
        if m["rules"]["standing"] == "none_known":
            yield (
                f"{ja}の日の会議規則",
                f"the rules of procedure on the day of {en}",
            )
        if m["rules"]["standing"] == "order_unknown":
            yield (
                f"会議規則が{ja}の日に有効だったか",
                f"whether the rules of procedure held on the day of {en}",
            )
        if m["entitled"] == "unverified":
            yield (
                f"{ja}の成立要件（未確認）",
                f"whether {en} was quorate (unverified)",
            )
        if m["entitled"] == "no_record":
            yield f"{ja}の開会と出席", f"the opening and attendance of {en}"
