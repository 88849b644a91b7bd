"""Fixing the record: correction 訂正 and redaction 非公開 (domain.md 3). Nothing is edited, nothing deleted.

A *correction* says that the record was wrong: which event, which fields, what stood there and what is true,
why, who approved it. The secretariat proposes, the chair or an approver approves, and nobody approves a
proposal of their own (4.13). From then on the aggregate decides on the corrected facts, and every view shows
them with a mark. A *redaction* says that something is right but may not be published: the public sees a stub
with the ground. (The third act, supersession, is a new decision: see domain/matter/aggregate.py.)

Identifiers and links are not corrected: withdraw the link, or record the right thing and say what it
replaces. Every aggregate that can be fixed derives from :class:`Fixable`.
"""

from __future__ import annotations

import typing
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from domain.kernel.commands import command, on
from domain.kernel.events import EVENTS, Event, Recorded
from domain.kernel.record import Record
from domain.kernel.refusals import ALREADY_EXISTS, SELF_APPROVAL
from domain.values import fields
from domain.values.calendar import EffectiveDate
from domain.values.disclosure import Disclosure
from domain.values.fields import Id, Line, Ordinal, Text
from domain.values.refusal import refusal

EVENT_UNKNOWN = refusal(
    "EVENT_UNKNOWN",
    ja="この記録に第{version}版の出来事はありません。",
    en="There is no event with version {version} in this record.",
    rule="domain.md 3: a correction and a redaction name the event they are about",
    next_ja="経緯の表示から、対象の出来事の版番号を確かめてください。",
    next_en="Look up the version of the event in the trail.",
    kind="not_found",
)
FIELD_NOT_CORRECTABLE = refusal(
    "FIELD_NOT_CORRECTABLE",
    ja="「{field}」は訂正できる項目ではありません（{known}）。",
    en="“{field}” is not a field that can be corrected ({known}).",
    rule="domain.md 3: identifiers and links are withdrawn and made anew, not corrected",
    next_ja="項目名を確かめるか、つながりを取り消して作り直してください。",
    next_en="Check the name of the field, or withdraw the link and make it anew.",
    kind="invalid",
)
VALUE_NOT_FITTING = refusal(
    "VALUE_NOT_FITTING",
    ja="「{field}」にこの値は入りません（{why}）。",
    en="This value does not fit the field “{field}” ({why}).",
    rule="domain.md 3: a corrected event satisfies the same rules as any event",
    next_ja="項目の型と単位を確かめてください。",
    next_en="Check the type and the unit of the field.",
    kind="invalid",
)
NOTHING_CORRECTED = refusal(
    "NOTHING_CORRECTED",
    ja="現在の記録と同じ内容です。",
    en="This is what the record says already.",
    rule="domain.md 3: a correction changes something",
    next_ja="訂正後の値を確かめてください。",
    next_en="Check the value after correction.",
    kind="invalid",
)
CORRECTION_UNKNOWN = refusal(
    "CORRECTION_UNKNOWN",
    ja="承認を待つ訂正案「{correction}」はありません。",
    en="No correction “{correction}” is waiting for approval.",
    rule="domain.md 4.13: the secretariat proposes, the chair or an approver approves",
    next_ja="先に訂正案を提出してください。",
    next_en="Propose the correction first.",
)
REDACTION_UNKNOWN = refusal(
    "REDACTION_UNKNOWN",
    ja="非公開の措置「{redaction}」は記録されていないか、既に解除されています。",
    en="No redaction “{redaction}” is in force.",
    rule="domain.md 3: a redaction is lifted once",
    next_ja="非公開の一覧を確かめてください。",
    next_en="Look at the list of redactions.",
)
NOT_A_REDACTION = refusal(
    "NOT_A_REDACTION",
    ja="非公開の措置の区分が「公開」になっています。",
    en="A redaction cannot be public.",
    rule="domain.md 3: closed and internal need a ground",
    next_ja="visibility を closed か internal にし、ground に理由を記入してください。",
    next_en="Set “visibility” to closed or internal, with its ground.",
    kind="invalid",
)

Scalar = str | int | bool | None
"""The value of one field: dates as they are written, null for unknown."""

EFFECTIVE = "effective"
"""The name under which an event's effective date is corrected; it stands in the envelope."""


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a field should say. ``field``: its name, parts of it with points (``tally.for``, ``present.2``);
    ``effective`` for the day it took effect. ``after``: the right value; null if it is not known."""

    field: Line
    after: Scalar


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One corrected field: what stood there, and what stands there now."""

    field: Line
    before: Scalar
    after: Scalar


def present_field(event: type[Event], field: str) -> str:
    """The name that a field, or a part of it (``tally.for``), has today."""
    top, point, inner = field.partition(".")
    return event.FORMER_FIELDS.get(top, top) + point + inner


def _renamed(kind: type[Event], changes: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(msgspec.structs.replace(c, field=present_field(kind, c.field)) for c in changes)


class CorrectionProposed(Event):
    """Somebody says that the record is wrong. Nothing has changed yet."""

    LABEL = ("訂正の提案", "Correction proposed")
    KEY_STEP = False
    correction_id: Id
    target_event: Line
    target_version: Ordinal
    changes: tuple[Change, ...]
    reason: Text


class CorrectionDeclined(Event):
    """The record stays as it was, because."""

    LABEL = ("訂正案の不承認", "Correction declined")
    KEY_STEP = False
    correction_id: Id
    reason: Text


class RecordCorrected(Event):
    """The record was wrong 訂正. ``changes`` are the fields of this correction, ``standing`` every corrected
    field of that event, as it stands from now on."""

    LABEL = ("記録の訂正", "Record corrected")
    correction_id: Id
    target_event: Line
    target_version: Ordinal
    target_type: Line
    changes: tuple[Change, ...]
    standing: tuple[Change, ...]
    reason: Text
    proposed_by: Line
    approved_by: Line

    def __post_init__(self) -> None:
        """What was corrected under a former name of its field is corrected."""
        kind = EVENTS.get(self.target_type, Event)
        if kind.FORMER_FIELDS:
            msgspec.structs.force_setattr(self, "changes", _renamed(kind, self.changes))
            msgspec.structs.force_setattr(self, "standing", _renamed(kind, self.standing))


class PartRedacted(Event):
    """Right, but not publishable 非公開: an event, or the named fields of it. The public sees a stub."""

    LABEL = ("非公開の措置", "Part redacted")
    redaction_id: Id
    target_event: Line
    target_version: Ordinal
    target_type: Line
    target_subject: Line
    redacted: Disclosure
    reason: Text
    fields: tuple[Line, ...] = ()

    def __post_init__(self) -> None:
        """What was redacted under a former name of its field is redacted."""
        kind = EVENTS.get(self.target_type, Event)
        if kind.FORMER_FIELDS:
            names = tuple(present_field(kind, name) for name in self.fields)
            msgspec.structs.force_setattr(self, "fields", names)


class RedactionLifted(Event):
    """The ground has lapsed: what was redacted is public again."""

    LABEL = ("非公開の解除", "Redaction lifted")
    redaction_id: Id
    target_event: Line
    target_subject: Line
    reason: Text


_OF_FIXING = (CorrectionProposed, CorrectionDeclined, RecordCorrected, PartRedacted, RedactionLifted)


class Correctable(Record):
    """An aggregate whose record can be corrected and redacted."""

    def __init__(self, stream: str) -> None:
        self.proposals: dict[str, tuple[CorrectionProposed, str]] = {}
        """Corrections waiting for approval, with who proposed them."""
        self.standing: dict[str, dict[str, Change]] = {}
        """Corrected fields that stand, by event id and field."""
        self.redactions: dict[str, PartRedacted] = {}
        """Redactions in force, by id."""
        self.fixes: set[str] = set()
        """Every identifier a correction or redaction has had."""
        super().__init__(stream)

    @classmethod
    def as_corrected(cls, events: Iterable[Recorded[Any]]) -> Iterable[Recorded[Any]]:
        listed = list(events)
        standing = {e.data.target_event: e.data.standing for e in listed if type(e.data) is RecordCorrected}
        if not standing:
            return listed
        return [corrected(e, standing.get(e.event_id, ())) for e in listed]

    def correctable(self, target: Recorded[Any]) -> None:
        """Refuse what may not be corrected in this way; a kind of aggregate says more here."""

    @command("SEC", ja="訂正を提案する", en="Propose a correction")
    def propose_correction(
        self, correction_id: Id, target_version: Ordinal, changes: tuple[Wanted, ...], reason: Text
    ) -> None:
        """Say which event of this record is wrong (its version), which fields, and what they should say."""
        if correction_id in self.fixes:
            raise ALREADY_EXISTS(id=correction_id).at("/correction_id")
        target = self._target(target_version)
        self.correctable(target)
        made = tuple(_change(target, wanted, f"/changes/{n}") for n, wanted in enumerate(changes))
        if not made:
            raise NOTHING_CORRECTED().at("/changes")
        fields.check(corrected(target, made).data, "/changes")
        self.record(
            CorrectionProposed(
                correction_id=correction_id,
                target_event=target.event_id,
                target_version=target_version,
                changes=made,
                reason=reason,
            )
        )

    @command("CHR", "APR", ja="訂正を承認する", en="Approve a correction")
    def approve_correction(self, correction_id: Id) -> None:
        """Make a proposed correction the record. Nobody approves their own proposal."""
        proposed, by = self._proposal(correction_id)
        approver = self.context.actor.party or self.context.actor.role.lower()
        if approver == by:
            raise SELF_APPROVAL(party=approver)
        target = self._target(proposed.target_version)
        standing = {**self.standing.get(target.event_id, {}), **{c.field: c for c in proposed.changes}}
        self.record(
            RecordCorrected(
                correction_id=correction_id,
                target_event=target.event_id,
                target_version=proposed.target_version,
                target_type=target.type,
                changes=proposed.changes,
                standing=tuple(standing.values()),
                reason=proposed.reason,
                proposed_by=by,
                approved_by=approver,
            )
        )
        self.outdated = True

    @command("CHR", "APR", ja="訂正案を承認しない", en="Decline a correction")
    def decline_correction(self, correction_id: Id, reason: Text) -> None:
        """Leave the record as it is, and say why."""
        self._proposal(correction_id)
        self.record(CorrectionDeclined(correction_id=correction_id, reason=reason))

    @command("DIS", ja="非公開とする", en="Redact")
    def redact(
        self,
        redaction_id: Id,
        target_version: Ordinal,
        redacted: Disclosure,
        reason: Text,
        fields: tuple[Line, ...] = (),
    ) -> None:
        """Keep an event of this record, or the named fields of it, from the public, on a stated ground."""
        if redaction_id in self.fixes:
            raise ALREADY_EXISTS(id=redaction_id).at("/redaction_id")
        if redacted.is_public:
            raise NOT_A_REDACTION().at("/redacted/visibility")
        target = self._target(target_version)
        for n, name in enumerate(fields):
            if name not in type(target.data).__struct_encode_fields__:
                known = ", ".join(type(target.data).__struct_encode_fields__)
                raise FIELD_NOT_CORRECTABLE(field=name, known=known).at(f"/fields/{n}")
        self.record(
            PartRedacted(
                redaction_id=redaction_id,
                target_event=target.event_id,
                target_version=target_version,
                target_type=target.type,
                target_subject=target.subject,
                fields=fields,
                redacted=redacted,
                reason=reason,
            )
        )

    @command("DIS", ja="非公開を解除する", en="Lift a redaction")
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
        self.proposals.pop(e.correction_id, None)
        self.standing[e.target_event] = {c.field: c for c in e.standing}

    @on(PartRedacted)
    def _redacted(self, e: PartRedacted, _: Recorded[Any]) -> None:
        self.fixes.add(e.redaction_id)
        self.redactions[e.redaction_id] = e

    @on(RedactionLifted)
    def _lifted(self, e: RedactionLifted, _: Recorded[Any]) -> None:
        self.redactions.pop(e.redaction_id, None)

    # -- questions

    def _target(self, version: int) -> Recorded[Any]:
        """The event with this version as it stands now. Refuses EVENT_UNKNOWN; fixing is not fixed."""
        found = self.context.reader.event_at(self.id, version)
        if found is None or isinstance(found.data, _OF_FIXING):
            raise EVENT_UNKNOWN(version=version).at("/target_version")
        return corrected(found, self.standing.get(found.event_id, {}).values())

    def _proposal(self, correction_id: str) -> tuple[CorrectionProposed, str]:
        if correction_id not in self.proposals:
            raise CORRECTION_UNKNOWN(correction=correction_id).at("/correction_id")
        return self.proposals[correction_id]


# ------------------------------------------------------------------------------------- corrected events


def corrected(recorded: Recorded[Any], changes: Iterable[Change]) -> Recorded[Any]:
    """The event as it stands after these changes; the same object if there are none.

    Raises msgspec.ValidationError for a value that the field cannot hold.
    """
    listed = list(changes)
    if not listed:
        return recorded
    plain: dict[str, Any] = _plain(recorded.data)
    effective = recorded.effective
    for change in listed:
        if change.field == EFFECTIVE:
            effective = _date(change.after)
        else:
            _put(type(recorded.data), plain, change)
    return msgspec.structs.replace(
        recorded, data=msgspec.convert(plain, type(recorded.data)), effective=effective
    )


def _plain(value: Any) -> Any:
    """A value as JSON has it, with the defaults that the log leaves out: what stands there is not unknown."""
    if isinstance(value, msgspec.Struct):
        names = zip(value.__struct_encode_fields__, value.__struct_fields__, strict=True)
        return {wire: _plain(getattr(value, name)) for wire, name in names}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return msgspec.to_builtins(value)


def _put(event: type[Event], plain: dict[str, Any], change: Change) -> None:
    top, *inner = present_field(event, change.field).split(".")
    after: Any = change.after
    if not inner and top in _dates(event) and isinstance(after, str):
        after = msgspec.to_builtins(_date(after))
    place: Any = plain
    path: list[Any] = [top, *inner]
    for name in path[:-1]:
        place = place[int(name) if isinstance(place, list) else name]
    place[int(path[-1]) if isinstance(place, list) else path[-1]] = after


def value_at(recorded: Recorded[Any], field: str) -> Any:
    """What a field of an event says, dates as they are written. If there is no such field: LookupError,
    ValueError or TypeError."""
    if field == EFFECTIVE:
        return recorded.effective.value
    top, *inner = field.split(".")
    value: Any = _plain(recorded.data)[top]
    if not inner and top in _dates(type(recorded.data)):
        return value["value"] if value is not None else None
    for name in inner:
        value = value[int(name) if isinstance(value, list) else name]
    return value


def _change(target: Recorded[Any], wanted: Wanted, pointer: str) -> Change:
    """A wanted value with what stands there now. Refuses what cannot be corrected, or is the same."""
    kind = type(target.data)
    if wanted.field.split(".")[0] in _identities(kind):
        raise _not_correctable(kind, wanted.field).at(f"{pointer}/field")
    try:
        before = value_at(target, wanted.field)
    except (LookupError, ValueError, TypeError):
        raise _not_correctable(kind, wanted.field).at(f"{pointer}/field") from None
    if not isinstance(before, Scalar):
        raise _not_correctable(kind, wanted.field).at(f"{pointer}/field")
    if before == wanted.after and type(before) is type(wanted.after):
        raise NOTHING_CORRECTED().at(f"{pointer}/after")
    change = Change(wanted.field, before, wanted.after)
    try:
        corrected(target, [change])
    except (msgspec.ValidationError, TypeError) as wrong:
        raise VALUE_NOT_FITTING(field=wanted.field, why=str(wrong)[:120]).at(f"{pointer}/after") from None
    return change


def _not_correctable(kind: type[Event], field: str) -> Any:
    known = [EFFECTIVE, *(n for n in kind.__struct_encode_fields__ if n not in _identities(kind))]
    return FIELD_NOT_CORRECTABLE(field=field, known=", ".join(known))


def _identities(kind: type[Event]) -> frozenset[str]:
    """Fields that say what an event is about or leads to: its links, its subject, identifiers."""
    names = {n for n in kind.__struct_encode_fields__ if n == "id" or n.endswith("_id")}
    subject = kind.SUBJECT or ""
    return frozenset(
        names | set(kind.LINKS) | {n for n in kind.__struct_encode_fields__ if f"{{{n}}}" in subject}
    )


def _dates(kind: type[Event]) -> frozenset[str]:
    """Fields that hold an effective date."""
    hints = typing.get_type_hints(kind)
    return frozenset(
        f.encode_name for f in msgspec.structs.fields(kind) if EffectiveDate in _arms(hints[f.name])
    )


def _arms(hint: Any) -> Sequence[Any]:
    return typing.get_args(hint) or (hint,)


def _date(value: Any) -> EffectiveDate:
    if value is None:
        return EffectiveDate.unknown()
    return EffectiveDate.parse(str(value))
