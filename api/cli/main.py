"""``kyodo``: the record from the command line. ``kyodo --help`` explains itself; so does every command.

Exit codes: 0 done, 1 refused, 2 wrong usage, 3 something is not as recorded. Errors speak the language of
LANG, or of ``--lang``.
"""

from __future__ import annotations

import os
import sqlite3
from typing import Any

import click
import msgspec
import psycopg
import sqlalchemy as sa
from eventsourcing.persistence import PersistenceError

from api.cli.as_of import as_of, changes
from api.cli.ask import ask
from api.cli.attachments import access_log, attachments
from api.cli.backup import backup, restore
from api.cli.check import check
from api.cli.clock import clock
from api.cli.deciding import approve_correction
from api.cli.deliver import deliver
from api.cli.due import due
from api.cli.events import events, trail
from api.cli.importing import import_file
from api.cli.metrics import metrics
from api.cli.migrations import id_of, known_id, migrations
from api.cli.prune import prune
from api.cli.rebuild_progress import replaying
from api.cli.reference import permissions, reference, refusals
from api.cli.search import search
from api.cli.serve import serve
from api.cli.shell import DIFFERS, REFUSED, Shell, json_option, pass_shell
from api.cli.user import user
from api.cli.views import rebuild, verify, views
from api.cli.words import words
from api.contents.attachments import Attachments
from api.http.catalogues import read_all
from api.http.database_problems import DATABASE_DAMAGED, DATABASE_UNAVAILABLE
from api.http.language import LANGUAGES
from api.setup import record_settings, record_setup
from api.setup.config import ProcessSettings, RecordSettings, masked, read_settings
from api.setup.words_folder import words_folder
from domain.sample.record import make_sample
from domain.values.refusal import Refusal
from projections import registry
from projections.tables.database_errors import is_damage
from projections.tables.software import software_version


class Kyodo(click.Group):
    """A group that answers a refusal, wherever it is raised, in words and with an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refusal as refused:
            return _refuse(ctx, refused)
        except (PersistenceError, sa.exc.SQLAlchemyError, sqlite3.Error, psycopg.Error) as error:
            click.echo(f"{type(error).__name__}: {error}", err=True)
            if is_damage(error):
                return _refuse(ctx, DATABASE_DAMAGED(), DIFFERS)
            return _refuse(ctx, DATABASE_UNAVAILABLE())
        except (msgspec.MsgspecError, UnicodeError) as error:  # what was recorded reads back, or was changed
            click.echo(f"{type(error).__name__}: {error}", err=True)
            return _refuse(ctx, DATABASE_DAMAGED(), DIFFERS)


def _refuse(context: click.Context, refused: Refusal, code: int = REFUSED) -> None:
    shell = context.find_object(Shell) or Shell(ProcessSettings(), RecordSettings(), "ja")
    shell.refuse(refused)
    context.exit(code)


@click.group(cls=Kyodo, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--lang",
    metavar="ja|en|…",
    help="言語（既定は LANG）。取り込んだ言語も。 The language, LANG by default; also one of kyodo words.",
)
@click.version_option(software_version(), prog_name="kyodo")
@click.pass_context
def cli(context: click.Context, lang: str | None) -> None:
    """協働の記録。 The record of how a city and its citizens' council decide together.

    Where the record is, and everything else, is set by environment variables: see kyodo config.
    """
    registry.load()
    process, record = read_settings()
    context.obj = _shell(process, record, lang)


def _shell(process: ProcessSettings, record: RecordSettings, lang: str | None) -> Shell:
    if lang is None or lang in LANGUAGES:
        return Shell(process, record, process.language if lang is None else "en" if lang == "en" else "ja")
    further = read_all(words_folder(record))
    if lang not in further:
        raise click.BadParameter(", ".join((*LANGUAGES, *further)), param_hint="--lang")
    return Shell(process, record, "en", catalogue=further[lang])


@cli.command()
@click.option(
    "--no-rebuild",
    is_flag=True,
    help="古いコードのビューは作り直さない。 Leave views of older code to kyodo rebuild.",
)
@json_option
@pass_shell
def init(shell: Shell, no_rebuild: bool) -> None:
    """記録を作る。 Create the record, or complete it after an update of the software."""
    with shell.store(create=True) as store, replaying(shell) as report:
        is_new, applied = record_setup.create(store)
        built = record_setup.bring_up_to_date(store, report, never_built_only=no_rebuild)
        shown, identity = store.url.render_as_string(hide_password=True), id_of(store)
    done = {"created": is_new, "migrations": applied, "views_built": [proof.view for proof in built]}
    shell.result({"record": shown, "record_id": identity, **done})
    if is_new:
        shell.say(f"記録を作りました: {shown}", f"Created the record: {shown}")
    else:
        shell.say(f"記録は既にあります: {shown}", f"The record is already there: {shown}")
    if applied and not is_new:
        numbers = ", ".join(applied)
        shell.say(f"表を更新しました: {numbers}", f"Brought its tables up to date: {numbers}")


@cli.command()
@click.option(
    "--meetings",
    type=click.IntRange(min=1),
    metavar="N",
    help="会議の数（既定は12）。 Meetings; 12 by default.",
)
@click.option(
    "--events", type=click.IntRange(min=1), metavar="N", help="N件以上になるまで。 At least N events instead."
)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="同じ数なら同じ記録。 Same seed, same record."
)
@click.option(
    "--yes", is_flag=True, help="架空と記されることに同意。 Agree that the record is marked fictional."
)
@json_option
@pass_shell
def sample(shell: Shell, meetings: int | None, events: int | None, seed: int, yes: bool) -> None:
    """架空の記録を作る。 Make up a fictional record, through the commands themselves, and mark it as such."""
    if meetings and events:
        raise click.UsageError(
            shell.tr("--meetings か --events の一方です。", "Give --meetings or --events.")
        )
    if not meetings and not events:
        meetings = 12
    with shell.store() as store, shell.progress("架空の会議", "Fictional meetings") as advance:
        if store.head() and record_settings.setting(store.engine, record_settings.FICTIONAL) is None:
            shell.confirm(
                "この記録には既に出来事があります。全体に架空と記してよいですか。",
                "There are events in this record already. Mark all of it as fictional?",
                yes,
            )
        record_settings.keep_setting(store.engine, record_settings.FICTIONAL, f"kyodo sample --seed {seed}")
        keep = Attachments(shell.record.attachments).keep_bytes
        made = make_sample(store.application, meetings, seed, advance, events=events, keep=keep)
    shell.result({"meetings": len(made.meetings), "events": made.events, "seed": seed, "fictional": True})
    shell.say(
        f"架空の会議{len(made.meetings)}回、{made.events}件の出来事を記録しました。",
        f"Recorded {len(made.meetings)} fictional meetings, {made.events} events.",
    )


@cli.command()
@json_option
@pass_shell
def config(shell: Shell) -> None:
    """設定と記録の識別子を見る（秘密は伏せる）。 Show the settings, secrets masked, and the record's id."""
    shown = {**masked(shell.process, shell.record), "RECORD_ID": known_id(shell)}
    shell.result(shown)
    shell.table((shell.tr("変数", "variable"), shell.tr("値", "value")), shown.items())


for command in (
    import_file,
    serve,
    migrations,
    events,
    trail,
    as_of,
    changes,
    ask,
    due,
    deliver,
    metrics,
    search,
    views,
    rebuild,
    verify,
    refusals,
    permissions,
    reference,
    user,
    attachments,
    check,
    prune,
    access_log,
    clock,
    approve_correction,
    backup,
    restore,
    words,
):
    cli.add_command(command)


def main() -> None:
    """The entry point ``kyodo``. What it writes is its owner's alone."""
    os.umask(0o077)
    cli.main(prog_name="kyodo")


if __name__ == "__main__":
    main()
