"""What the screen of the day shows: the room and its quorum, each item as read and recorded, and the rest.

One story: one screen from its top to its foot.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa

from api.http.language import href, spoken, tr
from api.office.desk.drafting import required_account
from api.office.meetings.day_work import Day
from api.office.meetings.evening import (
    COUNTED,
    DISSENTS,
    METHODS_HERE,
    MOST_DISSENTS,
    MOST_OTHERS,
    RECUSED_BECAUSE,
    Evening,
    ItemSaid,
)
from api.office.meetings.recording import Composed, Vote
from api.office.meetings.statements import Asked, Roster
from api.pages.meeting.meeting_list import publicity, title_of
from api.pages.parts.names import Names
from api.pages.parts.serving import rows
from api.setup.store import record_store
from api.words import wording
from api.words.days import office_day
from domain.matter.aggregate import Matter
from domain.meeting.aggregate import Meeting
from domain.meeting.events import AgendaItemListed
from domain.values.calendar import JAPAN
from domain.values.quorum import check_quorum
from domain.values.resolution_methods import METHODS, RESULTS
from projections.answers.labels import document
from projections.engine.event_json import Json
from projections.views.meeting import meeting_register

KEYS = {"no_objection": "i", "majority_show": "t"}
ENDS = (
    ("resolve", "結論を出す", "resolve", ""),
    ("carry", "継続", "carry over", "c"),
    ("note", "了承", "note", "r"),
    ("entrust", "座長に一任", "entrust to the chair", ""),
)
NO_MEMBERS = (
    ("傍聴者", "an observer"),
    ("事務局", "staff"),
    ("助言者", "an adviser"),
    ("出席者", "somebody else"),
)
CAPACITIES = ("staff", "adviser", "guest")
STATE_WORDS = {
    "present": ("出席", "present"),
    "late": ("遅参", "late"),
    "early": ("早退", "left early"),
    "absent": ("欠席", "absent"),
    "written": ("書面", "in writing"),
    "online": ("オンライン", "online"),
}


def shown(at: Day, course: Evening, roster: Roster, composed: Composed) -> Json:
    meeting, body = at.meeting, at.body
    names = Names(at.connection, [at.row])
    base = f"/desk/meetings/{meeting.entity}"
    items = sorted(meeting.items.values(), key=lambda item: item.order)
    open_items = [item for item in items if item.item_id not in meeting.settled]
    return {
        "title": str(title_of(at.row, names)),
        "url": href(f"{base}/day"),
        "back": href(base),
        "minutes_url": href(f"{base}/minutes"),
        "when": office_day(at.day),
        "place": meeting_register.place_of(at.row),
        "publicity": publicity(at.row),
        "state": meeting.state,
        "live": at.is_live,
        "over": meeting.state not in ("scheduled", "notified", "open", "recess"),
        "room": _room(at, course, composed),
        "agenda": [_line(item, meeting, open_items) for item in items],
        "topics": [_item(at, item, course, roster, composed, n=n) for n, item in enumerate(items, 1)],
        "members": [_member(at, member, course) for member in body.members],
        "state_choices": [{"value": code, "label": tr(*words)} for code, words in STATE_WORDS.items()],
        "presiding": [{"value": member.seat, "label": member.name} for member in body.members],
        "moves": _moves(at, course),
        "ahead": _ahead(at),
        "people": list(at.people),
        "documents": list(at.documents),
        "others": list(range(MOST_OTHERS)) if not meeting.others else [],
        "others_known": [_other(other, at) for other in meeting.others or ()],
        "capacities": [
            {"value": code, "label": wording.value("capacity", code)}
            for code in ("staff", "adviser", "guest")
        ],
        "told": _told(at),
        "closing": _before_closing(open_items, course, roster),
        "opened": meeting.opened is not None,
        "writer": _writer(at),
    }


def label_of(meeting: Meeting) -> Callable[[str], str]:
    """What a field of the form is called, where two texts of it are shown."""

    def label(name: str) -> str:
        first, _, rest = name.partition(".")
        item = meeting.items.get(first)
        if item is not None:
            words = {"talk": tr("発言", "what was said"), "at": tr("採決の時刻", "time of the vote")}
            return f"{item.title}　{words.get(rest, rest)}"
        words = {
            "open": tr("開会", "opening"),
            "close": tr("閉会", "closing"),
            "att": tr("出欠", "attendance"),
        }
        return words.get(first, name)

    return label


def _writer(at: Day) -> str:
    """The user name of whoever writes it down."""
    me = required_account()
    return at.form.drafting.drafts.names([me]).get(me, "")


# -- the room


def _room(at: Day, course: Evening, composed: Composed) -> Json:
    """Who is counted now, how many are needed, by which rule; a dot for each member."""
    meeting, body = at.meeting, at.body
    in_room = meeting.in_the_room if meeting.opened is not None else _expected(course)
    over = at.meeting.closed is not None
    rules = body.rules
    check = check_quorum(rules.quorum if rules else None, len(body.members), len(in_room), body.seats)
    serving, present = len(body.members), len(in_room)
    return {
        "present": present,
        "serving": serving,
        "required": check.required,
        "result": check.result,
        "state": "ok"
        if check.result in ("met", "not_required")
        else "need"
        if check.result == "not_met"
        else "todo",
        "word": tr(*_RESULT_WORDS[check.result]),
        "rule": spoken(check.rule.label) if check.rule is not None else None,
        "rule_url": href(f"/council/{body.council_id}"),
        "counts": _what_counts(rules),
        "dots": [{"x": 10 + 18 * n, "filled": n < present} for n in range(serving)],
        "line": 18 * (check.required or 0) + 1,
        "width": max(18 * serving + 4, 40),
        "expected": meeting.opened is None,
        "over": over,
        "at": _time_of(meeting.last_at),
    }


_MARKS = {"met": "ok", "not_required": "ok", "not_met": "need", "rule_unknown": "todo"}
_RESULT_WORDS = {
    "met": ("成立", "quorate"),
    "not_met": ("不成立", "not quorate"),
    "not_required": ("定足数なし", "no quorum needed"),
    "rule_unknown": ("規則の記録なし", "no rule on record"),
}


def _expected(course: Evening) -> set[str]:
    """Who would be there at the opening, as the replies say."""
    there = {seat for seat, state in course.states.items() if state in COUNTED}
    return there | ({course.presiding} if course.presiding else set())


def _what_counts(rules: Any) -> str:
    if rules is None:
        return ""
    online = (
        tr("オンラインは数えます。", "Those online count.")
        if rules.online
        else tr("オンラインは認めません。", "Nobody attends online.")
    )
    written = (
        tr("書面の回答も数えます。", " Replies in writing count, too.")
        if rules.written_counts_present
        else tr("書面は数えません。", " Opinions in writing do not count.")
    )
    return online + written


def _time_of(moment: dt.datetime | None) -> str | None:
    return f"{moment.astimezone(JAPAN):%H:%M}" if moment is not None else None


def _moves(at: Day, course: Evening) -> list[Json]:
    """What has happened to the number: 18:30 開会 11人 → 18:42 相川が到着 12人."""
    names = {member.seat: member.family for member in at.body.members}
    opened = at.meeting.opened.at if at.meeting.opened is not None else course.opened
    if opened is None:
        return []
    present = len(
        {*(at.meeting.opened.present if at.meeting.opened else ())}
        or {course.presiding, *course.there("present"), *course.there("early")} - {""}
    )
    lines = [{"time": _time_of(opened), "what": tr("開会", "opened"), "present": present}]
    for movement in course.movements:
        if movement.what in ("arrive", "leave"):
            came = movement.what == "arrive"
            present += 1 if came else -1
            who = names.get(movement.seat, "")
            what = tr(f"{who}{'到着' if came else '退席'}", f"{who} {'came' if came else 'left'}")
        else:
            what = tr("休憩", "recess") if movement.what == "recess" else tr("再開", "resumed")
        lines.append({"time": _time_of(movement.time), "what": what, "present": present})
    return lines


def _member(at: Day, member: Any, course: Evening) -> Json:
    meeting = at.meeting
    on_record = member.seat in meeting.attended
    return {
        "seat": member.seat,
        "name": member.name,
        "belongs": member.belongs,
        "post": tr("座長", "chair")
        if member.seat == at.body.chair
        else tr("副座長", "acting chair")
        if member.seat == at.body.deputy
        else None,
        "state": course.states.get(member.seat, ""),
        "known": on_record,
        "here": member.seat in meeting.in_the_room,
        "word": member.seat in meeting.absences,
    }


def _other(other: Any, at: Day) -> Json:
    by_party = {about["party"]: name for name, about in at.people.items()}
    return {
        "name": by_party.get(other.party_id or "", ""),
        "post": other.post or "",
        "capacity": wording.value("capacity", other.capacity),
    }


def _ahead(at: Day) -> list[Json]:
    """The meetings to come of the body, to which an item may be carried over."""
    table = meeting_register.meeting.table
    chosen = sa.select(table).where(
        table.c.council_id == at.body.council_id,
        table.c.state.in_(("scheduled", "notified")),
        table.c.meeting_id != at.meeting.entity,
    )
    coming = rows(at.connection, "meetings", at.connection.execute(chosen.order_by(table.c.moment)))
    names = Names(at.connection, coming)
    return [{"value": m["meeting_id"], "label": f"{title_of(m, names)}"} for m in coming]


# -- items


def _line(item: AgendaItemListed, meeting: Meeting, open_items: list[AgendaItemListed]) -> Json:
    settled = item.item_id in meeting.settled
    current = meeting.opened is not None and open_items[:1] == [item] and meeting.closed is None
    word = tr("いま", "now") if current else tr("これから", "to come")
    return {
        "id": item.item_id,
        "title": item.title,
        "order": item.order,
        "state": "ok" if settled else "now" if current else "todo",
        "word": _outcome(item, meeting) if settled else word,
        "current": current,
    }


def _outcome(item: AgendaItemListed, meeting: Meeting) -> str:
    taken = [r for r in meeting.resolutions.values() if r.item_id == item.item_id]
    if taken:
        return tr(*RESULTS[taken[-1].result])
    return tr("終わり", "done")


def _item(
    at: Day, item: AgendaItemListed, course: Evening, roster: Roster, composed: Composed, n: int
) -> Json:
    meeting = at.meeting
    its = course.items.get(item.item_id)
    settled = item.item_id in meeting.settled
    matter = record_store().application.unit().find(Matter, item.matter_id) if item.matter_id else None
    reads = _reads(its, roster, at) if its is not None and not settled else []
    return {
        "id": item.item_id,
        "no": n,
        "title": item.title,
        "type": wording.value("type", item.type) if item.type else None,
        "settled": settled,
        "outcome": _outcome(item, meeting) if settled else None,
        "recorded": _recorded(at, item.item_id),
        "matter_url": href(f"/desk/matters/{item.matter_id}") if item.matter_id else None,
        "options": [
            {"value": option.option_id, "label": option.label, "text": option.text}
            for option in (matter.options.values() if matter is not None else ())
        ],
        "decides": bool(item.matters),
        "reads": reads,
        "asks": [line for line in reads if line["asked"]],
        "vote": _vote(its, composed.votes.get(item.item_id), at),
        "methods": [
            {"value": name, "label": _method(name), "key": KEYS.get(name, "")} for name in METHODS_HERE
        ],
        "ends": [{"value": code, "label": tr(ja, en), "key": key} for code, ja, en, key in ENDS],
        "dissents": list(range(MOST_DISSENTS)),
        "dissent_kinds": _words("kind", DISSENTS),
        "because": _words("reason_class", RECUSED_BECAUSE),
        "seats": [{"value": member.seat, "label": member.name} for member in at.body.members],
    }


def _words(field: str, codes: Iterable[str]) -> list[Json]:
    return [{"value": code, "label": wording.value(field, code)} for code in codes]


def _method(name: Any) -> str:
    return tr(METHODS[name].ja, METHODS[name].en)


def _reads(its: ItemSaid, roster: Roster, at: Day) -> list[Json]:
    """Each statement as it was read, and whom to ask about."""
    lines = []
    for spoken_line in its.spoken:
        who = roster.who(spoken_line.name)
        is_asked = isinstance(who, Asked)
        lines.append(
            {
                "name": spoken_line.name,
                "who": _who(who, at) + _stands(spoken_line.stance),
                "text": spoken_line.text,
                "asked": is_asked,
                "chosen": bool(at.form.form.text(f"who.{spoken_line.name}")),
                "field": f"who.{spoken_line.name}",
                "choices": _choices(who, at),
            }
        )
    return lines


def _stands(stance: str | None) -> str:
    return f"（{wording.value('stance', stance)}）" if stance is not None else ""


def _who(who: Any, at: Day) -> str:
    if isinstance(who, Asked):
        return (
            tr("同じ名前の人がいます", "more than one of that name")
            if who.several
            else tr("名簿にいません", "not on the roster")
        )
    if who.seat is None:
        return str(who.role)
    return at.body.name(who.seat)


def _choices(who: Any, at: Day) -> list[Json]:
    """Whom a name may mean: who is like it first, then every member, then who is none."""
    seats: Iterable[str] = dict.fromkeys(
        [*getattr(who, "like", ()), *(member.seat for member in at.body.members)]
    )
    members = [{"value": seat, "label": at.body.name(seat)} for seat in seats]
    roles = [
        ("傍聴者", "an observer"),
        ("事務局", "staff"),
        ("助言者", "an adviser"),
        ("出席者", "somebody else"),
    ]
    return [*members, *({"value": f"role:{ja}", "label": tr(ja, en)} for ja, en in roles)]


def _vote(its: ItemSaid | None, vote: Vote | None, at: Day) -> Json | None:
    if its is None or vote is None:
        return None
    tally = vote.tally
    return {
        "present": vote.present,
        "eligible": len(vote.eligible),
        "quorate": vote.quorum.result != "not_met",
        "required": vote.quorum.required,
        "needed": vote.needed,
        "against": tally.against if tally is not None else None,
        "not_voting": tally.not_voting if tally is not None else None,
        "result": tr(*RESULTS[vote.result]) if vote.result else None,  # type: ignore[index]
        "tied": vote.result == "tied" or bool(its.casting),
        "chair_out": at.body.rules is not None and at.body.rules.chair_votes != "always",
        "eligible_seats": [
            {"value": member.seat, "label": member.family}
            for member in at.body.members
            if member.seat in vote.eligible
        ],
        "method": its.method,
    }


def _recorded(at: Day, item_id: str) -> list[Json]:
    """What is on record of what was said on an item."""
    rows = at.connection.execute(meeting_register.statements(at.meeting.entity))
    listed = [document(row.doc) for row in rows if row.type == "StatementRecorded" and row.item_id == item_id]
    return [
        {
            "who": at.body.name(s.get("speaker")) or s.get("speaker_role") or "",
            "text": s.get("text") or "",
        }
        for s in listed
    ]


# -- the sentences, by item


def _told(at: Day) -> dict[str, list[Json]]:
    """The sentences that will stand: of each item, and of the room (by the empty name)."""
    matters = {matter: item.item_id for item in at.meeting.items.values() for matter in item.matters}
    by_item: dict[str, list[Json]] = {}
    for recorded, line in at.form.told:
        item = getattr(recorded.data, "item_id", None) or matters.get(recorded.entity, "")
        if recorded.type == "StatementRecorded":
            continue  # it is read beside what is typed
        by_item.setdefault(item, []).append(line)
    return by_item


def _before_closing(open_items: list[AgendaItemListed], course: Evening, roster: Roster) -> list[Json]:
    """What is left to do before the meeting is closed."""
    lines = [
        {
            "state": "todo",
            "label": item.title,
            "detail": tr("終わりかたが選ばれていません", "how it ended is not said"),
        }
        for item in open_items
        if not (its := course.items.get(item.item_id)) or not its.end
    ]
    names = {
        s.name for its in course.items.values() for s in its.spoken if isinstance(roster.who(s.name), Asked)
    }
    if names:
        detail = tr("発言者を選んでください", "choose who spoke")
        lines.append({"state": "warn", "label": tr("、", ", ").join(sorted(names)), "detail": detail})
    return lines
