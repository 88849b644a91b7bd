"""Events to stored bytes and back: one JSON object, older shapes and names lifted to the present ones."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

import msgspec
from eventsourcing.persistence import Mapper, StoredEvent, Transcoder

from domain.kernel.events import EVENTS, Event, Recorded


class PlainTranscoder(Transcoder):
    """JSON values only. Refuses nothing and adds no type tags: the event classes say what fits."""

    def encode(self, obj: Any) -> bytes:
        return msgspec.json.encode(obj)

    def decode(self, data: bytes) -> Any:
        return msgspec.json.decode(data)


class _Schema(msgspec.Struct):
    schema: int = 1


_peek = msgspec.json.Decoder(_Schema)


@cache
def _decoder(topic: str) -> tuple[type[Event], msgspec.json.Decoder[Any]]:
    event = EVENTS[topic]
    return event, msgspec.json.Decoder(Recorded[event])  # type: ignore[valid-type]


def decode(topic: str, state: bytes, position: int = 0) -> Recorded[Any]:
    """One event from its stored bytes, older shapes and names lifted to the present ones. KeyError: unknown
    name."""
    event, decoder = _decoder(topic)
    if event.class_version == 1 or _peek.decode(state).schema == event.class_version:
        recorded = decoder.decode(state)
    else:
        recorded = msgspec.convert(_lifted(event, state), Recorded[event])  # type: ignore[valid-type]
    if topic != event.__name__:  # it has been renamed since: from here on it goes by its present name
        recorded.type = event.__name__
    recorded.position = position
    return cast(Recorded[Any], recorded)


def _lifted(event: Any, state: bytes) -> dict[str, Any]:
    raw: dict[str, Any] = msgspec.json.decode(state)
    for version in range(raw.get("schema", 1), event.class_version):
        getattr(event, f"upcast_v{version}_v{version + 1}")(raw["data"])
    raw["schema"] = event.class_version
    return raw


class RecordMapper(Mapper[str]):
    """Events to stored bytes and back: one JSON object, envelope and data, decoded straight into types."""

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        return StoredEvent(
            originator_id=domain_event.stream,
            originator_version=domain_event.version,
            topic=domain_event.type,
            state=msgspec.json.encode(domain_event),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        return decode(stored_event.topic, stored_event.state)
