"""Proof that two states of a view are the same: digests, and where they are not, the rows and the events.

The digest of a view is the SHA-256 over its rows in key order, each as RFC 8785 JSON: the same on SQLite and
on PostgreSQL. Rows are read in a stream, so that a view of any size is compared in bounded memory.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import orjson

from domain.kernel.events import Recorded
from domain.kernel.mapper import decode
from projections.engine.database import columns_of, statements
from projections.engine.view import Key, View, ViewTable
from projections.tables.log_table import LOG

SHOWN = 10
"""So many differing rows of a table are told."""
BEHIND = 5
"""So many events behind a row are told: the last ones."""
_FETCH = 200
_CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


class Behind(NamedTuple):
    """An event that a differing row depends on."""

    position: int
    type: str
    event_id: str


@dataclass(frozen=True)
class Difference:
    """One row that is not the same: its table and key, the live row and the replayed one (None: absent), and
    the last events that touch it."""

    table: str
    key: Key
    live: tuple[Any, ...] | None
    replayed: tuple[Any, ...] | None
    events: tuple[Behind, ...] = ()


@dataclass(frozen=True)
class Proof:
    """What a replay of one view showed at ``position``. ``seconds``: what folding and writing this view took;
    ``rate``: events of the log a second through all views together."""

    view: str
    version: int
    fingerprint: str
    position: int
    events: int
    seconds: float
    rate: float
    live_digest: str
    replayed_digest: str
    differences: tuple[Difference, ...] = ()

    @property
    def equal(self) -> bool:
        return self.live_digest == self.replayed_digest


def digest_table(cursor: Any, postgres: bool, table: ViewTable, name: str | None = None) -> bytes:
    """SHA-256 over the table's rows in key order, each as RFC 8785 JSON followed by a line feed.

    Rows hold text, whole numbers below 2**53 and null only, under ASCII names: for these, orjson with
    sorted keys writes exactly RFC 8785 (a test compares it with the reference implementation).
    """
    digest = hashlib.sha256()
    columns = table.columns
    with rows_in_order(cursor.connection, postgres, table, name) as rows:
        for row in rows:
            digest.update(orjson.dumps(dict(zip(columns, row, strict=True)), option=_CANONICAL))
    return digest.digest()


@contextmanager
def rows_in_order(
    connection: Any, postgres: bool, table: ViewTable, name: str | None = None
) -> Iterator[Iterator[tuple[Any, ...]]]:
    """The rows of a table in key order, streamed: PostgreSQL would send them all at once to a plain cursor. A
    column that the table does not have reads as null; a table without the key columns has no rows."""
    sql = statements(table.table, postgres, name)
    there = columns_of(connection.cursor(), postgres, sql.name)
    if not there.issuperset(table.key_columns):
        yield iter(())
        return
    chosen = ",".join(c if c in there else f"NULL AS {c}" for c in table.columns)
    select = f"SELECT {chosen} FROM {sql.name} ORDER BY {sql.order}"
    if not postgres:
        yield _streamed(connection.execute(select))
        return
    with connection.transaction(), connection.cursor(name=f"rows_of_{sql.name}") as cursor:
        cursor.itersize = _FETCH
        cursor.execute(select)
        yield iter(cursor)


def _streamed(cursor: Any) -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(_FETCH):
        yield from rows


def digest_of(view: View, connection: Any, postgres: bool, names: Mapping[str, str]) -> str:
    """The digest of a view as it stands in the tables that ``names`` gives."""
    whole = hashlib.sha256()
    for table in view.tables:
        whole.update(digest_table(connection.cursor(), postgres, table, names[table.name]))
    return whole.hexdigest()


def compare(
    view: View, live: Any, replayed: Any, postgres: bool, names: Mapping[str, str]
) -> tuple[str, str, tuple[Difference, ...]]:
    """The digests of a view's live tables and of its shadows (``names``), and the rows that differ. Tables of
    another layout are never equal. ``live`` and ``replayed`` are two driver connections."""
    of_live, of_replayed = hashlib.sha256(), hashlib.sha256()
    unequal: list[Difference] = []
    for table in view.tables:
        ours = digest_table(live.cursor(), postgres, table)
        theirs = digest_table(replayed.cursor(), postgres, table, names[table.name])
        if columns_of(live.cursor(), postgres, table.name) != frozenset(table.columns):
            of_live.update(b"another layout")
        of_live.update(ours)
        of_replayed.update(theirs)
        if ours != theirs:
            unequal += differences(live, replayed, postgres, table, names[table.name])
    return of_live.hexdigest(), of_replayed.hexdigest(), tuple(unequal)


def differences(
    live: Any, replayed: Any, postgres: bool, table: ViewTable, shadow: str
) -> tuple[Difference, ...]:
    """The first rows, in key order, that are not the same in the live table and in its shadow, each read on
    a driver connection of its own."""
    where = [table.columns.index(k) for k in table.key_columns]
    differences: list[Difference] = []
    with (
        rows_in_order(live, postgres, table) as ours,
        rows_in_order(replayed, postgres, table, shadow) as theirs,
    ):
        for key, a, b in _side_by_side(ours, theirs, where):
            if a != b:
                differences.append(Difference(table.name, key, a, b))
                if len(differences) == SHOWN:
                    break
    return tuple(differences)


def _side_by_side(
    ours: Iterator[tuple[Any, ...]], theirs: Iterator[tuple[Any, ...]], where: Sequence[int]
) -> Iterator[tuple[Key, tuple[Any, ...] | None, tuple[Any, ...] | None]]:
    """Rows of both sides by key; None where a side has none. Text compares by code point on either side."""

    def keyed(rows: Iterator[tuple[Any, ...]]) -> tuple[Key, tuple[Any, ...]] | None:
        row = next(rows, None)
        return None if row is None else (tuple(row[i] for i in where), tuple(row))

    a, b = keyed(ours), keyed(theirs)
    while a or b:
        if b is None or (a is not None and a[0] < b[0]):
            assert a is not None
            yield a[0], a[1], None
            a = keyed(ours)
        elif a is None or b[0] < a[0]:
            yield b[0], None, b[1]
            b = keyed(theirs)
        else:
            yield a[0], a[1], b[1]
            a, b = keyed(ours), keyed(theirs)


def read_log(cursor: Any, postgres: bool, after: int, page: int) -> list[Recorded[Any]]:
    """The next ``page`` events after a position, decoded."""
    where = "notification_id" if postgres else "rowid"
    mark = "%s" if postgres else "?"
    cursor.execute(
        f"SELECT {where}, topic, state FROM {LOG} WHERE {where}>{mark} ORDER BY {where} LIMIT {mark}",
        (after, page),
    )
    return [decode(topic, state, position) for position, topic, state in cursor.fetchall()]


def _keys(table: ViewTable, e: Recorded[Any]) -> Iterator[Key]:
    """The rows of a table that an event touches."""
    for handler in table.handlers_of(e):
        for key in handler.keys(e):
            yield key if isinstance(key, tuple) else (key,)


def with_events_behind(
    cursor: Any, postgres: bool, views: Iterable[View], proofs: Sequence[Proof]
) -> list[Proof]:
    """The same proofs, and with each differing row the events that touch it: one more pass of the log, only
    where something differs."""
    wanted = {(d.table, d.key) for p in proofs for d in p.differences}
    if not wanted:
        return list(proofs)
    tables = [t for v in views for t in v.tables if any(t.name == name for name, _ in wanted)]
    behind: dict[tuple[str, Key], deque[Behind]] = {k: deque(maxlen=BEHIND) for k in wanted}
    position = 0
    while page := read_log(cursor, postgres, position, 2_000):
        position = page[-1].position
        for e in page:
            for table in tables:
                for key in _keys(table, e):
                    events = behind.get((table.name, key))
                    if events is not None:
                        events.append(Behind(e.position, e.type, e.event_id))
    return [
        replace(
            proof,
            differences=tuple(
                replace(d, events=tuple(b for b in behind[d.table, d.key] if b.position <= proof.position))
                for d in proof.differences
            ),
        )
        for proof in proofs
    ]
