"""One meeting 会議: when, how many, the agenda with what was said and resolved, the minutes (P4, P5)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Blueprint

from api.http.language import tr
from api.pages.meeting import meeting_list, reported
from api.pages.meeting.meeting_list import attendance, number_label, publicity, state_of, title_of, when
from api.pages.meeting.minutes import show_minutes
from api.pages.parts import marks, paper_links
from api.pages.parts.names import Names
from api.pages.parts.quorum import quorum, standing, tally
from api.pages.parts.serving import Page, one, rows
from api.pages.parts.steps import key_steps
from api.pages.parts.trails import gaps, prov_url
from api.reads.reading import is_staff
from api.words import wording
from projections.answers.labels import document
from projections.answers.public_cut import public_row
from projections.answers.quorums import with_checks_anew
from projections.answers.reach import around
from projections.answers.trail import trail
from projections.engine.event_json import Json
from projections.views.council import council_roster
from projections.views.meeting import meeting_register
from projections.views.record.closed_parts import closed_in

MOST_STATEMENTS = 1_000


def read(connection: sa.Connection, entity: str) -> Json:
    around(connection, entity)  # first: so all that is near it is asked together whether it is closed
    (meeting,) = with_checks_anew(connection, [one(connection, "meetings", entity)])
    return {
        "meeting": meeting,
        "said": _said(connection, entity),
        "session": _sessions(connection, meeting.get("council_id")),
        "trail": trail(connection, entity, staff=is_staff()),
    }


def _sessions(connection: sa.Connection, council_id: str | None) -> list[Json]:
    """The sessions of the body, as this reader may see them."""
    table = council_roster.council.table
    council = connection.execute(sa.select(table).where(table.c.council_id == council_id)).all()
    return [s for row in rows(connection, "councils", council) for s in row["sessions"] if "name" in s]


def _said(connection: sa.Connection, entity: str) -> list[Json]:
    """What was said, who came and went: as this reader may see it."""
    statements = connection.execute(meeting_register.statements(entity).limit(MOST_STATEMENTS))
    listed = [{"type": row.type, **document(row.doc)} for row in statements]
    if is_staff():
        return listed
    closed = closed_in(connection, [entity])
    return [{"item_id": s.get("item_id"), **public_row(s, closed, entity)} for s in listed]


def show(data: Json, names: Names) -> Json:
    m, way = data["meeting"], data["trail"]
    label, tone = wording.state("Meeting", state_of(m))
    counted = attendance(m)
    ended: Json = marks.last(m.get("MeetingClosed")) or {}
    return {
        "title": title_of(m, names),
        "kind_label": wording.value("kind", m["kind"]) if m.get("kind") else tr("会議", "meeting"),
        "state_label": label,
        "tone": tone,
        "council": names.link(m.get("council_id")),
        "date": when(m),
        "place": meeting_register.place_of(m),
        "number_label": number_label(m),
        "session": _session(m, data["session"]),
        "ended": marks.date((marks.last(m.get("MeetingHeld")) or {}).get("ended_at")),
        "known_attendees": _known(marks.last(m.get("MeetingHeld"))),
        "presiding_label": _presiding(m),
        "publicity_label": publicity(m),
        "observers": ended.get("observers"),
        "notice": _notice(marks.last(m.get("MeetingNotified"))),
        "attendance": _attendance(counted, data["said"], ended, marks.last(m.get("OthersAttended"))),
        "absent": len(m.get("AbsenceNotified", ())) or None,
        "quorum": quorum(counted["quorum"]),
        "agenda": [_item(item, m, data["said"], names) for item in m.get("AgendaItemListed", ())],
        "minutes": show_minutes(m, names),
        "papers": paper_links.of_meeting(m["meeting_id"]),
        "steps": key_steps(way, names),
        "not_recorded": gaps(way["not_recorded"]),
        "formats": {"prov": prov_url(m["meeting_id"])},
    }


def _presiding(m: Json) -> str | None:
    """Who presided, by role: a meeting is opened by the chair or who stands in for the chair; of one of which
    it is only known that it was held, a member, if the source says who."""
    if m.get("MeetingOpened"):
        return tr("座長または職務代理", "the chair or acting chair")
    held: Json = marks.last(m.get("MeetingHeld")) or {}
    return tr("委員（出典による）", "a member, as the source says") if held.get("presided") else None


def _known(held: Json | None) -> str | None:
    """How many of those who were there the source tells of by name or by seat, and which seats."""
    known = (held or {}).get("known_attendees") or ()
    if not known:
        return None
    seats = [k["seat"] for k in known if isinstance(k, dict) and k.get("seat")]
    named = len(known) - len(seats)
    parts = [tr(f"氏名の記載{named}人", f"{named} by name") if named else None, *seats]
    return tr("、", ", ").join(filter(None, parts))


def _session(m: Json, sessions: list[Json]) -> str | None:
    """The session in which it was held."""
    wanted = (marks.first(m.get("MeetingScheduled")) or {}).get("session_id")
    named = (s["name"] for s in sessions if s.get("session_id") == wanted and wanted is not None)
    return next(named, None)


def _notice(notified: Json | None) -> Json | None:
    if notified is None:
        return None
    urgent = notified["urgent_reason"]
    return {
        "date": marks.day(notified["notice_on"]),
        "label": tr(f"緊急: {urgent}", f"urgent: {urgent}") if urgent else None,
    }


def _attendance(counted: dict[str, Any], statements: list[Json], ended: Json, others: Json | None) -> Json:
    """By number; advisers and staff as they were recorded with their posts, else as the close counts them."""
    beside = [other["capacity"] for other in (others or {}).get("others") or ()]
    online = [s for s in statements if s["type"] == "AttendeeArrived" and s.get("mode") == "online"]
    written = [s for s in statements if s["type"] == "WrittenOpinionReceived"]
    return {
        "serving": counted["serving"],
        "present": counted["present"],
        "online": len(online) or None,
        "written": len(written) or None,
        "advisers": beside.count("adviser") if others else None,
        "staff": ended.get("staff")
        if ended.get("staff") is not None or not others
        else beside.count("staff"),
    }


def _item(item: Json, m: Json, statements: list[Json], names: Names) -> Json:
    key = item["item_id"]
    closed = _closed(item, m)

    def about(name: str) -> list[Json]:
        return [e for e in m.get(name, ()) if e.get("item_id") == key]

    resolution = marks.last(about("ResolutionTaken"))
    return {
        "key": key,
        "no": item.get("printed_no") or item.get("order"),
        "title": item.get("title") or tr("（非公開の議題）", "(an item that is not public)"),
        "type_label": wording.value("type", item["type"]) if item.get("type") else None,
        "matters": names.links([*filter(None, (item.get("matter_id"),)), *(item.get("matter_ids") or ())]),
        "outcome_label": _outcome(about, resolution),
        "closed": closed,
        "recusals": [
            wording.value("reason_class", e["reason_class"])
            for e in about("RecusalDeclared")
            if "closed" not in e
        ],
        "statements": [] if closed else [_statement(s) for s in statements if _spoken(s, key)],
        "workshop": [_workshop(w) for w in about("WorkshopOutputRecorded") if "closed" not in w],
        "resolution": _resolution(resolution, names) if resolution and "closed" not in resolution else None,
        "reported": [reported.show(e, names) for e in about("ResolutionReported") if "closed" not in e],
    }


def _closed(item: Json, m: Json) -> Json | None:
    """Why the item was dealt with behind closed doors; None if it was open."""
    decided = marks.last([e for e in m.get("ItemClosedToPublic", ()) if e.get("item_id") == item["item_id"]])
    if decided is not None and "disclosure" in decided:
        disclosure = decided["disclosure"]
        return {
            "reason": wording.value("ground", disclosure["ground"]) if disclosure.get("ground") else None,
            "review_on": (marks.day(disclosure.get("review_on")) or {}).get("label"),
        }
    return marks.closed_reason(item) or (marks.closed_reason(decided) if decided else None)


def _outcome(about: Any, resolution: Json | None) -> str | None:
    if resolution is not None and "result" in resolution:
        return wording.value("result", resolution["result"])
    report = reported.result_label(marks.last(about("ResolutionReported")))
    if report is not None:
        return report
    for name, words in (
        ("ItemCarriedOver", ("継続", "carried over")),
        ("ItemNoted", ("了承", "noted")),
        ("ItemDropped", ("取下げ", "dropped")),
    ):
        if about(name):
            return tr(*words)
    return None


def _spoken(s: Json, item: str) -> bool:
    return s["type"] == "StatementRecorded" and s.get("item_id") == item and "closed" not in s


def _statement(s: Json) -> Json:
    role, stance = s.get("speaker_role"), s.get("stance")
    return {
        "id": s.get("statement_id"),
        "answers": s.get("answers_to"),
        "speaker_label": wording.value("role", role) if role else None,
        "stance_label": wording.value("stance", stance) if stance else None,
        "text": s["text"],
    }


def _workshop(w: Json) -> Json:
    return {
        "theme": w["theme"],
        "clusters": [
            {"label": c["label"], "cards": c.get("cards", ()), "dots": c.get("dots")} for c in w["clusters"]
        ],
    }


def _resolution(r: Json, names: Names) -> Json:
    tone = {"adopted": "good", "adopted_with_conditions": "good", "agreed": "good", "rejected": "bad"}
    return {
        "method_label": wording.value("method", r["method"]),
        "result_label": wording.value("result", r["result"]),
        "tone": tone.get(r["result"], "info"),
        "objections": r["objections"] or 0,
        "options_version": r["options_version"],
        "text": r["outcome_text"] or r["limits"],
        "quorum": quorum(standing(r), r["recused"]),
        "tally": tally(r),
        **marks.fact(r["said"], names),
    }


def register(blueprint: Blueprint) -> None:
    Page(
        "/meetings",
        "meeting/meetings.html",
        "council",
        meeting_list.read,
        meeting_list.show,
        whole=False,
    ).register(blueprint)
    Page("/meetings/<entity>", "meeting/meeting.html", "council", read, show, whole=False).register(blueprint)
