"""Rebuild and verify: fold the log again and prove that the result is the same.

A rebuild reads the log in pages, decodes each event once for all views, folds into shadow tables with bulk
writes, catches up, and swaps the tables under the append lock. A verification does the same but swaps
nothing: under the lock it compares the live rows with the replayed ones. The digest of a view is the
SHA-256 over its rows in key order, each as RFC 8785 JSON: the same on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from domain.application import decode
from domain.record import Recorded
from domain.refusal import refusal
from projections.database import (
    CachedRows,
    CursorRows,
    create_sql,
    drop_sql,
    index_sql,
    rename_sql,
    statements,
    transaction,
)
from projections.store import LOG, Store
from projections.view import VIEWS, View, ViewTable, fold_events

PAGE = 2_000
TAIL = 500
"""A tail this short is folded under the lock."""

VIEW_DIFFERS = refusal(
    "VIEW_DIFFERS",
    ja="再構築した「{view}」が現行と一致しません。入れ替えは行いませんでした。",
    en="The rebuilt view “{view}” is not equal to the live one. Nothing was swapped.",
    rule="engine.md, decision 5: rebuild proves equality before it swaps",
    next_ja="差分を確認し、現行が誤りなら --repair を付けて入れ替えてください。",
    next_en="Look at the differences; if the live view is wrong, run again with --repair.",
)
VIEW_UNKNOWN = refusal(
    "VIEW_UNKNOWN",
    ja="「{view}」というビューはありません（{known}）。",
    en="There is no view “{view}” (known: {known}).",
    rule="kyodo views",
    next_ja="kyodo views で名前を確かめてください。",
    next_en="See kyodo views for the names.",
    kind="not_found",
)


@dataclass(frozen=True)
class Progress:
    """How far a replay has come: positions, and events a second so far."""

    position: int
    head: int
    events: int
    seconds: float

    @property
    def rate(self) -> float:
        return self.events / self.seconds if self.seconds else 0.0


@dataclass(frozen=True)
class Difference:
    """One row that is not the same: its table and key, the live row and the replayed one (None: absent)."""

    table: str
    key: tuple[Any, ...]
    live: tuple[Any, ...] | None
    replayed: tuple[Any, ...] | None


@dataclass(frozen=True)
class Proof:
    """What a replay of one view showed at ``position``."""

    view: str
    version: int
    fingerprint: str
    position: int
    events: int
    seconds: float
    live_digest: str
    replayed_digest: str
    differences: tuple[Difference, ...] = ()

    @property
    def equal(self) -> bool:
        return self.live_digest == self.replayed_digest


Report = Callable[[Progress], None]


def views_named(names: Sequence[str]) -> list[View]:
    """The views with these names; all of them if none is named. Refuses ``VIEW_UNKNOWN``."""
    for name in names:
        if name not in VIEWS:
            raise VIEW_UNKNOWN(view=name, known=", ".join(VIEWS))
    return [VIEWS[name] for name in names] if names else list(VIEWS.values())


def read_log(cursor: Any, postgres: bool, after: int, page: int = PAGE) -> list[Recorded[Any]]:
    """The next ``page`` events after a position, decoded."""
    where = "notification_id" if postgres else "rowid"
    mark = "%s" if postgres else "?"
    cursor.execute(
        f"SELECT {where}, topic, state FROM {LOG} WHERE {where}>{mark} ORDER BY {where} LIMIT {mark}",
        (after, page),
    )
    return [decode(topic, bytes(state), position) for position, topic, state in cursor.fetchall()]


def verify(store: Store, names: Sequence[str] = (), report: Report | None = None) -> list[Proof]:
    """Compare every view with a replay of the log, at one position. Changes nothing."""
    with _Replay(store, views_named(names), report) as replay:
        return replay.prove()


def rebuild(
    store: Store,
    names: Sequence[str] = (),
    report: Report | None = None,
    *,
    repair: bool = False,
    who: str = "kyodo rebuild",
) -> list[Proof]:
    """Make the views anew and swap them in. Refuses ``VIEW_DIFFERS`` if a view of unchanged code comes out
    otherwise than it stands, unless ``repair``."""
    with _Replay(store, views_named(names), report) as replay:
        return replay.prove(swap=True, repair=repair, who=who)


class _Replay:
    """Shadow tables of some views, filled from the log; dropped at the end unless swapped in."""

    def __init__(self, store: Store, views: list[View], report: Report | None):
        self.store, self.views, self.report = store, views, report or (lambda _: None)
        self.connection = store.connect()
        self.generation = time.time_ns()
        self.shadows = {t.name: f"{t.name}__{self.generation}" for v in views for t in v.tables}
        self.written: set[str] = set()
        self.position = self.events = 0
        self.started = time.monotonic()

    def __enter__(self) -> _Replay:
        with transaction(self.connection, self.store.postgres) as cursor:
            for table in self._tables():
                for statement in create_sql(
                    table.table, self.store.postgres, self.shadows[table.name], indexes=False
                ):
                    cursor.execute(statement)
        return self

    def __exit__(self, *_: object) -> None:
        with transaction(self.connection, self.store.postgres) as cursor:
            for table in self._tables():
                for statement in drop_sql(table.table, self.store.postgres, self.shadows[table.name]):
                    cursor.execute(statement)
        self.connection.close()

    def _tables(self) -> Iterator[ViewTable]:
        for view in self.views:
            yield from view.tables

    def prove(self, *, swap: bool = False, repair: bool = False, who: str = "") -> list[Proof]:
        """Fold the whole log, then compare (and swap) under the append lock."""
        head = self.store.head()
        while head - self.position > TAIL:
            with transaction(self.connection, self.store.postgres) as cursor:
                rows = CachedRows(CursorRows(cursor, self.store.postgres, self.shadows), self.written)
                self._fold_pages(cursor, rows, head, at_most=20 * PAGE)
                rows.flush()
            head = self.store.head()
        if swap:
            with transaction(self.connection, self.store.postgres) as cursor:
                for table in self._tables():
                    for statement in index_sql(table.table, self.store.postgres, self.shadows[table.name]):
                        cursor.execute(statement)
        with transaction(self.connection, self.store.postgres) as cursor:
            self.store.lock_log(cursor)
            self._fold_pages(cursor, CursorRows(cursor, self.store.postgres, self.shadows), None)
            proofs = [self._proof(cursor, view) for view in self.views]
            if swap:
                self._refuse_differences(cursor, proofs, repair)
                self._swap(cursor, proofs, who)
        return proofs

    def _fold_pages(
        self, cursor: Any, rows: CachedRows | CursorRows, head: int | None, at_most: int = 1 << 60
    ) -> None:
        folded = 0
        while folded < at_most:
            page = read_log(cursor, self.store.postgres, self.position)
            if not page:
                return
            fold_events(self.views, page, rows)
            self.position = page[-1].position
            folded += len(page)
            self.events += len(page)
            seconds = time.monotonic() - self.started
            self.report(Progress(self.position, head or self.position, self.events, seconds))

    def _proof(self, cursor: Any, view: View) -> Proof:
        live = hashlib.sha256()
        replayed = hashlib.sha256()
        differences: list[Difference] = []
        for table in view.tables:
            if not _has_these_columns(cursor, table):
                live.update(b"other columns")
                continue
            of_live = digest_table(cursor, self.store.postgres, table)
            of_replayed = digest_table(cursor, self.store.postgres, table, self.shadows[table.name])
            live.update(of_live)
            replayed.update(of_replayed)
            if of_live != of_replayed:
                differences += _differences(cursor, self.store.postgres, table, self.shadows[table.name])
        return Proof(
            view.name,
            view.version,
            view.fingerprint,
            self.position,
            self.events,
            time.monotonic() - self.started,
            live.hexdigest(),
            replayed.hexdigest(),
            tuple(differences),
        )

    def _refuse_differences(self, cursor: Any, proofs: list[Proof], repair: bool) -> None:
        built = {row[0]: (row[1], row[2]) for row in _builds(cursor)}
        for proof in proofs:
            same_code = built.get(proof.view, (proof.version, proof.fingerprint)) == (
                proof.version,
                proof.fingerprint,
            )
            if not proof.equal and same_code and not repair:
                raise ViewDiffers(proof)

    def _swap(self, cursor: Any, proofs: list[Proof], who: str) -> None:
        for table in self._tables():
            shadow = self.shadows[table.name]
            for statement in (
                *drop_sql(table.table, self.store.postgres, table.name),
                *rename_sql(table.table, self.store.postgres, shadow),
            ):
                cursor.execute(statement)
        write_certificates(cursor, self.store.postgres, proofs, self.generation, who)


class ViewDiffers(Exception):
    """A rebuilt view is not equal to the live one; ``proof`` says where."""

    def __init__(self, proof: Proof):
        self.proof = proof
        self.refusal = VIEW_DIFFERS(view=proof.view)
        super().__init__(str(self.refusal))


def digest_view(cursor: Any, postgres: bool, view: View) -> str:
    """SHA-256 (hex) over the digests of the view's tables, in the order the view declares them."""
    total = hashlib.sha256()
    for table in view.tables:
        total.update(digest_table(cursor, postgres, table))
    return total.hexdigest()


def digest_table(cursor: Any, postgres: bool, table: ViewTable, name: str | None = None) -> bytes:
    """SHA-256 over the table's rows in key order, each as RFC 8785 JSON followed by a line feed.

    Rows hold text, whole numbers below 2**53 and null only, under ASCII names: for these, orjson with
    sorted keys writes exactly RFC 8785 (a test compares it with the reference implementation).
    """
    digest = hashlib.sha256()
    for row in _rows_in_order(cursor, postgres, table, name):
        digest.update(orjson.dumps(dict(zip(table.columns, row, strict=True)), option=_CANONICAL))
    return digest.digest()


_CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


def _rows_in_order(
    cursor: Any, postgres: bool, table: ViewTable, name: str | None = None
) -> Iterator[tuple[Any, ...]]:
    sql = statements(table.table, postgres, name)
    cursor.execute(f"{sql.select} ORDER BY {sql.order}")
    while rows := cursor.fetchmany(5_000):
        yield from rows


def _differences(
    cursor: Any, postgres: bool, table: ViewTable, shadow: str, at_most: int = 10
) -> Iterable[Difference]:
    where = [table.columns.index(k) for k in table.key_columns]

    def by_key(name: str | None) -> dict[tuple[Any, ...], tuple[Any, ...]]:
        found = {}
        for row in _rows_in_order(cursor, postgres, table, name):
            found[tuple(row[i] for i in where)] = tuple(row)
        return found

    live, replayed = by_key(None), by_key(shadow)
    wrong = [k for k in sorted(live.keys() | replayed.keys()) if live.get(k) != replayed.get(k)]
    return [Difference(table.name, k, live.get(k), replayed.get(k)) for k in wrong[:at_most]]


def _has_these_columns(cursor: Any, table: ViewTable) -> bool:
    """Whether the live table has the columns its code has now; after an update it may not."""
    cursor.execute(f"SELECT * FROM {table.name} LIMIT 0")
    return {described[0] for described in cursor.description} == set(table.columns)


def _builds(cursor: Any) -> list[tuple[Any, ...]]:
    cursor.execute("SELECT view, version, fingerprint FROM view_build")
    return list(cursor.fetchall())


def write_certificates(
    cursor: Any, postgres: bool, proofs: Iterable[Proof], generation: int, who: str
) -> None:
    """Store what was built: view, version, fingerprint, position, digest, duration, when and by whom."""
    mark = "%s" if postgres else "?"
    names = (
        "view",
        "version",
        "fingerprint",
        "generation",
        "position",
        "digest",
        "seconds",
        "built_at",
        "built_by",
    )
    changes = ",".join(f"{n}=excluded.{n}" for n in names[1:])
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    for p in proofs:
        cursor.execute(
            f"INSERT INTO view_build ({','.join(names)}) VALUES ({','.join([mark] * len(names))}) "
            f"ON CONFLICT (view) DO UPDATE SET {changes}",
            (
                p.view,
                p.version,
                p.fingerprint,
                generation,
                p.position,
                p.replayed_digest,
                round(p.seconds, 3),
                now,
                who,
            ),
        )
