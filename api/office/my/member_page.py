"""A member's own page: what comes, what there is to read, to answer and to sign.

Whoever holds a seat answers, asks and signs for that seat alone; the domain refuses anything else.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

import sqlalchemy as sa
from flask import Blueprint, flash, redirect
from werkzeug.wrappers import Response

from api.access.auth import current_caller, required_caller
from api.commands import give
from api.http import schemas
from api.http.clock import today
from api.http.language import href, tr
from api.http.problems import InvalidInput
from api.office.desk.coming import AHEAD
from api.office.desk.frame import Entry, Screen, office_page, typed
from api.office.desk.refused import shown
from api.office.desk.replies import REPLIES, Reply, replies_of, reply
from api.pages.meeting.meeting_list import title_of
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.reads.own_papers import MEMBERS
from api.reads.reading import reading
from api.setup.store import record_store
from api.words import wording
from api.words.days import away, near_day, office_day
from domain.kernel.record import KINDS
from domain.kernel.refusals import UNKNOWN_ID
from domain.meeting.aggregate import Meeting
from domain.recording.permission import forbidden
from domain.values.calendar import JAPAN, day_in_japan
from domain.values.refusal import Refusal
from projections.answers.labels import as_read, document
from projections.answers.own_papers import papers_of, seats_of
from projections.engine.event_json import Json
from projections.views.meeting import meeting_register
from projections.views.record import sources

MOST_STATEMENTS = 30
REASONS = ("work", "health", "family", "other")


def for_members() -> None:
    """Refuses FORBIDDEN to an account that holds no seat's role."""
    caller = current_caller()
    roles = caller.roles if caller else frozenset[str]()
    if roles.isdisjoint(MEMBERS):
        raise forbidden(MEMBERS, roles)


ENTRIES = (Entry("my", "/my", "委員のページ", "My page", permit=for_members),)


# -- reading


def show(refused: Json | None = None, status: int = 200, **_: str) -> Response:
    """The page; after a refusal with what was typed, and what is wrong with it."""
    caller, day = required_caller(), today()
    with reading() as connection:
        seats = seats_of(connection, caller.party_id)
        serving = [seat for seat in seats if seat.first_day <= day.isoformat() <= seat.last_day]
        councils = {seat.council_id for seat in serving}
        meetings = _meetings(connection, councils)
        papers = _papers(connection, councils, meetings)
        statements = _statements(connection, [seat.appointment_id for seat in seats])
        replies = {m["meeting_id"]: replies_of(connection, m["meeting_id"]) for m in meetings}
        names = Names(connection, [meetings, statements, [seat.council_id for seat in seats]])
        own = {seat.council_id: seat.appointment_id for seat in serving}
        ahead = [m for m in meetings if m["state"] in AHEAD]
        in_hand = [m for m in meetings if m["state"] == "circulated"]
        to_sign = [m for m in meetings if _signs(m, own.get(m["council_id"]))]
        return office_page(
            "office/my/member.html",
            "my",
            status=status,
            seats=[_seat(seat, names, day) for seat in seats],
            coming=[_coming(m, names, day, own[m["council_id"]], replies, papers) for m in ahead],
            circulated=[_draft(m, names, own[m["council_id"]], papers) for m in in_hand],
            to_sign=[_signing(m, names) for m in to_sign],
            statements=[_statement(s, names) for s in statements],
            reasons=[(name, wording.value("reason_class", name)) for name in REASONS],
            replies=[(name, tr(*words)) for name, words in REPLIES.items()],
            refused=refused,
            typed={name: typed().get(name, "") for name in ("meeting", "reply", "reason_class", "text")},
        )


def _meetings(connection: sa.Connection, councils: set[str]) -> list[Json]:
    """The meetings of these councils that lie ahead or whose minutes are in the making. Members see what is
    internal of their own council's."""
    view = meeting_register.meeting
    states = (*AHEAD, "closed", "minutes_drafted", "circulated", "confirmed")
    chosen = (
        sa.select(view.table)
        .where(view.table.c.council_id.in_(sorted(councils)), view.table.c.state.in_(states))
        .order_by(view.table.c.time, view.table.c.position)
    )
    rows = [as_read(view, tuple(row)) for row in connection.execute(chosen)]
    return [{**row["doc"], **{name: row[name] for name in row if name != "doc"}} for row in rows]


def _documents(meeting: Json) -> list[str]:
    of_items = [d for item in meeting.get("AgendaItemListed", ()) for d in item.get("document_ids") or ()]
    listed = marks.last(meeting.get("MeetingDocumentsListed")) or {}
    drafts = [draft["document_id"] for draft in meeting.get("MinutesDrafted", ())[-1:]]
    return list(dict.fromkeys([*of_items, *(listed.get("document_ids") or ()), *drafts]))


def _papers(connection: sa.Connection, councils: set[str], meetings: list[Json]) -> dict[str, Json]:
    """The papers of these meetings that are the council's own, by their titles."""
    wanted = {document for meeting in meetings for document in _documents(meeting)}
    papers: dict[str, Json] = {}
    for paper in sorted(papers_of(connection, councils, wanted)):
        known = sources.title_and_contents(connection, paper)
        if known is not None:
            title = known[0] or tr("題名のない資料", "a paper without a title")
            url = f"/api/v1/documents/{paper}/content" if known[1] else None
            papers[paper] = {"label": title, "url": url}
    return papers


def _statements(connection: sa.Connection, seats: list[str]) -> list[Json]:
    """What was said from these seats, the newest first."""
    table = meeting_register.statement.table
    spoken = [table.c.doc.contains(f'"speaker":"{seat}"', autoescape=True) for seat in seats]
    if not spoken:
        return []
    chosen = sa.select(table).where(table.c.type == "StatementRecorded", sa.or_(*spoken))
    rows = connection.execute(chosen.order_by(table.c.position.desc()).limit(MOST_STATEMENTS))
    return [{"meeting_id": row.meeting_id, **document(row.doc)} for row in rows]


# -- showing


def _seat(seat: Any, names: Names, day: dt.date) -> Json:
    first, last = dt.date.fromisoformat(seat.first_day), dt.date.fromisoformat(seat.last_day)
    return {
        "council": names.link(seat.council_id),
        "since": office_day(first) if first > dt.date.min else None,
        "until": office_day(last) if last < dt.date.max else None,
        "serving": first <= day <= last,
    }


def _coming(
    m: Json, names: Names, day: dt.date, own: str, replies: dict[str, dict[str, str]], papers: dict[str, Json]
) -> Json:
    at = dt.datetime.fromisoformat(m["starts_at"]).astimezone(JAPAN) if m["starts_at"] else None
    absent = any(e["appointment_id"] == own for e in m.get("AbsenceNotified", ()))
    return {
        "id": m["meeting_id"],
        "title": title_of(m, names),
        "url": names.url(m["meeting_id"]),
        "when": f"{office_day(at.date())} {at:%H:%M}" if at else tr("日時は未定", "no time yet"),
        "away": away(day_in_japan(at), day) if at else None,
        "place": meeting_register.place_of(m),
        "topics": [item["title"] for item in m.get("AgendaItemListed", ()) if item.get("title")],
        "papers": [papers[d] for d in _documents(m) if d in papers],
        "reply": replies[m["meeting_id"]].get(own),
        "absent_on_record": absent,
    }


def _draft(m: Json, names: Names, own: str, papers: dict[str, Json]) -> Json:
    circulated = marks.last(m.get("MinutesCirculated")) or {}
    answers = {a["request_id"]: a for a in m.get("MinutesAmendmentAnswered", ())}
    reply_by = circulated.get("reply_by")
    drafts = [draft["document_id"] for draft in m.get("MinutesDrafted", ())[-1:]]
    return {
        "id": m["meeting_id"],
        "title": title_of(m, names),
        "url": names.url(m["meeting_id"]),
        "reply_by": near_day(dt.date.fromisoformat(reply_by), today()) if reply_by else None,
        "papers": [papers[d] for d in drafts if d in papers],
        "requests": [
            _request(r, answers.get(r["request_id"]))
            for r in m.get("MinutesAmendmentRequested", ())
            if r["appointment_id"] == own
        ],
    }


def _request(request: Json, answer: Json | None) -> Json:
    if answer is None:
        state = tr("まだ返事はありません", "no answer yet")
    elif answer["accepted"]:
        state = tr("直すことになりました", "will be changed")
    else:
        reason = answer.get("reason")
        state = tr("直さないことになりました", "will not be changed") + (f": {reason}" if reason else "")
    return {"text": request["text"], "state": state}


def _signs(m: Json, own: str | None) -> bool:
    """Whether this seat is a signatory who has not signed the newest version."""
    named = marks.last(m.get("SignatoriesNamed")) or {}
    v = len(m.get("MinutesDrafted", ()))
    done = any(s["appointment_id"] == own and s["v"] == v for s in m.get("MinutesSigned", ()))
    return own in (named.get("signatories") or ()) and v > 0 and not done


def _signing(m: Json, names: Names) -> Json:
    return {
        "id": m["meeting_id"],
        "title": title_of(m, names),
        "url": names.url(m["meeting_id"]),
        "v": len(m.get("MinutesDrafted", ())),
    }


def _statement(s: Json, names: Names) -> Json:
    return {"meeting": names.link(s["meeting_id"]), "text": s["text"]}


# -- acting


def _own_seat(meeting_id: str) -> tuple[str, Json]:
    """The caller's seat in the council of a meeting, and the meeting. Refuses UNKNOWN_ID where there is
    none."""
    with reading() as connection:
        seats = seats_of(connection, required_caller().party_id, today())
        meetings = _meetings(connection, {seat.council_id for seat in seats})
    meeting = next((m for m in meetings if m["meeting_id"] == meeting_id), None)
    if meeting is None:
        raise UNKNOWN_ID(kind=Meeting.LABEL[0], kind_en=Meeting.LABEL[1], id=meeting_id[:80])
    seat = next(seat for seat in seats if seat.council_id == meeting["council_id"])
    return seat.appointment_id, meeting


def _acted(kind: str, command: str, entity: str, body: Json, done: str) -> Response:
    """Record one act of the member's own; or show the page again, with what is wrong."""
    declared = KINDS[kind].COMMANDS[command]
    try:
        give(declared, entity, schemas.accept(declared, body))
    except Refusal as refused:
        return show(shown(refused), 422)
    except InvalidInput as wrong:
        return show(shown(wrong.faults[0]), 422)
    flash(done, "success")
    return redirect(href("/my"), 303)


def answer_notice(meeting_id: str) -> Response:
    """Keep the answer; that one will be absent is recorded as well, unless it is on record."""
    own, meeting = _own_seat(meeting_id)
    answer = typed().get("reply", "")
    if answer not in REPLIES:
        return show(
            {
                "sentence": tr("返事を一つ選んでください。", "Choose one answer."),
                "rule": None,
                "what_next": None,
            },
            422,
        )
    if answer == "absent" and not any(e["appointment_id"] == own for e in meeting.get("AbsenceNotified", ())):
        body: Json = {"appointment_id": own, "received_on": today().isoformat()}
        if typed().get("reason_class") in REASONS:
            body["reason_class"] = typed()["reason_class"]
        answered = _acted(
            "Meeting",
            "record_absence",
            meeting_id,
            body,
            tr("欠席の届けを記録しました。", "Your absence is on record."),
        )
        if answered.status_code == 303:
            reply(record_store().engine, meeting_id, own, "absent")
        return answered
    reply(record_store().engine, meeting_id, own, cast(Reply, answer))
    flash(tr("返事を受け取りました。", "Your answer has been received."), "success")
    return redirect(href("/my"), 303)


def ask_for_change(meeting_id: str) -> Response:
    """Ask for a change of the draft minutes."""
    own, _ = _own_seat(meeting_id)
    request_id = record_store().application.new_id()
    body = {
        "request_id": f"request-{request_id[:8]}",
        "appointment_id": own,
        "text": typed().get("text", ""),
        "record": {"live": True},
    }
    done = tr("修正の申出を記録しました。", "Your request is on record.")
    return _acted("Meeting", "request_amendment", meeting_id, body, done)


def sign(meeting_id: str) -> Response:
    """Sign the newest version of the minutes by one's own account."""
    own, meeting = _own_seat(meeting_id)
    body = {
        "v": len(meeting.get("MinutesDrafted", ())),
        "appointment_id": own,
        "means": "account",
        "on": today().isoformat(),
    }
    return _acted(
        "Meeting",
        "sign_minutes",
        meeting_id,
        body,
        tr("署名を記録しました。", "Your signature is on record."),
    )


def register(blueprint: Blueprint) -> None:
    Screen("", show, permit=for_members).register(blueprint)
    for path, act in (("reply", answer_notice), ("amendment", ask_for_change), ("signature", sign)):
        Screen(f"/meetings/<meeting_id>/{path}", show, act, permit=for_members).register(blueprint)
