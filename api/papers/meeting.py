"""What the papers of a meeting have in common: what its page reads and shows, who sat on the council that
day, and who of them was there.

Seats are told of by person only to those whose work it is; everybody else gets the numbers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa

from api.http.language import tr
from api.pages.meeting import meetings
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.papers import people, words
from api.papers.structure import Facts
from api.reads.as_of import day_shown
from api.words import wording
from domain.values.calendar import day_in_japan
from projections.engine.event_json import Json
from projections.views.council import council_roster
from projections.views.meeting import meeting_register


def read(connection: sa.Connection, entity: str) -> Json:
    """What the page of the meeting reads, with the roster of its day for those who see names."""
    data = meetings.read(connection, entity)
    meeting = data["meeting"]
    seats = _serving(connection, meeting) if people.sees_names() else []
    others = [other.get("party_id") for other in _others(meeting)]
    named = people.by_name(connection, others if seats or people.sees_names() else [], seats)
    return {**data, "seats": seats, "people": named}


def _serving(connection: sa.Connection, meeting: Json) -> list[Json]:
    """Who held a seat on the day of the meeting, in the order of their terms."""
    council = meeting.get("council_id")
    if council is None:
        return []
    on = day_of(meeting) or day_shown()
    return [
        {"seat": row.appointment_id.rpartition("/")[2], "party_id": row.party_id, "category": row.category}
        for row in connection.execute(council_roster.roster(council, on))
    ]


def day_of(meeting: Json) -> dt.date | None:
    """The day on which it was or will be held, as far as one day is known."""
    if meeting.get("starts_at"):
        return day_in_japan(dt.datetime.fromisoformat(meeting["starts_at"]))
    held = marks.last(meeting.get("MeetingHeld"))
    known = marks.date(held["said"]["effective"]) if held else None
    return dt.date.fromisoformat(known["value"]) if known and known["precision"] == "day" else None


def _others(meeting: Json) -> list[Json]:
    return (marks.last(meeting.get("OthersAttended")) or {}).get("others") or []


class Meeting:
    """One meeting as its papers show it: ``page`` is what its page shows."""

    def __init__(self, data: Json, names: Names):
        self.data, self.names = data, names
        self.meeting: Json = data["meeting"]
        self.page = meetings.show(data, names)
        self.events = words.typed(self.meeting)
        self.said: list[Json] = data["said"]

    @property
    def title(self) -> str:
        """What the meeting is called: みなも市協働市民会議　第2回全体会."""
        return words.plain(self.page["title"])

    @property
    def council(self) -> str:
        return words.plain(self.page["council"]["label"]) if self.page["council"] else words.unrecorded()

    @property
    def when(self) -> str:
        """From when to when it was, or will be."""
        day = words.day(self.page["date"], time=True)
        e = next(
            (self.events[n][-1] for n in ("MeetingOpened", "MeetingScheduled") if n in self.events), None
        )
        begins = words.starred(day, e, day=True) if e else day
        closed = marks.last(self.meeting.get("MeetingClosed")) or marks.last(self.meeting.get("MeetingHeld"))
        ended = (closed or {}).get("at") or (closed or {}).get("ended_at")
        return (
            tr(f"{begins}から{words.hour(ended)}まで", f"{begins} to {words.hour(ended)}")
            if ended
            else begins
        )

    @property
    def place(self) -> str:
        place = meeting_register.place_of(self.meeting)
        return words.plain(place) if place else words.unrecorded()

    @property
    def documents(self) -> list[str] | None:
        """What was before it; None where nobody recorded whether there was anything."""
        listed = self.meeting.get("MeetingDocumentsListed")
        if not listed:
            return None
        ids = [document for e in listed for document in e.get("document_ids") or ()]
        return [words.plain(self.names.label(document)) for document in ids]

    @property
    def openness(self) -> str:
        """Open or closed, and why."""
        label = self.page["publicity_label"]
        closed = [item for item in self.page["agenda"] if item["closed"]]
        reasons = [
            tr(
                f"議題{item['no']}は非公開（{item['closed']['reason']}）",
                f"item {item['no']} closed ({item['closed']['reason']})",
            )
            for item in closed
            if item["closed"]["reason"]
        ]
        return words.sentences(label, *reasons) if label else words.unrecorded()

    def items(self) -> Iterator[tuple[str, str, str]]:
        """Number, title and kind of each item of the agenda."""
        for item in self.page["agenda"]:
            yield str(item["no"]), words.plain(item["title"]), item["type_label"] or words.none()

    def notified(self) -> Json | None:
        return marks.last(self.events.get("MeetingNotified"))  # type: ignore[no-any-return]

    # -- who was there

    def numbers(self) -> list[tuple[str, str]]:
        """Attendance by number, as the page has it."""
        counted = self.page["attendance"]
        counts = (
            (tr("在任委員", "Members serving"), counted["serving"]),
            (tr("出席委員", "Members present"), counted["present"]),
            (tr("うちオンライン", "of them online"), counted["online"]),
            (tr("書面の意見", "Opinions in writing"), counted["written"]),
            (tr("欠席の届出", "Absences notified"), self.page["absent"]),
            (tr("アドバイザー", "Advisers"), counted["advisers"]),
            (tr("事務局", "Staff"), counted["staff"]),
            (tr("傍聴者", "Observers"), self.page["observers"]),
        )
        needed = {counts[0][0], counts[1][0]}
        return [
            (name, words.people(count) if count is not None else words.unrecorded())
            for name, count in counts
            if count is not None or name in needed
        ]

    def seats(self) -> list[tuple[str, str, str, str]]:
        """For each seat of the day: category, name, whether its holder was there, and what more is known;
        nothing for whoever does not see names."""
        return [
            (
                wording.value("category", seat["category"]),
                self.data["people"].get(seat["party_id"]) or words.unrecorded(),
                *self._presence(seat["seat"]),
            )
            for seat in self.data["seats"]
        ]

    def _presence(self, seat: str) -> tuple[str, str]:
        there = self._was_there(seat)
        notes = [note for note in self._notes(seat) if note]
        return there, tr("、", ", ").join(notes) or words.none()

    def _was_there(self, seat: str) -> str:
        present, absent = tr("出席", "present"), tr("欠席", "absent")
        if self.meeting.get("WrittenProcedureStarted"):
            replied = any(e.get("appointment_id") == seat for e in self._said("WrittenReplyReceived"))
            return (
                tr("書面で回答", "replied in writing")
                if replied
                else tr("回答の記録なし", "no reply on record")
            )
        opened = marks.last(self.meeting.get("MeetingOpened") or self.meeting.get("MeetingFoundInquorate"))
        if opened is not None:
            if seat in (opened.get("present") or ()) or seat == opened.get("presiding"):
                return present
            return present if self._came(seat) or self._known_later(seat) else absent
        held = marks.last(self.meeting.get("MeetingHeld"))
        if held is not None:
            known = {k.get("appointment_id") for k in held.get("known_attendees") or ()}
            return present if seat in known or self._known_later(seat) else words.unrecorded()
        return words.none()

    def _notes(self, seat: str) -> Iterator[str | None]:
        """Chair, late, early, online, recused, notice of absence, known later."""
        opened = (
            marks.last(self.meeting.get("MeetingOpened")) or marks.last(self.meeting.get("MeetingHeld")) or {}
        )
        if seat in (opened.get("presiding"), opened.get("presided")):
            yield tr("進行", "presided")
        for e in self._said("AttendeeArrived"):
            if e.get("appointment_id") == seat:
                online = tr("、オンライン", ", online") if e.get("mode") == "online" else ""
                yield tr(f"{words.hour(e['at'])}入室{online}", f"came at {words.hour(e['at'])}{online}")
        for e in self._said("AttendeeLeft"):
            if e.get("appointment_id") == seat:
                yield tr(f"{words.hour(e['at'])}退室", f"left at {words.hour(e['at'])}")
        for e in self.events.get("RecusalDeclared", ()):
            if e.get("appointment_id") == seat:
                yield tr("除斥・回避", "recused") + self._of_item(e)
        for e in self.events.get("AbsenceNotified", ()):
            if e.get("appointment_id") == seat:
                reason = wording.value("reason_class", e["reason_class"]) if e.get("reason_class") else None
                yield (
                    tr(f"欠席届（{reason}）", f"notice of absence ({reason})")
                    if reason
                    else tr("欠席届", "notice of absence")
                )
        if self._known_later(seat):
            yield tr("後から分かった出席", "known later")

    def _of_item(self, e: Json) -> str:
        no = next((i["no"] for i in self.page["agenda"] if i["key"] == e.get("item_id")), None)
        return tr(f"（議題{no}）", f" (item {no})") if no is not None else ""

    def _said(self, type_: str) -> Iterator[Json]:
        return (s for s in self.said if s["type"] == type_)

    def _came(self, seat: str) -> bool:
        return any(e.get("appointment_id") == seat for e in self._said("AttendeeArrived"))

    def _known_later(self, seat: str) -> bool:
        return any(e.get("appointment_id") == seat for e in self.events.get("AttendanceKnownLater", ()))

    def others(self) -> list[tuple[str, str]]:
        """Who was there and is no member: in which capacity, and post with name where that may be known."""
        listed = []
        for other in _others(self.meeting):
            name = self.data["people"].get(other.get("party_id"))
            who = tr("　", ", ").join(filter(None, (other.get("post"), name)))
            listed.append((wording.value("capacity", other["capacity"]), who or words.unrecorded()))
        return listed

    def facts(self, *rows: tuple[str, str]) -> Facts:
        """A table of facts about the meeting."""
        return Facts(tr("会議の概要", "About the meeting"), tuple((row,) for row in rows))

    def known_documents(self) -> str:
        documents = self.documents
        if documents is None:
            return words.unrecorded()
        return words.listed(documents) if documents else tr("なし", "none")
