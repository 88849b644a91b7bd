"""Sending what lies in the outbox: by one process, at least once, each mail by itself.

A mail counts as sent when the server has taken it, and that is written down before the next one is looked at:
who is interrupted between the two sends it again, under the same Message-ID. While the server is away nothing
is counted against any mail; they wait, and the process asks less and less often. A mail that the server does
not take for now is tried again later and later, for five days; what it never takes is given up, with a line
in the log, and listed by ``kyodo deliver --unsent``.
"""

from __future__ import annotations

import datetime as dt
import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import sqlalchemy as sa
import structlog

from api.http.problems import declare
from api.mail import outbox
from api.mail.message import message_of
from api.mail.outbox import Waiting
from api.mail.servers import Dropped, Never, NotNow, Post, ServerAway, post
from api.setup import rules_of_mail
from api.setup.config import RecordSettings
from projections.engine.store import Store
from projections.tables.record_id import record_id

FIRST_WAIT, LONGEST_WAIT = 60, 3_600
TRIED_FOR = dt.timedelta(days=5)
"""As long as mail servers among themselves try (RFC 5321, 4.5.4.1)."""
NOBODY = "Kyodo Record <nobody@localhost>"
"""The sender of mails that are laid into a folder and go nowhere."""
ONE_OVER_ALL_HOSTS = "SELECT pg_try_advisory_lock(20060303)"
FREE_AGAIN = "SELECT pg_advisory_unlock(20060303)"

DELIVERING_ALREADY = declare(
    409,
    "DELIVERING_ALREADY",
    ja="メールを送る処理は、もう動いています。",
    en="Mail is being sent already, by another process.",
    rule=rules_of_mail.MAIL_ONCE,
    next_ja="そのままにしておいてください。終わったあとなら、もう一度始められます。",
    next_en="Leave it to that one; once it has ended, another may begin.",
)

log = structlog.get_logger("kyodo")


@dataclass
class Round:
    """What came of one round. ``away``: why the server took nothing more."""

    sent: int = 0
    later: int = 0
    given_up: int = 0
    away: str | None = None


def send_due(
    store: Store, record: RecordSettings, clock: Callable[[], dt.datetime] = outbox.utc_now
) -> Round:
    """Send whatever may be sent now."""
    done = Round()
    sender = record.mail.sender or NOBODY
    with store.engine.connect() as connection:
        due, of = outbox.to_send(connection, clock()), record_id(connection)
    with post(record.mail, record.mail_folder) as server:
        while due and done.away is None:
            for mail in due:
                _send(store.engine, server, mail, sender, of, done, clock)
                if done.away is not None:
                    break
            else:
                with store.engine.connect() as connection:
                    due = outbox.to_send(connection, clock())
    return done


def _send(
    engine: sa.Engine,
    server: Post,
    mail: Waiting,
    sender: str,
    of: str,
    done: Round,
    clock: Callable[[], dt.datetime],
) -> None:
    try:
        server.take(message_of(mail, sender, of))
    except ServerAway as away:
        done.away = str(away)
        if isinstance(away, Dropped):  # the others do not wait behind it for ever
            _not_taken(engine, mail, str(away), done, clock())
        return
    except NotNow as refused:
        _not_taken(engine, mail, str(refused), done, clock())
        return
    except (Never, ValueError) as refused:  # a ValueError: no message can be made of it
        _gives_up(engine, mail, str(refused), done, clock())
        return
    with engine.begin() as connection:
        outbox.sent(connection, mail.mail_id, clock())
    done.sent += 1
    log.info("mail sent", mail=mail.mail_id, kind=mail.kind, attempts=mail.attempts + 1)


def _not_taken(engine: sa.Engine, mail: Waiting, error: str, done: Round, now: dt.datetime) -> None:
    if now - dt.datetime.fromisoformat(mail.made_at) > TRIED_FOR:
        _gives_up(engine, mail, error, done, now)
        return
    wait = min(FIRST_WAIT * 2 ** min(mail.attempts, 20), LONGEST_WAIT)
    with engine.begin() as connection:
        outbox.to_try_again(connection, mail.mail_id, error, now + dt.timedelta(seconds=wait))
    done.later += 1
    log.info("mail not taken for now", mail=mail.mail_id, kind=mail.kind, error=error, wait=wait)


def _gives_up(engine: sa.Engine, mail: Waiting, error: str, done: Round, now: dt.datetime) -> None:
    with engine.begin() as connection:
        outbox.given_up(connection, mail.mail_id, error, now)
    done.given_up += 1
    log.error("mail given up", mail=mail.mail_id, kind=mail.kind, error=error, attempts=mail.attempts + 1)


@contextmanager
def alone(store: Store, record: RecordSettings) -> Iterator[None]:
    """While this lasts no other process sends mail of this record. Refuses ``DELIVERING_ALREADY``."""
    record.deliver_lock.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(record.deliver_lock, "w") as lock, store.engine.connect() as connection:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DELIVERING_ALREADY() from None
        if store.postgres and not connection.exec_driver_sql(ONE_OVER_ALL_HOSTS).scalar():
            raise DELIVERING_ALREADY()
        connection.commit()  # the lock is the session's, and no transaction stays open for it
        try:
            yield
        finally:
            if store.postgres:
                with suppress(sa.exc.SQLAlchemyError):  # with its session the lock is gone too
                    connection.exec_driver_sql(FREE_AGAIN)
                    connection.commit()
