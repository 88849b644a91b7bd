"""Rebuild and verify: fold the log again, prove that the result is the same, and swap it in while serving.

A rebuild reads the log in pages, decodes each event once for all views and folds into shadow tables, written
in bulk and in short transactions. It makes their indexes, catches up, and takes a snapshot of the record: at
that position the live tables and the shadows must have the same digests (outside any lock). Then it folds
what came since, and in one short transaction under the append lock the last few events; there it compares
the rows touched since the snapshot, gives the shadows the names of the live tables, and certifies. The old
tables stay until the next rebuild, or ``kyodo views --prune``.

A verification does the same in temporary tables of its own connection: it locks, changes and leaves nothing.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from domain.values.refusal import refusal
from projections.engine import rules
from projections.engine.database import CursorRows, columns_of, rename_sql, transaction
from projections.engine.one_moment import SWAPPING
from projections.engine.store import Store
from projections.engine.view import VIEWS, Key, View, ViewTable
from projections.engine.view_versions import must_equal
from projections.migrations.revisions import refuse_newer, refuse_outdated
from projections.rebuild import rebuild_register
from projections.rebuild.leftover_tables import drop_remains, old_name
from projections.rebuild.parallel import load_in_processes, shares
from projections.rebuild.proving import Difference, Proof, compare, with_events_behind
from projections.rebuild.shadow_tables import Build, Progress, Report, silent
from projections.rebuild.unfit_log import refuse_unfit_log
from projections.tables.durable import built

TAIL = 200
"""A tail this short is folded under the lock."""
MANY = 50_000
"""From so many events on, several processes pay."""
MOST_WORKERS = 4
PATIENCE = 120.0
"""Seconds for which a swap is tried again while readers hold the tables."""
LOCK_TIMEOUT_MS = 300
"""PostgreSQL: so long a swap waits for readers, and appends with it, before it lets go and tries again. It is
less than the server's deadlock_timeout, so that no reader is ever the one to be sent away."""

VIEW_DIFFERS = refusal(
    "VIEW_DIFFERS",
    ja="再構築した「{view}」が現行と一致しません。入れ替えは行いませんでした。",
    en="The rebuilt view “{view}” is not equal to the live one. Nothing was swapped.",
    rule=rules.EQUAL,
    next_ja="差分を確認してください。変わるはずなら版を上げ、現行が誤りなら --repair を付けて入れ替えます。",
    next_en="Look at the differences. If rows are meant to change, raise the version; if not, use --repair.",
)
VIEW_UNKNOWN = refusal(
    "VIEW_UNKNOWN",
    ja="「{view}」というビューはありません（{known}）。",
    en="There is no view “{view}” (known: {known}).",
    rule=rules.NAMED,
    next_ja="kyodo views で名前を確かめてください。",
    next_en="See kyodo views for the names.",
    kind="not_found",
)
VIEWS_IN_USE = refusal(
    "VIEWS_IN_USE",
    ja="読み手が表を使い続けているため、{seconds}秒たっても入れ替えられませんでした。現行のビューはそのままです。",
    en="Readers kept the tables in use for {seconds} seconds: nothing was swapped. The live views stand.",
    rule=rules.SWAP_WAITS,
    next_ja="長く続いている照会（pg_stat_activity）が終わってから、もう一度実行してください。",
    next_en="Run again when the long queries (pg_stat_activity) have ended.",
    kind="conflict",
)


class ViewDiffers(Exception):
    """A rebuilt view is not equal to the live one; ``proof`` says where."""

    def __init__(self, proof: Proof):
        self.proof = proof
        self.refusal = VIEW_DIFFERS(view=proof.view)
        super().__init__(str(self.refusal))


def views_named(names: Sequence[str]) -> list[View]:
    """The views with these names; all of them if none is named. Refuses ``VIEW_UNKNOWN``."""
    for name in names:
        if name not in VIEWS:
            raise VIEW_UNKNOWN(view=name, known=", ".join(VIEWS))
    return [VIEWS[name] for name in names] if names else list(VIEWS.values())


def verify(store: Store, names: Sequence[str] = (), report: Report = silent) -> list[Proof]:
    """Compare views with a replay of the log, at one position. Locks and changes nothing."""
    build = Build(store, views_named(names), report)
    try:
        build.create()
        build.fold_to(store.head())
        with _snapshot(store) as (live, position):
            build.fold_to(position)
            return _proofs(build, live, position)
    finally:
        build.close()


def rebuild(
    store: Store,
    names: Sequence[str] = (),
    report: Report = silent,
    *,
    repair: bool = False,
    who: str = "kyodo rebuild",
    workers: int | None = None,
) -> list[Proof]:
    """Make views anew and swap them in, in ``workers`` processes (None: as many as pay).

    Refuses ``VIEW_DIFFERS`` (as :class:`ViewDiffers`) if a view of unchanged version comes out otherwise than
    it stands, unless ``repair``; ``LOG_DOES_NOT_FIT`` if it is to repair and the log lacks something, does
    not read back, or gives other rows than were certified; ``REBUILD_RUNNING``; ``VIEWS_IN_USE``;
    ``RECORD_OUTDATED``; ``RECORD_NEWER``. Then the live views are untouched.
    """
    views = views_named(names)
    with store.engine.connect() as living:
        refuse_outdated(living)
        refuse_newer(living)
    with rebuild_register.only_rebuild(store):
        return _Rebuild(store, views, report, repair, who).run(workers)


def default_workers(events: int) -> int:
    """How many processes pay for a log of this length on this machine."""
    return min(len(os.sched_getaffinity(0)), MOST_WORKERS) if events >= MANY else 1


class _Rebuild:
    """One rebuild, by whoever holds the right to (rebuild_register.only_rebuild)."""

    def __init__(self, store: Store, views: list[View], report: Report, repair: bool, who: str):
        self.store, self.views, self.repair, self.who = store, views, repair, who
        self.postgres = store.postgres
        self.tell = report
        self.connection = store.connect()
        """For what must last: the register of runs, and the swap."""
        with self._writing() as cursor:
            self.generation = rebuild_register.begin(
                cursor, self.postgres, [view.name for view in views], who
            )
        drop_remains(store, self.connection)
        self.build = Build(store, views, self._report, self.generation)
        self.phase, self.told_at = "fold", 0.0
        with store.engine.connect() as connection:
            known = built(connection)
        self.same = [view for view in views if must_equal(view, known.get(view.name))]
        """Views that must come out as they stand."""

    def run(self, workers: int | None) -> list[Proof]:
        swapped = False
        try:
            self.build.create()
            if self.repair:
                self.build.tell("prove", 0)
                refuse_unfit_log(self.store, self.build)
            self._load(workers)
            proofs = self._prove()
            self._swap_in(proofs)
            swapped = True
            return proofs
        finally:
            if not swapped:
                self.build.drop()
            self.build.close()
            with self._writing() as cursor:
                rebuild_register.end(cursor, self.postgres, self.generation)
            self.connection.close()

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        with transaction(self.connection, self.postgres) as cursor:
            yield cursor

    def _report(self, progress: Progress) -> None:
        """Tell the caller, and now and then everybody who looks at the register."""
        self.tell(progress)
        if progress.phase != self.phase or time.monotonic() - self.told_at > 1:
            self.phase, self.told_at = progress.phase, time.monotonic()
            with self._writing() as cursor:
                rebuild_register.advance(
                    cursor, self.postgres, self.generation, progress.phase, progress.position, progress.head
                )

    def _load(self, workers: int | None) -> None:
        """Fill the tables up to what was the head when it began, and index them."""
        head = self.store.head()
        count = 1 if self.build.position else workers or default_workers(head)
        if count > 1 and len(self.views) > 1:
            load_in_processes(self.build, head, shares(self.views, self._weights(), count))
            return
        self.build.fold_to(head)
        self.build.tell("index", head)
        self.build.index()

    def _weights(self) -> dict[str, float]:
        """What each view took when it was last built, in seconds."""
        with self.store.engine.connect() as connection:
            return rebuild_register.seconds_of_last(connection)

    def _prove(self) -> list[Proof]:
        """Catch up, and compare with a snapshot of the record. Refuses what must be the same and is not."""
        self.build.fold_to(self.store.head())
        with _snapshot(self.store) as (live, position):
            self.build.fold_to(position)
            self.build.tell("prove", position)
            proofs = _proofs(self.build, live, position)
        for proof in proofs:
            if not proof.equal and VIEWS[proof.view] in self.same and not self.repair:
                raise ViewDiffers(proof)
        self.build.rows.touched = {}
        return proofs

    def _swap_in(self, proofs: list[Proof]) -> None:
        """Fold what came since, and swap under the append lock; again while readers are in the way."""
        given_up = time.monotonic() + PATIENCE
        while True:
            while self.store.head() - self.build.position > TAIL:
                self.build.fold_to(self.store.head())
            self.build.tell("swap", self.store.head())
            try:
                with self._writing() as cursor:
                    self._swap_now(cursor, proofs)
                return
            except Exception as failed:
                if not _is_in_use(failed):
                    raise
                if time.monotonic() > given_up:
                    raise VIEWS_IN_USE(seconds=int(PATIENCE)) from None
            time.sleep(0.2)

    def _swap_now(self, cursor: Any, proofs: list[Proof]) -> None:
        if self.postgres:
            cursor.execute(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}")
        self.store.lock_log(cursor)
        if self.postgres:
            cursor.execute(SWAPPING)
        started = time.perf_counter()
        touched = self.build.fold_tail(cursor)
        self._refuse_touched(cursor, touched, proofs)
        self._exchange(cursor)
        lock_ms = 1_000 * (time.perf_counter() - started)
        rebuild_register.certify(
            cursor, self.postgres, proofs, self.generation, self.build.tail, lock_ms, self.who
        )

    def _refuse_touched(self, cursor: Any, touched: dict[str, set[Key]], proofs: list[Proof]) -> None:
        """Compare the rows touched since the snapshot: the others have been proved to be the same."""
        live, shadow = CursorRows(cursor, self.postgres), CursorRows(cursor, self.postgres, self.build.names)
        for view in [] if self.repair else self.same:
            for table in view.tables:
                keys = sorted(touched.get(table.name, ()))
                ours, theirs = live.fetch(table, keys), shadow.fetch(table, keys)
                wrong = [k for k in keys if ours.get(k) != theirs.get(k)]
                if wrong:
                    differences = tuple(_difference(table, k, ours.get(k), theirs.get(k)) for k in wrong[:10])
                    raise ViewDiffers(_with_differences(proofs, view.name, differences))

    def _exchange(self, cursor: Any) -> None:
        for table in self.build.tables():
            if columns_of(cursor, self.postgres, table.name):
                was = old_name(table.name, self.generation)
                for statement in rename_sql(table.table, self.postgres, table.name, was):
                    cursor.execute(statement)
            shadow = self.build.names[table.name]
            for statement in rename_sql(table.table, self.postgres, shadow, table.name):
                cursor.execute(statement)


def _proofs(build: Build, live: Any, position: int) -> list[Proof]:
    """What the tables of a build and the live ones show at a position that both have reached."""
    seconds = time.monotonic() - build.started
    proofs = []
    for view in build.views:
        of_live, of_replayed, differences = compare(view, live, build.connection, build.postgres, build.names)
        proofs.append(
            Proof(
                view.name,
                view.version,
                view.fingerprint,
                position,
                build.events,
                build.seconds(view),
                build.events / seconds if seconds else 0.0,
                of_live,
                of_replayed,
                differences,
            )
        )
    return with_events_behind(build.cursor, build.postgres, build.views, proofs)


@contextmanager
def _snapshot(store: Store) -> Iterator[tuple[Any, int]]:
    """A driver connection that sees the record as it stands, and the position of its newest event: an event
    and its views are written in one transaction, so they are seen together."""
    connection = store.connect()
    try:
        if store.postgres:
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            position = connection.execute("SELECT max(notification_id) FROM stored_events").fetchone()[0]
        else:
            connection.execute("BEGIN")
            position = connection.execute("SELECT max(rowid) FROM stored_events").fetchone()[0]
        yield connection, position or 0
    finally:
        connection.close()


def _is_in_use(failed: Exception) -> bool:
    """Whether a swap may be tried again: readers hold the tables (PostgreSQL), or a writer the file."""
    if isinstance(failed, sqlite3.OperationalError):
        return "locked" in str(failed)
    return getattr(failed, "sqlstate", None) in ("55P03", "40P01")  # lock_not_available, deadlock_detected


def _difference(table: ViewTable, key: Key, live: Any, replayed: Any) -> Difference:
    return Difference(
        table.name,
        key,
        table.as_stored(live) if live is not None else None,
        table.as_stored(replayed) if replayed is not None else None,
    )


def _with_differences(proofs: list[Proof], view: str, differences: tuple[Difference, ...]) -> Proof:
    (proof,) = (p for p in proofs if p.view == view)
    return replace(proof, live_digest="", differences=differences)
