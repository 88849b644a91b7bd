"""Who was there, beside the members who came in while it went on: advisers, staff and guests, who sent word
that they would not come, what became known later, and meetings of which that is all that is known."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal

import msgspec

from domain.kernel.events import Event
from domain.kernel.when import inherit
from domain.meeting.refusals import COUNT_IMPOSSIBLE
from domain.values.calendar import EffectiveDate
from domain.values.fields import Count, Id, Line, Text
from domain.values.quorum import QuorumCheck


class OtherAttendee(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Somebody who was there and is no member. ``party_id``, if the record knows them; their name is never
    written here."""

    FIELDS: ClassVar = {"capacity": ("立場", "Capacity")}
    capacity: Literal["adviser", "staff", "guest"]
    party_id: Id | None = None
    post: Line | None = None


class OthersAttended(Event):
    """Advisers, staff and guests who were there, with their posts. An empty list: there were none."""

    LABEL = ("委員以外の出席", "Attendance of others")
    WHEN = inherit("entity")
    KEY_STEP = False
    FIELDS: ClassVar = {"others": ("委員以外の出席者", "Others present")}
    others: tuple[OtherAttendee, ...]


class AbsenceNotified(Event):
    """A member sent word of being absent 欠席届. What the slip says of a person's life stays in the slip."""

    LABEL = ("欠席届", "Absence notified")
    KEY_STEP = False
    WHEN = "received_on"
    appointment_id: Id
    reason_class: Literal["work", "health", "family", "other"] | None = None
    received_on: dt.date | None = None
    document_id: Id | None = None


class OpennessRecorded(Event):
    """Whether the public could attend, where no notice said so beforehand."""

    LABEL = ("公開・非公開の記録", "Openness recorded")
    WHEN = inherit("entity")
    KEY_STEP = False
    publicity: Literal["open", "partly_closed", "closed"]
    reason: Text | None = None


class QuorumAnew(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The quorum of a resolution, counted anew."""

    resolution_id: Id
    quorum: QuorumCheck


class AttendanceKnownLater(Event):
    """A member was there of whom the record did not tell: since when, and until when if they left before
    the end; neither where it is only known that the meeting was held. ``quorum`` is that of the opening,
    counted anew, ``resolutions`` those of what was resolved while they were there; what stood before stays
    readable with the opening and the resolutions."""

    LABEL = ("後から分かった出席", "Attendance known later")
    WHEN = inherit("entity")
    DONE = (
        "since",
        "until",
    )
    FIELDS: ClassVar = {
        "since": ("入室", "Since"),
        "until": ("退室", "Until"),
        "resolutions": ("数え直した定足数", "Quorums counted anew"),
    }
    appointment_id: Id
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    mode: Literal["in_person", "online"] = "in_person"
    quorum: QuorumCheck | None = None
    resolutions: tuple[QuorumAnew, ...] = ()


class KnownAttendee(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A member who was there, as a source tells of them: by appointment, by person, or by seat."""

    FIELDS: ClassVar = {"seat": ("席", "Seat")}
    appointment_id: Id | None = None
    party_id: Id | None = None
    seat: Line | None = None


class MeetingHeld(Event):
    """The meeting was held: all that is known of a day whose roster, or whose minutes of the hour, nobody
    recorded. ``members_present`` counts the members, named or not; what a source does not say is null."""

    LABEL = ("開催の事実", "Meeting held")
    WHEN = "held_on"
    DONE = ("ended_at",)
    REFUSES = (COUNT_IMPOSSIBLE,)
    FIELDS: ClassVar = {
        "known_attendees": ("分かっている出席者", "Known attendees"),
        "presided": ("進行した委員", "Presided"),
        "ended_at": ("終わった時刻", "Ended at"),
    }
    held_on: EffectiveDate
    known_attendees: tuple[KnownAttendee, ...] = ()
    members_present: Count | None = None
    members_serving: Count | None = None
    presided: Id | None = None
    observers: Count | None = None
    staff: Count | None = None
    ended_at: dt.datetime | None = None
    quorum: QuorumCheck | None = None

    def check(self) -> None:
        """Refuses more members present than served, or fewer than are named (COUNT_IMPOSSIBLE)."""
        serving, present = self.members_serving, self.members_present
        most = serving if present is None else min(present, serving if serving is not None else present)
        if present is not None and serving is not None and present > serving:
            raise COUNT_IMPOSSIBLE(present=present, serving=serving).at("/members_present")
        if most is not None and len(self.known_attendees) > most:
            raise COUNT_IMPOSSIBLE(present=len(self.known_attendees), serving=most).at("/known_attendees")
