"""The record's clock: what is recorded later is never recorded earlier.

The moment of recording is the later of two: now, and the moment of the newest event. So the order of the log
and the axis of recording are one, also when the machine's clock is set back, and "as known on a day" has one
answer. From two seconds back it is told (log, ``/readyz``); from five minutes back nothing is recorded until
somebody has looked at the clock (``kyodo clock accept``): either it is wrong now, or it was wrong before. In
a fictional record the story tells the time, and no clock is held against it.

Everything here happens under the append's lock.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from domain.kernel.events import Recorded
from domain.rules import recording
from domain.values.refusal import refusal
from projections.tables.durable import FICTIONAL, SETTING
from projections.tables.log_table import LOG

TOLD_FROM = dt.timedelta(seconds=2)
REFUSED_FROM = dt.timedelta(minutes=5)

ACCEPTED = "clock_accepted"
"""The setting that names the newest moment of recording which somebody has found to be wrong."""

CLOCK_UNUSABLE = refusal(
    "CLOCK_UNUSABLE",
    ja="時計が合っていません。最後の記録は {newest}、いまの時計は {now} です。",
    en="The clock cannot be right: the newest event was recorded at {newest}, and it is {now} now.",
    rule=recording.IN_ORDER,
    next_ja="機械の時計を直してください。いまの時計が正しければ、管理者が kyodo clock accept を実行します。",
    next_en="Set the machine's clock. If it is right now, an administrator runs kyodo clock accept.",
    kind="unavailable",
)

_log = logging.getLogger("kyodo.clock")


class _Recording(msgspec.Struct):
    recorded_at: dt.datetime


_recording = msgspec.json.Decoder(_Recording)
_MARK = b'"recorded_at":"'

NEWEST = {
    True: f"SELECT state FROM {LOG} ORDER BY notification_id DESC LIMIT 1",
    False: f"SELECT state FROM {LOG} ORDER BY rowid DESC LIMIT 1",
}
"""The newest event, on PostgreSQL and on SQLite."""

_MOMENT = """substring(convert_from(state, 'UTF8') from '"recorded_at":"([^"]+)"')"""
INSERT = (
    f"WITH newest AS (SELECT {_MOMENT} AS moment FROM {LOG} ORDER BY notification_id DESC LIMIT 1) "
    f"INSERT INTO {LOG} (originator_id, originator_version, topic, state) VALUES (%s,%s,%s, %s || convert_to("
    "CASE WHEN (SELECT moment FROM newest)::timestamptz > %s::timestamptz THEN (SELECT moment FROM newest) "
    "ELSE %s END, 'UTF8') || %s) RETURNING notification_id, (SELECT moment FROM newest)"
)
"""PostgreSQL: an event is inserted with the later of its own moment and that of the newest, without another
round trip. Takes what :func:`parts` gives; returns the position, and the moment of the event before."""


def parts(state: bytes) -> tuple[bytes, str, str, bytes]:
    """The bytes of an event around the moment at which it was recorded, and that moment, twice. (The envelope
    has it before anything that somebody wrote.)"""
    start = state.index(_MARK) + len(_MARK)
    end = state.index(b'"', start)
    moment = state[start:end].decode()
    return state[:start], moment, moment, state[end:]


def moment_in(state: bytes) -> dt.datetime:
    """When an event was recorded, from its bytes."""
    return _recording.decode(state).recorded_at


def put_in_order(recorded: Sequence[Recorded[Any]], newest: dt.datetime | None) -> bool:
    """Let nothing be recorded before what stands before it; whether that changed anything."""
    changed = False
    for event in recorded:
        if newest is not None and event.recorded_at < newest:
            event.recorded_at = newest
            changed = True
        newest = event.recorded_at
    return changed


def refuse_unusable(newest: dt.datetime | None, now: dt.datetime, ask: Callable[[str], str | None]) -> None:
    """Tell, or refuse ``CLOCK_UNUSABLE``, if the newest event is of a moment to come. ``ask``: the value of a
    setting, or None."""
    ahead = newest - now if newest is not None else dt.timedelta(0)
    if newest is None or ahead < TOLD_FROM or ask(FICTIONAL) is not None:
        return
    _log.warning("the newest event was recorded %.1f s after the present time", ahead.total_seconds())
    if ahead < REFUSED_FROM:
        return
    accepted = ask(ACCEPTED)
    if accepted is None or dt.datetime.fromisoformat(accepted) < newest:
        raise CLOCK_UNUSABLE(newest=_told(newest), now=_told(now))


def asking(execute: Callable[[str], Any]) -> Callable[[str], str | None]:
    """How :func:`refuse_unusable` asks for a setting. ``execute`` runs a statement; gives its first row."""

    def ask(name: str) -> str | None:
        row = execute(f"SELECT value FROM setting WHERE name = '{name}'")
        return None if row is None else str(row[0])

    return ask


def ahead_of(connection: sa.Connection, now: dt.datetime) -> dt.timedelta:
    """How far the newest event lies ahead of the present time; nothing or less where all is well."""
    row = connection.exec_driver_sql(NEWEST[connection.dialect.name == "postgresql"]).fetchone()
    return moment_in(bytes(row[0])) - now if row is not None else dt.timedelta(0)


def is_unusable(connection: sa.Connection, now: dt.datetime) -> bool:
    """Whether a command would be refused for the clock."""
    ask = asking(lambda statement: connection.exec_driver_sql(statement).fetchone())
    ahead = ahead_of(connection, now)
    if ahead < REFUSED_FROM or ask(FICTIONAL) is not None:
        return False
    accepted = ask(ACCEPTED)
    return accepted is None or dt.datetime.fromisoformat(accepted) < now + ahead


def accept_clock(connection: sa.Connection) -> dt.datetime | None:
    """Somebody says that the clock is right now: what was recorded for a moment to come is accepted, and what
    is recorded from now on bears that moment until the time has come. The moment; None without an event."""
    row = connection.exec_driver_sql(NEWEST[connection.dialect.name == "postgresql"]).fetchone()
    if row is None:
        return None
    newest = moment_in(bytes(row[0]))
    connection.execute(sa.delete(SETTING).where(SETTING.c.name == ACCEPTED))
    connection.execute(sa.insert(SETTING).values(name=ACCEPTED, value=newest.isoformat()))
    return newest


def _told(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
