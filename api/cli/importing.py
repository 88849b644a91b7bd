"""``kyodo import``: a record-history file, all of it or nothing."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from api.cli.shell import REFUSED, Shell, json_option, pass_shell
from domain.history.importing import HistoryError, import_history, read_history
from domain.history.names import NOBODY, read_names
from projections.engine.store import Store

MOST_SAID = 50
"""Warnings that a terminal is told one by one."""


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--names",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="氏名のファイル（record-names/1）。 A file with the names of the people in it.",
)
@json_option
@pass_shell
@click.pass_context
def import_file(context: click.Context, shell: Shell, file: Path, names: Path | None) -> None:
    """記録史のファイルを取り込む。 Import a record-history file: all of it, or nothing."""
    with shell.store() as store:
        done = import_into(shell, store, file, names)
    context.exit(0 if done else REFUSED)


def import_into(shell: Shell, store: Store, file: Path, names: Path | None = None) -> bool:
    """Import a file and say what came of it; whether it was accepted."""
    try:
        people = read_names(names) if names is not None else NOBODY
        outcome = import_history(store.application, read_history(file), people)
    except HistoryError as wrong:
        problems = [dataclasses.asdict(problem) for problem in wrong.problems]
        shell.refusals(problems, omitted=wrong.omitted)
        for problem in () if shell.as_json else wrong.problems:
            click.echo(problem.sentence(shell.language), err=True)
        if wrong.omitted and not shell.as_json:
            click.echo(shell.tr(f"ほか{wrong.omitted}件", f"and {wrong.omitted} more"), err=True)
        return False
    warnings = [{"code": w.code, "detail": w.sentence(shell.language)} for w in outcome.warnings]
    shell.result(
        {"file": file.name, "added": outcome.added, "already": outcome.already, "warnings": warnings}
    )
    for warning in () if shell.as_json else warnings[:MOST_SAID]:
        click.echo(f"{warning['detail']} [{warning['code']}]", err=True)
    if len(warnings) > MOST_SAID and not shell.as_json:
        more = len(warnings) - MOST_SAID
        click.echo(shell.tr(f"ほか{more}件（--json で全件）", f"and {more} more (all with --json)"), err=True)
    if outcome.already:
        shell.say(
            f"{file.name} は既に取り込まれています。何も加えていません。",
            f"{file.name} has been imported before. Nothing was added.",
        )
    else:
        shell.say(
            f"{file.name}: {outcome.added}件を取り込みました。", f"{file.name}: {outcome.added} events added."
        )
    return True
