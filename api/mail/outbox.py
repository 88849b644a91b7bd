"""The outbox: what is to be sent, each mail once, until it is sent or has been given up.

Nothing here is part of an append: whoever has something to tell puts it in after the fact, under a key that
says what it tells (``digest 3fa9 2026-11-30``). Putting it in again changes nothing, so that whoever is
interrupted may begin anew. What a mail said goes with the sending; its row stays for a month, so that its key
is known, and that of a mail that was given up for three.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as insert_in_postgres
from sqlalchemy.dialects.sqlite import insert as insert_in_sqlite

from api.mail.addresses import one_address
from projections.tables.durable import MAIL

LONGEST_SUBJECT, LONGEST_TEXT = 200, 100_000
SENT_STAYS, GIVEN_UP_STAYS = dt.timedelta(days=30), dt.timedelta(days=90)
AT_ONCE = 50


@dataclass(frozen=True)
class Mail:
    """One mail to one address. ``key``: what it tells, and nothing else tells; ``leave``: the address by
    which one leaves with one click (RFC 8058)."""

    key: str
    kind: str
    to: str
    subject: str
    text: str
    leave: str | None = None
    not_before: dt.datetime | None = None


@dataclass(frozen=True)
class Waiting:
    """A mail in the outbox, as whoever sends it sees it."""

    mail_id: int
    key: str
    kind: str
    to: str
    subject: str
    text: str
    leave: str | None
    attempts: int
    made_at: str


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def put(connection: sa.Connection, mail: Mail, now: dt.datetime | None = None) -> bool:
    """Lay a mail into the outbox, in the transaction of ``connection``; whether there was none of this key.
    Refuses what is not one address."""
    moment = now or utc_now()
    row = {
        "key": mail.key,
        "kind": mail.kind,
        "recipient": one_address(mail.to),
        "subject": one_line(mail.subject)[:LONGEST_SUBJECT],
        "text": mail.text[:LONGEST_TEXT],
        "leave": mail.leave,
        "made_at": _text(moment),
        "not_before": _text(mail.not_before or moment),
    }
    insert: Any = insert_in_postgres if connection.dialect.name == "postgresql" else insert_in_sqlite
    laid = insert(MAIL).values(row).on_conflict_do_nothing(index_elements=["key"])
    return connection.execute(laid.returning(MAIL.c.id)).first() is not None


def one_line(text: str) -> str:
    """A text of which no header can be broken off: every break of a line is a space."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


# ------------------------------------------------------------------------------------------ sending


def to_send(connection: sa.Connection, now: dt.datetime, limit: int = AT_ONCE) -> list[Waiting]:
    """What may be sent now, what has waited longest first."""
    chosen = (
        sa.select(MAIL)
        .where(MAIL.c.sent_at.is_(None), MAIL.c.given_up_at.is_(None), MAIL.c.not_before <= _text(now))
        .order_by(MAIL.c.not_before, MAIL.c.id)
    )
    return [_waiting(row) for row in connection.execute(chosen.limit(limit))]


def sent(connection: sa.Connection, mail_id: int, now: dt.datetime) -> None:
    """It was taken by the server. What it said is no longer here."""
    _change(
        connection,
        mail_id,
        sent_at=_text(now),
        text="",
        leave=None,
        last_error=None,
        attempts=MAIL.c.attempts + 1,
    )


def to_try_again(connection: sa.Connection, mail_id: int, error: str, not_before: dt.datetime) -> None:
    """It was not taken this time."""
    again = {"not_before": _text(not_before), "last_error": error, "attempts": MAIL.c.attempts + 1}
    _change(connection, mail_id, **again)


def given_up(connection: sa.Connection, mail_id: int, error: str, now: dt.datetime) -> None:
    """It will never be taken: nobody tries again by himself."""
    _change(
        connection, mail_id, given_up_at=_text(now), last_error=error, text="", attempts=MAIL.c.attempts + 1
    )


# ------------------------------------------------------------------------------- looking, and pruning


def counts(connection: sa.Connection) -> dict[str, int]:
    """How many mails wait, were sent lately, and were given up."""
    is_sent, is_over = MAIL.c.sent_at.is_not(None), MAIL.c.given_up_at.is_not(None)
    of = {"waiting": ~is_sent & ~is_over, "sent": is_sent, "given_up": is_over}
    row = connection.execute(
        sa.select(
            *(sa.func.coalesce(sa.func.sum(sa.case((c, 1), else_=0)), 0).label(n) for n, c in of.items())
        )
    ).one()
    return {name: int(value) for name, value in row._mapping.items()}


def unsent(connection: sa.Connection) -> Sequence[sa.Row[Any]]:
    """The mails that were given up, and those that were tried in vain and still wait, newest first."""
    tried = MAIL.c.sent_at.is_(None) & ((MAIL.c.attempts > 0) | MAIL.c.given_up_at.is_not(None))
    return connection.execute(sa.select(MAIL).where(tried).order_by(MAIL.c.id.desc())).all()


def prune(engine: sa.Engine, now: dt.datetime) -> int:
    """Remove the rows of mails that were sent a month ago, or given up three months ago; how many."""
    old = (MAIL.c.sent_at < _text(now - SENT_STAYS)) | (MAIL.c.given_up_at < _text(now - GIVEN_UP_STAYS))
    with engine.begin() as connection:
        return connection.execute(sa.delete(MAIL).where(old)).rowcount


def _change(connection: sa.Connection, mail_id: int, **values: Any) -> None:
    connection.execute(sa.update(MAIL).where(MAIL.c.id == mail_id).values(**values))


def _waiting(row: Any) -> Waiting:
    return Waiting(
        row.id, row.key, row.kind, row.recipient, row.subject, row.text, row.leave, row.attempts, row.made_at
    )


def _text(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")
