"""One-time links for the citizens' side of an evaluation sheet: it writes without an account.

A link is good once, for the browser that opens it; that browser then holds a secret of its own, until the
link's time is over or the office ends it. Both are kept only as SHA-256. A sheet has one link at a time: with
a new one, the link before and the browser that opened it end. No row changes when that side submits: the
office must not learn of it (docs/decisions/0010-sealed-sheets.md).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from api.access.accounts import Clock, Connect, utc_now
from projections.tables.durable import SHEET_LINK

LIVES = (7, 14, 30)
"""For how many days a link may be made."""


@dataclass(frozen=True)
class SheetLink:
    """A link as the office sees it: everything but its secrets."""

    digest: str
    sheet_id: str
    made_at: str
    made_by: str
    expires_at: str
    opened_at: str | None
    ended_at: str | None


class SheetLinks:
    """The links of one record. ``clock`` tells the time in UTC; ``reading`` as of Accounts."""

    def __init__(self, engine: sa.Engine, clock: Clock = utc_now, reading: Connect | None = None):
        self._engine, self._clock = engine, clock
        self._reading = reading or engine.connect

    def make(self, sheet_id: str, made_by: str, days: int) -> str:
        """The secret of a new link; it is seen this once. Earlier ones of the sheet end."""
        secret = secrets.token_urlsafe(32)
        row = {
            "digest": _digest(secret),
            "sheet_id": sheet_id,
            "made_at": self._now(),
            "made_by": made_by,
            "expires_at": (self._clock() + dt.timedelta(days=days)).isoformat(timespec="seconds"),
        }
        with self._engine.begin() as connection:
            connection.execute(self._ending(SHEET_LINK.c.sheet_id == sheet_id))
            connection.execute(sa.insert(SHEET_LINK).values(row))
        return secret

    def unopened(self, secret: str) -> SheetLink | None:
        """The link of a secret, if it can still be opened. Asking does not use it up."""
        return self._one(SHEET_LINK.c.digest == _digest(secret), SHEET_LINK.c.opened_at.is_(None))

    def open(self, secret: str) -> str | None:
        """Use a link up: the secret that the browser holds from now on. Of two attempts at the same moment
        one gets it."""
        held = secrets.token_urlsafe(32)
        own = (SHEET_LINK.c.digest == _digest(secret), SHEET_LINK.c.opened_at.is_(None), *self._good())
        values = {"opened_at": self._now(), "browser": _digest(held)}
        with self._engine.begin() as connection:
            used = connection.execute(sa.update(SHEET_LINK).where(*own).values(values)).rowcount
        return held if used == 1 else None

    def held(self, secret: str) -> SheetLink | None:
        """The link that the browser opened which holds this secret, as long as it is good."""
        return self._one(SHEET_LINK.c.browser == _digest(secret))

    def of(self, sheet_id: str) -> list[SheetLink]:
        """Every link of a sheet, the newest first."""
        chosen = _SHOWN.where(SHEET_LINK.c.sheet_id == sheet_id)
        newest = chosen.order_by(SHEET_LINK.c.made_at.desc(), SHEET_LINK.c.digest)
        with self._reading() as connection:
            return [SheetLink(*row) for row in connection.execute(newest)]

    def is_good(self, link: SheetLink) -> bool:
        return link.ended_at is None and link.expires_at > self._now()

    def end(self, sheet_id: str) -> int:
        """End what is left of a sheet's links, and of the browser that opened one; how many there were."""
        with self._engine.begin() as connection:
            return connection.execute(self._ending(SHEET_LINK.c.sheet_id == sheet_id)).rowcount

    # -- rows

    def _one(self, *conditions: sa.ColumnElement[bool]) -> SheetLink | None:
        with self._reading() as connection:
            row = connection.execute(_SHOWN.where(*conditions, *self._good())).one_or_none()
        return SheetLink(*row) if row is not None else None

    def _good(self) -> tuple[sa.ColumnElement[bool], ...]:
        return SHEET_LINK.c.ended_at.is_(None), SHEET_LINK.c.expires_at > self._now()

    def _ending(self, condition: sa.ColumnElement[bool]) -> Any:
        return sa.update(SHEET_LINK).where(condition, *self._good()).values(ended_at=self._now())

    def _now(self) -> str:
        return self._clock().isoformat(timespec="seconds")


_SHOWN = sa.select(
    SHEET_LINK.c.digest,
    SHEET_LINK.c.sheet_id,
    SHEET_LINK.c.made_at,
    SHEET_LINK.c.made_by,
    SHEET_LINK.c.expires_at,
    SHEET_LINK.c.opened_at,
    SHEET_LINK.c.ended_at,
)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
