"""Bringing the durable tables of a record to the newest revision.

Each revision is one transaction, in which nobody else writes: it is there whole, or it is not there, whatever
happens to the process. Whoever comes second, or comes again, goes on from the revision that is there.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from domain.rules import recording
from domain.values.refusal import refusal
from projections.migrations.revisions import Revision, alembic_config, migration_state, refuse_newer
from projections.tables.columns import ColumnDifference, column_differences, table_names
from projections.tables.durable import DURABLE, RECORD
from projections.tables.log_table import log_table
from projections.tables.software import software_version

RECORD_FOREIGN = refusal(
    "RECORD_FOREIGN",
    ja="このデータベースの表は、この記録のどの版のものでもありません（{columns}）。何も変えていません。",
    en="The tables of this database are of no version of this record ({columns}). Nothing was changed.",
    rule=recording.VERSIONS,
    next_ja="DATABASE_URL を確かめるか、控えから元に戻してから、kyodo init を実行してください。",
    next_en="Check DATABASE_URL, or restore a backup, then run kyodo init.",
    kind="unavailable",
)

MOST_TOLD = 5
_FIRST = "0001"


def durable_differences(connection: sa.Connection) -> list[ColumnDifference]:
    """Where the durable tables and the log are not what this code knows."""
    log, _ = log_table(connection.dialect.name == "postgresql")
    return column_differences(connection, [*DURABLE.tables.values(), log])


def refuse_foreign(connection: sa.Connection) -> None:
    """Refuse ``RECORD_FOREIGN`` where a durable table, or the log, is not what this code knows."""
    _refuse(durable_differences(connection))


def upgrade(engine: sa.Engine, alone: str | None = None, until: str | None = None) -> list[str]:
    """Apply the revisions that are pending, up to and with ``until``; their numbers.

    ``engine`` begins transactions in which nobody else writes, or those begin with the statement ``alone``.
    Refuses ``RECORD_NEWER``, and ``RECORD_FOREIGN`` for tables that no version made.
    """
    applied: list[str] = []
    while True:
        with engine.begin() as connection:
            if alone is not None:
                connection.exec_driver_sql(alone)
            state = migration_state(connection)
            if state.is_newer:
                refuse_newer(connection)
            pending = [r for r in state.pending if until is None or r.number <= until]
            if not pending and state.pending:
                return applied
            if not pending:
                refuse_foreign(connection)
                return applied
            if pending[0].number == _FIRST:
                _refuse_foreign_at_first(connection)
            _apply(connection, pending[0])
        applied.append(pending[0].number)


def _apply(connection: sa.Connection, revision: Revision) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision.number)
    if sa.inspect(connection).has_table(RECORD.name):
        connection.execute(sa.update(RECORD).values(software=software_version()))


def _refuse_foreign_at_first(connection: sa.Connection) -> None:
    """Before the first revision makes what is missing: what is there must be what earlier versions made."""
    module: Any = ScriptDirectory.from_config(alembic_config()).get_revision(_FIRST).module
    there = table_names(connection)
    first = [table for table in module.tables(connection.dialect.name) if table.name in there]
    _refuse(column_differences(connection, first))


def _refuse(differences: list[ColumnDifference]) -> None:
    if differences:
        listed = ", ".join(map(str, differences[:MOST_TOLD]))
        raise RECORD_FOREIGN(columns=listed if len(differences) <= MOST_TOLD else f"{listed}, …")
