"""Snapshots of aggregates: what a long stream has come to, so that it need not be read from its beginning.

A snapshot is a convenience and never a source: it is made from events, carries the fingerprint of the code
that made it, and is passed over if the code has changed since or if it cannot be read. Nothing but
:mod:`domain.recording.aggregate_cache` knows of it. It holds what the events of its stream hold, and no name
of a person.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import sys
from functools import cache
from typing import Any, Protocol

import msgspec

from domain.kernel.events import EVENTS, Event, lifting_of
from domain.kernel.fingerprints.code import Sources, written_at
from domain.kernel.record import KINDS, AggregateT, Record

EVERY = 200
"""Events of a stream from one snapshot to the next; a shorter stream has none."""


_OWN = frozenset({"id", "pending"})
"""What an aggregate has that its events have not made."""


class Snapshot(msgspec.Struct, frozen=True):
    """A stream's state after ``version`` events, as JSON; ``fingerprint``: of the code it was made by."""

    stream: str
    version: int
    fingerprint: str
    state: bytes


class SnapshotStore(Protocol):
    """Where snapshots are kept: at most one of each stream. Neither act ever fails."""

    def find(self, stream: str) -> Snapshot | None: ...

    def keep(self, snapshot: Snapshot) -> None: ...


class NoSnapshots:
    """For a record that keeps none."""

    def find(self, stream: str) -> Snapshot | None:
        return None

    def keep(self, snapshot: Snapshot) -> None:
        return None


@cache
def fingerprint() -> str:
    """SHA-256 over the code by which events come to the state of an aggregate, and over how older events are
    read: a change of either may change a state, a change of words does not
    (docs/decisions/0018-fingerprints.md)."""
    kinds = [KINDS[name] for name in sorted(KINDS)]
    with Sources() as sources:
        made_by = [part for kind in kinds for part in (kind, *kind.handlers())]
        parts = [sources.digest([*map(written_at, made_by), *_ALWAYS])]
    parts += [lifting_of(event) for _, event in sorted(EVENTS.items())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


_ALWAYS = (
    ("domain.kernel.mapper", "decode"),
    ("domain.kernel.record", "Record.replay"),
    ("domain.kernel.record", "Record.apply"),
    ("domain.recording.snapshots", "taken"),
    ("domain.recording.snapshots", "restored"),
)
"""What makes the state of whatever aggregate, from events and from a snapshot."""


def taken(aggregate: Record) -> Snapshot | None:
    """The snapshot of an aggregate that has nothing unsaved; None if it holds what none can hold."""
    state = {name: value for name, value in vars(aggregate).items() if name not in _OWN}
    kinds = {name: kind for name, value in state.items() if (kind := _event_kind(value)) is not None}
    try:
        plain = {name: _encoded(value) for name, value in state.items() if name not in kinds}
    except TypeError:
        return None
    events = {name: [_name_of(kind), state[name]] for name, kind in kinds.items()}
    return Snapshot(
        aggregate.id,
        aggregate.version,
        fingerprint(),
        msgspec.json.encode({"plain": plain, "events": events}),
    )


def restored(kind: type[AggregateT], snapshot: Snapshot) -> AggregateT | None:
    """The aggregate of a snapshot; None if it is of other code or damaged."""
    if snapshot.fingerprint != fingerprint():
        return None
    aggregate = kind(snapshot.stream)
    try:
        values = _decode(snapshot.state)
        state = {name: _decoded(plain) for name, plain in values.plain.items()}
        for name, (class_name, events) in values.events.items():
            state[name] = msgspec.json.decode(events, type=dict[str, _class(class_name)])  # type: ignore[misc]
    except (AttributeError, LookupError, TypeError, ValueError):
        return None
    if not state.keys() >= vars(aggregate).keys() - _OWN or state["version"] != snapshot.version:
        return None
    vars(aggregate).update(state)
    return aggregate


# ------------------------------------------------------------------------------ values as JSON and back


class _State(msgspec.Struct):
    """``events``: attributes that map ids to events of one class, which is most of what a long stream comes
    to. Events are read and written as they are in the log, in a fraction of the time."""

    plain: dict[str, Any]
    events: dict[str, tuple[str, msgspec.Raw]]


_decode = msgspec.json.Decoder(_State).decode


def _event_kind(value: Any) -> type[Event] | None:
    """The class of the events that an attribute maps ids to; None if it is anything else."""
    if type(value) is not dict or not value:
        return None
    kinds = {type(inner) for inner in value.values()}
    kind = kinds.pop()
    return kind if not kinds and issubclass(kind, Event) and {type(k) for k in value} == {str} else None


_COLLECTIONS: dict[str, type[Any]] = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}
_DATES: dict[str, type[dt.date]] = {"date": dt.date, "datetime": dt.datetime}


def _encoded(value: Any) -> Any:
    """A value as JSON that says what it was: plain values stand for themselves, anything else is a list that
    begins with the name of its type."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    kind = type(value)
    if kind is dict:
        return ["dict", *([_encoded(k), _encoded(v)] for k, v in value.items())]
    if _COLLECTIONS.get(kind.__name__) is kind:
        return [kind.__name__, *(_encoded(inner) for inner in value)]
    if _DATES.get(kind.__name__) is kind:
        return [kind.__name__, value.isoformat()]
    return [_name_of(kind), {n: _encoded(v) for n, v in _fields(value).items()}]


def _name_of(kind: type[Any]) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


def _fields(value: Any) -> dict[str, Any]:
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.asdict(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    raise TypeError(f"no snapshot can hold {type(value).__name__}")


def _decoded(plain: Any) -> Any:
    if not isinstance(plain, list):
        return plain
    name, *inner = plain
    if name == "dict":
        return {_decoded(k): _decoded(v) for k, v in inner}
    if name in _COLLECTIONS:
        return _COLLECTIONS[name](_decoded(each) for each in inner)
    if name in _DATES:
        return _DATES[name].fromisoformat(inner[0])
    return _class(name)(**{field: _decoded(each) for field, each in inner[0].items()})


@cache
def _class(name: str) -> type[Any]:
    """A class of the domain by its module and name; LookupError if it is none."""
    module, _, called = name.partition(":")
    kind: Any = getattr(sys.modules[module], called, None) if module.split(".")[0] == "domain" else None
    if not isinstance(kind, type) or not (issubclass(kind, msgspec.Struct) or dataclasses.is_dataclass(kind)):
        raise LookupError(name)
    return kind
