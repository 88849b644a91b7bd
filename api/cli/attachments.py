"""``kyodo attachments`` and ``kyodo access-log``: what is kept beside the log, and how long."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click
import sqlalchemy as sa

from api.access import access_log as lines_of
from api.cli.shell import DIFFERS, Shell, json_option, pass_shell
from api.contents.attachments import Attachments, recorded_contents, recorded_types
from api.contents.texts import catch_up
from api.health.integrity import faults

COLUMNS = ("at", "account_id", "party_id", "roles", "command", "entity", "code", "request_id")


@click.command()
@click.option(
    "--sweep",
    is_flag=True,
    help="記録のないファイルを取り除く。 Remove files that no event names, an hour after they were stored.",
)
@click.option("--yes", is_flag=True, help="確認しない。 Do not ask.")
@json_option
@pass_shell
@click.pass_context
def attachments(context: click.Context, shell: Shell, sweep: bool, yes: bool) -> None:
    """文書の内容を確かめる。 Check that every recorded content is there, and is what was recorded.

    Texts that search does not know yet are read, and those of files that are gone forgotten.

    Ends with 3 if one is missing or has been changed.
    """
    files = Attachments(shell.record.attachments)
    with shell.store() as store, store.engine.connect() as connection:
        if sweep:
            shell.confirm("記録のないファイルを取り除きますか。", "Remove what no event names?", yes)
            # What is recorded is read first: a file recorded since then is too young to be swept.
            swept = files.sweep(recorded_contents(connection), dt.datetime.now(dt.UTC))
        recorded = recorded_contents(connection)
        with shell.progress("内容を照合", "Checking contents") as advance:
            problems = faults(files, recorded, advance)
        texts_read = catch_up(shell.record, files, recorded_types(connection))
    result: dict[str, Any] = {"recorded": len(recorded), "faults": problems, "texts_read": texts_read}
    if sweep:
        result["swept"] = swept
        shell.say(f"{len(swept)}件を取り除きました。", f"Removed {len(swept)}.")
    shell.result(result)
    if not problems:
        shell.say(f"{len(recorded)}件、すべて揃っています。", f"All {len(recorded)} are there and unchanged.")
        return
    headings = ("sha256", shell.tr("状態", "state"), shell.tr("文書", "documents"))
    shell.table(headings, [(f["sha256"], _state(shell, f), " ".join(f["documents"])) for f in problems])
    context.exit(DIFFERS)


def _state(shell: Shell, fault: dict[str, Any]) -> str:
    return (
        shell.tr("見つからない", "missing")
        if fault["state"] == "missing"
        else shell.tr("壊れている", "corrupt")
    )


@click.command("access-log")
@click.option("--code", metavar="CODE", help="この理由だけ。 Only this code.")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="行数。 How many lines."
)
@click.option(
    "--prune-before",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="この日（UTC）より前を消す。 Remove what is older than this day (UTC).",
)
@click.option("--yes", is_flag=True, help="確認しない。 Do not ask.")
@json_option
@pass_shell
def access_log(
    shell: Shell, code: str | None, limit: int, prune_before: dt.datetime | None, yes: bool
) -> None:
    """拒否された操作の記録を読む。 Read the access log, newest first; or prune it."""
    with shell.store() as store:
        if prune_before is not None:
            _prune(shell, store.engine, prune_before.date(), yes)
            return
        with store.engine.connect() as connection:
            lines = connection.execute(lines_of.lines(code=code).limit(limit)).all()
    shell.result([lines_of.shown(row) for row in lines])
    shell.table(COLUMNS, [[getattr(row, name) for name in COLUMNS] for row in lines])


def _prune(shell: Shell, engine: sa.Engine, day: dt.date, yes: bool) -> None:
    shell.confirm(f"{day} より前の行を消しますか。", f"Remove the lines from before {day}?", yes)
    gone = lines_of.prune(engine, day)
    shell.result({"pruned": gone})
    shell.say(f"{gone}行を消しました。", f"Removed {gone} lines.")
