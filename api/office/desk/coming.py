"""次の会議: meetings that lie ahead or are going on, and what each still lacks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from api.http.language import href, spoken, tr
from api.office.desk.replies import counted, replies_of
from api.pages.meeting.meeting_list import title_of
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.pages.parts.serving import rows
from api.words.days import away, office_day, short_day
from domain.values.calendar import JAPAN, day_in_japan
from domain.values.quorum import QuorumRule
from projections.answers.in_force import in_force
from projections.answers.labels import as_read
from projections.answers.quorums import seats_on
from projections.engine.event_json import Json
from projections.views.council import council_roster
from projections.views.meeting import meeting_register

AHEAD = ("scheduled", "notified", "open", "recess", "in_writing")
SHOWN = 5


def coming_meetings(connection: sa.Connection, day: dt.date) -> list[Json]:
    """The next meetings as rows of the register, each with the numbers of its body on its day and
    with what members answered."""
    table = meeting_register.meeting.table
    begins = dt.datetime.combine(day, dt.time(), JAPAN).astimezone(dt.UTC).isoformat()
    going_on = table.c.state.in_(AHEAD[2:])
    chosen = (
        sa.select(table)
        .where(table.c.state.in_(AHEAD), sa.or_(table.c.moment >= begins, going_on))
        .order_by(table.c.moment, table.c.position)
        .limit(SHOWN)
    )
    meetings = rows(connection, "meetings", connection.execute(chosen))
    return [
        meeting
        | {
            "body": _body(connection, meeting),
            "replies": replies_of(connection, meeting["meeting_id"]),
        }
        for meeting in meetings
        if meeting.get("starts_at")
    ]


def _body(connection: sa.Connection, meeting: Json) -> Json:
    """How many serve on the day of the meeting, and how many of them must be there by the rules of that
    day."""
    day = _day(meeting)
    table = council_roster.council
    row = connection.execute(
        sa.select(table.table).where(table.table.c.council_id == meeting.get("council_id"))
    ).first()
    if row is None or meeting.get("group_id"):
        return {"serving": None, "required": None, "rule": None}
    doc = as_read(table, tuple(row))["doc"]
    holders = council_roster.roster(str(meeting["council_id"]), day).subquery()
    serving = connection.execute(sa.select(sa.func.count()).select_from(holders)).scalar_one()
    rules = in_force([r for r in doc.get("rules") or () if "closed" not in r], day)
    stated = (rules or {}).get("quorum")
    rule = msgspec.convert(stated, QuorumRule) if stated else None
    counted_of = seats_on(doc, day) if rule is not None and rule.denominator == "seats" else serving
    required = rule.required(counted_of) if rule is not None and counted_of is not None else None
    return {"serving": serving, "required": required, "rule": msgspec.to_builtins(rule)}


def _day(meeting: Json) -> dt.date:
    return day_in_japan(dt.datetime.fromisoformat(meeting["starts_at"]))


def show_coming(meeting: Json, names: Names, today: dt.date) -> Json:
    """A meeting as the desk shows it: when and where, and its checks."""
    at = dt.datetime.fromisoformat(meeting["starts_at"]).astimezone(JAPAN)
    return {
        "title": title_of(meeting, names),
        "url": href(f"/desk/meetings/{meeting['meeting_id']}"),
        "when": f"{office_day(at.date())} {at:%H:%M}",
        "away": away(at.date(), today),
        "place": meeting_register.place_of(meeting),
        "checks": [_notice(meeting), _agenda(meeting), _documents(meeting), *_attendance(meeting)],
    }


def _check(state: str, label: str, detail: str) -> Json:
    """``state``: ok, part, need, warn or todo, as the style sheet draws it."""
    return {"state": state, "label": label, "detail": detail}


def _notice(meeting: Json) -> Json:
    label = tr("通知", "Notice")
    notified = marks.last(meeting.get("MeetingNotified"))
    if notified is None:
        return _check("need", label, tr("まだ通知していません", "not given yet"))
    if "notice_on" not in notified:
        return _check("ok", label, tr("通知ずみ", "given"))
    given_on = short_day(dt.date.fromisoformat(notified["notice_on"]))
    return _check("ok", label, tr(f"{given_on}に通知", f"given on {given_on}"))


def _agenda(meeting: Json) -> Json:
    label, items = tr("次第", "Agenda"), meeting.get("AgendaItemListed") or ()
    if not items:
        return _check("todo", label, tr("議題がありません", "no items yet"))
    return _check(
        "ok", label, tr(f"議題{len(items)}件", f"{len(items)} items" if len(items) > 1 else "1 item")
    )


def _documents(meeting: Json) -> Json:
    label, listed = tr("資料", "Papers"), marks.last(meeting.get("MeetingDocumentsListed"))
    of_items = {d for item in meeting.get("AgendaItemListed") or () for d in item.get("document_ids") or ()}
    number = len(of_items | set((listed or {}).get("document_ids") or ()))
    if number:
        return _check("ok", label, tr(f"{number}点", f"{number} papers" if number > 1 else "1 paper"))
    if listed is not None:
        return _check("ok", label, tr("なしと記録", "none, as recorded"))
    return _check("todo", label, tr("まだありません", "none yet"))


def _attendance(meeting: Json) -> Sequence[Json]:
    """Who sent word of being absent, and whether enough can be there."""
    body: dict[str, Any] = meeting["body"]
    absent, serving, required = len(meeting.get("AbsenceNotified") or ()), body["serving"], body["required"]
    if serving is None:
        return ()
    answers = counted(meeting["replies"])
    coming = answers["present"] + answers["online"]
    replies = _check(
        "ok" if coming + absent >= serving else "part" if coming + absent else "todo",
        tr("出欠", "Attendance"),
        tr(
            f"委員{serving}人のうち出席の返事{coming}人、欠席の届け{absent}人",
            f"of {serving} members {coming} will come, {absent} will be absent",
        ),
    )
    label = tr("定足数の見込み", "Quorum, as expected")
    if required is None:
        unknown = body["rule"] is None
        text = (
            tr("規則の記録がありません", "no rule on record")
            if unknown
            else spoken(msgspec.convert(body["rule"], QuorumRule).label)
        )
        return replies, _check("todo" if unknown else "ok", label, text)
    able = serving - absent
    text = tr(f"出席できる{able}人、必要{required}人", f"{able} can be there, {required} needed")
    return replies, _check("need" if able < required else "warn" if able == required else "ok", label, text)
