"""``kyodo prune``: what has been kept long enough goes: lines of the access log, keys of commands done."""

from __future__ import annotations

import datetime as dt

import click

from api.cli.shell import Shell, json_option, pass_shell
from api.health.pruning import KEYS_DAYS, prune_old


@click.command()
@click.option("--lines", type=click.IntRange(1), metavar="DAYS",
              help="アクセスの記録を残す日数（既定は設定 ACCESS_LOG_DAYS）。 "
              "Days for which lines of the access log stay (ACCESS_LOG_DAYS unless said).")  # fmt: skip
@click.option("--keys", type=click.IntRange(1), default=KEYS_DAYS, show_default=True, metavar="DAYS",
              help="Idempotency-Key を残す日数。 Days for which keys of commands stay.")  # fmt: skip
@json_option
@pass_shell
def prune(shell: Shell, lines: int | None, keys: int) -> None:
    """古くなった控えを消す（記録の出来事は消しません）。 Remove what was kept long enough; never an event."""
    kept_for = lines if lines is not None else shell.record.sign_in.access_log_days
    with shell.store() as store:
        gone_lines, gone_keys = prune_old(store.engine, dt.datetime.now(dt.UTC).date(), kept_for, keys)
    shell.result({"lines": gone_lines, "keys": gone_keys})
    shell.say(
        f"アクセスの記録{gone_lines}行、キー{gone_keys}個を消しました。",
        f"Removed {gone_lines} lines of the access log and {gone_keys} keys.",
    )
