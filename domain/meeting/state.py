"""The state of a meeting, and the questions its commands ask of it (see domain/meeting/aggregate.py)."""

from __future__ import annotations

import datetime as dt

from domain.council.aggregate import Council, ProcedureRulesAdopted
from domain.council.refusals import NOT_SERVING
from domain.kernel.correction import Correctable
from domain.meeting.attendance_events import MeetingHeld, OtherAttendee
from domain.meeting.events import (
    AgendaItemListed,
    AttendanceCountRecorded,
    MeetingClosed,
    MeetingOpened,
    MeetingScheduled,
    MinutesDrafted,
    Reply,
    ResolutionTaken,
)
from domain.meeting.refusals import (
    ITEM_RESOLVED,
    ITEM_UNKNOWN,
    MEETING_NOT_OPEN,
    QUORUM_REACHED,
    QUORUM_UNRULED,
)
from domain.meeting.reported_events import ResolutionReported
from domain.meeting.written_events import WrittenProcedureStarted
from domain.values.calendar import EffectiveDate, day_in_japan
from domain.values.quorum import QuorumCheck

BEFORE_OPENING = ("scheduled", "notified")


def must_be_too_few(quorum: QuorumCheck) -> None:
    """Refuses ``QUORUM_REACHED`` where enough came or replied, ``QUORUM_UNRULED`` where nobody knows how many
    that is."""
    if quorum.result == "not_met":
        return
    if quorum.required is None:
        raise QUORUM_UNRULED()
    raise QUORUM_REACHED(present=quorum.present, required=quorum.required)


class MeetingState(Correctable):
    """Who is in the room, what is on the agenda, what has been resolved."""

    def begin(self) -> None:
        self.council_id = ""
        self.scheduled: MeetingScheduled | None = None
        self.opened: MeetingOpened | None = None
        self.closed: MeetingClosed | None = None
        self.documents: set[str] | None = None
        """The documents that were before the meeting; None as long as nothing was said of them."""
        self.counts: AttendanceCountRecorded | None = None
        self.publicity: str | None = None
        self.closed_because: str | None = None
        self.closed_items: set[str] = set()
        self.items: dict[str, AgendaItemListed] = {}
        self.settled: set[str] = set()
        self.in_the_room: set[str] = set()
        self.attended: set[str] = set()
        self.recusals: dict[str, set[str]] = {}
        self.opinions: dict[str, int] = {}
        self.resolutions: dict[str, ResolutionTaken] = {}
        self.reported: dict[str, ResolutionReported] = {}
        """Resolutions that a source alone tells of."""
        self.resolved_matters: set[str] = set()
        self.statements: set[str] = set()
        self.last_at: dt.datetime | None = None
        self.minutes_state: str | None = None
        self.drafted_by: dict[int, str | None] = {}
        self.minutes_document: str | None = None
        self.draft: MinutesDrafted | None = None
        self.minutes_naming: str | None = None
        self.speakers: set[str] = set()
        self.reply_by: dt.date | None = None
        self.requests: set[str] = set()
        self.signatories: tuple[str, ...] = ()
        self.signed: dict[int, set[str]] = {}
        """Who signed each version of the minutes."""
        self.others: tuple[OtherAttendee, ...] | None = None
        """Who else was there; None as long as nothing was said of it."""
        self.absences: set[str] = set()
        """Members who sent word of being absent."""
        self.held: MeetingHeld | None = None
        """What is known of a meeting of which nobody recorded the hours."""
        self.quorum_at_opening: QuorumCheck | None = None
        """The quorum of the opening, counted anew; None if it stands as it was counted."""
        self.quorums: dict[str, QuorumCheck] = {}
        """The quorums of resolutions that were counted anew."""
        self.asked: WrittenProcedureStarted | None = None
        self.replies: dict[str, dict[str, Reply]] = {}
        """Written replies by item and member."""

    @property
    def day(self) -> dt.date | None:
        """The day of the meeting in Japan, once it is known."""
        if self.opened is not None:
            return day_in_japan(self.opened.at)
        if self.held is not None:
            held = self.held.held_on.check()
            return held.earliest if held.earliest == held.latest else None
        if self.asked is not None:
            return self.asked.sent_on
        if self.scheduled is not None and self.scheduled.starts_at is not None:
            return day_in_japan(self.scheduled.starts_at)
        return None

    def happened(self, part: str | None) -> EffectiveDate | None:
        """When it was held, or when one of its resolutions was taken. None: it has not been held, or nobody
        recorded that it was."""
        if part in self.resolutions:
            return EffectiveDate.at(self.resolutions[part].at)
        if self.opened is None and self.counts is None:
            return None
        day = self.day
        return EffectiveDate.on(day) if day is not None else None

    def is_going_on(self) -> bool:
        """Before and after a meeting its papers are worked on, whenever; in it, on its day alone."""
        return self.state not in ("open", "recess") or self.day == self.context.today()

    def is_recused(self, appointment_id: str, item_id: str) -> bool:
        """Whether a member takes no part in an item."""
        return appointment_id in self.recusals.get(item_id, ())

    def _must_be_open(self) -> None:
        if self.state != "open":
            raise MEETING_NOT_OPEN(state=self.state)

    def _must_be_dealt_with(self) -> None:
        """Refuse unless items may be dealt with: in an open meeting, in writing, or where all that is known
        is that the meeting was held."""
        if self.state != "in_writing" and not (self.held is not None and self.minutes_state is None):
            self._must_be_open()

    def _must_serve(self, appointment_id: str, pointer: str) -> None:
        day = self.day or self.context.today()
        if appointment_id not in self.look(Council, self.council_id).serving_on(day):
            raise NOT_SERVING(appointment=appointment_id).at(pointer)

    def _has_a_seat(self, appointment_id: str, pointer: str = "/appointment_id") -> None:
        """Refuse somebody who never sat on the council; on which days, nobody recorded."""
        if self.look(Council, self.council_id).appointment(appointment_id) is None:
            raise NOT_SERVING(appointment=appointment_id).at(pointer)

    def _open_item(self, item_id: str) -> AgendaItemListed:
        item = self.items.get(item_id)
        if item is None:
            raise ITEM_UNKNOWN(item=item_id).at("/item_id")
        if item_id in self.settled:
            raise ITEM_RESOLVED(item=item_id).at("/item_id")
        return item

    def _rules(self) -> ProcedureRulesAdopted | None:
        day = self.day
        return self.look(Council, self.council_id).rules_on(day) if day is not None else None
