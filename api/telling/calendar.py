"""A private calendar of an account, by an address that is a secret: meetings and what falls due.

A calendar is asked for by programs that sign in nowhere, and lies in clouds of others. So it tells what a
digest tells: titles that anybody may read, days and links; a closed meeting has its time and 非公開. What a
calendar program has already is known to it by UID (the meeting's id and the record's, for ever) and SEQUENCE
(moved or cancelled so many times); a meeting that is called off stays, as cancelled.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Flask, Response
from icalendar import Calendar, Event, vDuration, vText, vUri

from api.access.auth import accounts
from api.access.sessions import digest_of
from api.http.addresses import public_url
from api.http.clock import today
from api.http.language import in_language, language, register_in_each
from api.http.problems import NOT_FOUND
from api.setup.one_moment import living
from api.telling import preferences
from api.telling.digest import names_of
from api.telling.meetings import meeting_called, meetings_where
from api.telling.scope import Scope, scope_of
from domain.values.calendar import JAPAN
from projections.answers.due import Due
from projections.answers.due_list import KINDS as DUE_KINDS
from projections.answers.due_list import what_is_due
from projections.engine.event_json import Json
from projections.tables.record_id import record_id
from projections.views.meeting.meeting_register import meeting, place_of

DAYS_BACK = 400
"""Meetings of a year and a month; what is over for longer is in the record."""
REFRESHED = dt.timedelta(hours=4)

blueprint = Blueprint("told_calendar", __name__)


@blueprint.get("/calendar/<secret>.ics")
def show(secret: str) -> Response:
    """The calendar of the account that this secret belongs to."""
    base = public_url()
    with living() as connection:
        known = preferences.with_calendar(connection, digest_of(secret))
        account = accounts().with_id(known.account_id) if known is not None else None
        if known is None or account is None or account.disabled:
            raise NOT_FOUND()
        scope = scope_of(accounts(), account, today())
        feed = calendar_for(connection, scope, known.language, base, today())
    answer = Response(feed.to_ical(), content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Disposition"] = 'inline; filename="kyodo.ics"'
    return answer


def calendar_for(connection: sa.Connection, scope: Scope, language: str, base: str, day: dt.date) -> Calendar:
    """The meetings of the bodies of an account, and what falls due for it."""
    of = record_id(connection)
    name = "協働の記録（会議と期限）" if language == "ja" else "Kyodo Record: meetings and what is due"
    made = Calendar()
    made.add("prodid", "-//Kyodo Record//calendar//JA")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made["NAME"] = made["X-WR-CALNAME"] = vText(name)
    made["REFRESH-INTERVAL"] = made["X-PUBLISHED-TTL"] = vDuration(REFRESHED)
    made["REFRESH-INTERVAL"].params["VALUE"] = "DURATION"
    if not scope.roles:  # no longer one of the office: it empties by itself
        return made
    for event in (
        *_meetings(connection, scope, language, base, day, of),
        *_due(connection, scope, language, base, day, of),
    ):
        made.add_component(event)
    made.add_missing_timezones()
    return made


@blueprint.get("/meetings/<entity>/calendar.ics")
def show_meeting(entity: str) -> Response:
    """One meeting as anybody may know of it, to be put into a calendar."""
    base = public_url()
    with living() as connection:
        rows = meetings_where(connection, meeting.table.c.meeting_id == entity)
        if not rows or not _is_moment(rows[0].get("starts_at")):
            raise NOT_FOUND()
        made = Calendar()
        made.add("prodid", "-//Kyodo Record//calendar//JA")
        made.add("version", "2.0")
        made.add("method", "PUBLISH")
        made.add_component(_meeting(rows[0], language(), base, record_id(connection)))
    made.add_missing_timezones()
    answer = Response(made.to_ical(), content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Content-Disposition"] = 'attachment; filename="meeting.ics"'
    return answer


# ------------------------------------------------------------------------------------------- meetings


def _meetings(
    connection: sa.Connection, scope: Scope, language: str, base: str, day: dt.date, of: str
) -> Iterator[Event]:
    since = dt.datetime.combine(day - dt.timedelta(days=DAYS_BACK), dt.time(), JAPAN).astimezone(dt.UTC)
    meetings = meetings_where(connection, meeting.table.c.moment >= since.isoformat())
    own = scope.concerning(connection, {row["meeting_id"] for row in meetings})
    for row in meetings:
        if row["meeting_id"] in own and _is_moment(row.get("starts_at")):
            yield _meeting(row, language, base, of)


def _meeting(row: Json, language: str, base: str, of: str) -> Event:
    closed = "closed" in row
    course = row["course"]
    moved, called_off = course["MeetingRescheduled"], course["MeetingCancelled"]
    announced = course["MeetingNotified"]
    is_announced = bool(announced) and max(announced) > max(moved, default=0)
    status = "CANCELLED" if row["state"] == "cancelled" else "CONFIRMED" if is_announced else "TENTATIVE"
    if status == "TENTATIVE" and row["state"] not in ("scheduled", "notified"):
        status = "CONFIRMED"  # it was held, whatever is on record of its notice
    event = Event()
    event.add("uid", f"{row['meeting_id']}@{of}")
    event.add(
        "summary",
        ("非公開" if language == "ja" else "Not public") if closed else meeting_called(row, language),
    )
    event.add("dtstart", dt.datetime.fromisoformat(row["starts_at"]).astimezone(JAPAN))
    stamp = _stamp(course["changed_at"] or row["starts_at"])
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", len(moved) + len(called_off))
    event.add("status", status)
    address = f"{base}{in_language(language, '/meetings/' + row['meeting_id'])}"
    event["URL"] = vUri(address)
    if not closed and (place := place_of(row)):
        event.add("location", place)
    items = [] if closed else [item.get("title") for item in row.get("AgendaItemListed") or ()]
    event.add("description", "\n".join([*(t for t in items if isinstance(t, str)), address]))
    return event


def _is_moment(text: Any) -> bool:
    """Whether it is known, and not closed by itself, when a meeting is."""
    try:
        dt.datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return False
    return True


def _stamp(recorded_at: str) -> dt.datetime:
    """When what is told was recorded last: never now, or programs would see a change each time they ask."""
    return dt.datetime.fromisoformat(recorded_at).astimezone(dt.UTC).replace(microsecond=0)


# ------------------------------------------------------------------------------------------------ due


def _due(
    connection: sa.Connection, scope: Scope, language: str, base: str, day: dt.date, of: str
) -> Iterator[Event]:
    """What falls due on one known day. What is over stays until it is done."""
    kinds = scope.due_kinds
    items = what_is_due(connection, day, kinds) if kinds else []
    own = scope.concerning(connection, {item.thing for item in items if item.thing})
    dated = [i for i in items if _day(i) is not None and (i.thing is None or i.thing in own)]
    names = names_of(connection, {item.thing for item in dated if item.thing}, language)
    for item in dated:
        named = names.get(item.thing or "")
        kind = DUE_KINDS[item.kind][0 if language == "ja" else 1]
        title = named.title if named is not None else None
        event = Event()
        part = f"-{item.because['step_id']}" if item.because.get("step_id") else ""
        event.add("uid", f"due-{item.kind}-{item.because['said']['event_id']}{part}@{of}")
        event.add(
            "summary", ("期限: " if language == "ja" else "Due: ") + kind + (f" {title}" if title else "")
        )
        event.add("dtstart", _day(item))
        event.add("dtstamp", _stamp(item.because["said"]["recorded_at"]))
        event.add("transp", "TRANSPARENT")
        event["URL"] = vUri(f"{base}{named.path if named is not None else '/due'}")
        event.add("description", item.rule[0 if language == "ja" else 1])
        yield event


def _day(item: Due) -> dt.date | None:
    """The day on which it falls due; None where that is not one day."""
    due = item.due
    if due is None or due.latest is None or due.precision not in ("day", "instant"):
        return None
    return due.latest


def init_app(app: Flask) -> None:
    register_in_each(app, blueprint)
