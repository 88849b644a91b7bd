"""Making a record, and bringing it up to date with the code that is running. One process does this, never a
worker (engine.md, fact 8)."""

from __future__ import annotations

from pathlib import Path

from api.setup.counters import make_table
from projections.engine.database import transaction
from projections.engine.store import Store
from projections.engine.view_versions import make_readable, standings
from projections.rebuild.proving import Proof
from projections.rebuild.replay import rebuild
from projections.rebuild.shadow_tables import Report, silent


def create(store: Store) -> tuple[bool, list[str]]:
    """Create what is missing of the record, and bring its durable tables up to date: whether there was none
    before, and the revisions that were applied."""
    is_new = not store.exists()
    if not store.postgres and store.url.database:
        Path(store.url.database).parent.mkdir(parents=True, exist_ok=True)
    applied = store.create()
    connection = store.connect()
    with transaction(connection, store.postgres) as cursor:
        store.lock_log(cursor)
        make_readable(cursor, store.postgres)
    connection.close()
    if store.postgres:  # beside an SQLite record each process makes the file that it needs
        make_table(store.engine)
    return is_new, applied


def bring_up_to_date(store: Store, report: Report = silent, *, never_built_only: bool = False) -> list[Proof]:
    """Rebuild the views that the running code did not build. A view that was never built has nothing to be
    compared with; one that other code built may differ, and its proof says so."""
    with store.engine.connect() as living:
        states = standings(living)
    never = [name for name, state in states.items() if state == "never_built"]
    other = [name for name, state in states.items() if state in ("other_code", "older")]
    proofs = rebuild(store, never, report, repair=True, who="kyodo init") if never else []
    if never_built_only or not other:
        return proofs
    return proofs + rebuild(store, other, report, who="kyodo init")
