"""``kyodo check``: is the record sound? The database's pages, the log by itself, every document's content."""

from __future__ import annotations

import datetime as dt

import click
import msgspec

from api.cli.shell import DIFFERS, Shell, json_option, pass_shell
from api.contents.attachments import Attachments
from api.health.integrity import check_record, keep
from api.setup.check_outcome import Outcome, Standing

STANDINGS: dict[Standing, tuple[str, str]] = {
    "holds": ("異常はありません", "all is well"),
    "fails": ("異常があります", "SOMETHING FAILED"),
    "old": ("しばらく点検されていません", "not checked for a while"),
    "never": ("まだ点検されていません", "never checked"),
}
VERDICTS = {
    "holds": ("よし", "holds"),
    "fails": ("異常", "FAILS"),
    "cannot_tell": ("判らない", "cannot tell"),
}


@click.command()
@click.option("--last", is_flag=True, help="前回の結果だけを見る。 Only show what the last check found.")
@json_option
@pass_shell
@click.pass_context
def check(context: click.Context, shell: Shell, last: bool) -> None:
    """記録を点検する。 Check the database's pages, the log, and the content of every document.

    The service does this every night (NIGHTLY_HOUR). What it finds is kept beside the record and told by
    /readyz until the next check. Ends with 3 if something failed.
    """
    file = shell.record.outcome_file
    if last:
        outcome = file.read()
    else:
        with shell.store() as store, shell.progress("内容を照合", "Checking contents") as advance:
            outcome = check_record(store, Attachments(shell.record.attachments), "kyodo check", advance)
        if not keep(file, outcome):
            shell.say("結果を残せませんでした。", "The outcome could not be kept.")
    standing = outcome.standing(dt.datetime.now(dt.UTC))
    shell.result(msgspec.to_builtins(outcome) | {"standing": standing, "failed": outcome.failed})
    headings = (shell.tr("点検", "check"), shell.tr("結果", "verdict"), shell.tr("内容", "what was found"))
    shell.table(
        headings,
        [(c["check"], shell.tr(*VERDICTS[c["verdict"]]), shell.tr(**c["says"])) for c in outcome.checks],
    )
    shell.say(*last_check(outcome))
    if standing == "fails":
        context.exit(DIFFERS)


def last_check(outcome: Outcome) -> tuple[str, str]:
    """A sentence about the last check, in both languages."""
    ja, en = STANDINGS[outcome.standing(dt.datetime.now(dt.UTC))]
    failed = ", ".join(outcome.failed)
    at = outcome.at or "—"
    return (
        f"点検（{at}、位置 {outcome.position}）: {ja}{f'（{failed}）' if failed else ''}",
        f"Checked at {at}, position {outcome.position}: {en}{f' ({failed})' if failed else ''}",
    )
