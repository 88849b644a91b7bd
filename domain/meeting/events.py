"""What may be recorded of a meeting 会議 (see domain/meeting/aggregate.py and domain.md 4.2).

One story: the events of a meeting in the order of an evening, with the small values they are made of.
"""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal

import msgspec

from domain.kernel.events import Event
from domain.kernel.when import TOLD, inherit
from domain.meeting.refusals import COUNT_IMPOSSIBLE, TALLY_MISMATCH
from domain.values.calendar import EffectiveDate
from domain.values.disclosure import Disclosure
from domain.values.fields import Count, Id, Line, Ordinal, Text, Word, Year
from domain.values.quorum import MajorityRule, QuorumCheck, Tally
from domain.values.resolution_methods import MethodName, Result
from domain.values.stance import Stance

ItemType = Literal["report", "discussion", "decision", "hearing", "minutes", "other"]


NumberedBy = Literal["fiscal_year", "calendar_year"]
"""Within what numbers begin anew: 令和6年度第3回, 平成18年第1回."""


class MeetingScheduled(Event):
    """A meeting of the council (or of one of its groups) is to be held. ``no`` counts on, or within the year
    ``no_year``, which ``numbered_by`` says to be fiscal or not."""

    LABEL = ("会議の予定", "Meeting scheduled")
    WHEN = "starts_at"
    AHEAD = True
    LINKS: ClassVar = {"council_id": "part_of", "group_id": "part_of"}
    FIELDS: ClassVar = {
        "starts_at": ("開始日時", "Starts at"),
        "no_year": ("回を数える年", "Year of the number"),
        "numbered_by": ("番号の数え方", "Numbered by"),
    }
    council_id: Id
    kind: Literal["plenary", "workshop", "group", "written"] | None = None
    group_id: Id | None = None
    no: Ordinal | None = None
    title: Line | None = None
    starts_at: dt.datetime | None = None
    place: Line | None = None
    rules_version: Ordinal | None = None
    no_year: Year | None = None
    numbered_by: NumberedBy | None = None
    session_id: Id | None = None


class AgendaItemListed(Event):
    """A topic on the running order 次第. ``printed_no`` is its number as it is printed (日程第2, TOP 3.1);
    ``order`` its place. It may deal with further matters besides ``matter_id`` (``matter_ids``)."""

    LABEL = ("議題の登録", "Agenda item listed")
    WHEN = TOLD
    KEY_STEP = False
    FIELDS: ClassVar = {
        "item_id": ("議題", "Agenda item"),
        "type": ("種別", "Type"),
        "printed_no": ("議題の番号", "Number as printed"),
        "matter_ids": ("ほかの案件", "Further matters"),
    }
    item_id: Id
    order: Ordinal
    title: Line
    type: ItemType | None = None
    matter_id: Id | None = None
    printed_no: Word | None = None
    matter_ids: tuple[Id, ...] = ()

    @property
    def matters(self) -> tuple[str, ...]:
        """Every matter that it deals with."""
        return (*((self.matter_id,) if self.matter_id is not None else ()), *self.matter_ids)


class MeetingRescheduled(Event):
    """The meeting is held at another time or place 日程変更, and why. Its notice is given anew."""

    LABEL = ("日程の変更", "Meeting rescheduled")
    WHEN = TOLD
    FIELDS: ClassVar = {
        "previous_starts_at": ("変更前の開始日時", "Started at before"),
        "previous_place": ("変更前の場所", "Place before"),
    }
    starts_at: dt.datetime
    reason: Text
    place: Line | None = None
    previous_starts_at: dt.datetime | None = None
    previous_place: Line | None = None


class MeetingNotified(Event):
    """The meeting was announced, and whether the public may attend."""

    LABEL = ("開催の通知", "Meeting notified")
    WHEN = "notice_on"
    KEY_STEP = False
    FIELDS: ClassVar = {
        "notice_on": ("通知日", "Notice on"),
        "publicity": ("公開", "Openness"),
        "observer_capacity": ("傍聴の定員", "Places for observers"),
        "urgent_reason": ("緊急の理由", "Why it is urgent"),
    }
    notice_on: dt.date
    publicity: Literal["open", "partly_closed", "closed"]
    observer_capacity: Count | None = None
    urgent_reason: Text | None = None


class MeetingCancelled(Event):
    """The meeting will not be held."""

    LABEL = ("会議の中止", "Meeting cancelled")
    WHEN = TOLD
    reason: Text


class ItemClosedToPublic(Event):
    """The meeting decided to deal with an item behind closed doors, and why."""

    LABEL = ("議題の非公開", "Item closed to the public")
    WHEN = inherit("entity", "item_id")
    FIELDS: ClassVar = {"decided_in_meeting": ("会議で決めた", "Decided in the meeting")}
    item_id: Id
    disclosure: Disclosure
    decided_in_meeting: bool
    reason: Text


class MeetingOpened(Event):
    """The chair opened the meeting. ``present`` are appointments; ``quorum`` the check with its numbers."""

    LABEL = ("開会", "Meeting opened")
    WHEN = "at"
    AFTER = ("MeetingNotified",)
    FIELDS: ClassVar = {"at": ("時刻", "At"), "presiding": ("進行", "Presiding")}
    COMPUTED: ClassVar = {"quorum": ("present", "presiding")}
    at: dt.datetime
    presiding: Id
    present: tuple[Id, ...]
    quorum: QuorumCheck


class MeetingFoundInquorate(Event):
    """Too few were present: 流会."""

    LABEL = ("流会", "Meeting found inquorate")
    WHEN = "at"
    COMPUTED: ClassVar = {"quorum": ("present",)}
    at: dt.datetime
    present: tuple[Id, ...]
    quorum: QuorumCheck


class MeetingRecessed(Event):
    """The meeting paused 休憩."""

    LABEL = ("休憩", "Meeting recessed")
    WHEN = "at"
    KEY_STEP = False
    at: dt.datetime
    reason: Text | None = None


class MeetingResumed(Event):
    """The meeting went on 再開."""

    LABEL = ("再開", "Meeting resumed")
    WHEN = "at"
    KEY_STEP = False
    at: dt.datetime


class AttendeeArrived(Event):
    """A member came in."""

    LABEL = ("入室", "Attendee arrived")
    WHEN = "at"
    KEY_STEP = False
    FIELDS: ClassVar = {"mode": ("出席の形", "Mode")}
    appointment_id: Id
    at: dt.datetime
    mode: Literal["in_person", "online"] = "in_person"


class AttendeeLeft(Event):
    """A member went out."""

    LABEL = ("退室", "Attendee left")
    WHEN = "at"
    KEY_STEP = False
    appointment_id: Id
    at: dt.datetime


class WrittenOpinionReceived(Event):
    """An absent member's opinion in writing. It is no vote: there is no proxy."""

    LABEL = ("書面意見の受領", "Written opinion received")
    WHEN = TOLD
    KEY_STEP = False
    appointment_id: Id
    item_id: Id
    document_id: Id


class StatementRecorded(Event):
    """What somebody said. ``speaker`` is an appointment, ``speaker_role`` a role; both null: not recorded.
    ``answers_to`` is the statement that it answers 答弁. Item and stance are null where no source says."""

    LABEL = ("発言", "Statement recorded")
    WHEN = inherit("entity", "item_id")
    KEY_STEP = False
    FIELDS: ClassVar = {
        "statement_id": ("発言", "Statement"),
        "speaker": ("発言者", "Speaker"),
        "speaker_role": ("発言者の役割", "Role of the speaker"),
        "answers_to": ("答えている発言", "Answers"),
    }
    statement_id: Id
    text: Text
    item_id: Id | None = None
    stance: Stance | None = None
    speaker: Id | None = None
    speaker_role: Word | None = None
    option_id: Id | None = None
    answers_to: Id | None = None


class Cluster(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Cards put together under a label. ``dots`` show interest; they are never a vote."""

    FIELDS: ClassVar = {"cards": ("カード", "Cards"), "dots": ("シール（投票ではない）", "Dots (not a vote)")}
    label: Line
    cards: tuple[Line, ...] = ()
    dots: Count | None = None


class WorkshopOutputRecorded(Event):
    """What a table of the workshop brought together."""

    LABEL = ("ワークショップの成果", "Workshop output recorded")
    WHEN = inherit("entity", "item_id")
    FIELDS: ClassVar = {
        "table_no": ("テーブル", "Table"),
        "theme": ("テーマ", "Theme"),
        "clusters": ("まとまり", "Clusters"),
        "facilitator_role": ("進行役", "Facilitator"),
    }
    item_id: Id
    table_no: Ordinal
    theme: Line
    clusters: tuple[Cluster, ...]
    facilitator_role: Word | None = None


class RecusalDeclared(Event):
    """A member takes no part in an item: out of its quorum and its tally."""

    LABEL = ("除斥・回避", "Recusal declared")
    WHEN = inherit("entity", "item_id")
    FIELDS: ClassVar = {"reason_class": ("理由の種類", "Kind of reason")}
    appointment_id: Id
    item_id: Id
    reason_class: Literal["personal_interest", "organisation_interest", "other"]


class MemberVote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One member's open vote."""

    FIELDS: ClassVar = {"vote": ("票", "Vote")}
    appointment_id: Id
    vote: Literal["for", "against", "abstain"]


Reply = Literal["for", "against", "abstain", "opinion"]


class WrittenReply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One member's reply in a written procedure 書面協議."""

    appointment_id: Id
    reply: Reply


class Conclusion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The conclusion the chair read out with a resolution; the matter takes it over (domain.md 4.12)."""

    chosen_option: Id | None = None
    reason: Text | None = None
    conditions: tuple[Text, ...] = ()
    effective_from: EffectiveDate | None = None
    reason_short: Line | None = None


class ResolutionTaken(Event):
    """How the meeting resolved an item: method, quorum at that minute, who could vote, tally, result."""

    LABEL = ("議決", "Resolution taken")
    REFUSES = (TALLY_MISMATCH,)
    WHEN = "at"
    LINKS: ClassVar = {"matter_id": "used", "matter_ids": "used"}
    FIELDS: ClassVar = {
        "resolution_id": ("議決", "Resolution"),
        "eligible": ("表決できる人", "Eligible"),
        "recused": ("除斥", "Recused"),
        "tally": ("票", "Tally"),
        "votes": ("個人別の票", "Votes of members"),
        "casting_vote": ("座長の決裁票", "Casting vote"),
        "objections": ("異議", "Objections"),
        "outcome_text": ("読み上げた結果", "Outcome read back"),
        "limits": ("一任の範囲", "Limits of the entrustment"),
        "deadline": ("期限", "Deadline"),
        "replies": ("書面の回答", "Written replies"),
        "conclusion": ("読み上げた結論", "Conclusion read out"),
    }
    COMPUTED: ClassVar = {
        "quorum": ("present",),
        "eligible": ("present",),
        "present": ("present",),
        "recused": ("recused",),
        "rules_version": ("at",),
        "majority": ("at",),
    }
    resolution_id: Id
    item_id: Id
    at: dt.datetime
    method: MethodName
    result: Result
    quorum: QuorumCheck
    eligible: Count
    present: Count
    recused: Count = 0
    matter_id: Id | None = None
    options_version: Ordinal | None = None
    rules_version: Ordinal | None = None
    majority: MajorityRule | None = None
    tally: Tally | None = None
    votes: tuple[MemberVote, ...] = ()
    casting_vote: Literal["for", "against"] | None = None
    objections: Count = 0
    outcome_text: Text | None = None
    limits: Text | None = None
    deadline: dt.date | None = None
    replies: tuple[WrittenReply, ...] = ()
    conclusion: Conclusion | None = None
    matter_ids: tuple[Id, ...] = ()

    @property
    def matters(self) -> tuple[str, ...]:
        """Every matter that it decided 一括採決."""
        return (*((self.matter_id,) if self.matter_id is not None else ()), *self.matter_ids)

    def check(self) -> None:
        """Refuses votes that are not as many as those who could vote (TALLY_MISMATCH)."""
        if self.tally is not None and self.tally.total != self.eligible:
            raise TALLY_MISMATCH(total=self.tally.total, eligible=self.eligible).at("/tally")


class ItemNoted(Event):
    """The item was dealt with without a resolution (了承)."""

    LABEL = ("議題の了承", "Item noted")
    WHEN = inherit("entity", "item_id")
    KEY_STEP = False
    item_id: Id


class ItemDropped(Event):
    """The item was taken off the running order."""

    LABEL = ("議題の取下げ", "Item dropped")
    WHEN = inherit("entity", "item_id")
    KEY_STEP = False
    item_id: Id
    reason: Text


class ItemCarriedOver(Event):
    """The item goes on in a later meeting (継続審議)."""

    LABEL = ("継続審議", "Item carried over")
    WHEN = inherit("entity", "item_id")
    item_id: Id
    reason: Text
    to_meeting: Id | None = None


class MeetingClosed(Event):
    """The meeting ended."""

    LABEL = ("閉会", "Meeting closed")
    WHEN = "at"
    AFTER = ("MeetingOpened",)
    FIELDS: ClassVar = {
        "observers": ("傍聴者", "Observers"),
        "press": ("報道", "Press"),
        "staff": ("事務局", "Secretariat"),
    }
    at: dt.datetime
    observers: Count | None = None
    press: Count | None = None
    staff: Count | None = None


class AttendanceCountRecorded(Event):
    """Attendance as a source counts it, without names."""

    LABEL = ("出席者数の記録", "Attendance count recorded")
    WHEN = inherit("entity")
    REFUSES = (COUNT_IMPOSSIBLE,)
    FIELDS: ClassVar = {
        "members_serving": ("在任委員数", "Members serving"),
        "members_present": ("出席委員数", "Members present"),
    }
    members_serving: Count | None = None
    members_present: Count | None = None
    observers: Count | None = None

    def check(self) -> None:
        """Refuses more members present than there are (COUNT_IMPOSSIBLE)."""
        serving, present = self.members_serving, self.members_present
        if serving is not None and present is not None and present > serving:
            raise COUNT_IMPOSSIBLE(present=present, serving=serving).at("/members_present")


class MeetingDocumentsListed(Event):
    """Documents that were before the meeting 会議資料; an empty list says that there were none."""

    LABEL = ("会議資料の記録", "Meeting documents listed")
    WHEN = inherit("entity")
    KEY_STEP = False
    LINKS: ClassVar = {"document_ids": "used"}
    FIELDS: ClassVar = {"document_ids": ("資料", "Documents")}
    document_ids: tuple[Id, ...]


# ------------------------------------------------------------------------------------------ minutes


class MinutesDrafted(Event):
    """A draft of the minutes 会議録案, version ``v``. ``other``: what else there was (なし if nothing)."""

    LABEL = ("会議録案の作成", "Minutes drafted")
    WHEN = TOLD
    AFTER = ("MeetingOpened",)
    KEY_STEP = False
    FIELDS: ClassVar = {
        "style": ("形式", "Style"),
        "naming": ("発言者名", "Naming of speakers"),
        "other": ("その他", "Other"),
    }
    v: Ordinal
    document_id: Id
    style: Literal["verbatim", "summary", "grouped_opinions"] | None = None
    naming: Literal["named", "role", "none"] | None = None
    other: Text | None = None


class MinutesCirculated(Event):
    """The draft went to the members, who may answer until ``reply_by``, where a day was stated."""

    LABEL = ("会議録案の送付", "Minutes circulated")
    WHEN = TOLD
    AFTER = ("MinutesDrafted",)
    KEY_STEP = False
    FIELDS: ClassVar = {"reply_by": ("回答期限", "Reply by")}
    v: Ordinal
    reply_by: dt.date | None = None


class MinutesAmendmentRequested(Event):
    """A member asked for a change."""

    LABEL = ("会議録修正の申出", "Amendment of the minutes requested")
    WHEN = TOLD
    AFTER = ("MinutesDrafted",)
    KEY_STEP = False
    FIELDS: ClassVar = {"request_id": ("申出", "Request")}
    request_id: Id
    appointment_id: Id
    text: Text


class MinutesAmendmentAnswered(Event):
    """What became of a request."""

    LABEL = ("会議録修正申出への対応", "Amendment request answered")
    WHEN = TOLD
    AFTER = ("MinutesAmendmentRequested.request_id",)
    KEY_STEP = False
    FIELDS: ClassVar = {"accepted": ("認めた", "Accepted")}
    request_id: Id
    accepted: bool
    reason: Text | None = None


class SignatoriesNamed(Event):
    """The members who sign the minutes 署名委員, as the meeting named them."""

    LABEL = ("署名委員の指名", "Signatories named")
    WHEN = TOLD
    KEY_STEP = False
    FIELDS: ClassVar = {"signatories": ("署名委員", "Signatories")}
    signatories: tuple[Id, ...]


class MinutesSigned(Event):
    """A signatory signed a version of the minutes: on paper, or by their own account."""

    LABEL = ("会議録への署名", "Minutes signed")
    KEY_STEP = False
    WHEN = "on"
    v: Ordinal
    appointment_id: Id
    means: Literal["paper", "account"]
    on: dt.date | None = None


class MinutesConfirmed(Event):
    """The minutes are the record of the meeting. ``without_circulation``: nobody was sent a draft before."""

    LABEL = ("会議録の確認", "Minutes confirmed")
    WHEN = inherit("next_meeting")
    AFTER = ("MinutesDrafted", "MeetingOpened")
    FIELDS: ClassVar = {
        "by": ("確認した者", "Confirmed by"),
        "next_meeting": ("次の会議", "Next meeting"),
        "without_circulation": ("送付せずに確定", "Without circulation"),
    }
    v: Ordinal
    by: Literal["chair", "signatories", "next_meeting"] | None = None
    next_meeting: Id | None = None
    without_circulation: bool = False


class Redaction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the minutes that is not published, and why."""

    FIELDS: ClassVar = {"part": ("部分", "Part")}
    part: Line
    disclosure: Disclosure


class MinutesPublished(Event):
    """The minutes can be read by anybody, but for the redactions."""

    LABEL = ("会議録の公表", "Minutes published")
    WHEN = "on"
    AFTER = ("MinutesConfirmed",)
    FIELDS: ClassVar = {"redactions": ("非公開の部分", "Redactions")}
    on: dt.date
    redactions: tuple[Redaction, ...] = ()


class MinutesCorrected(Event):
    """The confirmed minutes were wrong 訂正: what they said, what they say now, why, who approved it."""

    LABEL = ("会議録の訂正", "Minutes corrected")
    WHEN = TOLD
    AFTER = ("MinutesDrafted",)
    target_event: Line
    field: Line
    before: Text
    after: Text
    reason: Text
    approved_by: Id
