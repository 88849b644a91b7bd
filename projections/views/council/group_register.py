"""Group register グループ: which groups there are, who is in them, and who has taken on what (4.4)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from domain.kernel.events import Recorded
from domain.working_group.events import (
    GroupActivated,
    GroupDissolved,
    GroupFormed,
    GroupMemberAssigned,
    GroupMemberReleased,
    GroupReported,
    GroupRoleChanged,
    ResponsibilityDischarged,
    ResponsibilityHandedOver,
    ResponsibilityOrphaned,
    ResponsibilityTaken,
    SupportAssigned,
)
from projections.engine.event_json import envelope_json, event_json, time_key
from projections.engine.view import Key, Row, View, column, json_column, key, number

VIEW = View(
    "group_register",
    4,
    ja="グループ",
    en="Groups",
    source=__name__,
    read_by_rules=True,
)

group = VIEW.table(
    "working_group",
    key("group_id"),
    column("state", index=True, required=True),
    column("council_id", index=True),
    column("kind"),
    column("title"),
    number("fiscal_year", index=True),
    column("time", index=True, required=True),
    number("position", required=True),
    json_column("doc"),
)
member = VIEW.table(
    "group_member",
    key("group_id"),
    key("appointment_id"),
    column("role"),
    number("is_member", required=True),
    column("time", required=True),
    number("position", required=True),
    json_column("doc"),
)
duty = VIEW.table(
    "group_duty",
    key("group_id"),
    key("responsibility_id"),
    column("appointment_id", index=True),
    column("state", index=True, required=True),
    number("position", required=True),
    json_column("doc"),
)

_STATE: dict[type, str] = {GroupActivated: "active", GroupDissolved: "dissolved"}


@group.on(GroupFormed)
def _formed(row: Row | None, e: Recorded[GroupFormed], _: Key) -> Row:
    return {
        "state": "formed",
        "council_id": e.data.council_id,
        "kind": e.data.kind,
        "title": e.data.label_ja,
        "fiscal_year": e.data.fiscal_year,
        "time": time_key(e.effective),
        "position": e.position,
        "doc": {"formed": event_json(e), "course": []},
    }


@group.on(GroupActivated, GroupReported, GroupDissolved, SupportAssigned)
def _course(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    if row is not None:
        is_final = isinstance(e.data, GroupReported) and e.data.kind == "final"
        row["state"] = "reported" if is_final else _STATE.get(type(e.data), row["state"])
        row["doc"]["course"].append({"type": e.type, **event_json(e)})
    return row


@member.on(GroupMemberAssigned, keys=lambda e: [(e.entity, e.data.appointment_id)])
def _assigned(row: Row | None, e: Recorded[GroupMemberAssigned], _: Key) -> Row:
    doc = row["doc"] if row is not None else {"course": []}
    return {**_joined(row, e, e.data.role), "doc": {"course": [*doc["course"], _told(e)]}}


def _told(e: Recorded[Any]) -> Row:
    return {"type": e.type, **event_json(e)}


def _joined(row: Row | None, e: Recorded[Any], role: str) -> Row:
    """Whoever comes back stands where they stood first."""
    time, position = (
        (row["time"], row["position"]) if row is not None else (time_key(e.effective), e.position)
    )
    return {"role": role, "is_member": 1, "time": time, "position": position}


@member.on(GroupRoleChanged, GroupMemberReleased, keys=lambda e: [(e.entity, e.data.appointment_id)])
def _changed(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    if row is not None:
        left = isinstance(e.data, GroupMemberReleased)
        row["role"], row["is_member"] = row["role"] if left else e.data.role, int(not left)
        row["doc"]["course"].append(_told(e))
    return row


@member.on(GroupFormed, keys=lambda e: [(e.entity, e.data.leader)] if e.data.leader else [])
def _led(row: Row | None, e: Recorded[GroupFormed], _: Key) -> Row:
    """Who leads the group is named when it is formed; the rest of that event is the group's."""
    envelope = envelope_json(e)
    led = {
        "type": e.type,
        "appointment_id": e.data.leader,
        "role": "leader",
        "role_label": None,
        "said": envelope,
    }
    return {**_joined(row, e, "leader"), "doc": {"course": [led]}}


def _duties(e: Recorded[Any]) -> list[tuple[str, str]]:
    return [(e.entity, e.data.responsibility_id)]


@duty.on(ResponsibilityTaken, keys=_duties)
def _taken(row: Row | None, e: Recorded[ResponsibilityTaken], _: Key) -> Row:
    return {
        "appointment_id": e.data.appointment_id,
        "state": "open",
        "position": e.position,
        "doc": {"taken": event_json(e), "course": []},
    }


@duty.on(ResponsibilityHandedOver, ResponsibilityOrphaned, ResponsibilityDischarged, keys=_duties)
def _after(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    if row is not None:
        row["doc"]["course"].append({"type": e.type, **event_json(e)})
        if isinstance(e.data, ResponsibilityDischarged):
            row["state"] = "discharged"
        else:
            row["appointment_id"] = getattr(e.data, "to_id", None)
            row["state"] = "open" if row["appointment_id"] else "orphaned"
    return row


def groups(*, council_id: str | None = None, state: str | None = None) -> sa.Select[Any]:
    """The groups on record, oldest first."""
    table = group.table
    chosen = sa.select(table).order_by(table.c.time, table.c.position)
    if council_id is not None:
        chosen = chosen.where(table.c.council_id == council_id)
    return chosen.where(table.c.state == state) if state is not None else chosen


def groups_of(connection: sa.Connection, appointment_id: str) -> list[str]:
    """The groups not dissolved that have this member, by id."""
    chosen = (
        sa.select(member.table.c.group_id)
        .join(group.table, group.table.c.group_id == member.table.c.group_id)
        .where(
            member.table.c.appointment_id == appointment_id,
            member.table.c.is_member == 1,
            group.table.c.state != "dissolved",
        )
    )
    return list(connection.scalars(chosen.order_by(member.table.c.group_id)))


def members(group_id: str, *, now: bool = False) -> sa.Select[Any]:
    """Who is, or was, in a group, in the order in which they joined; with ``now`` who is."""
    table = member.table
    chosen = sa.select(table).where(table.c.group_id == group_id).order_by(table.c.time, table.c.position)
    return chosen.where(table.c.is_member == 1) if now else chosen
