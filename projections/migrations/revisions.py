"""Which revisions of the durable tables there are, and at which one a record is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory

from domain.rules import recording
from domain.values.refusal import refusal
from projections.tables.durable import RECORD

RECORD_OUTDATED = refusal(
    "RECORD_OUTDATED",
    ja="この記録の表は、このソフトウェアより古い版のものです（現在 {current}、必要 {head}）。",
    en="The tables of this record are older than this software (they are at {current}, it needs {head}).",
    rule=recording.VERSIONS,
    next_ja="サーバーで kyodo init を実行してください。今ある記録はそのままです。",
    next_en="Run kyodo init on the server. What is recorded stays as it is.",
    kind="unavailable",
)
RECORD_NEWER = refusal(
    "RECORD_NEWER",
    ja="この記録の表は、より新しいソフトウェア（{needed}）のものです。この版からは記録できません。",
    en="The tables of this record are of newer software ({needed}). This version cannot record any more.",
    rule=recording.VERSIONS,
    next_ja="その版以降のソフトウェアで起動し直してください。読むことはできます。",
    next_en="Start again with that version or a later one. Reading goes on.",
    kind="unavailable",
)
_VERSION = sa.table("alembic_version", sa.column("version_num", sa.Text))
_AT = sa.select(
    sa.select(_VERSION.c.version_num).scalar_subquery().label("revision"),
    sa.select(RECORD.c.software).scalar_subquery().label("software"),
)


@dataclass(frozen=True)
class Revision:
    """A numbered change of the durable tables, and what it is for."""

    number: str
    about: str


@dataclass(frozen=True)
class MigrationState:
    """At which revision the durable tables are (None: none was ever applied), and of which this code is."""

    current: str | None
    revisions: tuple[Revision, ...]

    @property
    def head(self) -> str:
        return self.revisions[-1].number

    @property
    def is_newer(self) -> bool:
        """Whether the tables are at a revision that this code does not know."""
        return self.current is not None and self.current not in _numbers()

    @property
    def pending(self) -> tuple[Revision, ...]:
        """The revisions that are still to be applied, in their order."""
        if self.is_newer:
            return ()
        return self.revisions[_numbers().index(self.current) + 1 if self.current else 0 :]


def migration_state(connection: sa.Connection) -> MigrationState:
    """Where the durable tables are."""
    return MigrationState(MigrationContext.configure(connection).get_current_revision(), revisions())


@cache
def revisions() -> tuple[Revision, ...]:
    """Every revision there is, the first one first."""
    scripts: Sequence[Script] = list(ScriptDirectory.from_config(alembic_config()).walk_revisions())
    return tuple(Revision(script.revision, script.doc or "") for script in reversed(scripts))


def _numbers() -> list[str]:
    return [revision.number for revision in revisions()]


def refuse_outdated(connection: sa.Connection) -> None:
    """Refuse ``RECORD_OUTDATED`` while there are revisions to apply: this code knows other tables."""
    state = migration_state(connection)
    if state.pending:
        raise RECORD_OUTDATED(current=state.current or "—", head=state.head)


def refuse_newer(connection: sa.Connection) -> None:
    """Refuse ``RECORD_NEWER`` where newer software has changed the tables. They must not be outdated."""
    revision = connection.execute(_AT).one()
    refuse_newer_than(revision.revision, revision.software)


def refuse_newer_than(revision: str, software: str) -> None:
    """Refuse ``RECORD_NEWER`` unless this code knows the revision, to which ``software`` has upgraded."""
    if revision not in _numbers():
        raise RECORD_NEWER(needed=software)


def alembic_config() -> Config:
    """What alembic is told: where the revisions are. It reads no file of settings."""
    config = Config()
    config.set_main_option("script_location", f"{__package__}:")
    return config
