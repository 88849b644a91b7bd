"""Events under the names of CloudEvents 1.0, for those who follow the log from outside.

``sequence`` is the position in the log (the sequence extension writes it as a string); ``data`` holds the
rest of the envelope, and under ``data`` of its own what the event says.
"""

from __future__ import annotations

from typing import Any

import msgspec

from domain.kernel.events import Recorded
from domain.kernel.record import KINDS, kind_of
from projections.engine.event_json import Json, bilingual
from projections.views.plan.sealed import STUB

_IN_THE_HEAD = ("event_id", "type", "recorded_at", "position", "correlation_id", "causation_id")


def cloud_event(recorded: Recorded[Any]) -> dict[str, Any]:
    """One event as a CloudEvent, complete: for staff and for the machine's own shell, not for the public.
    What is sealed stands in :func:`sealed_event`."""
    rest: dict[str, Any] = msgspec.to_builtins(recorded)
    for name in _IN_THE_HEAD:
        rest.pop(name, None)
    event = {
        "specversion": "1.0",
        "id": recorded.event_id,
        "source": f"/api/v1/{kind_of(recorded.stream).COLLECTION}/{recorded.entity}",
        "type": recorded.type,
        "subject": recorded.subject,
        "time": recorded.recorded_at.isoformat().replace("+00:00", "Z"),
        "sequence": str(recorded.position),
        "sequencetype": "Integer",
        "correlationid": recorded.correlation_id,
        "datacontenttype": "application/json",
        "data": rest,
    }
    if recorded.causation_id is not None:
        event["causationid"] = recorded.causation_id
    return event


def cloud_event_as_seen(as_seen: Json) -> dict[str, Any]:
    """One event as a CloudEvent, as its reader may see it: ``as_seen`` is what
    :meth:`projections.answers.describing.Describer.describe` says of it, and what the head does not say of
    that is the ``data``."""
    if as_seen["sealed"]:
        return sealed_event(as_seen["position"])
    event = {
        "specversion": "1.0",
        "id": as_seen["event_id"],
        "source": f"/api/v1/{KINDS[as_seen['kind']].COLLECTION}/{as_seen['entity']}",
        "type": as_seen["type"],
        "subject": as_seen["subject"],
        "time": as_seen["recorded_at"],
        "sequence": str(as_seen["position"]),
        "sequencetype": "Integer",
        "correlationid": as_seen["correlation_id"],
        "datacontenttype": "application/json",
        "data": {name: value for name, value in as_seen.items() if name not in _IN_THE_HEAD},
    }
    if as_seen["causation_id"] is not None:
        event["causationid"] = as_seen["causation_id"]
    return event


def sealed_event(position: int) -> dict[str, Any]:
    """What stands in place of an event that is sealed to whoever reads: its position, and nothing else."""
    return {
        "specversion": "1.0",
        "id": f"sealed-{position}",
        "source": f"/api/v1/events/{position}",
        "type": "Sealed",
        "sequence": str(position),
        "sequencetype": "Integer",
        "datacontenttype": "application/json",
        "data": {"closed": bilingual(*STUB)},
    }
