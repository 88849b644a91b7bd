"""Working groups 事業別グループ・検討チーム: parts of the council that work between its meetings.

Every member of a project group holds a responsibility before the group sets to work (domain.md 4.4, F39).
A group proposes and reports; it does not conclude for the council.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from domain.council.aggregate import Council
from domain.council.refusals import NOT_SERVING
from domain.kernel.commands import command, on, refuses
from domain.kernel.correction import Correctable
from domain.kernel.events import Recorded
from domain.kernel.oneself import must_be_oneself
from domain.kernel.references import must_exist
from domain.kernel.refusals import ALREADY_EXISTS, REASON_REQUIRED, UNKNOWN_ID, WRONG_STATE
from domain.party.aggregate import Party
from domain.values.calendar import EffectiveDate
from domain.values.fields import Id, Text
from domain.working_group.events import (
    GroupActivated,
    GroupDissolved,
    GroupFormed,
    GroupKind,
    GroupMemberAssigned,
    GroupMemberReleased,
    GroupReported,
    GroupRoleChanged,
    ResponsibilityDischarged,
    ResponsibilityHandedOver,
    ResponsibilityOrphaned,
    ResponsibilityTaken,
    SupportAssigned,
    WorkLogged,
)
from domain.working_group.refusals import (
    GROUP_CANNOT_CONCLUDE,
    GROUP_EMPTY,
    IN_GROUP_ALREADY,
    LEADER_EXISTS,
    NO_RESPONSIBILITY,
    NOT_MEMBER,
    RESPONSIBILITY_CLOSED,
    RESPONSIBILITY_OPEN,
    WORK_AHEAD,
)

_STANDING = ("formed", "active", "reported")


class WorkingGroup(Correctable):
    """One group: formed → active → reported → dissolved."""

    PREFIX = "group-"
    ID_FIELDS = ("group_id",)
    COLLECTION = "groups"
    LABEL = ("グループ", "working group")

    def begin(self) -> None:
        self.kind: GroupKind | None = None
        self.council_id: str | None = None
        self.members: dict[str, str] = {}
        """Role of each member, by appointment."""
        self.support: dict[str, str] = {}
        """Role of each supporter, by party."""
        self.open_duties: dict[str, str | None] = {}
        """Who holds each open responsibility; None if its holder has left the council."""
        """The appointment that holds each open responsibility."""
        self.discharged: set[str] = set()

    # -- commands: the group

    @command("SEC", "CHR", "IMP", event=GroupFormed, ja="グループを設ける", en="Form a group", creates=True)
    @refuses(NOT_SERVING, UNKNOWN_ID)
    def form(self, fact: GroupFormed) -> None:
        """Record that the council formed a group, for what, and for which fiscal year."""
        if self.state != "new":
            raise ALREADY_EXISTS(id=self.entity)
        for name in ("council_id", "purpose_refers_to", "action_ids", "study_id", "matter_id"):
            must_exist(self, getattr(fact, name), f"/{name}")
        if fact.leader is not None:
            self._serving(fact.council_id, fact.leader, "/leader")
        self.record(fact)

    @command("SEC", "CHR", "LDR", records=GroupActivated, ja="活動を始める", en="Activate the group")
    @refuses(GROUP_EMPTY, NO_RESPONSIBILITY, WRONG_STATE)
    def activate(self) -> None:
        """Let the group set to work; in a project group every member then holds a responsibility."""
        self.only_in("formed")
        if not self.members:
            raise GROUP_EMPTY()
        idle = [member for member in self.members if member not in self.open_duties.values()]
        if idle and self.kind == "project_group":
            raise NO_RESPONSIBILITY(members=", ".join(idle))
        self.record(GroupActivated())

    @command("LDR", "SEC", records=GroupReported, ja="報告する", en="Report")
    @refuses(GROUP_CANNOT_CONCLUDE, WRONG_STATE)
    def report(
        self,
        kind: Literal["interim", "final", "proposal", "conclusion"],
        document_id: Id | None = None,
        to_meeting_id: Id | None = None,
    ) -> None:
        """Put an interim or final report, or a proposal, to a meeting. A conclusion is the council's."""
        if kind == "conclusion":
            raise GROUP_CANNOT_CONCLUDE().at("/kind")
        self.only_in("active", "reported")
        must_exist(self, document_id, "/document_id")
        must_exist(self, to_meeting_id, "/to_meeting_id")
        self.record(GroupReported(kind=kind, document_id=document_id, to_meeting_id=to_meeting_id))

    @command("SEC", "CHR", "IMP", event=GroupDissolved, ja="グループを解散する", en="Dissolve the group")
    @refuses(REASON_REQUIRED, RESPONSIBILITY_OPEN, WRONG_STATE)
    def dissolve(self, fact: GroupDissolved) -> None:
        """Record that the group is no more, and why, or into which group it was merged."""
        self._in(*_STANDING)
        if self.open_duties:
            raise RESPONSIBILITY_OPEN(duties=", ".join(self.open_duties))
        if fact.reason is None and fact.merged_into is None and not self.context.importing:
            raise REASON_REQUIRED().at("/reason")
        must_exist(self, fact.merged_into, "/merged_into")
        self.record(fact)

    # -- commands: its members

    @command(
        "SEC", "CHR", "LDR", "IMP", event=GroupMemberAssigned, ja="構成員を割り当てる", en="Assign a member"
    )
    @refuses(IN_GROUP_ALREADY, LEADER_EXISTS, NOT_SERVING, WRONG_STATE)
    def assign_member(self, fact: GroupMemberAssigned) -> None:
        """Assign a serving member of the council, as the leader or as a member."""
        self._in(*_STANDING)
        if fact.appointment_id in self.members:
            raise IN_GROUP_ALREADY(who=fact.appointment_id).at("/appointment_id")
        if fact.role == "leader" and self.leader is not None:
            raise LEADER_EXISTS(leader=self.leader).at("/role")
        self._serving(self.council_id, fact.appointment_id, "/appointment_id")
        self.record(fact)

    @command("SEC", "CHR", "LDR", "IMP", event=SupportAssigned, ja="支援者を割り当てる", en="Assign support")
    @refuses(IN_GROUP_ALREADY, WRONG_STATE)
    def assign_support(self, fact: SupportAssigned) -> None:
        """Assign an adviser or somebody of the city's staff to support the group."""
        self._in(*_STANDING)
        if fact.party_id in self.support:
            raise IN_GROUP_ALREADY(who=fact.party_id).at("/party_id")
        self.look(Party, fact.party_id)
        self.record(fact)

    @command(
        "SEC", "CHR", "LDR", "IMP", event=GroupRoleChanged, ja="グループ内の役を改める", en="Change a role"
    )
    @refuses(LEADER_EXISTS, NOT_MEMBER)
    def change_role(self, fact: GroupRoleChanged) -> None:
        """Record that a member has another role: of several leaders there is one at a time."""
        self._member(fact.appointment_id, "/appointment_id")
        if fact.role == "leader" and self.leader not in (None, fact.appointment_id):
            raise LEADER_EXISTS(leader=self.leader).at("/role")
        self.record(fact)

    @command("SEC", "CHR", "LDR", "IMP", event=GroupMemberReleased, ja="構成員を外す", en="Release a member")
    @refuses(NOT_MEMBER, RESPONSIBILITY_OPEN)
    def release_member(self, fact: GroupMemberReleased) -> None:
        """Release a member, who has discharged or handed over what they took on."""
        self._member(fact.appointment_id, "/appointment_id")
        held = [duty for duty, holder in self.open_duties.items() if holder == fact.appointment_id]
        if held:
            raise RESPONSIBILITY_OPEN(duties=", ".join(held))
        self.record(fact)

    def let_go(self, appointment_id: str) -> None:
        """Release a member whose appointment has ended, whatever they still held (domain.md 4.12). Only a
        policy does this; a person releases a member who has discharged what they took on."""
        if appointment_id not in self.members or self.state == "dissolved":
            return
        held = [duty for duty, holder in self.open_duties.items() if holder == appointment_id]
        self.record(GroupMemberReleased(appointment_id=appointment_id))
        for duty in held:
            self.record(ResponsibilityOrphaned(responsibility_id=duty, from_id=appointment_id))

    # -- commands: their responsibilities

    @command(
        "MEM", "LDR", "IMP", event=ResponsibilityTaken, ja="責任を引き受ける", en="Take a responsibility"
    )
    @refuses(ALREADY_EXISTS, NOT_MEMBER, WRONG_STATE)
    def take_responsibility(self, fact: ResponsibilityTaken) -> None:
        """Take on a duty in the group: the member concerned does it, or the leader for them. Before it sets
        to work too, for in a project group nobody sets to work without one."""
        self._in("formed", "active")
        self._member(fact.appointment_id, "/appointment_id")
        self._concerned(fact.appointment_id, "/appointment_id")
        if fact.responsibility_id in self.open_duties or fact.responsibility_id in self.discharged:
            raise ALREADY_EXISTS(id=fact.responsibility_id).at("/responsibility_id")
        must_exist(self, fact.action_id, "/action_id")
        self.record(fact)

    @command(
        "MEM", "LDR", records=ResponsibilityHandedOver, ja="責任を引き継ぐ", en="Hand a responsibility over"
    )
    @refuses(NOT_MEMBER, REASON_REQUIRED, RESPONSIBILITY_CLOSED)
    def hand_over(self, responsibility_id: Id, to_id: Id, reason: Text | None = None) -> None:
        """Give an open duty to another member, and say why."""
        holder = self._duty(responsibility_id)
        self._concerned(holder, "/responsibility_id")
        self._member(to_id, "/to_id")
        if reason is None:
            raise REASON_REQUIRED().at("/reason")
        self.record(
            ResponsibilityHandedOver(
                responsibility_id=responsibility_id, from_id=holder, to_id=to_id, reason=reason
            )
        )

    @command(
        "MEM",
        "LDR",
        "IMP",
        event=ResponsibilityDischarged,
        ja="責任を果たす",
        en="Discharge a responsibility",
    )
    @refuses(RESPONSIBILITY_CLOSED)
    def discharge(self, fact: ResponsibilityDischarged) -> None:
        """Record that a duty is done, and what came of it."""
        self._concerned(self._duty(fact.responsibility_id), "/responsibility_id")
        self.record(fact)

    @command("MEM", "LDR", "IMP", event=WorkLogged, ja="作業を記録する", en="Log work")
    @refuses(NOT_MEMBER, WORK_AHEAD, WRONG_STATE)
    def log_work(self, fact: WorkLogged) -> None:
        """Record how long a member worked for the group on a day; not in advance."""
        self._in("active", "reported")
        self._member(fact.appointment_id, "/appointment_id")
        self._concerned(fact.appointment_id, "/appointment_id")
        if fact.on is not None and EffectiveDate.on(self.context.today()).before(fact.on.check()):
            raise WORK_AHEAD(day=fact.on.label("ja"), day_en=fact.on.label("en")).at("/on")
        self.record(fact)

    # -- state

    @on(GroupFormed)
    def _formed(self, e: GroupFormed, _: Recorded[Any]) -> None:
        self.state, self.kind, self.council_id = "formed", e.kind, e.council_id
        if e.leader is not None:
            self.members[e.leader] = "leader"

    @on(GroupMemberAssigned, GroupRoleChanged)
    def _assigned(self, e: GroupMemberAssigned | GroupRoleChanged, _: Recorded[Any]) -> None:
        self.members[e.appointment_id] = e.role

    @on(SupportAssigned)
    def _supported(self, e: SupportAssigned, _: Recorded[Any]) -> None:
        self.support[e.party_id] = e.role

    @on(GroupMemberReleased)
    def _released(self, e: GroupMemberReleased, _: Recorded[Any]) -> None:
        del self.members[e.appointment_id]

    @on(ResponsibilityTaken)
    def _taken(self, e: ResponsibilityTaken, _: Recorded[Any]) -> None:
        self.open_duties[e.responsibility_id] = e.appointment_id

    @on(ResponsibilityOrphaned)
    def _orphaned(self, e: ResponsibilityOrphaned, _: Recorded[Any]) -> None:
        self.open_duties[e.responsibility_id] = None

    @on(ResponsibilityHandedOver)
    def _handed_over(self, e: ResponsibilityHandedOver, _: Recorded[Any]) -> None:
        self.open_duties[e.responsibility_id] = e.to_id

    @on(ResponsibilityDischarged)
    def _discharged(self, e: ResponsibilityDischarged, _: Recorded[Any]) -> None:
        del self.open_duties[e.responsibility_id]
        self.discharged.add(e.responsibility_id)

    @on(GroupActivated)
    def _activated(self, e: GroupActivated, _: Recorded[Any]) -> None:
        self.state = "active"

    @on(GroupReported)
    def _reported(self, e: GroupReported, _: Recorded[Any]) -> None:
        if e.kind == "final":
            self.state = "reported"

    @on(GroupDissolved)
    def _dissolved(self, e: GroupDissolved, _: Recorded[Any]) -> None:
        self.state = "dissolved"

    # -- questions

    @property
    def leader(self) -> str | None:
        """The leader's appointment, if there is a leader."""
        return next((member for member, role in self.members.items() if role == "leader"), None)

    def parties(self) -> set[str]:
        """Party ids of the members, as far as their appointments are on record."""
        council = self.context.reader.find(Council, self.council_id or "")
        seats = council.appointments if council is not None else {}
        return {seats[member].party_id for member in self.members if member in seats}

    # -- what several commands ask

    def _in(self, *states: str) -> None:
        if not self.context.importing:
            self.only_in(*states)

    def _serving(self, council_id: str | None, appointment_id: str, pointer: str) -> None:
        """Refuse whoever does not serve on the council that day; in an import, whoever never did."""
        council = self.look(Council, council_id or "")
        serves = council.appointments if self.context.importing else council.serving_on(self._day())
        if appointment_id not in serves:
            raise NOT_SERVING(appointment=appointment_id).at(pointer)

    def _day(self) -> dt.date:
        effective = self.context.effective
        stated = effective.check().latest if effective is not None else None
        return stated or self.context.today()

    def _member(self, appointment_id: str, pointer: str) -> None:
        if appointment_id not in self.members:
            raise NOT_MEMBER(appointment=appointment_id).at(pointer)

    def _duty(self, responsibility_id: str) -> str | None:
        """The appointment that holds an open responsibility; None if it is without a holder."""
        if responsibility_id in self.discharged:
            raise RESPONSIBILITY_CLOSED(duty=responsibility_id).at("/responsibility_id")
        if responsibility_id not in self.open_duties:
            raise UNKNOWN_ID(kind="責任分担", kind_en="responsibility", id=responsibility_id).at(
                "/responsibility_id"
            )
        return self.open_duties[responsibility_id]

    def _concerned(self, appointment_id: str | None, pointer: str) -> None:
        """A member acts for themselves, the leader for anybody (domain.md 4.13)."""
        own = frozenset({"MEM"})
        must_be_oneself(self, appointment_id or "", pointer, council_id=self.council_id, roles=own)
