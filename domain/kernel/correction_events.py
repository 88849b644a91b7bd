"""What may be recorded when the record is put right (see domain/kernel/correction.py)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, ClassVar, Literal

import msgspec

from domain.kernel.closed_values import pointer, steps_of
from domain.kernel.events import EVENTS, Event
from domain.kernel.when import RECORDING
from domain.values.disclosure import Disclosure
from domain.values.fields import Id, Line, Ordinal, Text

Scalar = str | int | bool | None
"""The value of one field: dates as they are written, null for unknown."""
Said = str | int | bool | list[Any] | dict[str, Any] | None
"""What a field says: a scalar, or a whole list or part as JSON has it (who was present, a tally)."""

EFFECTIVE = "effective"
"""The name under which an event's effective date is corrected; it stands in the envelope."""
INHERITED = "effective.inherited"
"""The same, where nobody says it: the date of what the event names was corrected, and it follows."""


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a field should say. ``field``: its name, parts of it with points (``tally.for``, ``present.2``);
    ``effective`` for the day it took effect. ``after``: the right value; null if it is not known."""

    field: Line
    after: Said


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One corrected field: what stood there, and what stands there now."""

    field: Line
    before: Said
    after: Said


class AlsoWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Another event that is to be corrected together with the first. ``stream``: of which record; None: of
    the same."""

    FIELDS: ClassVar = {"stream": ("記録", "Record")}
    target_version: Ordinal
    changes: tuple[Wanted, ...]
    stream: Line | None = None


class AlsoChanged(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Another event that is corrected together with the first. ``stream``: of which record; None: of the
    same."""

    FIELDS: ClassVar = {"stream": ("記録", "Record")}
    target_event: Line
    target_version: Ordinal
    changes: tuple[Change, ...]
    stream: Line | None = None


class StandsThough(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A later event that could not have been recorded after a correction, and stands though, because."""

    FIELDS: ClassVar = {"event": ("出来事", "Event")}
    event: Line
    reason: Text


def present_field(event: type[Event], field: str) -> str:
    """The name that a field, or a part of it (``tally.for``), has today."""
    top, point, inner = field.partition(".")
    return event.FORMER_FIELDS.get(top, top) + point + inner


def present_part(event: type[Event], name: str) -> str:
    """What a redaction names, a field or a pointer into one, as that is called today."""
    if not name.startswith("/"):
        return present_field(event, name)
    steps = steps_of(name)
    if steps[0] == "data":
        steps[1] = event.FORMER_FIELDS.get(steps[1], steps[1])
    return pointer(steps)


def _renamed(kind: type[Event], changes: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(msgspec.structs.replace(c, field=present_field(kind, c.field)) for c in changes)


class CorrectionProposed(Event):
    """Somebody says that the record is wrong. Nothing has changed yet."""

    LABEL = ("訂正の提案", "Correction proposed")
    WHEN = RECORDING
    KEY_STEP = False
    FIELDS: ClassVar = {
        "correction_id": ("訂正", "Correction"),
        "target_version": ("対象の版", "Version of the event"),
        "changes": ("訂正箇所", "Changes"),
        "also": ("あわせて訂正するもの", "Corrected together"),
        "stands": ("それでも残すもの", "What stands, though"),
    }
    correction_id: Id
    target_event: Line
    target_version: Ordinal
    changes: tuple[Change, ...]
    reason: Text
    also: tuple[AlsoChanged, ...] = ()
    stands: tuple[StandsThough, ...] = ()


class CorrectionDeclined(Event):
    """The record stays as it was, because."""

    LABEL = ("訂正案の不承認", "Correction declined")
    WHEN = RECORDING
    KEY_STEP = False
    correction_id: Id
    reason: Text


class RecordCorrected(Event):
    """The record was wrong 訂正. ``changes`` are the fields of this correction, ``standing`` every corrected
    field of that event, as it stands from now on. ``follows``: nobody proposed it; what is computed was
    computed anew after the correction with this id."""

    LABEL = ("記録の訂正", "Record corrected")
    WHEN = RECORDING
    FIELDS: ClassVar = {
        "target_type": ("対象の出来事", "Event"),
        "standing": ("訂正後の内容", "As corrected"),
        "proposed_by": ("提案者", "Proposed by"),
        "follows": ("もとになった訂正", "Follows from the correction"),
    }
    correction_id: Id
    target_event: Line
    target_version: Ordinal
    target_type: Line
    changes: tuple[Change, ...]
    standing: tuple[Change, ...]
    reason: Text
    proposed_by: Line
    approved_by: Line
    stands: tuple[StandsThough, ...] = ()
    follows: Id | None = None

    def __post_init__(self) -> None:
        """What was corrected under a former name of its field is corrected."""
        kind = EVENTS.get(self.target_type, Event)
        if kind.FORMER_FIELDS:
            msgspec.structs.force_setattr(self, "changes", _renamed(kind, self.changes))
            msgspec.structs.force_setattr(self, "standing", _renamed(kind, self.standing))


class EventWithdrawn(Event):
    """Whoever recorded something took it back on the same day 取消, before anything rested on it. It stays in
    the log, and counts in nothing."""

    LABEL = ("取消", "Withdrawn")
    WHEN = RECORDING
    KEY_STEP = False
    target_event: Line
    target_version: Ordinal
    target_type: Line
    reason: Text


class PartRedacted(Event):
    """Right, but not publishable 非公開: an event, or what ``fields`` names of it. The public sees a stub.

    Fields are named by their names; items of a list, parts of a long text and words of the envelope by JSON
    Pointers."""

    class_version: ClassVar[int] = 2
    LABEL = ("非公開の措置", "Part redacted")
    WHEN = RECORDING
    FIELDS: ClassVar = {
        "redaction_id": ("非公開の措置", "Redaction"),
        "target_subject": ("対象", "About"),
        "redacted": ("公開の区分", "Disclosure"),
        "fields": ("項目", "Fields"),
    }
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
            names = tuple(present_part(kind, name) for name in self.fields)
            msgspec.structs.force_setattr(self, "fields", names)

    @staticmethod
    def upcast_v1_v2(data: dict[str, Any]) -> None:
        """``fields`` were names alone; they still are, where they are no pointers."""


class RedactionLifted(Event):
    """The ground has lapsed: what was redacted is public again."""

    LABEL = ("非公開の解除", "Redaction lifted")
    WHEN = RECORDING
    redaction_id: Id
    target_event: Line
    target_subject: Line
    reason: Text


class ClosedAtOnce(Event):
    """One person closed it at once, for the ``safety`` of somebody, before a second had looked. A second
    confirms it until ``confirm_by``, or it is listed in public as unconfirmed. What is closed, and why, the
    redaction with the same id says."""

    LABEL = ("安全のための非公開", "Closed at once for safety")
    WHEN = RECORDING
    FIELDS: ClassVar = {
        "urgency": ("直ちに非公開とした事由", "Why at once"),
        "confirm_by": ("確認の期限", "To be confirmed by"),
    }
    redaction_id: Id
    target_subject: Line
    confirm_by: dt.date
    urgency: Literal["safety"] = "safety"


class ClosingConfirmed(Event):
    """A second person looked at what had been closed at once, and it stays closed. ``late``: the term for
    that was over."""

    LABEL = ("安全のための非公開の確認", "Closing confirmed")
    WHEN = RECORDING
    FIELDS: ClassVar = {"late": ("期限を過ぎてからの確認", "Confirmed after the term")}
    redaction_id: Id
    target_subject: Line
    confirm_by: dt.date
    late: bool = False


CORRECTING = (
    CorrectionProposed,
    CorrectionDeclined,
    RecordCorrected,
    EventWithdrawn,
    PartRedacted,
    RedactionLifted,
    ClosedAtOnce,
    ClosingConfirmed,
)
"""Events about other events: they are not corrected themselves."""
