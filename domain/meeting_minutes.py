"""Minutes 会議録: drafted, circulated, confirmed, published, corrected (see domain/meeting.py, O22, O23)."""

from __future__ import annotations

from domain.fields import Id, Line, Text
from domain.matter_refusals import SELF_APPROVAL
from domain.meeting_events import (
    MinutesAmendmentAnswered,
    MinutesAmendmentRequested,
    MinutesCirculated,
    MinutesConfirmed,
    MinutesCorrected,
    MinutesDrafted,
    MinutesPublished,
)
from domain.meeting_refusals import (
    DRAFT_NOT_NEXT,
    MINUTES_INCOMPLETE,
    NOT_CONFIRMED,
    REQUEST_UNKNOWN,
    REQUESTS_OPEN,
)
from domain.meeting_state import MeetingState
from domain.record import REASON_REQUIRED, Recorded, command, on
from domain.references import must_exist


class Minutes(MeetingState):
    """The commands for minutes. Whoever drafted a version does not confirm it."""

    @command("SEC", "IMP", ja="会議録案を作成する", en="Draft the minutes")
    def draft_minutes(self, fact: MinutesDrafted) -> None:
        """Record a draft of the minutes, numbered from 1."""
        if not self.context.importing:
            self.only_in("closed", "minutes_drafted", "circulated")
        if fact.v != len(self.drafted_by) + 1:
            raise DRAFT_NOT_NEXT(next=len(self.drafted_by) + 1).at("/v")
        must_exist(self, fact.document_id, "/document_id")
        self.record(fact)

    @command("SEC", "IMP", ja="会議録案を送付する", en="Circulate the minutes")
    def circulate_minutes(self, fact: MinutesCirculated) -> None:
        """Send the newest draft to the members, with a date to answer by."""
        self.only_in("minutes_drafted", "circulated")
        if fact.v != len(self.drafted_by):
            raise DRAFT_NOT_NEXT(next=len(self.drafted_by)).at("/v")
        self.record(fact)

    @command("MEM", "CHR", ja="会議録の修正を申し出る", en="Ask for a change of the minutes")
    def request_amendment(self, fact: MinutesAmendmentRequested) -> None:
        """Ask for a change of the circulated draft."""
        self.only_in("circulated")
        self.record(fact)

    @command("SEC", "CHR", ja="修正の申出に対応する", en="Answer an amendment request")
    def answer_amendment(self, fact: MinutesAmendmentAnswered) -> None:
        """Record what became of a request; declining says why."""
        if fact.request_id not in self.requests:
            raise REQUEST_UNKNOWN(request=fact.request_id).at("/request_id")
        if not fact.accepted and not fact.reason:
            raise REASON_REQUIRED().at("/reason")
        self.record(fact)

    @command("CHR", "IMP", ja="会議録を確認する", en="Confirm the minutes")
    def confirm_minutes(self, fact: MinutesConfirmed) -> None:
        """Make the circulated draft the record of the meeting."""
        self.only_in("circulated")
        if fact.v != len(self.drafted_by):
            raise DRAFT_NOT_NEXT(next=len(self.drafted_by)).at("/v")
        party = self.context.actor.party
        if party is not None and party == self.drafted_by.get(fact.v):
            raise SELF_APPROVAL(party=party)
        if self.requests:
            raise REQUESTS_OPEN(count=len(self.requests))
        must_exist(self, fact.next_meeting, "/next_meeting")
        self.record(fact)

    @command("SEC", "IMP", ja="会議録を公表する", en="Publish the minutes")
    def publish_minutes(self, fact: MinutesPublished) -> None:
        """Publish the confirmed minutes, once the ten items are there."""
        if self.minutes_state != "confirmed":
            raise NOT_CONFIRMED()
        missing = [name for name, there in self._ten_items().items() if not there]
        if missing and not self.context.importing:
            raise MINUTES_INCOMPLETE(missing="、".join(missing))
        self.record(fact)

    @command("CHR", "APR", ja="会議録を訂正する", en="Correct the minutes")
    def correct_minutes(
        self, target_event: Line, field: Line, before: Text, after: Text, reason: Text, proposed_by: Id
    ) -> None:
        """Approve a correction of confirmed minutes that somebody else proposed."""
        if self.minutes_state not in ("confirmed", "published"):
            raise NOT_CONFIRMED()
        approver = self.context.actor.party or self.context.actor.role.lower()
        if proposed_by == approver:
            raise SELF_APPROVAL(party=approver).at("/proposed_by")
        self.record(
            MinutesCorrected(
                target_event=target_event,
                field=field,
                before=before,
                after=after,
                reason=reason,
                approved_by=approver,
            )
        )

    # -- state changes

    @on(MinutesDrafted)
    def _drafted(self, e: MinutesDrafted, recorded: Recorded[MinutesDrafted]) -> None:
        self.state = "minutes_drafted"
        self.minutes_state, self.minutes_document = "drafted", e.document_id
        self.drafted_by[e.v] = recorded.actor.party

    @on(MinutesCirculated)
    def _circulated(self, e: MinutesCirculated) -> None:
        self.state = self.minutes_state = "circulated"
        self.reply_by = e.reply_by

    @on(MinutesAmendmentRequested)
    def _requested(self, e: MinutesAmendmentRequested) -> None:
        self.requests.add(e.request_id)

    @on(MinutesAmendmentAnswered)
    def _answered(self, e: MinutesAmendmentAnswered) -> None:
        self.requests.discard(e.request_id)

    @on(MinutesConfirmed)
    def _confirmed(self, e: MinutesConfirmed) -> None:
        self.state = self.minutes_state = "confirmed"

    @on(MinutesPublished)
    def _published(self, e: MinutesPublished) -> None:
        self.state = self.minutes_state = "published"

    # -- questions

    def _ten_items(self) -> dict[str, bool]:
        """The items of O22 by name, and whether the meeting holds each; the tenth (other) may be empty."""
        place = self.scheduled.place if self.scheduled is not None else None
        return {
            "会議体 body": bool(self.council_id),
            "議題 topics": bool(self.items),
            "日時・場所 date and place": self.day is not None and bool(place),
            "公開・非公開 open or closed": self.publicity is not None,
            "出欠 members present and absent": self.opened is not None,
            "事務局 staff": self.closed is not None and self.closed.staff is not None,
            "傍聴者数 observers": self.closed is not None and self.closed.observers is not None,
            "資料 documents": True,
            "会議の記録 record": self.minutes_document is not None,
        }
