"""Public questions about what happened and who meets: the timeline (P1), a decision (P2), the council (P3),
its next meetings (P4) and their minutes (P5).

Everything shown is the public cut: what is closed shows as a stub with its ground, members appear by the kind
of their seat, never by what they did or said.

One story: what somebody who has never heard of the council asks first.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
import sqlalchemy as sa

from domain.council.aggregate import Council
from domain.kernel.record import KINDS
from domain.matter.aggregate import Matter
from domain.meeting.aggregate import Meeting
from domain.values.calendar import JAPAN, day_in_japan
from domain.values.disclosure import Disclosure
from domain.values.fields import Id, Year
from projections.answers import due, due_list
from projections.answers.in_force import in_force, is_ahead
from projections.answers.public_cut import public_row
from projections.answers.timeline import entries_seen
from projections.engine.event_json import Json, bilingual
from projections.engine.event_json import bilingual as both
from projections.engine.log import events_at
from projections.engine.view import ViewTable
from projections.questions.entries import AS_PROPOSED, cited, day_json, rows
from projections.questions.question import Answer, Ask, question, unknown_of
from projections.views.council import council_roster
from projections.views.matter import matter_list
from projections.views.meeting import meeting_register
from projections.views.record import public_timeline
from projections.views.record.closed_parts import closed_in, expect_closed

MOST = 200
"""So many entries, meetings or seats are told of; the answer says how many are not."""
_FOUND_BY = {"inferred": ("推定", "inferred"), "stated_collectively": ("まとめて記載", "stated collectively")}


def open_rows(ask: Ask, table: ViewTable, chosen: sa.Select[Any], kind: type[Any]) -> list[Json]:
    """Rows of a view as anybody may see them. What is closed as a whole keeps its key columns."""
    chosen_rows = [(row, kind.stream_for(row[table.key_columns[0]])) for row in rows(ask, table, chosen)]
    closed = closed_in(ask.connection, (stream for _, stream in chosen_rows))
    return [
        {**public_row(row, closed, stream), **{name: row[name] for name in table.key_columns}}
        for row, stream in chosen_rows
    ]


# ---------------------------------------------------------------------------------------- the timeline


@question("P1", ja="これまでに何があったか", en="What has happened?")
def what_happened(ask: Ask, *, fiscal_year: Year | None = None) -> Answer:
    """The timeline by fiscal year, as precisely as it was recorded: each entry with its date in words, its
    source and, where it is a reading, a mark. What has no date stands in a group of its own."""
    period = None if fiscal_year is None else f"FY{fiscal_year}"
    chosen = public_timeline.entries(period=period)
    counted = chosen.with_only_columns(sa.func.count(), maintain_column_froms=True).order_by(None)
    count = ask.connection.scalar(counted) or 0
    timeline_rows = ask.connection.execute(chosen.limit(MOST)).all()
    entries = entries_seen(timeline_rows, closed_in(ask.connection, [row.stream for row in timeline_rows]))
    groups: dict[str, list[Json]] = {}
    for entry in entries:
        groups.setdefault(entry["period"], []).append(_told(entry, ask.today))
    left_out = count - len(entries)
    undated = sum(e["effective"]["value"] is None for e in entries)
    ahead = sum(is_ahead(e["effective"], ask.today) for e in entries)
    return Answer(
        says=(
            f"{count}件の出来事が記録されています。{f'うちこれからのもの{ahead}件。' if ahead else ''}"
            "日付の記録がないものは、まとめて最後に示します。",
            f"{count} events are on record.{f' Still to come: {ahead}.' if ahead else ''} "
            "What has no date stands together at the end.",
        ),
        answer={
            "periods": [{"period": name, "entries": listed} for name, listed in groups.items()],
            "left_out": left_out,
        },
        events=events_at(ask.connection, [entry["position"] for entry in entries]),
        unknown=[(f"{undated}件の出来事の日付", f"the date of {undated} events")] if undated else [],
    )


_AHEAD = ("これから", "still to come")


def _told(entry: Json, today: dt.date) -> Json:
    source = entry["source"]
    mark = _AHEAD if is_ahead(entry["effective"], today) else _FOUND_BY.get(entry["certainty"])
    return {
        "what": entry["label"],
        "text": entry["text"],
        "when": entry["effective"]["full_label"],
        "thing": entry["subject"],
        "closed": entry.get("closed"),
        "mark": bilingual(*mark) if mark else None,
        "source": source and {name: source.get(name) for name in ("document_id", "locator")},
    }


# ----------------------------------------------------------------------------------------- a decision


@question("P2", ja="何が決まり、それはなぜか", en="What was decided, and why?")
def what_was_decided(ask: Ask, *, matter_id: Id | None = None) -> Answer:
    """One decision on one page: the question, the options, what the council concluded and why, how many
    disagreed and in which words, and what the city decided: two facts by two authors. Without ``matter_id``:
    the newest decisions."""
    chosen = matter_list.matters()
    if matter_id is not None:
        ask.must_know(matter_id, "Matter")
        chosen = chosen.where(matter_list.matter.table.c.matter_id == matter_id)
    matters = open_rows(ask, matter_list.matter, chosen.limit(20), Matter)
    decisions = [_decision(row) for row in matters]
    decided = sum(t["council"] is not None for t in decisions)
    unknown = unknown_of(ask, matter_id) if matter_id is not None else []
    if not matters:
        unknown = [("市民会議の案件と結論", "any matter, and any conclusion, of the council")]
    return Answer(
        says=(
            f"{len(decisions)}件の案件のうち、市民会議の結論が記録されているものは{decided}件です。",
            f"Of {len(decisions)} matters, {decided} have a conclusion of the council on record.",
        ),
        answer={"decisions": decisions},
        events=cited(ask, [e for row in matters for e in _entries(row) if "closed" not in e]),
        unknown=unknown,
    )


def _entries(row: Json) -> Iterator[Json]:
    for entries in (row.get("doc") or {}).values():
        yield from (e for e in entries if isinstance(e, dict) and "said" in e)


def _as_proposed(doc: Json, concluded: Json) -> Json | None:
    """That the proposal itself was adopted, where there were no options to choose from."""
    adopted = concluded.get("result") in ("adopted", "adopted_with_conditions", "agreed", "entrusted")
    is_whole = adopted and not concluded.get("chosen_option") and not doc.get("OptionProposed")
    return bilingual(*AS_PROPOSED) if is_whole else None


def _decision(row: Json) -> Json:
    doc = row.get("doc") or {}

    def last(type_: str) -> Json | None:
        entries = doc.get(type_) or [None]
        return None if entries[-1] is None else dict(entries[-1])

    raised, concluded, decided = last("MatterRaised"), last("MatterConcluded"), last("CityDecisionRecorded")
    answered, dissents = last("CityResponseRecorded"), doc.get("DissentFiled", [])
    was_asked = bool(doc.get("DissentNoneConfirmed")) or bool(dissents)
    return {
        "matter_id": row["matter_id"],
        "title": row.get("title"),
        "state": row.get("state"),
        "closed": row.get("closed"),
        "question": raised and raised.get("question"),
        "options": [o.get("label") for o in doc.get("OptionProposed", [])],
        "council": concluded
        and {
            "result": concluded.get("result"),
            "chosen_option": concluded.get("chosen_option"),
            "as_proposed": _as_proposed(doc, concluded),
            "reason": concluded["said"]["reason"],
            "conditions": concluded.get("conditions"),
            "when": concluded["said"]["effective"]["full_label"],
        },
        "dissent": {
            "count": len(dissents) if was_asked else None,
            "texts": [d.get("text") or d.get("closed") for d in dissents],
        },
        "city_response": answered
        and {"disposition": answered.get("disposition"), "reason": answered["said"]["reason"]},
        "city_decision": decided
        and {
            "authority": decided.get("authority"),
            "document_no": decided["said"]["document_no"],
            "text": decided.get("text"),
            "reason": decided["said"]["reason"] or decided.get("reason_short"),
            "when": decided["said"]["effective"]["full_label"],
        },
    }


# ------------------------------------------------------------------------------------------ the council


@question("P3", ja="委員はどう選ばれ、いつまでか", en="Who sits on the council, how chosen, until when?")
def who_sits(ask: Ask, *, council_id: Id | None = None) -> Answer:
    """The roster by kind of seat: how many seats there are, how many are held and vacant, by whom members
    were nominated, and until when they serve. Names are shown by the council's page alone, with consent."""
    chosen = council_roster.councils()
    if council_id is not None:
        ask.must_know(council_id, "Council")
        chosen = chosen.where(council_roster.council.table.c.council_id == council_id)
    councils = open_rows(ask, council_roster.council, chosen, Council)
    answers = [_council(ask, row) for row in councils]
    counted = [c["serving"] for c in answers if c["serving"] is not None]
    known = (
        f"在任している委員は、記録のある{len(counted)}の会議で{sum(counted)}人です。",
        f"{sum(counted)} members serve, on the {len(counted)} council(s) of which members are on record.",
    )
    not_known = (
        "委員がだれで何人かは、記録されていません。",
        "Who the members are, and how many, is not recorded.",
    )
    return Answer(
        says=known if counted else not_known,
        answer={"councils": answers},
        events=cited(ask, [row["doc"]["established"] for row in councils if row.get("doc")]),
        unknown=[gap for row in councils for gap in unknown_of(ask, row["council_id"])],
    )


def _council(ask: Ask, row: Json) -> Json:
    doc = row.get("doc") or {}
    seats = (in_force(doc.get("compositions", ()), ask.today) or {}).get("seat_categories") or []
    held = rows(ask, council_roster.seat_holder, council_roster.roster(row["council_id"]))
    serving = [holder for holder in held if _serves(holder, ask.today)]
    by_kind = Counter(holder["category"] for holder in serving)
    nominators = {holder["doc"]["appointed"]["nominated_by"] for holder in serving}
    return {
        "council_id": row["council_id"],
        "name": row.get("name"),
        "state": row.get("state"),
        "serving": len(serving) if held else None,
        "seats": [
            {
                "category": seat["category"],
                "label": seat.get("label_ja"),
                "seats": seat.get("seats"),
                "held": by_kind[seat["category"]] if held else None,
                "vacant": seat["seats"] - by_kind[seat["category"]] if held and seat.get("seats") else None,
            }
            for seat in seats
        ],
        "terms_end": [day_json(day) for day in sorted(filter(None, {_until(holder) for holder in serving}))],
        "nominated_by": sorted(n for n in nominators if n is not None),
    }


def _serves(holder: Json, day: dt.date) -> bool:
    """Whether somebody appointed serves on a day: what has no last day has not ended."""
    return bool(holder["first_day"] <= day.isoformat() <= holder["last_day"])


def _until(holder: Json) -> dt.date | None:
    """The last day on which somebody serves; None: nobody knows of an end."""
    last = dt.date.fromisoformat(holder["last_day"])
    return None if last == dt.date.max else last


# ----------------------------------------------------------------------------------------- its meetings


@question("P4", ja="次の会議はいつで、傍聴できるか", en="When is the next meeting, and may I attend?")
def next_meetings(ask: Ask, *, council_id: Id | None = None) -> Answer:
    """Meetings announced from today on: when and where, the topics, how many observers there is room for, and
    what is closed, with its reason."""
    table = meeting_register.meeting.table
    today = dt.datetime.combine(ask.today, dt.time(), JAPAN)
    chosen = meeting_register.meetings(council_id=council_id).where(
        table.c.state.in_(("scheduled", "notified", "open", "recess"))
    )
    meetings = [
        row
        for row in open_rows(ask, meeting_register.meeting, chosen.limit(MOST), Meeting)
        if row.get("starts_at") and dt.datetime.fromisoformat(row["starts_at"]) >= today
    ]
    meetings.sort(key=lambda row: dt.datetime.fromisoformat(row["starts_at"]))
    return Answer(
        says=(
            f"今日以降に予定が記録されている会議は{len(meetings)}件です。",
            f"{len(meetings)} meeting(s) from today on are on record.",
        ),
        answer={"meetings": [_announced(ask, row) for row in meetings]},
        events=cited(ask, [e for row in meetings for e in _when(row["doc"])]),
        unknown=[] if meetings else [("次の会議の予定", "a date of the next meeting")],
    )


def _when(doc: Json) -> list[Json]:
    """What says when and where a meeting is."""
    return [*doc["MeetingScheduled"], *doc.get("MeetingRescheduled", ())]


def _announced(ask: Ask, row: Json) -> Json:
    doc = row["doc"]
    scheduled, notified = doc["MeetingScheduled"][-1], (doc.get("MeetingNotified") or [None])[-1]
    closed = closed_in(ask.connection, [Meeting.stream_for(row["meeting_id"])])
    return {
        "meeting_id": row["meeting_id"],
        "title": scheduled.get("title"),
        "starts_at": row["starts_at"],
        "place": meeting_register.place_of(doc),
        "topics": [
            {"title": item.get("title"), "closed": item.get("closed")}
            for item in doc.get("AgendaItemListed", [])
        ],
        "publicity": notified and notified.get("publicity"),
        "observer_capacity": notified and notified.get("observer_capacity"),
        "closed_items": [_ground(part) for part in closed.parts.values()],
    }


def _ground(disclosure: Disclosure) -> Json:
    review = disclosure.review_on
    return {
        "why": bilingual(disclosure.stub("ja"), disclosure.stub("en")),
        "review_on": review.isoformat() if review else None,
    }


@question("P5", ja="会議録は読めるか。読めないのはなぜか", en="Can I read the minutes? If not, why?")
def minutes(ask: Ask, *, council_id: Id | None = None) -> Answer:
    """For each meeting that was held, how far its minutes have come, by when the rules of that day want them
    published, and what is closed in them, on which ground and until when."""
    table = meeting_register.meeting.table
    held = ("closed", "minutes_drafted", "circulated", "confirmed", "published")
    chosen = meeting_register.meetings(council_id=council_id).where(table.c.state.in_(held))
    meetings = open_rows(ask, meeting_register.meeting, chosen.limit(MOST), Meeting)
    waiting = due_list.what_is_due(ask.connection, ask.today, ["minutes"])
    expected = {meetings.thing: meetings for meetings in waiting if meetings.thing is not None}
    drafts = [drafted.get("document_id") for row in meetings for drafted in _drafted(row)]
    expect_closed(ask.connection, [KINDS["Document"].stream_for(draft) for draft in drafts if draft])
    secret = set[str]() if ask.viewer.staff else _closed_rules(ask, {row["council_id"] for row in meetings})
    answers = [
        _minutes(ask, row, None if row["council_id"] in secret else expected.get(row["meeting_id"]))
        for row in meetings
    ]
    published = sum(t["state"] == "published" for t in answers)
    return Answer(
        says=(
            f"開かれたと記録されている会議{len(answers)}件のうち、会議録を公表したものは{published}件です。",
            f"Of {len(answers)} meetings on record as held, {published} have published minutes.",
        ),
        answer={"meetings": answers},
        events=cited(ask, [e for row in meetings for e in (row.get("doc") or {}).get("MeetingClosed", [])]),
        unknown=list(_unknown_minutes(answers)),
    )


def _closed_rules(ask: Ask, councils: set[str]) -> set[str]:
    """The councils something of whose rules is closed: what follows from them would tell it."""
    table = council_roster.council
    chosen = sa.select(table.table).where(table.table.c.council_id.in_(sorted(councils - {None})))
    closed_rows = rows(ask, table, chosen)
    closed = closed_in(ask.connection, (Council.stream_for(row["council_id"]) for row in closed_rows))
    return {
        row["council_id"]
        for row in closed_rows
        for rules in row["doc"]["rules"]
        if closed.fields_of(Council.stream_for(row["council_id"]), rules["said"]["event_id"])
        or closed.of_event(Council.stream_for(row["council_id"]), rules["said"]["event_id"])
    }


def _drafted(row: Json) -> list[Json]:
    """The newest draft of a meeting's minutes, if there is one."""
    drafts: list[Json] = (row.get("doc") or {}).get("MinutesDrafted") or []
    return drafts[-1:]


def _minutes(ask: Ask, row: Json, expected: due.Due | None) -> Json:
    published = ((row.get("doc") or {}).get("MinutesPublished") or [None])[-1]
    document = next((drafted.get("document_id") for drafted in _drafted(row)), None)
    closed = closed_in(ask.connection, [KINDS["Document"].stream_for(document)] if document else [])
    by = expected.due if expected is not None else None
    return {
        "meeting_id": row["meeting_id"],
        "title": _title(row),
        "starts_at": row.get("starts_at"),
        "state": row.get("state"),
        "document_id": document if published and not closed.parts else None,
        "published_on": published and published.get("on"),
        "expected_by": by and both(by.label("ja"), by.label("en")),
        "rule": both(*expected.rule) if expected is not None else None,
        "rule_url": due.BASIS["minutes"].address if expected is not None else None,
        "redactions": [
            {"field": r.get("part"), **_ground(msgspec.convert(r["disclosure"], Disclosure))}
            for r in (published or {}).get("redactions") or []
        ],
        "closed": [_ground(part) for part in closed.parts.values()],
    }


def _title(row: Json) -> str | None:
    scheduled: list[Json] = (row.get("doc") or {}).get("MeetingScheduled") or []
    return next((s["title"] for s in reversed(scheduled) if s.get("title")), None)


def _unknown_minutes(answers: list[Json]) -> Iterator[tuple[str, str]]:
    if not answers:
        yield "会議の開催と会議録", "any meeting that was held, and any minutes"
    for meeting in answers:
        if meeting["state"] != "published" and meeting["expected_by"] is None:
            ja, en = _called(meeting)
            yield (
                f"{ja}の会議録がいつ公表されるか",
                f"by when the minutes of {en} will be published",
            )


def _called(meeting: Json) -> tuple[str, str]:
    """A meeting by its title, else by its day."""
    if meeting["title"]:
        return f"「{meeting['title']}」", f"“{meeting['title']}”"
    if meeting["starts_at"]:
        day = day_json(day_in_japan(dt.datetime.fromisoformat(meeting["starts_at"])))
        return f"{day['ja']}の会議", f"the meeting of {day['en']}"
    return "日の記録のない会議", "a meeting of which no day is on record"
