"""``kyodo migrations``: at which revision the durable tables are, and which are still to be applied."""

from __future__ import annotations

import click
import sqlalchemy as sa

from api.cli.shell import Shell, json_option, pass_shell
from api.setup.store import RECORD_MISSING
from projections.engine.store import Store
from projections.migrations.revisions import migration_state
from projections.tables.record_id import record_id


@click.command()
@json_option
@pass_shell
def migrations(shell: Shell) -> None:
    """表の版。 At which revision the tables of the record are; kyodo init applies what is pending."""
    with shell.store(create=True) as store:
        if not store.exists():
            raise RECORD_MISSING()
        with store.engine.connect() as connection:
            state = migration_state(connection)
    pending = [revision.number for revision in state.pending]
    shell.result({"current": state.current, "head": state.head, "newer": state.is_newer, "pending": pending})
    shell.table(
        (shell.tr("版", "revision"), shell.tr("状態", "state"), shell.tr("内容", "about")),
        [
            (
                r.number,
                shell.tr(*(("未適用", "pending") if r.number in pending else ("適用済", "applied"))),
                r.about,
            )
            for r in state.revisions
        ],
    )
    if state.is_newer:
        shell.say(
            f"この記録は、より新しいソフトウェアの版（{state.current}）にあります。",
            f"The record is at a revision of newer software ({state.current}).",
        )


def id_of(store: Store) -> str:
    """The id of a record that is up to date."""
    with store.engine.connect() as connection:
        return record_id(connection)


def known_id(shell: Shell) -> str | None:
    """The id of the record of this call; None where there is none yet, or it cannot be asked."""
    with shell.store(create=True) as store:
        try:
            return id_of(store) if store.exists() else None
        except sa.exc.SQLAlchemyError:
            return None
