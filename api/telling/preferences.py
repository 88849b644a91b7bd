"""How each account wants to be told: where to, how often, in which language; up to where it was told."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any, Literal, get_args

import sqlalchemy as sa

from projections.tables.durable import TELLING

Rhythm = Literal["never", "daily", "weekly"]
RHYTHMS: tuple[Rhythm, ...] = get_args(Rhythm)


@dataclass(frozen=True)
class Preference:
    """``address`` counts once ``confirmed_at`` is set: mail goes to nobody who did not ask for it. ``leave``:
    what the links to leave by are signed over."""

    account_id: str
    address: str | None
    confirmed_at: str | None
    rhythm: Rhythm
    language: str
    leave: str
    told_position: int
    told_on: str | None
    calendar_digest: str | None
    calendar_made_at: str | None

    @property
    def is_told(self) -> bool:
        return self.rhythm != "never" and self.address is not None and self.confirmed_at is not None


def of_account(connection: sa.Connection, account_id: str) -> Preference | None:
    return _one(connection, TELLING.c.account_id == account_id)


def with_calendar(connection: sa.Connection, digest: str) -> Preference | None:
    return _one(connection, TELLING.c.calendar_digest == digest)


def all_told(connection: sa.Connection) -> list[Preference]:
    """Everybody who is told anything."""
    chosen = sa.select(TELLING).where(TELLING.c.rhythm != "never", TELLING.c.confirmed_at.is_not(None))
    return [_preference(row) for row in connection.execute(chosen.order_by(TELLING.c.account_id))]


def change(connection: sa.Connection, account_id: str, **values: Any) -> None:
    """Change what is known of an account; the first time a row is made for it."""
    own = TELLING.c.account_id == account_id
    if connection.execute(sa.update(TELLING).where(own).values(**values)).rowcount:
        return
    usual = {"rhythm": "never", "language": "ja", "leave": new_leave(), "told_position": 0}
    connection.execute(sa.insert(TELLING).values(account_id=account_id, **{**usual, **values}))


def told(connection: sa.Connection, before: Preference, position: int, day: dt.date) -> bool:
    """The account was told up to a position, on a day; False if somebody else has told it meanwhile."""
    same = TELLING.c.told_on.is_(None) if before.told_on is None else TELLING.c.told_on == before.told_on
    own = sa.update(TELLING).where(TELLING.c.account_id == before.account_id, same)
    return connection.execute(own.values(told_position=position, told_on=day.isoformat())).rowcount == 1


def left(connection: sa.Connection, account_id: str, leave: str) -> bool:
    """End the digests of an account by a link signed over ``leave``: the link works once, for what makes it
    work is another afterwards. Whether it did."""
    own = sa.update(TELLING).where(TELLING.c.account_id == account_id, TELLING.c.leave == leave)
    return connection.execute(own.values(rhythm="never", leave=new_leave())).rowcount == 1


def new_leave() -> str:
    return secrets.token_hex(8)


def _one(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> Preference | None:
    row = connection.execute(sa.select(TELLING).where(condition)).one_or_none()
    return _preference(row) if row is not None else None


def _preference(row: Any) -> Preference:
    return Preference(**row._mapping)
