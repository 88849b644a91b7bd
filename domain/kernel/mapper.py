"""Events to stored bytes and back: one JSON object, older shapes and names lifted to the present ones."""

from __future__ import annotations

from threading import RLock
from typing import Any

import msgspec
from eventsourcing.persistence import Mapper, StoredEvent, Transcoder

from domain.kernel.events import EVENTS, Event, Recorded
from domain.kernel.refusals import EVENT_NEWER
from domain.kernel.when import as_it_was_meant


class PlainTranscoder(Transcoder):
    """JSON values only. Refuses nothing and adds no type tags: the event classes say what fits."""

    def encode(self, obj: Any) -> bytes:
        return msgspec.json.encode(obj)

    def decode(self, data: bytes) -> Any:
        return msgspec.json.decode(data)


class _Schema(msgspec.Struct):
    schema: int = 1


_peek = msgspec.json.Decoder(_Schema)


_decoders: dict[str, tuple[type[Event], msgspec.json.Decoder[Any]]] = {}
_making = RLock()


def _decoder(topic: str) -> tuple[type[Event], msgspec.json.Decoder[Any]]:
    """The decoder of an event, made once and by one thread. msgspec notes what it finds out about a type on
    the type, before it is complete: a second thread that decodes meanwhile ends the process."""
    known = _decoders.get(topic)
    if known is not None and known[0] is EVENTS[topic]:
        return known
    with _making:
        event = EVENTS[topic]
        made = event, msgspec.json.Decoder(Recorded[event])  # type: ignore[valid-type]
        _decoders[topic] = made
    return made


def know_all_shapes() -> None:
    """Make the decoder of every event there is, before threads begin: types that events share are then known
    too, wherever they are decoded alone."""
    for topic in EVENTS:
        _decoder(topic)


def decode(topic: str, state: bytes, position: int = 0) -> Recorded[Any]:
    """One event from its stored bytes, older shapes and names lifted to the present ones. Refuses
    ``EVENT_NEWER`` for what only newer software can read."""
    if topic not in EVENTS:
        raise EVENT_NEWER(event=topic, shape=_peek.decode(state).schema, position=position)
    event, decoder = _decoder(topic)
    shape = 1 if event.class_version == 1 else _peek.decode(state).schema
    recorded: Recorded[Any]
    if shape < event.class_version:
        recorded = msgspec.convert(_lifted(event, state), Recorded[event])  # type: ignore[valid-type]
    else:
        recorded = _as_it_stands(topic, event, decoder, state, position)
    if recorded.dated is None:
        recorded.effective = as_it_was_meant(event.WHEN, recorded.effective, recorded.recorded_at)
    if topic != event.__name__:  # it has been renamed since: from here on it goes by its present name
        recorded.type = event.__name__
    recorded.position = position
    return recorded


def _as_it_stands(
    topic: str, event: type[Event], decoder: msgspec.json.Decoder[Any], state: bytes, position: int
) -> Recorded[Any]:
    """An event in the present shape; what is in a newer one may fit the present by chance, or not."""
    try:
        recorded: Recorded[Any] = decoder.decode(state)
    except msgspec.ValidationError:
        shape = _peek.decode(state).schema
        if shape <= event.class_version:
            raise
        raise EVENT_NEWER(event=topic, shape=shape, position=position) from None
    if recorded.schema > event.class_version:
        raise EVENT_NEWER(event=topic, shape=recorded.schema, position=position)
    return recorded


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
