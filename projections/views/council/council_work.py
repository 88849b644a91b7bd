"""Council work 市民会議の仕事: what groups took on and did, and how each matter came to its conclusion.

Split off from :mod:`projections.views.council.participation`, which keeps who served and who took part: the
two are counted for different figures (metrics_duties.py and metrics_decisions.py; metrics_attendance.py).
Rows hold ids of members, for counting.
"""

from __future__ import annotations

from typing import Any

from domain.kernel.events import Recorded
from domain.matter.events import (
    DissentFiled,
    DissentNoneConfirmed,
    EvidenceAttached,
    MatterCarriedOver,
    MatterConcluded,
    MatterRaised,
    OptionsFrozen,
)
from domain.working_group.events import (
    GroupFormed,
    GroupMemberAssigned,
    ResponsibilityDischarged,
    ResponsibilityHandedOver,
    ResponsibilityOrphaned,
    ResponsibilityTaken,
    WorkLogged,
)
from projections.engine.counted_rows import interval, with_these
from projections.engine.view import Key, Row, View, column, json_column, key

VIEW = View("council_work", 2, ja="市民会議の仕事", en="Work of the council", source=__name__)

group = VIEW.table("work_group", key("group_id"), column("council_id", index=True), json_column("doc"))
matter = VIEW.table("work_matter", key("matter_id"), column("council_id", index=True), json_column("doc"))


# ------------------------------------------------------------------------------------------- groups


@group.on(GroupFormed)
def _formed(row: Row | None, e: Recorded[GroupFormed], _: Key) -> Row:
    doc: dict[str, Any] = {"members": [], "duties": {}, "work": []}
    return {"council_id": e.data.council_id, "doc": doc}


@group.on(GroupMemberAssigned)
def _member(row: Row | None, e: Recorded[GroupMemberAssigned], _: Key) -> Row | None:
    if row is not None:
        row["doc"]["members"] = with_these(row["doc"]["members"], e.data.appointment_id)
    return row


@group.on(ResponsibilityTaken)
def _taken(row: Row | None, e: Recorded[ResponsibilityTaken], _: Key) -> Row | None:
    if row is not None:
        row["doc"]["duties"][e.data.responsibility_id] = {
            "held": [{"by": e.data.appointment_id, "from": interval(e.effective)[0], "to": None}],
            "due": interval(e.data.due)[1],
            "done": None,
            "discharged": False,
        }
    return row


@group.on(ResponsibilityHandedOver, ResponsibilityOrphaned, ResponsibilityDischarged)
def _duty(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    duty = None if row is None else row["doc"]["duties"].get(e.data.responsibility_id)
    if duty is None:
        return row
    on = interval(e.effective)[1]
    if duty["held"] and duty["held"][-1]["to"] is None:
        duty["held"][-1]["to"] = on
    if isinstance(e.data, ResponsibilityHandedOver):
        duty["held"].append({"by": e.data.to_id, "from": interval(e.effective)[0], "to": None})
    if isinstance(e.data, ResponsibilityDischarged):
        duty.update(done=on, discharged=True)
    return row


@group.on(WorkLogged)
def _worked(row: Row | None, e: Recorded[WorkLogged], _: Key) -> Row | None:
    if row is not None:
        earliest, latest = interval(e.effective)
        row["doc"]["work"].append(
            {"by": e.data.appointment_id, "tenths": e.data.tenths, "earliest": earliest, "latest": latest}
        )
    return row


# ------------------------------------------------------------------------------------------ matters


@matter.on(MatterRaised)
def _raised(row: Row | None, e: Recorded[MatterRaised], _: Key) -> Row:
    return {
        "council_id": e.data.council_id,
        "doc": {
            "raised": interval(e.effective),
            "concluded": None,
            "carried_over": 0,
            "frozen": False,
            "evidence": False,
            "dissent": False,
            "reason": False,
            "meeting_id": None,
            "resolution_ref": None,
        },
    }


@matter.on(
    OptionsFrozen, EvidenceAttached, DissentFiled, DissentNoneConfirmed, MatterCarriedOver, MatterConcluded
)
def _deliberated(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    if row is not None:
        doc = row["doc"]
        match e.data:
            case OptionsFrozen():
                doc["frozen"] = True
            case EvidenceAttached():
                doc["evidence"] = True
            case DissentFiled() | DissentNoneConfirmed():
                doc["dissent"] = True
            case MatterCarriedOver():
                doc["carried_over"] += 1
            case MatterConcluded(reason=reason, meeting_id=meeting_id, resolution_ref=resolution):
                doc.update(
                    concluded=interval(e.effective),
                    reason=reason is not None,
                    meeting_id=meeting_id,
                    resolution_ref=resolution,
                )
    return row
