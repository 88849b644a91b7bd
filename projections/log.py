"""Reading the log itself: events by position, by stream, and onwards from a position."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from domain.application import decode
from domain.record import Recorded, names_of
from projections.prepared import Prepared, among

LOG = "stored_events"


def _table(connection: sa.Connection) -> sa.TableClause:
    return log_table(connection.dialect.name == "postgresql")[0]


def log_table(postgres: bool) -> tuple[sa.TableClause, sa.ColumnElement[int]]:
    """The log as a table of either database, and its column of positions."""
    position: sa.ColumnClause[int] = sa.column("notification_id" if postgres else "rowid", sa.BigInteger)
    names = ("originator_id", "originator_version", "topic", "state")
    table = sa.table(LOG, position, *(sa.column(name) for name in names))
    return table, position


def _select(connection: sa.Connection) -> tuple[sa.TableClause, sa.ColumnElement[int], sa.Select[Any]]:
    table = _table(connection)
    position = next(iter(table.c))
    return table, position, sa.select(position, table.c.topic, table.c.state)


def _decoded(rows: Iterable[Any]) -> Iterator[Recorded[Any]]:
    for position, topic, state in rows:
        yield decode(topic, bytes(state), position)


def events_at(connection: sa.Connection, positions: list[int]) -> list[Recorded[Any]]:
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
    table, position, chosen = _select(connection)
    chosen = chosen.where(position > after)
    if stream is not None:
        chosen = chosen.where(table.c.originator_id == stream)
    wanted = [name for type_ in types for name in names_of(type_)]
    if wanted:
        chosen = chosen.where(table.c.topic.in_(wanted))
    return list(_decoded(connection.execute(chosen.order_by(position).limit(limit))))


def version_of(connection: sa.Connection, stream: str) -> int:
    """The version of a stream: how many events it has; 0 if nothing is recorded of it."""
    table = _table(connection)
    chosen = sa.select(sa.func.max(table.c.originator_version)).where(table.c.originator_id == stream)
    return connection.scalar(chosen) or 0


def head(connection: sa.Connection) -> int:
    """The position of the newest event; 0 if there is none."""
    return _HEAD.rows(connection)[0].newest or 0


def _newest(postgres: bool) -> sa.Select[Any]:
    _, position = log_table(postgres)
    return sa.select(sa.func.max(position).label("newest"))


_HEAD = Prepared(_newest)


class RawEvent(NamedTuple):
    """A row of the log as it is stored."""

    position: int
    stream: str
    version: int
    topic: str
    state: bytes


def raw_after(connection: sa.Connection, after: int, limit: int) -> list[RawEvent]:
    """At most ``limit`` rows of the log after a position, not decoded."""
    table, position, _ = _select(connection)
    chosen = sa.select(
        position, table.c.originator_id, table.c.originator_version, table.c.topic, table.c.state
    )
    found = connection.execute(chosen.where(position > after).order_by(position).limit(limit))
    return [RawEvent(p, stream, version, topic, bytes(state)) for p, stream, version, topic, state in found]


def raw_at(connection: sa.Connection, positions: Sequence[int]) -> list[RawEvent]:
    """The rows of the log at these positions, in log order, not decoded."""
    if not positions:
        return []
    rows = _RAW_AT.rows(connection, positions=positions)
    return [RawEvent(p, stream, version, topic, bytes(state)) for p, stream, version, topic, state in rows]


def _raw_at(postgres: bool) -> sa.Select[Any]:
    table, position = log_table(postgres)
    chosen = sa.select(
        position, table.c.originator_id, table.c.originator_version, table.c.topic, table.c.state
    )
    return chosen.where(among(position, "positions", postgres)).order_by(position)


_RAW_AT = Prepared(_raw_at)


def states_at(connection: sa.Connection, positions: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    """The bytes of the events at these positions, in no order; for whoever looks at many and needs little."""
    if wanted := [*positions]:
        for position, state in _STATES_AT.rows(connection, positions=wanted):
            yield position, bytes(state)


def _states_at(postgres: bool) -> sa.Select[Any]:
    table, position = log_table(postgres)
    return sa.select(position, table.c.state).where(among(position, "positions", postgres))


_STATES_AT = Prepared(_states_at)


class _Recording(msgspec.Struct):
    recorded_at: dt.datetime


_recording = msgspec.json.Decoder(_Recording)


def recorded_at(connection: sa.Connection, positions: Iterable[int]) -> dict[int, dt.datetime]:
    """When the events at these positions were recorded; positions at which there is none are left out."""
    found = states_at(connection, positions)
    return {position: _recording.decode(state).recorded_at for position, state in found}
