"""What may be recorded of a working group (see domain/working_group/aggregate.py and domain.md 4.4)."""

from __future__ import annotations

from typing import ClassVar, Literal

from domain.kernel.events import Event
from domain.kernel.when import TOLD, inherit
from domain.values.calendar import EffectiveDate
from domain.values.fields import Count, Id, Line, TenthsOfHour, Text, Year

GroupKind = Literal["project_group", "study_team", "drafting"]
"""事業別グループ・検討チーム・起草班."""

GroupRole = Literal["leader", "deputy", "director", "member"]
"""長・副・理事・構成員."""


class GroupFormed(Event):
    """A council formed a group. ``members`` is how many there are, where a source tells no more; ``leader``
    the leader's appointment to the council."""

    LABEL = ("グループの設置", "Group formed")
    WHEN = "fiscal_year"
    AHEAD = True
    LINKS: ClassVar = {
        "council_id": "part_of",
        "purpose_refers_to": "pursues",
        "action_ids": "pursues",
        "matter_id": "decided_in",
    }
    FIELDS: ClassVar = {
        "purpose_refers_to": ("目的とするもの", "Purpose refers to"),
        "study_id": ("検討", "Study"),
        "members": ("構成員の数", "Number of members"),
        "leader": ("リーダー", "Leader"),
    }
    kind: GroupKind
    council_id: Id
    label_ja: Line | None = None
    fiscal_year: Year | None = None
    purpose_ja: Text | None = None
    purpose_refers_to: Id | None = None
    action_ids: tuple[Id, ...] = ()
    study_id: Id | None = None
    matter_id: Id | None = None
    members: Count | None = None
    leader: Id | None = None


class GroupMemberAssigned(Event):
    """A council member, by their appointment, joined the group; ``role_label``: what the source calls the
    role (部会長, 副部会長, 理事)."""

    LABEL = ("構成員の割当", "Member assigned")
    WHEN = TOLD
    KEY_STEP = False
    FIELDS: ClassVar = {"role_label": ("役の呼び名", "Called in the source")}
    appointment_id: Id
    role: GroupRole = "member"
    role_label: Line | None = None


class GroupRoleChanged(Event):
    """A member of the group has another role in it from now on."""

    LABEL = ("グループ内の役の変更", "Role in the group changed")
    WHEN = TOLD
    AFTER = ("GroupMemberAssigned.appointment_id",)
    KEY_STEP = False
    appointment_id: Id
    role: GroupRole
    role_label: Line | None = None


class SupportAssigned(Event):
    """An adviser or a member of the city's staff supports the group; no responsibility goes with it."""

    LABEL = ("支援者の割当", "Support assigned")
    WHEN = TOLD
    KEY_STEP = False
    party_id: Id
    role: Literal["adviser", "staff"]


class GroupMemberReleased(Event):
    """A member left the group."""

    LABEL = ("構成員の解除", "Member released")
    WHEN = TOLD
    AFTER = ("GroupMemberAssigned.appointment_id",)
    KEY_STEP = False
    appointment_id: Id
    reason: Text | None = None


class ResponsibilityTaken(Event):
    """A member took on a duty (委員それぞれが責任を持つ)."""

    LABEL = ("責任の引受け", "Responsibility taken")
    WHEN = TOLD
    KEY_STEP = False
    FIELDS: ClassVar = {"responsibility_id": ("責任", "Responsibility")}
    responsibility_id: Id
    appointment_id: Id
    duty: Line
    action_id: Id | None = None
    due: EffectiveDate | None = None


class ResponsibilityHandedOver(Event):
    """The duty went from one member to another; ``from_id`` is null if nobody held it any more."""

    LABEL = ("責任の引継ぎ", "Responsibility handed over")
    WHEN = TOLD
    AFTER = ("ResponsibilityTaken.responsibility_id",)
    KEY_STEP = False
    responsibility_id: Id
    from_id: Id | None
    to_id: Id
    reason: Text | None = None


class ResponsibilityDischarged(Event):
    """The duty is done; ``result`` says what came of it."""

    LABEL = ("責任の完了", "Responsibility discharged")
    WHEN = TOLD
    AFTER = ("ResponsibilityTaken.responsibility_id",)
    KEY_STEP = False
    responsibility_id: Id
    result: Text | None = None


class ResponsibilityOrphaned(Event):
    """Whoever held the duty has left the council: it is open and nobody's, until handed over."""

    LABEL = ("責任の担い手の不在", "Responsibility without a holder")
    WHEN = TOLD
    KEY_STEP = False
    responsibility_id: Id
    from_id: Id


class WorkLogged(Event):
    """A member worked for the group on a day, so long (作業負担): what the workload is counted from."""

    LABEL = ("作業の記録", "Work logged")
    WHEN = "on"
    KEY_STEP = False
    FIELDS: ClassVar = {
        "tenths": ("時間", "Hours"),
        "activity": ("活動", "Activity"),
    }
    appointment_id: Id
    tenths: TenthsOfHour
    activity: Line
    on: EffectiveDate | None = None


class GroupActivated(Event):
    """The group set to work."""

    LABEL = ("活動の開始", "Group activated")
    WHEN = TOLD
    AFTER = ("GroupFormed",)


class GroupReported(Event):
    """The group put an interim or final report, or a proposal, to a meeting. It concludes nothing."""

    LABEL = ("グループの報告", "Group reported")
    WHEN = inherit("to_meeting_id")
    LINKS: ClassVar = {"document_id": "used", "to_meeting_id": "decided_in"}
    FIELDS: ClassVar = {"to_meeting_id": ("報告した会議", "To the meeting")}
    kind: Literal["interim", "final", "proposal"]
    document_id: Id | None = None
    to_meeting_id: Id | None = None


class GroupDissolved(Event):
    """The group is no more, or went on within another."""

    LABEL = ("グループの解散", "Group dissolved")
    WHEN = TOLD
    AFTER = ("GroupFormed",)
    LINKS: ClassVar = {"merged_into": "supersedes"}
    FIELDS: ClassVar = {"merged_into": ("引き継いだグループ", "Merged into")}
    reason: Text | None = None
    merged_into: Id | None = None
