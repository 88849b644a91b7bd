"""Who was there: what is recorded of it beside those who come and go while the meeting is open (see
domain/meeting/aggregate.py)."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

import msgspec

from domain.council.aggregate import Council
from domain.council.refusals import NOT_SERVING
from domain.kernel.commands import command, on, refuses
from domain.kernel.events import Recorded
from domain.kernel.oneself import must_be_oneself
from domain.kernel.references import must_exist
from domain.kernel.refusals import REASON_REQUIRED, WRONG_STATE
from domain.meeting.attendance_events import (
    AbsenceNotified,
    AttendanceKnownLater,
    MeetingHeld,
    OpennessRecorded,
    OthersAttended,
    QuorumAnew,
)
from domain.meeting.refusals import (
    ALREADY_PRESENT,
    ATTENDANCE_UNPROVED,
    NOT_OPENED,
    ONLINE_NOT_ALLOWED,
    TIME_BACKWARDS,
)
from domain.meeting.state import BEFORE_OPENING, MeetingState
from domain.values.fields import Id
from domain.values.quorum import QuorumCheck, check_quorum


class Attendance(MeetingState):
    """The commands about who was at a meeting, whenever that is recorded."""

    @command(
        "SEC",
        "CHR",
        "IMP",
        event=OthersAttended,
        ja="委員以外の出席を記録する",
        en="Record who else attended",
    )
    @refuses(WRONG_STATE)
    def record_others(self, fact: OthersAttended) -> None:
        """Record advisers, staff and guests who were there, with their posts; the newest list counts."""
        if not self.context.importing and self.state in ("cancelled", *BEFORE_OPENING):
            self.only_in("open", "recess", "in_writing", "closed", "minutes_drafted", "circulated")
        for n, other in enumerate(fact.others):
            must_exist(self, other.party_id, f"/others/{n}/party_id")
        self.record(fact)

    @command(
        "SEC",
        "CHR",
        "MEM",
        "IMP",
        event=AbsenceNotified,
        ja="欠席届を記録する",
        en="Record notice of an absence",
    )
    @refuses(ALREADY_PRESENT, NOT_SERVING)
    def record_absence(self, fact: AbsenceNotified) -> None:
        """Record that a member sent word of being absent, before the meeting or after it. A member says so of
        their own seat."""
        if fact.appointment_id in self.attended:
            raise ALREADY_PRESENT(appointment=fact.appointment_id).at("/appointment_id")
        if not self.context.importing:
            self._must_serve(fact.appointment_id, "/appointment_id")
        must_be_oneself(
            self, fact.appointment_id, "/appointment_id", council_id=self.council_id, roles=frozenset({"MEM"})
        )
        must_exist(self, fact.document_id, "/document_id")
        self.record(fact)

    @command(
        "SEC", "CHR", "IMP", event=OpennessRecorded, ja="公開・非公開を記録する", en="Record the openness"
    )
    @refuses(REASON_REQUIRED, WRONG_STATE)
    def record_openness(self, fact: OpennessRecorded) -> None:
        """Record whether the public could attend a meeting of which no notice is on record; if not, why."""
        if not self.context.importing and self.state in ("cancelled", "published", *BEFORE_OPENING):
            self.only_in(
                "open", "recess", "in_writing", "closed", "minutes_drafted", "circulated", "confirmed"
            )
        if fact.publicity != "open" and not (fact.reason or self.context.reason or self.context.importing):
            raise REASON_REQUIRED().at("/reason")
        self.record(fact)

    @command(
        "SEC",
        records=AttendanceKnownLater,
        ja="後から分かった出席を記録する",
        en="Record attendance known later",
    )
    @refuses(
        ALREADY_PRESENT, ATTENDANCE_UNPROVED, NOT_OPENED, NOT_SERVING, ONLINE_NOT_ALLOWED, TIME_BACKWARDS
    )
    def add_attendee(
        self,
        appointment_id: Id,
        since: dt.datetime | None = None,
        until: dt.datetime | None = None,
        mode: Literal["in_person", "online"] = "in_person",
    ) -> None:
        """Record a member who was there and was forgotten, on evidence: the source in the envelope. Without
        ``since``: from the opening. The quorum is counted anew; where it is only known that the meeting was
        held, nobody can tell whether the source counted them."""
        opened = self.opened
        if opened is None and self.held is None:
            raise NOT_OPENED()
        if appointment_id in self.attended:
            raise ALREADY_PRESENT(appointment=appointment_id).at("/appointment_id")
        if self.context.source is None and self.context.evidence is None:
            raise ATTENDANCE_UNPROVED().at("/record/source")
        if opened is None:
            self._has_a_seat(appointment_id)
            self.record(AttendanceKnownLater(appointment_id=appointment_id, mode=mode))
            return
        self._must_serve(appointment_id, "/appointment_id")
        rules = self._rules()
        if mode == "online" and (rules is None or not rules.online):
            raise ONLINE_NOT_ALLOWED().at("/mode")
        begin = since or opened.at
        if begin < opened.at:
            raise TIME_BACKWARDS(at=begin.isoformat(), last=opened.at.isoformat()).at("/since")
        if until is not None and until < begin:
            raise TIME_BACKWARDS(at=until.isoformat(), last=begin.isoformat()).at("/until")
        there = [
            taken
            for taken in self.resolutions.values()
            if begin <= taken.at and (until is None or taken.at <= until)
        ]
        anew = tuple(
            QuorumAnew(taken.resolution_id, _one_more(self.quorums.get(taken.resolution_id, taken.quorum)))
            for taken in there
            if not self.is_recused(appointment_id, taken.item_id)
        )
        quorum = self.quorum_at_opening or opened.quorum
        self.record(
            AttendanceKnownLater(
                appointment_id=appointment_id,
                since=begin,
                until=until,
                mode=mode,
                quorum=_one_more(quorum) if begin == opened.at else quorum,
                resolutions=anew,
            )
        )

    @command(
        "SEC",
        "CHR",
        "IMP",
        event=MeetingHeld,
        ja="開催された事実を記録する",
        en="Record that a meeting was held",
    )
    @refuses(NOT_SERVING, WRONG_STATE)
    def record_held(self, fact: MeetingHeld) -> None:
        """Record that a meeting was held, with what is known of who was there, where nobody can say who sat
        on the council that day or when it was opened and closed. What was dealt with is recorded after it."""
        if not self.context.importing:
            self.only_in(*BEFORE_OPENING)
        council = self.look(Council, self.council_id)
        for n, known in enumerate(fact.known_attendees):
            if known.appointment_id is not None:
                self._has_a_seat(known.appointment_id, f"/known_attendees/{n}/appointment_id")
            must_exist(self, known.party_id, f"/known_attendees/{n}/party_id")
        if fact.presided is not None:
            self._has_a_seat(fact.presided, "/presided")
        self.record(msgspec.structs.replace(fact, quorum=self._known_quorum(fact, council)))

    # -- state changes

    @on(OthersAttended)
    def _others(self, e: OthersAttended, _: Recorded[Any]) -> None:
        self.others = e.others

    @on(AbsenceNotified)
    def _absent(self, e: AbsenceNotified, _: Recorded[Any]) -> None:
        self.absences.add(e.appointment_id)

    @on(OpennessRecorded)
    def _openness(self, e: OpennessRecorded, recorded: Recorded[OpennessRecorded]) -> None:
        self.publicity, self.closed_because = e.publicity, e.reason or recorded.reason

    @on(AttendanceKnownLater)
    def _was_there(self, e: AttendanceKnownLater, _: Recorded[Any]) -> None:
        self.attended.add(e.appointment_id)
        if e.until is None and self.state in ("open", "recess"):
            self.in_the_room.add(e.appointment_id)
        self.quorum_at_opening = e.quorum or self.quorum_at_opening
        self.quorums |= {anew.resolution_id: anew.quorum for anew in e.resolutions}

    @on(MeetingHeld)
    def _held(self, e: MeetingHeld, _: Recorded[Any]) -> None:
        self.state, self.held = "closed", e
        self.attended |= {
            known.appointment_id for known in e.known_attendees if known.appointment_id is not None
        }

    # -- its own questions

    def _known_quorum(self, fact: MeetingHeld, council: Council) -> QuorumCheck:
        """The quorum as far as it can be told: by the rules of that day, if day and numbers are known."""
        date = fact.held_on.check()
        day = date.earliest if date.earliest == date.latest else None
        rules = council.rules_on(day) if day is not None else None
        present = fact.members_present
        return check_quorum(
            rules.quorum if rules else None, fact.members_serving, present, council.seats_total()
        )


def _one_more(quorum: QuorumCheck) -> QuorumCheck:
    """The quorum with one more member present; of the same who served."""
    if quorum.present is None:
        return quorum
    present = quorum.present + 1
    result = quorum.result
    if quorum.required is not None and result in ("met", "not_met"):
        result = "met" if present >= quorum.required else "not_met"
    return msgspec.structs.replace(quorum, present=present, result=result)
