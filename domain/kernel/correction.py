"""Fixing the record: correction 訂正 and redaction 非公開 (domain.md 3). Nothing is edited, nothing deleted.

A *correction* says that the record was wrong: which event, which fields, what stood there and what is true,
why, who approved it. The secretariat proposes, the chair or an approver approves, and nobody approves a
proposal of their own (4.13). From then on the aggregate decides on the corrected facts, and every view shows
them with a mark. A *redaction* says that something is right but may not be published: the public sees a stub
with the ground. (The third act, supersession, is a new decision: see domain/matter/aggregate.py.)

Identifiers and links are not corrected: withdraw the link, or record the right thing and say what it
replaces. Every aggregate that can be fixed derives from :class:`Fixable`.

One story: from a proposal, or a redaction, to what stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from domain.kernel.closing import part_named
from domain.kernel.commands import GivenAgain, command, on, refuses
from domain.kernel.corrected import as_corrected, change_of, corrected, standing_after
from domain.kernel.correction_events import (
    CORRECTING,
    AlsoChanged,
    AlsoWanted,
    Change,
    ClosedAtOnce,
    ClosingConfirmed,
    CorrectionDeclined,
    CorrectionProposed,
    EventWithdrawn,
    PartRedacted,
    RecordCorrected,
    RedactionLifted,
    StandsThough,
    Wanted,
)
from domain.kernel.correction_refusals import (
    CONFIRMED_BY_ANOTHER,
    CONFIRMED_LATE,
    CORRECTION_UNKNOWN,
    DATE_TOO_COARSE,
    EVENT_UNKNOWN,
    FIELD_COMPUTED,
    FIELD_NOT_CORRECTABLE,
    NOT_A_REDACTION,
    NOT_TO_BE_CONFIRMED,
    NOT_YOUR_RECORD,
    NOTHING_CORRECTED,
    REDACTION_UNKNOWN,
    VALUE_NOT_FITTING,
    WITHDRAWN_TOO_LATE,
)
from domain.kernel.events import Recorded
from domain.kernel.record import Record, kind_of
from domain.kernel.refusals import ALREADY_EXISTS, SELF_APPROVAL, UNKNOWN_ID
from domain.kernel.roles import Role
from domain.kernel.streams import entity_of
from domain.values import fields
from domain.values.calendar import ERA_OUT_OF_RANGE, day_in_japan
from domain.values.disclosure import Disclosure
from domain.values.fields import Id, Line, Ordinal, Text
from domain.values.working_days import working_days_after

_PEOPLE: tuple[Role, ...] = ("SEC", "CHR", "MEM", "ADV", "LDR", "APR", "DIS", "EV-C", "EV-G")
"""Who records from day to day. An import is all or nothing, and takes nothing back."""
TO_CONFIRM = 3
"""Working days within which a second person confirms what one closed at once."""
MOST_OF_ID = 60
"""So much of a correction's id is in the ids of those that were made with it."""


def _wanted(changes: Iterable[Change]) -> tuple[Wanted, ...]:
    return tuple(Wanted(change.field, change.after) for change in changes)


def _wanted_again(_: Any, e: CorrectionProposed) -> GivenAgain:
    also = tuple(AlsoWanted(o.target_version, _wanted(o.changes), o.stream) for o in e.also)
    return GivenAgain({"changes": _wanted(e.changes), "also": also})


class Correctable(Record):
    """An aggregate whose record can be corrected and redacted."""

    def __init__(self, stream: str) -> None:
        self.proposals: dict[str, tuple[CorrectionProposed, str]] = {}
        """Corrections waiting for approval, with who proposed them."""
        self.standing: dict[str, dict[str, Change]] = {}
        """Corrected fields that stand, by event id and field."""
        self.redactions: dict[str, PartRedacted] = {}
        """Redactions in force, by id."""
        self.to_confirm: dict[str, tuple[ClosedAtOnce, str]] = {}
        """Closings for safety that nobody else has confirmed, by id, with who made them."""
        self.withdrawn: set[str] = set()
        """Events that were taken back."""
        self.stands = False
        """Whether anything is recorded that was not taken back."""
        self.fixes: set[str] = set()
        """Every identifier a correction or redaction has had."""
        super().__init__(stream)

    @classmethod
    def as_corrected(cls, events: Iterable[Recorded[Any]]) -> Iterable[Recorded[Any]]:
        return as_corrected(events)

    @property
    def is_on_record(self) -> bool:
        return self.stands

    def apply(self, recorded: Recorded[Any]) -> None:
        self.stands |= not isinstance(recorded.data, CORRECTING)
        super().apply(recorded)

    def correctable(self, target: Recorded[Any]) -> None:
        """Refuse what may not be corrected in this way; a kind of aggregate says more here."""

    @command(
        "SEC", records=CorrectionProposed, again=_wanted_again, ja="訂正を提案する", en="Propose a correction"
    )
    @refuses(
        ALREADY_EXISTS,
        DATE_TOO_COARSE,
        ERA_OUT_OF_RANGE,
        EVENT_UNKNOWN,
        FIELD_COMPUTED,
        FIELD_NOT_CORRECTABLE,
        NOTHING_CORRECTED,
        VALUE_NOT_FITTING,
    )
    def propose_correction(
        self,
        correction_id: Id,
        target_version: Ordinal,
        changes: tuple[Wanted, ...],
        reason: Text,
        also: tuple[AlsoWanted, ...] = (),
        stands: tuple[StandsThough, ...] = (),
    ) -> None:
        """Say which event of this record is wrong (its version), which fields, and what they should say.

        It is judged as if the event had been recorded so. ``also`` are further events that are corrected
        together with it, of this record or of another (``stream``); ``stands`` names later events that
        could not have been recorded after it, and stand though, each with a reason."""
        names = {correction_id, *(f"{correction_id[:MOST_OF_ID]}-{n}" for n in range(2, len(also) + 2))}
        records = [self._of(other.stream, f"/also/{n}/stream") for n, other in enumerate(also)]
        if any(not names.isdisjoint(record.fixes) for record in (self, *records)):
            raise ALREADY_EXISTS(id=correction_id).at("/correction_id")
        target, made = self._changes(target_version, changes, "")
        others = [
            record._changes(other.target_version, other.changes, f"/also/{n}")
            for n, (record, other) in enumerate(zip(records, also, strict=True))
        ]
        self.record(
            CorrectionProposed(
                correction_id=correction_id,
                target_event=target.event_id,
                target_version=target_version,
                changes=made,
                reason=reason,
                also=tuple(
                    AlsoChanged(event.event_id, event.version, x, None if record is self else record.id)
                    for record, (event, x) in zip(records, others, strict=True)
                ),
                stands=stands,
            )
        )

    def _changes(
        self, version: int, wanted: tuple[Wanted, ...], pointer: str
    ) -> tuple[Recorded[Any], tuple[Change, ...]]:
        """The event with this version as it stands, and what of it would be another."""
        target = self._target(version)
        self.correctable(target)
        made = tuple(change_of(target, w, f"{pointer}/changes/{n}") for n, w in enumerate(wanted))
        if not made:
            raise NOTHING_CORRECTED().at(f"{pointer}/changes")
        if not type(target.data).COMPUTED:  # with what is computed anew it is checked at its place
            fields.check(corrected(target, made).data, f"{pointer}/changes")
        return target, made

    @command("CHR", "APR", records=RecordCorrected, ja="訂正を承認する", en="Approve a correction")
    @refuses(CORRECTION_UNKNOWN, EVENT_UNKNOWN, SELF_APPROVAL)
    def approve_correction(self, correction_id: Id) -> None:
        """Make a proposed correction the record. Nobody approves their own proposal. What is computed from
        what it corrects is computed anew with it."""
        proposed, by = self._proposal(correction_id)
        approver = self.context.actor.party or self.context.actor.role.lower()
        if approver == by:
            raise SELF_APPROVAL(party=approver)
        self._correct(correction_id, proposed.target_version, proposed.changes, proposed, by, approver)
        for n, other in enumerate(proposed.also, 2):
            name, record = f"{correction_id[:MOST_OF_ID]}-{n}", self._of(other.stream, "/correction_id")
            record._correct(name, other.target_version, other.changes, proposed, by, approver)
            record.outdated = True
        self.outdated = True

    def _of(self, stream: str | None, pointer: str) -> Correctable:
        """This record, or the other one in which something is corrected too. Refuses UNKNOWN_ID."""
        if stream is None or stream == self.id:
            return self
        with suppress(KeyError):
            record = self.context.reader.find(kind_of(stream), entity_of(stream))
            if isinstance(record, Correctable):
                return record
        raise UNKNOWN_ID(kind="記録", kind_en="record", id=stream).at(pointer)

    def _correct(
        self,
        name: str,
        version: int,
        changes: tuple[Change, ...],
        proposed: CorrectionProposed,
        by: str,
        approver: str,
    ) -> None:
        target = self._target(version)
        self.record(
            RecordCorrected(
                correction_id=name,
                target_event=target.event_id,
                target_version=version,
                target_type=target.type,
                changes=changes,
                standing=self.standing_with(target, changes),
                reason=proposed.reason,
                proposed_by=by,
                approved_by=approver,
                stands=proposed.stands,
            )
        )

    def standing_with(self, target: Recorded[Any], changes: tuple[Change, ...]) -> tuple[Change, ...]:
        """Every corrected field of an event as it would stand after these changes too."""
        return standing_after(type(target.data), self.standing.get(target.event_id, {}).values(), changes)

    def compute_anew(
        self, name: str, target: Recorded[Any], changes: tuple[Change, ...], made: RecordCorrected
    ) -> None:
        """Record what a computed field comes to, now that what it is computed from has been corrected."""
        self.record(
            RecordCorrected(
                correction_id=name,
                target_event=target.event_id,
                target_version=target.version,
                target_type=target.type,
                changes=changes,
                standing=self.standing_with(target, changes),
                reason=made.reason,
                proposed_by=made.proposed_by,
                approved_by=made.approved_by,
                follows=made.correction_id,
            )
        )
        self.outdated = True

    @command("CHR", "APR", records=CorrectionDeclined, ja="訂正案を承認しない", en="Decline a correction")
    @refuses(CORRECTION_UNKNOWN)
    def decline_correction(self, correction_id: Id, reason: Text) -> None:
        """Leave the record as it is, and say why."""
        self._proposal(correction_id)
        self.record(CorrectionDeclined(correction_id=correction_id, reason=reason))

    @command(*_PEOPLE, records=EventWithdrawn, ja="記録を取り消す", en="Take a record back")
    @refuses(EVENT_UNKNOWN, NOT_YOUR_RECORD, WITHDRAWN_TOO_LATE)
    def withdraw_event(self, target_version: Ordinal, reason: Text) -> None:
        """Take back what oneself has recorded today, as long as nothing rests on it. It stays in the log,
        and counts in nothing."""
        target = self._target(target_version)
        by, now = target.recorded_by or target.actor, self.context.recorded_by or self.context.actor
        if by.party is None or by.party != now.party:
            raise NOT_YOUR_RECORD().at("/target_version")
        day = day_in_japan(target.recorded_at)
        if day != self.context.today():
            raise WITHDRAWN_TOO_LATE(day=day.isoformat()).at("/target_version")
        self.record(
            EventWithdrawn(
                target_event=target.event_id,
                target_version=target_version,
                target_type=target.type,
                reason=reason,
            )
        )
        self.outdated = True

    @command("DIS", records=PartRedacted, ja="非公開とする", en="Redact")
    @refuses(ALREADY_EXISTS, EVENT_UNKNOWN, FIELD_NOT_CORRECTABLE, NOT_A_REDACTION)
    def redact(
        self,
        redaction_id: Id,
        target_version: Ordinal,
        redacted: Disclosure,
        reason: Text,
        fields: tuple[Line, ...] = (),
    ) -> None:
        """Keep an event of this record, or what ``fields`` names of it, from the public, on a stated ground.

        A field is named by its name; an item of a list, a part of a long text (``/data/text_ja/@text/3``)
        or a word of the envelope (``/note``) by its JSON Pointer."""
        self._redact(redaction_id, target_version, redacted, reason, fields)

    def _redact(
        self,
        redaction_id: str,
        target_version: int,
        redacted: Disclosure,
        reason: str,
        fields: tuple[str, ...],
    ) -> Recorded[Any]:
        """Record a redaction; the event that is redacted."""
        if redaction_id in self.fixes:
            raise ALREADY_EXISTS(id=redaction_id).at("/redaction_id")
        if redacted.is_public:
            raise NOT_A_REDACTION().at("/redacted/visibility")
        target = self._target(target_version)
        named = []
        for n, name in enumerate(fields):
            try:
                named.append(part_named(target, name))
            except (LookupError, ValueError):
                known = ", ".join(type(target.data).__struct_encode_fields__)
                raise FIELD_NOT_CORRECTABLE(field=name, known=known).at(f"/fields/{n}") from None
        self.record(
            PartRedacted(
                redaction_id=redaction_id,
                target_event=target.event_id,
                target_version=target_version,
                target_type=target.type,
                target_subject=target.subject,
                fields=tuple(dict.fromkeys(named)),
                redacted=redacted,
                reason=reason,
            )
        )
        return target

    @command(
        "SEC",
        "DIS",
        records=PartRedacted,
        ja="安全のため直ちに非公開とする",
        en="Close at once for safety",
    )
    @refuses(ALREADY_EXISTS, EVENT_UNKNOWN, FIELD_NOT_CORRECTABLE, NOT_A_REDACTION)
    def close_at_once(
        self,
        redaction_id: Id,
        target_version: Ordinal,
        redacted: Disclosure,
        reason: Text,
        fields: tuple[Line, ...] = (),
    ) -> None:
        """Redact for the safety of somebody before anybody else has looked. A second person confirms it
        within three working days; what is not confirmed then is listed in public as unconfirmed."""
        target = self._redact(redaction_id, target_version, redacted, reason, fields)
        confirm_by = working_days_after(self.context.today(), TO_CONFIRM)
        self.record(
            ClosedAtOnce(redaction_id=redaction_id, target_subject=target.subject, confirm_by=confirm_by)
        )

    @command(
        "DIS",
        "APR",
        records=ClosingConfirmed,
        ja="安全のための非公開を確認する",
        en="Confirm a closing for safety",
    )
    @refuses(CONFIRMED_BY_ANOTHER, NOT_TO_BE_CONFIRMED)
    def confirm_closing(self, redaction_id: Id) -> None:
        """Confirm, as a second person, that what was closed at once stays closed. After its term that is
        still possible, and says so."""
        if redaction_id not in self.to_confirm:
            raise NOT_TO_BE_CONFIRMED(redaction=redaction_id).at("/redaction_id")
        closed, by = self.to_confirm[redaction_id]
        if (self.context.actor.party or self.context.actor.role.lower()) == by:
            raise CONFIRMED_BY_ANOTHER()
        late = self.context.today() > closed.confirm_by
        if late:
            self.warn(CONFIRMED_LATE(day=closed.confirm_by.isoformat()))
        self.record(
            ClosingConfirmed(
                redaction_id=redaction_id,
                target_subject=closed.target_subject,
                confirm_by=closed.confirm_by,
                late=late,
            )
        )

    @command("DIS", records=RedactionLifted, ja="非公開を解除する", en="Lift a redaction")
    @refuses(REDACTION_UNKNOWN)
    def lift_redaction(self, redaction_id: Id, reason: Text) -> None:
        """Publish again what was redacted."""
        if redaction_id not in self.redactions:
            raise REDACTION_UNKNOWN(redaction=redaction_id).at("/redaction_id")
        lifted = self.redactions[redaction_id]
        self.record(
            RedactionLifted(
                redaction_id=redaction_id,
                target_event=lifted.target_event,
                target_subject=lifted.target_subject,
                reason=reason,
            )
        )

    # -- state changes

    @on(CorrectionProposed)
    def _correction_proposed(self, e: CorrectionProposed, recorded: Recorded[CorrectionProposed]) -> None:
        actor = recorded.actor
        self.fixes.add(e.correction_id)
        self.proposals[e.correction_id] = (e, actor.party or actor.role.lower())

    @on(CorrectionDeclined)
    def _correction_declined(self, e: CorrectionDeclined, _: Recorded[Any]) -> None:
        self.proposals.pop(e.correction_id, None)

    @on(RecordCorrected)
    def _corrected(self, e: RecordCorrected, _: Recorded[Any]) -> None:
        self.fixes.add(e.correction_id)
        self.proposals.pop(e.correction_id, None)
        self.standing[e.target_event] = {c.field: c for c in e.standing}

    @on(EventWithdrawn)
    def _withdrawn(self, e: EventWithdrawn, _: Recorded[Any]) -> None:
        self.withdrawn.add(e.target_event)
        self.standing.pop(e.target_event, None)

    @on(PartRedacted)
    def _redacted(self, e: PartRedacted, _: Recorded[Any]) -> None:
        self.fixes.add(e.redaction_id)
        self.redactions[e.redaction_id] = e

    @on(RedactionLifted)
    def _lifted(self, e: RedactionLifted, _: Recorded[Any]) -> None:
        self.redactions.pop(e.redaction_id, None)
        self.to_confirm.pop(e.redaction_id, None)

    @on(ClosedAtOnce)
    def _closed_at_once(self, e: ClosedAtOnce, recorded: Recorded[ClosedAtOnce]) -> None:
        self.to_confirm[e.redaction_id] = (e, recorded.actor.party or recorded.actor.role.lower())

    @on(ClosingConfirmed)
    def _confirmed(self, e: ClosingConfirmed, _: Recorded[Any]) -> None:
        self.to_confirm.pop(e.redaction_id, None)

    # -- questions

    def _target(self, version: int) -> Recorded[Any]:
        """The event with this version as it stands now. Refuses EVENT_UNKNOWN; fixing is not fixed."""
        event = self.context.reader.event_at(self.id, version)
        if event is None or isinstance(event.data, CORRECTING) or event.event_id in self.withdrawn:
            raise EVENT_UNKNOWN(version=version).at("/target_version")
        return corrected(event, self.standing.get(event.event_id, {}).values())

    def _proposal(self, correction_id: str) -> tuple[CorrectionProposed, str]:
        if correction_id not in self.proposals:
            raise CORRECTION_UNKNOWN(correction=correction_id).at("/correction_id")
        return self.proposals[correction_id]
