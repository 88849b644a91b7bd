"""``kyodo clock``: is the machine's clock behind the record, and the word of a person that it is right."""

from __future__ import annotations

import datetime as dt

import click

from api.cli.shell import DIFFERS, Shell, json_option, pass_shell
from projections.engine.append.record_clock import accept_clock, ahead_of, is_unusable


@click.group(invoke_without_command=True)
@json_option
@pass_shell
@click.pass_context
def clock(context: click.Context, shell: Shell) -> None:
    """時計が記録より遅れていないか。 Is the clock behind the newest event?

    Ends with 3 if nothing can be recorded for it.
    """
    if context.invoked_subcommand is not None:
        return
    now = dt.datetime.now(dt.UTC)
    with shell.store() as store, store.engine.connect() as connection:
        ahead, unusable = ahead_of(connection, now), is_unusable(connection, now)
    behind = max(ahead, dt.timedelta(0)).total_seconds()
    shell.result({"now": now.isoformat(), "behind_seconds": round(behind, 3), "usable": not unusable})
    if behind:
        shell.say(
            f"いまの時計は、最後の記録より{behind:.1f}秒遅れています。",
            f"The clock is {behind:.1f} s behind the newest event.",
        )
    else:
        shell.say("時計は、最後の記録より遅れていません。", "The clock is not behind the newest event.")
    if unusable:
        context.exit(DIFFERS)


@clock.command()
@click.option("--yes", is_flag=True, help="確認しない。 Do not ask.")
@json_option
@pass_shell
def accept(shell: Shell, yes: bool) -> None:
    """いまの時計が正しいと認める。 Say that the clock is right now.

    What was recorded for a moment to come stands as it is; what is recorded from now on bears the same moment
    until the clock has passed it.
    """
    shell.confirm(
        "いまの時計が正しく、先の時刻で記録されたものはそのまま残すことでよいですか。",
        "Is the clock right now, and shall what was recorded for a moment to come stand as it is?",
        yes,
    )
    with shell.store() as store, store.engine.begin() as connection:
        newest = accept_clock(connection)
    shell.result({"accepted": newest.isoformat() if newest is not None else None})
    shell.say("認めました。記録できます。", "Accepted: commands are recorded again.")
