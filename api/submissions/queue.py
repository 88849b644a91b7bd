"""The rows of what was sent in: unconfirmed, waiting, taken in or set aside; each goes when its time is over.

A row is no part of the record. What was not confirmed goes after two days, what is settled after a month; of
what was taken in the words go at once, for the record and its vault have them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from projections.tables.durable import SUBMISSION

Kind = Literal["correction", "comment"]
State = Literal["unconfirmed", "waiting", "taken_in", "set_aside"]

CONFIRMED_WITHIN = dt.timedelta(hours=48)
SETTLED_STAYS = dt.timedelta(days=30)
HELD_FOR = dt.timedelta(minutes=10)
"""So long one clerk is at one of them, if they did not come to an end with it."""
MOST_UNCONFIRMED = 2_000
"""So many may wait for their confirmation at a time, of all the world."""


@dataclass(frozen=True)
class Submission:
    """One thing that was sent in. ``about``: the plan or matter commented on, or what is said to be wrong, if
    that is on record; ``page``: on which page of the site that was; ``address``: where mail about it goes."""

    submission_id: str
    kind: Kind
    about: str | None
    page: str | None
    language: str
    address: str
    name: str | None
    residence: str | None
    text: str
    state: State
    made_at: str
    expires_at: str
    confirmed_at: str | None
    settled_at: str | None
    settled_by: str | None
    outcome: str | None


def put(connection: sa.Connection, now: dt.datetime, **columns: Any) -> None:
    """A new row, to be confirmed."""
    row = {
        "state": "unconfirmed",
        "made_at": _text(now),
        "expires_at": _text(now + CONFIRMED_WITHIN),
        **columns,
    }
    connection.execute(sa.insert(SUBMISSION).values(row))


def is_full(connection: sa.Connection) -> bool:
    """Whether too much waits for its confirmation."""
    waiting = sa.select(sa.func.count()).select_from(SUBMISSION).where(SUBMISSION.c.state == "unconfirmed")
    return int(connection.execute(waiting).scalar_one()) >= MOST_UNCONFIRMED


def find(connection: sa.Connection, submission_id: str) -> Submission | None:
    chosen = sa.select(SUBMISSION).where(SUBMISSION.c.submission_id == submission_id)
    row = connection.execute(chosen).one_or_none()
    return Submission(**row._mapping) if row is not None else None


def confirm(connection: sa.Connection, submission_id: str, now: dt.datetime) -> bool:
    """It was confirmed: from now on it waits for a clerk. False if that was done before, or its time is
    over."""
    values = {"state": "waiting", "confirmed_at": _text(now)}
    return _change(connection, submission_id, values, *_unconfirmed(now))


def forget(connection: sa.Connection, submission_id: str, now: dt.datetime) -> bool:
    """Whoever sent it took it back before confirming it."""
    own = sa.delete(SUBMISSION).where(SUBMISSION.c.submission_id == submission_id, *_unconfirmed(now))
    return connection.execute(own).rowcount == 1


def _unconfirmed(now: dt.datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return SUBMISSION.c.state == "unconfirmed", SUBMISSION.c.expires_at > _text(now)


# ------------------------------------------------------------------------------------ at the desk


def waiting(connection: sa.Connection) -> Sequence[Submission]:
    """What waits for a clerk, what has waited longest first."""
    return _listed(connection, SUBMISSION.c.state == "waiting", SUBMISSION.c.confirmed_at)


def settled(connection: sa.Connection, limit: int = 20) -> Sequence[Submission]:
    """What was taken in or set aside lately, newest first."""
    over = SUBMISSION.c.state.in_(("taken_in", "set_aside"))
    return _listed(connection, over, SUBMISSION.c.settled_at.desc())[:limit]


def hold(connection: sa.Connection, submission_id: str, account_id: str, now: dt.datetime) -> bool:
    """A clerk is at it; False while another one is, or once it is settled."""
    free = sa.or_(
        SUBMISSION.c.settled_by.is_(None),
        SUBMISSION.c.settled_by == account_id,
        SUBMISSION.c.settled_at < _text(now - HELD_FOR),
    )
    values = {"settled_by": account_id, "settled_at": _text(now)}
    return _change(connection, submission_id, values, SUBMISSION.c.state == "waiting", free)


def let_go(connection: sa.Connection, submission_id: str) -> None:
    """The clerk did not settle it."""
    values = {"settled_by": None, "settled_at": None}
    _change(connection, submission_id, values, SUBMISSION.c.state == "waiting")


def settle(
    connection: sa.Connection, submission_id: str, state: State, outcome: str, now: dt.datetime
) -> bool:
    """It was taken in, as ``outcome``, or set aside for the reason ``outcome``. Its words and who sent it are
    no longer here."""
    gone = {"text": "", "name": None, "residence": None, "address": ""}
    values = {"state": state, "outcome": outcome, "settled_at": _text(now), **gone}
    return _change(connection, submission_id, values, SUBMISSION.c.state == "waiting")


def prune(engine: sa.Engine, now: dt.datetime) -> int:
    """Remove what was not confirmed in time, and what has been settled for long; how many rows."""
    late = (SUBMISSION.c.state == "unconfirmed") & (SUBMISSION.c.expires_at <= _text(now))
    is_over = SUBMISSION.c.state.in_(("taken_in", "set_aside"))
    over = is_over & (SUBMISSION.c.settled_at <= _text(now - SETTLED_STAYS))
    with engine.begin() as connection:
        return connection.execute(sa.delete(SUBMISSION).where(late | over)).rowcount


def _listed(connection: sa.Connection, condition: sa.ColumnElement[bool], order: Any) -> Sequence[Submission]:
    chosen = sa.select(SUBMISSION).where(condition).order_by(order, SUBMISSION.c.submission_id)
    return [Submission(**row._mapping) for row in connection.execute(chosen)]


def _change(
    connection: sa.Connection, submission_id: str, values: Any, *conditions: sa.ColumnElement[bool]
) -> bool:
    own = sa.update(SUBMISSION).where(SUBMISSION.c.submission_id == submission_id, *conditions)
    return connection.execute(own.values(**values)).rowcount == 1


def _text(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")
