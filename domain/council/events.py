"""What may be recorded of a council 市民会議 (see domain/council/aggregate.py and domain.md 4.1).

One story: a council from its establishment to its end, with all who sit on it.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import msgspec

from domain.kernel.events import Event
from domain.kernel.when import TOLD
from domain.values.calendar import EffectiveDate
from domain.values.fields import Count, Id, Line, Ordinal, Text, Word, Year
from domain.values.law import Citation
from domain.values.quorum import MajorityRule, QuorumRule

BodyType = Literal[
    "joint_council",
    "statutory_advisory",
    "opinion_hearing",
    "assembly",
    "committee",
    "subcommittee",
    "advisory_body",
]
"""市民会議・附属機関・懇話会・議会・委員会・小委員会・諮問機関. None: no source says which."""
SessionKind = Literal["regular", "extraordinary", "full_year"]
"""定例会・臨時会・通年."""


class SeatCategory(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A kind of seat and how many there are; ``fields_open_ended``: the fields named are not a full list."""

    FIELDS: ClassVar = {
        "seats": ("定数", "Seats"),
        "fields_ja": ("分野", "Fields"),
        "fields_open_ended": ("ほかの分野もある", "There are further fields"),
    }
    category: Word
    label_ja: Line | None = None
    seats: Count | None = None
    fields_ja: tuple[Line, ...] = ()
    fields_open_ended: bool = False


class NonMemberRole(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A role beside the members, such as advisers, and how many hold it."""

    role: Word
    label_ja: Line | None = None
    count: Count | None = None


class CouncilEstablished(Event):
    """The body came into being: of which kind, as far as a source says, and within which other body
    (``parent_id``)."""

    class_version: ClassVar[int] = 2
    LABEL = ("市民会議の設置", "Council established")
    WHEN = "established_on"
    LINKS: ClassVar = {"legal_basis": "on_legal_basis", "parent_id": "part_of"}
    FIELDS: ClassVar = {
        "parent_id": ("親の会議体", "Within"),
        "name_short_ja": ("略称", "Short name"),
        "established_on": ("設置年月日", "Established on"),
        "legal_basis": ("法的根拠", "Legal basis"),
        "organised_by": ("組織する者", "Organised by"),
        "body_type": ("会議の性格", "Kind of body"),
        "seats_total": ("定数", "Seats in all"),
    }
    name_ja: Line
    name_short_ja: Line | None = None
    established_on: EffectiveDate | None = None
    legal_basis: Citation | None = None
    organised_by: tuple[Word, ...] = ()
    body_type: BodyType | None = None
    purpose_ja: Text | None = None
    document_no: Line | None = None
    seats_total: Count | None = None
    parent_id: Id | None = None

    @staticmethod
    def upcast_v1_v2(data: dict[str, Any]) -> None:
        """Where nothing else was said, it was a council of citizens and city."""
        data.setdefault("body_type", "joint_council")


class SessionHeld(Event):
    """A session 会期 of the body: 定例会, 臨時会; ``no`` counts within the ``year``."""

    LABEL = ("会期", "Session")
    WHEN = "from_date"
    AHEAD = True
    FIELDS: ClassVar = {
        "year": ("年", "Year"),
    }
    session_id: Id
    name: Line
    kind: SessionKind | None = None
    no: Ordinal | None = None
    year: Year | None = None
    from_date: EffectiveDate | None = None
    to_date: EffectiveDate | None = None


class RemitStated(Event):
    """What the council may deal with, and with which power: to consult is not to decide."""

    LABEL = ("所掌事項", "Remit stated")
    WHEN = TOLD
    LINKS: ClassVar = {"citation": "on_legal_basis"}
    FIELDS: ClassVar = {
        "power": ("権限", "Power"),
        "paraphrase_ja": ("別の箇所での言い方", "Worded elsewhere as"),
    }
    citation: Citation
    power: Literal["consult", "recommend", "decide"]
    scope: tuple[Word, ...] = ()
    paraphrase_ja: Text | None = None


class CompositionDefined(Event):
    """Who the council is made up of."""

    LABEL = ("構成", "Composition defined")
    WHEN = TOLD
    FIELDS: ClassVar = {
        "seat_categories": ("委員の区分", "Categories of seats"),
        "non_member_roles": ("委員以外の役割", "Roles that are not members"),
        "term_months": ("任期（月）", "Term in months"),
        "chair_rule": ("座長の決め方", "How the chair is chosen"),
    }
    seat_categories: tuple[SeatCategory, ...]
    non_member_roles: tuple[NonMemberRole, ...] = ()
    term_months: Count | None = None
    chair_rule: Text | None = None


class ProcedureRulesAdopted(Event):
    """The council's rules of procedure, in force from ``effective_from``. What is null is not ruled.
    ``roster_naming``: whether the roster is published with names.
    ``adopted_on``: when they were adopted, where they are recorded after they came into force."""

    LABEL = ("会議規則の採択", "Rules of procedure adopted")
    WHEN = "effective_from"
    DONE = ("adopted_on",)
    AHEAD = True
    LINKS: ClassVar = {"matter_id": "adopted_by"}
    FIELDS: ClassVar = {
        "chair_votes": ("座長の表決", "Vote of the chair"),
        "notice_days": ("通知の日数", "Days of notice"),
        "outline_due_days": ("概要の公表期限（日）", "Days until the outline"),
        "minutes_due_days": ("会議録の期限（日）", "Days until the minutes"),
        "publicity_default": ("公開の原則", "Open by default"),
        "minutes_style": ("会議録の形式", "Style of minutes"),
        "speaker_naming": ("発言者名", "Naming of speakers"),
        "roster_naming": ("名簿", "Roster"),
        "written": ("書面協議", "Written procedure"),
        "written_counts_present": ("書面回答を出席に数える", "Written replies count as present"),
        "online": ("オンライン出席", "Online attendance"),
        "adopted_on": ("採択日", "Adopted on"),
    }
    rules_version: Ordinal
    effective_from: EffectiveDate
    quorum: QuorumRule | None = None
    majority: MajorityRule | None = None
    chair_votes: Literal["always", "tie_only", "never"] = "always"
    notice_days: Count | None = None
    outline_due_days: Count | None = None
    minutes_due_days: Count | None = None
    publicity_default: Literal["open", "closed"] | None = None
    minutes_style: Literal["verbatim", "summary", "grouped_opinions"] | None = None
    speaker_naming: Literal["named", "role", "none"] | None = None
    written: bool = False
    written_counts_present: bool = False
    online: bool = False
    matter_id: Id | None = None
    adopted_on: EffectiveDate | None = None
    roster_naming: Literal["named", "role"] | None = None


class OperatingMethodAdopted(Event):
    """How the council works, and what that replaced."""

    LABEL = ("運営方法の採用", "Operating method adopted")
    WHEN = TOLD
    LINKS: ClassVar = {"matter_id": "adopted_by"}
    FIELDS: ClassVar = {
        "method_label_ja": ("方法", "Method"),
        "replaces_label_ja": ("それまでの方法", "Replaces"),
        "techniques": ("進め方", "Techniques"),
        "technique_label_ja": ("進め方", "Techniques"),
        "trial": ("試み", "A trial"),
    }
    method: Word
    label_ja: Line | None = None
    method_label_ja: Line | None = None
    replaces: Word | None = None
    replaces_label_ja: Line | None = None
    techniques: tuple[Word, ...] = ()
    technique_label_ja: Line | None = None
    trial: bool = False
    reason: Text | None = None
    matter_id: Id | None = None


class GroupingAdopted(Event):
    """Members work in groups from a fiscal year on; the aim is an intention, not a result."""

    LABEL = ("グループ分けの採用", "Grouping adopted")
    WHEN = "from_fiscal_year"
    AHEAD = True
    LINKS: ClassVar = {"matter_id": "adopted_by"}
    FIELDS: ClassVar = {
        "from_fiscal_year": ("開始年度", "From fiscal year"),
        "to_fiscal_year": ("終了年度", "To fiscal year"),
        "basis_label_ja": ("分け方", "Basis"),
        "responsibility": ("責任", "Responsibility"),
        "responsibility_label_ja": ("責任", "Responsibility"),
        "aim": ("ねらい", "Aim"),
        "aim_label_ja": ("ねらい", "Aim"),
        "groups": ("グループ", "Groups"),
        "group_count": ("グループの数", "Number of groups"),
    }
    from_fiscal_year: Year
    basis: Word
    to_fiscal_year: Year | None = None
    basis_label_ja: Line | None = None
    responsibility: Literal["each_member", "group"] | None = None
    responsibility_label_ja: Line | None = None
    aim: Word | None = None
    aim_label_ja: Line | None = None
    groups: tuple[Id, ...] | None = None
    group_count: Count | None = None
    matter_id: Id | None = None


class TermOpened(Event):
    """A term of office begins. ``to_date`` is its last day."""

    LABEL = ("任期の開始", "Term opened")
    WHEN = "from_date"
    AHEAD = True
    FIELDS: ClassVar = {"term_no": ("期", "Term")}
    term_no: Ordinal
    from_date: EffectiveDate
    to_date: EffectiveDate | None = None


class MemberAppointed(Event):
    """A seat was given (委嘱) to a party, until ``to_date`` at the latest; ``until_successor``: after that
    day until a successor (``succeeds``) sits. ``by_office`` is the post that brings the seat with it 職指定,
    ``recommendation_id`` the recommendation that was accepted."""

    class_version: ClassVar[int] = 2
    LABEL = ("委員の委嘱", "Member appointed")
    WHEN = "from_date"
    AHEAD = True
    KEY_STEP = False
    FIELDS: ClassVar = {
        "nominated_by": ("推薦団体", "Nominated by"),
        "by_office": ("充て職", "Seat by office"),
        "until_successor": ("後任が就くまで在任", "Stays until the successor"),
        "succeeds": ("前任", "Succeeds"),
        "recommendation_id": ("推薦", "Recommendation"),
    }
    appointment_id: Id
    party_id: Id
    category: Word
    term_no: Ordinal
    from_date: EffectiveDate
    to_date: EffectiveDate | None = None
    nominated_by: Id | None = None
    replaces: Id | None = None
    document_no: Line | None = None
    by_office: Line | None = None
    until_successor: bool = False
    succeeds: Id | None = None
    recommendation_id: Id | None = None

    @staticmethod
    def upcast_v1_v2(data: dict[str, Any]) -> None:
        """It said too whether somebody will have served for more than ten years, and took an unknown
        beginning for ten of them. That follows from the appointments, and is told where they are shown."""
        data.pop("warnings", None)


class MemberRecommended(Event):
    """An organisation, or the council, recommended somebody for a seat 推薦."""

    LABEL = ("委員の推薦", "Member recommended")
    WHEN = "on"
    KEY_STEP = False
    recommendation_id: Id
    party_id: Id
    category: Word
    nominated_by: Id | None = None
    on: EffectiveDate | None = None
    document_no: Line | None = None


class RecommendationAnswered(Event):
    """Whether the person who was recommended takes the seat 就任承諾."""

    LABEL = ("就任の承諾・辞退", "Recommendation answered")
    WHEN = "on"
    KEY_STEP = False
    recommendation_id: Id
    accepted: bool
    on: EffectiveDate | None = None


class AppointmentEnded(Event):
    """A seat became vacant (解嘱)."""

    LABEL = ("解嘱", "Appointment ended")
    WHEN = "on"
    AHEAD = True
    AFTER = ("MemberAppointed.appointment_id",)
    KEY_STEP = False
    appointment_id: Id
    on: EffectiveDate
    why: Literal["resigned", "expired", "nominee_changed", "removed", "deceased", "other"]
    reason: Text | None = None


class ChairElected(Event):
    """A member was made chair 座長, e.g. elected among the members 互選."""

    LABEL = ("座長の選出", "Chair elected")
    WHEN = "from_date"
    AHEAD = True
    appointment_id: Id
    from_date: EffectiveDate
    method: Literal["elected", "appointed", "by_rule"] = "elected"


class ChairVacated(Event):
    """The chair is vacant."""

    LABEL = ("座長の退任", "Chair vacated")
    WHEN = "on"
    AHEAD = True
    AFTER = ("ChairElected",)
    appointment_id: Id
    on: EffectiveDate
    reason: Text | None = None


class ActingChairDesignated(Event):
    """A member stands in for the chair 職務代理."""

    LABEL = ("座長職務代理の指定", "Acting chair designated")
    WHEN = "from_date"
    AHEAD = True
    appointment_id: Id
    from_date: EffectiveDate


class AdviserInvited(Event):
    """An adviser アドバイザー was invited: speaks, never votes, never counts for the quorum."""

    LABEL = ("アドバイザーの委嘱", "Adviser invited")
    WHEN = "from_date"
    AHEAD = True
    KEY_STEP = False
    party_id: Id
    from_date: EffectiveDate
    to_date: EffectiveDate | None = None


class AdviserReleased(Event):
    """An adviser's invitation ended."""

    LABEL = ("アドバイザーの退任", "Adviser released")
    WHEN = "on"
    AHEAD = True
    AFTER = ("AdviserInvited.party_id",)
    KEY_STEP = False
    party_id: Id
    on: EffectiveDate
    reason: Text | None = None


class CouncilSuspended(Event):
    """The council rests."""

    LABEL = ("市民会議の休止", "Council suspended")
    WHEN = TOLD
    AFTER = ("CouncilEstablished",)
    reason: Text


class CouncilResumed(Event):
    """The council works again."""

    LABEL = ("市民会議の再開", "Council resumed")
    WHEN = TOLD
    AFTER = ("CouncilSuspended",)
    reason: Text | None = None


class CouncilDissolved(Event):
    """The council ended."""

    LABEL = ("市民会議の廃止", "Council dissolved")
    WHEN = "on"
    AHEAD = True
    AFTER = ("CouncilEstablished",)
    LINKS: ClassVar = {"citation": "on_legal_basis"}
    on: EffectiveDate
    reason: Text
    citation: Citation | None = None
