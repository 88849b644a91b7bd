"""Meeting 会議: proves who was in the room and how something was resolved (domain.md 4.2).

Gated by "open" and by who is present at that minute. What the matter is about, and why it was concluded so,
is in the Matter. Recused members (除斥) count neither in the quorum nor in the tally of their item: they are
taken out of those present and of those serving alike.

One story: an evening, from its notice to its close; minutes and resolutions have files of their own.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from domain.council.aggregate import Council
from domain.council.refusals import NOT_SERVING
from domain.kernel.commands import GivenAgain, command, on, refuses
from domain.kernel.events import Recorded
from domain.kernel.oneself import must_be_oneself
from domain.kernel.references import must_exist
from domain.kernel.refusals import UNKNOWN_ID, WRONG_STATE
from domain.meeting.attendance import Attendance
from domain.meeting.events import (
    AgendaItemListed,
    AttendanceCountRecorded,
    AttendeeArrived,
    AttendeeLeft,
    ItemCarriedOver,
    ItemClosedToPublic,
    ItemDropped,
    ItemNoted,
    MeetingCancelled,
    MeetingClosed,
    MeetingFoundInquorate,
    MeetingNotified,
    MeetingOpened,
    MeetingRecessed,
    MeetingRescheduled,
    MeetingResumed,
    MeetingScheduled,
    RecusalDeclared,
    ResolutionTaken,
    StatementRecorded,
    WorkshopOutputRecorded,
    WrittenOpinionReceived,
)
from domain.meeting.minutes import Minutes
from domain.meeting.refusals import (
    AGENDA_CLOSED,
    ALREADY_PRESENT,
    COUNCIL_NOT_ACTIVE,
    ITEM_RESOLVED,
    ITEM_TWICE,
    ITEM_UNKNOWN,
    ITEMS_OPEN,
    MATTER_REQUIRED,
    MEETING_NOT_OPEN,
    NOT_PRESENT,
    NOT_QUORATE,
    NOTICE_TOO_LATE,
    ONLINE_NOT_ALLOWED,
    PARTY_TO_ITEM,
    QUORUM_REACHED,
    QUORUM_UNRULED,
    SAME_HOUR,
    SAME_TIME_AND_PLACE,
    SESSION_UNKNOWN,
    TIME_BACKWARDS,
)
from domain.meeting.reported import Reported
from domain.meeting.state import BEFORE_OPENING, must_be_too_few
from domain.meeting.written import Written
from domain.values.calendar import EffectiveDate, day_in_japan
from domain.values.disclosure import GROUND_REQUIRED
from domain.values.fields import Id, Line, Text
from domain.values.quorum import QuorumCheck, check_quorum


def _agreed_by_the_meeting(_: Any, e: AgendaItemListed) -> GivenAgain:
    return GivenAgain({"item": e, "meeting_agrees": True})


class Meeting(Reported, Written, Attendance, Minutes):
    """scheduled → notified → open ⇄ recess → closed → minutes_drafted → circulated → confirmed → published;
    side exits cancelled and inquorate (流会). In writing (書面協議): scheduled → in_writing → closed. Where
    it is only known that it was held: scheduled → closed."""

    PREFIX = "meeting-"
    COLLECTION = "meetings"
    LABEL = ("会議", "meeting")
    ID_FIELDS = ("meeting_id",)

    # -- commands: before opening

    @command("SEC", "IMP", event=MeetingScheduled, ja="会議を予定する", en="Schedule a meeting", creates=True)
    @refuses(COUNCIL_NOT_ACTIVE, SESSION_UNKNOWN, UNKNOWN_ID)
    def schedule(self, fact: MeetingScheduled) -> None:
        """Record that a meeting is to be held."""
        if not self.context.importing and not self._body(fact).is_active():
            raise COUNCIL_NOT_ACTIVE(council=fact.council_id).at("/council_id")
        must_exist(self, fact.group_id, "/group_id")
        if fact.session_id is not None and fact.session_id not in self._body(fact).sessions:
            raise SESSION_UNKNOWN(session=fact.session_id).at("/session_id")
        self._alone_at(fact.starts_at, fact.council_id, fact.group_id)
        self.record(fact)

    @command("SEC", "IMP", event=AgendaItemListed, ja="議題を登録する", en="List an agenda item")
    @refuses(AGENDA_CLOSED, ITEM_TWICE, MATTER_REQUIRED, WRONG_STATE)
    def list_item(self, fact: AgendaItemListed) -> None:
        """Put a topic on the running order."""
        if not self.context.importing:
            if self.state in ("open", "recess"):
                raise AGENDA_CLOSED()
            self.only_in(*BEFORE_OPENING)
        self._put(fact)

    @command(
        "CHR",
        records=AgendaItemListed,
        again=_agreed_by_the_meeting,
        ja="会議の同意で議題を追加する",
        en="Add an item with the meeting's agreement",
    )
    @refuses(AGENDA_CLOSED, ITEM_TWICE, MATTER_REQUIRED, MEETING_NOT_OPEN)
    def add_item(self, item: AgendaItemListed, meeting_agrees: bool) -> None:
        """Put a topic on the running order of an open meeting, if the meeting agrees."""
        self._must_be_open()
        if not meeting_agrees:
            raise AGENDA_CLOSED().at("/meeting_agrees")
        self._put(item)

    @command("SEC", "IMP", event=MeetingNotified, ja="開催を通知する", en="Notify the meeting")
    @refuses(NOTICE_TOO_LATE, WRONG_STATE)
    def notify(self, fact: MeetingNotified) -> None:
        """Record the announcement; late only with an urgent reason."""
        if not self.context.importing:
            self.only_in("scheduled")
        rules = self._rules()
        if rules is not None and rules.notice_days is not None and self.day is not None:
            days_before = (self.day - fact.notice_on).days
            if days_before < rules.notice_days and not fact.urgent_reason:
                raise NOTICE_TOO_LATE(days=rules.notice_days, given=days_before).at("/notice_on")
        self.record(fact)

    @command(
        "SEC",
        "CHR",
        "IMP",
        records=MeetingRescheduled,
        ja="会議の日程を変更する",
        en="Reschedule the meeting",
    )
    @refuses(SAME_TIME_AND_PLACE, WRONG_STATE)
    def reschedule(self, starts_at: dt.datetime, reason: Text, place: Line | None = None) -> None:
        """Hold the meeting at another time, or elsewhere; its notice is given anew. Without ``place`` the
        place stays."""
        self.only_in(*BEFORE_OPENING)
        before = self.scheduled
        at, where = (before.starts_at, before.place) if before is not None else (None, None)
        if starts_at == at and place in (None, where):
            raise SAME_TIME_AND_PLACE().at("/starts_at")
        if starts_at != at and before is not None:
            self._alone_at(starts_at, before.council_id, before.group_id)
        self.record(
            MeetingRescheduled(
                starts_at=starts_at,
                reason=reason,
                place=place,
                previous_starts_at=at,
                previous_place=where,
            )
        )

    @command("SEC", "CHR", "IMP", event=MeetingCancelled, ja="会議を中止する", en="Cancel the meeting")
    @refuses(WRONG_STATE)
    def cancel(self, fact: MeetingCancelled) -> None:
        """Record that the meeting will not be held, and why."""
        self.only_in(*BEFORE_OPENING)
        self.record(fact)

    # -- commands: the room

    @command("CHR", records=MeetingOpened, ja="開会する", en="Open the meeting")
    @refuses(NOT_QUORATE, NOT_SERVING, WRONG_STATE)
    def open(self, at: dt.datetime, presiding: Id, present: tuple[Id, ...]) -> None:
        """Open the meeting with those present, and check the quorum."""
        check = self._check_room(at, (presiding, *present))
        if check.result == "not_met" and self.scheduled is not None and self.scheduled.kind == "plenary":
            raise NOT_QUORATE(present=check.present, required=check.required).at("/present")
        everybody = tuple(dict.fromkeys((presiding, *present)))
        self.record(MeetingOpened(at=at, presiding=presiding, present=everybody, quorum=check))

    @command("CHR", "SEC", records=MeetingFoundInquorate, ja="流会とする", en="Find the meeting inquorate")
    @refuses(NOT_SERVING, QUORUM_REACHED, QUORUM_UNRULED, WRONG_STATE)
    def find_inquorate(self, at: dt.datetime, present: tuple[Id, ...]) -> None:
        """Record that too few came."""
        check = self._check_room(at, present)
        must_be_too_few(check)
        self.record(MeetingFoundInquorate(at=at, present=present, quorum=check))

    @command("CHR", event=MeetingRecessed, ja="休憩する", en="Recess")
    @refuses(MEETING_NOT_OPEN, TIME_BACKWARDS)
    def recess(self, fact: MeetingRecessed) -> None:
        """Pause the meeting."""
        self._must_be_open()
        self._goes_on(fact.at)
        self.record(fact)

    @command("CHR", event=MeetingResumed, ja="再開する", en="Resume")
    @refuses(TIME_BACKWARDS, WRONG_STATE)
    def resume(self, fact: MeetingResumed) -> None:
        """Go on after a recess."""
        self.only_in("recess")
        self._goes_on(fact.at)
        self.record(fact)

    @command("SEC", "CHR", event=AttendeeArrived, ja="入室を記録する", en="Record an arrival")
    @refuses(ALREADY_PRESENT, MEETING_NOT_OPEN, NOT_SERVING, ONLINE_NOT_ALLOWED, TIME_BACKWARDS)
    def arrive(self, fact: AttendeeArrived) -> None:
        """Record that a member came in."""
        self._must_be_in_session()
        self._goes_on(fact.at)
        if fact.appointment_id in self.in_the_room:
            raise ALREADY_PRESENT(appointment=fact.appointment_id).at("/appointment_id")
        self._must_serve(fact.appointment_id, "/appointment_id")
        rules = self._rules()
        if fact.mode == "online" and (rules is None or not rules.online):
            raise ONLINE_NOT_ALLOWED().at("/mode")
        self.record(fact)

    @command("SEC", "CHR", event=AttendeeLeft, ja="退室を記録する", en="Record a departure")
    @refuses(MEETING_NOT_OPEN, NOT_PRESENT, TIME_BACKWARDS)
    def leave(self, fact: AttendeeLeft) -> None:
        """Record that a member went out."""
        self._must_be_in_session()
        self._goes_on(fact.at)
        self._must_be_present(fact.appointment_id, "/appointment_id")
        self.record(fact)

    @command("CHR", event=ItemClosedToPublic, ja="議題を非公開とする", en="Close an item to the public")
    @refuses(GROUND_REQUIRED, ITEM_RESOLVED, ITEM_UNKNOWN, MEETING_NOT_OPEN)
    def close_item(self, fact: ItemClosedToPublic) -> None:
        """Record that an item is dealt with behind closed doors, on which ground."""
        self._must_be_open()
        self._open_item(fact.item_id)
        if fact.disclosure.is_public:
            raise GROUND_REQUIRED().at("/disclosure/ground")
        self.record(fact)

    @command("MEM", "CHR", "SEC", event=RecusalDeclared, ja="除斥・回避を記録する", en="Declare a recusal")
    @refuses(ITEM_RESOLVED, ITEM_UNKNOWN, MEETING_NOT_OPEN, NOT_PRESENT, PARTY_TO_ITEM)
    def declare_recusal(self, fact: RecusalDeclared) -> None:
        """Record that a member takes no part in an item."""
        self._must_be_open()
        self._open_item(fact.item_id)
        self._must_be_present(fact.appointment_id, "/appointment_id")
        if self.is_recused(fact.appointment_id, fact.item_id):
            raise PARTY_TO_ITEM(appointment=fact.appointment_id).at("/appointment_id")
        own = frozenset({"MEM"})
        must_be_oneself(self, fact.appointment_id, "/appointment_id", council_id=self.council_id, roles=own)
        self.record(fact)

    # -- commands: what was said and worked out

    @command("SEC", event=WrittenOpinionReceived, ja="書面意見を受け取る", en="Receive a written opinion")
    @refuses(ITEM_RESOLVED, ITEM_UNKNOWN, NOT_SERVING)
    def receive_written(self, fact: WrittenOpinionReceived) -> None:
        """Record an absent member's opinion in writing."""
        self._open_item(fact.item_id)
        self._must_serve(fact.appointment_id, "/appointment_id")
        must_exist(self, fact.document_id, "/document_id")
        self.record(fact)

    @command(
        "SEC",
        "CHR",
        "LDR",
        event=WorkshopOutputRecorded,
        ja="ワークショップの成果を記録する",
        en="Record workshop output",
    )
    @refuses(ITEM_RESOLVED, ITEM_UNKNOWN, MEETING_NOT_OPEN)
    def record_workshop(self, fact: WorkshopOutputRecorded) -> None:
        """Record what a table of the workshop brought together; dots are never a vote."""
        self._must_be_open()
        self._open_item(fact.item_id)
        self.record(fact)

    @command("CHR", "SEC", event=ItemNoted, ja="議題を了承とする", en="Note an item")
    @refuses(ITEM_RESOLVED, ITEM_UNKNOWN, MEETING_NOT_OPEN)
    def note_item(self, fact: ItemNoted) -> None:
        """Record that an item was dealt with without a resolution."""
        self._must_be_dealt_with()
        self._open_item(fact.item_id)
        self.record(fact)

    @command("CHR", "SEC", event=ItemDropped, ja="議題を取り下げる", en="Drop an item")
    @refuses(ITEM_RESOLVED, ITEM_UNKNOWN)
    def drop_item(self, fact: ItemDropped) -> None:
        """Take an item off the running order."""
        self._open_item(fact.item_id)
        self.record(fact)

    @command("CHR", event=ItemCarriedOver, ja="議題を継続審議とする", en="Carry an item over")
    @refuses(ITEM_RESOLVED, ITEM_UNKNOWN, MEETING_NOT_OPEN)
    def carry_over(self, fact: ItemCarriedOver) -> None:
        """Record that an item goes on in a later meeting."""
        self._must_be_dealt_with()
        self._open_item(fact.item_id)
        must_exist(self, fact.to_meeting, "/to_meeting")
        self.record(fact)

    @command("CHR", event=MeetingClosed, ja="閉会する", en="Close the meeting")
    @refuses(ITEMS_OPEN, MEETING_NOT_OPEN, TIME_BACKWARDS)
    def close(self, fact: MeetingClosed) -> None:
        """End the meeting, once every item has been dealt with."""
        self._must_be_in_session()
        self._goes_on(fact.at)
        still_open = [item for item in self.items if item not in self.settled]
        if still_open:
            raise ITEMS_OPEN(items="、".join(still_open[:5]))
        self.record(fact)

    @command(
        "IMP", "SEC", event=AttendanceCountRecorded, ja="出席者数を取り込む", en="Import attendance counts"
    )
    def import_counts(self, fact: AttendanceCountRecorded) -> None:
        """Record attendance as a source counts it."""
        self.record(fact)

    # -- state changes

    @on(MeetingScheduled)
    def _scheduled(self, e: MeetingScheduled, _: Recorded[Any]) -> None:
        self.state, self.scheduled, self.council_id = "scheduled", e, e.council_id

    @on(MeetingRescheduled)
    def _rescheduled(self, e: MeetingRescheduled, _: Recorded[Any]) -> None:
        self.state = "scheduled"
        if self.scheduled is not None:
            place = e.place or self.scheduled.place
            self.scheduled = msgspec.structs.replace(self.scheduled, starts_at=e.starts_at, place=place)

    @on(AgendaItemListed)
    def _listed(self, e: AgendaItemListed, _: Recorded[Any]) -> None:
        self.items[e.item_id] = e

    @on(MeetingNotified)
    def _notified(self, e: MeetingNotified, recorded: Recorded[MeetingNotified]) -> None:
        self.state, self.publicity, self.closed_because = "notified", e.publicity, recorded.reason

    @on(ItemClosedToPublic)
    def _item_closed(self, e: ItemClosedToPublic, _: Recorded[Any]) -> None:
        self.closed_items.add(e.item_id)

    @on(MeetingCancelled)
    def _cancelled(self, e: MeetingCancelled, _: Recorded[Any]) -> None:
        self.state = "cancelled"

    @on(MeetingOpened)
    def _opened(self, e: MeetingOpened, _: Recorded[Any]) -> None:
        self.state, self.opened, self.last_at = "open", e, e.at
        self.in_the_room.update(e.present)
        self.attended.update(e.present)

    @on(MeetingFoundInquorate)
    def _inquorate(self, e: MeetingFoundInquorate, _: Recorded[Any]) -> None:
        self.state = "inquorate"

    @on(MeetingRecessed)
    def _recessed(self, e: MeetingRecessed, _: Recorded[Any]) -> None:
        self.state, self.last_at = "recess", e.at

    @on(MeetingResumed)
    def _resumed(self, e: MeetingResumed, _: Recorded[Any]) -> None:
        self.state, self.last_at = "open", e.at

    @on(AttendeeArrived)
    def _arrived(self, e: AttendeeArrived, _: Recorded[Any]) -> None:
        self.in_the_room.add(e.appointment_id)
        self.attended.add(e.appointment_id)
        self.last_at = e.at

    @on(AttendeeLeft)
    def _left(self, e: AttendeeLeft, _: Recorded[Any]) -> None:
        self.in_the_room.discard(e.appointment_id)
        self.last_at = e.at

    @on(RecusalDeclared)
    def _recused(self, e: RecusalDeclared, _: Recorded[Any]) -> None:
        self.recusals.setdefault(e.item_id, set()).add(e.appointment_id)

    @on(StatementRecorded, WorkshopOutputRecorded, WrittenOpinionReceived)
    def _heard(
        self, e: StatementRecorded | WorkshopOutputRecorded | WrittenOpinionReceived, _: Recorded[Any]
    ) -> None:
        if e.item_id is not None:
            self.opinions[e.item_id] = self.opinions.get(e.item_id, 0) + 1
        if isinstance(e, StatementRecorded):
            self.statements.add(e.statement_id)
            if e.speaker is not None:
                self.speakers.add(e.speaker)

    @on(ItemNoted, ItemDropped, ItemCarriedOver)
    def _settled(self, e: ItemNoted | ItemDropped | ItemCarriedOver, _: Recorded[Any]) -> None:
        self.settled.add(e.item_id)

    @on(ResolutionTaken)
    def _resolved(self, e: ResolutionTaken, _: Recorded[Any]) -> None:
        self.resolutions[e.resolution_id] = e
        self.resolved_matters.update(e.matters)
        item = self.items.get(e.item_id)
        if item is None or self.resolved_matters.issuperset(item.matters):
            self.settled.add(e.item_id)
        self.last_at = e.at

    @on(AttendanceCountRecorded)
    def _counted(self, e: AttendanceCountRecorded, _: Recorded[Any]) -> None:
        known = self.counts or e
        counts = {name: value for name in e.__struct_fields__ if (value := getattr(e, name)) is not None}
        self.counts = msgspec.structs.replace(known, **counts)

    @on(MeetingClosed)
    def _closed(self, e: MeetingClosed, _: Recorded[Any]) -> None:
        self.state, self.closed, self.last_at = "closed", e, e.at

    # -- questions other aggregates ask

    def was_present(self, appointment_id: str) -> bool:
        """Whether a member was in the room at any minute."""
        return appointment_id in self.attended

    # -- its own questions

    def _body(self, fact: MeetingScheduled) -> Council:
        return self.look(Council, fact.council_id)

    def _alone_at(self, at: dt.datetime | None, council_id: str, group_id: str | None) -> None:
        """Say so if another meeting of the body begins at the same moment."""
        if at is None:
            return
        moment = at.astimezone(dt.UTC)
        on_record = self.context.reader.meetings_at(f"{council_id}/{group_id or ''}/{moment.isoformat()}")
        beside = (
            recorded.entity
            for recorded in self.context.recorded
            if isinstance(recorded.data, MeetingScheduled)
            and (recorded.data.council_id, recorded.data.group_id) == (council_id, group_id)
            and recorded.data.starts_at == moment
        )
        other = next((meeting for meeting in (*on_record, *beside) if meeting != self.entity), None)
        if other is not None:
            date = EffectiveDate.at(at)
            self.warn(
                SAME_HOUR(meeting=other, at=date.full_label("ja"), at_en=date.full_label("en")).at(
                    "/starts_at"
                )
            )

    def _put(self, item: AgendaItemListed) -> None:
        if item.item_id in self.items:
            raise ITEM_TWICE(item=item.item_id).at("/item_id")
        if item.type == "decision" and item.matter_id is None:
            raise MATTER_REQUIRED().at("/matter_id")
        must_exist(self, item.matter_id, "/matter_id")
        must_exist(self, item.matter_ids, "/matter_ids")
        self.record(item)

    def _check_room(self, at: dt.datetime, present: tuple[str, ...]) -> QuorumCheck:
        self.only_in(*BEFORE_OPENING)
        day = day_in_japan(at)
        council = self.look(Council, self.council_id)
        serving = council.serving_on(day)
        for n, appointment in enumerate(present):
            if appointment not in serving:
                raise NOT_SERVING(appointment=appointment).at(f"/present/{max(n - 1, 0)}")
        rules = council.rules_on(day)
        return check_quorum(
            rules.quorum if rules else None, len(serving), len(set(present)), council.seats_total()
        )

    def _goes_on(self, at: dt.datetime) -> None:
        if self.last_at is not None and at < self.last_at:
            raise TIME_BACKWARDS(at=at.isoformat(), last=self.last_at.isoformat()).at("/at")

    def _must_be_in_session(self) -> None:
        if self.state not in ("open", "recess"):
            raise MEETING_NOT_OPEN(state=self.state)

    def _must_be_present(self, appointment_id: str, pointer: str) -> None:
        if appointment_id not in self.in_the_room:
            raise NOT_PRESENT(appointment=appointment_id).at(pointer)
