"""What can be told of a log by itself: is a position or a version missing, does every event read back?

Nothing here tells whether somebody who may write to the database has changed the log and everything that
rests on it: nothing outside the record vouches for it yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec
import sqlalchemy as sa

from domain.kernel.events import Recorded, names_of
from domain.kernel.mapper import decode
from domain.values.refusal import Refusal
from projections.engine.event_json import Json, bilingual
from projections.tables.log_table import LOG

Verdict = Literal["holds", "fails", "cannot_tell"]

NEWEST = 100
"""Without a full decoding, so many of the newest events are decoded."""
PAGE = 2_000
MOST_FOUND = 20

GUARDS = {
    "sqlite": {f"{LOG}_no_update", f"{LOG}_no_delete"},
    "postgresql": {f"{LOG}_no_change"},
}
"""The triggers that refuse changes of the log (projections/migrations), by database."""


@dataclass(frozen=True)
class Check:
    """One thing that was checked. ``details``: what was seen; ``position``: the first bad one, if any."""

    name: str
    says: tuple[str, str]
    verdict: Verdict
    details: Json = field(default_factory=dict)
    position: int | None = None

    def as_json(self) -> Json:
        return {
            "check": self.name,
            "says": bilingual(*self.says),
            "verdict": self.verdict,
            "found": self.details,
            "first_bad_position": self.position,
        }


def log_checks(connection: sa.Connection, *, full: bool = False) -> list[Check]:
    """Everything that is checked of the log, in the order in which a reader should look at it."""
    return [
        _positions(connection),
        _versions(connection),
        _decoding(connection, full),
        _guards(connection),
    ]


def _log(connection: sa.Connection) -> tuple[sa.TableClause, sa.ColumnClause[int]]:
    position: sa.ColumnClause[int] = sa.column(
        "notification_id" if connection.dialect.name == "postgresql" else "rowid", sa.BigInteger
    )
    names = ("originator_id", "originator_version", "topic", "state")
    return sa.table(LOG, position, *(sa.column(name) for name in names)), position


def _positions(connection: sa.Connection) -> Check:
    """Whether there are as many events as positions were given. PostgreSQL also uses up a position for an
    append that was rolled back, so that there a missing one proves nothing."""
    table, position = _log(connection)
    counted = sa.select(sa.func.count(), sa.func.coalesce(sa.func.max(position), 0)).select_from(table)
    rows, last = connection.execute(counted).one()
    numbered = _last_given(connection)
    whole = rows == last == numbered
    verdict: Verdict = (
        "holds" if whole else "cannot_tell" if connection.dialect.name == "postgresql" else "fails"
    )
    return Check(
        "positions",
        (
            f"出来事{rows}件、最後の番号{last}、これまでに振られた番号{numbered}。",
            f"{rows} events, newest position {last}, positions ever given {numbered}.",
        ),
        verdict,
        {"rows": rows, "head": last, "given": numbered},
        None if whole else _first_missing(connection, rows, last),
    )


def _last_given(connection: sa.Connection) -> int:
    """The highest position the database has ever given out, by its own counter; 0 if that cannot be seen."""
    if connection.dialect.name == "postgresql":
        counter = sa.text(
            "SELECT last_value FROM pg_sequences WHERE format('%I.%I', schemaname, sequencename) = "
            "pg_get_serial_sequence(:log, 'notification_id')"
        )
        return connection.scalar(counter, {"log": LOG}) or 0
    sequence = sa.table("sqlite_sequence", sa.column("name"), sa.column("seq"))
    return connection.scalar(sa.select(sequence.c.seq).where(sequence.c.name == LOG)) or 0


def _first_missing(connection: sa.Connection, rows: int, last: int) -> int:
    """The first position without an event; after the newest one if none before it is missing."""
    if rows == last:
        return last + 1
    table, position = _log(connection)
    low, high = 0, last  # positions up to ``low`` are all there, up to ``high`` they are not
    while high - low > 1:
        middle = (low + high) // 2
        there = connection.scalar(sa.select(sa.func.count()).select_from(table).where(position <= middle))
        low, high = (middle, high) if there == middle else (low, middle)
    return high


def _versions(connection: sa.Connection) -> Check:
    """Whether each stream has the versions 1, 2, 3, … without a gap."""
    table, position = _log(connection)
    version, stream = table.c.originator_version, table.c.originator_id
    broken = (
        sa.select(stream, sa.func.count().label("rows"), sa.func.max(version).label("version"))
        .group_by(stream)
        .having(sa.or_(sa.func.count() != sa.func.max(version), sa.func.min(version) != 1))
        .order_by(stream)
        .limit(MOST_FOUND)
    )
    gaps = [dict(row._mapping) for row in connection.execute(broken)]
    streams = connection.scalar(sa.select(sa.func.count(sa.distinct(stream)))) or 0
    first = None
    if gaps:
        names = [row["originator_id"] for row in gaps]
        after_gap = sa.select(stream, version, position).where(stream.in_(names)).order_by(stream, version)
        first = _first_after_gap(connection.execute(after_gap))
    return Check(
        "versions",
        (
            f"{streams}の流れのうち、版番号に欠けのあるもの{len(gaps)}。",
            f"Of {streams} streams, {len(gaps)} lack a version.",
        ),
        "fails" if gaps else "holds",
        {"streams": streams, "lacking": gaps},
        first,
    )


def _first_after_gap(rows: Any) -> int | None:
    """The first position of an event whose predecessor in its stream is missing."""
    expected: dict[str, int] = {}
    bad = []
    for stream, version, position in rows:
        if version != expected.get(stream, 1):
            bad.append(position)
        expected[stream] = version + 1
    return min(bad, default=None)


def _decoding(connection: sa.Connection, full: bool) -> Check:
    """Whether events decode, and say of themselves what their rows say: all of them, or the newest."""
    bad: list[int] = []
    done = 0
    for position, stream, version, topic, state in _stored(connection, full):
        done += 1
        if not _is_sound(position, stream, version, topic, state):
            bad.append(position)
    of = "全件" if full else f"最新の{done}件"
    of_en = "all events" if full else f"the newest {done} events"
    return Check(
        "decoding",
        (
            f"{of}を読み、行と合わないもの{len(bad)}件。",
            f"Of {of_en}, {len(bad)} do not decode to what their rows say.",
        ),
        "fails" if bad else "holds",
        {"decoded": done, "full": full, "bad_positions": bad[:MOST_FOUND]},
        min(bad, default=None),
    )


def _stored(connection: sa.Connection, full: bool) -> Iterator[tuple[int, str, int, str, Any]]:
    table, position = _log(connection)
    chosen = sa.select(
        position, table.c.originator_id, table.c.originator_version, table.c.topic, table.c.state
    )
    if not full:
        newest = connection.execute(chosen.order_by(position.desc()).limit(NEWEST))
        yield from (tuple(row) for row in newest)
        return
    after = 0
    while page := connection.execute(chosen.where(position > after).order_by(position).limit(PAGE)).all():
        yield from (tuple(row) for row in page)
        after = page[-1][0]


def _is_sound(position: int, stream: str, version: int, topic: str, state: Any) -> bool:
    try:
        e: Recorded[Any] = decode(topic, bytes(state), position)
    except (Refusal, msgspec.MsgspecError, LookupError, ValueError, TypeError):
        return False
    return (e.stream, e.version) == (stream, version) and topic in names_of(e.type)


def _guards(connection: sa.Connection) -> Check:
    """Whether the triggers that refuse changes of the log are there, and switched on."""
    wanted = GUARDS[connection.dialect.name]
    present = set(_SWITCHED_ON[connection.dialect.name](connection))
    missing = sorted(wanted - present)
    return Check(
        "guards",
        (
            "データベースは記録の変更と削除を拒む設定です。"
            if not missing
            else "記録の変更を拒む設定が外れています。",
            "The database refuses to change or delete events."
            if not missing
            else "The database no longer refuses to change events.",
        ),
        "fails" if missing else "holds",
        {"present": sorted(wanted & present), "missing": missing},
    )


def _sqlite_triggers(connection: sa.Connection) -> Iterator[str]:
    master = sa.table("sqlite_master", *(sa.column(name) for name in ("type", "name", "tbl_name")))
    chosen = sa.select(master.c.name).where(master.c.type == "trigger", master.c.tbl_name == LOG)
    yield from connection.scalars(chosen)


def _postgres_triggers(connection: sa.Connection) -> Iterator[str]:
    # tgenabled: O fires in a normal session, A always; D is switched off, R fires on replicas only.
    chosen = sa.text(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(:log) AND tgenabled IN ('O', 'A')"
    )
    yield from connection.scalars(chosen, {"log": LOG})


_SWITCHED_ON: dict[str, Callable[[sa.Connection], Iterator[str]]] = {
    "sqlite": _sqlite_triggers,
    "postgresql": _postgres_triggers,
}
