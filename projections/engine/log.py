"""Reading the log itself: events by position, by stream, and onwards from a position."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from domain.kernel.events import Recorded, names_of
from domain.kernel.mapper import decode
from projections.engine.compiled_select import Prepared, among
from projections.engine.one_moment import reading_of
from projections.tables.log_table import log_table

WHOLE = 1_000_000_000
"""More events than any stream has."""


class RawEvent(NamedTuple):
    """A row of the log as it is stored."""

    position: int
    stream: str
    version: int
    topic: str
    state: bytes


def events_at(connection: sa.Connection, positions: Sequence[int]) -> list[Recorded[Any]]:
    """The events at these positions, in log order."""
    return [decode(raw.topic, raw.state, raw.position) for raw in raw_at(connection, positions)]


def events_after(
    connection: sa.Connection,
    after: int = 0,
    *,
    stream: str | None = None,
    types: Iterable[str] = (),
    limit: int = 100,
) -> list[Recorded[Any]]:
    """At most ``limit`` events after a position, of one stream and of these types if given, whatever names
    they had."""
    narrowed: dict[str, Any] = {} if stream is None else {"stream": stream}
    if wanted := [name for type_ in types for name in names_of(type_)]:
        narrowed["topics"] = wanted
    rows = _after(*narrowed).rows(connection, after=after, most=limit, **narrowed)
    return [decode(raw.topic, raw.state, raw.position) for raw in map(_raw, rows)]


def raw_after(connection: sa.Connection, after: int, limit: int) -> list[RawEvent]:
    """At most ``limit`` rows of the log after a position, not decoded."""
    return [*map(_raw, _after().rows(connection, after=after, most=limit))]


def raw_at(connection: sa.Connection, positions: Sequence[int]) -> list[RawEvent]:
    """The rows of the log at these positions, in log order, not decoded."""
    return [*map(_raw, _AT.rows(connection, positions=positions))] if positions else []


def event_of(connection: sa.Connection, stream: str, version: int) -> Recorded[Any] | None:
    """The event with this version of a stream; None if there is none."""
    rows = _AT_VERSION.rows(connection, stream=stream, version=version)
    events = [decode(raw.topic, raw.state, raw.position) for raw in map(_raw, rows)]
    return events[0] if events else None


def states_at(connection: sa.Connection, positions: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    """The bytes of the events at these positions, in no order; for whoever looks at many and needs little."""
    if wanted := [*positions]:
        for position, state in _STATES_AT.rows(connection, positions=wanted):
            yield position, bytes(state)


def streams_naming(
    connection: sa.Connection, entity: str, after: int = 0, until: int | None = None
) -> list[str]:
    """The streams of which an event after a position, up to another, has this id anywhere in it. The whole
    log is read between the two."""
    arguments = {
        "after": after,
        "needle": entity,
        "until": head(connection) if until is None else until,
    }
    return sorted(row.originator_id for row in _NAMING.rows(connection, **arguments))


def version_of(connection: sa.Connection, stream: str) -> int:
    """The version of a stream: how many events it has; 0 if nothing is recorded of it."""
    return _VERSION.rows(connection, stream=stream)[0].newest or 0


def head(connection: sa.Connection) -> int:
    """The position of the newest event; 0 if there is none. In a reading it is known from its beginning."""
    reading = reading_of(connection)
    return reading.position if reading is not None else _HEAD.rows(connection)[0].newest or 0


class _Recording(msgspec.Struct):
    recorded_at: dt.datetime


_recording = msgspec.json.Decoder(_Recording)


def recorded_at(connection: sa.Connection, positions: Iterable[int]) -> dict[int, dt.datetime]:
    """When the events at these positions were recorded; positions at which there is none are left out."""
    states = states_at(connection, positions)
    return {position: _recording.decode(state).recorded_at for position, state in states}


# ---------------------------------------------------------------------------------------------- statements


def _raw(row: Any) -> RawEvent:
    position, stream, version, topic, state = row
    return RawEvent(position, stream, version, topic, bytes(state))


def _rows(postgres: bool) -> sa.Select[Any]:
    table, position = log_table(postgres)
    c = table.c
    return sa.select(position, c.originator_id, c.originator_version, c.topic, c.state).order_by(position)


@cache
def _after(*narrowed_by: str) -> Prepared:
    def select(postgres: bool) -> sa.Select[Any]:
        table, position = log_table(postgres)
        chosen = _rows(postgres).where(position > sa.bindparam("after"))
        if "stream" in narrowed_by:
            chosen = chosen.where(table.c.originator_id == sa.bindparam("stream"))
        if "topics" in narrowed_by:
            chosen = chosen.where(among(table.c.topic, "topics", postgres))
        return chosen.limit(sa.bindparam("most", type_=sa.Integer))

    return Prepared(select)


def _at(postgres: bool) -> sa.Select[Any]:
    return _rows(postgres).where(among(log_table(postgres)[1], "positions", postgres))


def _at_version(postgres: bool) -> sa.Select[Any]:
    c = log_table(postgres)[0].c
    version: Any = sa.bindparam("version", type_=sa.BigInteger)
    return _rows(postgres).where(c.originator_id == sa.bindparam("stream"), c.originator_version == version)


def _naming(postgres: bool) -> sa.Select[Any]:
    table, position = log_table(postgres)
    after: Any = sa.bindparam("after", type_=sa.BigInteger)
    until: Any = sa.bindparam("until", type_=sa.BigInteger)
    needle: Any = sa.bindparam("needle", type_=sa.Text)
    state = table.c.state
    if postgres:
        place = sa.func.strpos(sa.func.convert_from(state, sa.literal_column("'UTF8'")), needle)
    else:
        place = sa.func.instr(sa.cast(state, sa.Text), needle)
    chosen = sa.select(table.c.originator_id).distinct()
    return chosen.where(position > after, position <= until, place > 0)


def _states_at(postgres: bool) -> sa.Select[Any]:
    table, position = log_table(postgres)
    return sa.select(position, table.c.state).where(among(position, "positions", postgres))


def _version(postgres: bool) -> sa.Select[Any]:
    table, _ = log_table(postgres)
    newest = sa.func.max(table.c.originator_version).label("newest")
    return sa.select(newest).where(table.c.originator_id == sa.bindparam("stream"))


def _newest(postgres: bool) -> sa.Select[Any]:
    return sa.select(sa.func.max(log_table(postgres)[1]).label("newest"))


_AT, _AT_VERSION, _STATES_AT, _VERSION, _HEAD, _NAMING = map(
    Prepared, (_at, _at_version, _states_at, _version, _newest, _naming)
)
