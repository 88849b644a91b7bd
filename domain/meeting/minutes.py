"""Minutes 会議録: drafted, circulated, confirmed, published, corrected (see domain/meeting/aggregate.py,
O22, O23)."""

from __future__ import annotations

from typing import Any

from domain.council.aggregate import Council
from domain.kernel.commands import GivenAgain, command, on, refuses
from domain.kernel.events import Recorded
from domain.kernel.oneself import must_be_oneself
from domain.kernel.references import must_exist
from domain.kernel.refusals import NOT_YOURSELF, REASON_REQUIRED, SELF_APPROVAL, WRONG_STATE
from domain.meeting.events import (
    MeetingDocumentsListed,
    MinutesAmendmentAnswered,
    MinutesAmendmentRequested,
    MinutesCirculated,
    MinutesConfirmed,
    MinutesCorrected,
    MinutesDrafted,
    MinutesPublished,
    MinutesSigned,
    SignatoriesNamed,
)
from domain.meeting.refusals import (
    DRAFT_NOT_NEXT,
    MINUTES_INCOMPLETE,
    NAMING_NOT_ALLOWED,
    NOT_A_SIGNATORY,
    NOT_CONFIRMED,
    NOT_PRESENT,
    REQUEST_UNKNOWN,
    REQUESTS_OPEN,
    SIGNATURES_MISSING,
)
from domain.meeting.state import MeetingState
from domain.meeting.ten_items import missing_items
from domain.party.aggregate import Party
from domain.values.fields import Id, Line, Text


def _corrected_by_another(_: Any, e: MinutesCorrected) -> GivenAgain:
    """The event does not say who proposed: it was somebody else."""
    return GivenAgain({"proposed_by": "another"})


class Minutes(MeetingState):
    """The commands for minutes. Whoever drafted a version does not confirm it."""

    @command("SEC", "IMP", event=MinutesDrafted, ja="会議録案を作成する", en="Draft the minutes")
    @refuses(DRAFT_NOT_NEXT, WRONG_STATE)
    def draft_minutes(self, fact: MinutesDrafted) -> None:
        """Record a draft of the minutes, numbered from 1."""
        if not self.context.importing:
            self.only_in("closed", "minutes_drafted", "circulated")
        if fact.v != len(self.drafted_by) + 1:
            raise DRAFT_NOT_NEXT(next=len(self.drafted_by) + 1).at("/v")
        must_exist(self, fact.document_id, "/document_id")
        self.record(fact)

    @command(
        "SEC",
        "IMP",
        event=MeetingDocumentsListed,
        ja="会議資料を記録する",
        en="List the documents of the meeting",
    )
    def list_documents(self, fact: MeetingDocumentsListed) -> None:
        """Record which documents were before the meeting; more may follow. An empty list: there were none."""
        for n, document in enumerate(fact.document_ids):
            must_exist(self, document, f"/document_ids/{n}")
        self.record(fact)

    @command("SEC", "IMP", event=MinutesCirculated, ja="会議録案を送付する", en="Circulate the minutes")
    @refuses(DRAFT_NOT_NEXT, WRONG_STATE)
    def circulate_minutes(self, fact: MinutesCirculated) -> None:
        """Send the newest draft to the members, with a date to answer by."""
        self.only_in("minutes_drafted", "circulated")
        if fact.v != len(self.drafted_by):
            raise DRAFT_NOT_NEXT(next=len(self.drafted_by)).at("/v")
        self.record(fact)

    @command(
        "MEM",
        "CHR",
        event=MinutesAmendmentRequested,
        ja="会議録の修正を申し出る",
        en="Ask for a change of the minutes",
    )
    @refuses(NOT_PRESENT, WRONG_STATE)
    def request_amendment(self, fact: MinutesAmendmentRequested) -> None:
        """Ask for a change of the circulated draft; whoever was there may; where it is not known who was, and
        in a written procedure, any member."""
        self.only_in("circulated")
        everybody = self.held is not None or self.asked is not None
        if fact.appointment_id not in self.attended and not everybody:
            raise NOT_PRESENT(appointment=fact.appointment_id).at("/appointment_id")
        must_be_oneself(self, fact.appointment_id, "/appointment_id", council_id=self.council_id)
        self.record(fact)

    @command(
        "SEC",
        "CHR",
        event=MinutesAmendmentAnswered,
        ja="修正の申出に対応する",
        en="Answer an amendment request",
    )
    @refuses(REASON_REQUIRED, REQUEST_UNKNOWN)
    def answer_amendment(self, fact: MinutesAmendmentAnswered) -> None:
        """Record what became of a request; declining says why."""
        if fact.request_id not in self.requests:
            raise REQUEST_UNKNOWN(request=fact.request_id).at("/request_id")
        if not fact.accepted and not fact.reason:
            raise REASON_REQUIRED().at("/reason")
        self.record(fact)

    @command("CHR", "SEC", "IMP", event=SignatoriesNamed, ja="署名委員を記録する", en="Name the signatories")
    @refuses(NOT_PRESENT, WRONG_STATE)
    def name_signatories(self, fact: SignatoriesNamed) -> None:
        """Record which members sign the minutes; they were there. The newest naming counts."""
        if not self.context.importing:
            self.only_in("open", "recess", "closed", "minutes_drafted", "circulated")
        for n, appointment in enumerate(fact.signatories):
            if self.attended and appointment not in self.attended:
                raise NOT_PRESENT(appointment=appointment).at(f"/signatories/{n}")
        self.record(fact)

    @command("MEM", "CHR", "SEC", "IMP", event=MinutesSigned, ja="会議録に署名する", en="Sign the minutes")
    @refuses(DRAFT_NOT_NEXT, NOT_A_SIGNATORY, WRONG_STATE)
    def sign_minutes(self, fact: MinutesSigned) -> None:
        """Record that a signatory signed the newest draft: on paper, or by their own account."""
        if not self.context.importing:
            self.only_in("minutes_drafted", "circulated")
        if fact.v != len(self.drafted_by):
            raise DRAFT_NOT_NEXT(next=len(self.drafted_by)).at("/v")
        must_be_oneself(self, fact.appointment_id, "/appointment_id", council_id=self.council_id)
        by_another = self.context.actor.role == "SEC" or self.context.recorded_by is not None
        if fact.means == "account" and by_another and not self.context.importing:
            raise NOT_YOURSELF().at("/means")
        if fact.appointment_id not in self.signatories and not self.context.importing:
            raise NOT_A_SIGNATORY(appointment=fact.appointment_id).at("/appointment_id")
        self.record(fact)

    @command("CHR", "IMP", event=MinutesConfirmed, ja="会議録を確認する", en="Confirm the minutes")
    @refuses(DRAFT_NOT_NEXT, REQUESTS_OPEN, SELF_APPROVAL, SIGNATURES_MISSING, WRONG_STATE)
    def confirm_minutes(self, fact: MinutesConfirmed) -> None:
        """Make the circulated draft the record of the meeting, or one that nobody was sent, if that is so."""
        if not (self.context.importing and self.minutes_state == "drafted"):
            self.only_in("circulated", *(("minutes_drafted",) if fact.without_circulation else ()))
        if fact.v != len(self.drafted_by):
            raise DRAFT_NOT_NEXT(next=len(self.drafted_by)).at("/v")
        party = self.context.actor.party
        drafted = party is not None and party == self.drafted_by.get(fact.v)
        if drafted and not self.context.importing:
            raise SELF_APPROVAL(party=party)
        if self.requests:
            raise REQUESTS_OPEN(count=len(self.requests))
        unsigned = set(self.signatories) - self.signed.get(fact.v, set())
        if fact.by == "signatories" and unsigned and not self.context.importing:
            raise SIGNATURES_MISSING(count=len(unsigned)).at("/by")
        must_exist(self, fact.next_meeting, "/next_meeting")
        self.record(fact)

    @command("SEC", "IMP", event=MinutesPublished, ja="会議録を公表する", en="Publish the minutes")
    @refuses(MINUTES_INCOMPLETE, NAMING_NOT_ALLOWED, NOT_CONFIRMED)
    def publish_minutes(self, fact: MinutesPublished) -> None:
        """Publish the confirmed minutes, once the ten items are there."""
        if self.minutes_state != "confirmed":
            raise NOT_CONFIRMED()
        missing = missing_items(self)
        if missing and not self.context.importing:
            raise MINUTES_INCOMPLETE(
                missing="、".join(ja for ja, _ in missing), missing_en=", ".join(en for _, en in missing)
            )
        if self.minutes_naming == "named" and not self.context.importing:
            self._may_name_speakers()
        self.record(fact)

    @command(
        "CHR",
        "APR",
        records=MinutesCorrected,
        again=_corrected_by_another,
        ja="会議録を訂正する",
        en="Correct the minutes",
    )
    @refuses(NOT_CONFIRMED, SELF_APPROVAL)
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

    @on(MeetingDocumentsListed)
    def _documents_listed(self, e: MeetingDocumentsListed, _: Recorded[Any]) -> None:
        self.documents = (self.documents or set()).union(e.document_ids)

    @on(MinutesDrafted)
    def _drafted(self, e: MinutesDrafted, recorded: Recorded[MinutesDrafted]) -> None:
        self.state = "minutes_drafted"
        self.minutes_state, self.minutes_document = "drafted", e.document_id
        self.minutes_naming, self.draft = e.naming, e
        self.drafted_by[e.v] = recorded.actor.party

    @on(MinutesCirculated)
    def _circulated(self, e: MinutesCirculated, _: Recorded[Any]) -> None:
        self.state = self.minutes_state = "circulated"
        self.reply_by = e.reply_by

    @on(MinutesAmendmentRequested)
    def _requested(self, e: MinutesAmendmentRequested, _: Recorded[Any]) -> None:
        self.requests.add(e.request_id)

    @on(MinutesAmendmentAnswered)
    def _answered(self, e: MinutesAmendmentAnswered, _: Recorded[Any]) -> None:
        self.requests.discard(e.request_id)

    @on(SignatoriesNamed)
    def _signatories(self, e: SignatoriesNamed, _: Recorded[Any]) -> None:
        self.signatories = e.signatories

    @on(MinutesSigned)
    def _signed(self, e: MinutesSigned, _: Recorded[Any]) -> None:
        self.signed.setdefault(e.v, set()).add(e.appointment_id)

    @on(MinutesConfirmed)
    def _confirmed(self, e: MinutesConfirmed, _: Recorded[Any]) -> None:
        self.state = self.minutes_state = "confirmed"

    @on(MinutesPublished)
    def _published(self, e: MinutesPublished, _: Recorded[Any]) -> None:
        self.state = self.minutes_state = "published"

    # -- questions

    def _may_name_speakers(self) -> None:
        """Refuse minutes that name who spoke (where no speaker is on record, anybody who was there), unless
        the rules of that day have it so or they all consented. Who sits on the council is public anyway."""
        rules = self._rules()
        if rules is not None and rules.speaker_naming == "named":
            return
        seats = self.look(Council, self.council_id).appointments
        unnamed = []
        for appointment in sorted(self.speakers or self.attended):
            party = self.context.reader.find(Party, seats[appointment].party_id)
            if party is None or not party.may_be_named:
                unnamed.append(appointment)
        if unnamed:
            raise NAMING_NOT_ALLOWED(speakers="、".join(unnamed))
