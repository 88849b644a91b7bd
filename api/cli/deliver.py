"""``kyodo deliver``: one process sends what lies in the outbox, until it is told to end."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import click
import sqlalchemy as sa
import structlog

from api.cli.shell import Shell, json_option, pass_shell
from api.http import logs
from api.mail import outbox
from api.mail.delivering import Round, alone, send_due
from api.telling.rounds import put_digests
from projections.engine.store import Store

EVERY, LONGEST_PAUSE = 10.0, 300.0
"""Seconds between two rounds; the pause doubles while the server is away."""

log = structlog.get_logger("kyodo")


@click.command()
@click.option("--once", is_flag=True, help="一度だけ送って終わる。 One round, then end.")
@click.option("--unsent", is_flag=True,
              help="届けられなかったものを見る。 List what was given up or tried in vain.")  # fmt: skip
@json_option
@pass_shell
def deliver(shell: Shell, once: bool, unsent: bool) -> None:
    """メールを送る。 Send mail: what is to be told, from the outbox, until the process is told to end.

    Without MAIL_SERVER each mail is laid into a folder as an .eml file.
    """
    with shell.store() as store:
        if unsent:
            _list(shell, store)
            return
        logs.configure()
        with alone(store, shell.record):
            if once:
                _tell(shell, store, _round(shell, store))
            else:
                _until_told(shell, store)


def _round(shell: Shell, store: Store) -> Round:
    """One round. What cannot be read or written just now is tried again in the next."""
    try:
        put_digests(store, shell.record, shell.address)
        return send_due(store, shell.record)
    except sa.exc.SQLAlchemyError as error:
        log.error("the outbox cannot be read", error=type(error).__name__)
        return Round(away=type(error).__name__)


def _until_told(shell: Shell, store: Store) -> None:
    ended = threading.Event()

    def end(_: int, __: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    place = shell.record.mail.server or shell.record.mail_folder
    shell.say(
        f"メールを送ります（{place}）。Ctrl+C で終わります。", f"Sending mail ({place}); Ctrl+C ends it."
    )
    pause, away = EVERY, False
    while not ended.is_set():
        done = _round(shell, store)
        if (done.away is not None) != away:
            away = done.away is not None
            log.warning("mail server", state="away" if away else "back", error=done.away)
        pause = min(pause * 2, LONGEST_PAUSE) if away else EVERY
        ended.wait(pause)


def _tell(shell: Shell, store: Store, done: Round) -> None:
    with store.engine.connect() as connection:
        waiting = outbox.counts(connection)["waiting"]
    shell.result({**vars(done), "waiting": waiting})
    shell.say(
        f"{done.sent}通を送りました。待っているもの{waiting}通、あきらめたもの{done.given_up}通。",
        f"Sent {done.sent}; {waiting} wait, {done.given_up} were given up.",
    )
    if done.away is not None:
        shell.say(f"サーバーに届きません: {done.away}", f"The server is not to be had: {done.away}")


def _list(shell: Shell, store: Store) -> None:
    with store.engine.connect() as connection:
        rows, counted = outbox.unsent(connection), outbox.counts(connection)
    listed = [
        {
            "id": row.id,
            "kind": row.kind,
            "made_at": row.made_at,
            "attempts": row.attempts,
            "given_up_at": row.given_up_at,
            "last_error": row.last_error,
        }
        for row in rows
    ]
    shell.result({"counts": counted, "items": listed})
    headings = (
        shell.tr("番号", "no."),
        shell.tr("種類", "kind"),
        shell.tr("作成", "made"),
        shell.tr("試行", "attempts"),
        shell.tr("断念", "given up"),
        shell.tr("理由", "why"),
    )
    shell.table(headings, [tuple(item.values()) for item in listed])
