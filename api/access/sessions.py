"""Sessions: who is signed in on pages. A session is a row of the record, known by a secret in the cookie.

It ends at sign-out, with a new password, when its account is disabled, when its owner or an administrator
ends it, after some time without use (idle), and after a day's work at the latest (absolute). The cookie holds
the secret alone, and the row only its SHA-256: a copy of either is worth nothing once the row is gone, in any
process, before and after a restart.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import structlog

from api.access.accounts import Account, Clock, Connect, account_of_row, utc_now
from projections.tables.durable import ACCOUNT, SESSION

IDLE, LIFE = dt.timedelta(minutes=30), dt.timedelta(hours=10)
"""Unless the settings say otherwise (SESSION_IDLE_MINUTES, SESSION_HOURS)."""
USE_NOTED_EVERY = dt.timedelta(minutes=5)
LONGEST_BROWSER = 200

log = structlog.get_logger("kyodo")


@dataclass(frozen=True)
class Session:
    """A session as its owner sees it: everything but the secret. Times are ISO 8601 in UTC."""

    digest: str
    opened_at: str
    seen_at: str
    expires_at: str
    browser: str
    method: str = "password"
    account_id: str = ""


class Sessions:
    """The sessions of one record. ``clock`` tells the time in UTC; ``idle`` and ``life`` bound each session;
    ``reading`` as of Accounts.

    When a session was last used is noted every five minutes: it may end that much earlier than ``idle``.
    """

    def __init__(
        self,
        engine: sa.Engine,
        clock: Clock = utc_now,
        reading: Connect | None = None,
        *,
        idle: dt.timedelta = IDLE,
        life: dt.timedelta = LIFE,
    ):
        self.engine = engine
        self.clock = clock
        self.reading = reading or engine.connect
        self.idle = idle
        self.life = life

    def open(self, account: Account, browser: str, method: str = "password") -> str:
        """A new session of an account, who signed in so: its secret. Rows of sessions that have ended by
        themselves go."""
        secret = secrets.token_urlsafe(32)
        row = {
            "digest": digest_of(secret),
            "account_id": account.account_id,
            "opened_at": self._at(),
            "seen_at": self._at(),
            "expires_at": self._at(self.life),
            "browser": "".join(c for c in browser[:LONGEST_BROWSER] if c.isprintable()),
            "method": method,
        }
        with self.engine.begin() as connection:
            connection.execute(sa.delete(SESSION).where(sa.not_(self._alive())))
            connection.execute(sa.insert(SESSION).values(row))
        return secret

    def account_of(self, secret: str) -> Account | None:
        """The account of a session, if it goes on and the account may sign in. Its use is noted."""
        opened = self.find(secret)
        return opened[0] if opened else None

    def find(self, secret: str) -> tuple[Account, Session] | None:
        """The same, with the session."""
        own = SESSION.c.digest == digest_of(secret)
        session_row = (
            sa.select(SESSION, *(column for column in ACCOUNT.c if column.name != "account_id"))
            .join(ACCOUNT, ACCOUNT.c.account_id == SESSION.c.account_id)
            .where(own, self._alive(), ACCOUNT.c.disabled == 0)
        )
        with self.reading() as connection:
            row = connection.execute(session_row).one_or_none()
        if row is None:
            return None
        if row.seen_at < self._at(-min(USE_NOTED_EVERY, self.idle / 10)):
            self._note_use(own)
        return account_of_row(row), _session(row)

    def of(self, account: Account) -> list[Session]:
        """The sessions of an account that go on, the one used last first."""
        own = sa.select(SESSION).where(SESSION.c.account_id == account.account_id, self._alive())
        with self.reading() as connection:
            rows = connection.execute(own.order_by(SESSION.c.seen_at.desc(), SESSION.c.digest))
            return [_session(row) for row in rows]

    def all(self) -> list[Session]:
        """Every session that goes on, the one used last first."""
        chosen = sa.select(SESSION).where(self._alive())
        with self.reading() as connection:
            rows = connection.execute(chosen.order_by(SESSION.c.seen_at.desc(), SESSION.c.digest))
            return [_session(row) for row in rows]

    def strengthen(self, digest: str, method: str) -> None:
        """Its owner has shown a second factor in this session."""
        with self.engine.begin() as connection:
            connection.execute(sa.update(SESSION).where(SESSION.c.digest == digest).values(method=method))

    def end(self, account: Account, digest: str) -> bool:
        """End one of an account's own sessions; whether there was one."""
        return self._delete(SESSION.c.account_id == account.account_id, SESSION.c.digest == digest) == 1

    def end_all(self, account: Account, but: str | None = None) -> int:
        """End every session of an account, ``but`` the one with this digest; how many there were."""
        return self._delete(SESSION.c.account_id == account.account_id, SESSION.c.digest != (but or ""))

    # -- rows

    def _alive(self) -> sa.ColumnElement[bool]:
        return sa.and_(SESSION.c.expires_at > self._at(), SESSION.c.seen_at > self._at(-self.idle))

    def _delete(self, *conditions: sa.ColumnElement[bool]) -> int:
        with self.engine.begin() as connection:
            return connection.execute(sa.delete(SESSION).where(*conditions)).rowcount

    def _note_use(self, own: sa.ColumnElement[bool]) -> None:
        """Whoever only reads is not kept from it by a full disk, or by tables of newer software."""
        try:
            with self.engine.begin() as connection:
                connection.execute(sa.update(SESSION).where(own).values(seen_at=self._at()))
        except sa.exc.SQLAlchemyError as error:
            log.warning("the use of a session could not be noted", error=type(error).__name__)

    def _at(self, later: dt.timedelta = dt.timedelta()) -> str:
        return (self.clock() + later).isoformat(timespec="seconds")


def _session(row: Any) -> Session:
    return Session(
        row.digest, row.opened_at, row.seen_at, row.expires_at, row.browser, row.method, row.account_id
    )


def digest_of(secret: str) -> str:
    """The SHA-256 by which a session's row is found. It has 256 random bits: there is nothing to guess."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def browser_label(browser: str) -> str:
    """What a browser calls itself, cut down to its name and its system: ``Firefox, Windows``."""
    name = next((n for mark, n in _BROWSERS if mark in browser), None)
    system = next((n for mark, n in _SYSTEMS if mark in browser), None)
    return ", ".join(filter(None, (name, system))) or browser[:40]


_BROWSERS: tuple[tuple[str, str], ...] = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""Marks of browsers, those first that call themselves others too."""
_SYSTEMS: tuple[tuple[str, str], ...] = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
