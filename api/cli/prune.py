"""``kyodo prune``: what has been kept long enough goes: lines of the access log, keys of commands done."""

from __future__ import annotations

import datetime as dt

import click
import msgspec
import sqlalchemy as sa

from api.access import access_log
from api.cli.shell import Shell, json_option, pass_shell
from domain.recording.receipts import Receipt
from projections.past.files import position_on
from projections.tables.durable import COMMAND_KEY

LINES_DAYS, KEYS_DAYS = 400, 30
"""A year and a month, for a yearly audit; nobody repeats a command with its key after a month."""
AT_ONCE = 500


@click.command()
@click.option("--lines", type=click.IntRange(1), default=LINES_DAYS, show_default=True, metavar="DAYS",
              help="アクセスの記録を残す日数。 Days for which lines of the access log stay.")  # fmt: skip
@click.option("--keys", type=click.IntRange(1), default=KEYS_DAYS, show_default=True, metavar="DAYS",
              help="Idempotency-Key を残す日数。 Days for which keys of commands stay.")  # fmt: skip
@json_option
@pass_shell
def prune(shell: Shell, lines: int, keys: int) -> None:
    """古くなった控えを消す（記録の出来事は消しません）。 Remove what was kept long enough; never an event."""
    today = dt.datetime.now(dt.UTC).date()
    with shell.store() as store:
        gone_lines = access_log.prune(store.engine, today - dt.timedelta(days=lines))
        gone_keys = prune_keys(store.engine, today - dt.timedelta(days=keys))
    shell.result({"lines": gone_lines, "keys": gone_keys})
    shell.say(
        f"アクセスの記録{gone_lines}行、キー{gone_keys}個を消しました。",
        f"Removed {gone_lines} lines of the access log and {gone_keys} keys.",
    )


def prune_keys(engine: sa.Engine, before: dt.date) -> int:
    """Remove the keys of commands whose events were recorded before the end of a day; how many there were. A
    few at a time: whoever appends waits for none of it for long."""
    gone, after = 0, ""
    with engine.connect() as connection:
        last = position_on(connection, before)
    while True:
        chosen = sa.select(COMMAND_KEY.c.key, COMMAND_KEY.c.receipt).where(COMMAND_KEY.c.key > after)
        with engine.begin() as connection:
            rows = connection.execute(chosen.order_by(COMMAND_KEY.c.key).limit(AT_ONCE)).all()
            if not rows:
                return gone
            after = rows[-1].key
            old = [r.key for r in rows if msgspec.json.decode(r.receipt, type=Receipt).position <= last]
            if old:
                gone += connection.execute(sa.delete(COMMAND_KEY).where(COMMAND_KEY.c.key.in_(old))).rowcount
