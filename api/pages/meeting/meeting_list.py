"""The register of meetings 会議の記録, and the next meeting anybody may know of (domain.md P4, P5)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from api.http.clock import today
from api.http.language import tr
from api.pages.parts import marks
from api.pages.parts.names import Label, Names
from api.pages.parts.quorum import quorum_label, standing
from api.pages.parts.serving import first_url, next_url, rows
from api.reads.as_of import day_shown
from api.reads.reading import page_of
from api.words import wording
from domain.values.calendar import day_in_japan
from projections.answers.quorums import with_checks_anew
from projections.engine.event_json import Json
from projections.views.meeting import meeting_register

_AHEAD = ("scheduled", "notified")
_SOON = 50


def next_meeting(connection: sa.Connection, council_id: str | None = None) -> Json | None:
    """The first meeting from today on that is planned and not cancelled; None if none is on record."""
    return count_and_next(connection, council_id)[1]


def count_and_next(connection: sa.Connection, council_id: str | None = None) -> tuple[int, Json | None]:
    """How many meetings are on record, and the first from today on that is planned and not cancelled."""
    table = meeting_register.meeting.table
    every = sa.select(sa.func.count().label("every")).select_from(table)
    if council_id is not None:
        every = every.where(table.c.council_id == council_id)
    chosen = meeting_register.meetings(council_id=council_id).where(
        table.c.state.in_(_AHEAD), table.c.starts_at.is_not(None)
    )
    counted, ahead = every.subquery(), chosen.limit(_SOON).subquery()
    both = sa.select(*ahead.c, counted.c.every).select_from(counted.outerjoin(ahead, sa.true()))
    upcoming = connection.execute(both.order_by(ahead.c.time)).all()
    coming = _coming(rows(connection, "meetings", (row for row in upcoming if row.meeting_id is not None)))
    return upcoming[0].every, coming


def _coming(ahead: list[Json]) -> Json | None:
    coming = [m for m in ahead if m.get("starts_at") and _day(m["starts_at"]) >= today()]
    return min(coming, key=lambda m: dt.datetime.fromisoformat(m["starts_at"]), default=None)


def _day(starts_at: str) -> dt.date:
    return day_in_japan(dt.datetime.fromisoformat(starts_at))


def show_next(meeting: Json | None, names: Names) -> Json | None:
    """The next meeting as the pages announce it."""
    if meeting is None:
        return None
    return {
        "title": title_of(meeting, names),
        "date": marks.date(meeting["starts_at"]),
        "place": meeting_register.place_of(meeting),
        "url": names.url(meeting["meeting_id"]),
        "topics": [
            item.get("title") or tr("（非公開の議題）", "(an item that is not public)")
            for item in meeting.get("AgendaItemListed", ())
        ],
        "attend_label": _attend(marks.last(meeting.get("MeetingNotified"))),
    }


def _attend(notified: Json | None) -> str | None:
    """Whether the public may attend, and how many."""
    if notified is None:
        return None
    publicity_words = wording.value("publicity", notified["publicity"])
    capacity = notified["observer_capacity"]
    return (
        publicity_words
        if capacity is None
        else tr(f"{publicity_words}（定員{capacity}人）", f"{publicity_words} ({capacity} places)")
    )


def title_of(meeting: Json, names: Names) -> Label:
    """第12回 全体会: as named, else by its number and kind."""
    scheduled: Json = marks.first(meeting.get("MeetingScheduled")) or {}
    if scheduled.get("title"):
        return str(scheduled["title"])
    kind = wording.value("kind", meeting["kind"]) if meeting.get("kind") else tr("会議", "meeting")
    number = number_label(meeting)
    return tr(f"{number} {kind}", f"{kind} {number}") if number else kind


def number_label(meeting: Json) -> str | None:
    """第12回; where numbers begin anew each year, 令和6年度第3回."""
    scheduled: Json = marks.first(meeting.get("MeetingScheduled")) or {}
    number, year = scheduled.get("no"), scheduled.get("no_year")
    if number is None:
        return None
    if year is None:
        return tr(f"第{number}回", f"no. {number}")
    if scheduled.get("numbered_by") == "fiscal_year":
        within = marks.fiscal_year(year)
    else:
        within = (marks.date({"value": str(year), "precision": "calendar_year"}) or {}).get("label")
    return tr(f"{within}第{number}回", f"no. {number} of {within}")


# -- the page


def read(connection: sa.Connection) -> Json:
    page = page_of(connection, meeting_register.meetings())
    return {
        "meetings": with_checks_anew(connection, rows(connection, "meetings", list(page))),
        "next_meeting": next_meeting(connection),
        "next": next_url(page),
    }


def show(data: Json, names: Names) -> Json:
    return {
        "entries": [_entry(m, names) for m in data["meetings"]],
        "next_meeting": show_next(data["next_meeting"], names),
        "next_url": data["next"],
        "first_url": first_url(),
    }


def _entry(m: Json, names: Names) -> Json:
    label, tone = wording.state("Meeting", state_of(m))
    counted = attendance(m)
    return {
        "title": title_of(m, names),
        "url": names.url(m["meeting_id"]),
        "date": when(m),
        "kind_label": wording.value("kind", m["kind"]) if m.get("kind") else None,
        "state_label": label,
        "tone": tone,
        "serving": counted["serving"],
        "present": counted["present"],
        "quorum_label": quorum_label(counted["quorum"]),
        "publicity_label": publicity(m),
        "minutes_label": minutes_label(m),
    }


def state_of(m: Json) -> str:
    """The state a reader is shown: a meeting that was planned for a day which has passed is no plan any more;
    whether it was held, nobody recorded."""
    if m["state"] not in _AHEAD:
        return str(m["state"])
    planned = marks.first(m.get("MeetingScheduled"))
    latest = planned["said"]["effective"]["latest"] if planned and "said" in planned else None
    day = _day(m["starts_at"]).isoformat() if m.get("starts_at") else latest
    return "not_recorded" if day is not None and day < day_shown().isoformat() else str(m["state"])


def when(m: Json) -> Json | None:
    """When it was or will be held, as precisely as anybody recorded it."""
    if m.get("starts_at"):
        return marks.date(m["starts_at"])
    first = marks.first(m.get("MeetingOpened") or m.get("MeetingScheduled"))
    return marks.date(first["said"]["effective"]) if first else None


def attendance(m: Json) -> dict[str, Any]:
    """Who was there by number: by the check at the opening, counted anew if somebody was forgotten; else as a
    source counts it."""
    opened = marks.last(m.get("MeetingOpened") or m.get("MeetingFoundInquorate") or m.get("MeetingHeld"))
    later = marks.last(m.get("AttendanceKnownLater"))
    counted: Json = marks.last(m.get("AttendanceCountRecorded")) or {}
    last = later if later is not None and later.get("quorum") else opened
    quorum = standing(last)
    return {
        "quorum": quorum,
        "serving": (quorum or {}).get("serving", counted.get("members_serving")),
        "present": (quorum or {}).get("present", counted.get("members_present")),
    }


def publicity(m: Json) -> str | None:
    """Open, or partly closed: as announced, and as the meeting then decided."""
    if m.get("ItemClosedToPublic"):
        return wording.value("publicity", "partly_closed")
    announcement = marks.last(m.get("OpennessRecorded") or m.get("MeetingNotified"))
    return (
        wording.value("publicity", announcement["publicity"])
        if announcement and announcement.get("publicity")
        else None
    )


def minutes_label(m: Json) -> str | None:
    """How far the minutes have come; None if nothing is recorded of them."""
    stages = ("MinutesPublished", "MinutesConfirmed", "MinutesCirculated", "MinutesDrafted")
    words = (
        ("公表", "published"),
        ("確認済み", "confirmed"),
        ("確認中", "being confirmed"),
        ("作成中", "being drafted"),
    )
    return next((tr(*word) for stage, word in zip(stages, words, strict=True) if m.get(stage)), None)
